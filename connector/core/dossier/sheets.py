"""Evidence sheets: per demand, what was sent where, from which source, and what proves it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connector.core.dossier.facts import EventFacts
from connector.core.dossier.naming import plain
from connector.core.dossier.text import Words, dutch_day


def evidence_names(history: Sequence[EventFacts]) -> list[str | None]:
    """Return the name of each event's evidence sheet, None for what asked for no payment."""
    names: list[str | None] = []
    number = 0
    for event in history:
        number += event.is_demand
        day = dutch_day(event.at).isoformat()
        stem = f"evidence/{number:02}_evidence_{day}_{plain(event.step or event.kind)}.txt"
        names.append(stem if event.is_demand else None)
    return names


def event_title(event: Mapping[str, Any], words: Words) -> str:
    """Return what an event is called: its kind, and the step where that says more."""
    kind, step = words.of("events", event["kind"]), event["step"]
    return kind if step is None or step.casefold() == kind.casefold() else f"{kind} ({step})"


def evidence_rows(event: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """Return label and value of all that is known about one demand, in reading order."""
    amount, source = event["amount"], event["address_source"]
    rows = [
        ("sent_at", words.moment(event["at"])),
        ("channel", _word(words, "channels", event["channel"])),
        ("to_address", event["address"]),
        ("address_source", _word(words, "sources", source)),
        ("invoices", ", ".join(event["invoices"])),
        ("asked", words.money(amount["amount"], amount["currency"]) if amount else None),
        ("received_on", words.day(event["received_on"]) if event["received_on"] else None),
        ("term", term(event, words)),
        ("message_reference", event["reference"]),
        ("proof", event["proof"]),
        ("template", event["template"]),
        ("outcome", event["outcome"]),
    ]
    return [(words.label(key), value) for key, value in rows if value]


def evidence_sheet(
    event: Mapping[str, Any], hashes: Mapping[str, str], words: Words, dossier_id: str
) -> bytes:
    """Return the sheet as plain text in UTF-8; `hashes` gives the SHA-256 of each file by name."""
    rows = [(words.label("dossier_number"), dossier_id), *evidence_rows(event, words)]
    width = max(len(label) for label, _ in rows) + 2
    lines = [event_title(event, words), ""]
    lines += [f"{label + ':':<{width}}{_one_line(value)}" for label, value in rows]
    lines += ["", words.label("documents") + ":", *_files(event["documents"], hashes)]
    return ("\n".join(lines) + "\n").encode()


def term(event: Mapping[str, Any], words: Words) -> str | None:
    """Return the term that was given and its last day, None when there was none."""
    if event["deadline"] is None:
        return None
    last = words.day(event["deadline"])
    if event["term_days"] is None:
        return last
    return words.label("term_days", days=str(event["term_days"]), date=last)


def _word(words: Words, group: str, code: str | None) -> str | None:
    return None if code is None else words.of(group, code)


def _files(names: Iterable[str], hashes: Mapping[str, str]) -> list[str]:
    return [f"  {name}\n  SHA-256 {hashes[name]}" for name in names] or ["  -"]


def _one_line(value: str) -> str:
    return " ".join(value.split())
