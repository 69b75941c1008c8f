"""How often Exact may be asked, and when to stop asking.

Exact counts requests for each app and administration, and blocks a key that collects ten refusals
an hour on one endpoint: we stop at the third. Source: the facts about Exact Online, section 6.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

from connector.port.errors import MaanError, RateLimitError
from connector.port.tools import Budget, Budgets, Limit
from connector.wire.pace import Heard, heard_from
from connector.wire.trouble import store_at_hand

DIVISION_LIMITS: Final = (Limit(55, 60, reserve=5), Limit(5000, 86_400, reserve=100))
"""Exact allows 60 a minute and 5000 a day."""
TOKEN_LIMITS: Final = (Limit(200, 86_400, reserve=20),)
"""Calls to the token endpoint for each app and user."""

_DAY: Final = 1  # index in DIVISION_LIMITS
_REFUSALS: Final = (Limit(3, 3600),)
_ONE_REFUSAL: Final = (Limit(1, 3600),)
_COUNTED: Final = (400, 401, 403, 404)
_SLACK: Final = timedelta(seconds=1)  # resets are told to the minute
_LARGEST_DRIFT: Final = timedelta(minutes=10)  # more is another time, not a clock that drifts


def client_hash(client_id: str) -> str:
    """Return what stands for an app in names of secrets and budgets."""
    return sha256(client_id.encode()).hexdigest()[:8]


def token_budget(budgets: Budgets, *, host: str, client: str, connection: str) -> Budget:
    """Return the budget of the token endpoint."""
    return budgets.of(f"exact:{host}:{client}:token:{connection}", TOKEN_LIMITS)


class Refusals:
    """The refusals of one administration by endpoint, counted by all processes together."""

    def __init__(self, budgets: Budgets, key: str) -> None:
        """Ask nothing yet.

        Args:
            budgets: Where they are counted.
            key: Whose they are.
        """
        self._budgets = budgets
        self._key = key

    def check(self, endpoint: str) -> None:
        """Let pass what may be asked.

        Raises:
            RateLimitError: It was refused three times within the hour (`exact.stopped_asking`).
            UnavailableError: The store is too busy to say (`store_busy`).
        """
        with store_at_hand():
            try:
                self._budgets.of(self._name(endpoint), _REFUSALS).look(urgent=True)
            except RateLimitError as error:
                raise RateLimitError(
                    "exact.stopped_asking",
                    endpoint=endpoint,
                    status=self._seen(endpoint),
                    after=error.facts["after"],
                ) from error

    def count(self, endpoint: str, status: int) -> None:
        """Remember a refusal, unless the store is too busy; other answers don't count."""
        if status not in _COUNTED:
            return
        for name, limits in (
            (self._name(endpoint), _REFUSALS),
            (self._name(f"{endpoint}:{status}"), _ONE_REFUSAL),
        ):
            # Counted to the end already, or not to be counted: what Exact answered comes first.
            with suppress(MaanError):
                self._budgets.of(name, limits).take(urgent=True)

    def _seen(self, endpoint: str) -> str:
        """Return the statuses of the last hour, such as `401, 403`."""
        seen = []
        for status in _COUNTED:
            try:
                self._budgets.of(self._name(f"{endpoint}:{status}"), _ONE_REFUSAL).look(urgent=True)
            except RateLimitError:
                seen.append(str(status))
        return ", ".join(seen) or "4xx"

    def _name(self, endpoint: str) -> str:
        return f"{self._key}:errors:{endpoint}"


class Limits:
    """What one app may ask of one administration.

    Attributes:
        budget: Its requests by minute and by day.
        refusals: Where it is to stop asking.
    """

    def __init__(self, budgets: Budgets, *, host: str, client: str, division: int | None) -> None:
        """Ask nothing yet.

        Args:
            budgets: Shared by all processes.
            host: Of Exact, and its port where there is one.
            client: `client_hash` of the app.
            division: None: what is asked without an administration.
        """
        key = f"exact:{host}:{client}:{'current' if division is None else division}"
        self.budget = budgets.of(key, DIVISION_LIMITS)
        self.refusals = Refusals(budgets, key)

    def heard(self, headers: Mapping[str, str], now: datetime) -> Heard | None:
        """Tell the budget of the day what the headers say, and return what they say of the minute.

        A refusal names only the window that is spent; a header that is missing is no zero.
        """
        minute, day = minute_of(headers, now), day_of(headers, now)
        if day is not None:
            with suppress(MaanError):  # a busy store must not hide what is said of the minute
                self.budget.heard(remaining=day.remaining, resets_at=day.resets_at, window=_DAY)
            if minute is None and day.remaining == 0:
                return day  # nothing goes before then, in no minute
        return minute


def minute_of(headers: Mapping[str, str], now: datetime) -> Heard | None:
    """Return what is left of the running minute. Names of headers in small letters."""
    return _heard(headers, now, "x-ratelimit-minutely-")


def day_of(headers: Mapping[str, str], now: datetime) -> Heard | None:
    """Return what is left of the running day. Names of headers in small letters."""
    return _heard(headers, now, "x-ratelimit-")


def _heard(headers: Mapping[str, str], now: datetime, prefix: str) -> Heard | None:
    heard = heard_from(headers, now, remaining=f"{prefix}remaining", resets_at=f"{prefix}reset")
    if heard is None or heard.resets_at is None:
        return heard
    return replace(heard, resets_at=heard.resets_at + _SLACK + _drift(headers, now))


def _drift(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return by how much our clock is ahead of Exact's, nothing when it does not say."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
        drift = now - theirs
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
        return timedelta()
    return drift if abs(drift) <= _LARGEST_DRIFT else timedelta()
