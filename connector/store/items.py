"""Items for lists and screens, their history, and a person's correction of where they stand."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from connector.core.snapshot import Position
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.port.records import Document, ItemId, Ledger, PartyRef
from connector.store import agenda
from connector.store.records import ChangeKind, ItemChange, ItemQuery, ItemRow, ItemState
from connector.store.rows import mapping_of, money_of, words_of
from connector.store.session import Session, instant_of
from connector.store.sync import record_changes
from connector.store.tables import table

_ITEM, _PARTY, _FIX = table("item"), table("party"), table("party_correction")
_CHANGE = table("item_change")


def find(session: Session, query: ItemQuery) -> list[ItemRow]:
    """Return the items that the query asks for, by due date (none last), number and id."""
    wanted = _selected(session)
    states = query.states if query.states is not None else (ItemState.OPEN,)
    wanted = wanted.where(_ITEM.c.state.in_([state.value for state in states]))
    due = sa.func.coalesce(_ITEM.c.due_set, _ITEM.c.due)
    if query.ledger is not None:
        wanted = wanted.where(_ITEM.c.ledger == query.ledger.value)
    if query.overdue_on is not None:
        wanted = wanted.where(due < query.overdue_on)
    if query.number is not None:
        wanted = wanted.where(_ITEM.c.number == query.number)
    rows = [_row(found) for found in session.connection.execute(wanted).mappings()]
    if query.debtor is not None:
        text = query.debtor.casefold()
        rows = [
            row
            for row in rows
            if row.party == query.debtor
            or (row.party_name != row.party and text in row.party_name.casefold())
        ]
    return sorted(rows, key=lambda row: (row.due or date.max, row.number, row.id))


def get(session: Session, item: ItemId) -> ItemRow | None:
    """Return the item, None when there is none with this key."""
    found = session.connection.execute(_selected(session).where(_ITEM.c.id == item))
    row = found.mappings().first()
    return None if row is None else _row(row)


def ended_at_agency(session: Session) -> list[ItemRow]:
    """Return the items that were handed over and that the source named ended."""
    ends = [ItemState.PAID, ItemState.CREDITED, ItemState.WRITTEN_OFF, ItemState.DELETED]
    wanted = _selected(session).where(_ITEM.c.handed_over, _ITEM.c.state.in_(ends))
    rows = [_row(found) for found in session.connection.execute(wanted).mappings()]
    return sorted(rows, key=lambda row: row.id)


def history(session: Session, item: ItemId) -> list[ItemChange]:
    """Return what happened to the item, oldest first; the first line is its first pull."""
    found = session.connection.execute(
        sa.select(_CHANGE)
        .where(_CHANGE.c.administration == session.administration, _CHANGE.c.item == item)
        .order_by(_CHANGE.c.id)
    )
    changes = [_change(row) for row in found.mappings()]
    row = get(session, item)
    if row is None:
        return changes
    opened = next((change.before for change in changes if change.before), row.open)
    first = ItemChange(
        at=row.first_seen_at, kind=ChangeKind.NEW, before=None, after=opened, cycle=1
    )
    return [first, *changes]


def place(
    session: Session,
    item: ItemId,
    *,
    position: Position | None,
    due: date | None,
    reason: str,
    by: str,
) -> None:
    """Put the item on a position, or correct its due date; None leaves either as it is.

    Another step than the one it stands on starts a new cycle, so that what was delivered in the
    old one does not keep its steps from being taken again.
    """
    row = get(session, item)
    if row is None:
        raise RequestError("item_unknown", item=item)
    values: dict[str, Any] = {"changed_at": session.now()}
    cycle = row.cycle
    if position is not None:
        cycle += not _stands_on(row, position)
        values |= {
            "cycle": cycle,
            "track": position.track,
            "step": position.step,
            "step_on": position.delivered_on,
            "deadline_on": position.deadline,
        }
    if due is not None:
        values["due_set"] = due
    session.connection.execute(
        sa.update(_ITEM)
        .where(_ITEM.c.administration == session.administration, _ITEM.c.id == item)
        .values(**values)
    )
    minor = row.open.minor()
    what = (ChangeKind.PLACED.value, row.open.currency, minor, minor, cycle)
    record_changes(session, [(session.administration, item, session.now(), *what, by, reason)])
    agenda.touch_known(session, [row.party])


def _stands_on(row: ItemRow, position: Position) -> bool:
    known = row.position
    return known is not None and (known.track, known.step) == (position.track, position.step)


def restart(session: Session, number: str, due: date, *, by: str) -> bool:
    """Begin a new cycle for the open receivables of this number, once for this due date.

    Returns:
        Whether anything began anew.
    """
    found = [
        row
        for row in find(session, ItemQuery(ledger=Ledger.RECEIVABLE, number=number))
        if row.number == number and not _is_restarted(session, row.id, due)
    ]
    for row in found:
        session.connection.execute(
            sa.update(_ITEM)
            .where(_ITEM.c.administration == session.administration, _ITEM.c.id == row.id)
            .values(
                cycle=row.cycle + 1,
                track=None,
                step=None,
                step_on=None,
                deadline_on=None,
                last_demand_on=None,
                first_pull=False,
                changed_at=session.now(),
            )
        )
        minor = row.open.minor()
        what = (ChangeKind.RESTARTED.value, row.open.currency, minor, minor, row.cycle + 1)
        line = (session.administration, row.id, session.now(), *what, by, due.isoformat())
        record_changes(session, [line])
        agenda.touch_known(session, [row.party])
    return bool(found)


def _is_restarted(session: Session, item: ItemId, due: date) -> bool:
    return any(
        change.kind is ChangeKind.RESTARTED and change.reason == due.isoformat()
        for change in history(session, item)
    )


def _selected(session: Session) -> sa.Select[Any]:
    fixed = _FIX.alias("fixed")
    name = sa.func.coalesce(fixed.c.value, _PARTY.c.name, _ITEM.c.party).label("party_name")
    joined = _ITEM.outerjoin(
        _PARTY,
        sa.and_(_PARTY.c.administration == _ITEM.c.administration, _PARTY.c.ref == _ITEM.c.party),
    ).outerjoin(
        fixed,
        sa.and_(
            fixed.c.administration == _ITEM.c.administration,
            fixed.c.party == _ITEM.c.party,
            fixed.c.field == "name",
        ),
    )
    return (
        sa.select(_ITEM, name)
        .select_from(joined)
        .where(_ITEM.c.administration == session.administration)
    )


def _row(found: sa.RowMapping) -> ItemRow:
    currency = found["currency"]
    first_seen, changed = instant_of(found["first_seen_at"]), instant_of(found["changed_at"])
    assert first_seen is not None
    assert changed is not None
    plain = {name: found[name] for name in _PLAIN}
    return ItemRow(
        **plain,
        id=ItemId(found["id"]),
        ledger=Ledger(found["ledger"]),
        party=PartyRef(found["party"]),
        document=Document(found["document"]),
        due=found["due_set"] or found["due"],
        due_in_books=found["due"],
        open=Money.from_minor(found["open_minor"], currency),
        total=money_of(found["total_minor"], currency),
        vat=money_of(found["vat_minor"], currency),
        state=ItemState(found["state"]),
        position=_position(found),
        tags=words_of(found["tags"]),
        raw=mapping_of(found["raw"]),
        first_seen_at=first_seen,
        changed_at=changed,
    )


_PLAIN = (
    "number", "term", "party_name", "issued", "unreadable", "closed_on", "cycle",
    "last_demand_on", "last_payment_on", "first_pull", "handed_over", "reference", "description",
    "names_invoice", "paid_on", "sent_on", "reminded_on", "sent_via", "contract", "basis",
    "payment_url",
    "reminders_sent", "disputed", "direct_debit", "factored", "blocked", "remindable",
)  # fmt: skip


def _position(found: sa.RowMapping) -> Position | None:
    if found["step"] is None:
        return None
    return Position(
        track=found["track"],
        step=found["step"],
        delivered_on=found["step_on"],
        deadline=found["deadline_on"],
    )


def _change(found: sa.RowMapping) -> ItemChange:
    at = instant_of(found["at"])
    assert at is not None
    return ItemChange(
        at=at,
        kind=ChangeKind(found["kind"]),
        before=money_of(found["before_minor"], found["currency"]),
        after=money_of(found["after_minor"], found["currency"]),
        cycle=found["cycle"],
        by=found["by"],
        reason=found["reason"],
    )
