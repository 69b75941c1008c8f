"""When each debtor must be looked at again; an idle day costs one index look-up."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from connector.port.records import PartyRef
from connector.store.session import Session
from connector.store.tables import table

_AGENDA = table("agenda")
_COLUMNS = ("administration", "party", "check_on")
_NOW = date.min.isoformat()  # before any day: due at once


def due_count(session: Session, today: date) -> int:
    """Return how many debtors are due."""
    found = session.connection.execute(
        sa.select(sa.func.count()).where(
            _AGENDA.c.administration == session.administration, _AGENDA.c.check_on <= today
        )
    )
    return int(found.scalar_one())


def due_parties(session: Session, today: date) -> list[PartyRef]:
    """Return the debtors that are due."""
    found = session.connection.execute(
        sa.select(_AGENDA.c.party).where(
            _AGENDA.c.administration == session.administration, _AGENDA.c.check_on <= today
        )
    )
    return [PartyRef(party) for (party,) in found]


def set_checks(session: Session, checks: Mapping[PartyRef, date | None]) -> None:
    """Set when each debtor is looked at again; None: not until something changes."""
    rows = [
        (session.administration, party, None if day is None else day.isoformat())
        for party, day in checks.items()
    ]
    session.upsert("agenda", rows, _COLUMNS)
    session.touched.difference_update(checks)


def touch(session: Session, debtors: Iterable[str]) -> None:
    """Make these debtors due at once; they are known to have receivables.

    A debtor comes back in batch after batch of a pull; once in a transaction is enough.
    """
    rows = [
        (session.administration, party, _NOW) for party in debtors if party not in session.touched
    ]
    session.upsert("agenda", rows, _COLUMNS)
    session.touched.update(party for _, party, _ in rows)


def touch_known(session: Session, parties: Iterable[str]) -> None:
    """Make those of the parties that have receivables due at once."""
    touch(session, with_receivables(session, parties))


def touch_all(session: Session) -> None:
    """Make every debtor due at once."""
    session.connection.execute(
        sa.update(_AGENDA)
        .where(_AGENDA.c.administration == session.administration)
        .values(check_on=date.min)
    )


def touch_creditors(session: Session, suppliers: Iterable[str]) -> None:
    """Make the debtors due that are the same firm as a supplier whose payables changed."""
    refs = set(suppliers)
    if not refs:
        return
    numbers: dict[str, set[str]] = {"kvk": set(), "vat_id": set()}
    for kvk, vat_id in session.select_in(
        "SELECT kvk, vat_id FROM party WHERE administration = {mark} AND ref {keys}",
        sorted(refs),
        session.administration,
    ):
        numbers["kvk"].add(kvk)
        numbers["vat_id"].add(vat_id)
    for party, number in session.read(
        "SELECT party, value FROM party_correction WHERE administration = {mark} "
        "AND field IN ('kvk', 'vat_id')",
        session.administration,
    ):
        if party in refs:
            numbers["kvk"].add(number)
            numbers["vat_id"].add(number)
    for field, values in numbers.items():
        known = sorted(value for value in values if value)
        refs.update(_same(session, field, known))
    touch_known(session, refs)


def with_receivables(session: Session, parties: Iterable[str]) -> list[str]:
    """Return those of the parties that have, or had, receivables."""
    found = session.select_in(
        "SELECT DISTINCT party FROM item WHERE administration = {mark} "
        "AND ledger = 'receivable' AND party {keys}",
        sorted(parties),
        session.administration,
    )
    return [str(party) for (party,) in found]


def _same(session: Session, field: str, values: list[str]) -> list[str]:
    books = session.select_in(
        f"SELECT ref FROM party WHERE administration = {{mark}} AND {field} {{keys}}",  # noqa: S608
        values,
        session.administration,
    )
    corrected = session.select_in(
        "SELECT party FROM party_correction WHERE administration = {mark} "
        "AND field = {mark} AND value {keys}",
        values,
        session.administration,
        field,
    )
    return [str(ref) for (ref,) in (*books, *corrected)]
