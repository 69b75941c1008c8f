"""`maan doctor`: everything that a run needs, looked at one by one; nothing is changed or sent."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.app.mail_probe import probe
from connector.core.letters.check import check_texts
from connector.core.policy.model import StepKind
from connector.flow.connecting import key_file
from connector.flow.pull import hold_to_books
from connector.port.adapter import Connects, Diagnoses, Diagnosis, KnowsBooks
from connector.port.errors import AuthorisationError, MaanError, RateLimitError, SettingsError
from connector.settings import AgencySettings, EmailSettings, Settings

if TYPE_CHECKING:
    from connector.flow.office import Administration, Office

_LOW_DISK_BYTES: Final = 500_000_000
_EXAMPLE_AGENCY: Final = "Voorbeeld Incasso B.V."  # as in the configuration that is shipped
_WKI_VALID_DAYS: Final = 366
_OF_OTHERS: Final = 0o077
_CONNECT_AGAIN: Final = frozenset(
    {
        "connect_again",
        "connect_first",
        "needs_reauthorization",
        "token_unusable",
        "wire_unauthorised",
    }
)


_OF_HOOKS: Final = "webhook_"
_PATIENCE: Final = frozenset({"budget_spent", "wire_rate_limited", "token_wait"})
"""Nothing is wrong: the package has no more requests for us now."""


class Verdict(StrEnum):
    """How a check ended; a note asks for attention and is not wrong."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of `maan doctor`.

    Attributes:
        error: What was raised, if anything was.
        connect: The administration that must be connected, if that is what helps.
    """

    verdict: Verdict
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    error: MaanError | None = None
    connect: str | None = None


def examine(office: "Office") -> Iterator[Check]:
    """Yield what is well and what is not, in the order in which it is best put right."""
    settings = office.settings
    count = len(settings.administrations)
    yield _fine("settings_fine", file=settings.path, count=count)
    yield _clock(office.now, settings.path)
    yield _fine("store_fine", store=_without_login(settings.store))
    yield from _folders(settings)
    yield _disk(settings.root)
    yield _press(office)
    yield from _letters(office)
    yield _law(office)
    yield from _mail(settings)
    yield from _vault_key(office)
    for desk in office.administrations():
        yield from _policy(desk)
        yield from _source(desk, settings)
    yield from _examples(settings)
    if settings.office.acting_for_others and not settings.office.wki_number:
        yield _wrong("office_without_wki")
    for name, agency in sorted(settings.agencies.items()):
        yield _agency(name, agency, office.today, rehearsal=office.settings.rehearsal)


def failed(error: MaanError) -> Check:
    """Return the line of something that could not even be looked at."""
    return Check(verdict=Verdict.WRONG, code=error.code, facts=error.facts, error=error)


def _fine(code: str, **facts: object) -> Check:
    return Check(verdict=Verdict.FINE, code=code, facts=facts)


def _note(code: str, **facts: object) -> Check:
    return Check(verdict=Verdict.NOTE, code=code, facts=facts)


def _wrong(code: str, **facts: object) -> Check:
    return Check(verdict=Verdict.WRONG, code=code, facts=facts)


def _clock(now: datetime, file: Path) -> Check:
    """A clock that is behind the file that it reads can't be right."""
    changed_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if now < changed_at - timedelta(days=1):
        return _note("clock_behind", now=now, changed=changed_at)
    return _fine("clock_fine", now=now)


def _folders(settings: Settings) -> Iterator[Check]:
    folders = [settings.documents, settings.delivery.post.folder]
    folders += [agency.deliver.folder for agency in settings.agencies.values()]
    for folder in dict.fromkeys(folders):
        if _is_writable(folder):
            yield _fine("folder_fine", folder=folder)
        else:
            yield _wrong("folder_unwritable", folder=folder)


