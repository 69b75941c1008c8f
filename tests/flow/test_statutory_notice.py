"""The fourteen-day letter through the office: approved, sent, counted from receipt, taken back.

F1 was due on Monday 9 November 2026. Its reminder leaves on the 23rd and gives until the 30th; the
letter leaves on Thursday 3 December by mail and post. Post arrives on the second day that is no
Sunday, Monday or holiday: Saturday 5 December (HR 25-11-2016, ECLI:NL:HR:2016:2704); the policy
adds two business days, so that the term of fourteen days ends on Tuesday 22 December.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connector.core.policy.model import ChannelName, StepKind
from connector.flow.act import act
from connector.flow.approve import approve, finish_task, undelivered
from connector.flow.charging import waive
from connector.flow.mend import post_sent
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.store import ItemRow, Store
from tests.flow.charging_kit import (
    anna,
    charged,
    charges,
    noticed,
    open_charging_kit,
    planned,
    points,
    sent,
    told,
)
from tests.flow.kit import BY, Kit, late, refused
from tests.make import FixedClock, euro, settled

NOTICE = (2026, 12, 3)
LAST_DAY = date(2026, 12, 22)
DUE_SINCE = (2026, 12, 28)  # the 25th and 26th are Christmas, the 27th is a Sunday


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    """An office in which Anna had the reminder of F1."""
    with open_charging_kit(tmp_path, memory_store, clock) as opened:
        opened.source.parties["10023"] = anna()
        opened.source.add(late())
        sent(opened)
        yield opened


def letter(kit: Kit) -> str:
    """Send the letter and return the id of its action."""
    (outcome,) = sent(kit, *NOTICE).delivered
    assert outcome.row.action.kind is StepKind.STATUTORY_NOTICE
    return outcome.row.id


def item(kit: Kit) -> ItemRow:
    with kit.office.store.unit("jansen", reading=True) as unit:
        found = unit.books.item(late().id)
    assert found is not None
    return found


def test_approving_all_leaves_the_letter_for_a_person_to_look_at(kit: Kit) -> None:
    kit.at(*NOTICE)
    (action,) = planned(kit).plan.actions

    done = approve(kit.desk, by=BY)

    assert (done.approved, [left.code for left in done.left]) == ((), ["seen_one_by_one"])
    assert approve(kit.desk, [action.id], by=BY).approved == (action.id,)


def test_notice_is_kept_with_the_days_that_follow_from_the_latest_receipt(kit: Kit) -> None:
    letter(kit)

    (notice,) = noticed(kit)
    assert (notice.delivered_on, notice.received_on, notice.last_day, notice.effect_from) == (
        date(2026, 12, 3), date(2026, 12, 8), LAST_DAY, date(2026, 12, 28),
    )  # fmt: skip


def test_term_of_the_item_is_that_of_the_notice(kit: Kit) -> None:
    letter(kit)

    position = item(kit).position
    assert position is not None
    assert (position.step, position.deadline) == ("veertiendagenbrief", LAST_DAY)


def test_costs_that_the_letter_states_are_announced_and_not_claimed(kit: Kit) -> None:
    action = letter(kit)

    (charge,) = charges(kit)
    assert charged(kit) == ["F1 costs announced 40.00"]
    assert (charge.action, charge.by_notice, charge.claimed_on) == (
        action, True, date(2026, 12, 3),
    )  # fmt: skip


def test_letter_asks_the_principal_only(kit: Kit) -> None:
    kit.at(*NOTICE)

    (action,) = planned(kit).plan.actions

    assert action.total == euro("121.00")


def test_reminder_leaves_no_notice_and_no_charge(kit: Kit) -> None:
    assert (noticed(kit), charges(kit)) == ([], [])


def test_half_a_letter_is_no_notice_yet(kit: Kit) -> None:
    """Die Post bleef liegen: pas als beide kanalen weg zijn loopt de termijn."""
    kit.post.trouble = refused(permanent=False)
    sent(kit, *NOTICE)
    before = noticed(kit), charges(kit)
    kit.clock.move(minutes=16)

    act(kit.desk)

    assert before == ([], [])
    assert [one.last_day for one in noticed(kit)] == [LAST_DAY]


def test_costs_fall_due_in_a_later_plan_with_a_line_in_the_journal(kit: Kit) -> None:
    letter(kit)
    kit.at(2026, 12, 24)
    planned(kit)
    before = charged(kit)
    kit.at(*DUE_SINCE)
    planned(kit)

    (entry,) = told(kit, "charge_due")
    assert (before, charged(kit)) == (["F1 costs announced 40.00"], ["F1 costs due 40.00"])
    assert entry.subject == "R/F1"
    assert entry.payload is not None
    assert (entry.payload["number"], entry.payload["state"], entry.payload["amount"]) == (
        "F1", "due", "40.00",
    )  # fmt: skip


def test_sidecar_looks_again_on_the_day_that_costs_fall_due(kit: Kit) -> None:
    """Ook als er niets veranderde: `evaluate` kijkt op die dag vanzelf."""
    letter(kit)
    planned(kit)
    kit.at(2026, 12, 24)
    quiet = propose(kit.desk, only_due=True)
    kit.at(*DUE_SINCE)
    propose(kit.desk, only_due=True)
    on_old_books = charged(kit)
    kit.at(2026, 12, 29)
    pull(kit.desk)
    propose(kit.desk, only_due=True)

    assert quiet is None
    assert on_old_books == ["F1 costs announced 40.00"]
    assert charged(kit) == ["F1 costs due 40.00"]


def test_charges_change_once(kit: Kit) -> None:
    letter(kit)
    kit.at(*DUE_SINCE)
    planned(kit)
    planned(kit)

    assert len(told(kit, "charge_due")) == 1


def test_shown_plan_of_another_day_changes_no_charge(kit: Kit) -> None:
    letter(kit)

    propose(kit.desk, on=date(2026, 12, 28))

    assert charged(kit) == ["F1 costs announced 40.00"]


def test_who_pays_within_the_term_never_owes_costs(kit: Kit) -> None:
    letter(kit)
    kit.source.items["R/F1"] = settled(late(), paid_on=LAST_DAY)
    kit.at(*DUE_SINCE)
    made = planned(kit)

    assert charged(kit) == ["F1 costs waived 40.00"]
    assert [entry.payload["reason"] for entry in told(kit, "charge_lapsed") if entry.payload] == [
        "paid_in_term"
    ]
    assert not made.plan.actions


def test_who_pays_the_principal_after_the_term_is_left_in_peace(kit: Kit) -> None:
    letter(kit)
    kit.at(*DUE_SINCE)
    planned(kit)
    kit.source.items["R/F1"] = settled(late(), paid_on=date(2026, 12, 29))
    kit.at(2026, 12, 30)
    made = planned(kit)

    assert charged(kit) == ["F1 costs waived 40.00"]
    assert not made.plan.actions


def test_costs_paid_on_the_invoice_are_no_credit_and_are_proposed_for_booking(kit: Kit) -> None:
    """161 euro op F1 geboekt: de boeken tonen 40 euro teveel, maan weet waarvoor."""
    letter(kit)
    kit.at(*DUE_SINCE)
    planned(kit)
    kit.source.change("F1", open=euro("-40.00"), paid_on=date(2026, 12, 29))
    kit.at(2026, 12, 30)
    planned(kit)

    (point,) = points(kit)
    assert charged(kit) == ["F1 costs paid 40.00"]
    assert (point.code, point.facts["costs"]) == ("charges_paid", euro("40.00"))


def test_booking_proposal_goes_when_the_books_have_placed_the_money(kit: Kit) -> None:
    letter(kit)
    kit.at(*DUE_SINCE)
    planned(kit)
    kit.source.change("F1", open=euro("-40.00"), paid_on=date(2026, 12, 29))
    kit.at(2026, 12, 30)
    planned(kit)
    kit.source.change("F1", open=euro("0.00"))
    kit.at(2026, 12, 31)
    planned(kit)

    assert points(kit) == []
    assert charged(kit) == ["F1 costs paid 40.00"]


def test_letter_that_came_back_never_counted(kit: Kit) -> None:
    action = letter(kit)

    undelivered(kit.desk, action, by=BY)

    position = item(kit).position
    assert position is not None
    assert (noticed(kit), charges(kit), position.step) == ([], [], "herinnering")


def test_notice_that_came_back_is_proposed_again_by_post_alone(kit: Kit) -> None:
    """De e-mail kwam terug en het adres is nagekeken: de brief gaat opnieuw, per post."""
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text.replace("via: [email, post]}\n      - {step: incasso",
                            "via: email, fallback: post}\n      - {step: incasso", 1))  # fmt: skip
    action = letter(kit)
    undelivered(kit.desk, action, by=BY)
    kit.at(2026, 12, 14)

    (again,) = planned(kit).plan.actions

    assert (again.id, again.via, again.step) == (
        action, (ChannelName.POST,), "veertiendagenbrief",
    )  # fmt: skip


def test_notice_that_went_again_runs_from_its_own_receipt(kit: Kit) -> None:
    action = letter(kit)
    undelivered(kit.desk, action, by=BY)
    (hold,) = [point for point in _looked_at(kit) if point.code == "hold_ended"]
    finish_task(kit.desk, hold.id, "adres klopt", by=BY)
    kit.source.parties["10023"] = replace(anna(), email="anna@nieuw.example")
    (outcome,) = sent(kit, 2026, 12, 14).delivered

    (notice,) = noticed(kit)
    assert (outcome.row.id, notice.delivered_on) == (action, date(2026, 12, 14))
    assert charged(kit) == ["F1 costs announced 40.00"]


def test_day_of_posting_moves_the_term_of_the_notice(kit: Kit) -> None:
    """De brief van 3 december ging pas op maandag 7 december in de bus."""
    letter(kit)
    kit.at(2026, 12, 8)

    post_sent(kit.desk, date(2026, 12, 7), by=BY)

    (notice,) = noticed(kit)
    assert (notice.delivered_on, notice.received_on, notice.last_day) == (
        date(2026, 12, 7), date(2026, 12, 11), date(2026, 12, 28),
    )  # fmt: skip
    assert charged(kit) == ["F1 costs announced 40.00"]


def test_costs_that_fell_due_too_early_wait_for_the_term_that_really_ran(kit: Kit) -> None:
    """Op 29 december blijkt dat de brief pas op de 18e op de post ging: de kosten wachten weer."""
    letter(kit)
    kit.at(2026, 12, 29)
    planned(kit)
    before = charged(kit)

    post_sent(kit.desk, date(2026, 12, 18), by=BY)

    assert before == ["F1 costs due 40.00"]
    assert charged(kit) == ["F1 costs announced 40.00"]


def test_costs_stay_due_when_the_term_that_really_ran_is_over_too(kit: Kit) -> None:
    letter(kit)
    kit.at(2027, 1, 4)
    planned(kit)

    post_sent(kit.desk, date(2026, 12, 4), by=BY)

    assert charged(kit) == ["F1 costs due 40.00"]


def test_day_of_posting_brings_no_waived_costs_back(kit: Kit) -> None:
    letter(kit)
    with kit.office.store.unit("jansen", durable=True) as unit:
        waive(unit, unit.charges.find(anna().ref), "coulance", by=BY)
    kit.at(2026, 12, 8)

    post_sent(kit.desk, date(2026, 12, 7), by=BY)

    assert charged(kit) == ["F1 costs waived 40.00"]


def test_handover_carries_the_costs_of_the_notice(kit: Kit) -> None:
    """De termijn liep tot 22 december; de bank, en dan 8 dagen: dinsdag 5 januari."""
    letter(kit)
    kit.at(2027, 1, 5)

    (action,) = planned(kit).plan.actions

    assert [(line.open, line.costs) for line in action.items] == [(euro("121.00"), euro("40.00"))]


def _looked_at(kit: Kit) -> list[Any]:
    planned(kit)
    return points(kit)


def test_journal_says_what_the_notice_announced_and_by_which_figures(kit: Kit) -> None:
    letter(kit)

    (entry,) = [one for one in told(kit, "delivered") if (one.payload or {}).get("announced")]
    assert entry.payload is not None
    assert (entry.payload["announced"], entry.payload["claimed"]) == ("40.00", "0.00")
    assert entry.payload["figures"] == kit.desk.law.digest
