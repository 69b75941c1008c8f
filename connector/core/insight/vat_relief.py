"""VAT on debts that stay unpaid for a year (art. 29 Wet OB 1968): asked back, or paid back.

A seller may ask back the VAT of what is unpaid one year after it fell due, in the return of the
period in which that year ends; what is paid later makes the VAT due again in the period of receipt.
The mirror: a buyer pays back the VAT that was deducted, and may deduct it again on payment. Nothing
here touches the books.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from enum import StrEnum
from typing import Final, assert_never

from connector.core.days import years_after
from connector.core.law.vat import VatDeduction
from connector.port.money import Money, minor_unit
from connector.port.records import ItemId, Ledger, PartyRef

ARTICLE: Final = "29 Wet OB 1968"


class Frequency(StrEnum):
    """How often a return is filed."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ReliefKind(StrEnum):
    """What a line does to the return."""

    ASK_BACK = "ask_back"  # teruggaaf: a receivable passed the year
    DUE_AGAIN = "due_again"  # a receivable that was asked back is paid
    PAY_BACK = "pay_back"  # a payable passed the year: deducted VAT is repaid
    DEDUCT_AGAIN = "deduct_again"  # a payable that was repaid is paid


class ReliefDoubt(StrEnum):
    """Why an item must be looked at by a person."""

    VAT_UNKNOWN = "vat_unknown"  # the books do not say how much of the invoice is VAT
    DEDUCTED_IN_PART = "deducted_in_part"  # the line is at most: only a part was deducted


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A return period: from its first day up to, not including, the first day of the next."""

    from_: date
    until: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.from_ <= day < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment or credit that lowered what is open."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class VatItem:
    """An invoice, sold or bought, as the return needs it.

    Attributes:
        open: What is open at present; positive on both sides of the books.
        total: The invoice with VAT; None: not known.
        vat: The VAT in it; None: not known.
        paid: What lowered it and when; what is older than the period looked at may be left out.
    """

    id: ItemId
    ledger: Ledger
    number: str
    party: PartyRef
    due: date
    open: Money
    total: Money | None
    vat: Money | None
    paid: tuple[Paid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VatScheme:
    """How the owner of the books stands to VAT.

    Attributes:
        deduction: An owner who deducts nothing (exempt, small-business scheme) charges none either.
        cash_basis: Kasstelsel: VAT on sales is owed when they are paid, so none is asked back.
    """

    deduction: VatDeduction = VatDeduction.FULL
    cash_basis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefLine:
    """One line for the return.

    Attributes:
        year_ended_on: One year after the due date.
        base: The amount with VAT that is open, or that was paid.
        vat: The VAT in it, rounded half up to the cent; None when the books do not say.
        doubt: What a person must look at, None when nothing.
    """

    kind: ReliefKind
    item: ItemId
    number: str
    party: PartyRef
    year_ended_on: date
    base: Money
    vat: Money | None
    doubt: ReliefDoubt | None = None


def return_period(day: date, frequency: Frequency) -> Period:
    """Return the return period that a day lies in."""
    match frequency:
        case Frequency.MONTH:
            first, months = day.month, 1
        case Frequency.QUARTER:
            first, months = day.month - (day.month - 1) % 3, 3
        case Frequency.YEAR:
            first, months = 1, 12
        case _:
            assert_never(frequency)
    after = first + months
    until = date(day.year + 1, 1, 1) if after > 12 else date(day.year, after, 1)
    return Period(from_=date(day.year, first, 1), until=until)


def vat_relief(
    items: Iterable[VatItem], period: Period, scheme: VatScheme, *, years: int
) -> tuple[ReliefLine, ...]:
    """Return the lines for the return of a period, in order of kind, day and number.

    The year ends on the same day a year after the due date (29 February: 28 February). What is paid
    within the period in which it ends lowers the line of that period; what is paid in a later one
    gives a line of its own, so that all later lines together never undo more than was asked.

    Args:
        items: Invoices of both sides of the books, in any order.
        period: The return period.
        scheme: How the owner of the books stands to VAT.
        years: After how many years unpaid the right arises at the latest (figures: one).
    """
    if scheme.deduction is VatDeduction.NONE:
        return ()
    sides = (one for one in items if one.ledger is Ledger.PAYABLE or not scheme.cash_basis)
    lines = (_line(one, years_after(one.due, years), period, scheme) for one in sides)
    order = list(ReliefKind)
    return tuple(
        sorted(
            (line for line in lines if line is not None),
            key=lambda one: (order.index(one.kind), one.year_ended_on, one.number, one.item),
        )
    )


def _line(item: VatItem, ended: date, period: Period, scheme: VatScheme) -> ReliefLine | None:
    """Return what the item gives in the period, None when nothing."""
    change = _change(item, ended, period)
    if change is None:
        return None
    kind, high, low = change
    upper, lower = _share(item, high), _share(item, low)
    vat = None if upper is None or lower is None else upper - lower
    doubt = None
    if vat is None:
        doubt = ReliefDoubt.VAT_UNKNOWN
    elif item.ledger is Ledger.PAYABLE and scheme.deduction is VatDeduction.PARTIAL:
        doubt = ReliefDoubt.DEDUCTED_IN_PART
    return ReliefLine(
        kind=kind,
        item=item.id,
        number=item.number,
        party=item.party,
        year_ended_on=ended,
        base=high - low,
        vat=vat,
        doubt=doubt,
    )


def _change(item: VatItem, ended: date, period: Period) -> tuple[ReliefKind, Money, Money] | None:
    """Return the kind of line, and the open amounts between which it lies: high and low."""
    sold = item.ledger is Ledger.RECEIVABLE
    after = _open_before(item, period.until)
    if period.holds(ended) and after:
        kind = ReliefKind.ASK_BACK if sold else ReliefKind.PAY_BACK
        return kind, after, Money.zero(after.currency)
    before = _open_before(item, period.from_)
    if ended < period.from_ and before > after:
        return (ReliefKind.DUE_AGAIN if sold else ReliefKind.DEDUCT_AGAIN), before, after
    return None


def _open_before(item: VatItem, day: date) -> Money:
    """Return what was open just before the day began; what was paid too much is nothing open."""
    later = (one.amount for one in item.paid if one.on >= day)
    return max(sum(later, start=item.open), Money.zero(item.open.currency))


def _share(item: VatItem, part: Money) -> Money | None:
    """Return the VAT in a part of an invoice: part times VAT over total, half up to the cent."""
    if item.vat is None or item.total is None or not item.total:
        return None
    exact = part.amount * item.vat.amount / item.total.amount
    unit = minor_unit(part.currency)
    return Money(exact.quantize(unit, ROUND_HALF_UP), part.currency)
