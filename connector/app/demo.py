"""The demo: three invented firms, ten weeks on a set clock, and a bookkeeper who approves.

Everything is real but the world: books are written and pulled, letters are made and go to
folders, a dossier is built. What happened comes back as a story for the command to print.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from connector.app.demo_shelves import Shelf, found, open_shelves
from connector.core.actions import Action, ActionStatus
from connector.core.policy.model import StepKind
from connector.core.snapshot import Hold, HoldReason
from connector.flow.act import Acted, act
from connector.flow.approve import approve, finish_task
from connector.flow.office import Administration, Office
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.flow.seek import find_item
from connector.port.money import Money
from connector.port.plugin import Plugin
from connector.testkit.books import Books
from connector.testkit.firms import Firm

FIRST: Final = date(2026, 9, 7)
LAST: Final = date(2026, 11, 20)
AGENCY: Final = "voorbeeld-incasso"
_BY: Final = "demo"
_ANSWERS: Final = {0: ("demo_principal_only", 25), 2: ("demo_notice_paid", 8)}
"""What follows the first and the third statutory notice, and how many days later."""
_DAYS: Final = (0, 2, 4)  # Monday, Wednesday, Friday

OpenOffice = Callable[[Path, datetime], AbstractContextManager[Office]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something worth telling: a code of the catalogue with its facts."""

    on: date
    firm: str
    code: str
    facts: dict[str, object]


@dataclass(slots=True, kw_only=True)
class Week:
    """What one week came to, all firms together."""

    begins: date
    mails: int = 0
    letters: int = 0
    calls: int = 0
    handovers: int = 0
    withdrawn: int = 0
    settled: int = 0


@dataclass(slots=True, kw_only=True)
class Story:
    """What the demo came to."""

    folder: Path
    weeks: list[Week] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    items: int = 0
    payables: int = 0
    dossier: Path | None = None
    open_at_end: tuple[Money, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Scene:
    """One firm on one day."""

    day: date
    shelf: Shelf
    desk: Administration
    story: Story
    done: set[str]

    @property
    def firm(self) -> Firm:
        """Whose books they are."""
        return self.shelf.firm

    @property
    def books(self) -> Books:
        """What will happen to them."""
        return self.shelf.books

    def tell(self, code: str, **facts: object) -> None:
        """Add an event to the story; each code is told once per firm."""
        self.done.add(f"{self.firm.id}:{code}")
        self.story.events.append(Event(on=self.day, firm=self.firm.name, code=code, facts=facts))

    def is_told(self, code: str) -> bool:
        """Whether the firm has had this event."""
        return f"{self.firm.id}:{code}" in self.done


def play(
    folder: Path,
    open_office: OpenOffice,
    plugins: Mapping[str, Plugin],
    *,
    progress: Callable[[date], None],
) -> Story:
    """Play the weeks in a folder and return what happened.

    Args:
        folder: An empty folder; configuration, books, store and outbox are made in it.
        open_office: Opens the configuration at an instant.
        plugins: The adapters, with the simulators of their packages.
        progress: Told each day before it is played.
    """
    story = Story(folder=folder)
    with open_shelves(folder, plugins, FIRST, LAST) as shelves:
        config = found(folder, shelves, agency=AGENCY)
        done: set[str] = set()
        for day in _days():
            progress(day)
            if not story.weeks or story.weeks[-1].begins + timedelta(days=7) <= day:
                story.weeks.append(Week(begins=day))
            _play_day(story, shelves, done, (config, open_office), day)
        _count(story, [shelf.books for shelf in shelves])
    return story


def _play_day(
    story: Story,
    shelves: Sequence[Shelf],
    done: set[str],
    opening: tuple[Path, OpenOffice],
    day: date,
) -> None:
    config, open_office = opening
    for shelf in shelves:
        shelf.begin(_at(day))
        shelf.deliver(day)
    with open_office(config, _at(day)) as office:
        for shelf in shelves:
            desk = office.administration(shelf.firm.id)
            shelf.connect(desk)
            shelf.print_invoices(office, day)
            _one_day(_Scene(day=day, shelf=shelf, desk=desk, story=story, done=done))


def _days() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        if day.weekday() in _DAYS:
            yield day
        day += timedelta(days=1)


def _at(day: date) -> datetime:
    """Return half past nine in the morning, Dutch time or near it, as an instant."""
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)


