"""A plan: what the policy proposes on a date, and everything withheld with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from connector.core.actions import Action
from connector.core.findings import Attention
from connector.core.reasons import Reason
from connector.core.settlement import ChargeChange
from connector.port.records import ItemId, PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldClaim:
    """A claim that something keeps from its next step."""

    party: PartyRef
    party_name: str
    item: ItemId
    number: str
    step: str | None
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the policy proposes on a day. Actions are sorted by debtor, currency and ladder."""

    administration: str
    on: date
    actions: tuple[Action, ...]
    withheld: tuple[WithheldClaim, ...]
    attention: tuple[Attention, ...]
    charges: tuple[ChargeChange, ...]
    """Charges that became something else: fell due, were paid, waived or voided."""
    checks: Mapping[PartyRef, date | None]
    """First later day on which a debtor may look different although nothing happens."""
