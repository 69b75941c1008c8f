"""Deliver: one approved action goes out, with its intent committed before the world is touched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from connector.channels.base import Channel, Dispatched
from connector.channels.package import PackageChannel
from connector.core.actions import Action, ActionStatus
from connector.core.policy.model import ChannelName, StepKind
from connector.core.reasons import Fact
from connector.flow.conclude import (
    AGENCY,
    PHONE,
    arrival,
    conclude,
    note_trouble,
)
from connector.flow.office import Administration
from connector.flow.parcels import Outgoing, channel_of, delivery_key, pack
from connector.flow.record import note_task
from connector.port.errors import DeliveryUnknownError, MaanError, NotDeliveredError
from connector.store import ActionRow, DeliveryRow, TaskKind, Unit

_BACKOFF: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))

_TOLD: Final = (  # facts of a refusal or doubt that its sentence names
    "host", "port", "reason", "endpoint", "after", "kind", "status", "reference", "number", "items",
    "invoices",
)  # fmt: skip

Packer = Callable[[Administration, Unit, Action, datetime], list[Outgoing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an action in this run."""

    row: ActionRow
    status: ActionStatus
    code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    documents: tuple[str, ...] = ()  # SHA-256 of what went out, in the order of the channels
    is_trouble: bool = False  # a channel refused, or what it did is not known


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


def _ask(desk: Administration, row: ActionRow) -> Outcome:
    """Put a call or task on a person's list; it is delivered when the outcome is recorded."""
    store, action = desk.office.store, row.action
    kind = TaskKind.CALL if action.kind is StepKind.CALL else TaskKind.TASK
    with store.unit(desk.id, durable=True) as unit:
        if not unit.ledger.claim(row.id):
            return Outcome(row=row, status=ActionStatus.SENDING, code="claimed_elsewhere")
        party = unit.books.party(action.party)
        facts = {
            "party": action.party,
            "phone": party.phone if party else None,
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
        note_task(desk, unit, row)
    return Outcome(row=row, status=ActionStatus.SENDING, code="task_open", facts={"task": task.id})


def _send(desk: Administration, row: ActionRow, packer: Packer) -> Outcome:
    """Pack, commit the intent, send channel by channel, commit what became of it."""
    store, now = desk.office.store, desk.office.now
    try:
        with store.unit(desk.id, reading=True) as unit:
            known = {d.channel: d for d in unit.ledger.deliveries(row.id)}
            packed = packer(desk, unit, row.action, now)
    except NotDeliveredError as error:
        if error.facts.get("permanent", True):
            return _unfit(desk, row, error)
        return Outcome(row=row, status=ActionStatus.SENDING, code=error.code, facts=error.facts)
    except MaanError as error:
        return _unfit(desk, row, error)
    todo = [out for out in packed if not _is_done(known.get(out.name))]
    pending = [_intent(desk, row, out, known.get(out.name)) for out in todo]
    with store.unit(desk.id, durable=True) as unit:
        if row.status is not ActionStatus.SENDING and not unit.ledger.claim(row.id):
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
        key=prepared.parcel.key,
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
        facts = {**delivery.facts, **_named(error)}
        return replace(delivery, status=ActionStatus.UNCERTAIN, error=error.code, facts=facts)


def _looked_up(desk: Administration, row: ActionRow, delivery: DeliveryRow) -> DeliveryRow:
    """Ask the channel whether a delivery left before its process died."""
    try:
        channel = _channel_of(desk, row, delivery)
        dispatched = channel.find(delivery.key)
    except MaanError as error:
        return replace(delivery, status=ActionStatus.UNCERTAIN, error=error.code)
    if dispatched is None:
        now = desk.office.now
        return replace(delivery, status=ActionStatus.FAILED, error="not_sent", next_attempt_at=now)
    return _arrived(desk, delivery, dispatched)


def _channel_of(desk: Administration, row: ActionRow, delivery: DeliveryRow) -> Channel:
    if delivery.channel == AGENCY:
        return desk.office.parts.agency(row.action.to or "")
    if delivery.channel == ChannelName.PACKAGE and desk.package is not None:
        sha = delivery.document
        kept = None if sha is None else desk.office.store.documents.get(sha)
        return PackageChannel(desk.package, kept)
    return channel_of(desk, ChannelName(delivery.channel))


def _arrived(desk: Administration, delivery: DeliveryRow, sent: Dispatched) -> DeliveryRow:
    return replace(
        delivery,
        status=ActionStatus.DELIVERED,
        reply=sent.reply,
        recipient=sent.recipient,
        dispatched_on=sent.on,
        received_on=arrival(desk, delivery.channel, sent.on),
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
    if "after" in error.facts:  # our own budget or the remote's: no failure, only patience
        again, attempt = desk.office.now + timedelta(seconds=int(str(error.facts["after"]))), -1
    elif not permanent and attempt < len(_BACKOFF):
        again = desk.office.now + _BACKOFF[attempt]
    return replace(
        delivery,
        status=ActionStatus.FAILED,
        error=error.code,
        reply=str(error.facts.get("reply") or ""),
        next_attempt_at=again,
        attempts=delivery.attempts if attempt >= 0 else delivery.attempts - 1,
        facts={**delivery.facts, **_named(error), "permanent": permanent},
    )


def _named(error: MaanError) -> dict[str, object]:
    return {name: str(error.facts[name]) for name in _TOLD if name in error.facts}


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
            note_trouble(desk, unit, row, delivery)
        status = conclude(desk, unit, row)
    trouble = next((d for d in settled if d.error), None)
    return Outcome(
        row=row,
        status=status,
        code=trouble.error if trouble else None,
        facts=_told(trouble) if trouble else {},
        is_trouble=trouble is not None,
        documents=tuple(d.document for d in settled if d.document and not d.error),
    )


def _told(trouble: DeliveryRow) -> dict[str, object]:
    """Return the facts that the sentences about a refusal or doubt need."""
    return {
        "reply": trouble.reply or "",
        "via": trouble.channel,
        "key": trouble.key,
        **{name: value for name, value in trouble.facts.items() if name in _TOLD},
    }
