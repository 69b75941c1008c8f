"""Mend: what a person knows better than the books, kept with who said it and why."""

import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from connector.core.actions import ActionStatus
from connector.core.days import YEARS_AHEAD, Calendar, years_after
from connector.core.deadlines import deadline, received_on
from connector.core.policy.model import ChannelName, Duration, Step
from connector.core.snapshot import Position
from connector.flow.charging import move_effects
from connector.flow.look import newest_letters
from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.port.records import ItemId, PartyRef
from connector.settings import ZONE
from connector.settings.words import Email, Iban, Kvk, VatId
from connector.store import ActionRow, AttachmentRow, ItemRow, PartyRow, Unit

BEFORE_FIRST: Final = "-"
"""Word that puts an item before the first step again."""

_TEXT: Final = re.compile(r".{1,200}")
_FORMS: Final = {
    "country": ("country", re.compile(r"[A-Z]{2}")),
    "language": ("language", re.compile(r"[a-z]{2}")),
    "applicable_law": ("applicable_law", re.compile(r"nl")),
    "phone": ("phone", re.compile(r"\+?[0-9 ()./-]{5,30}")),
    "postcode": ("postcode", re.compile(r"[0-9A-Z][0-9A-Z -]{1,9}")),
    "kind": (
        "kind",
        re.compile(r"consumer|sole_trader|partnership|company|public_body"),
    ),
}
_TYPED: Final[Mapping[str, TypeAdapter[str]]] = {
    "email": TypeAdapter(Email), "kvk": TypeAdapter(Kvk), "vat_id": TypeAdapter(VatId),
    "iban": TypeAdapter(Iban),
}  # fmt: skip
_DUTCH_POSTCODE: Final = re.compile(r"([0-9]{4}) ?([A-Z]{2})")
_YEARS_BACK: Final = 20  # a claim may be old; a due date of a century ago is a slip of the pen
_SENDING: Final = (ActionStatus.SENDING, ActionStatus.UNCERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that was attached to an invoice."""

    item: ItemId
    number: str
    type: str
    name: str
    sha256: str


def confirm_bank(desk: Administration, through: date, *, by: str) -> None:
    """Keep a person's word that the bank is booked through a day.

    Raises:
        RequestError: `bank_in_future`.
    """
    store, today = desk.office.store, desk.office.today
    if through > today:
        raise RequestError("bank_in_future", through=through, today=today)
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        unit.books.confirm_bank(through, by)
        unit.journal.add("bank_confirmed", desk.id, {"through": through.isoformat()}, by)


def place_item(
    desk: Administration, item: ItemId, *, step: str | None, due: date | None, reason: str, by: str
) -> ItemRow:
    """Put an item on a step as if that was done today, or correct its due date.

    Another step starts a new cycle. The step `-` puts it before the first one again, in a new
    cycle too; once for a due date.

    Raises:
        RequestError: `item_unknown`, `item_in_flight`, `step_unknown`, `nothing_to_set`,
            `reason_needed`, or `date_too_far` for a due date that can't be meant.
    """
    if step is None and due is None:
        raise RequestError("nothing_to_set")
    if not reason.strip():
        raise RequestError("reason_needed")
    if due is not None:
        _not_far(due, desk.office.today)
    policy = desk.policy
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        row = _item(unit, item)
        _not_in_flight(unit, row)
        position = None
        if step == BEFORE_FIRST:
            _restart(unit, row, due, by)
        elif step is not None:
            track = _track_of(desk, unit, row)
            found = next((t for t in policy.tracks if t.name == track), policy.tracks[-1])
            position = _position(desk, found.name, found.ladder, step)
        unit.books.place(item, position=position, due=due, reason=reason, by=by)
        unit.books.touch([row.party])
        facts = {"step": step, "due": due.isoformat() if due else None, "reason": reason}
        unit.journal.add("placed", item, facts, by)
        return _item(unit, item)


def correct_party(
    desk: Administration, ref: PartyRef, fields: Mapping[str, str | None], *, by: str
) -> PartyRow:
    """Correct or complete a party for good; an empty text empties a field, None takes it back.

    Raises:
        RequestError: `party_unknown`, `nothing_to_set`, or a value that can't be (`party_value`,
            with the field and the code of a hint).
    """
    if not fields:
        raise RequestError("nothing_to_set")
    checked = {name: value and _checked(name, value.strip()) for name, value in fields.items()}
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        for name, value in checked.items():
            unit.books.correct_party(ref, name, value, by)
        unit.books.touch([ref])
        unit.journal.add("party_corrected", ref, {"fields": sorted(fields)}, by)
        row = unit.books.party(ref)
    if row is None:
        raise RequestError("party_unknown", party=ref)
    return row


def attach_file(desk: Administration, item: ItemId, file: Path, kind: str, *, by: str) -> Attached:
    """Keep a file with an invoice, for its dossier.

    Raises:
        RequestError: `item_unknown`, `file_unreadable` or `file_empty`.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RequestError("file_unreadable", file=file, reason=error.strerror) from error
    if not content:
        raise RequestError("file_empty", file=file)
    office = desk.office
    media = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    with office.store.lock(desk.id), office.store.unit(desk.id, durable=True) as unit:
        row = _item(unit, item)
        sha256 = office.store.documents.put(content, media, file.name, desk.id)
        unit.books.attach(
            AttachmentRow(item=item, kind=kind, sha256=sha256, name=file.name, by=by, at=office.now)
        )
        unit.journal.add("attached", item, {"type": kind, "document": sha256}, by)
    return Attached(item=item, number=row.number, type=kind, name=file.name, sha256=sha256)


