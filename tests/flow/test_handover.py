"""From the first reminder to the agency: a dated story of the whole ladder."""

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from connector.core.charges import ChargeState
from connector.core.dossier.pack import verify
from connector.core.policy.model import StepKind
from connector.core.snapshot import HoldReason
from connector.flow.act import act
from connector.flow.approve import approve, finish_task
from connector.flow.holding import add_hold
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.store import ItemQuery, Store, TaskKind, TaskRow
from tests.core.make_core import euro, hold
from tests.flow.kit import BY, Kit, late, open_kit
from tests.make import FixedClock, settled, with_open


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as opened:
        yield opened


def one_day(kit: Kit, month: int, day: int, year: int = 2026) -> list[str]:
    """Live one day in the office and return the steps that were delivered."""
    kit.at(year, month, day)
    pull(kit.desk)
    with kit.office.store.unit("jansen") as unit:
        calls = unit.tasks.open(TaskKind.CALL)
    for task in calls:
        finish_task(kit.desk, task.id, "geen gehoor", by=BY)
    propose(kit.desk)
    approve(kit.desk, by=BY)
    acted = act(kit.desk)
    asked = [stayed.code for stayed in acted.waiting if stayed.code == "task_open"]
    return [outcome.row.action.step for outcome in acted.delivered] + asked


def test_the_ladder_is_climbed_one_rung_at_a_time_up_to_the_agency(kit: Kit) -> None:
    kit.source.add(late())

    story = {
        (11, 23): one_day(kit, 11, 23),
        (11, 30): one_day(kit, 11, 30),
        (12, 7): one_day(kit, 12, 7),
        (12, 21): one_day(kit, 12, 21),
        (1, 6): one_day(kit, 1, 6, 2027),
        (1, 18): one_day(kit, 1, 18, 2027),
        (1, 19): one_day(kit, 1, 19, 2027),
        (1, 26): one_day(kit, 1, 26, 2027),
        (2, 8): one_day(kit, 2, 8, 2027),
    }

    assert story == {
        (11, 23): ["herinnering"],
        (11, 30): [],
        (12, 7): ["tweede"],
        (12, 21): ["sommatie"],
        (1, 6): [],
        (1, 18): ["task_open"],
        (1, 19): [],
        (1, 26): ["incasso"],
        (2, 8): [],
    }


