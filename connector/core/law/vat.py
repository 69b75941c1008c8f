"""Who deducts VAT, and VAT on collection costs: only under three conditions, all of them.

Besluit vergoeding voor buitengerechtelijke incassokosten art. 2 lid 3 (Stb. 2012, 141).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from connector.core.law.costs import rounded
from connector.port.money import Money


class VatDeduction(StrEnum):
    """How much of the VAT on purchases the owner of the books deducts."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class VatReason(StrEnum):
    """Why no VAT is added."""

    NOT_OUTSOURCED = "not_outsourced"  # the creditor duns for itself
    DEDUCTIBLE = "deductible"  # the creditor deducts it
    PARTLY_DEDUCTIBLE = "partly_deductible"  # contested, so nothing is added
    DEDUCTION_UNKNOWN = "deduction_unknown"
    NOT_DECLARED = "not_declared"  # the letter must say why the costs were raised
    NO_FIGURE = "no_figure"  # no rate is known for that day


@dataclass(frozen=True, slots=True, kw_only=True)
class VatPosition:
    """What decides whether a creditor may raise the costs by VAT.

    Attributes:
        outsourced: A collection service that charges VAT does the collecting.
        deduction: How much of that VAT the creditor deducts; None: not known.
        declared: The notice says that the creditor can't deduct it and raised the costs for that.
    """

    outsourced: bool
    deduction: VatDeduction | None
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VatOnCosts:
    """The VAT on collection costs; nothing, with the reason, when it may not be added."""

    percent: Decimal
    amount: Money
    reason: VatReason | None = None


def vat_on_costs(costs: Money, position: VatPosition, percent: Decimal | None) -> VatOnCosts:
    """Return the VAT by which the costs are raised, rounded half up to the cent.

    Args:
        costs: Costs without VAT, after minimum and maximum.
        position: The three conditions.
        percent: The general rate of the day, None when none is known.
    """
    reason = _reason(position)
    if reason is None and percent is None:
        reason = VatReason.NO_FIGURE
    if reason is not None or percent is None:
        return VatOnCosts(percent=Decimal(0), amount=Money.zero(costs.currency), reason=reason)
    exact = costs.amount * percent.scaleb(-2)
    return VatOnCosts(percent=percent, amount=rounded(exact, costs.currency))


def _reason(position: VatPosition) -> VatReason | None:
    if not position.outsourced:
        return VatReason.NOT_OUTSOURCED
    match position.deduction:
        case VatDeduction.FULL:
            return VatReason.DEDUCTIBLE
        case VatDeduction.PARTIAL:
            return VatReason.PARTLY_DEDUCTIBLE
        case None:
            return VatReason.DEDUCTION_UNKNOWN
        case VatDeduction.NONE:
            return None if position.declared else VatReason.NOT_DECLARED
        case _:
            assert_never(position.deduction)
