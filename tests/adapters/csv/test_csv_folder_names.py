"""Which names of files maan knows, and what it says of a folder in which it knows none."""

from pathlib import Path

import pytest

from connector.port.records import ItemId, Kind
from tests.adapters.csv.folders import MAAN, FakeTools, Pulled, maan, make_adapter, run

NOTHING = "folder.nothing_found"
OTHER = "folder.other_file"


def write(folder: Path, name: str, *rows: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([MAAN, *rows]) + "\n", encoding="utf-8")


def pull_books(root: Path, *names: str) -> Pulled:
    (root / "books").mkdir()
    for name in names:
        write(root / "books", name, maan())
    return run(make_adapter(root, folder="books", tools=FakeTools(root)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("receivables.csv", Kind.RECEIVABLES),
        ("debiteuren.csv", Kind.RECEIVABLES),
        ("Debiteuren 2026-11.csv", Kind.RECEIVABLES),
        ("payables.csv", Kind.PAYABLES),
        ("crediteuren-openstaand.csv", Kind.PAYABLES),
        ("parties.csv", Kind.PARTIES),
        ("RELATIES.CSV", Kind.PARTIES),
    ],
)
def test_a_file_may_have_a_dutch_or_an_english_name(name: str, kind: Kind, tmp_path: Path) -> None:
    pulled = pull_books(tmp_path, name)

    assert [end.kind for end in pulled.ends.values() if end.delivered] == [kind]
    assert (pulled.faults, pulled.doubts) == ([], [])


def test_dutch_and_english_names_stand_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, "debiteuren.csv", maan("F1"))
    write(tmp_path, "receivables.csv", maan("F2"))

    assert [item.number for item in run(make_adapter(tmp_path)).items] == ["F1", "F2"]


def test_a_folder_without_any_export_is_no_complete_pull(tmp_path: Path) -> None:
    pulled = pull_books(tmp_path)

    (told,) = pulled.rejected
    assert (told.where, told.reason) == ("books:0", NOTHING)
    assert told.facts["folder"] == str(tmp_path / "books")
    assert "debiteuren.csv" in told.facts["expected"]
    assert told.facts["names"] == "-"
    end = pulled.receivables
    assert (end.delivered, end.complete) == (False, False)
    assert pulled.end is not None


def test_a_folder_with_other_names_only_says_which_stood_there(tmp_path: Path) -> None:
    names = ["klanten.csv", "leveranciers.xlsx", "openstaand.csv", "zes.csv"]

    pulled = pull_books(tmp_path, *names, "notities.txt")

    (told,) = pulled.rejected
    assert told.facts["names"] == "klanten.csv, leveranciers.xlsx, openstaand.csv"
    assert [(w.where, w.reason) for w in pulled.warnings] == [(f"{n}:0", OTHER) for n in names]
    assert not pulled.receivables.complete


def test_payables_alone_are_a_folder_with_something_in_it(tmp_path: Path) -> None:
    pulled = pull_books(tmp_path, "crediteuren.csv")

    assert pulled.faults == []
    assert (pulled.receivables.delivered, pulled.receivables.complete) == (False, True)


def test_at_most_ten_other_files_are_named_and_no_leftovers_of_excel(tmp_path: Path) -> None:
    others = [f"blad{n:02}.csv" for n in range(12)]

    pulled = pull_books(tmp_path, "debiteuren.csv", "~$debiteuren.xlsx", ".oud.csv", *others)

    assert [w.where for w in pulled.warnings] == [f"{name}:0" for name in others[:10]]
    assert pulled.receivables.complete


def test_a_look_at_the_folder_shows_what_a_pull_would_say(tmp_path: Path) -> None:
    pulled = pull_books(tmp_path, "klanten.csv")

    (shown,) = make_adapter(tmp_path, folder="books").inspect()

    assert (shown.name, shown.kind, shown.rows) == ("books", "folder", 0)
    assert (list(shown.rejected), list(shown.warnings)) == (pulled.rejected, pulled.warnings)


def test_a_look_says_nothing_of_a_folder_with_just_our_files(tmp_path: Path) -> None:
    write(tmp_path, "debiteuren.csv", maan())

    assert [file.name for file in make_adapter(tmp_path).inspect()] == ["debiteuren.csv"]


def test_diagnose_tells_an_unknown_name_from_an_absent_kind(tmp_path: Path) -> None:
    write(tmp_path, "klanten.csv", maan())
    nothing = make_adapter(tmp_path).diagnose()
    write(tmp_path, "crediteuren.csv", maan())
    no_receivables = make_adapter(tmp_path).diagnose()

    assert [(line.ok, line.code) for line in nothing] == [(False, NOTHING), (True, OTHER)]
    assert [(line.ok, line.code) for line in no_receivables] == [
        (False, "csv.no_receivables"),
        (True, "csv.files"),
        (True, OTHER),
    ]


def test_an_emptied_folder_makes_no_item_gone(tmp_path: Path) -> None:
    found = make_adapter(tmp_path).refresh([ItemId("R/F1")])

    assert (found.gone, found.unreadable) == ((), ("R/F1",))
    assert [told.reason for told in found.rejected] == [NOTHING]


def test_our_own_columns_are_recognised_without_being_told(tmp_path: Path) -> None:
    text = "party_ref;party_name;number;issued;due;currency;open\n1;A;F1;2026-10-01;2026-10-31;EUR;5.00\n"
    (tmp_path / "receivables.csv").write_text(text, encoding="utf-8")

    pulled = run(make_adapter(tmp_path, layout="auto"))

    assert [item.number for item in pulled.items] == ["F1"]
