"""The rows of one file below its header: data, totals, and what is no data at all."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Final

from adapters.csv.columns import Columns, normalise
from adapters.csv.file_mapping import FileMapping
from adapters.csv.probe import CONTROLS, LONG_LINE
from adapters.csv.reader import Header, Table
from adapters.csv.reading import Cells, Reading
from connector.port.records import Kind, Rejected

_TOTAL: Final = re.compile(
    r"(sub|eind)?(totaal|totalen|total|totals)(openstaand|generaal|debiteuren|crediteuren|eur)?"
    r"|grandtotal"
)
_FOOTER: Final = re.compile(
    r"(pagina|page|blad)\s*[0-9]+\b.*|(afgedrukt|geprint|gegenereerd|aangemaakt|printed|generated)"
    r"\s*(op|door|on|by|:).*",
    re.IGNORECASE,
)
_UNCLEAR: Final = frozenset(("", *"tTsSeEgG"))  # how a total or nothing at all may begin


class RowIs(Enum):
    """What a row is."""

    DATA = auto()
    TOTAL = auto()
    NOTHING = auto()  # blank, a header repeated, a footer
    COLUMN_COUNT = auto()
    CONTROL_CHARACTERS = auto()
    FIELD_TOO_LARGE = auto()


FAULT_CODES: Final = {
    RowIs.COLUMN_COUNT: "row.column_count",
    RowIs.CONTROL_CHARACTERS: "row.control_characters",
    RowIs.FIELD_TOO_LARGE: "row.field_too_large",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file, understood: everything that is needed to read its rows.

    Attributes:
        number: Position among the files of the pull.
        reading: How items are read; None for a file of parties.
        layout: The name of the layout that was used.
        sha256: Digest of the bytes.
        written_at: When the file was last written.
        export_date: The date that the export itself says it speaks of, None when it does not.
        data_rows: Rows that are neither totals nor nothing.
        warnings: Doubts that concern the file as a whole.
    """

    number: int
    name: str
    kind: Kind
    table: Table
    header: Header
    columns: Columns
    mapping: FileMapping
    layout: str
    reading: Reading | None
    sha256: str
    written_at: datetime
    export_date: date | None
    data_rows: int
    warnings: tuple[Rejected, ...]


Walked = tuple[int, RowIs, Cells]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that are all data, by their columns; the cells are stripped, as many as the header has.

    Attributes:
        lines: The physical line at which each row starts.
    """

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]

    def row(self, at: int) -> Cells:
        """Return the cells of one row."""
        return [column[at] for column in self.columns]

    def walk(self) -> Iterator[Walked]:
        """Yield the rows one by one."""
        for line, *cells in zip(self.lines, *self.columns, strict=True):
            yield line, RowIs.DATA, cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What it takes to walk through the rows: the table, where it starts and what is where."""

    table: Table
    header: Header
    columns: Columns
    kind: Kind

    def walk(self) -> Iterator[Walked]:
        """Yield every row below the header: its line, what it is, its cells stripped.

        Cells are exactly as many as the header has, except in a row with a wrong count.
        """
        for block in self.blocks():
            yield from block.walk() if isinstance(block, Block) else block

    def blocks(self) -> Iterator[Block | list[Walked]]:
        """Yield the same in blocks: by column where all rows are plain data, else row by row."""
        start = self.header.line
        names = [cell.strip() for cell in self.header.cells]
        for lines, rows in self.table.blocks(self.header.delimiter):
            above = bisect_right(lines, start)
            if above == len(rows):
                continue
            if above:
                lines, rows = lines[above:], rows[above:]  # noqa: PLW2901  # the header is no row
            columns = self._plain(rows, names)
            if columns is not None:
                yield Block(lines, columns)
            else:
                yield [
                    self._walked(line, row, names) for line, row in zip(lines, rows, strict=True)
                ]

    def _plain(self, rows: Sequence[Cells], names: Cells) -> list[list[str]] | None:
        """Return the columns when it is clear at once that all rows are data."""
        if self._is_suspicious() or set(map(len, rows)) != {len(names)}:
            return None
        columns = [list(map(str.strip, column)) for column in zip(*rows, strict=True)]
        keys = columns[self._key_at()]
        if names[self._key_at()] in keys or not _UNCLEAR.isdisjoint({key[:1] for key in keys}):
            return None
        return columns

    def _walked(self, line: int, row: Cells, names: Cells) -> Walked:
        cells = list(map(str.strip, row))
        if len(cells) != len(names):
            what, cells = self._odd(cells, names)
        else:
            key = cells[self._key_at()]
            is_clear = key[:1] not in _UNCLEAR and key != names[self._key_at()]
            what = RowIs.DATA if is_clear else self._what(cells, names)
        if what is RowIs.DATA and self._is_suspicious():
            what = _closer(cells)
        return line, what, cells

    def _key_at(self) -> int:
        return self.columns.index.get("party_ref" if self.kind is Kind.PARTIES else "number", 0)

    def _is_suspicious(self) -> bool:
        probe = self.table.probe
        return probe is None or probe.controls or self.table.long_lines

    def _odd(self, cells: Cells, names: Cells) -> tuple[RowIs, Cells]:
        """Return what a row is that is shorter or longer than the header."""
        width = len(names)
        fitted = cells[:width] + [""] * (width - len(cells))
        what = self._what(fitted, names)
        if any(cells[width:]):
            return RowIs.COLUMN_COUNT, cells
        if what is RowIs.DATA and len(cells) < width and not self.table.is_workbook:
            return RowIs.COLUMN_COUNT, cells
        return what, fitted

    def _what(self, cells: Cells, names: Cells) -> RowIs:
        filled = [cell for cell in cells if cell.strip("\x1a")]
        if not filled or cells == names:
            return RowIs.NOTHING
        if len(filled) <= 2 and _FOOTER.fullmatch(filled[0]):
            return RowIs.NOTHING
        index = self.columns.index
        number = cells[index["number"]] if "number" in index else ""
        if number and not _TOTAL.fullmatch(normalise(number)):
            return RowIs.DATA
        labels = [cells[index[name]] for name in ("party_ref", "party_name") if name in index]
        is_total = any(_TOTAL.fullmatch(normalise(text)) for text in (number, filled[0], *labels))
        return RowIs.TOTAL if is_total and self.kind is not Kind.PARTIES else RowIs.DATA


def _closer(cells: Cells) -> RowIs:
    if any(len(cell) > LONG_LINE for cell in cells):
        return RowIs.FIELD_TOO_LARGE
    if CONTROLS.search("\t".join(cells)):
        return RowIs.CONTROL_CHARACTERS
    return RowIs.DATA


def grid(sheet: Sheet) -> Grid:
    """Return the rows of a file that was understood."""
    return Grid(table=sheet.table, header=sheet.header, columns=sheet.columns, kind=sheet.kind)