def _checked(field: str, value: str) -> str:
    """Return the value as it is kept; an empty one empties the field."""
    if not value:
        return value
    typed = _TYPED.get(field)
    if typed is not None:
        try:
            return str(typed.validate_python(value))
        except ValidationError as error:
            found = f"{value[:4]}…" if field == "iban" else value  # no whole IBAN in a message
            raise RequestError("party_value", field=field, found=found, hint=field) from error
    hint, form = _FORMS.get(field, ("text", _TEXT))
    kept = value.upper() if field in ("country", "postcode") else value
    kept = kept.lower() if field in ("language", "applicable_law") else kept
    if form.fullmatch(kept) is None or not kept.isprintable():
        raise RequestError("party_value", field=field, found=value, hint=hint)
    dutch = _DUTCH_POSTCODE.fullmatch(kept) if field == "postcode" else None
    return f"{dutch[1]} {dutch[2]}" if dutch else kept


def post_sent(desk: Administration, on: date, *, actions: Sequence[str] = (), by: str) -> list[str]:
    """Correct the day on which letters were posted, and with it the terms that they gave.

    Args:
        desk: The administration.
        on: The day of posting.
        actions: Ids of the actions; none: all letters of the newest print list.
        by: Who says so.

    Returns:
        The ids of the actions that were corrected.

    Raises:
        RequestError: There is no such letter (`post_nothing`), it was made later than the day
            (`post_date_early`), or the day lies ahead (`post_in_future`).
    """
    if on > desk.office.today:
        raise RequestError("post_in_future", on=on, today=desk.office.today)
    policy = desk.policy  # read before the transaction begins
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        letters = newest_letters(unit, actions)
        if not letters:
            raise RequestError("post_nothing")
        for row, letter in letters:
            if on < row.proposed_on:
                raise RequestError("post_date_early", on=on, made=row.proposed_on)
            noon = datetime.combine(on, time(12), ZONE)
            received = received_on(ChannelName.POST, noon, policy.guards, ZONE)
            unit.ledger.save_delivery(replace(letter, dispatched_on=on, received_on=received))
            _move_term(desk, unit, row, by)
            unit.journal.add("post_sent", row.id, {"on": on.isoformat()}, by)
            unit.books.touch([row.action.party])
    return [row.id for row, _ in letters]


def _move_term(desk: Administration, unit: Unit, row: ActionRow, by: str) -> None:
    """Let the term of the items that still stand on the step run from the latest receipt."""
    action = row.action
    sent = [one for one in unit.ledger.deliveries(row.id) if one.dispatched_on is not None]
    on = max(one.dispatched_on for one in sent if one.dispatched_on is not None)
    received = [one.received_on for one in sent if one.received_on is not None]
    ends = None
    if action.term_days is not None and received:
        term = Duration(action.term_days, business=action.term_business)
        printed = [date.fromisoformat(str(d)) for one in sent if (d := one.facts.get("deadline"))]
        ends = max([deadline(max(received), term, desk.policy.guards), *printed])
    for planned in action.items:
        item = unit.books.item(planned.id)
        position = item.position if item else None
        if position is not None and position.step == planned.step:
            moved = replace(position, delivered_on=on, deadline=ends or position.deadline)
            unit.books.place(planned.id, position=moved, due=None, reason="post", by=by)
    if received:
        move_effects(desk, unit, row, on=on, received=max(received), ends=ends)


def _item(unit: Unit, item: ItemId) -> ItemRow:
    row = unit.books.item(item)
    if row is None:
        raise RequestError("item_unknown", item=item)
    return row


def _not_far(due: date, today: date) -> None:
    earliest, latest = years_after(today, -_YEARS_BACK), years_after(today, YEARS_AHEAD)
    if not earliest <= due <= latest:
        raise RequestError("date_too_far", found=due, earliest=earliest, latest=latest)


def _not_in_flight(unit: Unit, row: ItemRow) -> None:
    for action in unit.ledger.find(status=_SENDING):
        if any(item.id == row.id for item in action.action.items):
            raise RequestError("item_in_flight", number=row.number, action=action.id)


def _restart(unit: Unit, row: ItemRow, due: date | None, by: str) -> None:
    day = due or row.due
    if day is None:
        raise RequestError("due_needed", number=row.number)
    if not unit.books.restart(row.number, day, by=by):
        raise RequestError("step_before_first", number=row.number, due=day)


def _track_of(desk: Administration, unit: Unit, row: ItemRow) -> str | None:
    """Return the track that the debtor is on today."""
    from connector.core.evaluate import evaluate  # noqa: PLC0415  # only a correction needs it

    snapshot = unit.books.snapshot(desk.creditor, desk.office.today, parties=[row.party])
    findings = evaluate(snapshot, desk.policy, desk.law, desk.office.today)
    return next((d.track.name for d in findings.debtors if d.party.ref == row.party), None)


def _position(desk: Administration, track: str, ladder: tuple[Step, ...], step: str) -> Position:
    found = next((one for one in ladder if one.step == step), None)
    if found is None:
        known = ", ".join(one.step for one in ladder)
        raise RequestError("step_unknown", step=step, track=track, known=known)
    today = desk.office.today
    calendar = Calendar.of(desk.policy.guards.business_days)
    term: Duration | None = found.term_or_default if found.do.is_message else None
    deadline = calendar.add(today, term) if term is not None else None
    return Position(track=track, step=step, delivered_on=today, deadline=deadline)
