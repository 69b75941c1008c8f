"""One request under the rules of the house: budget, who we are, and what a refusal means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final, Protocol

from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    MaanError,
    RateLimitError,
    RefusedError,
)
from connector.port.tools import Budget, Tools
from connector.wire.line import Answer, Line, Request
from connector.wire.pace import LONGEST_WAIT, REFUSED, Heard, retry_after
from connector.wire.trouble import Broken, Kind, store_at_hand

_WAIT_WHEN_SILENT: Final = 300  # seconds after a 429 that does not say how long
_PASSING: Final = frozenset({408, 425})  # as a 5xx: says nothing about the request itself


class Auth(Protocol):
    """Who we are to the remote."""

    def headers(self) -> Mapping[str, str]:
        """Return what goes with each request; never logged."""
        ...

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Return whether there is something else to try than the headers that were refused."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What is particular to a remote.

    Attributes:
        limit_of: Reads the headers about its rate limit.
        error_of: A short reference for a refusal, from status and body; no personal data.
        tries: Attempts at a read.
    """

    limit_of: Callable[[Mapping[str, str], datetime], Heard | None]
    error_of: Callable[[int, bytes], str]
    connect_seconds: float = 5
    read_seconds: float = 60
    max_bytes: int = 64 * 1024 * 1024
    tries: int = 4


@dataclass(slots=True, kw_only=True)
class Call:
    """One thing that the adapter asks, over all its attempts."""

    request: Request
    budget: Budget
    urgent: bool
    attempt: int = 0
    may_renew: bool = True

    @property
    def endpoint(self) -> str:
        """What of the address may be shown."""
        return self.request.endpoint


class Exchange:
    """Sends within the budget, as somebody."""

    def __init__(
        self, line: Line, *, auth: Auth, tools: Tools, manners: Manners, window: int
    ) -> None:
        self._line = line
        self._auth = auth
        self._tools = tools
        self._manners = manners
        self._window = window

    def ask(self, call: Call) -> Answer:
        """Return an answer that is no 401 and no 429.

        Raises:
            Broken: There is none.
            RateLimitError: The budget is used up, or the remote says so; nothing was done.
            AuthorisationError: We are not let in; nothing was done.
            UnavailableError: Our own store is too busy (`store_busy`); nothing was done.
        """
        headers = self._headers()
        answer = self._send(call, headers)
        if answer.status == 401 and call.may_renew:
            answer.close()
            call.may_renew = False
            with store_at_hand():
                renewed = self._auth.renew(headers)
            if renewed:
                answer = self._send(call, self._headers())
        if answer.status == 401:
            answer.close()
            raise AuthorisationError("wire_unauthorised", endpoint=call.endpoint)
        return answer

    def ask_elsewhere(self, call: Call, request: Request) -> Answer:
        """Return what another origin answers; it does not hear who we are."""
        answer = self._line.send(request, {}, attempt=call.attempt)
        if answer.status >= 400:  # an address that is good for seconds may have ended
            answer.close()
            raise Broken(Kind.STATUS, status=answer.status)
        return answer

    def check_readable(self, call: Call, answer: Answer) -> None:
        """Let 2xx and 404 pass.

        Raises:
            Broken: A later attempt may be answered, or the remote sends us elsewhere.
            AuthorisationError, RefusedError: The remote said no.
        """
        if answer.status in _PASSING or answer.status >= 500:
            after = retry_after(answer.headers.get("retry-after"), self._tools.clock.now())
            raise Broken(Kind.STATUS, status=answer.status, after=after)
        if answer.status >= 400 and answer.status != 404:
            raise self.refusal(call, answer)
        if 300 <= answer.status < 400:
            raise Broken(Kind.REDIRECT, status=answer.status)

    def check_done(self, call: Call, answer: Answer) -> None:
        """Let 2xx pass: the remote did what we asked.

        Raises:
            Broken: It does not say whether it did.
            AuthorisationError, RefusedError: It said no, and did nothing.
        """
        if answer.status == 404:
            raise self.refusal(call, answer)
        self.check_readable(call, answer)

    def refusal(self, call: Call, answer: Answer) -> AdapterError:
        """Return the error that a 4xx is."""
        try:
            reference = self._manners.error_of(answer.status, answer.content())
        except (Broken, ValueError, TypeError, LookupError, AttributeError):
            reference = ""  # the status says enough: a refusal stays a refusal
        if answer.status == 403:
            return AuthorisationError("wire_forbidden", endpoint=call.endpoint, reference=reference)
        return RefusedError(
            "wire_refused", endpoint=call.endpoint, status=answer.status, reference=reference
        )

    def _headers(self) -> Mapping[str, str]:
        with store_at_hand():
            return self._auth.headers()

    def _send(self, call: Call, headers: Mapping[str, str]) -> Answer:
        with store_at_hand():
            call.budget.take(urgent=call.urgent)
        answer = self._line.send(call.request, headers, attempt=call.attempt)
        now = self._tools.clock.now()
        heard = self._heard(answer, now)
        if answer.status != 429:
            self._tell(call.budget, heard)
            return answer
        answer.close()
        after = self._patience(answer, heard, now)
        self._tell(call.budget, Heard(remaining=REFUSED, resets_at=now + timedelta(seconds=after)))
        raise RateLimitError("wire_rate_limited", after=after, endpoint=call.endpoint)

    def _heard(self, answer: Answer, now: datetime) -> Heard | None:
        """Read what the headers say; a busy store must not hide what the remote answered."""
        try:
            return self._manners.limit_of(answer.headers, now)
        except MaanError as error:
            self._tools.log.warning("budget_not_told", code=error.code)
            return None

    def _patience(self, answer: Answer, heard: Heard | None, now: datetime) -> int:
        """Return the seconds that a 429 asks for, rounded up."""
        after = retry_after(answer.headers.get("retry-after"), now)
        if after is None and heard is not None and heard.resets_at is not None:
            after = min((heard.resets_at - now).total_seconds(), LONGEST_WAIT)
        return max(1, ceil(_WAIT_WHEN_SILENT if after is None else after))

    def _tell(self, budget: Budget, heard: Heard | None) -> None:
        """Tell the budget; a busy store must not hide what the remote answered."""
        if heard is None:
            return
        try:
            budget.heard(remaining=heard.remaining, resets_at=heard.resets_at, window=self._window)
        except MaanError as error:
            self._tools.log.warning("budget_not_told", code=error.code)
