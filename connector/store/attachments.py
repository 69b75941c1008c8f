"""What goes along with a claim: files that a person attached."""

import sqlalchemy as sa

from connector.port.records import ItemId
from connector.store.paperwork import AttachmentRow
from connector.store.session import Session, insert_new, instant_of, instant_text
from connector.store.tables import table

_ATTACHMENT = table("attachment")


def attach(session: Session, attachment: AttachmentRow) -> None:
    """Keep the attachment; the same file of the same kind is kept once."""
    insert_new(
        session.connection,
        "attachment",
        {
            "administration": session.administration,
            "item": attachment.item,
            "kind": attachment.kind,
            "sha256": attachment.sha256,
            "name": attachment.name,
            "by": attachment.by,
            "at": instant_text(attachment.at),
        },
    )


def attached(session: Session, item: ItemId | None) -> list[AttachmentRow]:
    """Return what was attached to one item, or to any, oldest first."""
    wanted = sa.select(_ATTACHMENT).where(_ATTACHMENT.c.administration == session.administration)
    if item is not None:
        wanted = wanted.where(_ATTACHMENT.c.item == item)
    wanted = wanted.order_by(_ATTACHMENT.c.at, _ATTACHMENT.c.sha256)
    return [_attachment(row) for row in session.connection.execute(wanted).mappings()]


def _attachment(row: sa.RowMapping) -> AttachmentRow:
    at = instant_of(row["at"])
    assert at is not None
    return AttachmentRow(
        item=ItemId(row["item"]),
        kind=row["kind"],
        sha256=row["sha256"],
        name=row["name"],
        by=row["by"],
        at=at,
    )
