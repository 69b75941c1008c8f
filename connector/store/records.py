"""What the store hands out of the books; plain records without any database in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from connector.core.snapshot import Position
from connector.port.money import Money
from connector.port.records import Document, ItemId, Kind, Ledger, PartyRef


class ItemState(StrEnum):
    """Whether an item is open, and how it stopped being so."""

    OPEN = "open"
    PAID = "paid"
    CREDITED = "credited"
    WRITTEN_OFF = "written_off"
    DELETED = "deleted"
    NOT_REPORTED = "not_reported"


class ChangeKind(StrEnum):
    """What happened to an item."""

    NEW = "new"
    DECREASED = "decreased"
    INCREASED = "increased"
    PAID = "paid"
    CREDITED = "credited"
    WRITTEN_OFF = "written_off"
    DELETED = "deleted"
    NOT_REPORTED = "not_reported"
    REOPENED = "reopened"  # a new cycle
    RETURNED = "returned"  # was only not reported, or deleted: same cycle
    PLACED = "placed"  # a person's correction
    RESTARTED = "restarted"  # a new cycle, by an exception in the policy
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a pull did to one kind of records."""

    new: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Closures that a person must accept, because an unlikely share of the books vanished."""

    kind: Kind
    count: int  # open items that were not shown
    of: int  # open items there were
    amounts: tuple[Money, ...]  # what is open on those not shown, per currency
    of_amounts: tuple[Money, ...]
    percent: int  # the larger share, of items or of value
    max_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsCheck:
    """The source's control total against ours."""

    ledger: Ledger
    ours: Money
    theirs: Money
    our_count: int
    their_count: int | None

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.ours == self.theirs and self.their_count in (None, self.our_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksState:
    """How far the books of an administration can be trusted."""

    data_from: datetime | None = None
    complete: bool = False
    bank_through: date | None = None
    bank_confirmed_by: str | None = None  # None: the source said so itself
    cursor: str | None = None
    totals: tuple[TotalsCheck, ...] = ()
    totals_agree: bool | None = None
    has_errors: bool = False
    waiting: tuple[Waiting, ...] = ()
    first_pull_on: date | None = None
    policy_digest: str | None = None
    evaluated_on: date | None = None
    rehearsal: bool | None = None  # whether these are the books of a rehearsal; None: never pulled
    source: str | None = None  # which books of a source with many these are


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items to list; None means no limit.

    `debtor` matches the reference exactly or a part of the name in any case; `states` left out
    means open items only.
    """

    ledger: Ledger | None = None
    overdue_on: date | None = None
    debtor: str | None = None
    number: str | None = None
    states: tuple[ItemState, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item with all that is known of it."""

    id: ItemId
    ledger: Ledger
    number: str
    term: int
    party: PartyRef
    party_name: str
    document: Document
    issued: date | None
    due: date | None  # a person's correction when there is one
    due_in_books: date | None
    open: Money
    total: Money | None
    vat: Money | None
    state: ItemState
    unreadable: bool
    closed_on: date | None
    cycle: int
    position: Position | None
    last_demand_on: date | None
    last_payment_on: date | None
    first_pull: bool
    handed_over: bool
    reference: str | None
    description: str | None
    names_invoice: str | None
    paid_on: date | None
    sent_on: date | None
    reminded_on: date | None
    sent_via: str | None
    contract: str | None
    basis: str | None
    payment_url: str | None
    reminders_sent: int
    disputed: bool
    direct_debit: bool
    factored: bool
    blocked: bool
    remindable: bool
    tags: tuple[str, ...]
    raw: Mapping[str, object]
    first_seen_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """One line of an item's history; amounts are what was open."""

    at: datetime
    kind: ChangeKind
    before: Money | None
    after: Money | None
    cycle: int
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person corrected; None empties the field."""

    field: str
    value: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A party: the books' fields with a person's corrections on top.

    `sources` says per field that holds something where it came from: `books` or `person`.
    """

    ref: PartyRef
    name: str | None
    kind: str | None
    language: str | None
    email: str | None
    phone: str | None
    contact: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    kvk: str | None
    vat_id: str | None
    iban: str | None
    tags: tuple[str, ...]
    email_bounced: bool
    average_days_late: int | None
    applicable_law: str | None = None  # nl: Dutch law was agreed with a debtor abroad
    corrections: tuple[Correction, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, object] = field(default_factory=dict)
