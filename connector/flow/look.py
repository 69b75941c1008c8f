"""Look: what people and pages may read of the office; changes nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from connector.core.actions import ActionStatus
from connector.core.policy.model import ChannelName, Mode
from connector.core.reasons import Reason
from connector.core.snapshot import Position
from connector.flow.kinds import unknown_kinds
from connector.flow.office import Administration
from connector.flow.propose import trust_points
from connector.port.errors import PolicyError
from connector.port.money import Money
from connector.port.records import Ledger, PartyRef
from connector.settings import ZONE
from connector.store import (
    ActionRow,
    AttachmentRow,
    BooksState,
    Correction,
    Counts,
    DeliveryRow,
    Entry,
    HoldRow,
    ItemChange,
    ItemQuery,
    ItemRow,
    ItemState,
    PartyRow,
    TaskKind,
    TaskRow,
    TotalsCheck,
    Unit,
    Verification,
    Waiting,
)

__all__ = [
    "ActionRow",
    "AttachmentRow",
    "BooksState",
    "Correction",
    "Counts",
    "DeliveryRow",
    "Entry",
    "HoldRow",
    "HoldView",
    "ItemChange",
    "ItemQuery",
    "ItemRow",
    "ItemState",
    "PartyRow",
    "Position",
    "Standing",
    "Sum",
    "TaskKind",
    "TaskRow",
    "TotalsCheck",
    "Verification",
    "Waiting",
    "attention_of",
    "deliveries_of",
    "documents_of",
    "hold_view",
    "holds_of",
    "items_of",
    "journal_of",
    "letters_of",
    "newest_letters",
    "open_sums",
    "queue_of",
    "standing",
    "tasks_of",
    "verify_journal",
]

T = TypeVar("T")

_LIVE = (
    ActionStatus.PROPOSED,
    ActionStatus.APPROVED,
    ActionStatus.SENDING,
    ActionStatus.FAILED,
    ActionStatus.UNCERTAIN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What is open in one currency."""

    ledger: Ledger
    amount: Money
    overdue: Money
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one administration stands.

    Attributes:
        adapter: Name of the plug-in that the books come from.
        distrust: Why nothing may leave on these books; empty when they are fresh.
        mode: None when no policy is in force.
        unknown_kinds: Debtors with something open of whom it is not known what they are; they
            count as consumers.
        debtors: Debtors with something open.
        waiting: Number of actions per status that is not over yet.
        asked: Points of attention and tasks that wait for a person.
        sent_today: Actions delivered on the day.
        sent_this_week: Actions delivered since Monday.
    """

    administration: str
    adapter: str
    state: BooksState
    distrust: tuple[Reason, ...]
    mode: Mode | None
    sums: tuple[Sum, ...]
    unknown_kinds: int
    debtors: int
    waiting: Mapping[ActionStatus, int]
    asked: int
    sent_today: int
    sent_this_week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A hold with the number and the debtor that it is about."""

    administration: str
    row: HoldRow
    number: str | None
    party: PartyRef | None
    party_name: str | None


def items_of(desk: Administration, query: ItemQuery) -> list[ItemRow]:
    """Return the items that the query asks for, by due date, number and id."""
    return _read(desk, lambda unit: unit.books.items(query))


def open_sums(desk: Administration) -> tuple[Sum, ...]:
    """Return what is open per side of the books and currency."""
    return _sums(items_of(desk, ItemQuery()), desk.office.today)


def standing(desk: Administration) -> Standing:
    """Return how the administration stands at this moment."""
    today = desk.office.today
    monday = today - timedelta(days=today.weekday())
    mode, without = _mode(desk)
    with desk.office.store.unit(desk.id, reading=True) as unit:
        reasons = without or _distrust(desk, unit)
        distrust = tuple(reason for reason in reasons if reason.code != "policy_faulty")
        rows = unit.ledger.find(status=_LIVE)
        sent = [
            row.changed_at.astimezone(ZONE).date()
            for row in unit.ledger.find(status=ActionStatus.DELIVERED)
            if row.changed_at is not None
        ]
        items = unit.books.items(ItemQuery())
        unknown, debtors = unknown_kinds(desk, unit, items)
        return Standing(
            administration=desk.id,
            adapter=str(desk.settings.source["adapter"]),
            state=unit.books.state(),
            distrust=distrust,
            mode=mode,
            sums=_sums(items, today),
            unknown_kinds=unknown,
            debtors=debtors,
            waiting={status: sum(row.status is status for row in rows) for status in _LIVE},
            asked=len(unit.tasks.open()) + len(reasons),
            sent_today=sum(day == today for day in sent),
            sent_this_week=sum(monday <= day <= today for day in sent),
        )


def queue_of(
    desk: Administration, statuses: Collection[ActionStatus] | None = None
) -> list[ActionRow]:
    """Return the actions in these states; None: those that are not over yet."""
    return _read(desk, lambda unit: unit.ledger.find(status=tuple(statuses or _LIVE)))


