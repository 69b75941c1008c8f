"""The dossier as a document: Typst source, and all that it prints, already in words."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from connector.core.dossier.blocks import party_blocks
from connector.core.dossier.build import Dossier
from connector.core.dossier.calculation import (
    cost_blocks,
    interest_blocks,
    notes,
    payment_rows,
    provisional,
    summary,
)
from connector.core.dossier.notice_story import law_line, limitation_line, notice_blocks
from connector.core.dossier.pack import contents
from connector.core.dossier.story import agreement_lines, checks_table, evidence_blocks, timeline
from connector.core.dossier.text import Words, read_template, words

Rows = list[list[str]]

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def dossier_document(dossier: Dossier) -> tuple[str, dict[str, Any]]:
    """Return the Typst source of `dossier.pdf` and its data, for the press.

    The data hold labels and values as text in the dossier's language; what the books or a debtor
    wrote is never part of the source. A dossier that still lacks required fields can be shown too.
    """
    data = dossier.data
    written = words(data["meta"]["language"])
    shown = {
        "language": written.language,
        "labels": dict(written.groups["labels"]),
        "dossier_id": data["meta"]["dossier_id"],
        "test": data["meta"]["test"],
        "creditor": data["creditor"]["name"] or "",
        "debtor": data["debtor"]["name"] or "",
        "agency": data["mandate"]["agency"] or "",
        "as_of": written.label("as_of", date=written.day(data["meta"]["reference_date"])),
        "cover": _cover(data, written),
        "totals": [written.money(one["total"], one["currency"]) for one in data["amounts"]],
        "parties": party_blocks(data, written),
        "claims": [_claim_table(data, amount, written) for amount in data["amounts"]],
        "claim_details": _details(data, written),
        "calculation": [summary(data, amount, written) for amount in data["amounts"]],
        "calculation_notes": notes(data, written),
        "provisional": provisional(data, written),
        "interest": interest_blocks(data, written),
        "costs": cost_blocks(data, written),
        "payments": payment_rows(data, written),
        "notices": notice_blocks(data, written),
        "timeline": timeline(data["history"], written),
        "evidence": evidence_blocks(data["history"], written),
        "agreements": agreement_lines(data, written),
        "checks": checks_table(data, written),
        "stops": [
            [written.of("holds", stop), written.yes(answer=answer)]
            for stop, answer in data["stops"].items()
        ],
        "absent": absent_lines(data, written),
        "declaration": _declaration(data, written),
        "declared_by": _declared_by(data, written),
        "manifest": _files(dossier, written),
        "journal": _journal(data, written),
    }
    return read_template("dossier.typ"), _printable(shown)


def _printable(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return the value without control characters, which no font can show."""
    match value:
        case str():
            return _CONTROL.sub(" ", value.replace("\r\n", "\n"))
        case list():
            return [_printable(inner) for inner in value]
        case dict():
            return {name: _printable(inner) for name, inner in value.items()}
        case _:
            return value


def absent_lines(data: Mapping[str, Any], written: Words) -> list[str]:
    """Return what is not there, one line per field: the invoices that lack it are joined."""
    names: dict[str, list[str]] = {}
    for path in data["absent"]:
        head, bracket, rest = path.partition("[")
        number, _, field = rest.rpartition("].")
        names.setdefault(f"{head}[].{field}" if bracket else path, []).append(number)
    return [_absent_line(path, numbers, data, written) for path, numbers in names.items()]


def _absent_line(path: str, numbers: Sequence[str], data: Mapping[str, Any], written: Words) -> str:
    field = written.groups["fields"].get(path, path)
    if "[]" not in path:
        return field
    if len(numbers) == len(data["claims"]) > 1:
        return written.label("absent_for_all", field=field)
    return written.label("absent_for", field=field, numbers=", ".join(numbers))


