"""From a file to rows of text: encoding, delimiter, header, and every row with its line."""

import csv
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import IO, Final

from adapters.csv.columns import normalise
from adapters.csv.faults import refuse
from adapters.csv.probe import LONG_LINE, Probe, is_zip, probe
from connector.port.errors import RefusedError

Row = tuple[int, list[str]]
Rows = tuple[Sequence[int], list[list[str]]]

BLOCK_ROWS: Final = 1000
_DELIMITERS: Final = (";", ",", "\t", "|")
_LONGEST_LINE: Final = 1 << 20
_LOOK_AT: Final = 60
_LEAST_KNOWN: Final = 2
_SEP: Final = re.compile(r"\"?sep=(.)\"?;*", re.IGNORECASE)


@dataclass(slots=True)
class Table:
    """A file with rows that can be read again and again; `close` lets go of temporary files.

    Attributes:
        path: The file.
        probe: What its bytes show; None for a workbook.
        sheet: The unpacked sheet of a workbook.
        long_lines: A line was seen in which some field may be too large.
    """

    path: Path
    probe: Probe | None = None
    sheet: IO[str] | None = None
    sheet_name: str = ""
    other_sheets: tuple[str, ...] = ()
    long_lines: bool = False
    delimiters: tuple[str, ...] = _DELIMITERS

    @property
    def is_workbook(self) -> bool:
        """Whether the rows come from a workbook."""
        return self.probe is None

    def blocks(self, delimiter: str, count: int = BLOCK_ROWS) -> Generator[Rows, None, None]:
        """Yield all rows in blocks of so many, each with the physical lines at which they start.

        Blank rows are rows too. Rows before a fault come before it.

        Raises:
            RefusedError: The text is no proper CSV from some line on.
        """
        if self.sheet is None:
            yield from self._text_blocks(delimiter, count)
            return
        self.sheet.seek(0)
        rows = csv.reader(self.sheet, delimiter=";", strict=True)
        try:
            while block := list(islice(rows, count)):
                yield [int(cells[0]) for cells in block], [cells[1:] for cells in block]
        except csv.Error as error:
            raise _csv_fault(str(error), 0) from error

    def close(self) -> None:
        """Remove the temporary file of a workbook."""
        if self.sheet is not None:
            self.sheet.close()

    def _text_blocks(self, delimiter: str, count: int) -> Iterator[Rows]:
        assert self.probe is not None
        newline = self.probe.newline
        with self.path.open(encoding=self.probe.encoding, newline=newline) as stream:
            text = self._lines(stream) if self.probe.long_lines else stream
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            line, fault = 1, None
            while fault is None:
                rows: list[list[str]] = []
                try:
                    rows.extend(islice(reader, count))  # what stands before a fault stays
                except (csv.Error, RefusedError) as error:
                    fault = error
                if not rows and fault is None:
                    return
                last = line + len(rows) - 1
                starts = _starts(rows, line, newline) if fault or reader.line_num != last else None
                if rows:
                    yield starts[:-1] if starts else range(line, last + 1), rows
                line = starts[-1] if starts else last + 1
            raise (
                fault if isinstance(fault, RefusedError) else _csv_fault(str(fault), line)
            ) from fault

    def _lines(self, stream: IO[str]) -> Iterator[str]:
        for line in iter(partial(stream.readline, _LONGEST_LINE), ""):
            if len(line) > LONG_LINE:
                if len(line) >= _LONGEST_LINE:
                    raise refuse("file.field_too_large", most=_LONGEST_LINE)
                self.long_lines = True
            yield line


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where the table starts in a file."""

    delimiter: str
    line: int
    cells: tuple[str, ...]
    preamble: tuple[tuple[str, ...], ...] = field(default=())


def open_table(path: Path, *, encoding: str | None, known: frozenset[str]) -> Table:
    """Return the file as a table.

    Args:
        path: A CSV file or a workbook, whatever its name says.
        encoding: What the settings say, None to find out.
        known: All headers that we know, to find the sheet.

    Raises:
        RefusedError: It is neither, or damaged.
    """
    if not is_zip(path):
        return Table(path=path, probe=probe(path, encoding))
    from adapters.csv.workbook import unpack  # noqa: PLC0415  # openpyxl is for workbooks alone

    found = unpack(path, lambda cells: _score(cells, known))
    return Table(
        path=path, sheet=found.stream, sheet_name=found.sheet, other_sheets=found.other_sheets
    )


def find_header(table: Table, known: frozenset[str], delimiter: str | None) -> Header:
    """Return the line and the delimiter by which most of the headers that we know appear.

    Raises:
        RefusedError: No line holds at least two of them.
    """
    best: Header | None = None
    best_score = _LEAST_KNOWN - 1
    looked: list[Row] = []
    for candidate in _candidates(table, delimiter):
        rows = _first_rows(table, candidate)
        looked = max(looked, rows, key=lambda found: max((len(r) for _, r in found), default=0))
        for i, (line, cells) in enumerate(rows):
            score = _score(cells, known)
            if score > best_score:
                preamble = tuple(tuple(above) for _, above in rows[:i])
                best_score = score
                best = Header(
                    delimiter=candidate, line=line, cells=_trimmed(cells), preamble=preamble
                )
    if best is not None:
        return best
    if not any(len(cells) > 1 for _, cells in looked):
        raise refuse("file.not_csv")
    line, cells = next((row for row in looked if any(row[1])), (1, []))
    raise refuse("file.header_missing", line=line, value=" | ".join(cells))


def _candidates(table: Table, delimiter: str | None) -> Sequence[str]:
    if table.is_workbook:
        return (";",)
    if delimiter is not None:
        return (delimiter,)
    first = next(iter(_first_rows(table, "\x1f", 1)), (1, [""]))[1]
    if first and (match := _SEP.fullmatch(first[0].strip())) is not None:
        return (match[1],)
    return table.delimiters


def _first_rows(table: Table, delimiter: str, count: int = _LOOK_AT) -> list[Row]:
    """Return rows as far as this delimiter can be read; a wrong one may break on a quote."""
    with closing(table.blocks(delimiter, count)) as blocks, suppress(RefusedError):
        lines, rows = next(blocks, ([], []))
        return list(zip(lines, rows, strict=True))
    return []


def _starts(rows: Sequence[list[str]], line: int, newline: str) -> list[int]:
    """Return the line at which each row starts, and that after the last."""
    heights = (1 + sum(cell.count(newline) for cell in row) for row in rows)
    return list(accumulate(heights, initial=line))


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(cells[:end])


def _score(cells: Sequence[str], known: frozenset[str]) -> int:
    return len({name for cell in cells if len(cell) < 100 and (name := normalise(cell)) in known})


def _csv_fault(message: str, line: int) -> RefusedError:
    if "unexpected end" in message:
        return refuse("file.unclosed_quote", line=line)
    if "field larger" in message:
        return refuse("file.field_too_large", line=line, most=csv.field_size_limit())
    if "new-line character" in message:
        return refuse("file.line_endings", line=line)
    if "NUL" in message:
        return refuse("file.nul_bytes", line=line)
    return refuse("file.stray_quote", line=line)
