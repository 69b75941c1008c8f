"""One request and its answer: the session, its timeouts and size limit, and the log.

Nothing is decided here: what an answer means, and whether to try again, is the business of `http`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

import requests
from requests.adapters import HTTPAdapter

from connector.port.tools import Tools
from connector.wire.trouble import Broken, Kind, translated, translated_body

_PIECE: Final = 64 * 1024
_CONNECTIONS: Final = 8
_AGENT: Final = "maan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long and how much we take from a remote."""

    connect_seconds: float
    read_seconds: float  # between two pieces
    total_seconds: float
    max_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent; `endpoint` is what of its address may be logged."""

    method: str
    url: str
    endpoint: str
    accept: str = "application/json"
    params: Mapping[str, Any] | None = None
    json: Any = None
    data: Mapping[str, str] | bytes | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None


class Line:
    """A session with one remote; connections are kept and used again."""

    def __init__(self, tools: Tools, patience: Patience, *, loopback: bool) -> None:
        self._tools = tools
        self._patience = patience
        self._session = quiet(_Session(), loopback=loopback)
        self._lock = Lock()
        self.requests = 0

    def send(self, request: Request, headers: Mapping[str, str], *, attempt: int) -> "Answer":
        """Send a request and return its answer, the body not read yet.

        Args:
            request: What to send.
            headers: Who we are; never logged.
            attempt: For the log, from 1.

        Raises:
            Broken: There are no status and headers.
        """
        with self._lock:
            self.requests += 1
        note = _Note(self._tools, request, attempt)
        try:
            with translated():
                response = self._session.request(
                    request.method,
                    request.url,
                    params=request.params,
                    json=request.json,
                    data=request.data,
                    files=request.files,
                    headers={"User-Agent": _AGENT, "Accept": request.accept},
                    auth=_Carried(headers),
                    timeout=(self._patience.connect_seconds, self._patience.read_seconds),
                    allow_redirects=False,
                    stream=True,
                )
        except Broken as broken:
            note.broken(broken)
            raise
        return Answer(response, self._patience, note)

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()


class Answer:
    """Status and headers, and a body that is still to be read; closing it writes the log line."""

    def __init__(self, response: requests.Response, patience: Patience, note: "_Note") -> None:
        self._response = response
        self._patience = patience
        self._note = note
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def pieces(self) -> Iterator[bytes]:
        """Yield the body, decompressed.

        Raises:
            Broken: It breaks off, takes too long or is too large.
        """
        until = self._note.started_at + timedelta(seconds=self._patience.total_seconds)
        arriving = self._response.iter_content(_PIECE)
        while True:
            try:
                with translated_body(self.status):
                    piece = next(arriving, None)
            except Broken as broken:
                self._note.broken(broken)
                raise
            if piece is None:
                return
            self._note.size += len(piece)
            if self._note.size > self._patience.max_bytes:
                raise self._given_up(Kind.TOO_LARGE)
            if self._note.now() > until:
                raise self._given_up(Kind.TIMEOUT)
            yield piece

    def content(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.pieces())

    def close(self) -> None:
        """Let the connection go: back into the pool when the body was read to its end."""
        self._response.close()
        self._note.done(self.status)

    def _given_up(self, kind: Kind) -> Broken:
        broken = Broken(kind, status=self.status)
        self._note.broken(broken)
        return broken


def quiet(session: requests.Session, *, loopback: bool) -> requests.Session:
    """Return the session without the habits that could tell secrets to strangers.

    No cookies and no password files; certificates are always checked. A proxy of the environment
    is used, but not for this machine.
    """
    session.trust_env = not loopback
    session.verify = True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", HTTPAdapter(pool_maxsize=_CONNECTIONS))
    session.mount("http://", HTTPAdapter(pool_maxsize=_CONNECTIONS))
    return session


class Straight:
    """Makes a session follow no redirect, and read nothing of it either."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """Return None: whatever the answer says."""
        return None


class _Session(Straight, requests.Session):
    """A session that follows no redirects."""


class _Carried(requests.auth.AuthBase):
    """Our own headers as the request's way of saying who it is: else .netrc would replace them."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        for name, value in self._headers.items():
            # requests checks the headers that it is handed, not what is added later.
            requests.utils.check_header_validity((name, value))
            prepared.headers[name] = value
        return prepared


class _Note:
    """What the log will say about a request; said once."""

    def __init__(self, tools: Tools, request: Request, attempt: int) -> None:
        self._tools = tools
        self._request = request
        self._attempt = attempt
        self._failure: Broken | None = None
        self._said = False
        self.size = 0
        self.started_at = self.now()

    def now(self) -> datetime:
        return self._tools.clock.now()

    def broken(self, broken: Broken) -> None:
        self._failure = broken
        if broken.status is None:
            self.done(None)

    def done(self, status: int | None) -> None:
        if self._said:
            return
        self._said = True
        facts: dict[str, object] = {
            "endpoint": self._request.endpoint,
            "method": self._request.method,
            "status": status,
            "milliseconds": round((self.now() - self.started_at) / timedelta(milliseconds=1)),
            "bytes": self.size,
            "attempt": self._attempt,
        }
        if self._failure is None:
            self._tools.log.info("request", **facts)
        else:
            self._tools.log.warning("request", **facts, failure=self._failure.label)
