"""A lean Exact on loopback: tokens that rotate, two limits, empty pages; it counts what is wrong.

Made for months of simulated time: it understands just enough of HTTP, and keeps connections open.
"""

import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import parse_qs

from connector.port.tools import Clock

MINUTE, DAY = 60, 5000
_LINGER = struct.pack("ii", 1, 0)
_EARLY: Final = (
    b'{"error":"access_denied","error_description":"Rate limit exceeded: access_token not expired"}'
)
_USED: Final = b'{"error":"unauthorized_client","error_description":"Old refresh token used."}'
_EMPTY: Final = b'{"d":{"results":[]}}'
_FORBIDDEN: Final = b'{"error":{"code":"","message":{"lang":"","value":"Forbidden"}}}'
_EXPIRED: Final = (
    "Bearer error=%22invalid_token%22%2c%20error_description%3d%22access+token+expired"
)


@dataclass(frozen=True, slots=True)
class Say:
    """An answer; status 0: the connection is reset instead."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Pair:
    """Tokens that were granted, and whether the answer arrived."""

    access: str
    refresh: str
    issued_at: float
    delivered: bool = True


@dataclass(slots=True)
class World:
    """The rules, and a count of every breach of them.

    Attributes:
        lose: So many of the next grants get lost on their way.
        said_no: Refusals by hour, division and endpoint.
        throttle: So many of the next API calls are refused with 429, without headers.
        forbidden: Endpoints that answer 403.
        dead: The person withdrew the consent.
        grace_is_early: The 570 seconds hold for the repeated use of a token, too.
    """

    clock: Clock
    pair: Pair | None = None
    before: Pair | None = None
    lose: int = 0
    throttle: int = 0
    dead: bool = False
    grace_is_early: bool = False
    forbidden: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    said_no: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    _made: int = 0
    _windows: Counter[tuple[str, int]] = field(default_factory=Counter)

    def now(self) -> float:
        return self.clock.now().timestamp()

    def grant(self) -> Pair:
        """Start a chain, or go on with it."""
        self._made += 1
        pair = Pair(f"access-{self._made}", f"refresh-{self._made}", self.now())
        self.before, self.pair = self.pair, pair
        return pair

    def token(self, form: dict[str, list[str]]) -> Say:
        self.counts["token"] += 1
        if form["grant_type"] == ["authorization_code"]:
            self.before = self.pair = None
            self.dead = False
            return self._granted(self.grant())
        if self.dead:
            self.counts["dead"] += 1
            return Say(400, b'{"error":"invalid_grant"}')
        sent = form["refresh_token"][0]
        if self.pair is not None and sent == self.pair.refresh:
            return self._rotated(self.pair)
        if self.before is None or sent != self.before.refresh or self.pair is None:
            self.counts["reused"] += 1
            return Say(401, _USED)
        return self._again(self.pair)

    def _rotated(self, pair: Pair) -> Say:
        if self.now() - pair.issued_at < 570:
            return self._too_early()
        return self._granted(self.grant())

    def _again(self, pair: Pair) -> Say:
        """Answer a token that was used: forgiven for ten minutes when its successor got lost."""
        if pair.delivered or self.now() - pair.issued_at > 600:
            self.counts["reused"] += 1
            return Say(401, _USED)
        self.counts["retried"] += 1
        if self.grace_is_early and self.now() - pair.issued_at < 570:
            return self._too_early()
        self.pair = self.before
        return self._granted(self.grant())

    def _too_early(self) -> Say:
        self.counts["early"] += 1
        return Say(400, _EARLY, (("Reason", "TooEarlyToRefreshTokens: wait"),))

    def _granted(self, pair: Pair) -> Say:
        if self.lose:
            self.lose -= 1
            self.counts["lost"] += 1
            pair.delivered = False
            return Say(0)
        body = (
            f'{{"access_token":"{pair.access}","token_type":"Bearer","expires_in":"600",'
            f'"refresh_token":"{pair.refresh}"}}'
        )
        return Say(200, body.encode())

    def api(self, path: str, bearer: str) -> Say:
        self.counts["api"] += 1
        division, _, endpoint = path.partition("?")[0].removeprefix("/api/v1/").partition("/")
        now = int(self.now())
        minute, day = (f"{division}m", now // 60), (f"{division}d", now // 86_400)
        for window, most in ((minute, MINUTE), (day, DAY)):
            self._windows[window] += 1
            if self._windows[window] > most:
                self.counts["over"] += 1
        if self.throttle:
            self.throttle -= 1
            self.counts["throttled"] += 1
            return Say(429)
        if not self._is_good(bearer):
            self.said_no[now // 3600, division, endpoint] += 1
            return Say(401, b"", (("WWW-Authenticate", _EXPIRED),))
        if endpoint in self.forbidden:
            self.said_no[now // 3600, division, endpoint] += 1
            return Say(403, _FORBIDDEN)
        return Say(200, _EMPTY, self._headers(minute, day))

    def _is_good(self, bearer: str) -> bool:
        known = [pair for pair in (self.pair, self.before) if pair and pair.access == bearer]
        return bool(known) and self.now() - known[0].issued_at < 600

    def _headers(
        self, minute: tuple[str, int], day: tuple[str, int]
    ) -> tuple[tuple[str, str], ...]:
        return (
            ("X-RateLimit-Minutely-Remaining", str(max(0, MINUTE - self._windows[minute]))),
            ("X-RateLimit-Minutely-Reset", str((minute[1] + 1) * 60_000)),
            ("X-RateLimit-Remaining", str(max(0, DAY - self._windows[day]))),
            ("X-RateLimit-Reset", str((day[1] + 1) * 86_400_000)),
            ("Date", self.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")),
        )


class TokenServer:
    """Serves a world on loopback until it is closed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listening, *self._open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
            finally:
                one.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(caller)
            threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        kept = b""
        try:
            while True:
                while b"\r\n\r\n" not in kept:
                    piece = caller.recv(65_536)
                    if not piece:
                        return
                    kept += piece
                head, _, kept = kept.partition(b"\r\n\r\n")
                line, *lines = head.decode().split("\r\n")
                headers = dict(one.lower().split(": ", 1) for one in lines)
                length = int(headers.get("content-length", 0))
                while len(kept) < length:
                    kept += caller.recv(65_536)
                body, kept = kept[:length], kept[length:]
                if not self._answer(caller, line, headers, body):
                    return
        except OSError:
            return
        finally:
            caller.close()

    def _answer(
        self, caller: socket.socket, line: str, headers: dict[str, str], body: bytes
    ) -> bool:
        path = line.split(" ")[1]
        if path == "/api/oauth2/token":
            said = self.world.token(parse_qs(body.decode()))
        else:
            bearer = headers.get("authorization", "").removeprefix("bearer ")
            said = self.world.api(path, bearer)
        if not said.status:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
            return False
        named: list[tuple[str, Any]] = [
            ("Content-Type", "application/json"),
            ("Content-Length", len(said.body)),
            *said.headers,
        ]
        top = "".join(f"{name}: {value}\r\n" for name, value in named)
        caller.sendall(f"HTTP/1.1 {said.status} .\r\n{top}\r\n".encode() + said.body)
        return True
