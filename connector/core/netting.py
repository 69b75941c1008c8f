"""Credits against claims: what a debtor still owes once open credit notes are counted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from connector.core.actions import CreditUsed
from connector.core.findings import Claim, Debtor
from connector.core.policy.model import Policy
from connector.core.snapshot import Item
from connector.port.money import Money
from connector.port.records import ItemId


@dataclass(slots=True)
class Netting:
    """What each claim of one debtor and currency comes to after credits."""

    net: dict[ItemId, Money]
    used: list[tuple[ItemId, Item, Money]] = field(default_factory=list)

    def of(self, claim: Claim) -> Money:
        """Return what is left of the claim."""
        return self.net[claim.item.id]

    def credits_of(self, claims: Iterable[Claim]) -> tuple[CreditUsed, ...]:
        """Return the credits that lower these claims, one line per credit note."""
        numbers = {claim.item.id: claim.item.number for claim in claims}
        lines: dict[ItemId, tuple[Item, Money]] = {}
        for claimed, credit, amount in self.used:
            if claimed in numbers:
                known = lines.get(credit.id)
                before = known[1] if known else Money.zero(amount.currency)
                lines[credit.id] = (credit, before + amount)
        named = set(numbers.values())
        return tuple(
            CreditUsed(
                number=credit.number,
                amount=amount,
                against=credit.names_invoice if credit.names_invoice in named else None,
            )
            for credit, amount in lines.values()
        )


def net(claims: Sequence[Claim], counted: Sequence[Item]) -> Netting:
    """Return the claims after credits: each counts first against the invoice that it names.

    Of an invoice with several terms the oldest comes first.

    Args:
        claims: Of one debtor and one currency, oldest first; a withheld one is lowered only by a
            credit that names it.
        counted: Credits of the same debtor and currency, oldest first, with negative amounts.
    """
    netting = Netting({claim.item.id: claim.open for claim in claims})
    if not counted:
        return netting
    by_number: dict[str, list[Claim]] = {}
    for claim in claims:
        by_number.setdefault(claim.item.number, []).append(claim)
    left: list[tuple[Item, Money]] = []
    for credit in counted:
        terms = by_number.get(credit.names_invoice or "", ())
        left.append((credit, _use(netting, terms, credit, -credit.open)))
    free = [claim for claim in claims if claim.withheld is None]
    for credit, amount in left:
        _use(netting, free, credit, amount)
    return netting


def counted_credits(policy: Policy, debtor: Debtor, currency: str) -> list[Item]:
    """Return the open credits that the policy counts against claims of the currency."""
    guards = policy.guards
    counted = debtor.credits if guards.credits == "net" else ()
    money = debtor.unallocated if guards.unallocated_payment == "net" else ()
    return [
        item
        for item in (*counted, *money)
        if item.open.currency == currency and item.open.amount < 0
    ]


def without(debtor: Debtor, placed: Collection[ItemId]) -> Debtor:
    """Return the debtor without the credits and payments that have their place already."""
    if not placed:
        return debtor
    return replace(
        debtor,
        credits=tuple(one for one in debtor.credits if one.id not in placed),
        unallocated=tuple(one for one in debtor.unallocated if one.id not in placed),
    )


def _use(netting: Netting, claims: Sequence[Claim], credit: Item, amount: Money) -> Money:
    """Lower the claims by the credit, in their order, and return what is left of the credit."""
    for claim in claims:
        part = min(amount, netting.net[claim.item.id])
        if part:
            netting.net[claim.item.id] -= part
            netting.used.append((claim.item.id, credit, part))
            amount -= part
    return amount
