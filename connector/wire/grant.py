"""The token endpoint of a remote: asks it, and says in our words what it answered."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

import requests
from oauthlib.oauth2 import OAuth2Error
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth2Session

from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    ContractChangedError,
    RateLimitError,
    RefusedError,
)
from connector.wire.line import Straight, quiet
from connector.wire.pace import retry_after
from connector.wire.places import Origin
from connector.wire.trouble import Broken, Kind, error_of, translated

_TIMEOUT: Final = (5, 30)  # seconds: to connect, and between two pieces
_WAIT_WHEN_SILENT: Final = 300
_ENDPOINT: Final = "oauth"
_CODE: Final = re.compile(r"[a-z_]{1,40}")
_OUR_FAULT: Final = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthApp:
    """Our registration with a remote."""

    authorize_url: str
    token_url: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]


class TokenEndpoint:
    """Where consent is asked and tokens are handed out."""

    def __init__(self, app: OAuthApp, *, connection: str) -> None:
        """Open nothing yet.

        Args:
            app: Our registration.
            connection: For the errors.

        Raises:
            SettingsError: An address can't be used (`wire_bad_origin`, `wire_plain_http`).
        """
        self._app = app
        self._connection = connection
        self._asking = Origin.at(app.authorize_url)
        self._origin = Origin.at(app.token_url)

    def consent(self, redirect: str) -> tuple[str, str]:
        """Return the address at which a person says yes, and a fresh state."""
        scopes = list(self._app.scopes) or None
        with OAuth2Session(self._app.client_id, scope=scopes, redirect_uri=redirect) as session:
            url, state = session.authorization_url(_secure(self._app.authorize_url))
        return str(url).replace("https", self._asking.scheme, 1), str(state)

    def exchange(self, code: str, redirect: str, *, now: datetime) -> Mapping[str, Any]:
        """Return the token that a code is good for.

        Raises:
            AuthorisationError: The code or our registration is refused.
            UnavailableError, RateLimitError: The remote can't be asked now.
            ContractChangedError, RefusedError: The remote answers something else.
        """
        with self._session(redirect, now) as session, self._translated():
            return dict(
                session.fetch_token(
                    _secure(self._app.token_url),
                    code=code,
                    include_client_id=True,
                    client_secret=self._app.client_secret,
                    timeout=_TIMEOUT,
                )
            )

    def refresh(self, refresh_token: str, *, now: datetime) -> Mapping[str, Any]:
        """Return a new token for an old one. Raises as `exchange`."""
        with self._session(None, now) as session, self._translated():
            return dict(
                session.refresh_token(
                    _secure(self._app.token_url),
                    refresh_token=refresh_token,
                    timeout=_TIMEOUT,
                    client_id=self._app.client_id,
                    client_secret=self._app.client_secret,
                )
            )

    def _session(self, redirect: str | None, now: datetime) -> OAuth2Session:
        # Without scopes: the library takes other scopes than asked for as an error, and a person
        # may grant less.
        session = _Session(self._app.client_id, redirect_uri=redirect)
        quiet(session, loopback=self._origin.is_loopback)
        if self._origin.scheme == "http":
            session.mount("https://", _Plain())
        for hook in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(hook, _checked(now))
        return session

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with translated():
                yield
        except Broken as broken:
            raise error_of(broken, _ENDPOINT) from broken
        except OAuth2Error as error:
            raise self._refused(error) from error
        except (ValueError, TypeError) as error:
            raise ContractChangedError("wire_no_token", endpoint=_ENDPOINT) from error

    def _refused(self, error: OAuth2Error) -> AdapterError:
        code = str(error.error)
        if code == "invalid_grant":
            return AuthorisationError("connect_again", connection=self._connection)
        if code in _OUR_FAULT:
            return AuthorisationError("oauth_client", connection=self._connection)
        if code == "missing_token":
            return ContractChangedError("wire_no_token", endpoint=_ENDPOINT)
        return RefusedError(
            "wire_refused",
            endpoint=_ENDPOINT,
            status=error.status_code,
            reference=code if _CODE.fullmatch(code) else "",
        )


class _Session(Straight, OAuth2Session):
    """A session that carries our secret nowhere else."""


class _Plain(HTTPAdapter):
    """Speaks plain HTTP with this machine where the library insists on an https address."""

    def send(
        self,
        request: requests.PreparedRequest,
        *args: Any,  # noqa: ANN401  # as the library has them
        **kwargs: Any,  # noqa: ANN401
    ) -> requests.Response:
        request.url = str(request.url).replace("https", "http", 1)
        return super().send(request, *args, **kwargs)


def _secure(url: str) -> str:
    """Return the address as the library wants it; `_Plain` undoes it for this machine."""
    return f"https{url[4:]}" if url.startswith("http:") else url


def _checked(now: datetime) -> Callable[[requests.Response], requests.Response]:
    def check(response: requests.Response) -> requests.Response:
        status = response.status_code
        if status == 429:
            after = retry_after(response.headers.get("retry-after"), now)
            raise RateLimitError(
                "wire_rate_limited",
                after=max(1, ceil(_WAIT_WHEN_SILENT if after is None else after)),
                endpoint=_ENDPOINT,
            )
        if status >= 500 or status == 408 or (status >= 400 and not _is_object(response)):
            raise Broken(Kind.STATUS, status=status)
        if 300 <= status < 400:
            raise Broken(Kind.REDIRECT, status=status)
        if not _is_object(response):
            raise ContractChangedError("wire_no_token", endpoint=_ENDPOINT)
        return response

    return check


def _is_object(response: requests.Response) -> bool:
    try:
        return isinstance(response.json(), dict)
    except ValueError:
        return False
