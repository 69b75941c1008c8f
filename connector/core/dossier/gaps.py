"""What a dossier lacks: required fields block it, all others are named as absent in it.

A field is named by its path in the data, lists by the number of the line: `debtor.address.country`,
`claims[F2026-0312].description`. Its words in Dutch and English are in `templates/nl.toml` and
`en.toml`. Source of the needs: docs/law.md#dossier (required, if applicable, optional).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

REQUIRED: Final = frozenset({
    "creditor.name", "creditor.kvk", "creditor.iban", "creditor.address.line",
    "creditor.address.postcode", "creditor.address.city", "mandate.agency",
    "debtor.number", "debtor.name", "debtor.address.line", "debtor.address.city",
    "claims[].issued", "claims[].due",
})  # fmt: skip
"""Without these an agency can't act; one that is None blocks the dossier."""

NOT_NAMED: Final = frozenset({
    "creditor.address.street", "creditor.address.number", "creditor.address.addition",
    "creditor.trade_name", "creditor.representative", "creditor.representative_wki_number",
    "creditor.phone", "creditor.email",
    "debtor.address.street", "debtor.address.addition", "debtor.trade_name",
    "claims[].paid", "amounts[].invoiced", "amounts[].paid",
    "claims[].interest", "claims[].interest.article", "claims[].interest.clause",
    "claims[].interest.daily", "claims[].default_ground", "claims[].limitation.interrupted_on",
    "claims[].limitation.interrupted_by", "claims[].limitation.evidence", "claims[].limitation",
    "amounts[].interest.through", "amounts[].interest.daily", "amounts[].collection_costs.demands",
    "amounts[].collection_costs.demands[].bound", "amounts[].collection_costs.demands[].source",
    "applicable_law.law",
})  # fmt: skip
"""None here says nothing: it does not apply to everybody, or follows from another field."""

_NOT_WALKED: Final = frozenset(
    {
        "meta", "history", "notices", "promises", "arrangements", "disputes", "holds", "credits",
        "payments", "attachments", "journal",
    }
)  # fmt: skip
_OF_BUSINESS: Final = frozenset({"debtor.kvk", "debtor.vat_id", "debtor.legal_form"})
_OF_PERSONS: Final = frozenset({"debtor.date_of_birth"})
_WANTED_ATTACHMENTS: Final = ("contract", "terms", "delivery")
_POSTCODE_COUNTRIES: Final = (None, "NL", "BE", "DE", "FR", "LU")


def missing(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of what blocks the dossier, in the order of the data."""
    found = [path for path in _nothing(data) if _pattern(path) in REQUIRED]
    return (*found, *_missing_by_rule(data))


def absent(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of what is not there and does not block, in the order of the data."""
    blocking = set(missing(data))
    found = [path for path in _nothing(data) if path not in blocking and _is_named(path, data)]
    there = {line["type"] for line in data["attachments"]}
    lacking = [f"attachments.{kind}" for kind in _WANTED_ATTACHMENTS if kind not in there]
    events = [] if data["history"] else ["history"]
    notice = ["statutory_notice"] if data["agency_must_send_statutory_notice"] else []
    return (*found, *notice, *events, *lacking)


def _is_named(path: str, data: Mapping[str, Any]) -> bool:
    debtor = data["debtor"]
    person = debtor["kind"] in ("consumer", "unknown")
    if path in _OF_BUSINESS:
        return not person
    if path in _OF_PERSONS:
        return bool(debtor["natural_person"])
    return _pattern(path) not in NOT_NAMED


def _missing_by_rule(data: Mapping[str, Any]) -> Iterator[str]:
    mandate, debtor, creditor = data["mandate"], data["debtor"], data["creditor"]
    if creditor["phone"] is None and creditor["email"] is None:
        yield "creditor.phone_or_email"
    if debtor["natural_person"] and mandate["kind"] == "agency" and not mandate["wki_number"]:
        yield "mandate.wki_number"
    represented = creditor["acting_for_others"] and debtor["natural_person"]
    if represented and not creditor["representative_wki_number"]:
        yield "creditor.representative_wki_number"
    if not mandate["not_elsewhere_in_collection"]:
        yield "mandate.not_elsewhere_in_collection"
    address = debtor["address"]
    if address["postcode"] is None and address["country"] in _POSTCODE_COUNTRIES:
        yield "debtor.address.postcode"
    if not data["claims"]:
        yield "claims"
    for amount in data["amounts"]:
        if Decimal(amount["total"]) <= 0:
            yield f"amounts[{amount['currency']}].total"


def _nothing(data: Mapping[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        if name not in _NOT_WALKED:
            yield from _walk(name, value)


def _walk(path: str, value: object) -> Iterator[str]:
    if value is None or value in ("", []):
        yield path
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _walk(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for line in value:
            if isinstance(line, Mapping):
                yield from _walk_line(path, line)


def _walk_line(path: str, line: Mapping[str, Any]) -> Iterator[str]:
    key = line.get("number") or line.get("currency")
    for name, inner in line.items():
        yield from _walk(f"{path}[{key}].{name}", inner)


def _pattern(path: str) -> str:
    return re.sub(r"\[[^\[\]]*\]", "[]", path)
