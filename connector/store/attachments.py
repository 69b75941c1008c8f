"""What goes along with a claim: files that a person attached, and the dossiers that were built."""

import sqlalchemy as sa

from connector.port.records import ItemId
from connector.store.paperwork import AttachmentRow, DossierRow
from connector.store.rows import mapping_of, text_of
from connector.store.session import Session, insert_new, instant_of, instant_text
from connector.store.tables import table

_ATTACHMENT, _DOSSIER = table("attachment"), table("dossier")


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


def save_dossier(session: Session, dossier: DossierRow) -> None:
    """Keep what became of a dossier, over what was kept before."""
    session.upsert(
        "dossier",
        [
            (
                session.administration, dossier.id, dossier.action, dossier.agency,
                dossier.sha256, instant_text(dossier.at), dossier.status,
                text_of(dossier.facts),
            )
        ],
        ("administration", "id", "action", "agency", "sha256", "at", "status", "facts"),
    )  # fmt: skip


def dossiers(session: Session, action: str | None) -> list[DossierRow]:
    """Return the dossiers of one action, or all, oldest first."""
    wanted = sa.select(_DOSSIER).where(_DOSSIER.c.administration == session.administration)
    if action is not None:
        wanted = wanted.where(_DOSSIER.c.action == action)
    wanted = wanted.order_by(_DOSSIER.c.at, _DOSSIER.c.id)
    return [_dossier(row) for row in session.connection.execute(wanted).mappings()]


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


def _dossier(row: sa.RowMapping) -> DossierRow:
    at = instant_of(row["at"])
    assert at is not None
    return DossierRow(
        id=row["id"],
        action=row["action"],
        agency=row["agency"],
        sha256=row["sha256"],
        at=at,
        status=row["status"],
        facts=mapping_of(row["facts"]),
    )
