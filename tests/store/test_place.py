"""A person puts an item on another step: what was delivered before doesn't stand in the way."""

from datetime import date

import pytest

from connector.core.actions import ActionStatus
from connector.core.snapshot import Position
from connector.port.records import receivable_id
from connector.store.engine import Store
from connector.store.records import ChangeKind, ItemRow
from tests.make import TODAY, FixedClock, action, batch, party, planned, receivable

ITEM = receivable_id("F2026-0312")
SECOND = "tweede"


@pytest.fixture(autouse=True)
def delivered(store: Store, clock: FixedClock) -> None:
    """The second reminder went out, in cycle 1."""
    with store.unit("jansen-bv", durable=True) as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(party(), receivable()))
        sent = action(planned(step=SECOND), step=SECOND)
        unit.ledger.propose([sent], today=TODAY, policy="p")
        unit.ledger.approve(sent.id, "petra", clock.now())
        unit.ledger.claim(sent.id)
        unit.ledger.delivered(
            sent.id, on=TODAY, deadline=TODAY, steps={ITEM: SECOND},
            track="zakelijk", demand=True, freeze=False,
        )  # fmt: skip


def place(store: Store, step: str, on: date = TODAY) -> ItemRow:
    position = Position(track="zakelijk", step=step, delivered_on=on, deadline=None)
    with store.unit("jansen-bv", durable=True) as unit:
        unit.books.place(ITEM, position=position, due=None, reason="kwam niet aan", by="petra")
        row = unit.books.item(ITEM)
    assert row is not None
    return row


def test_an_item_that_is_put_back_takes_its_next_step_again(store: Store) -> None:
    row = place(store, "herinnering")

    again = action(planned(step=SECOND, cycle=row.cycle), step=SECOND)
    with store.unit("jansen-bv", durable=True) as unit:
        result = unit.ledger.propose([again], today=TODAY, policy="p")
        found = unit.ledger.get(again.id).status

    assert row.cycle == 2
    assert result.refused == ()
    assert found is ActionStatus.PROPOSED


def test_the_day_of_the_last_demand_stays(store: Store) -> None:
    assert place(store, "herinnering").last_demand_on == TODAY


def test_its_history_names_the_new_cycle(store: Store) -> None:
    place(store, "herinnering")

    with store.unit("jansen-bv", reading=True) as unit:
        last = unit.books.item_history(ITEM)[-1]

    assert (last.kind, last.cycle) == (ChangeKind.PLACED, 2)


def test_another_day_for_the_step_it_stands_on_starts_no_cycle(store: Store) -> None:
    row = place(store, SECOND, date(2026, 11, 20))

    assert row.cycle == 1
    assert row.position is not None
    assert row.position.delivered_on == date(2026, 11, 20)


def test_another_due_date_starts_no_cycle(store: Store) -> None:
    with store.unit("jansen-bv") as unit:
        unit.books.place(ITEM, position=None, due=TODAY, reason="klacht", by="petra")
        row = unit.books.item(ITEM)

    assert row is not None
    assert row.cycle == 1
