"""Four workers behind one address, in simulated time: never refused, and hardly slower than can be.

Time goes on a little with every look at the clock, so that requests are under way while windows
end; when all workers wait, it goes on to the first who need not any longer.
"""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.moneybird.adapter import MoneybirdAdapter
from adapters.moneybird.settings import MoneybirdSettings
from adapters.moneybird.simulator import Simulator
from connector.port.errors import RateLimitError
from connector.port.records import Batch, ItemId, PullEnd
from connector.port.tools import Budget, Budgets, Limit, Tools
from connector.store import Store, open_store
from connector.store.budgets import StoreBudgets
from connector.testkit.tools import NOW, FakeTools

ALLOWED, SECONDS = 150, 300
WORKERS, INVOICES, ROUNDS = 4, 4_000, 38  # the first pulls together take more than one window
CALLS = WORKERS * (1 + 4 + INVOICES // 100 + 5 * ROUNDS)
"""The least: workflows, four lists and a request for each hundred; five for an idle round."""
TICK = timedelta(milliseconds=2)


def wall(allowed: int) -> float:
    """Return the seconds that the calls take at the least: all windows in full but the last."""
    return (CALLS - 1) // allowed * SECONDS


class SharedClock:
    """Time for several threads: it jumps only when each of them waits."""

    def __init__(self) -> None:
        self._now = NOW
        self._working = WORKERS
        self._until: dict[int, datetime] = {}
        self._changed = threading.Condition()

    def now(self) -> datetime:
        with self._changed:
            self._now += TICK
            return self._now

    def sleep(self, seconds: float) -> None:
        me = threading.get_ident()
        with self._changed:
            until = self._until[me] = self._now + timedelta(seconds=seconds)
            self._move_on()
            self._changed.wait_for(lambda: self._now >= until)
            del self._until[me]

    def leave(self) -> None:
        """Wait no longer for this thread."""
        with self._changed:
            self._working -= 1
            self._move_on()

    def _move_on(self) -> None:
        waits = [until for until in self._until.values() if until > self._now]
        if waits and len(waits) == self._working:
            self._now = min(waits)
        self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Unreserved:
    """The budgets of the house, and nothing is kept back in them."""

    budgets: Budgets

    def of(self, key: str, limits: Sequence[Limit]) -> Budget:
        return self.budgets.of(key, [replace(limit, reserve=0) for limit in limits])


@dataclass(frozen=True, slots=True)
class Street:
    """All workers, and the package that they ask."""

    sim: Simulator
    clock: SharedClock
    budgets: Budgets

    def work(self, administration: int) -> int:
        """Pull, and look for changes again and again; return how many items there were."""
        settings = MoneybirdSettings.model_validate(
            {"administration": administration, "token": "env:TOKEN", "base_url": self.sim.url}
        )
        adapter = MoneybirdAdapter(settings=settings, tools=self._tools())
        seen: set[ItemId] = set()
        cursor: str | None = None
        try:
            for _ in range(1 + ROUNDS):
                cursor = self._pull(adapter, cursor, seen)
        finally:
            self.clock.leave()
            adapter.close()
        return len(seen)

    def _pull(self, adapter: MoneybirdAdapter, cursor: str | None, seen: set[ItemId]) -> str | None:
        """Pull to the end, each time from the last checkpoint; return the cursor."""
        while True:
            try:
                for event in adapter.pull(cursor):
                    if isinstance(event, PullEnd):
                        return event.cursor
                    if isinstance(event, Batch):
                        seen.update(item.id for item in event.items)
                        cursor = event.checkpoint or cursor
            except RateLimitError as error:
                self.clock.sleep(float(str(error.facts["after"])))

    def _tools(self) -> Tools:
        tools = FakeTools(rehearsal=False, secrets={"env:TOKEN": self.sim.token})
        tools.clock = self.clock  # type: ignore[assignment]  # shared by all, as are the budgets
        tools.budgets = self.budgets  # type: ignore[assignment]
        return tools


@pytest.fixture
def clock() -> SharedClock:
    return SharedClock()


@pytest.fixture
def store(tmp_path: Path, clock: SharedClock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/maan.db", documents=tmp_path, clock=clock)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("reserve", "allowed"),
    [
        pytest.param(True, ALLOWED, id="with a reserve that is let go at the end of a window"),
        pytest.param(False, ALLOWED, id="all that is allowed"),
    ],
)
def test_four_workers_are_never_refused_and_use_up_every_window(
    store: Store, clock: SharedClock, reserve: bool, allowed: int
) -> None:
    house = StoreBudgets(store, clock)
    budgets = house if reserve else Unreserved(house)
    with Simulator(clock=clock, record=False) as sim, ThreadPoolExecutor(WORKERS) as pool:
        books = [sim.administration, *(sim.add_administration() for _ in range(WORKERS - 1))]
        for book in books:
            sim.fill(INVOICES, administration=book)
        start = clock.now()
        items = list(pool.map(Street(sim, clock, budgets).work, books))
        took = (clock.now() - start).total_seconds()

    assert (items, sim.refused) == ([INVOICES] * WORKERS, 0)
    assert wall(allowed) <= took <= 1.05 * wall(allowed)
