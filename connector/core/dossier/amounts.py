"""The sums of a dossier: per currency, each the sum of what stands above it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from connector.core.chain import canonical
from connector.core.dossier.facts import ClaimFacts, CreditFacts, DossierFacts
from connector.port.money import Money


def amounts(facts: DossierFacts) -> list[dict[str, Any]]:
    """Return one record of amounts per currency, sorted by currency.

    `invoiced` and `paid` are None when the invoice amount of one of the claims is not known.
    Interest and collection costs are not claimed: the agency computes them.
    """
    currencies = sorted({claim.open.currency for claim in facts.claims})
    return [_of_currency(facts, currency) for currency in currencies]


def paid(claim: ClaimFacts) -> Money | None:
    """Return what was paid or credited on a claim: invoice amount minus open amount."""
    return None if claim.total is None else claim.total - claim.open


def checksum(amount: Mapping[str, Any], claims: Sequence[Any], credit_lines: Sequence[Any]) -> str:
    """Return SHA-256 in hex over the amounts of one currency and the lines that they sum.

    The canonical JSON (RFC 8785) of `{"amounts": …, "claims": [[number, open], …], "credits":
    [[number, amount], …]}`, the amounts without `checksum`, the lines in the dossier's order.
    """
    covered = {
        "amounts": {name: value for name, value in amount.items() if name != "checksum"},
        "claims": [[line["number"], line["open"]] for line in claims],
        "credits": [[line["number"], line["amount"]] for line in credit_lines],
    }
    return hashlib.sha256(canonical(covered)).hexdigest()


def _of_currency(facts: DossierFacts, currency: str) -> dict[str, Any]:
    claims = [claim for claim in facts.claims if claim.open.currency == currency]
    credit_notes = [credit for credit in facts.credits if credit.amount.currency == currency]
    zero = Money.zero(currency)
    opened = sum((claim.open for claim in claims), zero)
    credited = sum((credit.amount for credit in credit_notes), zero)
    principal = opened - credited
    known = [claim.total for claim in claims if claim.total is not None]
    invoiced = sum(known, zero) if len(known) == len(claims) else None
    record = {
        "currency": currency,
        "claims": len(claims),
        "invoiced": _text(invoiced),
        "paid": _text(None if invoiced is None else invoiced - opened),
        "open": str(opened),
        "credited": str(credited),
        "principal": str(principal),
        "interest": {"claimed": False, "amount": str(zero)},
        "collection_costs": {"claimed": False, "amount": str(zero)},
        "total": str(principal),
    }
    return record | {"checksum": checksum(record, _claims(claims), _credits(credit_notes))}


def _claims(claims: Sequence[ClaimFacts]) -> list[dict[str, str]]:
    return [{"number": claim.number, "open": str(claim.open)} for claim in claims]


def _credits(credit_notes: Sequence[CreditFacts]) -> list[dict[str, str]]:
    return [{"number": credit.number, "amount": str(credit.amount)} for credit in credit_notes]


def _text(money: Money | None) -> str | None:
    return None if money is None else str(money)
