"""What payments, time and a person's corrections make of a debtor's charges. Pure.

The books know nothing of charges: a customer who pays exactly what was asked shows up as an
invoice that is settled and as money that nobody can place. Here that money is recognised.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from connector.core.charges import (
    CORRECTED,
    NO_DEFAULT,
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
from connector.core.lawful import default_from
from connector.core.netting import counted_credits, net, without
from connector.core.paying import place_payments, split
from connector.core.policy.model import Policy
from connector.core.reasons import Fact
from connector.core.settlement import Settlement
from connector.core.snapshot import Books, Snapshot
from connector.port.money import Money, total
from connector.port.records import ItemId

_WAITS = frozenset({"held", "disputed_in_books", "row_held"})
"""While one of these keeps an item, what its notice announced does not fall due."""

Key = tuple[ItemId, int]


def settle(
    snapshot: Snapshot, debtor: Debtor, *, policy: Policy, law: Figures, today: date
) -> Settlement:
    """Return what has become of the debtor's charges.

    Args:
        snapshot: For charges, notices and how far the books are known.
        debtor: With its open claims, credits and unallocated payments.
        policy: For the small difference and for `after_costs`.
        law: For the scale of costs.
        today: The local day.
    """
    ref = debtor.party.ref
    notices = snapshot.notices.get(ref, ())
    done = Settlement({one.key: one for one in snapshot.charges.get(ref, ())})
    _void_restarted(done, debtor)
    _void_in_trade(done, debtor)
    _void_without_default(done, snapshot, debtor)
    place_payments(done, debtor)
    left = _left(done, debtor, policy)
    unclear = _unplaced(done, debtor, policy)
    for group in _by_notice(done, notices):
        notice, charges = group
        if charges[0].amount.currency in unclear:
            continue
        scale = law.scale_on(notice.delivered_on)
        if today >= notice.effect_from and _knows(snapshot.books, notice):
            _fall_due(done, debtor, charges, left=left, scale=scale)
        _come_down(done, debtor, notice, left=left, scale=scale)
    _after_costs(done, debtor, policy, unclear)
    return done


def _void_restarted(done: Settlement, debtor: Debtor) -> None:
    """Drop what an item was charged with before a new cycle began for it: all begins anew."""
    cycles = {claim.item.id: claim.item.cycle for claim in debtor.claims}
    for one in list(done.charges.values()):
        if one.state.is_open and cycles.get(one.item, one.cycle) > one.cycle:
            void = replace(one, state=ChargeState.WAIVED, reason="restarted")
            done.turn(void, "charge_voided")


def _void_in_trade(done: Settlement, debtor: Debtor) -> None:
    """Drop what was claimed of a business that turns out to be a consumer.

    Costs need a notice first. Interest beside them was that of trade: the next message works out
    anew what a consumer owes, if anything. Money that paid them is the debtor's again: what the
    books still show counts as it stands there, the rest must be paid back by a person.
    """
    if debtor.kind.is_business:
        return
    claimed = [
        one for one in done.charges.values() if one.state in (ChargeState.DUE, ChargeState.PAID)
    ]
    in_trade = {
        (one.item, one.cycle)
        for one in claimed
        if one.kind is ChargeKind.COSTS and not one.by_notice
    }
    shown = {item.id for item in (*debtor.unallocated, *debtor.credits)}
    for one in claimed:
        if (one.item, one.cycle) in in_trade:
            paid = Money.zero(one.amount.currency) if one.payment in shown else one.paid
            void = replace(one, state=ChargeState.WAIVED, reason=CORRECTED, paid=paid, payment=None)
            done.turn(void, "charge_voided")
    owed = [one for one in done.charges.values() if one.reason == CORRECTED and one.paid]
    for group in split(owed, lambda one: one.amount.currency):
        amount = total((one.paid for one in group), group[0].amount.currency)
        done.points.append(
            ("charges_refund", f"{debtor.party.ref}:{amount.currency}", _told(group, amount))
        )


def _void_without_default(done: Settlement, snapshot: Snapshot, debtor: Debtor) -> None:
    """Drop what a notice announced that turns out to have come before the default.

    A default notice that came back, a letter that was posted later, another due date: the notice
    then had no effect in law (art. 6:96 lid 6 BW), whatever it said.
    """
    notices = snapshot.notices.get(debtor.party.ref, ())
    for claim in debtor.claims:
        item = claim.item
        one = done.of(item.id, item.cycle, ChargeKind.COSTS)
        notice = statutory_notice(notices, item.id, item.cycle)
        if one is None or notice is None or not one.by_notice:
            continue
        first = default_from(snapshot, debtor, claim)
        if first is not None and first <= notice.delivered_on:
            continue
        if one.state.is_open:
            void = replace(one, state=ChargeState.WAIVED, reason=NO_DEFAULT)
            done.turn(void, "charge_voided")
        facts: dict[str, Fact] = {"sent_on": notice.delivered_on, "numbers": item.number}
        done.points.append(("notice_void", item.id, facts))


def _knows(books: Books, notice: Notice) -> bool:
    """Whether the books tell of every payment that came in within the notice's term.

    They were read to their end since, and the bank is booked through its last day where known.
    """
    if books.data_from is None or not books.complete:
        return False
    through = books.bank_through
    is_booked = through is None or through >= notice.last_day
    return is_booked and books.data_from.date() >= notice.effect_from


def _left(done: Settlement, debtor: Debtor, policy: Policy) -> dict[Key, Money]:
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
    left: Mapping[Key, Money],
    scale: CostScale | None,
) -> None:
    """Let the costs of a notice whose term has passed fall due over what is open, or lapse.

    What is disputed waits with its own part, and so does what the books no longer show.
    """
    claims = _claims(debtor)
    ready = [
        one
        for one in group
        if one.state is ChargeState.ANNOUNCED
        and not one.not_reported
        and not _waits(claims.get((one.item, one.cycle)))
    ]
    if not ready:
        return
    bases = [_base(one, left) for one in ready]
    for one, amount, vat in _due_over(ready, bases, scale):
        if amount:
            done.turn(replace(one, state=ChargeState.DUE, amount=amount, vat=vat), "charge_due")
        else:
            lapsed = replace(one, state=ChargeState.WAIVED, reason="paid_in_term")
            done.turn(lapsed, "charge_lapsed")


def _come_down(
    done: Settlement,
    debtor: Debtor,
    notice: Notice,
    *,
    left: Mapping[Key, Money],
    scale: CostScale | None,
) -> None:
    """Lower costs that fell due before a payment within the term was known; never raise them."""
    claims = _claims(debtor)
    due = [
        one
        for one in done.charges.values()
        if one.action == notice.action and one.state is ChargeState.DUE and one.by_notice
        and not one.paid and not one.not_reported
        and _is_same_money(one, claims.get((one.item, one.cycle)))
    ]  # fmt: skip
    if not due:
        return
    bases = []
    for one in due:
        claim = claims.get((one.item, one.cycle))
        open_then = _base(one, left)
        if claim is not None:
            if _waits(claim):  # a dispute says nothing of what was open
                open_then = claim.item.open
            later = [part for on, part in claim.item.payments if on > notice.last_day]
            open_then += total(later, open_then.currency)
        elif one.ended_on is None or one.ended_on > notice.last_day:
            return  # its principal was open when the term ended: what fell due stands
        bases.append(open_then)
    for one, amount, vat in _due_over(due, bases, scale):
        if not amount:
            lapsed = replace(one, state=ChargeState.WAIVED, reason="paid_in_term")
            done.turn(lapsed, "charge_lapsed")
        elif amount < one.amount:
            done.turn(replace(one, amount=amount, vat=vat), "charge_lowered")


def _is_same_money(one: Charge, claim: Claim | None) -> bool:
    """Whether the item is still in the currency that it was charged in."""
    return claim is None or claim.item.open.currency == one.amount.currency


def _due_over(
    group: Sequence[Charge], bases: Sequence[Money], scale: CostScale | None
) -> list[tuple[Charge, Money, Money]]:
    """Return each charge with what is due of it over what was open, and the VAT in that."""
    currency = group[0].amount.currency
    nothing = Money.zero(currency)
    base = total(bases, currency)
    if not base:
        return [(one, nothing, nothing) for one in group]
    announced = total((one.amount - one.vat for one in group), currency)
    due = costs_after_term(base, scale, announced=announced, allowed=announced).amount
    vat = _proportion(total((one.vat for one in group), currency), due, announced)
    return list(zip(group, shares(due + vat, bases), shares(vat, bases), strict=True))


def _base(one: Charge, left: Mapping[Key, Money]) -> Money:
    """Return what is open of the charge's principal; nothing when it is in another currency."""
    nothing = Money.zero(one.amount.currency)
    found = left.get((one.item, one.cycle), nothing)
    return found if found.currency == nothing.currency else nothing


