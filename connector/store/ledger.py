"""The action ledger: every state that an action goes through, committed before it matters."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from connector.core.actions import ActionStatus
from connector.core.policy.model import StepKind
from connector.core.reasons import Fact
from connector.port.errors import RequestError
from connector.port.records import ItemId, PartyRef
from connector.store import agenda, deliveries
from connector.store.paperwork import ActionRow, DeliveryRow, ProposalResult, ProposedAction
from connector.store.payloads import action_of, facts_of, facts_text
from connector.store.proposals import propose, withdraw_all
from connector.store.session import Session, instant_of, instant_text
from connector.store.tables import table

_ACTION, _LINE = table("action"), table("action_item")
_S: Final = ActionStatus
_QUEUE: Final = (_S.PROPOSED, _S.APPROVED, _S.SENDING, _S.FAILED, _S.UNCERTAIN)
_FROM: Final[Mapping[ActionStatus, tuple[ActionStatus, ...]]] = {
    _S.PROPOSED: (_S.APPROVED, _S.FAILED, _S.REJECTED),
    _S.APPROVED: (_S.PROPOSED, _S.FAILED, _S.UNCERTAIN),
    _S.SENDING: (_S.APPROVED, _S.SENDING, _S.FAILED, _S.UNCERTAIN),
    _S.DELIVERED: (_S.APPROVED, _S.SENDING, _S.FAILED, _S.UNCERTAIN),
    _S.FAILED: (_S.APPROVED, _S.SENDING, _S.FAILED, _S.UNCERTAIN, _S.DELIVERED),
    _S.UNCERTAIN: (_S.SENDING, _S.FAILED),
    _S.WITHDRAWN: (_S.PROPOSED, _S.APPROVED, _S.FAILED),
    _S.REJECTED: (_S.PROPOSED, _S.APPROVED, _S.FAILED),
}


class Ledger:
    """The actions of one administration, within one unit (a durable one when it writes)."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def propose(
        self, actions: Sequence[ProposedAction], *, today: date, policy: str
    ) -> ProposalResult:
        """Bring the ledger in line with what the plan wants.

        New actions start as proposed, or approved when nobody needs to say yes. One that is there
        is refreshed, and loses its approval when it grew. A withdrawn one is revived, a rejected
        one left alone. An older proposal about the same items makes room; an action that goes
        out, went out, or is in this plan too does not: then the new one is refused.
        """
        return propose(self._session, actions, today=today, policy=policy)

    def live(self, parties: Collection[PartyRef] | None = None) -> list[ActionRow]:
        """Return what still can or must go out: proposed, approved, sending, failed, uncertain."""
        wanted = self._select().where(_ACTION.c.status.in_([status.value for status in _QUEUE]))
        rows = self._rows(wanted)
        return rows if parties is None else [row for row in rows if row.action.party in parties]

    def find(
        self,
        status: ActionStatus | Collection[ActionStatus] | None = None,
        ids: Collection[str] | None = None,
        *,
        item: ItemId | None = None,
    ) -> list[ActionRow]:
        """Return actions by state, id and item, all when none is given; oldest first."""
        wanted = self._select()
        if item is not None:
            own = (_LINE.c.administration == self._session.administration, _LINE.c.item == item)
            wanted = wanted.where(_ACTION.c.id.in_(sa.select(_LINE.c.action).where(*own)))
        if status is not None:
            states = [status] if isinstance(status, ActionStatus) else list(status)
            wanted = wanted.where(_ACTION.c.status.in_([state.value for state in states]))
        if ids is None:
            return self._rows(wanted)
        keys = sorted(set(ids))
        found: list[ActionRow] = []
        for start in range(0, len(keys), 1000):
            found += self._rows(wanted.where(_ACTION.c.id.in_(keys[start : start + 1000])))
        return sorted(found, key=lambda row: (row.proposed_on, row.id))

    def get(self, id_prefix: str) -> ActionRow:
        """Return the one action whose id starts so.

        Raises:
            RequestError: None or several (`action_unknown`, `action_ambiguous`).
        """
        prefix = id_prefix.strip().lower()
        exact = self._rows(self._select().where(_ACTION.c.id == prefix))
        found = exact or self._rows(
            self._select().where(_ACTION.c.id.startswith(prefix, autoescape=True)).limit(2)
        )
        if not found or not prefix:
            raise RequestError("action_unknown", action=id_prefix)
        if len(found) > 1:
            raise RequestError("action_ambiguous", action=id_prefix)
        return found[0]

    def approve(self, action: str, by: str, at: datetime) -> None:
        """Say yes to a proposal; RequestError `action_state` when it is not one any more."""
        values = {"approved_by": by, "approved_at": instant_text(at)}
        self._move(action, ActionStatus.APPROVED, (ActionStatus.PROPOSED,), values)

    def reject(self, action: str, by: str, reason: str) -> None:
        """Say no; the action stays so and the plan does not propose it again."""
        values = {"code": "rejected", "facts": facts_text({"reason": reason}), "ended_by": by}
        self._move(action, ActionStatus.REJECTED, _FROM[ActionStatus.REJECTED], values)

    def withdraw(self, action: str, code: str, facts: Mapping[str, Fact]) -> None:
        """Take back what is no longer due; the plan may want it again later.

        A call or task may be taken back while it waits for its outcome: nothing left the house.
        """
        asks = self.get(action).action.kind in (StepKind.CALL, StepKind.TASK)
        waits = (ActionStatus.SENDING,) if asks else ()
        self._require(action, ActionStatus.WITHDRAWN, (*_FROM[ActionStatus.WITHDRAWN], *waits))
        withdraw_all(self._session, [action], code, facts)

    def claim(self, action: str) -> bool:
        """Take an approved or failed action for sending; False when somebody else did."""
        done = self._session.connection.execute(
            self._update(action)
            .where(_ACTION.c.status.in_([ActionStatus.APPROVED.value, ActionStatus.FAILED.value]))
            .values(
                status=ActionStatus.SENDING.value,
                attempts=_ACTION.c.attempts + 1,
                changed_at=self._session.now(),
            )
        )
        return done.rowcount == 1

    def mark(
        self,
        action: str,
        status: ActionStatus,
        *,
        error: str | None = None,
        by: str | None = None,
    ) -> None:
        """Put an action in a state that can follow its present one.

        Raises:
            RequestError: It can't (`action_state`).
        """
        values: dict[str, Any] = {"error": error}
        if by is not None:
            values["ended_by"] = by
        if status is ActionStatus.PROPOSED:
            values |= {"approved_by": None, "approved_at": None}
        self._move(action, status, _FROM[status], values)

    def deliveries(self, action: str) -> list[DeliveryRow]:
        """Return the channels of an action, sorted by name."""
        return deliveries.of_action(self._session, action)

    def save_delivery(self, row: DeliveryRow) -> None:
        """Keep the state of one channel, over what was kept before."""
        deliveries.save(self._session, row)

    def delivered(
        self,
        action: str,
        *,
        on: date,
        deadline: date | None,
        steps: Mapping[ItemId, str],
        track: str,
        demand: bool,
        freeze: bool,
    ) -> None:
        """Record that the action is done, and move its items.

        Args:
            action: The whole id.
            on: Local day of delivery.
            deadline: Last day of the term that the message gave; None keeps the one before.
            steps: The step on which each item now stands; an item that meanwhile settled or
                started another cycle stays where it is.
            track: The track that the steps are of.
            demand: The message demanded payment.
            freeze: The items are handed over.
        """
        cycles = self._cycles(action)
        before = facts_text({"before": json.dumps(self._positions(cycles))})
        values = {"delivered_on": on, "error": None, "facts": before}
        self._move(action, ActionStatus.DELIVERED, _FROM[ActionStatus.DELIVERED], values)
        change = "track = {mark}, step = {mark}, step_on = {mark}, changed_at = {mark}"
        day = on.isoformat()
        start: list[Any] = [day, self._session.now()]
        if deadline is not None:
            change += ", deadline_on = {mark}"
            start.append(deadline.isoformat())
        if demand:
            change += ", last_demand_on = {mark}"
            start.append(day)
        if freeze:
            change += ", handed_over = {mark}"
            start.append(True)
        self._session.write(
            f"UPDATE item SET {change} WHERE administration = {{mark}} AND id = {{mark}} "  # noqa: S608
            "AND cycle = {mark}",
            [
                (track, step, *start, self._session.administration, item, cycles[item])
                for item, step in steps.items()
                if item in cycles
            ],
        )
        party = self._session.connection.execute(
            sa.select(_ACTION.c.party).where(self._is(action))
        ).scalar_one()
        agenda.touch(self._session, [party])

    def undo_delivered(self, action: str) -> None:
        """Take back a message that came back: its items stand where they stood before it.

        An item that moved on since, or started another cycle, stays where it is.
        """
        row = self.get(action)
        positions: dict[str, list[str | None]] = json.loads(str(row.facts.get("before", "{}")))
        cycles = self._cycles(row.id)
        columns = ("track", "step", "step_on", "deadline_on", "last_demand_on")
        change = ", ".join(f"{column} = {{mark}}" for column in columns)
        self._session.write(
            f"UPDATE item SET {change}, changed_at = {{mark}} WHERE administration = {{mark}} "  # noqa: S608
            "AND id = {mark} AND cycle = {mark} AND step = {mark}",
            [
                (*positions[item.id], self._session.now(), self._session.administration, item.id,
                 cycles[item.id], item.step)
                for item in row.action.items
                if item.id in positions and item.id in cycles
            ],
        )  # fmt: skip
        values = {"code": "undelivered", "delivered_on": None}
        self._move(row.id, ActionStatus.WITHDRAWN, (ActionStatus.DELIVERED,), values)

    def statuses(self, ids: Sequence[str]) -> dict[str, ActionStatus]:
        """Return the state of those of the actions that are in the ledger."""
        rows = self._session.select_in(
            "SELECT id, status FROM action WHERE administration = {mark} AND id {keys}",
            ids,
            self._session.administration,
        )
        return {key: ActionStatus(status) for key, status in rows}

    def _positions(self, cycles: Mapping[str, int]) -> dict[str, list[str | None]]:
        """Return where items stand now, as text, so that a message can be taken back."""
        rows = self._session.select_in(
            "SELECT id, track, step, step_on, deadline_on, last_demand_on FROM item "
            "WHERE administration = {mark} AND id {keys}",
            list(cycles),
            self._session.administration,
        )
        return {
            row[0]: [None if value is None else str(value) for value in row[1:]] for row in rows
        }

    def _cycles(self, action: str) -> dict[str, int]:
        found = self._session.connection.execute(
            sa.select(_LINE.c.item, _LINE.c.cycle).where(
                _LINE.c.administration == self._session.administration, _LINE.c.action == action
            )
        )
        return {row.item: row.cycle for row in found}

    def _move(
        self,
        action: str,
        status: ActionStatus,
        allowed: Sequence[ActionStatus],
        values: Mapping[str, Any],
    ) -> None:
        self._require(action, status, allowed)
        self._session.connection.execute(
            self._update(action).values(
                status=status.value, changed_at=self._session.now(), **values
            )
        )
        if status in (ActionStatus.WITHDRAWN, ActionStatus.REJECTED):
            self._set_live(action, live=False)
        elif status is ActionStatus.PROPOSED:
            self._require_free(action)
            self._set_live(action, live=True)

    def _set_live(self, action: str, *, live: bool) -> None:
        own = _LINE.c.administration == self._session.administration, _LINE.c.action == action
        self._session.connection.execute(sa.update(_LINE).where(*own).values(live=live))

    def _require_free(self, action: str) -> None:
        taken = self._session.read(
            "SELECT other.action FROM action_item own JOIN action_item other "
            "ON other.administration = own.administration AND other.item = own.item "
            "AND other.cycle = own.cycle AND other.step = own.step AND other.live "
            "AND other.action <> own.action "
            "WHERE own.administration = {mark} AND own.action = {mark}",
            self._session.administration,
            action,
        )
        for (other,) in taken:
            raise RequestError("action_taken", action=action, other=other)

    def _require(self, action: str, status: ActionStatus, allowed: Sequence[ActionStatus]) -> None:
        wanted = sa.select(_ACTION.c.status).where(self._is(action)).with_for_update()
        present = self._session.connection.execute(wanted).scalar_one_or_none()
        if present is None:
            raise RequestError("action_unknown", action=action)
        if ActionStatus(present) not in allowed:
            raise RequestError("action_state", action=action, status=present, wanted=status.value)

    def _is(self, action: str) -> sa.ColumnElement[bool]:
        return sa.and_(
            _ACTION.c.administration == self._session.administration, _ACTION.c.id == action
        )

    def _update(self, action: str) -> sa.Update:
        return sa.update(_ACTION).where(self._is(action))

    def _select(self) -> sa.Select[Any]:
        return (
            sa.select(_ACTION)
            .where(_ACTION.c.administration == self._session.administration)
            .order_by(_ACTION.c.proposed_on, _ACTION.c.id)
        )

    def _rows(self, wanted: sa.Select[Any]) -> list[ActionRow]:
        return [_row(found) for found in self._session.connection.execute(wanted).mappings()]


def _row(found: sa.RowMapping) -> ActionRow:
    return ActionRow(
        id=found["id"],
        status=ActionStatus(found["status"]),
        action=action_of(found["payload"]),
        policy=found["policy"],
        proposed_on=found["proposed_on"],
        approved_by=found["approved_by"],
        approved_at=instant_of(found["approved_at"]),
        delivered_on=found["delivered_on"],
        attempts=found["attempts"],
        error=found["error"],
        code=found["code"],
        facts=facts_of(found["facts"]),
        ended_by=found["ended_by"],
        changed_at=instant_of(found["changed_at"]),
    )
