"""Limits of the simulated Exact: the minute, the day, and the block after ten errors."""

from collections.abc import Iterator

import pytest
import requests

from adapters.exact.simulator import Fault, Simulator
from tests.adapters.exact.asking import Asker, HandClock

MINUTE = {f"X-RateLimit-Minutely-{name}" for name in ("Limit", "Remaining", "Reset")}
DAY = {f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Reset")}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sim(clock: HandClock) -> Iterator[Simulator]:
    with Simulator(clock=clock) as running:
        yield running


@pytest.fixture
def client(sim: Simulator) -> Iterator[Asker]:
    with Asker(sim) as asker:
        yield asker


def limits(answer: requests.Response) -> set[str]:
    return {name for name in answer.headers if name.startswith("X-RateLimit")}


def ask(client: Asker, times: int = 1, path: str = "hrm/Divisions") -> requests.Response:
    for _ in range(times - 1):
        client.ask("GET", path)
    return client.ask("GET", path)


def test_an_answer_tells_both_windows_in_milliseconds(client: Asker, clock: HandClock) -> None:
    clock.sleep(20)

    told = ask(client, 3).headers

    now = int(clock.now().timestamp())
    assert (told["X-RateLimit-Minutely-Remaining"], told["X-RateLimit-Remaining"]) == (
        "57",
        "4997",
    )
    assert told["X-RateLimit-Minutely-Reset"] == str((now + 40) * 1000)
    assert told["X-RateLimit-Reset"] == str((now - 20 + 12 * 3600) * 1000)


def test_the_61st_call_of_a_minute_is_refused_with_the_headers_of_the_minute_alone(
    sim: Simulator, client: Asker, clock: HandClock
) -> None:
    refused = ask(client, 61)

    assert (refused.status_code, refused.content, limits(refused)) == (429, b"", MINUTE)
    assert sim.over_limit == 1
    clock.sleep(60)
    assert ask(client).status_code == 200


def test_the_5001st_call_of_a_day_is_refused_with_the_headers_of_the_day_alone(
    sim: Simulator, client: Asker, clock: HandClock
) -> None:
    sim.spend(5000)
    clock.sleep(60)

    refused = ask(client)

    assert (refused.status_code, limits(refused)) == (429, DAY)
    assert refused.headers["X-RateLimit-Remaining"] == "0"


def test_each_division_has_windows_of_its_own(sim: Simulator, client: Asker) -> None:
    sim.spend(60)
    client.division = sim.add_division()

    assert ask(client).status_code == 200


@pytest.mark.parametrize(
    ("fault", "told"),
    [(Fault.RATE, MINUTE), (Fault.RATE_DAY, DAY), (Fault.NO_HEADERS_429, set())],
)
def test_a_429_may_have_any_headers(
    sim: Simulator, client: Asker, fault: Fault, told: set[str]
) -> None:
    sim.fault(fault)

    refused = ask(client)

    assert (refused.status_code, limits(refused), sim.over_limit) == (429, told, 0)


def test_ten_errors_block_an_endpoint_for_an_hour(
    sim: Simulator, client: Asker, clock: HandClock
) -> None:
    sim.forbid("crm/Accounts")
    assert ask(client, 10, "crm/Accounts").status_code == 403

    sim.forbid("crm/Accounts", allowed=True)

    assert (ask(client, path="crm/Accounts").status_code, sim.blocked_calls) == (429, 1)
    assert ask(client).status_code == 200
    clock.sleep(3600)
    client.token = sim.issue_oauth()["access_token"]
    assert (ask(client, path="crm/Accounts").status_code, sim.blocks) == (200, 1)


def test_errors_of_another_hour_do_not_count(
    sim: Simulator, client: Asker, clock: HandClock
) -> None:
    sim.forbid("crm/Accounts")
    ask(client, 9, "crm/Accounts")
    clock.sleep(3600)
    client.token = sim.issue_oauth()["access_token"]
    ask(client, 9, "crm/Accounts")

    assert (sim.errors_of("crm/Accounts"), sim.blocks) == (9, 0)


def test_a_block_can_hold_the_whole_key(sim: Simulator, client: Asker) -> None:
    sim.ways.block_scope = "key"
    sim.ways.block_status = 403
    sim.fault(Fault.BAD_REQUEST, times=10)
    ask(client, 10)

    assert ask(client, path="system/Divisions").status_code == 403
