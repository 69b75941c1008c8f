"""What a hold does to a claim."""

from datetime import date, timedelta

import pytest

from connector.core.snapshot import HoldReason
from tests.core.make_core import (
    TODAY,
    claim_of,
    euro,
    findings_of,
    hold,
    item,
    position,
    snapshot,
    withheld_code,
)

DAY = timedelta(days=1)
BY_THEMSELVES = {HoldReason.PROMISE, HoldReason.MANUAL}


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


def test_dispute_is_not_resumed_before_its_own_date_although_it_was_answered() -> None:
    answered = hold(answered_on=TODAY, until=TODAY + 30 * DAY)
    ledger = snapshot(item(), holds=(answered,))

    assert withheld_code(ledger, today=TODAY + 29 * DAY) == "held"
    assert withheld_code(ledger, today=TODAY + 30 * DAY) is None


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


def test_payment_after_the_handover_must_be_told_to_the_agency() -> None:
    paid = ((date(2026, 11, 2), euro("10.00")), (date(2026, 11, 20), euro("20.00")))
    over = item(handed_over=True, position=position("incasso", date(2026, 11, 9)), payments=paid)

    (point,) = findings_of(snapshot(over)).attention
    assert (point.code, point.cycle) == ("agency_payment", 2)
    assert point.facts["amount"] == euro("20.00")


def test_what_was_paid_before_the_handover_is_in_the_dossier() -> None:
    before = ((date(2026, 11, 2), euro("10.00")),)
    over = item(handed_over=True, position=position("incasso", date(2026, 11, 9)), payments=before)

    assert findings_of(snapshot(over)).attention == ()


def test_dispute_after_the_handover_must_be_told_to_the_agency() -> None:
    over = item(handed_over=True, position=position("incasso", date(2026, 11, 9)))

    (point,) = findings_of(snapshot(over, holds=(hold(),))).attention
    assert (point.code, point.number) == ("agency_dispute", "F1")
