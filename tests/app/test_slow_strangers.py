"""Who is slow, or says nothing at all, keeps nobody else from the sidecar's server."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from connector.app import health
from connector.port.adapter import Received
from connector.settings import Listen

_ASK = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that would wait for a minute."""
    with health.serve(
        Listen("127.0.0.1", 0),
        lambda: (True, {}),
        lambda *_request: Received(status=200),
        timeout_seconds=60,
    ) as found:
        yield found


def _connected(port: int, said: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(said)
    return connection


def _whole(connection: socket.socket) -> bytes:
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("said", [b"", b"GET /hea", b"GET /health HTTP/1.1\r\nX-Slow: a"])
def test_two_hundred_slow_ones_hold_few_threads_and_health_answers(port: int, said: bytes) -> None:
    before = threading.active_count()
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(_connected(port, said))
        answer = _whole(_connected(port, _ASK))
        threads = threading.active_count() - before

    assert answer.startswith(b"HTTP/1.0 200")
    assert threads <= 24


def test_one_who_had_to_make_room_is_not_taken_to_have_asked(port: int) -> None:
    with ExitStack() as stack:
        slow = stack.enter_context(_connected(port, b"GET /health HTTP/1.1\r\nX-Slow: a"))
        for _ in range(60):
            stack.enter_context(_connected(port, b""))

        assert _whole(slow) == b""


class _Drip:
    """A connection over which one byte comes at a time, always in time."""

    def settimeout(self, _seconds: float) -> None:
        """Every byte comes in time."""

    def recv_into(self, buffer: memoryview) -> int:
        buffer[:1] = b"a"
        return 1


def test_a_head_that_comes_drop_by_drop_gets_no_more_time() -> None:
    connection: Any = _Drip()
    head = io.BufferedReader(health._Head(connection, 0.02))

    with pytest.raises(TimeoutError):
        head.readline(10**9)


def test_a_full_house_turns_the_next_one_away() -> None:
    gate = health._Gate(1)
    with socket.socket() as one, socket.socket() as other:
        first = gate.enter(one), gate.has_spoken(one), gate.enter(other)
        gate.leave(one)

        assert (first, gate.enter(other)) == ((True, True, False), True)
