"""What the package tells is read again once, and only that; a pull remains the truth."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from connector.flow.pull import pull
from connector.flow.receiving import receive, refresh_items, refresh_told
from connector.port.adapter import Received
from connector.port.errors import ConflictError, UnavailableError
from connector.port.records import ItemId
from connector.store import ItemState, Store
from tests.flow.kit import Kit, MemorySource, late, open_kit
from tests.make import FixedClock, euro

_F1, _F2 = ItemId("R/F1"), ItemId("R/F2")


class TellingSource(MemorySource):
    """A source that tells of changes: the body names the item."""

    def receive(self, headers: Mapping[str, str], body: bytes) -> Received:
        return Received(status=200, reply=b"ok", key=headers["key"], items=(ItemId(body.decode()),))


@pytest.fixture
def kit(memory_store: Store, tmp_path: Path, clock: FixedClock) -> Iterator[Kit]:
    """Two invoices that were pulled, of a source that tells of changes."""
    with open_kit(tmp_path, memory_store, clock, source=TellingSource()) as made:
        made.source.add(late("F1"), late("F2"))
        pull(made.desk)
        yield made


def _state(kit: Kit, item: ItemId) -> ItemState:
    with kit.office.store.unit("jansen", reading=True) as unit:
        return unit.books.item_state(item)


def _is_held(kit: Kit, item: ItemId) -> bool:
    with kit.office.store.unit("jansen", reading=True) as unit:
        row = unit.books.item(item)
    assert row is not None
    return row.unreadable


def test_the_adapter_says_what_a_webhook_is_about(kit: Kit) -> None:
    found = receive(kit.desk, {"key": "k1"}, b"R/F1")

    assert found == Received(status=200, reply=b"ok", key="k1", items=(_F1,))


def test_answering_neither_reads_the_source_nor_waits_for_the_store(kit: Kit) -> None:
    with kit.office.store.lock("jansen"), kit.office.store.unit("jansen"):
        receive(kit.desk, {"key": "k1"}, b"R/F1")

    assert kit.source.refreshed == []


def test_a_source_that_tells_nothing_has_no_such_address(
    memory_store: Store, tmp_path: Path, clock: FixedClock
) -> None:
    with open_kit(tmp_path, memory_store, clock) as kit:
        found = receive(kit.desk, {"key": "k1"}, b"R/F1")

    assert (found.status, found.key) == (404, None)


def test_only_what_was_told_is_read_again(kit: Kit) -> None:
    kit.source.change("F1", open=euro(0))
    kit.source.change("F2", open=euro(0))

    count = refresh_told(kit.office, {"jansen": {"k1": [_F1]}})

    assert count == 1
    assert kit.source.refreshed == [[_F1]]
    assert (_state(kit, _F1), _state(kit, _F2)) == (ItemState.PAID, ItemState.OPEN)


def test_events_about_one_item_cost_one_reading(kit: Kit) -> None:
    refresh_told(kit.office, {"jansen": {"k1": [_F1], "k2": [_F1, _F2], "k3": [_F2]}})

    assert kit.source.refreshed == [[_F1, _F2]]


def test_a_repetition_is_dropped(kit: Kit) -> None:
    refresh_told(kit.office, {"jansen": {"k1": [_F1]}})

    again = refresh_told(kit.office, {"jansen": {"k1": [_F1]}})

    assert again == 0
    assert len(kit.source.refreshed) == 1


def test_an_item_that_the_books_do_not_know_waits_for_the_pull(kit: Kit) -> None:
    kit.source.add(late("F3"))

    count = refresh_items(kit.desk, [ItemId("R/F3")])

    assert count == 0
    assert kit.source.refreshed == []


def test_an_item_that_is_gone_is_held_until_a_pull_says_why(kit: Kit) -> None:
    del kit.source.items[_F1]

    refresh_items(kit.desk, [_F1])

    assert _state(kit, _F1) is ItemState.OPEN
    assert _is_held(kit, _F1)


def test_a_source_that_is_away_is_left_to_its_next_pull(kit: Kit) -> None:
    kit.source.fault = UnavailableError("wire_unavailable", endpoint="x")

    count = refresh_told(kit.office, {"jansen": {"k1": [_F1]}})

    assert count == 0
    assert not _is_held(kit, _F1)


def test_an_administration_that_is_gone_does_not_keep_the_others(kit: Kit) -> None:
    count = refresh_told(kit.office, {"weg": {"k1": [_F1]}, "jansen": {"k2": [_F2]}})

    assert count == 1


def test_reading_again_leaves_the_reserve_alone(kit: Kit) -> None:
    refresh_items(kit.desk, [_F1])

    assert kit.source.urgent == [False]


def test_reading_again_happens_under_the_lock(kit: Kit) -> None:
    def asked(ids: object, *, urgent: bool) -> None:
        with pytest.raises(ConflictError), kit.office.store.lock("jansen", wait_seconds=0.01):
            """Never reached."""
        raise UnavailableError("seen")

    kit.source.refresh = asked  # type: ignore[method-assign, assignment]  # looks at the lock

    with pytest.raises(UnavailableError, match="seen"):
        refresh_items(kit.desk, [_F1])
