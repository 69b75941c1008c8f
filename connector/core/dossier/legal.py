"""What the law makes of a handover: interest, costs, notices, limitation. Records only.

`None` always means "not known".
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from connector.core.law.costs import Costs
from connector.core.law.figures import InterestKind
from connector.core.law.interest import Statement
from connector.core.law.limitation import Limitation
from connector.core.policy.model import StepKind
from connector.port.money import Money


class DefaultGround(StrEnum):
    """What brought the debtor in default (verzuim)."""

    DUE_DATE = "due_date"  # the due date passed, art. 6:83 sub a and 6:119a BW
    DEFAULT_NOTICE = "default_notice"  # the term of a default notice passed, art. 6:82 BW


class LawGround(StrEnum):
    """Why Dutch law governs the claim, or that nobody recorded it."""

    DEBTOR_IN_NETHERLANDS = "debtor_in_netherlands"
    RECORDED = "recorded"
    NOT_RECORDED = "not_recorded"


class NoticeFault(StrEnum):
    """Why a notice has no effect in law, or not yet."""

    BEFORE_DEFAULT = "before_default"  # art. 6:96 lid 6: only after default began
    RECEIVED_TOO_EARLY = "received_too_early"  # earlier than the rule of receipt allows
    TERM_TOO_SHORT = "term_too_short"
    TERM_RUNS = "term_runs"
    NO_COSTS_STATED = "no_costs_stated"
    COSTS_TOO_HIGH = "costs_too_high"
    DISPATCH_UNKNOWN = "dispatch_unknown"  # no delivery of it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultFacts:
    """From which day on the debtor is in default with one invoice, and by what."""

    on: date
    ground: DefaultGround


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestFacts:
    """The interest that is claimed on one invoice.

    Attributes:
        kind: Which interest.
        article: The article, as in `6:119 BW`; None: it was agreed.
        clause: Where it was agreed; None: it is the law's.
        through: Last day of interest.
        final: False where a rate after `through` was not known: the amount is provisional.
        statement: Line by line.
        daily: What each further day adds; None: the rate of the next day is not known.
        paid: What of it came in before.
        amount: What is claimed now, as it was approved.
    """

    kind: InterestKind
    article: str | None
    clause: str | None
    through: date
    final: bool
    statement: Statement
    daily: Money | None
    paid: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandCosts:
    """The collection costs that one message brought about; amounts without VAT.

    Attributes:
        kind: The message: a statutory notice, a final demand, the handover itself.
        on: Day of its delivery; of the handover itself the day of the dossier.
        numbers: The invoices over which the costs were worked out.
        costs: How they came about, by the scale or the clause.
        amount: What they came to; never more than `costs`.
        part: What of them falls on the invoices of this dossier.
        vat: The VAT on that part.
        paid: What of the part, VAT included, came in before.
    """

    kind: StepKind
    on: date
    numbers: tuple[str, ...]
    costs: Costs
    amount: Money
    part: Money
    vat: Money
    paid: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsFacts:
    """The collection costs that are claimed, as they were approved.

    Attributes:
        amount: Without VAT.
        vat: The VAT on them.
        vat_declared: The notice stated the VAT and that the creditor can't deduct it.
        demands: Each message that brought them about, oldest first.
    """

    amount: Money
    vat: Money
    vat_declared: bool
    demands: tuple[DemandCosts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """A statutory notice or default notice about invoices of the dossier.

    Attributes:
        kind: `statutory_notice` or `default_notice`.
        action: The message; its deliveries stand in the history.
        numbers: The invoices that it was about.
        costs: The collection costs that it stated, without VAT; None: it stated none.
        vat: The VAT that it stated on them.
        faults: Why it has no effect; empty when it is valid.
    """

    kind: StepKind
    action: str
    numbers: tuple[str, ...]
    delivered_on: date
    received_on: date
    last_day: date
    costs: Money | None
    vat: Money | None
    faults: tuple[NoticeFault, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it meets all conditions of the law."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationFacts:
    """Until when a claim can be enforced; the event of the history that interrupted it last.

    `action` is None for a payment, and when nothing interrupted the term.
    """

    limitation: Limitation
    action: str | None = None
