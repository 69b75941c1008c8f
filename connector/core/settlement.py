"""What a look at the charges of one debtor comes to, gathered while it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.core.charges import Charge, ChargeKind, ChargeState
from connector.core.reasons import Fact
from connector.port.records import ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeChange:
    """A charge as it is from now on, and why: a code of docs/reasons.md."""

    charge: Charge
    code: str


@dataclass(slots=True)
class Settlement:
    """What a look at the charges of one debtor came to.

    Attributes:
        charges: All of them, as they are from now on.
        changes: Those that became something else.
        placed: Payments and overpaid invoices of the books that paid charges and are used up by
            that: no credit any more.
        points: What a person must see: code, subject, facts.
    """

    charges: dict[tuple[ItemId, int, ChargeKind], Charge]
    changes: list[ChargeChange] = field(default_factory=list)
    placed: set[ItemId] = field(default_factory=set)
    points: list[tuple[str, str, Mapping[str, Fact]]] = field(default_factory=list)

    def of(self, item: ItemId, cycle: int, kind: ChargeKind) -> Charge | None:
        """Return the item's charge of this kind, None when it was not charged."""
        return self.charges.get((item, cycle, kind))

    def due(self, currency: str) -> list[Charge]:
        """Return the charges that are due in the currency and not paid in full."""
        return [
            one
            for one in self.charges.values()
            if one.state is ChargeState.DUE and one.amount.currency == currency
        ]

    def turn(self, charge: Charge, code: str) -> None:
        """Let a charge become another one."""
        self.charges[charge.key] = charge
        self.changes.append(ChargeChange(charge=charge, code=code))
