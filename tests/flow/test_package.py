"""The package reminds, keeps a record and is paused; nothing goes out twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from connector.core.actions import ActionStatus
from connector.flow.act import Acted, act
from connector.flow.approve import approve
from connector.flow.mend import correct_party
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.adapter import PushVerb
from connector.port.errors import (
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import AUTO_REMINDERS, Bounce, ItemRecord, PartyRef
from connector.store import ActionRow, PushRow, PushStatus, Store, TaskKind
from tests.flow.kit import BY, CONFIG, MORNING, Killed, Kit, late, open_kit
from tests.flow.package_kit import POLICY, Answer, PackageSource
from tests.make import FixedClock, settled


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    source = PackageSource()
    with open_kit(tmp_path, memory_store, clock, source=source, files=(CONFIG, POLICY)) as opened:
        yield opened


def package(kit: Kit) -> PackageSource:
    return cast("PackageSource", kit.source)


def invoice(number: str = "F1", **fields: Any) -> ItemRecord:
    return late(number, **{"remindable": True, **fields})


def approved(kit: Kit) -> list[str]:
    pull(kit.desk)
    propose(kit.desk)
    return list(approve(kit.desk, by=BY).approved)


def rows(kit: Kit) -> list[ActionRow]:
    with kit.office.store.unit("jansen") as unit:
        return unit.ledger.find()


def orders(kit: Kit, verb: PushVerb) -> list[PushRow]:
    with kit.office.store.unit("jansen") as unit:
        return [row for status in PushStatus for row in unit.outbox.find(verb, status)]


def codes(acted: Acted) -> list[str]:
    return [stayed.code for stayed in acted.waiting]


def test_the_package_sends_a_reminder_once(kit: Kit) -> None:
    kit.source.add(invoice())
    (action,) = approved(kit)

    act(kit.desk)
    act(kit.desk)

    assert package(kit).keys(PushVerb.REMIND) == [f"{action}-package"]
    assert not kit.email.sent


def test_the_state_before_is_kept_with_the_intent(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)

    act(kit.desk)

    assert [order.before for order in package(kit).done] == ["before:0"]


def test_what_the_package_can_not_remind_of_goes_by_the_fallback(kit: Kit) -> None:
    kit.source.add(invoice(remindable=False))
    (action,) = approved(kit)

    act(kit.desk)

    assert (kit.email.sent, package(kit).keys(PushVerb.REMIND)) == ([f"{action}-email"], [])


def test_a_crash_after_sending_is_found_out_and_not_repeated(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    package(kit).answers[PushVerb.REMIND] = Answer(Killed(), after=True)
    with pytest.raises(Killed):
        act(kit.desk)

    acted = act(kit.desk)

    assert [outcome.row.status for outcome in acted.delivered] == [ActionStatus.SENDING]
    assert len(package(kit).keys(PushVerb.REMIND)) == 1


def test_a_crash_before_sending_is_found_out_and_made_good(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    package(kit).answers[PushVerb.REMIND] = Answer(Killed())
    with pytest.raises(Killed):
        act(kit.desk)

    act(kit.desk)

    assert len(package(kit).keys(PushVerb.REMIND)) == 1
    assert [row.status for row in rows(kit)] == [ActionStatus.DELIVERED]


def test_an_unknown_outcome_waits_for_a_person(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    package(kit).answers[PushVerb.REMIND] = Answer(OutcomeUnknownError("wire_outcome_unknown"))

    acted = act(kit.desk)

    assert [outcome.code for outcome in acted.uncertain] == ["wire_outcome_unknown"]


def test_a_package_that_is_away_leaves_the_action_in_the_queue(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    package(kit).unable = RateLimitError("budget_spent", after=60)

    acted = act(kit.desk)

    assert codes(acted) == ["budget_spent"]
    assert [row.status for row in rows(kit)] == [ActionStatus.APPROVED]


def test_what_the_package_refuses_fails_and_asks_a_person(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    package(kit).unable = RefusedError("moneybird.not_remindable", number="F1", obstacle="paused")

    acted = act(kit.desk)

    assert [outcome.code for outcome in acted.failed] == ["moneybird.not_remindable"]


def test_a_message_of_our_own_is_recorded_in_the_package(kit: Kit) -> None:
    kit.source.add(invoice(remindable=False))
    (action,) = approved(kit)

    act(kit.desk)

    (order,) = package(kit).done
    assert (order.verb, order.key) == (PushVerb.RECORD_MESSAGE, f"{action}-2026-11-23")
    assert "herinnering" in order.text
    assert order.party == "10023"


def test_the_letter_goes_along_with_the_record(kit: Kit) -> None:
    kit.source.add(invoice(remindable=False))
    (action,) = approved(kit)

    act(kit.desk)

    (order,) = package(kit).done
    assert order.document is not None
    assert b"F1" in order.document
    assert order.facts["file"] == f"herinnering-{action}.eml"


def test_a_call_is_shown_in_the_package(kit: Kit) -> None:
    kit.policy(POLICY.replace("do: reminder, via: package, fallback: email", "do: call"))
    kit.source.add(invoice())
    (action,) = approved(kit)

    act(kit.desk)

    assert package(kit).keys(PushVerb.RECORD_TASK) == [f"{action}-task"]
    assert package(kit).done[-1].text.splitlines() == [
        "maan · 23-11-2026 · herinnering · telefoon · € 121,00 · F1",
        "Factuur F1 · € 121,00 · Vervaldatum 09-11-2026",
    ]


def test_a_reminder_by_the_package_needs_no_record(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)

    act(kit.desk)

    assert orders(kit, PushVerb.RECORD_MESSAGE) == []


def test_a_record_that_fails_is_tried_again_and_keeps_nobody(kit: Kit) -> None:
    kit.source.add(invoice(remindable=False))
    approved(kit)
    package(kit).answers[PushVerb.RECORD_MESSAGE] = Answer(UnavailableError("wire_unavailable"))
    first = act(kit.desk)
    early = len(package(kit).done)
    kit.clock.move(minutes=20)

    act(kit.desk)

    assert (len(first.delivered), early, len(package(kit).done)) == (1, 0, 1)


def test_a_record_that_is_refused_is_told_to_a_person(kit: Kit) -> None:
    kit.source.add(invoice(remindable=False))
    approved(kit)
    package(kit).answers[PushVerb.RECORD_MESSAGE] = Answer(RefusedError("wire_refused"))

    act(kit.desk)

    with kit.office.store.unit("jansen") as unit:
        told = [(task.code, task.facts["text"]) for task in unit.tasks.open(TaskKind.ATTENTION)]
    line = "maan · 23-11-2026 · herinnering · e-mail · € 121,00 · F1"
    assert told == [("package_refused", f"{line}; Factuur F1 · € 121,00 · Vervaldatum 09-11-2026")]


def test_the_package_is_paused_before_we_write(kit: Kit) -> None:
    kit.source.add(invoice(tags=(AUTO_REMINDERS,)))
    approved(kit)

    act(kit.desk)

    assert [order.verb for order in package(kit).done] == [PushVerb.PAUSE, PushVerb.REMIND]


def test_nothing_is_written_while_the_package_can_not_be_paused(kit: Kit) -> None:
    kit.source.add(invoice(tags=(AUTO_REMINDERS,)))
    approved(kit)
    package(kit).answers[PushVerb.PAUSE] = Answer(UnavailableError("wire_unavailable"))

    acted = act(kit.desk)

    assert (codes(acted), package(kit).done) == (["package_not_paused"], [])


def test_the_package_is_given_back_what_is_settled(kit: Kit) -> None:
    kit.source.add(invoice(tags=(AUTO_REMINDERS,)))
    approved(kit)
    act(kit.desk)
    kit.source.items["R/F1"] = settled(invoice())
    pull(kit.desk)

    act(kit.desk)
    act(kit.desk)

    assert package(kit).keys(PushVerb.RESUME) == ["R/F1@1-resume"]


def test_what_reopens_while_we_write_stays_paused(kit: Kit) -> None:
    kit.source.add(invoice(tags=(AUTO_REMINDERS,)))
    approved(kit)
    act(kit.desk)
    kit.source.items["R/F1"] = settled(invoice())
    pull(kit.desk)
    kit.source.items["R/F1"] = invoice()  # the payment was reversed; it is still paused
    pull(kit.desk)

    act(kit.desk)

    assert package(kit).keys(PushVerb.RESUME) == []


def test_what_the_policy_leaves_out_is_given_back(kit: Kit) -> None:
    kit.source.add(invoice(tags=(AUTO_REMINDERS,)))
    approved(kit)
    act(kit.desk)
    kit.policy(POLICY + "overrides: [{invoice: F1, skip: true, reason: raamcontract}]\n")

    act(kit.desk)

    assert package(kit).keys(PushVerb.RESUME) == ["R/F1@1-resume"]


def test_what_was_given_back_is_given_back_again(kit: Kit) -> None:
    kit.source.add(invoice(tags=(AUTO_REMINDERS,)))
    approved(kit)
    act(kit.desk)
    kit.policy(POLICY + "overrides: [{invoice: F1, skip: true, reason: raamcontract}]\n")
    act(kit.desk)
    kit.policy(POLICY)
    kit.at(2026, 12, 14)
    approved(kit)
    act(kit.desk)
    kit.source.items["R/F1"] = settled(invoice())
    pull(kit.desk)

    act(kit.desk)

    assert package(kit).keys(PushVerb.RESUME) == ["R/F1@1-resume", "R/F1@1-resume"]


def test_what_stays_open_stays_paused(kit: Kit) -> None:
    kit.source.add(invoice(tags=(AUTO_REMINDERS,)))
    approved(kit)
    act(kit.desk)
    pull(kit.desk)

    act(kit.desk)

    assert package(kit).keys(PushVerb.RESUME) == []


def test_a_reminder_of_the_package_itself_keeps_us_from_writing(kit: Kit) -> None:
    kit.source.add(invoice(reminded_on=MORNING.date() - timedelta(days=2), reminders_sent=1))

    pull(kit.desk)
    made = propose(kit.desk)

    assert made is not None
    assert made.plan.actions == ()


def test_a_reminder_that_came_back_is_proposed_by_the_next_way(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    act(kit.desk)
    package(kit).bounces = (_bounce(),)
    kit.at(2026, 12, 7)

    pull(kit.desk)
    pull(kit.desk)
    made = propose(kit.desk)

    assert made is not None
    assert [withheld.reason.code for withheld in made.plan.withheld] == ["address_missing"]


def test_a_bounce_is_taken_once(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    act(kit.desk)
    package(kit).bounces = (_bounce(),)
    pull(kit.desk)
    pull(kit.desk)

    with kit.office.store.unit("jansen") as unit:
        kinds = [entry.kind for entry in unit.journal.entries()]
    assert kinds.count("undelivered") == 1


def test_our_own_reminder_that_came_back_is_no_reminder_of_the_package(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    act(kit.desk)
    # The package counts it among its own.
    kit.source.items["R/F1"] = invoice(reminders_sent=1, reminded_on=MORNING.date())
    package(kit).bounces = (_bounce(),)
    with_post = POLICY.replace("via: package, fallback: email", "via: package, fallback: post")
    kit.policy(with_post)

    pull(kit.desk)
    made = propose(kit.desk)

    assert made is not None
    assert [(one.step, one.via) for one in made.plan.actions] == [("herinnering", ("post",))]


def test_a_bounce_is_told_of_every_invoice_and_takes_back_one_message(kit: Kit) -> None:
    kit.policy(POLICY.replace("do: reminder, via: email", "do: reminder, via: package"))
    kit.source.add(invoice("F1"), invoice("F2"))
    approved(kit)
    act(kit.desk)
    kit.at(2026, 12, 14)
    approved(kit)
    act(kit.desk)
    package(kit).bounces = tuple(
        replace(_bounce(), item=late(number).id, reference=number, on=date(2026, 12, 14))
        for number in ("F1", "F2")
    )

    pull(kit.desk)

    statuses = {row.action.step: row.status for row in rows(kit)}
    assert statuses["herinnering"] is ActionStatus.DELIVERED
    assert statuses["tweede"] is not ActionStatus.DELIVERED


def test_the_mail_with_the_invoice_takes_back_no_reminder(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    act(kit.desk)
    package(kit).bounces = (replace(_bounce(), is_reminder=False),)

    pull(kit.desk)

    assert [row.status for row in rows(kit)] == [ActionStatus.DELIVERED]


def test_an_address_that_was_put_right_since_is_used(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    act(kit.desk)
    package(kit).bounces = (_bounce(),)
    correct_party(kit.desk, PartyRef(invoice().party), {"email": "goed@debiteur.example"}, by=BY)

    pull(kit.desk)
    made = propose(kit.desk)

    assert made is not None
    assert [one.via for one in made.plan.actions] == [("package",)]


def test_a_bounce_is_told_to_a_person(kit: Kit) -> None:
    kit.source.add(invoice())
    approved(kit)
    act(kit.desk)
    package(kit).bounces = (_bounce(),)

    pull(kit.desk)

    with kit.office.store.unit("jansen") as unit:
        assert [task.code for task in unit.tasks.open(TaskKind.ATTENTION)] == ["reminder_returned"]


def test_while_mail_is_redirected_the_package_reminds_nobody(
    tmp_path: Path, memory_store: Store, clock: FixedClock
) -> None:
    config = CONFIG + "delivery: {email: {host: localhost, redirect_to: ik@jansen.example}}\n"
    with open_kit(
        tmp_path, memory_store, clock, source=PackageSource(), files=(config, POLICY)
    ) as kit:
        kit.source.add(invoice())
        (action,) = approved(kit)

        act(kit.desk)

        assert (kit.email.sent, package(kit).keys(PushVerb.REMIND)) == ([f"{action}-email"], [])


def test_a_spent_budget_is_no_failure(kit: Kit) -> None:
    kit.source.add(invoice("F1"), invoice("F2", party="20001"))
    approved(kit)
    spent = RateLimitError("budget_spent", after=120)
    package(kit).answers[PushVerb.REMIND] = Answer(spent)
    first = act(kit.desk)
    kit.clock.move(minutes=3)

    second = act(kit.desk)

    assert codes(first) == ["budget_spent"]
    assert len(second.delivered) == 2


def test_a_bounce_from_before_says_nothing_of_todays_address(kit: Kit) -> None:
    kit.source.add(invoice(remindable=False))
    package(kit).bounces = (replace(_bounce(), on=date(2026, 10, 1)),)
    (action,) = approved(kit)

    act(kit.desk)

    assert kit.email.sent == [f"{action}-email"]


def _bounce() -> Bounce:
    return Bounce(
        item=late("F1").id,
        on=MORNING.date(),
        reference="note-1",
        reason="sales_invoice_reminder_sending_failed",
    )
