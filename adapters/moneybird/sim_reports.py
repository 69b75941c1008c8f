"""Reports on debtors of the simulated package."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from adapters.moneybird import sim_filters
from adapters.moneybird.sim_render import euros
from adapters.moneybird.sim_world import Bill, Book, Kind

_BUCKETS = (("0 - 30 dagen", 30), ("30 - 60 dagen", 60), ("60 - 90 dagen", 90))
_LAST = "Ouder"


def report(book: Book, name: str, query: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return one page of a report: what every debtor owes.

    Raises:
        BadFilterError: The period is refused.
    """
    first, last = _period(name, query, today)
    number, size = sim_filters.page(query)
    rows = [
        _row(contact, bills, last, aging=name == "debtors_aging")
        for contact, bills in _owed(book, first, last).items()
    ]
    return {
        "debtors": [row for row in rows if row["amount"] != "0.0"][(number - 1) * size :][:size]
    }


def _period(name: str, query: Mapping[str, str], today: date) -> tuple[date, date]:
    if name == "debtors_aging":
        text = query.get("period_until", "this_month")
        _, last = sim_filters.period(f"{text}..{text}" if text.isdecimal() else text, today)
        return date.min, last
    text = query.get("period", "this_month")
    first, last = sim_filters.period(f"{text}..{text}" if text.isdecimal() else text, today)
    if (last - first).days > 30:
        raise sim_filters.BadFilterError("Period cannot exceed 1 month")
    return date.min, last


def _owed(book: Book, first: date, last: date) -> dict[int, list[Bill]]:
    found: dict[int, list[Bill]] = {}
    for kind in (Kind.SALES, Kind.EXTERNAL):
        for bill in book.bills[kind].values():
            is_booked = bill.issued is not None and first <= bill.issued <= last
            has_left = bill.state in {"draft", "scheduled", "uncollectible"}
            if is_booked and not has_left and bill.contact is not None and bill.open:
                found.setdefault(bill.contact.id, []).append(bill)
    return found


def _row(contact: int, bills: list[Bill], last: date, *, aging: bool) -> dict[str, Any]:
    total = sum(bill.open for bill in bills)
    row: dict[str, Any] = {"contact_id": str(contact), "amount": euros(total)}
    if not aging:
        return row
    sums = dict.fromkeys((*(name for name, _ in _BUCKETS), _LAST), 0)
    for bill in bills:
        age = 0 if bill.issued is None else (last - bill.issued).days
        bucket = next((name for name, days in _BUCKETS if age <= days), _LAST)
        sums[bucket] += bill.open
    buckets = [{"name": name, "amount": euros(amount)} for name, amount in sums.items()]
    return row | {"aging_buckets": [*buckets, {"name": "Totaal", "amount": euros(total)}]}
