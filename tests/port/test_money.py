"""Money: exact, and one currency at a time."""

import operator
from collections.abc import Callable
from decimal import Decimal

import pytest

from connector.port.money import Money, minor_digits, total


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency", "printed"),
    [
        ("121", "EUR", "121.00"),
        ("0", "EUR", "0.00"),
        ("-0.5", "EUR", "-0.50"),
        ("1234567.89", "EUR", "1234567.89"),
        ("500", "JPY", "500"),
        ("1.234", "BHD", "1.234"),
        ("1E+2", "EUR", "100.00"),
    ],
)
def test_amount_is_printed_with_the_decimals_of_its_currency(
    amount: str, currency: str, printed: str
) -> None:
    assert str(money(amount, currency)) == printed


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("BHD", 3), ("XXX", 2)])
def test_currencies_have_their_own_decimals(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("amount", "currency", "units"), [("121.00", "EUR", 12100), ("500", "JPY", 500)]
)
def test_amount_in_minor_units(amount: str, currency: str, units: int) -> None:
    assert money(amount, currency).minor() == units


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "EUR"), ("0.5", "JPY")])
def test_amount_finer_than_a_cent_has_no_minor_units(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="finer than the minor unit"):
        money(amount, currency).minor()


@pytest.mark.parametrize(
    "meet",
    [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge],
)
def test_two_currencies_never_meet(meet: Callable[[Money, Money], object]) -> None:
    with pytest.raises(ValueError, match="cannot mix EUR and USD"):
        meet(money("1"), money("1", "USD"))


def test_nothing_is_false() -> None:
    assert not Money.zero("EUR")
    assert money("0.01")
    assert money("-0.01")


def test_sum_of_many_small_amounts_is_exact() -> None:
    assert sum((money("0.10") for _ in range(10)), start=Money.zero("EUR")) == money("1.00")


def test_total_is_the_sum_of_one_currency() -> None:
    parts = [Money(Decimal("0.10"), "EUR"), Money(Decimal("121.00"), "EUR")]

    assert Money(Decimal("121.10"), "EUR") == total(parts, "EUR")
    assert str(total([], "JPY")) == "0"


def test_total_never_mixes_two_currencies() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        total([Money(Decimal(1), "EUR"), Money(Decimal(1), "USD")], "EUR")
