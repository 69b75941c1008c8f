"""Receiving: what the package tells leads to a targeted refresh; a pull remains the truth.

Answering touches neither store nor network, so it is quick whatever else is going on. What was told
is read again later, once: repetitions are dropped by their key.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from connector.flow.office import Administration, Office
from connector.port.adapter import Received, Receives
from connector.port.errors import MaanError
from connector.port.records import Batch, ItemId
from connector.store import Unit

Told = Mapping[str, Sequence[ItemId]]
"""What to read again, by the key of the event that it was told with."""

_NOWHERE: Final = Received(status=404)


def receive(desk: Administration, headers: Mapping[str, str], body: bytes) -> Received:
    """Return what the source's adapter makes of a webhook; nothing is stored or sent.

    Args:
        desk: The administration that the webhook is addressed to.
        headers: With names in small letters.
        body: As it came.

    Raises:
        SettingsError: The source's settings can't be used.
    """
    adapter = desk.adapter
    return adapter.receive(headers, body) if isinstance(adapter, Receives) else _NOWHERE


def refresh_told(office: Office, told: Mapping[str, Told]) -> int:
    """Read again what was told for the first time, in each administration; return how many items.

    An administration that can't be read is left to its next pull.
    """
    count = 0
    for name, events in told.items():
        try:
            desk = office.administration(name)
            count += refresh_items(desk, _news(desk, events))
        except MaanError as error:
            office.log.warning("hook_refresh_failed", administration=name, code=error.code)
    return count


def refresh_items(desk: Administration, items: Iterable[ItemId]) -> int:
    """Read the present state of these items, those that the books know; return how many.

    A new item brings a party along that only a pull reads. One that the source does not show is
    held until a pull says what became of it.

    Raises:
        ConflictError: Somebody else is busy with this administration.
        AdapterError: The source can't be read.
    """
    store = desk.office.store
    with store.lock(desk.id):
        with store.unit(desk.id, reading=True) as unit:
            known = _known(unit, items)
        if not known:
            return 0
        seen = desk.adapter.refresh(known, urgent=False)
        held = (*seen.unreadable, *seen.gone)
        with store.unit(desk.id, durable=True) as unit:
            unit.books.apply_refreshed(Batch(items=seen.items, held=held, rejected=seen.rejected))
    return len(known)


def _news(desk: Administration, events: Told) -> list[ItemId]:
    """Return the items of the events that were not told before, and keep that they were."""
    with desk.office.store.unit(desk.id) as unit:
        return [
            item
            for key, items in events.items()
            if unit.books.is_news(f"hook:{key}")
            for item in items
        ]


def _known(unit: Unit, items: Iterable[ItemId]) -> list[ItemId]:
    return [item for item in dict.fromkeys(items) if unit.books.item(item) is not None]
