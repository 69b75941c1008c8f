"""From claims that are due for the same thing to one action."""

from datetime import date
from typing import Any

import pytest

from connector.core.actions import Approval
from connector.core.bundle import approval_for, furthest
from connector.core.findings import Claim
from connector.core.ladder import Moment
from connector.core.policy.model import DebtorKind, Step
from tests.core.make_core import claim, euro, parsed, policy

FIRST = parsed("een", "due")
SECOND = parsed("twee", "due + 1d")
DEMAND = parsed("sommatie", "due + 2d", "final_demand")
HAND_OVER = parsed("incasso", "due + 3d", "hand_over", to="x")
NOTICE = parsed("veertiendagenbrief", "due + 3d", "statutory_notice")


def at(number: str, rung: int, step: Step, **fields: Any) -> Claim:
    return claim(number, moment=Moment(rung, step, date(2026, 11, 9)), **fields)


def split(*claims: Claim) -> tuple[list[str], list[str]]:
    taken, waiting = furthest(claims)
    return [c.item.number for c in taken], [c.item.number for c in waiting]


def test_step_furthest_along_the_ladder_wins_and_reminders_ride_along() -> None:
    assert split(at("F1", 2, DEMAND), at("F2", 0, FIRST), at("F3", 1, SECOND)) == (
        ["F1", "F2", "F3"],
        [],
    )


def test_other_messages_do_not_ride_along() -> None:
    further = parsed("laatste", "due + 3d", "final_demand")

    assert split(at("F1", 3, further), at("F2", 2, DEMAND)) == (["F1"], ["F2"])


def test_item_before_its_due_date_does_not_ride_along() -> None:
    assert split(at("F1", 1, SECOND), at("F2", 0, FIRST, past_due=False)) == (["F1"], ["F2"])


def test_items_before_their_due_date_go_together() -> None:
    early = at("F1", 0, FIRST, past_due=False), at("F2", 0, FIRST, past_due=False)

    assert split(*early) == (["F1", "F2"], [])


def test_demands_of_two_ladders_never_share_a_message() -> None:
    other = parsed("laatste-sommatie", "due + 2d", "final_demand")

    assert split(at("F1", 2, DEMAND), at("F2", 2, other)) == (["F1"], ["F2"])


@pytest.mark.parametrize("kind", list(DebtorKind))
@pytest.mark.parametrize("step", [HAND_OVER, NOTICE], ids=["hand_over", "statutory_notice"])
@pytest.mark.parametrize("mode", ["assisted", "automatic"])
def test_natural_person_is_looked_at_one_by_one(mode: str, step: Step, kind: DebtorKind) -> None:
    eager = step.model_copy(update={"approve": "never"})
    found = approval_for(policy(mode=mode), eager, kind, euro(1))

    assert (found is Approval.INDIVIDUAL) is kind.is_natural_person


@pytest.mark.parametrize("step", [FIRST, DEMAND, HAND_OVER, NOTICE])
@pytest.mark.parametrize("kind", list(DebtorKind))
def test_shadow_mode_never_sends(step: Step, kind: DebtorKind) -> None:
    assert approval_for(policy(mode="shadow"), step, kind, euro(1)) is Approval.SHADOW


@pytest.mark.parametrize("step", [FIRST, DEMAND, HAND_OVER])
def test_assisted_mode_asks_for_everything(step: Step) -> None:
    asked = approval_for(policy(mode="assisted"), step, DebtorKind.COMPANY, euro(1))

    assert asked is Approval.REQUIRED


@pytest.mark.parametrize(
    ("approve", "total", "expected"),
    [
        (None, "1000.00", Approval.AUTOMATIC),
        ("never", "1000.00", Approval.AUTOMATIC),
        ("always", "1.00", Approval.REQUIRED),
        ({"above": "500.00"}, "500.00", Approval.AUTOMATIC),
        ({"above": "500.00"}, "500.01", Approval.REQUIRED),
    ],
)
def test_automatic_mode_does_as_the_step_says(
    approve: object, total: str, expected: Approval
) -> None:
    step = parsed("een", "due", approve=approve)

    assert approval_for(policy(), step, DebtorKind.COMPANY, euro(total)) is expected


@pytest.mark.parametrize(
    ("approve", "expected"), [(None, Approval.REQUIRED), ("never", Approval.AUTOMATIC)]
)
def test_handover_is_asked_unless_the_step_says_never(approve: object, expected: Approval) -> None:
    step = parsed("incasso", "due", "hand_over", to="x", approve=approve)

    assert approval_for(policy(), step, DebtorKind.COMPANY, euro(1)) is expected
