"""Budgets: the requests that a remote allows, counted in the store for all processes together."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connector.port.errors import RateLimitError
from connector.port.tools import Clock, Limit
from connector.store.engine import Store
from connector.store.session import instant_of, instant_text
from connector.store.tables import table
from connector.wire.pace import Heard, Window, hear, take

_BUDGET = table("budget")


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
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("LOCK TABLE budget IN SHARE ROW EXCLUSIVE MODE"))
        return self._read(connection)

    def _read(self, connection: sa.Connection) -> Sequence[Window | None]:
        text = connection.execute(
            sa.select(_BUDGET.c.windows).where(_BUDGET.c.key == self.key)
        ).scalar_one_or_none()
        found = [_window(one) for one in json.loads(text)] if text else []
        return found if len(found) == len(self.limits) else [None] * len(self.limits)

    def _save(
        self, connection: sa.Connection, windows: Sequence[Window | None], now: datetime
    ) -> None:
        text = json.dumps([_plain(window) for window in windows])
        values = {"key": self.key, "windows": text, "changed_at": instant_text(now)}
        done = connection.execute(
            sa.update(_BUDGET).where(_BUDGET.c.key == self.key).values(values)
        )
        if not done.rowcount:
            connection.execute(_BUDGET.insert().values(values))


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
