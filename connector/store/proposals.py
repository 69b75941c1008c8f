"""Proposing in bulk: the ledger is brought in line with what the plan wants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from connector.core.actions import Action, ActionStatus, Approval, says_the_same
from connector.core.policy.model import StepKind
from connector.core.reasons import Fact
from connector.store.paperwork import ProposalResult, ProposedAction
from connector.store.payloads import action_of, action_text, facts_text
from connector.store.session import Session

_COLUMNS: Final = (
    "administration", "id", "status", "party", "currency", "track", "step", "kind", "message",
    "first_run", "total_minor", "payload", "policy", "proposed_on", "approved_by", "approved_at",
    "delivered_on", "attempts", "error", "code", "facts", "ended_by", "changed_at",
)  # fmt: skip
_LINES: Final = ("administration", "action", "item", "cycle", "step", "live")
_MAKES_ROOM: Final = frozenset({ActionStatus.PROPOSED, ActionStatus.APPROVED})
_REFRESHED: Final = _MAKES_ROOM | {ActionStatus.FAILED}
_STRICTNESS: Final = (
    Approval.AUTOMATIC, Approval.REQUIRED, Approval.INDIVIDUAL, Approval.SHADOW,
)  # fmt: skip
_Line = tuple[str, int, str]  # item, cycle, step


@dataclass(slots=True)
class _Present:
    """An action that is in the ledger."""

    id: str
    status: ActionStatus
    payload: str
    proposed_on: str
    approved_by: str | None
    approved_at: str | None
    attempts: int
    error: str | None


@dataclass(slots=True)
class _Outcome:
    """What becomes of the plan's actions."""

    new: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unapproved: list[str] = field(default_factory=list)
    revived: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    waiting: dict[str, Action] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def result(self) -> ProposalResult:
        return ProposalResult(
            new=tuple(self.new),
            kept=tuple(self.kept),
            unapproved=tuple(self.unapproved),
            revived=tuple(self.revived),
            rejected=tuple(self.rejected),
            refused=tuple(self.refused),
            superseded=tuple(self.superseded),
            waiting=self.waiting,
        )


def propose(
    session: Session, actions: Sequence[ProposedAction], *, today: date, policy: str
) -> ProposalResult:
    """Insert, refresh, revive or leave alone; see `Ledger.propose`."""
    session.serialise()
    wanted = {action.id: action for action in actions}
    present = _present(session, wanted)
    taken = _taken(session, wanted.values())
    half = _half_sent(session, present)
    holders = _present(session, dict.fromkeys(set(taken.values()) - wanted.keys()))
    outcome = _Outcome()
    how = (session.administration, today.isoformat(), policy, session.now())
    for action in wanted.values():
        old = present.get(action.id)
        if old is not None and _left_alone(action, old, outcome, half):
            continue
        if not _make_room(action, taken, holders, outcome):
            (outcome.refused if old is None or not _is_live(old) else outcome.kept).append(
                action.id
            )
            continue
        _take(action, old, how, outcome)
    withdraw_all(session, outcome.superseded, "superseded", {})
    session.write(
        "DELETE FROM action_item WHERE administration = {mark} AND action = {mark}",
        [(session.administration, key) for key in outcome.replaced],
    )
    session.upsert("action", outcome.rows, _COLUMNS)
    session.upsert("action_item", outcome.lines, _LINES)
    return outcome.result()


def withdraw_all(
    session: Session, ids: Sequence[str], code: str, facts: Mapping[str, Fact]
) -> None:
    """Withdraw these actions, whatever their state; their items are free again."""
    text, now = facts_text(facts), session.now()
    session.write(
        "UPDATE action SET status = 'withdrawn', code = {mark}, facts = {mark}, "
        "changed_at = {mark} WHERE administration = {mark} AND id = {mark}",
        [(code, text, now, session.administration, key) for key in ids],
    )
    session.write(
        "UPDATE action_item SET live = {mark} WHERE administration = {mark} AND action = {mark}",
        [(False, session.administration, key) for key in ids],
    )


def _present(session: Session, ids: Mapping[str, object]) -> dict[str, _Present]:
    rows = session.select_in(
        "SELECT id, status, payload, proposed_on, approved_by, approved_at, attempts, error "
        "FROM action WHERE administration = {mark} AND id {keys}",
        list(ids),
        session.administration,
    )
    return {row[0]: _Present(row[0], ActionStatus(row[1]), *row[2:]) for row in rows}


