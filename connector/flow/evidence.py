"""Evidence: what was said to a debtor about some items, and the journal that proves it."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Final

from connector.channels.package import text_of_order
from connector.core.actions import ActionStatus
from connector.core.chain import ChainEntry, Header
from connector.core.deadlines import received_on
from connector.core.dossier.facts import EventFacts, Paper, PaperType, Source
from connector.core.policy.model import ChannelName
from connector.flow.office import Administration
from connector.port.records import ItemId
from connector.settings import ZONE
from connector.store import ActionRow, DeliveryRow, Entry, PartyRow, Unit

_WRITTEN: Final = frozenset(channel.value for channel in ChannelName)
_BY_MAIL: Final = frozenset({ChannelName.EMAIL.value, ChannelName.PACKAGE.value})
_MEDIA: Final = {
    "email": "message/rfc822",
    "post": "application/pdf",
    "package": "text/plain",
}


def source_of(party: PartyRow, field: str) -> Source:
    """Return where a field of the debtor came from."""
    return Source.PERSON if party.sources.get(field) == "person" else Source.BOOKS


def contact_events(
    desk: Administration, unit: Unit, party: PartyRow, ids: Collection[ItemId]
) -> tuple[EventFacts, ...]:
    """Every message and call about these items, with what proves it."""
    return tuple(
        _event(desk, row, delivery, party)
        for row in actions_about(unit, ids)
        for delivery in unit.ledger.deliveries(row.id)
        if delivery.status is ActionStatus.DELIVERED
    )


def actions_about(unit: Unit, ids: Collection[ItemId]) -> list[ActionRow]:
    """Return what was delivered about any of the items, oldest first."""
    rows = unit.ledger.find(status=ActionStatus.DELIVERED)
    return [row for row in rows if any(item.id in ids for item in row.action.items)]


def carried_journal(unit: Unit, own: Collection[str]) -> tuple[ChainEntry, ...]:
    """Return the whole chain as headers, with the payloads of this debtor's subjects only."""
    return tuple(_link(entry, carried=entry.subject in own) for entry in unit.journal.entries())


def _event(
    desk: Administration, row: ActionRow, delivery: DeliveryRow, party: PartyRow
) -> EventFacts:
    action, field = row.action, "email" if delivery.channel in _BY_MAIL else "street"
    on = delivery.dispatched_on or row.delivered_on or row.proposed_on
    ends = delivery.facts.get("deadline")
    return EventFacts(
        at=_instant(delivery, on),
        kind=action.kind.value,
        step=action.step,
        channel=delivery.channel,
        address=delivery.recipient,
        address_source=source_of(party, field) if delivery.recipient else None,
        invoices=tuple(item.number for item in action.items),
        amount=action.total,
        term_days=action.term_days,
        deadline=date.fromisoformat(str(ends)) if ends else None,
        reference=str(delivery.facts.get("reference") or delivery.key),
        proof=delivery.reply if delivery.channel != "phone" else None,
        outcome=delivery.reply if delivery.channel == "phone" else None,
        is_demand=action.kind.is_message,
        action=row.id,
        received_on=delivery.received_on or _received(desk, delivery, on),
        documents=_sent(desk, row, delivery, on),
    )


def _received(desk: Administration, delivery: DeliveryRow, on: date) -> date | None:
    """Return when a message counts as received, None for what is no message."""
    if delivery.channel not in _WRITTEN:
        return None
    at = _instant(delivery, on)
    return received_on(ChannelName(delivery.channel), at, desk.policy.guards, ZONE)


def _instant(delivery: DeliveryRow, on: date) -> datetime:
    """Return when it left; for post and calls, of which only the day is known, noon."""
    told = delivery.facts.get("at")
    left = datetime.fromisoformat(str(told)) if told else None
    if left is not None and left.astimezone(ZONE).date() == on:
        return left
    return datetime.combine(on, time(12), ZONE).astimezone(UTC)


def _sent(
    desk: Administration, row: ActionRow, delivery: DeliveryRow, on: date
) -> tuple[Paper, ...]:
    if delivery.document is None:
        return ()
    content = desk.office.store.documents.get(delivery.document)
    by_package = delivery.channel == ChannelName.PACKAGE
    return (
        Paper(
            type=PaperType.EMAIL if delivery.channel in _BY_MAIL else PaperType.LETTER,
            on=on,
            reference=row.action.step,
            content=text_of_order(content) if by_package else content,
            media_type=_MEDIA.get(delivery.channel, "application/octet-stream"),
        ),
    )


def _link(entry: Entry, *, carried: bool) -> ChainEntry:
    header = Header(
        sequence=entry.sequence,
        at=entry.at,
        kind=entry.kind,
        subject=entry.subject,
        actor=entry.actor,
        payload_hash=entry.payload_hash,
        previous_hash=entry.previous_hash,
    )
    shown = carried and entry.payload is not None
    return ChainEntry(
        header=header,
        hash=entry.hash,
        payload=entry.payload if shown else None,
        salt=entry.salt if shown else None,
    )
