"""Forgetting a party (GDPR art. 17): what names a person goes, what the law makes us keep stays.

Numbers, dates and amounts of its invoices stay, as bookkeeping must be kept for seven years
(art. 52 AWR). All names, addresses, free texts, records of the source and addressees go.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from connector.port.records import PartyRef
from connector.store.payloads import facts_of, facts_text
from connector.store.rows import PARTY_FIELDS, mapping_of, text_of
from connector.store.session import Session
from connector.store.tables import table

_PARTY, _FIX, _ITEM = table("party"), table("party_correction"), table("item")
_CHANGE, _HOLD, _TASK = table("item_change"), table("hold"), table("task")
_ACTION, _DELIVERY, _ATTACHMENT = table("action"), table("delivery"), table("attachment")
_CHARGE: Final = table("charge")
_MEMO, _PUSH = table("memo"), table("push")
_STATE: Final = table("administration")
_ITEM_TEXTS: Final = ("reference", "description", "contract", "payment_url")
_KEPT_OUTCOMES: Final = ("kept", "broken")  # of a promise: counted, and no free text
_POSITIONS: Final = "before"  # where items stood before an action: no free text
_KEPT_FACTS: Final = frozenset({"deadline", "at", "permanent"})  # of a delivery: no addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where a party left its marks.

    Attributes:
        items: Its items, receivable and payable, in any state.
        actions: All actions about it.
        subjects: What the journal's entries about it are filed under.
        numbers: Its invoice numbers, under which the journal files a new beginning by the policy.
        documents: SHA-256 of the files that went out to it or were attached for it.
    """

    items: frozenset[str]
    actions: frozenset[str]
    subjects: frozenset[str]
    numbers: frozenset[str]
    documents: frozenset[str]


def trace(session: Session, ref: PartyRef) -> Trace:
    """Return where the party left its marks."""
    numbers = {
        row.id: row.number
        for row in session.connection.execute(
            sa.select(_ITEM.c.id, _ITEM.c.number).where(_own(session, _ITEM, _ITEM.c.party == ref))
        )
    }
    actions = _column(session, _ACTION.c.id, _ACTION.c.party == ref)
    holds = _column(session, _HOLD.c.id, _holds_of(session, ref))
    sent = _column(session, _DELIVERY.c.document, _DELIVERY.c.action.in_(_actions(session, ref)))
    attached = _column(session, _ATTACHMENT.c.sha256, _ATTACHMENT.c.item.in_(_items(session, ref)))
    return Trace(
        items=frozenset(numbers),
        actions=frozenset(actions),
        subjects=frozenset({ref, *numbers, *actions, *holds, *(f"hold:{key}" for key in holds)}),
        numbers=frozenset(numbers.values()),
        documents=frozenset({*sent, *attached} - {None}),
    )


def erase(session: Session, ref: PartyRef) -> None:
    """Blank all that names the party or was written about it by hand; see the module.

    Open points of attention about it go, those that are done stay without their words. The
    source's records lose their fingerprints too: what the source still shows comes back.
    """
    if session.connection.dialect.name == "sqlite":
        # Else the old text stays in the file until its place is used again.
        session.connection.exec_driver_sql("PRAGMA secure_delete = ON")
    found = trace(session, ref)
    _erase_memos(session, ref)
    _erase_pushes(session, ref)
    _erase_tasks(session, ref, found)
    _erase_actions(session, ref)
    _erase_deliveries(session, ref)
    _erase_holds(session, ref)
    _erase_charges(session, ref)
    _erase_items(session, ref)
    _erase_party(session, ref)


def unneeded(session: Session, documents: Iterable[str]) -> list[str]:
    """Return those of the documents that nothing in the administration refers to, sorted."""
    keys = sorted(set(documents))
    needed: set[str] = set()
    for text in (
        "SELECT document FROM delivery WHERE administration = {mark} AND document {keys}",
        "SELECT sha256 FROM attachment WHERE administration = {mark} AND sha256 {keys}",
    ):
        needed.update(row[0] for row in session.select_in(text, keys, session.administration))
    digests = session.connection.execute(
        sa.select(_STATE.c.policy_digest).where(_own(session, _STATE))
    )
    needed.update(str(digest).removeprefix("sha256:") for (digest,) in digests)
    return [key for key in keys if key not in needed]


def _erase_memos(session: Session, ref: PartyRef) -> None:
    """Delete what an adapter remembers in which the party is named or addressed."""
    known = session.connection.execute(
        sa.select(_PARTY.c.name, _PARTY.c.email, _PARTY.c.contact).where(
            _own(session, _PARTY, _PARTY.c.ref == ref)
        )
    ).one_or_none()
    for text in known or ():
        if text:
            named = _MEMO.c.value.contains(text, autoescape=True)
            session.connection.execute(sa.delete(_MEMO).where(_own(session, _MEMO, named)))


def _erase_pushes(session: Session, ref: PartyRef) -> None:
    _update(session, _PUSH, _PUSH.c.party == ref, text="", facts="{}")


