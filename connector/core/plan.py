"""What to do about the findings: actions, and everything withheld with its reason. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from connector.core.actions import Action
from connector.core.bundle import Draft, action_of, furthest, total_of
from connector.core.days import Calendar
from connector.core.findings import Attention, Claim, Debtor, Findings, Withheld
from connector.core.netting import Netting, net
from connector.core.policy.model import DebtorKind, Policy, StepKind
from connector.core.proposal import Plan, WithheldClaim
from connector.core.reasons import Fact, Reason
from connector.core.routes import rerouted, route, route_of_notice
from connector.core.snapshot import Item, Snapshot
from connector.port.money import Money
from connector.port.records import PartyRef

_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Desk:
    snapshot: Snapshot
    policy: Policy
    today: date
    calendar: Calendar
    waiting: Mapping[str, str]  # live action id -> status
    flying: Mapping[PartyRef, str]  # debtor -> id of a message whose outcome is not known yet
    drafts: list[Draft] = field(default_factory=list)
    withheld: list[WithheldClaim] = field(default_factory=list)
    attention: list[Attention] = field(default_factory=list)
    checks: dict[PartyRef, date | None] = field(default_factory=dict)


def plan(findings: Findings, policy: Policy, today: date) -> Plan:
    """Return what to do on the day; the order of the snapshot makes no difference."""
    snapshot = findings.snapshot
    desk = _Desk(
        snapshot=snapshot,
        policy=policy,
        today=today,
        calendar=Calendar.of(policy.guards.business_days, policy.guards.quiet),
        waiting={a.id: a.status for a in snapshot.live},
        flying={
            a.party: a.id
            for a in sorted(snapshot.live, key=lambda action: action.id)
            if a.kind.is_message and a.status in ("sending", "uncertain")
        },
    )
    for debtor in findings.debtors:
        _debtor(desk, debtor)
    actions = _spread_first_run(desk)
    return Plan(
        administration=snapshot.administration,
        on=today,
        actions=actions,
        withheld=tuple(desk.withheld),
        attention=(*findings.attention, *desk.attention),
        checks=desk.checks,
    )


def _debtor(desk: _Desk, debtor: Debtor) -> None:
    _set_check(desk, debtor)
    ready = []
    for claim in debtor.claims:
        if claim.is_due_for_action:
            ready.append(claim)
        elif claim.withheld is not None and (claim.reached or claim.past_due):
            _withhold(desk, debtor, (claim,), claim.withheld)
    if not ready:
        return
    blocked = _blocked(desk, debtor)
    if blocked is not None:
        _withhold(desk, debtor, ready, blocked)
        return
    messages: list[Draft] = []
    for currency in sorted({claim.open.currency for claim in ready}):
        of_currency = [claim for claim in ready if claim.open.currency == currency]
        messages += _in_currency(desk, debtor, of_currency)
    _one_message(desk, debtor, messages)


def _set_check(desk: _Desk, debtor: Debtor) -> None:
    days = [
        day
        for claim in debtor.claims
        for day in (
            claim.moment.reached_on if claim.moment else None,
            claim.due + _DAY if claim.due else None,
            claim.withheld.again_on if claim.withheld else None,
            claim.changes_on,
        )
        if day is not None and day > desk.today
    ]
    desk.checks[debtor.party.ref] = min(days, default=None)


def _look_again(desk: _Desk, debtor: Debtor, again: date | None) -> None:
    known = desk.checks[debtor.party.ref]
    if again is not None and again > desk.today and (known is None or again < known):
        desk.checks[debtor.party.ref] = again


def _withhold(desk: _Desk, debtor: Debtor, claims: Iterable[Claim], withheld: Withheld) -> None:
    """List the claims as withheld, and look again when that may be over."""
    for claim in claims:
        desk.withheld.append(
            WithheldClaim(
                party=debtor.party.ref,
                party_name=debtor.party.name,
                item=claim.item.id,
                number=claim.item.number,
                step=claim.moment.step.step if claim.moment else None,
                reason=withheld.reason,
            )
        )
    _look_again(desk, debtor, withheld.again_on)


def _attend(
    desk: _Desk, debtor: Debtor, code: str, facts: Mapping[str, Fact], *, about: str = ""
) -> None:
    """Report something of the debtor once; `about` is what it is about, else the debtor."""
    ref, subject = debtor.party.ref, about or debtor.party.ref
    if (code, subject, 0) not in desk.snapshot.seen:
        desk.attention.append(
            Attention(code=code, subject=subject, party=ref, number=None, facts=facts)
        )


def _blocked(desk: _Desk, debtor: Debtor) -> Withheld | None:
    """Return what keeps the whole debtor from everything, in all currencies."""
    guards = desk.policy.guards
    if guards.unallocated_payment == "hold" and debtor.unallocated:
        payment = debtor.unallocated[0]
        facts: dict[str, Fact] = {"payment": payment.number, "amount": -payment.open}
        _attend(desk, debtor, "unallocated_payment", facts, about=payment.id)
        return Withheld(Reason("unallocated_payment", facts))
    if guards.credits == "hold" and debtor.credits:
        credit = debtor.credits[0]
        facts = {"credit": credit.number, "amount": -credit.open}
        _attend(desk, debtor, "open_credit", facts, about=credit.id)
        return Withheld(Reason("open_credit", facts))
    paid = max((c.item.last_payment_on for c in debtor.claims if c.item.last_payment_on),
               default=None)  # fmt: skip
    if paid is not None:
        again = desk.calendar.add(paid, guards.after_payment) + _DAY
        if desk.today < again:
            return Withheld(Reason("recent_payment", {"paid_on": paid, "again_on": again}), again)
    return None


def _in_currency(desk: _Desk, debtor: Debtor, ready: list[Claim]) -> list[Draft]:
    """Draft calls, tasks and handovers of one currency; return its message, if there is one."""
    currency = ready[0].open.currency
    around = [claim for claim in debtor.claims if claim.open.currency == currency]
    netting = net(around, _credits(desk, debtor, currency))
    small = desk.policy.guards.small_difference
    covered = [claim for claim in ready if netting.of(claim).amount <= small]
    if covered:
        _withhold(desk, debtor, covered, Withheld(Reason("covered_by_credit")))
    ready = [claim for claim in ready if netting.of(claim).amount > small]
    if not ready:
        return []
    overdue = [claim for claim in around if claim.past_due and claim.withheld is None]
    basis = total_of(overdue if any(claim.past_due for claim in ready) else ready, netting)
    withheld, notes = _too_little(desk, debtor, basis)
    if withheld is not None:
        _withhold(desk, debtor, ready, withheld)
        return []
    ready = _allowed(desk, debtor, ready)
    messages = [claim for claim in ready if _does(claim).is_message]
    for step in {c.moment.step.step: c.moment.step for c in ready if c.moment}.values():
        if not step.do.is_message:
            same = tuple(c for c in ready if c.moment and c.moment.step.step == step.step)
            _offer(desk, _draft(debtor, same, netting, around, notes))
    return _message(desk, debtor, messages, netting, around, notes)


def _credits(desk: _Desk, debtor: Debtor, currency: str) -> list[Item]:
    guards = desk.policy.guards
    counted = debtor.credits if guards.credits == "net" else ()
    money = debtor.unallocated if guards.unallocated_payment == "net" else ()
    return [
        item
        for item in (*counted, *money)
        if item.open.currency == currency and item.open.amount < 0
    ]


def _too_little(
    desk: _Desk, debtor: Debtor, basis: Money
) -> tuple[Withheld | None, tuple[Reason, ...]]:
    """Return what the amounts say against asking, and what the bookkeeper should see."""
    guards, owed = desk.policy.guards, desk.snapshot.payables
    payable = owed.get((debtor.party.ref, basis.currency))
    notes: tuple[Reason, ...] = ()
    if payable and payable.amount > 0 and guards.set_off != "ignore":
        facts: dict[str, Fact] = {"payable": payable, "receivable": basis}
        if payable >= basis and guards.set_off == "hold":
            _attend(desk, debtor, "set_off", facts, about=f"{debtor.party.ref}:{payable}")
            return Withheld(Reason("set_off", facts)), ()
        notes = (Reason("payables_open", facts),)
    if basis.amount < guards.minimum_open:
        minimum = Money(guards.minimum_open, basis.currency)
        return Withheld(Reason("below_minimum", {"open": basis, "minimum": minimum})), ()
    return None, notes


def _does(claim: Claim) -> StepKind:
    assert claim.moment is not None
    return claim.moment.step.do


def _allowed(desk: _Desk, debtor: Debtor, ready: Sequence[Claim]) -> list[Claim]:
    """Return the claims whose own step may be taken towards this debtor at all."""
    allowed = []
    for claim in ready:
        kind = _does(claim)
        if kind in debtor.never:
            _withhold(desk, debtor, (claim,), Withheld(Reason("never_for_debtor")))
        elif _needs_law(kind, debtor.kind):
            _attend(desk, debtor, "law_missing", {"step": _step_of(claim)})
            _withhold(desk, debtor, (claim,), Withheld(Reason("law_missing")))
        else:
            allowed.append(claim)
    return allowed


def _step_of(claim: Claim) -> str:
    assert claim.moment is not None
    return claim.moment.step.step


def _needs_law(step: StepKind, debtor: DebtorKind) -> bool:
    """Whether the step waits for the rooms of the law that are not built yet."""
    if step is StepKind.HAND_OVER:
        return debtor.is_natural_person
    return step in (StepKind.STATUTORY_NOTICE, StepKind.DEFAULT_NOTICE)


def _message(
    desk: _Desk,
    debtor: Debtor,
    claims: Sequence[Claim],
    netting: Netting,
    around: Sequence[Claim],
    notes: tuple[Reason, ...],
) -> list[Draft]:
    """Return the one message that the claims of a currency come to, if it may leave now."""
    if not claims:
        return []
    if desk.policy.guards.quiet and desk.calendar.is_quiet(desk.today):
        again = desk.calendar.after_quiet(desk.today)
        _withhold(desk, debtor, claims, Withheld(Reason("quiet", {"again_on": again}), again))
        return []
    spaced = _spacing(desk, debtor)
    if spaced is not None:
        _withhold(desk, debtor, claims, spaced)
        return []
    taken, later = furthest(claims)
    draft = _draft(debtor, tuple(taken), netting, around, notes)
    if later:
        facts: dict[str, Fact] = {"step": draft.step.step}
        _withhold(desk, debtor, later, Withheld(Reason("another_message_first", facts)))
    via = route(draft.step, debtor.party, desk.snapshot.creditor)
    if not via:
        _no_address(desk, draft)
        return []
    return [replace(draft, via=via, notes=(*draft.notes, *rerouted(draft.step, via)))]


def _spacing(desk: _Desk, debtor: Debtor) -> Withheld | None:
    ref = debtor.party.ref
    if ref in desk.flying:
        return Withheld(Reason("in_flight", {"action": desk.flying[ref]}))
    last = desk.snapshot.last_contact.get(ref)
    if last is None:
        return None
    again = desk.calendar.add(last, desk.policy.guards.contact_spacing)
    if desk.today >= again:
        return None
    return Withheld(Reason("contact_spacing", {"last_on": last, "again_on": again}), again)


def _draft(
    debtor: Debtor,
    claims: tuple[Claim, ...],
    netting: Netting,
    around: Sequence[Claim],
    notes: tuple[Reason, ...],
) -> Draft:
    top = max((c.moment for c in claims if c.moment), key=lambda moment: moment.rung)
    riders = [c.item.number for c in claims if c.moment and c.moment.rung < top.rung]
    if riders:
        notes = (*notes, Reason("rides_along", {"numbers": ", ".join(riders)}))
    if any(netting.of(claim) != claim.open for claim in claims):
        notes = (*notes, Reason("credits_counted"))
    return Draft(
        debtor=debtor,
        step=top.step,
        rung=top.rung,
        claims=claims,
        netting=netting,
        around=around,
        notes=notes,
    )


def _offer(desk: _Desk, draft: Draft) -> None:
    """Take a call, task or handover into the plan.

    A handover must be worth an agency's while, and the debtor must be told of it.
    """
    if draft.step.do is not StepKind.HAND_OVER:
        desk.drafts.append(draft)
        return
    minimum = Money(desk.policy.guards.minimum_hand_over, draft.currency)
    via = route_of_notice(draft.step, draft.debtor.party, desk.snapshot.creditor)
    if draft.total < minimum:
        facts: dict[str, Fact] = {"open": draft.total, "minimum": minimum}
        _withhold(desk, draft.debtor, draft.claims, Withheld(Reason("below_minimum", facts)))
    elif not via:
        _no_address(desk, draft)
    else:
        desk.drafts.append(replace(draft, via=via))


def _no_address(desk: _Desk, draft: Draft) -> None:
    facts: dict[str, Fact] = {"via": ", ".join(draft.step.via) or "email, post"}
    _attend(desk, draft.debtor, "address_missing", facts)
    _withhold(desk, draft.debtor, draft.claims, Withheld(Reason("address_missing", facts)))


def _one_message(desk: _Desk, debtor: Debtor, drafts: Sequence[Draft]) -> None:
    """Take one message to the debtor; those in other currencies wait for the spacing."""
    if not drafts:
        return
    chosen = drafts[0]
    if len(drafts) > 1:
        chosen = min(drafts, key=lambda draft: _preference(desk, draft))
    desk.drafts.append(chosen)
    _look_again(desk, debtor, desk.calendar.next_quiet(desk.today))
    for draft in drafts:
        if draft is not chosen:
            facts: dict[str, Fact] = {"currency": chosen.currency}
            _withhold(desk, debtor, draft.claims, Withheld(Reason("other_currency_first", facts)))


def _preference(desk: _Desk, draft: Draft) -> tuple[bool, int, date, str]:
    """Keep to what was proposed before; else the furthest step, then the oldest claim."""
    action = action_of(draft, desk.policy, desk.snapshot.administration)
    oldest = min(claim.due for claim in draft.claims if claim.due)
    return action.id not in desk.waiting, -draft.rung, oldest, draft.currency


def _spread_first_run(desk: _Desk) -> tuple[Action, ...]:
    """Return the actions, with the messages of the first run spread over days, oldest first."""
    desk.drafts.sort(key=lambda draft: (draft.debtor.party.ref, draft.currency, draft.rung))
    actions = [
        (action_of(draft, desk.policy, desk.snapshot.administration), draft)
        for draft in desk.drafts
    ]
    left = desk.policy.guards.first_run_per_day - desk.snapshot.first_run_used
    capped = [
        (action, draft)
        for action, draft in actions
        if action.first_run and action.kind.is_message and action.id not in desk.waiting
    ]
    capped.sort(key=lambda pair: (pair[0].items[0].due, pair[0].party, pair[0].id))
    late = {action.id: draft for action, draft in capped[max(left, 0) :]}
    for draft in late.values():
        again = desk.calendar.next_working_moment(desk.today + _DAY)
        cap = Withheld(Reason("first_run_cap", {"again_on": again}), desk.today + _DAY)
        _withhold(desk, draft.debtor, draft.claims, cap)
    return tuple(action for action, _ in actions if action.id not in late)
