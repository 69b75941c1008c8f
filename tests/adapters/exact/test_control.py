"""Our sums against Exact's own."""

from decimal import Decimal

import pytest

from adapters.exact.control import Sum, Way, add, compare
from adapters.exact.terms import GONE, Signs, to_term
from connector.port.errors import ContractChangedError
from tests.adapters.exact.wire import overview, term

USUAL = Signs(1, -1), Signs(1, -1)


def sums(*rows: dict[str, object]) -> dict[str, Sum]:
    found: dict[str, Sum] = {}
    for row in rows:
        add(found, to_term(row, USUAL, 1), 1)
    return found


DOLLARS = term(3, "200.00", Currency="USD", AmountDC=Decimal("-190.00"))
CREDIT = term(2, "-21.00", TransactionType=21)


def test_sums_are_kept_by_side_and_currency() -> None:
    assert sums(term(1), CREDIT) == {"R:EUR": Sum(10000, 12100, 2), "R:*": Sum(10000, 12100, 2)}


def test_what_is_taken_off_is_gone() -> None:
    found = sums(term(1))

    add(found, to_term(term(1), USUAL, 1), -1)

    assert found["R:EUR"] == Sum(0, 0, 0)


def test_what_is_not_open_does_not_count() -> None:
    found: dict[str, Sum] = {}

    add(found, to_term(term(1), USUAL, 1)._replace(state=GONE), 1)

    assert found == {}


@pytest.mark.parametrize(
    ("euros", "dollars", "expected"),
    [
        ("100.00", "200.00", Way(1, True, False)),
        ("-100.00", "-200.00", Way(-1, True, False)),
        ("121.00", "200.00", Way(1, False, False)),
        ("100.01", "200.00", Way(1, True, False)),
        ("290.00", "0", Way(1, True, True)),
        ("290.02", "0", Way(1, True, True)),
        ("311.00", "0", Way(1, False, True)),
    ],
)
def test_way_of_counting_is_found(euros: str, dollars: str, expected: Way) -> None:
    theirs = [overview(euros)]
    if dollars != "0":
        theirs.append(overview(dollars, currency="USD"))

    verdict = compare(sums(term(1), CREDIT, DOLLARS), theirs, {}, "EUR")

    assert (verdict.agrees, verdict.ways) == (True, {"R": expected})


@pytest.mark.parametrize(("count", "agrees"), [(1, True), (40, False)])
def test_more_terms_leave_no_more_room(count: int, *, agrees: bool) -> None:
    ours = sums(*(term(number, "0.01") for number in range(count)), term(99))
    theirs = [overview("121.00")]

    assert compare(ours, theirs, {}, "EUR").agrees is agrees


def test_row_without_an_amount_needs_no_currency() -> None:
    empty = {**overview("0"), "CurrencyCode": None}

    assert compare(sums(term(1)), [overview("121.00"), empty], {}, "EUR").agrees


def test_way_is_not_learnt_where_several_fit() -> None:
    verdict = compare(sums(term(1)), [overview("121.00")], {}, "EUR")

    assert (verdict.agrees, verdict.ways) == (True, {})


def test_way_that_is_known_stays() -> None:
    known = {"R": Way(1, True, False)}

    assert not compare(sums(term(1), CREDIT), [overview("121.00")], known, "EUR").agrees


def test_totals_in_the_own_currency_are_told_as_invoiced() -> None:
    verdict = compare(sums(term(1), CREDIT, DOLLARS), [overview("290.00")], {}, "EUR")

    assert [str(one.amount) for one in verdict.totals[:2]] == ["100.00", "200.00"]


def test_totals_that_agree_are_ours() -> None:
    verdict = compare(sums(term(1), CREDIT), [overview("121.00")], {}, "EUR")

    assert str(verdict.totals[0].amount) == "100.00"


def test_totals_that_differ_say_by_how_much() -> None:
    known = {"R": Way(1, False, False)}

    verdict = compare(sums(term(1), CREDIT), [overview("151.00")], known, "EUR")

    assert str(verdict.totals[0].amount) == "130.00"


def test_currency_that_we_do_not_have_differs() -> None:
    rows = [overview("121.00"), overview("5.00", currency="USD")]

    assert not compare(sums(term(1)), rows, {}, "EUR").agrees


def test_nothing_agrees_with_nothing() -> None:
    verdict = compare({}, [], {}, "EUR")

    assert (verdict.agrees, verdict.ways) == (True, {})


def test_missing_overview_differs_from_what_is_open() -> None:
    assert not compare(sums(term(1)), [], {}, "EUR").agrees


def test_overview_without_an_amount_is_nothing() -> None:
    row = {**overview("121.00"), "OutstandingPayableInvoiceAmount": None}

    assert compare(sums(term(1)), [row], {}, "EUR").agrees


@pytest.mark.parametrize("row", [{}, {**overview("1"), "CurrencyCode": None}])
def test_overview_that_cannot_be_read_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ContractChangedError, match=r"exact\.overview_unreadable"):
        compare({}, [row], {}, "EUR")
