"""Limits of the simulated package: calls per minute and day, and the block after ten errors."""

from dataclasses import dataclass, field
from datetime import datetime

from adapters.exact.sim_ways import Ways
from adapters.exact.sim_world import midnight

PER_MINUTE, PER_DAY, ERRORS = 60, 5000, 10
COUNTED = frozenset({400, 401, 403, 404})

_HOUR, _DAY = 3600, 86_400
_NAMES = {"day": "X-RateLimit-", "minute": "X-RateLimit-Minutely-"}
_MOST = {"day": PER_DAY, "minute": PER_MINUTE}

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Window:
    ends: float = 0.0
    used: int = 0


@dataclass(slots=True)
class Windows:
    """The minute and the day of one division."""

    ways: Ways
    windows: dict[str, _Window] = field(
        default_factory=lambda: {"day": _Window(), "minute": _Window()}
    )

    def take(self, now: datetime, calls: int = 1) -> str | None:
        """Count calls, and return the window in which they are too many; then none counts."""
        self._turn(now)
        for name, window in self.windows.items():
            if window.used + calls > _MOST[name]:
                return name
        for window in self.windows.values():
            window.used += calls
        return None

    def spend(self, now: datetime, calls: int) -> None:
        """Count calls of somebody else, as far as they fit."""
        self._turn(now)
        for name, window in self.windows.items():
            window.used = min(_MOST[name], window.used + calls)

    def headers(self, now: datetime, *names: str, spent: bool = False) -> Headers:
        """Return what an answer says about windows; none named: about both."""
        self._turn(now)
        said: list[tuple[str, str]] = []
        for name in names or tuple(_NAMES):
            window, head = self.windows[name], _NAMES[name]
            ends, left = int(window.ends), 0 if spent else _MOST[name] - window.used
            said += [
                (f"{head}Limit", str(_MOST[name])),
                (f"{head}Remaining", str(left)),
                (f"{head}Reset", str(ends if self.ways.reset_in_seconds else ends * 1000)),
            ]
        return tuple(said)

    def _turn(self, now: datetime) -> None:
        """Begin the windows anew that have ended."""
        at = now.timestamp()
        for name, window in self.windows.items():
            if at >= window.ends:
                window.ends, window.used = self._end(name, now), 0

    def _end(self, name: str, now: datetime) -> float:
        if name == "day":
            return midnight(now, self.ways.day_starts_hour).timestamp() + _DAY
        at = now.timestamp()
        return (at // 60 * 60 if self.ways.minute_window == "calendar" else at) + 60


@dataclass(slots=True)
class _Errors:
    since: float = 0.0
    count: int = 0
    blocked_until: float = 0.0
    blocks: int = 0


@dataclass(slots=True)
class ErrorBlock:
    """Counts errors per division and endpoint, and blocks after ten within an hour."""

    ways: Ways
    blocks: int = 0
    _kept: dict[tuple[int, str], _Errors] = field(default_factory=dict)

    def holds(self, division: int, endpoint: str, now: float) -> bool:
        """Return whether calls are refused."""
        if self.ways.block_scope == "key":
            return any(
                now < kept.blocked_until for key, kept in self._kept.items() if key[0] == division
            )
        kept = self._kept.get((division, endpoint))
        return kept is not None and now < kept.blocked_until

    def count(self, division: int, endpoint: str, now: float) -> None:
        """Count an error."""
        kept = self._kept.setdefault((division, endpoint), _Errors())
        if now >= kept.since + _HOUR:
            kept.since, kept.count = now, 0
        kept.count += 1
        if kept.count >= ERRORS:
            kept.blocks += 1
            self.blocks += 1
            kept.count, kept.since = 0, now
            kept.blocked_until = now + _HOUR * (kept.blocks if self.ways.block_grows else 1)

    def errors(self, division: int, endpoint: str, now: float) -> int:
        """Return the errors of this hour."""
        kept = self._kept.get((division, endpoint))
        return kept.count if kept is not None and now < kept.since + _HOUR else 0
