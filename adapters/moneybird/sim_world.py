"""What the simulated package holds: small records, and the world that they live in."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from connector.port.tools import Clock

Amount = Decimal | str | int
"""Euros; never a float."""

ALL_SCOPES = ("sales_invoices", "documents", "estimates", "bank", "time_entries", "settings")
ZONE = ZoneInfo("Europe/Amsterdam")


class Kind(StrEnum):
    """The four kinds of items, by the path that they are found under."""

    SALES = "sales_invoices"
    EXTERNAL = "external_sales_invoices"
    PURCHASE = "documents/purchase_invoices"
    RECEIPT = "documents/receipts"

    @property
    def is_document(self) -> bool:
        """Whether it is a payable."""
        return self in {Kind.PURCHASE, Kind.RECEIPT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money on an item; cents with the sign of the item."""

    id: int
    cents: int
    on: date
    credit_invoice: int | None = None
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note or a to-do."""

    id: int
    text: str
    at: int
    todo: bool = False
    todo_type: str | None = None
    assignee: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of the history."""

    action: str
    at: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Contact:
    """A debtor or creditor; `fields` holds only what differs from the dull default."""

    id: int
    book: "Book"
    ordinal: int
    version: int
    created: int
    archived: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()


@dataclass(slots=True, kw_only=True, eq=False)
class Bill:
    """An item of any kind. Amounts are cents; `fields` overrides what is rendered."""

    id: int
    book: "Book"
    kind: Kind
    contact: Contact | None
    number: str | None
    issued: date | None
    due: date | None
    total: int
    vat: int
    state: str
    version: int
    created: int
    workflow: int
    currency: str = "EUR"
    style: int | None = None
    identity: int | None = None
    reminder_count: int = 0
    next_reminder: date | None = None
    paused: bool = False
    dubious_on: date | None = None
    uncollectible_on: date | None = None
    sent_on: date | None = None
    paid_on: date | None = None
    original: int | None = None
    payments: tuple[Payment, ...] = ()
    notes: tuple[Note, ...] = ()
    events: tuple[Event, ...] = ()
    fields: dict[str, Any] | None = None

    @property
    def paid(self) -> int:
        """Cents paid, with the sign of the item."""
        return sum(payment.cents for payment in self.payments)

    @property
    def open(self) -> int:
        """Cents not yet paid, with the sign of the item."""
        return self.total - self.paid


@dataclass(slots=True, kw_only=True, eq=False)
class Workflow:
    """How an invoice is reminded; steps are days, the first of the invoice itself."""

    id: int
    created: int
    name: str
    auto_send: bool
    collection_method: str | None
    steps: tuple[int, ...]
    is_default: bool
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Hook:
    """A registered webhook."""

    id: int
    book: "Book"
    url: str
    events: tuple[str, ...]
    token: str
    secret: str
    last_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A webhook that waits to be delivered."""

    hook: Hook
    key: str
    body: bytes
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReminder:
    """A reminder that the package sent or recorded."""

    contact: int
    invoices: tuple[int, ...]
    method: str
    email: str | None
    text: str
    by: str


@dataclass(slots=True, kw_only=True, eq=False)
class Book:
    """One administration."""

    id: int
    style: int
    identity: int
    user: int
    fields: dict[str, Any] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    workflows: dict[int, Workflow] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    bills: dict[Kind, dict[int, Bill]] = field(
        default_factory=lambda: {kind: {} for kind in Kind},
    )
    ordinals: int = 0

    def next_ordinal(self) -> int:
        """Return the next number of the administration."""
        self.ordinals += 1
        return self.ordinals


class World:
    """All administrations, and the clock that they share."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.books: dict[int, Book] = {}
        self.bills: dict[int, Bill] = {}
        self.contacts: dict[int, Contact] = {}
        self.pushes: deque[Push] = deque()
        self.reminders: list[SentReminder] = []
        self.bouncing: set[str] = set()
        self._last_id = 496_081_540_000_000_000

    def new_id(self) -> int:
        """Return an id that nothing else has; ids grow by unequal steps."""
        self._last_id += 1_049 + self._last_id % 7
        return self._last_id

    def second(self) -> int:
        """Return the present Unix second."""
        return int(self.clock.now().timestamp())

    def today(self) -> date:
        """Return the present day in the administration's zone."""
        return self.clock.now().astimezone(ZONE).date()

    def bill(self, item: int) -> Bill:
        """Return the item with the id; KeyError when there is none."""
        return self.bills[item]


def cents(amount: Amount) -> int:
    """Return whole cents; ValueError when there are parts of a cent."""
    exact = Decimal(str(amount)) * 100
    if exact != int(exact):
        raise ValueError("the amount has parts of a cent")
    return int(exact)


def day(value: object) -> date | None:
    """Return the date that an ISO text or a date says."""
    match value:
        case None:
            return None
        case datetime():
            return value.date()
        case date():
            return value
        case _:
            return date.fromisoformat(str(value))


def instant(second: int) -> datetime:
    """Return the aware instant of a Unix second."""
    return datetime.fromtimestamp(second, UTC)


def check_names(given: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse names that the wire format does not know.

    Raises:
        ValueError: A name is not known.
    """
    foreign = sorted(set(given) - set(known))
    if foreign:
        raise ValueError(f"no such field of {what}: {', '.join(foreign)}")
