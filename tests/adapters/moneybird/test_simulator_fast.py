"""Plain invoices are written by a template; it must say what the slow way says."""

import json
from typing import Any

import pytest

from adapters.moneybird import sim_fast, sim_items
from adapters.moneybird.simulator import Simulator
from tests.adapters.moneybird.asking import HandClock

PLAIN: dict[str, dict[str, Any]] = {
    "open": {},
    "late": {"state": "late", "total": "1234.56", "vat": "7.05"},
    "credit": {"total": "-10.05"},
    "older": {"issued": "2019-02-28", "sent_on": "2019-03-02", "due": "2019-03-30", "version": 1},
}
SPECIAL: dict[str, dict[str, Any]] = {
    "paid": {"state": "paid"},
    "draft": {"state": "draft"},
    "paused": {"paused": True},
    "reminded": {"reminder_count": 1, "next_reminder": "2026-12-01"},
    "dubious": {"dubious_on": "2026-11-01"},
    "foreign": {"currency": "USD"},
    "styled": {"document_style": 496081540000000001},
    "named": {"reference": 'PO "7" 100%'},
    "of_nobody": {"contact": None},
}


@pytest.mark.parametrize("name", [*PLAIN, *SPECIAL])
def test_the_fast_way_says_what_the_slow_way_says(name: str) -> None:
    with Simulator(clock=HandClock()) as sim:
        first = sim.add_invoice(contact=sim.add_contact(company_name='100% "Bos" @@id@@'))
        other = sim.add_invoice(**(PLAIN | SPECIAL)[name])
        bills = [sim._world.bills[one] for one in (first, other)]

    assert json.loads(sim_fast.dumps(bills)) == [sim_items.item(one) for one in bills]


@pytest.mark.parametrize("name", [*PLAIN, *SPECIAL])
def test_only_what_is_plain_goes_the_fast_way(name: str) -> None:
    with Simulator(clock=HandClock()) as sim:
        bill = sim._world.bills[sim.add_invoice(**(PLAIN | SPECIAL)[name])]

    assert sim_fast.is_plain(bill) == (name in PLAIN)
