"""Workbooks as people and packages make them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.adapters.csv.folders import Pulled, make_adapter, run

HEADER: list[object] = [
    "Debiteurnummer",
    "Debiteurnaam",
    "Factuurnummer",
    "Factuurdatum",
    "Vervaldatum",
    "Openstaand",
]
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def make_book(rows: Iterable[Sequence[Any]], formats: dict[str, str] | None = None) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    return book


def pull_book(folder: Path, book: Workbook, name: str = "receivables.xlsx") -> Pulled:
    stream = BytesIO()
    book.save(stream)
    (folder / name).write_bytes(stream.getvalue())
    return run(make_adapter(folder, layout="auto"))


def row(number: object = "F1", open_: object = 10, **more: object) -> list[object]:
    return [more.get("ref", 10001), "De Wit", number, SEPTEMBER, more.get("due", OCTOBER), open_]


def test_numbers_and_dates_are_read_as_they_are(tmp_path: Path) -> None:
    rows = [HEADER, row(20260102, 1234.5), row("0012", 0.1 + 0.2), row(7.0, Decimal("1210.00"))]

    pulled = pull_book(tmp_path, make_book(rows))

    assert [item.number for item in pulled.items] == ["20260102", "0012", "7"]
    assert [str(item.open) for item in pulled.items] == ["1234.50", "0.30", "1210.00"]
    assert {item.due for item in pulled.items} == {OCTOBER}


def test_leading_zeros_that_only_the_format_shows_are_kept(tmp_path: Path) -> None:
    pulled = pull_book(tmp_path, make_book([HEADER, row(ref=123)], {"A2": "000000"}))

    assert pulled.item.party == "000123"


def test_three_decimals_in_a_number_cell_are_no_thousands(tmp_path: Path) -> None:
    pulled = pull_book(tmp_path, make_book([HEADER, row("F1", 1.234), row("F2", 5.25)]))

    assert pulled.faults == [("receivables.xlsx:2:open", "row.amount_precision")]


def test_a_formula_without_a_value_is_a_missing_amount(tmp_path: Path) -> None:
    pulled = pull_book(tmp_path, make_book([HEADER, row("F1", "=1+1"), row("F2", 5)]))

    assert pulled.faults == [("receivables.xlsx:2:open", "row.amount_missing")]
    assert pulled.held == ["R/F1"]


def test_dates_that_excel_half_converted_are_refused(tmp_path: Path) -> None:
    rows = [HEADER, row("F1", due=datetime(2026, 1, 10)), row("F2", due="25-10-2026")]  # noqa: DTZ001

    pulled = pull_book(tmp_path, make_book(rows))

    assert [code for _, code in pulled.faults] == ["file.date_format_conflict"]


def test_a_failed_formula_in_a_number_is_damage(tmp_path: Path) -> None:
    pulled = pull_book(tmp_path, make_book([HEADER, row("#N/A"), row("F2")]))

    assert [code for _, code in pulled.faults] == ["row.invoice_number_damaged"]


def test_the_sheet_with_the_headers_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = make_book([["Toelichting bij deze lijst"]])
    other = book.create_sheet("Posten")
    other.append(HEADER)
    other.append(row())
    book.create_sheet("Leeg")

    pulled = pull_book(tmp_path, book)

    assert pulled.item.number == "F1"
    assert [(w.reason, w.facts["sheet"], w.facts["others"]) for w in pulled.warnings] == [
        ("file.other_sheets", "Posten", "Sheet")
    ]


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    pulled = pull_book(tmp_path, Workbook())

    assert [code for _, code in pulled.faults] == ["file.empty"]


def test_a_workbook_named_csv_is_read_with_a_warning(tmp_path: Path) -> None:
    pulled = pull_book(tmp_path, make_book([HEADER, row()]), "receivables.csv")

    assert (len(pulled.items), pulled.doubts) == (1, ["file.extension_mismatch"])


def test_a_cut_off_workbook_is_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    make_book([HEADER, row()]).save(stream)
    (tmp_path / "receivables.xlsx").write_bytes(stream.getvalue()[:-400])

    pulled = run(make_adapter(tmp_path, layout="auto"))

    assert [code for _, code in pulled.faults] == ["file.truncated"]


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    make_book([HEADER]).save(stream)
    content = stream.getvalue().replace(b"xl/workbook.xml", b"xl/werkmap1.xml")
    (tmp_path / "receivables.xlsx").write_bytes(content)

    pulled = run(make_adapter(tmp_path, layout="auto"))

    assert [code for _, code in pulled.faults] == ["file.is_archive"]


def test_blank_rows_and_an_uncalculated_total_do_no_harm(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Openstaande posten"],
        [],
        HEADER,
        row(),
        [],
        ["Totaal", None, None, None, None, "=SUM(F4:F4)"],
    ]

    pulled = pull_book(tmp_path, make_book(rows))

    assert (len(pulled.items), pulled.faults, pulled.doubts) == (1, [], [])
    assert pulled.item.raw["_line"] == 4
