"""Bounces: a message that did not reach its debtor puts its items back where they stood."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from connector.core.actions import ActionStatus
from connector.core.policy.model import ChannelName
from connector.core.reasons import Fact
from connector.core.snapshot import Hold, HoldReason
from connector.flow.office import Administration
from connector.port.records import Bounce, PartyRef
from connector.store import ActionRow, DeliveryRow, TaskKind, Unit

_RETURNED: Final = "returned"
_BY_MAIL: Final = (ChannelName.EMAIL, ChannelName.PACKAGE)
_STILL_TELLS: Final = timedelta(days=14)
"""An older bounce may be about an address that was put right since."""


def note_bounces(desk: Administration, unit: Unit, bounces: Iterable[Bounce]) -> None:
    """Take back what the package could not deliver, once for each bounce that the source names.

    The address is not used again until it changes, so the plan goes on by the next way. The
    caller holds the lock of the administration.
    """
    for bounce in bounces:
        if not unit.books.is_news(f"bounce:{bounce.item}:{bounce.reference}"):
            continue
        by = desk.office.actor
        sent = _by_package(unit, bounce) if bounce.is_reminder else None
        if sent is not None and sent[1].error == _RETURNED:
            continue  # the same reminder, told of another invoice in it
        if sent is not None:
            row = sent[0]
            came_back(desk, unit, row, by=by, is_certain=False)
            facts: dict[str, Fact] = {
                "party": row.action.party, "name": row.action.party_name, "step": row.action.step,
            }  # fmt: skip
            unit.tasks.ensure(
                TaskKind.ATTENTION, "reminder_returned", row.id, cycle=0, facts=facts,
                due=desk.office.today,
            )  # fmt: skip
            continue
        item = unit.books.item(bounce.item)
        if item is not None and bounce.on >= desk.office.today - _STILL_TELLS:
            _mark_bounced(unit, item.party, by)
            unit.books.touch([item.party])
            unit.journal.add("address_bounced", item.party, {"reason": bounce.reason}, by)


def came_back(
    desk: Administration, unit: Unit, row: ActionRow, *, by: str, is_certain: bool = True
) -> None:
    """Keep that a delivered message came back: its items stand where they stood before it.

    Args:
        desk: The administration.
        unit: A durable one.
        row: The message.
        by: Who says so.
        is_certain: Whoever says so knows that the address of today is no good; else only the one
            that the message went to is.
    """
    deliveries = unit.ledger.deliveries(row.id)
    channels = {delivery.channel for delivery in deliveries}
    for delivery in deliveries:
        unit.ledger.save_delivery(_returned(delivery))
    mailed = {d.recipient for d in deliveries if d.channel in _BY_MAIL}
    if mailed:
        _mark_bounced(unit, row.action.party, by, () if is_certain else mailed)
    if ChannelName.POST in channels:
        _hold_address(desk, unit, row, by)
    unit.ledger.undo_delivered(row.id)
    unit.charges.void(row.id)
    unit.books.touch([row.action.party])
    unit.journal.add("undelivered", row.id, {"channels": sorted(channels)}, by)


def _by_package(unit: Unit, bounce: Bounce) -> tuple[ActionRow, DeliveryRow] | None:
    """Return the newest message about the item that the package sent, on that day or before.

    One that came back already is among them: a bounce is told of every invoice in a message.
    """
    found = [
        (row, delivery)
        for row in unit.ledger.find(item=bounce.item)
        for delivery in unit.ledger.deliveries(row.id)
        if delivery.channel == ChannelName.PACKAGE
        and delivery.dispatched_on is not None
        and delivery.dispatched_on <= bounce.on
    ]
    return max(found, key=lambda one: (one[1].dispatched_on, one[0].proposed_on), default=None)


def _returned(delivery: DeliveryRow) -> DeliveryRow:
    """Return the delivery as one that came back; the next one by this way is another message."""
    times = int(str(delivery.facts.get("returned") or 0)) + 1
    facts = {**delivery.facts, "returned": times}
    return replace(delivery, status=ActionStatus.FAILED, error=_RETURNED, facts=facts)


def _mark_bounced(unit: Unit, ref: PartyRef, by: str, sent_to: Collection[str | None] = ()) -> None:
    """Use the address no more, unless it was put right after the message left."""
    party = unit.books.party(ref)
    if party is not None and party.email and (not sent_to or party.email in sent_to):
        unit.books.mark_bounced(party.ref, party.email, by)


def _hold_address(desk: Administration, unit: Unit, row: ActionRow, by: str) -> None:
    hold = Hold(
        id="", item=None, party=row.action.party, reason=HoldReason.ADDRESS,
        until=desk.office.today, owner=by,
    )  # fmt: skip
    unit.holds.add(hold, note=row.id, by=by)
