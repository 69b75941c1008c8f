"""Handover: the dossier goes to the agency, and the debtor is told."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connector.channels.base import Parcel
from connector.core.actions import Action
from connector.core.dossier.build import build_dossier
from connector.core.dossier.document import dossier_document
from connector.core.dossier.pack import pack as pack_dossier
from connector.core.letters.fields import Recipient
from connector.core.policy.model import StepKind
from connector.flow.conclude import AGENCY
from connector.flow.export import dossier_facts
from connector.flow.office import Administration
from connector.flow.parcels import Outgoing, delivery_key, pack
from connector.port.errors import RequestError
from connector.store import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltDossier:
    """A dossier as a file."""

    file: Path
    sha256: str
    absent: tuple[str, ...]


def pack_handover(
    desk: Administration, unit: Unit, action: Action, now: datetime
) -> list[Outgoing]:
    """Return what goes to the agency and what goes to the debtor, dossier first.

    Raises:
        RequestError: A required field of the dossier is missing (`dossier_incomplete`).
    """
    row = unit.ledger.get(action.id)
    declared_by = row.approved_by or desk.office.actor
    content, _ = dossier_bytes(desk, unit, action, now=now, declared_by=declared_by)
    agency = desk.office.settings.agencies[action.to or ""]
    parcel = Parcel(
        key=delivery_key(action.id, AGENCY),
        administration=desk.id,
        action=action.id,
        recipient=Recipient(name=agency.name, email=agency.email),
        letter=None,
        pdf=None,
        created=now,
        attachments=((dossier_name(desk, action), "application/zip", content),),
    )
    channel = desk.office.parts.agency(action.to or "")
    dossier = Outgoing(name=AGENCY, channel=channel, prepared=channel.prepare(parcel))
    return [dossier, *pack(desk, unit, action, now)]


def dossier_bytes(
    desk: Administration, unit: Unit, action: Action, *, now: datetime, declared_by: str
) -> tuple[bytes, tuple[str, ...]]:
    """Return the packed dossier, and the names of what is absent from it.

    Raises:
        RequestError: A required field is missing (`dossier_incomplete`).
    """
    facts = dossier_facts(desk, unit, action, now=now, declared_by=declared_by)
    dossier = build_dossier(facts)
    source, data = dossier_document(dossier)
    pdf = b"" if dossier.missing else desk.office.parts.press().pdf(source, data, created=now)
    return pack_dossier(dossier, pdf=pdf), dossier.absent


def dossier_name(desk: Administration, action: Action) -> str:
    """Return the file name of the dossier: administration, debtor's number, action."""
    party = "".join(c if c.isalnum() or c in "-_" else "-" for c in action.party)
    return f"{desk.id}-{party}-{action.id}.zip"


def build_handover(desk: Administration, action: Action, *, folder: Path, by: str) -> BuiltDossier:
    """Write the dossier of a handover to a folder, without handing anything over.

    Raises:
        RequestError: The action is no handover, or a required field is missing.
    """
    if action.kind is not StepKind.HAND_OVER:
        raise RequestError("action_is_no_handover", action=action.id)
    with desk.office.store.unit(desk.id, reading=True) as unit:
        content, absent = dossier_bytes(desk, unit, action, now=desk.office.now, declared_by=by)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / dossier_name(desk, action)
    file.write_bytes(content)
    return BuiltDossier(file=file, sha256=hashlib.sha256(content).hexdigest(), absent=absent)
