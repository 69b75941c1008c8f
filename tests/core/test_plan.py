"""What to do about the findings."""

from datetime import date
from typing import Any

import pytest

from connector.core.actions import Approval
from connector.core.policy.model import ChannelName, StepKind
from tests.core.make_core import (
    DEBTOR,
    codes,
    credit,
    dollar,
    euro,
    hold,
    item,
    numbers,
    plan_of,
    policy,
    position,
    snapshot,
    step,
    steps,
)

AT_DEMAND = position("tweede-herinnering", date(2026, 10, 26), deadline=date(2026, 11, 2))
AT_CALL = position("sommatie", date(2026, 10, 26), deadline=date(2026, 11, 9))
AT_HANDOVER = position("bellen", date(2026, 11, 2), deadline=date(2026, 11, 2))
STARTED: dict[str, Any] = {"last_demand_on": date(2026, 10, 26)}


def test_reached_step_becomes_an_action_with_its_reason() -> None:
    (action,) = plan_of(snapshot(item())).actions

    assert (action.step, action.kind, action.track) == (
        "herinnering",
        StepKind.REMINDER,
        "zakelijk",
    )
    assert (action.party, action.party_name) == (DEBTOR, "Bakkerij 10023 B.V.")
    assert action.via == (ChannelName.EMAIL,)
    assert action.total == euro("121.00")
    assert action.term_days == 7
    assert action.first_message
    assert not action.before_due
    assert [(r.code, r.facts) for r in action.reasons] == [
        ("step_reached", {"anchor": "due + 14d", "reached_on": date(2026, 11, 9)})
    ]


def test_step_that_is_not_reached_is_no_action_and_is_looked_at_on_its_day() -> None:
    made = plan_of(snapshot(item(due=date(2026, 11, 20))))

    assert made.actions == ()
    assert made.withheld == ()
    assert made.checks == {DEBTOR: date(2026, 12, 4)}


def test_day_after_the_due_date_is_a_day_to_look_again() -> None:
    made = plan_of(snapshot(item(due=date(2026, 11, 25))))

    assert made.checks == {DEBTOR: date(2026, 11, 26)}


def test_items_of_one_debtor_go_in_one_message() -> None:
    ledger = snapshot(item("F1"), item("F2"), item("F3", party="2"))

    assert numbers(plan_of(ledger)) == [["F1", "F2"], ["F3"]]


def test_riders_advance_to_their_own_step() -> None:
    ahead = item("F1", position=AT_DEMAND, **STARTED)
    (action,) = plan_of(snapshot(ahead, item("F2"))).actions

    assert action.step == "sommatie"
    assert {line.number: line.step for line in action.items} == {
        "F1": "sommatie",
        "F2": "herinnering",
    }
    assert [r.code for r in action.reasons] == ["step_reached", "rides_along"]
    assert not action.first_message


def test_item_that_is_not_reached_is_also_open_and_outside_the_total() -> None:
    young = item("F2", due=date(2026, 11, 20), open=euro("60.50"))
    (action,) = plan_of(snapshot(item("F1"), young)).actions

    assert [(line.number, line.open) for line in action.also_open] == [("F2", euro("60.50"))]
    assert action.total == euro("121.00")


@pytest.mark.parametrize(
    ("which", "expected"), [("overdue", ["F2"]), ("all", ["F2", "F3"]), ("none", [])]
)
def test_policy_says_what_is_also_open(which: str, expected: list[str]) -> None:
    young, younger = item("F2", due=date(2026, 11, 20)), item("F3", due=date(2026, 12, 20))
    made = plan_of(snapshot(item("F1"), young, younger), policy(guards={"also_open": which}))

    assert [line.number for line in made.actions[0].also_open] == expected


@pytest.mark.parametrize("fields", [{"disputed": True}, {"handed_over": True}, {"due": None}])
def test_item_that_is_kept_out_is_not_also_open(fields: dict[str, Any]) -> None:
    (action,) = plan_of(snapshot(item("F1"), item("F2", **fields))).actions

    assert action.also_open == ()


