"""What a message may claim on top of the principal: interest and collection costs. Pure.

A consumer owes costs only after a statutory notice whose term passed unpaid, and interest only
from its default. A business owes both by operation of law once the due date has passed.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from connector.core.actions import Charges
from connector.core.bundle import Draft
from connector.core.charges import CORRECTED, Charge, ChargeKind, ChargeState
from connector.core.costing import (
    Part,
    announced_costs,
    charge_of,
    claimed_costs,
    no_part,
)
from connector.core.findings import Claim
from connector.core.law.applicable import dutch_law_applies
from connector.core.law.figures import RateTable, agreed_rate
from connector.core.law.interest import Credit, InterestClaim, interest_through, statement
from connector.core.lawful import default_from
from connector.core.obstacles import Desk
from connector.core.policy.model import DebtorKind, StepKind, Track
from connector.core.reasons import Fact, Reason
from connector.port.money import Money
from connector.port.money import total as added
from connector.port.records import ItemId

_CLAIM_COSTS: Final = (StepKind.DEFAULT_NOTICE, StepKind.FINAL_DEMAND, StepKind.HAND_OVER)
_PUBLIC_BODY: Final = "art. 6:119b BW"


def with_charges(desk: Desk, draft: Draft) -> Draft:
    """Return the draft with what it claims, or announces, on top of the principal."""
    track = track_of(desk, draft)
    announces = draft.step.do is StepKind.STATUTORY_NOTICE
    takes_interest = _claims_interest(track, draft.rung)
    tells = draft.step.do is StepKind.CALL and draft.debtor.party.ref in desk.settled
    claims = draft.step.do in _CLAIM_COSTS or tells
    takes_costs = claims and track.collection_costs.kind != "none"
    if not (announces or takes_interest or takes_costs):
        return draft
    party = draft.debtor.party
    if not dutch_law_applies(party.country, recorded=party.applicable_law == "nl"):
        foreign = Reason("no_dutch_charges", {"country": party.country})
        return replace(draft, notes=(*draft.notes, foreign))
    nothing = no_part(draft.currency)
    interest = _interest(desk, draft, track) if takes_interest else _Accrued(part=nothing)
    costs = claimed_costs(desk, draft, track) if takes_costs else nothing
    announced = announced_costs(desk, draft, track) if announces else nothing
    if not (interest.part.total or costs.total or announced.total):
        return replace(draft, notes=(*draft.notes, *interest.part.reasons, *costs.reasons))
    charges = Charges(
        interest=interest.part.total,
        costs=costs.total - costs.vat,
        vat=costs.vat,
        announced=announced.total,
        announced_vat=announced.vat,
        interest_article=interest.article,
        interest_through=interest.through,
        provisional=interest.is_cut,
    )
    reasons = (*interest.part.reasons, *costs.reasons, *announced.reasons)
    return replace(
        draft,
        charges=charges,
        interest=interest.part.amounts,
        costs=costs.amounts,
        notes=(*draft.notes, *reasons),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Accrued:
    """The interest of a draft: through which day, by which article, and if figures end before."""

    part: Part
    through: date | None = None
    article: str | None = None
    is_cut: bool = False


def _interest(desk: Desk, draft: Draft, track: Track) -> _Accrued:
    """Return the interest from the first day of default through today, item by item."""
    table, article = _table(desk, draft, track)
    amounts: dict[ItemId, Money] = {}
    early: list[str] = []
    known: list[date] = []
    for claim in draft.claims:
        first = default_from(desk.snapshot, draft.debtor, claim)
        if first is None or first > desk.today:
            early.append(claim.item.number)
            continue
        charge = charge_of(desk, draft, claim, ChargeKind.INTEREST)
        if charge is None or not _is_waived(charge):
            accrued, through = _accrued(desk, draft, claim, first=first, table=table)
            known.append(through)
            if charge is not None:
                accrued = max(accrued - charge.paid, Money.zero(draft.currency))
            if accrued:
                amounts[claim.item.id] = accrued
    total = added(amounts.values(), draft.currency)
    through = min(known, default=desk.today)
    reasons = []
    if total:
        facts: dict[str, Fact] = {"interest": total, "through": through, "article": article}
        reasons.append(Reason("interest_claimed", facts))
    if through < desk.today:
        reasons.append(Reason("figures_end", {"through": through}))
    if early:
        reasons.append(Reason("interest_no_default", {"numbers": ", ".join(early)}))
    nothing = Money.zero(draft.currency)
    part = Part(amounts=amounts, total=total, vat=nothing, reasons=tuple(reasons))
    is_cut = through < desk.today
    return _Accrued(part=part, through=through if total else None,
                    article=article if total else None, is_cut=is_cut)  # fmt: skip


def _accrued(
    desk: Desk, draft: Draft, claim: Claim, *, first: date, table: RateTable
) -> tuple[Money, date]:
    """Return what the claim has borne since, and the last day that is known.

    What came in lowered the principal in the books, and does so here: the creditor asks interest
    over no more than the books show as open.
    """
    left = draft.netting.of(claim)
    payments = claim.item.payments
    known_paid = payments and [one for one in payments if one[1].currency == draft.currency]
    if not known_paid:
        quick = interest_through(left, first, through=desk.today, table=table)
        return quick.interest, quick.final_through
    paid = [Credit(on=on, amount=part, to_principal=part) for on, part in known_paid]
    before = sum((credit.amount for credit in paid), left)
    made = statement(
        InterestClaim(principal=before, first_day=first, credits=tuple(paid)), desk.today, table
    )
    return made.interest, made.final_through


def track_of(desk: Desk, draft: Draft) -> Track:
    """Return the track of a draft; of a step that is only imagined, one that has the step."""
    tracks = desk.policy.tracks
    named = next((one for one in tracks if one.name == draft.track), None)
    return named or next(one for one in tracks if draft.step in one.ladder)


def _is_waived(charge: Charge) -> bool:
    return charge.state is ChargeState.WAIVED and charge.reason != CORRECTED


def _table(desk: Desk, draft: Draft, track: Track) -> tuple[RateTable, str]:
    """Return the rates for this debtor, and the article or clause that they rest on.

    A consumer never owes the interest of trade; an agreed rate goes before the law's, but not with
    a consumer who came onto a track that is for others.
    """
    interest, kind = track.interest, draft.debtor.kind
    meant = kind.is_business or not draft.debtor.track.has_changed
    if interest.rate is not None and meant:
        table = agreed_rate(interest.rate, interest.clause or "")
        return table, table.article
    table = desk.law.commercial if kind.is_business else desk.law.statutory
    return table, _PUBLIC_BODY if kind is DebtorKind.PUBLIC_BODY else f"art. {table.article}"


def _claims_interest(track: Track, rung: int) -> bool:
    """Whether a step on this rung claims interest: from the step that the policy names on."""
    if track.interest.kind == "none":
        return False
    wanted = track.interest.claim_from or StepKind.HAND_OVER.value
    names = [n for n, step in enumerate(track.ladder) if wanted in (step.step, step.do.value)]
    return bool(names) and rung >= names[0]
