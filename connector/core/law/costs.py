"""Collection costs: the scale, the fixed sum in trade, and agreed costs.

Dutch: vergoeding voor buitengerechtelijke incassokosten (art. 6:96 lid 2 sub c, 4 and 5 BW). What
is not allowed comes back as nothing with the reason.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from connector.core.law.figures import CostScale, CostSlice, TradeSum
from connector.core.policy.model import DebtorKind
from connector.port.money import Money, minor_unit

_EURO: Final = "EUR"


class CostReason(StrEnum):
    """Why no costs may be claimed."""

    NOTHING_OPEN = "nothing_open"
    NO_FIGURE = "no_figure"  # no scale is known for that day
    FOREIGN_LAW = "foreign_law"  # Dutch law does not govern the claim
    FOREIGN_CURRENCY = "foreign_currency"  # the scale is in euro, and no rate of exchange is known
    NOT_A_BUSINESS = "not_a_business"  # art. 6:96 lid 5: no deviation against a consumer
    NO_CLAUSE = "no_clause"  # agreed costs need the clause that agrees them
    CUMULATION_REACHED = "cumulation_reached"  # recurring instalments: nothing is left to charge
    NOT_ANNOUNCED = "not_announced"  # the notice stated no costs
    PAID_IN_TIME = "paid_in_time"  # nothing was open when the term ended
    ANNOUNCED_TOO_HIGH = "announced_too_high"  # the notice is void; a new one is needed


class CostBound(StrEnum):
    """What set the amount instead of the slices."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    TRADE_SUM = "trade_sum"  # the fixed sum of art. 6:96 lid 4
    CUMULATION = "cumulation"  # recurring instalments
    ANNOUNCED = "announced"  # never more than the notice said
    AGREED_MINIMUM = "agreed_minimum"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One slice: its part of the principal, its percentage, and the exact costs, not rounded."""

    base: Money
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Collection costs without VAT, and how they came about.

    Attributes:
        principal: Open with VAT, without interest and without earlier costs.
        lines: The slices in order; empty when nothing may be claimed.
        amount: What may be claimed, rounded once, half up to the cent.
        bound: What set the amount instead of the slices, None when the slices did.
        reason: Why the amount is nothing, None when it is something.
        article: The article or clause, empty when there is none.
        source: Where the figures were read.
    """

    principal: Money
    amount: Money
    lines: tuple[CostLine, ...] = ()
    bound: CostBound | None = None
    reason: CostReason | None = None
    article: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedCosts:
    """Costs that a contract sets.

    Attributes:
        percentage: Percent of the principal.
        minimum: The least that is due, None when none was agreed.
        clause: Where it was agreed, as in `art. 9 AV 2025`; None: nobody recorded it.
    """

    percentage: Decimal
    minimum: Money | None = None
    clause: str | None = None


def no_costs(principal: Money, reason: CostReason) -> Costs:
    """Return that nothing may be claimed, and why."""
    return Costs(principal=principal, amount=Money.zero(principal.currency), reason=reason)


def collection_costs(principal: Money, scale: CostScale | None, *, dutch_law: bool = True) -> Costs:
    """Return the costs by the scale: slices, then minimum and maximum, then one rounding.

    Besluit vergoeding voor buitengerechtelijke incassokosten art. 2 (Stb. 2012, 141).

    Args:
        principal: Open with VAT, without interest and earlier costs; credits already taken off.
        scale: The scale of the day, None when none is known.
        dutch_law: Whether Dutch law governs the claim (`applicable.dutch_law_applies`).
    """
    if principal <= Money.zero(principal.currency):
        return no_costs(principal, CostReason.NOTHING_OPEN)
    if not dutch_law:
        return no_costs(principal, CostReason.FOREIGN_LAW)
    if principal.currency != _EURO:
        return no_costs(principal, CostReason.FOREIGN_CURRENCY)
    if scale is None:
        return no_costs(principal, CostReason.NO_FIGURE)
    lines = _lines(principal, scale.slices)
    exact = sum((line.amount for line in lines), start=Decimal(0))
    bound = None
    if exact < scale.minimum:
        exact, bound = scale.minimum, CostBound.MINIMUM
    elif exact > scale.maximum:
        exact, bound = scale.maximum, CostBound.MAXIMUM
    return Costs(
        principal=principal,
        amount=rounded(exact, _EURO),
        lines=lines,
        bound=bound,
        article=scale.article,
        source=scale.source,
    )


def trade_costs(
    principal: Money,
    scale: CostScale | None,
    trade_sum: TradeSum | None,
    *,
    invoices: int = 1,
    dutch_law: bool = True,
) -> Costs:
    """Return the costs in trade: the scale, and the fixed sum at least.

    Art. 6:96 lid 4 BW: EUR 40 at least, once per demand. Only a creditor who chooses to claim it
    for every invoice that is late (CJEU C-585/20, C-78/22) passes their number.

    Args:
        principal: As for `collection_costs`, of all invoices in the demand.
        scale: The scale of the day.
        trade_sum: The fixed sum of the day, None when there is none.
        invoices: For how many invoices the fixed sum is claimed.
        dutch_law: Whether Dutch law governs the claim.
    """
    costs = collection_costs(principal, scale, dutch_law=dutch_law)
    if costs.reason is not None or trade_sum is None:
        return costs
    least = rounded(trade_sum.amount * invoices, _EURO)
    if least <= costs.amount:
        return costs
    return replace(
        costs,
        amount=least,
        bound=CostBound.TRADE_SUM,
        article=trade_sum.article,
        source=trade_sum.source,
    )


def agreed_costs(principal: Money, agreed: AgreedCosts, kind: DebtorKind) -> Costs:
    """Return the costs that a contract sets, for businesses only.

    Art. 6:96 lid 5 BW: no deviation to the detriment of a consumer; an unknown debtor counts as
    one. A court may moderate what is above the scale (art. 242 Rv).
    """
    if not kind.is_business:
        return no_costs(principal, CostReason.NOT_A_BUSINESS)
    if not agreed.clause:
        return no_costs(principal, CostReason.NO_CLAUSE)
    if principal <= Money.zero(principal.currency):
        return no_costs(principal, CostReason.NOTHING_OPEN)
    if agreed.minimum is not None and agreed.minimum.currency != principal.currency:
        return no_costs(principal, CostReason.FOREIGN_CURRENCY)
    line = CostLine(
        base=principal,
        percent=agreed.percentage,
        amount=_part(principal.amount, agreed.percentage),
    )
    amount, bound = rounded(line.amount, principal.currency), None
    if agreed.minimum is not None and agreed.minimum > amount:
        amount, bound = agreed.minimum, CostBound.AGREED_MINIMUM
    return Costs(
        principal=principal, amount=amount, lines=(line,), bound=bound, article=agreed.clause
    )


def rounded(exact: Decimal, currency: str) -> Money:
    """Return the amount rounded half up to the currency's minor unit.

    The decree names no way of rounding; half up is the usual one, once, at the end.
    """
    return Money(exact.quantize(minor_unit(currency), ROUND_HALF_UP), currency)


def _lines(principal: Money, slices: tuple[CostSlice, ...]) -> tuple[CostLine, ...]:
    lines = []
    below = Decimal(0)
    for one in slices:
        top = principal.amount if one.up_to is None else min(one.up_to, principal.amount)
        if top <= below:
            break
        base = Money(top - below, principal.currency)
        lines.append(
            CostLine(base=base, percent=one.percent, amount=_part(base.amount, one.percent))
        )
        below = top
    return tuple(lines)


def _part(amount: Decimal, percent: Decimal) -> Decimal:
    return amount * percent.scaleb(-2)
