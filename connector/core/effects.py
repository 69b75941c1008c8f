"""What a delivered message brings about in law: notices that run, and charges. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from connector.core.actions import Action
from connector.core.charges import (
    CORRECTED,
    NO_DEFAULT,
    Charge,
    ChargeKind,
    ChargeState,
    Notice,
    shares,
)
from connector.core.days import Calendar, shifted
from connector.core.policy.model import Guards, StepKind
from connector.port.money import Money
from connector.port.records import ItemId

_NOTICES: Final = (StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE)
Key = tuple[ItemId, int, ChargeKind]


def notices_of(
    action: Action, *, on: date, received: date, ends: date | None, guards: Guards
) -> tuple[Notice, ...]:
    """Return the notices that the message was, one for each item; none for other messages.

    Args:
        action: What was delivered.
        on: Day of delivery.
        received: Day on which it counts as received, by the last of its channels.
        ends: Last day of its term; None: it gave none.
        guards: For the days that a payment takes to show in the books.
    """
    if action.kind not in _NOTICES or ends is None:
        return ()
    effect = Calendar("NL").add(shifted(ends, 1), guards.bank_margin)
    return tuple(
        Notice(
            item=item.id,
            cycle=item.cycle,
            kind=action.kind,
            party=action.party,
            action=action.id,
            delivered_on=on,
            received_on=received,
            last_day=ends,
            effect_from=effect,
        )
        for item in action.items
    )


def charges_of(action: Action, on: date, known: Mapping[Key, Charge]) -> tuple[Charge, ...]:
    """Return what the message charges its items with, over what they were charged with before.

    Costs that are due stay what they were; interest grows, and what was paid of it stays paid.
    Both stay with the message that claimed them first.
    """
    made = (*_announced(action, on), *_costs(action, on), *_interest(action, on))
    return tuple(_over(known.get(one.key), one) for one in made)


def _announced(action: Action, on: date) -> list[Charge]:
    """Return the costs that a statutory notice announced, divided over its items."""
    charges = action.charges
    if charges is None or not charges.announced:
        return []
    weights = [item.open for item in action.items]
    parts = zip(
        shares(charges.announced, weights), shares(charges.announced_vat, weights), strict=True
    )
    return [
        replace(
            _charge(action, n, ChargeKind.COSTS, on),
            state=ChargeState.ANNOUNCED,
            amount=amount,
            vat=vat,
            by_notice=True,
        )
        for n, (amount, vat) in enumerate(parts)
    ]


def _costs(action: Action, on: date) -> list[Charge]:
    """Return the costs that the message claims; the VAT on them is divided as they are."""
    charges = action.charges
    if charges is None or not charges.costs:
        return []
    costs = [item.costs for item in action.items]
    parts = zip(costs, shares(charges.vat, costs), strict=True)
    return [
        replace(_charge(action, n, ChargeKind.COSTS, on), amount=amount, vat=vat)
        for n, (amount, vat) in enumerate(parts)
        if amount
    ]


def _interest(action: Action, on: date) -> list[Charge]:
    return [
        replace(_charge(action, n, ChargeKind.INTEREST, on), amount=item.interest)
        for n, item in enumerate(action.items)
        if item.interest
    ]


def _charge(action: Action, at: int, kind: ChargeKind, on: date) -> Charge:
    item, nothing = action.items[at], Money.zero(action.currency)
    return Charge(
        item=item.id,
        cycle=item.cycle,
        kind=kind,
        party=action.party,
        number=item.number,
        state=ChargeState.DUE,
        amount=nothing,
        vat=nothing,
        paid=nothing,
        action=action.id,
        claimed_on=on,
    )


def _over(known: Charge | None, new: Charge) -> Charge:
    if known is None or (new.by_notice and not known.by_notice):
        return new
    if known.amount.currency != new.amount.currency:
        return new
    if new.kind is ChargeKind.COSTS:
        return new if known.reason in (CORRECTED, NO_DEFAULT) and not known.paid else known
    grown = replace(known, amount=known.paid + new.amount, state=ChargeState.DUE)
    if known.reason == CORRECTED:
        return replace(grown, action=new.action, claimed_on=new.claimed_on, reason=None)
    return grown
