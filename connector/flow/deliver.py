"""Deliver: one approved action goes out, with its intent committed before the world is touched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from connector.channels.base import Channel, Dispatched
from connector.core.actions import Action, ActionStatus
from connector.core.deadlines import deadline, received_on
from connector.core.policy.model import ChannelName, Duration, StepKind
from connector.core.reasons import Fact
from connector.flow.office import Administration
from connector.flow.parcels import Outgoing, channel_of, delivery_key, pack
from connector.port.errors import DeliveryUnknownError, MaanError, NotDeliveredError
from connector.settings import ZONE
from connector.store import ActionRow, DeliveryRow, TaskKind, Unit

PHONE: Final = "phone"
AGENCY: Final = "agency"
_BACKOFF: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))

Packer = Callable[[Administration, Unit, Action, datetime], list[Outgoing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an action in this run."""

    row: ActionRow
    status: ActionStatus
    code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    documents: tuple[str, ...] = ()  # SHA-256 of what went out, in the order of the channels


def perform(desk: Administration, row: ActionRow) -> Outcome:
    """Do what the action says: ask a person, write to the debtor, or hand over.

    The caller holds the lock of the administration and no unit.
    """
    match row.action.kind:
        case StepKind.CALL | StepKind.TASK:
            return _ask(desk, row)
        case StepKind.HAND_OVER:
            from connector.flow.handover import pack_handover  # noqa: PLC0415  # heavy, and rare

            return _send(desk, row, pack_handover)
        case _:
            return _send(desk, row, pack)


def recover(desk: Administration) -> list[Outcome]:
    """Find out what became of the deliveries that a dead process left behind.

    The caller holds the lock, so whatever is still *sending* was left by nobody alive. What the
    channel can't tell becomes uncertain and waits for a person.
    """
    store, found = desk.office.store, []
    with store.unit(desk.id) as unit:
        left = unit.ledger.find(status=ActionStatus.SENDING)
        open_ = {row.id: unit.ledger.deliveries(row.id) for row in left}
    for row in left:
        lost = [d for d in open_[row.id] if d.status is ActionStatus.SENDING]
        lost = [d for d in lost if d.channel != PHONE]
        if lost or not open_[row.id]:
            settled = [_looked_up(desk, row, delivery) for delivery in lost]
            found.append(_conclude_all(desk, row, settled))
    return found


def conclude(desk: Administration, unit: Unit, row: ActionRow) -> ActionStatus:
    """Bring the action in line with its deliveries and return its status."""
    wanted = _wanted(row.action)
    rows = [d for d in unit.ledger.deliveries(row.id) if d.channel in wanted]
    statuses = {delivery.status for delivery in rows}
    if len(rows) == len(wanted) and statuses == {ActionStatus.DELIVERED}:
        _delivered(desk, unit, row, rows)
        return ActionStatus.DELIVERED
    for status in (ActionStatus.UNCERTAIN, ActionStatus.FAILED):
        if status in statuses:
            unit.ledger.mark(row.id, status)
            return status
    back = ActionStatus.SENDING if rows else ActionStatus.APPROVED
    unit.ledger.mark(row.id, back)
    return back


def _wanted(action: Action) -> frozenset[str]:
    """Return the channels that must all be delivered before the action is."""
    match action.kind:
        case StepKind.CALL | StepKind.TASK:
            return frozenset({PHONE})
        case StepKind.HAND_OVER:
            return frozenset({AGENCY, *action.via})
        case _:
            return frozenset(action.via)


def _ask(desk: Administration, row: ActionRow) -> Outcome:
    """Put a call or task on a person's list; it is delivered when the outcome is recorded."""
    store, action = desk.office.store, row.action
    kind = TaskKind.CALL if action.kind is StepKind.CALL else TaskKind.TASK
    with store.unit(desk.id, durable=True) as unit:
        if not unit.ledger.claim(row.id):
            return Outcome(row=row, status=ActionStatus.SENDING, code="claimed_elsewhere")
        facts = {
            "party": action.party,
            "name": action.party_name,
            "numbers": ", ".join(item.number for item in action.items),
            "total": str(action.total),
            "currency": action.currency,
            "to": action.to,
            "why": action.why,
        }
        task = unit.tasks.ensure(
            kind, action.step, row.id, cycle=0, facts=facts, due=desk.office.today
        )
        key = delivery_key(row.id, PHONE)
        unit.ledger.save_delivery(
            DeliveryRow(action=row.id, channel=PHONE, status=ActionStatus.SENDING, key=key)
        )
        unit.journal.add("asked", row.id, {"task": task.id}, desk.office.actor)
    return Outcome(row=row, status=ActionStatus.SENDING, code="task_open", facts={"task": task.id})


