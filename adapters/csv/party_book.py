"""The parties of all files together: those of a parties file win, the others fill its gaps."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, repeat
from operator import itemgetter
from typing import Final

from adapters.csv.cells import one_line, split_tags
from adapters.csv.columns import Columns
from adapters.csv.contact import read_contact
from adapters.csv.faults import note, show
from adapters.csv.fields import PARTY_FIELDS
from adapters.csv.sheet import Block
from connector.port.records import PartyRecord, PartyRef, Rejected

_REMEMBER: Final = 50_000
_BETWEEN: Final = "\x1f"  # stands in no cell: a row with control characters is not read
_CODES: Final = {"is_consumer": "party_kind", "is_business": "party_kind"}


@dataclass(slots=True)
class PartyBook:
    """Collects what the files say of parties on disk, and gives each party back once.

    The book lives in a temporary file, so that its size does not grow with the books.
    """

    _disk: sqlite3.Connection = field(init=False)
    _seen: set[int] = field(default_factory=set)
    _entries: "dict[int, Entry]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._disk = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._disk.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-2000;"
            "CREATE TABLE said (ref TEXT, rank INTEGER, file INTEGER, line INTEGER, cells TEXT,"
            " tags TEXT, PRIMARY KEY (ref, rank, file, cells)) WITHOUT ROWID; BEGIN;"
        )

    def add(self, entry: "Entry", refs: Sequence[str], block: Block) -> None:
        """Take in what a block of rows says of parties.

        Args:
            entry: The file that the rows stand in.
            refs: Key of the party in each row, empty when there is none.
            block: The whole rows.
        """
        file, seen, columns = entry.file, self._seen, block.columns
        self._entries[file] = entry
        texts = list(zip(*[columns[at] for at in entry.at], strict=True)) or [()] * len(refs)
        marks = list(map(hash, zip(refs, repeat(file), texts)))  # repeat has no end
        if seen.issuperset(marks):
            return
        tags = repeat("") if entry.tags_at is None else columns[entry.tags_at]
        fresh = []
        for mark, ref, line, said, tag in zip(marks, refs, block.lines, texts, tags):  # noqa: B905
            if mark in seen or not ref:
                continue
            if len(seen) >= _REMEMBER:
                seen.clear()
            seen.add(mark)
            fresh.append((ref, entry.rank, file, line, _BETWEEN.join(said), tag))
        self._disk.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, ?, ?)", fresh)

    def forget(self, file: int) -> None:
        """Take back all that a file said, because it is refused."""
        self._disk.execute("DELETE FROM said WHERE file = ?", (file,))
        self._seen.clear()

    def parties(self) -> Iterator[tuple[PartyRecord, tuple[Rejected, ...]]]:
        """Yield each party once, by key, with the warnings about it."""
        self._seen.clear()
        rows = self._disk.execute(
            "SELECT ref, file, line, cells, tags FROM said ORDER BY ref, rank, file, line, cells"
        )
        for ref, group in groupby(rows, key=itemgetter(0)):
            yield _merge(ref, [(self._entries[file], *said) for _, file, *said in group])

    def close(self) -> None:
        """Remove the temporary file."""
        self._disk.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file as the book sees it."""

    file: int
    name: str
    rank: int  # 0: a parties file, 1: a file with items
    names: tuple[str, ...]
    at: tuple[int, ...]
    tags_at: int | None = None

    @classmethod
    def of(cls, columns: Columns, file: int, name: str, *, is_parties: bool) -> "Entry":
        """Return the entry of a file with these columns."""
        present = tuple(n for n in PARTY_FIELDS if n in columns.index)
        return cls(
            file=file,
            name=name,
            rank=0 if is_parties else 1,
            names=present,
            at=tuple(columns.index[n] for n in present),
            tags_at=columns.index.get("tags") if is_parties else None,
        )


def _merge(
    ref: str, said: Sequence[tuple["Entry", int, str, str]]
) -> tuple[PartyRecord, tuple[Rejected, ...]]:
    merged: dict[str, str] = {}
    raw: dict[str, object] = {}
    tags: tuple[str, ...] = ()
    warnings: list[Rejected] = []
    for entry, line, text, tag_text in said:
        found = zip(entry.names, text.split(_BETWEEN), strict=False)
        cells = {column: value for column, value in found if value}
        file = entry.name
        name = one_line(cells.pop("party_name", ""))
        if name and _differs(name, merged.get("name")):
            warnings.append(note(file, line, "debtor.name_conflict", "party_name", ref=show(ref)))
        if cells:  # items often say a name alone
            good, bad = read_contact(cells)
            if bad:
                warnings.extend(_bad(file, line, field, cells[field]) for field in bad)
            merged = {**good, **merged} if merged else good
            raw = {**cells, **raw} if raw else {**cells}
        if name:
            merged.setdefault("name", name)
        if tag_text and not tags:
            tags = split_tags(tag_text)
    merged.setdefault("name", ref)
    record = PartyRecord(ref=PartyRef(ref), tags=tags, raw=raw, **merged)
    return record, tuple(warnings)


def _differs(name: str, known: str | None) -> bool:
    return known is not None and name != known and name.casefold() != known.casefold()


def _bad(file: str, line: int, column: str, value: str) -> Rejected:
    code = f"row.{_CODES.get(column, column)}_invalid"
    shown = "" if column == "iban" else show(value)
    return note(file, line, code, column, value=shown)
