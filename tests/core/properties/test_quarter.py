"""What holds through weeks of plans and deliveries, whatever the books."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from connector.core.actions import Action
from connector.core.policy.model import Policy
from connector.core.snapshot import Hold, Item
from tests.core.properties.books import SLOW, START, books, people
from tests.scenarios.diary import Diary, Line

Drawn = tuple[Policy, list[Item], list[Hold]]
QUARTER = START + timedelta(days=90)


def lived(drawn: Drawn, *, skip: frozenset[int] = frozenset()) -> Diary:
    """Let a quarter go by; on some days of it the machine is off."""
    by, items, held = drawn
    diary = Diary(by, *items, parties=people(), holds=held)
    for day in range(91):
        if day not in skip:
            on = START + timedelta(days=day)
            diary.run(on, on)
    return diary


outages = st.frozensets(st.integers(0, 90), max_size=60)


@SLOW
@given(books(), outages)
def test_no_step_is_delivered_twice(drawn: Drawn, off: frozenset[int]) -> None:
    diary = lived(drawn, skip=off)
    begun = [(i.number, i.position.step) for i in drawn[1] if i.position]
    done = Counter([(line.number, line.step) for line in diary.lines] + begun)

    assert set(done.values()) <= {1}


@SLOW
@given(books(), outages)
def test_no_step_is_skipped_but_those_before_the_due_date(
    drawn: Drawn, off: frozenset[int]
) -> None:
    by, items, _ = drawn
    diary = lived(drawn, skip=off)
    for item in items:
        mine = [(action.track, line.step) for action, line in _of(diary, item)]
        if item.position is not None:
            mine.insert(0, (item.position.track, item.position.step))
        for (track, before), (_, after) in pairwise(mine):
            names = _ladder(by, track)
            between = names[names.index(before) + 1 : names.index(after)]
            assert all(_lapses(by, track, name) for name in between)


@SLOW
@given(books(untouched=True), outages)
def test_item_that_the_package_never_reminded_starts_at_its_first_step(
    drawn: Drawn, off: frozenset[int]
) -> None:
    by, items, _ = drawn
    diary = lived(drawn, skip=off)
    for item in items:
        for action, line in _of(diary, item)[:1]:
            names = _ladder(by, action.track)
            missed = names[: names.index(line.step)]
            plain = [name for name in missed if not _lapses(by, action.track, name)]

            assert len(plain) <= item.reminders_sent


@SLOW
@given(books(), outages)
def test_messages_to_a_debtor_keep_their_distance(drawn: Drawn, off: frozenset[int]) -> None:
    diary = lived(drawn, skip=off)
    spacing = timedelta(days=drawn[0].guards.contact_spacing.days)
    last: dict[str, date] = {}
    for on, action in diary.sent:
        if action.kind.is_message:
            assert on - last.get(action.party, date.min) >= spacing
            last[action.party] = on


@SLOW
@given(books(), outages)
def test_demands_on_an_item_keep_their_distance(drawn: Drawn, off: frozenset[int]) -> None:
    diary = lived(drawn, skip=off)
    gap = timedelta(days=drawn[0].guards.minimum_gap.days)
    last = {i.id: i.last_demand_on for i in drawn[1] if i.last_demand_on}
    for on, action in diary.sent:
        for line in action.items if action.kind.is_message else ():
            assert on - last.get(line.id, date.min) >= gap
            last[line.id] = on


@SLOW
@given(books())
def test_no_demand_in_a_quiet_window(drawn: Drawn) -> None:
    for on, action in lived(drawn).sent:
        if drawn[0].guards.quiet and action.kind.is_message:
            assert not date(2026, 12, 21) <= on <= date(2027, 1, 3)


@SLOW
@given(books())
def test_nothing_follows_before_the_term_and_the_bank_margin_are_over(drawn: Drawn) -> None:
    by, items, _ = drawn
    diary = lived(drawn)
    for item in items:
        ends: date | None = None
        for action, line in _of(diary, item):
            step = next(s for t in by.tracks for s in t.ladder if s.step == line.step)
            if ends is not None and step.at.kind == "deadline":
                assert line.on > ends
            ends = _end_of_term(action, line.on) or ends


@SLOW
@given(books())
def test_what_is_handed_over_is_frozen(drawn: Drawn) -> None:
    frozen: set[str] = set()
    for _, action in lived(drawn).sent:
        assert frozen.isdisjoint(line.number for line in action.items)
        assert frozen.isdisjoint(line.number for line in action.also_open)
        if action.kind == "hand_over":
            frozen |= {line.number for line in action.items}


@SLOW
@given(books(), st.integers(0, 60))
def test_debtor_that_pays_hears_no_more(drawn: Drawn, after: int) -> None:
    by, items, held = drawn
    diary = Diary(by, *items, parties=people(), holds=held)
    paid_on = START + timedelta(days=after)
    diary.run(START, paid_on - timedelta(days=1))
    diary.remove("F0")
    diary.run(paid_on, QUARTER)

    assert all(line.on < paid_on for line in diary.lines if line.number == "F0")


@SLOW
@given(books())
def test_first_run_stays_within_its_number_per_day(drawn: Drawn) -> None:
    per_day = Counter(
        on for on, action in lived(drawn).sent if action.first_run and action.kind.is_message
    )

    assert max(per_day.values(), default=0) <= drawn[0].guards.first_run_per_day


def _of(diary: Diary, item: Item) -> list[tuple[Action, Line]]:
    return [
        (action, Line(on, line.number, line.step))
        for on, action in diary.sent
        for line in action.items
        if line.id == item.id
    ]


def _end_of_term(action: Action, on: date) -> date | None:
    return None if action.term_days is None else on + timedelta(days=action.term_days)


def _ladder(by: Policy, track: str) -> list[str]:
    return [step.step for t in by.tracks if t.name == track for step in t.ladder]


def _lapses(by: Policy, track: str, name: str) -> bool:
    return any(
        step.at.before_due for t in by.tracks if t.name == track for step in t.ladder
        if step.step == name
    )  # fmt: skip
