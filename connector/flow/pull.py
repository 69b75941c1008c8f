"""Pull: from the source into the store.

What is read from a disk goes in whole or not at all, in one transaction. What comes over a network
goes in block by block: each with the checkpoint from which the next pull goes on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from connector.flow.bounces import note_bounces
from connector.flow.office import Administration
from connector.port.adapter import (
    InspectedFile,
    Inspects,
    KnowsBooks,
    RefreshesByPull,
    RereadsWhole,
)
from connector.port.errors import AdapterError, RequestError
from connector.port.records import Batch, Kind, KindEnd, PullEnd, PullEvent, Rejected
from connector.store import Counts, TotalsCheck, Unit, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class PullReport:
    """What a pull of one administration did.

    Attributes:
        complete: Every kind was read to its end without an error.
        waiting: Closures that a person must accept.
        fault: Why the source could not be read; nothing was changed then.
    """

    administration: str
    complete: bool
    counts: Mapping[Kind, Counts]
    requests: int = 0
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[Rejected, ...] = ()
    totals: tuple[TotalsCheck, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    fault: AdapterError | None = None

    @property
    def is_clean(self) -> bool:
        """Whether nothing was held, refused or left waiting."""
        return self.complete and not self.rejected and not self.waiting and self.fault is None


@dataclass(slots=True)
class _Notes:
    """What is collected while the events pass by."""

    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Rejected] = field(default_factory=list)
    incomplete: bool = False
    ended: PullEnd | None = None


def pull(desk: Administration, *, full: bool = False, accept_closures: bool = False) -> PullReport:
    """Read the source to its end and store what changed.

    A source that fails half-way leaves the store as it was, or as it was at its last checkpoint;
    what is missing from a complete pull is closed as not reported, unless it is an unlikely share:
    then a person must accept it.

    Raises:
        ConflictError: Somebody else is busy with this administration.
    """
    with desk.office.store.lock(desk.id):
        return pull_locked(desk, full=full, accept_closures=accept_closures)


def pull_locked(
    desk: Administration, *, full: bool = False, accept_closures: bool = False
) -> PullReport:
    """Pull under the lock of the administration, which the caller holds."""
    events = desk.adapter.pull(_begin(desk), full=full, accept_empty=accept_closures)
    return _taken_in(desk, events, accept_closures=accept_closures)


def pull_now(desk: Administration, adapter: RefreshesByPull) -> PullReport:
    """Pull right before acting, under the lock of the administration, which the caller holds."""
    return _taken_in(desk, adapter.pull_now(_begin(desk)), accept_closures=False)


def _taken_in(
    desk: Administration, events: Iterable[PullEvent], *, accept_closures: bool
) -> PullReport:
    reading = _Reading(desk, accept_closures=accept_closures)
    try:
        if isinstance(desk.adapter, RereadsWhole):
            return reading.whole(events)
        return reading.in_blocks(events)
    except AdapterError as error:
        desk.office.log.warning("pull_failed", administration=desk.id, code=error.code)
        return reading.broken(error)


def inspect(desk: Administration) -> Sequence[InspectedFile]:
    """Return what a pull would read; stores nothing.

    Raises:
        RequestError: The source can't be looked at without pulling.
    """
    adapter = desk.adapter
    if not isinstance(adapter, Inspects):
        raise RequestError("source_has_no_check", administration=desk.id)
    return adapter.inspect()


def hold_to_books(desk: Administration, unit: Unit) -> None:
    """Refuse to mix the books of another firm with what is known.

    Raises:
        RequestError: The settings name other books than were pulled first (`other_books`).
    """
    known, now = unit.books.state().source, _books_of(desk)
    if known is not None and known != now:
        raise RequestError("other_books", administration=desk.id, known=known, now=now or "-")


def _books_of(desk: Administration) -> str | None:
    return desk.adapter.books if isinstance(desk.adapter, KnowsBooks) else None


def _begin(desk: Administration) -> str | None:
    """Start a pull and return the cursor that it goes on from."""
    with desk.office.store.unit(desk.id, reading=True) as unit:
        hold_to_books(desk, unit)
        unit.books.begin_pull()
        return unit.books.cursor()


class _Reading:
    """One pull: events go into the store, and what is worth telling into the report."""

    def __init__(self, desk: Administration, *, accept_closures: bool) -> None:
        self._desk = desk
        self._accept = accept_closures
        self._notes = _Notes()

    def whole(self, events: Iterable[PullEvent]) -> PullReport:
        """Store everything in one transaction."""
        with self._unit() as unit:
            for event in events:
                self._store(unit, event)
            return self._finish(unit)

    def in_blocks(self, events: Iterable[PullEvent]) -> PullReport:
        """Store what came since the last checkpoint together with the next one.

        No transaction is open while the remote is waited for. What came after the last checkpoint
        is left out when the source fails, and comes again.
        """
        waiting: list[PullEvent] = []
        for event in events:
            waiting.append(event)
            if isinstance(event, Batch) and event.checkpoint is not None:
                with self._unit() as unit:
                    for one in waiting:
                        self._store(unit, one)
                    unit.books.save_checkpoint(event.checkpoint)
                waiting.clear()
        with self._unit() as unit:
            for one in waiting:
                self._store(unit, one)
            return self._finish(unit)

    def broken(self, fault: AdapterError) -> PullReport:
        """Keep that the source could not be read to its end."""
        with self._desk.office.store.unit(self._desk.id) as unit:
            kept = not isinstance(self._desk.adapter, RereadsWhole)
            counts = unit.books.counts() if kept else {kind: Counts() for kind in Kind}
            report = _report(self._desk, counts, self._notes, fault=fault)
            unit.books.abandon_pull(_as_stored(report))
        return report

    @contextmanager
    def _unit(self) -> Iterator[Unit]:
        office = self._desk.office
        with office.store.unit(self._desk.id) as unit:
            unit.books.set_rehearsal(rehearsal=office.settings.rehearsal)
            if (books := _books_of(self._desk)) is not None:
                unit.books.set_source(books)
            yield unit

    def _store(self, unit: Unit, event: PullEvent) -> None:
        notes = self._notes
        match event:
            case Batch():
                unit.books.apply(event)
                notes.rejected += event.rejected
                notes.warnings += event.warnings
                note_bounces(self._desk, unit, event.bounces)
            case KindEnd():
                notes.incomplete |= not event.complete
                unit.books.end_kind(event, accept_closures=self._accept)
            case PullEnd():
                notes.ended = event

    def _finish(self, unit: Unit) -> PullReport:
        desk, notes, books = self._desk, self._notes, unit.books
        if notes.ended is None:
            raise AdapterError("pull_without_end", administration=desk.id)
        report = _report(desk, books.counts(), notes)
        books.finish_pull(notes.ended, _as_stored(report))
        state = books.state()
        report = _report(desk, books.counts(), notes, totals=state.totals, waiting=state.waiting)
        unit.journal.add("pulled", desk.id, _as_stored(report), desk.office.actor)
        return report


def _report(
    desk: Administration,
    counts: Mapping[Kind, Counts],
    notes: _Notes,
    *,
    totals: tuple[TotalsCheck, ...] = (),
    waiting: tuple[Waiting, ...] = (),
    fault: AdapterError | None = None,
) -> PullReport:
    return PullReport(
        administration=desk.id,
        complete=fault is None and not notes.incomplete,
        counts=counts,
        requests=notes.ended.requests if notes.ended else 0,
        rejected=tuple(notes.rejected),
        warnings=tuple(notes.warnings),
        totals=totals,
        waiting=waiting,
        fault=fault,
    )


def _as_stored(report: PullReport) -> dict[str, object]:
    """Return the report as the store and the journal keep it: counts and places, no names."""
    return {
        "complete": report.complete,
        "requests": report.requests,
        "counts": {
            kind.value: {name: getattr(counts, name) for name in counts.__slots__}
            for kind, counts in report.counts.items()
        },
        "rejected": [{"where": r.where, "reason": r.reason} for r in report.rejected[:1000]],
        "warnings": len(report.warnings),
        "fault": report.fault.code if report.fault else None,
    }
