"""Handovers with interest and costs: what was approved is what the agency reads, to the cent."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connector.core.actions import ActionStatus
from connector.core.charges import ChargeKind
from connector.core.dossier.pack import verify
from connector.core.policy.model import StepKind
from connector.core.snapshot import Hold, HoldReason
from connector.flow.act import act
from connector.flow.approve import approve
from connector.flow.dossiers import build
from connector.flow.holding import add_hold
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.records import Document, ItemId, PartyRef
from connector.store import ActionRow, Store, TaskKind
from tests.flow.kit import BY, Kit, late, open_kit
from tests.make import FixedClock, euro, party, receivable

TRADE = """
version: 1
mode: assisted
guards: {first_run_per_day: 100}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    ladder: [{step: herinnering, at: due + 4d, do: reminder, via: email}]
  - name: zakelijk
    interest: {kind: statutory, claim_from: sommatie}
    collection_costs: statutory
    ladder:
      - {step: herinnering, at: due + 4d, do: reminder, via: email}
      - {step: sommatie, at: previous + 14d, do: final_demand, via: email, term: 14d}
      - {step: incasso, at: deadline + 1d, do: hand_over, to: bureau}
"""
CONSUMER = """
version: 1
mode: assisted
guards: {first_run_per_day: 100}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    interest: {kind: statutory, claim_from: hand_over}
    collection_costs: statutory
    ladder:
      - {step: aanmaning, at: due + 4d, do: default_notice, via: email, term: 14d}
      - {step: veertiendagenbrief, at: deadline + 1d, do: statutory_notice, via: email}
      - {step: incasso, at: deadline + 1d, do: hand_over, to: bureau}
  - name: zakelijk
    ladder: [{step: herinnering, at: due + 4d, do: reminder, via: email}]
