"""Tokens of the simulated Exact: short, single use, and lost in every way that is known."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from adapters.exact.simulator import Fault, Simulator
from tests.adapters.exact.asking import Asker, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sim(clock: HandClock) -> Iterator[Simulator]:
    with Simulator(clock=clock) as running:
        yield running


@pytest.fixture
def tokens(sim: Simulator) -> dict[str, Any]:
    return sim.issue_oauth()


@pytest.fixture
def client(sim: Simulator, tokens: dict[str, Any]) -> Iterator[Asker]:
    with Asker(sim, token=tokens["access_token"]) as asker:
        yield asker


def consent(sim: Simulator) -> dict[str, str]:
    asked = {"client_id": sim.client_id, "redirect_uri": "https://maan.test/back", "state": "s1"}
    query = urlencode(asked | {"response_type": "code"})
    return sim.approve(f"{sim.url}/api/oauth2/auth?{query}")


def by_code(client: Asker, code: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "redirect_uri": "https://maan.test/back"}
    return client.exchange(form | {"code": code})


def test_a_consent_ends_in_tokens_that_work(sim: Simulator, client: Asker) -> None:
    back = consent(sim)

    answer = by_code(client, back["code"]).json()

    assert (back["state"], answer["expires_in"]) == ("s1", "600")
    client.token = answer["access_token"]
    assert client.ask("GET", "system/Divisions").status_code == 200


@pytest.mark.parametrize(("waited", "status"), [(179, 200), (180, 400)])
def test_a_code_lives_three_minutes(
    sim: Simulator, client: Asker, clock: HandClock, waited: int, status: int
) -> None:
    code = consent(sim)["code"]
    clock.sleep(waited)

    assert by_code(client, code).status_code == status


def test_a_code_works_once(sim: Simulator, client: Asker) -> None:
    code = consent(sim)["code"]
    by_code(client, code)

    assert by_code(client, code).json()["error"] == "invalid_grant"


def test_a_refresh_before_570_seconds_is_refused_and_changes_nothing(
    sim: Simulator, client: Asker, clock: HandClock, tokens: dict[str, Any]
) -> None:
    clock.sleep(569)

    refused = client.refresh(tokens["refresh_token"])

    assert (refused.status_code, refused.json()["error"]) == (400, "access_denied")
    assert refused.headers["Reason"].startswith("TooEarlyToRefreshTokens")
    clock.sleep(1)
    assert client.refresh(tokens["refresh_token"]).status_code == 200
    assert sim.early_refreshes == 1


def test_an_access_token_ends_after_600_seconds(client: Asker, clock: HandClock) -> None:
    clock.sleep(600)

    refused = client.ask("GET", "system/Divisions")

    assert refused.status_code == 401
    assert "access%20token%20expired" in refused.headers["WWW-Authenticate"]


def test_a_refresh_token_works_once(
    sim: Simulator, client: Asker, clock: HandClock, tokens: dict[str, Any]
) -> None:
    clock.sleep(600)
    client.refresh(tokens["refresh_token"])
    clock.sleep(600)

    refused = client.refresh(tokens["refresh_token"])

    assert (refused.status_code, refused.json()["error_description"]) == (
        401,
        "Old refresh token used.",
    )
    assert sim.used_refresh_tokens == 1


def test_with_grace_a_lost_answer_is_made_good_by_the_old_token(
    sim: Simulator, client: Asker, clock: HandClock, tokens: dict[str, Any]
) -> None:
    sim.ways.grace = True
    clock.sleep(600)
    sim.fault(Fault.LOST_TOKEN_ANSWER)
    with pytest.raises(requests.ConnectionError):
        client.refresh(tokens["refresh_token"])

    again = client.refresh(tokens["refresh_token"])

    assert again.status_code == 200
    assert (sim.used_refresh_tokens, sim.retried_refresh_tokens) == (0, 1)


def test_the_grace_ends_when_the_new_token_is_used(
    sim: Simulator, client: Asker, clock: HandClock, tokens: dict[str, Any]
) -> None:
    sim.ways.grace = True
    clock.sleep(600)
    second = client.refresh(tokens["refresh_token"]).json()
    clock.sleep(570)
    client.refresh(second["refresh_token"])

    assert client.refresh(tokens["refresh_token"]).status_code == 401


def test_without_grace_a_lost_answer_ends_the_chain(
    sim: Simulator, client: Asker, clock: HandClock, tokens: dict[str, Any]
) -> None:
    clock.sleep(600)
    sim.fault(Fault.LOST_TOKEN_ANSWER)
    with pytest.raises(requests.ConnectionError):
        client.refresh(tokens["refresh_token"])

    statuses = [client.refresh(tokens["refresh_token"]).status_code for _ in range(2)]

    assert statuses == [401, 401]
    assert (sim.retried_refresh_tokens, sim.used_refresh_tokens) == (1, 1)


def test_a_refusal_may_hold_the_next_refresh_token(
    sim: Simulator, client: Asker, clock: HandClock, tokens: dict[str, Any]
) -> None:
    clock.sleep(600)
    sim.fault(Fault.ROTATED_IN_ERROR)

    refused = client.refresh(tokens["refresh_token"])

    assert refused.status_code == 400
    assert client.refresh(refused.json()["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("days", "status"), [(29, 200), (30, 400)])
def test_a_refresh_token_ends_after_thirty_idle_days(
    client: Asker, clock: HandClock, tokens: dict[str, Any], days: int, status: int
) -> None:
    clock.sleep(days * 86_400)

    assert client.refresh(tokens["refresh_token"]).status_code == status


def test_the_token_endpoint_answers_200_times_a_day(sim: Simulator, client: Asker) -> None:
    for _ in range(200):
        client.refresh("none")

    assert client.refresh("none").status_code == 429
    assert (sim.token_requests, sim.token_over_limit) == (201, 1)


def test_a_new_consent_ends_the_chain_before_it(
    sim: Simulator, client: Asker, clock: HandClock, tokens: dict[str, Any]
) -> None:
    sim.issue_oauth()
    clock.sleep(600)

    assert "chainId" in client.refresh(tokens["refresh_token"]).json()["error_description"]
