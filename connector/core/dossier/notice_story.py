"""The notices behind a handover in words, and until when each claim can be enforced."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.core.dossier.text import Words


def notice_blocks(data: Mapping[str, Any], written: Words) -> list[dict[str, Any]]:
    """Return a block per notice: what it stated, how it left, and whether it has effect in law."""
    return [_notice(notice, written) for notice in data["notices"]]


def _notice(notice: Mapping[str, Any], written: Words) -> dict[str, Any]:
    faults = "; ".join(written.of("faults", code) for code in notice["faults"])
    rows = [
        ("invoices", ", ".join(notice["invoices"])),
        *(row for one in notice["dispatches"] for row in _dispatch(one, written)),
        ("received_on", written.day(notice["received_on"])),
        ("notice_last_day", written.day(notice["last_day"])),
        ("costs_stated", _stated(notice, written)),
        ("valid", written.yes(answer=notice["valid"]) + (f": {faults}" if faults else "")),
    ]
    return {
        "title": written.label(
            "notice_of",
            event=written.of("events", notice["kind"]),
            date=written.day(notice["sent_on"]),
        ),
        "rows": [[written.label(key), value] for key, value in rows if value],
    }


def _dispatch(one: Mapping[str, Any], written: Words) -> Sequence[tuple[str, str]]:
    channel = written.of("channels", one["channel"] or written.label("unknown"))
    moment = written.label("moment_by", moment=written.moment(one["at"]), channel=channel)
    source = one["address_source"]
    address = one["address"] or ""
    if address and source:
        told = written.of("sources", source)
        address = written.label("from_source", value=address, source=told)
    copies = [*one["documents"], *([one["evidence"]] if one["evidence"] else [])]
    return (
        ("sent_at", moment),
        ("to_address", address),
        ("message_reference", one["reference"] or ""),
        ("proof", one["proof"] or ""),
        ("documents", "\n".join(copies)),
    )


def _stated(notice: Mapping[str, Any], written: Words) -> str:
    costs, vat = notice["costs"], notice["vat"]
    if costs is None:
        return ""
    told = written.money(costs["amount"], costs["currency"])
    if vat is None or not Decimal(vat["amount"]):
        return told
    return written.label("plus_vat", amount=told, vat=written.money(vat["amount"], vat["currency"]))


def law_line(data: Mapping[str, Any], written: Words) -> str | None:
    """Return which law governs the claim and why, None when nobody looked."""
    law = data["applicable_law"]
    return None if law is None else written.of("laws", law["ground"])


def limitation_line(claim: Mapping[str, Any], written: Words) -> str | None:
    """Return the last day of the term of limitation with its article and last interruption."""
    known = claim["limitation"]
    if known is None:
        return None
    line = written.label(
        "limitation_line", date=written.day(known["last_day"]), article=known["article"]
    )
    if known["at_the_latest"] != known["last_day"]:
        latest = written.day(known["at_the_latest"])
        line = f"{line} {written.label('limitation_uncertain', date=latest)}"
    if known["interrupted_on"] is None:
        return line
    by = written.of("interruptions", known["interrupted_by"])
    day = written.day(known["interrupted_on"])
    key = "interrupted_proven" if known["evidence"] else "interrupted"
    return f"{line} {written.label(key, by=by, date=day, evidence=known['evidence'] or '')}"
