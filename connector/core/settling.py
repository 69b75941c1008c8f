"""What payments, time and a person's corrections make of a debtor's charges. Pure.

The books know nothing of charges: a customer who pays exactly what was asked shows up as an
invoice that is settled and as money that nobody can place. Here that money is recognised.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from connector.core.charges import (
    CORRECTED,
    Charge,
    ChargeKind,
    ChargeState,
    Notice,
    shares,
    statutory_notice,
)
from connector.core.findings import Claim, Debtor
from connector.core.law.claimed_costs import costs_after_term
from connector.core.law.figures import CostScale, Figures
from connector.core.netting import counted_credits, net, without
from connector.core.policy.model import Policy
from connector.core.reasons import Fact
from connector.core.snapshot import Item
from connector.port.money import Money
from connector.port.records import ItemId

_WAITS = frozenset({"held", "disputed_in_books", "row_held"})
"""While one of these keeps an item, what its notice announced does not fall due."""


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


def settle(
    debtor: Debtor,
    charges: Sequence[Charge],
    notices: Sequence[Notice],
    *,
    policy: Policy,
    law: Figures,
    today: date,
) -> Settlement:
    """Return what has become of the debtor's charges.

    Args:
        debtor: With its open claims, credits and unallocated payments.
        charges: Of this debtor.
        notices: Of this debtor.
        policy: For the small difference and for `after_costs`.
        law: For the scale of costs.
        today: The local day.
    """
    done = Settlement({one.key: one for one in charges})
    _void_in_trade(done, debtor)
    _place_payments(done, debtor)
    left = _left(done, debtor, policy)
    unclear = _unplaced(done, debtor, policy)
    for group in _by_action(done.charges.values()):
        notice = statutory_notice(notices, group[0].item, group[0].cycle)
        if notice is None or today < notice.effect_from or group[0].amount.currency in unclear:
            continue
        scale = law.scale_on(notice.delivered_on)
        _fall_due(done, debtor, group, left=left, scale=scale)
    _after_costs(done, debtor, policy)
    return done


def _void_in_trade(done: Settlement, debtor: Debtor) -> None:
    """Drop what was claimed of a business that turns out to be a consumer.

    Costs need a notice first. Interest beside them was that of trade: the next message works out
    anew what a consumer owes, if anything.
    """
    if debtor.kind.is_business:
        return
    due = [one for one in done.charges.values() if one.state is ChargeState.DUE]
    in_trade = {
        (one.item, one.cycle) for one in due if one.kind is ChargeKind.COSTS and not one.by_notice
    }
    for one in due:
        if (one.item, one.cycle) in in_trade:
            void = replace(one, state=ChargeState.WAIVED, reason=CORRECTED)
            done.turn(void, "charge_voided")


def _left(done: Settlement, debtor: Debtor, policy: Policy) -> dict[tuple[ItemId, int], Money]:
    """Return what each claim comes to after credits; a small difference is nothing."""
    small = policy.guards.small_difference
    left = {}
    for currency in {claim.open.currency for claim in debtor.claims}:
        of_currency = [claim for claim in debtor.claims if claim.open.currency == currency]
        counted = counted_credits(policy, without(debtor, done.placed), currency)
        netting = net(of_currency, counted)
        for claim in of_currency:
            amount = netting.of(claim)
            key = (claim.item.id, claim.item.cycle)
            left[key] = amount if amount.amount > small else Money.zero(currency)
    return left


def _unplaced(done: Settlement, debtor: Debtor, policy: Policy) -> set[str]:
    """Return the currencies with money in the books of which nobody knows yet what it paid.

    It may have come in within the term of a notice: no costs fall due until it has its place.
    """
    waiting = policy.guards.credits == "hold"
    money = (*debtor.unallocated, *(debtor.credits if waiting else ()))
    return {one.open.currency for one in money if one.id not in done.placed}


def _fall_due(
    done: Settlement,
    debtor: Debtor,
    group: Sequence[Charge],
    *,
    left: Mapping[tuple[ItemId, int], Money],
    scale: CostScale | None,
) -> None:
    """Let the costs of a notice whose term has passed fall due over what is open, or lapse."""
    claims = {(claim.item.id, claim.item.cycle): claim for claim in debtor.claims}
    if any(one.not_reported or _waits(claims.get((one.item, one.cycle))) for one in group):
        return
    nothing = Money.zero(group[0].amount.currency)
    found = [left.get((one.item, one.cycle), nothing) for one in group]
    bases = [one if one.currency == nothing.currency else nothing for one in found]
    base = sum(bases, nothing)
    parts: Iterable[tuple[Money, Money]] = [(nothing, nothing) for _ in group]
    if base:
        announced = sum((one.amount - one.vat for one in group), nothing)
        due = costs_after_term(base, scale, announced=announced, allowed=announced).amount
        vat = _proportion(sum((one.vat for one in group), nothing), due, announced)
        parts = zip(shares(due + vat, bases), shares(vat, bases), strict=True)
    for one, (amount, of_vat) in zip(group, parts, strict=True):
        if amount:
            fallen = replace(one, state=ChargeState.DUE, amount=amount, vat=of_vat)
            done.turn(fallen, "charge_due")
        else:
            lapsed = replace(one, state=ChargeState.WAIVED, reason="paid_in_term")
            done.turn(lapsed, "charge_lapsed")


def _proportion(part: Money, new: Money, old: Money) -> Money:
    """Return the part in the proportion in which its whole shrank; to the cent, downwards."""
    if not part:
        return part
    return shares(part, (new, old - new))[0] if new < old else part


def _by_action(charges: Iterable[Charge]) -> list[list[Charge]]:
    groups: dict[str, list[Charge]] = {}
    for one in charges:
        if one.state is ChargeState.ANNOUNCED:
            groups.setdefault(one.action, []).append(one)
    return list(groups.values())


def _waits(claim: Claim | None) -> bool:
    if claim is None:
        return False
    in_part = claim.open < claim.item.open  # under a dispute
    return in_part or (claim.withheld is not None and claim.withheld.reason.code in _WAITS)


def _place_payments(done: Settlement, debtor: Debtor) -> None:
    """Recognise what was paid for charges: an amount that is exactly theirs, or an overpayment."""
    money = {item.id: item for item in (*debtor.unallocated, *debtor.credits)}
    done.placed |= {key for key, one in money.items() if _paid_with(done, one)}
    for credit in debtor.credits:
        _overpaid(done, credit)
    for payment in debtor.unallocated:
        if payment.id not in done.placed:
            _exact(done, payment)
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

    What is more than they come to stays a credit of the debtor, whole: the books may have booked
    the part of the charges already, and asking too little can be mended.
    """
    currency = credit.open.currency
    own = [
        one
        for one in done.charges.values()
        if one.item == credit.id and one.amount.currency == currency
    ]
    rest = -credit.open
    for one in own:
        if one.payment == credit.id:
            rest -= one.paid
    for one in own:
        if one.state is ChargeState.DUE and rest.amount > 0:
            part = min(rest, one.left)
            rest -= part
            _pay(done, one, part, credit)
    if rest.amount > 0:
        done.placed.discard(credit.id)
    else:
        done.placed.add(credit.id)


