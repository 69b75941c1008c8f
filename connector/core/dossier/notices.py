"""The notices behind a handover: whether each has effect in law; and until when claims last."""

from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from connector.core.actions import Action, PlannedItem
from connector.core.charges import Notice
from connector.core.dossier.account import Account, after_credits, default_of
from connector.core.dossier.facts import EventFacts
from connector.core.dossier.legal import LimitationFacts, NoticeFacts, NoticeFault
from connector.core.law.costs import collection_costs
from connector.core.law.limitation import (
    ClaimOrigin,
    Interruption,
    InterruptionKind,
    limitation,
)
from connector.core.law.notice import Dispatch, notice_term
from connector.core.policy.model import ChannelName, StepKind
from connector.port.money import Money

_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_WRITTEN: Final = {name.value: name for name in ChannelName}


def notices_of(account: Account, history: Sequence[EventFacts]) -> tuple[NoticeFacts, ...]:
    """Return the notices about the invoices of the handover, oldest first, each judged again."""
    items = {(item.id, item.cycle): item for item in account.action.items}
    found: dict[tuple[StepKind, str], list[Notice]] = {}
    for notice in account.notices:
        if (notice.item, notice.cycle) in items:
            found.setdefault((notice.kind, notice.action), []).append(notice)
    return tuple(
        _notice(account, group, [items[one.item, one.cycle] for one in group], history)
        for _, group in sorted(found.items(), key=lambda pair: (pair[1][0].delivered_on, pair[0]))
    )


def limitation_of(
    account: Account, item: PlannedItem, basis: str | None, history: Iterable[EventFacts]
) -> LimitationFacts:
    """Return until when a claim can be enforced, and what interrupted its term last.

    A demand counts on the day on which it reached the debtor (art. 3:317 and 3:37 lid 3 BW), money
    on account as an acknowledgement (art. 3:318 BW).
    """
    demands = {
        event.received_on: event.action
        for event in history
        if event.is_demand and event.received_on is not None and item.number in event.invoices
    }
    paid = [on for on, _ in account.payments.get(item.id, ())]
    known = [Interruption(kind=InterruptionKind.DEMAND, on=on) for on in demands]
    known += [Interruption(kind=InterruptionKind.PAYMENT, on=on) for on in paid]
    made = limitation(
        ClaimOrigin(due=item.due, kind=account.kind, basis=basis),
        [one for one in known if one.on <= account.on],
        account.law.terms,
    )
    last = made.interruptions[-1] if made.interruptions else None
    proven = last is not None and last.kind is InterruptionKind.DEMAND
    return LimitationFacts(
        limitation=made, action=demands[last.on] if last is not None and proven else None
    )


def _notice(
    account: Account, group: Sequence[Notice], items: Sequence[PlannedItem],
    history: Iterable[EventFacts],
) -> NoticeFacts:  # fmt: skip
    one = group[0]
    sent = account.sent.get(one.action)
    dispatches = _dispatches(one.action, history)
    faults = _term_faults(account, one, dispatches)
    costs, vat = None, None
    if one.kind is StepKind.STATUTORY_NOTICE:
        charges = sent.action.charges if sent else None
        if charges is not None and charges.announced:
            costs, vat = charges.announced - charges.announced_vat, charges.announced_vat
        faults += _content_faults(account, one, items, sent.action if sent else None)
    return NoticeFacts(
        kind=one.kind,
        action=one.action,
        numbers=tuple(item.number for item in (sent.action.items if sent else items)),
        delivered_on=one.delivered_on,
        received_on=one.received_on,
        last_day=one.last_day,
        costs=costs,
        vat=vat,
        faults=tuple(faults),
    )


def _dispatches(action: str, history: Iterable[EventFacts]) -> list[Dispatch]:
    return [
        Dispatch(via=_WRITTEN[event.channel or ""], sent=event.at.astimezone(_ZONE))
        for event in history
        if event.action == action and event.channel in _WRITTEN
    ]


def _term_faults(
    account: Account, one: Notice, dispatches: Sequence[Dispatch]
) -> list[NoticeFault]:
    """Return what is wrong with receipt and term, by the law's own rule without any margin."""
    runs = [NoticeFault.TERM_RUNS] if account.on <= one.last_day else []
    if not dispatches:
        return [NoticeFault.DISPATCH_UNKNOWN, *runs]
    law = account.law
    lawful = notice_term(dispatches, law.terms, decreed=law.extra_holidays)
    faults = []
    if one.received_on < lawful.received_on:
        faults.append(NoticeFault.RECEIVED_TOO_EARLY)
    if one.kind is StepKind.STATUTORY_NOTICE and one.last_day < lawful.last_day:
        faults.append(NoticeFault.TERM_TOO_SHORT)
    return [*faults, *runs]


def _content_faults(
    account: Account, one: Notice, items: Sequence[PlannedItem], sent: Action | None
) -> list[NoticeFault]:
    """Return what is wrong with a statutory notice beside its term: default first, costs stated."""
    faults = []
    defaults = [default_of(account, item) for item in items]
    if any(known is None or one.delivered_on < known.on for known in defaults):
        faults.append(NoticeFault.BEFORE_DEFAULT)
    charges = sent.charges if sent else None
    if sent is None or charges is None or not charges.announced:
        return [*faults, NoticeFault.NO_COSTS_STATED]
    base = sum(after_credits(sent).values(), Money.zero(sent.currency))
    allowed = collection_costs(base, account.law.scale_on(one.delivered_on)).amount
    if charges.announced - charges.announced_vat > allowed:
        faults.append(NoticeFault.COSTS_TOO_HIGH)
    return faults
