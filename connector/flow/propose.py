"""Propose: evaluate the books by the policy and keep the plan in the ledger."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from connector.core.actions import Action, ActionStatus
from connector.core.evaluate import evaluate
from connector.core.findings import Attention
from connector.core.moment import distrust
from connector.core.plan import plan
from connector.core.policy.model import Mode, StepKind
from connector.core.proposal import Plan
from connector.core.reasons import Fact
from connector.core.snapshot import LiveAction, Snapshot
from connector.flow.office import Administration
from connector.port.records import ItemId, PartyRef
from connector.settings import ZONE
from connector.store import ActionRow, TaskKind, Unit

_OPEN = ("proposed", "approved", "failed")
_ASKED = (StepKind.CALL, StepKind.TASK)
_OF_PLAN = frozenset(
    {"track_changed", "hold_ended", "policy_changed", "exhausted", "old_item", "rejected",
     "unallocated_payment", "open_credit", "set_off", "address_missing"}
)  # fmt: skip
"""Points of attention that the plan makes, and that go when it no longer makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the policy proposes on a day, with where each action stands in the ledger.

    Attributes:
        statuses: Status per action id; an action that was only shown is `proposed`.
        stored: Whether the ledger was written: not for another day, nor in shadow mode.
        withdrawn: Action id and code of what was no longer wanted.
    """

    plan: Plan
    policy: str
    data_from: datetime | None
    statuses: Mapping[str, ActionStatus]
    stored: bool
    withdrawn: tuple[tuple[str, str], ...] = ()


def propose(
    desk: Administration, *, on: date | None = None, only_due: bool = False
) -> Proposal | None:
    """Evaluate and store the proposals; for another day than today only show them.

    Args:
        desk: The administration.
        on: The day; None is today.
        only_due: Look only at debtors for whom something may have changed; when there are none
            nothing is done at all and None is returned.
    """
    office = desk.office
    today = on or office.today
    if today != office.today:
        with desk.unit() as unit:
            return _shown(desk, unit, today)
    if only_due:
        with desk.unit() as unit:
            state = unit.books.state()
            if state.evaluated_on is not None and not unit.books.due_parties(today):
                return None
    with office.store.lock(desk.id), desk.unit(durable=True) as unit:
        return propose_in(desk, unit, today, only_due=only_due)


def propose_in(
    desk: Administration,
    unit: Unit,
    today: date,
    *,
    only_due: bool = False,
    parties: Collection[PartyRef] | None = None,
) -> Proposal:
    """Evaluate some debtors, or all, and bring the ledger in line with the plan.

    The caller holds the lock of the administration.
    """
    _restart(desk, unit)
    snapshot = unit.books.snapshot(desk.creditor, today, only_due=only_due, parties=parties)
    made = _planned(desk, snapshot, today)
    if desk.policy.mode is Mode.SHADOW:
        return _as_proposal(desk, unit, made, {}, stored=False)
    gone, heirs = _withdraw_unwanted(unit, snapshot, made)
    result = unit.ledger.propose(made.actions, today=today, policy=desk.policy.digest)
    for heir, before in heirs:
        _keep_approval(desk, unit, heir, before)
    unit.books.set_agenda(made.checks)
    _keep_attention(unit, made, snapshot)
    if parties is None:
        unit.books.set_evaluated(today, desk.policy.digest)
    if result.new or result.revived or gone:
        payload = {"on": today.isoformat(), "policy": desk.policy.digest,
                   "new": list(result.new), "revived": list(result.revived),
                   "withdrawn": [list(pair) for pair in gone]}  # fmt: skip
        unit.journal.add("planned", desk.id, payload, desk.office.actor)
    refused = {*result.refused, *result.rejected}
    made = replace(made, actions=tuple(a for a in made.actions if a.id not in refused))
    statuses = unit.ledger.statuses([action.id for action in made.actions])
    return _as_proposal(desk, unit, made, statuses, stored=True, withdrawn=gone)


def _restart(desk: Administration, unit: Unit) -> None:
    """Begin a new cycle where the policy says `restart`, once for each new due date."""
    for override in desk.policy.overrides:
        if override.restart and override.invoice is not None and override.due is not None:
            begun = unit.books.restart(override.invoice, override.due, by=desk.office.actor)
            if begun:
                payload = {"due": override.due.isoformat(), "reason": override.reason}
                unit.journal.add("restarted", override.invoice, payload, desk.office.actor)


def trust_points(desk: Administration, unit: Unit) -> list[Attention]:
    """Return, as points of attention, why the books can't be acted on at this moment."""
    reasons = distrust(unit.books.trust(), desk.policy.guards, desk.office.now, ZONE)
    points = [_point(desk, reason.code, reason.facts) for reason in reasons]
    if desk.policy_faults:
        first = desk.policy_faults[0].line
        points.append(
            _point(desk, "policy_faulty", {"count": len(desk.policy_faults), "line": first})
        )
    return points


