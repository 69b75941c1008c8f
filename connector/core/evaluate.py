"""Where each claim stands: policy + snapshot + date -> findings. Pure.

A finding says which step comes next, when its moment is, whether that moment has been reached, and
what keeps the claim from it. What is done about it is for `plan` to say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from connector.core.days import Calendar, shifted, years_after
from connector.core.findings import Attention, Claim, Debtor, Findings, Withheld
from connector.core.kinds import debtor_kind
from connector.core.ladder import Moment, Rungs
from connector.core.law.figures import Figures
from connector.core.policy.model import Duration, Override, Policy
from connector.core.reasons import Fact, Reason
from connector.core.snapshot import Hold, HoldReason, Item, Party, Snapshot
from connector.core.tracks import TrackChoice, choose_track
from connector.port.money import Money
from connector.port.records import Document, ItemId, PartyRef

DISPUTE_ANSWER = Duration(14)
"""Time after the logged answer before a dispute may resume (docs/policy.md, holds)."""

_NO_OVERRIDE = Override(debtor="")
_OLDEST = date.min
K = TypeVar("K")


@dataclass(slots=True)
class _Desk:
    """What is looked up again and again while evaluating; made once per call."""

    policy: Policy
    today: date
    calendar: Calendar
    rungs: Mapping[str, Rungs]
    for_item: Mapping[str, Override]
    for_party: Mapping[str, Override]
    holds_of_item: Mapping[ItemId, list[Hold]]
    holds_of_party: Mapping[PartyRef, list[Hold]]
    in_flight: Mapping[ItemId, str]
    rejected: Mapping[tuple[ItemId, int, str], str]
    seen: frozenset[tuple[str, str, int]]
    attention: list[Attention]


def evaluate(snapshot: Snapshot, policy: Policy, law: Figures, today: date) -> Findings:
    """Return where each claim of the snapshot stands on the day.

    A debtor with nothing open but charges is among the findings too, without claims.
    """
    desk = _desk(snapshot, policy, today)
    by_party = _grouped((item.party, item) for item in snapshot.items)
    debtors = []
    for ref in sorted(by_party.keys() | snapshot.charges.keys()):
        party = snapshot.parties.get(ref) or Party(ref=ref, name=ref)
        debtors.append(_debtor(desk, party, by_party.get(ref, [])))
    attention = tuple(sorted(desk.attention, key=lambda a: (a.code, a.subject)))
    return Findings(
        snapshot=snapshot, law=law, today=today, debtors=tuple(debtors), attention=attention
    )


def _desk(snapshot: Snapshot, policy: Policy, today: date) -> _Desk:
    calendar = Calendar.of(policy.guards.business_days, policy.guards.quiet)
    live = sorted(snapshot.live, key=lambda action: action.id)
    flying = [a for a in live if a.status in ("sending", "uncertain")]
    rejected = [a for a in live if a.status == "rejected"]
    holds = snapshot.holds
    return _Desk(
        policy=policy,
        today=today,
        calendar=calendar,
        rungs={t.name: Rungs(t, policy.guards, calendar) for t in policy.tracks},
        for_item={o.invoice: o for o in policy.overrides if o.invoice is not None},
        for_party={o.debtor: o for o in policy.overrides if o.debtor is not None},
        holds_of_item=_grouped((h.item, h) for h in holds if h.item is not None),
        holds_of_party=_grouped(
            (h.party, h) for h in holds if h.item is None and h.party is not None
        ),
        in_flight={item: a.id for a in flying for item, _, _ in a.items},
        rejected={entry: a.id for a in rejected for entry in a.items},
        seen=snapshot.seen,
        attention=[],
    )


T = TypeVar("T")


def _grouped(pairs: Iterable[tuple[K, T]]) -> dict[K, list[T]]:
    grouped: dict[K, list[T]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped


def _debtor(desk: _Desk, party: Party, items: list[Item]) -> Debtor:
    items.sort(key=lambda i: (_due(desk, i) or i.issued or _OLDEST, i.number, i.id))
    override = desk.for_party.get(party.ref, _NO_OVERRIDE)
    kind = debtor_kind(party, override.kind)
    track = choose_track(desk.policy, party, kind, items=items, override=override)
    if track.has_changed:
        facts: dict[str, Fact] = {"from": track.name, "to": track.wanted}
        subject = f"{party.ref}:{track.wanted}"
        _attend(desk, Attention(code="track_changed", subject=subject, party=party.ref,
                                number=None, facts=facts))  # fmt: skip
    on_party = desk.holds_of_party.get(party.ref, [])
    invoices = [i for i in items if i.document is Document.INVOICE and not _is_overpaid(i)]
    return Debtor(
        party=party,
        kind=kind,
        track=track,
        never=frozenset(override.never),
        claims=tuple(_claim(desk, item, track, on_party) for item in invoices),
        credits=tuple(i for i in items if i.document is Document.CREDIT or _is_overpaid(i)),
        unallocated=tuple(item for item in items if item.document is Document.PAYMENT),
    )


def _is_overpaid(item: Item) -> bool:
    """Whether more was booked on an invoice than it asked: the rest is the debtor's."""
    return item.document is Document.INVOICE and item.open.amount < 0


