"""Nobody who paid is dunned, and no message goes out twice, whatever happens when."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connector.core.actions import ActionStatus
from connector.flow.act import Acted, act
from connector.flow.approve import approve, finish_task, reject, resolve, retry, undelivered
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.errors import DeliveryUnknownError, UnavailableError
from connector.port.records import ControlTotal, Ledger, Rejected
from connector.store import ActionRow, ItemRow, ItemState, Store, TaskKind
from tests.flow.kit import BY, Killed, Kit, late, open_kit, refused
from tests.make import FixedClock, euro, settled, with_open


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as opened:
        yield opened


def approved(kit: Kit) -> list[str]:
    """Pull, plan and approve everything; return the ids of what was approved."""
    pull(kit.desk)
    propose(kit.desk)
    return list(approve(kit.desk, by=BY).approved)


def the_action(kit: Kit) -> ActionRow:
    with kit.office.store.unit("jansen") as unit:
        rows = unit.ledger.find()
    assert len(rows) == 1
    return rows[0]


def the_item(kit: Kit, number: str = "F1") -> ItemRow:
    with kit.office.store.unit("jansen") as unit:
        found = unit.books.item(late(number).id)
    assert found is not None
    return found


def codes(acted: Acted) -> list[str]:
    return [stayed.code for stayed in acted.waiting]


def test_an_approved_reminder_leaves_once(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)

    first, second = act(kit.desk), act(kit.desk)

    assert [outcome.row.id for outcome in first.delivered] == [action]
    assert not second.delivered
    assert kit.email.sent == [f"{action}-email"]


def test_what_is_not_approved_stays(kit: Kit) -> None:
    kit.source.add(late())
    pull(kit.desk)
    propose(kit.desk)

    act(kit.desk)

    assert not kit.email.sent


def test_who_paid_after_the_approval_gets_no_reminder(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)
    kit.source.items["R/F1"] = settled(late())

    acted = act(kit.desk)

    assert not kit.email.sent
    assert [(stayed.id, stayed.code) for stayed in acted.withdrawn] == [(action, "paid")]


def test_what_vanished_after_the_approval_is_held_until_a_pull_says_more(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    del kit.source.items["R/F1"]

    acted = act(kit.desk)

    assert not kit.email.sent
    assert [stayed.code for stayed in acted.withdrawn] == ["row_held"]
    assert the_item(kit).state is ItemState.OPEN


def test_who_paid_one_of_two_is_asked_for_the_other_under_the_same_approval(kit: Kit) -> None:
    kit.source.add(late("F1"), late("F2"))
    approved(kit)
    kit.source.items["R/F1"] = settled(late("F1"))

    acted = act(kit.desk)

    (outcome,) = acted.delivered
    assert [item.number for item in outcome.row.action.items] == ["F2"]


def test_a_part_payment_after_the_approval_gives_the_debtor_rest(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    kit.source.items["R/F1"] = with_open(late(), "60.00")

    acted = act(kit.desk)

    assert not kit.email.sent
    assert [stayed.code for stayed in acted.withdrawn] == ["recent_payment"]


def test_an_amount_that_grew_needs_a_new_approval(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)
    kit.source.items["R/F1"] = with_open(late(), "200.00")

    acted = act(kit.desk)

    assert not kit.email.sent
    assert [(stayed.id, stayed.code) for stayed in acted.waiting] == [(action, "approval_lost")]
    assert the_action(kit).status is ActionStatus.PROPOSED


def test_a_source_that_can_not_be_read_holds_everything(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    kit.source.fault = UnavailableError("source_away")

    assert codes(act(kit.desk)) == ["source_unreadable"]
    assert not kit.email.sent


def test_stale_books_hold_everything(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    kit.clock.move(hours=6, minutes=1)

    assert codes(act(kit.desk)) == ["books_stale"]
    assert not kit.email.sent


def test_a_bank_that_is_behind_holds_everything(kit: Kit) -> None:
    kit.source.bank_through = date(2026, 11, 17)
    kit.source.add(late())
    approved(kit)

    assert codes(act(kit.desk)) == ["bank_stale"]


def test_a_bank_that_nobody_knows_of_waits_for_the_bookkeepers_word(kit: Kit) -> None:
    kit.source.bank_through = None
    kit.source.add(late())
    approved(kit)

    before = codes(act(kit.desk))
    with kit.office.store.unit("jansen") as unit:
        unit.books.confirm_bank(date(2026, 11, 20), BY)
    after = act(kit.desk)

    assert before == ["bank_unknown"]
    assert len(after.delivered) == 1


def test_totals_that_disagree_hold_everything(kit: Kit) -> None:
    kit.source.totals = (ControlTotal(ledger=Ledger.RECEIVABLE, amount=euro("999.00")),)
    kit.source.add(late())
    approved(kit)

    assert codes(act(kit.desk)) == ["totals_disagree"]


def test_a_pass_that_was_not_complete_holds_everything(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    kit.source.rejected = (Rejected(where="books:0", reason="file.encoding"),)
    pull(kit.desk)

    assert codes(act(kit.desk)) == ["pull_incomplete"]


def test_books_that_shrank_too_much_hold_everything(kit: Kit) -> None:
    kit.source.add(late("F1"), late("F2", party="10024"), late("F3", party="10025"))
    approved(kit)
    kit.source.max_drop_percent = 50
    del kit.source.items["R/F2"], kit.source.items["R/F3"]
    pull(kit.desk)

    assert set(codes(act(kit.desk))) == {"closures_waiting"}
    assert not kit.email.sent


def test_outside_hours_and_on_days_off_nothing_leaves(kit: Kit) -> None:
    kit.source.add(late())
    kit.at(2026, 11, 23, 17)  # six in the evening in Amsterdam
    approved(kit)
    evening = codes(act(kit.desk))
    kit.at(2026, 11, 28)
    pull(kit.desk)
    saturday = codes(act(kit.desk))

    assert evening == ["outside_hours"]
    assert saturday == ["not_a_business_day"]


def test_shadow_mode_sends_nothing_even_if_it_was_approved_before(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text.replace("mode: assisted", "mode: shadow"))

    assert codes(act(kit.desk)) == ["shadow_mode"]
    assert not kit.email.sent


def test_a_dry_run_tells_what_would_leave_and_changes_nothing(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)

    assert codes(act(kit.desk, dry_run=True)) == ["would_leave"]
    assert the_action(kit).status is ActionStatus.APPROVED


def test_a_process_that_died_while_mailing_leaves_it_to_a_person(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    kit.email.trouble, kit.email.after = Killed(), True
    with pytest.raises(Killed):
        act(kit.desk)

    acted = act(kit.desk)
    again = act(kit.desk)

    assert [outcome.status for outcome in acted.uncertain] == [ActionStatus.UNCERTAIN]
    assert not again.delivered
    assert len(kit.email.sent) == 1


def test_an_intent_is_on_disk_before_the_message_leaves(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    kit.email.trouble = Killed()
    with pytest.raises(Killed):
        act(kit.desk)

    assert the_action(kit).status is ActionStatus.SENDING


def test_a_channel_that_can_tell_settles_what_a_dead_process_left(kit: Kit) -> None:
    kit.email.tells = True
    kit.source.add(late())
    approved(kit)
    kit.email.trouble, kit.email.after = Killed(), True
    with pytest.raises(Killed):
        act(kit.desk)

    acted = act(kit.desk)

    assert [outcome.status for outcome in acted.delivered] == [ActionStatus.DELIVERED]
    assert len(kit.email.sent) == 1


def test_what_certainly_did_not_leave_is_sent_again(kit: Kit) -> None:
    kit.email.tells = True
    kit.source.add(late())
    approved(kit)
    kit.email.trouble = Killed()
    with pytest.raises(Killed):
        act(kit.desk)

    acted = act(kit.desk)

    assert [outcome.status for outcome in acted.delivered] == [ActionStatus.DELIVERED]
    assert len(kit.email.sent) == 1


def test_a_doubtful_outcome_waits_until_a_person_says_sent(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)
    kit.email.trouble, kit.email.after = DeliveryUnknownError("mail_unknown"), True

    acted = act(kit.desk)
    resolve(kit.desk, action, sent=True, by=BY)

    assert len(acted.uncertain) == 1
    assert the_action(kit).status is ActionStatus.DELIVERED
    position = the_item(kit).position
    assert position is not None
    assert position.step == "herinnering"


def test_a_doubtful_outcome_is_sent_again_when_a_person_says_not_sent(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)
    kit.email.trouble = DeliveryUnknownError("mail_unknown")
    act(kit.desk)

    resolve(kit.desk, action, sent=False, by=BY)
    acted = act(kit.desk)

    assert len(acted.delivered) == 1
    assert kit.email.sent == [f"{action}-email"]


def test_a_refusal_for_now_is_tried_again_later_and_then_left_to_a_person(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    waits = []
    for _ in range(4):
        kit.email.trouble = refused(permanent=False)
        waits.append(len(act(kit.desk).failed))
        kit.clock.move(minutes=1)
        assert not act(kit.desk).failed
        kit.clock.move(hours=1, minutes=30)
        pull(kit.desk)

    with kit.office.store.unit("jansen") as unit:
        points = [task.code for task in unit.tasks.open(TaskKind.ATTENTION)]

    assert waits[:3] == [1, 1, 1]
    assert "delivery_failed" in points or waits[3] == 0


def test_a_bounced_address_sends_the_step_by_the_fallback(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)
    kit.source.parties["10023"] = replace(kit.source.parties["10023"], email="weg@weg.example")
    pull(kit.desk)
    kit.email.trouble = refused(permanent=True)

    first = act(kit.desk)
    propose(kit.desk)
    second = act(kit.desk)

    assert [outcome.code for outcome in first.failed] == ["mail_refused"]
    assert kit.post.sent == [f"{action}-post"]
    assert len(second.delivered) == 1


def test_a_letter_that_came_back_puts_the_items_where_they_stood(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)
    act(kit.desk)

    undelivered(kit.desk, action, by=BY)

    assert the_item(kit).position is None
    assert the_item(kit).last_demand_on is None
    assert the_action(kit).status is ActionStatus.WITHDRAWN


def test_the_term_runs_from_receipt_and_never_ends_before_the_printed_day(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    act(kit.desk)

    position = the_item(kit).position

    assert position is not None
    assert position.delivered_on == date(2026, 11, 23)
    assert position.deadline == date(2026, 11, 30)


def test_a_rejected_action_stays_rejected_until_a_person_wants_it_again(kit: Kit) -> None:
    kit.source.add(late())
    pull(kit.desk)
    propose(kit.desk)
    action = the_action(kit).id
    reject(kit.desk, action, "klant belde", by=BY)

    made = propose(kit.desk)
    retry(kit.desk, action, by=BY)

    assert made is not None
    assert not made.plan.actions
    assert [point.code for point in made.plan.attention] == ["rejected"]
    assert the_action(kit).status is ActionStatus.PROPOSED


def test_an_edited_policy_does_not_dun_again(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    act(kit.desk)
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text.replace("due + 4d", "due + 5d"))

    made = propose(kit.desk)

    assert made is not None
    assert not made.plan.actions


def test_a_restart_in_the_policy_begins_a_new_cycle_once(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    act(kit.desk)
    again = "overrides:\n  - {invoice: F1, due: 2026-12-01, restart: true, reason: opnieuw}\n"
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text + again)
    kit.at(2026, 12, 7)
    pull(kit.desk)

    made = propose(kit.desk)
    twice = propose(kit.desk)

    assert made is not None
    assert twice is not None
    assert [(a.step, a.items[0].cycle) for a in made.plan.actions] == [("herinnering", 2)]
    assert [a.id for a in twice.plan.actions] == [a.id for a in made.plan.actions]
    assert the_item(kit).cycle == 2


def test_a_policy_with_a_fault_does_not_replace_the_one_in_force(kit: Kit) -> None:
    kit.source.add(late())
    approved(kit)
    kit.policy("version: 1\ntracks: nonsense\n")

    made = propose(kit.desk)

    assert made is not None
    assert len(made.plan.actions) == 1
    assert "policy_faulty" in [point.code for point in made.plan.attention]


def test_what_is_merely_odd_in_a_policy_is_no_fault_of_it(kit: Kit) -> None:
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    odd = f"{text}\noverrides:\n  - {{invoice: F1, reason: x}}\n"
    kit.policy(odd)
    propose(kit.desk)
    assert not kit.desk.policy_faults
    kit.policy(f"{odd}niets: 1\n")

    propose(kit.desk)

    assert [fault.code for fault in kit.desk.policy_faults] == ["unknown_key"]


def test_two_sidecars_at_once_send_one_message(
    tmp_path: Path, store: Store, clock: FixedClock
) -> None:
    with open_kit(tmp_path, store, clock) as kit:
        kit.source.add(*(late(f"F{n}", party=f"100{n}") for n in range(10, 16)))
        approved(kit)
        runs = [threading.Thread(target=act, args=(kit.desk,)) for _ in range(3)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()

        assert sorted(kit.email.sent) == sorted(set(kit.email.sent))
        assert len(kit.email.sent) == 6


def test_a_call_waits_for_its_outcome_and_then_counts(kit: Kit) -> None:
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text.replace("do: reminder, via: email, fallback: post}", "do: call}", 1))
    kit.source.add(late())
    approved(kit)
    acted = act(kit.desk)
    with kit.office.store.unit("jansen") as unit:
        (task,) = unit.tasks.open(TaskKind.CALL)

    finish_task(kit.desk, task.id, "belt terug", by=BY)

    assert codes(acted) == ["task_open"]
    position = the_item(kit).position
    assert position is not None
    assert position.step == "herinnering"
    assert the_action(kit).status is ActionStatus.DELIVERED


def test_a_call_about_a_paid_invoice_goes_off_the_list(kit: Kit) -> None:
    text = (kit.folder / "config" / "policy.yaml").read_text(encoding="utf-8")
    kit.policy(text.replace("do: reminder, via: email, fallback: post}", "do: call}", 1))
    kit.source.add(late())
    approved(kit)
    act(kit.desk)
    kit.source.items["R/F1"] = settled(late())
    pull(kit.desk)

    propose(kit.desk)

    with kit.office.store.unit("jansen") as unit:
        assert not unit.tasks.open(TaskKind.CALL)
    assert the_action(kit).code == "paid"


def test_what_went_out_is_kept_byte_for_byte_and_the_journal_names_it(kit: Kit) -> None:
    kit.source.add(late())
    (action,) = approved(kit)
    (outcome,) = act(kit.desk).delivered

    with kit.office.store.unit("jansen") as unit:
        entries = [entry for entry in unit.journal.entries(action) if entry.kind == "delivered"]
        verified = unit.journal.verify()
    content = kit.office.store.documents.get(outcome.documents[0])

    assert content.startswith(f"{action}-email".encode())
    assert outcome.documents[0] in str(entries[0].payload)
    assert verified.ok


def test_each_command_may_be_the_first_that_asks_for_the_policy(kit: Kit) -> None:
    kit.source.add(late())
    pull(kit.desk)
    propose(kit.desk)
    action = the_action(kit).id

    kit.office._desks.clear()
    assert approve(kit.desk, by=BY).approved == (action,)
    kit.office._desks.clear()
    assert propose(kit.desk, on=date(2026, 12, 1)) is not None
    kit.email.trouble = DeliveryUnknownError("mail_unknown")
    act(kit.desk)
    kit.office._desks.clear()
    assert resolve(kit.desk, action, sent=True, by=BY).status is ActionStatus.DELIVERED
