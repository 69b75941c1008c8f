"""Credits against claims."""

import pytest

from connector.core.actions import CreditUsed
from connector.core.findings import Claim, Withheld
from connector.core.netting import Netting, net
from connector.core.reasons import Reason
from connector.port.records import ItemId
from tests.core.make_core import claim, credit, euro, item

HELD = Withheld(Reason("held"))


def left(netting: Netting, *claims: Claim) -> list[str]:
    return [str(netting.of(each)) for each in claims]


def test_without_credits_everything_stays() -> None:
    first = claim("F1", "100.00")

    assert left(net([first], []), first) == ["100.00"]


def test_credit_lowers_the_oldest_claim_first() -> None:
    first, second = claim("F1", "100.00"), claim("F2", "50.00")
    netting = net([first, second], [credit("C1", "120.00")])

    assert left(netting, first, second) == ["0.00", "30.00"]


def test_credit_counts_first_against_the_invoice_that_it_names() -> None:
    first, second = claim("F1", "100.00"), claim("F2", "50.00")
    netting = net([first, second], [credit("C1", "20.00", names_invoice="F2")])

    assert left(netting, first, second) == ["100.00", "30.00"]


def test_what_is_left_of_a_naming_credit_counts_against_the_others() -> None:
    first, second = claim("F1", "100.00"), claim("F2", "50.00")
    netting = net([first, second], [credit("C1", "70.00", names_invoice="F2")])

    assert left(netting, first, second) == ["80.00", "0.00"]


def test_naming_credits_go_before_others() -> None:
    first = claim("F1", "100.00")
    free, naming = credit("C1", "100.00"), credit("C2", "30.00", names_invoice="F1")
    netting = net([first], [free, naming])

    assert netting.credits_of([first]) == (
        CreditUsed(number="C2", amount=euro("30.00"), against="F1"),
        CreditUsed(number="C1", amount=euro("70.00"), against=None),
    )


def test_credit_that_names_a_settled_invoice_is_free() -> None:
    first = claim("F1", "100.00")
    netting = net([first], [credit("C1", "20.00", names_invoice="F9")])

    assert left(netting, first) == ["80.00"]
    assert [used.against for used in netting.credits_of([first])] == [None]


def test_held_claim_is_lowered_only_by_a_credit_that_names_it() -> None:
    held, other = claim("F1", "100.00", withheld=HELD), claim("F2", "50.00")
    free, naming = credit("C1", "10.00"), credit("C2", "20.00", names_invoice="F1")
    netting = net([held, other], [free, naming])

    assert left(netting, held, other) == ["80.00", "40.00"]


def test_credits_beyond_all_claims_leave_nothing_below_zero() -> None:
    first = claim("F1", "100.00")

    assert left(net([first], [credit("C1", "500.00")]), first) == ["0.00"]


def test_second_credit_counts_against_what_the_first_left() -> None:
    first, second = claim("F1", "100.00"), claim("F2", "50.00")
    netting = net([first, second], [credit("C1", "100.00"), credit("C2", "20.00")])

    assert left(netting, first, second) == ["0.00", "30.00"]
    assert [used.number for used in netting.credits_of([second])] == ["C2"]


def test_one_line_per_credit_note() -> None:
    first, second = claim("F1", "10.00"), claim("F2", "10.00")
    netting = net([first, second], [credit("C1", "15.00")])

    assert netting.credits_of([first, second]) == (
        CreditUsed(number="C1", amount=euro("15.00"), against=None),
    )


def test_credit_used_elsewhere_is_not_shown() -> None:
    first, second = claim("F1", "10.00"), claim("F2", "10.00")
    netting = net([first, second], [credit("C1", "5.00")])

    assert netting.credits_of([second]) == ()


def term(number: int, amount: str) -> Claim:
    return claim(open_=amount, item=item("F1", id=ItemId(f"R/F1/{number}")))


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("100.00", ["0.00", "100.00"]), ("130.00", ["0.00", "70.00"]), ("30.00", ["70.00", "100.00"])],
)
def test_credit_for_an_invoice_in_terms_counts_against_the_oldest_first(
    amount: str, expected: list[str]
) -> None:
    terms = term(1, "100.00"), term(2, "100.00")
    netting = net(terms, [credit("C1", amount, names_invoice="F1")])

    assert left(netting, *terms) == expected
    assert [(used.number, used.against) for used in netting.credits_of(terms)] == [("C1", "F1")]


def test_credit_beyond_the_terms_of_its_invoice_counts_against_another() -> None:
    terms, other = (term(1, "10.00"), term(2, "10.00")), claim("F2", "50.00")
    netting = net([*terms, other], [credit("C1", "25.00", names_invoice="F1")])

    assert left(netting, *terms, other) == ["0.00", "0.00", "45.00"]