def test_held_item_is_neither_in_the_message_nor_also_open() -> None:
    made = plan_of(snapshot(item("F1"), item("F2"), holds=(hold("F2"),)))

    assert numbers(made) == [["F1"]]
    assert made.actions[0].also_open == ()
    assert codes(made) == {"F2": "held"}


def test_item_covered_by_credit_is_not_also_open() -> None:
    young = item("F2", due=date(2026, 11, 20))
    naming = credit(amount="121.00", names_invoice="F2")

    assert plan_of(snapshot(item("F1"), young, naming)).actions[0].also_open == ()


def test_what_is_also_open_is_listed_after_credits() -> None:
    young = item("F2", due=date(2026, 11, 20), open=euro("1000.00"))
    naming = credit(amount="900.00", names_invoice="F2")
    (action,) = plan_of(snapshot(item("F1"), young, naming)).actions

    assert [(line.number, line.open) for line in action.also_open] == [("F2", euro("100.00"))]


def test_what_credits_leave_of_a_small_difference_is_not_also_open() -> None:
    young = item("F2", due=date(2026, 11, 20))
    naming = credit(amount="119.00", names_invoice="F2")

    assert plan_of(snapshot(item("F1"), young, naming)).actions[0].also_open == ()


def test_invoice_without_a_due_date_is_listed_and_asks_for_one() -> None:
    made = plan_of(snapshot(item("F1"), item("F2", due=None)))

    assert numbers(made) == [["F1"]]
    assert codes(made) == {"F2": "due_date_missing"}
    assert [(a.code, a.subject, a.number) for a in made.attention] == [
        ("due_date_missing", "R/F2", "F2")
    ]


@pytest.mark.parametrize("fields", [{"direct_debit": True}, {"open": euro("1.00")}])
def test_invoice_that_needs_no_due_date_asks_for_none(fields: dict[str, Any]) -> None:
    made = plan_of(snapshot(item("F1", due=None, **fields)))

    assert (codes(made), made.attention) == ({}, ())


def test_handover_carries_only_what_reached_it_and_shows_nothing_else() -> None:
    over = item("F1", position=AT_HANDOVER, **STARTED)
    young = item("F3", due=date(2026, 11, 20))
    made = plan_of(snapshot(over, item("F2"), young))

    assert steps(made) == {"F1": "incasso", "F2": "herinnering"}
    assert [a.also_open == () for a in made.actions] == [False, True]
    handover = made.actions[1]
    assert (handover.to, handover.approval) == ("voorbeeld-incasso", Approval.REQUIRED)
    assert handover.term_days is None


def test_task_names_the_person_and_why() -> None:
    by = policy(step("bezoek", "due + 1d", "task", to="Petra", why="langsgaan"))
    (action,) = plan_of(snapshot(item()), by).actions

    assert (action.kind, action.to, action.why) == (StepKind.TASK, "Petra", "langsgaan")
    assert (action.via, action.term_days) == ((), None)


def test_actions_are_in_the_order_of_debtor_currency_and_ladder() -> None:
    ledger = snapshot(
        item("F1", party="2"),
        item("F2", position=AT_CALL, open=dollar("90.00"), **STARTED),
        item("F3", position=AT_HANDOVER, due=date(2026, 9, 1), **STARTED),
        item("F4", position=AT_CALL, **STARTED),
        item("F5"),
    )

    assert numbers(plan_of(ledger)) == [["F5"], ["F4"], ["F3"], ["F2"], ["F1"]]


def test_call_goes_beside_a_message() -> None:
    ledger = snapshot(item("F1", position=AT_CALL, **STARTED), item("F2"))

    assert steps(plan_of(ledger)) == {"F1": "bellen", "F2": "herinnering"}
