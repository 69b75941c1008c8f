"""What the simulated Moneybird does wrong on demand, its files, and its webhooks."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from adapters.moneybird.sim_faults import Answer
from adapters.moneybird.sim_server import Outcome, Request, Server
from adapters.moneybird.simulator import Fault, Simulator
from tests.adapters.moneybird.asking import Asker, HandClock

SYNC = "sales_invoices/synchronization.json"


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


class Ear:
    """Hears webhooks; answers as told."""

    def __init__(self, *statuses: int) -> None:
        self.heard: list[Request] = []
        self._statuses = list(statuses)
        self.server = Server(self._serve)

    def _serve(self, request: Request) -> Outcome:
        self.heard.append(request)
        return Outcome(answer=Answer(status=self._statuses.pop(0) if self._statuses else 200))


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()
    yield listening
    listening.server.close()


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault.RATE_JSON, 429, "application/json"),
        (Fault.RATE_HTML, 429, "text/html"),
        (Fault.ERROR_BEFORE, 500, "text/html"),
        (Fault.UNAVAILABLE, 503, "text/html"),
        (Fault.FORBIDDEN, 403, "application/json"),
        (Fault.HTML, 200, "text/html"),
        (Fault.REDIRECT, 302, "application/json"),
    ],
)
def test_a_fault_answers_with_its_status(
    sim: Simulator, client: Asker, fault: Fault, status: int, kind: str
) -> None:
    sim.fault(fault)

    answer = client.ask("GET", SYNC)

    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (status, kind)
    assert client.ask("GET", SYNC).status_code == 200


@pytest.mark.parametrize(
    ("fault", "done"),
    [
        (Fault.ERROR_BEFORE, 0),
        (Fault.ERROR_AFTER, 1),
        (Fault.TIMEOUT_BEFORE, 0),
        (Fault.TIMEOUT_AFTER, 1),
        (Fault.DROP, 0),
        (Fault.DROP_AFTER, 1),
        (Fault.RESET, 1),
    ],
)
def test_a_write_took_effect_or_not_as_the_fault_says(
    sim: Simulator, client: Asker, fault: Fault, done: int
) -> None:
    invoice = sim.add_invoice()
    sim.fault(fault, match="/notes")
    note = {"note": {"note": "x"}}

    with pytest.raises(requests.RequestException):
        client.ask(
            "POST", f"sales_invoices/{invoice}/notes.json", json=note, timeout=0.3
        ).raise_for_status()

    assert len(sim.look(invoice)["notes"]) == done


@pytest.mark.parametrize("fault", [Fault.BAD_JSON, Fault.TRUNCATED, Fault.HTML])
def test_a_spoilt_body_is_no_json(sim: Simulator, client: Asker, fault: Fault) -> None:
    sim.add_invoice()
    sim.fault(fault)

    with pytest.raises(requests.JSONDecodeError):
        client.get(SYNC, filter="state:open")


@pytest.mark.parametrize(
    ("fault", "rows"), [(Fault.SHORT_LIST, 2), (Fault.EMPTY_LIST, 0), (Fault.NUMBERS, 4)]
)
def test_a_list_can_be_wrong_and_well_formed(
    sim: Simulator, client: Asker, fault: Fault, rows: int
) -> None:
    for _ in range(4):
        sim.add_invoice()
    sim.fault(fault)

    assert len(client.get(SYNC, filter="state:open")) == rows


def test_fields_can_be_new_missing_null_or_numbers(sim: Simulator, client: Asker) -> None:
    invoice = sim.add_invoice()
    found: list[Any] = []

    for fault in (Fault.UNKNOWN_FIELDS, Fault.MISSING_FIELDS, Fault.NULLS, Fault.NUMBERS):
        sim.fault(fault, fields=("due_date",))
        found += client.fetch("sales_invoices", invoice)

    assert "brand_new" in found[0]
    assert "due_date" not in found[1]
    assert found[2]["due_date"] is None
    assert (found[3]["id"], found[3]["total_unpaid"]) == (invoice, 121.0)


def test_a_fault_waits_for_the_nth_request_that_matches(sim: Simulator, client: Asker) -> None:
    sim.fault("unavailable", match="GET /api/v2/", nth=2, times=2)

    answers = [client.ask("GET", SYNC).status_code for _ in range(4)]

    assert answers == [200, 503, 503, 200]


def test_a_token_can_end_in_mid_pass(sim: Simulator) -> None:
    token = sim.issue_oauth()
    sim.fault(Fault.EXPIRE, nth=2)

    with Asker(sim, token["access_token"]) as asker:
        answers = [asker.ask("GET", SYNC).status_code for _ in range(3)]

    assert answers == [200, 401, 401]


def test_a_pdf_lies_at_another_origin_for_half_a_minute(
    sim: Simulator, client: Asker, clock: HandClock
) -> None:
    invoice = sim.add_invoice()
    where = client.ask("GET", f"sales_invoices/{invoice}/download_pdf.json").headers["Location"]

    fresh = requests.get(where, timeout=5)
    clock.sleep(31)

    assert where.startswith(sim.files_url)
    assert (fresh.content[:5], requests.get(where, timeout=5).status_code) == (b"%PDF-", 403)


def test_a_webhook_is_signed_over_its_raw_body(sim: Simulator, ear: Ear) -> None:
    secret = sim.add_webhook(ear.server.url, ["sales_invoice"])["secret"]
    sim.set_state(sim.add_invoice(), "late")

    sim.deliver()

    [push] = ear.heard
    mark = hmac.new(secret.encode(), b"1795694400." + push.body, hashlib.sha256).hexdigest()
    assert push.headers["moneybird-signature"] == f"t=1795694400,v1={mark}"


def test_a_webhook_that_fails_is_tried_again_with_its_key(sim: Simulator) -> None:
    ear = Ear(500)
    sim.add_webhook(ear.server.url)
    sim.set_state(sim.add_invoice(), "late")

    accepted = [sim.deliver(), sim.deliver(), sim.deliver()]
    ear.server.close()

    keys = {one.headers["idempotency-key"] for one in ear.heard}
    assert (accepted, len(ear.heard), len(keys)) == ([0, 1, 0], 2, 1)


def test_a_webhook_comes_twice_on_demand(sim: Simulator, ear: Ear) -> None:
    sim.add_webhook(ear.server.url)
    sim.set_state(sim.add_invoice(), "late")
    sim.fault(Fault.DUPLICATE_HOOK)

    sim.deliver()

    assert ear.heard[0].headers["idempotency-key"] == ear.heard[1].headers["idempotency-key"]


def test_a_webhook_of_something_destroyed_has_no_entity(sim: Simulator, ear: Ear) -> None:
    invoice = sim.add_invoice()
    sim.add_webhook(ear.server.url, ["sales_invoice_destroyed"])
    sim.delete_invoice(invoice)

    sim.deliver()

    [push] = ear.heard
    assert json.loads(push.body)["entity"] is None


def test_registering_calls_the_address_and_shows_the_secret_once(
    sim: Simulator, client: Asker, ear: Ear
) -> None:
    made = client.ask("POST", "webhooks.json", json={"url": ear.server.url}).json()

    [listed] = client.get("webhooks.json")

    assert (len(ear.heard), "secret" in made, "secret" in listed) == (1, True, False)


def test_a_request_without_an_answer_is_recorded(sim: Simulator, client: Asker) -> None:
    sim.fault(Fault.TIMEOUT_BEFORE)

    with pytest.raises(requests.Timeout):
        client.ask("GET", SYNC, timeout=0.2)

    assert [(one.status, one.fault) for one in sim.requests] == [(0, Fault.TIMEOUT_BEFORE)]
