"""The terms of the law that these tests count with, and an own reading of the Termijnenwet."""

from datetime import date, timedelta
from functools import cache

from tests.core.law.make import FIGURES

DAY = timedelta(days=1)
TERMS = FIGURES.terms


@cache
def holidays_of(year: int) -> frozenset[date]:
    """Return the days of art. 3 Algemene termijnenwet, worked out without any library."""
    easter = _easter(year)
    kings_day = date(year, 4, 27)
    moved = kings_day - DAY if kings_day.weekday() == 6 else kings_day
    movable = (easter + days * DAY for days in (-2, 1, 39, 50))
    fixed = (date(year, *day) for day in ((1, 1), (5, 5), (12, 25), (12, 26)))
    return frozenset([*movable, *fixed, moved])


def is_day_off(day: date) -> bool:
    """Whether no term of the law ends on this day."""
    return day.weekday() >= 5 or day in holidays_of(day.year)


def _easter(year: int) -> date:
    """Return Easter Sunday (Gregorian computus of Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
