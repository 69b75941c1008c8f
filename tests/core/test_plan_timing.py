"""When a message may leave, how, and what waits for something else."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from connector.core.actions import Approval
from connector.core.policy.model import ChannelName, StepKind
from connector.core.snapshot import Creditor, HoldReason
from connector.port.records import PartyRef
from tests.core.make_core import (
    DEBTOR,
    TODAY,
    codes,
    consumer,
    credit,
    dollar,
    euro,
    hold,
    item,
    live,
    numbers,
    party,
    plan_of,
    policy,
    position,
    snapshot,
    step,
    steps,
    two_tracks,
)

DAY = timedelta(days=1)
AT_DEMAND = position("tweede-herinnering", date(2026, 10, 26), deadline=date(2026, 11, 2))
AT_CALL = position("sommatie", date(2026, 10, 26), deadline=date(2026, 11, 9))
AT_HANDOVER = position("bellen", date(2026, 11, 2), deadline=date(2026, 11, 2))
DEFAULT = "default_notice"
REGISTERED = Creditor(registered_agencies=frozenset({"voorbeeld-incasso"}))
STARTED: dict[str, Any] = {"last_demand_on": date(2026, 10, 26)}


def test_part_payment_gives_the_debtor_peace() -> None:
    paid = item("F1", last_payment_on=date(2026, 11, 18))  # Wednesday; 5 business days
    ledger = snapshot(paid, item("F2"))
    made = plan_of(ledger, today=date(2026, 11, 25))

    assert codes(made) == {"F1": "recent_payment", "F2": "recent_payment"}
    assert made.checks == {DEBTOR: date(2026, 11, 26)}
    assert numbers(plan_of(ledger, today=date(2026, 11, 26))) == [["F1", "F2"]]


def test_two_messages_to_one_debtor_are_a_week_apart() -> None:
    ledger = snapshot(item(), last_contact={DEBTOR: TODAY - 6 * DAY})
    made = plan_of(ledger)

    assert codes(made) == {"F1": "contact_spacing"}
    assert made.checks == {DEBTOR: TODAY + DAY}
    assert numbers(plan_of(ledger, today=TODAY + DAY)) == [["F1"]]


@pytest.mark.parametrize(("at", "name"), [(AT_CALL, "bellen"), (AT_HANDOVER, "incasso")])
def test_calls_and_handovers_do_not_wait_for_the_spacing(at: Any, name: str) -> None:
    over = item(position=at, **STARTED)
    made = plan_of(snapshot(over, last_contact={DEBTOR: TODAY - DAY}))

    assert steps(made) == {"F1": name}


@pytest.mark.parametrize("status", ["sending", "uncertain"])
def test_no_second_message_while_one_may_be_out(status: str) -> None:
    ledger = snapshot(item("F1"), item("F2"), live=(live(("F1", 1, "x"), status=status),))

    assert codes(plan_of(ledger)) == {"F1": "in_flight", "F2": "in_flight"}


def test_same_message_is_named_whatever_the_order_of_the_ledger() -> None:
    two = [live(("F1", 1, "x"), id=key, status="uncertain") for key in ("a", "b")]
    plans = [plan_of(snapshot(item("F1"), item("F2"), live=tuple(o))) for o in (two, two[::-1])]

    assert plans[0] == plans[1]


def test_call_that_is_being_made_does_not_stop_a_message() -> None:
    calling = live(("F1", 1, "bellen"), status="sending", kind=StepKind.CALL)
    made = plan_of(snapshot(item("F1"), item("F2"), live=(calling,)))

    assert numbers(made) == [["F2"]]


def test_one_message_to_a_debtor_across_currencies() -> None:
    ledger = snapshot(item("F1"), item("F2", open=dollar("90.00"), due=date(2026, 10, 1)))
    made = plan_of(ledger)

    assert numbers(made) == [["F2"]]
    assert codes(made) == {"F1": "other_currency_first"}


def test_furthest_step_goes_first_across_currencies() -> None:
    ahead = item("F1", position=AT_DEMAND, **STARTED)
    ledger = snapshot(ahead, item("F2", open=dollar("90.00"), due=date(2026, 10, 1)))

    assert numbers(plan_of(ledger)) == [["F1"]]


def test_proposed_message_is_kept_across_currencies() -> None:
    ledger = snapshot(item("F1"), item("F2", open=dollar("90.00"), due=date(2026, 10, 1)))
    (dollars,) = plan_of(ledger).actions
    ahead = replace(ledger.items[0], position=AT_DEMAND, **STARTED)
    waiting = replace(ledger, items=(ahead, ledger.items[1]),
                      live=(live(("F2", 1, "herinnering"), id=dollars.id),))  # fmt: skip

    assert numbers(plan_of(waiting)) == [["F2"]]


def test_no_demand_in_a_quiet_window() -> None:
    quiet = policy(guards={"quiet": [{"from": "11-20", "to": "11-29"}]})
    made = plan_of(snapshot(item()), quiet)

    assert codes(made) == {"F1": "quiet"}
    assert made.checks == {DEBTOR: date(2026, 11, 30)}
    assert numbers(plan_of(snapshot(item()), quiet, date(2026, 11, 30))) == [["F1"]]


def test_other_demand_waits_for_the_furthest() -> None:
    by = policy(
        step("een", "due", "final_demand"), step("twee", "due + 1d", "final_demand"),
        guards={"minimum_gap": "0d"},
    )  # fmt: skip
    ahead = item("F1", position=position("een", date(2026, 11, 2)))

    assert numbers(plan_of(snapshot(ahead, item("F2")), by)) == [["F1"]]
    assert codes(plan_of(snapshot(ahead, item("F2")), by)) == {"F2": "another_message_first"}


def test_debtor_without_address_goes_to_a_person() -> None:
    made = plan_of(snapshot(item(), parties=[party(email=None)]))

    assert codes(made) == {"F1": "address_missing"}
    assert [(p.code, p.subject) for p in made.attention] == [("address_missing", DEBTOR)]


def test_debtor_who_cannot_be_told_is_not_handed_over() -> None:
    over = item(position=AT_HANDOVER, **STARTED)
    made = plan_of(snapshot(over, parties=[party(email=None, street=None)]))

    assert codes(made) == {"F1": "address_missing"}
    assert [(p.code, p.facts) for p in made.attention] == [
        ("address_missing", {"via": "email, post"})
    ]


def test_handover_says_how_the_debtor_is_told() -> None:
    over = item(position=AT_HANDOVER, **STARTED)

    assert plan_of(snapshot(over)).actions[0].via == (ChannelName.EMAIL,)


def test_going_another_way_is_told() -> None:
    by = policy(step("een", "due", via="package", fallback="email"))

    assert [r.code for r in plan_of(snapshot(item()), by).actions[0].reasons] == [
        "step_reached",
        "rerouted",
    ]


def test_what_the_package_can_not_remind_of_is_told() -> None:
    by = policy(step("een", "due", via="package", fallback="email"))
    pushing = snapshot(item(remindable=False), creditor=Creditor(can_push=True))

    assert [r.code for r in plan_of(pushing, by).actions[0].reasons] == [
        "step_reached",
        "package_can_not_remind",
    ]


def test_the_package_reminds_of_what_it_can() -> None:
    by = policy(step("een", "due", via="package", fallback="email"))
    pushing = snapshot(item(remindable=True), creditor=Creditor(can_push=True))

    assert plan_of(pushing, by).actions[0].via == (ChannelName.PACKAGE,)


def test_what_is_never_done_to_a_debtor_is_withheld() -> None:
    by = policy(overrides=[{"debtor": "10023", "never": ["hand_over"]}])
    over = item(position=AT_HANDOVER, **STARTED)

    assert codes(plan_of(snapshot(over), by)) == {"F1": "never_for_debtor"}


def test_default_notice_goes_to_a_consumer() -> None:
    made = plan_of(snapshot(item(), parties=[consumer()]), policy(step("een", "due", DEFAULT)))

    assert steps(made) == {"F1": "een"}


def test_statutory_notice_waits_for_default() -> None:
    by = policy(step("een", "due", "statutory_notice"))
    made = plan_of(snapshot(item(), parties=[consumer()]), by)

    assert codes(made) == {"F1": "not_in_default"}
    assert [(p.code, p.facts) for p in made.attention] == [("not_in_default", {"step": "een"})]


@pytest.mark.parametrize("kind", ["consumer", "sole_trader", "partnership", "unknown"])
def test_natural_person_goes_to_a_registered_agency_only(kind: str) -> None:
    by = policy(overrides=[{"debtor": "10023", "kind": kind}])
    over = item(position=AT_HANDOVER, **STARTED)

    assert codes(plan_of(snapshot(over), by)) == {"F1": "agency_unregistered"}


@pytest.mark.parametrize("kind", ["consumer", "unknown"])
def test_consumer_is_not_handed_over_without_a_statutory_notice(kind: str) -> None:
    by = policy(overrides=[{"debtor": "10023", "kind": kind}])
    over = item(position=AT_HANDOVER, **STARTED)

    assert codes(plan_of(snapshot(over, creditor=REGISTERED), by)) == {"F1": "notice_missing"}


@pytest.mark.parametrize("kind", ["sole_trader", "partnership"])
def test_natural_person_in_trade_is_handed_over_one_by_one(kind: str) -> None:
    by = policy(overrides=[{"debtor": "10023", "kind": kind}])
    over = item(position=AT_HANDOVER, **STARTED)
    made = plan_of(snapshot(over, creditor=REGISTERED), by)

    assert [(a.step, a.approval) for a in made.actions] == [("incasso", Approval.INDIVIDUAL)]


def test_consumers_younger_item_rides_along_with_the_default_notice() -> None:
    at = position("herinnering", date(2026, 11, 2), track="particulier")
    older = item("F1", position=at, last_demand_on=date(2026, 11, 2))
    made = plan_of(snapshot(older, item("F2"), parties=[consumer()]), two_tracks())

    assert steps(made) == {"F1": "aanmaning", "F2": "herinnering"}


def test_first_run_is_spread_over_days_oldest_first() -> None:
    by = policy(guards={"first_run_per_day": "2"})
    old = [
        item(f"F{n}", party=f"{n}", due=date(2026, 10, 1) - n * DAY, first_pull=True)
        for n in range(4)
    ]
    made = plan_of(snapshot(*old), by)

    assert numbers(made) == [["F2"], ["F3"]]
    assert codes(made) == {"F0": "first_run_cap", "F1": "first_run_cap"}
    assert made.checks[PartyRef("0")] == TODAY + DAY


def test_first_run_counts_what_was_proposed_today() -> None:
    by = policy(guards={"first_run_per_day": "2"})
    old = [item(f"F{n}", party=f"{n}", first_pull=True) for n in range(3)]

    assert numbers(plan_of(snapshot(*old, first_run_used=1), by)) == [["F0"]]
    assert numbers(plan_of(snapshot(*old, first_run_used=9), by)) == []


def test_first_run_keeps_what_was_proposed_before() -> None:
    by = policy(guards={"first_run_per_day": "1"})
    old = [item(f"F{n}", party=f"{n}", first_pull=True) for n in range(2)]
    (first,) = plan_of(snapshot(*old), by).actions
    waiting = live(("F0", 1, "herinnering"), id=first.id, party=PartyRef("0"))

    again = plan_of(snapshot(*old, live=(waiting,), first_run_used=1), by)
    assert numbers(again) == [["F0"]]
    tomorrow = plan_of(snapshot(*old, live=(waiting,)), by, TODAY + DAY)
    assert numbers(tomorrow) == [["F0"], ["F1"]]


def test_calls_of_the_first_run_are_not_spread() -> None:
    by = policy(step("bellen", "due + 1d", "call"), guards={"first_run_per_day": "1"})
    old = [item(f"F{n}", party=f"{n}", first_pull=True) for n in range(3)]

    assert len(plan_of(snapshot(*old), by).actions) == 3


def test_shadow_mode_plans_all_the_same() -> None:
    assert [a.approval for a in plan_of(snapshot(item()), policy(mode="shadow")).actions] == [
        Approval.SHADOW
    ]


def test_identity_does_not_depend_on_the_policy() -> None:
    (before,) = plan_of(snapshot(item())).actions
    (after,) = plan_of(snapshot(item()), policy(step("herinnering", "due + 2d"))).actions

    assert before.id == after.id


def test_new_cycle_is_another_action() -> None:
    (before,) = plan_of(snapshot(item())).actions
    (after,) = plan_of(snapshot(item(cycle=2))).actions

    assert before.id != after.id


def test_withheld_claim_that_is_not_due_is_not_listed() -> None:
    young = item(due=date(2026, 12, 20))

    assert plan_of(snapshot(young, holds=(hold(),))).withheld == ()


def test_end_of_a_hold_is_a_day_to_look_again() -> None:
    ledger = snapshot(item(), holds=(hold(reason=HoldReason.MANUAL, until=date(2026, 12, 1)),))

    assert plan_of(ledger).checks == {DEBTOR: date(2026, 12, 1)}


def test_end_of_a_partial_hold_is_a_day_to_look_again() -> None:
    part = hold(reason=HoldReason.MANUAL, until=date(2026, 12, 1), amount=euro("21.00"))

    assert plan_of(snapshot(item(), holds=(part,))).checks == {DEBTOR: date(2026, 12, 1)}


def test_start_of_a_quiet_window_is_a_day_to_look_again() -> None:
    quiet = policy(guards={"quiet": [{"from": "11-28", "to": "12-06"}]})

    assert plan_of(snapshot(item()), quiet).checks == {DEBTOR: date(2026, 11, 28)}


def test_day_on_which_a_claim_turns_old_is_a_day_to_look_again() -> None:
    ledger = snapshot(item(due=date(2025, 12, 1), open=euro("5.00")))
    made = plan_of(ledger)

    assert codes(made) == {"F1": "below_minimum"}
    assert made.checks == {DEBTOR: date(2026, 12, 2)}
    assert codes(plan_of(ledger, today=date(2026, 12, 2))) == {"F1": "old_item"}


def test_credits_alone_are_no_claim() -> None:
    made = plan_of(snapshot(credit()))

    assert (made.actions, made.withheld, made.attention) == ((), (), ())
    assert made.checks == {DEBTOR: None}


def test_empty_books_make_an_empty_plan() -> None:
    made = plan_of(snapshot())

    assert (made.administration, made.on, made.actions, made.checks) == ("jansen-bv", TODAY, (), {})
