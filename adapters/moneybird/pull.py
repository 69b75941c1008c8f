"""One pull: what is open, what changed, and how what is not open any more ended.

The list of what is open costs one request a kind; only what is new, changed or gone is read.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

from adapters.moneybird.contacts import ContactPass, PartyBook
from adapters.moneybird.cursor import Cursor
from adapters.moneybird.endpoints import MOST_IDS, OPEN_FILTERS, Resource, item_id
from adapters.moneybird.mapping import Context, to_workflows
from adapters.moneybird.page import Page, Pass, said
from adapters.moneybird.source import Source
from adapters.moneybird.table import Table
from adapters.moneybird.values import Record, fits, number_of
from connector.port.errors import (
    AuthorisationError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import (
    Batch,
    Kind,
    KindEnd,
    PullEnd,
    PullEvent,
    Rejected,
)
from connector.port.tools import Clock

_HERE: Final = ZoneInfo("Europe/Amsterdam")
_KINDS: Final = {
    Kind.RECEIVABLES: (Resource.SALES, Resource.EXTERNAL),
    Kind.PAYABLES: (Resource.PURCHASE, Resource.RECEIPTS),
}
_PAGES: Final = 10  # between two checkpoints
_WHOLE: Final = 120  # so many requests find room in one window of the budget
_FEW: Final = 10  # so many may vanish and are asked for one by one
_UNLIKELY: Final = 5  # a fifth of what is known
_UNKEPT: Final = 0  # in place of a version that can't be kept: the record is read each time
_MOST_HELD: Final = 1000  # in one batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a pull was asked for.

    Attributes:
        full: Read everything again, whatever the cursor says.
        accept_empty: A person said that what vanished is meant to be gone.
        leave: Workflows that remind by themselves are left to do so.
    """

    full: bool = False
    accept_empty: bool = False
    leave: bool = False


