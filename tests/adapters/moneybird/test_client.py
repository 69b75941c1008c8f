"""What goes over the line to Moneybird, and how its answers and headers are read."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from adapters.moneybird.client import MANNERS, Client, error_of, limit_of
from adapters.moneybird.endpoints import Resource
from adapters.moneybird.simulator import Fault, Simulator
from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    ContractChangedError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.tools import Limit
from connector.testkit.tools import NOW, FakeBudget, FakeTools
from connector.wire.http import Http
from connector.wire.oauth import FixedToken
from connector.wire.pace import Heard

TOKEN = "token-of-this-test"
BASE = "https://moneybird.example"
API = f"{BASE}/api/v2/123"


def make_client(
    tools: FakeTools, base_url: str = BASE, administration: str = "123", token: str = TOKEN
) -> Client:
    http = Http(
        base_url,
        auth=FixedToken(lambda: token),
        budget=tools.budgets.of("ordinary", [Limit(150, 300, reserve=20)]),
        tools=tools,
        manners=replace(MANNERS, read_seconds=0.5),
    )
    return Client(http, administration)


@pytest.fixture
def tools() -> FakeTools:
    return FakeTools()


@pytest.fixture
def package(tools: FakeTools) -> Iterator[Simulator]:
    with Simulator(clock=tools.clock) as running:
        yield running


@pytest.fixture
def client(tools: FakeTools, package: Simulator) -> Iterator[Client]:
    made = make_client(tools, package.url, str(package.administration), package.token)
    yield made
    made.close()


@contextmanager
def answering(method: str, path: str, **answer: Any) -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as line:
        line.add(method, f"{API}/{path}", **answer)
        yield line


def budget(tools: FakeTools, name: str) -> FakeBudget:
    return tools.budgets.made[name]


# --- reading


def test_a_list_holds_ids_and_versions(client: Client, package: Simulator) -> None:
    first = package.add_invoice(state="late", version=5)
    second = package.add_invoice(state="open", version=6)
    package.add_invoice(state="paid")

    found = set(client.versions(Resource.SALES, "state:open|late"))

    assert found == {(first, 5), (second, 6)}


def test_a_list_takes_further_parameters(client: Client, package: Simulator) -> None:
    contact = package.add_contact(archived=True)

    found = [id_ for id_, _ in client.versions(Resource.CONTACTS, params={"include_archived": "true"})]  # fmt: skip

    assert contact in found


@pytest.mark.parametrize(
    "row", [{"id": "1"}, {"version": 1}, {"id": None, "version": 1}, {"id": "x", "version": 1}]
)
def test_a_row_of_another_form_changes_the_contract(tools: FakeTools, row: object) -> None:
    with (
        answering("GET", "sales_invoices/synchronization.json", json=[row]),
        pytest.raises(ContractChangedError) as raised,
    ):
        list(make_client(tools).versions(Resource.SALES))

    assert raised.value.code == "moneybird.list_row"


def test_records_are_fetched_by_their_ids(client: Client, package: Simulator) -> None:
    known = package.add_invoice()

    found = client.fetch(Resource.SALES, [known, 1])

    assert [row["id"] for row in found] == [str(known)]


def test_ids_go_as_text(client: Client, package: Simulator) -> None:
    client.fetch(Resource.SALES, [496081538556888568])

    assert package.requests[-1].json() == {"ids": ["496081538556888568"]}


def test_a_hundred_ids_are_the_most(client: Client, package: Simulator) -> None:
    client.fetch(Resource.SALES, range(1, 101))
    with pytest.raises(ValueError, match="101 ids"):
        client.fetch(Resource.SALES, range(1, 102))

    assert package.count() == 1


def test_no_ids_are_no_request(client: Client, package: Simulator) -> None:
    assert (client.fetch(Resource.SALES, []), package.count()) == ([], 0)


def test_an_urgent_fetch_may_use_the_reserve(client: Client, tools: FakeTools) -> None:
    budget(tools, "ordinary").limits = (Limit(20, 300, reserve=20),)

    client.fetch(Resource.SALES, [1], urgent=True)

    assert budget(tools, "ordinary").taken == 1


ACTS: dict[str, Callable[[Client, bool], object]] = {
    "workflows": lambda client, urgent: client.workflows(urgent=urgent),
    "fetch": lambda client, urgent: client.fetch(Resource.SALES, [1], urgent=urgent),
    "remind": lambda client, urgent: client.remind([], urgent=urgent),
    "note": lambda client, urgent: client.note(Resource.SALES, 1, "x", urgent=urgent),
    "pause": lambda client, urgent: client.pause(1, urgent=urgent),
    "resume": lambda client, urgent: client.resume(1, urgent=urgent),
    "mark": lambda client, urgent: client.mark_dubious(
        Resource.SALES, 1, NOW.date(), urgent=urgent
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_only_what_is_urgent_uses_the_reserve(client: Client, tools: FakeTools, name: str) -> None:
    budget(tools, "ordinary").limits = (Limit(20, 300, reserve=20),)
    budget(tools, "ordinary").take(urgent=True)  # a window begins
    with pytest.raises(RateLimitError):
        ACTS[name](client, False)
    with suppress(RefusedError):
        ACTS[name](client, True)

    assert budget(tools, "ordinary").taken == 2


@pytest.mark.parametrize("said", [{"a": 1}, ["x"], None, 5])
def test_an_answer_that_is_no_list_changes_the_contract(tools: FakeTools, said: object) -> None:
    with (
        answering("POST", "sales_invoices/synchronization.json", json=said),
        pytest.raises(ContractChangedError) as raised,
    ):
        make_client(tools).fetch(Resource.SALES, [1])

    assert raised.value.facts == {"endpoint": "/api/v2/{id}/sales_invoices/synchronization.json"}


def test_a_deleted_record_does_not_exist(client: Client, package: Simulator) -> None:
    kept, gone = package.add_invoice(), package.add_invoice()
    package.delete_invoice(gone)

    found = [client.exists(Resource.SALES, id_) for id_ in (kept, gone)]

    assert found == [True, False]


def test_workflows_come_with_their_steps(client: Client, package: Simulator) -> None:
    known = package.add_workflow(collection_method="sepa_direct_debit")

    found = {int(row["id"]): row for row in client.workflows()}

    assert found[known]["collection_method"] == "sepa_direct_debit"


def test_administrations_need_no_administration(tools: FakeTools, package: Simulator) -> None:
    client = make_client(tools, package.url, "", package.token)

    assert [int(row["id"]) for row in client.administrations()] == [package.administration]


def test_a_pdf_lies_elsewhere_and_its_host_learns_nothing(
    client: Client, package: Simulator
) -> None:
    known = package.add_invoice()

    content = client.pdf(known)

    assert content.startswith(b"%PDF")
    assert all("authorization" not in asked.headers for asked in package.file_requests)


# --- writing


def test_a_reminder_is_sent(client: Client, package: Simulator) -> None:
    known = package.add_invoice(state="late")
    (row,) = client.fetch(Resource.SALES, [known])
    item = {name: row[name] for name in ("contact_id", "workflow_id", "document_style_id", "identity_id")}  # fmt: skip

    client.remind([{**item, "sales_invoice_ids": [row["id"]], "delivery_method": "Email"}])

    assert [sent.invoices for sent in package.reminders] == [(known,)]


@pytest.mark.parametrize(
    "fault", [Fault.ERROR_BEFORE, Fault.ERROR_AFTER, Fault.TIMEOUT_AFTER, Fault.DROP_AFTER]
)
def test_a_reminder_is_sent_at_most_once(client: Client, package: Simulator, fault: Fault) -> None:
    package.fault(fault, match="send_reminders", times=5)
    with pytest.raises(OutcomeUnknownError):
        client.remind([{}])

    assert package.count("send_reminders") == 1


@pytest.mark.parametrize("resource", [Resource.SALES, Resource.EXTERNAL])
def test_a_note_is_written(client: Client, package: Simulator, resource: Resource) -> None:
    known = package.add_invoice() if resource is Resource.SALES else package.add_external()

    id_ = client.note(resource, known, "Tekst\n[maan k1]")

    notes = {int(note["id"]): note["note"] for note in package.look(known)["notes"]}
    assert notes[id_] == "Tekst\n[maan k1]"


def test_a_note_that_is_refused_says_why_without_the_books(client: Client) -> None:
    with pytest.raises(RefusedError) as raised:
        client.note(Resource.SALES, 1, "Aan Jansen")

    assert "Jansen" not in str(raised.value)


def test_an_invoice_is_paused_and_resumed(client: Client, package: Simulator) -> None:
    known = package.add_invoice(state="late")

    states = [client.pause(known)["paused"], client.resume(known)["paused"]]

    assert states == [True, False]


def test_an_invoice_is_booked_as_dubious(client: Client, package: Simulator) -> None:
    known = package.add_invoice(state="late")

    client.mark_dubious(Resource.SALES, known, date(2026, 11, 26))

    assert package.look(known)["marked_dubious_on"] == "2026-11-26"


@pytest.mark.parametrize("body", ["", "200", "<html>", "[]", "{"])
def test_an_answer_to_a_write_that_says_nothing_leaves_its_outcome_unknown(
    tools: FakeTools, body: str
) -> None:
    with (
        answering("POST", "sales_invoices/1/pause.json", body=body, status=201),
        pytest.raises(OutcomeUnknownError) as raised,
    ):
        make_client(tools).pause(1)

    assert raised.value.code == "moneybird.answer_unreadable"


@pytest.mark.parametrize("said", [{}, {"id": None}, {"id": "x"}])
def test_a_note_without_an_id_leaves_its_outcome_unknown(tools: FakeTools, said: object) -> None:
    with (
        answering("POST", "sales_invoices/1/notes.json", json=said, status=201),
        pytest.raises(OutcomeUnknownError),
    ):
        make_client(tools).note(Resource.SALES, 1, "x")


def test_a_bad_credential_asks_a_person(tools: FakeTools, package: Simulator) -> None:
    client = make_client(tools, package.url, str(package.administration), "another")

    with pytest.raises(AuthorisationError):
        client.workflows()


def test_a_package_that_is_away_is_unavailable(client: Client, package: Simulator) -> None:
    package.fault(Fault.UNAVAILABLE, times=9)

    with pytest.raises(UnavailableError):
        client.workflows()


def test_requests_are_counted(client: Client, package: Simulator) -> None:
    client.workflows()
    list(client.versions(Resource.SALES, "state:open"))

    assert client.requests == package.count() == 2


def test_no_secret_and_no_name_is_logged(
    client: Client, package: Simulator, tools: FakeTools
) -> None:
    known = package.add_invoice(contact=package.add_contact(company_name="Bakkerij De Wit"))
    client.fetch(Resource.SALES, [known])
    client.note(Resource.SALES, known, "Geheim")

    told = tools.log.text()

    assert [word for word in (package.token, "De Wit", "Geheim", str(known)) if word in told] == []


# --- the rate headers


def test_the_rate_headers_mean_something_else_than_their_names() -> None:
    now = datetime.fromtimestamp(1786108940, UTC)
    headers = {
        "ratelimit-limit": "150",
        "ratelimit-remaining": "160",
        "ratelimit-reset": "1786109100",
        "ratelimit-requestsremaining": "143",
    }

    heard = limit_of(headers, now)

    assert heard == Heard(remaining=143, resets_at=datetime.fromtimestamp(1786109101, UTC))


def test_seconds_until_the_reset_are_not_taken_for_requests() -> None:
    heard = limit_of({"ratelimit-remaining": "0", "ratelimit-limit": "150"}, NOW)

    assert heard is None


def test_names_of_headers_may_come_in_any_case() -> None:
    assert limit_of({"RateLimit-RequestsRemaining": "7"}, NOW) == Heard(remaining=7, resets_at=None)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1, 2), (599, 600), (600, 600), (99_999, 600), (0, 1), (-1, 0), (-5, -4)],
)
def test_a_reset_comes_a_second_after_the_one_that_is_told_and_not_far_ahead(
    seconds: int, expected: int
) -> None:
    reset = str(int(NOW.timestamp()) + seconds)

    heard = limit_of({"ratelimit-reset": reset, "ratelimit-requestsremaining": "7"}, NOW)

    assert heard == Heard(remaining=7, resets_at=NOW + timedelta(seconds=expected))


@given(st.dictionaries(st.sampled_from(["ratelimit-reset", "ratelimit-requestsremaining"]), st.text()))  # fmt: skip
def test_no_header_makes_it_stumble(headers: dict[str, str]) -> None:
    heard = limit_of(headers, NOW)

    assert heard is None or heard.remaining is None or heard.remaining >= 0


def test_what_moneybird_leaves_us_is_believed(
    client: Client, package: Simulator, tools: FakeTools
) -> None:
    beside = make_client(FakeTools(), package.url, str(package.administration), package.token)
    for _ in range(5):
        beside.workflows()

    client.workflows()

    budget(tools, "ordinary").limits = (Limit(150, 300, reserve=145),)
    with pytest.raises(AdapterError) as raised:
        client.workflows()
    assert raised.value.code == "budget_spent"


# --- error texts


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"error": "record not found", "symbolic": {"id": "not_found"}}, "404 id:not_found"),
        (
            {"error": {"note": ["can't be blank"]}, "details": {"note": [{"error": "blank"}]}},
            "404 note:blank",
        ),
        ({"error": {"email": ["de Wit is no name"]}}, "404 email"),
        ({"error": "sending address not verified"}, "404 sending address not verified"),
        ({"error": "No access to sales_invoices"}, "404 no access to sales_invoices"),
        ({"error": "contact Jansen <j@jansen.nl> is blocked"}, "404 contact … … is …"),
        (
            {"error": "invalid", "symbolic": {"De Wit": "x", "iban": "NL91ABNA0417164300"}},
            "404 iban",
        ),
        ({"error": ["x"]}, "404"),
        ({}, "404"),
        ([], "404"),
        ("Retry later", "404"),
    ],
)
def test_a_refusal_is_told_in_codes_and_known_words(said: object, expected: str) -> None:
    assert error_of(404, json.dumps(said).encode()) == expected


@pytest.mark.parametrize("body", [b"", b"<html>429</html>", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_leaves_the_status(body: bytes) -> None:
    assert error_of(502, body) == "502"


def test_a_reference_is_short() -> None:
    body = json.dumps({"error": "not found " * 500}).encode()

    assert len(error_of(400, body)) == 200


@given(st.binary() | st.dictionaries(st.text(), st.text()).map(lambda said: json.dumps(said).encode()))  # fmt: skip
def test_no_error_makes_it_stumble(body: bytes) -> None:
    assert error_of(400, body).startswith("400")
