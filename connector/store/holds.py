"""Holds: pauses on items and debtors, with who put them there and how they ended."""

import secrets
from datetime import date

import sqlalchemy as sa

from connector.core.snapshot import Hold, HoldReason
from connector.port.errors import RequestError
from connector.port.records import ItemId, PartyRef
from connector.store import agenda
from connector.store.paperwork import HoldRow
from connector.store.rows import money_of
from connector.store.session import Session, instant_of
from connector.store.tables import table

_HOLD, _ITEM = table("hold"), table("item")


class Holds:
    """The holds of one administration, within one unit."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def new_id(self) -> str:
        """Return an id for a new hold: eight hex digits."""
        return secrets.token_hex(4)

    def add(self, hold: Hold, *, by: str, note: str | None = None) -> HoldRow:
        """Keep a hold; an empty `id` gets a new one.

        Raises:
            RequestError: Neither item nor debtor, or the item is not known (`hold_subject`,
                `item_unknown`).
        """
        if (hold.item is None) == (hold.party is None):
            raise RequestError("hold_subject")
        self._known(hold)
        key = hold.id or self.new_id()
        amount = hold.amount
        self._session.connection.execute(
            _HOLD.insert().values(
                administration=self._session.administration,
                id=key,
                item=hold.item,
                party=hold.party,
                reason=hold.reason.value,
                until=hold.until,
                amount_minor=None if amount is None else amount.minor(),
                currency=None if amount is None else amount.currency,
                owner=hold.owner,
                note=note,
                answered_on=hold.answered_on,
                created_at=self._session.now(),
                created_by=by,
            )
        )
        return self._touched(key)

    def list(self, *, lifted: bool = False) -> list[HoldRow]:
        """Return the holds by date and id; with `lifted` also those that ended."""
        wanted = sa.select(_HOLD).where(_HOLD.c.administration == self._session.administration)
        if not lifted:
            wanted = wanted.where(_HOLD.c.lifted_at.is_(None))
        wanted = wanted.order_by(_HOLD.c.until, _HOLD.c.id)
        return [_row(row) for row in self._session.connection.execute(wanted).mappings()]

    def get(self, key: str) -> HoldRow:
        """Return one hold; RequestError `hold_unknown` when there is none."""
        found = (
            self._session.connection.execute(sa.select(_HOLD).where(self._is(key)))
            .mappings()
            .first()
        )
        if found is None:
            raise RequestError("hold_unknown", hold=key)
        return _row(found)

    def lift(self, key: str, *, by: str, outcome: str | None = None) -> HoldRow:
        """End a hold.

        Args:
            key: Its id.
            by: Who ends it.
            outcome: What came of it; of a promise `kept` or `broken`.

        Raises:
            RequestError: No such hold, or it ended already (`hold_unknown`, `hold_over`).
        """
        if self.get(key).lifted_at is not None:
            raise RequestError("hold_over", hold=key)
        self._set(key, lifted_at=self._session.now(), lifted_by=by, outcome=outcome)
        return self._touched(key)

    def answer(self, key: str, *, on: date, by: str, note: str | None = None) -> HoldRow:
        """Log the answer to a dispute; it resumes a fortnight later at the earliest."""
        row = self.get(key)
        if row.lifted_at is not None:
            raise RequestError("hold_over", hold=key)
        self._set(key, answered_on=on, owner=row.hold.owner or by, note=note or row.note)
        return self._touched(key)

    def _known(self, hold: Hold) -> None:
        if hold.item is None:
            return
        found = self._session.connection.execute(
            sa.select(_ITEM.c.id).where(
                _ITEM.c.administration == self._session.administration, _ITEM.c.id == hold.item
            )
        ).first()
        if found is None:
            raise RequestError("item_unknown", item=hold.item)

    def _touched(self, key: str) -> HoldRow:
        row = self.get(key)
        party = row.hold.party
        if row.hold.item is not None:
            party = self._session.connection.execute(
                sa.select(_ITEM.c.party).where(
                    _ITEM.c.administration == self._session.administration,
                    _ITEM.c.id == row.hold.item,
                )
            ).scalar_one()
        if party is not None:
            agenda.touch_known(self._session, [party])
        return row

    def _is(self, key: str) -> sa.ColumnElement[bool]:
        return sa.and_(_HOLD.c.administration == self._session.administration, _HOLD.c.id == key)

    def _set(self, key: str, **values: object) -> None:
        self._session.connection.execute(sa.update(_HOLD).where(self._is(key)).values(**values))


def _row(found: sa.RowMapping) -> HoldRow:
    created = instant_of(found["created_at"])
    assert created is not None
    item, party = found["item"], found["party"]
    hold = Hold(
        id=found["id"],
        item=None if item is None else ItemId(item),
        party=None if party is None else PartyRef(party),
        reason=HoldReason(found["reason"]),
        until=found["until"],
        amount=money_of(found["amount_minor"], found["currency"]),
        owner=found["owner"],
        answered_on=found["answered_on"],
    )
    return HoldRow(
        id=found["id"],
        hold=hold,
        note=found["note"],
        created_at=created,
        created_by=found["created_by"],
        lifted_at=instant_of(found["lifted_at"]),
        lifted_by=found["lifted_by"],
        outcome=found["outcome"],
    )
