"""What the law makes of the claims as JSON-ready data: interest, costs, notices, limitation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from connector.core.dossier.legal import (
    DemandCosts,
    InterestFacts,
    LawGround,
    LimitationFacts,
    NoticeFacts,
)
from connector.core.law.figures import InterestKind
from connector.core.law.interest import Statement
from connector.port.money import Money

_OF_DISPATCH: Final = (
    "channel", "at", "address", "address_source", "reference", "proof", "documents", "evidence",
)  # fmt: skip


def interest_part(interest: InterestFacts | None) -> dict[str, Any] | None:
    """Return the interest on one invoice line by line, None when none is claimed."""
    if interest is None:
        return None
    compounds = interest.kind is not InterestKind.CONTRACTUAL
    return {
        "kind": str(interest.kind),
        "article": interest.article,
        "clause": interest.clause,
        "from": interest.statement.lines[0].from_.isoformat(),
        "through": interest.through.isoformat(),
        "final": interest.final,
        "compounding": "yearly" if compounds else "none",
        "day_count": "act/365",
        "lines": _lines(interest.statement),
        "accrued": str(interest.statement.interest),
        "paid": str(interest.paid),
        "amount": str(interest.amount),
        "daily": None if interest.daily is None else str(interest.daily),
    }


def demand_part(demand: DemandCosts) -> dict[str, Any]:
    """Return the collection costs of one message with their calculation."""
    costs = demand.costs
    return {
        "kind": str(demand.kind),
        "on": demand.on.isoformat(),
        "invoices": list(demand.numbers),
        "base": str(costs.principal),
        "lines": [
            {"base": str(line.base), "percent": f"{line.percent:f}", "amount": _plain(line.amount)}
            for line in costs.lines
        ],
        "bound": None if costs.bound is None else str(costs.bound),
        "article": costs.article,
        "source": costs.source,
        "allowed": str(costs.amount),
        "amount": str(demand.amount),
        "part": str(demand.part),
        "vat": str(demand.vat),
        "paid": str(demand.paid),
    }


def limitation_part(
    known: LimitationFacts | None, history: Iterable[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Return until when a claim can be enforced, and the proof of the last interruption."""
    if known is None:
        return None
    made = known.limitation
    last = made.interruptions[-1] if made.interruptions else None
    sheets = [one["evidence"] for one in history if known.action and one["action"] == known.action]
    return {
        "last_day": made.last_day.isoformat(),
        "at_the_latest": made.at_the_latest.isoformat(),
        "article": made.article,
        "years": made.years,
        "interrupted_on": last.on.isoformat() if last else None,
        "interrupted_by": str(last.kind) if last else None,
        "evidence": next(iter(sheets), None),
    }


def notice_part(notice: NoticeFacts, history: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one notice with its dispatches, as the history has them."""
    return {
        "kind": str(notice.kind),
        "valid": notice.valid,
        "faults": [str(fault) for fault in notice.faults],
        "invoices": list(notice.numbers),
        "sent_on": notice.delivered_on.isoformat(),
        "received_on": notice.received_on.isoformat(),
        "last_day": notice.last_day.isoformat(),
        "costs": _stated(notice.costs),
        "vat": _stated(notice.vat),
        "dispatches": [
            {name: event[name] for name in _OF_DISPATCH}
            for event in history
            if event["action"] == notice.action
        ],
    }


def law_part(ground: LawGround | None) -> dict[str, Any] | None:
    """Return which law governs the claim and why, None when nobody looked."""
    if ground is None:
        return None
    law = None if ground is LawGround.NOT_RECORDED else "nl"
    return {"law": law, "ground": str(ground)}


def _lines(made: Statement) -> list[dict[str, Any]]:
    """Return the lines; each says what lowered and what raised the base before the next one."""
    after = _after(made)
    return [
        {
            "from": line.from_.isoformat(),
            "through": line.through.isoformat(),
            "days": line.days,
            "percent": f"{line.percent:f}",
            "base": str(line.base),
            "interest": str(line.interest),
            "paid_after": str(paid),
            "capitalised_after": str(capitalised),
            "source": line.source,
        }
        for line, (paid, capitalised) in zip(made.lines, after, strict=True)
    ]


def _after(made: Statement) -> Sequence[tuple[Money, Money]]:
    """Return per line what was paid off the base by its end, and what was added to it then."""
    found = []
    start = date.min
    next_bases = [line.base for line in made.lines[1:]] + [made.principal + made.capitalised]
    for line, base in zip(made.lines, next_bases, strict=True):
        applied = [one for one in made.applied if start <= one.on <= line.through]
        paid = sum((one.principal for one in applied), Money.zero(base.currency))
        before_first = sum(
            (one.principal for one in applied if one.on < line.from_), Money.zero(base.currency)
        )
        paid -= before_first  # the base of the line is lowered by it already
        found.append((paid, base - line.base + paid))
        start = date.fromordinal(line.through.toordinal() + 1)
    return found


def _stated(money: Money | None) -> dict[str, str] | None:
    return None if money is None else {"amount": str(money), "currency": money.currency}


def _plain(number: Decimal) -> str:
    """Return a number without needless zeros, as in `8.05` and `150`."""
    return format(number.normalize(), "f")
