"""What every measure needs: memory, fresh processes, and what their figures come to."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Spread:
    """What several fresh processes gave."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, found: Sequence[float]) -> "Spread":
        return cls(min(found), median(found), max(found))


def resident_mb(pid: int | None = None, field: str = "VmRSS") -> float:
    """Return the resident memory of a process in MB; `VmHWM` gives its peak."""
    status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field + ":"))
    return int(line.split()[1]) / 1024


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that the work takes, and the peak memory during it in MB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    start = perf_counter()
    work()
    return perf_counter() - start, resident_mb(field="VmHWM")


def report(**figures: float) -> None:
    """Print the figures of this process for the one that started it."""
    print(json.dumps(figures))


def fresh(
    module: str, *words: object, python: str = sys.executable, options: Sequence[str] = ()
) -> dict[str, float]:
    """Run a module of the benchmarks in a process of its own and return its figures."""
    done = subprocess.run(
        [python, *options, "-m", module, *map(str, words)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {name: float(value) for name, value in found.items()}


def gathered(runs: Sequence[dict[str, float]]) -> dict[str, Spread]:
    """Return for each figure what the runs gave."""
    return {name: Spread.of([run[name] for run in runs]) for name in runs[0]}
