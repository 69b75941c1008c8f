"""Whom a payment pays first."""

from datetime import date
from decimal import Decimal

import pytest

from connector.core.law.imputation import Imputation, OpenClaim, Payment, impute
from connector.port.money import Money

TODAY = date(2026, 11, 23)


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def claim(
    number: str,
    principal: str = "100",
    *,
    due_on: date = date(2026, 6, 1),
    percent: str = "4",
    costs: str = "0",
    interest: str = "0",
) -> OpenClaim:
    return OpenClaim(
        number=number,
        due_on=due_on,
        percent=Decimal(percent),
        costs=euro(costs),
        interest=euro(interest),
        principal=euro(principal),
    )


def paid(amount: str, *claims: OpenClaim, designated: str | None = None) -> Imputation:
    return impute(Payment(on=TODAY, amount=euro(amount), designated=designated), claims)


def received(found: Imputation) -> dict[str, str]:
    return {share.number: str(share.amount) for share in found.shares}


def test_claim_that_the_debtor_named_comes_first() -> None:
    found = paid("120", claim("A", due_on=date(2026, 1, 1)), claim("B"), designated="B")

    assert list(received(found).items()) == [("B", "100.00"), ("A", "20.00")]


def test_name_that_no_claim_has_is_no_designation() -> None:
    found = paid("50", claim("A"), claim("B", due_on=date(2026, 1, 1)), designated="C")

    assert received(found) == {"B": "50.00"}


def test_named_claim_is_paid_although_it_is_not_due() -> None:
    found = paid("50", claim("A"), claim("B", due_on=date(2026, 12, 1)), designated="B")

    assert received(found) == {"B": "50.00"}


def test_claim_that_is_due_comes_before_one_that_is_not() -> None:
    found = paid("50", claim("A", due_on=TODAY, percent="9"), claim("B", percent="0"))

    assert received(found) == {"B": "50.00"}


def test_highest_rate_is_the_most_onerous() -> None:
    found = paid("50", claim("A", due_on=date(2026, 1, 1)), claim("B", percent="10.40"))

    assert received(found) == {"B": "50.00"}


def test_of_one_rate_the_claim_with_costs_is_the_most_onerous() -> None:
    found = paid("50", claim("A", due_on=date(2026, 1, 1)), claim("B", costs="40"))

    assert received(found) == {"B": "50.00"}


def test_of_equally_onerous_claims_the_oldest_comes_first() -> None:
    found = paid("150", claim("A"), claim("B", due_on=date(2026, 5, 31)))

    assert received(found) == {"B": "100.00", "A": "50.00"}


def test_equal_claims_share_in_proportion_to_the_cent() -> None:
    found = paid("100", claim("C", "100"), claim("A", "100"), claim("B", "100"))

    assert received(found) == {"A": "33.34", "B": "33.33", "C": "33.33"}


def test_cent_that_is_left_goes_to_the_largest_remainder() -> None:
    found = paid("0.04", claim("A", "1.00"), claim("B", "2.00"))  # 1.33 and 2.67 cents

    assert received(found) == {"A": "0.01", "B": "0.03"}


def test_within_a_claim_costs_come_first_then_interest_then_principal() -> None:
    found = paid("60", claim("A", costs="40", interest="12.50"))

    (share,) = found.shares
    assert (share.costs, share.interest, share.principal) == (
        euro("40"), euro("12.50"), euro("7.50"),
    )  # fmt: skip


def test_whoever_pays_the_bare_invoice_leaves_principal_open() -> None:
    found = paid("100", claim("A", costs="40", interest="1.10"), designated="A")

    assert found.shares[0].principal == euro("58.90")


def test_rest_that_pays_nothing_is_surplus() -> None:
    found = paid("250", claim("A"), claim("B"))

    assert (received(found), found.surplus) == ({"A": "100.00", "B": "100.00"}, euro("50"))


def test_without_claims_all_is_surplus() -> None:
    assert paid("250") == Imputation(shares=(), surplus=euro("250"))


def test_claim_with_nothing_open_receives_nothing() -> None:
    assert received(paid("50", claim("A", "0"), claim("B"))) == {"B": "50.00"}


def test_negative_payment_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        paid("-1", claim("A"))


def test_negative_bucket_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        paid("1", claim("A", interest="-1"))


def test_payment_in_another_currency_is_refused() -> None:
    payment = Payment(on=TODAY, amount=Money(Decimal(1), "USD"))

    with pytest.raises(ValueError, match="currency"):
        impute(payment, [claim("A")])
