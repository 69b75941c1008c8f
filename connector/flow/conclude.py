"""Conclude: what its deliveries make of an action, and what that makes of its items."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Final

from connector.core.actions import Action, ActionStatus
from connector.core.deadlines import deadline, received_on
from connector.core.policy.model import ChannelName, Duration, StepKind
from connector.core.reasons import Fact
from connector.flow.charging import keep_effects
from connector.flow.office import Administration
from connector.flow.record import note_delivered
from connector.settings import ZONE
from connector.store import ActionRow, DeliveryRow, TaskKind, Unit

PHONE: Final = "phone"
AGENCY: Final = "agency"


def is_half_sent(deliveries: Iterable[DeliveryRow]) -> bool:
    """Whether one channel of an action delivered and another did not: the rest follows alone."""
    statuses = {delivery.status for delivery in deliveries}
    return ActionStatus.DELIVERED in statuses and ActionStatus.FAILED in statuses


def conclude(desk: Administration, unit: Unit, row: ActionRow) -> ActionStatus:
    """Bring the action in line with its deliveries and return its status."""
    wanted = _wanted(row.action)
    rows = [d for d in unit.ledger.deliveries(row.id) if d.channel in wanted]
    statuses = {delivery.status for delivery in rows}
    if len(rows) == len(wanted) and statuses == {ActionStatus.DELIVERED}:
        _delivered(desk, unit, row, rows)
        return ActionStatus.DELIVERED
    if is_half_sent(rows) and ActionStatus.UNCERTAIN not in statuses:
        unit.ledger.mark(row.id, ActionStatus.SENDING)
        return ActionStatus.SENDING
    for status in (ActionStatus.UNCERTAIN, ActionStatus.FAILED):
        if status in statuses:
            unit.ledger.mark(row.id, status)
            return status
    back = ActionStatus.SENDING if rows else ActionStatus.APPROVED
    unit.ledger.mark(row.id, back)
    return back


def arrival(desk: Administration, channel: str, sent_on: date) -> date:
    """Return the day on which something sent on a day counts as received."""
    if channel not in (ChannelName.EMAIL, ChannelName.POST, ChannelName.PACKAGE):
        return sent_on
    local = desk.office.now.astimezone(ZONE)
    at = local if sent_on == local.date() else datetime.combine(sent_on, time(12), ZONE)
    return received_on(ChannelName(channel), at, desk.policy.guards, ZONE)


def note_trouble(desk: Administration, unit: Unit, row: ActionRow, delivery: DeliveryRow) -> None:
    """Write down a refusal or a doubt, and call a person where one is needed."""
    if delivery.status is ActionStatus.DELIVERED:
        return
    facts: dict[str, Fact] = {
        "party": row.action.party,
        "action": row.id,
        "via": delivery.channel,
        "error": delivery.error,
        "reply": delivery.reply,
    }
    unit.journal.add(delivery.status.value, row.id, facts, desk.office.actor)
    bounced = delivery.channel == ChannelName.EMAIL and delivery.facts.get("permanent")
    if bounced and delivery.recipient and delivery.recipient == delivery.facts.get("address"):
        unit.books.mark_bounced(row.action.party, delivery.recipient, desk.office.actor)
        unit.books.touch([row.action.party])
    if delivery.status is ActionStatus.UNCERTAIN:
        call_person(desk, unit, "delivery_uncertain", row, facts)
    elif delivery.next_attempt_at is None:
        call_person(desk, unit, "delivery_failed", row, facts)


def call_person(
    desk: Administration, unit: Unit, code: str, row: ActionRow, facts: Mapping[str, Fact]
) -> None:
    """Put an action on the attention list, again when it was dealt with before."""
    unit.tasks.clear(code, row.id, cycle=0)
    unit.tasks.ensure(TaskKind.ATTENTION, code, row.id, cycle=0, facts=facts, due=desk.office.today)


def _wanted(action: Action) -> frozenset[str]:
    """Return the channels that must all be delivered before the action is."""
    match action.kind:
        case StepKind.CALL | StepKind.TASK:
            return frozenset({PHONE})
        case StepKind.HAND_OVER:
            return frozenset({AGENCY, *action.via})
        case _:
            return frozenset(action.via)


def _delivered(desk: Administration, unit: Unit, row: ActionRow, rows: list[DeliveryRow]) -> None:
    """Move the items of a delivered action to their steps, with the term that now runs."""
    action = row.action
    on = max(d.dispatched_on or desk.office.today for d in rows)
    received, ends = max(_received(desk, rows)), _deadline(desk, action, rows)
    unit.ledger.delivered(
        row.id,
        on=on,
        deadline=ends,
        steps={item.id: item.step for item in action.items},
        track=action.track,
        demand=action.kind.is_message,
        freeze=action.kind is StepKind.HAND_OVER,
    )
    keep_effects(desk, unit, row, on=on, received=received, ends=ends)
    documents = {d.channel: d.document for d in rows}
    payload: dict[str, object] = {
        "on": on.isoformat(), "step": action.step, "total": str(action.total),
        "currency": action.currency, "documents": documents,
        "items": [item.number for item in action.items],
    }  # fmt: skip
    if action.charges is not None:
        payload["claimed"] = str(action.charges.claimed)
        payload["announced"] = str(action.charges.announced)
        payload["figures"] = desk.law.digest
    unit.journal.add("delivered", row.id, payload, desk.office.actor)
    note_delivered(desk, unit, row, on, rows)
    unit.tasks.drop_about(row.id)
    unit.books.touch([action.party])


def _received(desk: Administration, rows: list[DeliveryRow]) -> list[date]:
    today = desk.office.today
    return [d.received_on or arrival(desk, d.channel, d.dispatched_on or today) for d in rows]


def _deadline(desk: Administration, action: Action, rows: list[DeliveryRow]) -> date | None:
    """Return the last day of the term: after the latest receipt, never before the printed day."""
    if action.term_days is None:
        return None
    term = Duration(action.term_days, business=action.term_business)
    printed = [str(d.facts["deadline"]) for d in rows if d.facts.get("deadline")]
    ends = deadline(max(_received(desk, rows)), term, desk.policy.guards)
    return max([ends, *map(date.fromisoformat, printed)])
