"""`maan report limitation` and `vat-relief`: what the law says of the open items."""

import csv
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from tests.app.commands.conftest import Make, Rehearsal

HEAD = (
    "party_ref,party_name,number,issued,due,currency,open,total,vat,document,party_kind,email,basis"
)
SIDE = "{},De Wit,{},{},{},EUR,{},121.00,21.00,invoice,{},w@example.org,{}"


def row(
    number: str, due: str, amount: str = "121.00", kind: str = "company", basis: str = ""
) -> str:
    ref = "10024" if kind == "consumer" else "10023"
    return SIDE.format(ref, number, due, due, amount, kind, basis)


def books(made: Rehearsal, *rows: str, payables: tuple[str, ...] = ()) -> None:
    folder = made.root / "books" / "jansen-bv"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "receivables.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    if payables:
        (folder / "payables.csv").write_text("\n".join([HEAD, *payables, ""]), encoding="utf-8")


@pytest.fixture
def made(make_rehearsal: Make) -> Rehearsal:
    return make_rehearsal()


def test_barred_claims_stand_first(made: Rehearsal) -> None:
    books(
        made,
        row("Z1", "2026-11-01"),
        row("K1", "2024-11-01", kind="consumer"),
        row("B1", "2021-12-01"),
        row("D1", "2022-01-10", kind="consumer", basis="services"),
    )
    made.run("pull")

    claims = made.json("report", "limitation")["claims"]

    assert [(c["number"], c["last_day"], c["barred"], c["warning"]) for c in claims] == [
        ("K1", "2026-11-01", True, None),  # 7:28 BW: the basis is not known
        ("B1", "2026-12-01", False, 30),
        ("D1", "2027-01-10", False, 60),
        ("Z1", "2031-11-01", False, None),
    ]
    assert [c["days_left"] for c in claims][:2] == [-22, 8]
    assert claims[0]["at_the_latest"] == "2029-11-01"


def test_a_person_s_word_on_the_kind_counts(made: Rehearsal) -> None:
    books(made, row("K1", "2024-11-01", kind=""))
    made.run("pull")
    made.run("party", "set", "10023", "--kind", "consumer")

    assert made.json("report", "limitation")["claims"][0]["article"] == "art. 7:28 BW"


def test_a_demand_that_arrived_starts_a_new_term(made: Rehearsal) -> None:
    books(made, row("F1", "2026-11-02"))
    made.run("pull")
    made.run("plan")
    made.run("approve", "--all")
    made.run("act")

    claim = made.json("report", "limitation")["claims"][0]

    assert claim["last_interruption"] == {"kind": "demand", "on": "2026-11-23"}
    assert claim["last_day"] == "2031-11-23"


def test_a_payment_on_account_starts_a_new_term(made: Rehearsal) -> None:
    books(made, row("F1", "2026-11-01"))
    made.run("pull")
    books(made, row("F1", "2026-11-01", "100.00"))
    made.run("pull", now="2026-11-24T10:00:00")

    claim = made.json("report", "limitation", now="2026-11-25T10:00:00")["claims"][0]

    assert claim["last_interruption"] == {"kind": "payment", "on": "2026-11-24"}


def test_the_page_says_what_is_near(made: Rehearsal) -> None:
    books(made, row("K1", "2024-11-01", kind="consumer"), row("B1", "2021-12-01"))
    made.run("pull")

    assert made.run("report", "limitation") == 0
    assert "VERJAARD" in made.out
    assert "Binnen 30 dagen verjaard: 1." in made.out
    assert "art. 7:28 BW" in made.out


def test_an_invoice_without_a_due_date_stands_last_and_is_counted(made: Rehearsal) -> None:
    books(made, row("B1", "2021-12-01"), row("ZZ", "2026-10-01"))
    made.run("pull")
    with sqlite3.connect(made.root / "data" / "maan.db") as store:
        store.execute("UPDATE item SET due = NULL WHERE number = 'ZZ'")  # Moneybird knows some
    store.close()

    claims = made.json("report", "limitation")["claims"]
    made.run("report", "limitation")

    assert [(c["number"], c["last_day"]) for c in claims][1:] == [("ZZ", None)]
    assert "Zonder vervaldatum: 1." in made.out


def test_nothing_open_says_so(made: Rehearsal) -> None:
    assert made.run("report", "limitation") == 0
    assert made.out.strip() == "Er staan geen facturen open."


def test_a_report_can_be_a_file(made: Rehearsal, tmp_path: Path) -> None:
    books(made, row("B1", "2021-12-01"))
    made.run("pull")
    files = tmp_path / "l.csv", tmp_path / "l.xlsx"

    code = made.run("report", "limitation", "--csv", str(files[0]), "--xlsx", str(files[1]))

    with files[0].open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    sheet = openpyxl.load_workbook(files[1]).active
    assert sheet is not None
    assert code == 0
    assert (table[1][1], table[1][8]) == ("B1", "01-12-2026")
    assert sheet["B2"].value == "B1"
    assert made.out.count("Geschreven") == 2


