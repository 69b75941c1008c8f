"""What a handover is worked out from again: the account of one debtor. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connector.core.actions import Action, PlannedItem
from connector.core.charges import Charge, ChargeKind, Notice, default_notice
from connector.core.dossier.legal import DefaultFacts, DefaultGround
from connector.core.law.figures import Figures
from connector.core.policy.model import CollectionCosts, DebtorKind, Interest
from connector.port.money import Money
from connector.port.records import ItemId

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that reached the debtor, and the day on which it did."""

    action: Action
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a handover is worked out from again.

    Attributes:
        action: The handover; its amounts are the ones that count.
        kind: The debtor.
        law: Figures of the law.
        on: The day of the dossier.
        due_date_agreed: The consumer terms of the creditor agree a due date.
        vat_deduction: `full`, `partial` or `none`: how far the creditor deducts VAT.
        interest: What the track claims; None: the track is gone from the policy.
        costs: The same of collection costs.
        payments: Per item of the debtor what came in for it, oldest first.
        charges: Of the debtor.
        notices: Of the debtor.
        sent: The messages that charges and notices came from, by the id of their action.
    """

    action: Action
    kind: DebtorKind
    law: Figures
    on: date
    due_date_agreed: bool = False
    vat_deduction: str = "full"
    interest: Interest | None = None
    costs: CollectionCosts | None = None
    payments: Mapping[ItemId, tuple[tuple[date, Money], ...]]
    charges: tuple[Charge, ...] = ()
    notices: tuple[Notice, ...] = ()
    sent: Mapping[str, Sent]

    def charge(self, item: PlannedItem, kind: ChargeKind) -> Charge | None:
        """Return what the item was charged with in its cycle."""
        sought = (item.id, item.cycle, kind)
        return next((one for one in self.charges if one.key == sought), None)


def default_of(account: Account, item: PlannedItem) -> DefaultFacts | None:
    """Return when the debtor came in default with the invoice, None when it did not.

    Dutch: verzuim. The rule of `lawful.default_from`, for an invoice that may be paid by now.
    """
    if account.kind.is_business or account.due_date_agreed:
        return DefaultFacts(on=item.due + _DAY, ground=DefaultGround.DUE_DATE)
    notice = default_notice(account.notices, item.id, item.cycle)
    if notice is None:
        return None
    on = max(notice.last_day, item.due) + _DAY
    return DefaultFacts(on=on, ground=DefaultGround.DEFAULT_NOTICE)


def after_credits(action: Action) -> dict[ItemId, Money]:
    """Return what each item of the action comes to after its credits.

    Each credit counts first against the invoice that it names, the rest against the oldest, as in
    `netting.net`.
    """
    left = {item.id: item.open for item in action.items}
    rest = []
    for credit in action.credits:
        named = [item for item in action.items if item.number == credit.against]
        rest.append(_lower(left, named, credit.amount))
    for amount in rest:
        _lower(left, action.items, amount)
    return left


def _lower(left: dict[ItemId, Money], items: Sequence[PlannedItem], amount: Money) -> Money:
    """Lower the items by the amount, in their order, and return what is left of it."""
    for item in items:
        part = min(amount, left[item.id])
        left[item.id] -= part
        amount -= part
    return amount
