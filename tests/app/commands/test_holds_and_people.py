"""`hold`, `item set`, `party`, `items`: what a person says about the books."""

from pathlib import Path

import openpyxl
import pytest

from tests.app.commands.conftest import BAKER, Rehearsal


def test_a_hold_keeps_an_invoice_back(pulled: Rehearsal) -> None:
    hold = pulled.json("hold", "add", "--invoice", "F1", "--reason", "dispute",
                       "--until", "2026-12-10", "--note", "belde boos")  # fmt: skip
    plan = pulled.json("plan")

    assert set(hold) == {"id", "invoice", "debtor", "reason", "until", "amount", "owner"}
    assert (hold["invoice"], hold["debtor"], hold["amount"]) == ("F1", "10023", None)
    assert pulled.json("hold", "list") == {"holds": [hold]}
    assert [item["number"] for item in plan["actions"][0]["items"]] == ["F2"]
    assert "betwisting" in next(w["text"] for w in plan["withheld"] if w["number"] == "F1")


def test_a_lifted_hold_lets_go(pulled: Rehearsal) -> None:
    hold = pulled.json("hold", "add", "--debtor", "10023", "--reason", "manual",
                       "--until", "2026-12-10")  # fmt: skip

    assert hold["invoice"] is None
    assert pulled.json("plan")["actions"] == []
    assert pulled.run("hold", "lift", hold["id"][:5], "--outcome", "klaar") == 0
    assert len(pulled.json("plan")["actions"]) == 1
    assert pulled.json("hold", "list")["holds"] == []


def test_a_partial_dispute_lets_the_rest_go_on(pulled: Rehearsal) -> None:
    pulled.run("hold", "add", "--invoice", "F1", "--reason", "dispute", "--until", "2026-12-10",
               "--amount", "21,00")  # fmt: skip

    assert pulled.json("plan")["actions"][0]["total"] == "160.50"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--invoice", "F1", "--until", "2026-11-23"], "ligt niet in de toekomst"),
        (["--invoice", "F1", "--until", "2026-12-10", "--amount", "500"], "€ 121,00"),
        (["--invoice", "F1", "--until", "2026-12-10", "--amount", "-1"], "€ 121,00"),
        (["--invoice", "F1", "--until", "2026-12-10", "--amount", "1.000,00"], "geen bedrag"),
        (["--invoice", "F1", "--until", "2026-12-10", "--amount", "NaN"], "geen bedrag"),
        (["--debtor", "10023", "--until", "2026-12-10", "--amount", "5"], "--invoice"),
        (["--until", "2026-12-10"], "--debtor"),
        (["--invoice", "F99", "--until", "2026-12-10"], "F99"),
        (["--invoice", "INK-1", "--until", "2026-12-10"], "geen openstaande factuur"),
    ],
)
def test_a_hold_that_can_not_be_is_refused(pulled: Rehearsal, words: list[str], found: str) -> None:
    assert pulled.run("hold", "add", "--reason", "dispute", *words) == 1
    assert found in pulled.err.replace("\xa0", " ")
    assert pulled.json("hold", "list")["holds"] == []


def test_an_unknown_reason_is_wrong_use(pulled: Rehearsal) -> None:
    words = ("--invoice", "F1", "--until", "2026-12-10", "--reason", "zomaar")

    assert pulled.run("hold", "add", *words) == 2


def test_after_two_broken_promises_there_is_no_third(pulled: Rehearsal) -> None:
    def promise(until: str, now: str) -> int:
        words = ("hold", "add", "--invoice", "F1", "--reason", "promise", "--until", until)
        return pulled.run(*words, now=now)

    first = promise("2026-11-25", "2026-11-23T10:00:00")
    second = promise("2026-12-07", "2026-12-03T10:00:00")
    third = promise("2026-12-21", "2026-12-15T10:00:00")

    assert (first, second, third) == (0, 0, 1)
    assert "2 toezeggingen" in pulled.err


def test_a_kept_promise_wipes_the_slate(pulled: Rehearsal) -> None:
    for until, now in (("2026-11-25", "2026-11-23"), ("2026-12-07", "2026-12-03")):
        pulled.run("hold", "add", "--debtor", "10023", "--reason", "promise", "--until", until,
                   now=f"{now}T10:00:00")  # fmt: skip
    held = pulled.json("hold", "list")["holds"][-1]["id"]
    pulled.run("hold", "lift", held, "--outcome", "kept", now="2026-12-06T10:00:00")

    words = ("hold", "add", "--debtor", "10023", "--reason", "promise", "--until", "2026-12-21")
    assert pulled.run(*words, now="2026-12-15T10:00:00") == 0


