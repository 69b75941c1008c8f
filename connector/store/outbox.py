"""The outbox: what the package is asked to do or to keep a record of, until it has."""

import json
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from connector.port.adapter import PushVerb
from connector.port.records import ItemId, PartyRef
from connector.store.paperwork import PushRow, PushStatus
from connector.store.rows import mapping_of, text_of
from connector.store.session import Session, insert_new, instant_of, instant_text
from connector.store.tables import table

_PUSH = table("push")


class Outbox:
    """The orders of one administration, within one unit."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def add(self, row: PushRow) -> bool:
        """Keep an order unless there is one of this key; return whether it is new."""
        values = {
            "administration": self._session.administration,
            "key": row.key,
            "action": row.action,
            "party": row.party,
            **_state(row),
            "changed_at": self._session.now(),
        }
        return insert_new(self._session.connection, "push", values)

    def save(self, row: PushRow) -> None:
        """Keep what became of an order."""
        self._session.connection.execute(
            sa.update(_PUSH)
            .where(_PUSH.c.administration == self._session.administration, _PUSH.c.key == row.key)
            .values(**_state(row), changed_at=self._session.now())
        )

    def drop(self, key: str) -> None:
        """Forget an order, so that it may be given again."""
        self._session.connection.execute(
            sa.delete(_PUSH).where(
                _PUSH.c.administration == self._session.administration, _PUSH.c.key == key
            )
        )

    def get(self, key: str) -> PushRow | None:
        """Return the order of this key."""
        return next(iter(self._find(_PUSH.c.key == key)), None)

    def due(self, now: datetime) -> list[PushRow]:
        """Return the orders that wait and may be tried, oldest first."""
        later = _PUSH.c.next_attempt_at
        return self._find(
            _PUSH.c.status == PushStatus.WAITING.value,
            sa.or_(later.is_(None), later <= instant_text(now)),
        )

    def find(self, verb: PushVerb, status: PushStatus) -> list[PushRow]:
        """Return the orders of this verb in this state."""
        return self._find(_PUSH.c.verb == verb.value, _PUSH.c.status == status.value)

    def _find(self, *tests: sa.ColumnElement[bool]) -> list[PushRow]:
        found = self._session.connection.execute(
            sa.select(_PUSH)
            .where(_PUSH.c.administration == self._session.administration, *tests)
            .order_by(_PUSH.c.day, _PUSH.c.key)
        )
        return [_row(row) for row in found.mappings()]


def is_news(session: Session, key: str) -> bool:
    """Keep that the source told this; return whether it is the first time."""
    values = {"administration": session.administration, "key": key, "at": session.now()}
    return insert_new(session.connection, "news", values)


def forget_calls(session: Session, before: datetime) -> None:
    """Forget the calls of before; one that comes again leads to one more look, and no harm."""
    news = table("news")
    session.connection.execute(
        sa.delete(news).where(
            news.c.administration == session.administration,
            news.c.key.startswith("hook:"),
            news.c.at < instant_text(before),
        )
    )


def _state(row: PushRow) -> dict[str, object]:
    later = row.next_attempt_at
    return {
        "verb": row.verb.value,
        "items": json.dumps(list(row.items)),
        "day": row.on,
        "text": row.text,
        "facts": text_of(dict(row.facts)),
        "status": row.status.value,
        "attempts": row.attempts,
        "next_attempt_at": None if later is None else instant_text(later),
        "reference": row.reference,
        "error": row.error,
    }


def _row(found: sa.RowMapping) -> PushRow:
    day: date = found["day"]
    items: Iterable[str] = json.loads(found["items"])
    return PushRow(
        key=found["key"],
        verb=PushVerb(found["verb"]),
        action=found["action"],
        party=PartyRef(found["party"]),
        items=tuple(ItemId(one) for one in items),
        on=day,
        text=found["text"],
        facts={name: str(value) for name, value in mapping_of(found["facts"]).items()},
        status=PushStatus(found["status"]),
        attempts=found["attempts"],
        next_attempt_at=instant_of(found["next_attempt_at"]),
        reference=found["reference"],
        error=found["error"],
    )
