"""What the books showed of an invoice becomes what the VAT return looks at."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.core.insight.vat_books import BookedInvoice, Movement, gone_invoices, vat_items
from connector.core.insight.vat_relief import Frequency, Paid, return_period
from connector.port.money import Money
from connector.port.records import Ledger, PartyRef, receivable_id

QUARTER = return_period(date(2026, 11, 1), Frequency.QUARTER)


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def invoice(number: str = "F1", **fields: Any) -> BookedInvoice:
    given: dict[str, Any] = {
        "id": receivable_id(number), "ledger": Ledger.RECEIVABLE, "number": number,
        "party": PartyRef("10023"), "party_name": "De Wit", "due": date(2025, 11, 1),
        "open": euro("121.00"), "total": euro("121.00"), "vat": euro("21.00"),
    } | fields  # fmt: skip
    return BookedInvoice(**given)


def fell(amount: str, on: date = date(2026, 10, 5), *, off: bool = False) -> Movement:
    return Movement(on=on, amount=euro(amount), is_write_off=off)


def test_a_payment_counts_on_its_day() -> None:
    one = invoice(open=euro("60.50"), movements=(fell("60.50"),))

    (item,) = vat_items([one], QUARTER)

    assert item.open == euro("60.50")
    assert item.paid == (Paid(on=date(2026, 10, 5), amount=euro("60.50")),)


def test_what_was_written_off_is_still_unpaid() -> None:
    one = invoice(open=euro("0.00"), movements=(fell("121.00", off=True),))

    (item,) = vat_items([one], QUARTER)

    assert (item.open, item.paid) == (euro("121.00"), ())


def test_a_write_off_that_was_taken_back_changes_nothing() -> None:
    one = invoice(movements=(fell("121.00", off=True), fell("-121.00")))

    (item,) = vat_items([one], QUARTER)

    assert (item.open, item.paid) == (euro("121.00"), ())


def test_a_payment_that_was_reversed_is_open_again() -> None:
    one = invoice(movements=(fell("121.00"), fell("-121.00", date(2026, 10, 9))))

    (item,) = vat_items([one], QUARTER)

    assert sum(paid.amount.amount for paid in item.paid) == 0


@pytest.mark.parametrize(
    ("gone_on", "counted", "asked"),
    [
        (date(2026, 9, 30), 0, 0),  # before the period
        (date(2026, 10, 31), 0, 0),  # before its year had ended
        (date(2026, 11, 1), 0, 1),
        (date(2026, 12, 31), 0, 1),
        (date(2027, 1, 1), 1, 0),  # it was open all through the period
    ],
)
def test_what_the_books_stopped_showing_is_asked_about_once(
    gone_on: date, counted: int, asked: int
) -> None:
    one = invoice(gone_on=gone_on)

    found = len(vat_items([one], QUARTER)), len(gone_invoices([one], QUARTER, years=1))

    assert found == (counted, asked)


def test_what_is_gone_and_was_paid_already_is_not_asked_about() -> None:
    one = invoice(open=euro("0.00"), gone_on=date(2026, 11, 5))

    assert gone_invoices([one], QUARTER, years=1) == ()
