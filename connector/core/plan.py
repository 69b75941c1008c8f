"""What to do about the findings: actions, and everything withheld with its reason. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from connector.core.actions import Action
from connector.core.bundle import Draft, action_of, furthest, total_of
from connector.core.claiming import with_charges
from connector.core.days import shifted
from connector.core.findings import Claim, Debtor, Findings, Withheld
from connector.core.lawful import may_be_noticed
from connector.core.netting import Netting, counted_credits, net
from connector.core.obstacles import (
    Desk,
    allowed,
    attend,
    blocked,
    desk_of,
    look_again,
    no_address,
    spacing,
    step_kind_of,
    too_little,
    withhold,
)
from connector.core.policy.model import Policy, StepKind
from connector.core.proposal import Plan
from connector.core.reasons import Fact, Reason
from connector.core.routes import rerouted, route, route_of_notice
from connector.core.standing import settled
from connector.port.money import Money

_DAY = timedelta(days=1)


def plan(findings: Findings, policy: Policy, today: date) -> Plan:
    """Return what to do on the day; the order of the snapshot makes no difference."""
    desk = desk_of(findings, policy, today)
    for debtor in findings.debtors:
        _debtor(desk, debtor)
    desk.drafts = [made for draft in desk.drafts for made in _charged(desk, draft)]
    actions = _spread_first_run(desk)
    return Plan(
        administration=findings.snapshot.administration,
        on=today,
        actions=actions,
        withheld=tuple(desk.withheld),
        attention=(*findings.attention, *desk.attention),
        charges=tuple(change for done in desk.settled.values() for change in done.changes),
        checks=desk.checks,
    )


def _charged(desk: Desk, draft: Draft) -> list[Draft]:
    """Return the draft with its charges; nothing for a notice that has no costs to announce.

    A notice that states no amount of costs is none. Source: art. 6:96 lid 6 BW.
    """
    made = with_charges(desk, draft)
    if draft.step.do is StepKind.STATUTORY_NOTICE and not (made.charges and made.charges.announced):
        facts: dict[str, Fact] = {"open": draft.total}
        attend(desk, draft.debtor, "nothing_to_announce", facts)
        withhold(desk, draft.debtor, draft.claims, Withheld(Reason("nothing_to_announce", facts)))
        return []
    return [made]


def _debtor(desk: Desk, debtor: Debtor) -> None:
    _set_check(desk, debtor)
    debtor = settled(desk, debtor)
    ready = []
    for claim in debtor.claims:
        if claim.is_due_for_action:
            ready.append(claim)
        elif claim.withheld is not None and _is_told(claim, claim.withheld):
            withhold(desk, debtor, (claim,), claim.withheld)
    if not ready:
        return
    obstacle = blocked(desk, debtor)
    if obstacle is not None:
        withhold(desk, debtor, ready, obstacle)
        return
    messages: list[Draft] = []
    for currency in sorted({claim.open.currency for claim in ready}):
        of_currency = [claim for claim in ready if claim.open.currency == currency]
        messages += _in_currency(desk, debtor, of_currency)
    _one_message(desk, debtor, messages)


def _is_told(claim: Claim, withheld: Withheld) -> bool:
    """Whether the plan lists it: its moment is there, or can't be known."""
    return claim.reached or claim.past_due or withheld.reason.code == "due_date_missing"


def _set_check(desk: Desk, debtor: Debtor) -> None:
    days: list[date | None] = []
    for claim in debtor.claims:
        if not claim.reached and claim.moment is not None:
            days.append(claim.moment.reached_on)
        if not claim.past_due and claim.due is not None:
            days.append(shifted(claim.due, 1))
        if claim.withheld is not None:
            days.append(claim.withheld.again_on)
        if claim.changes_on is not None:
            days.append(claim.changes_on)
    later = (day for day in days if day is not None and day > desk.today)
    desk.checks[debtor.party.ref] = min(later, default=None)


def _in_currency(desk: Desk, debtor: Debtor, ready: list[Claim]) -> list[Draft]:
    """Draft calls, tasks and handovers of one currency; return its message, if there is one."""
    currency = ready[0].open.currency
    around = [claim for claim in debtor.claims if claim.open.currency == currency]
    netting = net(around, counted_credits(desk.policy, debtor, currency))
    small = desk.policy.guards.small_difference
    covered = [c for c in ready if netting.of(c).amount <= small] if netting.used else []
    if covered:
        withhold(desk, debtor, covered, Withheld(Reason("covered_by_credit")))
        ready = [claim for claim in ready if netting.of(claim).amount > small]
    if not ready:
        return []
    overdue = [claim for claim in around if claim.past_due and claim.withheld is None]
    basis = total_of(overdue if any(claim.past_due for claim in ready) else ready, netting)
    withheld, notes = too_little(desk, debtor, basis)
    if withheld is not None:
        withhold(desk, debtor, ready, withheld)
        return []
    ready = allowed(desk, debtor, ready)
    messages = [claim for claim in ready if step_kind_of(claim).is_message]
    drafts = _message(desk, debtor, messages, netting, around, notes)
    taken = {claim.item.id for draft in drafts for claim in draft.claims}
    others = [c for c in ready if not step_kind_of(c).is_message and c.item.id not in taken]
    for step in {c.moment.step.step: c.moment.step for c in others if c.moment}.values():
        same = tuple(c for c in others if c.moment and c.moment.step.step == step.step)
        _offer(desk, _draft(debtor, same, netting, around, notes))
    return drafts


