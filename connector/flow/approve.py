"""Approve, reject, and everything else that a person says about an action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from connector.core.actions import ActionStatus, Approval
from connector.core.policy.model import Mode
from connector.core.reasons import Fact
from connector.flow.bounces import came_back
from connector.flow.conclude import arrival, conclude, is_half_sent
from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.store import ActionRow, DeliveryRow, TaskKind

_RETRY = (ActionStatus.FAILED, ActionStatus.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """An action that was left as it was, and why."""

    id: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What was approved and what was left."""

    approved: tuple[str, ...]
    left: tuple[Left, ...]


def approve(desk: Administration, ids: Sequence[str] = (), *, by: str) -> Approved:
    """Approve these actions; without ids all that need not be seen one by one.

    Raises:
        RequestError: An id is unknown or names more than one action.
    """
    store = desk.office.store
    with store.lock(desk.id), desk.unit(durable=True) as unit:
        if ids:
            rows = [unit.ledger.get(id_) for id_ in ids]
        else:
            rows = unit.ledger.find(status=ActionStatus.PROPOSED)
        approved, left = [], []
        for row in rows:
            why = _why_left(desk, row, one_by_one=bool(ids))
            if why is not None:
                left.append(Left(id=row.id, code=why, facts={"status": row.status.value}))
                continue
            unit.ledger.approve(row.id, by, desk.office.now)
            unit.journal.add("approved", row.id, {"total": str(row.action.total)}, by)
            approved.append(row.id)
    return Approved(approved=tuple(approved), left=tuple(left))


def _why_left(desk: Administration, row: ActionRow, *, one_by_one: bool) -> str | None:
    if desk.policy.mode is Mode.SHADOW:
        return "shadow_mode"
    if row.status is not ActionStatus.PROPOSED:
        return "not_waiting"
    if row.action.approval is Approval.INDIVIDUAL and not one_by_one:
        return "seen_one_by_one"
    return None


def reject(desk: Administration, id_: str, reason: str, *, by: str) -> ActionRow:
    """Say no to an action; its items go to the attention list until a person moves them.

    Raises:
        RequestError: It is not waiting any more.
    """
    store = desk.office.store
    with store.lock(desk.id), desk.unit(durable=True) as unit:
        row = unit.ledger.get(id_)
        waiting = (ActionStatus.PROPOSED, ActionStatus.APPROVED, ActionStatus.FAILED)
        if row.status not in waiting:
            raise RequestError("action_not_waiting", action=row.id, status=row.status.value)
        unit.ledger.reject(row.id, by, reason)
        for item in row.action.items:
            facts: dict[str, Fact] = {
                "action": row.id,
                "step": item.step,
                "party": row.action.party,
                "name": row.action.party_name,
                "number": item.number,
            }
            unit.tasks.ensure(
                TaskKind.ATTENTION,
                "rejected",
                item.id,
                cycle=item.cycle,
                facts=facts,
                due=desk.office.today,
            )
        unit.books.touch([row.action.party])
        unit.journal.add("rejected", row.id, {"reason": reason}, by)
        return unit.ledger.get(row.id)


def retry(desk: Administration, id_: str, *, by: str) -> ActionRow:
    """Bring a failed or rejected action back into the queue.

    A rejected one waits for approval again, a failed one is sent at the next `act`.

    Raises:
        RequestError: It is neither failed nor rejected.
    """
    store = desk.office.store
    with store.lock(desk.id), desk.unit(durable=True) as unit:
        row = unit.ledger.get(id_)
        deliveries = unit.ledger.deliveries(row.id)
        half = row.status is ActionStatus.SENDING and is_half_sent(deliveries)
        if row.status not in _RETRY and not half:
            raise RequestError("action_not_failed", action=row.id, status=row.status.value)
        for delivery in deliveries:
            if delivery.status is ActionStatus.FAILED:
                now = desk.office.now
                unit.ledger.save_delivery(replace(delivery, attempts=0, next_attempt_at=now))
        if not half:
            rejected = row.status is ActionStatus.REJECTED
            unit.ledger.mark(row.id, ActionStatus.PROPOSED if rejected else ActionStatus.APPROVED)
        unit.tasks.drop_about(row.id)
        unit.journal.add("retried", row.id, {"from": row.status.value}, by)
        return unit.ledger.get(row.id)