def _due(desk: _Desk, item: Item) -> date | None:
    return desk.for_item.get(item.number, _NO_OVERRIDE).due or item.due


def _attend(desk: _Desk, attention: Attention) -> None:
    """Report once: what a person has dealt with in this cycle is not reported again."""
    if (attention.code, attention.subject, attention.cycle) not in desk.seen:
        desk.attention.append(attention)


def _claim(desk: _Desk, item: Item, track: TrackChoice, on_party: list[Hold]) -> Claim:
    override = desk.for_item.get(item.number, _NO_OVERRIDE)
    due = _due(desk, item)
    holds = [*desk.holds_of_item.get(item.id, ()), *on_party]
    open_ = _without_disputed_part(desk, item, holds) if holds else item.open
    withheld = _state_of(desk, item, override)
    if withheld is None and holds:
        withheld = _held(desk, item, holds, open_)
    if withheld is None and desk.in_flight:
        withheld = _flying(desk, item)
    moment = None
    if item.handed_over:  # an agency has it: no step of ours comes next
        _tell_agency(desk, item, holds)
    elif due is None:
        withheld = withheld or _without_due(desk, item)
    else:
        on = track.name if track.by_override or item.position is None else item.position.track
        moment, off_ladder = _next_moment(desk, item, due, desk.rungs.get(on))
        withheld = withheld or off_ladder
        if withheld is None and moment is not None:
            withheld = _old(desk, item, due) or _rejected(desk, item, moment.step.step)
    return Claim(
        item=item,
        due=due,
        open=open_,
        moment=moment,
        reached=moment is not None and desk.today >= moment.reached_on,
        past_due=due is not None and desk.today > due,
        first_run=item.first_pull and item.position is None,
        withheld=withheld,
        despite_limitation=override.despite_limitation,
        changes_on=_changes_on(desk, item, due, holds),
    )


def _tell_agency(desk: _Desk, item: Item, holds: list[Hold]) -> None:
    """Ask a person to tell the agency what reached the creditor since the handover."""
    since = item.position.delivered_on if item.position else _OLDEST
    later = [(on, amount) for on, amount in item.payments if on >= since]
    if later:
        on, amount = later[-1]
        facts: dict[str, Fact] = {
            "number": item.number, "paid_on": on, "amount": amount, "open": item.open,
        }  # fmt: skip
        _attend_item(desk, item, "agency_payment", facts, times=len(item.payments))
    if any(hold.reason is HoldReason.DISPUTE for hold in holds):
        _attend_item(desk, item, "agency_dispute", {"number": item.number})


def _without_due(desk: _Desk, item: Item) -> Withheld:
    _attend_item(desk, item, "due_date_missing", {})
    return Withheld(Reason("due_date_missing"))


def _changes_on(desk: _Desk, item: Item, due: date | None, holds: list[Hold]) -> date | None:
    """Return the first later day on which a hold ends, or on which the claim turns old."""
    if not holds and item.position is not None:
        return None
    days = [day for hold in holds for day in (hold.until, _over_on(desk, hold)) if day is not None]
    if due is not None and item.position is None:
        days.append(shifted(years_after(due, 1), 1))
    return min((day for day in days if day > desk.today), default=None)


def _state_of(desk: _Desk, item: Item, override: Override) -> Withheld | None:
    """Return what the item itself, the books or the policy's exceptions say against acting."""
    if item.handed_over:
        return Withheld(Reason("handed_over"))
    if item.unreadable:
        return Withheld(Reason("row_held"))
    if override.skip:
        return Withheld(Reason("skipped", {"reason": override.reason}))
    if item.open.amount <= desk.policy.guards.small_difference:
        return Withheld(Reason("small_difference", {"open": item.open}))
    return _said_by_books(item)


def _flying(desk: _Desk, item: Item) -> Withheld | None:
    action = desk.in_flight.get(item.id)
    return None if action is None else Withheld(Reason("in_flight", {"action": action}))


