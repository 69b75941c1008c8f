"""`letter preview`, `attach`, `post`, `dossier`, `journal`: what leaves, and what is kept."""

import zipfile
from pathlib import Path

import pytest

from tests.app.commands.conftest import Rehearsal


def test_a_preview_is_written_and_says_that_it_is_not_due(pulled: Rehearsal) -> None:
    told = pulled.json("letter", "preview", "sommatie", "--debtor", "10023")

    assert (told["due"], told["via"], told["total"]) == (False, ["post"], "181.50")
    assert [Path(file).suffix for file in told["files"]] == [".txt", ".html", ".pdf"]
    assert Path(told["files"][2]).read_bytes().startswith(b"%PDF")
    assert pulled.json("actions")["actions"] == []


def test_a_preview_of_what_is_due_is_what_the_plan_has(pulled: Rehearsal) -> None:
    plan = pulled.json("plan")

    told = pulled.json("letter", "preview", "herinnering", "--debtor", "10023")

    assert (told["due"], told["total"]) == (True, plan["actions"][0]["total"])


@pytest.mark.parametrize(("step", "found"), [("bellen", "geen brief"), ("dreigen", "sommatie")])
def test_a_step_without_a_letter_names_those_with_one(
    pulled: Rehearsal, step: str, found: str
) -> None:
    assert pulled.run("letter", "preview", step, "--debtor", "10023") == 1
    assert found in pulled.err


def test_a_file_is_attached_to_an_invoice(pulled: Rehearsal, tmp_path: Path) -> None:
    paper = tmp_path / "overeenkomst.pdf"
    paper.write_bytes(b"%PDF-1.7 contract")

    done = pulled.json("attach", "F1", str(paper), "--type", "contract")

    assert pulled.json("item", "show", "F1")["attachments"] == [
        {"type": "contract", "name": "overeenkomst.pdf", "sha256": done["sha256"]}
    ]


def test_a_file_that_is_not_there_is_wrong_use(pulled: Rehearsal, tmp_path: Path) -> None:
    assert pulled.run("attach", "F1", str(tmp_path / "weg.pdf"), "--type", "terms") == 2


def test_the_day_of_posting_moves_the_term(pulled: Rehearsal) -> None:
    pulled.run("item", "set", "F1", "--step", "bellen", "--reason", "gebeld")
    later = "2026-12-08T10:00:00"
    for words in (("pull",), ("plan",), ("approve", "--all"), ("act",)):
        pulled.run(*words, now=later)
    letter = pulled.json("post", "list", now=later)["letters"][0]
    before = pulled.json("item", "show", "F1", now=later)["position"]

    too_early = pulled.run("post", "sent", "2026-12-10", now=later)
    later = "2026-12-10T10:00:00"
    moved = pulled.json("post", "sent", "2026-12-10", now=later)
    after = pulled.json("item", "show", "F1", now=later)["position"]

    assert (letter["step"], moved["actions"]) == ("sommatie", [letter["action"]])
    assert (before["on"], after["on"]) == ("2026-12-08", "2026-12-10")
    assert after["deadline"] > before["deadline"]
    assert too_early == 1
    assert pulled.run("post", "sent", "2026-12-01", now=later) == 1


def test_without_letters_there_is_nothing_to_date(pulled: Rehearsal) -> None:
    assert pulled.json("post", "sent", "2026-11-23")["actions"] == []


def test_a_dossier_can_be_looked_at_before_the_handover(pulled: Rehearsal, tmp_path: Path) -> None:
    built = pulled.json("dossier", "build", "F1", "--output", str(tmp_path / "uit"))
    sound = pulled.run("dossier", "verify", built["file"])

    assert set(built) >= {"file", "sha256"}
    assert sound == 0
    assert pulled.json("dossier", "list") == {"dossiers": []}


def test_a_changed_dossier_is_found_out(pulled: Rehearsal, tmp_path: Path) -> None:
    file = Path(pulled.json("dossier", "build", "F1", "--output", str(tmp_path))["file"])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("extra.txt", "x")

    told = pulled.json("dossier", "verify", str(file))

    assert told["ok"] is False
    assert told["faults"][0]["text"]
    assert pulled.run("dossier", "verify", str(file)) == 1


def test_a_handover_is_listed_and_can_be_delivered_again(pulled: Rehearsal) -> None:
    pulled.run("item", "set", "F1", "--step", "sommatie", "--reason", "al gestuurd")
    later = "2027-01-12T10:00:00"
    for words in (("pull",), ("plan",), ("approve", "--all")):
        pulled.run(*words, now=later)
    acted = pulled.json("act", now=later)["delivered"]
    handed = next(one for one in acted if one["step"] == "incasso")
    sent = pulled.json("dossier", "list", now=later)["dossiers"][0]
    again = pulled.json("dossier", "deliver", handed["id"][:6], now=later)

    assert (sent["action"], sent["sha256"]) == (handed["id"], handed["document"])
    assert len(handed["notice"]) == 64
    assert again["sha256"] == handed["document"]
    assert pulled.json("item", "show", "F1", now=later)["handed_over"] is True


def test_the_journal_is_shown_and_proves_itself(pulled: Rehearsal) -> None:
    pulled.run("plan")

    shown = pulled.json("journal", "show", "--last", "1")["entries"]
    proof = pulled.json("journal", "verify")

    assert shown[0]["kind"] == "planned"
    assert (proof["ok"], proof["head"]) == (True, shown[0]["hash"])
    assert proof["entries"] == shown[0]["sequence"]
