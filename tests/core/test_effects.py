"""What a delivered message brings about in law."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.actions import Action, Charges
from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.effects import charges_of, notices_of
from connector.core.policy.model import Guards, StepKind
from connector.port.money import Money
from connector.port.records import ItemId
from tests import make
from tests.core.make_core import announced, business_days, charge, days, dollar, euro, interest
from tests.core.properties.books import QUICK

ON = date(2026, 10, 30)  # a Friday
ENDS = date(2026, 11, 13)  # a Friday, a fortnight later
NOTHING = euro("0.00")


def demand(*lines: Any, kind: StepKind = StepKind.FINAL_DEMAND, **charges: Any) -> Action:
    """Return a message with these charges."""
    plain: dict[str, Any] = {
        "interest": NOTHING,
        "costs": NOTHING,
        "vat": NOTHING,
        "announced": NOTHING,
        "announced_vat": NOTHING,
    }
    return make.action(*lines, kind=kind, charges=Charges(**(plain | charges)))


def told(action: Action, guards: Guards | None = None, ends: date | None = ENDS) -> tuple[Notice, ...]:  # fmt: skip
    return notices_of(action, on=ON, received=ON, ends=ends, guards=guards or Guards())


def said(made: tuple[Charge, ...]) -> list[str]:
    return [f"{one.number} {one.kind} {one.state} {one.amount} vat {one.vat}" for one in made]


@pytest.mark.parametrize("kind", [StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE])
def test_legal_notice_is_kept_for_each_of_its_items(kind: StepKind) -> None:
    action = make.action(make.planned("F1"), make.planned("F2", cycle=2), kind=kind)

    assert [(one.item, one.cycle, one.kind, one.action, one.last_day) for one in told(action)] == [
        ("R/F1", 1, kind, action.id, ENDS),
        ("R/F2", 2, kind, action.id, ENDS),
    ]


@pytest.mark.parametrize("kind", [k for k in StepKind if not k.is_legal or k is StepKind.FINAL_DEMAND])  # fmt: skip
def test_other_steps_are_no_notice(kind: StepKind) -> None:
    assert told(make.action(kind=kind)) == ()


def test_notice_without_a_term_has_no_effect() -> None:
    assert told(make.action(kind=StepKind.STATUTORY_NOTICE), ends=None) == ()


@pytest.mark.parametrize(
    ("margin", "expected"),
    [
        (days(0), date(2026, 11, 14)),
        (days(3), date(2026, 11, 17)),
        (business_days(2), date(2026, 11, 17)),
    ],
)
def test_effect_counts_after_the_term_and_the_banks_margin(margin: Any, expected: date) -> None:
    action = make.action(kind=StepKind.STATUTORY_NOTICE)
    (one,) = told(action, Guards(bank_margin=margin))

    assert (one.received_on, one.effect_from) == (ON, expected)


def test_statutory_notice_announces_costs_over_its_items() -> None:
    lines = make.planned("F1", open=euro("300.00")), make.planned("F2", open=euro("100.00"))
    action = demand(*lines, kind=StepKind.STATUTORY_NOTICE, announced=euro("72.60"),
                    announced_vat=euro("12.60"))  # fmt: skip
    made = charges_of(action, ON, {})

    assert said(made) == [
        "F1 costs announced 54.45 vat 9.45",
        "F2 costs announced 18.15 vat 3.15",
    ]
    assert {(one.by_notice, one.claimed_on, one.action) for one in made} == {(True, ON, action.id)}


def test_demand_claims_costs_and_interest_of_each_item() -> None:
    lines = (
        make.planned("F1", costs=euro("48.40"), interest=euro("1.10")),
        make.planned("F2", costs=NOTHING, interest=euro("0.20")),
    )
    action = demand(*lines, costs=euro("40.00"), vat=euro("8.40"), interest=euro("1.30"))

    assert said(charges_of(action, ON, {})) == [
        "F1 costs due 48.40 vat 8.40",
        "F1 interest due 1.10 vat 0.00",
        "F2 interest due 0.20 vat 0.00",
    ]


@pytest.mark.parametrize("action", [make.action(), demand()])
def test_message_without_charges_charges_nothing(action: Action) -> None:
    assert charges_of(action, ON, {}) == ()


def kept(known: Charge, action: Action) -> Charge:
    """Return what becomes of a known charge of F1."""
    (made,) = charges_of(action, ON, {known.key: known})
    return made


CLAIMS_COSTS = demand(make.planned("F1", costs=euro("44.00")), costs=euro("44.00"))
CLAIMS_INTEREST = demand(make.planned("F1", interest=euro("7.00")), interest=euro("7.00"))
ANNOUNCES = demand(make.planned("F1"), kind=StepKind.STATUTORY_NOTICE, announced=euro("44.00"))


@pytest.mark.parametrize("state", list(ChargeState))
def test_costs_that_were_charged_before_stay_what_they_were(state: ChargeState) -> None:
    known = charge(state=state)

    assert kept(known, CLAIMS_COSTS) == known


def test_notice_replaces_costs_that_were_claimed_in_trade() -> None:
    known = charge(by_notice=False, state=ChargeState.WAIVED, reason="kind_corrected")

    assert said((kept(known, ANNOUNCES),)) == ["F1 costs announced 44.00 vat 0.00"]


def test_notice_does_not_announce_over_an_earlier_notice() -> None:
    known = announced()

    assert kept(known, ANNOUNCES) == known


def test_interest_grows_over_what_was_paid_of_it() -> None:
    known = interest(paid=euro("5.00"), state=ChargeState.PAID, payment=ItemId("R/B1"))
    made = kept(known, CLAIMS_INTEREST)

    assert (made.state, made.amount, made.left) == (ChargeState.DUE, euro("12.00"), euro("7.00"))
    assert (made.action, made.payment) == (known.action, "R/B1")


def test_interest_in_another_currency_begins_anew() -> None:
    known = replace(interest(), amount=dollar(5), vat=dollar(0), paid=dollar(0))

    assert kept(known, CLAIMS_INTEREST).amount == euro("7.00")


CENTS = st.integers(0, 100_000)


@QUICK
@given(st.lists(CENTS, min_size=1, max_size=5).filter(any), st.integers(1, 100_000), CENTS)
def test_charges_add_up_to_what_the_notice_stated(opens: list[int], stated: int, vat: int) -> None:
    lines = [make.planned(f"F{n}", open=Money.from_minor(o, "EUR")) for n, o in enumerate(opens)]
    total, part = Money.from_minor(stated, "EUR"), Money.from_minor(min(stated, vat), "EUR")
    action = demand(*lines, kind=StepKind.STATUTORY_NOTICE, announced=total, announced_vat=part)
    made = charges_of(action, ON, {})

    assert sum((one.amount for one in made), NOTHING) == total
    assert sum((one.vat for one in made), NOTHING) == part


@QUICK
@given(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=5))
def test_charges_add_up_to_what_the_demand_claimed(drawn: list[tuple[int, int]]) -> None:
    lines = [
        make.planned(
            f"F{n}", costs=Money.from_minor(costs, "EUR"), interest=Money.from_minor(rent, "EUR")
        )
        for n, (costs, rent) in enumerate(drawn)
    ]
    costs = sum((line.costs for line in lines), NOTHING)
    rent = sum((line.interest for line in lines), NOTHING)
    made = charges_of(demand(*lines, costs=costs, interest=rent), ON, {})
    by_kind = {
        kind: sum((one.amount for one in made if one.kind is kind), NOTHING) for kind in ChargeKind
    }

    assert by_kind == {ChargeKind.COSTS: costs, ChargeKind.INTEREST: rent}