def _exact(done: Settlement, payment: Item) -> None:
    """Find the charges that a payment is exactly the amount of, all that are due first.

    VAT on costs counts where an agency asked it; our own letters never do.
    """
    due, amount = done.due(payment.open.currency), -payment.open
    sets: list[list[Charge]] = [due]
    sets += _split(due, lambda one: one.kind.value)
    sets += _split(due, lambda one: one.action)
    sets += _split(due, lambda one: one.item)
    sets += [[one] for one in due]
    for asked in (_with_vat, _without_vat):
        for group in sets:
            if sum((asked(one) for one in group), Money.zero(amount.currency)) == amount:
                for one in group:
                    _pay(done, one, asked(one), payment)
                return


def _with_vat(one: Charge) -> Money:
    return one.left


def _without_vat(one: Charge) -> Money:
    return max(one.left - one.vat, Money.zero(one.amount.currency))


def _split(charges: Iterable[Charge], by: Callable[[Charge], str]) -> list[list[Charge]]:
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
    nothing = Money.zero(payment.open.currency)
    costs = sum((one.paid for one in paid if one.kind is ChargeKind.COSTS), nothing)
    interest = sum((one.paid for one in paid if one.kind is ChargeKind.INTEREST), nothing)
    facts: dict[str, Fact] = {
        "payment": payment.number,
        "amount": -payment.open,
        "costs": costs,
        "interest": interest,
        "numbers": ", ".join(sorted({one.number for one in paid})),
    }
    done.points.append(("charges_paid", payment.id, facts))


def _after_costs(done: Settlement, debtor: Debtor, policy: Policy) -> None:
    """Apply the policy to charges whose principal was paid: waive what is left, or ask.

    The books say what was paid; a claim that a hold or a credit covers is open all the same. What
    an agency has is the agency's to ask, and of what the books no longer show nothing is known.
    """
    open_now = {
        (claim.item.id, claim.item.cycle)
        for claim in debtor.claims
        if claim.item.open.amount > policy.guards.small_difference
    }
    rule = policy.guards.after_costs
    settled = [
        one
        for one in done.charges.values()
        if one.state is ChargeState.DUE
        and not (one.handed_over or one.not_reported)
        and (one.item, one.cycle) not in open_now
    ]
    for group in _split(settled, lambda one: one.amount.currency):
        nothing = Money.zero(group[0].amount.currency)
        rest = sum((one.left for one in group), nothing)
        wish = rule.above if any(one.paid for one in group) else rule.principal_only
        if rest.amount < rule.remainder_below or wish == "waive":
            for one in group:
                waived = replace(one, state=ChargeState.WAIVED, reason="after_costs")
                done.turn(waived, "charge_waived")
            continue
        numbers = ", ".join(sorted({one.number for one in group}))
        facts: dict[str, Fact] = {"amount": rest, "numbers": numbers}
        done.points.append(("charges_open", f"{debtor.party.ref}:{rest.currency}", facts))
