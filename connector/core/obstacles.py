"""What keeps a debtor's claims from their step, and the desk on which a plan is made. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from connector.core.bundle import Draft
from connector.core.days import Calendar, shifted
from connector.core.findings import Attention, Claim, Debtor, Findings, Withheld
from connector.core.law.figures import Figures
from connector.core.lawful import against
from connector.core.policy.model import Policy, StepKind
from connector.core.proposal import WithheldClaim
from connector.core.reasons import Fact, Reason
from connector.core.settlement import Settlement
from connector.core.snapshot import Snapshot
from connector.port.money import Money
from connector.port.records import PartyRef


@dataclass(slots=True)
class Desk:
    """What is looked at while one plan is made, and what has come of it so far."""

    snapshot: Snapshot
    policy: Policy
    today: date
    calendar: Calendar
    law: Figures
    waiting: Mapping[str, str]  # live action id -> status
    flying: Mapping[PartyRef, str]  # debtor -> id of a message whose outcome is not known yet
    settled: dict[PartyRef, Settlement] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    withheld: list[WithheldClaim] = field(default_factory=list)
    attention: list[Attention] = field(default_factory=list)
    checks: dict[PartyRef, date | None] = field(default_factory=dict)


def desk_of(findings: Findings, policy: Policy, today: date) -> Desk:
    """Return an empty desk for a plan over the findings."""
    snapshot = findings.snapshot
    return Desk(
        snapshot=snapshot,
        policy=policy,
        today=today,
        calendar=Calendar.of(policy.guards.business_days, policy.guards.quiet),
        law=findings.law,
        waiting={a.id: a.status for a in snapshot.live},
        flying={
            a.party: a.id
            for a in sorted(snapshot.live, key=lambda action: action.id)
            if a.kind.is_message and a.status in ("sending", "uncertain")
        },
    )


def blocked(desk: Desk, debtor: Debtor) -> Withheld | None:
    """Return what keeps the whole debtor from everything, in all currencies."""
    guards = desk.policy.guards
    if guards.unallocated_payment == "hold" and debtor.unallocated:
        payment = debtor.unallocated[0]
        facts: dict[str, Fact] = {"payment": payment.number, "amount": -payment.open}
        attend(desk, debtor, "unallocated_payment", facts, about=payment.id)
        return Withheld(Reason("unallocated_payment", facts))
    if guards.credits == "hold" and debtor.credits:
        credit = debtor.credits[0]
        facts = {"credit": credit.number, "amount": -credit.open}
        attend(desk, debtor, "open_credit", facts, about=credit.id)
        return Withheld(Reason("open_credit", facts))
    paid = max((c.item.last_payment_on for c in debtor.claims if c.item.last_payment_on),
               default=None)  # fmt: skip
    if paid is not None:
        again = shifted(desk.calendar.add(paid, guards.after_payment), 1)
        if desk.today < again:
            return Withheld(Reason("recent_payment", {"paid_on": paid, "again_on": again}), again)
    return None


def too_little(
    desk: Desk, debtor: Debtor, basis: Money
) -> tuple[Withheld | None, tuple[Reason, ...]]:
    """Return what the amounts say against asking, and what the bookkeeper should see."""
    guards, owed = desk.policy.guards, desk.snapshot.payables
    payable = owed.get((debtor.party.ref, basis.currency))
    notes: tuple[Reason, ...] = ()
    if payable and payable.amount > 0 and guards.set_off != "ignore":
        facts: dict[str, Fact] = {"payable": payable, "receivable": basis}
        if payable >= basis and guards.set_off == "hold":
            attend(desk, debtor, "set_off", facts, about=f"{debtor.party.ref}:{payable}")
            return Withheld(Reason("set_off", facts)), ()
        notes = (Reason("payables_open", facts),)
    if basis.amount < guards.minimum_open:
        minimum = Money(guards.minimum_open, basis.currency)
        return Withheld(Reason("below_minimum", {"open": basis, "minimum": minimum})), ()
    return None, notes


def allowed(desk: Desk, debtor: Debtor, ready: Sequence[Claim]) -> list[Claim]:
    """Return the claims whose own step may be taken towards this debtor at all."""
    found = []
    for claim in ready:
        if step_kind_of(claim) in debtor.never:
            withhold(desk, debtor, (claim,), Withheld(Reason("never_for_debtor")))
            continue
        unlawful = against(desk.snapshot, debtor, claim, terms=desk.law.terms, today=desk.today)
        if unlawful is None:
            found.append(claim)
            continue
        withhold(desk, debtor, (claim,), unlawful)
        if unlawful.again_on is None:  # only a person can change it
            reason = unlawful.reason
            attend(desk, debtor, reason.code, {"step": _step_of(claim), **reason.facts})
    return found


def spacing(desk: Desk, debtor: Debtor) -> Withheld | None:
    """Return what keeps any message from the debtor because of the one before it."""
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


def no_address(desk: Desk, draft: Draft) -> None:
    """Withhold what has no way to the debtor, and ask a person for an address."""
    facts: dict[str, Fact] = {"via": ", ".join(draft.step.via) or "email, post"}
    attend(desk, draft.debtor, "address_missing", facts)
    withhold(desk, draft.debtor, draft.claims, Withheld(Reason("address_missing", facts)))


def withhold(desk: Desk, debtor: Debtor, claims: Iterable[Claim], withheld: Withheld) -> None:
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
    look_again(desk, debtor, withheld.again_on)


def attend(
    desk: Desk, debtor: Debtor, code: str, facts: Mapping[str, Fact], *, about: str = ""
) -> None:
    """Report something of the debtor once; `about` is what it is about, else the debtor."""
    ref, subject = debtor.party.ref, about or debtor.party.ref
    if (code, subject, 0) not in desk.snapshot.seen:
        desk.attention.append(
            Attention(code=code, subject=subject, party=ref, number=None, facts=facts)
        )


def look_again(desk: Desk, debtor: Debtor, again: date | None) -> None:
    """Have the debtor looked at on a later day at the latest; None changes nothing."""
    known = desk.checks[debtor.party.ref]
    if again is not None and again > desk.today and (known is None or again < known):
        desk.checks[debtor.party.ref] = again


def step_kind_of(claim: Claim) -> StepKind:
    """Return what the claim's next step does; the claim must have a moment."""
    assert claim.moment is not None
    return claim.moment.step.do


def _step_of(claim: Claim) -> str:
    assert claim.moment is not None
    return claim.moment.step.step
