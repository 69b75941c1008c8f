"""Stand-ins for what the house lends an adapter: all in memory, time moves only when told."""

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from connector.port.errors import ConflictError, RateLimitError, SettingsError
from connector.port.records import Memo
from connector.port.tools import Limit
from connector.wire.pace import Heard, Window, hear, take

NOW: Final = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
_PATIENCE_SECONDS: Final = 20


class FakeClock:
    """A clock that stands still until somebody sleeps or advances it.

    Attributes:
        slept: Every wait that was asked for, in seconds, in order.
    """

    def __init__(self, now: datetime = NOW) -> None:
        self.slept: list[float] = []
        self._now = now
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the present instant."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once, and remember that it was asked for."""
        with self._lock:
            self.slept.append(seconds)
            self._now += timedelta(seconds=seconds)

    def advance(self, seconds: float) -> None:
        """Let the time pass without anybody having waited."""
        with self._lock:
            self._now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One line of the log."""

    level: str  # info | warning
    event: str
    facts: Mapping[str, object]


class FakeLog:
    """A log that keeps its lines as they came, without redaction.

    Attributes:
        lines: What was told, in order.
    """

    def __init__(self) -> None:
        self.lines: list[Logged] = []

    def info(self, event: str, **facts: object) -> None:
        """Keep what happened."""
        self.lines.append(Logged(level="info", event=event, facts=facts))

    def warning(self, event: str, **facts: object) -> None:
        """Keep what looks wrong."""
        self.lines.append(Logged(level="warning", event=event, facts=facts))

    def events(self) -> list[str]:
        """Return the names of the events, in order."""
        return [line.event for line in self.lines]

    def text(self) -> str:
        """Return everything that was told as one text, to look for what must not be in it."""
        return "\n".join(f"{one.level} {one.event} {dict(one.facts)!r}" for one in self.lines)


class FakeVault:
    """A vault in memory; its lock is a real one between threads, and not re-entrant.

    Attributes:
        kept: The secrets by name, as they are now.
        writes: Every write in order, name and value.
    """

    def __init__(self, kept: Mapping[str, str] | None = None) -> None:
        self.kept: dict[str, str] = dict(kept or {})
        self.writes: list[tuple[str, str]] = []
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def read(self, name: str) -> str | None:
        """Return the secret, None when there is none."""
        with self._guard:
            return self.kept.get(name)

    def write(self, name: str, value: str) -> None:
        """Keep the secret."""
        with self._guard:
            self._keep(name, value)

    def replace(self, name: str, *, was: str, value: str) -> bool:
        """Keep the secret if the present one is still what it was; return whether it is kept."""
        with self._guard:
            if self.kept.get(name) != was:
                return False
            self._keep(name, value)
            return True

    def forget(self, name: str) -> None:
        """Remove the secret."""
        with self._guard:
            self.kept.pop(name, None)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold off every other thread.

        Raises:
            ConflictError: Somebody else kept it too long (in real time, so that a test ends).
        """
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        if not lock.acquire(timeout=_PATIENCE_SECONDS):
            raise ConflictError("store_busy")
        try:
            yield
        finally:
            lock.release()

    def _keep(self, name: str, value: str) -> None:
        self.kept[name] = value
        self.writes.append((name, value))


