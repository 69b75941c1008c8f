"""Charges: what they come to, and how an amount is divided."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.charges import ChargeState, default_notice, shares, statutory_notice
from connector.core.policy.model import StepKind
from connector.port.money import Money
from connector.port.records import ItemId
from tests.core.make_core import charge, euro, notice
from tests.core.properties.books import QUICK

F1 = ItemId("R/F1")
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=9).filter(any)


@QUICK
@given(st.integers(0, 10**12), WEIGHTS)
def test_no_cent_is_created_or_lost_by_dividing(total: int, weights: list[int]) -> None:
    parts = shares(Money.from_minor(total, "EUR"), [Money.from_minor(w, "EUR") for w in weights])

    assert sum(part.minor() for part in parts) == total


@QUICK
@given(st.integers(0, 10**9), WEIGHTS)
def test_no_share_is_a_cent_away_from_its_proportion(total: int, weights: list[int]) -> None:
    parts = shares(Money.from_minor(total, "EUR"), [Money.from_minor(w, "EUR") for w in weights])
    whole = sum(weights)

    assert all(
        abs(part.minor() * whole - total * weight) < whole
        for part, weight in zip(parts, weights, strict=True)
    )


@QUICK
@given(st.integers(0, 10**9), WEIGHTS)
def test_what_weighs_nothing_bears_nothing(total: int, weights: list[int]) -> None:
    parts = shares(Money.from_minor(total, "EUR"), [Money.from_minor(w, "EUR") for w in weights])

    assert not any(part for part, weight in zip(parts, weights, strict=True) if not weight)


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        ("0.01", ("1", "1"), ("0.01", "0.00")),  # the first of equals gets the cent
        ("0.02", ("1", "1", "1"), ("0.01", "0.01", "0.00")),
        ("10.00", ("1", "2"), ("3.33", "6.67")),  # the largest fraction gets it
        ("48.40", ("121", "0"), ("48.40", "0.00")),
        ("0.00", ("3", "1"), ("0.00", "0.00")),
    ],
)
def test_cents_that_are_left_go_to_the_largest_fractions(
    total: str, weights: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    parts = shares(euro(total), [euro(weight) for weight in weights])

    assert tuple(str(part) for part in parts) == expected


def test_yen_are_divided_into_whole_yen() -> None:
    yen = [Money.from_minor(1, "JPY") for _ in range(3)]

    assert [part.minor() for part in shares(Money.from_minor(100, "JPY"), yen)] == [34, 33, 33]


def test_no_weight_at_all_divides_nothing() -> None:
    assert shares(euro(0), [euro(0), euro(0)]) == (euro("0.00"), euro("0.00"))


def test_something_cannot_be_divided_over_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to divide over"):
        shares(euro("1.00"), [euro(0)])


def test_left_is_what_was_not_paid() -> None:
    assert charge(amount="40.00", paid=euro("15.00")).left == euro("25.00")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ChargeState.ANNOUNCED, True),
        (ChargeState.DUE, True),
        (ChargeState.PAID, False),
        (ChargeState.WAIVED, False),
    ],
)
def test_charge_is_open_while_it_may_be_asked(state: ChargeState, *, expected: bool) -> None:
    assert state.is_open is expected


def test_notice_is_found_by_item_cycle_and_kind() -> None:
    found = notice()
    others = [
        notice("F2"),
        notice(cycle=2),
        notice(kind=StepKind.DEFAULT_NOTICE, last_day=date(2026, 10, 28)),
        found,
    ]

    assert statutory_notice(others, F1, 1) == found
    assert default_notice(others, F1, 1) == others[2]


def test_invoice_without_a_notice_has_none() -> None:
    assert (statutory_notice([notice("F2")], F1, 1), default_notice([notice()], F1, 1)) == (
        None,
        None,
    )
