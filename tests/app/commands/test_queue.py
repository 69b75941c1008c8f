"""`actions`, `approve`, `reject`, `act`, `attention`, `task`, `explain`: nobody is ever stuck."""

import pytest

from connector.app.messages import Messages
from connector.core.law.stops import stop_effect
from connector.core.snapshot import HoldReason
from tests.app.commands.conftest import BAKER, EARLY, Make, Rehearsal

_ACT = {"delivered", "failed", "uncertain", "withdrawn", "waiting"}


def _planned(pulled: Rehearsal) -> str:
    return str(pulled.json("plan")["actions"][0]["id"])


def test_what_is_approved_goes_out_once(pulled: Rehearsal) -> None:
    action = _planned(pulled)

    approved = pulled.json("approve", action[:4])
    acted = pulled.json("act")
    again = pulled.json("act")

    assert approved == {"approved": [action], "left": []}
    assert set(acted) == _ACT
    sent = acted["delivered"][0]
    assert set(sent) == {"id", "step", "items", "via", "document", "notice"}
    assert sent["items"] == [
        {"number": "F1", "step": "herinnering"}, {"number": "F2", "step": "herinnering"}
    ]  # fmt: skip
    assert len(sent["document"]) == 64
    assert again["delivered"] == []
    assert len(list((pulled.root / "outbox" / "email").glob("*.eml"))) == 1


def test_approving_all_with_nothing_to_approve_is_well(pulled: Rehearsal) -> None:
    assert pulled.run("approve", "--all") == 0


def test_approving_needs_ids_or_all(pulled: Rehearsal) -> None:
    assert pulled.run("approve") == 1
    assert "--all" in pulled.err


def test_what_waits_no_more_is_left_with_the_reason(pulled: Rehearsal) -> None:
    action = _planned(pulled)
    pulled.run("approve", "--all")

    code = pulled.run("approve", action, "--json")

    assert code == 1
    assert '"not_waiting"' in pulled.out
    assert "goedgekeurd" in pulled.out


def test_a_rejected_action_goes_to_the_attention_list_and_can_come_back(pulled: Rehearsal) -> None:
    action = _planned(pulled)

    pulled.run("reject", action, "--reason", "klant belde")
    told = pulled.json("plan")

    assert told["actions"] == []
    assert {point["code"] for point in told["attention"]} >= {"rejected"}
    assert pulled.run("actions", "retry", action) == 0
    assert pulled.json("actions", "--status", "proposed")["actions"][0]["id"] == action


def test_nothing_leaves_outside_hours_and_the_queue_says_so(pulled: Rehearsal) -> None:
    _planned(pulled)
    pulled.run("approve", "--all")

    waiting = pulled.json("act", now="2026-11-23T08:00:00")["waiting"]

    assert (waiting[0]["code"], waiting[0]["text"]) == (
        "outside_hours",
        "Buiten de tijden van het beleid (09:00-17:00) gaat er niets uit.",
    )


def test_a_dry_run_sends_nothing(pulled: Rehearsal) -> None:
    _planned(pulled)
    pulled.run("approve", "--all")

    assert pulled.json("act", "--dry-run")["waiting"][0]["code"] == "would_leave"
    assert not (pulled.root / "outbox" / "email").exists()


def test_what_was_paid_meanwhile_is_withdrawn(pulled: Rehearsal) -> None:
    action = _planned(pulled)
    pulled.run("approve", "--all")
    pulled.books(
        BAKER.replace("121.00,121.00", "0.00,121.00"),
        BAKER.replace("F1", "F2").replace("121.00,121.00", "0.00,60.50"),
        EARLY,
    )

    withdrawn = pulled.json("act")["withdrawn"]

    assert [(one["id"], one["code"]) for one in withdrawn] == [(action, "paid")]
    assert withdrawn[0]["text"] == "Ingetrokken: er is betaald."


def test_a_message_that_came_back_goes_by_post(pulled: Rehearsal) -> None:
    action = _planned(pulled)
    pulled.run("approve", "--all")
    pulled.run("act")

    assert pulled.run("actions", "undelivered", action) == 0
    assert pulled.json("plan")["actions"][0]["via"] == ["post"]
    assert pulled.json("party", "show", "10023")["email_bounced"] is True


