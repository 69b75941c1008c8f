"""Whether the sums of a dossier are the sums of what stands above them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.core.dossier.amounts import checksum


def total_faults(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the places where amounts of valid data don't add up, as `amounts[EUR].principal`."""
    return (*_line_faults(data), *_currency_faults(data))


def _line_faults(data: Mapping[str, Any]) -> Iterator[str]:
    for claim in data["claims"]:
        if claim["total"] is None:
            continue
        if claim["paid"] is None or _sum([claim["paid"], claim["open"]]) != Decimal(claim["total"]):
            yield f"claims[{claim['number']}].paid"


def _currency_faults(data: Mapping[str, Any]) -> Iterator[str]:
    told = [amount["currency"] for amount in data["amounts"]]
    if told != sorted({claim["currency"] for claim in data["claims"]}):
        yield "amounts"
    for amount in data["amounts"]:
        own = amount["currency"]
        claims = [claim for claim in data["claims"] if claim["currency"] == own]
        credit_lines = [line for line in data["credits"] if line["currency"] == own]
        for name, fits in _sums(amount, claims, credit_lines).items():
            if not fits:
                yield f"amounts[{own}].{name}"


def _sums(
    amount: Mapping[str, Any], claims: Sequence[Any], credit_lines: Sequence[Any]
) -> dict[str, bool]:
    value = {name: Decimal(amount[name]) for name in ("open", "credited", "principal", "total")}
    extra = _sum([amount["interest"]["amount"], amount["collection_costs"]["amount"]])
    return {
        "claims": amount["claims"] == len(claims),
        "invoiced": _fits_if_known(amount["invoiced"], [claim["total"] for claim in claims]),
        "paid": _fits_if_known(amount["paid"], [claim["paid"] for claim in claims]),
        "open": value["open"] == _sum([claim["open"] for claim in claims]),
        "credited": value["credited"] == _sum([line["amount"] for line in credit_lines]),
        "principal": value["principal"] == value["open"] - value["credited"],
        "total": value["total"] == value["principal"] + extra,
        "checksum": amount["checksum"] == checksum(amount, claims, credit_lines),
    }


def _fits_if_known(told: str | None, parts: Sequence[str | None]) -> bool:
    known = [part for part in parts if part is not None]
    if told is None or len(known) != len(parts):
        return told is None and len(known) != len(parts)
    return Decimal(told) == _sum(known)


def _sum(parts: Sequence[str]) -> Decimal:
    return sum((Decimal(part) for part in parts), Decimal(0))
