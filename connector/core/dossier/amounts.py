"""The sums of a dossier: per currency, each the sum of what stands above it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from connector.core.chain import canonical
from connector.core.dossier.facts import ClaimFacts, CreditFacts, DossierFacts
from connector.core.dossier.legal_parts import demand_part
from connector.port.money import Money


def amounts(facts: DossierFacts) -> list[dict[str, Any]]:
    """Return one record of amounts per currency, sorted by currency.

    `invoiced` and `paid` are None when the invoice amount of one of the claims is not known.
    """
    currencies = sorted({claim.open.currency for claim in facts.claims})
    return [_of_currency(facts, currency) for currency in currencies]


def paid(claim: ClaimFacts) -> Money | None:
    """Return what was paid or credited on a claim: invoice amount less all that is open of it."""
    if claim.total is None:
        return None
    return claim.total - claim.open - (claim.kept_back or Money.zero(claim.open.currency))


def checksum(amount: Mapping[str, Any], claims: Sequence[Any], credit_lines: Sequence[Any]) -> str:
    """Return SHA-256 in hex over the amounts of one currency and the lines that they sum.

    The canonical JSON (RFC 8785) of `{"amounts": …, "claims": [[number, open, interest, costs], …],
    "credits": [[number, amount], …]}`, the amounts without `checksum`, the lines in the dossier's
    order; a claim without interest counts `0` for it.
    """
    covered = {
        "amounts": {name: value for name, value in amount.items() if name != "checksum"},
        "claims": [_covered(line) for line in claims],
        "credits": [[line["number"], line["amount"]] for line in credit_lines],
    }
    return hashlib.sha256(canonical(covered)).hexdigest()


def _covered(line: Mapping[str, Any]) -> list[str]:
    interest = line["interest"]["amount"] if line["interest"] else "0"
    return [line["number"], line["open"], interest, line["collection_costs"]]


def _of_currency(facts: DossierFacts, currency: str) -> dict[str, Any]:
    claims = [claim for claim in facts.claims if claim.open.currency == currency]
    credit_notes = [credit for credit in facts.credits if credit.amount.currency == currency]
    zero = Money.zero(currency)
    opened = sum((claim.open for claim in claims), zero)
    credited = sum((credit.amount for credit in credit_notes), zero)
    principal = opened - credited
    known = [claim.total for claim in claims if claim.total is not None]
    invoiced = sum(known, zero) if len(known) == len(claims) else None
    settled = [part for part in map(paid, claims) if part is not None]
    interest, costs = _interest(claims, currency), _costs(facts, currency)
    extra = sum((claim.interest.amount for claim in claims if claim.interest), zero)
    extra += facts.costs.amount + facts.costs.vat if costs["claimed"] and facts.costs else zero
    record = {
        "currency": currency,
        "claims": len(claims),
        "invoiced": _text(invoiced),
        "paid": _text(None if invoiced is None else sum(settled, zero)),
        "open": str(opened),
        "credited": str(credited),
        "principal": str(principal),
        "interest": interest,
        "collection_costs": costs,
        "total": str(principal + extra),
    }
    return record | {"checksum": checksum(record, _claims(claims), _credits(credit_notes))}


def _interest(claims: Sequence[ClaimFacts], currency: str) -> dict[str, Any]:
    """Return the interest of all claims; each further day adds `daily`, while that is known."""
    known = [claim.interest for claim in claims if claim.interest is not None]
    zero = Money.zero(currency)
    daily = [one.daily for one in known if one.daily is not None]
    return {
        "claimed": bool(known),
        "amount": str(sum((one.amount for one in known), zero)),
        "through": min(one.through for one in known).isoformat() if known else None,
        "final": all(one.final for one in known),
        "daily": str(sum(daily, zero)) if daily and len(daily) == len(known) else None,
    }


def _costs(facts: DossierFacts, currency: str) -> dict[str, Any]:
    costs, zero = facts.costs, Money.zero(currency)
    if costs is None or costs.amount.currency != currency:
        costs = None
    return {
        "claimed": costs is not None,
        "amount": str(costs.amount if costs else zero),
        "vat": str(costs.vat if costs else zero),
        "vat_declared": costs is not None and costs.vat_declared,
        "demands": [demand_part(one) for one in costs.demands] if costs else [],
    }


def _claims(claims: Sequence[ClaimFacts]) -> list[dict[str, Any]]:
    return [
        {
            "number": claim.number,
            "open": str(claim.open),
            "interest": {"amount": str(claim.interest.amount)} if claim.interest else None,
            "collection_costs": str(claim.costs or Money.zero(claim.open.currency)),
        }
        for claim in claims
    ]


def _credits(credit_notes: Sequence[CreditFacts]) -> list[dict[str, str]]:
    return [{"number": credit.number, "amount": str(credit.amount)} for credit in credit_notes]


def _text(money: Money | None) -> str | None:
    return None if money is None else str(money)
