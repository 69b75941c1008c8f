"""Charging: what delivered messages claim beyond the books, and what becomes of that."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from connector.core.charges import Charge, ChargeState, Notice
from connector.core.effects import charges_of, notices_of
from connector.core.policy.model import StepKind
from connector.core.settlement import ChargeChange
from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.port.records import ItemId
from connector.store import ActionRow, TaskKind, Unit


def keep_changes(desk: Administration, unit: Unit, changes: Sequence[ChargeChange]) -> None:
    """Keep what the plan found out about charges, each with a line in the journal."""
    unit.charges.save(change.charge for change in changes)
    for change in changes:
        _journal(unit, change.code, change.charge, desk.office.actor)


def keep_effects(
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
    guards = desk.policy.guards
    unit.charges.note(notices_of(action, on=on, received=received, ends=ends, guards=guards))
    if action.charges is not None:
        known = {one.key: one for one in unit.charges.find(action.party)}
        unit.charges.save(charges_of(action, on, known))


def move_effects(
    desk: Administration, unit: Unit, row: ActionRow, *, on: date, received: date, ends: date | None
) -> None:
    """Keep that the term of a delivered notice runs from another day than was thought.

    Costs that fell due by the old term wait for the new one. What a message claimed does not depend
    on its term and stays as it is.

    Args:
        desk: The administration.
        unit: The unit in which the day is corrected.
        row: The action that was delivered.
        on: Day of delivery.
        received: Day on which it counts as received.
        ends: Last day of its term; None: it gave none.
    """
    party, guards = row.action.party, desk.policy.guards
    standing = {_subject(one) for one in unit.charges.notices(party) if one.action == row.id}
    made = notices_of(row.action, on=on, received=received, ends=ends, guards=guards)
    moved = {_subject(one): one for one in made if _subject(one) in standing}
    unit.charges.note(moved.values())
    early = [
        replace(one, state=ChargeState.ANNOUNCED)
        for one in unit.charges.find(party)
        if one.action == row.id and one.by_notice and one.state is ChargeState.DUE and not one.paid
        if (notice := moved.get((one.item, one.cycle, StepKind.STATUTORY_NOTICE)))
        and desk.office.today < notice.effect_from
    ]
    unit.charges.save(early)
    for one in early:
        _journal(unit, "charge_announced", one, desk.office.actor)


def waive(unit: Unit, charges: Iterable[Charge], reason: str, *, by: str) -> int:
    """Let charges go, for the reason that a person gives; return how many were open.

    Raises:
        RequestError: None of them is open (`charge_settled`).
    """
    gone = [
        replace(one, state=ChargeState.WAIVED, reason=reason)
        for one in charges
        if one.state.is_open
    ]
    if not gone:
        raise RequestError("charge_settled")
    unit.charges.save(gone)
    for one in gone:
        _journal(unit, "charge_waived", one, by)
    unit.books.touch({one.party for one in gone})
    return len(gone)


def _subject(notice: Notice) -> tuple[ItemId, int, StepKind]:
    return notice.item, notice.cycle, notice.kind


def tell_agency(unit: Unit, today: date) -> None:
    """Ask a person to tell the agency of claims that ended in the books although it has them."""
    for item in unit.books.ended_at_agency():
        facts = {"party": item.party, "name": item.party_name, "number": item.number,
                 "state": item.state.value}  # fmt: skip
        unit.tasks.ensure(
            TaskKind.ATTENTION, "agency_ended", item.id, cycle=item.cycle, facts=facts, due=today
        )


def _journal(unit: Unit, code: str, one: Charge, by: str) -> None:
    payload = {
        "number": one.number, "kind": one.kind.value, "state": one.state.value,
        "amount": str(one.amount), "vat": str(one.vat), "paid": str(one.paid),
        "currency": one.amount.currency, "action": one.action, "reason": one.reason,
    }  # fmt: skip
    unit.journal.add(code, one.item, payload, by)
