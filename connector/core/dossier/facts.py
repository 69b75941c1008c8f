"""What the flow hands over to make a dossier of: records only, no rule.

`None` always means "not known"; such a field is named as absent in the dossier, or blocks it. Money
is positive when the debtor owes it. Fields and their need follow docs/dossier.md.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from connector.core.chain import ChainEntry
from connector.core.dossier.legal import (
    CostsFacts,
    DefaultFacts,
    InterestFacts,
    LawGround,
    LimitationFacts,
    NoticeFacts,
)
from connector.core.policy.model import DebtorKind
from connector.core.snapshot import HoldReason
from connector.port.money import Money


class Source(StrEnum):
    """Where a fact about the debtor came from."""

    BOOKS = "books"
    PERSON = "person"  # somebody filled in what the books lacked, or corrected them


class Instruction(StrEnum):
    """What the agency is asked to do."""

    AMICABLE = "amicable"  # minnelijk
    JUDICIAL = "judicial"  # gerechtelijk
    BOTH = "both"


class PaperType(StrEnum):
    """What a file in the dossier is."""

    INVOICE = "invoice"
    LETTER = "letter"
    EMAIL = "email"
    CONTRACT = "contract"
    TERMS = "terms"
    DELIVERY = "delivery"
    CORRESPONDENCE = "correspondence"
    DISPUTE = "dispute"


class PaymentKind(StrEnum):
    """How a payment is known."""

    BOOKED = "booked"  # the books name a payment on this date
    SEEN = "seen"  # the open amount was lower at this pull than at the one before
    CHARGES = "charges"  # paid interest or costs, which the books have no invoice for


class CheckName(StrEnum):
    """Registers and sources that may be looked at before a handover."""

    INSOLVENCY_REGISTER = "insolvency_register"  # Centraal Insolventieregister
    GUARDIANSHIP_REGISTER = "guardianship_register"  # Centraal Curatele- en bewindregister
    CHAMBER_OF_COMMERCE = "chamber_of_commerce"  # Handelsregister KvK
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file as it was sent, received or attached; its name in the archive is made from these."""

    type: PaperType
    on: date
    reference: str  # invoice number, step, or what the person called it
    content: bytes
    media_type: str = "application/pdf"
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaFacts:
    """The dossier itself."""

    dossier_id: str  # stable: the same handover gives the same id
    created_at: datetime  # aware
    created_by: str
    version: str  # of the product
    reference_date: date  # the amounts are those of this day
    language: str  # nl | en
    test: bool = False  # made in a rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditorFacts:
    """The owner of the administration, in whose name the claim is handed over."""

    name: str | None
    kvk: str | None
    iban: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str = "NL"
    legal_form: str | None = None
    trade_name: str | None = None
    vat_id: str | None = None
    vat_deduction: str | None = None  # full | partial | none
    contact: str | None = None
    phone: str | None = None
    email: str | None = None
    account_holder: str | None = None  # None: the creditor's own name
    client_number: str | None = None  # at the agency
    terms: str | None = None  # version of the general terms and where they were filed
    representative: str | None = None  # the office that keeps the books
    acting_for_others: bool = False  # the office writes to debtors on behalf of its clients
    representative_wki_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateFacts:
    """Who collects, and what they may do."""

    agency: str | None
    kind: str = "agency"  # agency | bailiff | lawyer
    wki_number: str | None = None  # register incassodienstverlening (Justis)
    wki_checked_on: date | None = None
    instruction: Instruction = Instruction.AMICABLE
    may_agree_plan: bool | None = None
    max_plan_months: int | None = None
    max_discount_percent: str | None = None
    tariff: str | None = None
    not_elsewhere: bool = False  # the creditor declares: nobody else collects this claim
    declared_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorFacts:
    """The debtor, with where its particulars came from."""

    number: str
    kind: DebtorKind
    name: str | None
    street: str | None  # street and number in one line, as the books hold it
    postcode: str | None
    city: str | None
    country: str | None = None  # ISO 3166-1 alpha-2
    kind_evidence: str | None = None  # why this kind: the words of the reason
    legal_form: str | None = None
    trade_name: str | None = None
    kvk: str | None = None
    vat_id: str | None = None
    contact: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    iban: str | None = None
    name_source: Source = Source.BOOKS
    address_source: Source = Source.BOOKS
    email_source: Source = Source.BOOKS
    phone_source: Source = Source.BOOKS
    address_verified_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """One invoice that is handed over; `open` is what is handed over of it, before credits."""

    number: str
    issued: date | None
    due: date | None
    open: Money
    total: Money | None = None
    vat: Money | None = None
    sent_on: date | None = None
    sent_via: str | None = None
    description: str | None = None
    reference: str | None = None
    contract: str | None = None
    basis: str | None = None  # sale | services | subscription | rent | loan | other
    disputed: bool = False
    kept_back: Money | None = None  # the open part that is not handed over: it is disputed
    default: DefaultFacts | None = None
    interest: InterestFacts | None = None  # None: none is claimed
    costs: Money | None = None  # its share of the collection costs, VAT included; None: none
    limitation: LimitationFacts | None = None
    documents: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFacts:
    """A credit note or unallocated payment that lowers the claim; `amount` is positive."""

    number: str
    amount: Money
    issued: date | None = None
    against: str | None = None  # the invoice that it names


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """Money received on an invoice before the handover; `amount` is positive.

    `costs` and `interest` are the parts of it that paid these; the rest lowered the principal.
    """

    invoice: str
    on: date
    amount: Money
    kind: PaymentKind
    costs: Money | None = None  # None: nothing
    interest: Money | None = None  # None: nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """One contact with the debtor, or one outcome of it."""

    at: datetime  # aware
    kind: str  # a step's kind (reminder, final_demand, call, ...) or reply, bounce, note
    step: str | None = None
    channel: str | None = None  # email | post | package | phone
    address: str | None = None  # the one used
    address_source: Source | None = None
    invoices: tuple[str, ...] = ()
    amount: Money | None = None  # the total that was asked
    term_days: int | None = None
    deadline: date | None = None  # last day of the term
    template: str | None = None
    reference: str | None = None  # Message-ID, print batch, remote reference
    proof: str | None = None  # the server's reply, or the print proof
    outcome: str | None = None
    is_demand: bool = False  # asked for payment: gets an evidence sheet
    action: str | None = None  # the message that this is a delivery of
    received_on: date | None = None  # day on which it counts as received
    documents: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFacts:
    """A promise to pay."""

    made_on: date
    until: date
    amount: Money | None = None
    kept: bool | None = None  # None: its date has not come


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementFacts:
    """A payment arrangement (betalingsregeling)."""

    agreed_on: date
    terms: str
    state: str  # running | completed | broken
    missed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts:
    """A dispute (betwisting) of an invoice or a part of it."""

    raised_on: date
    invoice: str | None = None  # None: all of them
    ground: str | None = None
    amount: Money | None = None  # None: the whole
    position: str | None = None  # the creditor's answer
    answered_on: date | None = None
    ended_on: date | None = None  # None: still open


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """A pause, past or present; the bookkeeper's note about it stays inside."""

    reason: HoldReason
    since: date
    until: date
    invoice: str | None = None  # None: the whole debtor
    lifted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """The outcome of looking something up."""

    name: CheckName
    on: date
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFacts:
    """All that is known of one handover: one debtor, its claims and what was done about them."""

    meta: MetaFacts
    creditor: CreditorFacts
    mandate: MandateFacts
    debtor: DebtorFacts
    claims: tuple[ClaimFacts, ...]
    credits: tuple[CreditFacts, ...] = ()
    payments: tuple[PaymentFacts, ...] = ()
    history: tuple[EventFacts, ...] = ()
    promises: tuple[PromiseFacts, ...] = ()
    arrangements: tuple[ArrangementFacts, ...] = ()
    disputes: tuple[DisputeFacts, ...] = ()
    holds: tuple[HoldFacts, ...] = ()
    stops: frozenset[HoldReason] = frozenset()  # protections that hold at this moment
    checks: tuple[CheckFacts, ...] = ()
    attachments: tuple[Paper, ...] = ()
    law: LawGround | None = None  # why Dutch law governs the claim
    costs: CostsFacts | None = None
    notices: tuple[NoticeFacts, ...] = ()
    faults: tuple[str, ...] = ()  # places where an approved amount could not be explained
    journal: tuple[ChainEntry, ...] = ()  # headers of a range; payloads only of this debtor
