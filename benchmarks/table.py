"""The lines of the table, and the rooms of the programs that we are held against."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from benchmarks.measure import ROOT, Spread

_PEERS: Final = ROOT / "benchmarks" / ".peers"
MS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table.

    Attributes:
        found: What we reached, one value for each process.
        peer: What it is held against, with its figure.
        ratio: The figure that must hold, in words.
        meets: Whether it does.
    """

    what: str
    found: Spread
    unit: str
    peer: str = ""
    ratio: str = ""
    demand: str = ""
    meets: bool | None = None
    memory: float | None = None

    def cells(self) -> tuple[str, ...]:
        low, middle, high = (_figure(x) for x in (self.found.low, self.found.middle,
                                                  self.found.high))  # fmt: skip
        verdict = {True: "yes", False: "NO", None: ""}[self.meets]
        peak = "" if self.memory is None else f"{self.memory:.0f} MB"
        figures = f"{low} / {middle} / {high} {self.unit}"
        return (self.what, figures, self.peer, self.ratio, self.demand, verdict, peak)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked on the command line."""

    runs: int
    lines: int


def peer_python(name: str, *packages: str) -> str | None:
    """Return the Python in which a peer is installed; installed once, None when that fails."""
    folder = _PEERS / name
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        print(f"installing {name} beside the benchmarks, once ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *packages]
        if subprocess.run(install, check=False).returncode:
            print(f"{name} can't be installed: only our own figures follow", file=sys.stderr)
            return None
        (folder / ".ready").touch()
    return str(python)


def scaled(found: Spread, factor: float) -> Spread:
    return Spread(found.low * factor, found.middle * factor, found.high * factor)


def per_second(count: int, seconds: Spread) -> Spread:
    return Spread(count / seconds.high, count / seconds.middle, count / seconds.low)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
