"""What the rules look at: the ledger of one administration as it stood at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from connector.core.charges import Charge, Notice
from connector.core.policy.model import StepKind
from connector.port.money import Money
from connector.port.records import Document, ItemId, PartyRef


class HoldReason(StrEnum):
    """Why nothing may happen for a while."""

    DISPUTE = "dispute"
    PROMISE = "promise"
    ARRANGEMENT = "arrangement"
    SET_OFF = "set_off"
    ADDRESS = "address"
    MANUAL = "manual"
    INSOLVENCY = "insolvency"
    SUSPENSION = "suspension"
    WSNP = "wsnp"
    DEBT_COUNSELLING = "debt_counselling"
    MORATORIUM = "moratorium"
    GUARDIANSHIP = "guardianship"
    MINOR = "minor"
    DECEASED = "deceased"

    @property
    def ends_by_itself(self) -> bool:
        """Whether the hold is over on its date; all others wait for a person's outcome."""
        return self in (HoldReason.PROMISE, HoldReason.MANUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last step delivered for an item, within its present cycle."""

    track: str
    step: str
    delivered_on: date
    deadline: date | None  # last day of the term of the last message; a call keeps it


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An open receivable, credit note or unallocated payment, as the rules see it."""

    id: ItemId
    number: str
    party: PartyRef
    document: Document
    issued: date | None
    due: date | None
    open: Money  # positive: owed to us; credits and unallocated payments negative
    cycle: int = 1
    position: Position | None = None
    last_demand_on: date | None = None  # last reminder or notice about it, ours or the package's
    last_payment_on: date | None = None  # when its open amount last shrank, in the present cycle
    first_pull: bool = False  # it was already past due when the administration was first pulled
    reminders_sent: int = 0  # by the package itself
    remindable: bool = False  # the package can send a reminder about it
    names_invoice: str | None = None
    reference: str | None = None
    disputed: bool = False
    direct_debit: bool = False
    factored: bool = False
    blocked: bool = False
    unreadable: bool = False  # its row could not be read in the last pull
    handed_over: bool = False  # frozen: an agency has it
    basis: str | None = None  # sale, services, rent, ...: what the claim is for
    contract: str | None = None  # the recurring contract that it stems from
    payments: tuple[tuple[date, Money], ...] = ()  # what came in for it in this cycle, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A debtor as the rules see it: the books' facts with a person's corrections on top."""

    ref: PartyRef
    name: str
    kind: str | None = None  # as the books or a person say; None: work it out
    language: str | None = None
    email: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    kvk: str | None = None
    vat_id: str | None = None
    applicable_law: str | None = None  # nl: Dutch law was agreed with a debtor abroad
    email_bounced: bool = False
    tags: tuple[str, ...] = ()
    average_days_late: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A pause on an item or on a whole debtor; lifted holds are not in the snapshot."""

    id: str
    item: ItemId | None  # None: the whole debtor
    party: PartyRef | None
    reason: HoldReason
    until: date
    amount: Money | None = None  # part of an item (partial dispute): the rest goes on
    owner: str | None = None
    answered_on: date | None = None  # the logged answer to a dispute


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAction:
    """An action of the ledger that still matters: neither withdrawn nor ended long ago."""

    id: str
    status: str  # proposed | approved | sending | failed | uncertain | delivered | rejected
    party: PartyRef
    currency: str
    step: str
    kind: StepKind
    proposed_on: date
    first_run: bool
    items: tuple[tuple[ItemId, int, str], ...]  # item, cycle, the step that it advances to


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """How far the books can be trusted at this moment."""

    data_from: datetime | None = None  # UTC; None: never pulled
    complete: bool = False  # the last pull was read to its end
    bank_through: date | None = None  # None: the source can't tell and nobody confirmed
    totals_agree: bool | None = None  # None: the source gives no totals
    closures_waiting: int = 0  # items that a person must accept as no longer open
    has_errors: bool = False  # something was refused in the last pull
    fault: str | None = None  # code of what broke the last pull off; None: nothing did
    administration: str = ""  # that a person connects again where that is what helps


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """What the rules need of the creditor and the office."""

    due_date_agreed: bool = False
    acting_for_others: bool = False
    office_registered: bool = False  # the office has a Wki number of its own
    registered_agencies: frozenset[str] = frozenset()  # may collect from natural persons
    vat_deduction: Literal["full", "partial", "none"] = "full"
    can_push: bool = False  # the bookkeeping package can send reminders itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that evaluate and plan look at, for all debtors or for some of them.

    `items` holds every open receivable document of the parties in it, in no particular order.
    """

    administration: str
    creditor: Creditor
    items: tuple[Item, ...]
    parties: Mapping[PartyRef, Party]
    books: Books = Books()
    holds: tuple[Hold, ...] = ()
    live: tuple[LiveAction, ...] = ()
    payables: Mapping[tuple[PartyRef, str], Money] = field(default_factory=dict)
    """What we owe to a debtor (matched by reference, KvK or VAT number), per currency."""
    last_contact: Mapping[PartyRef, date] = field(default_factory=dict)
    """Date of the last message delivered to a debtor, whatever the currency."""
    broken_promises: Mapping[PartyRef, int] = field(default_factory=dict)
    """Promises broken in a row."""
    seen: frozenset[tuple[str, str, int]] = frozenset()
    """(attention code, item id or party ref, cycle) that a person has dealt with."""
    first_run_used: int = 0
    """Messages already proposed today on account of the first run."""
    charges: Mapping[PartyRef, tuple[Charge, ...]] = field(default_factory=dict)
    """What each debtor was charged with, open or settled, by number, cycle and kind."""
    notices: Mapping[PartyRef, tuple[Notice, ...]] = field(default_factory=dict)
    """The notices with effect in law that reached each debtor, oldest first."""
