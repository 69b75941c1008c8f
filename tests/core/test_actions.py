"""What makes two actions the same."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.actions import Action, Approval, Charges, action_id, says_the_same
from connector.core.reasons import Reason
from tests import make

NAMES = ("interest", "costs", "vat", "announced", "announced_vat")

ITEMS = [("R/F1", 1), ("R/F2", 1)]


def identity(**fields: object) -> str:
    plain = {
        "administration": "jansen-bv",
        "party": "10023",
        "currency": "EUR",
        "step": "herinnering",
        "items": ITEMS,
    }
    return action_id(**(plain | fields))  # type: ignore[arg-type]  # one field is changed at a time


def test_identity_is_stable_between_runs() -> None:
    assert identity() == "16fd57acfa88"


def test_order_of_the_items_makes_no_difference() -> None:
    assert identity(items=ITEMS[::-1]) == identity()


@pytest.mark.parametrize(
    "fields",
    [
        {"administration": "de-wit"},
        {"party": "10024"},
        {"currency": "USD"},
        {"step": "sommatie"},
        {"items": ITEMS[:1]},
        {"items": [("R/F1", 2), ("R/F2", 1)]},
    ],
)
def test_identity_depends_on_each_part(fields: dict[str, object]) -> None:
    assert identity(**fields) != identity()


def charged(interest: str = "1.10", costs: str = "40.00", **fields: Any) -> Action:
    """Return a demand with interest through a day."""
    line = make.planned(interest=make.euro(interest), costs=make.euro(costs))
    nothing = make.euro("0.00")
    charges = Charges(
        interest=line.interest,
        costs=line.costs,
        vat=nothing,
        announced=nothing,
        announced_vat=nothing,
        interest_article="art. 6:119a BW",
        interest_through=date(2026, 11, 23),
    )
    total = line.open + line.interest + line.costs
    plain: dict[str, Any] = {"charges": charges, "total": total}
    return make.action(line, **(plain | fields))


def later(**fields: Any) -> Action:
    """Return the same demand a day later, when figures of the law have ended."""
    action = charged(interest="1.14", **fields)
    assert action.charges is not None
    return replace(
        action,
        charges=replace(action.charges, interest_through=date(2026, 11, 24), provisional=True),
        reasons=(Reason("interest_claimed"), Reason("figures_end")),
    )


def test_interest_that_ran_on_asks_the_same() -> None:
    assert says_the_same(later(), charged())


def test_interest_that_was_paid_meanwhile_is_another_demand() -> None:
    assert not says_the_same(charged(), later())


@pytest.mark.parametrize(
    "other",
    [
        later(costs="60.00"),
        later(step="sommatie"),
        later(approval=Approval.INDIVIDUAL),
        later(party="10024"),
        replace(charged(), reasons=(Reason("payables_open"),)),
        replace(charged(), charges=None),
        replace(charged(), total=make.euro("1.00")),
        make.action(),
    ],
)
def test_anything_else_is_another_demand(other: Action) -> None:
    assert not says_the_same(charged(), other)


def test_first_interest_is_another_demand() -> None:
    assert not says_the_same(charged(interest="0.00"), charged())


def test_action_without_charges_says_the_same_as_itself() -> None:
    assert says_the_same(make.action(), make.action())


def test_claimed_is_interest_costs_and_vat_but_nothing_announced() -> None:
    amounts: dict[str, Any] = {name: make.euro(2**n) for n, name in enumerate(NAMES)}
    charges = Charges(**amounts)

    assert charges.claimed == make.euro(7)
