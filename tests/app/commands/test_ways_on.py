"""What the screen says next: every answer names the command that goes on from there."""

import pytest

from tests.app.commands.conftest import BAKER, EARLY, Rehearsal

_PERSON = "20001,Piet de Boer,P1,2026-09-30,2026-10-30,EUR,121.00,121.00,invoice,consumer,piet@example.org,Pad 1,1234 XX,Utrecht,NL"
_LADDER = """\
version: 1
mode: assisted
guards: {bank_when_unknown: ignore, first_run_per_day: 25}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    collection_costs: statutory
    ladder:
      - {step: aanmaning, at: due + 3d, do: default_notice, via: email, fallback: post, term: 14d}
      - {step: veertiendagenbrief, at: deadline + 1d, do: statutory_notice, via: [email, post]}
  - name: zakelijk
    ladder:
      - {step: herinnering, at: due + 3d, do: reminder, via: email, fallback: post, term: 7d}
"""
_LATER = "2026-12-22T10:00:00"


@pytest.fixture
def noticed(rehearsal: Rehearsal) -> Rehearsal:
    """A consumer whose fourteen-day letter is proposed and must be seen by itself."""
    rehearsal.policy(_LADDER)
    rehearsal.books(_PERSON)
    for command in (("pull",), ("plan",), ("approve", "--all"), ("act",)):
        assert rehearsal.run(*command) == 0
    assert rehearsal.run("pull", now=_LATER) == 0
    return rehearsal


def test_a_plan_says_how_to_see_the_letter_that_is_approved_by_itself(noticed: Rehearsal) -> None:
    action = noticed.json("plan", now=_LATER)["actions"][0]["id"]

    noticed.run("plan", now=_LATER)

    assert "maan letter preview veertiendagenbrief --debtor 20001" in noticed.out
    assert f"maan approve {action[:8]}" in noticed.out


def test_approving_all_shows_what_is_left_without_denying_it(noticed: Rehearsal) -> None:
    action = noticed.json("plan", now=_LATER)["actions"][0]["id"]

    noticed.run("approve", "--all", now=_LATER)

    assert "Er was niets" not in noticed.out
    assert "Deze moet u apart bekijken: 1" in noticed.out
    assert f"maan approve {action[:8]}" in noticed.out


def test_an_action_says_how_to_see_its_letter(noticed: Rehearsal) -> None:
    action = noticed.json("plan", now=_LATER)["actions"][0]["id"]

    noticed.run("actions", "show", action, now=_LATER)

    assert "maan letter preview veertiendagenbrief --debtor 20001" in noticed.out


def test_a_hold_is_not_lifted_by_ticking_off_its_point(pulled: Rehearsal) -> None:
    pulled.run("hold", "add", "--invoice", "F1", "--reason", "dispute", "--until", "2026-11-24")
    hold = pulled.json("hold", "list")["holds"][0]["id"]
    later = "2026-11-25T10:00:00"
    pulled.run("pull", now=later)
    pulled.run("plan", now=later)
    points = pulled.json("attention", now=later)["attention"]
    point = next(one["id"] for one in points if one["code"] == "hold_ended")

    code = pulled.run("task", "done", point, "--outcome", "gezien", now=later)

    assert code == 1
    assert f"maan hold lift {hold}" in pulled.err
    assert [one["id"] for one in pulled.json("hold", "list", now=later)["holds"]] == [hold]


def test_the_attention_list_says_how_a_hold_ends(pulled: Rehearsal) -> None:
    pulled.run("hold", "add", "--invoice", "F1", "--reason", "dispute", "--until", "2026-11-24")
    later = "2026-11-25T10:00:00"
    pulled.run("pull", now=later)
    pulled.run("plan", now=later)

    pulled.run("attention", now=later)

    assert "Is het een pauze, neem dan: maan hold lift" in pulled.out


def test_a_task_is_done_by_the_id_of_its_action_too(pulled: Rehearsal) -> None:
    pulled.run("item", "set", "F1", "--step", "herinnering", "--reason", "gebeld")
    later = "2026-12-08T10:00:00"
    for command in (("pull",), ("plan",), ("approve", "--all"), ("act",)):
        pulled.run(*command, now=later)
    action = pulled.json("actions", now=later)["actions"][0]["id"]

    assert pulled.run("task", "done", action, "--outcome", "betaalt", now=later) == 0
    assert pulled.json("task", "list", now=later)["tasks"] == []


def test_an_action_without_a_task_is_no_task(pulled: Rehearsal) -> None:
    action = pulled.json("plan")["actions"][0]["id"]

    assert pulled.run("task", "done", action, "--outcome", "x") == 1
    assert "maan attention" in pulled.err


