"""The first pass over a file: everything that must be known before a row may be believed."""

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import compress, repeat
from pathlib import Path
from typing import Final

from adapters.csv.cells import one_lines
from adapters.csv.control_totals import check_totals
from adapters.csv.dates import DateEvidence, DateReader, loose_date
from adapters.csv.faults import note, refuse, show
from adapters.csv.fields import AMOUNTS, DATES
from adapters.csv.layouts import Layout, known, understand
from adapters.csv.mapping import ItemMapper
from adapters.csv.numbers import AmountEvidence, AmountReader, Decimals
from adapters.csv.party_book import Entry, PartyBook
from adapters.csv.probe import sha256
from adapters.csv.reader import Header, Table, find_header, open_table
from adapters.csv.reading import Reading
from adapters.csv.settings import CsvSettings
from adapters.csv.sheet import FAULT_CODES, Block, Grid, RowIs, Sheet
from connector.port.errors import RecordError, RefusedError
from connector.port.records import Kind, Ledger, Rejected

_EXCEL_ENDS: Final = (65_536, 1_048_576)
_EXPORT_DATE: Final = re.compile(
    r"(?:.*\b)?(?:peildatum|exportdatum|export\s?date|datum|date|stand per|per|as of|afgedrukt op"
    r"|afdrukdatum)\b\s*:?\s*(.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyor:
    """Looks at the files of one pull.

    Attributes:
        book: Where the parties of all files come together.
        today: The day against which dates are plausible.
        accept_empty: A person said that a file without rows is meant to have none.
    """

    settings: CsvSettings
    book: PartyBook
    today: date
    accept_empty: bool = False

    def survey(self, path: Path, kind: Kind, number: int, keys: "array[int]") -> Sheet:
        """Return the file, understood; its parties go to the book, the hashes of its keys to keys.

        Raises:
            RefusedError: Nothing of the file may be read.
        """
        try:
            table = open_table(
                path,
                encoding=self.settings.mapping(kind).encoding,
                known=known(self.settings, kind),
            )
        except OSError as error:
            raise refuse("file.unreadable") from error
        count = len(keys)
        try:
            return self._survey(table, kind, number, keys)
        except OSError as error:
            table.close()
            raise refuse("file.unreadable") from error
        except RefusedError:
            table.close()
            self.book.forget(number)
            del keys[count:]
            raise

    def _survey(self, table: Table, kind: Kind, number: int, keys: "array[int]") -> Sheet:
        written_at = datetime.fromtimestamp(table.path.stat().st_mtime, UTC)
        digest, name = sha256(table.path), table.path.name
        said = self.settings.mapping(kind)
        self._check_format(table, kind)
        header = find_header(table, known(self.settings, kind), said.delimiter)
        layout = understand(header.cells, kind, self.settings)
        grid = Grid(table=table, header=header, columns=layout.columns, kind=kind)
        look = _Look(grid=grid, layout=layout, entry=Entry.of(
            layout.columns, number, name, is_parties=kind is Kind.PARTIES
        ))  # fmt: skip
        try:
            return self._understood(
                look, number=number, digest=digest, written_at=written_at, keys=keys
            )
        except RefusedError as fault:
            column = str(fault.facts.get("column", ""))
            fault.facts.setdefault("header", show(layout.columns.label(column)))
            raise

    def _understood(
        self, look: "_Look", *, number: int, digest: str, written_at: datetime, keys: "array[int]"
    ) -> Sheet:
        layout, table, header, kind = look.layout, look.grid.table, look.grid.header, look.grid.kind
        name = table.path.name
        look.walk(self.book, keys)
        if not look.data_rows and not (self.accept_empty or layout.mapping.allow_empty):
            raise refuse("file.no_rows")
        reading, totals = self._reading(look, kind, name)
        return Sheet(
            number=number,
            name=name,
            kind=kind,
            table=table,
            header=header,
            columns=layout.columns,
            mapping=layout.mapping,
            layout=layout.name,
            reading=reading,
            sha256=digest,
            written_at=written_at,
            export_date=_export_date(header) or look.last_as_of(reading),
            data_rows=look.data_rows,
            warnings=(*_doubts(look, name), *totals),
        )

    def _check_format(self, table: Table, kind: Kind) -> None:
        match self.settings.mapping(kind).format:
            case "csv" if table.is_workbook:
                raise refuse("file.is_xlsx")
            case "xlsx" if not table.is_workbook:
                raise refuse("file.not_xlsx")
            case _:
                pass

    def _reading(
        self, look: "_Look", kind: Kind, name: str
    ) -> tuple[Reading | None, tuple[Rejected, ...]]:
        if kind is Kind.PARTIES:
            return None, ()
        layout, mapping = look.layout, look.layout.mapping
        chosen = None if mapping.decimal is None else Decimals(mapping.decimal)
        shape = mapping.shape()
        reading = Reading(
            file=name,
            ledger=Ledger.RECEIVABLE if kind is Kind.RECEIVABLES else Ledger.PAYABLE,
            columns=layout.columns,
            amounts=AmountReader(look.amounts.decide(chosen)),
            dates={
                column: DateReader(column, evidence.decide(shape))
                for column, evidence in look.dates.items()
            },
            by_name=layout.by_name,
            currency=layout.currency,
            term_days=mapping.payment_term_days,
            reversed_sign=mapping.sign == "reversed",
            today=self.today,
        )
        look.refuse_wrong_side(is_confirmed=self.settings.mapping(kind).sign is not None)
        if look.total_rows and mapping.total_row != "ignore":
            return reading, check_totals(look.grid, ItemMapper(reading))
        return reading, ()


@dataclass(slots=True)
class _Look:
    """What the first walk through the rows finds."""

    grid: Grid
    layout: Layout
    entry: Entry
    data_rows: int = 0
    total_rows: int = 0
    lone_rows: int = 0
    no_party: int = 0
    below_zero: int = 0
    above_zero: int = 0
    last: tuple[int, RowIs] = (0, RowIs.NOTHING)
    amounts: AmountEvidence = field(default_factory=AmountEvidence)
    dates: Mapping[str, DateEvidence] = field(init=False)
    party_at: int = field(init=False)
    amounts_at: list[tuple[str, int]] = field(init=False)
    dates_at: list[tuple[int, DateEvidence]] = field(init=False)
    open_at: int | None = field(init=False)

    def __post_init__(self) -> None:
        index = self.layout.columns.index
        self.dates = {name: DateEvidence(name) for name in DATES if name in index}
        self.party_at = index["party_name" if self.layout.by_name else "party_ref"]
        self.amounts_at = [(name, index[name]) for name in AMOUNTS if name in index]
        self.dates_at = [(index[name], evidence) for name, evidence in self.dates.items()]
        self.open_at = index.get("open")

    def walk(self, book: PartyBook, keys: "array[int]") -> None:
        """Go through all rows once."""
        for block in self.grid.blocks():
            if isinstance(block, Block):
                self._take(book, keys, block)
                self.last = (block.lines[-1], RowIs.DATA)
                continue
            self.total_rows += sum(what is RowIs.TOTAL for _, what, _ in block)
            self.data_rows += sum(what in FAULT_CODES for _, what, _ in block)
            data = [(line, cells) for line, what, cells in block if what is RowIs.DATA]
            if data:
                lines, rows = zip(*data, strict=True)
                self._take(book, keys, Block(lines, list(zip(*rows, strict=True))))
            self.last = block[-1][:2]
        self._refuse_shape()

    def _take(self, book: PartyBook, keys: "array[int]", block: Block) -> None:
        """Take in a block of data rows, column by column: most columns say little that is new."""
        index, columns = self.layout.columns.index, block.columns
        self.data_rows += len(block.lines)
        parties = one_lines(columns[self.party_at])
        book.add(self.entry, parties, block)
        if self.grid.kind is Kind.PARTIES or "number" not in index:
            return
        numbers = one_lines(columns[index["number"]])
        owners = parties if self.grid.kind is Kind.PAYABLES else repeat("")
        terms = columns[index["term"]] if "term" in index else repeat("")
        keys.extend(compress(map(hash, zip(owners, numbers, terms)), numbers))  # noqa: B905  # repeats have no end
        self.no_party += parties.count("")
        if "" in numbers:
            self.lone_rows += sum(
                sum(map(bool, block.row(at))) == 1 for at, text in enumerate(numbers) if not text
            )
        self._weigh(block.lines, columns)

    def _weigh(self, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        if any(self.amounts.may_learn(columns[at]) for _, at in self.amounts_at):
            for i, line in enumerate(lines):
                for name, at in self.amounts_at:
                    if text := columns[at][i]:
                        self.amounts.add(text, line, name)
        for at, evidence in self.dates_at:
            if not evidence.texts.issuperset(filter(None, columns[at])):
                for text, line in zip(columns[at], lines, strict=True):
                    if text:
                        evidence.add(text, line)
        if self.open_at is not None and not self._says_side():
            self._count_sides(columns[self.open_at])

    def _count_sides(self, texts: Sequence[str]) -> None:
        for text in filter(None, texts):
            if text[0] in "-\u2212(" or (text[-1] in "-\u2212" and text[-2:-1] not in ",-"):
                self.below_zero += 1
            elif text.strip("0,. \u20ac"):
                self.above_zero += 1

    def _says_side(self) -> bool:
        """Whether the file itself leaves no doubt whose the amounts are."""
        index = self.layout.columns.index
        return self.layout.name == "maan" or "document" in index or "dc" in index

    def _refuse_shape(self) -> None:
        line, what = self.last
        probe = self.grid.table.probe
        if what is RowIs.COLUMN_COUNT and probe is not None and probe.open_end:
            raise refuse("file.truncated", line=line)
        if self.lone_rows and self.no_party * 2 > self.data_rows - self.lone_rows:
            raise refuse("file.report_layout")

    def refuse_wrong_side(self, *, is_confirmed: bool) -> None:
        """Refuse a file in which most open amounts are the other party's; a person may confirm."""
        if is_confirmed or self._says_side():
            return
        other, ours = self.below_zero, self.above_zero
        if self.layout.mapping.sign == "reversed":
            other, ours = ours, other
        if other > ours:
            raise refuse("file.sign_suspect", column="open", negative=other, positive=ours)

    def last_as_of(self, reading: Reading | None) -> date | None:
        """Return the date that the rows themselves say they speak of."""
        if reading is None or "as_of" not in self.dates:
            return None
        days = set()
        for text in self.dates["as_of"].texts:
            try:
                days.add(reading.dates["as_of"].read(text))
            except RecordError:
                continue
        return min(days, default=None)


def _doubts(look: _Look, name: str) -> tuple[Rejected, ...]:
    table, columns = look.grid.table, look.layout.columns
    found = [
        note(name, look.grid.header.line, "file.forbidden_column", header=columns.headers[i])
        for i in columns.forbidden
    ]
    if table.is_workbook == name.casefold().endswith(".csv"):
        found.append(note(name, 0, "file.extension_mismatch"))
    if table.other_sheets:
        found.append(
            note(name, 0, "file.other_sheets",
                 sheet=table.sheet_name, others=", ".join(table.other_sheets))
        )  # fmt: skip
    if table.probe is not None and table.probe.uncertain:
        found.append(note(name, 0, "file.encoding_uncertain", encoding=table.probe.encoding))
    if table.probe is not None and table.probe.open_end:
        found.append(note(name, look.last[0], "file.no_final_newline"))
    if look.last[0] in _EXCEL_ENDS:
        found.append(note(name, look.last[0], "file.truncated_suspect"))
    lacks_due = look.grid.kind is not Kind.PARTIES and "due" not in columns.index
    if lacks_due and look.layout.mapping.payment_term_days is None:
        found.append(note(name, look.grid.header.line, "file.due_date_absent", "due"))
    return tuple(found)


def _export_date(header: Header) -> date | None:
    """Return the date that stands above the table, as in `Peildatum: 31-10-2026`."""
    for row in header.preamble:
        for i, cell in enumerate(row):
            if (match := _EXPORT_DATE.fullmatch(cell.strip())) is not None:
                for text in (match[1], *row[i + 1 : i + 3]):
                    if (day := loose_date(text)) is not None:
                        return day
    return None
