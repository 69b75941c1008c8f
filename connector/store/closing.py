"""How a pull ends: what was not shown, the control totals, the cursor, the state of the books."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from connector.port.errors import StoreError
from connector.port.money import Money
from connector.port.records import ControlTotal, Kind, KindEnd, Ledger, PullEnd
from connector.store import agenda
from connector.store.records import (
    BooksState,
    ChangeKind,
    ItemState,
    TotalsCheck,
    Waiting,
)
from connector.store.rows import mapping_of, text_of
from connector.store.running import RunningPull
from connector.store.session import Session, insert_new, instant_of, instant_text
from connector.store.sync import close, record_changes
from connector.store.tables import table

_STATE, _ITEM, _RUN = table("administration"), table("item"), table("pull_run")
_LEDGERS: Final = {Kind.RECEIVABLES: Ledger.RECEIVABLE, Kind.PAYABLES: Ledger.PAYABLE}


def end_kind(
    session: Session, pull: RunningPull, end: KindEnd, *, accept_closures: bool
) -> Waiting | None:
    """Close what a complete snapshot did not show, unless that is an unlikely share.

    Returns:
        What waits for a person, None when nothing does.
    """
    pull.ends[end.kind] = end
    ledger = _LEDGERS.get(end.kind)
    if ledger is None or not (end.delivered and end.complete and end.snapshot and end.closes):
        return None
    missing, waiting = _missing(session, pull, end, ledger)
    if waiting is not None and not accept_closures:
        pull.waiting[end.kind] = waiting
        return waiting
    _not_reported(session, ledger, missing)
    pull.tallies[end.kind].closed += len(missing)
    return None


def _not_reported(session: Session, ledger: Ledger, missing: Sequence[tuple[Any, ...]]) -> None:
    today, now = session.today().isoformat(), session.now()
    close(session, [row[0] for row in missing], ItemState.NOT_REPORTED, today)
    record_changes(
        session,
        [
            (session.administration, key, now, ChangeKind.NOT_REPORTED.value, currency, before,
             before, cycle, None, None)
            for key, _, currency, before, cycle in missing
        ],
    )  # fmt: skip
    parties = {row[1] for row in missing}
    if ledger is Ledger.RECEIVABLE:
        agenda.touch(session, sorted(parties))
    else:
        agenda.touch_creditors(session, parties)


def has_open(session: Session) -> bool:
    """Whether anything is open that a pull may find gone."""
    found = session.read(
        "SELECT 1 FROM item WHERE administration = {mark} AND state = 'open' LIMIT 1",
        session.administration,
    )
    return any(found)


def finish(session: Session, pull: RunningPull, end: PullEnd, report: Mapping[str, object]) -> None:
    """Set the cursor and the state of the books, together with the data of this unit."""
    old = read_state(session)
    receivables = pull.ends.get(Kind.RECEIVABLES)
    complete = all(kind.complete for kind in pull.ends.values())
    checks = [_check(session, total) for kind in pull.ends.values() for total in kind.totals]
    waiting = {found.kind: found for found in old.waiting if not _delivered(pull, found.kind)}
    waiting |= pull.waiting
    data_from = old.data_from
    if receivables is not None and receivables.delivered and complete:
        ages = [pull.ends[kind].as_of for kind in _LEDGERS if _delivered(pull, kind)]
        data_from = min(age or session.clock.now() for age in ages)
    values: dict[str, Any] = {
        "cursor": end.cursor,
        "complete": complete,
        "has_errors": pull.refused or not complete,
        "data_from": None if data_from is None else instant_text(data_from),
        "waiting": text_of([_waiting_text(found) for found in waiting.values()]),
    }
    is_whole = any(kind.snapshot for kind in pull.ends.values())
    if checks or is_whole or old.totals_agree is not False:  # changes alone make nothing right
        values["totals"] = text_of([_check_text(check) for check in checks])
        values["totals_agree"] = all(check.agrees for check in checks) if checks else None
    if end.bank_through is not None:
        values |= {"bank_through": end.bank_through, "bank_confirmed_by": None}
    if old.first_pull_on is None and _delivered(pull, Kind.RECEIVABLES) and complete:
        values["first_pull_on"] = today = session.today()
        _mark_first_pull(session, today)
    write_state(session, **values)
    add_run(session, report, complete=complete)
    session.pulls.end(session.administration)


def abandon(session: Session, report: Mapping[str, object]) -> None:
    """Record a pull that did not reach its end; cursor and age of the books stay."""
    write_state(session, complete=False, has_errors=True)
    add_run(session, report, complete=False)
    session.pulls.end(session.administration)


def read_state(session: Session) -> BooksState:
    """Return how far the books are known."""
    row = (
        session.connection.execute(
            sa.select(_STATE).where(_STATE.c.administration == session.administration)
        )
        .mappings()
        .first()
    )
    if row is None:
        return BooksState()
    return BooksState(
        data_from=instant_of(row["data_from"]),
        complete=row["complete"],
        bank_through=row["bank_through"],
        bank_confirmed_by=row["bank_confirmed_by"],
        cursor=row["cursor"],
        totals=tuple(_check_of(found) for found in _list(row["totals"])),
        totals_agree=row["totals_agree"],
        has_errors=row["has_errors"],
        waiting=tuple(_waiting_of(found) for found in _list(row["waiting"])),
        first_pull_on=row["first_pull_on"],
        policy_digest=row["policy_digest"],
        evaluated_on=row["evaluated_on"],
        rehearsal=row["rehearsal"],
        source=row["source"],
    )


def write_state(session: Session, **values: object) -> None:
    """Set columns of the administration's row, which is made when it is not there."""
    insert_new(
        session.connection,
        "administration",
        {"administration": session.administration, "complete": False, "has_errors": False},
    )
    session.connection.execute(
        sa.update(_STATE).where(_STATE.c.administration == session.administration).values(**values)
    )


