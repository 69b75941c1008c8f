"""The port: what an adapter can do. Only `Adapter` must be there; the rest is offered by choice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable

from connector.port.money import Money
from connector.port.records import ItemId, ItemRecord, PullEvent, Rejected


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOrder:
    """What maan did, or asks the package to do; `key` makes it idempotent."""

    key: str
    verb: str  # remind | record_handover | record_message
    items: tuple[ItemId, ...]
    on: date
    text: str
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

    def refresh(self, ids: Sequence[ItemId]) -> Refreshed:
        """Return the present state of the given items, read from the source now."""
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
class Pushes(Protocol):
    """The package can act, or keep a record of our acts."""

    def push(self, order: PushOrder) -> str:
        """Perform the order once and return the remote reference."""
        ...

    def find_push(self, key: str) -> str | None:
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
