"""Dossiers: those that went to an agency, and one made beforehand to look at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from connector.core.actions import Action, ActionStatus
from connector.core.evaluate import evaluate
from connector.core.plan import plan
from connector.core.policy.model import StepKind
from connector.flow.conclude import AGENCY
from connector.flow.handover import BuiltDossier, build_handover, dossier_name
from connector.flow.office import Administration, Office
from connector.flow.preview import imagined
from connector.flow.seek import Found, find_action, find_item, find_party
from connector.port.errors import RequestError
from connector.port.records import ItemId, PartyRef
from connector.store import ActionRow, ItemRow

T = TypeVar("T")
_OVER = (ActionStatus.WITHDRAWN, ActionStatus.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDossier:
    """A dossier that went to an agency."""

    administration: str
    action: ActionRow
    agency: str
    sha256: str
    on: date | None
    status: ActionStatus


def build(
    office: Office, subject: str, administration: str | None, *, folder: Path, by: str
) -> BuiltDossier:
    """Write the dossier of an action, an invoice or a debtor to a folder; hands nothing over.

    An invoice or debtor without a handover in the ledger gets the dossier of the one that the plan
    wants today; else that of the claims as they are, without interest and costs.

    Raises:
        RequestError: There is no such thing, the policy has no handover for it
            (`handover_unknown`), or a required field is missing.
    """
    desk, action = _find(office, subject, administration)
    return build_handover(desk, action, folder=folder, by=by)


def sent(desk: Administration) -> list[SentDossier]:
    """Return the dossiers that went to an agency, or are on their way, oldest first."""
    with desk.office.store.unit(desk.id, reading=True) as unit:
        return [
            SentDossier(
                administration=desk.id,
                action=row,
                agency=row.action.to or "",
                sha256=delivery.document,
                on=delivery.dispatched_on,
                status=delivery.status,
            )
            for row in unit.ledger.find()
            if row.action.kind is StepKind.HAND_OVER
            for delivery in unit.ledger.deliveries(row.id)
            if delivery.channel == AGENCY and delivery.document is not None
        ]


def deliver_again(desk: Administration, row: ActionRow) -> BuiltDossier:
    """Write the very bytes that went to the agency to its folder once more.

    Raises:
        RequestError: It never went to an agency (`handover_unknown`), or that is not in the
            configuration any more (`agency_unknown`).
    """
    found = next((one for one in sent(desk) if one.action.id == row.id), None)
    if found is None:
        raise RequestError("handover_unknown", subject=row.id)
    agency = desk.office.settings.agencies.get(found.agency)
    if agency is None:
        raise RequestError("agency_unknown", name=found.agency)
    content = desk.office.store.documents.get(found.sha256)
    folder = agency.deliver.folder / found.agency
    file = folder / dossier_name(desk, row.action)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise RequestError("sheet_unwritable", file=file, reason=error.strerror) from error
    return BuiltDossier(file=file, sha256=found.sha256, absent=())


def _find(
    office: Office, subject: str, administration: str | None
) -> tuple[Administration, Action]:
    found = _action(office, subject, administration)
    if found is not None:
        return found.desk, found.row.action
    item = _or_none(lambda: find_item(office, subject, administration), "number_unknown")
    if item is not None:
        return item.desk, _handover(item.desk, item.row.party, item.row, subject)
    party = _or_none(lambda: find_party(office, subject, administration), "ref_unknown")
    if party is None:
        raise RequestError("subject_unknown", subject=subject)
    return party.desk, _handover(party.desk, party.row.ref, None, subject)


def _action(office: Office, subject: str, administration: str | None) -> Found[ActionRow] | None:
    found = _or_none(lambda: find_action(office, subject, administration), "action_unknown")
    hands_over = found is not None and found.row.action.kind is StepKind.HAND_OVER
    if found is not None and found.row.id == subject and not hands_over:
        raise RequestError("action_is_no_handover", action=subject)
    return found if hands_over else None


def _handover(desk: Administration, party: PartyRef, item: ItemRow | None, subject: str) -> Action:
    """Return the newest handover of the invoice or debtor, else the one that would be."""
    with desk.office.store.unit(desk.id, reading=True) as unit:
        rows = [
            row.action
            for row in unit.ledger.find()
            if row.status not in _OVER
            and row.action.kind is StepKind.HAND_OVER
            and row.action.party == party
            and (item is None or any(planned.id == item.id for planned in row.action.items))
        ]
    return rows[-1] if rows else _would_be(desk, party, item.id if item else None, subject)


def _would_be(desk: Administration, party: PartyRef, item: ItemId | None, subject: str) -> Action:
    policy, today = desk.policy, desk.office.today
    creditor = desk.creditor
    with desk.office.store.unit(desk.id, reading=True) as unit:
        snapshot = unit.books.snapshot(creditor, today, parties=[party])
    findings = evaluate(snapshot, policy, desk.law, today)
    for action in plan(findings, policy, today).actions:
        named = item is None or any(planned.id == item for planned in action.items)
        if action.kind is StepKind.HAND_OVER and action.party == party and named:
            return action
    for debtor in findings.debtors:
        ladder = next((t.ladder for t in policy.tracks if t.name == debtor.track.name), ())
        step = next((one for one in ladder if one.do is StepKind.HAND_OVER), None)
        claims = [c for c in debtor.claims if item is None or c.item.id == item]
        if debtor.party.ref == party and step is not None and claims:
            return imagined(desk, findings, debtor, step, claims)
    raise RequestError("handover_unknown", subject=subject)


def _or_none(find: Callable[[], T], code: str) -> T | None:
    try:
        return find()
    except RequestError as error:
        if error.code != code:
            raise
        return None
