"""What the amounts, credits and debts of our own say of a plan."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.actions import CreditUsed
from tests.core.make_core import (
    DEBTOR,
    codes,
    credit,
    dollar,
    euro,
    hold,
    item,
    numbers,
    payment,
    plan_of,
    policy,
    position,
    snapshot,
    step,
    steps,
)

AT_HANDOVER = position("bellen", date(2026, 11, 2), deadline=date(2026, 11, 2))
STARTED: dict[str, Any] = {"last_demand_on": date(2026, 10, 26)}


@pytest.mark.parametrize(("open_", "code"), [("14.99", "below_minimum"), ("15.00", None)])
def test_less_than_the_minimum_is_not_asked(open_: str, code: str | None) -> None:
    assert codes(plan_of(snapshot(item(open=euro(open_))))).get("F1") == code


def test_minimum_counts_all_that_is_past_due() -> None:
    young = item("F2", due=date(2026, 11, 20), open=euro("5.00"))

    assert numbers(plan_of(snapshot(item("F1", open=euro("10.00")), young))) == [["F1"]]


def test_minimum_does_not_count_what_is_held_or_not_past_due() -> None:
    held, future = item("F2"), item("F3", due=date(2026, 12, 20))
    made = plan_of(snapshot(item("F1", open=euro("10.00")), held, future, holds=(hold("F2"),)))

    assert codes(made) == {"F1": "below_minimum", "F2": "held"}


def test_minimum_is_after_credits() -> None:
    made = plan_of(snapshot(item(open=euro("30.00")), credit(amount="20.00")))

    assert codes(made) == {"F1": "below_minimum"}


def test_minimum_of_a_message_before_the_due_date_counts_what_it_is_about() -> None:
    by = policy(step("aankondiging", "due - 3d"))
    early = item("F1", due=date(2026, 11, 25), open=euro("20.00"))
    (action,) = plan_of(snapshot(early), by).actions

    assert action.before_due
    assert codes(plan_of(snapshot(replace(early, open=euro("10.00"))), by)) == {
        "F1": "below_minimum"
    }


def test_minimum_of_a_message_before_the_due_date_leaves_out_what_is_past_due() -> None:
    by = policy(step("aankondiging", "due - 3d"), step("herinnering", "due + 30d"))
    early = item("F1", due=date(2026, 11, 25), open=euro("20.00"))
    late = item("F2", due=date(2026, 11, 20), open=euro("10.00"))

    assert steps(plan_of(snapshot(early, late), by)) == {"F1": "aankondiging"}


@pytest.mark.parametrize(("open_", "code"), [("49.99", "below_minimum"), ("50.00", None)])
def test_handover_has_a_minimum_of_its_own(open_: str, code: str | None) -> None:
    over = item(position=AT_HANDOVER, open=euro(open_), **STARTED)

    assert codes(plan_of(snapshot(over))).get("F1") == code


def test_credits_lower_the_total_and_items_stay_whole() -> None:
    made = plan_of(snapshot(item(), credit(names_invoice="F1")))
    (action,) = made.actions

    assert action.items[0].open == euro("121.00")
    assert action.credits == (CreditUsed(number="C1", amount=euro("21.00"), against="F1"),)
    assert action.total == euro("100.00")
    assert [r.code for r in action.reasons] == ["step_reached", "credits_counted"]


def test_item_wholly_covered_by_credits_is_withheld() -> None:
    made = plan_of(snapshot(item("F1"), item("F2"), credit(amount="121.00", names_invoice="F2")))

    assert numbers(made) == [["F1"]]
    assert made.actions[0].credits == ()
    assert codes(made) == {"F2": "covered_by_credit"}


def test_debtor_whose_credits_cover_everything_gets_nothing() -> None:
    made = plan_of(snapshot(item("F1"), credit(amount="500.00")))

    assert made.actions == ()
    assert codes(made) == {"F1": "covered_by_credit"}


def test_credits_can_be_ignored() -> None:
    ignoring = policy(guards={"credits": "ignore"})

    assert plan_of(snapshot(item(), credit()), ignoring).actions[0].total == euro("121.00")


def test_credits_can_hold_the_debtor() -> None:
    made = plan_of(snapshot(item(), credit()), policy(guards={"credits": "hold"}))

    assert codes(made) == {"F1": "open_credit"}
    assert [(p.code, p.facts["amount"]) for p in made.attention] == [("open_credit", euro("21.00"))]


def test_credit_in_another_currency_does_not_count() -> None:
    made = plan_of(snapshot(item(), credit(open=dollar("-50.00"))))

    assert made.actions[0].total == euro("121.00")


@pytest.mark.parametrize("other", [credit(open=euro("50.00")), credit(open=euro("0.00"))])
def test_credit_that_is_none_raises_no_total(other: Any) -> None:
    assert plan_of(snapshot(item(), other)).actions[0].total == euro("121.00")


def test_unallocated_payment_holds_the_debtor_in_all_currencies() -> None:
    made = plan_of(snapshot(item("F1"), item("F2", open=dollar("90.00")), payment()))

    assert codes(made) == {"F1": "unallocated_payment", "F2": "unallocated_payment"}
    assert [p.code for p in made.attention] == ["unallocated_payment"]


def test_unallocated_payment_is_reported_once() -> None:
    seen = frozenset({("unallocated_payment", "R/B1", 0)})
    made = plan_of(snapshot(item(), payment(), seen=seen))

    assert made.attention == ()
    assert codes(made) == {"F1": "unallocated_payment"}


def test_unallocated_payment_can_be_counted() -> None:
    netting = policy(guards={"unallocated_payment": "net"})

    assert plan_of(snapshot(item(), payment()), netting).actions[0].total == euro("100.00")


def test_debtor_whom_we_owe_as_much_is_held() -> None:
    made = plan_of(snapshot(item(), payables={(DEBTOR, "EUR"): euro("121.00")}))

    assert codes(made) == {"F1": "set_off"}
    assert [p.code for p in made.attention] == ["set_off"]


def test_smaller_debt_of_ours_is_shown() -> None:
    made = plan_of(snapshot(item(), payables={(DEBTOR, "EUR"): euro("120.99")}))

    assert [r.code for r in made.actions[0].reasons] == ["step_reached", "payables_open"]


@pytest.mark.parametrize(("set_off", "shown"), [("warn", True), ("ignore", False)])
def test_set_off_can_be_a_warning_or_nothing(set_off: str, *, shown: bool) -> None:
    ledger = snapshot(item(), payables={(DEBTOR, "EUR"): euro("500.00")})
    (action,) = plan_of(ledger, policy(guards={"set_off": set_off})).actions

    assert ("payables_open" in [r.code for r in action.reasons]) is shown


@pytest.mark.parametrize("owed", ["-50.00", "0.00"])
def test_supplier_that_owes_us_is_no_creditor(owed: str) -> None:
    made = plan_of(snapshot(item(), payables={(DEBTOR, "EUR"): euro(owed)}))

    assert [r.code for r in made.actions[0].reasons] == ["step_reached"]


def test_debt_of_ours_in_another_currency_is_no_set_off() -> None:
    made = plan_of(snapshot(item(), payables={(DEBTOR, "USD"): dollar("500.00")}))

    assert numbers(made) == [["F1"]]
