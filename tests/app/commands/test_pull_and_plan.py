"""`pull`, `books confirm`, `status` and `plan`: codes, keys and sentences."""

from tests.app.commands.conftest import BAKER, EARLY, Make, Rehearsal

_PULL = {"id", "complete", "receivables", "payables", "parties", "requests", "rejected",
         "warnings", "totals"}  # fmt: skip
_PLAN = {"administration", "on", "policy", "data_from", "actions", "withheld", "attention"}
_ACTION = {"id", "status", "debtor", "track", "step", "kind", "via", "currency", "items",
           "also_open", "credits", "total", "approval", "reasons"}  # fmt: skip


def test_a_pull_tells_per_kind_what_it_did(rehearsal: Rehearsal) -> None:
    told = rehearsal.json("pull")["administrations"][0]

    assert set(told) == _PULL
    assert told["receivables"] == {
        "new": 4, "changed": 0, "closed": 0, "unchanged": 0, "rejected": 0
    }  # fmt: skip
    assert told["totals"] == {"ours": "1515.00", "theirs": None}


def test_a_held_row_ends_with_one_and_says_where(make_rehearsal: Make) -> None:
    rehearsal = make_rehearsal()
    rehearsal.books(BAKER, EARLY.replace("99.00,99.00", "tien,99.00"))

    code = rehearsal.run("pull", "--json")

    assert code == 1
    assert '"receivables.csv:3:open"' in rehearsal.out


def test_an_administration_that_does_not_exist_is_wrong_use(rehearsal: Rehearsal) -> None:
    assert rehearsal.run("pull", "nergens") == 2
    assert "jansen-bv" in rehearsal.err


def test_a_check_stores_nothing(rehearsal: Rehearsal) -> None:
    told = rehearsal.json("pull", "--check")["administrations"][0]

    assert {file["name"] for file in told["files"]} == {"receivables.csv", "payables.csv"}
    assert set(told["files"][0]) == {
        "name", "kind", "dialect", "columns", "ignored_columns", "rows", "totals", "rejected",
        "warnings",
    }  # fmt: skip
    assert rehearsal.json("items")["items"] == []


def test_an_unlikely_share_that_vanishes_waits_for_a_person(pulled: Rehearsal) -> None:
    pulled.books(BAKER)

    assert pulled.run("pull") == 1
    assert "maan pull --accept-closures" in " ".join(pulled.out.split())
    assert pulled.run("pull", "--accept-closures") == 0
    assert len(pulled.json("items", "--receivable")["items"]) == 1


def test_the_bank_is_confirmed_through_a_day_that_has_been(pulled: Rehearsal) -> None:
    assert pulled.run("books", "confirm", "jansen-bv", "--bank-through", "2026-12-24") == 1
    assert pulled.json("books", "confirm", "jansen-bv", "--bank-through", "20-11-2026") == {
        "administration": "jansen-bv", "bank_through": "2026-11-20"
    }  # fmt: skip
    assert pulled.json("status")["administrations"][0]["bank_through"] == "2026-11-20"


def test_a_plan_has_the_keys_of_the_contract(pulled: Rehearsal) -> None:
    plan = pulled.json("plan")

    action = plan["actions"][0]
    assert set(plan) == _PLAN
    assert set(action) == _ACTION
    assert plan["on"] == "2026-11-23"
    assert plan["policy"].startswith("sha256:")
    assert plan["data_from"] == "2026-11-23T09:00:00Z"
    assert (action["status"], action["via"], action["total"], action["approval"]) == (
        "proposed", ["email"], "181.50", "required"
    )  # fmt: skip
    assert action["debtor"] == {"ref": "10023", "name": "Bakkerij De Wit B.V."}
    assert action["items"][0] == {
        "number": "F1", "step": "herinnering", "due": "2026-10-30", "open": "121.00",
        "interest": "0.00", "costs": "0.00", "cycle": 1,
    }  # fmt: skip
    reason = action["reasons"][0]
    assert reason["facts"] == {"anchor": "due + 3d", "reached_on": "2026-11-02"}
    assert reason["text"] == (
        "Deze stap is aan de beurt sinds 2 november 2026 (in het beleid: due + 3d)."
    )


def test_what_is_withheld_says_why(pulled: Rehearsal) -> None:
    withheld = pulled.json("plan")["withheld"]

    assert [(set(one), one["number"], one["code"]) for one in withheld] == [
        ({"debtor", "number", "step", "code", "text"}, "F3", "address_missing")
    ]
    assert "maan party set" in withheld[0]["text"]


def test_a_plan_for_another_day_is_only_shown(pulled: Rehearsal) -> None:
    plan = pulled.json("plan", "--on", "2026-12-18")

    assert len(plan["actions"]) == 2
    assert pulled.json("actions")["actions"] == []


def test_planning_twice_lists_the_same_actions(pulled: Rehearsal) -> None:
    first, second = pulled.json("plan"), pulled.json("plan")

    assert first["actions"] == second["actions"] != []


def test_several_administrations_stand_in_a_list(make_rehearsal: Make) -> None:
    rehearsal = make_rehearsal("een", "twee")
    rehearsal.books(BAKER, name="een")
    rehearsal.books(BAKER, name="twee")
    rehearsal.run("pull")

    several, one = rehearsal.json("plan"), rehearsal.json("plan", "twee")

    assert [entry["administration"] for entry in several["administrations"]] == ["een", "twee"]
    assert one["administration"] == "twee"


def test_a_policy_that_never_held_is_a_configuration_error(rehearsal: Rehearsal) -> None:
    rehearsal.policy("version: 1\ntracks: []\n")

    assert rehearsal.run("plan") == 2


def test_names_are_never_markup(pulled: Rehearsal) -> None:
    pulled.run("items")

    assert "[bold]Vroeg[/bold] B.V." in " ".join(pulled.out.split())


def test_a_plan_ends_with_what_to_do_next(pulled: Rehearsal) -> None:
    pulled.run("plan")

    assert "181,50" in pulled.out
    assert "maan approve --all" in pulled.out


def test_english_is_spoken_when_asked(pulled: Rehearsal) -> None:
    pulled.run("--language", "en", "plan")

    assert "Approve with: maan approve --all" in pulled.out


def test_status_says_what_keeps_everything_in(pulled: Rehearsal) -> None:
    pulled.run("plan")

    fresh = pulled.json("status")["administrations"][0]
    stale = pulled.json("status", now="2026-11-25T10:00:00")["administrations"][0]

    assert (fresh["fresh"], fresh["waiting"]["proposed"], fresh["attention"]) == (True, 1, 1)
    assert (stale["fresh"], stale["reasons"][0]["code"]) == (False, "books_stale")
