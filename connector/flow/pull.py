"""Pull: from the source into the store, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connector.flow.office import Administration
from connector.port.adapter import InspectedFile, Inspects
from connector.port.errors import AdapterError, RequestError
from connector.port.records import Batch, Kind, KindEnd, PullEnd, Rejected
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
    """Read the source to its end and store what changed, in one transaction.

    A source that fails half-way leaves the store as it was; what is missing from a complete pull
    is closed as not reported, unless it is an unlikely share: then a person must accept it.

    Raises:
        ConflictError: Somebody else is busy with this administration.
    """
    with desk.office.store.lock(desk.id):
        return pull_locked(desk, full=full, accept_closures=accept_closures)


def pull_locked(
    desk: Administration, *, full: bool = False, accept_closures: bool = False
) -> PullReport:
    """Pull under the lock of the administration, which the caller holds."""
    store, notes = desk.office.store, _Notes()
    try:
        with store.unit(desk.id) as unit:
            return _read(desk, unit, notes, full=full, accept_closures=accept_closures)
    except AdapterError as error:
        desk.office.log.warning("pull_failed", administration=desk.id, code=error.code)
        report = _report(desk, {kind: Counts() for kind in Kind}, notes, fault=error)
        with store.unit(desk.id) as unit:
            unit.books.abandon_pull(_as_stored(report))
        return report


def inspect(desk: Administration) -> Sequence[InspectedFile]:
    """Return what a pull would read; stores nothing.

    Raises:
        RequestError: The source can't be looked at without pulling.
    """
    adapter = desk.adapter
    if not isinstance(adapter, Inspects):
        raise RequestError("source_has_no_check", administration=desk.id)
    return adapter.inspect()


def _read(
    desk: Administration, unit: Unit, notes: _Notes, *, full: bool, accept_closures: bool
) -> PullReport:
    books = unit.books
    books.set_rehearsal(rehearsal=desk.office.settings.rehearsal)
    books.begin_pull()
    for event in desk.adapter.pull(books.cursor(), full=full, accept_empty=accept_closures):
        match event:
            case Batch():
                books.apply(event)
                notes.rejected += event.rejected
                notes.warnings += event.warnings
            case KindEnd():
                notes.incomplete |= not event.complete
                books.end_kind(event, accept_closures=accept_closures)
            case PullEnd():
                notes.ended = event
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
