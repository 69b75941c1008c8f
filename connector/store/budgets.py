"""Budgets: the requests that a remote allows, counted in the store for all processes together."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from connector.port.errors import RateLimitError
from connector.port.tools import Clock, Limit
from connector.store.engine import Store
from connector.store.session import instant_of, instant_text
from connector.wire.pace import Heard, Window, hear, take

# Every request of every pull comes by here: text that is ready goes in half the time.
_READ: Final = "SELECT windows FROM budget WHERE key = ?"
_HOLD: Final = (
    "INSERT INTO budget (key, windows, changed_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING"
)
_SAVE: Final = (
    "INSERT INTO budget (key, windows, changed_at) VALUES (?, ?, ?) ON CONFLICT (key) "
    "DO UPDATE SET windows = excluded.windows, changed_at = excluded.changed_at"
)


@dataclass(frozen=True, slots=True)
class StoreBudgets:
    """The budgets in the store's own database."""

    store: Store
    clock: Clock

    def of(self, key: str, limits: Sequence[Limit]) -> "StoreBudget":
        """Return the budget of a key; it is made when something is first taken."""
        return StoreBudget(self, key, tuple(limits))


@dataclass(frozen=True, slots=True)
class StoreBudget:
    """One budget; every request is one short transaction."""

    home: StoreBudgets
    key: str
    limits: tuple[Limit, ...]

    def take(self, *, urgent: bool = False) -> None:
        """Take one request from every window, or none.

        Raises:
            RateLimitError: `budget_spent`; `after` holds the seconds to wait.
        """
        now = self.home.clock.now()
        with self.home.store.shared(durable=False) as connection:
            before = self._windows(connection)
            after, wait = take(before, self.limits, now, urgent=urgent)
            if wait is None:
                self._save(connection, after, now)
        if wait is not None:
            raise RateLimitError("budget_spent", after=math.ceil(wait))

    def look(self, *, urgent: bool = False) -> None:
        """Take nothing.

        Raises:
            RateLimitError: `budget_spent`: there is nothing left.
        """
        with self.home.store.shared(durable=False, reading=True) as connection:
            windows = self._read(connection)
        _, wait = take(windows, self.limits, self.home.clock.now(), urgent=urgent)
        if wait is not None:
            raise RateLimitError("budget_spent", after=math.ceil(wait))

    def heard(self, *, remaining: int | None, resets_at: datetime | None, window: int = 0) -> None:
        """Believe the remote where it leaves less than we thought."""
        if remaining is None and resets_at is None:
            return
        now = self.home.clock.now()
        with self.home.store.shared(durable=False) as connection:
            windows = list(self._windows(connection))
            before = windows[window]
            limit, said = self.limits[window], Heard(remaining, resets_at)
            windows[window] = hear(before, limit, now, said)
            if windows[window] != before:
                self._save(connection, windows, now)

    def _windows(self, connection: sa.Connection) -> Sequence[Window | None]:
        """Return the windows; nobody else changes them before the transaction ends."""
        if connection.dialect.name != "postgresql":
            return self._read(connection)  # the writing transaction is alone
        found = self._found(connection, f"{_READ} FOR UPDATE")
        if found is None:  # there must be a row to hold, also for two that are the first
            values = (self.key, "[]", instant_text(self.home.clock.now()))
            connection.exec_driver_sql(_marked(_HOLD, connection), values)
            found = self._found(connection, f"{_READ} FOR UPDATE")
        return self._parsed(found)

    def _read(self, connection: sa.Connection) -> Sequence[Window | None]:
        return self._parsed(self._found(connection, _READ))

    def _found(self, connection: sa.Connection, text: str) -> str | None:
        row = connection.exec_driver_sql(_marked(text, connection), (self.key,)).first()
        return None if row is None else str(row[0])

    def _parsed(self, text: str | None) -> Sequence[Window | None]:
        found = [_window(one) for one in json.loads(text)] if text else []
        return found if len(found) == len(self.limits) else [None] * len(self.limits)

    def _save(
        self, connection: sa.Connection, windows: Sequence[Window | None], now: datetime
    ) -> None:
        text = json.dumps([_plain(window) for window in windows])
        values = (self.key, text, instant_text(now))
        connection.exec_driver_sql(_marked(_SAVE, connection), values)


def _marked(text: str, connection: sa.Connection) -> str:
    """Return the statement with the driver's own placeholders."""
    return text if connection.dialect.paramstyle == "qmark" else text.replace("?", "%s")


def _plain(window: Window | None) -> list[object] | None:
    if window is None:
        return None
    return [instant_text(window.started_at), window.used, instant_text(window.ends_at)]


def _window(found: Sequence[object] | None) -> Window | None:
    if found is None:
        return None
    started, used, ends = found
    started_at, ends_at = instant_of(str(started)), instant_of(str(ends))
    assert started_at is not None
    assert ends_at is not None
    return Window(started_at=started_at, used=int(str(used)), ends_at=ends_at)
