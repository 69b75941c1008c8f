import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from connector.core.chain import GENESIS
from connector.port.errors import StoreError
from connector.store.engine import Store
from tests.make import FixedClock, euro


def write(store: Store, count: int, administration: str = "a") -> None:
    for number in range(count):
        with store.unit(administration, durable=True) as unit:
            unit.journal.add("delivered", f"action-{number % 2}", {"n": number}, "scheduler")


def tamper(store: Store, text: str) -> None:
    with store.unit("a") as unit:
        unit.books._session.connection.exec_driver_sql(text)


def test_an_entry_is_kept_as_it_was_added(store: Store) -> None:
    with store.unit("a", durable=True) as unit:
        added = unit.journal.add(
            "delivered", "id", {"total": euro("1.50"), "on": date(2026, 11, 23),
                                "rate": Decimal("2.25"), "names": ("é", 1)}, "cli:petra",
        )  # fmt: skip
        (found,) = unit.journal.entries()

    assert found == added
    assert found.sequence == 1
    assert found.previous_hash == GENESIS
    assert found.at == "2026-11-23T11:00:00.000000Z"
    assert found.payload == {
        "total": {"amount": "1.50", "currency": "EUR"},
        "on": "2026-11-23",
        "rate": "2.25",
        "names": ["é", 1],
    }


def test_each_administration_has_a_chain_of_its_own(store: Store) -> None:
    write(store, 3)
    write(store, 2, "b")

    with store.unit("b", reading=True) as unit:
        verified = unit.journal.verify()
        entries = unit.journal.entries()

    assert (verified.ok, verified.entries, verified.head) == (True, 2, entries[-1].hash)
    assert [entry.sequence for entry in entries] == [1, 2]


def test_entries_of_a_subject_are_found(store: Store) -> None:
    write(store, 5)

    with store.unit("a", reading=True) as unit:
        assert [entry.sequence for entry in unit.journal.entries("action-0")] == [1, 3, 5]


def test_the_same_payload_has_another_hash_each_time(store: Store) -> None:
    with store.unit("a") as unit:
        one, two = (unit.journal.add("k", "s", {"a": 1}, "x") for _ in range(2))

    assert one.payload_hash != two.payload_hash


def test_an_empty_journal_is_sound(store: Store) -> None:
    with store.unit("a", reading=True) as unit:
        found = unit.journal.verify()

    assert (found.ok, found.entries, found.head, found.fault) == (True, 0, GENESIS, None)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE journal SET payload = '{\"n\":9}' WHERE sequence = 2", "payload_changed:2"),
        ("UPDATE journal SET payload = 'x' WHERE sequence = 2", "payload_changed:2"),
        ("UPDATE journal SET salt = '00' WHERE sequence = 2", "payload_changed:2"),
        ("UPDATE journal SET at = '2026' WHERE sequence = 3", "header_changed:3"),
        ("UPDATE journal SET actor = 'x' WHERE sequence = 1", "header_changed:1"),
        ("UPDATE journal SET hash = 'x' WHERE sequence = 4", "header_changed:4"),
        ("DELETE FROM journal WHERE sequence = 2", "gap:3"),
        ("DELETE FROM journal WHERE sequence = 1", "gap:2"),
        ("UPDATE journal SET payload = NULL WHERE sequence = 2", "salt_missing:2"),
    ],
)
def test_what_was_changed_is_found(store: Store, change: str, fault: str) -> None:
    write(store, 4)
    tamper(store, change)

    with store.unit("a", reading=True) as unit:
        found = unit.journal.verify()

    assert (found.ok, found.fault) == (False, fault)


def test_a_forgotten_payload_does_not_break_the_chain(store: Store) -> None:
    write(store, 4)
    tamper(store, "UPDATE journal SET payload = NULL, salt = NULL WHERE sequence = 2")

    with store.unit("a", reading=True) as unit:
        assert unit.journal.verify().ok
        assert unit.journal.entries()[1].payload is None


def test_writers_at_the_same_time_make_one_chain(
    opened: Callable[[], Store], clock: FixedClock
) -> None:
    stores = [opened(), opened()]
    threads = [threading.Thread(target=write, args=(store, 10)) for store in stores * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    with stores[0].unit("a", reading=True) as unit:
        found = unit.journal.verify()

    assert (found.ok, found.entries) == (True, 40)


@pytest.mark.parametrize("payload", [{"n": 2**60}, {"x": object()}, {"n": 0.5}])
def test_a_payload_without_canonical_form_is_refused(
    store: Store, payload: dict[str, object]
) -> None:
    with store.unit("a") as unit:
        with pytest.raises(StoreError, match="record_refused"):
            unit.journal.add("k", "s", payload, "x")
        assert unit.journal.entries() == []


def add_and_fail(store: Store) -> None:
    with store.unit("a") as unit:
        unit.journal.add("k", "s", {}, "x")
        _ = 1 // 0


def test_an_entry_that_was_rolled_back_leaves_no_gap(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_fail(store)
    write(store, 1)

    with store.unit("a", reading=True) as unit:
        (entry,) = unit.journal.entries()
    assert entry.sequence == 1
