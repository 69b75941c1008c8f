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
            self.kept[name] = value
            self.writes.append((name, value))

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


@dataclass(frozen=True, slots=True)
class _Window:
    ends_at: datetime
    left: int


class FakeBudget:
    """A budget in memory: fixed windows that start at their first request.

    Attributes:
        limits: The limits; a test may put others in their place.
        taken: How many requests were granted so far.
    """

    def __init__(self, limits: Sequence[Limit], clock: FakeClock) -> None:
        self.limits = tuple(limits)
        self.taken = 0
        self._clock = clock
        self._windows: dict[int, _Window] = {}
        self._lock = threading.Lock()

    def take(self, *, urgent: bool = False) -> None:
        """Take one request from every window, or none.

        Raises:
            RateLimitError: There is none left.
        """
        with self._lock:
            now = self._clock.now()
            windows = [self._window(index, now) for index in range(len(self.limits))]
            waits = [
                (window.ends_at - now).total_seconds()
                for window, limit in zip(windows, self.limits, strict=True)
                if window.left <= (0 if urgent else limit.reserve)
            ]
            if waits:
                raise RateLimitError("budget_spent", after=math.ceil(max(waits)))
            for index, window in enumerate(windows):
                self._windows[index] = replace(window, left=window.left - 1)
            self.taken += 1

    def look(self, *, urgent: bool = False) -> None:
        """Take nothing.

        Raises:
            RateLimitError: There is none left.
        """
        with self._lock:
            now = self._clock.now()
            for index, limit in enumerate(self.limits):
                window = self._window(index, now)
                if window.left <= (0 if urgent else limit.reserve):
                    after = math.ceil((window.ends_at - now).total_seconds())
                    raise RateLimitError("budget_spent", after=after)

    def heard(self, *, remaining: int | None, resets_at: datetime | None, window: int = 0) -> None:
        """Believe the remote where it leaves us less than we thought."""
        with self._lock:
            now = self._clock.now()
            known = self._window(window, now)
            left = known.left if remaining is None else min(known.left, max(remaining, 0))
            ends_at = known.ends_at
            if resets_at is not None and resets_at > now:
                ends_at = max(ends_at, resets_at) if left == 0 else resets_at
            self._windows[window] = _Window(ends_at, left)

    def _window(self, index: int, now: datetime) -> _Window:
        window, limit = self._windows.get(index), self.limits[index]
        if window is None or window.ends_at <= now:
            return _Window(now + timedelta(seconds=limit.seconds), limit.count)
        return window


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
