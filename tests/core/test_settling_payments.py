"""Which money in the books paid charges, and what happens to the rest of them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.charges import Charge, ChargeState
from connector.core.snapshot import Item
from connector.port.money import Money
from connector.port.records import ItemId
from tests.core.make_core import (
    announced,
    charge,
    credit,
    dollar,
    euro,
    hold,
    interest,
    item,
    notice,
    payment,
    policy,
)
from tests.core.make_settling import (
    CENTS,
    F1_COSTS,
    F1_INTEREST,
    F2_COSTS,
    F2_INTEREST,
    F3_COSTS,
    FAR,
    FIVE,
    done_of,
    ledger_of,
    said,
)
from tests.core.properties.books import QUICK

ASK: dict[str, Any] = {"guards": {"after_costs": {"principal_only": "ask"}}}
ABOVE: dict[str, Any] = {"guards": {"after_costs": {"principal_only": "ask", "above": "waive"}}}


@pytest.mark.parametrize(
    ("amount", "paid"),
    [
        ("123.00", ["F1 costs", "F1 interest", "F2 costs", "F2 interest", "F3 costs"]),
        ("111.00", ["F1 costs", "F2 costs", "F3 costs"]),
        ("12.00", ["F1 interest", "F2 interest"]),
        ("45.00", ["F1 costs", "F1 interest"]),
        ("78.00", ["F2 costs", "F2 interest", "F3 costs"]),  # one letter
        ("67.00", ["F2 costs", "F2 interest"]),
        ("40.00", ["F1 costs"]),
        ("5.00", ["F1 interest"]),
        ("39.99", []),
        ("500.00", []),
    ],
)
def test_payment_equal_to_charges_pays_them(amount: str, paid: list[str]) -> None:
    books = ledger_of(item("F1"), item("F2"), item("F3"), payment(amount=amount))
    done = done_of(books, FIVE)

    assert [
        f"{one.number} {one.kind}"
        for one in done.charges.values()
        if one.state is ChargeState.PAID and one.payment == "R/B1" and not one.left
    ] == paid
    assert done.placed == ({"R/B1"} if paid else set())


def test_payment_of_what_our_letters_asked_leaves_no_vat_to_pursue() -> None:
    """VAT on costs is asked by an agency only: our letter asked EUR 40.00."""
    told = [charge(amount="48.40", vat=euro("8.40"))]
    (one,) = done_of(ledger_of(item(), payment(amount="40.00")), told).charges.values()

    assert (one.state, str(one.amount), str(one.vat)) == (ChargeState.PAID, "40.00", "0.00")


def test_payment_of_what_an_agency_asked_pays_the_vat_too() -> None:
    told = [charge(amount="48.40", vat=euro("8.40"))]
    (one,) = done_of(ledger_of(item(), payment(amount="48.40")), told).charges.values()

    assert (one.state, str(one.amount), str(one.vat)) == (ChargeState.PAID, "48.40", "8.40")


def test_payment_of_our_letter_pays_nothing_towards_vat_that_is_left() -> None:
    """Of F1 only VAT is left; EUR 50.00 is what our letter asks for F2."""
    told = [
        charge("F1", "48.40", vat=euro("8.40"), paid=euro("40.00")),
        charge("F2", "60.00", vat=euro("10.00"), action="n2"),
    ]
    done = done_of(ledger_of(item("F1"), item("F2"), payment(amount="50.00")), told)

    assert said(done) == ["F1 costs due 48.40 paid 40.00", "F2 costs paid 50.00 paid 50.00"]


def test_payment_pays_once() -> None:
    books = ledger_of(item(), payment("B1", "40.00"), payment("B2", "40.00"))
    done = done_of(books, [F1_COSTS])

    assert (said(done), done.placed) == (["F1 costs paid 40.00 paid 40.00"], {"R/B1"})


def test_payment_that_paid_charges_is_no_credit_later_on() -> None:
    known = charge(state=ChargeState.PAID, paid=euro(40), payment=ItemId("R/B1"))
    done = done_of(ledger_of(item(), payment("B1", "40.00")), [known])

    assert (done.changes, done.placed) == ([], {"R/B1"})


def test_how_to_book_a_payment_stays_said_until_the_books_place_it() -> None:
    told = [
        charge(state=ChargeState.PAID, paid=euro(40), payment=ItemId("R/B1")),
        interest(state=ChargeState.PAID, paid=euro(5), payment=ItemId("R/B1")),
    ]
    done = done_of(ledger_of(item(), payment("B1", "45.00")), told)

    assert done.points == [
        (
            "charges_paid",
            "R/B1",
            {
                "payment": "B1",
                "amount": euro("45.00"),
                "costs": euro("40.00"),
                "interest": euro("5.00"),
                "numbers": "F1",
            },
        )
    ]
    assert done_of(ledger_of(item()), told).points == []


def overpaid(amount: str, number: str = "F1") -> Item:
    """Return an invoice that was paid beyond its amount: the books show it below nought."""
    return credit(number, amount)


def test_overpaid_invoice_pays_its_own_charges() -> None:
    done = done_of(ledger_of(overpaid("45.00")), [F1_COSTS, F1_INTEREST])

    assert said(done) == ["F1 costs paid 40.00 paid 40.00", "F1 interest paid 5.00 paid 5.00"]
    assert done.placed == {"R/F1"}


def test_overpaid_invoice_pays_a_part_of_its_charges() -> None:
    done = done_of(ledger_of(overpaid("15.00")), [F1_COSTS], by=policy(**ASK))

    assert said(done) == ["F1 costs due 40.00 paid 15.00"]
    assert done.placed == {"R/F1"}


def test_overpayment_that_grows_pays_the_rest() -> None:
    known = charge(paid=euro(15), payment=ItemId("R/F1"))
    done = done_of(ledger_of(overpaid("40.00")), [known])

    assert (said(done), done.placed) == (["F1 costs paid 40.00 paid 40.00"], {"R/F1"})


def test_overpayment_counts_once() -> None:
    known = charge(paid=euro(15), payment=ItemId("R/F1"))
    done = done_of(ledger_of(overpaid("15.00")), [known], by=policy(**ASK))

    assert (said(done), done.placed) == (["F1 costs due 40.00 paid 15.00"], {"R/F1"})


def test_overpayment_beyond_the_charges_stays_the_debtors_credit() -> None:
    done = done_of(ledger_of(overpaid("500.00"), item("F2")), [F1_COSTS])

    assert (said(done), done.placed) == (["F1 costs paid 40.00 paid 40.00"], set())


def test_overpayment_pays_no_charges_of_another_invoice() -> None:
    done = done_of(ledger_of(overpaid("40.00"), item("F2")), [F2_COSTS])

    assert (done.changes, done.placed) == ([], set())


def test_overpayment_in_another_currency_pays_no_charges() -> None:
    done = done_of(ledger_of(credit("F1", open=dollar("-40.00"))), [F1_COSTS], by=policy(**ASK))

    assert (done.changes, done.placed) == ([], set())


def test_payment_that_the_books_moved_to_another_currency_paid_no_charges() -> None:
    known = charge(state=ChargeState.PAID, paid=euro(40), payment=ItemId("R/B1"))
    done = done_of(ledger_of(item(), payment("B1", open=dollar("-40.00"))), [known])

    assert (done.placed, done.points) == (set(), [])


def test_overpayment_lowers_no_costs_that_fall_due_today() -> None:
    told = [F1_COSTS, announced("F2", "150.00", action="n2")]
    books = ledger_of(overpaid("40.00"), item("F2", open=euro(1000)))
    done = done_of(books, told, [notice("F2", action="n2")])

    assert said(done)[1] == "F2 costs due 150.00 paid 0.00"


def test_costs_are_waived_when_the_principal_was_paid() -> None:
    done = done_of(ledger_of(), [F1_COSTS, F1_INTEREST])

    assert {(c.code, c.charge.reason) for c in done.changes} == {("charge_waived", "after_costs")}


def test_costs_stay_while_the_principal_is_open() -> None:
    assert done_of(ledger_of(item()), [F1_COSTS]).changes == []


@pytest.mark.parametrize(
    "fields",
    [
        {"holds": (hold(amount=euro("121.00"), **FAR),)},
        {"holds": (hold(**FAR),)},
    ],
)
def test_costs_of_a_disputed_principal_are_not_waived(fields: dict[str, Any]) -> None:
    assert done_of(ledger_of(item(), **fields), [F1_COSTS]).changes == []


def test_costs_stay_while_the_books_have_not_used_the_credit() -> None:
    books = ledger_of(item(), credit(amount="121.00", names_invoice="F1"))

    assert done_of(books, [F1_COSTS]).changes == []


def test_costs_are_waived_when_no_more_than_a_small_difference_is_open() -> None:
    done = done_of(ledger_of(item(open=euro("2.00"))), [F1_COSTS])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]


def test_costs_of_an_earlier_cycle_are_settled_by_themselves() -> None:
    done = done_of(ledger_of(item(cycle=2)), [F1_COSTS])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]


def test_policy_may_ask_a_person_when_only_the_principal_was_paid() -> None:
    done = done_of(ledger_of(), [F1_COSTS, F2_COSTS], by=policy(**ASK))

    assert done.changes == []
    assert done.points == [
        ("charges_open", "10023:EUR", {"amount": euro("100.00"), "numbers": "F1, F2"})
    ]


@pytest.mark.parametrize(("rest", "expected"), [("14.99", "waived"), ("15.00", "due")])
def test_small_remainder_is_waived(rest: str, expected: str) -> None:
    told = [charge(amount=rest)]
    done = done_of(ledger_of(), told, by=policy(**ASK))

    assert [one.state.value for one in done.charges.values()] == [expected]


@pytest.mark.parametrize(("by", "expected"), [(ASK, "due"), (ABOVE, "waived")])
def test_policy_says_what_becomes_of_the_rest_of_charges(by: Any, expected: str) -> None:
    told = [charge(paid=euro(10), payment=ItemId("R/B9"))]
    done = done_of(ledger_of(), told, by=policy(**by))

    assert [one.state.value for one in done.charges.values()] == [expected]


def test_each_currency_is_asked_about_by_itself() -> None:
    dollars = replace(F2_INTEREST, amount=dollar(30), vat=dollar(0), paid=dollar(0))
    told = [F1_COSTS, dollars]
    done = done_of(ledger_of(), told, by=policy(**ASK))

    assert [subject for _, subject, _ in done.points] == ["10023:EUR", "10023:USD"]


@QUICK
@given(st.lists(CENTS, min_size=1, max_size=4), st.lists(CENTS, max_size=4))
def test_charges_never_count_more_than_was_received(owed: list[int], received: list[int]) -> None:
    told = [charge(f"F{n}", str(Money.from_minor(one, "EUR"))) for n, one in enumerate(owed)]
    money = [payment(f"B{n}", str(Money.from_minor(one, "EUR"))) for n, one in enumerate(received)]
    invoices = [item(one.number) for one in told]
    done = done_of(ledger_of(*invoices, *money), told)
    paid = sum((one.paid for one in done.charges.values()), euro(0))

    assert paid == sum((-one.open for one in money if one.id in done.placed), euro(0))


@QUICK
@given(st.permutations([F1_COSTS, F1_INTEREST, F2_COSTS, F2_INTEREST, F3_COSTS]))
def test_order_of_the_charges_makes_no_difference_to_what_is_left(told: list[Charge]) -> None:
    books = ledger_of(item("F1"), item("F2"), item("F3"), payment(amount="67.00"))
    left = {key: one.left for key, one in done_of(books, told).charges.items()}

    assert left[F2_COSTS.key] == left[F2_INTEREST.key] == euro("0.00")
    assert sum(left.values(), euro(0)) == euro("56.00")


def test_what_the_books_have_booked_is_no_credit_and_what_is_left_is() -> None:
    """EUR 200 too much, EUR 150 of it costs: once those are booked EUR 50 is the debtor's."""
    known = charge("F1", "150.00", state=ChargeState.PAID, paid=euro("150.00"),
                   payment=ItemId("R/F1"))  # fmt: skip
    done = done_of(ledger_of(overpaid("50.00")), [known])

    assert done.placed == set()
    assert [(c.code, c.charge.payment) for c in done.changes] == [("charge_booked", None)]
    assert done.points == []


def test_who_paid_what_an_earlier_letter_asked_is_recognised() -> None:
    """Interest grew from EUR 4.27 to 9.97 after the letter that was paid."""
    told = [charge("F1", "150.00"), interest("F1", "9.97")]
    done = done_of(ledger_of(payment(amount="154.27")), told)

    assert said(done) == ["F1 costs paid 150.00 paid 150.00", "F1 interest waived 9.97 paid 4.27"]
    assert done.placed == {ItemId("R/B1")}


def test_money_without_a_place_keeps_charges_from_being_waived() -> None:
    """It may be what paid them."""
    done = done_of(ledger_of(payment(amount="500.00")), [F1_COSTS, F1_INTEREST])

    assert done.changes == []
