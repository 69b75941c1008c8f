"""Holding: a person pauses an item or a debtor, answers a dispute, ends a pause."""

from collections.abc import Sequence
from datetime import date

from connector.core.days import YEARS_AHEAD, Calendar, shifted, years_after
from connector.core.snapshot import Hold, HoldReason
from connector.flow.look import HoldView, hold_view
from connector.flow.office import Administration
from connector.flow.propose import propose_in
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.port.records import Ledger, PartyRef
from connector.store import HoldRow, ItemQuery, ItemRow, ItemState, Unit

KEPT = "kept"
BROKEN = "broken"


def add_hold(desk: Administration, hold: Hold, *, note: str | None = None, by: str) -> HoldView:
    """Put a hold on an item or on a whole debtor.

    Raises:
        RequestError: The date lies not in the future or too far in it, the item is not open, the
            amount is more than what is open, or too many promises in a row were broken
            (`promise_limit`).
    """
    today, guards = desk.office.today, desk.policy.guards
    if hold.until <= today:
        raise RequestError("hold_in_past", until=hold.until, today=today)
    latest = years_after(today, YEARS_AHEAD)
    if hold.until > latest:
        raise RequestError(
            "date_too_far", found=hold.until, earliest=shifted(today, 1), latest=latest
        )
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        party = hold.party
        if hold.item is not None:
            item = unit.books.item(hold.item)
            if item is None:
                raise RequestError("item_unknown", item=hold.item)
            _fits(hold, item)
            party = item.party
        if hold.reason is HoldReason.PROMISE and party is not None:
            broken = _settle_promises(desk, unit, party, by)
            if broken >= guards.promise.at_most:
                raise RequestError("promise_limit", broken=broken, most=guards.promise.at_most)
        row = unit.holds.add(hold, by=by, note=note)
        facts = {"reason": hold.reason.value, "until": hold.until.isoformat(),
                 "amount": str(hold.amount) if hold.amount else None}  # fmt: skip
        unit.journal.add("hold_added", row.id, facts, by)
        if party is not None:
            unit.books.touch([party])
            propose_in(desk, unit, today, parties=[party])
    return hold_view(desk, row)


def lift_hold(desk: Administration, row: HoldRow, *, outcome: str | None, by: str) -> HoldView:
    """End a hold; the next plan looks at what it held.

    Raises:
        RequestError: It is over already (`hold_over`).
    """
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        lifted = unit.holds.lift(row.id, by=by, outcome=outcome)
        unit.journal.add("hold_lifted", row.id, {"outcome": outcome}, by)
    return hold_view(desk, lifted)


def answer_hold(
    desk: Administration, row: HoldRow, *, on: date, note: str | None, by: str
) -> HoldView:
    """Log that a dispute was answered; it holds for a fortnight from then on.

    Raises:
        RequestError: It is no dispute, is over, or the day lies in the future.
    """
    if row.hold.reason is not HoldReason.DISPUTE:
        raise RequestError("hold_no_dispute", hold=row.id)
    if on > desk.office.today:
        raise RequestError("answer_in_future", on=on, today=desk.office.today)
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        answered = unit.holds.answer(row.id, on=on, by=by, note=note)
        unit.journal.add("hold_answered", row.id, {"on": on.isoformat()}, by)
    return hold_view(desk, answered)


def _fits(hold: Hold, item: ItemRow) -> None:
    if item.ledger is not Ledger.RECEIVABLE:
        raise RequestError("item_not_receivable", number=item.number)
    if item.state is not ItemState.OPEN:
        raise RequestError("hold_item_closed", number=item.number)
    amount = hold.amount
    if amount is not None and not Money.zero(amount.currency) < amount <= item.open:
        raise RequestError(
            "hold_amount_too_large", number=item.number, open=item.open, amount=amount
        )


def _settle_promises(desk: Administration, unit: Unit, party: PartyRef, by: str) -> int:
    """Write down how the debtor's promises that are over ended; return how many broke in a row."""
    everything = ItemQuery(debtor=party, states=tuple(ItemState))
    items = [item for item in unit.books.items(everything) if item.party == party]
    own = {item.id for item in items}
    promises = [
        row
        for row in unit.holds.list(lifted=True)
        if row.hold.reason is HoldReason.PROMISE
        and (row.hold.party == party or row.hold.item in own)
    ]
    broken = 0
    for row in sorted(promises, key=lambda one: (one.hold.until, one.created_at, one.id)):
        outcome = row.outcome
        if row.lifted_at is None and _is_over(desk, row):
            outcome = KEPT if _is_kept(row, items) else BROKEN
            unit.holds.lift(row.id, by=by, outcome=outcome)
            unit.journal.add("hold_lifted", row.id, {"outcome": outcome}, by)
        broken = {BROKEN: broken + 1, KEPT: 0}.get(outcome or "", broken)
    return broken


def _is_over(desk: Administration, row: HoldRow) -> bool:
    guards = desk.policy.guards
    calendar = Calendar.of(guards.business_days, guards.quiet)
    return desk.office.today > calendar.add(row.hold.until, guards.promise.grace)


def _is_kept(row: HoldRow, items: Sequence[ItemRow]) -> bool:
    """Whether what was promised is no longer open: the item, or all that was due by then."""
    if row.hold.item is not None:
        return not any(item.id == row.hold.item and item.state is ItemState.OPEN for item in items)
    return not any(
        item.state is ItemState.OPEN
        and item.ledger is Ledger.RECEIVABLE
        and item.due is not None
        and item.due <= row.hold.until
        for item in items
    )