def _taken(session: Session, actions: Any) -> dict[_Line, str]:  # noqa: ANN401
    items = {item.id for action in actions for item in action.items}
    rows = session.select_in(
        "SELECT item, cycle, step, action FROM action_item WHERE administration = {mark} "
        "AND live AND item {keys}",
        sorted(items),
        session.administration,
    )
    return {(item, cycle, step): action for item, cycle, step, action in rows}


def _is_live(old: _Present) -> bool:
    return old.status not in (ActionStatus.WITHDRAWN, ActionStatus.REJECTED)


def _half_sent(session: Session, present: Mapping[str, _Present]) -> set[str]:
    """Return the failed actions of which one channel did deliver: they stay as they went out."""
    failed = [key for key, old in present.items() if old.status is ActionStatus.FAILED]
    rows = session.select_in(
        "SELECT DISTINCT action FROM delivery WHERE administration = {mark} "
        "AND status = 'delivered' AND action {keys}",
        failed,
        session.administration,
    )
    return {row[0] for row in rows}


def _left_alone(action: Action, old: _Present, outcome: _Outcome, half: set[str]) -> bool:
    if old.status is ActionStatus.REJECTED:
        outcome.rejected.append(action.id)
        return True
    if old.status is ActionStatus.WITHDRAWN:
        return False
    if old.status not in _REFRESHED or action.id in half or old.payload == action_text(action):
        outcome.kept.append(action.id)
        return True
    shown = action_of(old.payload)
    if says_the_same(action, shown):
        outcome.kept.append(action.id)
        outcome.waiting[action.id] = shown
        return True
    return False


def _make_room(
    action: Action,
    taken: dict[_Line, str],
    holders: Mapping[str, _Present],
    outcome: _Outcome,
) -> bool:
    """Claim the action's lines; older proposals outside the plan give way, others don't."""
    lines = [(item.id, item.cycle, item.step) for item in action.items]
    others = {taken[line] for line in lines if line in taken} - {action.id}
    for other in others:
        holder = holders.get(other)
        if holder is None or holder.status not in _MAKES_ROOM:
            return False
    for other in sorted(others):
        outcome.superseded.append(other)
        for line in [line for line, holder_id in taken.items() if holder_id == other]:
            del taken[line]
    taken.update(dict.fromkeys(lines, action.id))
    return True


def _take(
    action: Action, old: _Present | None, how: tuple[str, str, str, str], outcome: _Outcome
) -> None:
    administration, today, policy, now = how
    automatic = action.approval is Approval.AUTOMATIC
    status = ActionStatus.APPROVED if automatic else ActionStatus.PROPOSED
    proposed_on, by, at, attempts, error = today, None, None, 0, None
    if old is None:
        outcome.new.append(action.id)
    elif old.status is ActionStatus.WITHDRAWN:
        outcome.revived.append(action.id)
        outcome.replaced.append(action.id)
    else:
        outcome.kept.append(action.id)
        outcome.replaced.append(action.id)
        proposed_on, attempts, error = old.proposed_on, old.attempts, old.error
        if old.approved_by is not None and not _asks_more(action, action_of(old.payload)):
            status, by, at = old.status, old.approved_by, old.approved_at
        elif automatic:
            status = old.status if old.status is ActionStatus.FAILED else status
        elif old.status is not ActionStatus.PROPOSED:
            outcome.unapproved.append(action.id)
    outcome.rows.append(
        (
            administration, action.id, status.value, action.party, action.currency, action.track,
            action.step, action.kind.value, action.kind.is_message, action.first_run,
            action.total.minor(), action_text(action), policy, proposed_on, by, at, None, attempts,
            error, None, None, None, now,
        )
    )  # fmt: skip
    outcome.lines.extend(
        (administration, action.id, item.id, item.cycle, item.step, True) for item in action.items
    )


def _asks_more(action: Action, old: Action) -> bool:
    """Whether a person must say yes again: it does something else, or asks for more."""
    if _nature(action) != _nature(old):
        return True
    if _STRICTNESS.index(action.approval) > _STRICTNESS.index(old.approval):
        return True
    return _grew(action, old)


def _nature(action: Action) -> tuple[StepKind, str | None, int | None, bool]:
    return action.kind, action.to, action.term_days, action.term_business


def _grew(action: Action, old: Action) -> bool:
    """Whether it asks for more than was approved, in total or of any item."""
    before = {item.id: item for item in old.items}
    for item in action.items:
        was = before.get(item.id)
        if was is None or item.open > was.open or item.costs > was.costs:
            return True
        if item.interest > was.interest:
            return True
    return action.total > old.total
