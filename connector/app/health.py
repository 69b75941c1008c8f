"""What the sidecar answers over HTTP: one small page about its health, and webhooks.

The page is for containers and knows nothing about debtors.
"""

import io
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from connector.app.hooks import Answer
from connector.app.schedule import OpenOffice, Sidecar, StepName, StepState
from connector.port.errors import MaanError, SettingsError
from connector.settings import Listen

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Report = tuple[bool, Mapping[str, object]]
"""Whether all is well, and what is shown."""

MOST_BYTES: Final = 1024 * 1024
"""What the body of a webhook may hold."""

_TIMEOUT_SECONDS: Final = 5
_PIECE_BYTES: Final = 65536
_AT_ONCE: Final = 8  # bodies that are read at the same time
_MOST_CONNECTIONS: Final = 24  # each has a thread
_MAKE_ROOM_SECONDS: Final = 1
_HOOK: Final = re.compile(r"/hooks/([a-z0-9-]{1,60})")


def report(sidecar: Sidecar, store_answers: Callable[[], bool]) -> Report:
    """Return whether the sidecar can do its work, and how each step went.

    A step that failed does not make it unhealthy: a source that is away is no reason to start
    the container again.
    """
    alive, store = sidecar.is_alive, store_answers()
    steps = {name.value: _step(name, state, sidecar) for name, state in sidecar.states.items()}
    ok = alive and store
    shown = {"ok": ok, "scheduler": alive, "store": store, "steps": steps}
    return ok, shown


def store_check(open_office: OpenOffice) -> Callable[[], bool]:
    """Return a question to the store that is asked at most once at a time."""
    lock = threading.Lock()

    def answers() -> bool:
        with lock:
            try:
                with open_office():
                    return True
            except MaanError:
                return False

    return answers


def _step(name: StepName, state: StepState, sidecar: Sidecar) -> dict[str, object]:
    next_run = sidecar.next_run(name)
    return {
        "running": state.running,
        "last_at": state.ended_at.isoformat() if state.ended_at else None,
        "ok": state.ok,
        "code": state.code,
        "next_at": next_run.isoformat() if next_run else None,
    }


@contextmanager
def serve(
    listen: Listen,
    make_report: Callable[[], Report],
    answer: Answer | None = None,
    *,
    timeout_seconds: float = _TIMEOUT_SECONDS,
) -> Iterator[int]:
    """Answer on the address while the block runs; yields the port.

    Args:
        listen: The address.
        make_report: What the page about health says.
        answer: What a webhook is answered; None: there are none.
        timeout_seconds: How long a request may take to come in.

    Raises:
        SettingsError: `listen_refused`: the address is taken or not ours.
    """
    server_class = _Server6 if ":" in listen.host else _Server
    try:
        server = server_class(
            (listen.host, listen.port), _handler(make_report, answer, timeout_seconds)
        )
    except OSError as error:
        raise SettingsError("listen_refused", listen=str(listen)) from error
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Gate:
    """Lets in so many connections; the longest that has not yet said what it wants makes room.

    So nobody keeps the others out by being slow, and a full house is told so at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._within: set[socket.socket] = set()
        self._silent: dict[socket.socket, None] = {}  # oldest first
        self._changed = threading.Condition()

    def enter(self, connection: socket.socket) -> bool:
        """Return whether there is a place."""
        with self._changed:
            if len(self._within) >= self._most and not self._make_room():
                return False
            self._within.add(connection)
            self._silent[connection] = None
            return True

    def has_spoken(self, connection: socket.socket) -> bool:
        """Keep that a request came in; return False when it had to make room meanwhile."""
        with self._changed:
            return self._silent.pop(connection, self) is None

    def leave(self, connection: socket.socket) -> None:
        """Give the place free."""
        with self._changed:
            self._within.discard(connection)
            self._silent.pop(connection, None)
            self._changed.notify_all()

    def _make_room(self) -> bool:
        oldest = next(iter(self._silent), None)
        if oldest is None:
            return False
        del self._silent[oldest]
        with suppress(OSError):
            oldest.shutdown(socket.SHUT_RDWR)  # its thread reads the end, and leaves
        return self._changed.wait_for(
            lambda: len(self._within) < self._most, timeout=_MAKE_ROOM_SECONDS
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, *args: Any) -> None:  # noqa: ANN401  # as the library has them
        self.gate = _Gate(_MOST_CONNECTIONS)
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        if not self.gate.enter(request):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # there is no thread for it
            self.gate.leave(request)
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.gate.leave(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        if not isinstance(sys.exception(), OSError):  # a stranger who hangs up is no news
            super().handle_error(request, client_address)


class _Head(io.RawIOBase):
    """What comes in over a connection, with one deadline for all of it until that is lifted."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        super().__init__()
        self._connection = connection
        self._until: float | None = time.monotonic() + seconds

    def lift(self) -> None:
        """Let what follows take the connection's own time."""
        self._until = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if self._until is not None:
            seconds = self._until - time.monotonic()
            if seconds <= 0:
                raise TimeoutError
            self._connection.settimeout(seconds)
        return self._connection.recv_into(buffer)