def add_run(session: Session, report: Mapping[str, object], *, complete: bool) -> None:
    """Keep the report of a pull."""
    newest = session.connection.execute(
        sa.select(sa.func.max(_RUN.c.number)).where(_RUN.c.administration == session.administration)
    ).scalar_one()
    session.connection.execute(
        _RUN.insert().values(
            administration=session.administration,
            number=(newest or 0) + 1,
            at=session.now(),
            complete=complete,
            report=text_of(report),
        )
    )


def last_report(session: Session) -> Mapping[str, object] | None:
    """Return the report of the newest pull."""
    found = session.connection.execute(
        sa.select(_RUN.c.report)
        .where(_RUN.c.administration == session.administration)
        .order_by(_RUN.c.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if found is None else mapping_of(found)


def _missing(
    session: Session, pull: RunningPull, end: KindEnd, ledger: Ledger
) -> tuple[list[tuple[Any, ...]], Waiting | None]:
    seen = pull.seen
    if not pull.had_open:
        return [], None
    shown = session.read(
        "SELECT id FROM item WHERE administration = {mark} AND ledger = {mark} AND state = 'open'",
        session.administration,
        ledger.value,
    )
    if all(key in seen for (key,) in shown):
        return [], None  # nearly always; what is open need not be added up then
    missing: list[tuple[Any, ...]] = []
    count = 0
    gone: dict[str, int] = {}
    there: dict[str, int] = {}
    rows = session.read(
        "SELECT id, party, currency, open_minor, cycle FROM item WHERE administration = {mark} "
        "AND ledger = {mark} AND state = 'open'",
        session.administration,
        ledger.value,
    )
    for key, party, currency, open_minor, cycle in rows:
        count += 1
        size = abs(open_minor)
        there[currency] = there.get(currency, 0) + size
        if key not in seen:
            missing.append((key, party, currency, open_minor, cycle))
            gone[currency] = gone.get(currency, 0) + size
    shares = [100 * len(missing) / Decimal(count)] if count else []
    shares += [100 * size / Decimal(there[currency]) for currency, size in gone.items() if size]
    share = max(shares, default=Decimal(0))
    if share <= end.max_drop_percent:
        return missing, None
    return missing, Waiting(
        kind=end.kind,
        count=len(missing),
        of=count,
        amounts=_amounts(gone),
        of_amounts=_amounts(there),
        percent=int(share),
        max_percent=end.max_drop_percent,
    )


def _mark_first_pull(session: Session, today: date) -> None:
    session.connection.execute(
        sa.update(_ITEM)
        .where(
            _ITEM.c.administration == session.administration,
            _ITEM.c.ledger == Ledger.RECEIVABLE.value,
            _ITEM.c.state == ItemState.OPEN.value,
            _ITEM.c.due < today,
            sa.not_(_ITEM.c.first_pull),  # those of a pull before it that was not complete
        )
        .values(first_pull=True)
    )


def _delivered(pull: RunningPull, kind: Kind) -> bool:
    end = pull.ends.get(kind)
    return end is not None and end.delivered


def _check(session: Session, total: ControlTotal) -> TotalsCheck:
    count, ours = session.connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_ITEM.c.open_minor), 0)).where(
            _ITEM.c.administration == session.administration,
            _ITEM.c.ledger == total.ledger.value,
            _ITEM.c.state == ItemState.OPEN.value,
            _ITEM.c.currency == total.amount.currency,
        )
    ).one()
    return TotalsCheck(
        ledger=total.ledger,
        ours=Money.from_minor(int(ours), total.amount.currency),
        theirs=total.amount,
        our_count=count,
        their_count=total.count,
    )


def _amounts(sums: Mapping[str, int]) -> tuple[Money, ...]:
    return tuple(Money.from_minor(size, currency) for currency, size in sorted(sums.items()))


def _check_text(check: TotalsCheck) -> dict[str, object]:
    return {
        "ledger": check.ledger, "ours": check.ours, "theirs": check.theirs,
        "our_count": check.our_count, "their_count": check.their_count,
    }  # fmt: skip


def _check_of(found: Mapping[str, Any]) -> TotalsCheck:
    return TotalsCheck(
        ledger=Ledger(found["ledger"]),
        ours=_money(found["ours"]),
        theirs=_money(found["theirs"]),
        our_count=found["our_count"],
        their_count=found["their_count"],
    )


def _waiting_text(found: Waiting) -> dict[str, object]:
    return {
        "kind": found.kind, "count": found.count, "of": found.of,
        "amounts": found.amounts, "of_amounts": found.of_amounts,
        "percent": found.percent, "max_percent": found.max_percent,
    }  # fmt: skip


def _waiting_of(found: Mapping[str, Any]) -> Waiting:
    return Waiting(
        kind=Kind(found["kind"]),
        count=found["count"],
        of=found["of"],
        amounts=tuple(_money(amount) for amount in found["amounts"]),
        of_amounts=tuple(_money(amount) for amount in found["of_amounts"]),
        percent=found["percent"],
        max_percent=found["max_percent"],
    )


def _money(found: Mapping[str, str]) -> Money:
    return Money(Decimal(found["amount"]), found["currency"])


def _list(text: str | None) -> list[Mapping[str, Any]]:
    if text is None:
        return []
    found = json.loads(text)
    if not isinstance(found, list):
        raise StoreError("record_damaged", field="json")
    return found
