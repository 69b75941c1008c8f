"""Who we are: tokens of a person's consent, kept fresh; or one fixed token.

A new token is in the vault before it is used, and two who refresh at once do it once: a refresh
token that was used before may cost the whole connection. So a new token is not let go either
while the store is busy.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from connector.port.adapter import Consent
from connector.port.errors import (
    AuthorisationError,
    ConflictError,
    RateLimitError,
    UnavailableError,
)
from connector.port.tools import Tools
from connector.wire.grant import OAuthApp, TokenEndpoint
from connector.wire.trouble import store_at_hand

__all__ = ["OUT_OF_BAND", "FixedToken", "OAuthApp", "TokenKeeper"]

OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"  # the code is shown, to be pasted

_AHEAD: Final = 60  # seconds before its end that a token is renewed
_PAUSES: Final = (1, 2, 5, 10, 20, 30, 30, 30)  # seconds between attempts to keep a new token
_OF_ONE_TOKEN: Final = frozenset({"expires_in", "expires_at", "created_at"})


@dataclass(frozen=True, slots=True)
class _Token:
    """A token as the vault keeps it."""

    parts: Mapping[str, Any]

    @property
    def headers(self) -> Mapping[str, str]:
        return _bearer(str(self.parts["access_token"]))

    @property
    def refresh(self) -> str | None:
        kept = self.parts.get("refresh_token")
        return str(kept) if kept else None

    def ends_within(self, seconds: int, now: int) -> bool:
        """Whether it ends so soon; one without an end never does."""
        ends_at = self.parts.get("expires_at")
        return isinstance(ends_at, int) and ends_at - now <= seconds


class TokenKeeper:
    """Tokens of one connection: implements `Auth`."""

    def __init__(self, app: OAuthApp, *, name: str, tools: Tools) -> None:
        """Read nothing yet.

        Args:
            app: Our registration with the remote.
            name: Of the token in the vault.
            tools: Vault, clock and log.

        Raises:
            SettingsError: An address of the app can't be used (`wire_bad_origin`,
                `wire_plain_http`).
        """
        self._endpoint = TokenEndpoint(app, connection=name)
        self._name = name
        self._tools = tools
        self._token: _Token | None = None
        self._unkept: tuple[str | None, _Token] | None = None  # after the refresh token it cost
        self._ahead_from = 0  # epoch second before which no token is renewed ahead

    def headers(self) -> Mapping[str, str]:
        """Return the authorisation; a token that is about to end is renewed first.

        Raises:
            AuthorisationError: There is no token, or it can't be renewed: a person connects again.
            UnavailableError, RateLimitError: It ended, and the remote can't renew it now.
        """
        token = self._token or self._read()
        if token.ends_within(_AHEAD, self._now()) and token.refresh is not None:
            token = self._ahead(token)
        self._token = token
        return token.headers

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Return True when there is another token than the one that was refused.

        Raises:
            AuthorisationError: The remote refuses to renew it (`connect_again`).
            UnavailableError, RateLimitError: It can't be renewed now.
        """
        with self._locked():
            token = self._read()
            if token.headers == refused:
                if token.refresh is None:
                    return False
                token = self._refreshed(token)
            self._token = token
        return True

    def consent(self, redirect: str) -> Consent:
        """Return where a person says yes, and the state that must come back."""
        url, state = self._endpoint.consent(redirect)
        return Consent(url=url, state=state)

    def accept(self, consent: Consent, code: str, redirect: str) -> None:
        """Exchange the code for tokens and keep them.

        Args:
            consent: What `consent` returned.
            code: The code, or the whole address that the browser was sent back to.
            redirect: As it was given to `consent`.

        Raises:
            AuthorisationError: The person said no (`consent_denied`), the answer is not to our
                question (`consent_state`), or the code is not accepted (`connect_again`).
            UnavailableError, RateLimitError: The remote can't be asked now.
        """
        answer = self._endpoint.exchange(
            _code_of(consent, code.strip()), redirect, now=self._tools.clock.now()
        )
        with self._locked():
            self._token = self._kept(None, self._merged({}, answer))

    def scopes(self) -> tuple[str, ...]:
        """Return the scopes that were granted, sorted; empty: the remote did not say."""
        granted = (self._token or self._read()).parts.get("scope") or ()
        words = granted if isinstance(granted, list) else str(granted or "").split()
        return tuple(sorted({part for word in words for part in str(word).split("+") if part}))

    def _ahead(self, token: _Token) -> _Token:
        if self._now() < self._ahead_from and not token.ends_within(0, self._now()):
            return token
        try:
            with self._locked():
                token = self._read()
                if not token.ends_within(_AHEAD, self._now()):
                    return token  # somebody else was faster
                return self._refreshed(token)
        except (UnavailableError, RateLimitError) as error:
            if token.ends_within(0, self._now()):
                raise
            self._ahead_from = self._now() + int(str(error.facts.get("after", 0)))
            self._tools.log.warning("token_not_renewed", connection=self._name)
            return token

    def _refreshed(self, token: _Token) -> _Token:
        if token.refresh is None:
            raise self._connect_again()
        if self._unkept is not None and self._unkept[0] == token.refresh:
            return self._kept(*self._unkept)
        answer = self._endpoint.refresh(token.refresh, now=self._tools.clock.now())
        return self._kept(token.refresh, self._merged(token.parts, answer))

    def _merged(self, before: Mapping[str, Any], answer: Mapping[str, Any]) -> _Token:
        """Return the new token; what the answer leaves out stays as it was."""
        merged = {name: part for name, part in before.items() if name not in _OF_ONE_TOKEN}
        merged |= {name: part for name, part in answer.items() if part is not None}
        if "expires_in" in merged:
            merged["expires_at"] = self._now() + int(merged["expires_in"])
        token = _Token(merged)
        _ = token.headers  # one that can't be used never replaces another
        return token

    def _kept(self, spent: str | None, token: _Token) -> _Token:
        """Put the new token into the vault; while the store is busy it is tried again.

        One that could not be kept in the end is kept at the next occasion, before its
        predecessor is renewed a second time.
        """
        self._unkept = spent, token
        text = json.dumps(token.parts, sort_keys=True)
        for pause in _PAUSES:
            try:
                self._tools.vault.write(self._name, text)
                break
            except ConflictError:
                self._tools.log.warning("token_not_kept", connection=self._name)
                self._tools.clock.sleep(pause)
        else:
            with store_at_hand():
                self._tools.vault.write(self._name, text)
        self._unkept = None
        return token

    def _read(self) -> _Token:
        with store_at_hand():
            kept = self._tools.vault.read(self._name)
        if kept is None:
            raise AuthorisationError("connect_first", connection=self._name)
        try:
            parts = json.loads(kept)
        except ValueError as error:
            raise self._connect_again() from error
        if not isinstance(parts, dict) or not parts.get("access_token"):
            raise self._connect_again()
        return _Token(parts)

    def _connect_again(self) -> AuthorisationError:
        return AuthorisationError("connect_again", connection=self._name)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with self._tools.vault.lock(self._name):
                yield
        except ConflictError as error:
            raise UnavailableError("token_busy", connection=self._name) from error

    def _now(self) -> int:
        return int(self._tools.clock.now().timestamp())


class FixedToken:
    """A token that a person made: implements `Auth`."""

    def __init__(self, token: Callable[[], str]) -> None:
        """Keep how the token is found; it is asked for at each request."""
        self._token = token

    def headers(self) -> Mapping[str, str]:
        """Return the authorisation.

        Raises:
            AuthorisationError: It can't be a token (`token_unusable`).
        """
        return _bearer(self._token().strip())

    def renew(self, refused: Mapping[str, str]) -> bool:  # noqa: ARG002  # as Auth has it
        """Return False: there is nothing else to try."""
        return False


def _bearer(token: str) -> Mapping[str, str]:
    # Something else in a header would be refused by a text that quotes it.
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise AuthorisationError("token_unusable")
    return {"Authorization": f"Bearer {token}"}


def _code_of(consent: Consent, answer: str) -> str:
    """Return the code; of a whole address the state is checked too."""
    if "code=" not in answer and "error=" not in answer:
        return answer
    said = parse_qs(urlsplit(answer).query or answer)
    if said.get("state") != [consent.state]:
        raise AuthorisationError("consent_state")
    if "code" not in said:
        raise AuthorisationError("consent_denied")
    return said["code"][0]
