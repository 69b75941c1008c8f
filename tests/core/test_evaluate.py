"""Where each claim stands."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.make_core import (
    TODAY,
    claim_of,
    euro,
    findings_of,
    item,
    live,
    policy,
    snapshot,
    withheld_code,
)

DAY = timedelta(days=1)


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
