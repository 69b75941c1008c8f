"""What the store hands out; plain records without any database in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from connector.core.actions import Action, ActionStatus
from connector.core.snapshot import Hold, Position
from connector.port.money import Money
from connector.port.records import Document, ItemId, Kind, Ledger, PartyRef

ProposedAction = Action
"""An action as the plan wants it; its `approval` decides how it starts."""


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
    sent_via: str | None
    contract: str | None
    basis: str | None
    payment_url: str | None
    reminders_sent: int
    disputed: bool
    direct_debit: bool
    factored: bool
    blocked: bool
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
    corrections: tuple[Correction, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """An action of the ledger."""

    id: str
    status: ActionStatus
    action: Action
    policy: str
    proposed_on: date
    approved_by: str | None = None
    approved_at: datetime | None = None
    delivered_on: date | None = None
    attempts: int = 0
    error: str | None = None
    code: str | None = None  # why withdrawn; `rejected` with facts["reason"] when a person said no
    facts: Mapping[str, object] = field(default_factory=dict)
    ended_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalResult:
    """What became of each action that the plan wants; ids in the order of the plan."""

    new: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # was there already; payload refreshed where it differed
    unapproved: tuple[str, ...] = ()  # grew, and lost its approval; these are in `kept` too
    revived: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()  # a person said no before: left alone
    refused: tuple[str, ...] = ()  # another live action does the same for one of its items
    superseded: tuple[str, ...] = ()  # older proposals that made room for a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One channel of an action. `status` has the words of ActionStatus.

    `key` makes it findable at the channel after a crash.
    """

    action: str
    channel: str  # a ChannelName, `phone` or `agency`
    status: ActionStatus
    key: str
    attempts: int = 0
    next_attempt_at: datetime | None = None
    recipient: str | None = None
    reply: str | None = None
    document: str | None = None  # SHA-256
    dispatched_on: date | None = None
    received_on: date | None = None
    error: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A hold with who put it there and how it ended."""

    id: str
    hold: Hold
    note: str | None
    created_at: datetime
    created_by: str
    lifted_at: datetime | None
    lifted_by: str | None
    outcome: str | None


class TaskKind(StrEnum):
    """What a person is asked for."""

    CALL = "call"
    TASK = "task"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """Something for a person; `subject` is an item id, a party ref or an action id."""

    id: str
    kind: TaskKind
    code: str
    subject: str
    cycle: int
    facts: Mapping[str, object]
    due: date | None
    created_at: datetime
    outcome: str | None = None
    done_by: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the journal; payload and salt are None when they were forgotten."""

    sequence: int
    at: str  # ISO, UTC: as hashed
    kind: str
    subject: str
    actor: str
    payload: Mapping[str, object] | None
    salt: str | None
    payload_hash: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What recomputing the chain found; `fault` is a code with the sequence, None when sound."""

    ok: bool
    entries: int
    head: str
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """A file that a person attached to an item."""

    item: ItemId
    kind: str
    sha256: str
    name: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRow:
    """A dossier that was built."""

    id: str
    action: str
    agency: str
    sha256: str
    at: datetime
    status: str
    facts: Mapping[str, object] = field(default_factory=dict)
