"""VAT on what stays unpaid for a year: art. 29 Wet OB 1968."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.insight.vat_relief import (
    Frequency,
    Paid,
    Period,
    ReliefDoubt,
    ReliefKind,
    ReliefLine,
    VatItem,
    VatScheme,
    return_period,
)
from connector.core.insight.vat_relief import (
    vat_relief as relief_after,
)
from connector.core.law.vat import VatDeduction
from connector.port.money import Money
from connector.port.records import ItemId, Ledger, PartyRef
from tests.core.properties.books import QUICK
from tests.make import euro

DUE = date(2025, 3, 31)
QUARTER = Period(from_=date(2026, 1, 1), until=date(2026, 4, 1))
NEXT = Period(from_=date(2026, 4, 1), until=date(2026, 7, 1))
PLAIN = VatScheme()


def vat_relief(
    items: Sequence[VatItem], period: Period, scheme: VatScheme
) -> tuple[ReliefLine, ...]:
    return relief_after(items, period, scheme, years=1)


def item(number: str = "F1", **fields: Any) -> VatItem:
    plain: dict[str, Any] = {
        "id": ItemId(number),
        "ledger": Ledger.RECEIVABLE,
        "party": PartyRef("10023"),
        "due": DUE,
        "open": euro("1210.00"),
        "total": euro("1210.00"),
        "vat": euro("210.00"),
    }
    return VatItem(number=number, **(plain | fields))


def paid(on: date, amount: str) -> Paid:
    return Paid(on=on, amount=euro(amount))


def found(
    one: VatItem, period: Period = QUARTER, scheme: VatScheme = PLAIN
) -> list[tuple[ReliefKind, Money, Money | None]]:
    return [(line.kind, line.base, line.vat) for line in vat_relief([one], period, scheme)]


@pytest.mark.parametrize(
    ("day", "frequency", "first", "until"),
    [
        (date(2026, 2, 14), Frequency.MONTH, date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 12, 31), Frequency.MONTH, date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 3, 31), Frequency.QUARTER, date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 11, 23), Frequency.QUARTER, date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 11, 23), Frequency.YEAR, date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_day_lies_in_its_return_period(
    day: date, frequency: Frequency, first: date, until: date
) -> None:
    assert return_period(day, frequency) == Period(from_=first, until=until)


def test_vat_of_an_unpaid_sale_is_asked_back_after_a_year() -> None:
    expected = ReliefLine(
        kind=ReliefKind.ASK_BACK,
        item=ItemId("F1"),
        number="F1",
        party=PartyRef("10023"),
        year_ended_on=date(2026, 3, 31),
        base=euro("1210.00"),
        vat=euro("210.00"),
    )

    assert vat_relief([item()], QUARTER, PLAIN) == (expected,)


@pytest.mark.parametrize(
    ("due", "counts"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 3, 31), True),
        (date(2025, 4, 1), False),
    ],
)
def test_the_year_must_end_within_the_period(due: date, *, counts: bool) -> None:
    assert bool(found(item(due=due))) is counts


def test_the_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    lines = vat_relief(
        [item(due=date(2024, 2, 29))], return_period(date(2025, 2, 1), Frequency.MONTH), PLAIN
    )

    assert [line.year_ended_on for line in lines] == [date(2025, 2, 28)]


def test_only_the_open_part_counts_and_is_rounded_once() -> None:
    """100.00 open of 363.00 with 63.00 VAT: 17.355… is 17.36."""
    one = item(open=euro("100.00"), total=euro("363.00"), vat=euro("63.00"))

    assert found(one) == [(ReliefKind.ASK_BACK, euro("100.00"), euro("17.36"))]


def test_what_is_paid_within_the_period_lowers_its_line() -> None:
    one = item(open=euro("605.00"), paid=(paid(date(2026, 2, 1), "605.00"),))

    assert found(one) == [(ReliefKind.ASK_BACK, euro("605.00"), euro("105.00"))]


def test_what_is_paid_after_the_period_was_still_open_in_it() -> None:
    one = item(open=euro(0), paid=(paid(date(2026, 4, 1), "1210.00"),))

    assert found(one) == [(ReliefKind.ASK_BACK, euro("1210.00"), euro("210.00"))]


def test_late_payment_makes_the_vat_due_again_in_the_period_of_receipt() -> None:
    one = item(open=euro("1089.00"), paid=(paid(date(2026, 5, 4), "121.00"),))

    assert found(one, NEXT) == [(ReliefKind.DUE_AGAIN, euro("121.00"), euro("21.00"))]


@pytest.mark.parametrize(
    "one",
    [
        item(open=euro(0), paid=(paid(date(2025, 6, 1), "1210.00"),)),  # paid within the year
        item(open=euro("-50.00")),  # paid too much
        item(open=euro("-50.00"), paid=(paid(date(2025, 6, 1), "1260.00"),)),
    ],
)
def test_nothing_open_gives_nothing(one: VatItem) -> None:
    assert (found(one), found(one, NEXT)) == ([], [])


def test_a_year_that_ends_later_gives_nothing_yet_even_when_paid() -> None:
    one = item(due=date(2025, 12, 1), open=euro(0), paid=(paid(date(2026, 2, 1), "1210.00"),))

    assert found(one) == []


def test_an_unpaid_purchase_is_the_mirror() -> None:
    unpaid = item(ledger=Ledger.PAYABLE)
    later = item(ledger=Ledger.PAYABLE, open=euro(0), paid=(paid(date(2026, 6, 30), "1210.00"),))

    expected = [
        (ReliefKind.PAY_BACK, euro("1210.00"), euro("210.00")),
        (ReliefKind.DEDUCT_AGAIN, euro("1210.00"), euro("210.00")),
    ]
    assert found(unpaid) + found(later, NEXT) == expected


def test_what_is_paid_too_much_makes_no_more_due_again_than_was_asked() -> None:
    one = item(open=euro("-50.00"), paid=(paid(date(2026, 5, 4), "1260.00"),))

    assert found(one, NEXT) == [(ReliefKind.DUE_AGAIN, euro("1210.00"), euro("210.00"))]


def test_cash_basis_asks_nothing_back_but_pays_back_what_it_deducted() -> None:
    both = [item(), item("P1", ledger=Ledger.PAYABLE)]
    lines = vat_relief(both, QUARTER, VatScheme(cash_basis=True))

    assert [line.kind for line in lines] == [ReliefKind.PAY_BACK]


@pytest.mark.parametrize("ledger", Ledger)
def test_without_deduction_there_is_nothing_to_report(ledger: Ledger) -> None:
    assert found(item(ledger=ledger), scheme=VatScheme(deduction=VatDeduction.NONE)) == []


@pytest.mark.parametrize(
    ("ledger", "doubt"),
    [(Ledger.RECEIVABLE, None), (Ledger.PAYABLE, ReliefDoubt.DEDUCTED_IN_PART)],
)
def test_partial_deduction_puts_the_purchase_before_a_person(
    ledger: Ledger, doubt: ReliefDoubt | None
) -> None:
    lines = vat_relief([item(ledger=ledger)], QUARTER, VatScheme(deduction=VatDeduction.PARTIAL))

    assert [line.doubt for line in lines] == [doubt]


@pytest.mark.parametrize("unknown", [{"vat": None}, {"total": None}, {"total": euro(0)}])
def test_an_item_whose_vat_is_not_known_is_named_and_not_dropped(unknown: dict[str, Any]) -> None:
    lines = vat_relief([item(**unknown)], QUARTER, PLAIN)

    assert [(line.vat, line.doubt) for line in lines] == [(None, ReliefDoubt.VAT_UNKNOWN)]


def test_lines_come_by_kind_and_day_and_number() -> None:
    items = [
        item("P1", ledger=Ledger.PAYABLE),
        item("F3", due=date(2024, 6, 1), paid=(paid(date(2026, 2, 1), "10.00"),)),
        item("F2"),
        item("F1"),
        item("F9", due=date(2025, 1, 2)),
    ]
    numbers = [line.number for line in vat_relief(items, QUARTER, PLAIN)]

    assert numbers == ["F9", "F1", "F2", "F3", "P1"]


cents = st.integers(1, 10**7).map(lambda units: Money.from_minor(units, "EUR"))


@QUICK
@given(st.lists(cents, min_size=1, max_size=6), st.sampled_from(["9", "21"]))
def test_all_that_is_due_again_is_what_was_asked_back(payments: list[Money], rate: str) -> None:
    total = sum(payments, start=euro(0))
    vat = Money((total.amount * Decimal(rate) / 121).quantize(Decimal("0.01")), "EUR")
    parts = tuple(Paid(on=date(2027 + n, 1, 1), amount=one) for n, one in enumerate(payments))
    one = item(open=euro(0), total=total, vat=vat, paid=parts)
    years = [return_period(date(2026 + n, 1, 1), Frequency.YEAR) for n in range(len(payments) + 1)]
    lines = [line for year in years for line in vat_relief([one], year, PLAIN)]

    due_again = [line.vat for line in lines[1:] if line.vat is not None]
    assert sum(due_again, start=euro(0)) == lines[0].vat
