"""What a step would be, due or not."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from connector.core.actions import Action
from connector.core.findings import Claim
from connector.core.imagine import imagine
from connector.core.policy.model import Policy, Step
from connector.core.snapshot import Snapshot
from tests.core.make_claims import COSTS, NOTICE, books, by, private, told
from tests.core.make_core import (
    LADDER,
    TODAY,
    charge,
    credit,
    dollar,
    euro,
    findings_of,
    hold,
    item,
    notice,
    payment,
    policy,
    position,
    step,
    track,
)

SOON = date(2026, 12, 20)
LAST = {"deadline": date(2026, 11, 2)}


def step_named(rules: Policy, name: str) -> Step:
    return next(one for t in rules.tracks for one in t.ladder if one.step == name)


def imagined(
    ledger: Snapshot,
    name: str = "sommatie",
    rules: Policy | None = None,
    among: Sequence[str] | None = None,
) -> Action | None:
    """Imagine a step for the claims of the one debtor, or for those with these numbers."""
    wanted = rules or policy()
    found = findings_of(ledger, wanted)
    (debtor,) = found.debtors
    claims: list[Claim] = [c for c in debtor.claims if among is None or c.item.number in among]
    return imagine(found, wanted, debtor, step_named(wanted, name), claims)


def shown(ledger: Snapshot, name: str = "sommatie", rules: Policy | None = None) -> list[str]:
    """Return the numbers with the step that each would advance to."""
    action = imagined(ledger, name, rules)
    return [] if action is None else [f"{line.number} {line.step}" for line in action.items]


def test_step_is_imagined_before_its_day() -> None:
    assert shown(books(item())) == ["F1 sommatie"]


def test_imagined_step_gives_no_reason_of_having_been_reached() -> None:
    action = imagined(books(item()))

    assert action is not None
    assert action.reasons == ()


def test_claims_past_due_go_before_those_that_are_not() -> None:
    assert shown(books(item("F1"), item("F2", due=SOON))) == ["F1 sommatie"]


def test_claims_not_due_are_shown_when_there_are_no_others() -> None:
    assert shown(books(item("F1", due=SOON), item("F2", due=SOON))) == [
        "F1 sommatie",
        "F2 sommatie",
    ]


def test_only_the_claims_that_were_asked_for_are_shown() -> None:
    action = imagined(books(item("F1"), item("F2")), among=["F2"])

    assert action is not None
    assert [line.number for line in action.items] == ["F2"]


def test_currency_is_that_of_the_oldest_claim() -> None:
    mixed = books(item("F1"), item("F2", open=dollar("90.00"), due=date(2026, 10, 1)))

    assert shown(mixed) == ["F2 sommatie"]


@pytest.mark.parametrize("nothing", [item(due=None), credit(), payment()])
def test_nothing_to_ask_is_no_step(nothing: Any) -> None:
    assert imagined(books(nothing)) is None


def test_claims_that_a_credit_covers_are_no_step() -> None:
    assert imagined(books(item(), credit(amount="121.00"))) is None


def test_credits_are_counted() -> None:
    action = imagined(books(item(), credit(amount="21.00")))

    assert action is not None
    assert str(action.total) == "100.00"


def test_money_that_paid_charges_is_not_counted() -> None:
    net = policy(guards={"unallocated_payment": "net"})
    action = imagined(books(item(), payment(amount="40.00"), charges=[charge()]), rules=net)

    assert action is not None
    assert str(action.total) == "121.00"


@pytest.mark.parametrize(
    "claim",
    [
        item(handed_over=True),  # an agency has it: no step of ours comes next
        item(position=position("bestaat-niet", **LAST)),
        item(position=position("herinnering", track="weg", **LAST)),
        item(position=position("incasso", **LAST)),  # the ladder is exhausted
    ],
    ids=["handed over", "step is gone", "track is gone", "exhausted"],
)
def test_claim_without_a_next_step_is_shown_all_the_same(claim: Any) -> None:
    assert shown(books(claim), rules=by(*LADDER)) == ["F1 sommatie"]


def test_held_claim_is_shown_all_the_same() -> None:
    assert shown(books(item(), holds=(hold(),))) == ["F1 sommatie"]


def test_disputed_part_is_not_asked() -> None:
    action = imagined(books(item(), holds=(hold(amount=euro("21.00")),)))

    assert action is not None
    assert str(action.total) == "100.00"


def test_imagined_notice_states_its_costs() -> None:
    action = imagined(private(item()), "brief", by(step("een", "due + 90d"), NOTICE))

    assert action is not None
    assert (told(action), action.charges and action.charges.claimed) == (
        ["announced 40.00"],
        euro("0.00"),
    )


def test_imagined_handover_claims_what_fell_due() -> None:
    ledger = private(item(), charges=[charge()], notices=[notice()])
    action = imagined(ledger, "incasso", by(*LADDER))

    assert action is not None
    assert told(action) == ["costs 40.00"]


def test_step_is_taken_from_the_debtors_own_track() -> None:
    same = step("sommatie", "due", "final_demand")
    two = policy(tracks=[
        track(same, name="een", applies_to={"kind": "consumer"}),
        track(same, name="twee", **COSTS),
    ])  # fmt: skip
    action = imagined(books(item()), rules=two)

    assert action is not None
    assert (action.track, told(action)) == ("twee", ["costs 40.00"])


def test_imagining_changes_nothing() -> None:
    ledger = books(item(), payment(amount="40.00"), charges=[charge(by_notice=False)])
    before = findings_of(ledger, today=TODAY)
    imagined(ledger)

    assert findings_of(ledger, today=TODAY) == before