def test_only_a_dispute_is_answered(pulled: Rehearsal) -> None:
    manual = pulled.json("hold", "add", "--invoice", "F1", "--reason", "manual",
                         "--until", "2026-12-10")["id"]  # fmt: skip
    dispute = pulled.json("hold", "add", "--invoice", "F2", "--reason", "dispute",
                          "--until", "2026-12-10")["id"]  # fmt: skip

    assert pulled.run("hold", "answer", manual) == 1
    assert pulled.json("hold", "answer", dispute)["answered_on"] == "2026-11-23"
    assert pulled.run("hold", "answer", dispute, "--on", "2026-12-01") == 1


def test_a_corrected_address_survives_the_next_pull(pulled: Rehearsal) -> None:
    pulled.run("party", "set", "10025", "--email", "post@zonder.example", "--language", "en")
    pulled.run("pull")

    party = pulled.json("party", "show", "10025")

    assert (party["email"], party["language"]) == ("post@zonder.example", "en")
    assert party["sources"]["email"] == "person"
    assert len(pulled.json("plan")["actions"]) == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--email", "geen-adres"), ("--kvk", "123"), ("--vat-id", "NL1"), ("--country", "Holland"),
        ("--phone", "bel maar"), ("--language", "nederlands"), ("--name", "x" * 201),
    ],
)  # fmt: skip
def test_a_value_that_can_not_be_is_refused(pulled: Rehearsal, option: str, value: str) -> None:
    assert pulled.run("party", "set", "10025", option, value) == 1
    assert pulled.json("party", "show", "10025")["corrections"] == []


def test_a_party_is_exported_whole(pulled: Rehearsal) -> None:
    pulled.run("party", "export", "10023")
    plain = pulled.out
    told = pulled.json("party", "export", "10023")

    assert plain == pulled.out
    assert set(told) == {
        "administration", "party", "items", "holds", "actions", "deliveries", "tasks", "journal"
    }  # fmt: skip


def test_an_item_is_put_on_a_step_with_a_reason(pulled: Rehearsal) -> None:
    pulled.run("item", "set", "F1", "--step", "sommatie", "--reason", "brief van vorig jaar")

    item = pulled.json("item", "show", "F1")

    assert item["position"]["step"] == "sommatie"
    assert item["history"][-1]["reason"] == "brief van vorig jaar"


def test_an_item_begins_anew_once_per_due_date(pulled: Rehearsal) -> None:
    pulled.run("item", "set", "F1", "--step", "sommatie", "--reason", "vergissing")

    first = pulled.json("item", "set", "F1", "--step", "-", "--reason", "toch niet")
    second = pulled.run("item", "set", "F1", "--step", "-", "--reason", "toch niet")

    assert (first["position"], first["cycle"]) == (None, 3)
    assert second == 1
    assert "--due" in pulled.err


def test_an_unknown_step_names_those_there_are(pulled: Rehearsal) -> None:
    assert pulled.run("item", "set", "F1", "--step", "dreigen", "--reason", "x") == 1
    assert "herinnering, bellen, sommatie, incasso" in pulled.err


def test_items_have_the_keys_of_the_contract(pulled: Rehearsal) -> None:
    items = pulled.json("items", "--receivable")["items"]

    assert items[0] == {
        "number": "F1", "debtor": {"ref": "10023", "name": "Bakkerij De Wit B.V."},
        "document": "invoice", "issued": "2026-09-30", "due": "2026-10-30", "currency": "EUR",
        "total": "121.00", "open": "121.00", "state": "open",
    }  # fmt: skip
    assert [item["number"] for item in items] == ["F1", "F2", "F3", "F4"]


def test_items_can_be_narrowed(pulled: Rehearsal) -> None:
    def numbers(*words: str) -> list[str]:
        return [item["number"] for item in pulled.json("items", *words)["items"]]

    assert numbers("--payable") == ["INK-1"]
    assert numbers("--receivable", "--overdue") == ["F1", "F2", "F3"]
    assert numbers("--debtor", "wit") == ["F1", "F2"]


def test_a_sheet_is_safe_for_a_spreadsheet(rehearsal: Rehearsal, tmp_path: Path) -> None:
    rehearsal.books(BAKER.replace("Bakkerij De Wit B.V.", "=HYPERLINK(1)"))
    rehearsal.run("pull")
    csv, xlsx = tmp_path / "lijst.csv", tmp_path / "lijst.xlsx"

    assert rehearsal.run("items", "--csv", str(csv), "--xlsx", str(xlsx)) == 0

    content = csv.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert ';"\'=HYPERLINK(1)";' in content.decode("utf-8-sig")
    assert ';"121,00";' in content.decode("utf-8-sig")
    sheet = openpyxl.load_workbook(xlsx).active
    assert sheet is not None
    name = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)")
    assert name.data_type == "s"


def test_a_list_goes_to_stdout_as_csv(pulled: Rehearsal) -> None:
    pulled.run("items", "--payable", "--csv", "-")

    assert pulled.out.splitlines()[1].startswith('"jansen-bv";"payable";"INK-1"')
