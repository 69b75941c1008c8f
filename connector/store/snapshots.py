"""The ledger as the rules see it, straight from rows: no ORM object on this path."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from connector.core.policy.model import StepKind
from connector.core.snapshot import (
    Books,
    Creditor,
    Hold,
    HoldReason,
    Item,
    LiveAction,
    Party,
    Position,
    Snapshot,
)
from connector.port.money import Money
from connector.port.records import Document, ItemId, PartyRef
from connector.store.closing import read_state
from connector.store.rows import money_of, words_of
from connector.store.session import Session

_DOCUMENTS = {document.value: document for document in Document}
_ITEMS = (
    "SELECT id, number, party, document, issued, due, currency, open_minor, cycle, track, step, "
    "step_on, deadline_on, last_demand_on, last_payment_on, first_pull, reminders_sent, "
    "names_invoice, reference, disputed, direct_debit, factored, blocked, unreadable, "
    "handed_over, due_set FROM item "
    "WHERE administration = {mark} AND ledger = 'receivable' AND state = 'open'"
)
_PARTIES = (
    "SELECT ref, name, kind, language, email, street, postcode, city, country, kvk, vat_id, tags, "
    "late_days, late_count FROM party WHERE administration = {mark}"
)
_FIELDS = (
    "name", "kind", "language", "email", "street", "postcode", "city", "country", "kvk", "vat_id",
)  # fmt: skip


def load(
    session: Session,
    creditor: Creditor,
    today: date,
    *,
    parties: Collection[PartyRef] | None,
) -> Snapshot:
    """Return the snapshot of these debtors, or of all that have open receivables."""
    wanted = None if parties is None else sorted(set(parties))
    items = _items(session, wanted)
    refs = {item.party for item in items}
    refs.update(parties or ())
    people = _parties(session, refs, narrow=wanted)
    return Snapshot(
        administration=session.administration,
        creditor=creditor,
        items=tuple(items),
        parties=people,
        books=trust(session),
        holds=tuple(holds(session, None if wanted is None else refs)),
        live=tuple(_live(session, wanted)),
        payables=_payables(session, people),
        last_contact=_last_contact(session, refs),
        broken_promises=_broken_promises(session, refs),
        seen=seen(session),
        first_run_used=_first_run_used(session, today),
    )


def _rows(
    session: Session, text: str, column: str, keys: Sequence[str] | None
) -> Iterable[Sequence[Any]]:
    """Read all rows of the administration, or those whose column is one of the keys."""
    if keys is None:
        return session.read(text, session.administration)
    return session.select_in(f"{text} AND {column} {{keys}}", keys, session.administration)


class _Days(dict[Any, date | None]):
    """Dates by what the driver gives: ISO text on SQLite, a date on PostgreSQL."""

    def __missing__(self, found: Any) -> date | None:  # noqa: ANN401  # a driver's value
        day = date.fromisoformat(found) if isinstance(found, str) else found
        self[found] = day
        return day


class _Amounts(dict[tuple[int, str], Money]):
    """Money by its stored form; books hold the same amounts many times."""

    def __missing__(self, found: tuple[int, str]) -> Money:
        money = self[found] = Money.from_minor(*found)
        return money


def _items(session: Session, wanted: Sequence[str] | None) -> list[Item]:
    day, amount = _Days(), _Amounts()
    found = []
    for (
        key, number, party, document, issued, due, currency, open_minor, cycle, track, step,
        step_on, deadline_on, last_demand_on, last_payment_on, first_pull, reminders_sent,
        names_invoice, reference, disputed, direct_debit, factored, blocked, unreadable,
        handed_over, due_set,
    ) in _rows(session, _ITEMS, "party", wanted):  # fmt: skip
        position = None
        if step is not None:
            on = day[step_on]
            assert on is not None
            position = Position(track=track, step=step, delivered_on=on, deadline=day[deadline_on])
        found.append(
            Item(
                id=key,
                number=number,
                party=party,
                document=_DOCUMENTS[document],
                issued=day[issued],
                due=day[due if due_set is None else due_set],
                open=amount[open_minor, currency],
                cycle=cycle,
                position=position,
                last_demand_on=day[last_demand_on],
                last_payment_on=day[last_payment_on],
                first_pull=first_pull == 1,
                reminders_sent=reminders_sent,
                names_invoice=names_invoice,
                reference=reference,
                disputed=disputed == 1,
                direct_debit=direct_debit == 1,
                factored=factored == 1,
                blocked=blocked == 1,
                unreadable=unreadable == 1,
                handed_over=handed_over == 1,
            )
        )
    return found


def _parties(
    session: Session, refs: set[PartyRef], *, narrow: Sequence[str] | None
) -> dict[PartyRef, Party]:
    corrections: dict[str, dict[str, str | None]] = {}
    for party, field, value in _rows(
        session,
        "SELECT party, field, value FROM party_correction WHERE administration = {mark}",
        "party",
        narrow,
    ):
        corrections.setdefault(party, {})[field] = value
    found: dict[PartyRef, Party] = {}
    for ref, *values, tags, late_days, late_count in _rows(session, _PARTIES, "ref", narrow):
        if ref in refs:
            found[ref] = _party(
                ref, values, corrections.get(ref), (words_of(tags), late_days, late_count)
            )
    for ref in refs - found.keys():
        blank: list[str | None] = [None] * len(_FIELDS)
        found[ref] = _party(ref, blank, corrections.get(ref), ((), 0, 0))
    return found


def _party(
    ref: PartyRef,
    values: Sequence[str | None],
    corrections: Mapping[str, str | None] | None,
    rest: tuple[tuple[str, ...], int, int],
) -> Party:
    name, kind, language, email, street, postcode, city, country, kvk, vat_id = values
    bounced = False
    if corrections:
        fields = {**dict(zip(_FIELDS, values, strict=True)), **corrections}
        name, kind, language, email, street, postcode, city, country, kvk, vat_id = (
            fields[field] for field in _FIELDS
        )
        bounced = email is not None and corrections.get("email_bounced") == email
    tags, late_days, late_count = rest
    return Party(
        ref=ref,
        name=name or ref,
        kind=kind,
        language=language,
        email=email,
        street=street,
        postcode=postcode,
        city=city,
        country=country,
        kvk=kvk,
        vat_id=vat_id,
        email_bounced=bounced,
        tags=tags,
        average_days_late=late_days // late_count if late_count else None,
    )


def trust(session: Session) -> Books:
    """Return how far the books can be trusted."""
    state = read_state(session)
    return Books(
        data_from=state.data_from,
        complete=state.complete,
        bank_through=state.bank_through,
        totals_agree=state.totals_agree,
        closures_waiting=sum(waiting.count for waiting in state.waiting),
        has_errors=state.has_errors,
    )


def holds(session: Session, refs: Collection[PartyRef] | None) -> list[Hold]:
    """Return the holds that are not lifted, on these debtors and their items, or all."""
    found = []
    for (
        key,
        item,
        party,
        owner_party,
        reason,
        until,
        amount,
        currency,
        owner,
        answered,
    ) in session.read(
        "SELECT h.id, h.item, h.party, i.party, h.reason, h.until, h.amount_minor, "
        "h.currency, h.owner, h.answered_on FROM hold h LEFT JOIN item i "
        "ON i.administration = h.administration AND i.id = h.item "
        "WHERE h.administration = {mark} AND h.lifted_at IS NULL "
        "ORDER BY h.until, h.id",
        session.administration,
    ):
        if refs is None or party in refs or owner_party in refs:
            found.append(
                Hold(
                    id=key,
                    item=item,
                    party=party,
                    reason=HoldReason(reason),
                    until=_Days()[until] or date.max,
                    amount=money_of(amount, currency),
                    owner=owner,
                    answered_on=_Days()[answered],
                )
            )
    return found


def _live(session: Session, wanted: Sequence[str] | None) -> list[LiveAction]:
    """Return the actions with an item that is still open in the cycle they were about."""
    heads = {
        row[0]: row
        for row in _rows(
            session,
            "SELECT id, status, party, currency, step, kind, proposed_on, first_run FROM action "
            "WHERE administration = {mark} AND status <> 'withdrawn'",
            "party",
            wanted,
        )
    }
    items: dict[str, list[tuple[ItemId, int, str]]] = {}
    current: set[str] = set()
    for action, item, cycle, step, is_current in _rows(
        session,
        "SELECT a.action, a.item, a.cycle, a.step, i.state = 'open' AND i.cycle = a.cycle "
        "FROM action_item a JOIN action h ON h.administration = a.administration "
        "AND h.id = a.action JOIN item i ON i.administration = a.administration AND i.id = a.item "
        "WHERE a.administration = {mark} AND h.status <> 'withdrawn'",
        "h.party",
        wanted,
    ):
        items.setdefault(action, []).append((item, cycle, step))
        if is_current:
            current.add(action)
    busy = {"sending", "uncertain", "failed", "proposed", "approved"}
    return [
        LiveAction(
            id=key,
            status=status,
            party=party,
            currency=currency,
            step=step,
            kind=StepKind(kind),
            proposed_on=_Days()[proposed_on] or date.min,
            first_run=bool(first_run),
            items=tuple(sorted(items.get(key, ()))),
        )
        for key, status, party, currency, step, kind, proposed_on, first_run in heads.values()
        if key in current or status in busy
    ]


def _payables(
    session: Session, people: Mapping[PartyRef, Party]
) -> dict[tuple[PartyRef, str], Money]:
    """Add up what we owe to each debtor: the same reference, KvK number or VAT number."""
    sums = list(
        session.read(
            "SELECT i.party, i.currency, sum(i.open_minor), p.kvk, p.vat_id FROM item i "
            "LEFT JOIN party p ON p.administration = i.administration AND p.ref = i.party "
            "WHERE i.administration = {mark} AND i.ledger = 'payable' "
            "AND i.state = 'open' GROUP BY i.party, i.currency, p.kvk, p.vat_id",
            session.administration,
        )
    )
    if not sums:
        return {}
    same: dict[tuple[str, str], list[PartyRef]] = {}
    for ref, party in people.items():
        for field, value in (("ref", ref), ("kvk", party.kvk), ("vat_id", party.vat_id)):
            if value:
                same.setdefault((field, value), []).append(ref)
    owed: dict[tuple[PartyRef, str], int] = {}
    for supplier, currency, minor, kvk, vat_id in sums:
        keys = (("ref", supplier), ("kvk", kvk), ("vat_id", vat_id))
        for ref in {ref for key in keys if key[1] for ref in same.get(key, ())}:
            owed[ref, currency] = owed.get((ref, currency), 0) + int(minor)
    return {key: Money.from_minor(minor, key[1]) for key, minor in owed.items()}


def _last_contact(session: Session, refs: set[PartyRef]) -> dict[PartyRef, date]:
    found = session.read(
        "SELECT party, max(delivered_on) FROM action "
        "WHERE administration = {mark} AND status = 'delivered' "
        "AND message GROUP BY party",
        session.administration,
    )
    days = _Days()
    return {ref: day for ref, on in found if ref in refs and (day := days[on]) is not None}


def _broken_promises(session: Session, refs: set[PartyRef]) -> dict[PartyRef, int]:
    """Count the promises broken since the last one that was kept."""
    found: dict[PartyRef, int] = {}
    for party, outcome in session.read(
        "SELECT coalesce(h.party, i.party), h.outcome FROM hold h LEFT JOIN item i "
        "ON i.administration = h.administration AND i.id = h.item "
        "WHERE h.administration = {mark} AND h.reason = 'promise' "
        "AND h.outcome IN ('kept', 'broken') ORDER BY h.lifted_at, h.id",
        session.administration,
    ):
        if party in refs:
            found[party] = found.get(party, 0) + 1 if outcome == "broken" else 0
    return {ref: count for ref, count in found.items() if count}


def seen(session: Session) -> frozenset[tuple[str, str, int]]:
    """Return the points of attention that a person has dealt with."""
    found = session.read(
        "SELECT code, subject, cycle FROM task WHERE administration = {mark} "
        "AND done_at IS NOT NULL",
        session.administration,
    )
    return frozenset((code, subject, cycle) for code, subject, cycle in found)


def _first_run_used(session: Session, today: date) -> int:
    found = session.read(
        "SELECT count(*) FROM action WHERE administration = {mark} "
        "AND first_run AND status <> 'withdrawn' AND proposed_on = {mark}",
        session.administration,
        today.isoformat(),
    )
    return int(next(found)[0])
