"""One pass over the folder: look at every file first, then give parties and items."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from adapters.csv.cursor import Cursor
from adapters.csv.duplicates import repeated_hashes
from adapters.csv.faults import as_note, note
from adapters.csv.folder import Found
from adapters.csv.items import BATCH_ROWS, ItemPass, Tally
from adapters.csv.party_book import PartyBook
from adapters.csv.probe import sha256
from adapters.csv.settings import CsvSettings
from adapters.csv.sheet import FAULT_CODES, Block, RowIs, Sheet, grid
from adapters.csv.survey import Surveyor
from connector.port.errors import RefusedError
from connector.port.records import Batch, Kind, KindEnd, PullEnd, PullEvent, Rejected

_HERE: Final = ZoneInfo("Europe/Amsterdam")


@dataclass(slots=True)
class KindPass:
    """The files of one kind in this pull."""

    kind: Kind
    paths: Sequence[Path]
    sheets: list[Sheet] = field(default_factory=list)
    faults: list[Rejected] = field(default_factory=list)
    warnings: list[Rejected] = field(default_factory=list)
    keys: "array[int]" = field(default_factory=lambda: array("q"))
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True, kw_only=True)
class FolderPull:
    """Reads all files of a folder once.

    Attributes:
        now: The instant of the pull.
        rehearsal: The clock is set by hand, so the age of files says nothing.
        full: A file that was read before, byte for byte, may be older than the last.
        accept_empty: A person said that a file without rows is meant to have none.
    """

    settings: CsvSettings
    found: Found
    now: datetime
    rehearsal: bool
    cursor: Cursor
    full: bool = False
    accept_empty: bool = False
    kinds: dict[Kind, KindPass] = field(default_factory=dict)

    def events(self) -> Iterator[PullEvent]:
        """Yield parties, then items, then how each kind ended, then the end."""
        with ExitStack() as stack:
            book = PartyBook()
            stack.callback(book.close)
            self._survey(book)
            for sheet in (sheet for kind in self.kinds.values() for sheet in kind.sheets):
                stack.callback(sheet.table.close)
            yield Batch(
                rejected=tuple(f for kind in self.kinds.values() for f in kind.faults),
                warnings=(
                    *self.found.warnings,
                    *(w for kind in self.kinds.values() for w in kind.warnings),
                ),
            )
            yield from self._parties(book)
            for kind in (Kind.RECEIVABLES, Kind.PAYABLES):
                yield from self._items(self.kinds[kind])
            yield from [self._end(kind) for kind in self.kinds.values()]
        yield PullEnd(cursor=self.cursor.write())

    def _survey(self, book: PartyBook) -> None:
        surveyor = Surveyor(
            settings=self.settings,
            book=book,
            today=self.now.astimezone(_HERE).date(),
            accept_empty=self.accept_empty,
        )
        number = 0
        for kind in Kind:
            state = self.kinds[kind] = KindPass(kind, self.found.files[kind])
            for path in state.paths:
                number += 1
                try:
                    sheet = surveyor.survey(path, kind, number, state.keys)
                except RefusedError as fault:
                    state.faults.append(as_note(fault, path.name))
                else:
                    state.sheets.append(sheet)
                    state.warnings.extend(sheet.warnings)
                    if self._is_stale(sheet):
                        written = f"{sheet.written_at.astimezone(_HERE):%Y-%m-%d}"
                        state.warnings.append(note(path.name, 0, "file.stale", written=written))
            self._refuse_older(state, book)
        if (nothing := self.found.nothing()) is not None:
            self.kinds[Kind.RECEIVABLES].faults.append(nothing)

    def _refuse_older(self, state: KindPass, book: PartyBook) -> None:
        last = self.cursor.as_of.get(state.kind)
        known = frozenset(self.cursor.files.values() if self.full else ())
        ours = _export_date([sheet for sheet in state.sheets if sheet.sha256 not in known])
        if last is None or ours is None or ours >= last:
            return
        for sheet in state.sheets:
            state.faults.append(
                note(sheet.name, 0, "file.older_than_last",
                     date=ours.isoformat(), last=last.isoformat())
            )  # fmt: skip
            book.forget(sheet.number)
            sheet.table.close()
        state.sheets.clear()

    def _parties(self, book: PartyBook) -> Iterator[Batch]:
        known = book.parties()
        while block := list(islice(known, BATCH_ROWS)):
            yield Batch(
                parties=tuple(party for party, _ in block),
                warnings=tuple(doubt for _, doubts in block for doubt in doubts),
            )
        state = self.kinds[Kind.PARTIES]
        for sheet in state.sheets:
            rejected = tuple(_unreadable_parties(sheet, state.tally))
            if rejected:
                yield Batch(rejected=rejected)

    def _items(self, state: KindPass) -> Iterator[Batch]:
        if not state.sheets:
            return
        done = ItemPass(
            state.sheets, repeated_hashes(state.keys), self.cursor.terms, tally=state.tally
        )
        state.keys = array("q")
        try:
            yield from done.batches()
        except (RefusedError, OSError):
            state.faults.append(note(state.sheets[0].name, 0, "file.changed"))
            yield Batch(rejected=(state.faults[-1],))
            return
        changed = [note(s.name, 0, "file.changed") for s in state.sheets if _has_changed(s)]
        if changed:
            state.faults.extend(changed)
            yield Batch(rejected=tuple(changed))

    def _end(self, state: KindPass) -> KindEnd:
        is_complete = not state.faults
        is_items = state.kind is not Kind.PARTIES
        if is_complete and state.paths:
            export = _export_date(state.sheets)
            if export is not None:
                self.cursor.as_of[state.kind] = export
            self.cursor.files.update({sheet.name: sheet.sha256 for sheet in state.sheets})
        percents = [s.mapping.max_drop_percent for s in state.sheets]
        return KindEnd(
            kind=state.kind,
            delivered=bool(state.paths),
            complete=is_complete,
            snapshot=is_items and bool(state.paths) and self.settings.delivery == "full",
            closes=not state.tally.key_unknown,
            as_of=self._as_of(state) if state.paths and is_complete else None,
            max_drop_percent=min((p for p in percents if p is not None), default=50),
        )

    def _is_stale(self, sheet: Sheet) -> bool:
        return not self.rehearsal and self.now - sheet.written_at > self.settings.max_file_age

    def _as_of(self, state: KindPass) -> datetime:
        """Return the oldest instant that one of the files speaks of."""
        instants = [self.now]
        for sheet in state.sheets:
            if sheet.export_date is not None:
                instants.append(_end_of_day(sheet.export_date))
            if self._is_stale(sheet):
                instants.append(sheet.written_at)
        return min(instants)


def _export_date(sheets: Sequence[Sheet]) -> date | None:
    return min((s.export_date for s in sheets if s.export_date is not None), default=None)


def _end_of_day(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), _HERE).astimezone(UTC)


def _has_changed(sheet: Sheet) -> bool:
    try:
        return sha256(sheet.table.path) != sheet.sha256
    except OSError:
        return True


def _unreadable_parties(sheet: Sheet, tally: Tally) -> Iterator[Rejected]:
    index = sheet.columns.index
    key = (
        "party_ref" if "party_ref" in index and sheet.mapping.party_key != "name" else "party_name"
    )
    for block in grid(sheet).blocks():
        if isinstance(block, Block) and all(block.columns[index[key]]):
            tally.rows += len(block.lines)
            tally.accepted += len(block.lines)
            continue
        for line, what, cells in block.walk() if isinstance(block, Block) else block:
            if what is RowIs.NOTHING:
                continue
            tally.rows += 1
            if what is not RowIs.DATA:
                tally.rejected += 1
                yield note(sheet.name, line, FAULT_CODES.get(what, "row.column_count"))
            elif not cells[index[key]]:
                tally.rejected += 1
                yield note(sheet.name, line, "row.debtor_missing", key)
            else:
                tally.accepted += 1
