"""The present state of given items, read outside a pull: what a webhook told of.

Twenty entries in a request. Of payables the last pull is what we know: nobody acts on them, and the
list of receivables does not have them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapters.exact import odata
from adapters.exact.draft import Draft, said
from adapters.exact.endpoints import RECEIVABLES, TERM_FIELDS, entry_of
from adapters.exact.mapping import Told, tell
from adapters.exact.mapping_ranks import Rank, ranks_before
from adapters.exact.memory import Memory
from adapters.exact.refs import Refs
from adapters.exact.source import Source
from adapters.exact.telling import remembered
from adapters.exact.terms import Signs, Term, signs_of, to_term
from adapters.exact.values import Record, missing
from connector.port.adapter import Refreshed
from connector.port.errors import RecordError
from connector.port.records import ItemId, ItemRecord, Memo, Rejected
from connector.port.tools import Tools

MOST_ENTRIES: Final = 20
"""Entries in one request; an address may be 2,000 characters long."""

_MOST_ROWS: Final = 1000
_AS_SYNC: Final = {"LineType": 20, "Timestamp": 0, "ApprovalStatus": None}


@dataclass(slots=True)
class Refresh:
    """One refresh."""

    client: Callable[[], Source]  # asked when there is something to read
    tools: Tools
    number: str
    urgent: bool
    _memory: Memory = field(init=False)
    _items: dict[ItemId, ItemRecord] = field(default_factory=dict)
    _unreadable: set[str] = field(default_factory=set)  # base keys
    _rejected: list[Rejected] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._memory = Memory(self.tools)

    def read(self, ids: Sequence[ItemId], as_of: datetime) -> Refreshed:
        """Return the state of the items, each once."""
        asked = {item: entry_of(item) for item in dict.fromkeys(ids)}
        entries = {side: _entries(asked, side) for side in ("R", "P")}
        known = self._memory.by_group([f"e:{entry}" for entry in _all(entries)])
        for page in _pages(entries["R"]):
            self._read_page(page, known)
        for entry in entries["P"]:
            terms, ranks = _remembered(known.get(f"e:{entry}", {}), f"P/{entry}")
            if terms:
                self._keep(tell(terms, ranks, self.number, is_known=True))
        gone, unreadable = [], []
        for item, place in asked.items():
            if place is None or not _is_guid(place[1]) or "/".join(place) in self._unreadable:
                unreadable.append(item)
            elif item not in self._items:
                gone.append(item)
        return Refreshed(
            items=tuple(self._items[item] for item in asked if item in self._items),
            gone=tuple(gone),
            unreadable=tuple(unreadable),
            as_of=as_of,
            rejected=tuple(self._rejected),
        )

    def _read_page(self, entries: Sequence[str], known: Mapping[str, Mapping[str, Memo]]) -> None:
        pages = self.client().rows(
            RECEIVABLES,
            select=TERM_FIELDS,
            filter=odata.any_of("TransactionEntryID", entries),
            top=_MOST_ROWS,
            urgent=self.urgent,
        )
        rows = [{**row, **_AS_SYNC} for page in pages for row in page.rows]
        for entry, terms in self._terms(rows).items():
            if f"R/{entry}" not in self._unreadable:
                before, ranks = _remembered(known.get(f"e:{entry}", {}), f"R/{entry}")
                ranks = ranks or ranks_before(before)
                self._keep(tell(terms, ranks, self.number, is_known=True))

    def _terms(self, rows: Sequence[Record]) -> dict[str, list[Term]]:
        """Return the terms by entry, with the numbers of their relations."""
        signs = signs_of(rows, "R", Signs()), Signs()
        read: list[tuple[Record, Term]] = []
        for row in rows:
            try:
                read.append((row, to_term(row, signs, 0)))
            except RecordError as error:
                self._reject(row, error)
        codes = {term.account: term.party for _, term in read}
        refs = Refs(self._memory, is_alone=False).of(codes, Draft())
        found: dict[str, list[Term]] = {}
        for row, term in read:
            ref = refs.get(term.account)
            if ref is None:
                self._reject(row, missing("AccountCode"))
            else:
                found.setdefault(term.entry, []).append(term._replace(party=ref))
        return found

    def _keep(self, told: Told) -> None:
        self._items.update((item.id, item) for item in told.items)

    def _reject(self, row: Mapping[str, Any], error: RecordError) -> None:
        id_, field_ = str(row.get("ID")), str(error.facts.get("field", ""))
        self._rejected.append(said(RECEIVABLES, error.code, id_, {"field": field_}))
        self._unreadable.add(f"R/{str(row.get('TransactionEntryID')).lower()}")


def _entries(asked: Mapping[ItemId, tuple[str, str] | None], side: str) -> list[str]:
    """Return the entries of a side, each once; keys that Exact could not have are left out."""
    places = (place for place in asked.values() if place is not None and place[0] == side)
    return list(dict.fromkeys(entry for _, entry in places if _is_guid(entry)))


def _all(entries: Mapping[str, Sequence[str]]) -> list[str]:
    return [entry for some in entries.values() for entry in some]


def _pages(entries: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(entries), MOST_ENTRIES):
        yield entries[start : start + MOST_ENTRIES]


def _remembered(memos: Mapping[str, Memo], base: str) -> tuple[list[Term], Sequence[Rank]]:
    """Return the terms and ranks that are remembered of one side of an entry."""
    terms, ranks = remembered(memos)
    return [term for term in terms.values() if term.base == base], ranks.get(base, ())


def _is_guid(entry: str) -> bool:
    try:
        return odata.guid_of(entry) == entry
    except ValueError:
        return False
