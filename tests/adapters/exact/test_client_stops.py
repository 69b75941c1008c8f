"""When the client stops asking: limits, refusals and a consent that ended."""

from collections.abc import Iterator

import pytest

from adapters.exact.client import Client, open_client
from adapters.exact.simulator import Fault, Simulator
from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    RateLimitError,
    RefusedError,
)
from connector.testkit.tools import FakeTools
from tests.adapters.exact.client_desk import ACCOUNTS, TERMS, connected, ids


@pytest.fixture
def tools() -> FakeTools:
    return FakeTools()


@pytest.fixture
def package(tools: FakeTools) -> Iterator[Simulator]:
    with Simulator(clock=tools.clock) as running:
        yield running


@pytest.fixture
def client(tools: FakeTools, package: Simulator) -> Iterator[Client]:
    tokens = connected(package, tools)
    made = open_client(package.url, tokens, tools, division=package.division)
    yield made
    made.close()


# --- limits and refusals


@pytest.mark.parametrize("fault", [Fault.RATE, Fault.RATE_DAY, Fault.NO_HEADERS_429])
def test_a_429_is_not_repeated_and_closes_the_budget(
    client: Client, package: Simulator, fault: Fault
) -> None:
    package.fault(fault, match=TERMS)
    codes = []
    for _ in range(2):
        with pytest.raises(RateLimitError) as raised:
            ids(client)
        codes.append(raised.value.code)

    assert (codes, package.count(TERMS)) == (["wire_rate_limited", "budget_spent"], 1)


def test_what_another_install_used_up_is_not_asked_for(client: Client, package: Simulator) -> None:
    package.spend(54)
    ids(client)

    with pytest.raises(RateLimitError):
        ids(client)

    assert package.over_limit == 0


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        (Fault.FORBIDDEN, AuthorisationError, "403"),
        (Fault.BAD_REQUEST, RefusedError, "400"),
        (Fault.NOT_FOUND, RefusedError, "404"),
        (Fault.UNAUTHORIZED, AuthorisationError, "401"),
    ],
)
def test_the_third_refusal_is_the_last(
    client: Client, package: Simulator, fault: Fault, error: type[AdapterError], status: str
) -> None:
    package.fault(fault, match=TERMS, times=20)
    for _ in range(3):
        with pytest.raises(error):
            ids(client)

    with pytest.raises(RateLimitError) as raised:
        ids(client)

    assert (raised.value.code, raised.value.facts["status"], package.count(TERMS), package.blocks) == (
        "exact.stopped_asking", status, 3, 0,
    )  # fmt: skip


def test_another_endpoint_is_asked_still(client: Client, package: Simulator) -> None:
    package.fault(Fault.FORBIDDEN, match=TERMS, times=20)
    for _ in range(4):
        with pytest.raises((AuthorisationError, RateLimitError)):
            ids(client)

    assert ids(client, "sync/CRM/Accounts") == []


def test_writes_are_counted_too(client: Client, package: Simulator) -> None:
    package.forbid("documents/Documents")
    for _ in range(3):
        with pytest.raises(AuthorisationError):
            client.create("documents/Documents", {"Subject": "x"})

    with pytest.raises(RateLimitError) as raised:
        client.create("documents/Documents", {"Subject": "x"})

    assert raised.value.code == "exact.stopped_asking"


def test_a_token_of_age_is_renewed_before_exact_refuses_it(
    client: Client, package: Simulator, tools: FakeTools
) -> None:
    package.add_invoice()
    ids(client)
    tools.clock.advance(572)
    package.expire_access()
    package.ways.too_early_status = 401

    assert (len(ids(client)), package.early_refreshes, package.used_refresh_tokens) == (1, 0, 0)


def test_a_token_that_exact_ended_early_is_renewed(client: Client, package: Simulator) -> None:
    package.add_invoice()
    package.fault(Fault.EXPIRE, match=TERMS)

    assert (len(ids(client)), package.count(TERMS), package.token_requests) == (1, 2, 2)


def test_a_token_that_exact_keeps_ending_is_counted_as_exact_does(
    client: Client, package: Simulator
) -> None:
    package.fault(Fault.EXPIRE, match=TERMS, times=20)
    codes = []
    for _ in range(3):
        with pytest.raises((AuthorisationError, RateLimitError)) as raised:
            ids(client)
        codes.append(raised.value.code)

    # Two refusals each time: the first, and the one after the token was renewed.
    assert (codes, package.count(TERMS)) == (
        ["wire_unauthorised"] * 2 + ["exact.stopped_asking"],
        4,
    )


def test_while_no_new_token_is_given_the_old_one_is_not_tried_again(
    client: Client, package: Simulator, tools: FakeTools
) -> None:
    package.drift = 900  # our clock was set back since we connected
    package.fault(Fault.RATE, match="POST /api/oauth2/token", times=50)
    codes = []
    for _ in range(14):
        with pytest.raises(RateLimitError) as raised:
            ids(client)
        codes.append(raised.value.code)
        tools.clock.advance(5)

    assert (codes, package.count(TERMS), package.count("POST /api/oauth2/token"), package.blocks) == (
        ["exact.token_wait"] * 14, 1, 2, 0,
    )  # fmt: skip


def test_a_withdrawn_consent_stops_everything(
    client: Client, package: Simulator, tools: FakeTools
) -> None:
    package.revoke()
    tools.clock.advance(700)
    with pytest.raises(AuthorisationError) as raised:
        ids(client)
    sent = len(package.requests)
    for path in (TERMS, "sync/Deleted", ACCOUNTS):
        with pytest.raises(AuthorisationError):
            ids(client, path)

    assert (raised.value.code, len(package.requests) - sent) == ("exact.needs_reauthorization", 0)