def deliveries_of(desk: Administration, action: str) -> list[DeliveryRow]:
    """Return the channels of one action, sorted by name."""
    return _read(desk, lambda unit: unit.ledger.deliveries(action))


def documents_of(desk: Administration, action: str) -> Mapping[str, str]:
    """Return the SHA-256 of what went out, per channel of one action."""
    return {d.channel: d.document for d in deliveries_of(desk, action) if d.document is not None}


def letters_of(desk: Administration) -> list[tuple[ActionRow, DeliveryRow]]:
    """Return the letters of the newest print list, with the actions that they belong to."""
    return _read(desk, newest_letters)


def newest_letters(unit: Unit, actions: Sequence[str] = ()) -> list[tuple[ActionRow, DeliveryRow]]:
    """Return the letters of these actions; without any those of the newest print list."""
    found = [
        (row, delivery)
        for row in unit.ledger.find(status=ActionStatus.DELIVERED, ids=actions or None)
        for delivery in unit.ledger.deliveries(row.id)
        if delivery.channel == ChannelName.POST and delivery.dispatched_on is not None
    ]
    newest = max((letter.dispatched_on or date.min for _, letter in found), default=None)
    return [pair for pair in found if actions or pair[1].dispatched_on == newest]


def tasks_of(desk: Administration, *, attention: bool) -> list[TaskRow]:
    """Return the open tasks: the points of attention, or the calls and other tasks."""
    rows = _read(desk, lambda unit: unit.tasks.open())
    return [row for row in rows if (row.kind is TaskKind.ATTENTION) == attention]


def attention_of(desk: Administration) -> list[Reason]:
    """Return why nothing may leave on these books at this moment; empty when all is well."""
    _, without = _mode(desk)
    return list(without or _read(desk, lambda unit: _distrust(desk, unit)))


def holds_of(desk: Administration, *, lifted: bool = False) -> list[HoldView]:
    """Return the holds by date, each with what it is about."""
    return _read(
        desk, lambda unit: [_hold(desk, unit, row) for row in unit.holds.list(lifted=lifted)]
    )


def hold_view(desk: Administration, row: HoldRow) -> HoldView:
    """Return the hold with what it is about."""
    return _read(desk, lambda unit: _hold(desk, unit, row))


def journal_of(desk: Administration, subject: str | None = None) -> list[Entry]:
    """Return the entries of the journal, of one subject or all, in order.

    Args:
        desk: The administration.
        subject: An id as the journal has it, or an invoice number or debtor: then of its items and
            of the actions about them.
    """
    return _read(desk, lambda unit: _entries(unit, subject))


def _entries(unit: Unit, subject: str | None) -> list[Entry]:
    found = unit.journal.entries(subject)
    if found or subject is None:
        return found
    everything = ItemQuery(states=tuple(ItemState))
    ids = {item.id for item in unit.books.items(everything) if subject in (item.number, item.party)}
    about = {row.id for row in unit.ledger.find() if any(i.id in ids for i in row.action.items)}
    return [entry for entry in unit.journal.entries() if entry.subject in ids | about]


def verify_journal(desk: Administration) -> Verification:
    """Return what recomputing the chain of the journal found."""
    return _read(desk, lambda unit: unit.journal.verify())


def _read(desk: Administration, ask: Callable[[Unit], T]) -> T:
    with desk.office.store.unit(desk.id, reading=True) as unit:
        return ask(unit)


def _hold(desk: Administration, unit: Unit, row: HoldRow) -> HoldView:
    item = None if row.hold.item is None else unit.books.item(row.hold.item)
    ref = row.hold.party if item is None else item.party
    party = None if ref is None else unit.books.party(ref)
    return HoldView(
        administration=desk.id,
        row=row,
        number=None if item is None else item.number,
        party=ref,
        party_name=party.name if party else None,
    )


def _mode(desk: Administration) -> tuple[Mode | None, tuple[Reason, ...]]:
    """Return the mode of the policy in force, or why there is none."""
    try:
        return desk.policy.mode, ()
    except PolicyError as error:
        return None, (Reason("policy_none_in_force", {"error": error.code}),)


def _distrust(desk: Administration, unit: Unit) -> tuple[Reason, ...]:
    return tuple(Reason(point.code, point.facts) for point in trust_points(desk, unit))


def _sums(rows: Sequence[ItemRow], today: date) -> tuple[Sum, ...]:
    found: dict[tuple[Ledger, str], list[ItemRow]] = {}
    for row in rows:
        found.setdefault((row.ledger, row.open.currency), []).append(row)
    return tuple(
        Sum(
            ledger=ledger,
            amount=sum((r.open for r in own), start=Money.zero(currency)),
            overdue=sum(
                (r.open for r in own if r.due is not None and r.due < today),
                start=Money.zero(currency),
            ),
            count=len(own),
        )
        for (ledger, currency), own in sorted(found.items(), key=lambda pair: pair[0])
    )
