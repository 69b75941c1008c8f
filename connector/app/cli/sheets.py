"""Lists as files for a spreadsheet: CSV that a Dutch Excel opens well, and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TextIO

from connector.port.errors import RequestError
from connector.port.money import Money

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | date | Money | None
STDOUT: Final = "-"
"""The name of a CSV file that stands for the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """The files that a list is wished in; None: not wished."""

    csv: str | None
    xlsx: Path | None

    @property
    def fills_stdout(self) -> bool:
        """Whether the CSV goes to the terminal."""
        return self.csv == STDOUT

    def write(
        self, headings: Sequence[str], rows: Sequence[Sequence[Cell]], *, out: TextIO | None
    ) -> list[Path]:
        """Write the files and return them.

        Args:
            headings: Titles of the columns.
            rows: The table.
            out: Where a CSV for the terminal goes; None: nowhere.

        Raises:
            RequestError: `sheet_unwritable`.
        """
        written = []
        if self.fills_stdout and out is not None:
            out.write(csv_text(headings, rows))
        elif self.csv is not None and not self.fills_stdout:
            written.append(Path(self.csv))
            write_csv(written[-1], headings, rows)
        if self.xlsx is not None:
            written.append(self.xlsx)
            write_xlsx(self.xlsx, headings, rows)
        return written


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table with `;` between quoted cells, without the BOM.

    Amounts have a decimal comma and no thousands separator, dates are `dd-mm-yyyy`. A text that a
    spreadsheet could take for a formula gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def write_csv(file: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table as CSV in UTF-8 with a BOM.

    Raises:
        RequestError: `sheet_unwritable`.
    """
    content = csv_text(headings, rows).encode("utf-8-sig")
    try:
        file.write_bytes(content)
    except OSError as error:
        raise RequestError("sheet_unwritable", file=file, reason=error.strerror) from error


def write_xlsx(file: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table as a workbook: texts as string cells, amounts and dates as such.

    Raises:
        RequestError: `sheet_unwritable`.
    """
    from openpyxl import Workbook  # noqa: PLC0415  # slow to load
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    table: list[Sequence[Cell]] = [headings, *rows]
    for number, row in enumerate(table, start=1):
        for place, cell in enumerate(row, start=1):
            target = sheet.cell(row=number, column=place)
            match cell:
                case Money():
                    target.value = cell.amount
                    target.number_format = "#,##0.00"
                case date():
                    target.value = cell
                    target.number_format = "dd-mm-yyyy"
                case int() | None:
                    target.value = cell
                case _:
                    target.value = _clean(str(cell))
                    target.data_type = "s"
            if number == 1:
                target.font = Font(bold=True)
    for place in range(1, len(headings) + 1):
        widest = max(len(_plain(row[place - 1])) for row in table)
        sheet.column_dimensions[get_column_letter(place)].width = min(widest + 2, 60)
    sheet.freeze_panes = "A2"
    try:
        book.save(file)
    except OSError as error:
        raise RequestError("sheet_unwritable", file=file, reason=error.strerror) from error


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return str(cell).replace(".", ",")
        case date():
            return f"{cell:%d-%m-%Y}"
        case int():
            return str(cell)
        case _:
            text = _clean(cell)
            return f"'{text}" if text.startswith(_FORMULA) else text


def _clean(text: str) -> str:
    """Return the text on one line, without control characters."""
    if text.startswith(("\t", "\r")):
        text = f"'{text}"
    return "".join(c for c in " ".join(text.split()) if c.isprintable())