def test_status_counts_the_customers_of_unknown_kind(rehearsal: Rehearsal) -> None:
    rehearsal.books(_PERSON.replace(",consumer,", ",,"), BAKER)
    rehearsal.run("pull")

    rehearsal.run("status")

    assert "Van 1 van de 2 relaties met iets open is de soort onbekend" in rehearsal.out


def test_explain_knows_the_kind_of_who_owes_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.books(BAKER.replace("121.00,121.00", "0.00,121.00"), EARLY)
    rehearsal.run("pull")

    story = rehearsal.json("explain", "10023")

    assert (story["kind"], story["track"]) == ("company", None)


def test_explain_says_that_a_due_date_has_passed(pulled: Rehearsal) -> None:
    pulled.run("explain", "F1")

    assert "verviel 30 oktober 2026" in pulled.out


def test_a_step_after_the_term_of_a_letter_has_no_term_itself(pulled: Rehearsal) -> None:
    for command in (("plan",), ("approve", "--all"), ("act",)):
        pulled.run(*command)
    later = "2026-12-08T10:00:00"
    for command in (("pull",), ("plan",), ("approve", "--all"), ("act",)):
        pulled.run(*command, now=later)
    task = pulled.json("task", "list", now=later)["tasks"][0]["id"]
    pulled.run("task", "done", task, "--outcome", "betaalt", now=later)

    pulled.run("item", "show", "F1", now=later)

    assert "op de stap bellen (traject zakelijk) sinds 8 december 2026." in pulled.out


def test_doctor_counts_what_to_note_and_does_not_call_it_all_well(rehearsal: Rehearsal) -> None:
    config = rehearsal.root / "config" / "maan.yaml"
    old = config.read_text(encoding="utf-8").replace("2026-10-01", "2020-10-01")
    config.write_text(old, encoding="utf-8")
    notes = sum(one["verdict"] == "note" for one in rehearsal.json("doctor")["checks"])

    rehearsal.run("doctor")

    assert f"Niets is kapot. Let op: {notes}." in rehearsal.out


def test_doctor_does_not_doubt_a_clock_that_was_set(rehearsal: Rehearsal) -> None:
    found = rehearsal.json("doctor", now="2020-01-06T10:00:00")["checks"]

    assert "clock_behind" not in {check["code"] for check in found}


def test_a_letter_of_a_track_that_is_gone_says_what_to_do(pulled: Rehearsal) -> None:
    for command in (("plan",), ("approve", "--all"), ("act",)):
        pulled.run(*command)
    config = pulled.root / "config" / "policy.yaml"
    pulled.policy(config.read_text(encoding="utf-8").replace("name: zakelijk", "name: firmas"))

    code = pulled.run("letter", "preview", "herinnering", "--debtor", "10023")

    assert code == 1
    assert "traject zakelijk" in pulled.err
    assert "maan item set" in pulled.err


def test_a_reason_names_an_article_as_an_article(rehearsal: Rehearsal) -> None:
    rehearsal.policy(
        "version: 1\nmode: assisted\nguards: {bank_when_unknown: ignore}\n"
        "tracks:\n  - name: allen\n    applies_to: {kind: business}\n"
        "    collection_costs: statutory\n    ladder:\n"
        "      - {step: sommatie, at: due + 3d, do: final_demand, via: email, term: 14d}\n"
        "  - name: rest\n    ladder:\n"
        "      - {step: herinnering, at: due + 3d, do: reminder, via: email}\n"
    )
    rehearsal.run("pull")
    action = rehearsal.json("plan")["actions"][0]["id"]

    rehearsal.run("actions", "show", action)

    assert "(art. 6:96 lid" in " ".join(rehearsal.out.split())


def test_what_a_column_holds_is_said_in_dutch(rehearsal: Rehearsal) -> None:
    rehearsal.run("pull", "--check")

    assert "openstaand (open)" in rehearsal.out
    assert "vervaldatum als yyyy-mm-dd" in " ".join(rehearsal.out.split())


def test_doctor_names_the_files_of_the_books_in_dutch(rehearsal: Rehearsal) -> None:
    rehearsal.run("doctor")

    assert "Gevonden voor debiteuren: receivables.csv." in rehearsal.out


def test_settings_of_a_source_that_fail_are_told_once(rehearsal: Rehearsal) -> None:
    file = rehearsal.root / "config" / "maan.yaml"
    text = file.read_text(encoding="utf-8").replace("adapter: csv", "adapter: exakt")
    file.write_text(text, encoding="utf-8")

    rehearsal.run("doctor")

    assert rehearsal.out.count("exakt") == 1
