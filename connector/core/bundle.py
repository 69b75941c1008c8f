"""From claims that are due for the same thing to one action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connector.core.actions import (
    Action,
    AlsoOpen,
    Approval,
    Charges,
    PlannedItem,
    action_id,
)
from connector.core.findings import Claim, Debtor
from connector.core.netting import Netting
from connector.core.policy.model import (
    ApproveAbove,
    ChannelName,
    DebtorKind,
    Guards,
    Mode,
    Policy,
    Step,
    StepKind,
)
from connector.core.reasons import Fact, Reason
from connector.port.money import Money, total
from connector.port.records import ItemId

_ALONE = (StepKind.HAND_OVER, StepKind.STATUTORY_NOTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Claims of one debtor and currency that go into one action; the step is the furthest one."""

    debtor: Debtor
    step: Step
    rung: int
    claims: tuple[Claim, ...]  # sorted by due date, number, id
    netting: Netting
    around: Sequence[Claim]  # all claims of the debtor in this currency
    via: tuple[ChannelName, ...] = ()
    notes: tuple[Reason, ...] = ()
    joined: frozenset[ItemId] = frozenset()  # taken in by law, whatever their own next step
    charges: Charges | None = None
    interest: Mapping[ItemId, Money] = field(default_factory=dict)
    costs: Mapping[ItemId, Money] = field(default_factory=dict)

    @property
    def track(self) -> str:
        """The track whose ladder the step is on: that of a claim whose own next step it is."""
        own = (c.item for c in self.claims if c.moment is not None and c.moment.step is self.step)
        choice, item = self.debtor.track, next(own, None)
        if choice.by_override or item is None or item.position is None:
            return choice.name
        return item.position.track

    @property
    def currency(self) -> str:
        """The one currency of its claims."""
        return self.claims[0].open.currency

    @property
    def total(self) -> Money:
        """What is asked, after credits."""
        return total_of(self.claims, self.netting)


def total_of(claims: Sequence[Claim], netting: Netting) -> Money:
    """Return what the claims of one currency come to after credits; there must be one at least."""
    return total((netting.of(claim) for claim in claims), claims[0].open.currency)


def furthest(claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Split claims with a message due into those of one message and those that wait.

    The step furthest along the ladder wins; past-due claims whose own step is a plain reminder
    ride along. All claims must have a moment; of two ladders the oldest claim's step goes first.
    """
    top = max((claim.moment for claim in claims if claim.moment), key=lambda moment: moment.rung)
    taken: list[Claim] = []
    waiting: list[Claim] = []
    for claim in claims:
        moment = claim.moment
        assert moment is not None
        rides = claim.past_due and moment.step.do is StepKind.REMINDER
        is_top = (moment.rung, moment.step.step) == (top.rung, top.step.step)
        (taken if is_top or rides else waiting).append(claim)
    return taken, waiting


def approval_for(
    policy: Policy, step: Step, kind: DebtorKind, total: Money, *, with_costs: bool = False
) -> Approval:
    """Return who must say yes; what is grave for a natural person is always looked at by itself.

    Grave are a statutory notice, a demand with costs and a handover (art. 22 AVG).
    """
    if policy.mode is Mode.SHADOW:
        return Approval.SHADOW
    if kind.is_natural_person and (step.do in _ALONE or with_costs):
        return Approval.INDIVIDUAL
    if policy.mode is Mode.ASSISTED:
        return Approval.REQUIRED
    wish = step.approve or ("always" if step.do is StepKind.HAND_OVER else "never")
    if isinstance(wish, ApproveAbove):
        wish = "always" if total.amount > wish.above else "never"
    return Approval.REQUIRED if wish == "always" else Approval.AUTOMATIC


def action_of(draft: Draft, policy: Policy, administration: str) -> Action:
    """Return the action that the draft comes to."""
    party, step, total, charges = draft.debtor.party, draft.step, draft.total, draft.charges
    if charges is not None:
        total += charges.claimed
    term = step.term_or_default if step.do.is_message else None
    keys = [(claim.item.id, claim.item.cycle) for claim in draft.claims]
    return Action(
        id=action_id(administration, party.ref, draft.currency, step.step, keys),
        party=party.ref,
        party_name=party.name,
        track=draft.track,
        step=step.step,
        kind=step.do,
        via=draft.via,
        currency=draft.currency,
        items=tuple(_planned(draft, claim) for claim in draft.claims),
        also_open=_also_open(draft, policy.guards),
        credits=draft.netting.credits_of(draft.claims),
        total=total,
        approval=approval_for(
            policy,
            step,
            draft.debtor.kind,
            total,
            with_costs=step.do.is_message and charges is not None and bool(charges.costs),
        ),
        charges=charges,
        consumer=not draft.debtor.kind.is_business,
        term_days=term.days if term else None,
        term_business=bool(term and term.business),
        to=step.to,
        why=step.why,
        first_run=any(claim.first_run for claim in draft.claims),
        first_message=all(_is_untouched(claim) for claim in draft.claims),
        before_due=not any(claim.past_due for claim in draft.claims),
        reasons=(*_reached(draft), *draft.notes),
    )


def _is_untouched(claim: Claim) -> bool:
    item = claim.item
    return item.last_demand_on is None and item.position is None and not item.reminders_sent


def _planned(draft: Draft, claim: Claim) -> PlannedItem:
    assert claim.due is not None
    item, nothing = claim.item, Money.zero(claim.open.currency)
    own = claim.moment.step if claim.moment is not None else draft.step
    step = draft.step if item.id in draft.joined else own
    return PlannedItem(
        id=item.id,
        number=item.number,
        step=step.step,
        cycle=item.cycle,
        issued=item.issued,
        due=claim.due,
        open=claim.open,
        interest=draft.interest.get(item.id, nothing),
        costs=draft.costs.get(item.id, nothing),
    )


def _also_open(draft: Draft, guards: Guards) -> tuple[AlsoOpen, ...]:
    """Return the debtor's other claims after credits, without what counts as settled."""
    which = guards.also_open
    if which == "none" or draft.step.do in _ALONE or len(draft.around) == len(draft.claims):
        return ()
    taken = {claim.item.id for claim in draft.claims}
    return tuple(
        AlsoOpen(number=claim.item.number, due=claim.due, open=draft.netting.of(claim))
        for claim in draft.around
        if claim.item.id not in taken
        and claim.withheld is None
        and claim.due is not None
        and (claim.past_due or which == "all")
        and draft.netting.of(claim).amount > guards.small_difference
    )


def _reached(draft: Draft) -> tuple[Reason, ...]:
    """Return why the step is due; nothing for one that is only imagined."""
    on = [c.moment.reached_on for c in draft.claims if c.moment and c.moment.rung == draft.rung]
    facts: dict[str, Fact] = {"anchor": str(draft.step.at)}
    return tuple(Reason("step_reached", facts | {"reached_on": day}) for day in on[:1])
