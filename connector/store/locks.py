"""One at a time per administration, across threads and processes."""

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import filelock
import sqlalchemy as sa

from connector.port.errors import ConflictError


class FileLocks:
    """Locks as files beside the SQLite file; the system lets go when the process dies."""

    def __init__(self, base: Path) -> None:
        """Keep the file beside which the lock files stand, as the system knows it.

        Those who reach it by a link must hold the same lock.
        """
        self._base = base.resolve()

    @contextlib.contextmanager
    def hold(self, administration: str, wait_seconds: float) -> Iterator[None]:
        """Hold the administration; ConflictError when somebody else keeps it too long."""
        name = hashlib.sha256(administration.encode()).hexdigest()[:16]
        lock = filelock.FileLock(self._base.with_name(f"{self._base.name}.{name}.lock"))
        try:
            lock.acquire(timeout=wait_seconds, poll_interval=0.02)
        except (filelock.Timeout, RuntimeError) as error:
            raise ConflictError("store_busy") from error
        try:
            yield
        finally:
            lock.release()


class ThreadLocks:
    """Locks of an in-memory store, which no other process sees."""

    def __init__(self) -> None:
        """Start without any lock."""
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    @contextlib.contextmanager
    def hold(self, administration: str, wait_seconds: float) -> Iterator[None]:
        """Hold the administration; ConflictError when somebody else keeps it too long."""
        with self._guard:
            lock = self._locks.setdefault(administration, threading.Lock())
        if not lock.acquire(timeout=wait_seconds):
            raise ConflictError("store_busy")
        try:
            yield
        finally:
            lock.release()


class AdvisoryLocks:
    """Session locks of PostgreSQL, each on a connection of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep the engine."""
        self._engine = engine

    @contextlib.contextmanager
    def hold(self, administration: str, wait_seconds: float) -> Iterator[None]:
        """Hold the administration; ConflictError when somebody else keeps it too long."""
        digest = hashlib.sha256(b"maan\x00" + administration.encode()).digest()
        key = int.from_bytes(digest[:8], signed=True)
        milliseconds = max(1, int(wait_seconds * 1000))
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(
                sa.text("SELECT set_config('lock_timeout', :wait, false)"),
                {"wait": f"{milliseconds}ms"},
            )
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": key})
            try:
                yield
            finally:
                # Closing the session lets go whatever happened to the connection meanwhile.
                connection.invalidate()