def _erase_party(session: Session, ref: PartyRef) -> None:
    _update(
        session, _PARTY, _PARTY.c.ref == ref,
        **dict.fromkeys(PARTY_FIELDS), tags="[]", raw="{}", record_hash="", late_days=0,
        late_count=0, changed_at=session.now(),
    )  # fmt: skip
    session.connection.execute(sa.delete(_FIX).where(_own(session, _FIX, _FIX.c.party == ref)))


def _erase_items(session: Session, ref: PartyRef) -> None:
    _update(session, _CHANGE, _CHANGE.c.item.in_(_items(session, ref)), reason=None)
    session.connection.execute(
        sa.delete(_ATTACHMENT).where(
            _own(session, _ATTACHMENT, _ATTACHMENT.c.item.in_(_items(session, ref)))
        )
    )
    _update(
        session, _ITEM, _ITEM.c.party == ref,
        **dict.fromkeys(_ITEM_TEXTS), tags="[]", raw="{}", record_hash="",
        changed_at=session.now(),
    )  # fmt: skip


def _erase_charges(session: Session, ref: PartyRef) -> None:
    _update(session, _CHARGE, _CHARGE.c.party == ref, reason=None)


def _erase_holds(session: Session, ref: PartyRef) -> None:
    mine = _holds_of(session, ref)
    _update(session, _HOLD, mine, note=None, owner=None)
    _update(session, _HOLD, mine, _HOLD.c.outcome.not_in(_KEPT_OUTCOMES), outcome=None)


def _erase_tasks(session: Session, ref: PartyRef, found: Trace) -> None:
    rows = session.connection.execute(
        sa.select(_TASK.c.id, _TASK.c.subject, _TASK.c.facts, _TASK.c.done_at).where(
            _own(session, _TASK)
        )
    )
    done: list[tuple[str, str]] = []
    gone: list[tuple[str, str]] = []
    for row in rows:
        if row.subject in found.subjects or facts_of(row.facts).get("party") == ref:
            (gone if row.done_at is None else done).append((session.administration, row.id))
    session.write("DELETE FROM task WHERE administration = {mark} AND id = {mark}", gone)
    session.write(
        "UPDATE task SET facts = '{}', outcome = NULL "
        "WHERE administration = {mark} AND id = {mark}",
        done,
    )


def _erase_actions(session: Session, ref: PartyRef) -> None:
    rows = session.connection.execute(
        sa.select(_ACTION.c.id, _ACTION.c.payload, _ACTION.c.facts).where(
            _own(session, _ACTION, _ACTION.c.party == ref)
        )
    )
    session.write(
        "UPDATE action SET payload = {mark}, facts = {mark} "
        "WHERE administration = {mark} AND id = {mark}",
        [
            (_nameless(row.payload, ref), _wordless(row.facts), session.administration, row.id)
            for row in rows.all()
        ],
    )


def _erase_deliveries(session: Session, ref: PartyRef) -> None:
    rows = session.connection.execute(
        sa.select(_DELIVERY.c.action, _DELIVERY.c.channel, _DELIVERY.c.facts).where(
            _own(session, _DELIVERY, _DELIVERY.c.action.in_(_actions(session, ref)))
        )
    )
    session.write(
        "UPDATE delivery SET recipient = NULL, reply = NULL, document = NULL, facts = {mark} "
        "WHERE administration = {mark} AND action = {mark} AND channel = {mark}",
        [
            (_unaddressed(row.facts), session.administration, row.action, row.channel)
            for row in rows.all()
        ],
    )


def _nameless(payload: str, ref: PartyRef) -> str:
    """Return an action's payload with the debtor's number for its name."""
    found: dict[str, Any] = json.loads(payload)
    return json.dumps(found | {"party_name": ref}, ensure_ascii=False, separators=(",", ":"))


def _wordless(text: str | None) -> str | None:
    """Return an action's facts without what a person wrote."""
    if text is None:
        return None
    return facts_text(
        {
            name: None if isinstance(fact, str) and name != _POSITIONS else fact
            for name, fact in facts_of(text).items()
        }
    )


def _unaddressed(text: str) -> str:
    facts = mapping_of(text)
    return text_of({name: fact for name, fact in facts.items() if name in _KEPT_FACTS})


def _column(session: Session, column: sa.Column[Any], *tests: sa.ColumnElement[bool]) -> set[Any]:
    found = session.connection.execute(sa.select(column).where(_own(session, column.table, *tests)))
    return set(found.scalars())


def _items(session: Session, ref: PartyRef) -> sa.Select[Any]:
    return sa.select(_ITEM.c.id).where(_own(session, _ITEM, _ITEM.c.party == ref))


def _actions(session: Session, ref: PartyRef) -> sa.Select[Any]:
    return sa.select(_ACTION.c.id).where(_own(session, _ACTION, _ACTION.c.party == ref))


def _holds_of(session: Session, ref: PartyRef) -> sa.ColumnElement[bool]:
    return sa.or_(_HOLD.c.party == ref, _HOLD.c.item.in_(_items(session, ref)))


def _own(
    session: Session, of: sa.FromClause, *tests: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    return sa.and_(of.c.administration == session.administration, *tests)


def _update(
    session: Session, of: sa.Table, *tests: sa.ColumnElement[bool], **values: object
) -> None:
    session.connection.execute(sa.update(of).where(_own(session, of, *tests)).values(**values))
