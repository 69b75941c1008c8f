"""Which step comes next, and when its moment is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from connector.core.days import Calendar
from connector.core.ladder import Rungs
from connector.core.policy.model import Guards, Track
from connector.core.snapshot import Item
from tests.core.make_core import TODAY, item, position, step, track

DUE = date(2026, 10, 23)  # a Friday
EVERY_DAY = {"business_days": "none", "bank_margin": "0d", "minimum_gap": "0d"}


def rungs(*ladder: Mapping[str, Any], **guards: Any) -> Rungs:
    rules = Guards.model_validate(EVERY_DAY | guards)
    calendar = Calendar.of(rules.business_days, rules.quiet)
    return Rungs(Track.model_validate(track(*ladder)), rules, calendar)


def moment(known: Rungs, about: Item, rung: int) -> date:
    return known.moment(about, about.due or DUE, rung).reached_on


def due(**fields: Any) -> Item:
    return item(due=DUE, issued=date(2026, 9, 23), **fields)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("due", date(2026, 10, 23)),
        ("due + 14d", date(2026, 11, 6)),
        ("due - 3d", date(2026, 10, 20)),
        ("due + 3 business days", date(2026, 10, 28)),
        ("due - 3 business days", date(2026, 10, 20)),
        ("invoice + 40d", date(2026, 11, 2)),
        ("month_end(due + 14d)", date(2026, 11, 30)),
        ("month_end(due)", date(2026, 10, 31)),
    ],
)
def test_anchor_of_a_first_step(at: str, expected: date) -> None:
    days = {"business_days": "NL"} if "business" in at else {}

    assert moment(rungs(step("een", at), **days), due(), 0) == expected


def test_invoice_without_a_date_counts_from_its_due_date() -> None:
    known = rungs(step("een", "invoice + 40d"))

    assert moment(known, item(due=DUE, issued=None), 0) == date(2026, 12, 2)


def test_previous_counts_from_the_delivery() -> None:
    known = rungs(step("een", "due"), step("twee", "previous + 14d"))
    late = due(position=position("een", date(2026, 11, 20)))

    assert moment(known, late, 1) == date(2026, 12, 4)


def test_previous_of_a_lapsed_step_counts_from_that_steps_own_moment() -> None:
    known = rungs(step("vooraf", "due - 3d"), step("een", "previous + 7d"))

    assert moment(known, due(), 1) == date(2026, 10, 27)


def test_previous_of_a_lapsed_step_after_a_delivered_one_counts_from_its_own_moment() -> None:
    known = rungs(
        step("lang-vooraf", "due - 10d"), step("vooraf", "due - 3d"), step("een", "previous + 7d")
    )
    announced = due(position=position("lang-vooraf", date(2026, 10, 13)))

    assert moment(known, announced, 2) == date(2026, 10, 27)


def test_previous_of_a_lapsed_invoice_step_counts_from_the_invoice() -> None:
    known = rungs(step("een", "invoice + 40d"), step("twee", "previous + 7d"))

    assert moment(known, due(reminders_sent=1), 1) == date(2026, 11, 9)


def test_deadline_counts_from_the_end_of_the_term_and_the_bank_margin() -> None:
    known = rungs(step("een", "due"), step("twee", "deadline + 1d"), bank_margin="2 business days",
                  business_days="NL")  # fmt: skip
    asked = due(position=position("een", date(2026, 11, 9), deadline=date(2026, 11, 16)))

    assert moment(known, asked, 1) == date(2026, 11, 19)


def test_call_keeps_the_deadline_before_it() -> None:
    known = rungs(step("een", "due"), step("bellen", "deadline + 1d", "call"),
                  step("twee", "deadline + 8d"))  # fmt: skip
    called = due(position=position("bellen", date(2026, 11, 20), deadline=date(2026, 11, 16)))

    assert moment(known, called, 2) == date(2026, 11, 24)


def test_deadline_after_a_step_without_one_runs_its_term_from_the_delivery() -> None:
    known = rungs(step("een", "due"), step("twee", "deadline + 1d"))
    put_there = due(position=position("een", date(2026, 11, 9), deadline=None))

    assert moment(known, put_there, 1) == date(2026, 11, 17)


def test_moments_follow_one_another_when_nothing_was_ever_sent() -> None:
    known = rungs(
        step("een", "due + 1d"),
        step("bellen", "previous + 2d", "call"),
        step("twee", "deadline + 1d"),
        step("drie", "month_end(due + 30d)"),
    )

    assert [moment(known, due(), rung) for rung in range(4)] == [
        date(2026, 10, 24),
        date(2026, 10, 26),
        date(2026, 11, 1),
        date(2026, 11, 30),
    ]


def test_deadline_with_nothing_but_calls_before_it_counts_from_the_call() -> None:
    known = rungs(step("bellen", "due", "call"), step("een", "deadline + 1d"))

    assert moment(known, due(), 1) == date(2026, 11, 7)


def test_moment_falls_on_the_next_business_day() -> None:
    known = rungs(step("een", "due + 1d"), business_days="NL")

    assert moment(known, due(), 0) == date(2026, 10, 26)


def test_gap_between_two_demands_wins_over_the_anchor() -> None:
    known = rungs(step("een", "due"), step("twee", "due + 14d"), minimum_gap="7d")
    late = due(position=position("een", date(2026, 11, 5)), last_demand_on=date(2026, 11, 5))

    assert moment(known, late, 1) == date(2026, 11, 12)


@pytest.mark.parametrize("do", ["call", "hand_over"])
def test_gap_between_demands_is_no_matter_of_calls_and_handovers(do: str) -> None:
    known = rungs(step("een", "due"), step("twee", "due + 14d", do), minimum_gap="7d")
    late = due(position=position("een", date(2026, 11, 5)), last_demand_on=date(2026, 11, 5))

    assert moment(known, late, 1) == date(2026, 11, 6)


def test_moment_in_a_quiet_window_waits_for_its_end() -> None:
    known = rungs(step("een", "due"), quiet=[{"from": "10-20", "to": "10-31"}])

    assert moment(known, due(), 0) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 10, 20), 0), (DUE, 0), (date(2026, 10, 24), 1), (date(2027, 10, 24), 1)],
)
def test_step_before_the_due_date_lapses_only_once_that_has_passed(
    today: date, expected: int
) -> None:
    known = rungs(step("vooraf", "due - 3d"), step("een", "due + 4d"), step("twee", "due + 9d"))

    assert known.next_rung(due(), DUE, today) == expected


@pytest.mark.parametrize(("days", "expected"), [(20, 1), (30, 0), (40, 0)])
def test_step_from_the_invoice_lapses_too_when_its_moment_lies_before_the_due_date(
    days: int, expected: int
) -> None:
    known = rungs(step("vooraf", f"invoice + {days}d"), step("een", "due + 4d"))

    assert known.next_rung(due(), DUE, date(2026, 10, 24)) == expected


def test_next_step_is_the_one_after_the_position_however_late() -> None:
    known = rungs(step("een", "due"), step("twee", "due + 1d"), step("drie", "due + 2d"))
    begun = due(position=position("een", DUE))

    assert known.next_rung(begun, DUE, date(2028, 1, 1)) == 1


def test_ladder_ends_after_its_last_step() -> None:
    known = rungs(step("een", "due"))

    assert known.next_rung(due(position=position("een")), DUE, TODAY) == 1


def test_ladder_of_lapsed_steps_alone_is_exhausted() -> None:
    known = rungs(step("vooraf", "due - 3d"), step("vlak-vooraf", "due - 1d"))

    assert known.next_rung(due(), DUE, TODAY) == 2


def test_position_on_an_unknown_step_is_not_guessed() -> None:
    known = rungs(step("een", "due"))

    with pytest.raises(KeyError):
        known.next_rung(due(position=position("weg")), DUE, TODAY)


@pytest.mark.parametrize(("sent", "expected"), [(0, 0), (1, 1), (2, 2), (3, 2), (9, 2)])
def test_reminders_of_the_package_count_as_far_as_plain_reminders_go(
    sent: int, expected: int
) -> None:
    known = rungs(
        step("een", "due"),
        step("twee", "due + 1d"),
        step("drie", "due + 2d"),
        step("sommatie", "due + 3d", "final_demand"),
    )

    assert known.next_rung(due(reminders_sent=sent), DUE, TODAY) == expected


def test_reminders_of_the_package_do_not_step_over_a_call() -> None:
    known = rungs(step("een", "due"), step("bellen", "due + 1d", "call"), step("twee", "due + 2d"))

    assert known.next_rung(due(reminders_sent=2), DUE, TODAY) == 0


def test_reminders_of_the_package_never_exhaust_a_ladder() -> None:
    known = rungs(step("een", "due"), step("twee", "due + 1d"))

    assert known.next_rung(due(reminders_sent=5), DUE, TODAY) == 1


def test_reminders_of_the_package_do_not_move_what_we_already_wrote_about() -> None:
    known = rungs(step("een", "due"), step("twee", "due + 1d"), step("drie", "due + 2d"))
    begun = due(reminders_sent=2, position=position("een"))

    assert known.next_rung(begun, DUE, TODAY) == 1