class _Server6(_Server):
    address_family = socket.AF_INET6


def _handler(
    make_report: Callable[[], Report], answer: Answer | None, seconds: float
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = seconds
        server_version = "maan"
        sys_version = ""

        def setup(self) -> None:
            super().setup()
            self.rfile.close()
            self._head = _Head(self.connection, seconds)
            self.rfile = io.BufferedReader(self._head)

        def parse_request(self) -> bool:
            if not super().parse_request():
                return False
            if not self.server.gate.has_spoken(self.connection):  # type: ignore[attr-defined]  # ours
                raise ConnectionAbortedError
            self._head.lift()
            self.connection.settimeout(seconds)
            return True

        def do_GET(self) -> None:  # the name that http.server asks for
            if self.path.partition("?")[0] != "/health":
                self._show(404, {"ok": False})
                return
            ok, shown = make_report()
            self._show(200 if ok else 503, shown)

        def _show(self, status: int, shown: Mapping[str, object]) -> None:
            _reply(self, status, json.dumps(shown).encode(), "application/json")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its signature
            """Stay silent: a container asks twice a minute."""

    return Handler if answer is None else _with_hooks(Handler, answer)


def _with_hooks(
    handler: type[BaseHTTPRequestHandler], answer: Answer
) -> type[BaseHTTPRequestHandler]:
    reading = threading.BoundedSemaphore(_AT_ONCE)

    class HookHandler(handler):  # type: ignore[valid-type, misc]  # made for one server
        def do_POST(self) -> None:  # noqa: N802  # http.server's name
            if not reading.acquire(blocking=False):
                _reply(self, 503)  # it is sent again
                return
            try:
                _reply(self, *_hook(self, answer))
            except OSError:
                self.close_connection = True  # nobody waits for the answer any more
            finally:
                reading.release()

    return HookHandler


def _hook(request: BaseHTTPRequestHandler, answer: Answer) -> tuple[int, bytes]:
    """Return the status and the body to answer to a webhook with."""
    found = _HOOK.fullmatch(request.path.partition("?")[0])
    if found is None:
        return 404, b""
    size = request.headers.get("Content-Length", "")
    if not re.fullmatch(r"[0-9]{1,12}", size):
        return 411, b""
    if int(size) > MOST_BYTES:
        return 413, b""
    try:
        body = _body(request, int(size), request.timeout or _TIMEOUT_SECONDS)
    except TimeoutError:
        return 408, b""
    if len(body) < int(size):
        return 400, b""
    received = answer(found[1], _headers(request), body)
    return received.status, received.reply


def _body(request: BaseHTTPRequestHandler, size: int, timeout_seconds: float) -> bytes:
    """Read the whole body; somebody who sends it drop by drop does not get more time.

    Raises:
        TimeoutError: It took too long.
    """
    until = time.monotonic() + timeout_seconds
    pieces: list[bytes] = []
    left = size
    while left:
        seconds = until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        request.connection.settimeout(seconds)
        piece = request.rfile.read1(min(left, _PIECE_BYTES))
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    request.connection.settimeout(timeout_seconds)
    return b"".join(pieces)


def _headers(request: BaseHTTPRequestHandler) -> Mapping[str, str]:
    """Return the headers with names in small letters; one that came twice stands once."""
    names = {name.lower() for name in request.headers}
    return {name: ", ".join(request.headers.get_all(name, ())) for name in names}


def _reply(
    request: BaseHTTPRequestHandler, status: int, body: bytes = b"", form: str = "text/plain"
) -> None:
    request.send_response(status)
    request.send_header("Content-Type", form)
    request.send_header("Content-Length", str(len(body)))
    request.send_header("Cache-Control", "no-store")
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(body)
