"""What is written to the simulated Exact, and what it pushes."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from adapters.exact.sim_faults import Answer
from adapters.exact.sim_server import Outcome, Request, Server
from adapters.exact.sim_ways import Ways
from adapters.exact.simulator import Fault, Simulator
from tests.adapters.exact.asking import Asker, HandClock

DOCUMENTS = "documents/Documents"
HOOKS = "webhooks/WebhookSubscriptions"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(clock=HandClock()) as running:
        yield running


@pytest.fixture
def client(sim: Simulator) -> Iterator[Asker]:
    with Asker(sim) as asker:
        yield asker


class Ear:
    """Hears webhooks; answers as told."""

    def __init__(self) -> None:
        self.heard: list[Request] = []
        self.status = 200
        self.server = Server(self._serve)

    def _serve(self, request: Request) -> Outcome:
        self.heard.append(request)
        return Outcome(answer=Answer(status=self.status))


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()
    yield listening
    listening.server.close()


def post(client: Asker, path: str, **values: Any) -> requests.Response:
    return client.ask("POST", path, json=values)


def test_a_document_is_kept_and_found_by_its_marker(sim: Simulator, client: Asker) -> None:
    account, entry = sim.add_account("Bakker"), sim.add_invoice()

    made = post(
        client, DOCUMENTS, Subject="Aanmaning maan:k1", Type=55, Account=account,
        DocumentDate="2026-11-26T00:00:00Z", FinancialTransactionEntryID=entry,
    )  # fmt: skip

    assert (made.status_code, made.json()["d"]["AccountName"]) == (201, None)
    text = f"Account eq guid'{account}' and substringof('maan:k1',Subject)"
    [row] = client.get(DOCUMENTS, text)["results"]
    assert (row["ID"], row["AccountName"]) == (made.json()["d"]["ID"], "Bakker")
    assert row["DocumentDate"] == "/Date(1795651200000)/"


@pytest.mark.parametrize(
    "values",
    [
        {"Type": 55},
        {"Subject": "S", "Type": 50},
        {"Subject": "S", "Type": "55"},
        {"Subject": "S", "Type": 55, "Account": "00000acc-4e7a-4c1d-9a00-0000000fffff"},
        {"Subject": "S", "Type": 55, "Colour": "red"},
    ],
    ids=["no subject", "not creatable", "text for a number", "unknown account", "unknown field"],
)
def test_a_document_that_is_not_sound_is_refused(
    sim: Simulator, client: Asker, values: dict[str, Any]
) -> None:
    assert (post(client, DOCUMENTS, **values).status_code, sim.documents) == (400, [])


def test_an_attachment_must_be_base64(sim: Simulator, client: Asker) -> None:
    document = post(client, DOCUMENTS, Subject="S", Type=55).json()["d"]["ID"]
    path = "documents/DocumentAttachments"
    content = base64.b64encode(b"%PDF").decode()

    refused = post(client, path, Document=document, FileName="a.pdf", Attachment="%PDF")
    made = post(client, path, Document=document, FileName="a.pdf", Attachment=content)

    assert (refused.status_code, made.status_code) == (400, 201)
    assert "to type 'Byte[]'" in refused.json()["error"]["message"]["value"]
    [kept] = sim.attachments
    assert (kept["content"], kept["FileSize"]) == (b"%PDF", 4)


def test_tasks_and_notes_are_kept(sim: Simulator, client: Asker) -> None:
    account = sim.add_account()
    post(client, "activities/Tasks", Description="Bel", Account=account, TaskType=1)
    post(client, "activities/CommunicationNotes", Subject="Gemaand", Account=account)

    assert ([row["Status"] for row in sim.tasks], len(sim.notes)) == ([20], 1)
    assert client.ask("DELETE", f"activities/Tasks(guid'{sim.tasks[0]['ID']}')").status_code == 400


def test_a_relation_is_blocked_and_classified(sim: Simulator, client: Asker) -> None:
    account, value = sim.add_account(), "00000c1a-0000-4000-8000-000000000001"

    answer = client.ask(
        "PUT", f"crm/Accounts(guid'{account}')", json={"Blocked": True, "Classification1": value}
    )

    assert (answer.status_code, answer.content) == (204, b"")
    rows = client.synced("sync/CRM/Accounts", select="Blocked,Classification1,Timestamp")
    assert [(row["Blocked"], row["Classification1"]) for row in rows] == [(True, value)]


@pytest.mark.parametrize(("fault", "kept"), [(Fault.DROP, 0), (Fault.DROP_AFTER, 1)])
def test_a_write_can_be_lost_before_or_after_its_effect(
    sim: Simulator, client: Asker, fault: Fault, kept: int
) -> None:
    sim.fault(fault, match=f"POST /api/v1/{sim.division}/{DOCUMENTS}")

    with pytest.raises(requests.ConnectionError):
        post(client, DOCUMENTS, Subject="S", Type=55)

    assert len(sim.documents) == kept


def test_a_webhook_is_validated_by_an_empty_post(sim: Simulator, client: Asker, ear: Ear) -> None:
    made = post(client, HOOKS, CallbackURL=ear.server.url, Topic="Accounts")
    ear.status = 404
    refused = post(client, HOOKS, CallbackURL=ear.server.url, Topic="Contacts")

    assert (made.status_code, [one.body for one in ear.heard]) == (201, [b"", b""])
    assert refused.status_code == 500
    assert "callback URL endpoint" in refused.json()["error"]["message"]["value"]


def test_a_push_is_signed_over_the_bytes_of_its_content(sim: Simulator, ear: Ear) -> None:
    sim.subscribe(ear.server.url, "FinancialTransactions")
    entry = sim.add_invoice()
    sim.fault(Fault.BAD_HASH)
    sim.fault(Fault.DUPLICATE_HOOK)
    sim.edit_entry(entry)

    assert sim.deliver() == 2

    bad, again, good = (one.body for one in ear.heard)
    assert bad == again
    content, _, told = good.removeprefix(b'{"Content":').partition(b',"HashCode":"')
    mark = hmac.new(sim.webhook_secret.encode(), content, hashlib.sha256).hexdigest().upper()
    assert told == f'{mark}"}}'.encode()
    assert (
        json.loads(good)["Content"] | {"Key": entry, "Action": "Update"}
        == json.loads(good)["Content"]
    )
    assert mark not in bad.decode()


@pytest.mark.parametrize("by_name", [False, True])
def test_a_push_names_a_transaction_by_its_entry(ear: Ear, *, by_name: bool) -> None:
    ways = Ways(hooks_name_entries=by_name)
    with Simulator(clock=HandClock(), ways=ways) as sim:
        sim.subscribe(ear.server.url, "FinancialTransactions")
        entry = sim.add_invoice()
        sim.deliver()

    place = "salesentry/SalesEntries" if by_name else "financialtransaction/Transactions"
    said = json.loads(ear.heard[0].body)["Content"]
    assert (said["Key"], said["ExactOnlineEndpoint"].endswith(f"/{place}(guid'{entry}')")) == (
        entry,
        True,
    )


def test_nothing_is_pushed_of_a_payment(sim: Simulator, ear: Ear) -> None:
    entry = sim.add_invoice()
    sim.subscribe(ear.server.url, "FinancialTransactions")
    sim.pay(entry)
    sim.unmatch(entry)

    assert sim.deliver() == 0


def test_a_push_that_is_not_taken_waits(sim: Simulator, ear: Ear) -> None:
    sim.subscribe(ear.server.url, "Accounts")
    sim.add_account()
    ear.status = 500
    failed = sim.deliver()
    ear.status = 200

    assert (failed, sim.deliver(), sim.deliver()) == (0, 1, 0)
