"""A person's consent by browser: the package sends the browser back to a port of this computer."""

import hmac
import html
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from connector.port.adapter import Connects
from connector.port.errors import RequestError

WAIT_SECONDS: Final = 300

_HOST: Final = "127.0.0.1"
_HERE: Final = (_HOST, "localhost")
_TIMEOUT_SECONDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the browser shows at the end, in the user's language."""

    language: str
    done: str
    refused: str
    strange: str  # it does not belong to what was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """How the person is reached: `tell` shows the address, `browse` opens it where it can."""

    tell: Callable[[str], object]
    browse: Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where on this computer the browser comes back to.

    Attributes:
        host: As the package knows it; listened to is 127.0.0.1 alone.
        port: 0: any free one.
    """

    host: str = _HOST
    port: int = 0
    path: str = "/callback"

    @classmethod
    def at(cls, address: str) -> "Door | None":
        """Return the door of an address, None when nothing on this computer can answer there."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port or 80
        except ValueError:
            return None
        if parts.scheme != "http" or host not in _HERE or parts.query or parts.fragment:
            return None
        return cls(host=host, port=port, path=parts.path)


@dataclass(slots=True)
class _Gate:
    """What must come back, and what came."""

    page: Page
    path: str
    state: str | None = None
    code: str | None = None
    answered: bool = False
    came: threading.Event = field(default_factory=threading.Event)

    def take(self, query: str) -> tuple[int, str]:
        """Return the status and the text of the page for what the browser brings."""
        given = parse_qs(query)
        state, code = (given.get(name, [""])[0] for name in ("state", "code"))
        if self.state is None or not hmac.compare_digest(state.encode(), self.state.encode()):
            return 400, self.page.strange
        if not self.answered:
            self.answered, self.code = True, code or None
        return (200, self.page.done) if self.code else (200, self.page.refused)


def by_browser(
    source: Connects,
    person: Person,
    *,
    page: Page,
    door: Door = Door(),
    wait_seconds: float = WAIT_SECONDS,
) -> None:
    """Let the person say yes in a browser on this computer, and keep what follows from it.

    Args:
        source: Where the consent is asked.
        person: Who is asked.
        page: What the browser shows at the end.
        door: The address that the package sends the browser back to.
        wait_seconds: How long the person may take.

    Raises:
        RequestError: `connect_port_taken`, `connect_timeout` or `connect_denied`.
        AdapterError: The source does not accept what came back, or is away.
    """
    gate = _Gate(page, door.path)
    with _listening(gate, door) as redirect:
        consent = source.ask_consent(redirect)
        gate.state = consent.state or None  # nothing fits an empty one
        person.tell(consent.url)
        person.browse(consent.url)
        if not gate.came.wait(wait_seconds):
            raise RequestError("connect_timeout", address=redirect)
    if gate.code is None:
        raise RequestError("connect_denied")
    source.accept_consent(consent, gate.code, redirect)


@contextmanager
def _listening(gate: _Gate, door: Door) -> Iterator[str]:
    """Listen on this computer alone while the block runs; yields the address to come back to."""
    try:
        server = _Server((_HOST, door.port), _handler(gate))
    except (OSError, OverflowError) as error:
        raise RequestError("connect_port_taken", port=door.port) from error
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="consent")
    thread.start()
    try:
        yield f"http://{door.host}:{server.server_address[1]}{door.path}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a browser also opens connections that it says nothing over
    block_on_close = False


def _handler(gate: _Gate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_SECONDS
        server_version = "maan"
        sys_version = ""

        def do_GET(self) -> None:  # the name that http.server asks for
            where = urlsplit(self.path)
            status, text = (404, "") if where.path != gate.path else gate.take(where.query)
            body = _html(gate.page.language, text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
            if gate.answered:
                gate.came.set()  # only now: the person sees the page

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its signature
            """Stay silent: the line would hold the code."""

    return Handler


def _html(language: str, text: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>maan</title>'
        f"<p>{html.escape(text)}</p></html>"
    )
