"""The second pass: every row becomes an item, is held with its reason, or is counted as nothing."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from adapters.csv.block_mapping import BlockMapper
from adapters.csv.cells import one_lines
from adapters.csv.duplicates import Candidate, Terms, settle
from adapters.csv.faults import as_note, bad_row, show
from adapters.csv.mapping import ItemMapper
from adapters.csv.reading import Cells
from adapters.csv.sheet import FAULT_CODES, Block, RowIs, Sheet, Walked, grid
from connector.port.errors import RecordError
from connector.port.records import Batch, ItemId, ItemRecord, Kind, Rejected

BATCH_ROWS = 1000


@dataclass(slots=True)
class Tally:
    """Where the rows of a kind went: rows = accepted + rejected + collapsed."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    collapsed: int = 0
    key_unknown: bool = False  # a row was held and nobody knows which invoice it is


@dataclass(slots=True)
class Gathered:
    """What was read since the last batch."""

    items: list[ItemRecord] = field(default_factory=list)
    held: list[ItemId] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Rejected] = field(default_factory=list)

    def is_full(self) -> bool:
        """Return whether it is time for a batch."""
        return len(self.items) + len(self.rejected) >= BATCH_ROWS

    def batch(self) -> Batch:
        """Return what was gathered as a batch, and start anew."""
        batch = Batch(
            items=tuple(self.items),
            held=tuple(self.held),
            rejected=tuple(self.rejected),
            warnings=tuple(self.warnings),
        )
        for kept in (self.items, self.held, self.rejected, self.warnings):
            kept.clear()
        return batch


@dataclass(slots=True)
class ItemPass:
    """Reads the items of all files of one kind together.

    Attributes:
        repeated: Hashes of the keys that stand more than once in these files.
        terms: What is known of invoices with several due dates.
    """

    sheets: Sequence[Sheet]
    repeated: Collection[int]
    terms: Terms
    tally: Tally = field(default_factory=Tally)
    _out: Gathered = field(default_factory=Gathered)
    _waiting: dict[tuple[str, str, str], list[Candidate]] = field(default_factory=dict)

    def batches(self) -> Iterator[Batch]:
        """Yield all rows of all files, in order; rows with the same key come last."""
        for sheet in self.sheets:
            yield from self._read(sheet)
        for candidates in self._waiting.values():
            self._settle(candidates)
            if self._out.is_full():
                yield self._out.batch()
        yield self._out.batch()

    def _read(self, sheet: Sheet) -> Iterator[Batch]:
        assert sheet.reading is not None
        mapper = ItemMapper(sheet.reading)
        many = BlockMapper(mapper)
        for block in grid(sheet).blocks():
            if isinstance(block, Block):
                yield from self._take(sheet, many, block)
                continue
            for line, what, cells in block:
                if what is not RowIs.NOTHING and what is not RowIs.TOTAL:
                    self._row(sheet, mapper, (line, what, cells))
                if self._out.is_full():
                    yield self._out.batch()

    def _take(self, sheet: Sheet, many: BlockMapper, block: Block) -> Iterator[Batch]:
        """Take in rows that are all data; one in doubt goes the way of any other row."""
        out, tally, repeated = self._out, self.tally, self.repeated
        items = many.items(block)
        if not repeated and not self.terms.numbers and all(items):
            yield from self._take_all([item for item in items if item is not None])
            return
        keys = _keys(sheet, many.mapper, block.columns) if repeated else None
        for at, item in enumerate(items):
            if item is None or (keys is not None and hash(keys[at]) in repeated):
                self._row(sheet, many.mapper, (block.lines[at], RowIs.DATA, block.row(at)))
            else:
                tally.rows += 1
                tally.accepted += 1
                out.items.append(self.terms.known(item))
            if len(out.items) + len(out.rejected) >= BATCH_ROWS:
                yield out.batch()

    def _take_all(self, items: Sequence[ItemRecord]) -> Iterator[Batch]:
        """Take in items of which each is what it says."""
        out = self._out
        self.tally.rows += len(items)
        self.tally.accepted += len(items)
        while items:
            room = BATCH_ROWS - len(out.items) - len(out.rejected)
            out.items.extend(items[:room])
            items = items[room:]
            if out.is_full():
                yield out.batch()

    def _row(self, sheet: Sheet, mapper: ItemMapper, row: Walked) -> None:
        line, what, cells = row
        self.tally.rows += 1
        if what is not RowIs.DATA:
            self._hold(mapper, line, cells, bad_row(FAULT_CODES[what]), is_whole=False)
            return
        if self.repeated:
            (key,) = _keys(sheet, mapper, [[cell] for cell in cells])
            if hash(key) in self.repeated:
                self._waiting.setdefault(key, []).append(_candidate(sheet, mapper, line, cells))
                return
        try:
            item, warnings = mapper.item(line, cells)
        except RecordError as fault:
            self._hold(mapper, line, cells, fault, is_whole=True)
        else:
            self.tally.accepted += 1
            self._out.items.append(self.terms.known(item))
            self._out.warnings.extend(warnings)

    def _hold(
        self, mapper: ItemMapper, line: int, cells: Cells, fault: RecordError, *, is_whole: bool
    ) -> None:
        self.tally.rejected += 1
        _name_column(fault, mapper)
        self._out.rejected.append(as_note(fault, mapper.reading.file, line))
        try:
            if not is_whole and len(cells) != len(mapper.reading.columns.headers):
                raise fault
            keys = self.terms.keys(mapper.key(cells), partial(mapper.key, cells))
            self._out.held.extend(sorted(keys))
        except RecordError:
            self.tally.key_unknown = True

    def _settle(self, candidates: Sequence[Candidate]) -> None:
        settled = settle(candidates, self.terms)
        self.tally.accepted += settled.used
        self.tally.rejected += len(settled.rejected)
        self.tally.collapsed += settled.collapsed
        self.tally.key_unknown |= settled.key_unknown
        self._out.items.extend(settled.items)
        self._out.held.extend(settled.held)
        self._out.rejected.extend(settled.rejected)
        self._out.warnings.extend(settled.warnings)


def _keys(
    sheet: Sheet, mapper: ItemMapper, columns: Sequence[Sequence[str]]
) -> list[tuple[str, str, str]]:
    """Return by what each row is known among those of its kind, as the first pass knew it."""
    index, count = mapper.at, len(columns[0])
    party_at = index["party_name" if mapper.reading.by_name else "party_ref"]
    owners = one_lines(columns[party_at]) if sheet.kind is Kind.PAYABLES else [""] * count
    terms = columns[index["term"]] if "term" in index else [""] * count
    return list(zip(owners, one_lines(columns[index["number"]]), terms, strict=True))


def _candidate(sheet: Sheet, mapper: ItemMapper, line: int, cells: Cells) -> Candidate:
    item: ItemRecord | None = None
    fault: RecordError | None = None
    warnings: tuple[Rejected, ...] = ()
    key: ItemId | None = None
    try:
        item, warnings = mapper.item(line, cells)
    except RecordError as error:
        fault = error
        _name_column(fault, mapper)
    with suppress(RecordError):
        key = mapper.key(cells)
    return Candidate(
        file=sheet.name,
        line=line,
        cells=tuple(cells),
        rule=sheet.mapping.duplicates or "hold",
        key=key,
        of_term=partial(mapper.key, cells),
        item=item,
        fault=fault,
        warnings=warnings,
    )


def _name_column(fault: RecordError, mapper: ItemMapper) -> None:
    column = str(fault.facts.get("column", ""))
    fault.facts["header"] = show(mapper.reading.columns.label(column))
