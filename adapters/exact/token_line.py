"""Exact's token endpoint: asks it, and says which of its many answers came.

A refusal may hold a new refresh token all the same, and whether an answer that got lost was given
can't be known. Source: the facts about Exact Online, sections 1.3 to 1.5.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from connector.port.tools import Tools
from connector.wire.line import Line, Patience, Request
from connector.wire.pace import retry_after
from connector.wire.places import Origin
from connector.wire.trouble import Broken

ENDPOINT: Final = "oauth2/token"

_PATH: Final = "/api/oauth2/token"
_PATIENCE: Final = Patience(
    connect_seconds=5, read_seconds=30, total_seconds=60, max_bytes=1024 * 1024
)
_LIFETIME: Final = 600
_LONGEST_TOKEN: Final = 8192
_OUR_FAULT: Final = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Our registration with Exact, and for whom it is used.

    Attributes:
        base_url: `https://start.exactonline.nl` or another site.
        connection: Name of the consent, shared by the administrations that use it.
        redirect: The address that was registered; None: one is handed in when consent is asked.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    connection: str = "default"
    redirect: str | None = None


class Said(StrEnum):
    """What the token endpoint said."""

    GRANTED = "granted"
    TOO_EARLY = "too_early"  # the present access token is good still
    ENDED = "ended"  # the chain of refresh tokens is broken: only a new consent helps
    CLIENT = "client"  # our registration is not accepted
    BUSY = "busy"
    REFUSED = "refused"  # a no that we don't know
    LOST = "lost"  # it may have granted, it may not
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """One answer; tokens stay out of its text."""

    said: Said
    reason: str  # of our own words, for logs and errors
    status: int = 0
    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    lifetime: int = _LIFETIME  # seconds of the access token
    after: float | None = None


class TokenLine:
    """Asks the token endpoint, over a new connection each time."""

    def __init__(self, app: App, tools: Tools) -> None:
        """Open nothing yet.

        Raises:
            SettingsError: The address can't be used (`wire_bad_origin`, `wire_plain_http`).
        """
        self._app = app
        self._tools = tools
        self._origin = Origin.of(app.base_url)

    def ask(self, grant: str, fields: Mapping[str, str], *, attempt: int = 1) -> TokenAnswer:
        """Ask once and return what came of it.

        Args:
            grant: `refresh_token` or `authorization_code`.
            fields: What goes with it.
            attempt: For the log.
        """
        request = Request(
            method="POST",
            url=self._origin.url(_PATH),
            endpoint=_PATH,
            data={
                "grant_type": grant,
                **fields,
                "client_id": self._app.client_id,
                "client_secret": self._app.client_secret,
            },
        )
        line = Line(self._tools, _PATIENCE, loopback=self._origin.is_loopback)
        try:
            with line.send(request, {}, attempt=attempt) as answer:
                after = retry_after(answer.headers.get("retry-after"), self._tools.clock.now())
                return answer_of(answer.status, answer.headers, answer.content(), after=after)
        except Broken as broken:
            said = Said.UNSENT if broken.unsent else Said.LOST
            return TokenAnswer(said=said, reason=broken.label, status=broken.status or 0)
        finally:
            line.close()


def answer_of(
    status: int, headers: Mapping[str, str], body: bytes, *, after: float | None = None
) -> TokenAnswer:
    """Return what an answer of the token endpoint means.

    Args:
        status: Of the answer.
        headers: Names in small letters.
        body: As it came.
        after: What `Retry-After` asks for.
    """
    parts = _object(body)
    access, refresh = _token(parts.get("access_token")), _token(parts.get("refresh_token"))
    if access and (refresh or status == 200):
        said, reason = Said.GRANTED, "granted"
    else:
        said, reason = _meaning(status, headers.get("reason", ""), parts)
    return TokenAnswer(
        said=said,
        reason=reason,
        status=status,
        access_token=access,
        refresh_token=refresh,
        lifetime=_lifetime(parts.get("expires_in")),
        after=after,
    )


def _meaning(status: int, reason: str, parts: Mapping[str, Any]) -> tuple[Said, str]:
    code = str(parts.get("error", "")).lower()
    words = f"{code} {parts.get('error_description', '')}".lower()
    is_no = status in (400, 401)
    early = "tooearly" in reason.lower() or ("access" in words and "not expired" in words)
    cases = (  # the first that fits
        # A 2xx that holds no token is a page of somebody in between.
        (status >= 500 or status == 408 or status < 300, Said.LOST, f"status_{status}"),
        (early, Said.TOO_EARLY, "too_early"),
        (status == 429 or "rate limit" in words, Said.BUSY, f"status_{status}"),
        (is_no and "old refresh token" in words, Said.ENDED, "old_refresh_token"),
        (is_no and "invalid_grant" in words, Said.ENDED, "invalid_grant"),
        (is_no and code in _OUR_FAULT, Said.CLIENT, code),
    )
    return next(
        ((said, why) for fits, said, why in cases if fits), (Said.REFUSED, f"status_{status}")
    )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _token(value: object) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TOKEN:
        return None
    # Something else in a header would be refused by a text that quotes it.
    return value if value.isascii() and value.isprintable() and " " not in value else None


def _lifetime(value: object) -> int:
    """Return the seconds; they come as text."""
    words = str(value)
    seconds = int(words) if words.isascii() and words.isdigit() and len(words) < 8 else 0
    return seconds or _LIFETIME