def _point(desk: Administration, code: str, facts: Mapping[str, Fact]) -> Attention:
    return Attention(code=code, subject=desk.id, party=None, number=None, facts=facts)


def _shown(desk: Administration, unit: Unit, on: date) -> Proposal:
    snapshot = unit.books.snapshot(desk.creditor, on)
    live = {action.id: ActionStatus(action.status) for action in snapshot.live}
    return _as_proposal(desk, unit, _planned(desk, snapshot, on), live, stored=False)


def _planned(desk: Administration, snapshot: Snapshot, today: date) -> Plan:
    return plan(evaluate(snapshot, desk.policy, today), desk.policy, today)


def _as_proposal(
    desk: Administration,
    unit: Unit,
    made: Plan,
    statuses: Mapping[str, ActionStatus],
    *,
    stored: bool,
    withdrawn: tuple[tuple[str, str], ...] = (),
) -> Proposal:
    if made.on == desk.office.today:
        made = replace(made, attention=(*trust_points(desk, unit), *made.attention))
    return Proposal(
        plan=made,
        policy=desk.policy.digest,
        data_from=unit.books.state().data_from,
        statuses={a.id: statuses.get(a.id, ActionStatus.PROPOSED) for a in made.actions},
        stored=stored,
        withdrawn=withdrawn,
    )


def _withdraw_unwanted(
    unit: Unit, snapshot: Snapshot, made: Plan
) -> tuple[tuple[tuple[str, str], ...], list[tuple[Action, ActionRow]]]:
    """Withdraw what waits in the ledger and is no longer wanted; say why, and by what followed."""
    wanted = {action.id: action for action in made.actions}
    open_now = {item.id for item in snapshot.items}
    withheld = {entry.item: entry.reason.code for entry in made.withheld}
    gone: list[tuple[str, str]] = []
    heirs: list[tuple[Action, ActionRow]] = []
    for live in snapshot.live:
        if live.id in wanted or not _may_go(live, open_now):
            continue
        heir = _heir(live, wanted.values())
        if heir is not None and live.status == "approved":
            heirs.append((heir, unit.ledger.get(live.id)))
        code = _why_gone(unit, live, withheld, open_now)
        unit.ledger.withdraw(live.id, code, {"heir": heir.id} if heir else {})
        unit.tasks.drop_about(live.id)
        gone.append((live.id, code))
    return tuple(gone), heirs


def _may_go(live: LiveAction, open_now: Collection[ItemId]) -> bool:
    """Whether a plan may take it back: what waits, and calls about what is no longer open."""
    if live.status in _OPEN:
        return True
    asked = live.status == "sending" and live.kind in _ASKED
    return asked and not any(item in open_now for item, _, _ in live.items)


def _why_gone(
    unit: Unit, live: LiveAction, withheld: Mapping[ItemId, str], open_now: Collection[ItemId]
) -> str:
    items = [item for item, _, _ in live.items]
    if not any(item in open_now for item in items):
        return unit.books.item_state(items[0]).value
    return next((withheld[item] for item in items if item in withheld), "superseded")


def _heir(live: LiveAction, wanted: Iterable[Action]) -> Action | None:
    """Return the action that does the same for some of the same items, if there is one."""
    before = {(item, cycle) for item, cycle, _ in live.items}
    return next(
        (
            action
            for action in wanted
            if (action.party, action.currency, action.step)
            == (live.party, live.currency, live.step)
            and before >= {(item.id, item.cycle) for item in action.items}
        ),
        None,
    )


def _keep_approval(desk: Administration, unit: Unit, heir: Action, before: ActionRow) -> None:
    """Let a smaller action keep the approval that a person gave to the larger one."""
    if heir.total <= before.action.total and before.approved_by:
        unit.ledger.approve(heir.id, before.approved_by, desk.office.now)
        facts = {"before": before.id, "by": before.approved_by}
        unit.journal.add("approval_kept", heir.id, facts, desk.office.actor)


def _keep_attention(unit: Unit, made: Plan, snapshot: Snapshot) -> None:
    """Put what a person must look at on the list, and take off what has gone by itself."""
    now = {(point.code, point.subject, point.cycle): point for point in made.attention}
    for (code, subject, cycle), point in now.items():
        facts = {**point.facts, "party": point.party, "number": point.number}
        unit.tasks.ensure(TaskKind.ATTENTION, code, subject, cycle=cycle, facts=facts, due=made.on)
    looked_at = set(snapshot.parties)
    for task in unit.tasks.open():
        key = (task.code, task.subject, task.cycle)
        of_plan = task.code in _OF_PLAN and task.facts.get("party") in looked_at
        if of_plan and key not in now:
            unit.tasks.drop(task.id)
