"""Tasks: what needs a person; each point is raised once per subject and cycle."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa

from connector.core.reasons import Fact
from connector.port.errors import RequestError
from connector.store.dealings import seen
from connector.store.paperwork import TaskKind, TaskRow
from connector.store.payloads import facts_of, facts_text
from connector.store.session import Session, insert_new, instant_of
from connector.store.tables import table

_TASK = table("task")


class Tasks:
    """The tasks of one administration, within one unit."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def ensure(
        self,
        kind: TaskKind,
        code: str,
        subject: str,
        cycle: int,
        facts: Mapping[str, Fact],
        due: date | None = None,
    ) -> TaskRow:
        """Return the task about this, made when it is not there; one that is done stays done."""
        parts = (self._session.administration, code, subject, str(cycle))
        for length in (8, 16, 64):
            key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]
            values = {
                "administration": self._session.administration,
                "id": key,
                "kind": kind.value,
                "code": code,
                "subject": subject,
                "cycle": cycle,
                "facts": facts_text(facts),
                "due": due,
                "created_at": self._session.now(),
            }
            insert_new(self._session.connection, "task", values)
            found = self._one(
                _TASK.c.code == code, _TASK.c.subject == subject, _TASK.c.cycle == cycle
            )
            if found is not None:
                return found
        raise AssertionError(parts)

    def open(self, kind: TaskKind | None = None) -> list[TaskRow]:
        """Return what is not done, by due date (none last), moment of making and id."""
        found = self._select(_TASK.c.done_at.is_(None))
        rows = [row for row in found if kind is None or row.kind is kind]
        return sorted(rows, key=lambda row: (row.due or date.max, row.created_at, row.id))

    def of_codes(self, codes: Collection[str]) -> list[TaskRow]:
        """Return the tasks of these codes, open and done."""
        return self._select(_TASK.c.code.in_(sorted(codes)))

    def get(self, key: str) -> TaskRow:
        """Return one task; RequestError `task_unknown` when there is none."""
        found = self._one(_TASK.c.id == key)
        if found is None:
            raise RequestError("task_unknown", task=key)
        return found

    def done(self, key: str, outcome: str, by: str) -> TaskRow:
        """Record the outcome.

        Raises:
            RequestError: No such task, or it was done before (`task_unknown`, `task_over`).
        """
        if self.get(key).done_at is not None:
            raise RequestError("task_over", task=key)
        self._session.connection.execute(
            sa.update(_TASK)
            .where(_TASK.c.administration == self._session.administration, _TASK.c.id == key)
            .values(outcome=outcome, done_by=by, done_at=self._session.now())
        )
        return self.get(key)

    def drop(self, key: str) -> None:
        """Take an open point off the list because it has gone by itself; it may come back."""
        self._session.connection.execute(
            sa.delete(_TASK).where(
                _TASK.c.administration == self._session.administration,
                _TASK.c.id == key,
                _TASK.c.done_at.is_(None),
            )
        )

    def clear(self, code: str, subject: str, *, cycle: int) -> None:
        """Forget a point, open or done: what happens again is raised again."""
        self._session.connection.execute(
            sa.delete(_TASK).where(
                _TASK.c.administration == self._session.administration,
                _TASK.c.code == code,
                _TASK.c.subject == subject,
                _TASK.c.cycle == cycle,
            )
        )

    def drop_about(self, subject: str) -> None:
        """Take everything open about an item, debtor or action off the list."""
        for task in self._select(_TASK.c.subject == subject, _TASK.c.done_at.is_(None)):
            self.drop(task.id)

    def seen(self) -> frozenset[tuple[str, str, int]]:
        """Return (code, subject, cycle) of what a person has dealt with."""
        return seen(self._session)

    def _select(self, *tests: sa.ColumnElement[bool]) -> list[TaskRow]:
        found = self._session.connection.execute(
            sa.select(_TASK)
            .where(_TASK.c.administration == self._session.administration, *tests)
            .order_by(_TASK.c.created_at, _TASK.c.id)
        )
        return [_row(row) for row in found.mappings()]

    def _one(self, *tests: sa.ColumnElement[bool]) -> TaskRow | None:
        found = self._select(*tests)
        return found[0] if found else None


def _row(found: sa.RowMapping) -> TaskRow:
    created = instant_of(found["created_at"])
    assert created is not None
    return TaskRow(
        id=found["id"],
        kind=TaskKind(found["kind"]),
        code=found["code"],
        subject=found["subject"],
        cycle=found["cycle"],
        facts=facts_of(found["facts"]),
        due=found["due"],
        created_at=created,
        outcome=found["outcome"],
        done_by=found["done_by"],
        done_at=instant_of(found["done_at"]),
    )
