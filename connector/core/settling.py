"""What payments, time and a person's corrections make of a debtor's charges. Pure.

The books know nothing of charges: a customer who pays exactly what was asked shows up as an
invoice that is settled and as money that nobody can place. Here that money is recognised.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from connector.core.charges import (
    Charge,
    ChargeKind,
    ChargeState,
    Notice,
    shares,
    statutory_notice,
)
from connector.core.findings import Claim, Debtor
from connector.core.law.claimed_costs import costs_after_term
from connector.core.law.figures import Figures
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
        placed: Payments and overpaid invoices of the books that paid charges: no credit any more.
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
    left: Mapping[ItemId, Money],
    policy: Policy,
    law: Figures,
    today: date,
) -> Settlement:
    """Return what has become of the debtor's charges.

    Args:
        debtor: With its open claims, credits and unallocated payments.
        charges: Of this debtor.
        notices: Of this debtor.
        left: What each open claim comes to after the credits that name it.
        policy: For the small difference and for `after_costs`.
        law: For the scale of costs.
        today: The local day.
    """
    done = Settlement({one.key: one for one in charges})
    _void_in_trade(done, debtor)
    _fall_due(done, debtor, notices, left=left, policy=policy, law=law, today=today)
    _place_payments(done, debtor)
    _after_costs(done, debtor, left=left, policy=policy)
    return done


def _void_in_trade(done: Settlement, debtor: Debtor) -> None:
    """Drop costs that were claimed of a business that turns out to be a consumer."""
    if debtor.kind.is_business:
        return
    for one in list(done.charges.values()):
        in_trade = one.kind is ChargeKind.COSTS and not one.by_notice
        if in_trade and one.state is ChargeState.DUE:
            void = replace(one, state=ChargeState.WAIVED, reason="kind_corrected")
            done.turn(void, "charge_voided")


def _fall_due(
    done: Settlement,
    debtor: Debtor,
    notices: Sequence[Notice],
    *,
    left: Mapping[ItemId, Money],
    policy: Policy,
    law: Figures,
    today: date,
) -> None:
    """Let announced costs fall due over what is open when the term has passed, or lapse."""
    claims = {(claim.item.id, claim.item.cycle): claim for claim in debtor.claims}
    for group in _by_action(done.charges.values()):
        notice = statutory_notice(notices, group[0].item, group[0].cycle)
        held = any(_waits(claims.get((one.item, one.cycle))) for one in group)
        if notice is None or today < notice.effect_from or held:
            continue
        nothing = Money.zero(group[0].amount.currency)
        bases = [left[one.item] if (one.item, one.cycle) in claims else nothing for one in group]
        base = sum(bases, nothing)
        scale = law.scale_on(notice.delivered_on)
        if base.amount <= policy.guards.small_difference or scale is None:
            for one in group:
                lapsed = replace(one, state=ChargeState.WAIVED, reason="paid_in_term")
                done.turn(lapsed, "charge_lapsed")
            continue
        announced = sum((one.amount - one.vat for one in group), nothing)
        vat = sum((one.vat for one in group), nothing)
        due = costs_after_term(base, scale, announced=announced, allowed=announced).amount
        vat = _proportion(vat, due, announced)
        parts = zip(group, shares(due + vat, bases), shares(vat, bases), strict=True)
        for one, amount, of_vat in parts:
            fallen = replace(one, state=ChargeState.DUE, amount=amount, vat=of_vat)
            done.turn(fallen, "charge_due")


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
    for one in list(done.charges.values()):
        if one.payment in money:
            done.placed.add(money[one.payment].id)
    for credit in debtor.credits:
        _overpaid(done, credit)
    for payment in debtor.unallocated:
        if payment.id not in done.placed:
            _exact(done, payment)
    for item in sorted(done.placed):
        _propose_booking(done, money[item])


def _overpaid(done: Settlement, credit: Item) -> None:
    """An invoice that was paid beyond its amount: its own charges take the rest."""
    own = [one for one in done.due(credit.open.currency) if one.item == credit.id]
    if credit.id in done.placed or not own:
        return
    rest = -credit.open
    for one in own:
        part = min(rest, one.left)
        rest -= part
        _pay(done, one, part, credit)


def _exact(done: Settlement, payment: Item) -> None:
    due, amount = done.due(payment.open.currency), -payment.open
    sets: list[list[Charge]] = [due]
    sets += _split(due, lambda one: one.kind.value)
    sets += _split(due, lambda one: one.item)
    sets += [[one] for one in due]
    nothing = Money.zero(amount.currency)
    for group in sets:
        if group and sum((one.left for one in group), nothing) == amount:
            for one in group:
                _pay(done, one, one.left, payment)
            return


def _split(charges: Iterable[Charge], by: Callable[[Charge], str]) -> list[list[Charge]]:
    groups: dict[str, list[Charge]] = {}
    for one in charges:
        groups.setdefault(by(one), []).append(one)
    return list(groups.values())


def _pay(done: Settlement, one: Charge, part: Money, by: Item) -> None:
    if not part:
        return
    paid = one.paid + part
    state = ChargeState.PAID if paid == one.amount else one.state
    done.turn(replace(one, state=state, paid=paid, payment=by.id), "charge_paid")
    done.placed.add(by.id)


def _propose_booking(done: Settlement, payment: Item) -> None:
    """Tell how to book money that paid charges; it stands until the books have placed it."""
    paid = [one for one in done.charges.values() if one.payment == payment.id]
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


def _after_costs(
    done: Settlement, debtor: Debtor, *, left: Mapping[ItemId, Money], policy: Policy
) -> None:
    """Apply the policy to charges whose principal was paid: waive what is left, or ask."""
    open_now = {
        (claim.item.id, claim.item.cycle)
        for claim in debtor.claims
        if left[claim.item.id].amount > policy.guards.small_difference
    }
    rule = policy.guards.after_costs
    settled = [
        one
        for currency in sorted({one.amount.currency for one in done.charges.values()})
        for one in done.due(currency)
        if (one.item, one.cycle) not in open_now
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
        done.points.append(("charges_open", debtor.party.ref, facts))
