"""Who we are to Exact: tokens that last ten minutes, and a refresh token that is good once.

One row in the vault for an app and a user, shared by all their administrations. A refresh happens
in its narrow window, under a lock, and the new pair is kept before it is used. A row is only
replaced by who knows what it holds: a lock may be lost unnoticed. When the chain is broken nothing
is sent any more until a person connects again.
Source: the facts about Exact Online, sections 1.4 to 1.6.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil
from typing import Final, TypeVar
from urllib.parse import unquote_plus, urlsplit

from adapters.exact.limits import Refusals, client_hash, token_budget
from adapters.exact.token_line import ENDPOINT, App, Said, TokenAnswer, TokenLine
from adapters.exact.token_row import DUE, Row, State, new_row
from adapters.exact.token_vault import KeptRow, Overtaken
from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    MaanError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.tools import Tools

_WAIT: Final = 5  # seconds before it is due that a request waits for it
_TOO_EARLY: Final = 10  # seconds until another try, when clocks differ
_LONGEST_TOO_EARLY: Final = 320
_AFTER_TROUBLE: Final = (60, 300, 900, 3600)  # a day of it must not use up the day's calls
_LONGEST_WAIT: Final = _AFTER_TROUBLE[-1]  # more is left over from a clock that was set back
_BREATH: Final = 1.5  # seconds that another process gets to keep what it received
_IDLE_DAYS: Final = 5
_DAY: Final = 86_400  # seconds
_EXPIRED: Final = ("message expired", "access token expired")
_T = TypeVar("_T")


class ExactTokens:
    """The tokens of one app and user: implements `Auth`."""

    def __init__(self, app: App, tools: Tools) -> None:
        """Read nothing yet.

        Raises:
            SettingsError: The address can't be used (`wire_bad_origin`, `wire_plain_http`).
        """
        self._app = app
        self._tools = tools
        self._line = TokenLine(app, tools)
        self._used = ""  # the access token that was handed out last
        self._complaint = ""  # what the last answer said about it
        self._early = 0  # how often in a row Exact said that it is too early
        self.expired = 0  # how often the API said that a token had expired
        self.host: Final = urlsplit(app.base_url).netloc
        self.client: Final = client_hash(app.client_id)
        self.name: Final = f"exact:{self.host}:{app.connection}:{self.client}:oauth"
        self._row = KeptRow(self.name, app.connection, tools)
        key = f"exact:{self.host}:{self.client}:token:{app.connection}"
        self._refusals = Refusals(tools.budgets, key)
        self._budget = token_budget(
            tools.budgets, host=self.host, client=self.client, connection=app.connection
        )

    def headers(self) -> Mapping[str, str]:
        """Return the authorisation; a token that is due is renewed first.

        Raises:
            AuthorisationError: There is no consent, or not any more: nothing may be sent.
            UnavailableError, RateLimitError: The token ended, and can't be renewed now.
        """
        row = self._row.read()
        wait = row.refresh_at - self._now()
        if wait > _WAIT:
            if self._now() >= row.expires_at:
                raise self._patience(wait)
        else:
            if wait > 0:
                self._tools.clock.sleep(wait)
            row = self._renewed(row)
        self._used = row.access_token
        return {"Authorization": f"Bearer {row.access_token}"}

    def heard(self, headers: Mapping[str, str]) -> None:
        """Note what an answer says about our token. Header names in small letters."""
        self._complaint = headers.get("www-authenticate", "")

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Return whether it was refused because it has expired; then there is another now.

        A refusal for another reason is not mended by a new token.

        Raises:
            AuthorisationError, UnavailableError, RateLimitError: It has expired, and there is no
                other: as `headers`.
        """
        words = unquote_plus(refused.get("www-authenticate", self._complaint)).lower()
        if not any(expired in words for expired in _EXPIRED):
            return False
        self.expired += 1
        with self._row.locked():
            row = self._row.read()
            if row.access_token == self._used:
                self._check_postponed(row)
                now = self._now()  # it has ended, whatever our clock made of it
                ended = replace(row, expires_at=min(row.expires_at, now), refresh_at=now)
                kept = self._row.is_replaced(row, ended)
                row = self._exchanged(ended) if kept else self._row.read()
            if row.access_token == self._used:
                raise self._patience(row.refresh_at - self._now())
            return True

    def accept(self, code: str, redirect: str) -> None:
        """Exchange a code for the first pair and keep it.

        A code is good once: it is only sent when what it gives can be kept.

        Raises:
            AuthorisationError: The code or our registration is not accepted; nothing was kept.
            UnavailableError, RateLimitError, RefusedError: Exact can't be asked now.
        """
        fields = {"code": code, "redirect_uri": redirect}
        with self._row.locked():
            self._refusals.check(ENDPOINT)
            before = self._row.found()
            self._budget.take(urgent=True)
            answer = self._line.ask("authorization_code", fields)
            if answer.said is Said.ENDED:
                raise AuthorisationError("connect_again", connection=self._app.connection)
            if answer.said is not Said.GRANTED or not answer.refresh_token:
                raise self._error_of(answer)
            new = new_row(answer, self._now(), after=before)
            self._surely(lambda: self._row.write(new))

    def keep_alive(self) -> int | None:
        """Renew a refresh token that nobody used for days; return the `days_left` then.

        When Exact can't be asked now they tell how much time there is for another try.

        Raises:
            AuthorisationError: There is no consent that holds.
            UnavailableError: The store is too busy (`store_busy`).
        """
        if self._now() - self._row.read().obtained_at >= _IDLE_DAYS * _DAY:
            try:
                self.headers()
            except (UnavailableError, RateLimitError) as error:
                self._tools.log.warning("exact_not_kept_alive", code=error.code)
        return self.days_left()

    def days_left(self) -> int | None:
        """Return the days until the consent lapses unused; None: there is none that holds."""
        row = self._row.found()
        if row is None or row.state is not State.OK:
            return None
        return max(0, (row.refresh_expires_at - self._now()) // _DAY)

    def check(self) -> None:
        """Let pass when there is a consent that holds; sends nothing.

        Raises:
            AuthorisationError: There is none.
        """
        self._row.read()

    def _renewed(self, before: Row) -> Row:
        with self._row.locked():
            row = self._row.read()
            now = self._now()
            if row != before and (now < row.expires_at or now < row.refresh_at):
                return self._usable(row)  # another process was faster
            return self._exchanged(row)

    def _usable(self, row: Row) -> Row:
        """Return what another process kept, as long as its token lasts."""
        now = self._now()
        if now >= row.expires_at:
            raise self._patience(row.refresh_at - now)
        return row

    def _check_postponed(self, row: Row) -> None:
        wait = row.refresh_at - self._now()
        if row.is_postponed and 0 < wait <= _LONGEST_WAIT:
            raise self._patience(wait)

    def _exchanged(self, row: Row) -> Row:
        """Return the row with a new pair, or with the old one while that is good still."""
        self._refusals.check(ENDPOINT)
        try:
            return self._after(*self._asked(row))
        except Overtaken:
            self._tools.log.warning("exact_token_race", connection=self._app.connection)
            return self._usable(self._row.read())

    def _after(self, row: Row, lost_at: int, answer: TokenAnswer) -> Row:
        """Return the row that an answer leaves."""
        if answer.said is Said.GRANTED:
            return self._granted(row, answer)
        later = self._postponed(row, answer, lost_at)
        if answer.refresh_token and answer.refresh_token != row.refresh_token:
            # A refusal that rotates: without this token the connection would be lost.
            self._row.keep(row, later)
            raise self._error_of(answer, later.refresh_at - self._now())
        if answer.said is Said.TOO_EARLY:
            return self._too_early(row, lost_at)
        ended = answer.said is Said.ENDED or self._is_over(row, answer)
        if ended or answer.said in (Said.CLIENT, Said.REFUSED):
            self._tools.clock.sleep(_BREATH)
            if self._row.read().refresh_token != row.refresh_token:
                raise Overtaken
            if ended:
                raise self._stopped(row, answer.reason)
            self._refusals.count(ENDPOINT, answer.status)
        self._row.replace(row, later)
        raise self._error_of(answer, later.refresh_at - self._now())

    def _asked(self, row: Row) -> tuple[Row, int, TokenAnswer]:
        """Ask, and once more when the answer got lost: Exact forgives that for some minutes.

        Returns:
            The row as it is kept. When an answer got lost, now or before; 0: none did. And what
            was said last.
        """
        fields = {"refresh_token": row.refresh_token}
        lost_at = row.asked_at
        for attempt in (1, 2):
            self._budget.take(urgent=attempt > 1)
            asked_at = self._now()
            # Kept, should this process end before it hears.
            row = self._row.replace(row, replace(row, asked_at=asked_at))
            answer = self._line.ask("refresh_token", fields, attempt=attempt)
            if answer.said is Said.LOST:
                lost_at = asked_at
            if answer.said not in (Said.LOST, Said.UNSENT) or answer.refresh_token or attempt > 1:
                break
            self._tools.clock.sleep(_BREATH)
        return row, lost_at, answer

    def _granted(self, row: Row, answer: TokenAnswer) -> Row:
        self._early = 0
        new = new_row(answer, self._now(), after=row)
        return self._surely(lambda: self._row.keep(row, new))

    def _surely(self, keep: Callable[[], _T]) -> _T:
        """Keep what was granted, in a second try if need be: without it the connection is lost."""
        try:
            return keep()
        except MaanError as error:
            self._tools.log.warning("exact_token_not_kept", code=error.code)
            self._tools.clock.sleep(_BREATH)
            return keep()

    def _too_early(self, row: Row, lost_at: int) -> Row:
        """Keep the token: Exact gave one less than 570 seconds ago."""
        now = self._now()
        kept = replace(row, asked_at=lost_at, in_vain=0, is_postponed=True)
        if lost_at + DUE > now:  # that one got lost: our own has ended or soon will
            return self._usable(self._row.replace(row, replace(kept, refresh_at=lost_at + DUE)))
        wait = min(_TOO_EARLY * 2**self._early, _LONGEST_TOO_EARLY)
        self._early += 1
        # Our clock is ahead of the one that noted the token. It is good for 30 seconds at least.
        ends_at = max(row.expires_at, now + wait)
        return self._row.replace(row, replace(kept, refresh_at=now + wait, expires_at=ends_at))

    def _postponed(self, row: Row, answer: TokenAnswer, lost_at: int) -> Row:
        """Return the row, not to be tried again at once by the next who comes along.

        As long as nothing comes of it we ask ever less often; a no is counted elsewhere.
        """
        in_vain = answer.said in (Said.LOST, Said.UNSENT, Said.BUSY)
        wait = _AFTER_TROUBLE[min(row.in_vain, len(_AFTER_TROUBLE) - 1) if in_vain else 0]
        return replace(
            row,
            refresh_token=answer.refresh_token or row.refresh_token,
            refresh_at=self._now() + max(wait, ceil(answer.after or 0)),
            in_vain=row.in_vain + in_vain,
            asked_at=0 if answer.refresh_token else lost_at,
            is_postponed=True,
        )

    def _is_over(self, row: Row, answer: TokenAnswer) -> bool:
        """Whether a no is that of a refresh token after its thirty days."""
        late = self._now() >= row.refresh_expires_at
        return late and answer.said is Said.REFUSED and answer.status in (400, 401)

    def _stopped(self, row: Row, reason: str) -> AuthorisationError:
        self._row.replace(row, replace(row, state=State.NEEDS_REAUTHORIZATION, reason=reason))
        self._tools.log.warning(
            "exact_needs_reauthorization", connection=self._app.connection, reason=reason
        )
        return self._row.needs_person()

    def _patience(self, seconds: float) -> RateLimitError:
        return RateLimitError(
            "exact.token_wait", connection=self._app.connection, after=max(1, ceil(seconds))
        )

    def _error_of(self, answer: TokenAnswer, after: int = _AFTER_TROUBLE[0]) -> AdapterError:
        match answer.said:
            case Said.BUSY | Said.TOO_EARLY:
                return self._patience(after)
            case Said.CLIENT:
                return AuthorisationError("oauth_client", connection=self._app.connection)
            case Said.LOST | Said.UNSENT | Said.GRANTED:
                return UnavailableError(
                    "wire_unavailable", endpoint=ENDPOINT, kind=answer.reason, after=after
                )
            case _:
                return RefusedError(
                    "wire_refused", endpoint=ENDPOINT, status=answer.status, reference=answer.reason
                )

    def _now(self) -> int:
        return int(self._tools.clock.now().timestamp())
