"""A batch goes into the mirror: what is new or changed is written, what is the same is not.

The rows that are there are read first, so that an unchanged record writes nothing and a changed
one tells what happened: paid, shrank, reopened.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from connector.port.records import Batch, ItemRecord, Kind, Ledger, PartyRecord
from connector.store import agenda
from connector.store.item_rows import item_rows
from connector.store.records import ChangeKind, ItemState
from connector.store.rows import ITEM_COLUMNS, PARTY_COLUMNS, party_values
from connector.store.running import RunningPull, Tally
from connector.store.session import Session, blocks

OWN_COLUMNS: Final = (
    "state", "unreadable", "closed_on", "cycle", "track", "step", "step_on", "deadline_on",
    "last_demand_on", "last_payment_on", "first_pull", "handed_over", "due_set",
    "first_seen_at", "changed_at",
)  # fmt: skip
CHANGE_COLUMNS: Final = (
    "administration", "item", "at", "kind", "currency", "before_minor", "after_minor", "cycle",
    "by", "reason",
)  # fmt: skip
_SETTLED: Final = frozenset({ItemState.PAID, ItemState.CREDITED, ItemState.WRITTEN_OFF})
_PRESENT: Final = (
    "SELECT id, record_hash, currency, open_minor, party, ledger, document, due, state, "
    "unreadable, closed_on, cycle, track, step, step_on, deadline_on, last_demand_on, "
    "last_payment_on, first_pull, handed_over, due_set, first_seen_at, changed_at "
    "FROM item WHERE administration = {mark} AND id {keys}"
)
_PULLED: Final = (
    "SELECT 1 FROM administration WHERE administration = {mark} AND first_pull_on IS NOT NULL"
)
_FRESH: Final = (*ITEM_COLUMNS, "first_pull", "state", "closed_on", "first_seen_at", "changed_at")
_KNOWN: Final = (
    "SELECT id, record_hash, unreadable, state FROM item "
    "WHERE administration = {mark} AND id {keys}"
)
_SAFE: Final = re.compile(r"[A-Za-z0-9_.:\[\]-]{0,40}")  # means itself between quotes
_IS_OPEN, _RECEIVABLE = ItemState.OPEN.value, Ledger.RECEIVABLE.value
_PAYABLE: Final = Ledger.PAYABLE.value
_CURRENCY, _OPEN = ITEM_COLUMNS.index("currency"), ITEM_COLUMNS.index("open_minor")
_PARTY, _LEDGER = ITEM_COLUMNS.index("party"), ITEM_COLUMNS.index("ledger")
_DUE, _PAID_ON = ITEM_COLUMNS.index("due"), ITEM_COLUMNS.index("paid_on")
_END = ITEM_COLUMNS.index("ended")
_KVK, _VAT = PARTY_COLUMNS.index("kvk"), PARTY_COLUMNS.index("vat_id")


@dataclass(slots=True)
class _Effects:
    """What a batch brings about, gathered before anything is written."""

    today: str
    now: str
    is_first_pull: bool
    fresh: list[tuple[Any, ...]] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    changes: list[tuple[Any, ...]] = field(default_factory=list)
    debtors: set[str] = field(default_factory=set)
    suppliers: set[str] = field(default_factory=set)
    late: list[tuple[int, str, str]] = field(default_factory=list)

    def touch(self, ledger: str, party: str) -> None:
        (self.debtors if ledger == _RECEIVABLE else self.suppliers).add(party)


def apply_batch(session: Session, pull: RunningPull, batch: Batch) -> None:
    """Write what the batch changes, and put the debtors it concerns on the agenda."""
    effects = _Effects(
        today=session.today().isoformat(),
        now=session.now(),
        is_first_pull=not any(session.read(_PULLED, session.administration)),
    )
    _apply_parties(session, pull.tallies[Kind.PARTIES], batch.parties, effects.now)
    keys = _apply_items(session, pull, batch.items, effects)
    _remove(session, pull, batch.removed, effects)
    _hold(session, batch.held, effects)
    if pull.had_open:
        pull.seen.update(keys, batch.held)
    _count_rejected(pull, batch)
    _insert(session, effects.fresh)
    session.upsert("item", effects.rows, ITEM_COLUMNS + OWN_COLUMNS)
    record_changes(session, effects.changes)
    session.write(
        "UPDATE party SET late_days = late_days + {mark}, late_count = late_count + 1 "
        "WHERE administration = {mark} AND ref = {mark}",
        effects.late,
    )
    agenda.touch(session, sorted(effects.debtors))
    agenda.touch_creditors(session, effects.suppliers)


def _insert(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert new items; what is the same in a whole block is not sent value by value."""
    names = ", ".join((*_FRESH, "unreadable", "cycle", "handed_over"))
    for block in blocks(rows):
        marks, sent = [], []
        for values in zip(*block, strict=True):
            literal = _literal(values[0])
            if literal is not None and values.count(values[0]) == len(values):
                marks.append(literal)
            else:
                marks.append("{mark}")
                sent.append(values)
        text = f"INSERT INTO item ({names}) VALUES ({', '.join(marks)}, FALSE, 1, FALSE)"  # noqa: S608  # our own names
        session.write(text, list(zip(*sent, strict=True)))


