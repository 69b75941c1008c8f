"""The calculation in words: what is claimed, and how interest and costs came about, day by day."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from connector.core.dossier.text import Words

Rows = list[list[str]]

_CENTS: Final = 2
_BUCKETS: Final = ("costs", "interest", "principal")


def summary(data: Mapping[str, Any], amount: Mapping[str, Any], written: Words) -> dict[str, Any]:
    """Return the sums of one currency, from the open invoices to the total."""
    currency = amount["currency"]
    less = [
        [written.label("less_credit", number=line["number"]), written.number(f"-{line['amount']}")]
        for line in data["credits"]
        if line["currency"] == currency
    ]
    opened = [[written.label("open_invoices"), written.number(amount["open"])], *less]
    return {
        "currency": currency,
        "open": opened if less else [],
        "principal": [written.label("principal"), written.number(amount["principal"])],
        "extra": [_interest_sum(data, amount, written), *_costs_sum(amount, written)],
        "total": [written.label("total_claimed"), written.money(amount["total"], currency)],
        "checksum": amount["checksum"],
    }


def interest_blocks(data: Mapping[str, Any], written: Words) -> list[dict[str, Any]]:
    """Return a block per invoice that bears interest: what it rests on, the lines, the sum."""
    return [_interest(claim, written) for claim in data["claims"] if claim["interest"]]


def cost_blocks(data: Mapping[str, Any], written: Words) -> list[dict[str, Any]]:
    """Return a block per message that brought costs about: the base, the scale, the sum."""
    return [
        _demand(demand, amount["currency"], written)
        for amount in data["amounts"]
        for demand in amount["collection_costs"]["demands"]
    ]


def notes(data: Mapping[str, Any], written: Words) -> list[str]:
    """Return what must be said about the calculation as a whole."""
    found = []
    claimed = {
        name: any(amount[name]["claimed"] for amount in data["amounts"])
        for name in ("interest", "collection_costs")
    }
    if not any(claimed.values()):
        found.append(written.label("calculation_note"))
    if claimed["collection_costs"]:
        declared = any(amount["collection_costs"]["vat_declared"] for amount in data["amounts"])
        found.append(written.label("vat_declared" if declared else "vat_none"))
    if data["agency_must_send_statutory_notice"]:
        found.append(written.label("notice_note"))
    return found


def provisional(data: Mapping[str, Any], written: Words) -> str:
    """Return that the interest is provisional and why; nothing when it is final."""
    through = [
        one["interest"]["through"] for one in data["amounts"] if not one["interest"]["final"]
    ]
    return written.label("provisional", through=written.day(min(through))) if through else ""


def payment_rows(data: Mapping[str, Any], written: Words) -> Rows:
    """Return date, invoice, how it is known, amount, and what it paid of costs and interest."""
    return [
        [
            written.short_day(line["date"]),
            line["invoice"],
            written.of("payments", line["kind"]),
            written.money(line["amount"], line["currency"]),
            *(_or_nothing(line["imputed"][name], written) for name in _BUCKETS),
        ]
        for line in data["payments"]
    ]


def basis(interest: Mapping[str, Any], written: Words) -> str:
    """Return the kind of interest with its article or clause, as in `wettelijke rente (art. …)`."""
    kind = written.of("interest", interest["kind"])
    rests_on = interest["clause"] or f"art. {interest['article']}"
    return f"{kind} ({rests_on})"


def _or_nothing(amount: str, written: Words) -> str:
    return written.number(amount) if Decimal(amount) else ""


def _interest_sum(data: Mapping[str, Any], amount: Mapping[str, Any], written: Words) -> list[str]:
    interest = amount["interest"]
    if not interest["claimed"]:
        return _not_claimed("interest", interest["amount"], written)
    first = next(
        claim["interest"]
        for claim in data["claims"]
        if claim["interest"] and claim["currency"] == amount["currency"]
    )
    key = "interest_sum" if interest["final"] else "interest_sum_provisional"
    day = written.day(interest["through"])
    label = written.label(key, basis=basis(first, written), through=day)
    return [label, written.number(interest["amount"])]


def _costs_sum(amount: Mapping[str, Any], written: Words) -> Rows:
    costs = amount["collection_costs"]
    if not costs["claimed"]:
        return [_not_claimed("collection_costs", costs["amount"], written)]
    rows = [[written.label("collection_costs"), written.number(costs["amount"])]]
    if Decimal(costs["vat"]):
        rows.append([written.label("costs_vat"), written.number(costs["vat"])])
    return rows


def _not_claimed(name: str, amount: str, written: Words) -> list[str]:
    return [written.label("not_claimed", label=written.label(name)), written.number(amount)]


def _interest(claim: Mapping[str, Any], written: Words) -> dict[str, Any]:
    interest, currency = claim["interest"], claim["currency"]
    closing = [[written.label("interest_accrued"), written.number(interest["accrued"])]]
    if Decimal(interest["paid"]):
        closing.append([written.label("interest_paid"), written.number(f"-{interest['paid']}")])
        closing.append([written.label("interest_left"), written.number(interest["amount"])])
    return {
        "title": f"{written.label('invoice')} {claim['number']}: {basis(interest, written)}",
        "intro": _sentences(claim, written),
        "rows": [row for line in interest["lines"] for row in _line_rows(line, written)],
        "closing": closing,
        "daily": written.label("daily", amount=written.money(interest["daily"], currency))
        if interest["daily"]
        else "",
    }


def _sentences(claim: Mapping[str, Any], written: Words) -> str:
    interest = claim["interest"]
    ground = written.of("grounds", claim["default_ground"])
    parts = [
        written.label("in_default", date=written.day(claim["default_from"]), ground=ground),
        written.label("counted_so"),
        written.label(f"compounding_{interest['compounding']}"),
    ]
    if not interest["final"]:
        parts.append(written.label("provisional", through=written.day(interest["through"])))
    return " ".join(parts)


def _line_rows(line: Mapping[str, Any], written: Words) -> list[dict[str, Any]]:
    """Return the line, and below it what changed the base before the next one."""
    rows: list[dict[str, Any]] = [
        {
            "cells": [
                written.short_day(line["from"]),
                written.short_day(line["through"]),
                str(line["days"]),
                percent(line["percent"], written),
                written.number(line["base"]),
                written.number(line["interest"]),
            ]
        }
    ]
    if Decimal(line["paid_after"]):
        text = written.label("base_paid", date=written.day(line["through"]))
        rows.append({"text": text, "amount": written.number(f"-{line['paid_after']}")})
    if Decimal(line["capitalised_after"]):
        text = written.label("base_capitalised", date=written.day(line["through"]))
        rows.append({"text": text, "amount": written.number(line["capitalised_after"])})
    return rows


def percent(number: str, written: Words) -> str:
    """Return a percentage as in `8,05%`."""
    return f"{written.number(number)}%"


def _demand(demand: Mapping[str, Any], currency: str, written: Words) -> dict[str, Any]:
    base = written.money(demand["base"], currency)
    by_notice = demand["kind"] == "statutory_notice"
    intro = written.label(
        "costs_by_notice" if by_notice else "costs_in_trade",
        base=base,
        numbers=", ".join(demand["invoices"]),
        article=f"art. {demand['article']}" if demand["source"] else demand["article"],
    )
    kind = written.of("events", demand["kind"])
    return {
        "title": written.label("costs_of", event=kind, date=written.day(demand["on"])),
        "intro": intro,
        "rows": [
            [
                written.label(
                    "costs_slice",
                    percent=percent(line["percent"], written),
                    base=written.money(line["base"], currency),
                ),
                written.number(cents(line["amount"])),
            ]
            for line in demand["lines"]
        ],
        "closing": _closing(demand, written),
    }


def _closing(demand: Mapping[str, Any], written: Words) -> Rows:
    """Return the steps from the scale to what is claimed, without those that change nothing."""
    by = "allowed" if demand["source"] else "agreed"
    key = f"costs_{demand['bound'] or by}"
    rows = [[written.label(key), written.number(demand["allowed"])]]
    if Decimal(demand["amount"]) != Decimal(demand["allowed"]):
        rows.append([written.label("costs_charged"), written.number(demand["amount"])])
    if Decimal(demand["part"]) != Decimal(demand["amount"]):
        rows.append([written.label("costs_part"), written.number(demand["part"])])
    if Decimal(demand["vat"]):
        rows.append([written.label("costs_vat"), written.number(demand["vat"])])
    if Decimal(demand["paid"]):
        rows.append([written.label("costs_paid"), written.number(f"-{demand['paid']}")])
    claimed = sum((Decimal(demand[name]) for name in ("part", "vat")), -Decimal(demand["paid"]))
    return [*rows, [written.label("costs_left"), written.number(str(claimed))]]


def cents(number: str) -> str:
    """Return a number with at least two decimals; finer ones stay, as in `181.50` and `0.125`."""
    whole, _, decimals = number.partition(".")
    return f"{whole}.{decimals:0<{_CENTS}}"
