"""Interest: a statement with 25 changes of rate and 12 payments; and many untouched items.

Prints the median of a statement in milliseconds, and the seconds for 100,000 open items.
"""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter

from benchmarks.measure import report
from connector.core.law.figures import RateTable
from connector.core.law.interest import Credit, InterestClaim, interest_through, statement
from connector.port.money import Money
from connector.settings.figures import load_figures

ITEMS = 100_000
TODAY = date(2026, 11, 23)


def one(table: RateTable) -> tuple[float, int, int]:
    """Return the median milliseconds of a statement, its lines and its changes of rate."""
    first = date(2005, 1, 1)
    paid = tuple(
        Credit(on=first + timedelta(days=300 * number), amount=Money(Decimal(500), "EUR"))
        for number in range(1, 13)
    )
    claim = InterestClaim(principal=Money(Decimal(84_700), "EUR"), first_day=first, credits=paid)
    changes = sum(first < rate.from_ <= TODAY for rate in table.rates)
    times = []
    for number in range(300):  # each through another day: nothing that was kept helps
        start = perf_counter()
        found = statement(claim, TODAY - timedelta(days=number % 100), table)
        times.append((perf_counter() - start) * 1000)
    return median(times[:100]), len(found.lines), changes


def many(table: RateTable) -> float:
    """Return the seconds for the interest over many items of three years of due dates."""
    items = [
        (Money.from_minor(5_000 + number * 37 % 900_000, "EUR"), TODAY - timedelta(number % 1000))
        for number in range(ITEMS)
    ]
    start = perf_counter()
    for principal, first_day in items:
        interest_through(principal, first_day, through=TODAY, table=table)
    return perf_counter() - start


def main() -> None:
    table = load_figures(None).commercial
    milliseconds, lines, changes = one(table)
    report(
        statement_ms=milliseconds, lines=lines, changes=changes, items=ITEMS, seconds=many(table)
    )


if __name__ == "__main__":
    main()
