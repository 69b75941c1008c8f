"""The ledger as the rules see it, straight from rows: no ORM object on this path."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from connector.core.charges import Charge, Notice
from connector.core.snapshot import (
    Creditor,
    Item,
    Party,
    Position,
    Snapshot,
)
from connector.port.money import Money
from connector.port.records import Document, PartyRef
from connector.store import charges, dealings
from connector.store.rows import words_of
from connector.store.session import Session

_OfParty = TypeVar("_OfParty", Charge, Notice)
_DOCUMENTS = {document.value: document for document in Document}
_ITEMS = (
    "SELECT id, number, party, document, issued, due, currency, open_minor, cycle, track, step, "
    "step_on, deadline_on, last_demand_on, last_payment_on, first_pull, reminders_sent, "
    "reminded_on, remindable, paid_on, names_invoice, reference, disputed, direct_debit, factored, "
    "blocked, unreadable, handed_over, due_set, basis, contract FROM item "
    "WHERE administration = {mark} AND ledger = 'receivable' AND state = 'open'"
)
_PAYMENTS = (
    "SELECT c.item, c.cycle, c.at, c.before_minor, c.after_minor, c.currency, i.last_payment_on "
    "FROM item_change c JOIN item i ON i.administration = c.administration AND i.id = c.item "
    "WHERE c.kind = 'decreased' AND i.ledger = 'receivable' AND i.state = 'open' "
    "AND c.administration = {mark}"
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
    charged = charges.charges(session, wanted)
    refs = {item.party for item in items}
    refs.update(one.party for one in charged if one.state.is_open)
    refs.update(parties or ())
    people = _parties(session, refs, narrow=wanted)
    return Snapshot(
        administration=session.administration,
        creditor=creditor,
        items=tuple(items),
        parties=people,
        books=dealings.trust(session),
        holds=tuple(dealings.holds(session, None if wanted is None else refs)),
        live=tuple(dealings.live(session, wanted)),
        payables=dealings.payables(session, people),
        last_contact=dealings.last_contact(session, refs),
        broken_promises=dealings.broken_promises(session, refs),
        seen=dealings.seen(session),
        first_run_used=dealings.first_run_used(session, today),
        charges=_by_party(charged),
        notices=_by_party(charges.notices(session, wanted)),
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _by_party(found: Sequence[_OfParty]) -> dict[PartyRef, tuple[_OfParty, ...]]:
    grouped: dict[PartyRef, list[_OfParty]] = {}
    for one in found:
        grouped.setdefault(one.party, []).append(one)
    return {ref: tuple(of_party) for ref, of_party in grouped.items()}


class _Amounts(dict[tuple[int, str], Money]):
    """Money by its stored form; books hold the same amounts many times."""

    def __missing__(self, found: tuple[int, str]) -> Money:
        money = self[found] = Money.from_minor(*found)
        return money


def _items(session: Session, wanted: Sequence[str] | None) -> list[Item]:
    day, amount, paid = dealings.Days(), _Amounts(), _payments(session, wanted)
    ours = dealings.by_package(session)
    found = []
    for (
        key, number, party, document, issued, due, currency, open_minor, cycle, track, step,
        step_on, deadline_on, last_demand_on, last_payment_on, first_pull, reminders_sent,
        reminded_on, remindable, paid_on, names_invoice, reference, disputed, direct_debit,
        factored, blocked, unreadable, handed_over, due_set, basis, contract,
    ) in dealings.rows(session, _ITEMS, "party", wanted):  # fmt: skip
        position = None
        if step is not None:
            on = day[step_on]
            assert on is not None
            position = Position(track=track, step=step, delivered_on=on, deadline=day[deadline_on])
        sent = ours.get(key, dealings.NONE_BY_PACKAGE)
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
                last_demand_on=_later(day[last_demand_on], sent.arrived(day[reminded_on])),
                last_payment_on=_later(day[last_payment_on], day[paid_on]),
                first_pull=first_pull == 1,
                reminders_sent=max(reminders_sent - sent.count, 0),
                remindable=remindable == 1,
                names_invoice=names_invoice,
                reference=reference,
                disputed=disputed == 1,
                direct_debit=direct_debit == 1,
                factored=factored == 1,
                blocked=blocked == 1,
                unreadable=unreadable == 1,
                handed_over=handed_over == 1,
                basis=basis,
                contract=contract,
                payments=paid.get((key, cycle), ()),
            )
        )
    return found


def _payments(
    session: Session, wanted: Sequence[str] | None
) -> dict[tuple[str, int], tuple[tuple[date, Money], ...]]:
    """Return by item and cycle what came in: by when the books showed it, or earlier if they say.

    Only the date of the last payment is known to the books: earlier ones count from the pull that
    showed them.
    """
    days = dealings.Days()
    found: dict[tuple[str, int], tuple[tuple[date, Money], ...]] = {}
    for key, cycle, at, before, after, currency, last in dealings.rows(
        session, _PAYMENTS, "i.party", wanted
    ):
        shown, told = date.fromisoformat(at[:10]), days[last]
        earlier = found.get((key, cycle), ())
        floor = earlier[-1][0] if earlier else date.min
        on = shown if told is None else max(min(shown, told), floor)
        found[key, cycle] = (*earlier, (on, Money.from_minor(before - after, currency)))
    return found


def _parties(
    session: Session, refs: set[PartyRef], *, narrow: Sequence[str] | None
) -> dict[PartyRef, Party]:
    corrections: dict[str, dict[str, str | None]] = {}
    for party, field, value in dealings.rows(
        session,
        "SELECT party, field, value FROM party_correction WHERE administration = {mark}",
        "party",
        narrow,
    ):
        corrections.setdefault(party, {})[field] = value
    found: dict[PartyRef, Party] = {}
    for ref, *values, tags, late_days, late_count in dealings.rows(
        session, _PARTIES, "ref", narrow
    ):
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
        applicable_law=(corrections or {}).get("applicable_law"),
    )
