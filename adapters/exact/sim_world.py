"""What the simulated package holds: divisions with their accounts, entries and payment terms.

Amounts are whole cents without a sign, business dates are days since 1970, and identifiers are
numbers that become guids on the wire: a hundred thousand terms are to stay small.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from adapters.exact.sim_ways import Ways
from connector.port.tools import Clock

Amount = Decimal | str | int

OPEN, SELECTED, PROCESSED, MATCHED = 20, 30, 40, 50
RECEIVABLE, PAYABLE = 20, 22
DELETED_TERM, DELETED_ACCOUNT, DELETED_CONTACT, DELETED_DOCUMENT = 10, 2, 5, 6

_EPOCH = date(1970, 1, 1)
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_FIRST_STAMP = 9_000_000
_STEP = 3
_STALE = 1000


class Row(Protocol):
    """What a resource has rows of."""

    @property
    def fields(self) -> dict[str, Any] | None:
        """Wire fields that are shown instead of what the row holds."""
        ...


class Stamped(Protocol):
    """A row of a sync resource; timestamp 0: it is gone."""

    id: int
    ts: int
    fields: dict[str, Any] | None


@dataclass(slots=True, eq=False, kw_only=True)
class Account:
    """A relation."""

    id: int
    division: "Division"
    code: str
    name: str
    created: int
    email: str | None = None
    kvk: str | None = None
    vat: str | None = None
    country: str | None = "NL"
    language: str | None = "NL"
    modified: int = 0
    ts: int = 0
    fields: dict[str, Any] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Contact:
    """A person at a relation."""

    id: int
    account: Account
    name: str
    created: int
    email: str | None = None
    business_email: str | None = None
    language: str | None = None
    main: bool = False
    modified: int = 0
    ts: int = 0
    fields: dict[str, Any] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Entry:
    """A transaction in the ledger; kind is its TransactionType.

    `side` is 1 for what is to be received or paid, -1 for what goes against it.
    """

    id: int
    account: Account
    kind: int
    side: int
    line: int
    number: int
    total: int
    total_dc: int
    currency: str
    rate: Decimal
    issued: int
    due: int
    invoice_number: int | None = None
    your_ref: str | None = None
    description: str | None = None
    method: str = "B"
    condition: str | None = None
    contact: Contact | None = None
    approval: int | None = None
    reference: str | None = None
    terms: "list[Term]" = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class Term:
    """A payment term: a row of what is open, in collection or settled."""

    id: int
    batch: int
    entry: Entry
    due: int
    amount: int
    amount_dc: int
    created: int
    status: int = OPEN
    paid_on: int | None = None
    ended_on: int | None = None
    modified: int = 0
    ts: int = 0
    fields: dict[str, Any] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Gone:
    """What sync/Deleted remembers."""

    id: int
    kind: int
    key: str
    at: int
    division: int
    ts: int = 0
    fields: dict[str, Any] | None = None


@dataclass(slots=True, eq=False)
class Plain:
    """A row that is as it is on the wire."""

    id: int
    values: dict[str, Any]
    fields: dict[str, Any] | None = None


class Stream:
    """Rows of a sync resource in order of their timestamps; a changed row moves to the end."""

    def __init__(self) -> None:
        self._stamps = array("q")
        self._rows: list[Stamped] = []
        self._stale = 0

    def put(self, row: Stamped, stamp: int) -> None:
        """Give the row a timestamp, higher than any before."""
        if row.ts:
            self._stale += 1
        row.ts = stamp
        self._stamps.append(stamp)
        self._rows.append(row)
        if self._stale > max(_STALE, len(self._rows) // 2):
            self._compact(list(self))

    def drop(self, row: Stamped) -> None:
        """Forget the row."""
        row.ts = 0
        self._stale += 1

    def clear(self) -> None:
        """Forget all."""
        self._compact([])

    def after(self, stamp: int) -> Iterator[Stamped]:
        """Yield rows with a higher timestamp, in its order."""
        for at in range(bisect_right(self._stamps, stamp), len(self._rows)):
            if self._rows[at].ts == self._stamps[at]:
                yield self._rows[at]

    def __iter__(self) -> Iterator[Stamped]:
        return self.after(0)

    def _compact(self, rows: list[Stamped]) -> None:
        self._rows = rows
        self._stamps = array("q", (row.ts for row in rows))
        self._stale = 0


@dataclass(slots=True, eq=False)
class Division:
    """An administration; what is posted to it lies in `tables` as it is on the wire."""

    code: int
    fields: dict[str, Any]
    is_archived: bool = False
    accounts: dict[int, Account] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    terms: dict[int, Term] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    stamps: dict[str, int] = field(default_factory=dict)
    tables: dict[str, dict[int, Plain]] = field(default_factory=dict)
    last_code: int = 0
    last_number: int = 26_000_000
    changes: int = 0

    @property
    def currency(self) -> str:
        """The currency of its books."""
        return str(self.fields["Currency"])

    def table(self, name: str) -> dict[int, Plain]:
        """Return the rows of a resource that are as they are on the wire."""
        return self.tables.setdefault(name, {})


@dataclass(slots=True)
class World:
    """Everything, and the clock."""

    clock: Clock
    ways: Ways
    divisions: dict[int, Division] = field(default_factory=dict)
    last_id: int = 1000
    generation: int = 0
    is_quiet: bool = False

    def new_id(self) -> int:
        """Return a number that no record has."""
        self.last_id += 1
        return self.last_id

    def today(self) -> int:
        """Return the Dutch day."""
        return days(self.clock.now().astimezone(_AMSTERDAM).date())

    def wall(self) -> int:
        """Return Dutch wall-clock seconds, as if they were those of UTC."""
        local = self.clock.now().astimezone(_AMSTERDAM)
        return int(local.replace(tzinfo=UTC).timestamp())

    def stamp(self, division: Division, name: str, row: Stamped) -> None:
        """Give a row of a sync resource its next timestamp; in the quiet a known row keeps its."""
        if self.is_quiet and row.ts:
            return
        division.changes += 1
        counter = "all" if self.ways.one_rowversion else name
        start = _FIRST_STAMP if counter == "all" else _FIRST_STAMP + 1_000_000 * len(name)
        division.stamps[counter] = division.stamps.get(counter, start) + _STEP
        division.streams.setdefault(name, Stream()).put(row, division.stamps[counter])

    def forget(self, division: Division, name: str, row: Stamped, kind: int) -> None:
        """Take a row out of a sync resource, and remember that it was deleted."""
        division.streams[name].drop(row)
        self.bury(division, kind, key=guid(SORTS[name], row.id))

    def bury(self, division: Division, kind: int, *, key: str) -> None:
        """Remember that something was deleted."""
        at, number = self.wall(), self.new_id()
        gone = Gone(id=number, kind=kind, key=key, at=at, division=division.code)
        self.stamp(division, "deleted", gone)

    def restart(self, division: Division, first: int | None = None) -> None:
        """Give every row a timestamp of a new series: a lower one, or one that begins there."""
        self.generation += 1
        streams = {name: list(stream) for name, stream in division.streams.items()}
        division.streams.clear()
        base = max(1, _FIRST_STAMP // (10**self.generation)) if first is None else first
        division.stamps = dict.fromkeys(("all", *streams), base)
        for name, rows in streams.items():
            for row in rows if name != "deleted" else ():
                row.ts = 0
                self.stamp(division, name, row)


SORTS = {
    "terms": 0x7E,
    "accounts": 0xACC,
    "contacts": 0xC0,
    "deleted": 0xDE1,
    "entries": 0xE7,
    "batches": 0xBA,
    "transactions": 0x7A,
    "plain": 0xD0,
    "user": 0x05E4,
    "conditions": 0xC0D,
}
"""What the first part of a guid says its record is."""


def guid(sort: int, number: int) -> str:
    """Return a guid as it is on the wire."""
    return f"{sort:08x}-4e7a-4c1d-9a00-{number:012x}"


def number_of(text: object) -> int:
    """Return the number in a guid of ours, -1 for another."""
    try:
        return int(str(text).rpartition("-")[2], 16)
    except ValueError:
        return -1


def cents(amount: Amount) -> int:
    """Return whole cents; a float or a fraction of a cent is refused."""
    if isinstance(amount, float):
        raise TypeError("amounts are no floats")
    scaled = Decimal(amount) * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"not in whole cents: {amount}")
    return int(scaled)


def days(value: date | str) -> int:
    """Return days since 1970."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return (day - _EPOCH).days


def as_date(value: int) -> date:
    """Return the day."""
    return _EPOCH + timedelta(days=value)


def midnight(now: datetime, hour: int) -> datetime:
    """Return the last moment at which the day's window began."""
    start = now.astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return start if start <= now else start - timedelta(days=1)