def _one_day(scene: _Scene) -> None:
    """Pull, plan, approve, act; and let a few things happen in between."""
    desk, week = scene.desk, scene.story.weeks[-1]
    report = pull(desk)
    week.settled += sum(counts.closed for counts in report.counts.values())
    with desk.office.store.unit(desk.id) as unit:
        unit.books.confirm_bank(scene.day, _BY)
    _end_calls(scene)
    made = propose(desk)
    _hold_something(scene)
    made = propose(desk) or made
    waiting = approve(desk, by=_BY)
    for left in waiting.left:
        if left.code == "seen_one_by_one":
            approve(desk, [left.id], by=_BY)
    _pay_after_approval(scene)
    _tally(scene, act(desk))


def _tally(scene: _Scene, acted: Acted) -> None:
    week = scene.story.weeks[-1]
    for outcome in acted.delivered:
        action = outcome.row.action
        if action.kind is StepKind.HAND_OVER:
            week.handovers += 1
            _tell_handover(scene, action.party_name, outcome.row.id, action.total)
        if action.kind is StepKind.STATUTORY_NOTICE:
            _answer_notice(scene, action)
        if action.kind.is_message or action.kind is StepKind.HAND_OVER:
            week.mails += not {"email", "package"}.isdisjoint(action.via)
            week.letters += "post" in action.via
    week.calls += sum(stayed.code == "task_open" for stayed in acted.waiting)
    week.withdrawn += len(acted.withdrawn)
    if (
        acted.withdrawn
        and scene.is_told("demo_paid_in_time")
        and not scene.is_told("demo_not_sent")
    ):
        scene.tell("demo_not_sent", count=len(acted.withdrawn))


def _tell_handover(scene: _Scene, name: str, action: str, total: Money) -> None:
    folder = scene.desk.office.settings.agencies[AGENCY].deliver.folder / AGENCY
    found = sorted(folder.glob(f"*{action}*.zip"))
    if found:
        scene.story.dossier = found[-1]
    scene.tell("demo_handed_over", name=name, total=total, file=found[-1].name if found else "")


def _answer_notice(scene: _Scene, action: Action) -> None:
    """Tell of a statutory notice; one debtor pays the principal alone, another pays in the term."""
    costs = action.charges.announced if action.charges else None
    before = sum(event.code == "demo_notice" for event in scene.story.events)
    scene.tell("demo_notice", name=action.party_name, principal=action.total, costs=costs)
    if before in _ANSWERS:
        code, days = _ANSWERS[before]
        on = scene.day + timedelta(days=days)
        for item in action.items:
            scene.books.pay(item.number, on)
        scene.tell(code, name=action.party_name, on=on, costs=costs)


def _end_calls(scene: _Scene) -> None:
    """Let the bookkeeper call whoever was on the list, and write down what was said."""
    desk = scene.desk
    with desk.office.store.unit(desk.id, reading=True) as unit:
        calls = [task for task in unit.tasks.open() if task.kind.value == "call"]
    for task in calls:
        finish_task(desk, task.id, "Niet bereikt; voicemail ingesproken.", by=_BY)
        if not scene.is_told("demo_called"):
            scene.tell("demo_called", name=str(task.facts.get("name")))


