"""A Moneybird of our own on loopback, for tests, the demo and benchmarks.

It answers in the wire format of the API, keeps state, limits requests as the real one does, and
fails on demand. It checks nothing against the real service: docs/adapters/moneybird.md says what
was read where.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import requests

from adapters.moneybird.sim_faults import Fault
from adapters.moneybird.sim_front import Front
from adapters.moneybird.sim_oauth import Tokens
from adapters.moneybird.sim_package import Package
from adapters.moneybird.sim_server import Recorded, Server
from adapters.moneybird.sim_world import ALL_SCOPES, Amount, SentReminder
from connector.port.tools import Clock

__all__ = ["ALL_SCOPES", "Amount", "Fault", "Recorded", "SentReminder", "Simulator", "simulate"]

_SECONDS = 5
_POLL_SECONDS = 0.05


class _RealClock:
    """The real time, for a simulator that is started by itself."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # stands alone: no clock was handed in

    def sleep(self, seconds: float) -> None:
        """A simulator never waits."""


class Simulator(Package):
    """The package served over HTTP from the moment that it is made; a context manager.

    Attributes:
        url: Where it listens; settings name it as `base_url`.
        files_url: The other origin, to which downloads are redirected.
        token: A personal token with every scope.
        client_id: Of the registered application.
        client_secret: Of the registered application.
        expires_in: Seconds that an access token lives by the clock; None: it does not end.
        omit_refresh_token: Answers to a refresh hold no refresh token; the old one stays good.
        rotate: A refresh token works once, where the answer holds another.
        deny_consent: The person says no.
        granted_scopes: What tokens get, whatever was asked; None: as asked.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        quota: bool = True,
        record: bool = True,
        live_hooks: bool = False,
        port: int = 0,
    ) -> None:
        super().__init__(clock or _RealClock())
        self.client_id = "sim-client"
        self.client_secret = "sim-secret-of-the-application"  # noqa: S105  # invented
        self.expires_in: int | None = None
        self.omit_refresh_token = False
        self.rotate = True
        self.deny_consent = False
        self.granted_scopes: tuple[str, ...] | None = None
        self._tokens = Tokens(world=self._world, terms=self)
        self.token = self._tokens.personal()
        self._front = Front(self._world, self._tokens, self._lock)
        self._front.faults = self._faults
        self._front.has_quota = quota
        self._front.keeps_answers = record
        self._files = Server(self._front.serve_file)
        self._server = Server(self._front.serve, port)
        self.url = self._front.url = self._server.url
        self.files_url = self._front.files_url = self._files.url
        if live_hooks:
            threading.Thread(target=self._keep_delivering, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop; requests that wait for an answer end without one."""
        self._server.close()
        self._files.close()

    def _keep_delivering(self) -> None:
        while not self._server.closing.wait(_POLL_SECONDS):
            self.deliver()

    @property
    def requests(self) -> list[Recorded]:
        """What was asked, in order, refused and faulted requests too."""
        return self._front.requests

    @property
    def file_requests(self) -> list[Recorded]:
        """What the other origin was asked."""
        return self._front.file_requests

    @property
    def refused(self) -> int:
        """How often the quota said no."""
        return self._front.refused

    @property
    def token_requests(self) -> int:
        """How often tokens were asked for."""
        return self._tokens.exchanges

    def count(self, part: str = "") -> int:
        """Return the number of requests whose `METHOD /path?query` contains the part."""
        return sum(part in one.line for one in self._front.requests)

    def reset_count(self) -> None:
        """Forget the requests so far; state and quota stay."""
        with self._lock:
            self._front.requests.clear()
            self._front.file_requests.clear()
            self._front.refused = 0

    def issue_token(
        self,
        scopes: Iterable[str] = ALL_SCOPES,
        *,
        read_only: bool = False,
        administrations: Iterable[int] | None = None,
    ) -> str:
        """Return a new personal token."""
        with self._lock:
            return self._tokens.personal(
                scopes,
                read_only=read_only,
                administrations=administrations,
            )

    def issue_oauth(self, scopes: Iterable[str] = ALL_SCOPES) -> dict[str, Any]:
        """Return a token answer as the end of the dance gives it."""
        with self._lock:
            return self._tokens.answer(scopes)

    def revoke(self, token: str) -> None:
        """Make an access, personal or refresh token worthless."""
        with self._lock:
            self._tokens.revoke(token)

    def approve(self, url: str) -> dict[str, str]:
        """Do what the person at the browser does, and return what comes back with it.

        Returns:
            `code` (or `error`) and `state`; out of band the code alone.
        """
        answer = requests.get(url, allow_redirects=False, timeout=_SECONDS)
        if answer.status_code == 302:
            return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        shown = answer.text.partition("<code>")[2].partition("</code>")[0]
        return {"code" if answer.ok and shown != "access_denied" else "error": shown}

    def fault(
        self,
        kind: Fault | str,
        *,
        match: str | None = None,
        nth: int = 1,
        times: int = 1,
        fields: Sequence[str] = (),
    ) -> None:
        """Let something go wrong.

        Args:
            kind: What.
            match: Part of `METHOD /path?query` of the requests that count; None: all.
            nth: With which of them from now, 1 is the next.
            times: With how many in a row.
            fields: Which fields are missing or null, where the fault is about fields.
        """
        with self._lock:
            self._faults.add(Fault(kind), match=match, nth=nth, times=times, fields=fields)

    def clear_faults(self) -> None:
        """Forget the faults that did not happen yet."""
        with self._lock:
            self._faults.clear()


def simulate(options: Mapping[str, object]) -> Simulator:
    """Return a running simulator.

    Args:
        options: Those of `Simulator`, and `invoices` and `per_debtor` of `Package.fill`.

    Raises:
        ValueError: An option is not known.
    """
    known = {"clock", "quota", "record", "live_hooks", "port", "invoices", "per_debtor"}
    foreign = sorted(set(options) - known)
    if foreign:
        raise ValueError(f"no such option of the simulator: {', '.join(foreign)}")
    own: dict[str, Any] = {name: options[name] for name in options if name in known}
    invoices, per_debtor = own.pop("invoices", 0), own.pop("per_debtor", 5)
    made = Simulator(**own)
    made.fill(invoices, per_debtor=per_debtor)
    return made
