"""The periods over which one rate holds within one year of interest; shared by all claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from connector.core.days import shifted, years_after
from connector.core.law.figures import InterestKind, Rate, RateTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days in which neither the rate changes nor a year of interest ends; ordinals of dates.

    Attributes:
        start: First day.
        end: The day after the last.
        rate: The rate in force.
        units, divisor: The percentage as a fraction of whole numbers.
        ends_year: A year of interest that compounds ends with the last day.
    """

    start: int
    end: int
    rate: Rate
    units: int
    divisor: int
    ends_year: bool


@lru_cache(maxsize=4096)
def known_through(table: RateTable, first_day: date, last: date) -> date:
    """Return the last day through which every rate is known; the day before the first: none."""
    if last < first_day:
        return last
    if table.on(first_day) is None:
        return shifted(first_day, -1)
    return min(last, table.complete_through)


@lru_cache(maxsize=4096)
def periods(table: RateTable, first_day: date, last: date) -> tuple[Period, ...]:
    """Return the periods from the first day through the last, as far as rates are known.

    A row with the same percentage as the one before it is no change. Years count from the first
    day of interest; 29 February has its anniversary on 28 February (art. 6:119 lid 2 BW names no
    day; practice).
    """
    known = known_through(table, first_day, last)
    first, end = first_day.toordinal(), known.toordinal() + 1
    if end <= first or table.on(first_day) is None:
        return ()
    changes = dict(_changes(table, first_day, known))
    years = _anniversaries(first_day, known) if table.kind is not InterestKind.CONTRACTUAL else ()
    bounds = sorted({*changes, *years, end})
    found = []
    start, rate = first, changes[first]
    for bound in bounds:
        if bound > start:
            found.append(_period(start, bound, rate, ends_year=bound in years))
        start, rate = bound, changes.get(bound, rate)
    return tuple(found)


def _changes(table: RateTable, first_day: date, known: date) -> Iterator[tuple[int, Rate]]:
    """Yield each rate that differs from the one before it, with the day from which it counts."""
    before: Decimal | None = None
    in_force = table.on(first_day)
    for rate in table.rates:
        counts = rate is in_force or first_day < rate.from_ <= known
        if counts and rate.percent != before:
            yield max(rate.from_, first_day).toordinal(), rate
            before = rate.percent


def _anniversaries(first_day: date, known: date) -> frozenset[int]:
    """Return the first day of each next year of interest."""
    years = range(1, known.year - first_day.year + 1)
    return frozenset(
        day.toordinal() for day in (years_after(first_day, year) for year in years) if day <= known
    )


def _period(start: int, end: int, rate: Rate, *, ends_year: bool) -> Period:
    units, divisor = rate.percent.as_integer_ratio()
    return Period(
        start=start, end=end, rate=rate, units=units, divisor=divisor, ends_year=ends_year
    )
