"""Where each claim stands."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from connector.core.snapshot import HoldReason
from connector.port.records import PartyRef
from tests.core.make_core import (
    TODAY,
    claim_of,
    consumer,
    credit,
    euro,
    findings_of,
    hold,
    item,
    live,
    party,
    payment,
    policy,
    position,
    snapshot,
    step,
    two_tracks,
    withheld_code,
)

DAY = timedelta(days=1)
BY_THEMSELVES = {HoldReason.PROMISE, HoldReason.MANUAL}


def test_step_is_due_from_the_day_that_its_moment_is_reached() -> None:
    ledger = snapshot(item(due=date(2026, 11, 9)))

    assert [claim_of(ledger, today=TODAY + n * DAY).reached for n in (-1, 0, 1, 400)] == [
        False,
        True,
        True,
        True,
    ]


def test_item_is_past_due_the_day_after_its_due_date() -> None:
    ledger = snapshot(item(due=TODAY))

    assert not claim_of(ledger).past_due
    assert claim_of(ledger, today=TODAY + DAY).past_due


@pytest.mark.parametrize(("open_", "code"), [("2.00", "small_difference"), ("2.01", None)])
def test_small_difference_counts_as_settled(open_: str, code: str | None) -> None:
    assert withheld_code(snapshot(item(open=euro(open_)))) == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"handed_over": True}, "handed_over"),
        ({"unreadable": True}, "row_held"),
        ({"direct_debit": True}, "direct_debit"),
        ({"factored": True}, "factored"),
        ({"disputed": True}, "disputed_in_books"),
        ({"blocked": True}, "blocked_in_books"),
        ({"due": None}, "due_date_missing"),
        ({"open": euro(0)}, "small_difference"),
        ({"open": euro(-5)}, "small_difference"),
    ],
)
def test_what_the_books_say_keeps_the_claim(fields: dict[str, Any], code: str) -> None:
    claim = claim_of(snapshot(item(**fields)))

    assert claim.withheld is not None
    assert claim.withheld.reason.code == code
    assert not claim.is_due_for_action


def test_skipped_invoice_tells_the_reason_of_the_policy() -> None:
    override = {"invoice": "F1", "skip": True, "reason": "valt onder raamcontract"}
    claim = claim_of(snapshot(item()), policy(overrides=[override]))

    assert claim.withheld is not None
    assert claim.withheld.reason.code == "skipped"
    assert claim.withheld.reason.facts == {"reason": "valt onder raamcontract"}


def test_due_date_of_the_policy_wins_over_the_books() -> None:
    override = {"invoice": "F1", "due": "2026-12-15", "reason": "opnieuw verzonden"}
    claim = claim_of(snapshot(item()), policy(overrides=[override]))

    assert claim.due == date(2026, 12, 15)
    assert not claim.past_due
    assert claim.moment is not None
    assert claim.moment.reached_on == date(2026, 12, 29)


def test_claims_are_in_the_order_of_the_dates_that_count() -> None:
    override = {"invoice": "F1", "due": "2026-11-15", "reason": "opnieuw verzonden"}
    ledger = snapshot(item("F1"), item("F2", due=date(2026, 11, 1)))
    (debtor,) = findings_of(ledger, policy(overrides=[override])).debtors

    assert [claim.item.number for claim in debtor.claims] == ["F2", "F1"]


@pytest.mark.parametrize("status", ["sending", "uncertain"])
def test_item_whose_message_may_be_out_is_left_alone(status: str) -> None:
    ledger = snapshot(item(), live=(live(("F1", 1, "herinnering"), status=status),))

    assert withheld_code(ledger) == "in_flight"


@pytest.mark.parametrize("status", ["proposed", "approved", "failed", "delivered"])
def test_item_of_another_action_goes_on(status: str) -> None:
    ledger = snapshot(item(), live=(live(("F1", 1, "herinnering"), status=status),))

    assert withheld_code(ledger) is None


def test_rejected_step_waits_for_a_person() -> None:
    ledger = snapshot(item(), live=(live(("F1", 1, "herinnering"), status="rejected"),))
    found = findings_of(ledger)

    assert withheld_code(ledger) == "rejected"
    assert [(point.code, point.number) for point in found.attention] == [("rejected", "F1")]


@pytest.mark.parametrize("entry", [("F1", 2, "herinnering"), ("F1", 1, "sommatie")])
def test_rejection_is_of_one_cycle_and_one_step(entry: tuple[str, int, str]) -> None:
    ledger = snapshot(item(), live=(live(entry, status="rejected"),))

    assert withheld_code(ledger) is None


@pytest.mark.parametrize("reason", list(HoldReason))
def test_hold_keeps_the_claim_until_its_date(reason: HoldReason) -> None:
    ledger = snapshot(item(), holds=(hold(reason=reason, until=TODAY + DAY),))

    assert withheld_code(ledger) == "held"
    assert findings_of(ledger).attention == ()


@pytest.mark.parametrize("reason", [r for r in HoldReason if r not in BY_THEMSELVES])
def test_hold_that_needs_an_outcome_stays_and_asks_for_it(reason: HoldReason) -> None:
    ledger = snapshot(item(), holds=(hold(reason=reason, until=TODAY),))
    later = TODAY + timedelta(days=400)

    assert withheld_code(ledger, today=later) == "held"
    assert [point.code for point in findings_of(ledger).attention] == ["hold_ended"]


def test_hold_that_a_person_has_looked_at_is_reported_once() -> None:
    ended = hold(until=TODAY)
    ledger = snapshot(item(), holds=(ended,), seen=frozenset({("hold_ended", "hold:h1", 0)}))

    assert findings_of(ledger).attention == ()
    assert withheld_code(ledger) == "held"


def test_hold_on_a_debtor_is_reported_once_for_all_its_items() -> None:
    ledger = snapshot(item("F1"), item("F2"), holds=(hold(None, until=TODAY),))

    assert [point.subject for point in findings_of(ledger).attention] == ["hold:h1"]


def test_manual_hold_ends_on_its_date() -> None:
    ledger = snapshot(item(), holds=(hold(reason=HoldReason.MANUAL, until=TODAY),))

    assert withheld_code(ledger, today=TODAY - DAY) == "held"
    assert withheld_code(ledger) is None


def test_broken_promise_resumes_at_once_after_its_grace() -> None:
    promised = hold(reason=HoldReason.PROMISE, until=date(2026, 11, 20))  # Friday; 3 business days
    ledger = snapshot(item(), holds=(promised,))

    assert withheld_code(ledger, today=date(2026, 11, 25)) == "held"
    assert withheld_code(ledger, today=date(2026, 11, 26)) is None
    assert claim_of(ledger, today=date(2026, 11, 26)).reached


def test_dispute_resumes_a_fortnight_after_the_logged_answer() -> None:
    answered = hold(answered_on=TODAY, until=TODAY)
    ledger = snapshot(item(), holds=(answered,))

    assert withheld_code(ledger, today=TODAY + 13 * DAY) == "held"
    assert withheld_code(ledger, today=TODAY + 14 * DAY) is None


def test_answer_ends_no_other_hold_than_a_dispute() -> None:
    answered = hold(reason=HoldReason.SET_OFF, answered_on=TODAY, until=TODAY)

    assert withheld_code(snapshot(item(), holds=(answered,)), today=TODAY + 99 * DAY) == "held"


def test_longest_hold_is_the_one_that_is_told() -> None:
    short = hold(id="kort", reason=HoldReason.MANUAL, until=TODAY + DAY)
    long = hold(None, id="lang", reason=HoldReason.MANUAL, until=TODAY + 9 * DAY)
    withheld = claim_of(snapshot(item(), holds=(short, long))).withheld

    assert withheld is not None
    assert withheld.reason.facts["hold"] == "lang"
    assert withheld.again_on == TODAY + 9 * DAY


def test_hold_on_the_debtor_keeps_all_its_claims() -> None:
    ledger = snapshot(item("F1"), item("F2"), item("F3", party="2"), holds=(hold(None),))
    held = {
        claim.item.number: claim.withheld is not None
        for debtor in findings_of(ledger).debtors
        for claim in debtor.claims
    }

    assert held == {"F1": True, "F2": True, "F3": False}


def test_partial_dispute_lets_the_rest_go_on() -> None:
    claim = claim_of(snapshot(item(), holds=(hold(amount=euro("21.00")),)))

    assert claim.withheld is None
    assert claim.open == euro("100.00")


def test_partial_dispute_that_is_over_counts_no_more() -> None:
    over = hold(amount=euro("21.00"), reason=HoldReason.MANUAL, until=TODAY)

    assert claim_of(snapshot(item(), holds=(over,))).open == euro("121.00")


@pytest.mark.parametrize("disputed", ["119.00", "121.00", "500.00"])
def test_partial_disputes_of_all_that_is_open_hold_the_claim(disputed: str) -> None:
    claim = claim_of(snapshot(item(), holds=(hold(amount=euro(disputed)),)))

    assert claim.withheld is not None
    assert claim.withheld.reason.code == "held"
    assert claim.withheld.reason.facts["hold"] == "h1"
    assert claim.open >= euro(0)


def test_step_that_is_gone_from_the_policy_asks_a_person() -> None:
    ledger = snapshot(item(position=position("verdwenen")))
    found = findings_of(ledger)

    assert withheld_code(ledger) == "policy_changed"
    assert claim_of(ledger).moment is None
    assert [(p.code, p.number) for p in found.attention] == [("policy_changed", "F1")]


def test_track_that_is_gone_from_the_policy_asks_a_person() -> None:
    ledger = snapshot(item(position=position(track="verdwenen")))

    assert withheld_code(ledger) == "policy_changed"


def test_new_item_of_a_debtor_whose_track_is_gone_asks_a_person() -> None:
    ledger = snapshot(item("F1", position=position(track="verdwenen")), item("F2"))
    (debtor,) = findings_of(ledger).debtors

    assert [c.withheld and c.withheld.reason.code for c in debtor.claims] == 2 * ["policy_changed"]


def test_exhausted_item_is_reported_once() -> None:
    done = item(position=position("incasso"))
    seen = frozenset({("exhausted", done.id, 1)})

    assert withheld_code(snapshot(done)) == "exhausted"
    assert [p.code for p in findings_of(snapshot(done)).attention] == ["exhausted"]
    assert findings_of(snapshot(done, seen=seen)).attention == ()


def test_new_cycle_is_reported_anew() -> None:
    again = item(position=position("incasso"), cycle=2)
    seen = frozenset({("exhausted", again.id, 1)})

    assert [p.code for p in findings_of(snapshot(again, seen=seen)).attention] == ["exhausted"]


def test_debtor_that_would_be_on_another_track_asks_a_person_and_stays() -> None:
    begun = item(position=position("herinnering", track="particulier"))
    found = findings_of(snapshot(begun), two_tracks())

    assert found.debtors[0].track.name == "particulier"
    assert [(p.code, p.facts) for p in found.attention] == [
        ("track_changed", {"from": "particulier", "to": "zakelijk"})
    ]


def test_override_of_the_track_moves_items_that_have_begun() -> None:
    begun = item(position=position("herinnering", track="particulier"))
    by = two_tracks(overrides=[{"debtor": "10023", "track": "zakelijk"}])
    claim = claim_of(snapshot(begun), by)

    assert claim.moment is not None
    assert claim.moment.step.step == "tweede-herinnering"


def test_override_of_the_kind_wins() -> None:
    by = two_tracks(overrides=[{"debtor": "10023", "kind": "company"}])
    (debtor,) = findings_of(snapshot(item(), parties=[consumer()]), by).debtors

    assert (debtor.kind, debtor.track.name) == ("company", "zakelijk")


def test_item_of_more_than_a_year_old_goes_to_a_person_first() -> None:
    old = item(due=date(2025, 11, 22))

    assert withheld_code(snapshot(old)) == "old_item"
    assert [p.code for p in findings_of(snapshot(old)).attention] == ["old_item"]
    assert withheld_code(snapshot(replace(old, due=date(2025, 11, 23)))) is None
    assert withheld_code(snapshot(old, seen=frozenset({("old_item", old.id, 1)}))) is None


def test_old_item_that_has_begun_goes_on() -> None:
    old = item(due=date(2025, 11, 22), position=position())

    assert withheld_code(snapshot(old)) is None


def test_first_run_is_about_old_books_that_we_never_wrote_about() -> None:
    old = item(first_pull=True)

    assert claim_of(snapshot(old)).first_run
    assert not claim_of(snapshot(replace(old, position=position()))).first_run
    assert not claim_of(snapshot(item())).first_run


def test_same_action_is_named_whatever_the_order_of_the_ledger() -> None:
    two = [live(("F1", 1, "herinnering"), id=key, status="uncertain") for key in ("a", "b")]
    withheld = [
        claim_of(snapshot(item(), live=tuple(order))).withheld for order in (two, two[::-1])
    ]

    assert withheld[0] == withheld[1]


def test_points_of_attention_are_in_the_order_of_their_code() -> None:
    ledger = snapshot(
        item("F1", party="1", position=position("weg")),
        item("F2", party="2", position=position("incasso")),
        item("F3", party="3", position=position("incasso")),
    )

    assert [(p.code, p.number) for p in findings_of(ledger).attention] == [
        ("exhausted", "F2"),
        ("exhausted", "F3"),
        ("policy_changed", "F1"),
    ]


def test_documents_are_told_apart() -> None:
    (debtor,) = findings_of(snapshot(payment(), item(), credit())).debtors

    assert [c.item.number for c in debtor.claims] == ["F1"]
    assert [c.number for c in debtor.credits] == ["C1"]
    assert [c.number for c in debtor.unallocated] == ["B1"]


def test_debtors_come_in_the_order_of_their_reference() -> None:
    ledger = snapshot(item("F1", party="30"), item("F2", party="10"), item("F3", party="20"))

    assert [d.party.ref for d in findings_of(ledger).debtors] == ["10", "20", "30"]


def test_debtor_that_the_books_do_not_name_is_unknown() -> None:
    ledger = snapshot(item(), parties=[party("other")])
    ledger = replace(ledger, parties={})
    (debtor,) = findings_of(ledger).debtors

    assert debtor.party.ref == debtor.party.name == PartyRef("10023")
    assert debtor.kind == "unknown"


def test_gap_of_the_guards_holds_between_demands_on_one_item() -> None:
    by = policy(step("een", "due"), step("twee", "due + 1d"), guards={"minimum_gap": "10d"})
    recent = item(position=position("een", TODAY - 9 * DAY), last_demand_on=TODAY - 9 * DAY)

    assert not claim_of(snapshot(recent), by).reached
    assert claim_of(snapshot(recent), by, TODAY + DAY).reached
