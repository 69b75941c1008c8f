from datetime import UTC, datetime

import pytest

from adapters.moneybird.endpoints import Resource
from connector.port.errors import UnavailableError
from connector.port.records import End, ItemId
from tests.adapters.moneybird.reading import (
    FIRST,
    FakeSource,
    adapter_of,
    external,
    purchase,
    run,
    sales,
    tools,
    workflow,
)


def key(id_: int = FIRST, prefix: str = "R") -> ItemId:
    return ItemId(f"{prefix}/{id_}")


def books(count: int = 3) -> FakeSource:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n) for n in range(count)))
    return source


def test_items_are_read_a_hundred_at_a_time_from_the_reserve() -> None:
    source = books(150)

    told = adapter_of(source).refresh([key(FIRST + n) for n in range(150)])

    assert len(told.items) == 150
    assert source.calls == ["workflows urgent", *["fetch sales_invoices urgent"] * 2]


def test_items_that_can_wait_leave_the_reserve_alone() -> None:
    source = books(1)

    adapter_of(source).refresh([key()], urgent=False)

    assert source.calls == ["workflows", "fetch sales_invoices"]


def test_each_kind_is_read_by_itself() -> None:
    source = books(1)
    source.add(Resource.EXTERNAL, external(5))
    source.add(Resource.PURCHASE, purchase(6))
    source.add(Resource.RECEIPTS, purchase(7))
    asked = [key(), key(5, "X"), key(6, "P"), key(7, "Q")]

    told = adapter_of(source).refresh(asked)

    assert [item.id for item in told.items] == asked


def test_workflows_are_known_from_the_pull_of_the_day() -> None:
    source = books()
    adapter = adapter_of(source)
    run(adapter)
    source.calls.clear()

    adapter.refresh([key()])

    assert source.calls == ["fetch sales_invoices urgent"]


def test_workflows_of_yesterday_are_read_again() -> None:
    source = books()
    lent = tools()
    adapter = adapter_of(source, lent=lent)
    adapter.refresh([key()])
    source.steps = [workflow(collects=True)]
    lent.clock.advance(24 * 3600)

    (item,) = adapter.refresh([key()]).items

    assert not item.remindable


def test_refresh_without_sales_invoices_needs_no_workflows() -> None:
    source = FakeSource()
    source.add(Resource.EXTERNAL, external(5))

    adapter_of(source).refresh([key(5, "X")])

    assert source.calls == ["fetch external_sales_invoices urgent"]


def test_paid_item_is_told_as_settled() -> None:
    source = books()
    source.change(Resource.SALES, FIRST, state="paid")

    (item,) = adapter_of(source).refresh([key()]).items

    assert (item.end, bool(item.open)) == (End.PAID, False)


def test_refreshed_item_is_as_the_pull_told_it() -> None:
    source = books()
    adapter = adapter_of(source)
    pulled = run(adapter).items

    (item,) = adapter.refresh([key()]).items

    assert item == pulled[key()]


def test_item_that_does_not_come_is_gone() -> None:
    assert adapter_of(books()).refresh([key(FIRST + 9)]).gone == (key(FIRST + 9),)


def test_item_that_became_a_draft_is_gone() -> None:
    source = books()
    source.change(Resource.SALES, FIRST, state="draft")

    assert adapter_of(source).refresh([key()]).gone == (key(),)


def test_item_that_cannot_be_read_is_named() -> None:
    source = books()
    source.change(Resource.SALES, FIRST, currency=None)

    told = adapter_of(source).refresh([key(), key(FIRST + 1)])

    assert (told.unreadable, len(told.items)) == ((key(),), 1)
    assert [(one.where, one.reason) for one in told.rejected] == [
        (f"sales_invoices:{FIRST}:currency", "moneybird.field_unreadable")
    ]


@pytest.mark.parametrize("strange", ["?/1", "R/", "R/x", "R/007", "R/123456789012345678901"])
def test_key_that_is_none_of_ours_is_unreadable(strange: str) -> None:
    source = books()

    told = adapter_of(source).refresh([ItemId(strange)])

    assert (told.unreadable, source.calls) == ((ItemId(strange),), [])


def test_refresh_of_nothing_sends_nothing() -> None:
    source = books()

    assert adapter_of(source).refresh([]).items == ()
    assert source.calls == []


def test_key_that_was_asked_for_twice_is_told_once() -> None:
    assert len(adapter_of(books()).refresh([key(), key()]).items) == 1


def test_refresh_speaks_of_the_instant_before_it() -> None:
    at = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)

    assert adapter_of(books(), lent=tools(at)).refresh([key()]).as_of == at


def test_refresh_that_fails_raises() -> None:
    source = books()
    source.faults[2] = UnavailableError("wire_away")

    with pytest.raises(UnavailableError):
        adapter_of(source).refresh([key()])


def test_raw_invoices_of_the_last_refresh_alone_are_kept() -> None:
    source = books()
    adapter = adapter_of(source)
    adapter.refresh([key(FIRST), key(FIRST + 1)])

    adapter.refresh([key(FIRST + 2)])

    assert adapter._just_read() == {FIRST + 2: source.records[Resource.SALES][FIRST + 2]}


def test_raw_invoices_that_were_read_a_while_ago_are_not_acted_on() -> None:
    lent = tools(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    adapter = adapter_of(books(), lent=lent)
    adapter.refresh([key(FIRST)])

    lent.clock.sleep(61)

    assert adapter._just_read() == {}
