"""Demands that claim interest and costs: what was approved is what goes out.

F1 of EUR 121.00 was due on Monday 9 November 2026. Its reminder leaves on the 23rd and gives until
the 30th; the sommatie may follow on Thursday 3 December. Commercial interest is 10.40 % from 10
November 2026 (art. 6:119a lid 1 BW): 24 days are EUR 0.83. The costs are EUR 40.00.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.core.actions import ActionStatus, Approval
from connector.core.charges import ChargeKind
from connector.flow.act import act
from connector.flow.approve import approve, undelivered
from connector.flow.charging import waive
from connector.flow.mend import post_sent
from connector.flow.preview import preview
from connector.flow.pull import pull
from connector.port.errors import RequestError
from connector.port.records import PartyRef
from connector.store import ActionRow, Store
from tests.flow.charging_kit import (
    REF,
    anna,
    charged,
    charges,
    noticed,
    open_charging_kit,
    planned,
    sent,
    told,
)
from tests.flow.kit import BY, Kit, late
from tests.make import FixedClock, euro, party

DEMAND = (2026, 12, 3)


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    """An office in which a company had the reminder of F1."""
    with open_charging_kit(tmp_path, memory_store, clock) as opened:
        opened.source.add(late())
        sent(opened)
        yield opened


def demanded(kit: Kit) -> ActionRow:
    """Send the sommatie of 3 December."""
    (outcome,) = sent(kit, *DEMAND).delivered
    return outcome.row


def approved(kit: Kit, *day: int) -> str:
    """Plan and approve the one action of a day, and return its id; nothing leaves."""
    kit.at(*day)
    (action,) = planned(kit).plan.actions
    approve(kit.desk, [action.id], by=BY)
    return action.id


def row_of(kit: Kit, action: str) -> ActionRow:
    with kit.office.store.unit("jansen", reading=True) as unit:
        return unit.ledger.get(action)


def let_go(kit: Kit, kind: ChargeKind, reason: str = "coulance") -> None:
    with kit.office.store.unit("jansen", durable=True) as unit:
        waive(unit, [one for one in unit.charges.find(REF) if one.kind is kind], reason, by=BY)


def change(kit: Kit, kind: ChargeKind, **fields: Any) -> None:
    """Let a charge be something else, as a payment would make it."""
    with kit.office.store.unit("jansen", durable=True) as unit:
        old = [one for one in unit.charges.find(REF) if one.kind is kind]
        unit.charges.save(replace(one, **fields) for one in old)


def test_demand_to_a_company_claims_interest_and_costs(kit: Kit) -> None:
    kit.at(*DEMAND)

    (action,) = planned(kit).plan.actions

    (line,) = action.items
    assert (line.interest, line.costs, action.total) == (
        euro("0.83"), euro("40.00"), euro("161.83"),
    )  # fmt: skip


def test_what_a_delivered_demand_claimed_is_due(kit: Kit) -> None:
    row = demanded(kit)

    assert charged(kit) == ["F1 costs due 40.00", "F1 interest due 0.83"]
    assert {one.action for one in charges(kit)} == {row.id}


def test_demand_is_no_notice_in_law(kit: Kit) -> None:
    demanded(kit)

    assert noticed(kit) == []


def test_letter_names_the_amounts_that_were_planned(kit: Kit) -> None:
    row = demanded(kit)

    with kit.office.store.unit("jansen", reading=True) as unit:
        mail = next(d for d in unit.ledger.deliveries(row.id) if d.channel == "email")
    assert mail.document is not None
    text = kit.office.store.documents.get(mail.document).decode()
    assert [amount in text for amount in ("121,00", "0,83", "40,00", "161,83")] == [True] * 4


def test_approval_stays_while_interest_runs_on(kit: Kit) -> None:
    action = approved(kit, *DEMAND)
    kit.at(2026, 12, 7)
    planned(kit)

    assert row_of(kit, action).status is ActionStatus.APPROVED


def test_demand_goes_out_with_the_amounts_that_were_approved(kit: Kit) -> None:
    approved(kit, *DEMAND)
    kit.at(2026, 12, 7)
    pull(kit.desk)
    (outcome,) = act(kit.desk).delivered

    assert outcome.row.action.total == euro("161.83")
    assert charged(kit) == ["F1 costs due 40.00", "F1 interest due 0.83"]


def test_plan_shows_what_waits_as_it_was_first_shown(kit: Kit) -> None:
    approved(kit, *DEMAND)
    kit.at(2026, 12, 7)

    (action,) = planned(kit).plan.actions

    assert action.total == euro("161.83")


def test_demand_that_asks_more_than_interest_needs_a_new_approval(kit: Kit) -> None:
    action = approved(kit, *DEMAND)
    kit.source.change("F1", open=euro("500.00"), total=euro("500.00"))
    kit.at(2026, 12, 7)
    planned(kit)

    row = row_of(kit, action)
    assert (row.status, row.action.items[0].open) == (ActionStatus.PROPOSED, euro("500.00"))


def test_interest_that_was_let_go_is_not_claimed_by_what_waited(kit: Kit) -> None:
    demanded(kit)
    action = approved(kit, 2027, 1, 5)
    let_go(kit, ChargeKind.INTEREST)
    planned(kit)

    row = row_of(kit, action)
    assert (row.status, row.action.total) == (ActionStatus.APPROVED, euro("161.00"))


def test_interest_that_was_paid_is_not_claimed_by_what_waited(kit: Kit) -> None:
    demanded(kit)
    action = approved(kit, 2027, 1, 5)
    before = row_of(kit, action).action.total
    change(kit, ChargeKind.INTEREST, paid=euro("0.83"))
    planned(kit)

    assert row_of(kit, action).action.total == before - euro("0.83")


def test_costs_that_were_let_go_are_not_claimed_by_what_waited(kit: Kit) -> None:
    demanded(kit)
    action = approved(kit, 2027, 1, 5)
    let_go(kit, ChargeKind.COSTS)
    planned(kit)

    assert row_of(kit, action).action.items[0].costs == euro("0.00")


def test_demand_that_came_back_claimed_nothing(kit: Kit) -> None:
    row = demanded(kit)

    undelivered(kit.desk, row.id, by=BY)

    assert charges(kit) == []


def test_day_of_posting_leaves_what_was_claimed_as_it_is(kit: Kit) -> None:
    demanded(kit)
    let_go(kit, ChargeKind.INTEREST)
    kit.at(2026, 12, 8)

    post_sent(kit.desk, date(2026, 12, 7), by=BY)

    assert charged(kit) == ["F1 costs due 40.00", "F1 interest waived 0.83"]


def test_letting_charges_go_is_in_the_journal_with_the_reason(kit: Kit) -> None:
    demanded(kit)

    let_go(kit, ChargeKind.COSTS, "eerste keer")

    (entry,) = told(kit, "charge_waived")
    assert entry.payload is not None
    assert (entry.subject, entry.actor) == ("R/F1", BY)
    assert (entry.payload["kind"], entry.payload["amount"], entry.payload["reason"]) == (
        "costs", "40.00", "eerste keer",
    )  # fmt: skip


def test_charges_that_are_settled_can_not_be_let_go(kit: Kit) -> None:
    demanded(kit)
    let_go(kit, ChargeKind.COSTS)

    with pytest.raises(RequestError, match="charge_settled"):
        let_go(kit, ChargeKind.COSTS)


def test_company_that_turns_out_to_be_a_consumer_is_freed_of_costs(kit: Kit) -> None:
    demanded(kit)
    kit.source.parties["10023"] = anna()
    kit.at(2026, 12, 7)
    planned(kit)

    entries = [entry.payload or {} for entry in told(kit, "charge_voided")]
    assert charged(kit)[0] == "F1 costs waived 40.00"
    assert [(one["kind"], one["reason"]) for one in entries] == [
        ("costs", "kind_corrected"),
        ("interest", "kind_corrected"),
    ]


def test_demand_with_costs_to_a_sole_trader_is_approved_by_itself(kit: Kit) -> None:
    kit.source.parties["10023"] = party("10023", name="Klusbedrijf De Wit", kind="sole_trader")
    kit.at(*DEMAND)
    (action,) = planned(kit).plan.actions

    done = approve(kit.desk, by=BY)

    assert action.approval is Approval.INDIVIDUAL
    assert [left.code for left in done.left] == ["seen_one_by_one"]


def test_preview_claims_what_the_demand_would_and_keeps_nothing(kit: Kit) -> None:
    shown = preview(kit.desk, PartyRef("10023"), "sommatie", folder=kit.folder / "look")

    assert (shown.due, shown.action.total) == (False, euro("161.48"))
    assert charges(kit) == []


def test_policy_is_held_against_the_scale_of_the_law(kit: Kit) -> None:
    context = kit.desk.policy_context()

    assert (context.scale_percentage, context.scale_minimum) == (Decimal(15), Decimal(40))