def test_a_handover_builds_a_dossier_that_verifies_and_tells_the_debtor(kit: Kit) -> None:
    kit.source.add(late())
    for year, month, day in (
        (2026, 11, 23), (2026, 12, 7), (2026, 12, 21), (2027, 1, 18), (2027, 1, 19), (2027, 1, 26),
    ):  # fmt: skip
        one_day(kit, month, day, year)

    (file,) = (kit.folder / "outbox" / "agency" / "bureau").glob("*.zip")
    found = verify(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        data = json.loads(archive.read("dossier.json"))
        names = archive.namelist()

    assert found.ok, found.faults
    assert [claim["number"] for claim in data["claims"]] == ["F1"]
    assert len(data["history"]) == 5  # two mails, sommatie by two channels, one call
    assert len([name for name in names if name.startswith("letters/")]) == 4
    assert kit.email.sent[-1].endswith("-email")
    assert "Bureau Proef" in _last_mail(kit)


def test_from_handover_on_an_item_is_frozen(kit: Kit) -> None:
    kit.policy(_handover_first())
    kit.source.add(late())
    one_day(kit, 11, 23)
    one_day(kit, 11, 24)

    with kit.office.store.unit("jansen") as unit:
        (item,) = unit.books.items(ItemQuery(number="F1"))
    made = propose(kit.desk)

    assert item.handed_over
    assert made is not None
    assert not made.plan.actions


def test_a_handover_that_lacks_a_required_field_waits_for_a_person(kit: Kit) -> None:
    kit.policy(_handover_first())
    kit.source.add(late())
    kit.source.change("F1", issued=None)

    delivered = one_day(kit, 11, 23)

    with kit.office.store.unit("jansen") as unit:
        points = [task.code for task in unit.tasks.open(TaskKind.ATTENTION)]
    assert not delivered
    assert "dossier_incomplete" in points
    assert not list((kit.folder / "outbox").glob("agency/*/*.zip"))


def test_who_pays_before_the_handover_leaves_is_not_handed_over(kit: Kit) -> None:
    kit.policy(_handover_first())
    kit.source.add(late())
    kit.at(2026, 11, 23)
    pull(kit.desk)
    made = propose(kit.desk)
    assert made is not None
    assert [action.kind for action in made.plan.actions] == [StepKind.HAND_OVER]
    approve(kit.desk, by=BY)
    kit.source.items["R/F1"] = settled(late(), paid_on=date(2026, 11, 22))

    acted = act(kit.desk)

    assert [stayed.code for stayed in acted.withdrawn] == ["paid"]
    assert not list((kit.folder / "outbox").glob("agency/*/*.zip"))


def test_the_agency_must_be_told_of_a_payment_that_reached_the_creditor(kit: Kit) -> None:
    handed_over(kit)
    kit.source.items["R/F1"] = with_open(late(), "61.00", paid_on=date(2026, 11, 25))

    one_day(kit, 11, 26)
    one_day(kit, 11, 27)

    (point,) = points(kit, "agency_payment")
    assert (point.facts["amount"], point.facts["paid_on"]) == (euro("60.00"), date(2026, 11, 25))


def test_the_agency_must_be_told_once_of_each_payment(kit: Kit) -> None:
    handed_over(kit)
    told = []
    for day, left in ((25, "61.00"), (26, "61.00"), (27, "41.00"), (30, "41.00")):
        kit.source.items["R/F1"] = with_open(late(), left)
        one_day(kit, 11, day)
        found = points(kit, "agency_payment")
        told.append([str(point.facts["amount"]) for point in found])
        for point in found:
            finish_task(kit.desk, point.id, "gemeld", by=BY)

    assert told == [["60.00"], [], ["20.00"], []]


def test_the_agency_must_be_told_when_a_claim_ends_in_the_books(kit: Kit) -> None:
    handed_over(kit)
    kit.source.items["R/F1"] = settled(late(), paid_on=date(2026, 11, 25))
    one_day(kit, 11, 26)
    one_day(kit, 11, 27)

    (point,) = points(kit, "agency_ended")
    assert (point.facts["number"], point.facts["state"]) == ("F1", "paid")


def test_the_agency_must_be_told_of_a_dispute(kit: Kit) -> None:
    handed_over(kit)
    disputed = hold("F1", reason=HoldReason.DISPUTE, until=date(2026, 12, 31))
    add_hold(kit.desk, disputed, by=BY)
    one_day(kit, 11, 26)

    assert len(points(kit, "agency_dispute")) == 1


def test_charges_of_what_an_agency_has_are_not_ours_to_waive(kit: Kit) -> None:
    handed_over(kit, "    collection_costs: statutory\n")
    kit.source.items["R/F1"] = settled(late(), paid_on=date(2026, 11, 25))
    one_day(kit, 11, 26)

    with kit.office.store.unit("jansen") as unit:
        (charge,) = unit.charges.find()
    assert charge.state is ChargeState.DUE


def handed_over(kit: Kit, costs: str = "") -> None:
    """Hand the one invoice over on the first day."""
    kit.policy(_handover_first().replace("  - name: kort\n", f"  - name: kort\n{costs}"))
    kit.source.add(late())
    one_day(kit, 11, 23)


def points(kit: Kit, code: str) -> list[TaskRow]:
    with kit.office.store.unit("jansen") as unit:
        return [task for task in unit.tasks.open(TaskKind.ATTENTION) if task.code == code]


def _handover_first() -> str:
    return (
        "version: 1\ntracks:\n  - name: particulier\n    applies_to: {kind: consumer}\n"
        "    ladder: [{step: herinnering, at: due + 4d, do: reminder, via: email}]\n"
        "  - name: kort\n    ladder:\n"
        "      - {step: incasso, at: due + 10d, do: hand_over, to: bureau}\n"
    )


def _last_mail(kit: Kit) -> str:
    with kit.office.store.unit("jansen") as unit:
        rows = [row for row in unit.ledger.find() if row.action.kind is StepKind.HAND_OVER]
        (mail,) = [d for d in unit.ledger.deliveries(rows[0].id) if d.channel == "email"]
    assert mail.document is not None
    return kit.office.store.documents.get(mail.document).decode()