@dataclass(slots=True)
class Pull:
    """One pull over all kinds of records; `cursor` is what is known so far."""

    source: Source
    clock: Clock
    cursor: Cursor
    wish: Wish
    is_fresh: bool  # nothing was known before
    was_lost: bool = False  # something was, and it can't be read any more
    warnings: tuple[Rejected, ...] = ()
    _book: PartyBook = field(init=False)
    _context: Context = field(init=False)
    _has_workflows: bool = False
    _requests: int = 0
    _pages: int = 0
    _told_pages: int = 0  # at the last checkpoint
    _is_whole: bool = False  # this pull reads everything from its start
    _is_complete: bool = True

    def __post_init__(self) -> None:
        self._book = PartyBook(self.cursor.known[Resource.CONTACTS])
        self._context = Context(workflows={}, leave=self.wish.leave)
        self._requests = self.source.requests

    def events(self) -> Iterator[PullEvent]:
        """Yield everything; what stops it half-way is raised after a checkpoint."""
        try:
            if self.warnings:
                yield Batch(warnings=self.warnings)
            yield from self._begin()
            self._read_workflows()
            for kind, resources in _KINDS.items():
                yield from self._kind(kind, resources)
            yield from self._contacts()
        except (RateLimitError, UnavailableError):
            yield Batch(checkpoint=self.cursor.write())
            raise
        except RefusedError as error:
            if self._sent == 1 and _is_absent(error):
                raise AuthorisationError(
                    "moneybird.administration_missing", administration=self.cursor.administration
                ) from error
            raise
        self.cursor.is_rereading = False
        if self._is_whole and self._is_complete:
            self.cursor.owes_snapshot = False
        yield PullEnd(cursor=self.cursor.write(), requests=self._sent)

    @property
    def _sent(self) -> int:
        return self.source.requests - self._requests

    def _begin(self) -> Iterator[Batch]:
        """Read everything when it was asked for, or is owed and can be done in one pass.

        What is missing may be closed after a pass that read everything in one go, and after no
        other: whoever keeps the items forgets what a stopped pass showed.
        """
        cursor = self.cursor
        if self.is_fresh:
            cursor.is_rereading = self._is_whole = True
            cursor.owes_snapshot = self.was_lost
        elif cursor.is_rereading:
            return  # a pass that was stopped; this one goes on with it
        elif self.wish.full or (cursor.owes_snapshot and self._has_room()):
            cursor.reread()
            self._is_whole = True
        elif cursor.owes_snapshot:
            yield Batch(warnings=(Rejected(where="cursor:0", reason="moneybird.snapshot_owed"),))

    def _has_room(self) -> bool:
        """Return whether everything that is known can be read in one window of the budget."""
        tables = [self.cursor.known[name].base for names in _KINDS.values() for name in names]
        return sum(1 - len(table) // -MOST_IDS for table in tables) < _WHOLE

    def _read_workflows(self) -> None:
        """Read them once a day; what changed in them makes the judgement of invoices void."""
        cursor, today = self.cursor, self.clock.now().astimezone(_HERE).date()
        is_void = cursor.leave != self.wish.leave
        if cursor.workflows is None or cursor.workflows_on != today:
            before = cursor.workflows or {}
            cursor.workflows, cursor.workflows_on = to_workflows(self.source.workflows()), today
            self._has_workflows = True
            is_void |= any(cursor.workflows.get(id_) != one for id_, one in before.items())
        if is_void:
            # Until they are read again the cursor says what they were judged by.
            sales = cursor.known[Resource.SALES]
            sales.doubt()
        cursor.leave = self.wish.leave
        self._context = replace(self._context, workflows=cursor.workflows)

    def _learn_workflows(self) -> None:
        """Take in those that were made since this morning; what changed is seen tomorrow."""
        known = {**to_workflows(self.source.workflows()), **self._context.workflows}
        self.cursor.workflows = known
        self._context = replace(self._context, workflows=known)
        self._has_workflows = True

    def _kind(self, kind: Kind, resources: Sequence[Resource]) -> Iterator[PullEvent]:
        passes = []
        for resource in resources:
            one = Pass(resource, self.clock.now())
            passes.append(one)
            yield from self._records(one)
        delivered = all(one.is_delivered for one in passes)
        complete = all(one.is_complete for one in passes)
        self._is_complete = self._is_complete and complete
        yield KindEnd(
            kind=kind,
            delivered=delivered,
            complete=complete,
            snapshot=delivered and self._is_whole,
            as_of=min(one.as_of for one in passes),
        )

    def _records(self, one: Pass) -> Iterator[Batch]:
        ledger = self.cursor.known[one.resource]
        try:
            listed, strange = self._listed(one.resource)
        except AuthorisationError as error:
            if one.resource not in _KINDS[Kind.PAYABLES] or error.code != "wire_forbidden":
                raise
            one.is_delivered = False
            yield Batch(warnings=(said(one.resource, "moneybird.payables_forbidden"),))
            return
        if strange:
            code, facts = "moneybird.number_too_large", {"field": "id"}
            yield Batch(
                held=tuple(item_id(one.resource, id_) for id_ in strange),
                rejected=tuple(said(one.resource, code, id_, facts) for id_ in strange),
            )
        wanted, gone = compare(listed, ledger.base)
        del listed  # a long list, and the reading takes long
        yield from self._read(one, wanted, are_gone=False)
        yield from self._read(one, gone, are_gone=True)
        yield from self._vanished(one)
        if one.unlisted > _FEW:
            one.is_complete = False
            facts = {"count": str(one.unlisted)}
            yield Batch(rejected=(said(one.resource, "moneybird.list_incomplete", 0, facts),))
        ledger.settle()
        yield from self._checkpoint()

    def _checkpoint(self) -> Iterator[Batch]:
        """Yield the cursor when records were read since it was last told."""
        if self._pages > self._told_pages:
            self._told_pages = self._pages
            yield Batch(checkpoint=self.cursor.write())

    def _listed(self, resource: Resource) -> tuple[Table, list[int]]:
        """Return what is open in order of id, and those ids that can't be kept."""
        listed, strange = Table(), list[int]()
        for id_, version in self.source.versions(resource, OPEN_FILTERS[resource]):
            if fits(id_):
                listed.add(id_, version if fits(version) else _UNKEPT)
            else:
                strange.append(id_)
        return listed.sort(), strange

    def _read(self, one: Pass, ids: "array[int]", *, are_gone: bool) -> Iterator[Batch]:
        for start in range(0, len(ids), MOST_IDS):
            page = ids[start : start + MOST_IDS]
            at = self.clock.now()
            found = {number_of(row.get("id")): row for row in self.source.fetch(one.resource, page)}
            batch = Page(
                one=one,
                ledger=self.cursor.known[one.resource],
                book=self._book,
                context=self._context_of(one.resource, list(found.values())),
                at=at,
                are_gone=are_gone,
            ).batch(page, found)
            self._pages += 1
            if self._pages - self._told_pages >= _PAGES:
                self._told_pages = self._pages
                batch = replace(batch, checkpoint=self.cursor.write())
            yield batch

    def _context_of(self, resource: Resource, rows: Sequence[Record]) -> Context:
        """Return what is known beside these records, which were read together."""
        if resource is not Resource.SALES:
            return self._context
        ids = {str(row.get("workflow_id")) for row in rows}
        if not self._has_workflows and not ids <= self._context.workflows.keys():
            self._learn_workflows()
        numbers = {
            str(row.get("id")): str(row["invoice_id"]) for row in rows if row.get("invoice_id")
        }
        return replace(self._context, numbers=numbers)

    def _vanished(self, one: Pass) -> Iterator[Batch]:
        """Say what became of records that were asked for and did not come."""
        ledger, ids = self.cursor.known[one.resource], one.missing.ids
        is_unlikely = len(ids) > _FEW and len(ids) * _UNLIKELY > len(ledger.base)
        if is_unlikely and not self.wish.accept_empty:
            one.is_complete = False
            facts = {"count": str(len(ids)), "known": str(len(ledger.base))}
            yield Batch(rejected=(said(one.resource, "moneybird.many_vanished", 0, facts),))
            for start in range(0, len(ids), _MOST_HELD):
                held = ids[start : start + _MOST_HELD]
                for id_ in held:
                    ledger.ask_again(id_)
                yield Batch(held=tuple(item_id(one.resource, id_) for id_ in held))
            return
        for id_ in ids:
            key = item_id(one.resource, id_)
            if not is_unlikely and self.source.exists(one.resource, id_):
                ledger.ask_again(id_)
                fault = said(one.resource, "moneybird.not_returned", id_)
                yield Batch(held=(key,), rejected=(fault,))
            else:
                ledger.drop(id_)
                yield Batch(removed=(key,))

    def _contacts(self) -> Iterator[PullEvent]:
        as_of = self.clock.now()
        is_complete = True
        self.cursor.keep_contacts()
        if not self._is_whole:  # else they came with the invoices
            contacts = ContactPass(self.source, self.clock, self.cursor, self._book)
            yield from contacts.batches()
            for resource, ids in contacts.to_read_again():
                one = Pass(resource, as_of)
                yield from self._read(one, ids, are_gone=False)
                yield from self._vanished(one)
                self.cursor.known[resource].settle()
                is_complete = is_complete and one.is_complete
            contacts.leave_lost()
            self.cursor.keep_contacts()
        yield from self._checkpoint()
        yield KindEnd(kind=Kind.PARTIES, delivered=True, complete=is_complete, as_of=as_of)


def _is_absent(error: RefusedError) -> bool:
    return error.code == "moneybird.not_found" or error.facts.get("status") == 404


def compare(listed: Table, known: Table) -> tuple["array[int]", "array[int]"]:
    """Return the ids that must be read, and those that are known and not listed.

    Args:
        listed: In order of id.
        known: In order of id.
    """
    wanted, gone = array("q"), array("q")
    at, end = 0, len(known)
    ids, versions = known.ids, known.versions
    for id_, version, _ in listed:
        while at < end and ids[at] < id_:
            gone.append(ids[at])
            at += 1
        is_known = at < end and ids[at] == id_
        if not is_known or versions[at] != version:
            wanted.append(id_)
        at += is_known
    gone.extend(ids[at:])
    return wanted, gone
