"""Interest over a claim that is paid late, as lines that a judge can follow.

Dutch: wettelijke rente (art. 6:119 BW), handelsrente (art. 6:119a, 6:119b BW), bedongen rente.

Days are actual, a year counts 365. The base grows with the unpaid interest of each year that has
ended, counted from the first day of interest (art. 6:119 lid 2 BW); an agreed rate is simple.
Every line is rounded half up to the minor unit, so that the statement adds up.
"""

from collections import deque
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from connector.core.days import shifted
from connector.core.law.figures import RateTable
from connector.core.law.interest_periods import Period, known_through, periods
from connector.port.money import Money

_YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A payment on the claim, or a credit note.

    Attributes:
        on: Day on which it counts; interest runs through this day over the base before it.
        amount: What it is worth to this claim, without what went to costs; not negative.
        to_principal: How much of it lowers the principal; the rest pays interest. None: interest
            first, then principal (art. 6:44 lid 1 BW). A credit note lowers the principal alone.
    """

    on: date
    amount: Money
    to_principal: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestClaim:
    """A claim over which interest runs.

    Attributes:
        principal: At the start; nothing or less bears no interest.
        first_day: First day of interest: the day after the due date, or the first of default.
        credits: In any order; of one day in the order given.
        frozen_from: First day without interest: the day of the judgment that declares insolvency
            (art. 128 Fw) or applies the debt scheme (art. 303 Fw). None: it runs on.
        article: Printed in the lines; None: that of the table.
    """

    principal: Money
    first_day: date
    credits: tuple[Credit, ...] = ()
    frozen_from: date | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Interest over a period in which neither the rate nor the base changes.

    Attributes:
        from_: First day, included.
        through: Last day, included.
        days: How many days these are.
        percent: Percent per year.
        base: What the interest runs over: principal and capitalised interest.
        interest: base x percent / 100 x days / 365, rounded half up to the minor unit.
        article: The article that it rests on, or the clause.
        source: Where the rate was read.
    """

    from_: date
    through: date
    days: int
    percent: Decimal
    base: Money
    interest: Money
    article: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a credit did: `interest + principal + surplus` is its amount."""

    on: date
    interest: Money
    principal: Money
    surplus: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The interest over a claim through a day, and what is open then.

    Attributes:
        lines: Ascending, without overlap; a period without a base has no line.
        applied: The credits through that day, ascending.
        interest: The sum of the lines.
        principal: Open principal.
        capitalised: Open interest of years that have ended; interest runs over it.
        current: Open interest since the last anniversary.
        surplus: What was paid too much.
        through: The day that was asked for, included.
        final: False where a rate is not known: then the lines stop on `final_through`.
        final_through: Last day through which nothing is missing; the day before the first day of
            interest when no rate is known at all.
    """

    lines: tuple[Line, ...]
    applied: tuple[Applied, ...]
    interest: Money
    principal: Money
    capitalised: Money
    current: Money
    surplus: Money
    through: date
    final: bool
    final_through: date

    @property
    def open_interest(self) -> Money:
        """Return all interest that is open."""
        return self.capitalised + self.current

    @property
    def total(self) -> Money:
        """Return principal and interest that are open."""
        return self.principal + self.open_interest


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrued:
    """The interest over an untouched principal; not final: only through `final_through`."""

    interest: Money
    final: bool
    final_through: date


def statement(claim: InterestClaim, through: date, table: RateTable) -> Statement:
    """Return the interest over the claim through a day, that day included.

    Args:
        claim: The claim and what was paid on it.
        through: Last day of interest; credits after it are left out.
        table: The rates; `agreed_rate` for a rate of the contract.

    Raises:
        ValueError: A credit is negative, in another currency, or puts more on the principal
            than it is worth.
    """
    waiting = deque(sorted(claim.credits, key=lambda one: one.on))
    while waiting and waiting[-1].on > through:
        waiting.pop()
    ledger = _Ledger(claim, table)
    last = _last_day(claim, through)
    for period in periods(table, claim.first_day, last):
        start = period.start
        while waiting and waiting[0].on.toordinal() < period.end:
            credit = waiting.popleft()
            start = ledger.run(period, start, max(credit.on.toordinal() + 1, start))
            ledger.apply(credit)
        ledger.run(period, start, period.end)
        if period.ends_year:
            ledger.capitalise()
    for credit in waiting:
        ledger.apply(credit)
    known = known_through(table, claim.first_day, last)
    return ledger.closed(through, through if known == last else known)


