"""What the sidecar's server makes of a POST, before any adapter sees it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connector.app import health
from connector.port.adapter import Received
from connector.settings import Listen


class _Door:
    """Keeps what came through, and the port that it comes in at."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Mapping[str, str], bytes]] = []
        self.reply = Received(status=202, reply=b"gezien")
        self.port = 0

    def answer(self, name: str, headers: Mapping[str, str], body: bytes) -> Received:
        self.came.append((name, headers, body))
        return self.reply

    def say(self, text: str) -> str:
        """Send the text as it is, close the sending side, and return the whole answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(text.encode())
            connection.shutdown(socket.SHUT_WR)
            pieces = iter(lambda: connection.recv(65536), b"")
            return b"".join(pieces).decode()


@pytest.fixture(scope="module")
def opened() -> Iterator[_Door]:
    """One server for all; it takes half a second to stop."""
    made = _Door()
    listen = Listen("127.0.0.1", 0)
    with health.serve(listen, lambda: (True, {}), made.answer, timeout_seconds=0.5) as port:
        made.port = port
        yield made


@pytest.fixture
def door(opened: _Door) -> _Door:
    opened.came.clear()
    return opened


def _post(path: str, body: str = "", *, headers: str = "") -> str:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {len(body)}\r\n\r\n{body}"


def _status(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


def test_a_webhook_reaches_the_adapter_as_it_came(door: _Door) -> None:
    answer = door.say(
        _post("/hooks/jansen-bv", '{"a": 1}', headers="X-Sign: Een\r\nx-sign: Twee\r\n")
    )

    ((name, headers, body),) = door.came
    assert (name, body) == ("jansen-bv", b'{"a": 1}')
    assert headers["x-sign"] == "Een, Twee"
    assert _status(answer) == 202
    assert answer.endswith("\r\n\r\ngezien")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/health",
        "/hooks",
        "/hooks/",
        "/hooks/a/b",
        "/hooks/A",
        "/hooks/../health",
        "/hooks/%61",
    ],
)
def test_nothing_else_can_be_posted_to(door: _Door, path: str) -> None:
    answer = door.say(_post(path))

    assert _status(answer) == 404
    assert door.came == []


def test_a_question_to_a_webhook_is_not_answered(door: _Door) -> None:
    answer = door.say("GET /hooks/jansen-bv HTTP/1.1\r\nHost: x\r\n\r\n")

    assert _status(answer) == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ("", 411),
        ("Transfer-Encoding: chunked\r\n", 411),
        ("Content-Length: -1\r\n", 411),
        ("Content-Length: veel\r\n", 411),
        (f"Content-Length: {health.MOST_BYTES + 1}\r\n", 413),
        ("Content-Length: 99999999999999999999\r\n", 411),
        ("Content-Length: 5\r\n", 400),
    ],
)
def test_a_body_that_is_no_good_never_reaches_the_adapter(
    door: _Door, headers: str, status: int
) -> None:
    answer = door.say(f"POST /hooks/jansen-bv HTTP/1.1\r\nHost: x\r\n{headers}\r\n")

    assert _status(answer) == status
    assert door.came == []


def test_the_largest_body_is_taken_whole(door: _Door) -> None:
    answer = door.say(_post("/hooks/jansen-bv", "a" * health.MOST_BYTES))

    assert _status(answer) == 202
    assert len(door.came[0][2]) == health.MOST_BYTES


def test_a_body_that_does_not_come_is_not_waited_for(door: _Door) -> None:
    with socket.create_connection(("127.0.0.1", door.port), timeout=30) as connection:
        connection.sendall(_post("/hooks/jansen-bv", "aaaa")[:-1].encode())
        answer = connection.recv(65536).decode()

    assert _status(answer) == 408
    assert door.came == []


def test_the_page_about_health_is_still_there(door: _Door) -> None:
    answer = door.say("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")

    assert _status(answer) == 200


class _Drip:
    """A body that comes one byte at a time and never ends."""

    class connection:  # noqa: N801  # the name that http.server has
        @staticmethod
        def settimeout(_seconds: float) -> None:
            """Every byte comes in time."""

    class rfile:  # noqa: N801
        @staticmethod
        def read1(_size: int) -> bytes:
            return b"a"


def test_a_body_that_comes_drop_by_drop_gets_no_more_time() -> None:
    request: Any = _Drip

    with pytest.raises(TimeoutError):
        health._body(request, 10**9, 0.02)


def test_more_than_can_be_read_at_once_are_asked_to_come_back() -> None:
    entered, leave = threading.Semaphore(0), threading.Event()

    def slowly(_name: str, _headers: Mapping[str, str], _body: bytes) -> Received:
        entered.release()
        leave.wait(10)
        return Received(status=200)

    door = _Door()
    with health.serve(Listen("127.0.0.1", 0), lambda: (True, {}), slowly) as door.port:
        busy = [threading.Thread(target=door.say, args=[_post("/hooks/a")]) for _ in range(8)]
        for thread in busy:
            thread.start()
        assert all(entered.acquire(timeout=10) for _ in busy)
        answer = door.say(_post("/hooks/a"))
        leave.set()
        for thread in busy:
            thread.join()
        after = door.say(_post("/hooks/a"))

    assert (_status(answer), _status(after)) == (503, 200)
