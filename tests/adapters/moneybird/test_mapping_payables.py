from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from adapters.moneybird.endpoints import Resource
from adapters.moneybird.mapping import Context, Mapped, to_item
from connector.port.errors import RecordError
from connector.port.money import Money
from connector.port.records import Document, End, ItemRecord, Ledger
from tests.adapters.moneybird.reading import payment, purchase

NOTHING = Context(workflows={})


def mapped(record: dict[str, Any]) -> Mapped:
    return to_item(Resource.PURCHASE, record, NOTHING)


def item(record: dict[str, Any]) -> ItemRecord:
    found = mapped(record).item
    assert found is not None
    return found


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_unpaid_bill_is_owed_whole() -> None:
    found = item(purchase(state="late"))

    assert (found.id[:2], found.ledger, found.party) == ("P/", Ledger.PAYABLE, "20")
    assert (found.number, found.open, found.vat) == ("INK-1", euro("121.0"), euro("21.0"))
    assert (found.issued, found.due) == (date(2026, 9, 1), date(2026, 10, 1))


def test_receipt_has_a_key_of_its_own() -> None:
    found = to_item(Resource.RECEIPTS, purchase(), NOTHING).item

    assert found is not None
    assert found.id[:2] == "Q/"


@pytest.mark.parametrize("price", ["100.0", "-100.0"])
def test_payments_count_whatever_their_sign(price: str) -> None:
    assert item(purchase(payments=[payment(price)])).open == euro("21.0")


@pytest.mark.parametrize("price", ["100.0", "-100.0"])
def test_payments_of_a_credit_note_count_whatever_their_sign(price: str) -> None:
    credit: dict[str, Any] = {"total_price_incl_tax": "-121.0", "total_price_excl_tax": "-100.0"}

    found = item(purchase(payments=[payment(price)], **credit))

    assert (found.document, found.open) == (Document.CREDIT, euro("-21.0"))


def test_overpaid_bill_is_a_claim() -> None:
    assert item(purchase(payments=[payment("130.0")])).open == euro("-9.0")


def test_bill_that_payments_cover_is_paid() -> None:
    found = item(purchase(payments=[payment("121.0", "2026-11-04")]))

    assert (found.open, found.end, found.paid_on) == (euro("0"), End.PAID, date(2026, 11, 4))


def test_bill_with_a_date_of_payment_is_paid_without_payments() -> None:
    found = item(purchase(paid_at="2026-11-05"))

    assert (found.open, found.end, found.paid_on) == (euro("0"), End.PAID, date(2026, 11, 5))


def test_bill_with_payments_keeps_their_date() -> None:
    found = item(purchase(paid_at="2026-11-05", payments=[payment("121.0", "2026-11-04")]))

    assert found.paid_on == date(2026, 11, 4)


def test_bill_of_nothing_is_settled() -> None:
    nothing: dict[str, Any] = {"total_price_incl_tax": "0.0", "total_price_excl_tax": "0.0"}

    assert item(purchase(**nothing)).end is End.PAID


def test_unprocessed_document_is_no_item_yet() -> None:
    assert mapped(purchase(state="new")) == Mapped(item=None, is_listed=True)


def test_document_without_a_contact_is_no_item() -> None:
    found = mapped(purchase(contact_id=None))

    assert (found.item, found.warnings) == (None, ("moneybird.no_contact",))


def test_bill_of_an_unknown_state_is_owed_with_a_warning() -> None:
    found = mapped(purchase(state="brand_new"))

    assert found.item is not None
    assert found.warnings == ("moneybird.state_unknown",)


def test_bill_without_a_reference_or_entry_has_its_id_for_a_number() -> None:
    record = purchase(reference=None, entry_number=None)

    assert item(record).number == record["id"]


def test_bill_without_an_amount_is_held() -> None:
    with pytest.raises(RecordError, match="field_missing"):
        mapped(purchase(total_price_incl_tax=None))