def _hold_something(scene: _Scene) -> None:
    """Let debtors dispute, promise and keep or break their word, once each."""
    for code, reason, habits, days in (
        ("demo_dispute", HoldReason.DISPUTE, ("forgetful", "slow"), 21),
        ("demo_promise_kept", HoldReason.PROMISE, ("slow", "in_parts"), 9),
        ("demo_promise_broken", HoldReason.PROMISE, ("never",), 7),
    ):
        if scene.is_told(code) or scene.day < FIRST + timedelta(days=14):
            continue
        number = _reminded(scene, habits)
        if number is None:
            continue
        until = scene.day + timedelta(days=days)
        name = _put_on_hold(scene, number, reason, until)
        if code == "demo_promise_kept":
            scene.books.pay(number, until - timedelta(days=1))
        scene.tell(code, name=name, number=number, until=until)
        return
    _credit_something(scene)


def _reminded(scene: _Scene, habits: Sequence[str]) -> str | None:
    """Return an invoice about which a message went out, open, of a debtor with such habits."""
    desk = scene.desk
    taken = {str(event.facts.get("number")) for event in scene.story.events}
    with desk.office.store.unit(desk.id, reading=True) as unit:
        for row in unit.ledger.find(status=ActionStatus.DELIVERED):
            for item in row.action.items:
                found = next((i for i in scene.books.invoices if i.number == item.number), None)
                is_open = found is not None and found.open_on(scene.day + timedelta(days=3)) > 0
                if found and is_open and found.party.habit in habits and item.number not in taken:
                    return item.number
    return None


def _put_on_hold(scene: _Scene, number: str, reason: HoldReason, until: date) -> str:
    desk = scene.desk
    notes = {HoldReason.DISPUTE: "Zegt dat de helft van de levering beschadigd was."}
    item = find_item(desk.office, number, desk.id).row
    hold = Hold(id="", item=item.id, party=None, reason=reason, until=until, owner=_BY)
    with desk.office.store.unit(desk.id, durable=True) as unit:
        unit.holds.add(hold, by=_BY, note=notes.get(reason, "Telefonisch toegezegd."))
    return item.party_name


def _credit_something(scene: _Scene) -> None:
    """Let one invoice be credited in part, so that a letter asks for the rest."""
    if scene.is_told("demo_credit") or scene.firm.id != "atelier" or scene.day.month < 10:
        return
    for invoice in scene.books.invoices:
        late = invoice.due < scene.day < invoice.due + timedelta(days=20)
        if late and invoice.document == "invoice" and invoice.open_on(scene.day) > 100:
            amount = Decimal("50.00")
            name = scene.books.credit(invoice.number, scene.day, amount)
            money = Money(amount, invoice.party.currency)
            scene.tell(
                "demo_credit",
                name=invoice.party.name,
                number=invoice.number,
                credit=name,
                amount=money,
            )
            return


def _pay_after_approval(scene: _Scene) -> None:
    """Let a debtor pay between approval and sending: nothing may leave."""
    if scene.is_told("demo_paid_in_time") or scene.day < FIRST + timedelta(days=7):
        return
    desk = scene.desk
    with desk.office.store.unit(desk.id, reading=True) as unit:
        approved = unit.ledger.find(status=ActionStatus.APPROVED)
    if not approved:
        return
    action = approved[0].action
    for item in action.items:
        scene.books.pay(item.number, scene.day - timedelta(days=1))
    scene.shelf.deliver(scene.day)
    scene.tell(
        "demo_paid_in_time", name=action.party_name, numbers=[i.number for i in action.items]
    )


def _count(story: Story, books: Sequence[Books]) -> None:
    story.items = sum(len(one.invoices) for one in books)
    story.payables = sum(len(one.payables) for one in books)
    sums: dict[str, Decimal] = {}
    for one in books:
        for invoice in one.invoices:
            if invoice.issued <= LAST:
                currency = invoice.party.currency
                sums[currency] = sums.get(currency, Decimal(0)) + invoice.open_on(LAST)
    story.open_at_end = tuple(Money(amount, currency) for currency, amount in sorted(sums.items()))
