"""Webhooks of the sidecar: answered at once; what they name is read again a little later.

Nothing is lost when they are late, refused or dropped: the next pull tells the same.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.app.schedule import OpenOffice
from connector.flow.receiving import receive, refresh_told
from connector.port.adapter import Received
from connector.port.errors import MaanError, RequestError
from connector.port.records import ItemId
from connector.port.tools import Log

if TYPE_CHECKING:
    from connector.flow.office import Office

MOST_WAITING: Final = 1000
"""Events that may wait; their items fit in a few requests."""

_GATHER_SECONDS: Final = 5.0  # several changes of one invoice come together
_REST_SECONDS: Final = 30.0  # a busy day does not use up the requests that a pull needs

Answer = Callable[[str, Mapping[str, str], bytes], Received]
"""What a webhook to an administration is answered; header names in small letters."""


class Inbox:
    """What was told and not read yet, in memory; safe to share between threads."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        """Begin empty, with room for so many events."""
        self._most = most
        self._lock = threading.Lock()
        self._events: dict[str, dict[str, tuple[ItemId, ...]]] = {}
        self.filled = threading.Event()

    def put(self, administration: str, key: str, items: tuple[ItemId, ...]) -> bool:
        """Keep an event, once for its key; False when there is no room."""
        with self._lock:
            events = self._events.setdefault(administration, {})
            if key not in events and sum(map(len, self._events.values())) >= self._most:
                return False
            events[key] = items
            self.filled.set()
        return True

    def take(self) -> Mapping[str, Mapping[str, tuple[ItemId, ...]]]:
        """Return what waits, by administration and key, and begin empty again."""
        with self._lock:
            taken, self._events = self._events, {}
            self.filled.clear()
        return taken


class Hooks:
    """Answers webhooks, and lets the sidecar read again what they name."""

    def __init__(self, open_office: OpenOffice, log: Log, inbox: Inbox | None = None) -> None:
        """Open nothing yet."""
        self._open_office = open_office
        self._desks = _Desks(open_office)
        self._log = log
        self._inbox = inbox or Inbox()

    def answer(self, name: str, headers: Mapping[str, str], body: bytes) -> Received:
        """Return what to answer to a webhook for the administration of this name.

        Neither the store nor the source is asked, so that it is quick during a pull too.
        """
        try:
            found = self._desks.receive(name, headers, body)
        except RequestError:
            return Received(status=404)
        except MaanError as error:
            self._log.warning("hook_failed", code=error.code)
            return Received(status=503)
        except Exception as error:  # noqa: BLE001  # a stranger must never end up in the innards
            self._log.warning("hook_failed", code="unexpected", exc_info=error)
            return Received(status=500)
        if found.key is None or not found.items:
            return found
        if not self._inbox.put(name, found.key, found.items):
            self._log.warning("hooks_full", administration=name)
        return found

    def read_again(self) -> None:
        """Read again what waits, in an office opened anew; never beside a step.

        Raises:
            MaanError: The configuration or the store can't be used; what waited is left to a pull.
        """
        told = self._inbox.take()
        with self._open_office() as office:
            count = refresh_told(office, told)
        self._log.info("hooks_done", events=sum(map(len, told.values())), items=count)

    @contextmanager
    def tending(
        self,
        run_between: Callable[[Callable[[], object]], None],
        *,
        gather_seconds: float = _GATHER_SECONDS,
        rest_seconds: float = _REST_SECONDS,
    ) -> Iterator[None]:
        """Let what waits be read again by `run_between`, while the block runs."""
        stopping, asked = threading.Event(), threading.Semaphore(1)

        def tend() -> None:
            while self._inbox.filled.wait() and not stopping.wait(gather_seconds):
                if asked.acquire(blocking=False):
                    run_between(work)
                stopping.wait(rest_seconds)

        def work() -> None:
            asked.release()
            self.read_again()

        thread = threading.Thread(target=tend, name="hooks", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            self._inbox.filled.set()
            thread.join()
            self._desks.close()


class _Desks:
    """An office that is kept open for the adapters in it, until the configuration changes."""

    def __init__(self, open_office: OpenOffice) -> None:
        self._open_office = open_office
        self._lock = threading.Lock()
        self._closing = ExitStack()
        self._office: Office | None = None
        self._read: tuple[int, int] | None = None

    def receive(self, name: str, headers: Mapping[str, str], body: bytes) -> Received:
        with self._lock:
            return receive(self._present().administration(name), headers, body)

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def _present(self) -> "Office":
        if self._office is None or self._read != _state(self._office.settings.path):
            self._let_go()
            self._office = self._closing.enter_context(self._open_office())
            self._read = _state(self._office.settings.path)
        return self._office

    def _let_go(self) -> None:
        self._office = None
        self._closing.close()


def _state(file: Path) -> tuple[int, int] | None:
    """Return what tells one version of a file from the next, None when it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