def _proportion(part: Money, new: Money, old: Money) -> Money:
    """Return the part in the proportion in which its whole shrank; to the cent, downwards."""
    if not part:
        return part
    return shares(part, (new, old - new))[0] if new < old else part


def _by_notice(done: Settlement, notices: Sequence[Notice]) -> list[tuple[Notice, list[Charge]]]:
    """Return the open charges of each statutory notice that reached the debtor."""
    announced = [one for one in done.charges.values() if one.by_notice and one.state.is_open]
    found = []
    for group in split(announced, lambda one: one.action):
        notice = statutory_notice(notices, group[0].item, group[0].cycle)
        if notice is not None:
            found.append((notice, group))
    return found


def _claims(debtor: Debtor) -> dict[Key, Claim]:
    return {(claim.item.id, claim.item.cycle): claim for claim in debtor.claims}


def _waits(claim: Claim | None) -> bool:
    if claim is None:
        return False
    in_part = claim.open < claim.item.open  # under a dispute
    return in_part or (claim.withheld is not None and claim.withheld.reason.code in _WAITS)


def _after_costs(
    done: Settlement, debtor: Debtor, policy: Policy, unclear: Collection[str]
) -> None:
    """Apply the policy to charges whose principal was paid: waive what is left, or ask.

    The books say what was paid; a claim that a hold or a credit covers is open all the same. What
    an agency has is the agency's to ask, of what the books no longer show nothing is known, and
    while money has no place yet it may be what paid them.
    """
    open_now = {
        key
        for key, claim in _claims(debtor).items()
        if claim.item.open.amount > policy.guards.small_difference
    }
    rule = policy.guards.after_costs
    ended = [
        one
        for one in done.charges.values()
        if one.state is ChargeState.DUE
        and one.amount.currency not in unclear
        and not (one.handed_over or one.not_reported)
        and (one.item, one.cycle) not in open_now
    ]
    for group in split(ended, lambda one: one.amount.currency):
        rest = total((one.left for one in group), group[0].amount.currency)
        wish = rule.above if any(one.paid for one in group) else rule.principal_only
        if rest.amount < rule.remainder_below or wish == "waive":
            for one in group:
                waived = replace(one, state=ChargeState.WAIVED, reason="after_costs")
                done.turn(waived, "charge_waived")
            continue
        subject = f"{debtor.party.ref}:{rest.currency}"
        done.points.append(("charges_open", subject, _told(group, rest)))


def _told(group: Iterable[Charge], amount: Money) -> Mapping[str, Fact]:
    return {"amount": amount, "numbers": ", ".join(sorted({one.number for one in group}))}