def test_a_call_is_a_task_until_its_outcome_is_written(pulled: Rehearsal) -> None:
    pulled.run("item", "set", "F1", "--step", "herinnering", "--reason", "gebeld")
    later = "2026-12-08T10:00:00"
    pulled.run("pull", now=later)
    pulled.run("plan", now=later)
    pulled.run("approve", "--all", now=later)
    waiting = pulled.json("act", now=later)["waiting"]
    tasks = pulled.json("task", "list", now=later)["tasks"]

    assert waiting[0]["code"] == "task_open"
    assert tasks[0]["text"].startswith("Bel Bakkerij De Wit B.V. over F1 (€")
    assert pulled.run("task", "done", tasks[0]["id"], "--outcome", "betaalt", now=later) == 0
    assert pulled.json("item", "show", "F1", now=later)["position"]["step"] == "bellen"


def test_a_task_that_does_not_exist_says_where_to_look(pulled: Rehearsal) -> None:
    assert pulled.run("task", "done", "ffff", "--outcome", "x") == 1
    assert "maan attention" in pulled.err


def test_the_attention_list_shows_what_keeps_the_books_back(pulled: Rehearsal) -> None:
    pulled.run("plan")

    points = pulled.json("attention", now="2026-11-25T10:00:00")["attention"]

    assert [point["code"] for point in points] == ["books_stale", "address_missing"]


def test_explain_tells_what_is_proposed_and_what_it_waits_for(pulled: Rehearsal) -> None:
    action = _planned(pulled)

    story = pulled.json("explain", "F1")

    told = story["invoices"][0]
    assert told["action"]["id"] == action
    assert told["next"] == {
        "step": "herinnering", "kind": "reminder", "on": "2026-11-02", "reached": True
    }  # fmt: skip
    assert told["sentences"][-1] == f"Zij wacht op uw goedkeuring: maan approve {action[:8]}."


def test_explain_tells_why_nothing_happens(pulled: Rehearsal) -> None:
    early = pulled.json("explain", "F4")["invoices"][0]
    hidden = pulled.json("explain", "10025")["invoices"][0]

    assert "Tot dan gebeurt er niets." in early["sentences"][1]
    assert hidden["reasons"][0]["code"] == "address_missing"


def test_explain_after_a_message_names_the_day_it_waits_for(pulled: Rehearsal) -> None:
    pulled.run("plan")
    pulled.run("approve", "--all")
    pulled.run("act")
    pulled.run("item", "set", "F1", "--due", "2026-10-01", "--reason", "fout")

    assert pulled.run("explain", "F1") == 0
    assert "sinds 23 november 2026" in pulled.out.replace("\n", " ")


def test_explain_knows_what_we_owe_ourselves(pulled: Rehearsal) -> None:
    pulled.run("explain", "INK-1")

    assert "die u zelf moet betalen" in pulled.out


def test_explain_of_nothing_known_says_so(pulled: Rehearsal) -> None:
    assert pulled.run("explain", "bestaat-niet") == 1
    assert "bestaat-niet" in pulled.err


def test_a_number_in_two_administrations_names_them(make_rehearsal: Make) -> None:
    rehearsal = make_rehearsal("een", "twee")
    rehearsal.books(BAKER, name="een")
    rehearsal.books(BAKER, name="twee")
    rehearsal.run("pull")

    assert rehearsal.run("item", "show", "F1") == 1
    assert "een, twee" in rehearsal.err
    assert rehearsal.run("item", "show", "F1", "--administration", "twee") == 0


@pytest.mark.parametrize("reason", HoldReason)
def test_explain_tells_what_a_hold_stops_and_what_follows(
    pulled: Rehearsal, reason: HoldReason
) -> None:
    pulled.run("hold", "add", "--invoice", "F1", "--reason", reason, "--until", "2026-12-31")
    told = pulled.json("explain", "F1")["invoices"][0]

    effect = stop_effect(reason)
    shown = told["holds"][0]["effect"]
    assert (shown["interest"], shown["article"]) == (effect.interest.value, effect.article)
    assert Messages("nl").sentence(f"stop_{reason.value}") in told["sentences"]
