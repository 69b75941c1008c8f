"""What goes over the line to Exact, how pages are followed, and what is answered."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.exact import odata
from adapters.exact.client import Client, error_of, open_client
from adapters.exact.simulator import Fault, Simulator
from connector.port.errors import (
    ContractChangedError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.testkit.tools import FakeTools
from tests.adapters.exact.client_desk import (
    ACCOUNTS,
    BASE,
    KEY,
    TERMS,
    answering,
    budget,
    connected,
    ids,
    paged,
)


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


# --- lists


def test_a_list_is_asked_with_filter_and_fields(client: Client, package: Simulator) -> None:
    package.add_invoice()
    ids(client)

    assert package.requests[-1].query == "$filter=Timestamp%20gt%201L&$select=ID,Timestamp"


def test_all_pages_are_read_in_order(client: Client, package: Simulator) -> None:
    package.fill(terms=2500, accounts=10)

    found = ids(client)

    assert (len(found), len(set(found)), package.count(TERMS), client.requests) == (2500, 2500, 3, 3)  # fmt: skip


def test_a_link_is_followed_as_it_stands(tools: FakeTools) -> None:
    link = f"{BASE}/api/v1/7/{TERMS}?$skiptoken=5L&$filter=Timestamp%20gt%201L&x=guid'a+b'"
    with answering(tools, paged(1, link), paged(2, None)) as (client, line):
        asked = (ids(client), str(line.calls[-1].request.url))

    assert asked == ([1, 2], link)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("http://elsewhere.example/api/v1/7/sync/Cashflow/PaymentTerms?x", "wire_foreign_link"),
        (f"{BASE}/api/v1/8/{TERMS}?$skiptoken=5L", "exact.foreign_page"),
        (f"{BASE}/api/v1/7/sync/Deleted?$skiptoken=5L", "exact.foreign_page"),
        (f"{BASE}/api/v1/7/{TERMS}?$filter=Timestamp%20gt%201L&$select=ID,Timestamp", "exact.page_loop"),
    ],
)  # fmt: skip
def test_a_link_that_leads_astray_is_not_followed(tools: FakeTools, link: str, code: str) -> None:
    with (
        answering(tools, paged(1, link)) as (client, _),
        pytest.raises(ContractChangedError) as raised,
    ):
        ids(client)

    assert (raised.value.code, client.requests) == (code, 1)


def test_links_that_go_in_a_circle_end(tools: FakeTools) -> None:
    one, two = (f"{BASE}/api/v1/7/{TERMS}?$skiptoken={number}" for number in (1, 2))
    with (
        answering(tools, paged(1, one), paged(2, two), paged(3, one)) as (client, _),
        pytest.raises(ContractChangedError) as raised,
    ):
        ids(client)

    assert raised.value.code == "exact.page_loop"


def test_an_empty_page_that_leads_on_is_not_believed(client: Client, package: Simulator) -> None:
    package.add_invoice()
    package.fault(Fault.EMPTY_WITH_NEXT, match=TERMS)

    with pytest.raises(ContractChangedError) as raised:
        ids(client)

    assert raised.value.code == "exact.empty_page"


def test_an_empty_last_page_is_none(client: Client, package: Simulator) -> None:
    package.ways.next_when_full = True
    package.fill(terms=1000, accounts=10)

    assert (len(ids(client)), package.count(TERMS)) == (1000, 2)


@pytest.mark.parametrize("division", [8, "8"])
def test_rows_of_another_administration_are_refused(tools: FakeTools, division: object) -> None:
    body = {"d": [{"ID": 1, "Division": division}]}
    with answering(tools, body) as (client, _), pytest.raises(ContractChangedError) as raised:
        ids(client)

    assert raised.value.code == "exact.other_division"


def test_an_administration_may_be_named_in_text(tools: FakeTools) -> None:
    with answering(tools, {"d": [{"ID": 1, "Division": "7"}]}) as (client, _):
        assert ids(client) == [1]


@pytest.mark.parametrize("fault", [Fault.NO_D, Fault.BAD_JSON])
def test_another_answer_changes_the_contract(
    client: Client, package: Simulator, fault: Fault
) -> None:
    package.fault(fault, match=TERMS, times=5)

    with pytest.raises((ContractChangedError, UnavailableError)):
        ids(client)


@pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE, Fault.UNAVAILABLE, Fault.DROP, Fault.HTML])
def test_a_fault_that_passes_is_waited_out(
    client: Client, package: Simulator, fault: Fault
) -> None:
    package.add_invoice()
    package.fault(fault, match=TERMS, times=2)

    assert (len(ids(client)), client.requests) == (1, 3)


def test_a_list_that_is_not_there_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError) as raised:
        ids(client, "sync/Cashflow/Nothing")

    assert raised.value.code == "exact.not_found"


def test_what_is_urgent_may_use_the_reserve(
    client: Client, package: Simulator, tools: FakeTools
) -> None:
    ids(client)
    for _ in range(49):
        budget(tools, package.division).take()

    urgent = list(client.rows(TERMS, select=("ID",), filter=odata.after(1), urgent=True))
    with pytest.raises(RateLimitError):
        ids(client)

    assert len(urgent) == 1


# --- one record


def test_one_record_is_read_by_its_key(client: Client, package: Simulator) -> None:
    account = package.add_account("Bakker")

    found = client.entity(f"{ACCOUNTS}({odata.guid(account)})", select=("ID", "Name"))

    assert found is not None
    assert found["Name"] == "Bakker"


def test_a_record_that_is_not_there_is_none_and_counts(client: Client) -> None:
    found = [client.entity(f"{ACCOUNTS}({odata.guid(KEY)})", select=("ID",)) for _ in range(3)]
    with pytest.raises(RateLimitError):
        client.entity(f"{ACCOUNTS}({odata.guid(KEY)})", select=("ID",))

    assert found == [None, None, None]


def test_a_bare_value_is_read(client: Client) -> None:
    params = {"endpoint": odata.text(ACCOUNTS), "action": odata.text("GET")}

    assert client.scalar("users/UserHasRights", params) is True


def test_a_record_is_made_and_returned(client: Client, package: Simulator) -> None:
    made = client.create("documents/Documents", {"Subject": "Herinnering", "Type": 55})

    assert (odata.guid_of(made["ID"]), package.documents[0]["Subject"]) == (
        odata.guid_of(package.documents[0]["ID"]), "Herinnering",
    )  # fmt: skip


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.RESET])
def test_a_write_without_an_answer_is_not_repeated(
    client: Client, package: Simulator, fault: Fault
) -> None:
    package.fault(fault, match="POST /api/v1")

    with pytest.raises(OutcomeUnknownError):
        client.create("documents/Documents", {"Subject": "x", "Type": 55})

    assert len(package.documents) == 1


def test_an_answer_to_a_write_that_can_not_be_read_proves_nothing(
    client: Client, package: Simulator
) -> None:
    package.fault(Fault.NO_D, match="POST /api/v1")

    with pytest.raises(OutcomeUnknownError) as raised:
        client.create("documents/Documents", {"Subject": "x", "Type": 55})

    assert raised.value.code == "exact.answer_unreadable"


def test_a_record_is_changed(client: Client, package: Simulator) -> None:
    account = package.add_account("Bakker")

    client.update(f"{ACCOUNTS}({odata.guid(account)})", {"Blocked": True})

    assert package.account(account)["Blocked"] is True


# --- who and where


def test_me_names_the_administration_that_is_open(client: Client, package: Simulator) -> None:
    assert client.me()["CurrentDivision"] == package.division


def test_me_needs_no_administration(package: Simulator, tools: FakeTools) -> None:
    client = open_client(package.url, connected(package, tools), tools, division=None)
    client.me()
    with pytest.raises(ValueError, match="no administration"):
        ids(client)
    client.close()

    assert package.requests[-1].path == "/api/v1/current/Me"


def test_all_administrations_are_listed(client: Client, package: Simulator) -> None:
    for number in range(70):
        package.add_division(f"Division {number}")

    assert (len(client.divisions()), package.count("system/Divisions")) == (71, 2)


# --- error texts


def error(value: str, code: str = "") -> bytes:
    return json.dumps({"error": {"code": code, "message": {"lang": "", "value": value}}}).encode()


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        (error("Forbidden"), "400 forbidden"),
        (error("Mandatory: Account Jansen", "E-12"), "400 E-12 mandatory account …"),
        (error("NL91ABNA0417164300 jan@x.nl", "code with Jansen"), "400 … …"),
        (b"", "400"),
        (b"[]", "400"),
        (b'{"error":"x"}', "400"),
        (b'{"error":{"code":5,"message":["Jansen"]}}', "400"),
        (b'{"error":{"code":null,"message":"Invalid request"}}', "400 invalid request"),
        (b"[" * 100_000, "400"),
    ],
)
def test_an_error_text_holds_no_names(body: bytes, reference: str) -> None:
    assert error_of(400, body) == reference


@given(st.binary(max_size=200))
def test_any_error_body_has_a_reference(body: bytes) -> None:
    assert error_of(400, body).startswith("400")


def test_no_token_reaches_the_log(client: Client, package: Simulator, tools: FakeTools) -> None:
    ids(client)
    told = tools.log.text()

    assert [one for one in package.access_tokens() if one in told] == []
