"""Charging: what delivered messages claim beyond the books, and what becomes of that."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from connector.core.actions import Action
from connector.core.charges import Charge, ChargeKind, ChargeState, Notice, shares
from connector.core.days import Calendar
from connector.core.policy.model import StepKind
from connector.core.settling import ChargeChange
from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.store import ActionRow, Unit

_DAY = timedelta(days=1)
_NOTICES = (StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE)


def keep_changes(desk: Administration, unit: Unit, changes: Sequence[ChargeChange]) -> None:
    """Keep what the plan found out about charges, each with a line in the journal."""
    unit.charges.save(change.charge for change in changes)
    for change in changes:
        one = change.charge
        payload = {
            "number": one.number, "kind": one.kind.value, "state": one.state.value,
            "amount": str(one.amount), "vat": str(one.vat), "paid": str(one.paid),
            "currency": one.amount.currency, "action": one.action,
        }  # fmt: skip
        unit.journal.add(change.code, one.item, payload, desk.office.actor)


def keep_claimed(
    desk: Administration, unit: Unit, row: ActionRow, *, on: date, received: date, ends: date | None
) -> None:
    """Keep what a delivered message brings about in law: notices, and what it claims.

    Args:
        desk: The administration.
        unit: The unit in which the delivery is recorded.
        row: The action that was delivered.
        on: Day of delivery.
        received: Day on which it counts as received.
        ends: Last day of its term; None: it gave none.
    """
    action = row.action
    if action.kind in _NOTICES and ends is not None:
        margin = desk.policy.guards.bank_margin
        effect = Calendar.of(desk.policy.guards.business_days).add(ends, margin) + _DAY
        unit.charges.note(
            Notice(
                item=item.id,
                cycle=item.cycle,
                kind=action.kind,
                party=action.party,
                action=row.id,
                delivered_on=on,
                received_on=received,
                last_day=ends,
                effect_from=effect,
            )
            for item in action.items
        )
    if action.charges is not None:
        known = {one.key: one for one in unit.charges.find(action.party)}
        claimed = [*_announced(row, on), *_costs(row, on), *_interest(row, on)]
        unit.charges.save(_over(known.get(one.key), one) for one in claimed)


def waive(desk: Administration, unit: Unit, charges: Iterable[Charge], reason: str, by: str) -> int:
    """Let charges go, for the reason that a person gives; return how many were open.

    Raises:
        RequestError: None of them is open (`charge_settled`).
    """
    open_ = [one for one in charges if one.state.is_open]
    if not open_:
        raise RequestError("charge_settled")
    gone = [replace(one, state=ChargeState.WAIVED, reason=reason) for one in open_]
    unit.charges.save(gone)
    for one in gone:
        payload = {"number": one.number, "kind": one.kind.value, "amount": str(one.left),
                   "currency": one.amount.currency, "reason": reason}  # fmt: skip
        unit.journal.add("charge_waived", one.item, payload, by)
    unit.books.touch({one.party for one in gone})
    return len(gone)


def _announced(row: ActionRow, on: date) -> list[Charge]:
    """Return the costs that a statutory notice announced, divided over its items."""
    action, charges = row.action, row.action.charges
    if charges is None or not charges.announced:
        return []
    weights = [item.open for item in action.items]
    parts = shares(charges.announced, weights), shares(charges.announced_vat, weights)
    return [
        replace(_charge(row, n, ChargeKind.COSTS, on), state=ChargeState.ANNOUNCED,
                amount=amount, vat=vat, by_notice=True)
        for n, (amount, vat) in enumerate(zip(*parts, strict=True))
    ]  # fmt: skip


def _costs(row: ActionRow, on: date) -> list[Charge]:
    action, charges = row.action, row.action.charges
    if charges is None or not charges.costs:
        return []
    costs = [item.costs for item in action.items]
    vat = shares(charges.vat, costs)
    return [
        replace(_charge(row, n, ChargeKind.COSTS, on), amount=amount, vat=of_vat)
        for n, (amount, of_vat) in enumerate(zip(costs, vat, strict=True))
        if amount
    ]


def _interest(row: ActionRow, on: date) -> list[Charge]:
    return [
        replace(_charge(row, n, ChargeKind.INTEREST, on), amount=item.interest)
        for n, item in enumerate(row.action.items)
        if item.interest
    ]


def _charge(row: ActionRow, at: int, kind: ChargeKind, on: date) -> Charge:
    action: Action = row.action
    nothing = Money.zero(action.currency)
    return Charge(
        item=action.items[at].id,
        cycle=action.items[at].cycle,
        kind=kind,
        party=action.party,
        number=action.items[at].number,
        state=ChargeState.DUE,
        amount=nothing,
        vat=nothing,
        paid=nothing,
        action=row.id,
        claimed_on=on,
    )


def _over(known: Charge | None, new: Charge) -> Charge:
    """Return what is kept when an item is charged again.

    Costs stay what they were; interest grows, and what was paid of it stays paid. Both stay with
    the message that claimed them first.
    """
    if known is None or (new.by_notice and not known.by_notice):
        return new
    if new.kind is ChargeKind.COSTS:
        return known
    return replace(known, amount=known.paid + new.amount, state=ChargeState.DUE)
