"""What a record itself tells about our acts: notes with maan's marker, and its history. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from connector.port.errors import ContractChangedError

_PAUSE: Final = "-pause"
_OUR_PAUSE: Final = re.compile(r"\[maan \S+-pause\]")
_UNPAUSED: Final = "sales_invoice_unpaused"
# A confirmation by the post follows on a reminder that was counted already.
_REMINDERS: Final = frozenset(
    f"sales_invoice_send_reminder_{way}" for way in ("email", "manually", "post")
)
_VERSION: Final = 1


class Sent(StrEnum):
    """What became of a reminder about several invoices."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How far the package was with reminding before ours.

    Attributes:
        at: When this was read.
        invoices: Id -> the reminder counter, and the number of reminders in the history.
    """

    at: datetime
    invoices: Mapping[int, tuple[int, int]]

    @classmethod
    def of(cls, invoices: Sequence[Mapping[str, Any]], at: datetime) -> Self:
        """Return the state of the invoices as they were read."""
        return cls(at=at, invoices={number_of(row, "id"): reminders(row) for row in invoices})

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return what was written, None when it can't be read."""
        try:
            said = json.loads(text)
            known = {int(id_): (int(n), int(e)) for id_, (n, e) in said["invoices"].items()}
            if said["v"] != _VERSION or not known:
                return None
            return cls(at=datetime.fromisoformat(said["at"]), invoices=known)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def write(self) -> str:
        """Return it as text; the same state at the same instant gives the same text."""
        known = {str(id_): list(self.invoices[id_]) for id_ in sorted(self.invoices)}
        said = {"v": _VERSION, "at": self.at.isoformat(), "invoices": known}
        return json.dumps(said, separators=(",", ":"))

    def compare(self, now: Sequence[Mapping[str, Any]]) -> Sent:
        """Return whether a reminder was sent since, about every invoice that can still be read.

        An invoice that is gone proves nothing: where none of the others was reminded the answer
        is SOME, for it might have been this one.
        """
        grew = [self._grew(row) for row in now if number_of(row, "id") in self.invoices]
        if grew and all(grew):
            return Sent.ALL
        return Sent.NONE if len(grew) == len(self.invoices) and not any(grew) else Sent.SOME

    def _grew(self, row: Mapping[str, Any]) -> bool:
        count, events = self.invoices[number_of(row, "id")]
        counted, told = reminders(row)
        return counted > count or told > events


def number_of(row: Mapping[str, Any], field: str) -> int:
    """Return a whole number of the wire, which comes as text or as a number; nothing is 0."""
    try:
        return int(str(row.get(field) or 0))
    except ValueError as error:
        raise ContractChangedError("moneybird.no_number", field=field) from error


def reminders(invoice: Mapping[str, Any]) -> tuple[int, int]:
    """Return the invoice's reminder counter and the number of reminders in its history."""
    return number_of(invoice, "reminder_count"), len(_reminder_events(invoice))


def reminder_reference(invoices: Sequence[Mapping[str, Any]]) -> str:
    """Return a reference for the newest reminder: its number and when it went."""
    count = max((number_of(row, "reminder_count") for row in invoices), default=0)
    times = [
        str(event.get("created_at", "")) for row in invoices for event in _reminder_events(row)
    ]
    newest = max(times, default="")
    return f"reminder:{count}@{newest}" if newest else f"reminder:{count}"


def marker(key: str) -> str:
    """Return maan's marker, a line of its own in a note."""
    return f"[maan {key}]"


def pause_key(key: str) -> str:
    """Return the key under which a pause is noted: such a note is known by its end."""
    return key if key.endswith(_PAUSE) else f"{key}{_PAUSE}"


def notes_with(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the notes that carry the key's marker."""
    line = marker(key)
    return [note for note in _notes(record) if line in _lines(note)]


def is_noted(record: Mapping[str, Any], key: str) -> bool:
    """Return whether a note carries the key's marker."""
    return bool(notes_with(record, key))


def has_standing_note(invoice: Mapping[str, Any], key: str) -> bool:
    """Return whether a pause of the key is noted, and not ended by somebody since."""
    return any(not was_unpaused_after(invoice, note) for note in notes_with(invoice, key))


def is_paused_by_us(invoice: Mapping[str, Any]) -> bool:
    """Return whether it is paused, and the last pause was noted by maan.

    A note from before the invoice was last set going again speaks of an older pause.
    """
    if invoice.get("paused") is not True:
        return False
    return any(not was_unpaused_after(invoice, note) for note in _pause_notes(invoice))


def was_paused_by_us(invoice: Mapping[str, Any]) -> bool:
    """Return whether maan ever noted that it paused the invoice."""
    return bool(_pause_notes(invoice))


def was_unpaused_after(invoice: Mapping[str, Any], note: Mapping[str, Any]) -> bool:
    """Return whether the invoice was set going again after a note was written."""
    written = _instant(note)
    told = [_instant(event) for event in _events(invoice) if event.get("action") == _UNPAUSED]
    return written is not None and any(at is not None and at > written for at in told)


def _pause_notes(invoice: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [note for note in _notes(invoice) if any(map(_OUR_PAUSE.fullmatch, _lines(note)))]


def _reminder_events(invoice: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [event for event in _events(invoice) if event.get("action") in _REMINDERS]


def _events(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (event for event in record.get("events") or () if isinstance(event, Mapping))


def _notes(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (note for note in record.get("notes") or () if isinstance(note, Mapping))


def _lines(note: Mapping[str, Any]) -> list[str]:
    return [line.strip() for line in str(note.get("note") or "").splitlines()]


def _instant(row: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(row.get("created_at")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
