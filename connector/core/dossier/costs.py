"""The collection costs of a handover, as they were approved: each explained by its message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.dossier.account import Account, Sent, after_credits
from connector.core.dossier.legal import CostsFacts, DemandCosts, InterestFacts
from connector.core.law.costs import (
    AgreedCosts,
    Costs,
    agreed_costs,
    collection_costs,
    trade_costs,
)
from connector.core.policy.model import StepKind
from connector.port.money import Money
from connector.port.records import ItemId


def costs_of(account: Account) -> CostsFacts | None:
    """Return the costs that the handover claims, each explained by the message behind it.

    None when it claims none, and when they can't be explained: by the law they would be less, or
    the parts don't come to the approved sum. `differs` tells the two apart.
    """
    charges = account.action.charges
    if charges is None or not (charges.costs or charges.vat):
        return None
    demands = [_demand(account, group) for group in _groups(account)]
    known = [one for one in demands if one is not None]
    claimed = charges.costs + charges.vat
    parts = _sum((one.part + one.vat - one.paid for one in known), claimed.currency)
    deducts = bool(charges.vat) and account.vat_deduction != "none"
    if len(known) < len(demands) or parts != claimed or deducts:
        return None
    return CostsFacts(
        amount=charges.costs,
        vat=charges.vat,
        vat_declared=bool(charges.vat),
        demands=tuple(sorted(known, key=lambda one: (one.on, one.numbers))),
    )


def differs(
    account: Account, interest: Mapping[ItemId, InterestFacts], costs: CostsFacts | None
) -> tuple[str, ...]:
    """Return the places in the data where an approved amount can't be explained."""
    action, charges = account.action, account.action.charges
    places = [
        f"claims[{item.number}].interest"
        for item in action.items
        if item.interest and item.id not in interest
    ]
    if charges is not None and (charges.costs or charges.vat) and costs is None:
        places.append(f"amounts[{action.currency}].collection_costs")
    return tuple(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """What one message charged: all of it, and what of that the handover claims."""

    sent: Sent | None
    all: tuple[Charge, ...]
    own: tuple[Charge, ...]


def _groups(account: Account) -> list[_Group]:
    """Return the costs of the handover by the message that brought them about."""
    own: dict[str, list[Charge]] = {}
    for item in account.action.items:
        if item.costs:
            charge = account.charge(item, ChargeKind.COSTS)
            if charge is None:
                charge = _fresh(account, item.id)
            own.setdefault(charge.action, []).append(charge)
    handover = Sent(action=account.action, on=account.on)
    sent = {account.action.id: handover, **account.sent}
    return [
        _Group(
            sent=sent.get(action),
            all=_charged_by(account, action) or tuple(charges),
            own=tuple(charges),
        )
        for action, charges in own.items()
    ]


def _charged_by(account: Account, action: str) -> tuple[Charge, ...]:
    return tuple(
        one for one in account.charges if one.action == action and one.kind is ChargeKind.COSTS
    )


def _fresh(account: Account, item: ItemId) -> Charge:
    """Return the charge that the handover itself will make of what it claims."""
    action = account.action
    planned = next(one for one in action.items if one.id == item)
    nothing = Money.zero(action.currency)
    return Charge(
        item=item,
        cycle=planned.cycle,
        kind=ChargeKind.COSTS,
        party=action.party,
        number=planned.number,
        state=ChargeState.DUE,
        amount=planned.costs,
        vat=nothing,
        paid=nothing,
        action=action.id,
        claimed_on=account.on,
    )


def _demand(account: Account, group: _Group) -> DemandCosts | None:
    """Return what the message brought about, None where the law would allow less."""
    sent, currency = group.sent, account.action.currency
    if sent is None:
        return None
    amount = _sum((one.amount - one.vat for one in group.all), currency)
    costs = _worked_out(account, group, sent, amount)
    if costs is None or amount > costs.amount:
        return None
    return DemandCosts(
        kind=sent.action.kind,
        on=sent.on,
        numbers=tuple(sorted(one.number for one in group.all if one.amount)),
        costs=costs,
        amount=amount,
        part=_sum((one.amount - one.vat for one in group.own), currency),
        vat=_sum((one.vat for one in group.own), currency),
        paid=_sum((one.paid for one in group.own), currency),
    )


def _worked_out(account: Account, group: _Group, sent: Sent, amount: Money) -> Costs | None:
    if all(one.by_notice for one in group.all):
        return _by_notice(account, group, sent, amount)
    if account.kind.is_business:
        return _in_trade(account, group, sent)
    return None  # a consumer owes no costs without a notice, art. 6:96 lid 6 BW


def _by_notice(account: Account, group: _Group, sent: Sent, amount: Money) -> Costs | None:
    """Return the costs by the scale over what was open when the term of the notice had ended.

    Art. 6:96 lid 6 BW; HR 25-11-2016, ECLI:NL:HR:2016:2704 on part payment within the term. What
    is open now plus what came in since is that, unless a credit or dispute lowered it afterwards:
    then it is what the notice was about, less what came in within the term.
    """
    notice = _notice(account, sent)
    if notice is None:
        return None
    scale = account.law.scale_on(notice.delivered_on)
    now, then = after_credits(account.action), after_credits(sent.action)
    costs = collection_costs(
        _sum((_open_at_end(account, one, notice, then, now) for one in group.all), amount.currency),
        scale,
    )
    if amount <= costs.amount:
        return costs
    return collection_costs(
        _sum((_open_at_end(account, one, notice, then, {}) for one in group.all), amount.currency),
        scale,
    )


def _notice(account: Account, sent: Sent) -> Notice | None:
    """Return the notice that the message was, once its term has ended."""
    wanted = (sent.action.id, StepKind.STATUTORY_NOTICE)
    found = next((one for one in account.notices if (one.action, one.kind) == wanted), None)
    return found if found is not None and account.on > found.last_day else None


def _open_at_end(
    account: Account,
    charge: Charge,
    notice: Notice,
    then: Mapping[ItemId, Money],
    now: Mapping[ItemId, Money],
) -> Money:
    """Return what was open of an item when the costs fell due; nothing where it bears none."""
    if not charge.amount:
        return charge.amount
    came_in = account.payments.get(charge.item, ())
    if charge.item in now:
        since = [amount for on, amount in came_in if on >= notice.effect_from]
        return now[charge.item] + _sum(since, charge.amount.currency)
    in_time = [amount for on, amount in came_in if notice.delivered_on < on < notice.effect_from]
    return then[charge.item] - _sum(in_time, charge.amount.currency)


def _in_trade(account: Account, group: _Group, sent: Sent) -> Costs:
    left = after_credits(sent.action)
    base = _sum((left[one.item] for one in group.all), account.action.currency)
    wish = account.costs
    if wish is not None and wish.percentage is not None:
        least = None if wish.minimum is None else Money(wish.minimum, base.currency)
        agreed = AgreedCosts(percentage=wish.percentage, minimum=least, clause=wish.clause)
        return agreed_costs(base, agreed, account.kind)
    day = group.all[0].claimed_on
    return trade_costs(
        base,
        account.law.scale_on(day),
        account.law.trade_sum_on(day),
        invoices=len(group.all) if wish is not None and wish.per_invoice else 1,
    )


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))
