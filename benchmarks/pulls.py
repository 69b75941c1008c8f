"""Pulls over HTTP, each against a bare loop over the same answers and against dlt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.measure import Spread, fresh, gathered
from benchmarks.simulators import Served, served
from benchmarks.table import MS, Choice, Line, peer_python, per_second, scaled

_SMALL, _LARGE = 10_000, 100_000
_DLT: Final = "dlt[sqlalchemy]"
_Figures = dict[str, Spread]


@dataclass(frozen=True, slots=True)
class _Found:
    """What pulls of so many items gave."""

    count: int
    ours: _Figures
    bare: _Figures
    dlt: _Figures | None


def moneybird(choice: Choice) -> Iterator[Line]:
    """Pages of 100 records, and 5 requests when nothing changed."""
    small, large = _both("moneybird", choice)
    yield from _lines("Moneybird", small, large, requests=5)


def exact(choice: Choice) -> Iterator[Line]:
    """Pages of 1000 terms and accounts, and 3 requests when nothing changed."""
    small, large = _both("exact", choice)
    yield from _lines("Exact", small, large, requests=3)
    idle = large.ours["idle_cpu"]
    yield Line(
        what=f"Exact: processor time of a round without changes, {large.count:,} open",
        found=scaled(idle, MS),
        unit="ms",
        demand="< 20 ms",
        meets=idle.middle * MS < 20,
    )


def _both(package: str, choice: Choice) -> tuple[_Found, _Found]:
    python = peer_python("dlt", _DLT)
    small, large = choice.lines, choice.lines * _LARGE // _SMALL
    # Merging once more takes dlt minutes at 10,000 and grows faster than the books.
    return _found(package, small, choice, python), _found(package, large, choice, None)


def _found(package: str, count: int, choice: Choice, dlt: str | None) -> _Found:
    ours, bare = [], []
    with served(package, count) as books:
        words = _words(books)
        fresh(f"benchmarks.peers.raw_{package}", *words)  # the package keeps what it answers
        for _ in range(choice.runs):  # in turns: what else the machine does hits both
            ours.append(fresh(f"benchmarks.{package}", *books.words))
            bare.append(fresh(f"benchmarks.peers.raw_{package}", *words))
        theirs = [fresh(f"benchmarks.peers.dlt_{package}", *words, python=dlt)] if dlt else []
    _check(count, ours, [*bare, *theirs])
    return _Found(count, gathered(ours), gathered(bare), gathered(theirs) if theirs else None)


def _words(books: Served) -> list[str]:
    """Return what peers need to know."""
    return [*books.lists, *filter(None, (books.client, books.token))]


def _check(count: int, ours: Sequence[dict[str, float]], peers: Sequence[dict[str, float]]) -> None:
    """All must have read the same."""
    if any(run["added"] != count or run["changed"] for run in ours):
        raise SystemExit("a pull did not find what is there")
    if any(run["rows"] != count for run in peers):
        raise SystemExit("a peer did not find what is there")


def _lines(name: str, small: _Found, large: _Found, *, requests: int) -> Iterator[Line]:
    yield _beside_bare(name, small)
    if small.dlt is not None:
        yield from _beside_dlt(name, small, small.dlt)
    yield _beside_bare(name, large)
    more = large.ours["peak_mb"].middle - small.ours["peak_mb"].middle
    yield Line(
        what=f"{name} pull of {large.count:,}: peak memory",
        found=large.ours["peak_mb"],
        unit="MB",
        peer=f"{small.count:,} items {small.ours['peak_mb'].middle:.0f} MB",
        ratio=f"{more:+.0f} MB",
        demand="<= +10 MB",
        meets=more <= 10,
    )
    found = large.ours["requests_again"]
    yield Line(
        what=f"{name}: requests of a pull without changes, {large.count:,} open",
        found=found,
        unit="",
        demand=f"{requests}",
        meets=found.high == requests,
    )


def _beside_bare(name: str, found: _Found) -> Line:
    ratio = found.ours["first"].middle / found.bare["seconds"].middle
    processor = found.ours["first_cpu"].middle / found.bare["cpu"].middle
    return Line(
        what=f"{name} pull of {found.count:,}",
        found=per_second(found.count, found.ours["first"]),
        unit="rows/s",
        peer=f"requests + json -> sqlite3 {found.count / found.bare['seconds'].middle:,.0f} rows/s",
        ratio=f"{ratio:.1f}x its time, {processor:.1f}x its processor time",
        demand="goal <= 1.6x",
        meets=ratio <= 1.6,
        memory=found.ours["peak_mb"].middle,
    )


def _beside_dlt(name: str, found: _Found, dlt: _Figures) -> Iterator[Line]:
    processor = dlt["cpu"].middle / found.ours["first_cpu"].middle
    for what, ours, theirs, goal, more in (
        (f"{name} pull of {found.count:,}", "first", "seconds", 6,
         f", {processor:.1f}x less processor time"),
        ("the same again, nothing changed", "again", "again", 25, ""),
    ):  # fmt: skip
        ratio = dlt[theirs].middle / found.ours[ours].middle
        yield Line(
            what=what,
            found=scaled(found.ours[ours], MS),
            unit="ms",
            peer=f"dlt -> SQLite {dlt[theirs].middle * MS:,.0f} ms",
            ratio=f"{ratio:,.1f}x faster{more}",
            demand=f"goal {goal}x",
            meets=ratio >= goal,
        )
    yield Line(
        what=f"{name} pull of {found.count:,}: peak memory",
        found=found.ours["peak_mb"],
        unit="MB",
        peer=f"dlt {dlt['peak_mb'].middle:.0f} MB",
        ratio=f"{found.ours['peak_mb'].middle / dlt['peak_mb'].middle:.2f}x its memory",
        demand="less",
        meets=found.ours["peak_mb"].middle < dlt["peak_mb"].middle,
    )
