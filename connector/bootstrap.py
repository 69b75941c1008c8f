"""The composition root: settings and entry points become an Office. Makes the one Clock."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.core.days import Calendar
from connector.core.law.figures import Figures
from connector.core.policy.model import ChannelName
from connector.flow.office import Office, Parts
from connector.port.errors import RequestError, SettingsError
from connector.port.plugin import GROUP, Plugin
from connector.port.records import Memo
from connector.port.tools import Budgets, Clock, Log, Vault
from connector.settings import Secret, Settings, environment, load_settings
from connector.settings.figures import load_figures
from connector.store import Store, open_store
from connector.store.budgets import StoreBudgets
from connector.store.vault import StoreVault

if TYPE_CHECKING:
    from connector.channels.base import Channel
    from connector.core.letters.texts import TemplateSet
    from connector.press.compile import Press

COLLECT_AFTER: Final = (50_000, 20, 20)
"""Records are made by the thousand and hold no cycles; the collector's own pace, made for other
programs, costs a fifth of an evaluation (docs/performance.md)."""


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the one place that reads the clock

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class StillClock:
    """The time that `--now` sets; it stands still within a command."""

    instant: datetime

    def now(self) -> datetime:
        """Return the set instant."""
        return self.instant

    def sleep(self, seconds: float) -> None:
        """Do not wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeTools:
    """What adapters are lent."""

    clock: Clock
    log: Log
    root: Path
    rehearsal: bool
    vault: Vault
    budgets: Budgets
    reveal: Callable[[str], str]
    memory: Callable[[Sequence[str], Sequence[str]], Sequence[Memo]]

    def recall(self, keys: Sequence[str] = (), *, groups: Sequence[str] = ()) -> Sequence[Memo]:
        """Return the memos of these keys and of these groups."""
        return self.memory(keys, groups)

    def secret(self, reference: str) -> str:
        """Return the secret that `env:NAME` or `file:PATH` refers to."""
        return self.reveal(reference)


@contextmanager
def open_office(
    config: Path, now: datetime | None, log: Log, *, actor: str = "scheduler"
) -> Iterator[Office]:
    """Open the configuration with its store, and close both at the end of the block.

    Args:
        config: The configuration file.
        now: The instant to work at; only for a rehearsal. None: the real time.
        log: Where to tell what happens.
        actor: Who acts, for the journal.

    Raises:
        SettingsError: The configuration can't be used.
        RequestError: The clock was set and this is no rehearsal (`now_needs_rehearsal`).
        StoreError: The store can't be opened.
    """
    settings = load_settings(config, environment())
    if now is not None and not settings.rehearsal:
        raise RequestError("now_needs_rehearsal", config=config)
    clock: Clock = SystemClock() if now is None else StillClock(now)
    store = open_store(settings.store, documents=settings.documents, clock=clock)
    office = Office(
        settings=settings,
        store=store,
        clock=clock,
        log=log,
        tools=lambda administration: _tools(settings, store, (clock, log), administration),
        plugins=find_plugins(),
        parts=_parts(settings, clock),
        actor=actor,
    )
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT_AFTER)
    try:
        _same_world(office)
        yield office
    finally:
        gc.set_threshold(*before)
        office.close()


def _tools(
    settings: Settings, store: Store, senses: tuple[Clock, Log], administration: str
) -> OfficeTools:
    clock, log = senses

    def recall(keys: Sequence[str], groups: Sequence[str]) -> Sequence[Memo]:
        with store.unit(administration, reading=True) as unit:
            return unit.books.recall(keys, groups)

    return OfficeTools(
        clock=clock,
        log=log,
        root=settings.root,
        rehearsal=settings.rehearsal,
        vault=StoreVault(store, lambda: _vault_key(settings)),
        budgets=StoreBudgets(store, clock),
        reveal=lambda reference: settings.secret(reference).reveal(),
        memory=recall,
    )


def _vault_key(settings: Settings) -> str:
    try:
        return settings.secret(settings.vault_key).reveal()
    except SettingsError as error:
        raise SettingsError("vault_key_missing", reference=settings.vault_key) from error


def _same_world(office: Office) -> None:
    """Refuse the books of a rehearsal in earnest, and real books in a rehearsal.

    What a rehearsal counted as sent never was, and a set clock would spoil real books.
    """
    for one in office.settings.administrations:
        with office.store.unit(one.id, reading=True) as unit:
            born = unit.books.state().rehearsal
        if born is not None and born != office.settings.rehearsal:
            code = "store_of_rehearsal" if born else "store_no_rehearsal"
            raise SettingsError(code, administration=one.id, config=office.settings.path)


def find_plugins() -> Mapping[str, Plugin]:
    """Return the adapters that are installed, by name.

    Raises:
        SettingsError: Two adapters bear one name, or one can't be loaded.
    """
    plugins: dict[str, Plugin] = {}
    for entry in entry_points(group=GROUP):
        try:
            plugin = entry.load()
        except ImportError as error:
            raise SettingsError("adapter_unloadable", name=entry.name) from error
        if not isinstance(plugin, Plugin) or plugin.name in plugins:
            raise SettingsError("adapter_unloadable", name=entry.name)
        plugins[plugin.name] = plugin
    return plugins


def _parts(settings: Settings, clock: Clock) -> Parts:
    """Return the makers of what most commands do without; each makes its part once."""

    @cache
    def press() -> "Press":
        from connector.press.compile import Press  # noqa: PLC0415  # loads the typesetter

        return Press()

    @cache
    def templates() -> "TemplateSet":
        from connector.press.templates import load_templates  # noqa: PLC0415

        return load_templates(settings.letters)

    @cache
    def channels() -> "Mapping[ChannelName, Channel]":
        return _channels(settings, clock)

    @cache
    def law() -> Figures:
        return load_figures(settings.law)

    def agency(name: str) -> "Channel":
        from connector.channels.agency import FolderAgency  # noqa: PLC0415

        found = settings.agencies.get(name)
        if found is None:
            raise RequestError("agency_unknown", name=name)
        return FolderAgency(found.deliver.folder, name)

    return Parts(press=press, templates=templates, channels=channels, agency=agency, law=law)


def _channels(settings: Settings, clock: Clock) -> "Mapping[ChannelName, Channel]":
    """Return the channels that the configuration allows; a rehearsal writes mails to a folder."""
    from connector.channels.email import EmailChannel, SmtpSettings  # noqa: PLC0415
    from connector.channels.folder_mail import FolderMail  # noqa: PLC0415
    from connector.channels.post import PostChannel  # noqa: PLC0415

    found: dict[ChannelName, Channel] = {
        ChannelName.POST: PostChannel(settings.delivery.post.folder, Calendar("NL"))
    }
    mail = settings.delivery.email
    if settings.rehearsal:
        redirect = mail.redirect_to if mail else None
        folder = settings.root / "outbox" / "email"
        found[ChannelName.EMAIL] = FolderMail(folder, redirect_to=redirect)
    elif mail is not None:
        server = SmtpSettings(
            host=mail.host,
            port=mail.port,
            security=mail.security,
            username=_revealed(mail.username),
            password=_revealed(mail.password),
            redirect_to=mail.redirect_to,
        )
        found[ChannelName.EMAIL] = EmailChannel(server, sleep=clock.sleep)
    return found


def _revealed(secret: Secret | None) -> Callable[[], str | None]:
    return lambda: None if secret is None else secret.reveal()
