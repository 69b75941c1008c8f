"""Costs over several claims, over recurring instalments, and over what is left after the term."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from connector.core.law.costs import (
    CostBound,
    CostReason,
    Costs,
    collection_costs,
    no_costs,
    rounded,
)
from connector.core.law.figures import CostScale, Cumulation
from connector.port.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CostClaim:
    """A claim that goes into one notice.

    Attributes:
        principal: Open with VAT; a credit is negative.
        contract: The contract with recurring instalments that it is one of; None: it is none, or
            nobody knows.
    """

    principal: Money
    contract: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedCosts:
    """Costs that were charged for an instalment of a contract; those waived are left out."""

    contract: str
    charged_on: date
    amount: Money


def costs_of_claims(
    claims: Sequence[CostClaim],
    scale: CostScale | None,
    *,
    rule: Cumulation | None,
    charged: Sequence[ChargedCosts],
    on: date,
) -> Costs:
    """Return the costs over all claims that go into one notice.

    Art. 6:96 lid 7 BW: the claims are added before the scale is applied. Recurring instalments
    (Stb. 2024, 44): of one contract no more than the rule leaves, so that the whole is never more
    than the scale over the other claims and that.

    Args:
        claims: All claims of the notice, in one currency.
        scale: The scale of the day.
        rule: The rule for recurring instalments of the day, None when there is none.
        charged: Costs charged before, for any contract.
        on: Day of the notice.
    """
    zero = Money.zero(claims[0].principal.currency if claims else "EUR")
    plain = collection_costs(_sum(claims, zero), scale)
    if plain.reason is not None or rule is None or on < rule.from_:
        return plain
    others = [one for one in claims if not _is_instalment(one, rule)]
    contracts = {one.contract for one in claims if _is_instalment(one, rule)}
    most = collection_costs(_sum(others, zero), scale).amount
    for contract in contracts:
        own = [one for one in charged if one.contract == contract]
        most += rounded(_left(own, rule, on), zero.currency)
    if most >= plain.amount:
        return plain
    if not most:
        return no_costs(plain.principal, CostReason.CUMULATION_REACHED)
    return replace(
        plain,
        amount=most,
        bound=CostBound.CUMULATION,
        article=rule.article,
        source=rule.source,
    )


def open_at_end(principal: Money, payments: Iterable[tuple[date, Money]], last_day: date) -> Money:
    """Return what was open when the term of the notice ended.

    A payment before or within the term lowers the base of the costs; one after it does not: the
    costs are then due, and it counts towards them first (art. 6:44 BW).

    Args:
        principal: What the claims came to before these payments.
        payments: Day on which the creditor's account was credited, and amount.
        last_day: Last day of the term, itself included.
    """
    in_time = (amount for day, amount in payments if day <= last_day)
    return principal - sum(in_time, start=Money.zero(principal.currency))


def costs_after_term(
    open_at_end: Money, scale: CostScale | None, *, announced: Money, allowed: Money
) -> Costs:
    """Return the costs that are due when the term of the notice has ended.

    Over what was open then, by the scale, its minimum included (HR 25-11-2016,
    ECLI:NL:HR:2016:2704, on part payment within the term), and never more than the notice said. A
    notice that said more than the law allowed is void: nothing is due until a correct one.

    Args:
        open_at_end: What was open when the term ended.
        scale: The scale of the day.
        announced: Costs without VAT that the notice stated.
        allowed: Costs without VAT that the notice was allowed to state over its own claims.
    """
    if open_at_end <= Money.zero(open_at_end.currency):
        return no_costs(open_at_end, CostReason.PAID_IN_TIME)
    if announced > allowed:
        return no_costs(open_at_end, CostReason.ANNOUNCED_TOO_HIGH)
    if not announced:
        return no_costs(open_at_end, CostReason.NOT_ANNOUNCED)
    costs = collection_costs(open_at_end, scale)
    if costs.reason is not None or costs.amount <= announced:
        return costs
    return replace(costs, amount=announced, bound=CostBound.ANNOUNCED)


def _is_instalment(claim: CostClaim, rule: Cumulation) -> bool:
    """Whether the rule for recurring instalments is meant for the claim."""
    small = 0 < claim.principal.amount <= rule.instalment_at_most
    return claim.contract is not None and small


def _left(charged: Sequence[ChargedCosts], rule: Cumulation, on: date) -> Decimal:
    """Return what may still be charged for a contract on a day.

    The window begins the day after the same day so many months before. One notice for several
    instalments counts as the highest single step, not as their sum.
    """
    since = _months_before(on, rule.window_months)
    recent = [one.amount.amount for one in charged if one.charged_on > since]
    step = rule.next if recent else rule.first
    return max(min(step, rule.most - sum(recent, start=Decimal(0))), Decimal(0))


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _sum(claims: Sequence[CostClaim], zero: Money) -> Money:
    return sum((one.principal for one in claims), start=zero)
