"""Numbers beyond 64 bits: the record is held and told, and all others are read."""

from typing import Any

import pytest

from adapters.moneybird.endpoints import Resource
from connector.port.records import ItemId
from tests.adapters.moneybird.reading import FIRST, FakeSource, adapter_of, contact, pull, sales

FAR = 2**63


def books(*odd: dict[str, Any]) -> FakeSource:
    source = FakeSource()
    source.add(Resource.SALES, sales(FIRST), *odd)
    return source


def key(id_: int) -> ItemId:
    return ItemId(f"R/{id_}")


def test_id_that_is_too_large_is_held_and_told() -> None:
    source = books(sales(FAR))

    told = pull(source)

    assert ([*told.items], told.held) == ([key(FIRST)], [key(FAR)])
    assert told.faults == [(f"sales_invoices:{FAR}:id", "moneybird.number_too_large")]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"version": FAR}, "version"),
        ({"reminder_count": FAR}, "reminder_count"),
        ({"contact": contact(FAR)}, "contact_id"),
        ({"contact": contact(version=FAR)}, "contact"),
    ],
)
def test_other_number_that_is_too_large_holds_its_record(
    fields: dict[str, Any], field: str
) -> None:
    source = books(sales(FIRST + 1, **fields))
    del source.records[Resource.CONTACTS]
    source.records[Resource.CONTACTS] = {10: contact()}

    first = pull(source)
    second = pull(source, first.cursor)

    fault = (f"sales_invoices:{FIRST + 1}:{field}", "moneybird.number_too_large")
    assert ([*first.items], first.faults) == ([key(FIRST)], [fault])
    assert (second.held, second.faults) == ([key(FIRST + 1)], [fault])


def test_record_with_a_number_that_is_well_again_is_told() -> None:
    source = books(sales(FIRST + 1, version=FAR))
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST + 1, version=5)

    assert [*pull(source, cursor).items] == [key(FIRST + 1)]


def test_contact_with_a_version_that_is_too_large_is_told_each_time() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.CONTACTS, 10, version=FAR)

    for _ in range(2):
        told = pull(source, cursor)
        cursor = told.cursor

        assert ([*told.parties], told.doubts) == (["10"], ["moneybird.contact_field"])


def test_refresh_of_a_number_that_is_too_large_names_the_item() -> None:
    source = books(sales(FIRST + 1, reminder_count=FAR))

    told = adapter_of(source).refresh([key(FIRST), key(FIRST + 1)])

    assert ([item.id for item in told.items], told.unreadable) == ([key(FIRST)], (key(FIRST + 1),))
