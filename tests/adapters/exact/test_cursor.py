"""Where the next pull goes on."""

import json
from datetime import UTC, date, datetime

import pytest

from adapters.exact.control import Sum, Way
from adapters.exact.cursor import Cursor, Stage, Stream
from adapters.exact.terms import Signs
from tests.adapters.exact.wire import DIVISION


def full() -> Cursor:
    return Cursor(
        division=DIVISION, stage=Stage.DELTA, era=5, terms=Stream(10, "a"),
        late={"e1": None}, again=7, daily_on=date(2026, 11, 26),
        deleted_at=datetime(2026, 11, 26, 9, tzinfo=UTC), moved="x", own="USD",
        signs=(Signs(1, -1), Signs(-1, 1)), sums={"R:EUR": Sum(1, 2, 3)},
        ways={"R": Way(1, True, False)}, agreed=False, differ_since=date(2026, 11, 25),
        is_full_wanted=True, is_unclosed=True, began=9, held={"e2": None},
    )  # fmt: skip


def test_cursor_comes_back_as_it_was() -> None:
    assert Cursor.read(full().write(), DIVISION) == full()


def test_new_cursor_comes_back_as_it_was() -> None:
    assert Cursor.read(Cursor(division=DIVISION).write(), DIVISION) == Cursor(division=DIVISION)


def test_cursor_of_another_division_is_none() -> None:
    assert Cursor.read(full().write(), 1) is None


@pytest.mark.parametrize("text", ["", "x", "null", "[]", "{}", '{"v":1}', '{"v":99,"seal":""}'])
def test_damaged_cursor_is_none(text: str) -> None:
    assert Cursor.read(text, DIVISION) is None


def test_cursor_that_was_changed_by_hand_is_none() -> None:
    head = json.loads(full().write())
    head["terms"][0] = 10**15

    assert Cursor.read(json.dumps(head), DIVISION) is None


@pytest.mark.parametrize("after", [0, -1, 2**63])
def test_timestamp_that_is_none_makes_no_cursor(after: int) -> None:
    cursor = full()
    cursor.terms.after = after

    assert Cursor.read(cursor.write(), DIVISION) is None


def test_full_pass_that_breaks_tells_all_again() -> None:
    cursor = full()
    cursor.stage = Stage.FULL

    found = Cursor.read(cursor.write(), DIVISION)

    assert found is not None
    assert found.late == {}


def test_restart_reads_everything_and_keeps_what_was_learnt() -> None:
    cursor = full()

    cursor.restart(Stage.FULL, 3)

    assert (cursor.era, cursor.terms, cursor.sums, cursor.again) == (6, Stream(), {}, None)
    assert (cursor.signs, cursor.ways, cursor.own) == (full().signs, full().ways, "USD")
