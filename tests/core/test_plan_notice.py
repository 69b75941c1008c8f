"""The statutory notice in a plan: one letter with all that it must hold and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from connector.core.policy.model import StepKind
from connector.core.snapshot import HoldReason, Item
from tests.core.make_claims import (
    AGENCY,
    CREDITOR,
    DEFAULTED,
    HAND_OVER,
    NOTICE,
    after,
    books,
    by,
    made,
    private,
    reasons,
    told,
)
from tests.core.make_core import (
    DEBTOR,
    TODAY,
    announced,
    charge,
    codes,
    credit,
    dollar,
    euro,
    hold,
    item,
    live,
    notice,
    numbers,
    payment,
    plan_of,
    policy,
    position,
    snapshot,
    step,
    steps,
    track,
)

DAY = timedelta(days=1)
REMINDER = step("herinnering", "due + 1d")
CALL = step("bellen", "previous + 3d", "call")
LATE = step("brief", "previous + 7d", "statutory_notice")
RULES = by(REMINDER, CALL, LATE, HAND_OVER)
STANDS = after("bellen")  # its next step is the notice
NOT_AGREED = replace(CREDITOR, due_date_agreed=False)


def test_notice_takes_in_all_claims_in_default() -> None:
    """Art. 6:96 lid 7 BW: F2 has had no more than a reminder, F3 nothing at all."""
    recent = position("herinnering", TODAY - DAY)
    ledger = private(STANDS, item("F2", position=recent), item("F3", due=TODAY - DAY))
    planned = plan_of(ledger, RULES)

    assert steps(planned) == {"F1": "brief", "F2": "brief", "F3": "brief"}
    assert [r.facts for a in planned.actions for r in a.reasons if r.code == "joined_by_law"] == [
        {"count": 2}
    ]


def test_notice_of_claims_that_all_reached_it_joins_none() -> None:
    assert reasons(made(private(STANDS), RULES)) == ["costs_announced"]


@pytest.mark.parametrize(
    "other",
    [
        item("F2", due=TODAY),  # not past due
        item("F2", due=TODAY + 9 * DAY),
        item("F2", open=euro("2.00")),
        item("F2", disputed=True),
        item("F2", handed_over=True),
        item("F2", factored=True),
        item("F2", direct_debit=True),
        item("F2", due=None),
    ],
)
def test_notice_takes_in_no_other_claim(other: Item) -> None:
    action = made(private(STANDS, other), RULES)

    assert [line.number for line in action.items] == ["F1"]
    assert action.also_open == ()


def test_held_claim_stays_out_of_the_notice() -> None:
    ledger = private(STANDS, item("F2"), holds=(hold("F2"),))

    assert numbers(plan_of(ledger, RULES)) == [["F1"]]


def test_claim_that_a_credit_covers_stays_out_of_the_notice() -> None:
    ledger = private(STANDS, item("F2"), credit(amount="121.00", names_invoice="F2"))

    assert numbers(plan_of(ledger, RULES)) == [["F1"]]


def test_claim_whose_default_has_not_begun_stays_out_of_the_notice() -> None:
    """Without an agreed due date each claim needs a default notice of its own (art. 6:82 BW)."""
    ledger = private(STANDS, item("F2"), notices=[DEFAULTED], creditor=NOT_AGREED)

    assert steps(plan_of(ledger, RULES)) == {"F1": "brief"}


def test_claim_that_had_its_notice_stays_out_of_the_next() -> None:
    waits = replace(after("brief"), id=item("F2").id, number="F2")
    ledger = private(STANDS, waits, notices=[notice("F2", effect_from=TODAY + DAY)],
                     charges=[announced("F2")])  # fmt: skip

    assert numbers(plan_of(ledger, RULES)) == [["F1"]]


def test_claims_in_another_currency_stay_out_of_the_notice() -> None:
    planned = plan_of(private(STANDS, item("F2", open=dollar("90.00"))), RULES)

    assert numbers(planned) == [["F1"]]
    assert codes(planned) == {"F2": "other_currency_first"}


def test_partial_dispute_keeps_the_disputed_part_out_of_the_notice() -> None:
    action = made(private(STANDS, holds=(hold(amount=euro("21.00")),)), RULES)

    assert (str(action.total), told(action)) == ("100.00", ["announced 40.00"])


def test_claim_in_the_notice_is_in_no_call_of_that_day() -> None:
    ledger = private(STANDS, after("herinnering", "F2"))
    planned = plan_of(ledger, RULES)

    assert [(a.step, len(a.items)) for a in planned.actions] == [("brief", 2)]


def test_call_goes_on_where_the_notice_cannot_leave() -> None:
    ledger = private(STANDS, after("herinnering", "F2"), last_contact={DEBTOR: TODAY - DAY})

    assert steps(plan_of(ledger, RULES)) == {"F2": "bellen"}


def calling(*entries: tuple[str, int, str]) -> dict[str, Any]:
    return {"live": (live(*entries, id="c1", status="sending", kind=StepKind.CALL),)}


def test_notice_waits_for_a_call_about_a_claim_that_belongs_in_it() -> None:
    """Two letters would each claim the minimum of the scale."""
    ledger = private(STANDS, item("F2"), **calling(("F2", 1, "bellen")))
    planned = plan_of(ledger, RULES)

    assert (numbers(planned), codes(planned)) == ([], {"F1": "in_flight", "F2": "in_flight"})


@pytest.mark.parametrize("other", [item("F2", due=TODAY + DAY), item("F2", open=euro("2.00"))])
def test_notice_does_not_wait_for_a_call_about_another_claim(other: Item) -> None:
    ledger = private(STANDS, other, **calling(("F2", 1, "bellen")))

    assert numbers(plan_of(ledger, RULES)) == [["F1"]]


def test_notice_does_not_wait_for_a_call_about_what_a_credit_covers() -> None:
    covers = credit(amount="121.00", names_invoice="F2")
    ledger = private(STANDS, item("F2"), covers, **calling(("F2", 1, "bellen")))

    assert numbers(plan_of(ledger, RULES)) == [["F1"]]


def test_reminder_waits_for_the_notice_where_it_is_not_taken_in() -> None:
    ledger = private(STANDS, item("F2"), notices=[DEFAULTED], creditor=NOT_AGREED)

    assert codes(plan_of(ledger, RULES)) == {"F2": "another_message_first"}


def test_notice_is_of_the_track_of_its_own_claim() -> None:
    """F1 is older and begins on another track; it goes along with F2's notice."""
    rules = policy(tracks=[
        track(REMINDER, name="nieuw", applies_to={"kind": "consumer"}),
        track(REMINDER, LATE, name="oud"),
    ])  # fmt: skip
    at = position("herinnering", date(2026, 10, 26), track="oud")
    old = item("F2", position=at, last_demand_on=date(2026, 10, 26))
    other = position("herinnering", date(2026, 10, 27), track="nieuw")
    first = item("F1", due=date(2026, 10, 1), position=other, last_demand_on=date(2026, 10, 27))
    planned = plan_of(private(first, old), rules)

    assert [(action.track, action.step) for action in planned.actions] == [("oud", "brief")]


