"""What the reports read comes out the same on both databases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.actions import ActionStatus
from connector.core.insight.vat_books import Movement
from connector.port.money import Money
from connector.port.records import End, ItemRecord, receivable_id
from connector.store import DeliveryRow
from connector.store.engine import Store
from tests.make import TODAY, FixedClock, action, batch, party, planned, receivable

ITEM = receivable_id("F2026-0312")
LATER = date(2027, 1, 1)


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def pull(store: Store, *items: ItemRecord) -> None:
    with store.unit("jansen-bv", durable=True) as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(party(), *items))


@pytest.fixture(autouse=True)
def pulled(store: Store) -> None:
    pull(store, receivable())


def test_a_demand_counts_on_the_day_of_its_first_arrival(store: Store, clock: FixedClock) -> None:
    with store.unit("jansen-bv", durable=True) as unit:
        sent = action(planned())
        unit.ledger.propose([sent], today=TODAY, policy="p")
        unit.ledger.approve(sent.id, "petra", clock.now())
        unit.ledger.claim(sent.id)
        for channel, received in (("email", date(2026, 11, 24)), ("post", date(2026, 11, 26))):
            unit.ledger.save_delivery(
                DeliveryRow(
                    action=sent.id, channel=channel, key=channel, status=ActionStatus.DELIVERED,
                    dispatched_on=TODAY, received_on=received,
                )
            )  # fmt: skip
        unit.ledger.delivered(
            sent.id, on=TODAY, deadline=TODAY, steps={ITEM: sent.step}, track=sent.track,
            demand=True, freeze=False,
        )  # fmt: skip

    with store.unit("jansen-bv", reading=True) as unit:
        assert unit.reports.demands() == {ITEM: (date(2026, 11, 24),)}


def test_a_message_that_did_not_leave_is_no_demand(store: Store) -> None:
    with store.unit("jansen-bv", durable=True) as unit:
        unit.ledger.propose([action(planned())], today=TODAY, policy="p")

    with store.unit("jansen-bv", reading=True) as unit:
        assert unit.reports.demands() == {}


def test_a_part_payment_counts_on_the_day_that_the_books_tell(store: Store) -> None:
    paid = replace(receivable(), open=euro("20.00"), paid_on=date(2026, 11, 20))
    pull(store, paid)

    with store.unit("jansen-bv", reading=True) as unit:
        assert unit.reports.payments() == {ITEM: (date(2026, 11, 20),)}


def test_an_invoice_comes_with_its_changes(store: Store) -> None:
    before = receivable().open
    pull(store, replace(receivable(), open=euro("20.00"), paid_on=date(2026, 11, 20)))
    pull(store, replace(receivable(), open=euro("0.00"), end=End.WRITTEN_OFF))

    with store.unit("jansen-bv", reading=True) as unit:
        (one,) = unit.reports.invoices(LATER)

    assert (one.number, one.open, one.gone_on) == ("F2026-0312", euro("0.00"), None)
    assert [(m.amount, m.is_write_off) for m in one.movements] == [
        (before - euro("20.00"), False),
        (euro("20.00"), True),
    ]


def test_what_was_paid_at_last_is_dated_by_the_books(store: Store) -> None:
    pull(store, replace(receivable(), open=euro("0.00"), paid_on=date(2026, 11, 19)))

    with store.unit("jansen-bv", reading=True) as unit:
        (one,) = unit.reports.invoices(LATER)

    assert one.movements == (Movement(on=date(2026, 11, 19), amount=receivable().open),)


def test_what_the_books_deleted_is_gone(store: Store) -> None:
    with store.unit("jansen-bv", durable=True) as unit:
        unit.books.begin_pull()
        unit.books.apply(replace(batch(party()), removed=(ITEM,)))

    with store.unit("jansen-bv", reading=True) as unit:
        (one,) = unit.reports.invoices(LATER)

    assert (one.gone_on, one.movements) == (TODAY, ())


def test_what_is_due_later_is_left_out(store: Store) -> None:
    with store.unit("jansen-bv", reading=True) as unit:
        assert unit.reports.invoices(date(2020, 1, 1)) == []
