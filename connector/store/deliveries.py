"""Deliveries: each channel of an action with its own state and key."""

from datetime import date

import sqlalchemy as sa

from connector.core.actions import ActionStatus
from connector.store.paperwork import DeliveryRow
from connector.store.rows import mapping_of, text_of
from connector.store.session import Session, instant_of, instant_text
from connector.store.tables import table

_DELIVERY = table("delivery")
_COLUMNS = (
    "administration", "action", "channel", "status", "key", "attempts", "next_attempt_at",
    "recipient", "reply", "document", "dispatched_on", "received_on", "error", "facts",
    "changed_at",
)  # fmt: skip


def of_action(session: Session, action: str) -> list[DeliveryRow]:
    """Return the channels of an action, sorted by name."""
    return _find(session, _DELIVERY.c.action == action)


def save(session: Session, row: DeliveryRow) -> None:
    """Keep the state of one channel, over what was kept before."""
    later = row.next_attempt_at
    session.upsert(
        "delivery",
        [
            (
                session.administration, row.action, row.channel, row.status.value, row.key,
                row.attempts, None if later is None else instant_text(later), row.recipient,
                row.reply, row.document, _iso(row.dispatched_on), _iso(row.received_on), row.error,
                text_of(row.facts), session.now(),
            )
        ],
        _COLUMNS,
    )  # fmt: skip


def _find(session: Session, *tests: sa.ColumnElement[bool]) -> list[DeliveryRow]:
    found = session.connection.execute(
        sa.select(_DELIVERY)
        .where(_DELIVERY.c.administration == session.administration, *tests)
        .order_by(_DELIVERY.c.action, _DELIVERY.c.channel)
    )
    return [_row(row) for row in found.mappings()]


def _row(found: sa.RowMapping) -> DeliveryRow:
    return DeliveryRow(
        action=found["action"],
        channel=found["channel"],
        status=ActionStatus(found["status"]),
        key=found["key"],
        attempts=found["attempts"],
        next_attempt_at=instant_of(found["next_attempt_at"]),
        recipient=found["recipient"],
        reply=found["reply"],
        document=found["document"],
        dispatched_on=found["dispatched_on"],
        received_on=found["received_on"],
        error=found["error"],
        facts=mapping_of(found["facts"]),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
