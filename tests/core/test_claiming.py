"""What a message may claim on top of the principal."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from connector.core.charges import ChargeState
from tests.core.make_claims import (
    COSTS,
    CREDITOR,
    DEFAULTED,
    DEMAND,
    FROM_DEMAND,
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
    TODAY,
    credit,
    dollar,
    euro,
    hold,
    interest,
    item,
    party,
    policy,
    position,
    step,
    track,
)

REMINDER = step("herinnering", "due + 1d")
NOT_AGREED = replace(CREDITOR, due_date_agreed=False)
BIG: dict[str, Any] = {"open": euro(8470), "due": date(2024, 12, 31), "basis": "services"}
BASKET: dict[str, Any] = {"open": euro(1210), "due": date(2025, 5, 31), "basis": "services"}
OLD = frozenset({("old_item", "R/F1", 1)})


def test_business_owes_commercial_interest_from_the_day_after_the_due_date() -> None:
    """8,470.00 due 31 Dec 2024 through 31 Aug 2026: 1,538.98 (art. 6:119a BW, act/365)."""
    action = made(books(item(**BIG), seen=OLD), by(DEMAND, **FROM_DEMAND), date(2026, 8, 31))
    charges = action.charges

    assert charges is not None
    assert (str(charges.interest), charges.interest_article, charges.interest_through) == (
        "1538.98",
        "art. 6:119a BW",
        date(2026, 8, 31),
    )


def test_public_body_owes_it_by_its_own_article() -> None:
    action = made(books(who=party(kind="public_body")), by(DEMAND, **FROM_DEMAND))

    assert action.charges is not None
    assert action.charges.interest_article == "art. 6:119b BW"


def test_consumer_owes_statutory_interest() -> None:
    """1,210.00 due 31 May 2025 through 15 Jan 2026: 42.57 + 1.99 (art. 6:119 BW)."""
    action = made(private(item(**BASKET)), by(DEMAND, **FROM_DEMAND), date(2026, 1, 15))

    assert told(action) == ["interest 44.56"]
    assert reasons(action) == ["interest_claimed"]


def test_debtor_of_unknown_kind_owes_the_interest_of_a_consumer() -> None:
    unknown = books(item(**BASKET), who=party(name="Bakkerij De Wit"))

    assert told(made(unknown, by(DEMAND, **FROM_DEMAND), date(2026, 1, 15))) == ["interest 44.56"]


def test_consumer_bears_no_interest_before_default() -> None:
    """Art. 6:82 BW: a date on the invoice alone brings about no default."""
    action = made(private(creditor=NOT_AGREED), by(DEMAND, **FROM_DEMAND))

    assert (told(action), reasons(action)) == ([], ["interest_no_default"])


def test_consumer_bears_interest_from_the_end_of_the_default_notice() -> None:
    """EUR 10,000 from 1 through 23 November 2026: 23 days at 4 % is EUR 25.21."""
    asked = private(item(open=euro(10_000)), notices=[DEFAULTED], creditor=NOT_AGREED)

    assert told(made(asked, by(DEMAND, **FROM_DEMAND))) == ["interest 25.21"]


def test_items_in_default_bear_interest_beside_those_that_are_not() -> None:
    two = [item("F1", open=euro(10_000)), item("F2", open=euro(10_000))]
    action = made(
        private(*two, notices=[DEFAULTED], creditor=NOT_AGREED), by(DEMAND, **FROM_DEMAND)
    )

    assert [str(line.interest) for line in action.items] == ["25.21", "0.00"]
    assert reasons(action) == ["interest_claimed", "interest_no_default"]


def test_default_that_begins_later_bears_nothing_yet() -> None:
    runs = replace(DEFAULTED, last_day=TODAY)
    action = made(private(notices=[runs], creditor=NOT_AGREED), by(DEMAND, **FROM_DEMAND))

    assert told(action) == []


@pytest.mark.parametrize(
    ("wish", "step_of", "expected"),
    [
        ("statutory", DEMAND, False),  # left out: from the handover
        ("statutory", HAND_OVER, True),
        ({"kind": "statutory", "claim_from": "sommatie"}, DEMAND, True),
        ({"kind": "statutory", "claim_from": "final_demand"}, DEMAND, True),
        ({"kind": "statutory", "claim_from": "niets"}, DEMAND, False),
        ("none", HAND_OVER, False),
    ],
)
def test_interest_is_claimed_from_the_step_that_the_policy_names(
    wish: Any, step_of: Any, *, expected: bool
) -> None:
    action = made(books(item(open=euro(9000))), by(step_of, interest=wish))

    assert any(one.startswith("interest") for one in told(action)) is expected


def test_interest_is_claimed_on_all_later_steps() -> None:
    rules = by(
        REMINDER, DEMAND, HAND_OVER, interest={"kind": "statutory", "claim_from": "sommatie"}
    )

    assert told(made(books(item(open=euro(9000))), rules)) == []
    assert told(made(books(after("sommatie", open=euro(9000))), rules))[0] == "interest 76.93"


def test_agreed_rate_goes_before_that_of_the_law() -> None:
    """EUR 3,650 at 1 % for the 30 days through 23 November is EUR 3.00."""
    wish = {"rate": "1", "clause": "art. 8 AV", "claim_from": "sommatie"}
    action = made(books(item(open=euro(3650))), by(DEMAND, interest=wish))

    assert told(action)[0] == "interest 3.00"
    assert action.charges
    assert action.charges.interest_article == "art. 8 AV"


def test_rate_agreed_in_trade_does_not_hold_for_who_turns_out_a_consumer() -> None:
    """The debtor keeps its track through a cycle; the clause was never agreed with a consumer."""
    agreed = {"rate": "12", "clause": "art. 8 AV", "claim_from": "sommatie"}
    rules = policy(
        tracks=[
            track(name="particulier", applies_to={"kind": "consumer"}),
            track(REMINDER, DEMAND, interest=agreed),
        ]
    )
    stands = replace(after("herinnering"), open=euro(3650))
    action = made(private(stands), rules)

    assert action.charges is not None
    assert (told(action), action.charges.interest_article) == (["interest 12.00"], "art. 6:119 BW")


def test_payment_stops_the_interest_over_what_it_paid() -> None:
    """3,650 through 3 November and 1,825 since: 10 and 20 days at 10.4 % is 10.40 + 10.40."""
    paid = item(open=euro(1825), payments=((date(2026, 11, 3), euro(1825)),))

    assert told(made(books(paid), by(DEMAND, **FROM_DEMAND)))[0] == "interest 20.80"


def test_payment_in_another_currency_is_no_payment_on_the_claim() -> None:
    paid = item(open=euro(3650), payments=((date(2026, 11, 3), dollar(9)),))

    assert told(made(books(paid), by(DEMAND, **FROM_DEMAND)))[0] == "interest 31.20"


def test_interest_that_was_paid_is_not_asked_again() -> None:
    known = interest(amount="30.00", paid=euro("30.00"), state=ChargeState.PAID)
    action = made(books(item(open=euro(3650)), charges=[known]), by(DEMAND, **FROM_DEMAND))

    assert told(action)[0] == "interest 1.20"


def test_more_interest_paid_than_accrued_asks_nothing_back() -> None:
    known = interest(amount="90.00", paid=euro("90.00"), state=ChargeState.PAID)
    action = made(books(item(open=euro(3650)), charges=[known]), by(DEMAND, **FROM_DEMAND))

    assert not [one for one in told(action) if one.startswith("interest")]


def test_interest_that_was_let_go_is_not_asked_again() -> None:
    known = interest(state=ChargeState.WAIVED)
    action = made(books(item(open=euro(3650)), charges=[known]), by(DEMAND, **FROM_DEMAND))

    assert told(action) == ["costs 490.00"]


def test_interest_in_another_currency_was_not_charged_on_this_claim() -> None:
    known = replace(interest(), amount=dollar(5), paid=dollar(5), vat=dollar(0))
    action = made(books(item(open=euro(3650)), charges=[known]), by(DEMAND, **FROM_DEMAND))

    assert told(action)[0] == "interest 31.20"


def test_no_interest_over_the_disputed_part() -> None:
    part = hold(amount=euro(1825))
    action = made(books(item(open=euro(3650)), holds=(part,)), by(DEMAND, **FROM_DEMAND))

    assert told(action)[0] == "interest 15.60"


def test_no_interest_over_what_a_credit_covers() -> None:
    lowered = books(item(open=euro(3650)), credit(amount="1825.00"))

    assert told(made(lowered, by(DEMAND, **FROM_DEMAND)))[0] == "interest 15.60"


def test_total_is_the_sum_of_what_is_claimed() -> None:
    two = [item("F1", open=euro(3650)), item("F2", open=euro(121))]
    action = made(books(*two, credit(amount="21.00")), by(DEMAND, **FROM_DEMAND))
    lines = [line.open + line.interest + line.costs for line in action.items]

    assert action.total == sum(lines, euro(0)) - euro("21.00")


def test_figures_that_end_make_the_interest_provisional() -> None:
    """The table of commercial interest is known through 31 December 2026."""
    action = made(books(item(open=euro(3650))), by(DEMAND, **FROM_DEMAND), date(2027, 1, 8))

    assert action.charges is not None
    assert (action.charges.provisional, action.charges.interest_through) == (
        True,
        date(2026, 12, 31),
    )
    assert "figures_end" in reasons(action)


def test_interest_that_is_not_known_yet_is_told() -> None:
    late = item(open=euro(3650), due=date(2027, 1, 4))
    action = made(books(late), policy(tracks=[track(DEMAND, **FROM_DEMAND)]), date(2027, 1, 8))

    assert (told(action), reasons(action)) == ([], ["figures_end"])


def test_statutory_notice_may_show_interest() -> None:
    rules = by(NOTICE, interest={"kind": "statutory", "claim_from": "brief"})

    assert told(made(private(item(open=euro(3650))), rules)) == [
        "interest 12.00",
        "announced 490.00",
    ]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (party(country="DE"), []),
        (party(country="DE", applicable_law="nl"), ["interest 31.20", "costs 490.00"]),
        (party(country=None), ["interest 31.20", "costs 490.00"]),
    ],
)
def test_debtor_abroad_bears_dutch_charges_only_under_dutch_law(
    who: Any, expected: list[str]
) -> None:
    action = made(books(item(open=euro(3650)), who=who), by(DEMAND, **FROM_DEMAND))

    assert told(action) == expected
    assert ("no_dutch_charges" in reasons(action)) is (not expected)


@pytest.mark.parametrize("do", ["reminder", "call", "task"])
def test_step_that_claims_nothing_bears_no_charges(do: str) -> None:
    fields = {"to": "Piet", "why": "bel"} if do == "task" else {}
    action = made(books(who=party(country="DE")), by(step("x", "due + 1d", do, **fields)))

    assert (action.charges, reasons(action)) == (None, [])


def test_interest_on_one_track_does_not_reach_the_other() -> None:
    """What stands on a track is claimed as that track says."""
    rules = policy(tracks=[
        track(REMINDER, DEMAND, name="oud", applies_to={"country": "BE"}, **FROM_DEMAND),
        track(REMINDER, DEMAND, **COSTS),
    ])  # fmt: skip
    stands = replace(
        after("herinnering", open=euro(3650)),
        position=position("herinnering", date(2026, 10, 26), track="oud", deadline=None),
    )

    assert told(made(books(stands), rules)) == ["interest 31.20"]


def test_interest_runs_on_without_a_day_lost() -> None:
    rules, bearer = by(DEMAND, **FROM_DEMAND), item(open=euro(36_500))
    asked = [made(books(bearer), rules, TODAY + timedelta(days=n)).charges for n in (0, 1)]

    assert asked[0]
    assert asked[1]
    assert asked[1].interest - asked[0].interest == euro("10.40")