def _send(desk: Administration, row: ActionRow, packer: Packer) -> Outcome:
    """Pack, commit the intent, send channel by channel, commit what became of it."""
    store, now = desk.office.store, desk.office.now
    try:
        with store.unit(desk.id, reading=True) as unit:
            known = {d.channel: d for d in unit.ledger.deliveries(row.id)}
            packed = packer(desk, unit, row.action, now)
    except MaanError as error:
        return _unfit(desk, row, error)
    todo = [out for out in packed if not _is_done(known.get(out.name))]
    pending = [_intent(desk, row, out, known.get(out.name)) for out in todo]
    with store.unit(desk.id, durable=True) as unit:
        if not unit.ledger.claim(row.id):
            return Outcome(row=row, status=ActionStatus.SENDING, code="claimed_elsewhere")
        for delivery in pending:
            unit.ledger.save_delivery(delivery)
        documents = {d.channel: d.document for d in pending}
        unit.journal.add("sending", row.id, {"documents": documents}, desk.office.actor)
    settled = [
        _sent(desk, out.channel, out, delivery) for out, delivery in zip(todo, pending, strict=True)
    ]
    return _conclude_all(desk, row, settled)


def _is_done(delivery: DeliveryRow | None) -> bool:
    return delivery is not None and delivery.status is ActionStatus.DELIVERED


def _intent(
    desk: Administration, row: ActionRow, out: Outgoing, before: DeliveryRow | None
) -> DeliveryRow:
    prepared = out.prepared
    sha = desk.office.store.documents.put(
        prepared.content, prepared.media_type, prepared.name, desk.id
    )
    return DeliveryRow(
        action=row.id,
        channel=out.name,
        status=ActionStatus.SENDING,
        key=delivery_key(row.id, out.name),
        attempts=(before.attempts if before else 0) + 1,
        recipient=prepared.recipient,
        document=sha,
        facts={
            "deadline": out.deadline.isoformat() if out.deadline else None,
            "address": prepared.parcel.recipient.email,
        },
    )


def _sent(
    desk: Administration, channel: Channel, out: Outgoing, delivery: DeliveryRow
) -> DeliveryRow:
    """Let one delivery leave, and return it with what became of it."""
    try:
        return _arrived(desk, delivery, channel.send(out.prepared))
    except NotDeliveredError as error:
        return _failed(desk, delivery, error)
    except DeliveryUnknownError as error:
        return replace(delivery, status=ActionStatus.UNCERTAIN, error=error.code)


def _looked_up(desk: Administration, row: ActionRow, delivery: DeliveryRow) -> DeliveryRow:
    """Ask the channel whether a delivery left before its process died."""
    try:
        channel = _channel_of(desk, row, delivery.channel)
        dispatched = channel.find(delivery.key)
    except MaanError as error:
        return replace(delivery, status=ActionStatus.UNCERTAIN, error=error.code)
    if dispatched is None:
        now = desk.office.now
        return replace(delivery, status=ActionStatus.FAILED, error="not_sent", next_attempt_at=now)
    return _arrived(desk, delivery, dispatched)


def _channel_of(desk: Administration, row: ActionRow, name: str) -> Channel:
    if name == AGENCY:
        return desk.office.parts.agency(row.action.to or "")
    return channel_of(desk, ChannelName(name))


def _arrived(desk: Administration, delivery: DeliveryRow, sent: Dispatched) -> DeliveryRow:
    received = sent.on
    if delivery.channel in (ChannelName.EMAIL, ChannelName.POST, ChannelName.PACKAGE):
        local = desk.office.now.astimezone(ZONE)
        at = local if sent.on == local.date() else datetime.combine(sent.on, time(12), ZONE)
        channel = ChannelName(delivery.channel)
        received = received_on(channel, at, desk.policy.guards, ZONE)
    return replace(
        delivery,
        status=ActionStatus.DELIVERED,
        reply=sent.reply,
        recipient=sent.recipient,
        dispatched_on=sent.on,
        received_on=received,
        next_attempt_at=None,
        error=None,
        facts={
            **delivery.facts,
            "reference": sent.reference,
            "at": desk.office.now.isoformat(),
        },
    )