"""


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as opened:
        yield opened


def one_day(kit: Kit, day: date, amount: str | None = None) -> list[str]:
    """Live one day; all that is proposed is approved one by one. Return what left."""
    kit.at(day.year, day.month, day.day)
    if amount is not None:
        kit.source.change("F1", open=euro(amount), paid_on=day)
    pull(kit.desk)
    propose(kit.desk)
    with kit.office.store.unit("jansen") as unit:
        waiting = [row.id for row in unit.ledger.find(status=ActionStatus.PROPOSED)]
    if waiting:
        approve(kit.desk, waiting, by=BY)
    return [outcome.row.action.step for outcome in act(kit.desk).delivered]


def handed_over(kit: Kit) -> ActionRow:
    with kit.office.store.unit("jansen") as unit:
        (row,) = [r for r in unit.ledger.find() if r.action.kind is StepKind.HAND_OVER]
    return row


def dossier(kit: Kit) -> Any:
    (file,) = (kit.folder / "outbox" / "agency" / "bureau").glob("*.zip")
    assert verify(file.read_bytes()).ok, verify(file.read_bytes()).faults
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("dossier.json"))


def in_trade(kit: Kit, *days: tuple[date, str | None]) -> list[list[str]]:
    kit.policy(TRADE)
    kit.source.add(late(open=euro("1210.00"), total=euro("1210.00")))
    return [one_day(kit, day, amount) for day, amount in days]


def of_a_consumer(kit: Kit, *days: tuple[date, str | None]) -> list[list[str]]:
    kit.policy(CONSUMER)
    kit.source.add(late(open=euro("1210.00"), total=euro("1210.00")))
    person = party("10023", kind="consumer", name="B. Voorbeeld", country="NL")
    kit.source.parties = {ref: replace(person, ref=PartyRef(ref)) for ref in kit.source.parties}
    return [one_day(kit, day, amount) for day, amount in days]


STORY = (
    (date(2026, 11, 23), None),
    (date(2026, 12, 9), None),
    (date(2026, 12, 15), None),
    (date(2027, 1, 4), None),
    (date(2027, 1, 12), None),
)


def test_a_business_is_handed_over_for_what_was_approved(kit: Kit) -> None:
    in_trade(kit, *STORY)

    action, data = handed_over(kit).action, dossier(kit)

    (amount,), (claim,) = data["amounts"], data["claims"]
    assert amount["total"] == str(action.total)
    assert claim["interest"]["amount"] == str(action.items[0].interest)
    assert claim["interest"]["article"] == "6:119a BW"
    assert amount["collection_costs"]["amount"] == "181.50"


def test_where_the_figures_end_the_dossier_says_that_interest_is_provisional(kit: Kit) -> None:
    in_trade(kit, *STORY)

    interest = dossier(kit)["claims"][0]["interest"]

    assert (interest["through"], interest["final"], interest["daily"]) == (
        "2026-12-31",
        False,
        None,
    )


def test_costs_stand_by_the_demand_that_claimed_them_after_a_part_payment(kit: Kit) -> None:
    in_trade(kit, *STORY[:3], (date(2026, 12, 21), "1000.00"), *STORY[3:])

    data = dossier(kit)

    (demand,) = data["amounts"][0]["collection_costs"]["demands"]
    (payment,) = data["payments"]
    assert (demand["kind"], demand["base"], demand["amount"]) == (
        "final_demand",
        "1210.00",
        "181.50",
    )
    assert payment["imputed"] == {"costs": "0.00", "interest": "0.00", "principal": "210.00"}
    assert [line["paid_after"] for line in data["claims"][0]["interest"]["lines"]] == [
        "210.00",
        "0.00",
    ]


CONSUMERS_STORY = (
    (date(2026, 11, 23), None),
    (date(2026, 12, 14), None),
    (date(2027, 1, 4), None),
    (date(2027, 1, 11), None),
    (date(2027, 1, 18), None),
)


def test_a_consumer_is_handed_over_with_both_notices_and_their_evidence(kit: Kit) -> None:
    story = of_a_consumer(kit, *CONSUMERS_STORY)

    data = dossier(kit)

    assert [step for day in story for step in day] == ["aanmaning", "veertiendagenbrief", "incasso"]
    assert [(one["kind"], one["valid"]) for one in data["notices"]] == [
        ("default_notice", True),
        ("statutory_notice", True),
    ]
    assert data["notices"][1]["costs"] == {"amount": "181.50", "currency": "EUR"}
    assert data["notices"][1]["dispatches"][0]["evidence"].startswith("evidence/")
    assert data["claims"][0]["default_ground"] == "default_notice"
    assert data["claims"][0]["limitation"]["interrupted_by"] == "demand"
    assert data["agency_must_send_statutory_notice"] is False


def test_a_consumer_who_paid_a_part_in_the_term_owes_costs_over_the_rest(kit: Kit) -> None:
    of_a_consumer(kit, *CONSUMERS_STORY[:2], (date(2026, 12, 21), "1000.00"), *CONSUMERS_STORY[2:])

    (demand,) = dossier(kit)["amounts"][0]["collection_costs"]["demands"]

    assert (demand["kind"], demand["base"], demand["amount"]) == (
        "statutory_notice",
        "1000.00",
        "150.00",
    )


def test_interest_that_was_paid_before_sending_is_not_in_the_dossier_that_leaves(kit: Kit) -> None:
    in_trade(kit, *STORY[:3])
    kit.at(2027, 1, 4)
    pull(kit.desk)
    propose(kit.desk)
    with kit.office.store.unit("jansen") as unit:
        (known,) = [one for one in unit.charges.find() if one.kind is ChargeKind.INTEREST]
        unit.charges.save([replace(known, paid=euro("1.00"))])
    approve(kit.desk, [handed_over(kit).id], by=BY)

    act(kit.desk)

    with kit.office.store.unit("jansen") as unit:
        points = {task.code for task in unit.tasks.open(TaskKind.ATTENTION)}
    assert "dossier_amounts_differ" not in points
    assert list((kit.folder / "outbox").glob("agency/*/*.zip"))


def test_a_payment_after_the_handover_moves_neither_steps_nor_charges(kit: Kit) -> None:
    in_trade(kit, *STORY)
    with kit.office.store.unit("jansen") as unit:
        before = unit.charges.find()

    left = one_day(kit, date(2027, 1, 20), "500.00")

    with kit.office.store.unit("jansen") as unit:
        after = unit.charges.find()
    assert (left, after) == ([], before)


def test_what_went_to_the_agency_can_be_built_again_while_nothing_came_in(kit: Kit) -> None:
    in_trade(kit, *STORY)
    total = dossier(kit)["amounts"][0]["total"]

    built = build(kit.office, handed_over(kit).id, "jansen", folder=kit.folder / "again", by=BY)

    with zipfile.ZipFile(built.file) as archive:
        again = json.loads(archive.read("dossier.json"))
    assert again["amounts"][0]["total"] == total


def test_a_dossier_made_beforehand_has_the_amounts_that_the_plan_wants(kit: Kit) -> None:
    in_trade(kit, *STORY[:3])
    kit.at(2027, 1, 4)
    pull(kit.desk)

    built = build(kit.office, "F1", "jansen", folder=kit.folder / "before", by=BY)

    with zipfile.ZipFile(built.file) as archive:
        data = json.loads(archive.read("dossier.json"))
    assert data["amounts"][0]["collection_costs"]["amount"] == "181.50"
    assert data["amounts"][0]["interest"]["claimed"]


def test_money_that_paid_the_costs_is_told_as_such_and_the_costs_are_gone(kit: Kit) -> None:
    in_trade(kit, *STORY[:3])
    paid = receivable(
        "B1", document=Document.PAYMENT, open=euro("-181.50"), issued=date(2026, 12, 16), due=None
    )
    kit.source.add(paid)

    one_day(kit, date(2026, 12, 21))
    one_day(kit, date(2027, 1, 4))

    data = dossier(kit)
    (payment,) = data["payments"]
    assert (payment["kind"], payment["date"], payment["imputed"]["costs"]) == (
        "charges",
        "2026-12-16",
        "181.50",
    )
    assert data["amounts"][0]["collection_costs"]["claimed"] is False


def abroad(kit: Kit, law: str | None) -> Any:
    kit.policy(TRADE)
    kit.source.add(late(open=euro("1210.00"), total=euro("1210.00")))
    kit.source.parties = {PartyRef("10023"): party("10023", country="BE")}
    kit.at(2026, 11, 23)
    pull(kit.desk)
    with kit.office.store.unit("jansen") as unit:
        unit.books.correct_party(PartyRef("10023"), "applicable_law", law, BY)
    for day, amount in STORY:
        one_day(kit, day, amount)
    return dossier(kit)


def test_a_debtor_abroad_is_handed_over_without_dutch_charges(kit: Kit) -> None:
    data = abroad(kit, None)

    assert data["applicable_law"] == {"law": None, "ground": "not_recorded"}
    assert data["amounts"][0]["total"] == data["amounts"][0]["principal"] == "1210.00"


def test_dutch_law_that_was_recorded_carries_the_charges_abroad(kit: Kit) -> None:
    data = abroad(kit, "nl")

    assert data["applicable_law"] == {"law": "nl", "ground": "recorded"}
    assert data["amounts"][0]["collection_costs"]["amount"] == "181.50"


def test_a_disputed_part_stays_behind(kit: Kit) -> None:
    in_trade(kit, *STORY[:3])
    part = Hold(
        id="", item=ItemId("R/F1"), party=None, reason=HoldReason.DISPUTE,
        until=date(2027, 3, 1), amount=euro("210.00"),
    )  # fmt: skip
    kit.at(2026, 12, 16)
    add_hold(kit.desk, part, by=BY)

    one_day(kit, date(2027, 1, 4))

    data = dossier(kit)
    (claim,) = data["claims"]
    assert (claim["open"], claim["kept_back"], claim["paid"]) == ("1000.00", "210.00", "0.00")
    assert data["stops"]["dispute"] is True
