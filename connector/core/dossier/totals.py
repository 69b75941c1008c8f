"""Whether the sums of a dossier are the sums of what stands above them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from connector.core.dossier.amounts import checksum

_YEAR_PERCENT: Final = Decimal(36500)


def total_faults(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the places where amounts of valid data don't add up, as `amounts[EUR].principal`."""
    return (*_line_faults(data), *_currency_faults(data))


def _line_faults(data: Mapping[str, Any]) -> Iterator[str]:
    for claim in data["claims"]:
        if claim["interest"] is not None and not interest_fits(claim["interest"]):
            yield f"claims[{claim['number']}].interest"
        if claim["total"] is None:
            continue
        parts = [claim["paid"], claim["kept_back"], claim["open"]]
        if claim["paid"] is None or _sum(parts) != Decimal(claim["total"]):
            yield f"claims[{claim['number']}].paid"


def interest_fits(interest: Mapping[str, Any]) -> bool:
    """Whether the lines of interest follow from each other and add up to the amount.

    Each line is base x percent / 100 x days / 365, rounded half up to the decimals of the amount;
    the next base is this one, less what was paid, plus what was capitalised.
    """
    bases = [*(line["base"] for line in interest["lines"][1:]), None]
    try:
        return _adds_up(interest, bases)
    except (ValueError, ArithmeticError):  # a day that does not exist, an endless number
        return False


def _adds_up(interest: Mapping[str, Any], bases: Sequence[str | None]) -> bool:
    lines = interest["lines"]
    return (
        all(_line_fits(line, base) for line, base in zip(lines, bases, strict=True))
        and _sum([line["interest"] for line in lines]) == Decimal(interest["accrued"])
        and _sum([interest["paid"], interest["amount"]]) == Decimal(interest["accrued"])
    )


def _line_fits(line: Mapping[str, Any], next_base: str | None) -> bool:
    days = (date.fromisoformat(line["through"]) - date.fromisoformat(line["from"])).days + 1
    told, base = Decimal(line["interest"]), Decimal(line["base"])
    exact = base * Decimal(line["percent"]) * days / _YEAR_PERCENT
    after = _sum([line["base"], line["capitalised_after"]]) - Decimal(line["paid_after"])
    return (
        days == line["days"]
        and exact.quantize(told, ROUND_HALF_UP) == told
        and (next_base is None or after == Decimal(next_base))
    )


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
    interest, costs = amount["interest"], amount["collection_costs"]
    extra = _sum([interest["amount"], costs["amount"], costs["vat"]])
    return {
        "claims": amount["claims"] == len(claims),
        "invoiced": _fits_if_known(amount["invoiced"], [claim["total"] for claim in claims]),
        "paid": _fits_if_known(amount["paid"], [claim["paid"] for claim in claims]),
        "open": value["open"] == _sum([claim["open"] for claim in claims]),
        "credited": value["credited"] == _sum([line["amount"] for line in credit_lines]),
        "interest": _fits_lines(interest, claims),
        "collection_costs": _fits_demands(costs, claims),
        "principal": value["principal"] == value["open"] - value["credited"],
        "total": value["total"] == value["principal"] + extra,
        "checksum": amount["checksum"] == checksum(amount, claims, credit_lines),
    }


def _fits_lines(interest: Mapping[str, Any], claims: Sequence[Any]) -> bool:
    known = [claim["interest"]["amount"] for claim in claims if claim["interest"] is not None]
    return interest["claimed"] == bool(known) and Decimal(interest["amount"]) == _sum(known)


def _fits_demands(costs: Mapping[str, Any], claims: Sequence[Any]) -> bool:
    """Whether the costs are those of the claims, and those of the messages less what was paid."""
    told = _sum([costs["amount"], costs["vat"]])
    demands = costs["demands"]
    claimed = _sum([part for one in demands for part in (one["part"], one["vat"])])
    paid = _sum([one["paid"] for one in demands])
    lawful = all(Decimal(one["amount"]) <= Decimal(one["allowed"]) for one in demands)
    on_claims = _sum([claim["collection_costs"] for claim in claims])
    return lawful and told == on_claims == claimed - paid and costs["claimed"] == bool(demands)


def _fits_if_known(told: str | None, parts: Sequence[str | None]) -> bool:
    known = [part for part in parts if part is not None]
    if told is None or len(known) != len(parts):
        return told is None and len(known) != len(parts)
    return Decimal(told) == _sum(known)


def _sum(parts: Sequence[str]) -> Decimal:
    return sum((Decimal(part) for part in parts), Decimal(0))