def _literal(value: object) -> str | None:
    """Return the value as it may stand in a statement, None when it must be sent."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case int():
            return str(value)
        case str() if _SAFE.fullmatch(value):
            return f"'{value}'"
        case _:
            return None


def record_changes(session: Session, changes: Sequence[tuple[Any, ...]]) -> None:
    """Add lines to the history of items; values in the order of CHANGE_COLUMNS."""
    columns = ", ".join(f'"{column}"' for column in CHANGE_COLUMNS)
    marks = ", ".join(["{mark}"] * len(CHANGE_COLUMNS))
    session.write(f"INSERT INTO item_change ({columns}) VALUES ({marks})", changes)  # noqa: S608


def _apply_parties(
    session: Session, tally: Tally, parties: Sequence[PartyRecord], now: str
) -> None:
    if not parties:
        return
    values = {party.ref: party_values(party, session.administration) for party in parties}
    present = {
        ref: (record, *numbers)
        for ref, record, *numbers in session.select_in(
            "SELECT ref, record_hash, kvk, vat_id FROM party "
            "WHERE administration = {mark} AND ref {keys}",
            list(values),
            session.administration,
        )
    }
    rows = [row for ref, row in values.items() if present.get(ref, (None,))[0] != row[-1]]
    other_firm = [
        row[1]
        for row in rows
        if row[1] in present and present[row[1]][1:] != (row[_KVK], row[_VAT])
    ]
    agenda.touch_creditors(session, other_firm)  # the same firm by the numbers until now
    session.upsert(
        "party",
        [(*row, 0, 0, now) for row in rows if row[1] not in present],
        (*PARTY_COLUMNS, "late_days", "late_count", "changed_at"),
    )
    session.write(_PARTY_UPDATE, [(*row[2:], now, *row[:2]) for row in rows if row[1] in present])
    changed = sum(row[1] in present for row in rows)
    tally.new += len(rows) - changed
    tally.changed += changed
    tally.unchanged += len(values) - len(rows)
    agenda.touch_creditors(session, other_firm)
    agenda.touch_known(session, [row[1] for row in rows])


_PARTY_UPDATE: Final = (
    "UPDATE party SET "  # noqa: S608  # names are our own
    + ", ".join(f"{column} = {{mark}}" for column in (*PARTY_COLUMNS[2:], "changed_at"))
    + " WHERE administration = {mark} AND ref = {mark}"
)


def _apply_items(
    session: Session, pull: RunningPull, items: Sequence[ItemRecord], effects: _Effects
) -> Iterable[str]:
    administration = session.administration
    values = {row[1]: row for row in item_rows(items, administration)}
    known = {row[0]: row for row in session.select_in(_KNOWN, list(values), administration)}
    receivables, payables = pull.tallies[Kind.RECEIVABLES], pull.tallies[Kind.PAYABLES]
    fresh, different = [], []
    for key, row in values.items():
        old = known.get(key)
        if old is None:
            fresh.append(row)
            continue
        tally = receivables if row[_LEDGER] == _RECEIVABLE else payables
        if old[1] == row[-1] and not old[2] and (old[3] == _IS_OPEN) == (row[_OPEN] != 0):
            tally.unchanged += 1
        else:
            different.append(key)
    _add(fresh, pull, effects)
    present = {row[0]: row for row in session.select_in(_PRESENT, different, administration)}
    for key in different:
        row = values[key]
        tally = receivables if row[_LEDGER] == _RECEIVABLE else payables
        _change(row, present[key], tally, effects)
    return values


def _add(rows: Sequence[tuple[Any, ...]], pull: RunningPull, effects: _Effects) -> None:
    now, today, is_first = effects.now, effects.today, effects.is_first_pull
    for row in rows:
        due, is_receivable = row[_DUE], row[_LEDGER] == _RECEIVABLE
        if row[_OPEN] != 0:  # was it past due already when the books were first pulled?
            is_old = is_first and is_receivable and due is not None and due < today
            effects.fresh.append((*row, is_old, _IS_OPEN, None, now, now))
        else:
            effects.fresh.append((*row, False, *_state(row, effects), now, now))
    for ledger, kind, parties in (
        (_RECEIVABLE, Kind.RECEIVABLES, effects.debtors),
        (_PAYABLE, Kind.PAYABLES, effects.suppliers),
    ):
        found = [row[_PARTY] for row in rows if row[_LEDGER] == ledger]
        pull.tallies[kind].new += len(found)
        parties.update(found)


def _change(row: tuple[Any, ...], old: tuple[Any, ...], tally: Tally, effects: _Effects) -> None:
    """Write a present item anew: its cycle and position follow from how it was and is."""
    before = ItemState(old[8])
    _, _, closed_on, cycle, *position, first_pull, handed, due_set, seen_at, _ = old[8:]
    state, closing = _state(row, effects)
    kind = _kind(row, old, before, ItemState(state))
    if state == ItemState.OPEN:
        closed_on = None
    elif before not in _SETTLED:
        closed_on = closing
    if kind is ChangeKind.REOPENED:
        cycle, position, first_pull = cycle + 1, [None] * 6, False
    elif kind is ChangeKind.DECREASED and row[_OPEN] > 0:
        position = [*position[:-1], row[_PAID_ON] or effects.today]
    elif state != ItemState.OPEN and kind is not None:
        _count_late(row, old, closing, effects)
    own = (state, False, closed_on, cycle, *position, first_pull, handed, due_set, seen_at)
    effects.rows.append((*row, *own, effects.now))
    effects.touch(row[_LEDGER], row[_PARTY])
    effects.touch(old[5], old[4])
    if kind is not None:
        _note(effects, row, (kind, old[3], cycle))
    if state != ItemState.OPEN and before == ItemState.OPEN:
        tally.closed += 1
    else:
        tally.changed += 1


def _kind(
    row: tuple[Any, ...], old: tuple[Any, ...], before: ItemState, after: ItemState
) -> ChangeKind | None:
    """Return what happened to the open amount, None when nothing did."""
    if after is not ItemState.OPEN:
        return ChangeKind(after.value) if before is ItemState.OPEN else None
    if before in _SETTLED:
        return ChangeKind.REOPENED
    if before is not ItemState.OPEN:
        return ChangeKind.RETURNED
    if row[_CURRENCY] != old[2]:
        return ChangeKind.CURRENCY
    if row[_OPEN] == old[3]:
        return None
    return ChangeKind.DECREASED if row[_OPEN] < old[3] else ChangeKind.INCREASED


def _state(row: tuple[Any, ...], effects: _Effects) -> tuple[str, str | None]:
    if row[_OPEN] != 0:
        return _IS_OPEN, None
    return row[_END] or ItemState.PAID.value, row[_PAID_ON] or effects.today


def _count_late(
    row: tuple[Any, ...], old: tuple[Any, ...], closing: str | None, effects: _Effects
) -> None:
    paid = (row[_END] or ItemState.PAID) == ItemState.PAID
    if paid and old[6] == "invoice" and row[_DUE] is not None and closing is not None:
        days = (date.fromisoformat(closing) - date.fromisoformat(row[_DUE])).days
        effects.late.append((days, row[0], row[_PARTY]))


def _note(
    effects: _Effects, row: tuple[Any, ...], what: tuple[ChangeKind, int | None, int]
) -> None:
    kind, before, cycle = what
    effects.changes.append(
        (row[0], row[1], effects.now, kind.value, row[_CURRENCY], before, row[_OPEN], cycle,
         None, None)
    )  # fmt: skip


def _remove(session: Session, pull: RunningPull, keys: Sequence[str], effects: _Effects) -> None:
    present = session.select_in(
        "SELECT id, ledger, party, currency, open_minor, cycle FROM item "
        "WHERE administration = {mark} AND state <> 'deleted' AND id {keys}",
        sorted(set(keys)),
        session.administration,
    )
    close(session, [row[0] for row in present], ItemState.DELETED, effects.today)
    for key, ledger, party, currency, before, cycle in present:
        kind = Kind.RECEIVABLES if ledger == Ledger.RECEIVABLE else Kind.PAYABLES
        pull.tallies[kind].closed += 1
        effects.touch(ledger, party)
        effects.changes.append(
            (session.administration, key, effects.now, ChangeKind.DELETED.value, currency, before,
             0, cycle, None, None)
        )  # fmt: skip


def close(session: Session, keys: Sequence[str], state: ItemState, today: str) -> None:
    """End items that the source no longer shows; position and cycle stay."""
    session.write(
        "UPDATE item SET state = {mark}, closed_on = {mark}, unreadable = {mark}, "
        "changed_at = {mark} WHERE administration = {mark} AND id = {mark}",
        [(state.value, today, False, session.now(), session.administration, key) for key in keys],
    )


def _hold(session: Session, keys: Sequence[str], effects: _Effects) -> None:
    present = session.select_in(
        "SELECT id, ledger, party FROM item WHERE administration = {mark} "
        "AND NOT unreadable AND id {keys}",
        sorted(set(keys)),
        session.administration,
    )
    session.write(
        "UPDATE item SET unreadable = {mark} WHERE administration = {mark} AND id = {mark}",
        [(True, session.administration, row[0]) for row in present],
    )
    for _, ledger, party in present:
        effects.touch(ledger, party)


def _count_rejected(pull: RunningPull, batch: Batch) -> None:
    for fault in batch.rejected:
        place, _, rest = fault.where.partition(":")
        line = rest.partition(":")[0]
        name = place.rsplit("/", 1)[-1].lower()
        if name.startswith(("payable", "purchase", "receipt", "credit")):
            kind = Kind.PAYABLES
        elif name.startswith(("part", "contact", "relat", "account")):
            kind = Kind.PARTIES
        else:
            kind = Kind.RECEIVABLES
        pull.tallies[kind].rejected.add(f"{place}:{line}")
        pull.refused = pull.refused or line == "0"
