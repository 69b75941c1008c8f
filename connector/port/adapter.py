"""The port: what an adapter can do. Only `Adapter` must be there; the rest is offered by choice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from connector.port.money import Money
from connector.port.records import ItemId, ItemRecord, PartyRef, PullEvent, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """The present state of the items asked for.

    An item that is neither in `items` nor in `gone` could not be read: `unreadable` names it.
    """

    items: tuple[ItemRecord, ...] = ()
    gone: tuple[ItemId, ...] = ()  # no longer among what is open, the source does not say why
    unreadable: tuple[ItemId, ...] = ()
    as_of: datetime | None = None  # instant that the answer speaks of
    rejected: tuple[Rejected, ...] = ()


class PushVerb(StrEnum):
    """What a package may be asked to do."""

    REMIND = "remind"  # write to the debtor
    RECORD_MESSAGE = "record_message"  # keep that maan wrote to the debtor
    RECORD_HANDOVER = "record_handover"
    RECORD_TASK = "record_task"  # that a person has something to do, such as a call
    PAUSE = "pause"  # the package's own reminders stop: maan takes over
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOrder:
    """What maan did, or asks the package to do; `key` makes it idempotent.

    Attributes:
        items: All of one debtor.
        party: That debtor; None: as the package has it.
        before: What `look` said before the order was first performed; kept with the intent.
        email: Where a reminder goes; None: as the package knows it.
    """

    key: str
    verb: PushVerb
    items: tuple[ItemId, ...]
    on: date
    text: str = ""
    party: PartyRef | None = None
    before: str = ""
    email: str | None = None
    document: bytes | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


class Adapter(Protocol):
    """A source of open items. Raises only AdapterError."""

    def pull(
        self,
        cursor: str | None,
        *,
        full: bool = False,
        accept_empty: bool = False,
    ) -> Iterator[PullEvent]:
        """Yield what changed since the cursor (None: everything), batches first, ends last.

        Args:
            cursor: What the last complete pull ended with.
            full: Read everything again, whatever the cursor says.
            accept_empty: A person said that an empty delivery is meant to be empty.
        """
        ...

    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        """Return the present state of the given items, read from the source now.

        Args:
            ids: What to read.
            urgent: Something is about to be done with them: the reserve of a budget may be used.
        """
        ...

    def close(self) -> None:
        """Let go of connections and temporary files."""
        ...


@runtime_checkable
class RereadsWhole(Protocol):
    """Reading everything again costs no requests: a pull is how items are read before acting."""

    @property
    def rereads_whole(self) -> Literal[True]:
        """Say so."""
        ...


@runtime_checkable
class RefreshesByPull(Protocol):
    """What changed is asked for as cheaply as single items: a pull is how they are read again."""

    def pull_now(self, cursor: str | None) -> Iterator[PullEvent]:
        """Yield what `pull` does, right before acting: the reserve of a budget may be used."""
        ...


@runtime_checkable
class KnowsBooks(Protocol):
    """The source has many books, and its settings say which of them are read."""

    @property
    def books(self) -> str | None:
        """Return what identifies the books, such as `exact:123456`; None: not known yet."""
        ...


@runtime_checkable
class Pushes(Protocol):
    """The package can act, or keep a record of our acts."""

    @property
    def verbs(self) -> frozenset[PushVerb]:
        """What the package can do, as its settings allow."""
        ...

    def look(self, order: PushOrder) -> str:
        """Return what of the present state tells later whether the order was performed.

        Raises:
            RefusedError: The package can't do this with these items; nothing was sent.
        """
        ...

    def push(self, order: PushOrder) -> str:
        """Perform the order once and return the remote reference.

        An order that was performed before (by its key) is found and not performed again.

        Raises:
            RefusedError: The package said no; nothing was done.
            UnavailableError, RateLimitError: Nothing was done; later it may go.
            OutcomeUnknownError: It may have been done, and can't be looked up now.
        """
        ...

    def find_push(self, order: PushOrder) -> str | None:
        """Return the remote reference of an order that was performed, None when it was not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedFile:
    """What `maan pull --check` shows of one file or endpoint, before anything is stored."""

    name: str
    kind: str
    dialect: Mapping[str, str]  # encoding, delimiter, decimal, date_format, ... as detected
    columns: Mapping[str, str]  # our field -> the header it is read from
    ignored_columns: tuple[str, ...]
    rows: int
    totals: tuple[Money, ...]  # open per currency, of the rows that were read
    rejected: tuple[Rejected, ...]
    warnings: tuple[Rejected, ...]


@runtime_checkable
class Inspects(Protocol):
    """The source can be looked at without storing anything."""

    def inspect(self) -> Sequence[InspectedFile]:
        """Return what a pull would read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One line of `maan doctor`."""

    ok: bool
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    note: bool = False  # not wrong, but a person should know


@runtime_checkable
class Diagnoses(Protocol):
    """The source can be checked."""

    def diagnose(self) -> Sequence[Diagnosis]:
        """Return what is well and what is not; never raises for what it finds."""
        ...


@runtime_checkable
class HasDocuments(Protocol):
    """The source holds the invoices themselves."""

    def invoice_pdf(self, item: ItemId, number: str) -> bytes | None:
        """Return the invoice as PDF, None when there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Where a person says yes, and what must come back with the answer."""

    url: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """An administration that a credential reaches."""

    id: str
    name: str
    facts: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Connects(Protocol):
    """The source needs a person's consent, or a token that a person made."""

    @property
    def ways(self) -> tuple[Literal["token", "consent"], ...]:
        """How a person may connect with these settings, the simplest first."""
        ...

    def accept_token(self, token: str) -> None:
        """Try a personal token and keep it in the vault.

        Raises:
            AuthorisationError: It is not accepted; nothing was kept.
        """
        ...

    def ask_consent(self, redirect: str | None) -> Consent:
        """Return where the person says yes; `redirect` None: the code is shown to be pasted."""
        ...

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        """Exchange the code for tokens and keep them in the vault.

        Raises:
            AuthorisationError: The code is not accepted.
        """
        ...

    def reached(self) -> Sequence[Reached]:
        """Return the administrations that the credential reaches, sorted by name."""
        ...

    def missing_scopes(self) -> Sequence[str]:
        """Return what the credential may not do and maan needs."""
        ...


@runtime_checkable
class KeepsAlive(Protocol):
    """The source lets maan in by a consent that lapses when nobody uses it."""

    def keep_alive(self) -> int | None:
        """Use the consent if nobody did for days; return the days until it lapses unused.

        Sends nothing for a consent that was used lately.

        Raises:
            AuthorisationError: There is none that holds.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a webhook came to.

    Attributes:
        status: The HTTP status to answer with.
        reply: The body to answer with.
        key: The same for the same event; None: it was refused.
        items: What to read again.
    """

    status: int
    reply: bytes = b""
    key: str | None = None
    items: tuple[ItemId, ...] = ()


@runtime_checkable
class Receives(Protocol):
    """The source tells of changes; a pull remains the truth."""

    def receive(self, headers: Mapping[str, str], body: bytes) -> Received:
        """Check a webhook and say what it is about; sends nothing. Header names in small letters.

        Never raises for what a stranger may send.
        """
        ...