def _is_writable(folder: Path) -> bool:
    """Whether a file can be made there, or in the nearest folder above that exists."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            return True
    except OSError:
        return False


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    megabytes = free // 1_000_000
    return (_note if free < _LOW_DISK_BYTES else _fine)(
        "disk_low" if free < _LOW_DISK_BYTES else "disk_fine", megabytes=megabytes
    )


def _press(office: "Office") -> Check:
    try:
        office.parts.press().pdf("= maan", {}, created=office.today)
    except MaanError as error:
        return failed(error)
    return _fine("press_fine")


def _letters(office: "Office") -> Iterator[Check]:
    """Every text is tried on invented facts, those named after a step as that step uses them."""
    try:
        templates = office.parts.templates()
    except MaanError as error:
        yield failed(error)
        return
    faults = check_texts(templates, _steps(office))
    if not faults:
        yield _fine("letters_fine", languages=sorted(templates.letters))
    yield from (failed(fault) for fault in faults)


def _steps(office: "Office") -> Iterator[tuple[str, StepKind]]:
    for desk in office.administrations():
        try:
            tracks = desk.policy.tracks
        except MaanError:  # told with the policy itself
            continue
        yield from ((step.step, step.do) for track in tracks for step in track.ladder)


def _law(office: "Office") -> Check:
    """Whether the figures of the law were checked for the half-year that today lies in."""
    try:
        figures = office.parts.law()
    except MaanError as error:
        return failed(error)
    folder = office.settings.law
    if stale := figures.stale_files(office.today):
        return _note("law_stale", files=stale, folder=folder, today=office.today)
    through = min(figures.statutory.complete_through, figures.commercial.complete_through)
    return _fine("law_fine", through=through)


def _mail(settings: Settings) -> Iterator[Check]:
    email = settings.delivery.email
    if settings.rehearsal:
        yield _fine("mail_rehearsal")
    elif email is None:
        yield _note("mail_absent")
    else:
        yield _server(email)
        if email.redirect_to:
            yield _note("mail_redirected")


def _server(email: EmailSettings) -> Check:
    login = None
    try:
        if email.username is not None and email.password is not None:
            login = (email.username.reveal(), email.password.reveal())
    except SettingsError as error:
        return _wrong("mail_secret_missing", reference=error.facts.get("reference"))
    fault = probe(email.host, email.port, security=email.security, login=login)
    if fault is None:
        return _fine("mail_fine", host=email.host, port=email.port)
    return _wrong(fault.code, host=email.host, port=email.port, reason=fault.reason)


def _vault_key(office: "Office") -> Iterator[Check]:
    """Whether the key is there that tokens are kept with, and nobody else can read it."""
    settings = office.settings
    reference, file = settings.vault_key, key_file(settings)
    try:
        settings.secret(reference).reveal()
    except SettingsError:
        if any(_is_connecting(desk) for desk in office.administrations()):
            yield _wrong("vault_key_missing", reference=reference)
        return
    if file is not None and os.name == "posix" and file.stat().st_mode & _OF_OTHERS:
        yield _wrong("vault_key_readable", file=file)
    else:
        yield _fine("vault_key_fine", reference=reference)


def _is_connecting(desk: "Administration") -> bool:
    """Whether tokens of this source are kept in the store."""
    try:
        adapter = desk.adapter
    except MaanError:  # told with the source itself
        return False
    return isinstance(adapter, Connects) and bool(adapter.ways)


def _policy(desk: "Administration") -> Iterator[Check]:
    try:
        policy = desk.policy
    except SettingsError:  # what the package can do counts for the policy; told with the source
        return
    except MaanError as error:
        yield failed(error)
        return
    if desk.policy_faults:
        file, count = desk.settings.policy, len(desk.policy_faults)
        yield _wrong("policy_older_in_force", administration=desk.id, file=file, count=count)
    else:
        mode = policy.mode.value
        yield _fine(f"policy_{mode}", administration=desk.id, tracks=len(policy.tracks))


def _source(desk: "Administration", settings: Settings) -> Iterator[Check]:
    try:
        adapter = desk.adapter
        if isinstance(adapter, Diagnoses):
            yield from (_told(desk, line) for line in adapter.diagnose())
        yield from _hook_secrets(desk, settings)
        if isinstance(adapter, KnowsBooks):
            with desk.office.store.unit(desk.id, reading=True) as unit:
                hold_to_books(desk, unit)
    except AuthorisationError as error:
        yield replace(failed(error), connect=desk.id if _is_connecting(desk) else None)
    except RateLimitError as error:
        yield replace(failed(error), verdict=Verdict.NOTE)
    except MaanError as error:
        yield failed(error)


def _hook_secrets(desk: "Administration", settings: Settings) -> Iterator[Check]:
    """What checks the calls of a package is used only when one comes, so nothing else would tell.

    Without it each call is refused.
    """
    for key, reference in sorted(desk.settings.source.items()):
        if key.startswith(_OF_HOOKS) and isinstance(reference, str):
            try:
                settings.secret(reference).reveal()
            except SettingsError:
                facts = {"administration": desk.id, "key": key, "reference": reference}
                yield _wrong("hook_secret_missing", **facts)


def _told(desk: "Administration", line: Diagnosis) -> Check:
    verdict = Verdict.FINE if line.ok else Verdict.WRONG
    tail = line.code.rpartition(".")[2]
    is_refused = tail in _CONNECT_AGAIN
    return Check(
        verdict=Verdict.NOTE if line.note or tail in _PATIENCE else verdict,
        code=line.code,
        facts={"administration": desk.id, **line.facts},
        connect=desk.id if is_refused and _is_connecting(desk) else None,
    )


def _examples(settings: Settings) -> Iterator[Check]:
    """Example values that `maan init` left: nobody may be written to in that name."""
    for one in settings.administrations:
        email = one.creditor.email
        if email.endswith(".example") and not settings.rehearsal:
            yield _wrong("creditor_example", administration=one.id, email=email)


def _agency(name: str, agency: AgencySettings, today: date, *, rehearsal: bool) -> Check:
    if not agency.may_take_natural_persons:
        return _note("agency_without_wki", agency=name)
    if agency.name == _EXAMPLE_AGENCY and not rehearsal:
        return _wrong("agency_example", agency=name)
    checked = agency.wki_checked
    if agency.kind == "agency" and (checked is None or (today - checked).days > _WKI_VALID_DAYS):
        return _note("agency_unchecked", agency=name)
    return _fine("agency_fine", agency=name)


def _without_login(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"
