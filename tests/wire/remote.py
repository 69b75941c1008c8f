"""A remote on loopback that misbehaves on demand: real sockets, real resets."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[["Caller"], None]


@dataclass
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Caller(BaseHTTPRequestHandler):
    """One connection to the remote."""

    protocol_version = "HTTP/1.1"
    remote: "Remote"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing."""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        names = {name.lower(): value for name, value in self.headers.items()}
        self.remote.asked.append(Asked(self.command, self.path, names, body))
        self.remote.next()(self)

    do_POST = do_GET  # noqa: N815  # the library's name
    do_PATCH = do_GET  # noqa: N815

    def answer(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | dict(headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def reset(self) -> None:
        """Hang up with a reset instead of a farewell."""
        self.wfile.flush()
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True


@dataclass
class Remote:
    """Behaves as told, one behaviour a request, the last one for ever."""

    behaviours: list[Behaviour]
    origin: str = ""
    asked: list[Asked] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def next(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


@contextmanager
def remote(*behaviours: Behaviour) -> Iterator[Remote]:
    """Run a remote on a free port."""
    it = Remote(list(behaviours))
    handler = type("Bound", (Caller,), {"remote": it})
    server = _Server(("127.0.0.1", 0), handler)
    it.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield it
    finally:
        it.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up is what some tests are about."""


def fine(body: bytes = b"[]", **headers: str) -> Behaviour:
    """Answer 200."""
    return status(200, body, **headers)


def status(code: int, body: bytes = b"{}", **headers: str) -> Behaviour:
    """Answer with a status; underscores in names of headers become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda caller: caller.answer(code, body, named)


def silent(caller: Caller) -> None:
    """Take the request and say nothing until the test is over."""
    caller.remote.released.wait(5)
    caller.close_connection = True


def resets(caller: Caller) -> None:
    """Hang up once the request is in."""
    caller.reset()


def half(code: int = 200, body: bytes = b'[{"id":"1"},') -> Behaviour:
    """Promise more than is sent, then hang up."""

    def behave(caller: Caller) -> None:
        caller.begin(code, {"Content-Type": "application/json", "Content-Length": "1000000"})
        caller.wfile.write(body)
        caller.reset()

    return behave


def half_chunked(body: bytes = b'[{"id":"1"},') -> Behaviour:
    """Send one chunk and hang up without the last."""

    def behave(caller: Caller) -> None:
        caller.begin(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
        caller.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
        caller.wfile.flush()
        caller.close_connection = True

    return behave


def stalls(body: bytes = b'[{"id":"1"},') -> Behaviour:
    """Send the beginning of a body and then nothing."""

    def behave(caller: Caller) -> None:
        caller.begin(200, {"Content-Type": "application/json", "Content-Length": "1000000"})
        caller.wfile.write(body)
        caller.wfile.flush()
        silent(caller)

    return behave


def nobody() -> str:
    """Return an origin at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
