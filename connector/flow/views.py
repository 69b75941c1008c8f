"""Views: one item or one party with everything that belongs to it; changes nothing."""

from dataclasses import dataclass

from connector.flow.office import Administration
from connector.store import (
    ActionRow,
    AttachmentRow,
    DeliveryRow,
    Entry,
    HoldRow,
    ItemChange,
    ItemQuery,
    ItemRow,
    ItemState,
    PartyRow,
    TaskRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item with all that happened to it and is said about it."""

    administration: str
    row: ItemRow
    history: tuple[ItemChange, ...]
    holds: tuple[HoldRow, ...]
    actions: tuple[ActionRow, ...]
    attachments: tuple[AttachmentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """One party with everything that is known of it."""

    administration: str
    row: PartyRow
    items: tuple[ItemRow, ...]  # in any state
    holds: tuple[HoldRow, ...]  # also those that are over
    actions: tuple[ActionRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    tasks: tuple[TaskRow, ...]
    journal: tuple[Entry, ...]


def item_view(desk: Administration, row: ItemRow) -> ItemView:
    """Return all about one item."""
    with desk.office.store.unit(desk.id, reading=True) as unit:
        actions = [
            action
            for action in unit.ledger.find()
            if any(item.id == row.id for item in action.action.items)
        ]
        holds = [
            hold
            for hold in unit.holds.list(lifted=True)
            if hold.hold.item == row.id or (hold.hold.item is None and hold.hold.party == row.party)
        ]
        return ItemView(
            administration=desk.id,
            row=row,
            history=tuple(unit.books.item_history(row.id)),
            holds=tuple(holds),
            actions=tuple(actions),
            attachments=tuple(unit.books.attachments(row.id)),
        )


def party_view(desk: Administration, row: PartyRow) -> PartyView:
    """Return all that is known of one party."""
    with desk.office.store.unit(desk.id, reading=True) as unit:
        everything = ItemQuery(debtor=row.ref, states=tuple(ItemState))
        items = [item for item in unit.books.items(everything) if item.party == row.ref]
        keys = {item.id for item in items}
        actions = [action for action in unit.ledger.find() if action.action.party == row.ref]
        holds = [
            hold
            for hold in unit.holds.list(lifted=True)
            if hold.hold.party == row.ref or hold.hold.item in keys
        ]
        subjects = {row.ref, *keys, *(action.id for action in actions), *(h.id for h in holds)}
        return PartyView(
            administration=desk.id,
            row=row,
            items=tuple(items),
            holds=tuple(holds),
            actions=tuple(actions),
            deliveries=tuple(d for a in actions for d in unit.ledger.deliveries(a.id)),
            tasks=tuple(t for t in unit.tasks.open() if t.facts.get("party") == row.ref),
            journal=tuple(e for e in unit.journal.entries() if e.subject in subjects),
        )
