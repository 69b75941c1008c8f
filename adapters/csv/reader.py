"""From a file to rows of text: encoding, delimiter, header, and every row with its line."""

import csv
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Final

from adapters.csv.columns import normalise
from adapters.csv.faults import refuse
from adapters.csv.probe import LONG_LINE, Probe, is_zip, probe
from connector.port.errors import RefusedError

Row = tuple[int, list[str]]

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

    def rows(self, delimiter: str) -> Iterator[Row]:
        """Yield every row with the physical line at which it starts, blank rows included.

        Raises:
            RefusedError: The text is no proper CSV from some line on.
        """
        if self.sheet is not None:
            self.sheet.seek(0)
            try:
                for cells in csv.reader(self.sheet, delimiter=";", strict=True):
                    yield int(cells[0]), cells[1:]
            except csv.Error as error:
                raise _csv_fault(str(error), 0) from error
            return
        yield from self._text_rows(delimiter)

    def close(self) -> None:
        """Remove the temporary file of a workbook."""
        if self.sheet is not None:
            self.sheet.close()

    def _text_rows(self, delimiter: str) -> Iterator[Row]:
        assert self.probe is not None
        with self.path.open(encoding=self.probe.encoding, newline=self.probe.newline) as stream:
            reader = csv.reader(self._lines(stream), delimiter=delimiter, strict=True)
            line = 1
            try:
                for row in reader:
                    yield line, row
                    line = reader.line_num + 1
            except csv.Error as error:
                raise _csv_fault(str(error), line) from error

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
    with closing(_guarded(table, delimiter)) as rows:
        return list(islice(rows, count))


def _guarded(table: Table, delimiter: str) -> Generator[Row, None, None]:
    """Yield rows as far as this delimiter can be read; a wrong one may break on a quote."""
    rows = table.rows(delimiter)
    with suppress(RefusedError):
        yield from rows


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