def resolve(desk: Administration, id_: str, *, sent: bool, by: str) -> ActionRow:
    """Say what became of an action whose outcome nobody could know.

    Raises:
        RequestError: Its outcome is known.
    """
    store = desk.office.store
    with store.lock(desk.id), desk.unit(durable=True) as unit:
        row = unit.ledger.get(id_)
        deliveries = unit.ledger.deliveries(row.id)
        half = row.status is ActionStatus.SENDING and is_half_sent(deliveries)
        if row.status is not ActionStatus.UNCERTAIN and not half:
            raise RequestError("action_not_uncertain", action=row.id, status=row.status.value)
        for delivery in deliveries:
            if delivery.status is not ActionStatus.DELIVERED:
                unit.ledger.save_delivery(_resolved(desk, delivery, sent=sent))
        unit.journal.add("resolved", row.id, {"sent": sent}, by)
        unit.tasks.drop_about(row.id)
        if not half:
            unit.ledger.mark(row.id, ActionStatus.SENDING if sent else ActionStatus.APPROVED)
        conclude(desk, unit, unit.ledger.get(row.id))
        unit.books.touch([row.action.party])
        return unit.ledger.get(row.id)


def _resolved(desk: Administration, delivery: DeliveryRow, *, sent: bool) -> DeliveryRow:
    """Return the delivery as a person says it ended; one that was not sent is tried again."""
    if not sent:
        now = desk.office.now
        return replace(delivery, status=ActionStatus.FAILED, attempts=0, next_attempt_at=now)
    on = delivery.dispatched_on or desk.office.today
    return replace(
        delivery,
        status=ActionStatus.DELIVERED,
        dispatched_on=on,
        received_on=arrival(desk, delivery.channel, on),
        next_attempt_at=None,
        error=None,
    )


def undelivered(desk: Administration, id_: str, *, by: str) -> ActionRow:
    """Keep that a message came back: its items stand where they stood before it.

    A bounced e-mail address is not used again; a letter that came back puts an address hold on
    the debtor. The plan then proposes the step again by the next way.

    Raises:
        RequestError: It was never delivered, or was no message.
    """
    store = desk.office.store
    with store.lock(desk.id), desk.unit(durable=True) as unit:
        row = unit.ledger.get(id_)
        if row.status is not ActionStatus.DELIVERED or not row.action.kind.is_message:
            raise RequestError("action_not_delivered", action=row.id, status=row.status.value)
        came_back(desk, unit, row, by=by)
        return unit.ledger.get(row.id)


def finish_task(desk: Administration, id_: str, outcome: str, *, by: str) -> date:
    """Write down how a call, a task or a point of attention ended, and return the day.

    Raises:
        RequestError: There is no such task, or it was finished before.
    """
    store, today = desk.office.store, desk.office.today
    with store.lock(desk.id), desk.unit(durable=True) as unit:
        task = unit.tasks.done(id_, outcome, by)
        unit.journal.add("task_done", task.subject, {"code": task.code, "outcome": outcome}, by)
        if task.code == "hold_ended":
            unit.holds.lift(task.subject.removeprefix("hold:"), by=by, outcome=outcome)
        if task.kind is not TaskKind.ATTENTION:
            row = unit.ledger.get(task.subject)
            for delivery in unit.ledger.deliveries(row.id):
                told = {**delivery.facts, "at": desk.office.now.isoformat()}
                done = replace(delivery, status=ActionStatus.DELIVERED, dispatched_on=today)
                unit.ledger.save_delivery(replace(done, reply=outcome, facts=told))
            conclude(desk, unit, row)
        unit.books.touch_all() if task.kind is TaskKind.ATTENTION else None
    return today
