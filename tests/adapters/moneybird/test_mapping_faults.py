from decimal import Decimal
from typing import Any

import pytest

from adapters.moneybird.endpoints import Resource
from adapters.moneybird.mapping import Context, Mapped, to_item
from connector.port.errors import RecordError
from connector.port.money import Money
from connector.port.records import ItemRecord
from tests.adapters.moneybird.reading import FIRST, sales


def mapped(record: dict[str, Any]) -> Mapped:
    return to_item(Resource.SALES, record, Context(workflows={}))


def item(record: dict[str, Any]) -> ItemRecord:
    found = mapped(record).item
    assert found is not None
    return found


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_texts_lose_line_breaks_and_control_characters() -> None:
    assert item(sales(reference="Project\x00\n X \ud800")).description == "Project X"


def test_numbers_for_texts_are_read_too() -> None:
    record = sales(id=FIRST, contact_id=10, total_unpaid=Decimal("121.0"), reminder_count="3")

    found = item(record)

    assert (found.id, found.party, found.open) == (f"R/{FIRST}", "10", euro("121.0"))
    assert found.reminders_sent == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"invoice_id": None}, "invoice_id"),
        ({"invoice_id": " "}, "invoice_id"),
        ({"total_unpaid": None}, "total_unpaid"),
        ({"contact_id": None}, "contact_id"),
    ],
)
def test_missing_value_holds_the_record(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(RecordError, match="field_missing") as caught:
        mapped(sales(**fields))

    assert caught.value.facts["field"] == field


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"total_unpaid": "zeven"}, "total_unpaid"),
        ({"total_unpaid": "NaN"}, "total_unpaid"),
        ({"total_unpaid": "121.005"}, "total_unpaid"),
        ({"total_unpaid": "1e30"}, "total_unpaid"),
        ({"total_unpaid": True}, "total_unpaid"),
        ({"total_unpaid": ["1"]}, "total_unpaid"),
        ({"due_date": "1-10-2026"}, "due_date"),
        ({"due_date": "2026-13-01"}, "due_date"),
        ({"due_date": 20261001}, "due_date"),
        ({"currency": "euro"}, "currency"),
        ({"currency": "eur"}, "currency"),
        ({"currency": None}, "currency"),
        ({"id": "x"}, "id"),
    ],
)
def test_odd_value_holds_the_record(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(RecordError, match="field_unreadable") as caught:
        mapped(sales(**fields))

    assert caught.value.facts["field"] == field


@pytest.mark.parametrize("field", ["due_date", "payments", "total_unpaid", "paused", "state"])
def test_missing_field_holds_the_record(field: str) -> None:
    record = sales()
    del record[field]

    with pytest.raises(RecordError, match="field_missing") as caught:
        mapped(record)

    assert caught.value.facts["field"] == field


@pytest.mark.parametrize("fields", [{"payments": "x"}, {"events": 5}, {"state": ["open"]}])
def test_field_of_another_kind_holds_the_record(fields: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match="record_unreadable"):
        mapped(sales(**fields))


def test_currency_without_cents_has_none() -> None:
    yen = sales(currency="JPY", total_unpaid="121", total_price_incl_tax="121")

    assert item(yen | {"total_price_excl_tax": "100.0"}).open == Money(Decimal(121), "JPY")
