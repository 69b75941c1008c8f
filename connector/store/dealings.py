"""What happened between us and the debtors, as the rules see it: holds, actions, promises."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from connector.core.policy.model import StepKind
from connector.core.snapshot import Books, Hold, HoldReason, LiveAction, Party
from connector.port.money import Money
from connector.port.records import ItemId, PartyRef
from connector.store.closing import last_report, read_state
from connector.store.rows import money_of
from connector.store.session import Session


def rows(
    session: Session, text: str, column: str, keys: Sequence[str] | None
) -> Iterable[Sequence[Any]]:
    """Read all rows of the administration, or those whose column is one of the keys."""
    if keys is None:
        return session.read(text, session.administration)
    return session.select_in(f"{text} AND {column} {{keys}}", keys, session.administration)


class Days(dict[Any, date | None]):
    """Dates by what the driver gives: ISO text on SQLite, a date on PostgreSQL."""

    def __missing__(self, found: Any) -> date | None:  # noqa: ANN401  # a driver's value
        day = date.fromisoformat(found) if isinstance(found, str) else found
        self[found] = day
        return day


def trust(session: Session) -> Books:
    """Return how far the books can be trusted."""
    state = read_state(session)
    fault = None if state.complete else (last_report(session) or {}).get("fault")
    return Books(
        administration=session.administration,
        fault=fault if isinstance(fault, str) else None,
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
                    until=Days()[until] or date.max,
                    amount=money_of(amount, currency),
                    owner=owner,
                    answered_on=Days()[answered],
                )
            )
    return found


def live(session: Session, wanted: Sequence[str] | None) -> list[LiveAction]:
    """Return the actions with an item that is still open in the cycle they were about."""
    heads = {
        row[0]: row
        for row in rows(
            session,
            "SELECT id, status, party, currency, step, kind, proposed_on, first_run FROM action "
            "WHERE administration = {mark} AND status <> 'withdrawn'",
            "party",
            wanted,
        )
    }
    items: dict[str, list[tuple[ItemId, int, str]]] = {}
    current: set[str] = set()
    for action, item, cycle, step, is_current in rows(
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
            proposed_on=Days()[proposed_on] or date.min,
            first_run=bool(first_run),
            items=tuple(sorted(items.get(key, ()))),
        )
        for key, status, party, currency, step, kind, proposed_on, first_run in heads.values()
        if key in current or status in busy
    ]


def payables(
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


def last_contact(session: Session, refs: set[PartyRef]) -> dict[PartyRef, date]:
    """Return the date of the last message to each debtor, by us or by the package itself."""
    ours = session.read(
        "SELECT party, max(delivered_on) FROM action "
        "WHERE administration = {mark} AND status = 'delivered' "
        "AND message GROUP BY party",
        session.administration,
    )
    theirs = session.read(
        "SELECT party, id, reminded_on FROM item "
        "WHERE administration = {mark} AND reminded_on IS NOT NULL",
        session.administration,
    )
    days, sent = Days(), by_package(session)
    found = {ref: day for ref, on in ours if ref in refs and (day := days[on]) is not None}
    for ref, item, on in theirs:
        day = sent.get(item, NONE_BY_PACKAGE).arrived(days[on])
        if ref in refs and day is not None:
            found[ref] = max(day, found.get(ref, day))
    return found


@dataclass(frozen=True, slots=True)
class ByPackage:
    """Our own reminders about an item that the package sent, and the days of those that bounced."""

    count: int
    returned: frozenset[date]

    def arrived(self, on: date | None) -> date | None:
        """Return the day of the package's last reminder, None when that one came back."""
        return None if on in self.returned else on


NONE_BY_PACKAGE: Final = ByPackage(0, frozenset())


def by_package(session: Session) -> dict[str, ByPackage]:
    """Return what the package sent for us, by item: it counts those among its own."""
    days, found = Days(), dict[str, ByPackage]()
    for item, on, error in session.read(
        "SELECT l.item, d.dispatched_on, d.error FROM delivery d JOIN action_item l "
        "ON l.administration = d.administration AND l.action = d.action "
        "WHERE d.administration = {mark} AND d.channel = 'package' "
        "AND (d.status = 'delivered' OR d.error = 'returned')",
        session.administration,
    ):
        known, day = found.get(item, NONE_BY_PACKAGE), days[on]
        back = {day} if error == "returned" and day is not None else set()
        found[item] = ByPackage(known.count + 1, known.returned | back)
    return found


def broken_promises(session: Session, refs: set[PartyRef]) -> dict[PartyRef, int]:
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


def first_run_used(session: Session, today: date) -> int:
    """Return how many messages were proposed today on account of the first run."""
    found = session.read(
        "SELECT count(*) FROM action WHERE administration = {mark} "
        "AND first_run AND status <> 'withdrawn' AND proposed_on = {mark}",
        session.administration,
        today.isoformat(),
    )
    return int(next(found)[0])
