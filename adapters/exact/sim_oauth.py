"""Tokens of the simulated package: short-lived access, and refresh tokens that work once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from adapters.exact.sim_faults import Answer, Fault
from adapters.exact.sim_ways import Ways
from adapters.exact.sim_world import World

ACCESS_SECONDS, EARLIEST, CODE_SECONDS = 600, 570, 180
GRACE_SECONDS, IDLE_SECONDS, CALLS_A_DAY = 600, 30 * 86_400, 200

_DAY = 86_400
_EARLY = "Rate limit exceeded: access_token not expired"
_REASON = "TooEarlyToRefreshTokens: access_token not expired"
_CHAIN = "Token is not allowed, because of invalid or empty chainId"


class Terms(Protocol):
    """The registered application, and what the person does."""

    client_id: str
    client_secret: str
    redirect_uri: str | None
    deny_consent: bool


@dataclass(slots=True)
class _Refresh:
    """A refresh token; `used_at` is set when it was exchanged for `next`."""

    chain: int
    issued: float
    used_at: float | None = None
    next: str | None = None
    was_lost: bool = False
    dead: bool = False


@dataclass(slots=True, kw_only=True)
class Tokens:
    """Every token that was given out, and how often the wrong ones came back."""

    world: World
    terms: Terms
    calls: int = 0
    over_limit: int = 0
    early: int = 0
    used: int = 0
    retried: int = 0
    access: dict[str, float] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    _refresh: dict[str, _Refresh] = field(default_factory=dict)
    _codes: dict[str, tuple[float, str]] = field(default_factory=dict)
    _chain: int = 0
    _refreshed_at: float | None = None
    _day: tuple[int, int] = (0, 0)
    _serial: int = 0

    @property
    def _ways(self) -> Ways:
        return self.world.ways

    def _now(self) -> float:
        return self.world.clock.now().timestamp()

    def problem(self, token: str) -> str | None:
        """Return why the access token is refused; None: it is good."""
        if token in self.revoked or token not in self.access:
            return "invalid token"
        return None if self._now() < self.access[token] else "access token expired"

    def expire(self, token: str | None = None) -> None:
        """End one access token now, or all, as if their time were over: a refresh is in time."""
        self._refreshed_at = None
        for one in self.access if token is None else {token} & self.access.keys():
            self.access[one] = self._now()

    def revoke(self) -> None:
        """Withdraw the consent."""
        self.revoked.update(self.access)
        self._chain += 1
        for one in self._refresh.values():
            one.dead = True

    def start(self) -> dict[str, Any]:
        """Return the token answer of a new consent."""
        self._chain += 1
        self._refreshed_at = self._now()
        return self._pair(self._chain)

    def authorize(self, query: Mapping[str, str]) -> Answer:
        """Answer the page at which the person says yes; it does so at once."""
        redirect = query.get("redirect_uri", "")
        is_known = redirect == self.terms.redirect_uri if self.terms.redirect_uri else True
        is_safe = redirect.startswith(("https://", "http://127.0.0.1", "http://localhost"))
        if (
            query.get("client_id") != self.terms.client_id
            or query.get("response_type") != "code"
            or not (is_known and is_safe)
        ):
            body = b"<html><body><h1>Invalid request</h1></body></html>"
            return Answer(status=400, body=body, content_type="text/html")
        back = {"state": query["state"]} if "state" in query else {}
        if self.terms.deny_consent:
            back["error"] = "access_denied"
        else:
            # With signs that must be decoded before the code goes into the token request.
            code = f"stampNL001.{self._secret()}!/+="
            self._codes[code] = (self._now() + CODE_SECONDS, redirect)
            back["code"] = code
        return Answer(status=302).header("Location", f"{redirect}?{urlencode(back)}")

    def exchange(self, form: Mapping[str, str], fault: Fault | None) -> Answer:
        """Answer the token endpoint."""
        self.calls += 1
        day = int(self._now() // _DAY)
        self._day = (day, self._day[1] + 1 if self._day[0] == day else 1)
        if self._day[1] > CALLS_A_DAY:
            self.over_limit += 1
            return Answer(status=429, content_type="text/plain")
        app = self.terms.client_id, self.terms.client_secret
        if (form.get("client_id"), form.get("client_secret")) != app:
            return _refusal(401, "invalid_client")
        if fault is Fault.TOO_EARLY:
            return self._too_early()
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form)
            case "refresh_token":
                return self._by_refresh(form.get("refresh_token", ""), fault)
            case _:
                return _refusal(400, "unsupported_grant_type")

    def _by_code(self, form: Mapping[str, str]) -> Answer:
        newest = next(reversed(self._codes), None)
        code = form.get("code", "")
        ends, redirect = self._codes.pop(code, (0.0, ""))
        if code and ends and code != newest:
            return _refusal(400, "invalid_grant", _CHAIN)
        if self._now() >= ends or redirect != form.get("redirect_uri"):
            return _refusal(400, "invalid_grant")
        return _json(200, self.start())

    def _by_refresh(self, sent: str, fault: Fault | None) -> Answer:
        kept = self._refresh.get(sent)
        now = self._now()
        dead = self._ways.dead_token_status
        if kept is None or kept.dead:
            return _refusal(dead, "invalid_grant")
        if self._ways.one_chain and kept.chain != self._chain:
            return _refusal(dead, "invalid_grant", _CHAIN)
        if now >= kept.issued + IDLE_SECONDS:
            return _refusal(dead, "invalid_grant")
        in_grace = False
        if kept.used_at is not None:
            self._count_used(kept)
            in_grace = self._in_grace(kept, now)
            if not in_grace:
                return _refusal(401, "unauthorized_client", "Old refresh token used.")
        may_be_early = in_grace and not self._ways.grace_is_early
        last = self._refreshed_at
        if last is not None and now < last + EARLIEST and not may_be_early:
            self.early += 1
            return self._too_early()
        return self._rotated(kept, fault)

    def _count_used(self, kept: _Refresh) -> None:
        """Once after a lost answer is a retry; all else should not happen."""
        if kept.was_lost:
            kept.was_lost = False
            self.retried += 1
        else:
            self.used += 1

    def _in_grace(self, kept: _Refresh, now: float) -> bool:
        after = self._refresh.get(kept.next or "")
        is_new_used = after is None or after.used_at is not None
        return (
            self._ways.grace
            and kept.used_at is not None
            and now < kept.used_at + GRACE_SECONDS
            and not is_new_used
        )

    def _rotated(self, kept: _Refresh, fault: Fault | None) -> Answer:
        now = self._now()
        replaced = self._refresh.get(kept.next or "")
        if replaced is not None:
            replaced.used_at = now  # the pair that nobody received
        pair = self._pair(kept.chain)
        kept.used_at = now if kept.used_at is None else kept.used_at
        kept.next = pair["refresh_token"]
        kept.was_lost = fault not in {None, Fault.ROTATED_IN_ERROR}
        if fault is Fault.ROTATED_IN_ERROR:
            del self.access[pair["access_token"]]
            told = {"error": "access_denied", "error_description": "Rate limit exceeded"}
            return _json(400, told | {"refresh_token": pair["refresh_token"]})
        self._refreshed_at = now
        return _json(200, pair)

    def _pair(self, chain: int) -> dict[str, Any]:
        now = self._now()
        # As in the real one, access tokens are long and end with signs of base 64.
        access = f"stampNL001.gAAAA{self._secret()}{self._secret()}=="
        refresh = f"stampNL001.{self._secret()}!IAAA{self._secret()[:24]}"
        self.access[access] = now + ACCESS_SECONDS
        self._refresh[refresh] = _Refresh(chain, now)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": str(ACCESS_SECONDS),
            "refresh_token": refresh,
        }

    def _too_early(self) -> Answer:
        refused = _refusal(self._ways.too_early_status, "access_denied", _EARLY)
        return refused.header("Reason", _REASON)

    def _secret(self) -> str:
        self._serial += 1
        return hashlib.sha256(f"exact {self._serial}".encode()).hexdigest()


def _json(status: int, value: Mapping[str, Any]) -> Answer:
    return Answer(status=status, body=json.dumps(value).encode())


def _refusal(status: int, error: str, text: str | None = None) -> Answer:
    told = {"error": error} if text is None else {"error": error, "error_description": text}
    return _json(status, told)
