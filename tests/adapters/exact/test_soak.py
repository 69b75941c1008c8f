"""Three months of hourly pulls in simulated time: five administrations, two processes, one consent.

Everything that may go wrong with the line and the clocks does; what must never happen is counted by
the remote.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlencode

import pytest

from adapters.exact import odata
from adapters.exact.client import Client, open_client
from adapters.exact.simulator import Fault, Simulator, Ways
from adapters.exact.token_line import App
from adapters.exact.tokens import ExactTokens
from connector.port.errors import AuthorisationError, RateLimitError, UnavailableError
from connector.testkit.tools import FakeClock
from tests.adapters.exact.memory_line import memory_client, memory_tokens, row_of
from tests.adapters.exact.soak_house import Process, two_processes
from tests.adapters.exact.token_server import TokenServer, World

START = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
HOUR, DAY = 3600, 86_400
DIVISIONS = (1001, 1002, 1003, 1004, 1005)
STREAMS = ("sync/Cashflow/PaymentTerms", "sync/CRM/Accounts", "sync/Deleted")
REDIRECT = "https://example.nl/exact"

Made = tuple[ExactTokens, dict[int, Client]]
Make = Callable[[Process], Made]


@dataclass
class Soak:
    """The house, the remote and a die that is always thrown alike."""

    clock: FakeClock
    world: World
    houses: tuple[Process, Process]
    make: Make
    die: Random = field(default_factory=lambda: Random(5))  # no secret
    pulls: int = 0
    stopped_calls: int = 0

    def __post_init__(self) -> None:
        self.running = [self.make(house) for house in self.houses]
        self.connect()

    def connect(self) -> None:
        self.world.lose = 0
        self.running[0][0].accept("code", REDIRECT)

    @property
    def is_stopped(self) -> bool:
        return bool(row_of(self.running[0][0], self.houses[0])["state"] != "ok")

    def hour(self) -> None:
        """Pull every administration, each by one of the processes, their calls interleaved."""
        self.trouble()
        pulls = [self.pull(self.die.randrange(2), division) for division in DIVISIONS]
        self.run(pulls)

    def run(self, pulls: list[Iterator[None]]) -> None:
        while pulls:
            chosen = self.die.choice(pulls)
            try:
                next(chosen)
            except StopIteration:
                pulls.remove(chosen)

    def pull(self, process: int, division: int) -> Iterator[None]:
        """Make the three calls of an idle pull, as patiently as a schedule does."""
        for path in STREAMS:
            for _ in range(6):
                if self.asked(self.running[process][1][division], path):
                    break
                yield
            yield
        self.pulls += 1

    def asked(self, client: Client, path: str) -> bool:
        """Return whether there is nothing more to ask for now."""
        stopped, before = self.is_stopped, self.world.counts.total()
        try:
            for _ in client.rows(path, select=("ID", "Timestamp"), filter=odata.after(1)):
                pass
        except RateLimitError as error:
            if error.code == "exact.stopped_asking":
                return True
            self.clock.advance(int(str(error.facts["after"])))
            return False
        except UnavailableError:
            self.clock.advance(61)
            return False
        except AuthorisationError as error:
            return error.code in ("exact.needs_reauthorization", "wire_forbidden")
        finally:
            self.stopped_calls += (self.world.counts.total() - before) if stopped else 0
        return True

    def trouble(self) -> None:
        """Let something go wrong now and then."""
        throw = self.die.random()
        if throw < 0.06:
            self.world.lose = self.die.choice((1, 1, 1, 2))
            self.world.grace_is_early = self.world.lose == 1 and self.die.random() < 0.3
        elif throw < 0.12:
            self.world.throttle = self.die.randrange(1, 4)
        elif throw < 0.20:
            index = self.die.randrange(2)
            self.houses[index].clock.ahead = self.die.uniform(-4, 4)
        elif throw < 0.25:
            index = self.die.randrange(2)
            self.running[index] = self.make(self.houses[index])

    def busy(self) -> None:
        """Call all through an hour, so that tokens come of age between two calls."""
        for _ in range(70):
            self.run([self.pull(self.die.randrange(2), DIVISIONS[0])])
            self.clock.advance(self.die.uniform(5, 45))

    def burst(self) -> None:
        """Call as fast as it goes, more often than a minute allows."""
        for _ in range(60):
            self.run([self.pull(0, DIVISIONS[1]), self.pull(1, DIVISIONS[1])])
            self.clock.advance(0.2)

    def withdraw(self) -> None:
        """Lose the consent for half a day, in which nothing may be sent."""
        self.world.dead = True
        for _ in range(12):
            self.hour()
            self.clock.advance(HOUR)
        assert self.is_stopped
        self.connect()

    def days(self, count: int) -> None:
        for day in range(count):
            self.world.forbidden = {STREAMS[2]} if day % 20 == 11 else set()
            for hour in range(24):
                started = self.clock.now()
                self.hour()
                if day % 9 == 4 and hour == 10:
                    self.busy()
                if day % 10 == 6 and hour == 11:
                    self.burst()
                if day % 30 == 17 and hour == 12:
                    self.withdraw()
                passed = (self.clock.now() - started).total_seconds()
                self.clock.advance(HOUR - passed % HOUR)


@pytest.fixture(scope="module")
def soak() -> Soak:
    clock = FakeClock(START)
    world = World(clock)
    app = App(base_url="http://127.0.0.1:9", client_id="client", client_secret="secret")

    def make(house: Process) -> Made:
        tokens = memory_tokens(app, house, world)
        clients = {one: memory_client(app, tokens, house, world, one) for one in DIVISIONS}
        return tokens, clients

    made = Soak(clock, world, two_processes(clock), make)
    made.days(90)
    return made


def test_three_months_are_pulled_every_hour(soak: Soak) -> None:
    assert soak.pulls >= 90 * 24 * len(DIVISIONS)


def test_a_used_refresh_token_is_only_sent_where_its_answer_was_lost(soak: Soak) -> None:
    assert (soak.world.counts["reused"], soak.world.counts["retried"] > 50) == (0, True)


def test_a_consent_is_lost_only_when_it_is_withdrawn(soak: Soak) -> None:
    assert (soak.world.counts["dead"], soak.is_stopped) == (3, False)


def test_no_limit_of_the_remote_is_exceeded(soak: Soak) -> None:
    assert (soak.world.counts["over"], soak.world.counts["api"] > 30_000) == (0, True)


def test_nothing_is_sent_after_a_stop(soak: Soak) -> None:
    assert soak.stopped_calls == 0


def test_no_endpoint_comes_near_the_ten_refusals_of_an_hour(soak: Soak) -> None:
    assert 3 <= max(soak.world.said_no.values()) <= 5


def test_the_token_endpoint_is_asked_about_once_an_hour(soak: Soak) -> None:
    assert soak.world.counts["token"] < 90 * 24 * 2


def test_the_same_holds_over_a_real_line() -> None:
    clock = FakeClock(START)
    with TokenServer(World(clock)) as server:
        app = App(base_url=server.url, client_id="client", client_secret="secret")

        def make(house: Process) -> Made:
            tokens = ExactTokens(app, house)
            return tokens, {
                one: open_client(server.url, tokens, house, division=one) for one in DIVISIONS
            }

        made = Soak(clock, server.world, two_processes(clock), make)
        made.days(2)

    counts = made.world.counts
    assert (counts["reused"], counts["over"], made.stopped_calls, counts["lost"] > 0) == (0, 0, 0, True)  # fmt: skip


def test_the_simulator_finds_nothing_wrong_either() -> None:
    clock = FakeClock(START)
    with Simulator(clock=clock, ways=Ways(grace=True), record=False) as package:
        app = App(
            base_url=package.url, client_id=package.client_id, client_secret=package.client_secret
        )
        divisions = [package.division, *(package.add_division(str(one)) for one in range(4))]
        houses = two_processes(clock)
        tokens = [ExactTokens(app, house) for house in houses]
        tokens[0].accept(package.approve(consent_of(app))["code"], REDIRECT)
        for hour in range(48):
            if hour % 5 == 2:
                package.fault(Fault.LOST_TOKEN_ANSWER, match="oauth2/token")
            houses[hour % 2].clock.ahead = (hour * 7) % 9 - 4
            for division in divisions:
                house, own = houses[division % 2], tokens[division % 2]
                client = open_client(package.url, own, house, division=division)
                for path in STREAMS:
                    list(client.rows(path, select=("Timestamp",), filter=odata.after(1)))
                client.close()
            clock.advance(HOUR)

    wrong = (package.used_refresh_tokens, package.early_refreshes, package.over_limit, package.blocks)  # fmt: skip
    assert (wrong, package.retried_refresh_tokens > 5) == ((0, 0, 0, 0), True)


def consent_of(app: App) -> str:
    fields = {
        "client_id": app.client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "state": "x",
    }
    return f"{app.base_url}/api/oauth2/auth?{urlencode(fields)}"
