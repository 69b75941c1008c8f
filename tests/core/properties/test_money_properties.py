"""What holds for every amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.port.money import Money, minor_digits
from tests.core.properties.books import QUICK

currencies = st.sampled_from(["EUR", "USD", "JPY", "BHD"])
units = st.integers(-(10**12), 10**12)


@QUICK
@given(units, currencies)
def test_minor_units_go_there_and_back(count: int, currency: str) -> None:
    assert Money.from_minor(count, currency).minor() == count


@QUICK
@given(units, units, currencies)
def test_adding_is_adding_minor_units(one: int, other: int, currency: str) -> None:
    total = Money.from_minor(one, currency) + Money.from_minor(other, currency)

    assert total.minor() == one + other
    assert (total - Money.from_minor(other, currency)).minor() == one


@QUICK
@given(units, units, currencies)
def test_order_is_that_of_the_minor_units(one: int, other: int, currency: str) -> None:
    first, second = Money.from_minor(one, currency), Money.from_minor(other, currency)

    assert (first < second, first <= second, first > second, first >= second) == (
        one < other,
        one <= other,
        one > other,
        one >= other,
    )


@QUICK
@given(units, currencies)
def test_printed_amount_says_all_there_is(count: int, currency: str) -> None:
    money = Money.from_minor(count, currency)

    assert Money(Decimal(str(money)), currency) == money
    assert len(str(money).partition(".")[2]) == minor_digits(currency)


@QUICK
@given(units, currencies)
def test_amount_and_its_opposite_are_nothing(count: int, currency: str) -> None:
    money = Money.from_minor(count, currency)

    assert not money + -money
    assert money + Money.zero(currency) == money


@QUICK
@given(units, units)
def test_two_currencies_never_meet(one: int, other: int) -> None:
    with pytest.raises(ValueError, match="cannot mix"):
        Money.from_minor(one, "EUR") + Money.from_minor(other, "USD")
