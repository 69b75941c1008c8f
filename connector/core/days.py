"""Days: business days, quiet windows, and adding a duration to a date."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache
from typing import Final, Literal

from connector.core.policy.model import Duration, QuietWindow

_DAY = timedelta(days=1)
YEARS_AHEAD: Final = 5
"""How far ahead a day may lie that a person names: further is a slip of the pen."""


@lru_cache(maxsize=64)
def dutch_holidays(year: int) -> frozenset[date]:
    """Return the days of a year that are no business days although they are no weekend.

    Dutch: algemeen erkende feestdagen, with Good Friday and 5 May in every year (the library
    lists 5 May in lustrum years only). Source: Algemene termijnenwet art. 3, checked 2026-11-22.
    """
    import holidays  # noqa: PLC0415  # slow to load, and most commands never need it

    listed = frozenset(holidays.country_holidays("NL", years=year))
    return listed | {date(year, 5, 5)}


@lru_cache(maxsize=4096)
def _is_dutch_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in dutch_holidays(day.year)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are business days and which are quiet; no country: every day is one."""

    country: Literal["NL"] | None = "NL"
    quiet: tuple[tuple[int, int], ...] = ()  # (from, to) as month * 100 + day, both included
    decreed: frozenset[date] = frozenset()  # days that a decree equates with a holiday

    @classmethod
    def of(
        cls,
        country: Literal["NL"] | None,
        quiet: Sequence[QuietWindow] = (),
        decreed: frozenset[date] = frozenset(),
    ) -> "Calendar":
        """Return the calendar that the policy asks for."""
        return cls(country, tuple((_ordinal(w.from_), _ordinal(w.to)) for w in quiet), decreed)

    def is_business_day(self, day: date) -> bool:
        """Whether offices work on this day."""
        return self.country is None or (_is_dutch_business_day(day) and day not in self.decreed)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a holiday, on whatever day of the week (Termijnenwet art. 3)."""
        return self.country is not None and (day in dutch_holidays(day.year) or day in self.decreed)

    def next_business_day(self, day: date) -> date:
        """Return the day itself or the first business day after it."""
        while day < date.max and not self.is_business_day(day):
            day += _DAY
        return day

    def add(self, day: date, duration: Duration, sign: int = 1) -> date:
        """Return the day that lies so many calendar or business days later (sign -1: earlier).

        The first and the last day that a date can hold are where it stops.
        """
        if not duration.business:
            return shifted(day, sign * duration.days)
        left, step = duration.days, _DAY * sign
        edge = date.max if sign > 0 else date.min
        while left and day != edge:
            day += step
            left -= self.is_business_day(day)
        return day

    def is_quiet(self, day: date) -> bool:
        """Whether the day lies in a window in which nothing is demanded."""
        return self._window_of(day) is not None

    def next_quiet(self, day: date) -> date | None:
        """Return the first day after this one on which a quiet window begins."""
        begins = [_next_date(day, first) for first, _ in self.quiet]
        return min(begins, default=None)

    def after_quiet(self, day: date) -> date:
        """Return the day itself or the first day after the quiet window that it lies in."""
        while day < date.max and self._window_of(day) is not None:
            day += _DAY
        return day

    def next_working_moment(self, day: date) -> date:
        """Return the first day from this one on that is a business day outside quiet windows."""
        while day < date.max and (self.is_quiet(day) or not self.is_business_day(day)):
            day = self.next_business_day(self.after_quiet(day))
        return day

    def _window_of(self, day: date) -> tuple[int, int] | None:
        key = day.month * 100 + day.day
        for first, last in self.quiet:
            inside = first <= key <= last if first <= last else key >= first or key <= last
            if inside:
                return first, last
        return None


def _ordinal(month_day: str) -> int:
    month, day = month_day.split("-")
    return int(month) * 100 + int(day)


def _next_date(day: date, ordinal: int) -> date:
    """Return the first day after this one with the month and day; 29 February may be 1 March."""
    month, number = divmod(ordinal, 100)
    year = day.year + (day.month * 100 + day.day >= ordinal)
    return date(year, month, 1) + timedelta(days=number - 1)


def shifted(day: date, days: int) -> date:
    """Return the day so many calendar days later (negative: earlier), as far as a date goes.

    Books hold dates such as 9999-12-31 for "never": no sum with them may fail.
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def month_end(day: date) -> date:
    """Return the last day of the month that the day lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@lru_cache(maxsize=4096)
def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 28 February."""
    year = min(day.year + years, MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
