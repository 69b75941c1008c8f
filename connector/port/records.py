"""What an adapter tells the house: parties, open items, faults, and how a pass ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from connector.port.money import Money

ItemId = NewType("ItemId", str)
"""Durable key of an item, unique within an administration and stable between pulls."""

PartyRef = NewType("PartyRef", str)
"""The books' own number or key of a party, unique within an administration."""


AUTO_REMINDERS = "auto_reminders"
"""Tag of an item about which the package is going to write by itself, unless it is paused."""


class Ledger(StrEnum):
    """Side of the books."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"


class Document(StrEnum):
    """What kind of open item it is."""

    INVOICE = "invoice"
    CREDIT = "credit"
    PAYMENT = "payment"  # received (or paid) but not allocated to an invoice


class End(StrEnum):
    """How an item stopped being open. They are different ends and are never mixed."""

    PAID = "paid"
    CREDITED = "credited"
    WRITTEN_OFF = "written_off"
    DELETED = "deleted"
    NOT_REPORTED = "not_reported"


def receivable_id(number: str, term: int = 1) -> ItemId:
    """Return the key of a receivable that has no durable remote id."""
    return ItemId(f"R/{number}" if term == 1 else f"R/{number}#{term}")


def payable_id(party: str, number: str, term: int = 1) -> ItemId:
    """Return the key of a payable that has no durable remote id; numbers are the supplier's own."""
    return ItemId(f"P/{party}/{number}" if term == 1 else f"P/{party}/{number}#{term}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRecord:
    """A contact as the source knows it. None means that the source does not say."""

    ref: PartyRef
    name: str | None = None
    kind: str | None = None  # consumer | sole_trader | partnership | company | public_body
    language: str | None = None  # ISO 639-1
    email: str | None = None
    phone: str | None = None
    contact: str | None = None  # person to address
    street: str | None = None  # street and number in one line
    postcode: str | None = None
    city: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    kvk: str | None = None
    vat_id: str | None = None
    iban: str | None = None
    tags: tuple[str, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """An open item as the source knows it.

    Amounts of a receivable are positive when the debtor owes us, of a payable when we owe the
    supplier; credits and unallocated payments are negative. `open` of zero means settled.
    """

    id: ItemId
    ledger: Ledger
    number: str
    term: int = 1
    party: PartyRef
    document: Document
    issued: date | None
    due: date | None  # None: the source has none; such an item is never dunned
    open: Money
    total: Money | None = None
    vat: Money | None = None
    end: End | None = None  # when open is zero: how it ended, if the source says so (else paid)
    reference: str | None = None  # payment reference that the debtor should use
    description: str | None = None
    names_invoice: str | None = None  # a credit note's own invoice
    paid_on: date | None = None  # date of the last payment
    sent_on: date | None = None
    sent_via: str | None = None
    contract: str | None = None
    basis: str | None = None  # sale | services | subscription | rent | loan | other
    payment_url: str | None = None
    reminders_sent: int = 0  # by the package itself
    reminded_on: date | None = None  # when the package itself last sent one
    remindable: bool = False  # the package can send a reminder about it
    disputed: bool = False
    direct_debit: bool = False
    factored: bool = False
    blocked: bool = False  # the package says: do not dun
    tags: tuple[str, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Something that could not be read, or was read with a doubt; nothing is dropped in silence.

    `where` is `receivables.csv:12:open` (file, physical line, column; line 0 for the file as a
    whole) or endpoint and id. `reason` is a code of docs/reasons.md, `facts` fill its sentence.
    """

    where: str
    reason: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A message about an item that the package sent, and that did not reach the debtor."""

    item: ItemId
    on: date
    reference: str  # what the source calls it; the same bounce has the same reference
    reason: str  # the source's own word
    is_reminder: bool = True  # else it was the invoice itself: the address is no good


@dataclass(frozen=True, slots=True)
class Memo:
    """What an adapter wants to remember of its source; the house does not read it."""

    key: str  # unique within the administration
    group: str  # what it is asked for together with
    value: str | None  # None: forget it


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A block of what was read, in the order of the source; at most a few thousand records."""

    parties: tuple[PartyRecord, ...] = ()
    items: tuple[ItemRecord, ...] = ()
    removed: tuple[ItemId, ...] = ()  # the source says: deleted
    held: tuple[ItemId, ...] = ()  # present in the source, but unreadable: neither dun nor close
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[Rejected, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    memos: tuple[Memo, ...] = ()  # kept together with the items
    checkpoint: str | None = None  # all until here may be committed; a pull may resume from here


class Kind(StrEnum):
    """The kinds of records that a pull reports on."""

    RECEIVABLES = "receivables"
    PAYABLES = "payables"
    PARTIES = "parties"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotal:
    """The source's own sum of what is open, to hold ours against."""

    ledger: Ledger
    amount: Money
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEnd:
    """How the pass over one kind ended; sent after its last batch.

    Attributes:
        delivered: False when the source holds nothing of this kind (no file): closes nothing.
        complete: The end was seen without an error.
        snapshot: What was read is all that is open, so absence means not reported.
        closes: Absence may close items (false when the key of an unreadable row is unknown).
        as_of: The instant or export date that the data speaks of, None when unknown.
        max_drop_percent: Share of items or value that may vanish without a person's word.
    """

    kind: Kind
    delivered: bool
    complete: bool
    snapshot: bool = False
    closes: bool = True
    as_of: datetime | None = None
    max_drop_percent: int = 50
    totals: tuple[ControlTotal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PullEnd:
    """The very last event of a pull that was read to its end."""

    cursor: str | None  # where the next pull starts
    requests: int = 0  # sent to the remote in this pull
    bank_through: date | None = None  # the books' bank entries are booked through this day


PullEvent = Batch | KindEnd | PullEnd