def test_a_dash_puts_the_csv_on_the_screen(made: Rehearsal) -> None:
    books(made, row("B1", "2025-11-10"))
    made.run("pull")

    made.run("report", "vat-relief", "--csv", "-")
    relief = made.out.splitlines()
    made.run("report", "limitation", "--csv", "-")

    assert [line.split(";")[2] for line in relief] == ['"nummer"', '"B1"']
    assert len(made.out.splitlines()) == 2


def test_what_passes_the_year_in_the_period_is_asked_back(made: Rehearsal) -> None:
    books(
        made,
        row("F1", "2025-11-10", "60.50"),
        row("F2", "2025-09-30"),
        row("F3", "2026-01-01"),
        payables=(row("INK", "2025-12-31"),),
    )
    made.run("pull")

    found = made.json("report", "vat-relief", "--period", "2026-Q4")

    assert found["period"] == {"name": "2026-Q4", "from": "2026-10-01", "to": "2026-12-31"}
    (one,) = found["administrations"]
    assert [(x["kind"], x["number"], x["base"], x["vat"]) for x in one["lines"]] == [
        ("ask_back", "F1", "60.50", "10.50"),
        ("pay_back", "INK", "121.00", "21.00"),
    ]
    assert one["totals"] == [
        {"kind": "ask_back", "currency": "EUR", "vat": "10.50"},
        {"kind": "pay_back", "currency": "EUR", "vat": "21.00"},
    ]


@pytest.mark.parametrize(
    ("period", "numbers"),
    [("2026-11", ["F1"]), ("2026-10", []), ("2026", ["F2", "F1"]), ("2026-k3", ["F2"])],
)
def test_a_return_may_be_of_a_month_a_quarter_or_a_year(
    made: Rehearsal, period: str, numbers: list[str]
) -> None:
    books(made, row("F1", "2025-11-10"), row("F2", "2025-09-30"))
    made.run("pull")

    (one,) = made.json("report", "vat-relief", "--period", period)["administrations"]

    assert [line["number"] for line in one["lines"]] == numbers


@pytest.mark.parametrize("period", ["2026-Q5", "2026-13", "26", "Q4", "2026-1"])
def test_another_period_is_wrong_use(made: Rehearsal, period: str) -> None:
    assert made.run("report", "vat-relief", "--period", period) == 2
    assert "2026-Q4" in made.err


def test_vat_is_due_again_when_the_customer_pays_later(made: Rehearsal) -> None:
    books(made, row("F1", "2025-09-10"))
    made.run("pull")
    books(made, row("F1", "2025-09-10", "21.00"))
    made.run("pull", now="2026-11-24T10:00:00")

    (one,) = made.json("report", "vat-relief", now="2026-11-25T10:00:00")["administrations"]
    made.run("report", "vat-relief", now="2026-11-25T10:00:00")

    assert [(x["kind"], x["base"], x["vat"]) for x in one["lines"]] == [
        ("due_again", "100.00", "17.36")
    ]
    assert "Opnieuw verschuldigd" in made.out
    assert "kasstelsel" in made.out


def test_an_invoice_that_vanished_is_asked_about(made: Rehearsal) -> None:
    books(made, row("F1", "2025-09-10"), row("F2", "2026-11-10"), row("F3", "2026-11-10"))
    made.run("pull")
    books(made, row("F2", "2026-11-10"), row("F3", "2026-11-10"))
    made.run("pull", "--accept-closures", now="2026-11-24T10:00:00")

    (one,) = made.json("report", "vat-relief", now="2026-11-25T10:00:00")["administrations"]
    made.run("report", "vat-relief", now="2026-11-25T10:00:00")

    assert (one["lines"], [x["number"] for x in one["unclear"]]) == ([], ["F1"])
    assert "verdwenen op 24 november 2026" in made.out


def test_who_deducts_no_vat_asks_none_back(made: Rehearsal) -> None:
    config = made.root / "config" / "maan.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("iban: NL91", "vat_deduction: none, iban: NL91"), encoding="utf-8"
    )
    books(made, row("F1", "2025-11-10"))
    made.run("pull")

    (one,) = made.json("report", "vat-relief")["administrations"]
    made.run("report", "vat-relief")

    assert (one["exempt"], one["lines"]) == (True, [])
    assert "geen btw" in made.out


def test_a_return_without_lines_says_so(made: Rehearsal) -> None:
    assert made.run("report", "vat-relief", "--language", "en") == 0
    assert "Nothing for this return." in made.out
