"""How fast a remote may be asked: windows of a budget, and what headers say about them.

Pure arithmetic: who keeps the windows, and where, is the store's business. Windows are fixed: one
starts at its first request and all that was used in it comes back at its end.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Final

from connector.port.tools import Limit

LONGEST_WAIT: Final = 600  # seconds; no remote of ours has a reason to ask for more

REFUSED: Final = -1
"""Less than nothing left: what `Heard` says of a window that is closed by a refusal."""

_RESERVE_ENDS: Final = 20  # the last twentieth of a window keeps nothing back

_NUMBER: Final = re.compile(r"[+-]?\d{1,16}(?:\.\d{1,9})?")
_EPOCH: Final = Decimal(10**9)  # a larger number is an instant, not a duration
_EPOCH_MILLISECONDS: Final = Decimal(10**11)
_EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a remote said about one window.

    Attributes:
        remaining: Requests left; `REFUSED`: it refused one; None: it does not say.
        resets_at: When the window ends; None: it does not say.
    """

    remaining: int | None
    resets_at: datetime | None


@dataclass(frozen=True, slots=True)
class Window:
    """The running window of one limit; over at `ends_at` itself."""

    started_at: datetime
    used: int
    ends_at: datetime


def take(
    windows: Sequence[Window | None],
    limits: Sequence[Limit],
    now: datetime,
    *,
    urgent: bool,
) -> tuple[tuple[Window, ...], float | None]:
    """Take one request from every window, or none.

    Args:
        windows: One for each limit, in the same order; None: none has started.
        limits: What each window may hold.
        now: The present instant.
        urgent: The reserve may be used at any time. What can wait gets it shortly before the
            window ends: then it is lost otherwise.

    Returns:
        The windows after the request and None; or the windows as they are (one that has not
        started is shown as empty and over) and the seconds until there is room in all of them.
    """
    running = [_running(window, limit, now) for window, limit in zip(windows, limits, strict=True)]
    wait = max(
        (
            _wait(window, limit, now, urgent=urgent)
            for window, limit in zip(running, limits, strict=True)
            if window is not None
        ),
        default=0,
    )
    if wait > 0:
        return tuple(window or Window(now, 0, now) for window in running), wait
    return tuple(
        _started(limit, now) if window is None else replace(window, used=window.used + 1)
        for window, limit in zip(running, limits, strict=True)
    ), None


def hear(window: Window | None, limit: Limit, now: datetime, heard: Heard) -> Window:
    """Return the window corrected by what the remote said.

    Within one window nothing that we spent comes back: other requests may be on their way. The
    remote's end of the window is believed, for it alone knows when it started; but after a refusal
    only a later one: other answers that still come in are older.
    """
    running = _running(window, limit, now)
    ends_at = heard.resets_at
    if running is not None and running.used > limit.count:  # closed by a refusal
        is_longer = heard.remaining == REFUSED and ends_at is not None and ends_at > running.ends_at
        if not is_longer:
            return running
    if ends_at is not None and ends_at <= now:  # an answer that came late: that window is over
        return running or Window(now, 0, now)
    if ends_at is not None:
        ends_at = min(ends_at, now + timedelta(seconds=max(limit.seconds, LONGEST_WAIT)))
    told = 0 if heard.remaining is None else max(0, limit.count - heard.remaining)
    if running is None:
        return Window(now, told, ends_at or now + timedelta(seconds=limit.seconds))
    if heard.remaining is not None and ends_at is not None and _is_next(running, limit, ends_at):
        return Window(now, told, ends_at)
    return replace(running, used=max(running.used, told), ends_at=ends_at or running.ends_at)


def heard_from(
    headers: Mapping[str, str],
    now: datetime,
    *,
    remaining: str = "ratelimit-remaining",
    resets_at: str = "ratelimit-reset",
) -> Heard | None:
    """Return what two headers say about a window, None when they say nothing.

    Args:
        headers: Names in small letters.
        now: The present instant.
        remaining: Name of the header with the requests that are left.
        resets_at: Name of the header with the end: epoch seconds or milliseconds, or seconds
            from now.
    """
    left = _number(headers.get(remaining))
    end = _number(headers.get(resets_at))
    heard = Heard(
        remaining=None if left is None else max(0, int(left)),
        resets_at=None if end is None else _instant(end, now),
    )
    return None if heard == Heard(None, None) else heard


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds to wait, from 0 to 600; None when the header says nothing usable.

    Some remotes send an epoch second where a delay belongs, so a number above 1e9 is an instant.
    """
    seconds = _delay(value, now)
    return None if seconds is None else float(min(max(seconds, Decimal(0)), Decimal(LONGEST_WAIT)))


def _delay(value: str | None, now: datetime) -> Decimal | None:
    number = _number(value)
    if number is not None and number <= _EPOCH:
        return number
    instant = _http_date(value) if number is None else _instant(number, now)
    return None if instant is None else Decimal(str((instant - now).total_seconds()))


def _http_date(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)


def _instant(number: Decimal, now: datetime) -> datetime | None:
    if number > _EPOCH_MILLISECONDS:
        number /= 1000
    start = _EPOCH_START if number > _EPOCH else now
    try:
        return start + timedelta(microseconds=int(number * 1_000_000))
    except OverflowError:
        return None


def _number(value: str | None) -> Decimal | None:
    text = (value or "").strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _running(window: Window | None, limit: Limit, now: datetime) -> Window | None:
    """Return the window if it is not over; one of a clock that was set back starts now."""
    if window is None or window.ends_at <= now:
        return None
    if window.started_at <= now:
        return window
    length = timedelta(seconds=limit.seconds)
    return replace(window, started_at=now, ends_at=min(window.ends_at, now + length))


def _wait(window: Window, limit: Limit, now: datetime, *, urgent: bool) -> float:
    """Return the seconds until the running window has room for one more."""
    if window.used >= limit.count:
        return (window.ends_at - now).total_seconds()
    if urgent or window.used < limit.count - limit.reserve:
        return 0
    opens_at = window.ends_at - timedelta(seconds=limit.seconds) / _RESERVE_ENDS
    return max(0, (opens_at - now).total_seconds())


def _started(limit: Limit, now: datetime) -> Window:
    return Window(now, 1, now + timedelta(seconds=limit.seconds))


def _is_next(running: Window, limit: Limit, ends_at: datetime) -> bool:
    """Whether the remote speaks of the window after ours: clocks never differ by that much."""
    return ends_at - running.ends_at > timedelta(seconds=limit.seconds) / 10
