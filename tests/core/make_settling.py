"""Builders for what becomes of charges."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from connector.core.charges import Charge, Notice
from connector.core.policy.model import Policy
from connector.core.settlement import Settlement
from connector.core.settling import settle
from connector.core.snapshot import Item, Party, Snapshot
from tests.core.make_core import (
    DEBTOR,
    LAW,
    TODAY,
    charge,
    consumer,
    findings_of,
    interest,
    policy,
    snapshot,
)

FAR: dict[str, Any] = {"until": date(2027, 3, 1)}
CENTS = st.integers(1, 300_000)
F1_COSTS, F1_INTEREST = charge("F1", "40.00"), interest("F1", "5.00")
F2_COSTS, F2_INTEREST = charge("F2", "60.00", action="n2"), interest("F2", "7.00", action="n2")
F3_COSTS = charge("F3", "11.00", action="n2")
FIVE = [F1_COSTS, F1_INTEREST, F2_COSTS, F2_INTEREST, F3_COSTS]


def ledger_of(*items: Item, who: Party | None = None, **fields: Any) -> Snapshot:
    """Return the books of one consumer; the name keeps it in the books when nothing is open."""
    return snapshot(*items, parties=[who or consumer()], **fields)


def done_of(
    ledger: Snapshot,
    charges: Sequence[Charge],
    notices: Sequence[Notice] = (),
    *,
    by: Policy | None = None,
    today: date = TODAY,
) -> Settlement:
    """Settle these charges of the one debtor of the books."""
    rules = by or policy()
    books = snapshot(
        *ledger.items,
        parties=ledger.parties.values(),
        holds=ledger.holds,
        charges={DEBTOR: tuple(charges)},
        notices={DEBTOR: tuple(notices)},
        books=ledger.books,
    )
    (debtor,) = findings_of(books, rules, today).debtors
    return settle(books, debtor, policy=rules, law=LAW, today=today)


def said(done: Settlement) -> list[str]:
    """Return the charges as `F1 costs due 40.00 of which paid 0.00`."""
    return [
        f"{one.number} {one.kind} {one.state} {one.amount} paid {one.paid}"
        for one in done.charges.values()
    ]
