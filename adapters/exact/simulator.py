"""An Exact Online of our own on loopback, for tests, the demo and benchmarks.

It answers in the wire format of the API, keeps state, limits and blocks as the real one is said
to do, and fails on demand. It checks nothing against the real service: where sources are silent
or disagree, `Ways` has a switch and docs/adapters/exact.md says what was read where.
"""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import requests

from adapters.exact import sim_catalogue, sim_hooks
from adapters.exact.sim_api import Api
from adapters.exact.sim_faults import Fault
from adapters.exact.sim_front import Front
from adapters.exact.sim_hooks import Hooks
from adapters.exact.sim_oauth import Tokens
from adapters.exact.sim_package import Package
from adapters.exact.sim_server import Recorded, Server
from adapters.exact.sim_ways import Ways
from adapters.exact.sim_world import SORTS, Amount, World, guid
from connector.port.tools import Clock

__all__ = ["Amount", "Fault", "Recorded", "Simulator", "Ways", "simulate"]

_SECONDS = 5
_POLL_SECONDS = 0.05


class _RealClock:
    """The real time, for a simulator that is started by itself."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # stands alone: no clock was handed in

    def sleep(self, seconds: float) -> None:
        """A simulator never waits."""


class _Drifting:
    """The server's own clock, some seconds beside that of who asks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds = 0.0

    def now(self) -> datetime:
        return self._clock.now() + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)


