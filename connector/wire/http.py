"""What an adapter asks of a remote: read, write, stream, download.

A read may be repeated and is. A write is repeated only when it certainly did not reach the remote;
otherwise its outcome is unknown, and that is what the caller hears.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any, Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from connector.port.errors import (
    ContractChangedError,
    OutcomeUnknownError,
    UnavailableError,
)
from connector.port.tools import Budget, Tools
from connector.wire.exchange import Auth, Call, Exchange, Manners
from connector.wire.line import Answer, Line, Patience, Request
from connector.wire.places import Origin, endpoint_of, joined
from connector.wire.reply import Reply, check_no_page, check_whole
from connector.wire.trouble import Broken, Kind, error_of

__all__ = ["Auth", "Http", "Manners", "Reply"]

_LONGEST_PAUSE: Final = 30  # seconds between two attempts
_TOTAL_SECONDS: Final = 600  # a body that trickles in for longer is given up
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HOPS: Final = 5
_T = TypeVar("_T")


class Http:
    """A remote, within its budget."""

    def __init__(
        self,
        origin: str,
        *,
        auth: Auth,
        budget: Budget,
        tools: Tools,
        manners: Manners,
        window: int = 0,
    ) -> None:
        """Open nothing yet.

        Args:
            origin: `https://host[:port]`; plain `http` only on this machine.
            auth: Who we are.
            budget: Requests that may be sent, unless a call names another budget.
            tools: Clock and log.
            manners: What is particular to the remote.
            window: Index of the limit that the remote's headers speak of.

        Raises:
            SettingsError: The origin can't be used (`wire_bad_origin`, `wire_plain_http`).
        """
        self._origin = Origin.of(origin)
        self._budget = budget
        self._tools = tools
        self._tries = manners.tries
        patience = Patience(
            connect_seconds=manners.connect_seconds,
            read_seconds=manners.read_seconds,
            total_seconds=_TOTAL_SECONDS,
            max_bytes=manners.max_bytes,
        )
        self._line = Line(tools, patience, loopback=self._origin.is_loopback)
        self._exchange = Exchange(
            self._line, auth=auth, tools=tools, manners=manners, window=window
        )

    @property
    def requests(self) -> int:
        """Sent so far, all attempts counted."""
        return self._line.requests

    def read(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,  # noqa: ANN401  # whatever JSON can hold
        budget: Budget | None = None,
        urgent: bool = False,
    ) -> Reply:
        """Ask what may be asked twice; a 404 is an answer.

        Raises:
            UnavailableError: No usable answer after all attempts, or our own store is too busy
                to count and prove the request (`store_busy`).
            RateLimitError: Ours or the remote's; `after` holds the seconds.
            AuthorisationError: We are not let in.
            RefusedError: The remote said no.
            ContractChangedError: The answer is of another kind than it was.
        """
        call = self._call(method, path, params=params, json=json, budget=budget, urgent=urgent)
        return self._repeat(call, self._read_once)

    def write(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,  # noqa: ANN401  # whatever JSON can hold
        data: Mapping[str, str] | bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        urgent: bool = True,
    ) -> Reply:
        """Ask the remote to do something, at most once.

        Raises:
            OutcomeUnknownError: It may have been done.
            UnavailableError, RateLimitError, AuthorisationError, RefusedError: It was not.
        """
        call = self._call(
            method, path, params=params, json=json, data=data, files=files, urgent=urgent
        )
        return self._repeat(call, self._write_once, unsent_only=True)

    @contextmanager
    def stream(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,  # noqa: ANN401  # whatever JSON can hold
        urgent: bool = False,
    ) -> Iterator[Iterator[bytes]]:
        """Read a body in pieces; once the first was handed over nothing is repeated.

        Raises:
            UnavailableError: As `read`; in mid-body `wire_truncated`.
        """
        call = self._call(method, path, params=params, json=json, urgent=urgent)
        answer, pieces = self._repeat(call, self._stream_once)
        with answer:
            yield _handed_over(call, pieces)

    def download(self, path: str, *, params: Mapping[str, Any] | None = None) -> bytes:
        """Return a file, wherever the remote keeps it; our headers stay within the origin.

        Raises:
            RefusedError: There is none (status 404), or the remote said no.
            UnavailableError, RateLimitError, AuthorisationError, ContractChangedError: As `read`.
        """
        call = self._call("GET", path, params=params, accept="*/*")
        return self._repeat(call, self._download_once)

    def same_origin(self, url: str) -> str:
        """Return path and query of a link that the remote gave.

        Raises:
            ContractChangedError: It leads to another origin (`wire_foreign_link`).
        """
        path = self._origin.path_of(url)
        if path is None:
            raise ContractChangedError("wire_foreign_link", endpoint="link")
        return path

    def close(self) -> None:
        """Let the connections go."""
        self._line.close()

    def _call(
        self,
        method: str,
        path: str,
        *,
        budget: Budget | None = None,
        urgent: bool = False,
        **parts: Any,  # noqa: ANN401  # as Request has them
    ) -> Call:
        request = Request(
            method=method, url=self._origin.url(path), endpoint=endpoint_of(path), **parts
        )
        return Call(request=request, budget=budget or self._budget, urgent=urgent)

    def _repeat(self, call: Call, step: Callable[[Call], _T], *, unsent_only: bool = False) -> _T:
        def again(error: BaseException) -> bool:
            if not isinstance(error, Broken) or not error.passes:
                return False
            patient = error.after is None or error.after <= _LONGEST_PAUSE
            return patient and (error.unsent or not unsent_only)

        def attempt() -> _T:
            call.attempt += 1
            return step(call)

        retrying = Retrying(
            sleep=self._tools.clock.sleep,
            stop=stop_after_attempt(self._tries),
            wait=_pause,
            retry=retry_if_exception(again),
            reraise=True,
        )
        try:
            return retrying(attempt)
        except Broken as broken:
            if unsent_only and not broken.unsent:
                raise OutcomeUnknownError(
                    "wire_outcome_unknown", endpoint=call.endpoint, kind=broken.label
                ) from broken
            raise error_of(broken, call.endpoint) from broken

    def _read_once(self, call: Call) -> Reply:
        with self._readable(call) as answer:
            reply = _reply(call, answer)
        if reply.status != 404:
            check_whole(reply)
        return reply

    def _write_once(self, call: Call) -> Reply:
        with self._exchange.ask(call) as answer:
            self._exchange.check_done(call, answer)
            return _reply(call, answer)

    def _stream_once(self, call: Call) -> tuple[Answer, Iterator[bytes]]:
        answer = self._readable(call)
        try:
            pieces = self._begun(call, answer)
        except BaseException:
            answer.close()
            raise
        return answer, pieces

    def _begun(self, call: Call, answer: Answer) -> Iterator[bytes]:
        if answer.status == 404:
            raise self._exchange.refusal(call, answer)
        pieces = answer.pieces()
        first = next(pieces, b"")
        check_no_page(answer.headers, first, status=answer.status)
        return chain((first,), pieces)

    def _download_once(self, call: Call) -> bytes:
        answer = self._exchange.ask(call)
        url = call.request.url
        for _ in range(_HOPS):
            with answer:
                if answer.status not in _REDIRECTS:
                    self._exchange.check_done(call, answer)
                    return answer.content()
                url = joined(url, answer.headers.get("location", ""))
            answer = self._follow(call, url)
        answer.close()
        raise ContractChangedError("wire_loop", endpoint=call.endpoint)

    def _follow(self, call: Call, to: str) -> Answer:
        path = self._origin.path_of(to)
        if path is not None:
            url = self._origin.url(path)
            own = replace(call.request, url=url, endpoint=endpoint_of(path), params=None)
            return self._exchange.ask(replace(call, request=own))
        host = self._origin.may_send_to(to)
        elsewhere = Request(method="GET", url=to, endpoint=f"//{host}/{{file}}", accept="*/*")
        return self._exchange.ask_elsewhere(call, elsewhere)

    def _readable(self, call: Call) -> Answer:
        answer = self._exchange.ask(call)
        try:
            self._exchange.check_readable(call, answer)
        except BaseException:
            answer.close()
            raise
        return answer


def _pause(state: RetryCallState) -> float:
    """Return the seconds before the next attempt: 1, 2, 4, or what the remote asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, Broken) else None
    return max(float(min(2 ** (state.attempt_number - 1), _LONGEST_PAUSE)), asked or 0)


def _handed_over(call: Call, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except Broken as broken:
        if broken.kind is Kind.TOO_LARGE:
            raise error_of(broken, call.endpoint) from broken
        raise UnavailableError("wire_truncated", endpoint=call.endpoint) from broken


def _reply(call: Call, answer: Answer) -> Reply:
    return Reply(
        status=answer.status,
        headers=answer.headers,
        content=answer.content(),
        endpoint=call.endpoint,
    )
