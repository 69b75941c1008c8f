"""Which collection costs a draft claims or announces, item by item. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connector.core.bundle import Draft
from connector.core.charges import CORRECTED, Charge, ChargeKind, ChargeState, shares
from connector.core.findings import Claim
from connector.core.law.claimed_costs import ChargedCosts, CostClaim, costs_of_claims
from connector.core.law.costs import AgreedCosts, CostBound, Costs, agreed_costs, trade_costs
from connector.core.law.vat import VatDeduction, VatPosition, vat_on_costs
from connector.core.obstacles import Desk
from connector.core.policy.model import CollectionCosts, StepKind, Track
from connector.core.reasons import Fact, Reason
from connector.port.money import Money, total
from connector.port.records import ItemId

_RECURRING: Final = frozenset({"rent", "subscription"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One kind of charge of a draft: what each item bears, what all do with VAT, and why."""

    amounts: Mapping[ItemId, Money]
    total: Money
    vat: Money
    reasons: tuple[Reason, ...] = ()


def no_part(currency: str) -> Part:
    """Return that nothing is charged."""
    nothing = Money.zero(currency)
    return Part(amounts={}, total=nothing, vat=nothing)


def announced_costs(desk: Desk, draft: Draft, track: Track) -> Part:
    """Return the costs that a statutory notice states, over all its claims together.

    VAT comes on top only for a creditor who can't deduct it and whose track ends at an agency that
    charges it: the letter then says so (Besluit art. 2 lid 3).
    """
    costs = costs_of_claims(
        [
            CostClaim(principal=draft.netting.of(claim), contract=_contract(claim))
            for claim in draft.claims
        ],
        desk.law.scale_on(desk.today),
        rule=desk.law.cumulation_on(desk.today),
        charged=_charged_before(desk, draft),
        on=desk.today,
    )
    if not costs.amount:
        return no_part(draft.currency)
    position = VatPosition(
        outsourced=any(step.do is StepKind.HAND_OVER for step in track.ladder),
        deduction=VatDeduction(desk.snapshot.creditor.vat_deduction),
        declared=True,
    )
    vat = vat_on_costs(costs.amount, position, desk.law.vat_on(desk.today)).amount
    whole = costs.amount + vat
    reasons = [_reason("costs_announced", costs, whole)]
    rule = desk.law.cumulation_on(desk.today)
    if costs.bound is CostBound.CUMULATION and rule is not None:
        facts: dict[str, Fact] = {"costs": costs.amount, "months": rule.window_months}
        reasons.append(Reason("costs_cumulated", facts))
    amounts = _divided(draft, draft.claims, whole)
    return Part(amounts=amounts, total=whole, vat=vat, reasons=tuple(reasons))


def claimed_costs(desk: Desk, draft: Draft, track: Track) -> Part:
    """Return the costs that a demand or a handover claims.

    A consumer bears what a statutory notice announced and what fell due since. A business bears
    what it was charged before, and what its other claims in this draft come to together. Who calls
    asks for no more than was claimed, or fell due, in writing.
    """
    amounts: dict[ItemId, Money] = {}
    claimed = vat = Money.zero(draft.currency)
    fresh: list[Claim] = []
    for claim in draft.claims:
        charge = charge_of(desk, draft, claim, ChargeKind.COSTS)
        if charge is None or charge.reason == CORRECTED:
            fresh.append(claim)
        elif charge.state is ChargeState.DUE:
            amount, of_vat = _of_charge(charge, draft)
            amounts[claim.item.id] = amount
            claimed += amount
            vat += of_vat
    reasons = []
    if claimed:
        reasons.append(Reason("costs_due_before", {"costs": claimed}))
    if fresh and draft.debtor.kind.is_business and draft.step.do is not StepKind.CALL:
        costs = _in_trade(desk, draft, fresh, track.collection_costs)
        if costs.amount:
            amounts |= _divided(draft, fresh, costs.amount)
            claimed += costs.amount
            reasons.append(_reason("costs_claimed", costs, costs.amount))
    return Part(amounts=amounts, total=claimed, vat=vat, reasons=tuple(reasons))


def _in_trade(desk: Desk, draft: Draft, fresh: list[Claim], wish: CollectionCosts) -> Costs:
    base = total((draft.netting.of(claim) for claim in fresh), draft.currency)
    if wish.percentage is not None:
        least = None if wish.minimum is None else Money(wish.minimum, draft.currency)
        agreed = AgreedCosts(percentage=wish.percentage, minimum=least, clause=wish.clause)
        return agreed_costs(base, agreed, draft.debtor.kind)
    return trade_costs(
        base,
        desk.law.scale_on(desk.today),
        desk.law.trade_sum_on(desk.today),
        invoices=len(fresh) if wish.per_invoice else 1,
    )


def _of_charge(charge: Charge, draft: Draft) -> tuple[Money, Money]:
    """Return what is left of a charge; VAT on costs comes in only where an agency collects."""
    nothing = Money.zero(draft.currency)
    if draft.step.do is StepKind.HAND_OVER:
        return charge.left, min(charge.vat, charge.left)
    return max(charge.left - charge.vat, nothing), nothing


def _divided(
    draft: Draft, claims: tuple[Claim, ...] | list[Claim], whole: Money
) -> dict[ItemId, Money]:
    """Return the whole divided over the claims by what they come to after credits."""
    parts = shares(whole, [draft.netting.of(claim) for claim in claims])
    return {claim.item.id: part for claim, part in zip(claims, parts, strict=True)}


def _contract(claim: Claim) -> str | None:
    """Return the recurring contract that a claim is an instalment of, None when it is none."""
    return claim.item.contract if claim.item.basis in _RECURRING else None


def _charged_before(desk: Desk, draft: Draft) -> list[ChargedCosts]:
    done = desk.settled.get(draft.debtor.party.ref)
    charges = () if done is None else done.charges.values()
    return [
        ChargedCosts(contract=one.contract, charged_on=one.claimed_on, amount=one.amount - one.vat)
        for one in charges
        if one.contract is not None
        and one.kind is ChargeKind.COSTS
        and one.state is not ChargeState.WAIVED
    ]


def charge_of(desk: Desk, draft: Draft, claim: Claim, kind: ChargeKind) -> Charge | None:
    """Return what the claim was charged with, None when it was not, or in another currency."""
    done = desk.settled.get(draft.debtor.party.ref)
    found = None if done is None else done.of(claim.item.id, claim.item.cycle, kind)
    return found if found is not None and found.amount.currency == draft.currency else None


def _reason(code: str, costs: Costs, amount: Money) -> Reason:
    facts: dict[str, Fact] = {"costs": amount, "base": costs.principal, "article": costs.article}
    return Reason(code, facts)
