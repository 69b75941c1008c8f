"""Parties for screens and letters: the books' fields with a person's corrections on top."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from connector.port.errors import RequestError
from connector.port.records import PartyRef
from connector.store import agenda
from connector.store.records import Correction, PartyRow
from connector.store.rows import PARTY_FIELDS, mapping_of, words_of
from connector.store.session import Session, instant_of
from connector.store.tables import table

_PARTY, _FIX = table("party"), table("party_correction")
_CORRECTABLE: Final = frozenset({*PARTY_FIELDS, "email_bounced", "applicable_law"})
_NUMBERS: Final = ("kvk", "vat_id")  # they tell which debtor and supplier are one firm


def find(session: Session, text: str | None) -> list[PartyRow]:
    """Return parties whose reference is, or whose name contains, the text; sorted by name."""
    rows = _load(session, None)
    if text is not None:
        part = text.casefold()
        rows = [row for row in rows if row.ref == text or part in (row.name or "").casefold()]
    return sorted(rows, key=lambda row: ((row.name or "").casefold(), row.ref))


def get(session: Session, ref: PartyRef) -> PartyRow | None:
    """Return the party, None when the books don't know it."""
    found = _load(session, ref)
    return found[0] if found else None


def correct(session: Session, ref: PartyRef, field: str, value: str | None, by: str) -> None:
    """Correct a field, empty it (an empty text), or take the correction back (None)."""
    if field not in _CORRECTABLE:
        raise RequestError("party_field_unknown", field=field)
    if get(session, ref) is None and not agenda.with_receivables(session, [ref]):
        raise RequestError("party_unknown", party=ref)
    is_number = field in _NUMBERS
    if is_number:  # whoever was the same firm until now
        agenda.touch_creditors(session, [ref])
    if value is None:
        session.connection.execute(
            sa.delete(_FIX).where(
                _FIX.c.administration == session.administration,
                _FIX.c.party == ref,
                _FIX.c.field == field,
            )
        )
    else:
        session.upsert(
            "party_correction",
            [(session.administration, ref, field, value or None, by, session.now())],
            ("administration", "party", "field", "value", "by", "at"),
        )
    if is_number:
        agenda.touch_creditors(session, [ref])
    agenda.touch_known(session, [ref])


def _load(session: Session, ref: PartyRef | None) -> list[PartyRow]:
    wanted = sa.select(_PARTY).where(_PARTY.c.administration == session.administration)
    fixes = (
        sa.select(_FIX)
        .where(_FIX.c.administration == session.administration)
        .order_by(_FIX.c.party, _FIX.c.field)
    )
    if ref is not None:
        wanted, fixes = wanted.where(_PARTY.c.ref == ref), fixes.where(_FIX.c.party == ref)
    corrections: dict[str, list[Correction]] = {}
    for row in session.connection.execute(fixes).mappings():
        corrections.setdefault(row["party"], []).append(_correction(row))
    return [
        _row(found, corrections.get(found["ref"], ()))
        for found in session.connection.execute(wanted).mappings()
    ]


def _correction(row: sa.RowMapping) -> Correction:
    at = instant_of(row["at"])
    assert at is not None
    return Correction(field=row["field"], value=row["value"], by=row["by"], at=at)


def _row(found: sa.RowMapping, corrections: Sequence[Correction]) -> PartyRow:
    fields = {name: found[name] for name in PARTY_FIELDS}
    sources = {name: "books" for name, value in fields.items() if value is not None}
    bounced = None
    for correction in corrections:
        if correction.field == "email_bounced":
            bounced = correction.value
            continue
        fields[correction.field] = correction.value
        sources[correction.field] = "person"
    late, count = found["late_days"], found["late_count"]
    return PartyRow(
        **fields,
        ref=PartyRef(found["ref"]),
        tags=words_of(found["tags"]),
        email_bounced=bounced is not None and bounced == fields["email"],
        average_days_late=late // count if count else None,
        corrections=tuple(corrections),
        sources=sources,
        raw=mapping_of(found["raw"]),
    )
