"""What a pull remembers of the one before: terms of invoices, dates of exports, files."""

from pathlib import Path

import pytest

from connector.port.adapter import RereadsWhole
from connector.port.records import ItemId
from tests.adapters.csv.folders import MAAN, Pulled, maan, make_adapter, run

OCTOBER, NOVEMBER, DECEMBER = "2026-10-01", "2026-11-01", "2026-12-01"


def pull_terms(
    folder: Path, *rows: str, after: Pulled | None = None, full: bool = False, header: str = MAAN
) -> Pulled:
    (folder / "receivables.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    cursor = None if after is None or after.end is None else after.end.cursor
    return run(
        make_adapter(folder, duplicates="terms", columns={"term": "term"}), cursor, full=full
    )


def three_terms(folder: Path) -> Pulled:
    return pull_terms(folder, *(maan(due=day) for day in (OCTOBER, NOVEMBER, DECEMBER)))


def test_reading_everything_again_costs_nothing(tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path)

    assert isinstance(adapter, RereadsWhole)
    assert adapter.rereads_whole


def test_a_held_row_of_a_later_term_holds_every_term_of_the_invoice(tmp_path: Path) -> None:
    before = three_terms(tmp_path)

    later = pull_terms(tmp_path, maan(due=DECEMBER, open_="abc"), after=before)

    assert later.held == ["R/F1", "R/F1#2", "R/F1#3"]
    assert (later.items, later.receivables.closes) == ([], True)


def test_a_row_that_can_not_be_read_holds_also_the_terms_that_are_paid(tmp_path: Path) -> None:
    before = three_terms(tmp_path)

    later = pull_terms(tmp_path, maan(due=NOVEMBER, open_="abc"), maan(due=DECEMBER), after=before)

    assert later.held == ["R/F1", "R/F1#2", "R/F1#3"]


def test_a_later_term_pasted_twice_holds_every_term(tmp_path: Path) -> None:
    before = three_terms(tmp_path)
    row = maan(due=DECEMBER, open_="abc")

    assert pull_terms(tmp_path, row, row, after=before).held == ["R/F1", "R/F1#2", "R/F1#3"]


def test_rows_that_can_not_be_read_hold_as_many_terms_as_they_are(tmp_path: Path) -> None:
    rows = [maan(due=day, open_="abc") for day in (OCTOBER, NOVEMBER)]

    assert pull_terms(tmp_path, *rows).held == ["R/F1", "R/F1#2"]


def test_another_invoice_is_not_held_with_it(tmp_path: Path) -> None:
    before = three_terms(tmp_path)

    later = pull_terms(tmp_path, maan("F2", open_="abc"), after=before)

    assert later.held == ["R/F2"]


def test_a_term_that_the_file_numbers_holds_itself_alone(tmp_path: Path) -> None:
    rows = [maan(due=NOVEMBER) + ";1", maan(due=DECEMBER, open_="abc") + ";2"]

    pulled = pull_terms(tmp_path, *rows, header=MAAN + ";term")

    assert (pulled.held, [item.id for item in pulled.items]) == (["R/F1#2"], ["R/F1"])


def test_a_file_that_starts_to_number_terms_holds_all_that_were_known(tmp_path: Path) -> None:
    before = three_terms(tmp_path)

    later = pull_terms(
        tmp_path, maan(due=DECEMBER, open_="abc") + ";3", after=before, header=MAAN + ";term"
    )

    assert later.held == ["R/F1", "R/F1#2", "R/F1#3"]


def test_terms_of_a_supplier_are_held_together(tmp_path: Path) -> None:
    path, adapter = tmp_path / "payables.csv", make_adapter(tmp_path, duplicates="terms")
    path.write_text(f"{MAAN}\n{maan(due=OCTOBER)}\n{maan(due=NOVEMBER)}\n", encoding="utf-8")
    before = run(adapter)
    path.write_text(f"{MAAN}\n{maan(due=NOVEMBER, open_='abc')}\n", encoding="utf-8")

    assert before.end is not None
    assert run(adapter, before.end.cursor).held == ["P/10001/F1", "P/10001/F1#2"]


def test_a_full_pull_keeps_the_numbers_of_terms(tmp_path: Path) -> None:
    before = three_terms(tmp_path)

    later = pull_terms(tmp_path, maan(due=DECEMBER), after=before, full=True)

    assert [item.id for item in later.items] == ["R/F1#3"]
    assert later.end is not None
    assert before.end is not None
    assert [item.id for item in run(make_adapter(tmp_path), later.end.cursor).items] == ["R/F1#3"]


def write_export(folder: Path, day: str, *numbers: str, name: str = "receivables.csv") -> None:
    rows = [maan(number) for number in numbers]
    lines = ["Openstaande posten", f"Peildatum: {day}", MAAN, *rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def pull_export(folder: Path, after: Pulled | None = None, *, full: bool = False) -> Pulled:
    cursor = None if after is None or after.end is None else after.end.cursor
    return run(make_adapter(folder), cursor, full=full)


@pytest.mark.parametrize("full", [False, True])
def test_an_older_export_is_refused_also_when_all_is_read_again(full: bool, tmp_path: Path) -> None:
    write_export(tmp_path, "20-11-2026", "F1")
    newer = pull_export(tmp_path)
    write_export(tmp_path, "13-11-2026", "F1", "F2")

    older = pull_export(tmp_path, newer, full=full)

    assert older.faults == [("receivables.csv:0", "file.older_than_last")]
    assert (older.items, older.doubts, older.receivables.complete) == ([], [], False)


def test_a_full_pull_may_go_back_to_a_file_that_was_read_before(tmp_path: Path) -> None:
    write_export(tmp_path, "13-11-2026", "F1", name="receivables-46.csv")
    first = pull_export(tmp_path)
    write_export(tmp_path, "20-11-2026", "F1", name="receivables-47.csv")
    (tmp_path / "receivables-46.csv").unlink()
    second = pull_export(tmp_path, first)
    write_export(tmp_path, "13-11-2026", "F1", name="receivables-46.csv")

    plain, full = pull_export(tmp_path, second), pull_export(tmp_path, second, full=True)

    assert [reason for _, reason in plain.faults] == ["file.older_than_last"] * 2
    assert (full.faults, full.receivables.complete) == ([], True)


def test_a_full_pull_reads_the_same_export_again(tmp_path: Path) -> None:
    write_export(tmp_path, "20-11-2026", "F1")
    first = pull_export(tmp_path)

    again = pull_export(tmp_path, first, full=True)

    assert (again.faults, again.items, again.ends) == ([], first.items, first.ends)


def test_refresh_believes_no_older_export_either(tmp_path: Path) -> None:
    write_export(tmp_path, "20-11-2026", "F1")
    adapter = make_adapter(tmp_path)
    run(adapter)
    write_export(tmp_path, "13-11-2026", "F1")

    found = adapter.refresh([ItemId("R/F1")])

    assert (found.items, found.gone, found.unreadable) == ((), (), ("R/F1",))


def test_refresh_goes_back_to_no_file_that_was_read_before(tmp_path: Path) -> None:
    write_export(tmp_path, "13-11-2026", "F1", name="receivables-46.csv")
    first = pull_export(tmp_path)
    write_export(tmp_path, "20-11-2026", "F1", name="receivables-47.csv")
    (tmp_path / "receivables-46.csv").unlink()
    adapter = make_adapter(tmp_path)
    assert first.end is not None
    run(adapter, first.end.cursor)
    (tmp_path / "receivables-47.csv").unlink()
    write_export(tmp_path, "13-11-2026", "F1", name="receivables-46.csv")

    assert adapter.refresh([ItemId("R/F1")]).unreadable == ("R/F1",)
