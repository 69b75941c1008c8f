"""Business days, quiet windows, and adding durations."""

from datetime import date, timedelta

import pytest

from connector.core.days import Calendar, dutch_holidays, month_end, shifted, years_after
from connector.core.policy.model import QuietWindow
from tests.core.make_core import business_days, days

DUTCH = Calendar("NL")
EVERY_DAY = Calendar(None)
CHRISTMAS = Calendar.of("NL", [QuietWindow.model_validate({"from": "12-21", "to": "01-03"})])
SUMMER = Calendar.of("NL", [QuietWindow.model_validate({"from": "07-20", "to": "08-02"})])


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Goede Vrijdag
        date(2026, 4, 6),  # tweede paasdag
        date(2026, 4, 27),  # Koningsdag
        date(2026, 5, 5),  # no lustrum year, and still no day for a term to end
        date(2026, 5, 14),  # Hemelvaart
        date(2026, 5, 25),  # tweede pinksterdag
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2025, 5, 5),
    ],
)
def test_holiday_is_no_business_day(day: date) -> None:
    assert day in dutch_holidays(day.year)
    assert not DUTCH.is_business_day(day)


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_weekend_is_no_business_day(day: date) -> None:
    assert not DUTCH.is_business_day(day)
    assert EVERY_DAY.is_business_day(day)


def test_ordinary_monday_is_a_business_day() -> None:
    assert DUTCH.is_business_day(date(2026, 11, 23))


def test_next_business_day_steps_over_weekend_and_holiday() -> None:
    assert DUTCH.next_business_day(date(2026, 4, 3)) == date(2026, 4, 7)
    assert DUTCH.next_business_day(date(2026, 4, 7)) == date(2026, 4, 7)


def test_calendar_days_ignore_the_weekend() -> None:
    assert DUTCH.add(date(2026, 11, 20), days(2)) == date(2026, 11, 22)
    assert DUTCH.add(date(2026, 11, 20), days(2), -1) == date(2026, 11, 18)


def test_business_days_step_over_the_weekend() -> None:
    assert DUTCH.add(date(2026, 11, 20), business_days(2)) == date(2026, 11, 24)
    assert DUTCH.add(date(2026, 11, 23), business_days(1), -1) == date(2026, 11, 20)


def test_business_days_are_plain_days_where_every_day_is_one() -> None:
    assert EVERY_DAY.add(date(2026, 11, 20), business_days(2)) == date(2026, 11, 22)


def test_no_duration_leaves_the_day() -> None:
    assert DUTCH.add(date(2026, 11, 21), business_days(0)) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "quiet"),
    [
        (date(2026, 12, 20), False),
        (date(2026, 12, 21), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 3), True),
        (date(2027, 1, 4), False),
    ],
)
def test_quiet_window_runs_over_the_new_year_with_both_ends(day: date, *, quiet: bool) -> None:
    assert CHRISTMAS.is_quiet(day) is quiet


@pytest.mark.parametrize(
    ("day", "quiet"),
    [
        (date(2026, 7, 19), False),
        (date(2026, 7, 20), True),
        (date(2026, 8, 2), True),
        (date(2026, 8, 3), False),
    ],
)
def test_quiet_window_within_a_year(day: date, *, quiet: bool) -> None:
    assert SUMMER.is_quiet(day) is quiet


def test_after_quiet_is_the_first_day_outside() -> None:
    assert CHRISTMAS.after_quiet(date(2026, 12, 24)) == date(2027, 1, 4)
    assert CHRISTMAS.after_quiet(date(2026, 12, 1)) == date(2026, 12, 1)


def test_working_moment_is_outside_quiet_and_on_a_business_day() -> None:
    assert SUMMER.next_working_moment(date(2026, 7, 18)) == date(2026, 8, 3)
    assert CHRISTMAS.next_working_moment(date(2027, 12, 22)) == date(2028, 1, 4)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 3), date(2026, 2, 28)),
        (date(2028, 2, 3), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_month_end(day: date, expected: date) -> None:
    assert month_end(day) == expected


def test_year_after_a_leap_day_is_the_last_of_february() -> None:
    assert years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)


def test_every_year_has_its_holidays_and_no_more_than_a_dozen() -> None:
    counts = {len(dutch_holidays(year)) for year in range(2020, 2036)}

    assert min(counts) >= 10
    assert max(counts) <= 12


def test_a_fortnight_of_business_days_is_at_least_a_calendar_fortnight() -> None:
    start = date(2026, 12, 18)

    assert DUTCH.add(start, business_days(14)) > start + timedelta(days=14)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 12, 20), date(2026, 12, 21)),
        (date(2026, 12, 21), date(2027, 12, 21)),
        (date(2027, 1, 2), date(2027, 12, 21)),
    ],
)
def test_next_quiet_window_begins_after_the_day(day: date, begins: date) -> None:
    assert CHRISTMAS.next_quiet(day) == begins
    assert DUTCH.next_quiet(day) is None


def test_quiet_window_from_a_leap_day_begins_in_every_year() -> None:
    leap = Calendar.of("NL", [QuietWindow.model_validate({"from": "02-29", "to": "03-05"})])

    assert leap.next_quiet(date(2027, 1, 1)) == date(2027, 3, 1)
    assert leap.next_quiet(date(2028, 1, 1)) == date(2028, 2, 29)
    assert leap.is_quiet(date(2027, 3, 1))


@pytest.mark.parametrize("count", [1, 400])
@pytest.mark.parametrize("calendar", [DUTCH, EVERY_DAY, CHRISTMAS])
def test_a_sum_stops_at_the_last_and_the_first_day_of_all(calendar: Calendar, count: int) -> None:
    for duration in (days(count), business_days(count)):
        assert calendar.add(date.max, duration) == date.max
        assert calendar.add(date.min, duration, -1) == date.min
        assert calendar.add(date.min, duration) > date.min


def test_a_quiet_window_at_the_end_of_time_is_not_left() -> None:
    for begin in (date(9999, 12, 22), date.max):
        assert CHRISTMAS.next_working_moment(begin) == date.max
        assert CHRISTMAS.after_quiet(begin) == date.max


def test_a_calendar_without_business_days_left_ends_on_the_last_day() -> None:
    assert DUTCH.next_business_day(date.max) == date.max


def test_months_and_years_end_where_dates_do() -> None:
    assert month_end(date.max) == date.max
    assert years_after(date(9999, 2, 28), 1) == date(9999, 2, 28)
    assert (shifted(date.max, 1), shifted(date.min, -1)) == (date.max, date.min)


def test_a_decreed_day_is_a_holiday_and_no_business_day() -> None:
    decreed = Calendar.of("NL", decreed=frozenset([date(2026, 11, 24)]))

    assert decreed.is_holiday(date(2026, 11, 24))
    assert decreed.next_business_day(date(2026, 11, 24)) == date(2026, 11, 25)


def test_a_holiday_may_fall_in_a_weekend() -> None:
    assert DUTCH.is_holiday(date(2026, 12, 26))  # a Saturday
    assert not DUTCH.is_holiday(date(2026, 12, 27))
    assert not EVERY_DAY.is_holiday(date(2026, 12, 26))