def _cover(data: Mapping[str, Any], written: Words) -> Rows:
    meta = data["meta"]
    due = sorted(claim["due"] for claim in data["claims"] if claim["due"])
    disputed = not data["mandate"]["undisputed"]
    law = law_line(data, written)
    return [
        [written.label("dossier_number"), meta["dossier_id"]],
        [written.label("reference_date"), written.day(meta["reference_date"])],
        [written.label("made_on"), written.moment(meta["created_at"])],
        [written.label("made_by"), meta["created_by"]],
        [written.label("instruction"), written.of("instructions", data["mandate"]["instruction"])],
        [written.label("invoice_count"), str(len(data["claims"]))],
        *([written.label("oldest_due"), written.day(day)] for day in due[:1]),
        [written.label("disputed"), written.yes(answer=disputed)],
        *([[written.label("applicable_law"), law]] if law else []),
    ]


def _claim_table(
    data: Mapping[str, Any], amount: Mapping[str, Any], written: Words
) -> dict[str, Any]:
    currency = amount["currency"]
    claims = [claim for claim in data["claims"] if claim["currency"] == currency]
    day = written.day(data["meta"]["reference_date"])
    return {
        "currency": currency,
        "intro": written.label("claim_intro", currency=currency, date=day),
        "rows": [_claim_row(claim, written) for claim in claims],
        "total": [_column(amount[name], written) for name in ("invoiced", "paid", "open")],
    }


def _claim_row(claim: Mapping[str, Any], written: Words) -> list[str]:
    days = [written.short_day(day) if day else "" for day in (claim["issued"], claim["due"])]
    amounts = [_column(claim[name], written) for name in ("total", "paid", "open")]
    return [claim["number"], *days, *amounts]


def _column(amount: str | None, written: Words) -> str:
    return written.label("unknown") if amount is None else written.number(amount)


def _details(data: Mapping[str, Any], written: Words) -> list[dict[str, Any]]:
    told = [_claim_details(claim, written) for claim in data["claims"]]
    return [claim for claim in told if claim["rows"]]


def _claim_details(claim: Mapping[str, Any], written: Words) -> dict[str, Any]:
    sent = None
    if claim["sent_on"]:
        channel = written.of("channels", claim["sent_via"] or written.label("unknown"))
        day = written.day(claim["sent_on"])
        sent = written.label("sent_on_via", date=day, channel=channel)
    vat = written.money(claim["vat"], claim["currency"]) if claim["vat"] else None
    rows = [
        ("description", claim["description"]),
        ("sent", sent),
        ("vat", vat),
        ("reference", claim["reference"]),
        ("contract", claim["contract"]),
        ("basis", written.of("bases", claim["basis"]) if claim["basis"] else None),
        ("default_from", _default(claim, written)),
        ("limitation_on", limitation_line(claim, written)),
        ("kept_back", _kept_back(claim, written)),
        ("disputed", written.yes(answer=True) if claim["disputed"] else None),
        ("documents", ", ".join(claim["documents"])),
    ]
    return {
        "title": f"{written.label('invoice')} {claim['number']}",
        "rows": [[written.label(key), value] for key, value in rows if value],
    }


def _default(claim: Mapping[str, Any], written: Words) -> str | None:
    if claim["default_from"] is None:
        return None
    ground = written.of("grounds", claim["default_ground"])
    return written.label("since", date=written.day(claim["default_from"]), ground=ground)


def _kept_back(claim: Mapping[str, Any], written: Words) -> str | None:
    if not Decimal(claim["kept_back"]):
        return None
    return written.money(claim["kept_back"], claim["currency"])


def _declaration(data: Mapping[str, Any], written: Words) -> list[str]:
    mandate = data["mandate"]
    first = ["not_elsewhere"] if mandate["not_elsewhere_in_collection"] else []
    second = "undisputed" if mandate["undisputed"] else "is_disputed"
    return [written.label(key) for key in (*first, second, "amounts_true")]


def _declared_by(data: Mapping[str, Any], written: Words) -> str:
    name = data["mandate"]["declared_by"]
    if name is None:
        return ""
    return written.label("declared_by", name=name, creditor=data["creditor"]["name"] or "")


def _files(dossier: Dossier, written: Words) -> Rows:
    return [
        [name, written.of("types", file.type), written.short_day(file.day), file.sha256]
        for name, file in contents(dossier).items()
    ]


def _journal(data: Mapping[str, Any], written: Words) -> list[str]:
    part = data["journal"]
    if part is None:
        return []
    first, last = str(part["first"]), str(part["last"])
    return [written.label("manifest_journal", first=first, last=last), part["head"]]
