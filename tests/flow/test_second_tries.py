"""What half left, came back, was doubted or moved: no message twice, no term shortened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connector.core.actions import ActionStatus
from connector.core.snapshot import Hold, HoldReason
from connector.flow.act import act
from connector.flow.approve import approve, finish_task, reject, resolve, retry, undelivered
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.errors import DeliveryUnknownError
from connector.port.records import Document
from connector.store import ItemRow, Store, TaskKind
from tests.flow.kit import BY, CheapSource, Kit, ThriftySource, late, open_kit, refused
from tests.make import FixedClock, euro, party, receivable, settled


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as opened:
        yield opened


SOMMATIE_FIRST = """
version: 1
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    ladder: [{step: herinnering, at: due + 4d, do: reminder, via: email}]
  - name: zakelijk
    ladder:
      - {step: sommatie, at: due + 4d, do: final_demand, via: [email, post], term: 14d}
      - {step: bellen, at: deadline + 1d, do: call}
"""


def approved(kit: Kit) -> str:
    """Pull, plan and approve; return the id of the one action."""
    pull(kit.desk)
    propose(kit.desk)
    (action,) = approve(kit.desk, by=BY).approved
    return action


def item(kit: Kit, number: str = "F1") -> ItemRow:
    with kit.office.store.unit("jansen") as unit:
        found = unit.books.item(late(number).id)
    assert found is not None
    return found


def points(kit: Kit) -> list[str]:
    with kit.office.store.unit("jansen") as unit:
        return sorted(task.code for task in unit.tasks.open(TaskKind.ATTENTION))


def half_sent(kit: Kit) -> str:
    """Send a final demand of which the mail leaves and the letter does not."""
    kit.policy(SOMMATIE_FIRST)
    kit.source.add(late())
    action = approved(kit)
    kit.post.trouble = refused(permanent=False)
    assert len(act(kit.desk).failed) == 1
    assert kit.email.sent == [f"{action}-email"]
    return action


def test_the_failed_half_is_retried_alone(kit: Kit) -> None:
    action = half_sent(kit)
    kit.clock.move(minutes=16)

    acted = act(kit.desk)

    assert len(acted.delivered) == 1
    assert kit.email.sent == [f"{action}-email"]
    assert kit.post.sent == [f"{action}-post"]


def test_a_half_sent_message_keeps_others_to_the_debtor_waiting(kit: Kit) -> None:
    half_sent(kit)
    kit.source.add(late("F2"))
    pull(kit.desk)

    made = propose(kit.desk)

    assert made is not None
    assert not made.plan.actions
    assert {held.reason.code for held in made.plan.withheld} == {"in_flight"}


def test_the_other_half_does_not_follow_when_the_claim_changed(kit: Kit) -> None:
    half_sent(kit)
    credit = receivable("C1", document=Document.CREDIT, open=euro("-100.00"), names_invoice="F1")
    kit.source.add(replace(credit, total=euro("-100.00")))
    pull(kit.desk)
    kit.clock.move(minutes=16)

    acted = act(kit.desk)

    assert not kit.post.sent
    assert [stayed.code for stayed in acted.waiting] == ["half_sent_changed"]
    assert "half_sent_changed" in points(kit)


def test_a_person_may_say_that_the_other_half_went_by_hand(kit: Kit) -> None:
    action = half_sent(kit)

    row = resolve(kit.desk, action, sent=True, by=BY)

    assert row.status is ActionStatus.DELIVERED
    assert item(kit).position is not None


def test_a_person_may_let_the_other_half_be_tried_at_once(kit: Kit) -> None:
    action = half_sent(kit)

    retry(kit.desk, action, by=BY)

    assert len(act(kit.desk).delivered) == 1
    assert kit.post.sent == [f"{action}-post"]


def test_a_doubtful_message_that_was_sent_has_the_printed_term(kit: Kit) -> None:
    kit.policy(SOMMATIE_FIRST)
    kit.source.add(late())
    action = approved(kit)
    kit.post.trouble = DeliveryUnknownError("mail_unknown")
    act(kit.desk)

    resolve(kit.desk, action, sent=True, by=BY)

    position = item(kit).position
    assert position is not None
    assert position.deadline is not None
    assert position.deadline >= date(2026, 12, 9)  # two postal days and fourteen more


def test_what_came_back_is_really_sent_again(kit: Kit) -> None:
    kit.source.add(late())
    action = approved(kit)
    act(kit.desk)
    undelivered(kit.desk, action, by=BY)
    kit.source.parties["10023"] = replace(kit.source.parties["10023"], email="nieuw@x.example")
    pull(kit.desk)
    propose(kit.desk)
    approve(kit.desk, by=BY)

    acted = act(kit.desk)

    assert len(acted.delivered) == 1
    assert kit.email.sent == [f"{action}-email", f"{action}-email-2"]


def test_a_payment_that_came_after_the_pull_counts_where_reading_is_free(
    tmp_path: Path, memory_store: Store, clock: FixedClock
) -> None:
    with open_kit(tmp_path, memory_store, clock, source=CheapSource()) as kit:
        kit.source.add(late())
        approved(kit)
        payment = receivable("B1", document=Document.PAYMENT, open=euro("-121.00"), due=None)
        kit.source.add(payment)

        acted = act(kit.desk)

        assert not kit.email.sent
        assert [stayed.code for stayed in acted.withdrawn] == ["unallocated_payment"]


def test_what_a_source_can_pull_now_is_read_before_sending(
    tmp_path: Path, memory_store: Store, clock: FixedClock
) -> None:
    source = ThriftySource()
    with open_kit(tmp_path, memory_store, clock, source=source) as kit:
        kit.source.add(late())
        approved(kit)
        assert not source.pulled_now

        act(kit.desk)

        assert len(source.pulled_now) == len(kit.email.sent) == 1
        assert not source.refreshed


def test_books_that_shrank_before_sending_hold_everything(
    tmp_path: Path, memory_store: Store, clock: FixedClock
) -> None:
    with open_kit(tmp_path, memory_store, clock, source=CheapSource()) as kit:
        kit.source.max_drop_percent = 50
        kit.source.add(*(late(f"F{n}", party=f"100{n}") for n in range(10, 15)))
        pull(kit.desk)
        propose(kit.desk)
        approve(kit.desk, by=BY)
        for number in ("F10", "F11", "F12", "F13"):
            del kit.source.items[f"R/{number}"]

        acted = act(kit.desk)

        assert not kit.email.sent
        assert {stayed.code for stayed in acted.waiting} == {"closures_waiting"}


def test_a_point_that_was_dealt_with_is_raised_again_when_it_comes_back(kit: Kit) -> None:
    nowhere = party("10023", email=None, street=None)
    kit.source.add(late())
    kit.source.parties["10023"] = nowhere
    pull(kit.desk)
    propose(kit.desk)
    assert points(kit) == ["address_missing"]
    with kit.office.store.unit("jansen") as unit:
        (task,) = unit.tasks.open(TaskKind.ATTENTION)
    finish_task(kit.desk, task.id, "adres gevraagd", by=BY)
    propose(kit.desk)
    done = points(kit)

    kit.source.parties["10023"] = replace(nowhere, email="er@is.example")
    pull(kit.desk)
    propose(kit.desk)
    kit.source.parties["10023"] = nowhere
    pull(kit.desk)
    propose(kit.desk)

    assert done == []
    assert points(kit) == ["address_missing"]


def test_the_outcome_of_a_hold_that_ended_ends_the_hold(kit: Kit) -> None:
    kit.source.add(late())
    pull(kit.desk)
    hold = Hold(
        id="", item=late().id, party=None, reason=HoldReason.DISPUTE, until=date(2026, 11, 20)
    )
    with kit.office.store.unit("jansen", durable=True) as unit:
        unit.holds.add(hold, by=BY)
    propose(kit.desk)
    with kit.office.store.unit("jansen") as unit:
        (task,) = unit.tasks.open(TaskKind.ATTENTION)

    finish_task(kit.desk, task.id, "alsnog akkoord", by=BY)
    made = propose(kit.desk)

    assert task.code == "hold_ended"
    assert made is not None
    assert len(made.plan.actions) == 1


def test_a_rejected_action_is_on_the_list_at_once(kit: Kit) -> None:
    kit.source.add(late())
    pull(kit.desk)
    made = propose(kit.desk)
    assert made is not None

    reject(kit.desk, made.plan.actions[0].id, "klant belde", by=BY)

    assert points(kit) == ["rejected"]


def test_a_call_about_a_held_debtor_goes_off_the_list(kit: Kit) -> None:
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text.replace("do: reminder, via: email, fallback: post}", "do: call}", 1))
    kit.source.add(late())
    approved(kit)
    act(kit.desk)
    hold = Hold(
        id="", item=None, party=late().party, reason=HoldReason.DECEASED, until=date(2027, 3, 1)
    )
    with kit.office.store.unit("jansen", durable=True) as unit:
        unit.holds.add(hold, by=BY)

    propose(kit.desk)

    with kit.office.store.unit("jansen") as unit:
        assert not unit.tasks.open(TaskKind.CALL)


def test_a_call_names_only_what_is_still_open(kit: Kit) -> None:
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text.replace("do: reminder, via: email, fallback: post}", "do: call}", 1))
    kit.source.add(late("F1"), late("F2"))
    approved(kit)
    act(kit.desk)
    kit.source.items["R/F2"] = settled(late("F2"))
    pull(kit.desk)

    made = propose(kit.desk)

    assert made is not None
    assert [[i.number for i in a.items] for a in made.plan.actions] == [["F1"]]


def test_an_heir_of_which_one_invoice_grew_needs_its_own_approval(kit: Kit) -> None:
    kit.source.add(late("F1"), late("F2"))
    approved(kit)
    kit.source.items["R/F2"] = settled(late("F2"))
    kit.source.change("F1", open=euro("180.00"))

    act(kit.desk)

    assert not kit.email.sent


def test_books_from_the_future_are_not_fresh(kit: Kit) -> None:
    kit.source.add(late())
    kit.at(2026, 11, 24)
    approved(kit)
    kit.at(2026, 11, 23)

    acted = act(kit.desk)

    assert [stayed.code for stayed in acted.waiting] == ["books_from_future"]
