"""From what the books showed of an invoice to what the VAT return needs of it.

A write-off pays nothing: the invoice counts as unpaid on. An invoice that the books only stopped
showing counts as open until then, and afterwards a person must say whether it was paid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from connector.core.days import years_after
from connector.core.insight.vat_relief import Paid, Period, VatItem
from connector.port.money import Money
from connector.port.records import ItemId, Ledger, PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A change of what is open.

    Attributes:
        on: Day on which the books say it happened, else the day that showed it.
        amount: By how much it fell; negative where it grew, as after a reversed payment.
        is_write_off: It fell because the invoice was written off.
    """

    on: date
    amount: Money
    is_write_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedInvoice:
    """An invoice as the books showed it, on either side.

    Attributes:
        open: What is open at present; of one that is gone, when it was last shown.
        movements: Oldest first, in the currency of the invoice.
        gone_on: Day on which the books stopped showing it without saying why; None: they did not.
    """

    id: ItemId
    ledger: Ledger
    number: str
    party: PartyRef
    party_name: str
    due: date
    open: Money
    total: Money | None
    vat: Money | None
    movements: tuple[Movement, ...] = ()
    gone_on: date | None = None


def vat_items(invoices: Iterable[BookedInvoice], period: Period) -> tuple[VatItem, ...]:
    """Return what the return of a period must look at: all but what was gone before its end."""
    return tuple(
        _vat_item(one) for one in invoices if one.gone_on is None or one.gone_on >= period.until
    )


def gone_invoices(
    invoices: Iterable[BookedInvoice], period: Period, *, years: int
) -> tuple[BookedInvoice, ...]:
    """Return the invoices that the books stopped showing in the period, after their year.

    If they were paid, the VAT that was asked back is due again; only a person knows.

    Args:
        invoices: Of both sides of the books.
        period: The return period.
        years: After how many years unpaid the right arises.
    """
    found = [
        one
        for one in invoices
        if one.gone_on is not None
        and period.holds(one.gone_on)
        and years_after(one.due, years) <= one.gone_on
        and one.open.amount > 0
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.number, one.id)))


def _vat_item(one: BookedInvoice) -> VatItem:
    written_off = nothing = Money.zero(one.open.currency)
    paid: list[Paid] = []
    for movement in one.movements:
        if movement.is_write_off:
            written_off = movement.amount
            continue
        amount = movement.amount
        if amount.amount < 0 and written_off:  # what was written off is open again
            amount, written_off = amount + written_off, nothing
        if amount:
            paid.append(Paid(on=movement.on, amount=amount))
    return VatItem(
        id=one.id,
        ledger=one.ledger,
        number=one.number,
        party=one.party,
        due=one.due,
        open=one.open + written_off,
        total=one.total,
        vat=one.vat,
        paid=tuple(paid),
    )
