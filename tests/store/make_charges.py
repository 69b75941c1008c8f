"""Builders of what maan claims beyond the books, and of the notices that it stands on."""

from datetime import date
from typing import Any

from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.policy.model import StepKind
from connector.port.records import PartyRef, receivable_id
from tests.make import euro

REF = PartyRef("10023")


def charge(number: str = "F1", **fields: Any) -> Charge:
    """Return EUR 40.00 of costs that a statutory notice announced."""
    plain: dict[str, Any] = {
        "item": receivable_id(number),
        "cycle": 1,
        "kind": ChargeKind.COSTS,
        "party": REF,
        "number": number,
        "state": ChargeState.ANNOUNCED,
        "amount": euro("40.00"),
        "vat": euro("0.00"),
        "paid": euro("0.00"),
        "action": "a1",
        "claimed_on": date(2026, 10, 8),
        "by_notice": True,
    }
    return Charge(**(plain | fields))


def notice(number: str = "F1", **fields: Any) -> Notice:
    """Return the statutory notice of 8 October 2026, by post."""
    plain: dict[str, Any] = {
        "item": receivable_id(number),
        "cycle": 1,
        "kind": StepKind.STATUTORY_NOTICE,
        "party": REF,
        "action": "a1",
        "delivered_on": date(2026, 10, 8),
        "received_on": date(2026, 10, 13),
        "last_day": date(2026, 10, 27),
        "effect_from": date(2026, 10, 30),
    }
    return Notice(**(plain | fields))