def two_ladders(*first: Any) -> Any:
    return policy(tracks=[
        track(*first, name="nieuw", applies_to={"kind": "consumer"}),
        track(REMINDER, step("sommatie", "previous + 7d", "final_demand"), name="oud"),
    ])  # fmt: skip


@pytest.mark.parametrize("name", ["herinnering", "anders"])
def test_item_on_another_track_does_not_ride_along(name: str) -> None:
    """It would be advanced on a track that it does not stand on, past steps or to one unknown."""
    begun = item("F1", position=position("herinnering", date(2026, 10, 26), track="oud"))
    later = item("F2", position=position("eerst", date(2026, 10, 27), track="nieuw"))
    rules = two_ladders(step("eerst", "due"), step(name, "previous + 7d"))
    planned = plan_of(private(begun, later), rules)

    assert steps(planned) == {"F1": "sommatie"}
    assert codes(planned) == {"F2": "another_message_first"}


def test_track_that_a_person_gave_holds_for_riders_too() -> None:
    rules = two_ladders(step("eerst", "due"), step("anders", "previous + 7d"))
    given = rules.model_copy(update={"overrides": policy(
        overrides=[{"debtor": "10023", "track": "oud"}]).overrides})  # fmt: skip
    begun = item("F1", position=position("herinnering", date(2026, 10, 26), track="nieuw"))

    assert steps(plan_of(private(begun, item("F2")), given)) == {
        "F1": "sommatie",
        "F2": "herinnering",
    }


def settled_books(*items: Item, charges: Sequence[Any] = ()) -> Any:
    return private(*items, charges=charges, notices=[notice()])


def test_handover_claims_no_costs_while_a_part_is_disputed() -> None:
    part = hold(amount=euro("21.00"))
    ledger = private(after("brief"), charges=[announced()], notices=[notice()], holds=(part,))
    action = made(ledger, RULES)

    assert (action.step, str(action.total), told(action)) == ("incasso", "100.00", [])


def test_term_that_ended_under_a_hold_lets_costs_fall_due_after_it() -> None:
    over = hold(reason=HoldReason.MANUAL, until=TODAY)
    ledger = private(after("brief"), charges=[announced()], notices=[notice()], holds=(over,))

    assert told(made(ledger, RULES)) == ["costs 40.00"]


def test_consumer_who_paid_in_time_but_is_not_booked_yet_is_not_handed_over() -> None:
    ledger = settled_books(after("brief"), payment(amount="121.00"), charges=[announced()])
    planned = plan_of(ledger, RULES)

    assert (numbers(planned), codes(planned)) == ([], {"F1": "unallocated_payment"})
    assert planned.charges == ()


def test_consumer_who_paid_in_time_owes_nothing_once_it_is_booked() -> None:
    planned = plan_of(snapshot(parties=private().parties.values(), charges={DEBTOR: (announced(),)},
                               notices={DEBTOR: (notice(),)}), RULES)  # fmt: skip

    assert (numbers(planned), [change.code for change in planned.charges]) == (
        [],
        ["charge_lapsed"],
    )


def test_business_gets_the_notice_too_where_the_policy_sends_it() -> None:
    assert told(made(books(STANDS), RULES)) == ["announced 40.00"]


def test_costs_that_were_announced_to_a_business_are_not_claimed_beside_the_scale() -> None:
    ledger = books(after("brief"), charges=[charge()], notices=[notice()])

    assert told(made(ledger, RULES)) == ["costs 40.00"]


def test_agency_is_the_registered_one() -> None:
    assert made(settled_books(after("brief"), charges=[charge()]), RULES).to == AGENCY


def test_notice_names_no_item_beside_its_own() -> None:
    ledger = private(item("F1"), item("F2", due=TODAY + DAY))
    action = made(ledger, by(NOTICE))

    assert ([line.number for line in action.items], action.also_open) == (["F1"], ())
