"""Money in the books that paid charges: recognised by its amount, and how to book it. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from connector.core.charges import Charge, ChargeKind, ChargeState
from connector.core.findings import Debtor
from connector.core.reasons import Fact
from connector.core.settlement import Settlement
from connector.core.snapshot import Item
from connector.port.money import Money, total


def place_payments(done: Settlement, debtor: Debtor) -> None:
    """Recognise what was paid for charges: an amount that is exactly theirs, or an overpayment."""
    money = {item.id: item for item in (*debtor.unallocated, *debtor.credits)}
    done.placed |= {key for key, one in money.items() if _paid_with(done, one)}
    for credit in debtor.credits:
        _overpaid(done, credit)
    for payment in debtor.unallocated:
        if payment.id not in done.placed:
            _exact(done, debtor, payment)
    for item in sorted(money):
        paid = _paid_with(done, money[item])
        if paid:
            _propose_booking(done, money[item], paid)


def _paid_with(done: Settlement, payment: Item) -> list[Charge]:
    """Return the charges that the payment, or what an invoice was overpaid, has paid."""
    return [
        one
        for one in done.charges.values()
        if one.payment == payment.id and one.amount.currency == payment.open.currency
    ]


def _overpaid(done: Settlement, credit: Item) -> None:
    """An invoice that was paid beyond its amount: its own charges take the rest.

    What is more than they come to stays a credit of the debtor, whole: asking too little can be
    mended. Less than they took: the books have booked them, and what is left is the debtor's.
    """
    currency = credit.open.currency
    own = [
        one
        for one in done.charges.values()
        if one.item == credit.id and one.amount.currency == currency
    ]
    took = [one for one in own if one.payment == credit.id]
    rest = -credit.open - total((one.paid for one in took), currency)
    if rest.amount < 0:
        for one in took:
            done.turn(replace(one, payment=None), "charge_booked")
        done.placed.discard(credit.id)
        return
    for one in own:
        if one.state is ChargeState.DUE and rest.amount > 0:
            part = min(rest, one.left)
            rest -= part
            _pay(done, one, part, credit)
    if rest.amount > 0:
        done.placed.discard(credit.id)
    else:
        done.placed.add(credit.id)


def _exact(done: Settlement, debtor: Debtor, payment: Item) -> None:
    """Find the charges that a payment is exactly the amount of, all that are due first.

    VAT on costs counts where an agency asked it; our own letters never do.
    """
    due, amount = done.due(payment.open.currency), -payment.open
    sets: list[list[Charge]] = [due]
    sets += split(due, lambda one: one.kind.value)
    sets += split(due, lambda one: one.action)
    sets += split(due, lambda one: one.item)
    sets += [[one] for one in due]
    for asked in (_with_vat, _without_vat):
        for group in sets:
            if total((asked(one) for one in group), amount.currency) == amount:
                for one in group:
                    _pay(done, one, asked(one), payment)
                return
    _earlier_letter(done, debtor, payment)


def _earlier_letter(done: Settlement, debtor: Debtor, payment: Item) -> None:
    """Recognise who paid the principal and what a letter before the last one asked on top.

    Since then interest grew: the money covers all costs and a part of the interest.
    """
    open_now = {claim.item.id for claim in debtor.claims}
    due = [one for one in done.due(payment.open.currency) if one.item not in open_now]
    costs = [one for one in due if one.kind is ChargeKind.COSTS]
    interest = [one for one in due if one.kind is ChargeKind.INTEREST]
    amount = -payment.open
    least = total(map(_without_vat, costs), amount.currency)
    most = least + total((one.left for one in interest), amount.currency)
    if not costs or not least < amount < most:
        return
    rest = amount - least
    for one in costs:
        _pay(done, one, _without_vat(one), payment)
    for one in interest:
        part = min(rest, one.left)
        rest -= part
        _pay(done, one, part, payment)


def _with_vat(one: Charge) -> Money:
    return one.left


def _without_vat(one: Charge) -> Money:
    return max(one.left - one.vat, Money.zero(one.amount.currency))


def split(charges: Iterable[Charge], by: Callable[[Charge], str]) -> list[list[Charge]]:
    """Return the charges in groups, each of one answer, in the order of their first."""
    groups: dict[str, list[Charge]] = {}
    for one in charges:
        groups.setdefault(by(one), []).append(one)
    return list(groups.values())


def _pay(done: Settlement, one: Charge, part: Money, by: Item) -> None:
    """Count money towards a charge; who paid it all but for VAT paid what we asked.

    Our own letters ask no VAT on costs: nobody is pursued for it afterwards.
    """
    if not part:
        return
    paid = one.paid + part
    if paid >= one.amount - one.vat:
        vat = one.vat - (one.amount - paid)
        one = replace(one, state=ChargeState.PAID, amount=paid, vat=vat)
    done.turn(replace(one, paid=paid, payment=by.id), "charge_paid")
    done.placed.add(by.id)


def _propose_booking(done: Settlement, payment: Item, paid: Sequence[Charge]) -> None:
    """Tell how to book money that paid charges; it stands until the books have placed it."""
    currency = payment.open.currency
    costs = total((one.paid for one in paid if one.kind is ChargeKind.COSTS), currency)
    interest = total((one.paid for one in paid if one.kind is ChargeKind.INTEREST), currency)
    facts: dict[str, Fact] = {
        "payment": payment.number,
        "amount": -payment.open,
        "costs": costs,
        "interest": interest,
        "numbers": ", ".join(sorted({one.number for one in paid})),
    }
    done.points.append(("charges_paid", payment.id, facts))
