"""What happened, in words: the timeline, the evidence, agreements and checks."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector.core.dossier.sheets import event_title, evidence_rows
from connector.core.dossier.text import Words

Rows = list[list[str]]


def timeline(history: Sequence[Mapping[str, Any]], written: Words) -> Rows:
    """Return moment, event, channel and address, what was asked, and the last day of the term."""
    return [
        [
            written.short_moment(event["at"]),
            "\n".join(part for part in (event_title(event, written), event["outcome"]) if part),
            _channel(event, written),
            _money(event["amount"], written, ""),
            written.short_day(event["deadline"]) if event["deadline"] else "",
        ]
        for event in history
    ]


def evidence_blocks(history: Sequence[Mapping[str, Any]], written: Words) -> list[dict[str, Any]]:
    """Return a block per demand: title, what is known of it, and the files that show it."""
    return [
        {
            "title": event_title(event, written),
            "rows": [list(row) for row in evidence_rows(event, written)],
            "files": [*event["documents"], event["evidence"]],
        }
        for event in history
        if event["evidence"] is not None
    ]


def agreement_lines(data: Mapping[str, Any], written: Words) -> Rows:
    """Return promises, arrangements, disputes and pauses as pairs of what it is and its story."""
    return [
        *([written.label("promise"), _promise(one, written)] for one in data["promises"]),
        *([written.label("arrangement"), _plan(one, written)] for one in data["arrangements"]),
        *([written.label("dispute"), _dispute(one, written)] for one in data["disputes"]),
        *([written.label("hold"), _hold(one, written)] for one in _other_holds(data)),
    ]


def checks_table(data: Mapping[str, Any], written: Words) -> Rows:
    """Return check, date and result; what was not done says so."""
    return [
        [
            written.of("checks", name),
            written.short_day(done["on"]) if done else "",
            done["result"] if done else written.label("not_done"),
        ]
        for name, done in data["checks"].items()
    ]


def _other_holds(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the pauses that are not the other side of an agreement told already."""
    told = {
        "promise": data["promises"],
        "arrangement": data["arrangements"],
        "dispute": data["disputes"],
    }
    return [one for one in data["holds"] if not told.get(one["reason"])]


def _channel(event: Mapping[str, Any], written: Words) -> str:
    channel = written.of("channels", event["channel"]) if event["channel"] else ""
    return "\n".join(part for part in (channel, event["address"]) if part)


def _promise(one: Mapping[str, Any], written: Words) -> str:
    match one["kept"]:
        case None:
            kept = written.label("promise_waits")
        case True:
            kept = written.label("promise_kept")
        case _:
            kept = written.label("promise_broken")
    return written.label(
        "promise_line",
        made=written.day(one["made_on"]),
        until=written.day(one["until"]),
        amount=_money(one["amount"], written, written.label("promise_all")),
        kept=kept,
    )


def _plan(one: Mapping[str, Any], written: Words) -> str:
    line = written.label(
        "arrangement_line",
        agreed=written.day(one["agreed_on"]),
        terms=one["terms"] or written.label("unknown"),
        state=written.of("states", one["state"]),
    )
    if not one["missed"]:
        return line
    dates = ", ".join(written.day(day) for day in one["missed"])
    return f"{line} {written.label('arrangement_missed', dates=dates)}"


def _dispute(one: Mapping[str, Any], written: Words) -> str:
    line = written.label(
        "dispute_line",
        raised=written.day(one["raised_on"]),
        invoice=_invoice(one["invoice"], written, "dispute_all"),
        amount=_money(one["amount"], written, written.label("dispute_whole")),
        ground=one["ground"] or written.label("unknown"),
    )
    lines = [line if line.endswith((".", "?", "!")) else f"{line}."]
    if one["position"]:
        answered = one["answered_on"]
        day = written.day(answered) if answered else written.label("unknown")
        lines.append(written.label("dispute_answer", date=day, position=one["position"]))
    ended = one["ended_on"]
    lines.append(
        written.label("dispute_ended", date=written.day(ended))
        if ended
        else written.label("dispute_open")
    )
    return " ".join(lines)


def _hold(one: Mapping[str, Any], written: Words) -> str:
    line = written.label(
        "hold_line",
        reason=written.of("holds", one["reason"]),
        since=written.day(one["since"]),
        until=written.day(one["until"]),
        invoice=_invoice(one["invoice"], written, "hold_all"),
    )
    if one["lifted_on"] is None:
        return line
    return f"{line} {written.label('hold_lifted', date=written.day(one['lifted_on']))}"


def _invoice(number: str | None, written: Words, every: str) -> str:
    return written.label(every) if number is None else written.label("hold_invoice", number=number)


def _money(amount: Mapping[str, str] | None, written: Words, otherwise: str) -> str:
    return written.money(amount["amount"], amount["currency"]) if amount else otherwise
