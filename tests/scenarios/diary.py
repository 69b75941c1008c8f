"""A debtor's file, day by day: plan, deliver what was planned, go to the next day.

It does in memory what the store and the channels do: a delivered step becomes the item's position,
its term runs from receipt, what it brings about in law is kept, and what is handed over is frozen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from connector.core.actions import Action
from connector.core.charges import Charge, Notice
from connector.core.deadlines import deadline, received_on
from connector.core.effects import Key, charges_of, notices_of
from connector.core.evaluate import evaluate
from connector.core.plan import plan
from connector.core.policy.model import Duration, Policy, StepKind
from connector.core.proposal import Plan
from connector.core.snapshot import Hold, Item, Party, Position
from connector.port.records import ItemId, PartyRef
from tests.core.make_core import LAW, snapshot

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)


def everything(action: Action) -> bool:
    """Approve every action."""
    return True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story: what happened to one item on a day."""

    on: date
    number: str
    step: str


class Diary:
    """The file of some debtors."""

    def __init__(
        self,
        by: Policy,
        *items: Item,
        parties: Iterable[Party] = (),
        holds: Iterable[Hold] = (),
        **ledger: Any,
    ) -> None:
        self.policy = by
        self.items: dict[ItemId, Item] = {item.id: item for item in items}
        self.parties = tuple(parties)
        self.holds: list[Hold] = list(holds)
        self.ledger: Mapping[str, Any] = ledger
        self.contacts: dict[PartyRef, date] = {}
        self.notices: list[Notice] = []
        self.charges: dict[Key, Charge] = {}
        self.before: dict[tuple[str, ItemId], Position | None] = {}
        self.lines: list[Line] = []
        self.sent: list[tuple[date, Action]] = []

    def plan(self, on: date, rearrange: Callable[[list[Item]], None] | None = None) -> Plan:
        """Return what the policy proposes on the day; nothing is kept of it."""
        items = list(self.items.values())
        if rearrange is not None:
            rearrange(items)
        ledger = snapshot(
            *items,
            parties=self.parties,
            holds=tuple(self.holds),
            last_contact=dict(self.contacts),
            charges=_by_party(self.charges.values()),
            notices=_by_party(self.notices),
            **self.ledger,
        )
        return plan(evaluate(ledger, self.policy, LAW, on), self.policy, on)

    def run(
        self,
        start: date,
        through: date,
        approved: Callable[[Action], bool] = everything,
    ) -> "Diary":
        """Let the days go by; what is planned on a business day is delivered that day."""
        day = start
        while day <= through:
            made = self.look(day)
            if day.weekday() < 5:
                for action in made.actions:
                    if approved(action):
                        self.deliver(action, day)
            day += DAY
        return self

    def look(self, on: date) -> Plan:
        """Return the plan of the day, and keep what it found out about charges."""
        made = self.plan(on)
        self.charges |= {change.charge.key: change.charge for change in made.charges}
        return made

    def deliver(self, action: Action, on: date) -> None:
        """Record that the action was delivered at ten in the morning."""
        self.sent.append((on, action))
        if action.kind.is_message:
            self.contacts[action.party] = on
        received, ends = self._term(action, on)
        self._keep_effects(action, on, received, ends)
        for planned in action.items:
            item = self.items[planned.id]
            self.before[action.id, planned.id] = item.position
            kept = item.position.deadline if item.position else None
            self.lines.append(Line(on, planned.number, planned.step))
            self.items[planned.id] = replace(
                item,
                position=Position(
                    track=action.track,
                    step=planned.step,
                    delivered_on=on,
                    deadline=ends if action.kind.is_message else kept,
                ),
                last_demand_on=on if action.kind.is_message else item.last_demand_on,
                handed_over=action.kind is StepKind.HAND_OVER,
            )

    def change(self, number: str, **fields: Any) -> None:
        """Let the books say something else about an item."""
        key = next(key for key, item in self.items.items() if item.number == number)
        self.items[key] = replace(self.items[key], **fields)

    def remove(self, number: str) -> None:
        """Let the books no longer report an item as open."""
        self.items = {key: item for key, item in self.items.items() if item.number != number}

    def story(self) -> list[str]:
        """Return what happened, as `2026-11-09 F1 herinnering`."""
        return [f"{line.on} {line.number} {line.step}" for line in self.lines]

    def came_back(self, step: str) -> None:
        """Let the last message of a step turn out not to have arrived: it never counted."""
        _, gone = next(entry for entry in reversed(self.sent) if entry[1].step == step)
        self.notices = [one for one in self.notices if one.action != gone.id]
        self.charges = {key: one for key, one in self.charges.items() if one.action != gone.id}
        for planned in gone.items:
            self.items[planned.id] = replace(
                self.items[planned.id], position=self.before[gone.id, planned.id]
            )

    def charged(self, number: str = "F1") -> list[str]:
        """Return what an item is charged with, as `costs due 40.00`."""
        found = (one for one in self.charges.values() if one.number == number)
        return sorted(f"{one.kind} {one.state} {one.amount.amount}" for one in found)

    def _keep_effects(self, action: Action, on: date, received: date, ends: date | None) -> None:
        made = notices_of(action, on=on, received=received, ends=ends, guards=self.policy.guards)
        self.notices += made
        self.charges |= {one.key: one for one in charges_of(action, on, self.charges)}

    def _term(self, action: Action, on: date) -> tuple[date, date | None]:
        """Return the day of the latest receipt, and the last day of the term from it."""
        at = datetime(on.year, on.month, on.day, 10, tzinfo=AMSTERDAM).astimezone(UTC)
        days = [received_on(c, at, self.policy.guards, AMSTERDAM) for c in action.via]
        received = max(days, default=on)
        if action.term_days is None:
            return received, None
        term = Duration(action.term_days, business=action.term_business)
        return received, deadline(received, term, self.policy.guards)


T = TypeVar("T", Charge, Notice)


def _by_party(found: Iterable[T]) -> dict[PartyRef, tuple[T, ...]]:
    grouped: dict[PartyRef, list[T]] = {}
    for one in found:
        grouped.setdefault(one.party, []).append(one)
    return {ref: tuple(of_party) for ref, of_party in grouped.items()}
