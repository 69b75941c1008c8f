"""Propose: evaluate the books by the policy and keep the plan in the ledger."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from connector.core.actions import Action, ActionStatus, says_the_same
from connector.core.evaluate import evaluate
from connector.core.findings import Attention
from connector.core.moment import distrust
from connector.core.plan import plan
from connector.core.policy.model import Mode, StepKind
from connector.core.proposal import Plan, WithheldClaim
from connector.core.reasons import Fact, Reason
from connector.core.snapshot import LiveAction, Snapshot
from connector.flow.charging import keep_changes, tell_agency
from connector.flow.office import Administration
from connector.port.records import ItemId, PartyRef
from connector.settings import ZONE
from connector.store import ActionRow, TaskKind, Unit

_OPEN = ("proposed", "approved", "failed")
_ASKED = (StepKind.CALL, StepKind.TASK)
_OF_PLAN = frozenset(
    {"track_changed", "hold_ended", "policy_changed", "exhausted", "old_item", "rejected",
     "unallocated_payment", "open_credit", "set_off", "address_missing", "due_date_missing",
     "step_taken", "not_in_default", "notice_missing", "foreign_law", "office_unregistered",
     "agency_unregistered", "time_barred", "nothing_to_announce", "charges_open", "charges_paid",
     "agency_payment", "agency_dispute", "notice_void", "charges_refund"}
)  # fmt: skip
"""Points of attention that the plan makes, and that go when it no longer makes them."""
_ONCE = "old_item"  # a person looked at it: the claim then joins the ladder


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
        return _as_proposal(desk, unit, made, snapshot, {})
    keep_changes(desk, unit, made.charges)
    gone, heirs = _withdraw_unwanted(unit, snapshot, made)
    result = unit.ledger.propose(made.actions, today=today, policy=desk.policy.digest)
    made = replace(made, actions=tuple(result.waiting.get(a.id, a) for a in made.actions))
    made = _without_refused(made, {*result.refused, *result.rejected})
    for heir, before in heirs:
        _keep_approval(desk, unit, heir, before)
    unit.books.set_agenda(made.checks)
    tell_agency(unit, made.on)
    _keep_attention(unit, made, snapshot, whole=parties is None and not only_due)
    if parties is None:
        unit.books.set_evaluated(today, desk.policy.digest)
    if result.new or result.revived or gone:
        payload = {"on": today.isoformat(), "policy": desk.policy.digest,
                   "new": list(result.new), "revived": list(result.revived),
                   "withdrawn": [list(pair) for pair in gone]}  # fmt: skip
        unit.journal.add("planned", desk.id, payload, desk.office.actor)
    if _calls_ended(snapshot, gone):  # what is left of a call comes anew
        again = propose_in(desk, unit, today, parties=parties)
        return replace(again, withdrawn=(*gone, *again.withdrawn))
    statuses = unit.ledger.statuses([action.id for action in made.actions])
    shown = _as_proposal(desk, unit, made, snapshot, statuses)
    return replace(shown, stored=True, withdrawn=gone)


def _calls_ended(snapshot: Snapshot, gone: Collection[tuple[str, str]]) -> bool:
    ended = {id_ for id_, _ in gone}
    return any(
        live.id in ended and live.kind in _ASKED and live.status == "sending"
        for live in snapshot.live
    )


def _without_refused(made: Plan, refused: Collection[str]) -> Plan:
    """Return the plan without what the ledger would not take: that waits for a person, in sight."""
    if not refused:
        return made
    withheld, points = list(made.withheld), list(made.attention)
    for action in made.actions:
        for item in action.items if action.id in refused else ():
            facts: dict[str, Fact] = {"step": item.step}
            withheld.append(
                WithheldClaim(
                    party=action.party,
                    party_name=action.party_name,
                    item=item.id,
                    number=item.number,
                    step=item.step,
                    reason=Reason("step_taken", facts),
                )
            )
            points.append(
                Attention(
                    code="step_taken",
                    subject=item.id,
                    party=action.party,
                    number=item.number,
                    cycle=item.cycle,
                    facts=facts,
                )
            )
    actions = tuple(action for action in made.actions if action.id not in refused)
    return replace(made, actions=actions, withheld=tuple(withheld), attention=tuple(points))


def _restart(desk: Administration, unit: Unit) -> None:
    """Begin a new cycle where the policy says `restart`, once for each new due date."""
    for override in desk.policy.overrides:
        if override.restart and override.invoice is not None and override.due is not None:
            begun = unit.books.restart(override.invoice, override.due, by=desk.office.actor)
            if begun:
                payload = {"due": override.due.isoformat(), "reason": override.reason}
                unit.journal.add("restarted", override.invoice, payload, desk.office.actor)


def still_wanted(desk: Administration, unit: Unit, row: ActionRow) -> bool:
    """Whether the plan would make this very action now, were it not on its way already."""
    today = desk.office.today
    snapshot = unit.books.snapshot(desk.creditor, today, parties=[row.action.party])
    others = tuple(live for live in snapshot.live if live.id != row.id)
    made = _planned(desk, replace(snapshot, live=others), today)
    same = next((action for action in made.actions if action.id == row.id), None)
    return same is not None and says_the_same(same, row.action)


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
    return _as_proposal(desk, unit, _planned(desk, snapshot, on), snapshot, live)


def _planned(desk: Administration, snapshot: Snapshot, today: date) -> Plan:
    """Return the plan with all its points of attention, also those that a person has seen.

    Whether a point still stands must be known, so that it is raised again when it comes back.
    """
    seen = frozenset(key for key in snapshot.seen if key[0] == _ONCE)
    findings = evaluate(replace(snapshot, seen=seen), desk.policy, desk.law, today)
    return plan(findings, desk.policy, today)


def _as_proposal(
    desk: Administration,
    unit: Unit,
    made: Plan,
    snapshot: Snapshot,
    statuses: Mapping[str, ActionStatus],
) -> Proposal:
    points = [p for p in made.attention if (p.code, p.subject, p.cycle) not in snapshot.seen]
    if made.on == desk.office.today:
        points = [*trust_points(desk, unit), *points]
    return Proposal(
        plan=replace(made, attention=tuple(points)),
        policy=desk.policy.digest,
        data_from=unit.books.state().data_from,
        statuses={a.id: statuses.get(a.id, ActionStatus.PROPOSED) for a in made.actions},
        stored=False,
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
        if live.id in wanted or not _may_go(live, open_now, withheld):
            continue
        heir = _heir(live, wanted.values())
        if heir is not None and live.status == "approved":
            heirs.append((heir, unit.ledger.get(live.id)))
        code = _why_gone(unit, live, withheld, open_now)
        unit.ledger.withdraw(live.id, code, {"heir": heir.id} if heir else {})
        unit.tasks.drop_about(live.id)
        gone.append((live.id, code))
    return tuple(gone), heirs


def _may_go(live: LiveAction, open_now: Collection[ItemId], withheld: Mapping[ItemId, str]) -> bool:
    """Whether a plan may take it back: what waits, and calls about what is settled or held."""
    if live.status in _OPEN:
        return True
    asked = live.status == "sending" and live.kind in _ASKED
    return asked and any(
        item not in open_now or withheld.get(item, "in_flight") != "in_flight"
        for item, _, _ in live.items
    )


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
    asked = {item.id: item.open for item in before.action.items}
    is_smaller = all(item.open <= asked[item.id] for item in heir.items)
    was = before.action
    same = (heir.kind, heir.to, heir.approval, heir.term_days, heir.term_business) == (
        was.kind, was.to, was.approval, was.term_days, was.term_business,
    )  # fmt: skip
    if is_smaller and same and heir.total <= before.action.total and before.approved_by:
        unit.ledger.approve(heir.id, before.approved_by, desk.office.now)
        facts = {"before": before.id, "by": before.approved_by}
        unit.journal.add("approval_kept", heir.id, facts, desk.office.actor)


def _keep_attention(unit: Unit, made: Plan, snapshot: Snapshot, *, whole: bool) -> None:
    """Put what a person must look at on the list, and take off what has gone by itself.

    What a person has dealt with stays off as long as the plan goes on raising it, and is raised
    again when it went and came back. A look at the whole books sees also who owes nothing any more.
    """
    known = {(t.code, t.subject, t.cycle): t for t in unit.tasks.of_codes(_OF_PLAN)}
    now = {(point.code, point.subject, point.cycle): point for point in made.attention}
    for (code, subject, cycle), point in now.items():
        if (code, subject, cycle) in known:
            continue
        party = snapshot.parties.get(point.party) if point.party else None
        facts = {
            **point.facts,
            "party": point.party,
            "name": party.name if party else None,
            "number": point.number,
        }
        unit.tasks.ensure(TaskKind.ATTENTION, code, subject, cycle=cycle, facts=facts, due=made.on)
    looked_at = set(snapshot.parties)
    for key, task in known.items():
        is_over = (whole or task.facts.get("party") in looked_at) and key not in now
        if is_over and not (task.code == _ONCE and task.done_at is not None):
            unit.tasks.clear(task.code, task.subject, cycle=task.cycle)
