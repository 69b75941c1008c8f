"""The two tables of a dossier for people with a spreadsheet: claims.csv and payments.csv.

Semicolons, all cells quoted, UTF-8 with BOM, comma decimals, ISO dates: what Dutch Excel opens
without questions. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

CLAIM_COLUMNS: Final = (
    "number", "issued", "sent_on", "sent_via", "due", "default_from", "currency", "total", "vat",
    "paid", "kept_back", "open", "interest", "interest_kind", "interest_article", "interest_clause",
    "interest_from", "interest_through", "interest_final", "interest_daily", "collection_costs",
    "notice_sent_on", "notice_last_day", "description", "reference", "contract", "basis",
    "disputed", "limitation_on", "interrupted_on",
)  # fmt: skip
PAYMENT_COLUMNS: Final = (
    "kind", "date", "invoice", "number", "currency", "amount", "to_costs", "to_interest",
    "to_principal",
)  # fmt: skip
_AMOUNTS: Final = frozenset({
    "total", "vat", "paid", "kept_back", "open", "interest", "interest_daily", "collection_costs",
    "amount", "to_costs", "to_interest", "to_principal",
})  # fmt: skip
_OF_INTEREST: Final = ("kind", "article", "clause", "from", "through", "final", "daily")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def claims_table(data: Mapping[str, Any]) -> bytes:
    """Return claims.csv: one line per invoice, in the order of the dossier."""
    notices = [one for one in data["notices"] if one["kind"] == "statutory_notice"]
    return _table(CLAIM_COLUMNS, [_flat(claim, notices) for claim in data["claims"]])


def payments_table(data: Mapping[str, Any]) -> bytes:
    """Return payments.csv: what was received, then the credits that lower the claim."""
    credit_lines = [
        {"kind": "credit", "date": line["issued"], "invoice": line["against"]}
        | {name: line[name] for name in ("number", "currency", "amount")}
        for line in data["credits"]
    ]
    payments = [
        line | {f"to_{bucket}": amount for bucket, amount in line["imputed"].items()}
        for line in data["payments"]
    ]
    return _table(PAYMENT_COLUMNS, [*payments, *credit_lines])


def _flat(claim: Mapping[str, Any], notices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the claim with what the law makes of it as columns of its own."""
    interest, limitation = claim["interest"] or {}, claim["limitation"] or {}
    notice = next((one for one in notices if claim["number"] in one["invoices"]), {})
    return {
        **claim,
        "interest": interest.get("amount"),
        **{f"interest_{name}": interest.get(name) for name in _OF_INTEREST},
        "notice_sent_on": notice.get("sent_on"),
        "notice_last_day": notice.get("last_day"),
        "interrupted_on": limitation.get("interrupted_on"),
    }


def _table(columns: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> bytes:
    kept = io.StringIO()
    writer = csv.writer(kept, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for line in lines:
        writer.writerow([_cell(column, line.get(column)) for column in columns])
    return kept.getvalue().encode("utf-8-sig")


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column in _AMOUNTS:
        return str(value).replace(".", ",")
    text = _CONTROL.sub("", str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
