"""The HTTP side of the simulator: connections on loopback that stay open, and broken ones."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote_plus

from adapters.exact.sim_faults import Answer, Fault

_LINGER = struct.pack("ii", 1, 0)
_HELD = frozenset({Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked; header names in small letters, the query as it came."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def line(self) -> str:
        """`METHOD /path?query`, decoded."""
        return _line(self.method, self.path, self.query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A request and what came of it; status 0: there was no answer."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer: bytes
    answer_headers: Mapping[str, str]
    at: datetime
    fault: Fault | None = None

    @property
    def line(self) -> str:
        """`METHOD /path?query`, decoded."""
        return _line(self.method, self.path, self.query)

    def json(self) -> Any:  # noqa: ANN401  # whatever was sent
        """Return the request's body."""
        return json.loads(self.body)

    def answered(self) -> Any:  # noqa: ANN401  # whatever was answered
        """Return the answer's body."""
        return json.loads(self.answer)


def _line(method: str, path: str, query: str) -> str:
    return f"{method} {path}?{unquote_plus(query)}" if query else f"{method} {path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer and the fault that it suffers on its way."""

    answer: Answer
    fault: Fault | None = None


Serve = Callable[[Request], Outcome]


class Server:
    """An HTTP server on loopback that runs until it is closed."""

    def __init__(self, serve: Serve, port: int = 0) -> None:
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"serve": staticmethod(serve), "owner": self})
        self._http = _Http(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(
            target=self._http.serve_forever,
            kwargs={"poll_interval": 0.02},
            daemon=True,
        )
        self._thread.start()

    def close(self) -> None:
        """Stop, and let go of every connection."""
        if self.closing.is_set():
            return
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._http.cut()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as typeshed
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401  # as typeshed
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as typeshed
        """A client that went away is no error."""

    def cut(self) -> None:
        """End the connections that clients keep alive."""
        with self._guard:
            still_open = list(self._open)
        for one in still_open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    serve: ClassVar[Serve]
    owner: ClassVar[Server]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )
        self._send(type(self).serve(request))

    do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815  # names of http.server

    def _send(self, outcome: Outcome) -> None:
        answer = outcome.answer
        if answer.status == 0:
            if outcome.fault in _HELD:
                self._hold()
            self._reset()
            return
        self.send_response_only(answer.status)
        if answer.status != 204:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if outcome.fault is Fault.RESET:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.wfile.flush()
            self._reset()
            return
        self.wfile.write(answer.body)

    def _hold(self) -> None:
        """Wait until the client, or the simulator, gives up."""
        self.connection.settimeout(0.05)
        while not self.owner.closing.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def _reset(self) -> None:
        """End the connection with a reset instead of a farewell."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # name of http.server
        """Nothing is printed."""
