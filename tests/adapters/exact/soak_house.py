"""Two processes of one house: each with a clock of its own that is some seconds off."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from connector.port.errors import RateLimitError
from connector.port.records import Memo
from connector.port.tools import Limit
from connector.testkit.tools import FakeClock, FakeVault
from connector.wire.pace import Heard, Window, hear, take


@dataclass(slots=True)
class DriftingClock:
    """A clock that is `ahead` seconds off the true one."""

    true: FakeClock
    ahead: float = 0

    def now(self) -> datetime:
        return self.true.now() + timedelta(seconds=self.ahead)

    def sleep(self, seconds: float) -> None:
        self.true.sleep(seconds)


@dataclass(slots=True)
class SharedBudgets:
    """The windows as the store keeps them, in memory; each process looks at its own clock."""

    clock: DriftingClock
    windows: dict[str, list[Window | None]] = field(default_factory=dict)

    def of(self, key: str, limits: Sequence[Limit]) -> "SharedBudget":
        return SharedBudget(self.clock, limits, self.windows.setdefault(key, [None] * len(limits)))


@dataclass(frozen=True, slots=True)
class SharedBudget:
    clock: DriftingClock
    limits: Sequence[Limit]
    windows: list[Window | None]

    def take(self, *, urgent: bool = False) -> None:
        after, wait = take(self.windows, self.limits, self.clock.now(), urgent=urgent)
        if wait is not None:
            raise RateLimitError("budget_spent", after=math.ceil(wait))
        self.windows[:] = after

    def look(self, *, urgent: bool = False) -> None:
        _, wait = take(self.windows, self.limits, self.clock.now(), urgent=urgent)
        if wait is not None:
            raise RateLimitError("budget_spent", after=math.ceil(wait))

    def heard(self, *, remaining: int | None, resets_at: datetime | None, window: int = 0) -> None:
        said = Heard(remaining, resets_at)
        before, limit = self.windows[window], self.limits[window]
        self.windows[window] = hear(before, limit, self.clock.now(), said)


class NoLog:
    """Nothing is kept of months."""

    def info(self, event: str, **facts: object) -> None:
        """Stay silent."""

    def warning(self, event: str, **facts: object) -> None:
        """Stay silent."""


@dataclass(slots=True)
class Process:
    """What one process of the house is lent; vault and windows are shared."""

    clock: DriftingClock
    vault: FakeVault
    budgets: SharedBudgets
    log: NoLog = field(default_factory=NoLog)
    root: Path = field(default_factory=Path)
    rehearsal: bool = True

    def secret(self, reference: str) -> str:
        raise AssertionError(reference)

    def recall(self, keys: Sequence[str] = (), *, groups: Sequence[str] = ()) -> Sequence[Memo]:
        return ()


def two_processes(true: FakeClock) -> tuple[Process, Process]:
    clocks = (DriftingClock(true), DriftingClock(true))
    vault, budgets = FakeVault(), SharedBudgets(clocks[0])
    return (
        Process(clocks[0], vault, budgets),
        Process(clocks[1], vault, replace(budgets, clock=clocks[1])),
    )