def interest_through(
    principal: Money, first_day: date, *, through: date, table: RateTable
) -> Accrued:
    """Return the interest over a principal on which nothing was paid: the quick way for many.

    The same as `statement(...).interest` to the cent.
    """
    course = _course(table, first_day, through)
    base = max(principal.minor(), 0)
    interest = current = 0
    for weight, whole, ends_year in course.parts:
        accrued = (base * weight + whole // 2) // whole
        interest += accrued
        current += accrued
        if ends_year:
            base, current = base + current, 0
    return Accrued(
        interest=Money.from_minor(interest, principal.currency),
        final=course.final_through == through,
        final_through=course.final_through,
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """What interest between two days comes to; the same for all claims between them.

    A part is the fraction of the base that a period bears, and whether a year ends with it.
    """

    parts: tuple[tuple[int, int, bool], ...]
    final_through: date


@lru_cache(maxsize=4096)
def _course(table: RateTable, first_day: date, through: date) -> _Course:
    last = max(through, shifted(first_day, -1))
    known = known_through(table, first_day, last)
    found = periods(table, first_day, last)
    return _Course(
        parts=tuple((*_fraction(one, one.end - one.start), one.ends_year) for one in found),
        final_through=through if known == last else known,
    )


def _interest(base: int, period: Period, days: int) -> int:
    """Return the interest over a base in minor units, rounded half up, exactly."""
    weight, whole = _fraction(period, days)
    return (base * weight + whole // 2) // whole


def _fraction(period: Period, days: int) -> tuple[int, int]:
    """Return percent / 100 x days / 365 as a fraction with an even denominator."""
    return 2 * period.units * days, 200 * _YEAR_DAYS * period.divisor


def _last_day(claim: InterestClaim, through: date) -> date:
    """Return the last day of interest; the day before the first when there is none."""
    if claim.frozen_from is not None:
        through = min(through, shifted(claim.frozen_from, -1))
    return max(through, shifted(claim.first_day, -1))


class _Ledger:
    """The open buckets of a claim in minor units while its interest is worked out."""

    def __init__(self, claim: InterestClaim, table: RateTable) -> None:
        self._currency = claim.principal.currency
        self._article = claim.article or table.article
        self._principal = max(claim.principal.minor(), 0)
        self._capitalised = self._current = self._surplus = self._interest = 0
        self._lines: list[Line] = []
        self._applied: list[Applied] = []

    def run(self, period: Period, start: int, end: int) -> int:
        """Let interest run from the start to the day before the end, and return the end."""
        base = self._principal + self._capitalised
        if end == start or not base:
            return end
        interest = _interest(base, period, end - start)
        self._current += interest
        self._interest += interest
        line = Line(
            from_=date.fromordinal(start),
            through=date.fromordinal(end - 1),
            days=end - start,
            percent=period.rate.percent,
            base=self._money(base),
            interest=self._money(interest),
            article=self._article,
            source=period.rate.source,
        )
        self._lines.append(line)
        return end

    def capitalise(self) -> None:
        """Add the unpaid interest of the year that has ended to the base."""
        self._capitalised, self._current = self._capitalised + self._current, 0

    def apply(self, credit: Credit) -> None:
        """Let a credit pay: interest first, the capitalised part before the rest (6:44 BW)."""
        amount, to_principal = self._units(credit)
        open_interest = self._capitalised + self._current
        if to_principal is None:
            interest = min(amount, open_interest)
            principal = min(amount - interest, self._principal)
        else:
            interest = min(amount - to_principal, open_interest)
            principal = min(to_principal, self._principal)
        capitalised = min(interest, self._capitalised)
        self._capitalised -= capitalised
        self._current -= interest - capitalised
        self._principal -= principal
        surplus = amount - interest - principal
        self._surplus += surplus
        applied = Applied(
            on=credit.on,
            interest=self._money(interest),
            principal=self._money(principal),
            surplus=self._money(surplus),
        )
        self._applied.append(applied)

    def closed(self, through: date, final_through: date) -> Statement:
        """Return the statement as the buckets now stand."""
        return Statement(
            lines=tuple(self._lines),
            applied=tuple(self._applied),
            interest=self._money(self._interest),
            principal=self._money(self._principal),
            capitalised=self._money(self._capitalised),
            current=self._money(self._current),
            surplus=self._money(self._surplus),
            through=through,
            final=through == final_through,
            final_through=final_through,
        )

    def _units(self, credit: Credit) -> tuple[int, int | None]:
        """Return the amount of a credit and what of it lowers the principal, in minor units."""
        parts = [part for part in (credit.amount, credit.to_principal) if part is not None]
        if any(part.currency != self._currency for part in parts):
            raise ValueError("a credit counts in the currency of its claim")
        amount, *principal = (part.minor() for part in parts)
        if not 0 <= sum(principal) <= amount:
            raise ValueError("neither a credit nor a part of it is negative")
        return amount, principal[0] if principal else None

    def _money(self, units: int) -> Money:
        return Money.from_minor(units, self._currency)
