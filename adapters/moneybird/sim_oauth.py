"""Tokens of the simulated package: personal ones, and those of the OAuth dance."""

import hashlib
import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from adapters.moneybird.sim_faults import Answer
from adapters.moneybird.sim_world import ALL_SCOPES, World

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_DEFAULT_SCOPE = "sales_invoices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token may do."""

    scopes: frozenset[str]
    read_only: bool = False
    administrations: frozenset[int] | None = None
    expires_at: float | None = None


class Terms(Protocol):
    """The registered application, and what token answers look like."""

    client_id: str
    client_secret: str
    expires_in: int | None
    omit_refresh_token: bool
    rotate: bool
    deny_consent: bool
    granted_scopes: tuple[str, ...] | None


@dataclass(slots=True, kw_only=True)
class Tokens:
    """Every token that was given out and is still good."""

    world: World
    terms: Terms
    access: dict[str, Grant] = field(default_factory=dict)
    refresh: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    exchanges: int = 0

    def issue(self, grant: Grant) -> str:
        """Return a new access token."""
        token = self._secret("access")
        self.access[token] = grant
        return token

    def grant(self, token: str) -> Grant | None:
        """Return what the token may do now, None when it is not good."""
        grant = self.access.get(token)
        if grant is None or grant.expires_at is None:
            return grant
        return grant if self.world.clock.now().timestamp() < grant.expires_at else None

    def revoke(self, token: str) -> None:
        """Make a token of either sort worthless."""
        self.access.pop(token, None)
        self.refresh.pop(token, None)

    def answer(self, scopes: Iterable[str], *, renewing: str | None = None) -> dict[str, Any]:
        """Return a token answer."""
        granted = tuple(self.terms.granted_scopes or scopes)
        now = self.world.clock.now().timestamp()
        expires_at = None if self.terms.expires_in is None else now + self.terms.expires_in
        access = self.issue(Grant(scopes=frozenset(granted), expires_at=expires_at))
        wire: dict[str, Any] = {
            "access_token": access,
            "token_type": "bearer",
            "scope": " ".join(granted),
            "created_at": int(now),
        }
        if self.terms.expires_in is not None:
            wire["expires_in"] = self.terms.expires_in
        if renewing is None or not self.terms.omit_refresh_token:
            wire["refresh_token"] = self._secret("refresh")
            self.refresh[wire["refresh_token"]] = granted
            if renewing is not None and self.terms.rotate:
                del self.refresh[renewing]
        return wire

    def authorize(self, query: Mapping[str, str]) -> Answer:
        """Answer the page at which the person says yes; it does so at once."""
        redirect = query.get("redirect_uri", "")
        if query.get("client_id") != self.terms.client_id or query.get("response_type") != "code":
            return _page(401, "invalid_client")
        if redirect != OUT_OF_BAND and not redirect.startswith(
            ("http://127.0.0.1", "http://localhost")
        ):
            return _page(401, "invalid_redirect_uri")
        back = {"state": query["state"]} if "state" in query else {}
        if self.terms.deny_consent:
            back["error"] = "access_denied"
        else:
            scopes = tuple(query.get("scope", _DEFAULT_SCOPE).replace("+", " ").split())
            code = self._secret("code")
            self.codes[code] = (scopes, redirect)
            back["code"] = code
        if redirect == OUT_OF_BAND:
            return _page(200, back.get("code", "access_denied"))
        return Answer(status=302).header("Location", f"{redirect}?{urlencode(back)}")

    def exchange(self, form: Mapping[str, str]) -> Answer:
        """Answer the token endpoint."""
        self.exchanges += 1
        if (form.get("client_id"), form.get("client_secret")) != (
            self.terms.client_id,
            self.terms.client_secret,
        ):
            return _json(401, {"error": "invalid_client"})
        match form.get("grant_type"):
            case "authorization_code":
                scopes, redirect = self.codes.pop(form.get("code", ""), ((), ""))
                if not scopes or redirect != form.get("redirect_uri"):
                    return _json(400, {"error": "invalid_grant"})
                return _json(200, self.answer(scopes))
            case "refresh_token":
                old = form.get("refresh_token", "")
                if old not in self.refresh:
                    return _json(400, {"error": "invalid_grant"})
                return _json(200, self.answer(self.refresh[old], renewing=old))
            case _:
                return _json(400, {"error": "unsupported_grant_type"})

    def personal(
        self,
        scopes: Iterable[str] = ALL_SCOPES,
        *,
        read_only: bool = False,
        administrations: Iterable[int] | None = None,
    ) -> str:
        """Return a new personal token."""
        reach = None if administrations is None else frozenset(administrations)
        return self.issue(
            Grant(scopes=frozenset(scopes), read_only=read_only, administrations=reach),
        )

    def _secret(self, sort: str) -> str:
        return hashlib.sha256(f"{sort} {self.world.new_id()}".encode()).hexdigest()[:43]


def _json(status: int, value: Mapping[str, Any]) -> Answer:
    return Answer(status=status, body=json.dumps(value).encode())


def _page(status: int, text: str) -> Answer:
    body = f"<html><body><code>{html.escape(text)}</code></body></html>".encode()
    return Answer(status=status, body=body, content_type="text/html; charset=utf-8")
