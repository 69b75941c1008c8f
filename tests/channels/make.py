"""Builders for deliveries, and mail servers that misbehave in a chosen way."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from connector.channels.base import Parcel
from connector.channels.email import EmailChannel, SmtpSettings
from connector.core.letters.fields import Letter
from connector.core.letters.render import render_letter
from connector.port.errors import NotDeliveredError
from tests.core.letters.make import letter_facts, recipient, shipped

MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # a Monday, 9:30 in Amsterdam


def letter(**fields: Any) -> Letter:
    return render_letter(shipped(), letter_facts(**fields))


def parcel(**fields: Any) -> Parcel:
    plain: dict[str, Any] = {
        "key": "ab12cd34ef56-email",
        "administration": "jansen-bv",
        "action": "ab12cd34ef56",
        "recipient": recipient(),
        "letter": letter(),
        "pdf": None,
        "created": MORNING,
        "from_": "Jansen B.V. <administratie@jansen.example>",
    }
    return Parcel(**(plain | fields))


class Waits:
    """Stands in for the clock's sleep: notes how long, and goes on at once."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def channel(port: int, waits: Waits | None = None, **settings: Any) -> EmailChannel:
    plain: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": 5}
    return EmailChannel(SmtpSettings(**(plain | settings)), sleep=waits or Waits())


def refused_by(channel_: EmailChannel, **fields: Any) -> NotDeliveredError:
    with pytest.raises(NotDeliveredError) as refused:
        channel_.send(channel_.prepare(parcel(**fields)))
    return refused.value


class Mailbox:
    """Takes every message, or answers as told."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 taken as 42") -> None:
        self.taken: list[Envelope] = []
        self._rcpt = rcpt
        self._data = data

    async def handle_RCPT(  # noqa: N802  # aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._rcpt

    async def handle_DATA(  # noqa: N802  # aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(envelope)
        return self._data


def login(server: SMTP, session: Session, envelope: Envelope, kind: str, given: Any) -> AuthResult:
    """Let only Petra in."""
    ok = isinstance(given, LoginPassword) and given == LoginPassword(b"petra", b"geheim")
    return AuthResult(success=ok, handled=False)


@contextlib.contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """Run a real server on loopback and yield its port."""
    port = free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


Script = Callable[["Line"], None]


class Line:
    """The server's end of one conversation."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._lines = connection.makefile("rb")

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def hear(self) -> bytes:
        return self._lines.readline()

    def greet(self, extension: str = "250 HELP") -> None:
        self.say("220 hallo")
        self.hear()
        self.say(extension)

    def take_envelope(self) -> None:
        for answer in ("250 OK", "250 OK", "354 go ahead"):
            self.hear()
            self.say(answer)

    def take_message(self) -> None:
        while (line := self.hear()) and line != b".\r\n":
            pass

    def wait_until_closed(self) -> None:
        while self.hear():
            pass


@contextlib.contextmanager
def scripted_server(*scripts: Script) -> Iterator[int]:
    """Run a server that follows one script per connection, and yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_follow, args=(listener, scripts), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes a thread that still waits for a caller
    thread.join(timeout=10)


def _follow(listener: socket.socket, scripts: tuple[Script, ...]) -> None:
    for script in scripts:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            line = Line(connection)
            try:
                script(line)
            finally:
                line._lines.close()
