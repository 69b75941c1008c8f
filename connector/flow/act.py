"""Act: what is approved and allowed at this moment leaves, after the books were read once more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from connector.core.actions import ActionStatus
from connector.core.moment import blockers
from connector.core.policy.model import Mode
from connector.core.reasons import Fact, Reason
from connector.flow.conclude import is_half_sent
from connector.flow.deliver import Outcome, perform, recover
from connector.flow.office import Administration
from connector.flow.propose import propose_in, still_wanted
from connector.flow.pull import PullReport, hold_to_books, pull_locked, pull_now
from connector.flow.record import empty_outbox, take_over
from connector.port.adapter import RefreshesByPull, RereadsWhole
from connector.port.errors import AdapterError
from connector.port.records import Batch, ItemId, PartyRef
from connector.settings import ZONE
from connector.store import ActionRow, ItemQuery, TaskKind, Unit


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
        acted = _act(desk)
        empty_outbox(desk)
        return acted


def _act(desk: Administration) -> Acted:
    recovered = recover(desk)
    queue = _queue(desk)
    stop = _stop(desk) if queue else None
    if not queue or stop is not None:
        return _summary(desk, recovered, (), _all_wait(queue, stop))
    try:
        withdrawn = _read_again(desk, queue)
    except AdapterError as error:
        away = Reason("source_unreadable", _told(desk, error))
        return _summary(desk, recovered, (), _all_wait(queue, away))
    parties = {row.action.party for row in queue}
    ready = [row for row in _queue(desk) if row.action.party in parties]
    outcomes, waiting = _perform_all(desk, ready)
    lost = _unapproved(queue, ready, withdrawn)
    return _summary(desk, [*recovered, *outcomes], withdrawn, [*waiting, *lost])


def _told(desk: Administration, error: AdapterError) -> dict[str, Fact]:
    """Return the error as facts: what its own sentence asks for comes along."""
    facts = {name: value for name, value in error.facts.items() if isinstance(value, str | int)}
    return {**facts, "error": error.code, "administration": desk.id}


def _queue(desk: Administration) -> list[ActionRow]:
    """Return what is approved, and what failed before and may be tried again now."""
    now = desk.office.now
    with desk.office.store.unit(desk.id, reading=True) as unit:
        rows = unit.ledger.find(status=ActionStatus.APPROVED)
        for row in unit.ledger.find(status=(ActionStatus.FAILED, ActionStatus.SENDING)):
            known = {d.channel: d for d in unit.ledger.deliveries(row.id)}
            if row.status is ActionStatus.SENDING and not is_half_sent(known.values()):
                continue
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
        for_others = desk.office.settings.office.acting_for_others
        found = blockers(
            unit.books.trust(), desk.policy.guards, desk.office.now, ZONE, for_others=for_others
        )
    return found[0] if found else None


def _all_wait(queue: Sequence[ActionRow], reason: Reason | None) -> list[Stayed]:
    if reason is None:
        return []
    return [Stayed(id=row.id, code=reason.code, facts=reason.facts) for row in queue]


def _read_again(desk: Administration, queue: Sequence[ActionRow]) -> tuple[Stayed, ...]:
    """Read the debtors' items from the source, plan again, and say what was withdrawn.

    Where reading costs no requests everything is pulled: a payment or credit note that came since
    then counts too, and the guards of a pull hold. Else the known items are asked for; one that
    the source no longer shows is held until a pull says what became of it.

    Raises:
        AdapterError: The source can't be read.
    """
    parties = {row.action.party for row in queue}
    store = desk.office.store
    report = _pulled(desk)
    if report is None:
        _refresh(desk, parties)
    elif report.fault is not None:
        raise report.fault
    with store.unit(desk.id, durable=True) as unit:
        made = propose_in(desk, unit, desk.office.today, parties=parties)
    return tuple(Stayed(id=id_, code=code) for id_, code in made.withdrawn)


def _pulled(desk: Administration) -> PullReport | None:
    """Pull where that is how items are read again, else return None."""
    match desk.adapter:
        case RefreshesByPull() as adapter:
            return pull_now(desk, adapter)
        case RereadsWhole():
            return pull_locked(desk)
        case _:
            return None


def _refresh(desk: Administration, parties: Collection[PartyRef]) -> None:
    store = desk.office.store
    with store.unit(desk.id, reading=True) as unit:
        hold_to_books(desk, unit)
        ids = [item for ref in sorted(parties) for item in _open_of(unit, ref)]
    seen = desk.adapter.refresh(ids)
    held = (*seen.unreadable, *seen.gone)
    with store.unit(desk.id, durable=True) as unit:
        unit.books.apply_refreshed(Batch(items=seen.items, held=held, rejected=seen.rejected))


def _open_of(unit: Unit, party: PartyRef) -> list[ItemId]:
    return [item.id for item in unit.books.items(ItemQuery(debtor=party)) if item.party == party]


def _perform_all(
    desk: Administration, ready: Sequence[ActionRow]
) -> tuple[list[Outcome], list[Stayed]]:
    """Perform one action after the other, as long as the moment allows."""
    outcomes: list[Outcome] = []
    waiting: list[Stayed] = []
    for row in ready:
        stop = _stop(desk) or _changed(desk, row) or take_over(desk, row)
        stop = stop or _patience(outcomes)
        if stop is None:
            outcomes.append(perform(desk, row))
        else:
            waiting.append(Stayed(id=row.id, code=stop.code, facts=stop.facts))
    return outcomes, waiting


def _patience(outcomes: Sequence[Outcome]) -> Reason | None:
    """Return that the package has no more requests for us now, as the last action found out."""
    last = outcomes[-1] if outcomes else None
    if last is None or last.code is None or "after" not in last.facts:
        return None
    return Reason(last.code, {name: str(value) for name, value in last.facts.items()})


def _changed(desk: Administration, row: ActionRow) -> Reason | None:
    """Return why the rest of a half-sent action may not follow: it is not what the plan wants now.

    The other channel must say what the first one said; when that is no longer so a person decides.
    """
    if row.status is not ActionStatus.SENDING:
        return None
    with desk.office.store.unit(desk.id, durable=True) as unit:
        if still_wanted(desk, unit, row):
            return None
        facts = {"party": row.action.party, "name": row.action.party_name, "action": row.id}
        unit.tasks.ensure(
            TaskKind.ATTENTION, "half_sent_changed", row.id, cycle=0, facts=facts,
            due=desk.office.today,
        )  # fmt: skip
    return Reason("half_sent_changed", {"action": row.id})


def _unapproved(
    before: Sequence[ActionRow], ready: Sequence[ActionRow], withdrawn: Sequence[Stayed]
) -> list[Stayed]:
    """Return what lost its approval because it grew when it was read again."""
    known = {row.id for row in ready} | {stayed.id for stayed in withdrawn}
    return [Stayed(id=row.id, code="approval_lost") for row in before if row.id not in known]


def _rehearse(desk: Administration) -> Acted:
    queue, stop = _queue(desk), _stop(desk)
    return _summary(desk, [], (), _all_wait(queue, stop or Reason("would_leave")))


def _summary(
    desk: Administration,
    outcomes: Sequence[Outcome],
    withdrawn: Collection[Stayed],
    waiting: Collection[Stayed],
) -> Acted:
    def of(status: ActionStatus) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in outcomes if outcome.status is status)

    open_ = of(ActionStatus.SENDING)
    asked = [
        Stayed(id=outcome.row.id, code=outcome.code or "task_open", facts=outcome.facts)
        for outcome in open_
        if not outcome.is_trouble
    ]
    half = [outcome for outcome in open_ if outcome.is_trouble]
    return Acted(
        administration=desk.id,
        delivered=of(ActionStatus.DELIVERED),
        failed=(*of(ActionStatus.FAILED), *half),
        uncertain=of(ActionStatus.UNCERTAIN),
        withdrawn=tuple(withdrawn),
        waiting=(*waiting, *asked),
    )