class Simulator(Package):
    """The package served over HTTP from the moment that it is made; a context manager.

    Attributes:
        url: Where it listens; settings name it as `base_url`.
        ways: Switches for what is not known of the real one.
        client_id: Of the registered application.
        client_secret: Of the registered application.
        webhook_secret: Of the registered application.
        redirect_uri: As registered; None: any that is safe.
        deny_consent: The person says no.
        user: Guid of the person.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        ways: Ways | None = None,
        limits: bool = True,
        record: bool = True,
        keep_pages: bool = False,
        live_hooks: bool = False,
        port: int = 0,
    ) -> None:
        self.client_id = "0e7ac7c1-0000-4000-8000-51a0c1ae4701"
        self.client_secret = "sim-secret-of-the-application"  # noqa: S105  # invented
        self.webhook_secret = "sim-secret-of-webhooks"  # noqa: S105  # invented
        self.redirect_uri: str | None = None
        self.deny_consent = False
        self.user = guid(SORTS["user"], 1)
        self.ways = ways or Ways()
        self._clock = _Drifting(clock or _RealClock())
        world = World(self._clock, self.ways)
        lock = threading.RLock()
        super().__init__(world, Hooks(world=world, client_id=self.client_id), lock)
        self._tokens = Tokens(world=world, terms=self)
        self._api = Api(world=world, tokens=self._tokens, package=self, hooks=self._hooks)
        self._api.keeps_pages = keep_pages
        self._front = Front(self._api, lock)
        self._front.faults = self._faults
        self._front.has_limits = limits
        self._front.keeps_answers = record
        self._server = Server(self._front.serve, port)
        self.url = self._api.url = self._hooks.url = self._server.url
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

    def _keep_delivering(self) -> None:
        while not self._server.closing.wait(_POLL_SECONDS):
            self.deliver()

    @property
    def drift(self) -> float:
        """Seconds that the server's clock is ahead of the one handed in."""
        return self._clock.seconds

    @drift.setter
    def drift(self, seconds: float) -> None:
        self._clock.seconds = seconds

    @property
    def requests(self) -> list[Recorded]:
        """What was asked, in order, refused and faulted requests too."""
        return self._front.requests

    @property
    def over_limit(self) -> int:
        """How many calls were beyond the minute or the day."""
        return self._front.over_limit

    @property
    def blocked_calls(self) -> int:
        """How many calls came while the error block held."""
        return self._front.blocked_calls

    @property
    def blocks(self) -> int:
        """How often the error block began."""
        return self._front.errors.blocks

    @property
    def token_requests(self) -> int:
        """How often tokens were asked for."""
        return self._tokens.calls

    @property
    def token_over_limit(self) -> int:
        """How many of these were beyond the day."""
        return self._tokens.over_limit

    @property
    def early_refreshes(self) -> int:
        """How many refreshes came before 570 seconds."""
        return self._tokens.early

    @property
    def used_refresh_tokens(self) -> int:
        """How often a used refresh token was sent although its successor was delivered."""
        return self._tokens.used

    @property
    def retried_refresh_tokens(self) -> int:
        """How often a refresh token was sent once more after its answer was lost."""
        return self._tokens.retried

    def errors_of(self, endpoint: str, division: int | None = None) -> int:
        """Return the errors of this hour that count for the block."""
        code = self.division if division is None else division
        return self._front.errors.errors(code, endpoint, self._clock.now().timestamp())

    def count(self, part: str = "") -> int:
        """Return the number of requests whose decoded `METHOD /path?query` contains the part."""
        return sum(part in one.line for one in self._front.requests)

    def reset_count(self) -> None:
        """Forget the requests so far; state, windows and counters stay."""
        with self._lock:
            self._front.requests.clear()

    def spend(self, calls: int, *, division: int | None = None) -> None:
        """Let another installation of the application use up calls of both windows."""
        with self._lock:
            code = self.division if division is None else division
            self._front.windows(code).spend(self._clock.now(), calls)

    def issue_oauth(self) -> dict[str, Any]:
        """Return a token answer as the end of the dance gives it; it starts a new chain."""
        with self._lock:
            return self._tokens.start()

    def expire_access(self) -> None:
        """End every access token now."""
        with self._lock:
            self._tokens.expire()

    def revoke(self) -> None:
        """Withdraw the consent."""
        with self._lock:
            self._tokens.revoke()

    def access_tokens(self) -> set[str]:
        """Return the access tokens that are good now."""
        with self._lock:
            return {one for one in self._tokens.access if self._tokens.problem(one) is None}

    def approve(self, url: str) -> dict[str, str]:
        """Do what the person at the browser does, and return what comes back with it.

        Returns:
            `code` (or `error`) and `state`.
        """
        answer = requests.get(url, allow_redirects=False, timeout=_SECONDS)
        if answer.status_code != 302:
            return {"error": str(answer.status_code)}
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def terms(self, entry: str) -> list[dict[str, Any]]:
        """Return the rows of sync/Cashflow/PaymentTerms of an entry as they are now."""
        with self._lock:
            return self._api.rows(sim_catalogue.TERMS, self._entry(entry).terms)

    def account(self, account: str) -> dict[str, Any]:
        """Return the row of crm/Accounts as it is now."""
        with self._lock:
            return self._api.rows(sim_catalogue.ACCOUNTS, [self._account(account)])[0]

    def deliver(self) -> int:
        """Send what is queued once, and return how many pushes were answered 2xx."""
        with self._lock:
            waiting, self._hooks.queue = self._hooks.queue, []
        done = 0
        for push in waiting:
            body = self.sign(push.content)
            if self._faults.due_hook(Fault.BAD_HASH):
                body = body[:-66] + b"0" * 64 + b'"}'
            again = self._faults.due_hook(Fault.DUPLICATE_HOOK)
            is_taken = all(
                200 <= sim_hooks.post(push.url, body) < 300 for _ in range(2 if again else 1)
            )
            done += is_taken
            if not is_taken:
                with self._lock:
                    self._hooks.queue.append(push)
        return done

    def sign(self, content: bytes) -> bytes:
        """Return the body of a push with this JSON as its content."""
        return sim_hooks.signed(self.webhook_secret, content)

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
            match: Part of the decoded `METHOD /path?query` of the requests that count; None: all.
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
        options: Those of `Simulator`, and `terms` and `accounts` of `Package.fill`.

    Raises:
        ValueError: An option is not known.
    """
    known = {"clock", "ways", "limits", "record", "keep_pages", "live_hooks", "port"}
    foreign = sorted(set(options) - known - {"terms", "accounts"})
    if foreign:
        raise ValueError(f"no such option of the simulator: {', '.join(foreign)}")
    own: dict[str, Any] = {name: options[name] for name in options if name in known}
    terms, accounts = options.get("terms", 0), options.get("accounts", 1)
    assert isinstance(terms, int)
    assert isinstance(accounts, int)
    made = Simulator(**own)
    if terms:
        made.fill(terms, accounts)
    return made
