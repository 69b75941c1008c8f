"""Creditor, agency and debtor as blocks of label and value."""

from collections.abc import Iterable, Mapping
from typing import Any

from connector.core.dossier.text import Words, group_digits


def party_blocks(data: Mapping[str, Any], written: Words) -> list[dict[str, Any]]:
    """Return the three blocks, each with a title and the rows of what is known."""
    return [
        {"title": written.label("creditor"), "rows": _creditor(data["creditor"], written)},
        {"title": written.label("debtor"), "rows": _debtor(data["debtor"], written)},
        {
            "title": written.of("agencies", data["mandate"]["kind"]),
            "rows": _agency(data["mandate"], written),
        },
    ]


def _creditor(creditor: Mapping[str, Any], written: Words) -> list[list[str]]:
    deduction = creditor["vat_deduction"]
    return _rows(
        written,
        [
            ("name", creditor["name"]),
            ("trade_name", creditor["trade_name"]),
            ("legal_form", creditor["legal_form"]),
            ("address", _address(creditor["address"])),
            ("kvk", creditor["kvk"]),
            ("vat_id", creditor["vat_id"]),
            ("vat_deduction", written.of("deductions", deduction) if deduction else None),
            ("contact", creditor["contact"]),
            ("phone", creditor["phone"]),
            ("email", creditor["email"]),
            ("iban", group_digits(creditor["iban"] or "")),
            ("account_holder", creditor["account_holder"]),
            ("client_number", creditor["client_number"]),
            ("terms", creditor["terms"]),
            ("representative", creditor["representative"]),
            ("representative_wki_number", creditor["representative_wki_number"]),
        ],
    )


def _debtor(debtor: Mapping[str, Any], written: Words) -> list[list[str]]:
    source, address, language = debtor["sources"], debtor["address"], debtor["language"]
    verified = debtor["address_verified_on"]
    return _rows(
        written,
        [
            ("name", _told(debtor["name"], source["name"], written)),
            ("trade_name", debtor["trade_name"]),
            ("debtor_number", debtor["number"]),
            ("kind", written.of("kinds", debtor["kind"])),
            ("kind_evidence", debtor["kind_evidence"]),
            ("legal_form", debtor["legal_form"]),
            ("address", _told(_address(address), source["address"], written)),
            ("address_parts", _parts(address, written)),
            ("address_verified_on", written.day(verified) if verified else None),
            ("kvk", debtor["kvk"]),
            ("vat_id", debtor["vat_id"]),
            ("contact", debtor["contact"]),
            ("phone", _told(debtor["phone"], source["phone"], written)),
            ("email", _told(debtor["email"], source["email"], written)),
            ("language", written.of("languages", language) if language else None),
            ("debtor_iban", group_digits(debtor["iban"] or "")),
        ],
    )


def _agency(mandate: Mapping[str, Any], written: Words) -> list[list[str]]:
    checked, plan = mandate["wki_checked_on"], mandate["may_agree_plan"]
    months = mandate["max_plan_months"]
    return _rows(
        written,
        [
            ("name", mandate["agency"]),
            ("wki_number", mandate["wki_number"]),
            ("wki_checked_on", written.day(checked) if checked else None),
            ("instruction", written.of("instructions", mandate["instruction"])),
            ("may_agree_plan", None if plan is None else written.yes(answer=plan)),
            ("max_plan_months", None if months is None else str(months)),
            ("max_discount_percent", mandate["max_discount_percent"]),
            ("tariff", mandate["tariff"]),
        ],
    )


def _rows(written: Words, pairs: Iterable[tuple[str, str | None]]) -> list[list[str]]:
    return [[written.label(key), value] for key, value in pairs if value]


def _told(value: str | None, source: str, written: Words) -> str | None:
    if not value:
        return None
    return written.label("from_source", value=value, source=written.of("sources", source))


def _address(address: Mapping[str, Any]) -> str:
    place = " ".join(part for part in (address["postcode"], address["city"]) if part)
    return ", ".join(part for part in (address["line"], place, address["country"]) if part)


def _parts(address: Mapping[str, Any], written: Words) -> str | None:
    if address["number"] is None:
        return None
    parts = [(name, address[name]) for name in ("street", "number", "addition")]
    return ", ".join(f"{written.label(name)} {value}" for name, value in parts if value)
