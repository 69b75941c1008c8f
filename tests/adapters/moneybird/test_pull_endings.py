from decimal import Decimal

import pytest

from adapters.moneybird.endpoints import Resource
from connector.port.money import Money
from connector.port.records import End, ItemId
from tests.adapters.moneybird.reading import (
    FIRST,
    FakeSource,
    external,
    pull,
    purchase,
    sales,
)

IDLE = [f"list {resource.value}" for resource in Resource]


def books(count: int = 3) -> FakeSource:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n) for n in range(count)))
    return source


def key(id_: int) -> ItemId:
    return ItemId(f"R/{id_}")


@pytest.mark.parametrize(("state", "end"), [("paid", End.PAID), ("uncollectible", End.WRITTEN_OFF)])
def test_invoice_that_left_the_list_is_told_with_its_end(state: str, end: End) -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST, state=state)

    told = pull(source, cursor)

    (item,) = told.items.values()
    assert (item.id, item.end, item.open) == (key(FIRST), end, Money(Decimal(0), "EUR"))
    assert len(source.calls) == 6


def test_settled_invoice_is_asked_for_no_more() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST, state="paid")
    cursor = pull(source, cursor).cursor

    pull(source, cursor)

    assert source.calls == IDLE


def test_settled_invoice_that_reopens_is_told_again() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST, state="paid")
    cursor = pull(source, cursor).cursor
    source.change(Resource.SALES, FIRST, state="late")

    assert [*pull(source, cursor).items] == [key(FIRST)]


def test_invoice_that_became_a_draft_is_removed() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST, state="draft")

    assert pull(source, cursor).removed == [key(FIRST)]


def test_external_invoice_under_way_to_be_paid_is_followed() -> None:
    source = FakeSource()
    source.add(Resource.EXTERNAL, external())
    cursor = pull(source).cursor
    source.change(Resource.EXTERNAL, FIRST + 100_000, state="pending_payment")

    for _ in range(2):
        told = pull(source, cursor)
        cursor = told.cursor

        assert [item.direct_debit for item in told.items.values()] == [True]
        assert "fetch external_sales_invoices" in source.calls


def test_unprocessed_document_is_read_once_and_told_when_it_is_booked() -> None:
    source = FakeSource()
    source.add(Resource.PURCHASE, purchase(state="new"))
    first = pull(source)
    second = pull(source, first.cursor)
    source.change(Resource.PURCHASE, FIRST + 200_000, state="open")

    third = pull(source, second.cursor)

    assert (len(first.items), len(second.items), len(third.items)) == (0, 0, 1)
    assert first.rejected == []


def test_document_that_is_unprocessed_again_is_removed() -> None:
    source = FakeSource()
    source.add(Resource.PURCHASE, purchase())
    cursor = pull(source).cursor
    source.change(Resource.PURCHASE, FIRST + 200_000, state="new")

    assert pull(source, cursor).removed == [f"P/{FIRST + 200_000}"]