def _failed(desk: Administration, delivery: DeliveryRow, error: NotDeliveredError) -> DeliveryRow:
    permanent = bool(error.facts.get("permanent"))
    attempt = delivery.attempts - 1
    again = None
    if not permanent and attempt < len(_BACKOFF):
        again = desk.office.now + _BACKOFF[attempt]
    return replace(
        delivery,
        status=ActionStatus.FAILED,
        error=error.code,
        reply=str(error.facts.get("reply") or ""),
        next_attempt_at=again,
        facts={**delivery.facts, "permanent": permanent},
    )


def _unfit(desk: Administration, row: ActionRow, error: MaanError) -> Outcome:
    """Keep that an action can't be packed; a person must mend what is wrong first."""
    with desk.office.store.unit(desk.id, durable=True) as unit:
        unit.ledger.mark(row.id, ActionStatus.FAILED, error=error.code)
        told: dict[str, Fact] = {name: str(value) for name, value in error.facts.items()}
        facts = told | {"party": row.action.party, "action": row.id}
        unit.tasks.ensure(
            TaskKind.ATTENTION, error.code, row.id, cycle=0, facts=facts, due=desk.office.today
        )
        unit.journal.add("failed", row.id, {"code": error.code}, desk.office.actor)
    return Outcome(row=row, status=ActionStatus.FAILED, code=error.code, facts=error.facts)


def _conclude_all(desk: Administration, row: ActionRow, settled: list[DeliveryRow]) -> Outcome:
    """Commit what became of the deliveries, and what that makes of the action."""
    with desk.office.store.unit(desk.id, durable=True) as unit:
        for delivery in settled:
            unit.ledger.save_delivery(delivery)
            _note_trouble(desk, unit, row, delivery)
        status = conclude(desk, unit, row)
    trouble = next((d for d in settled if d.error), None)
    return Outcome(
        row=row,
        status=status,
        code=trouble.error if trouble else None,
        facts={"reply": trouble.reply or "", "via": trouble.channel} if trouble else {},
        documents=tuple(d.document for d in settled if d.document and not d.error),
    )


def _note_trouble(desk: Administration, unit: Unit, row: ActionRow, delivery: DeliveryRow) -> None:
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
        _call_person(desk, unit, "delivery_uncertain", row, facts)
    elif delivery.next_attempt_at is None:
        _call_person(desk, unit, "delivery_failed", row, facts)


def _call_person(
    desk: Administration, unit: Unit, code: str, row: ActionRow, facts: Mapping[str, Fact]
) -> None:
    unit.tasks.ensure(TaskKind.ATTENTION, code, row.id, cycle=0, facts=facts, due=desk.office.today)


def _delivered(desk: Administration, unit: Unit, row: ActionRow, rows: list[DeliveryRow]) -> None:
    """Move the items of a delivered action to their steps, with the term that now runs."""
    action = row.action
    on = max(d.dispatched_on or desk.office.today for d in rows)
    unit.ledger.delivered(
        row.id,
        on=on,
        deadline=_deadline(desk, action, rows),
        steps={item.id: item.step for item in action.items},
        track=action.track,
        demand=action.kind.is_message,
        freeze=action.kind is StepKind.HAND_OVER,
    )
    documents = {d.channel: d.document for d in rows}
    payload = {"on": on.isoformat(), "step": action.step, "total": str(action.total),
               "currency": action.currency, "documents": documents,
               "items": [item.number for item in action.items]}  # fmt: skip
    unit.journal.add("delivered", row.id, payload, desk.office.actor)
    unit.tasks.drop_about(row.id)
    unit.books.touch([action.party])


def _deadline(desk: Administration, action: Action, rows: list[DeliveryRow]) -> date | None:
    """Return the last day of the term: after the latest receipt, never before the printed day."""
    received = [d.received_on for d in rows if d.received_on is not None]
    if action.term_days is None or not received:
        return None
    term = Duration(action.term_days, business=action.term_business)
    printed = [str(d.facts["deadline"]) for d in rows if d.facts.get("deadline")]
    ends = deadline(max(received), term, desk.policy.guards)
    return max([ends, *map(date.fromisoformat, printed)])
