"""`party forget`: refused while something is going on, asked for, and told what stays."""

import io

import pytest

from connector.app.cli import execute
from tests.app.commands.conftest import BAKER, EARLY, Rehearsal

PAID = BAKER.replace(",121.00,121.00,", ",0.00,121.00,")


@pytest.fixture
def settled(rehearsal: Rehearsal) -> Rehearsal:
    """A debtor who got a reminder and then paid, beside one who has not."""
    rehearsal.books(BAKER, EARLY)
    for words in (("pull",), ("plan",), ("approve", "--all"), ("act",)):
        assert rehearsal.run(*words) == 0
    rehearsal.books(PAID, EARLY)
    rehearsal.run("pull")
    return rehearsal


def typed(rehearsal: Rehearsal, answer: str, *words: str) -> int:
    config = str(rehearsal.root / "config" / "maan.yaml")
    line = ["--config", config, "--now", "2026-11-23T10:00:00", *words]
    return execute(line, environ={}, keyboard=io.StringIO(answer))


def test_a_debtor_with_something_open_is_not_forgotten(pulled: Rehearsal) -> None:
    pulled.run("plan")
    action = next(
        one["id"] for one in pulled.json("actions")["actions"] if one["debtor"]["ref"] == "10023"
    )
    live = pulled.run("party", "forget", "10023", "--yes")
    named = pulled.err
    hold = pulled.json("hold", "add", "--debtor", "10023", "--reason", "dispute",
                       "--until", "2026-12-10")["id"]  # fmt: skip

    told = pulled.json("party", "forget", "10023", "--yes")
    code = pulled.run("party", "forget", "10023", "--yes")

    assert (live, code) == (1, 1)
    assert told["error"]["facts"]["items"] == ["F1", "F2"]
    assert action in named
    assert all(part in pulled.err for part in ("F1, F2", hold))
    assert pulled.json("party", "show", "10023")["name"] == "Bakkerij De Wit B.V."


@pytest.mark.parametrize(("reason", "code"), [("dispute", 1), ("manual", 0)])
def test_a_hold_that_is_over_does_not_stand_in_the_way(
    rehearsal: Rehearsal, reason: str, code: int
) -> None:
    rehearsal.run("pull")
    rehearsal.run("hold", "add", "--debtor", "10023", "--reason", reason, "--until", "2026-11-25")
    rehearsal.books(EARLY)
    rehearsal.run("pull", "--accept-closures")

    assert rehearsal.run("party", "forget", "10023", "--yes", now="2026-11-26T10:00:00") == code


def test_a_forgotten_debtor_has_no_name_and_keeps_its_numbers(settled: Rehearsal) -> None:
    gone = settled.json("party", "forget", "10023", "--yes")
    known = settled.json("party", "export", "10023")

    assert set(gone) == {"administration", "ref", "documents", "entries", "items", "actions"}
    assert (gone["documents"], gone["items"], gone["actions"]) == (1, 1, 1)
    assert known["party"]["name"] is None
    assert known["items"][0]["number"] == "F1"
    assert known["actions"][0]["status"] == "delivered"
    assert "De Wit" not in settled.out
    assert "dewit" not in settled.out
    assert settled.run("journal", "verify") == 0
    for words in (("actions", "show", known["actions"][0]["id"]), ("item", "show", "F1"),
                  ("explain", "F1"), ("journal", "show"), ("plan",), ("party", "show", "10023")):  # fmt: skip
        assert settled.run(*words) == 0
        assert "De Wit" not in settled.out


def test_the_answer_tells_that_the_export_brings_it_back(settled: Rehearsal) -> None:
    settled.run("party", "forget", "10023", "--yes")
    told = " ".join(settled.out.split())
    settled.run("pull")

    assert "maan pull terug" in told
    assert settled.json("party", "show", "10023")["name"] == "Bakkerij De Wit B.V."


def test_it_is_asked_first(settled: Rehearsal, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = typed(settled, "ja\n", "party", "forget", "10023")
    asked = capsys.readouterr().err
    right = typed(settled, "10023\n", "party", "forget", "10023")

    assert (wrong, right) == (1, 0)
    assert "Typ 10023" in asked
    assert "Er is niets gewist" in asked


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_without_an_answer_nothing_is_forgotten(
    settled: Rehearsal, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code = typed(settled, "", "party", "forget", "10023", *words)
    capsys.readouterr()

    assert code == 1
    assert settled.json("party", "show", "10023")["name"] == "Bakkerij De Wit B.V."


def test_an_account_number_can_be_completed(pulled: Rehearsal) -> None:
    assert pulled.run("party", "set", "10023", "--iban", "NL91 ABNA 0417 1643 01") == 1
    assert "0417" not in pulled.err.partition("Schrijf")[0]
    pulled.run("party", "set", "10023", "--iban", "NL91 ABNA 0417 1643 00")

    assert pulled.json("party", "show", "10023")["iban"] == "NL91ABNA0417164300"