def _message(
    desk: Desk,
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
        withhold(desk, debtor, claims, Withheld(Reason("quiet", {"again_on": again}), again))
        return []
    spaced = spacing(desk, debtor)
    if spaced is not None:
        withhold(desk, debtor, claims, spaced)
        return []
    taken, later = furthest(claims)
    if any(step_kind_of(claim) is StepKind.STATUTORY_NOTICE for claim in taken):
        own = [claim for claim in taken if step_kind_of(claim) is StepKind.STATUTORY_NOTICE]
        draft = _draft(debtor, tuple(own), netting, around, notes)
        busy = _on_its_way(desk, draft)
        if busy is not None:
            withhold(desk, debtor, claims, busy)
            return []
        draft = _all_in_default(desk, draft)
        later = [claim for claim in claims if claim not in draft.claims]
    else:
        draft = _draft(debtor, tuple(taken), netting, around, notes)
        strays = _off_track(draft)
        if strays:
            later += strays
            draft = replace(draft, claims=tuple(c for c in taken if c not in strays))
    if later:
        facts: dict[str, Fact] = {"step": draft.step.step}
        withhold(desk, debtor, later, Withheld(Reason("another_message_first", facts)))
    creditor = desk.snapshot.creditor
    remindable = all(claim.item.remindable for claim in draft.claims)
    via = route(draft.step, debtor.party, creditor, remindable=remindable)
    if not via:
        no_address(desk, draft)
        return []
    return [
        replace(
            draft,
            via=via,
            notes=(
                *draft.notes,
                *rerouted(draft.step, via, remindable=remindable or not creditor.can_push),
            ),
        )
    ]


def _off_track(draft: Draft) -> list[Claim]:
    """Return the claims on another track than the message's: they are not advanced along that."""
    choice, track = draft.debtor.track, draft.track
    if choice.by_override:
        return []
    positions = ((claim, claim.item.position) for claim in draft.claims)
    return [
        claim
        for claim, position in positions
        if (choice.name if position is None else position.track) != track
    ]


def _on_its_way(desk: Desk, draft: Draft) -> Withheld | None:
    """Return the call or handover on its way about a claim that belongs in the notice.

    A notice without that claim would be the first of two, each with costs of its own.
    """
    small = desk.policy.guards.small_difference
    return next(
        (
            claim.withheld
            for claim in draft.around
            if claim.withheld is not None
            and claim.withheld.reason.code == "in_flight"
            and draft.netting.of(claim).amount > small
            and may_be_noticed(desk.snapshot, draft.debtor, claim, desk.today)
        ),
        None,
    )


def _all_in_default(desk: Desk, draft: Draft) -> Draft:
    """Return the notice with every claim that the law wants in it, and no other.

    One letter takes in all claims that can be demanded of the debtor at that moment, and the costs
    are worked out over their sum. Source: art. 6:96 lid 7 BW.
    """
    small = desk.policy.guards.small_difference
    claims = tuple(
        claim
        for claim in draft.around
        if claim.withheld is None
        and claim.past_due
        and claim.moment is not None
        and draft.netting.of(claim).amount > small
        and may_be_noticed(desk.snapshot, draft.debtor, claim, desk.today)
    )
    joined = frozenset(
        claim.item.id
        for claim in claims
        if claim.moment and claim.moment.step.step != draft.step.step
    )
    notes = draft.notes
    if joined:
        notes = (*notes, Reason("joined_by_law", {"count": len(joined)}))
    return replace(draft, claims=claims, joined=joined, notes=notes)


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
    if netting.used and any(netting.of(claim) != claim.open for claim in claims):
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


def _offer(desk: Desk, draft: Draft) -> None:
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
        withhold(desk, draft.debtor, draft.claims, Withheld(Reason("below_minimum", facts)))
    elif not via:
        no_address(desk, draft)
    else:
        desk.drafts.append(replace(draft, via=via))


def _one_message(desk: Desk, debtor: Debtor, drafts: Sequence[Draft]) -> None:
    """Take one message to the debtor; those in other currencies wait for the spacing."""
    if not drafts:
        return
    chosen = drafts[0]
    if len(drafts) > 1:
        chosen = min(drafts, key=lambda draft: _preference(desk, draft))
    desk.drafts.append(chosen)
    look_again(desk, debtor, desk.calendar.next_quiet(desk.today))
    for draft in drafts:
        if draft is not chosen:
            facts: dict[str, Fact] = {"currency": chosen.currency}
            withhold(desk, debtor, draft.claims, Withheld(Reason("other_currency_first", facts)))


def _preference(desk: Desk, draft: Draft) -> tuple[bool, int, date, str]:
    """Keep to what was proposed before; else the furthest step, then the oldest claim."""
    action = action_of(draft, desk.policy, desk.snapshot.administration)
    oldest = min(claim.due for claim in draft.claims if claim.due)
    return action.id not in desk.waiting, -draft.rung, oldest, draft.currency


def _spread_first_run(desk: Desk) -> tuple[Action, ...]:
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
        withhold(desk, draft.debtor, draft.claims, cap)
    return tuple(action for action, _ in actions if action.id not in late)
