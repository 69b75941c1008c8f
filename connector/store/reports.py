"""What the reports read: demands that arrived, payments on account, invoices with their changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from connector.core.insight.vat_books import BookedInvoice, Movement
from connector.port.money import Money
from connector.port.records import ItemId, Ledger, PartyRef
from connector.store.dealings import Days
from connector.store.records import ItemState
from connector.store.rows import money_of
from connector.store.session import Session, instant_of

_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_GONE: Final = (ItemState.DELETED, ItemState.NOT_REPORTED)
_DEMANDS: Final = (
    "SELECT ai.item, MIN(d.received_on) FROM action_item ai "
    "JOIN action a ON a.administration = ai.administration AND a.id = ai.action "
    "JOIN delivery d ON d.administration = a.administration AND d.action = a.id "
    "WHERE ai.administration = {mark} AND a.status = 'delivered' AND a.message "
    "AND d.status = 'delivered' AND d.received_on IS NOT NULL "
    "GROUP BY ai.item, a.id"
)
_PAYMENTS: Final = (
    "SELECT c.item, c.at, i.last_payment_on FROM item_change c "
    "JOIN item i ON i.administration = c.administration AND i.id = c.item "
    "WHERE c.administration = {mark} AND c.kind = 'decreased' AND c.after_minor > 0 "
    "AND i.ledger = 'receivable' AND i.state = 'open' ORDER BY c.id"
)
_CHANGES: Final = (
    "SELECT c.item, c.kind, c.at, c.before_minor, c.after_minor, c.currency FROM item_change c "
    "JOIN item i ON i.administration = c.administration AND i.id = c.item "
    "WHERE c.administration = {mark} AND i.document = 'invoice' "
    "AND COALESCE(i.due_set, i.due) < {mark} "
    "AND c.kind IN ('decreased', 'increased', 'paid', 'credited', 'written_off', 'reopened', "
    "'returned') ORDER BY c.id"
)
_INVOICES: Final = (
    "SELECT i.id, i.ledger, i.number, i.party, COALESCE(f.value, p.name, i.party), "
    "COALESCE(i.due_set, i.due), i.currency, i.open_minor, i.total_minor, i.vat_minor, i.state, "
    "i.closed_on, i.last_payment_on FROM item i "
    "LEFT JOIN party p ON p.administration = i.administration AND p.ref = i.party "
    "LEFT JOIN party_correction f ON f.administration = i.administration AND f.party = i.party "
    "AND f.field = 'name' "
    "WHERE i.administration = {mark} AND i.document = 'invoice' "
    "AND COALESCE(i.due_set, i.due) < {mark} ORDER BY i.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    kind: str
    shown_on: date
    amount: Money


class Reports:
    """What the reports of one administration read, within one unit."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def demands(self) -> Mapping[ItemId, tuple[date, ...]]:
        """Return per item the days on which our messages about it arrived, ascending.

        Of a message that went by several channels the first arrival counts.
        """
        days, found = Days(), dict[ItemId, list[date]]()
        for item, received in self._session.read(_DEMANDS, self._session.administration):
            day = days[received]
            if day is not None:
                found.setdefault(ItemId(item), []).append(day)
        return {item: tuple(sorted(own)) for item, own in found.items()}

    def payments(self) -> Mapping[ItemId, tuple[date, ...]]:
        """Return per open receivable the days on which a part of it came in, ascending.

        The books date the last payment only; earlier ones count from the pull that showed them.
        """
        days, found = Days(), dict[ItemId, list[date]]()
        for item, at, told in self._session.read(_PAYMENTS, self._session.administration):
            found.setdefault(ItemId(item), []).append(min(_local(at), days[told] or date.max))
        return {item: tuple(sorted(own)) for item, own in found.items()}

    def invoices(self, due_before: date) -> list[BookedInvoice]:
        """Return the invoices of both sides that were due before the day, with their changes."""
        changes = self._changes(due_before)
        days = Days()
        found = []
        values = self._session.administration, due_before.isoformat()
        for (
            item, ledger, number, party, name, due, currency, open_minor, total, vat, state,
            closed, last_payment,
        ) in self._session.read(_INVOICES, *values):  # fmt: skip
            due_on, closed_on = days[due], days[closed]
            assert due_on is not None
            own = [c for c in changes.get(item, ()) if c.amount.currency == currency]
            told = closed_on if state != ItemState.OPEN else days[last_payment]
            found.append(
                BookedInvoice(
                    id=ItemId(item),
                    ledger=Ledger(ledger),
                    number=number,
                    party=PartyRef(party),
                    party_name=name,
                    due=due_on,
                    open=Money.from_minor(open_minor, currency),
                    total=money_of(total, currency),
                    vat=money_of(vat, currency),
                    movements=_movements(own, told),
                    gone_on=closed_on if state in _GONE else None,
                )
            )
        return found

    def _changes(self, due_before: date) -> dict[str, list[_Change]]:
        found: dict[str, list[_Change]] = {}
        for item, kind, at, before, after, currency in self._session.read(
            _CHANGES, self._session.administration, due_before.isoformat()
        ):
            amount = Money.from_minor((before or 0) - (after or 0), currency)
            found.setdefault(item, []).append(
                _Change(kind=kind, shown_on=_local(at), amount=amount)
            )
        return found


def _local(at: str) -> date:
    instant = instant_of(at)
    assert instant is not None
    return instant.astimezone(_ZONE).date()


def _movements(changes: list[_Change], told: date | None) -> tuple[Movement, ...]:
    """Return the changes by the day that the books tell of the last one, else that showed them."""
    found: list[Movement] = []
    for change in changes:
        floor = found[-1].on if found else date.min
        on = change.shown_on
        if told is not None and change is changes[-1]:
            on = max(min(on, told), floor)
        found.append(
            Movement(
                on=on,
                amount=change.amount,
                is_write_off=change.kind == ItemState.WRITTEN_OFF,
            )
        )
    return tuple(found)
