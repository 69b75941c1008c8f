"""Tokens, consent and the rate limit of the simulated Moneybird."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests

from adapters.moneybird.simulator import Simulator
from tests.adapters.moneybird.asking import Asker, HandClock

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sim(clock: HandClock) -> Iterator[Simulator]:
    with Simulator(clock=clock) as running:
        yield running


def consent_url(sim: Simulator, redirect: str) -> str:
    asked = {
        "client_id": sim.client_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": "sales_invoices documents",
        "state": "s1",
    }
    return f"{sim.url}/oauth/authorize?{urlencode(asked)}"


def exchange(sim: Simulator, **form: str) -> requests.Response:
    secrets = {"client_id": sim.client_id, "client_secret": sim.client_secret}
    return requests.post(f"{sim.url}/oauth/token", data=secrets | form, timeout=5)


def status(sim: Simulator, token: str, path: str = "workflows.json", method: str = "GET") -> int:
    with Asker(sim, token) as asker:
        return asker.ask(method, path, json={}).status_code


def test_consent_gives_a_code_with_the_state(sim: Simulator) -> None:
    back = sim.approve(consent_url(sim, "http://127.0.0.1:8765/"))
    answer = exchange(
        sim,
        grant_type="authorization_code",
        code=back["code"],
        redirect_uri="http://127.0.0.1:8765/",
    ).json()

    assert (back["state"], answer["scope"], "expires_in" in answer) == (
        "s1",
        "sales_invoices documents",
        False,
    )
    assert status(sim, answer["access_token"]) == 200


def test_out_of_band_shows_the_code(sim: Simulator) -> None:
    code = sim.approve(consent_url(sim, OUT_OF_BAND))["code"]

    answer = exchange(sim, grant_type="authorization_code", code=code, redirect_uri=OUT_OF_BAND)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"client_secret": "another"}, {"redirect_uri": "http://127.0.0.1:1/"}, {"code": "another"}],
)
def test_a_wrong_exchange_gives_no_token(sim: Simulator, wrong: dict[str, str]) -> None:
    code = sim.approve(consent_url(sim, OUT_OF_BAND))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": OUT_OF_BAND}

    answer = exchange(sim, **form | wrong)

    assert answer.status_code in {400, 401}
    assert "access_token" not in answer.json()


def test_a_refresh_token_works_once(sim: Simulator) -> None:
    old = sim.issue_oauth()["refresh_token"]

    answers = [exchange(sim, grant_type="refresh_token", refresh_token=old) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 400]
    assert answers[1].json() == {"error": "invalid_grant"}


def test_a_refresh_may_lack_a_refresh_token_and_the_old_one_stays(sim: Simulator) -> None:
    sim.omit_refresh_token = True
    old = sim.issue_oauth()["refresh_token"]

    answers = [exchange(sim, grant_type="refresh_token", refresh_token=old) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert "refresh_token" not in answers[1].json()


def test_a_token_ends_by_the_clock(sim: Simulator, clock: HandClock) -> None:
    sim.expires_in = 7_200
    token = sim.issue_oauth()["access_token"]

    before = status(sim, token)
    clock.sleep(7_200)

    assert (before, status(sim, token)) == (200, 401)


def test_a_revoked_token_is_refused(sim: Simulator) -> None:
    sim.revoke(sim.token)

    assert status(sim, sim.token) == 401


def test_a_scope_is_needed_and_a_read_only_token_reads(sim: Simulator) -> None:
    invoice = sim.add_invoice()
    narrow, reading = sim.issue_token(["sales_invoices"]), sim.issue_token(read_only=True)

    answers = [
        status(sim, narrow, "documents/receipts/synchronization.json"),
        status(sim, reading, f"sales_invoices/{invoice}/pause.json", "POST"),
        status(sim, reading, "documents/receipts/synchronization.json"),
    ]

    assert answers == [403, 403, 200]


def test_a_token_reaches_only_its_administrations(sim: Simulator) -> None:
    other = sim.add_administration(name="Bakker")
    token = sim.issue_token(administrations=[other])
    root = f"{sim.url}/api/v2/administrations.json"

    listed = requests.get(root, headers={"Authorization": f"Bearer {token}"}, timeout=5).json()

    assert ([one["name"] for one in listed], status(sim, token)) == (["Bakker"], 404)


def test_the_151st_request_in_five_minutes_is_refused(sim: Simulator, clock: HandClock) -> None:
    with Asker(sim) as asker:
        answers = [asker.ask("GET", "workflows.json") for _ in range(151)]
        clock.sleep(300)
        after = asker.ask("GET", "workflows.json")

    last = answers[-1]
    assert [one.status_code for one in answers] == [200] * 150 + [429]
    assert (last.json(), last.headers["Retry-After"], sim.refused) == (
        "Retry later",
        "1795694700",
        1,
    )
    assert after.status_code == 200


def test_the_rate_headers_are_misnamed(sim: Simulator, clock: HandClock) -> None:
    with Asker(sim) as asker:
        asker.ask("GET", "workflows.json")
        clock.sleep(140)
        headers = asker.ask("GET", "workflows.json").headers

    rate = {name: value for name, value in headers.items() if name.startswith("RateLimit")}
    assert rate == {
        "RateLimit-Limit": "150",
        "RateLimit-Remaining": "160",
        "RateLimit-Reset": "1795694700",
        "RateLimit-RequestsRemaining": "148",
    }


def test_reports_have_a_limit_of_their_own(sim: Simulator) -> None:
    with Asker(sim) as asker:
        reports = [asker.ask("GET", "reports/debtors_aging.json") for _ in range(51)]
        other = asker.ask("GET", "workflows.json")

    assert (reports[-2].status_code, reports[-1].status_code) == (200, 429)
    assert other.headers["RateLimit-RequestsRemaining"] == "149"
