"""Story: why something happens to an invoice or a debtor, or why it does not, on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from connector.core.actions import Action
from connector.core.evaluate import evaluate
from connector.core.findings import Attention, Claim, Debtor, Findings
from connector.core.moment import blockers
from connector.core.plan import plan
from connector.core.policy.model import StepKind
from connector.core.proposal import Plan
from connector.core.reasons import Reason
from connector.core.snapshot import Item
from connector.flow.kinds import kind_of
from connector.flow.office import Administration
from connector.port.money import Money
from connector.port.records import ItemId, PartyRef
from connector.settings import ZONE
from connector.store import ActionRow, HoldRow, ItemRow, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The step that comes next, and the day from which it is due."""

    step: str
    kind: StepKind
    on: date
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStory:
    """One open invoice.

    Attributes:
        row: The invoice as the books have it.
        asked: What may be asked of it: without a part that is paused.
        reasons: Why nothing happens to it now; empty when something does, or when it is too early.
        proposed: The action that the plan has for it on the day.
    """

    row: ItemRow
    due: date | None
    asked: Money
    next: Next | None
    reasons: tuple[Reason, ...]
    holds: tuple[HoldRow, ...]
    proposed: Action | None
    live: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A debtor on a day: all its invoices, or the one that was asked about.

    Attributes:
        track: The track that it is on; None: nothing is open.
        wanted_track: The track that the policy would choose today.
        closed: Invoices that were asked about and are not open.
        moment: What keeps approved actions from leaving now; empty for another day.
    """

    administration: str
    on: date
    party: PartyRef
    party_name: str
    kind: str | None
    track: str | None
    wanted_track: str | None
    claims: tuple[ClaimStory, ...]
    closed: tuple[ItemRow, ...]
    credits: tuple[Item, ...]
    attention: tuple[Attention, ...]
    moment: tuple[Reason, ...]


def tell(
    desk: Administration, party: PartyRef, *, item: ItemRow | None = None, on: date | None = None
) -> Story:
    """Return the story of a debtor, or of one of its invoices.

    The plan is made for the whole administration, so that what a debtor is told here is what the
    plan does; nothing is stored.
    """
    today, policy = on or desk.office.today, desk.policy
    with desk.office.store.unit(desk.id, reading=True) as unit:
        findings = evaluate(unit.books.snapshot(desk.creditor, today), policy, desk.law, today)
        made = plan(findings, policy, today)
        debtor = next((d for d in findings.debtors if d.party.ref == party), None)
        moment: tuple[Reason, ...] = ()
        if today == desk.office.today:
            for_others = desk.office.settings.office.acting_for_others
            moment = blockers(
                unit.books.trust(), policy.guards, desk.office.now, ZONE, for_others=for_others
            )
        known = unit.books.party(party)
        told = _story(unit, findings, made, debtor, party=party, item=item, moment=moment)
        if debtor is not None or known is None:
            return told
        return replace(told, kind=kind_of(desk, known).value)


def _story(
    unit: Unit,
    findings: Findings,
    made: Plan,
    debtor: Debtor | None,
    *,
    party: PartyRef,
    item: ItemRow | None,
    moment: tuple[Reason, ...],
) -> Story:
    known = unit.books.party(party)
    claims = [] if debtor is None else list(debtor.claims)
    if item is not None:
        claims = [claim for claim in claims if claim.item.id == item.id]
    closed = (item,) if item is not None and not claims else ()
    holds, queue = unit.holds.list(), unit.ledger.live([party])
    told = [_claim(unit, claim, made, holds, queue) for claim in claims]
    about = {party, *(claim.item.id for claim in claims)}
    return Story(
        administration=made.administration,
        on=findings.today,
        party=party,
        party_name=(known.name if known else None) or party,
        kind=debtor.kind.value if debtor else None,
        track=debtor.track.name if debtor else None,
        wanted_track=debtor.track.wanted if debtor else None,
        claims=tuple(story for story in told if story is not None),
        closed=closed,
        credits=(*debtor.credits, *debtor.unallocated) if debtor else (),
        attention=tuple(
            point
            for point in made.attention
            if point.party == party and (point.number is None or point.subject in about)
        ),
        moment=moment,
    )


def _claim(
    unit: Unit,
    claim: Claim,
    made: Plan,
    holds: Iterable[HoldRow],
    queue: Iterable[ActionRow],
) -> ClaimStory | None:
    row = unit.books.item(claim.item.id)
    if row is None:
        return None
    next_ = None
    if claim.moment is not None:
        next_ = Next(
            step=claim.moment.step.step,
            kind=claim.moment.step.do,
            on=claim.moment.reached_on,
            reached=claim.reached,
        )
    return ClaimStory(
        row=row,
        due=claim.due,
        asked=claim.open,
        next=next_,
        reasons=_reasons(claim, made),
        holds=tuple(h for h in holds if _concerns(h, row)),
        proposed=_action_with(made.actions, claim.item.id),
        live=tuple(a for a in queue if _has(a.action, claim.item.id)),
    )


def _reasons(claim: Claim, made: Plan) -> tuple[Reason, ...]:
    """Return what the plan says against acting, else what the claim itself says."""
    planned = tuple(entry.reason for entry in made.withheld if entry.item == claim.item.id)
    if planned or claim.withheld is None:
        return planned
    return (claim.withheld.reason,)


def _concerns(row: HoldRow, item: ItemRow) -> bool:
    if row.hold.item is not None:
        return row.hold.item == item.id
    return row.hold.party == item.party


def _action_with(actions: Iterable[Action], item: ItemId) -> Action | None:
    return next((action for action in actions if _has(action, item)), None)


def _has(action: Action, item: ItemId) -> bool:
    return any(planned.id == item for planned in action.items)
