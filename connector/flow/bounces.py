"""Bounces: a message that did not reach its debtor puts its items back where they stood."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from connector.core.actions import ActionStatus
from connector.core.policy.model import ChannelName
from connector.core.snapshot import Hold, HoldReason
from connector.flow.office import Administration
from connector.port.records import Bounce, PartyRef
from connector.store import ActionRow, DeliveryRow, Unit

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
        row = _by_package(unit, bounce)
        if row is not None:
            came_back(desk, unit, row, by=by)
            continue
        item = unit.books.item(bounce.item)
        if item is not None and bounce.on >= desk.office.today - _STILL_TELLS:
            _mark_bounced(unit, item.party, by)
            unit.books.touch([item.party])
            unit.journal.add("address_bounced", item.party, {"reason": bounce.reason}, by)


def came_back(desk: Administration, unit: Unit, row: ActionRow, *, by: str) -> None:
    """Keep that a delivered message came back: its items stand where they stood before it."""
    deliveries = unit.ledger.deliveries(row.id)
    channels = {delivery.channel for delivery in deliveries}
    for delivery in deliveries:
        unit.ledger.save_delivery(_returned(delivery))
    if channels & {ChannelName.EMAIL, ChannelName.PACKAGE}:
        _mark_bounced(unit, row.action.party, by)
    if ChannelName.POST in channels:
        _hold_address(desk, unit, row, by)
    unit.ledger.undo_delivered(row.id)
    unit.charges.void(row.id)
    unit.books.touch([row.action.party])
    unit.journal.add("undelivered", row.id, {"channels": sorted(channels)}, by)


def _by_package(unit: Unit, bounce: Bounce) -> ActionRow | None:
    """Return the newest message about the item that the package sent, on that day or before."""
    found = None
    for row in unit.ledger.find(status=ActionStatus.DELIVERED, item=bounce.item):
        if any(
            delivery.channel == ChannelName.PACKAGE
            and delivery.dispatched_on is not None
            and delivery.dispatched_on <= bounce.on
            for delivery in unit.ledger.deliveries(row.id)
        ):
            found = row
    return found


def _returned(delivery: DeliveryRow) -> DeliveryRow:
    """Return the delivery as one that came back; the next one by this way is another message."""
    times = int(str(delivery.facts.get("returned") or 0)) + 1
    facts = {**delivery.facts, "returned": times}
    return replace(delivery, status=ActionStatus.FAILED, error="returned", facts=facts)


def _mark_bounced(unit: Unit, ref: PartyRef, by: str) -> None:
    party = unit.books.party(ref)
    if party is not None and party.email:
        unit.books.mark_bounced(party.ref, party.email, by)


def _hold_address(desk: Administration, unit: Unit, row: ActionRow, by: str) -> None:
    hold = Hold(
        id="", item=None, party=row.action.party, reason=HoldReason.ADDRESS,
        until=desk.office.today, owner=by,
    )  # fmt: skip
    unit.holds.add(hold, note=row.id, by=by)
