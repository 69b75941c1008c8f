"""The interest of a handover line by line, as it was approved: worked out again and compared."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from connector.core.actions import Charges, PlannedItem
from connector.core.charges import ChargeKind
from connector.core.dossier.account import Account, after_credits, default_of
from connector.core.dossier.legal import InterestFacts
from connector.core.law.costs import rounded
from connector.core.law.figures import InterestKind, RateTable, agreed_rate
from connector.core.law.interest import Credit, InterestClaim, Statement, statement
from connector.port.money import Money
from connector.port.records import ItemId

_DAY: Final = timedelta(days=1)
_PUBLIC_BODY: Final = "6:119b BW"
_YEAR_PERCENT: Final = Decimal(36500)  # act/365: base x percent / 100 / 365 for each day


def interest_of(account: Account) -> dict[ItemId, InterestFacts]:
    """Return the interest per item, line by line and with the approved amount.

    An item whose lines don't come to the approved amount is left out: `differs` names it.
    """
    charges, found = account.action.charges, {}
    left = after_credits(account.action)
    for item in account.action.items:
        if charges is not None and item.interest:
            facts = _facts(account, charges, item, left[item.id])
            if facts is not None:
                found[item.id] = facts
    return found


def _facts(
    account: Account, charges: Charges, item: PlannedItem, left: Money
) -> InterestFacts | None:
    default, table = default_of(account, item), _table(account, charges)
    if default is None or table is None or charges.interest_through is None:
        return None
    paid_in = account.payments.get(item.id, ())
    claim = _claim(left, default.on, paid_in)
    made = statement(claim, charges.interest_through, table)
    charge = account.charge(item, ChargeKind.INTEREST)
    paid = charge.paid if charge else Money.zero(left.currency)
    if made.interest - paid != item.interest:
        return None
    agreed = table.kind is InterestKind.CONTRACTUAL
    article = (charges.interest_article or "").removeprefix("art. ")
    return InterestFacts(
        kind=table.kind,
        article=None if agreed else article,
        clause=table.article if agreed else None,
        through=charges.interest_through,
        final=not charges.provisional,
        statement=made,
        daily=_daily(made, table, charges.interest_through + _DAY),
        paid=paid,
        amount=item.interest,
    )


def _claim(left: Money, first_day: date, payments: Sequence[tuple[date, Money]]) -> InterestClaim:
    """Return the claim before its payments; each lowered the principal, as the books have it."""
    paid = tuple(Credit(on=on, amount=part, to_principal=part) for on, part in payments)
    principal = sum((credit.amount for credit in paid), left)
    return InterestClaim(principal=principal, first_day=first_day, credits=paid)


def _table(account: Account, charges: Charges) -> RateTable | None:
    """Return the rates that the approved article or clause stands for, None when not known."""
    article, law, agreed = charges.interest_article, account.law, account.interest
    if article == f"art. {law.statutory.article}":
        return law.statutory
    if article in (f"art. {law.commercial.article}", f"art. {_PUBLIC_BODY}"):
        return law.commercial
    if agreed is None or agreed.rate is None or (agreed.clause or "") != article:
        return None
    return agreed_rate(agreed.rate, agreed.clause or "")


def _daily(made: Statement, table: RateTable, next_day: date) -> Money | None:
    """Return the interest of one more day, rounded half up to the minor unit."""
    rate, base = table.on(next_day), made.principal + made.capitalised
    if rate is None:
        return None
    return rounded(base.amount * rate.percent / _YEAR_PERCENT, base.currency)
