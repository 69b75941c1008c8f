"""Passes that read everything: stopped, they go on; and what is missing is closed after one alone."""

import json

from adapters.moneybird.endpoints import Resource
from connector.port.errors import RateLimitError
from connector.port.records import Kind
from tests.adapters.moneybird.reading import (
    FIRST,
    FakeSource,
    Told,
    adapter_of,
    contact,
    external,
    pull,
    run,
    sales,
)

SPENT = RateLimitError("budget_spent", after=60)
ENOUGH = 60  # pulls; a loop that needs more does not end


def books(count: int) -> FakeSource:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n) for n in range(count)))
    return source


def stopped(source: FakeSource, cursor: str | None = None, *, at: int, **wishes: bool) -> Told:
    """Pull until the budget is spent at a request."""
    source.calls.clear()
    source.faults = {at: SPENT}
    told = run(adapter_of(source), cursor, **wishes)
    source.faults = {}
    assert told.error is SPENT
    return told


def lost(source: FakeSource) -> str:
    """Return a cursor of these books that can't be read any more."""
    return pull(source).cursor[:-9]


def snapshots(told: Told) -> list[bool]:
    return [told.ends[kind].snapshot for kind in (Kind.RECEIVABLES, Kind.PAYABLES)]


def test_full_pull_that_was_stopped_goes_on_where_it_was() -> None:
    source = books(450)
    cursor = pull(source).cursor
    first = stopped(source, cursor, at=4, full=True)

    rest = pull(source, first.checkpoints[-1], full=True)

    assert (len(first.items), len(rest.items)) == (200, 250)
    assert not first.items.keys() & rest.items.keys()


def test_full_pull_ends_though_every_try_is_stopped() -> None:
    source = books(2_000)
    cursor, seen = pull(source).cursor, set[str]()

    for _ in range(ENOUGH):
        source.calls.clear()
        source.faults = {8: SPENT}
        told = run(adapter_of(source), cursor, full=True)
        seen.update(told.items)
        if told.end is not None:
            break
        cursor = told.checkpoints[-1]

    assert len(seen) == 2_000
    assert told.end is not None


def test_ordinary_pull_goes_on_with_a_full_one() -> None:
    source = books(450)
    first = stopped(source, pull(source).cursor, at=4, full=True)

    rest = pull(source, first.checkpoints[-1])
    idle = pull(source, rest.cursor)

    assert (len(rest.items), len(idle.items)) == (250, 0)


def test_full_pull_after_a_full_one_that_ended_reads_everything_again() -> None:
    source = books(450)
    first = stopped(source, pull(source).cursor, at=4, full=True)
    cursor = pull(source, first.checkpoints[-1]).cursor

    assert len(pull(source, cursor, full=True).items) == 450


def test_rest_of_a_full_pull_is_no_snapshot() -> None:
    source = books(450)
    first = stopped(source, pull(source).cursor, at=4, full=True)

    assert snapshots(pull(source, first.checkpoints[-1], full=True)) == [False, False]


def test_full_pull_tells_each_party_again_though_it_was_stopped() -> None:
    source = books(150)
    late = contact(77)
    source.add(Resource.SALES, *(sales(FIRST + 900 + n, contact=late) for n in range(100)))
    first = stopped(source, pull(source).cursor, at=3, full=True)

    rest = pull(source, first.checkpoints[-1])

    assert ([*first.parties], [*rest.parties]) == (["10"], ["77"])


def test_first_pull_that_was_stopped_reads_nothing_twice() -> None:
    source = books(450)
    first = stopped(source, at=5)

    rest = pull(source, first.checkpoints[-1])
    idle = pull(source, rest.cursor)

    assert (len(first.items), len(rest.items), len(idle.items)) == (200, 250, 0)


def test_snapshot_that_is_owed_after_a_lost_cursor_is_paid_by_a_pass_of_its_own() -> None:
    source = books(450)
    first = stopped(source, lost(source), at=5)
    second = pull(source, first.checkpoints[-1])

    third = pull(source, second.cursor)
    fourth = pull(source, third.cursor)

    assert (len(second.items), snapshots(second)) == (250, [False, False])
    assert (len(third.items), snapshots(third)) == (450, [True, True])
    assert (len(fourth.items), snapshots(fourth), fourth.doubts) == (0, [False, False], [])


def test_pass_that_pays_and_is_stopped_still_owes() -> None:
    source = books(450)
    cursor = pull(source, stopped(source, lost(source), at=4).checkpoints[-1]).cursor
    paying = stopped(source, cursor, at=5)
    cursor = pull(source, paying.checkpoints[-1]).cursor

    assert snapshots(pull(source, cursor)) == [True, True]


def test_snapshot_is_owed_until_a_pass_is_complete() -> None:
    source = books(450)
    cursor = pull(source, stopped(source, lost(source), at=4).checkpoints[-1]).cursor
    source.unlisted.update(FIRST + n for n in range(100))
    doubtful = pull(source, cursor)
    source.unlisted.clear()

    told = pull(source, doubtful.cursor)

    assert (doubtful.ends[Kind.RECEIVABLES].complete, snapshots(told)) == (False, [True, True])


def test_more_than_one_window_holds_is_told_to_be_owed() -> None:
    source = books(11_700)
    source.add(Resource.EXTERNAL, external())
    cursor = pull(source, stopped(source, lost(source), at=9).checkpoints[-1]).cursor

    told = pull(source, cursor)

    assert (told.doubts, told.items) == (["moneybird.snapshot_owed"], {})
    assert snapshots(told) == [False, False]


def test_full_pull_that_ends_in_one_go_pays_whatever_its_size() -> None:
    source = books(11_700)
    source.add(Resource.EXTERNAL, external())
    cursor = pull(source, stopped(source, lost(source), at=9).checkpoints[-1]).cursor
    full = pull(source, cursor, full=True)

    told = pull(source, full.cursor)

    assert (snapshots(full), told.doubts) == ([True, True], [])


def test_cursor_of_before_owes_nothing() -> None:
    source = books(3)
    head = json.loads(pull(source).cursor)
    del head["rereading"], head["owes_snapshot"]

    told = pull(source, json.dumps(head))

    assert (told.items, snapshots(told)) == ({}, [False, False])