class FakeBudget:
    """A budget in memory, by the arithmetic of the house: its windows start at a first request.

    Attributes:
        limits: The limits; a test may put others in their place. A running window keeps its count.
        taken: How many requests were granted so far.
    """

    def __init__(self, limits: Sequence[Limit], clock: FakeClock) -> None:
        self.limits = tuple(limits)
        self.taken = 0
        self._clock = clock
        self._windows: dict[int, Window] = {}
        self._counts: dict[int, int] = {}
        self._lock = threading.Lock()

    def take(self, *, urgent: bool = False) -> None:
        """Take one request from every window, or none.

        Raises:
            RateLimitError: There is none left.
        """
        with self._lock:
            self._windows = dict(enumerate(self._after_one(urgent=urgent)))
            self.taken += 1

    def look(self, *, urgent: bool = False) -> None:
        """Take nothing.

        Raises:
            RateLimitError: There is none left.
        """
        with self._lock:
            self._after_one(urgent=urgent)

    def heard(self, *, remaining: int | None, resets_at: datetime | None, window: int = 0) -> None:
        """Believe the remote where it leaves us less than we thought, and when a window ends."""
        with self._lock:
            now = self._clock.now()
            limit, said = self._limits_at(now)[window], Heard(remaining, resets_at)
            self._windows[window] = hear(self._windows.get(window), limit, now, said)

    def _after_one(self, *, urgent: bool) -> Sequence[Window]:
        now = self._clock.now()
        limits = self._limits_at(now)
        windows = [self._window(index, one, now) for index, one in enumerate(limits)]
        after, wait = take(windows, limits, now, urgent=urgent)
        if wait is not None:
            raise RateLimitError("budget_spent", after=math.ceil(wait))
        return after

    def _window(self, index: int, limit: Limit, now: datetime) -> Window:
        """Return the running window, or a new one: a limit of nothing grants nothing."""
        window = self._windows.get(index)
        if window is None or window.ends_at <= now:
            return Window(now, 0, now + timedelta(seconds=limit.seconds))
        return window

    def _limits_at(self, now: datetime) -> Sequence[Limit]:
        for index, limit in enumerate(self.limits):
            window = self._windows.get(index)
            if window is None or window.ends_at <= now:
                self._counts[index] = limit.count
        return [replace(one, count=self._counts[at]) for at, one in enumerate(self.limits)]


class FakeBudgets:
    """Budgets in memory, one for every key.

    Attributes:
        made: The budgets by key, as adapters asked for them.
    """

    def __init__(self, clock: FakeClock) -> None:
        self.made: dict[str, FakeBudget] = {}
        self._clock = clock
        self._lock = threading.Lock()

    def of(self, key: str, limits: Sequence[Limit]) -> FakeBudget:
        """Return the budget of the key, made when it is not there."""
        with self._lock:
            if key not in self.made:
                self.made[key] = FakeBudget(limits, self._clock)
            return self.made[key]


@dataclass(slots=True)
class FakeTools:
    """All tools of the house, in memory.

    Attributes:
        root: Folder at which relative paths start.
        rehearsal: Whether nothing reaches the world.
        secrets: Secrets by their whole reference, such as `{"env:TOKEN": "abc"}`.
        memos: What an adapter remembers, by key; `keep` takes in those of a batch.
    """

    root: Path = field(default_factory=Path)
    rehearsal: bool = True
    secrets: Mapping[str, str] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=FakeClock)
    log: FakeLog = field(default_factory=FakeLog)
    vault: FakeVault = field(default_factory=FakeVault)
    memos: dict[str, Memo] = field(default_factory=dict)
    budgets: FakeBudgets = field(init=False)

    def __post_init__(self) -> None:
        self.budgets = FakeBudgets(self.clock)

    def secret(self, reference: str) -> str:
        """Return the secret of the reference.

        Raises:
            SettingsError: There is none in `secrets`.
        """
        if reference not in self.secrets:
            raise SettingsError("secret_missing", reference=reference)
        return self.secrets[reference]

    def recall(self, keys: Sequence[str] = (), *, groups: Sequence[str] = ()) -> Sequence[Memo]:
        """Return the memos of these keys and of these groups, by key."""
        wanted, kin = set(keys), set(groups)
        found = [memo for key, memo in self.memos.items() if key in wanted or memo.group in kin]
        return sorted(found, key=lambda memo: memo.key)

    def keep(self, memos: Sequence[Memo]) -> None:
        """Keep or forget what a batch says, as the store does when it commits the batch."""
        for memo in memos:
            if memo.value is None:
                self.memos.pop(memo.key, None)
            else:
                self.memos[memo.key] = memo

    def beside(self) -> Self:
        """Return what another process of the same house has: all is shared but the log."""
        other = replace(self, log=FakeLog())
        other.budgets = self.budgets
        return other
