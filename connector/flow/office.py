"""The office: everything a step needs, put together once by `bootstrap`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ValidationError

from connector.core.law.figures import Figures
from connector.core.policy.check import PolicyContext
from connector.core.policy.faults import faults_of
from connector.core.policy.model import ChannelName, Policy
from connector.core.policy.read import Fault, read_policy
from connector.core.policy.yaml_lines import read_yaml
from connector.core.snapshot import Creditor
from connector.port.adapter import Adapter, Pushes, PushVerb
from connector.port.errors import PolicyError, RequestError, SettingsError
from connector.port.plugin import Plugin, SettingsModel
from connector.port.tools import Clock, Log, Tools
from connector.settings import ZONE, AdministrationSettings, Settings
from connector.store import Store, Unit

if TYPE_CHECKING:
    from connector.channels.base import Channel
    from connector.core.letters.texts import TemplateSet
    from connector.press.compile import Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is made late, because most commands do without; each is made at most once."""

    press: "Callable[[], Press]"
    templates: "Callable[[], TemplateSet]"
    channels: "Callable[[], Mapping[ChannelName, Channel]]"
    agency: "Callable[[str], Channel]"
    law: Callable[[], Figures]


@dataclass(slots=True, kw_only=True)
class Office:
    """One opened configuration with its store. Close it, or use it as a context manager."""

    settings: Settings
    store: Store
    clock: Clock
    log: Log
    tools: Callable[[str], Tools]  # what the adapter of an administration is lent
    plugins: Mapping[str, Plugin]
    parts: Parts
    actor: str = "scheduler"
    _desks: "dict[str, Administration]" = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The day in the time zone of the administrations."""
        return self.clock.now().astimezone(ZONE).date()

    def administration(self, name: str) -> "Administration":
        """Return one administration, opened.

        Raises:
            RequestError: There is none of this name.
        """
        if name not in self._desks:
            found = self.settings.administration(name)
            if found is None:
                known = ", ".join(one.id for one in self.settings.administrations)
                raise RequestError("administration_unknown", name=name, known=known)
            self._desks[name] = Administration(office=self, settings=found)
        return self._desks[name]

    def administrations(self, names: Sequence[str] = ()) -> "list[Administration]":
        """Return the administrations of these names, all of them when none is given."""
        chosen = names or [one.id for one in self.settings.administrations]
        return [self.administration(name) for name in chosen]

    def close(self) -> None:
        """Let go of sources and store."""
        for desk in self._desks.values():
            desk.close()
        self._desks.clear()
        self.store.close()


@dataclass(slots=True, kw_only=True)
class Administration:
    """One set of books with its source and the policy in force."""

    office: Office
    settings: AdministrationSettings
    policy_faults: tuple[Fault, ...] = ()  # of the file, when an older policy is in force
    _adapter: Adapter | None = None
    _policy: Policy | None = None

    @property
    def id(self) -> str:
        """Its name in the configuration and the store."""
        return self.settings.id

    @property
    def adapter(self) -> Adapter:
        """The source; made when first needed.

        Raises:
            SettingsError: The source's settings can't be used.
        """
        if self._adapter is None:
            self._adapter = self._make()
        return self._adapter

    @property
    def policy(self) -> Policy:
        """The policy in force: the file's, or while that has faults the last one that had none.

        Raises:
            PolicyError: The file has faults and no policy was ever in force.
        """
        if self._policy is None:
            self._policy = self._load_policy()
        return self._policy

    @property
    def law(self) -> Figures:
        """The figures of the law, with those that the office added.

        Raises:
            FiguresError: A file of the office can't be used.
        """
        return self.office.parts.law()

    @property
    def creditor(self) -> Creditor:
        """What the rules need of the creditor."""
        office = self.office.settings.office
        return Creditor(
            due_date_agreed=self.settings.creditor.consumer_terms.due_date_agreed,
            acting_for_others=office.acting_for_others,
            office_registered=bool(office.wki_number),
            registered_agencies=self.office.settings.registered_agencies,
            vat_deduction=self.settings.creditor.vat_deduction,
            can_push=self.can(PushVerb.REMIND),
        )

    @property
    def package(self) -> Pushes | None:
        """The bookkeeping package as one that acts; None when it can't be asked to."""
        return self.adapter if isinstance(self.adapter, Pushes) else None

    def can(self, verb: PushVerb) -> bool:
        """Whether the package can be asked to do this.

        While all mail is redirected it reminds nobody: it would write to the debtors themselves.
        """
        mail = self.office.settings.delivery.email
        if verb is PushVerb.REMIND and mail is not None and mail.redirect_to is not None:
            return False
        return self.package is not None and verb in self.package.verbs

    @contextmanager
    def unit(self, *, durable: bool = False) -> Iterator[Unit]:
        """Open a unit in which the policy may be asked for: it is read before, in one of its own.

        Raises:
            PolicyError: There is no policy in force.
        """
        assert self.policy.tracks
        with self.office.store.unit(self.id, durable=durable) as unit:
            yield unit

    def policy_context(self) -> PolicyContext:
        """Return what a policy is held against besides itself."""
        terms, office = self.settings.creditor.consumer_terms, self.office.settings.office
        scale = self.law.scale_on(self.office.today)
        slices = scale.slices if scale else ()
        return PolicyContext(
            due_date_agreed=terms.due_date_agreed,
            own_cost_clause=terms.own_cost_clause,
            agencies=frozenset(self.office.settings.agencies),
            registered=self.office.settings.registered_agencies,
            can_push=self.can(PushVerb.REMIND),
            acting_for_others=office.acting_for_others,
            office_registered=bool(office.wki_number),
            scale_percentage=max((one.percent for one in slices), default=Decimal(0)),
            scale_minimum=scale.minimum if scale else Decimal(0),
        )

    def close(self) -> None:
        """Let go of the source."""
        if self._adapter is not None:
            self._adapter.close()
            self._adapter = None

    def _make(self) -> Adapter:
        source = dict(self.settings.source)
        name = str(source.pop("adapter"))
        plugin = self.office.plugins.get(name)
        if plugin is None:
            known = ", ".join(sorted(self.office.plugins))
            raise SettingsError("adapter_unknown", name=name, known=known)
        try:
            settings = plugin.settings.model_validate(source)
        except ValidationError as error:
            raise self._source_error(error, plugin.settings) from error
        return plugin.make(settings=settings, tools=self.office.tools(self.id))

    def _source_error(self, error: ValidationError, model: type[SettingsModel]) -> SettingsError:
        """Return what is wrong under `source`, each with its place in the configuration."""
        path = self.office.settings.path
        index = self.office.settings.administrations.index(self.settings)
        document = read_yaml(path.read_text(encoding="utf-8-sig"))
        part = document.under(("administrations", index, "source"))
        known = model if issubclass(model, BaseModel) else Policy
        return SettingsError("settings_faults", path=path, faults=faults_of(error, part, known))

    def _load_policy(self) -> Policy:
        """Read the file; with faults in it the last policy that had none stays in force."""
        path = self.settings.policy
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError as error:
            raise PolicyError("policy_missing", path=path) from error
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError("policy_unreadable", path=path) from error
        reading = read_policy(text, self.policy_context())
        if reading.policy is not None:
            self._keep_in_force(text, reading.policy)
            return reading.policy
        self.policy_faults = tuple(f for f in reading.faults if f.severity == "error")
        before = self._policy_before()
        if before is None:
            raise PolicyError("policy_faults", path=path, faults=self.policy_faults)
        return before

    def _keep_in_force(self, text: str, policy: Policy) -> None:
        store = self.office.store
        with store.unit(self.id) as unit:
            if unit.books.state().policy_digest == policy.digest:
                return
            name = self.settings.policy.name
            store.documents.put(text.encode(), "text/yaml", name, self.id)
            unit.books.set_policy(policy.digest)
            unit.books.touch_all()
            unit.journal.add("policy", self.id, {"digest": policy.digest}, self.office.actor)

    def _policy_before(self) -> Policy | None:
        store = self.office.store
        with store.unit(self.id) as unit:
            digest = unit.books.state().policy_digest
        if digest is None:
            return None
        text = store.documents.get(digest.removeprefix("sha256:"))
        return read_policy(text.decode()).policy
