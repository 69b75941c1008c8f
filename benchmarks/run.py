"""Run the measures in fresh processes and print them as one table: `make bench`.

`--only law,pull` runs some of them, `--runs 5` more processes for each figure,
`--lines 1000` a smaller comparison with Tryton and dlt for a first look.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.measure import Spread, fresh, gathered
from benchmarks.pulls import exact, moneybird
from benchmarks.table import MS, Choice, Line, peer_python, per_second, scaled

_TRYTON: Final = ("trytond", "trytond_account", "trytond_account_dunning", "proteus")


def evaluate(choice: Choice) -> Iterator[Line]:
    """Evaluate, plan and store, and a run with nothing due, against Tryton's wizard."""
    count, python = choice.lines, peer_python("tryton", *_TRYTON)
    ours, theirs = [], []
    for _ in range(choice.runs):  # in turns: what else the machine does hits both
        ours.append(fresh("benchmarks.evaluate", count))
        if python is not None:
            theirs.append(fresh("benchmarks.peers.tryton", count, python=python, options=["-O"]))
    large = gathered([fresh("benchmarks.evaluate", 5 * count) for _ in range(choice.runs)])
    mine, peer = gathered(ours), gathered(theirs) if theirs else None
    for what, name, must, goal in (
        (f"evaluate + plan + store {count:,}", "seconds", 25, 50),
        (f"nothing due, {count:,} open", "idle", 200, 500),
    ):
        ratio = peer[name].middle / mine[name].middle if peer else None
        yield Line(
            what=what,
            found=scaled(mine[name], MS),
            unit="ms",
            peer=f"Tryton -O {peer[name].middle * MS:,.0f} ms" if peer else "Tryton not installed",
            ratio="" if ratio is None else f"{ratio:,.0f}x faster",
            demand=f">= {must}x, goal {goal}x",
            meets=None if ratio is None else ratio >= must,
            memory=mine["peak_mb"].middle if name == "seconds" else None,
        )
    growth = large["seconds"].middle / mine["seconds"].middle
    yield Line(
        what=f"evaluate + plan + store {5 * count:,}",
        found=scaled(large["seconds"], MS),
        unit="ms",
        peer=f"ours, {count:,}",
        ratio=f"{growth:.1f}x the time",
        demand="<= 6x",
        meets=growth <= 6,
        memory=large["peak_mb"].middle,
    )


def pull(choice: Choice) -> Iterator[Line]:
    """Pull 100,000 items from CSV, and the same files again; memory beside 10,000 items."""
    found: dict[int, dict[str, Spread]] = {}
    with tempfile.TemporaryDirectory() as name:
        for count in (10_000, 100_000):
            folder = Path(name) / str(count)
            fresh("benchmarks.books", folder, count)
            runs = [fresh("benchmarks.pull", folder) for _ in range(choice.runs)]
            found[count] = gathered(runs)
            if any(run["unchanged"] != count for run in runs):
                raise SystemExit("the second pull found changes")
        raw = gathered(
            [fresh("benchmarks.peers.raw_csv", folder / "books") for _ in range(choice.runs)]
        )
    small, large = found[10_000], found[100_000]
    for what, name, peak in (
        ("CSV pull of 100,000", "first", "peak_mb"),
        ("the same files again", "again", "peak_again_mb"),
    ):
        rate = per_second(100_000, large[name])
        yield Line(
            what=what,
            found=rate,
            unit="rows/s",
            peer=f"csv -> sqlite3 {100_000 / raw['seconds'].middle:,.0f} rows/s",
            ratio=f"{large[name].middle / raw['seconds'].middle:.1f}x its time",
            demand=">= 20,000, goal 50,000",
            meets=rate.middle >= 20_000,
            memory=large[peak].middle,
        )
        more = large[peak].middle - small[peak].middle
        yield Line(
            what=f"{what}: peak memory",
            found=large[peak],
            unit="MB",
            peer=f"10,000 items {small[peak].middle:.0f} MB",
            ratio=f"{more:+.0f} MB",
            demand="<= +20 MB",
            meets=more <= 20,
        )


def letter(choice: Choice) -> Iterator[Line]:
    """A letter to PDF/A against Typst alone."""
    found = gathered([fresh("benchmarks.letter") for _ in range(choice.runs)])
    ratio = found["seconds"].middle / found["bare"].middle
    yield Line(
        what="a letter as PDF/A" + ("" if found["same_bytes"].low else ", NOT the same bytes"),
        found=scaled(found["seconds"], MS),
        unit="ms",
        peer=f"bare Typst {found['bare'].middle * MS:.1f} ms",
        ratio=f"{ratio:.2f}x its time",
        demand="goal <= 1.3x, < 6 ms",
        meets=ratio <= 1.3 and found["seconds"].middle < 0.006,
        memory=found["peak_mb"].middle,
    )


def process(choice: Choice) -> Iterator[Line]:
    """The help, and the idle sidecar."""
    found = gathered([fresh("benchmarks.process") for _ in range(choice.runs)])
    help_, idle = found["help"], found["idle_mb"]
    yield Line(
        what="maan --help",
        found=scaled(help_, MS),
        unit="ms",
        peer=f"bare Python {found['bare'].middle * MS:.0f} ms",
        ratio=f"{help_.middle / found['bare'].middle:.1f}x its time",
        demand="< 400 ms",
        meets=help_.middle < 0.4,
    )
    yield Line(
        what="the idle sidecar",
        found=idle,
        unit="MB",
        peer=f"bare Python {found['bare_mb'].middle:.0f} MB",
        ratio=f"{idle.middle / found['bare_mb'].middle:.1f}x its memory",
        demand="< 90 MB",
        meets=idle.middle < 90,
    )


def law(choice: Choice) -> Iterator[Line]:
    """A plan in which all bear interest and costs, and one statement that a judge can follow."""
    planned = gathered([fresh("benchmarks.law", 100_000) for _ in range(choice.runs)])
    found = gathered([fresh("benchmarks.interest") for _ in range(choice.runs)])
    yield Line(
        what="a plan of 100,000 items with interest and costs",
        found=planned["seconds"],
        unit="s",
        demand="< 5 s",
        meets=planned["seconds"].middle < 5,
        memory=planned["peak_mb"].middle,
    )
    yield Line(
        what="an interest statement, 26 changes of rate, 12 payments",
        found=found["statement_ms"],
        unit="ms",
        demand="< 1 ms",
        meets=found["statement_ms"].middle < 1,
    )


MEASURES: Final[dict[str, Callable[[Choice], Iterator[Line]]]] = {
    "evaluate": evaluate, "law": law, "pull": pull, "moneybird": moneybird, "exact": exact,
    "letter": letter, "process": process,
}  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Print the table; 1 when a figure falls short of what it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(MEASURES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--lines", type=int, default=10_000)
    asked = parser.parse_args(words)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {os.cpu_count()} cores, {platform.machine()};", end=" ")
    print(f"least / median / most of {asked.runs} fresh processes\n")
    head = ("measure", "ours", "held against", "ratio", "must", "met", "peak memory")
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}", flush=True)
    short = False
    for name in asked.only.split(","):
        for line in MEASURES[name](Choice(asked.runs, asked.lines)):
            print(f"| {' | '.join(line.cells())} |", flush=True)
            short |= line.meets is False
    return int(short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
