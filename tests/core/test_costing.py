"""Which collection costs an action claims or announces."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.actions import Approval
from connector.core.charges import Charge, ChargeState
from connector.core.costing import no_part
from connector.core.snapshot import Creditor
from connector.port.records import ItemId
from tests.core.make_claims import (
    AGENCY,
    CREDITOR,
    DEMAND,
    HAND_OVER,
    NOTICE,
    books,
    by,
    made,
    private,
    reasons,
    told,
)
from tests.core.make_core import (
    TODAY,
    announced,
    charge,
    codes,
    consumer,
    credit,
    dollar,
    euro,
    interest,
    item,
    notice,
    numbers,
    party,
    plan_of,
)

RENT: dict[str, Any] = {"basis": "rent", "contract": "H1", "open": euro("250.00")}


def test_notice_announces_costs_by_the_scale() -> None:
    """EUR 3,200: 375 + 70 is EUR 445 (Besluit art. 2 lid 1, Stb. 2012, 141)."""
    action = made(private(item(open=euro(3200))), by(NOTICE))

    assert (told(action), str(action.total)) == (["announced 445.00"], "3200.00")
    assert reasons(action) == ["costs_announced"]


def test_notice_announces_costs_over_the_sum_of_its_claims() -> None:
    """Twice EUR 200 is EUR 60, not twice EUR 40 (art. 6:96 lid 7 BW)."""
    two = [item(f"F{n}", open=euro(200)) for n in (1, 2)]

    assert told(made(private(*two), by(NOTICE))) == ["announced 60.00"]


def test_credit_note_lowers_what_costs_are_announced_over() -> None:
    lowered = private(item(open=euro(1000)), credit(amount="600.00"))

    assert told(made(lowered, by(NOTICE))) == ["announced 60.00"]


@pytest.mark.parametrize(
    ("ladder", "deduction", "expected"),
    [
        ([NOTICE, HAND_OVER], "none", ["announced 48.40", "announced vat 8.40"]),
        ([NOTICE, HAND_OVER], "full", ["announced 40.00"]),
        ([NOTICE, HAND_OVER], "partial", ["announced 40.00"]),
        ([NOTICE], "none", ["announced 40.00"]),  # nobody outside collects
    ],
)
def test_vat_is_announced_under_its_three_conditions_only(
    ladder: Any, deduction: Any, expected: list[str]
) -> None:
    """Besluit art. 2 lid 3."""
    creditor = replace(CREDITOR, vat_deduction=deduction)

    assert told(made(private(creditor=creditor), by(*ladder))) == expected


def test_first_missed_instalment_bears_the_first_sum() -> None:
    assert told(made(private(item(**RENT)), by(NOTICE))) == ["announced 40.00"]


def before(month: int, **fields: Any) -> Charge:
    """Return costs that an earlier instalment of the same contract was charged with."""
    plain: dict[str, Any] = {"contract": "H1", "claimed_on": date(2026, month, 15)}
    return charge(f"F0{month}", **(plain | fields))


ALL_PAID = {"state": ChargeState.PAID, "paid": euro("40.00")}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([before(10, **ALL_PAID)], ["announced 20.00"]),
        ([before(10, **ALL_PAID, contract="H2")], ["announced 40.00"]),
        ([before(10, **ALL_PAID, contract=None)], ["announced 40.00"]),
        ([before(5, **ALL_PAID)], ["announced 40.00"]),  # more than six months ago
        ([before(10, state=ChargeState.WAIVED)], ["announced 40.00"]),
        ([replace(interest(contract="H1"), item=ItemId("R/F0"))], ["announced 40.00"]),
    ],
)
def test_next_missed_instalment_bears_the_next_sum(known: Any, expected: list[str]) -> None:
    """The rule for recurring instalments since 1 October 2024 (Stb. 2024, 44)."""
    assert told(made(private(item(**RENT), charges=known), by(NOTICE))) == expected


def test_rule_for_instalments_is_named() -> None:
    action = made(private(item(**RENT), charges=[before(10, **ALL_PAID)]), by(NOTICE))

    assert reasons(action) == ["costs_announced", "costs_cumulated"]


@pytest.mark.parametrize("field", [{"basis": "sale"}, {"contract": None}])
def test_other_claims_are_no_instalments(field: dict[str, Any]) -> None:
    single = private(item(**(RENT | field)), charges=[before(10, **ALL_PAID)])

    assert told(made(single, by(NOTICE))) == ["announced 40.00"]


def test_vat_does_not_count_towards_the_most_for_instalments() -> None:
    with_vat = [before(month, amount="48.40", vat=euro("8.40"), state=ChargeState.PAID,
                       paid=euro("48.40")) for month in (8, 9, 10)]  # fmt: skip

    assert told(made(private(item(**RENT), charges=with_vat), by(NOTICE))) == ["announced 20.00"]


def test_notice_without_costs_to_announce_is_not_sent() -> None:
    full = [before(month, **ALL_PAID) for month in (7, 8, 9, 10)]
    planned = plan_of(private(item(**RENT), charges=full), by(NOTICE))

    assert (numbers(planned), codes(planned)) == ([], {"F1": "nothing_to_announce"})
    assert [(p.code, p.facts) for p in planned.attention] == [
        ("nothing_to_announce", {"open": euro("250.00")})
    ]


def test_notice_in_a_foreign_currency_has_no_costs_to_announce() -> None:
    planned = plan_of(private(item(open=dollar("121.00"))), by(NOTICE))

    assert codes(planned) == {"F1": "nothing_to_announce"}


@pytest.mark.parametrize("ladder", [DEMAND, HAND_OVER])
def test_consumer_is_asked_no_costs_that_did_not_fall_due(ladder: Any) -> None:
    waiting = private(charges=[announced()], notices=[notice(effect_from=date(2026, 11, 24))])
    planned = plan_of(waiting, by(ladder))

    assert [told(action) for action in planned.actions] == ([[]] if ladder is DEMAND else [])


def test_consumer_is_asked_the_costs_that_fell_due() -> None:
    action = made(private(charges=[charge()], notices=[notice()]), by(DEMAND))

    assert (told(action), str(action.total)) == (["costs 40.00"], "161.00")
    assert reasons(action) == ["costs_due_before"]


@pytest.mark.parametrize(
    ("ladder", "paid", "expected"),
    [
        (DEMAND, "0.00", ["costs 40.00"]),
        (DEMAND, "30.00", ["costs 10.00"]),
        (HAND_OVER, "0.00", ["costs 40.00", "vat 8.40"]),
        (HAND_OVER, "30.00", ["costs 10.00", "vat 8.40"]),
    ],
)
def test_vat_on_costs_is_asked_by_an_agency_only(
    ladder: Any, paid: str, expected: list[str]
) -> None:
    due = charge(amount="48.40", vat=euro("8.40"), paid=euro(paid))
    action = made(private(charges=[due], notices=[notice()]), by(ladder))

    assert told(action) == expected
    assert str(action.total) == str(euro("121.00") + action.items[0].costs)


@pytest.mark.parametrize("state", [ChargeState.PAID, ChargeState.WAIVED])
def test_costs_that_were_paid_or_waived_are_not_asked_again(state: ChargeState) -> None:
    done = charge(state=state, paid=euro("40.00"))

    assert told(made(private(charges=[done], notices=[notice()]), by(DEMAND))) == []
    assert told(made(books(charges=[done]), by(DEMAND))) == []


def test_demand_with_costs_to_a_natural_person_is_looked_at_by_itself() -> None:
    """Art. 22 AVG."""
    action = made(private(charges=[charge()], notices=[notice()]), by(DEMAND))

    assert action.approval is Approval.INDIVIDUAL


def test_business_bears_costs_over_all_its_new_claims_together() -> None:
    two = [item(f"F{n}", open=euro(200)) for n in (1, 2)]
    action = made(books(*two), by(DEMAND))

    assert (told(action), [str(line.costs) for line in action.items]) == (
        ["costs 60.00"],
        ["30.00", "30.00"],
    )
    assert reasons(action) == ["costs_claimed"]


def test_costs_in_trade_are_not_claimed_twice() -> None:
    """F1 was charged EUR 150 before; only F2 is new: the minimum of EUR 40."""
    known = charge("F1", "150.00", by_notice=False)
    action = made(books(item("F1", open=euro(1000)), item("F2"), charges=[known]), by(DEMAND))

    assert [str(line.costs) for line in action.items] == ["150.00", "40.00"]
    assert reasons(action) == ["costs_due_before", "costs_claimed"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("statutory", "60.00"),
        ({"kind": "statutory", "per_invoice": True}, "80.00"),
        ({"percentage": "20", "clause": "art. 9 AV"}, "80.00"),
        ({"percentage": "5", "minimum": "75", "clause": "art. 9 AV"}, "75.00"),
    ],
)
def test_costs_in_trade_are_as_the_policy_says(wish: Any, expected: str) -> None:
    two = [item(f"F{n}", open=euro(200)) for n in (1, 2)]

    assert told(made(books(*two), by(DEMAND, collection_costs=wish))) == [f"costs {expected}"]


@pytest.mark.parametrize("wish", ["none", {"percentage": "20"}])
def test_no_costs_in_trade_without_policy_or_clause(wish: Any) -> None:
    assert told(made(books(), by(DEMAND, collection_costs=wish))) == []


@pytest.mark.parametrize("who", [consumer(), party(name="Bakkerij De Wit")])
def test_consumer_never_bears_agreed_costs(who: Any) -> None:
    """Art. 6:96 lid 5 BW; an unknown debtor counts as a consumer."""
    wish = {"percentage": "20", "clause": "art. 9 AV"}

    assert told(made(books(who=who), by(DEMAND, collection_costs=wish))) == []


def test_costs_by_the_scale_are_in_euro_only() -> None:
    assert told(made(books(item(open=dollar("121.00"))), by(DEMAND))) == []


def test_charge_in_another_currency_is_not_asked() -> None:
    dollars = books(item(open=dollar("121.00")), charges=[charge(by_notice=False)])

    assert told(made(dollars, by(DEMAND))) == []


def test_no_part_charges_nothing() -> None:
    assert no_part("EUR").total == euro("0.00")


def test_costs_of_an_office_for_others_are_asked_by_a_registered_one() -> None:
    office = Creditor(due_date_agreed=True, acting_for_others=True, office_registered=True,
                      registered_agencies=frozenset({AGENCY}))  # fmt: skip
    action = made(
        private(charges=[charge()], notices=[notice()], creditor=office), by(HAND_OVER), TODAY
    )

    assert told(action) == ["costs 40.00"]
