"""What the law has against a step for one claim, whatever the policy wants. Pure.

A missing claim can be repaired, an unlawful one cannot: what is not certain waits for a person.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from connector.core.charges import Notice, default_notice, statutory_notice
from connector.core.findings import Claim, Debtor, Withheld
from connector.core.law.applicable import dutch_law_applies
from connector.core.law.limitation import (
    ClaimOrigin,
    Interruption,
    InterruptionKind,
    Limitation,
    LimitationTerms,
    limitation,
)
from connector.core.policy.model import Step, StepKind
from connector.core.reasons import Fact, Reason
from connector.core.snapshot import Snapshot

_DAY = timedelta(days=1)
_EURO = "EUR"


def against(
    snapshot: Snapshot, debtor: Debtor, claim: Claim, *, terms: LimitationTerms, today: date
) -> Withheld | None:
    """Return what the law has against the claim's next step, None when it may be taken."""
    assert claim.moment is not None
    match claim.moment.step.do:
        case StepKind.STATUTORY_NOTICE:
            return _against_notice(snapshot, debtor, claim, today)
        case StepKind.HAND_OVER:
            found = _against_hand_over(snapshot, debtor, claim, today)
            return found or _barred(snapshot, debtor, claim, terms=terms, today=today)
        case _:
            return None


def default_from(snapshot: Snapshot, debtor: Debtor, claim: Claim) -> date | None:
    """Return the first day of default, None when no default was brought about.

    Dutch: verzuim. In trade it follows the due date by operation of law (art. 6:119a lid 1 BW); a
    consumer is in default after an agreed due date (art. 6:83 sub a BW), else after the term of a
    default notice (art. 6:82 lid 1 BW).
    """
    if claim.due is None:
        return None
    if debtor.kind.is_business or snapshot.creditor.due_date_agreed:
        return claim.due + _DAY
    notice = default_notice(_notices(snapshot, debtor), claim.item.id, claim.item.cycle)
    return None if notice is None else max(notice.last_day, claim.due) + _DAY


def may_be_noticed(snapshot: Snapshot, debtor: Debtor, claim: Claim, today: date) -> bool:
    """Whether a statutory notice to a consumer takes the claim in.

    It takes in all that is in default and that no statutory notice was about yet.
    Source: art. 6:96 lid 6 and 7 BW.
    """
    known = valid_notice(snapshot, debtor, claim)
    return known is None and _is_in_default(snapshot, debtor, claim, today)


def valid_notice(snapshot: Snapshot, debtor: Debtor, claim: Claim) -> Notice | None:
    """Return the statutory notice about the claim that came after default had begun.

    Source: art. 6:96 lid 6 BW, after default began (art. 6:81).
    """
    notice = statutory_notice(_notices(snapshot, debtor), claim.item.id, claim.item.cycle)
    first = default_from(snapshot, debtor, claim)
    if notice is None or first is None or first > notice.delivered_on:
        return None
    return notice


def _is_in_default(snapshot: Snapshot, debtor: Debtor, claim: Claim, today: date) -> bool:
    first = default_from(snapshot, debtor, claim)
    return first is not None and first <= today


def _notices(snapshot: Snapshot, debtor: Debtor) -> tuple[Notice, ...]:
    return snapshot.notices.get(debtor.party.ref, ())


def _against_notice(
    snapshot: Snapshot, debtor: Debtor, claim: Claim, today: date
) -> Withheld | None:
    creditor, party = snapshot.creditor, debtor.party
    if creditor.acting_for_others and not creditor.office_registered:
        return Withheld(Reason("office_unregistered"))
    if not dutch_law_applies(party.country, recorded=party.applicable_law == "nl"):
        return Withheld(Reason("foreign_law", {"country": party.country}))
    if not _is_in_default(snapshot, debtor, claim, today):
        return Withheld(Reason("not_in_default"))
    if not may_be_noticed(snapshot, debtor, claim, today):
        return Withheld(Reason("already_noticed"))
    return None


def _against_hand_over(
    snapshot: Snapshot, debtor: Debtor, claim: Claim, today: date
) -> Withheld | None:
    assert claim.moment is not None
    step: Step = claim.moment.step
    if not debtor.kind.is_natural_person:
        return None
    creditor = snapshot.creditor
    if creditor.acting_for_others and not creditor.office_registered:
        return Withheld(Reason("office_unregistered"))
    if step.to not in creditor.registered_agencies:
        return Withheld(Reason("agency_unregistered", {"agency": step.to}))
    if debtor.kind.is_business:
        return None
    return _before_notice(snapshot, debtor, claim, today)


def _before_notice(
    snapshot: Snapshot, debtor: Debtor, claim: Claim, today: date
) -> Withheld | None:
    if claim.open.currency != _EURO:
        return None  # no notice can announce costs in it, and none are asked
    notice = valid_notice(snapshot, debtor, claim)
    if notice is None:
        return Withheld(Reason("notice_missing"))
    if today < notice.effect_from:
        facts: dict[str, Fact] = {"last_day": notice.last_day, "again_on": notice.effect_from}
        return Withheld(Reason("notice_runs", facts), notice.effect_from)
    return None


def limitation_of(
    debtor: Debtor, claim: Claim, notices: Sequence[Notice], terms: LimitationTerms
) -> Limitation | None:
    """Return until when the claim can be enforced, None when its due date is not known.

    The notices that reached the debtor, our last demand, and payments on account interrupt it.
    """
    if claim.due is None:
        return None
    item = claim.item
    known = [
        *((InterruptionKind.DEMAND, one.received_on) for one in notices if one.item == item.id),
        *((InterruptionKind.PAYMENT, on) for on, _ in item.payments),
        (InterruptionKind.DEMAND, item.last_demand_on),
        (InterruptionKind.PAYMENT, item.last_payment_on),
    ]
    return limitation(
        ClaimOrigin(due=claim.due, kind=debtor.kind, basis=item.basis),
        [Interruption(kind=kind, on=on) for kind, on in known if on is not None],
        terms,
    )


def _barred(
    snapshot: Snapshot, debtor: Debtor, claim: Claim, *, terms: LimitationTerms, today: date
) -> Withheld | None:
    """Return the wait of a consumer's claim that can no longer be enforced (verjaard)."""
    if debtor.kind.is_business or claim.despite_limitation:
        return None
    ends = limitation_of(debtor, claim, _notices(snapshot, debtor), terms)
    if ends is None or not ends.is_barred(today):
        return None
    return Withheld(Reason("time_barred", {"last_day": ends.last_day}))
