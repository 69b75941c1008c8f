"""What wire is lent, as tests lend it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from connector.port.errors import ConflictError, RateLimitError
from connector.port.records import Memo
from connector.port.tools import Budgets
from connector.wire.http import Auth, Http, Manners
from connector.wire.pace import Heard, heard_from

START = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


class RunningClock:
    """A clock whose sleep moves it; `tick` passes at every look."""

    def __init__(self, at: datetime = START, *, tick: float = 0) -> None:
        self._now = at
        self._tick = timedelta(seconds=tick)
        self.slept: list[float] = []

    def now(self) -> datetime:
        self._now += self._tick
        return self._now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += timedelta(seconds=seconds)


class KeptLog:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def info(self, event: str, **facts: object) -> None:
        self.lines.append((event, facts))

    def warning(self, event: str, **facts: object) -> None:
        self.lines.append((event, facts))

    @property
    def text(self) -> str:
        return repr(self.lines)


class MemoryVault:
    """A vault in memory; `broken` refuses to write, `busy` is how many writes find it busy."""

    def __init__(self, kept: Mapping[str, str] | None = None, *, broken: bool = False) -> None:
        self.kept = dict(kept or {})
        self.broken = broken
        self.busy = 0
        self._lock = Lock()

    def read(self, name: str) -> str | None:
        return self.kept.get(name)

    def write(self, name: str, value: str) -> None:
        if self.broken:
            raise DiskFullError
        if self.busy:
            self.busy -= 1
            raise ConflictError("store_busy")
        self.kept[name] = value

    def replace(self, name: str, *, was: str, value: str) -> bool:
        if self.kept.get(name) != was:
            return False
        self.write(name, value)
        return True

    def forget(self, name: str) -> None:
        self.kept.pop(name, None)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        with self._lock:
            yield


class DiskFullError(Exception):
    """The process can't write, as when it dies."""


class CountedBudget:
    """A budget of so many requests; keeps what it heard."""

    def __init__(self, left: int = 1000) -> None:
        self.left = left
        self.urgent: list[bool] = []
        self.told: list[tuple[int | None, datetime | None, int]] = []

    def take(self, *, urgent: bool = False) -> None:
        if self.left == 0:
            raise RateLimitError("budget_spent", after=17)
        self.left -= 1
        self.urgent.append(urgent)

    def look(self, *, urgent: bool = False) -> None:
        if self.left == 0:
            raise RateLimitError("budget_spent", after=17)

    def heard(self, *, remaining: int | None, resets_at: datetime | None, window: int = 0) -> None:
        self.told.append((remaining, resets_at, window))


class BusyBudget(CountedBudget):
    """A budget in a store that somebody else keeps."""

    def take(self, *, urgent: bool = False) -> None:
        raise ConflictError("store_busy")


class NoBudgets:
    def of(self, key: str, limits: Any) -> CountedBudget:
        return CountedBudget()


@dataclass
class FakeTools:
    clock: RunningClock = field(default_factory=RunningClock)
    log: KeptLog = field(default_factory=KeptLog)
    vault: MemoryVault = field(default_factory=MemoryVault)
    budgets: Budgets = field(default_factory=NoBudgets)
    root: Path = Path()
    rehearsal: bool = True

    def recall(self, keys: Sequence[str] = (), *, groups: Sequence[str] = ()) -> Sequence[Memo]:
        return ()

    def secret(self, reference: str) -> str:
        return reference


class Known:
    """Somebody whose token may be renewed so many times."""

    def __init__(self, *, renewals: int = 0) -> None:
        self.number = 1
        self.renewals = renewals

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer secret-{self.number}"}

    def renew(self, refused: Mapping[str, str]) -> bool:
        if self.renewals == 0:
            return False
        self.renewals -= 1
        self.number += 1
        return True


def said(headers: Mapping[str, str], now: datetime) -> Heard | None:
    """Read the rate headers of the standard."""
    return heard_from(headers, now)


def reference(status: int, body: bytes) -> str:
    """Refer to a refusal by the length of its body."""
    return f"{status}:{len(body)}"


def manners(**parts: Any) -> Manners:
    """Return manners that wait shortly."""
    plain: dict[str, Any] = {"connect_seconds": 2, "read_seconds": 0.2, "limit_of": said}
    return Manners(error_of=reference, **(plain | parts))


def http(
    origin: str,
    *,
    auth: Auth | None = None,
    budget: CountedBudget | None = None,
    tools: FakeTools | None = None,
    **parts: Any,
) -> Http:
    """Return a remote that answers at an origin."""
    return Http(
        origin,
        auth=auth or Known(),
        budget=budget or CountedBudget(),
        tools=tools or FakeTools(),
        manners=manners(**parts),
    )
