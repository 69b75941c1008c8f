"""Act: what is approved and allowed at this moment leaves, after the books were read once more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from connector.core.actions import ActionStatus
from connector.core.moment import blockers
from connector.core.policy.model import Mode
from connector.core.reasons import Reason
from connector.flow.deliver import Outcome, perform, recover
from connector.flow.office import Administration
from connector.flow.propose import propose_in
from connector.port.errors import AdapterError
from connector.port.records import Batch
from connector.settings import ZONE
from connector.store import ActionRow, ItemQuery, ItemRow, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """An action that did not leave, and why."""

    id: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What one run of `act` came to."""

    administration: str
    delivered: tuple[Outcome, ...] = ()
    failed: tuple[Outcome, ...] = ()
    uncertain: tuple[Outcome, ...] = ()
    withdrawn: tuple[Stayed, ...] = ()
    waiting: tuple[Stayed, ...] = ()


def act(desk: Administration, *, dry_run: bool = False) -> Acted:
    """Perform what is approved and allowed now; with `dry_run` only tell what would happen.

    Raises:
        ConflictError: Somebody else is busy with this administration.
    """
    if dry_run:
        return _rehearse(desk)
    with desk.office.store.lock(desk.id):
        recovered = recover(desk)
        queue = _queue(desk)
        if not queue:
            return _summary(desk, recovered, (), ())
        stop = _stop(desk)
        if stop is not None:
            waiting = [Stayed(id=row.id, code=stop.code, facts=stop.facts) for row in queue]
            return _summary(desk, recovered, (), waiting)
        try:
            withdrawn = _read_again(desk, queue)
        except AdapterError as error:
            facts = {"error": error.code}
            waiting = [Stayed(id=r.id, code="source_unreadable", facts=facts) for r in queue]
            return _summary(desk, recovered, (), waiting)
        stop = _stop(desk)
        ready = _queue(desk)
        if stop is not None:
            waiting = [Stayed(id=row.id, code=stop.code, facts=stop.facts) for row in ready]
            return _summary(desk, recovered, withdrawn, waiting)
        outcomes = [perform(desk, row) for row in ready]
        lost = _unapproved(queue, ready, withdrawn)
        return _summary(desk, [*recovered, *outcomes], withdrawn, lost)


def _queue(desk: Administration) -> list[ActionRow]:
    """Return what is approved, and what failed before and may be tried again now."""
    now = desk.office.now
    with desk.office.store.unit(desk.id, reading=True) as unit:
        rows = unit.ledger.find(status=ActionStatus.APPROVED)
        for row in unit.ledger.find(status=ActionStatus.FAILED):
            known = {d.channel: d for d in unit.ledger.deliveries(row.id)}
            late = [d for d in known.values() if d.status is ActionStatus.FAILED]
            due = [d for d in late if d.next_attempt_at and d.next_attempt_at <= now]
            rerouted = [name for name in row.action.via if known and name not in known]
            if due or rerouted:
                rows.append(row)
    return sorted(rows, key=lambda row: (row.proposed_on, row.action.party, row.id))


def _stop(desk: Administration) -> Reason | None:
    """Return what keeps everything from leaving at this moment."""
    if desk.policy.mode is Mode.SHADOW:
        return Reason("shadow_mode")
    with desk.office.store.unit(desk.id, reading=True) as unit:
        found = blockers(unit.books.trust(), desk.policy.guards, desk.office.now, ZONE)
    return found[0] if found else None


def _read_again(desk: Administration, queue: Sequence[ActionRow]) -> tuple[Stayed, ...]:
    """Read the debtors' items from the source, plan again, and say what was withdrawn.

    Raises:
        AdapterError: The source can't be read, or not all that is asked for.
    """
    parties = {row.action.party for row in queue}
    store = desk.office.store
    with store.unit(desk.id, reading=True) as unit:
        ids = [item.id for ref in sorted(parties) for item in _open_of(unit, ref)]
    seen = desk.adapter.refresh(ids)
    if seen.unreadable:
        facts = {"count": len(seen.unreadable)}
        desk.office.log.warning("refresh_incomplete", administration=desk.id, **facts)
    with store.unit(desk.id, durable=True) as unit:
        unit.books.apply_refreshed(
            Batch(items=seen.items, held=seen.unreadable, rejected=seen.rejected), seen.gone
        )
        made = propose_in(desk, unit, desk.office.today, parties=parties)
    return tuple(Stayed(id=id_, code=code) for id_, code in made.withdrawn)


def _open_of(unit: Unit, party: str) -> list[ItemRow]:
    return [item for item in unit.books.items(ItemQuery(debtor=party)) if item.party == party]


def _unapproved(
    before: Sequence[ActionRow],
    ready: Sequence[ActionRow],
    withdrawn: Sequence[Stayed],
) -> list[Stayed]:
    """Return what lost its approval because it grew when it was read again."""
    known = {row.id for row in ready} | {stayed.id for stayed in withdrawn}
    return [Stayed(id=row.id, code="approval_lost") for row in before if row.id not in known]


def _rehearse(desk: Administration) -> Acted:
    queue, stop = _queue(desk), _stop(desk)
    reason = stop or Reason("would_leave")
    waiting = [Stayed(id=row.id, code=reason.code, facts=reason.facts) for row in queue]
    return _summary(desk, [], (), waiting)


def _summary(
    desk: Administration,
    outcomes: Sequence[Outcome],
    withdrawn: Collection[Stayed],
    waiting: Collection[Stayed],
) -> Acted:
    def of(status: ActionStatus) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in outcomes if outcome.status is status)

    asked = [
        Stayed(id=outcome.row.id, code=outcome.code or "task_open", facts=outcome.facts)
        for outcome in of(ActionStatus.SENDING)
    ]
    return Acted(
        administration=desk.id,
        delivered=of(ActionStatus.DELIVERED),
        failed=of(ActionStatus.FAILED),
        uncertain=of(ActionStatus.UNCERTAIN),
        withdrawn=tuple(withdrawn),
        waiting=(*waiting, *asked),
    )