def _said_by_books(item: Item) -> Withheld | None:
    if not (item.direct_debit or item.factored or item.disputed or item.blocked):
        return None
    flags = (
        ("direct_debit", item.direct_debit),
        ("factored", item.factored),
        ("disputed_in_books", item.disputed),
        ("blocked_in_books", item.blocked),
    )
    return Withheld(Reason(next(code for code, is_set in flags if is_set)))


def _held(desk: _Desk, item: Item, holds: list[Hold], open_: Money) -> Withheld | None:
    """Return the hold that keeps the whole item, the one that lasts longest first.

    Holds on parts keep the whole item when they leave no more than a small difference.
    """
    found = None
    nothing_left = open_.amount <= desk.policy.guards.small_difference
    for hold in sorted(holds, key=lambda h: (h.until, h.id), reverse=True):
        over_on = _over_on(desk, hold)
        if over_on is not None and desk.today >= over_on:
            continue
        if over_on is None and desk.today >= hold.until:
            _attend_hold(desk, item, hold)
        if found is None and (hold.amount is None or nothing_left):
            facts: dict[str, Fact] = {
                "reason": hold.reason.value, "until": hold.until, "hold": hold.id
            }  # fmt: skip
            upcoming = hold.until if hold.until > desk.today else None
            found = Withheld(Reason("held", facts), over_on or upcoming)
    return found


def _over_on(desk: _Desk, hold: Hold) -> date | None:
    """Return the first day on which the hold is over by itself, None when a person must say so."""
    if hold.reason is HoldReason.PROMISE:
        return shifted(desk.calendar.add(hold.until, desk.policy.guards.promise.grace), 1)
    if hold.reason.ends_by_itself:
        return hold.until
    if hold.reason is HoldReason.DISPUTE and hold.answered_on is not None:
        return max(hold.until, desk.calendar.add(hold.answered_on, DISPUTE_ANSWER))
    return None


def _attend_hold(desk: _Desk, item: Item, hold: Hold) -> None:
    facts: dict[str, Fact] = {"reason": hold.reason.value, "until": hold.until, "hold": hold.id}
    attention = Attention(
        code="hold_ended",
        subject=f"hold:{hold.id}",
        party=item.party,
        number=item.number,
        facts=facts,
    )
    if attention.subject not in {known.subject for known in desk.attention}:
        _attend(desk, attention)


def _without_disputed_part(desk: _Desk, item: Item, holds: list[Hold]) -> Money:
    open_ = item.open
    for hold in holds:
        over_on = _over_on(desk, hold)
        is_over = over_on is not None and desk.today >= over_on
        if hold.item is not None and hold.amount is not None and not is_over:
            open_ = open_ - hold.amount
    return max(open_, Money.zero(open_.currency))


def _next_moment(
    desk: _Desk, item: Item, due: date, rungs: Rungs | None
) -> tuple[Moment | None, Withheld | None]:
    """Return the next step's moment, or why there is none."""
    if rungs is None or (item.position is not None and item.position.step not in rungs.index):
        track, step = (
            ("", "") if item.position is None else (item.position.track, item.position.step)
        )
        _attend_item(desk, item, "policy_changed", {"track": track, "step": step})
        return None, Withheld(Reason("policy_changed", {"track": track, "step": step}))
    rung = rungs.next_rung(item, due, desk.today)
    if rung < len(rungs.steps):
        return rungs.moment(item, due, rung), None
    facts: dict[str, Fact] = {"step": rungs.steps[-1].step}
    _attend_item(desk, item, "exhausted", facts)
    return None, Withheld(Reason("exhausted", facts))


def _old(desk: _Desk, item: Item, due: date) -> Withheld | None:
    """Return the wait for a person that a claim of more than a year old begins with."""
    is_old = item.position is None and desk.today > years_after(due, 1)
    if not is_old or ("old_item", item.id, item.cycle) in desk.seen:
        return None
    _attend_item(desk, item, "old_item", {"due": due})
    return Withheld(Reason("old_item", {"due": due}))


def _rejected(desk: _Desk, item: Item, step: str) -> Withheld | None:
    action = desk.rejected.get((item.id, item.cycle, step))
    if action is None:
        return None
    _attend_item(desk, item, "rejected", {"action": action, "step": step})
    return Withheld(Reason("rejected", {"action": action, "step": step}))


def _attend_item(
    desk: _Desk, item: Item, code: str, facts: Mapping[str, Fact], *, times: int | None = None
) -> None:
    """Report something of an item, once in a cycle; or anew each time that it happened again."""
    _attend(
        desk,
        Attention(
            code=code,
            subject=item.id,
            party=item.party,
            number=item.number,
            cycle=item.cycle if times is None else times,
            facts=facts,
        ),
    )
