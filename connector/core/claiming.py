"""What a message may claim on top of the principal: interest and collection costs. Pure.

A consumer owes costs only after a statutory notice whose term passed unpaid, and interest only
from its default. A business owes both by operation of law once the due date has passed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from connector.core.actions import Charges
from connector.core.bundle import Draft
from connector.core.charges import Charge, ChargeKind, ChargeState, shares
from connector.core.findings import Claim
from connector.core.law.applicable import dutch_law_applies
from connector.core.law.costs import collection_costs
from connector.core.law.figures import InterestKind
from connector.core.lawful import default_from
from connector.core.obstacles import Desk
from connector.core.policy.model import DebtorKind, StepKind, Track
from connector.core.reasons import Fact, Reason
from connector.port.money import Money
from connector.port.records import ItemId

_CLAIM_COSTS: Final = (StepKind.DEFAULT_NOTICE, StepKind.FINAL_DEMAND, StepKind.HAND_OVER)


@dataclass(slots=True)
class Claimed:
    """What comes on top of the principal of one draft, and why."""

    charges: Charges | None = None
    interest: dict[ItemId, Money] = field(default_factory=dict)
    costs: dict[ItemId, Money] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
