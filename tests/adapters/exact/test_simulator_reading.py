"""The dialect of the simulated Exact: shapes, options, pages, and what it refuses."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.exact.simulator import Fault, Simulator, simulate
from tests.adapters.exact.asking import FIELDS, TERMS, Asker, HandClock


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(clock=HandClock()) as running:
        yield running


@pytest.fixture
def client(sim: Simulator) -> Iterator[Asker]:
    with Asker(sim) as asker:
        yield asker


def test_every_shape_of_an_answer_is_given(sim: Simulator, client: Asker) -> None:
    account = sim.add_account()

    shapes: list[Any] = [
        client.get("crm/Accounts", select="ID"),
        client.get("crm/Accounts", select="ID", top=5),
        client.get(f"crm/Accounts(guid'{account}')", select="ID"),
        client.get("users/UserHasRights?endpoint='crm/Accounts'&action='GET'"),
    ]

    assert [type(shape) for shape in shapes] == [dict, list, dict, bool]
    assert shapes[0]["results"][0]["ID"] == shapes[1][0]["ID"] == shapes[2]["ID"] == account


def test_texts_numbers_and_dates_are_as_odd_as_they_are(sim: Simulator, client: Asker) -> None:
    account = sim.add_account("Bakker", code=25, EndDate=date(2026, 1, 2), Blocked=True)

    [row] = client.synced("sync/CRM/Accounts", select="Code,Country,EndDate,Blocked,Timestamp")

    del row["__metadata"]
    assert row == {
        "Code": "                25",
        "Country": "NL ",
        "EndDate": "/Date(1767312000000)/",
        "Blocked": True,
        "Timestamp": str(sim.timestamp()),
    }
    assert sim.account(account)["Name"] == "Bakker"


def test_pages_are_followed_by_their_links(sim: Simulator, client: Asker) -> None:
    sim.fill(terms=2500, accounts=100)

    first = client.get(TERMS, "Timestamp gt 1L", FIELDS)

    assert (len(first["results"]), urlsplit(first["__next"]).path) == (
        1000,
        f"/api/v1/{sim.division}/{TERMS}",
    )
    rows = client.synced()
    stamps = [int(row["Timestamp"]) for row in rows]
    assert (len(rows), stamps) == (2500, sorted(set(stamps)))
    assert len(client.get("crm/Accounts", select="ID")["results"]) == 60


def test_pages_in_another_order_than_timestamps_hold_every_row(
    sim: Simulator, client: Asker
) -> None:
    sim.fill(terms=1500, accounts=10)
    sim.ways.sync_ascending = False
    sim.touch(client.synced()[0]["TransactionEntryID"])

    rows = client.synced()

    stamps = [int(row["Timestamp"]) for row in rows]
    assert (len({row["ID"] for row in rows}), stamps == sorted(stamps)) == (1500, False)


def test_a_full_last_page_may_lead_to_an_empty_one(sim: Simulator, client: Asker) -> None:
    sim.fill(terms=1000, accounts=10)
    sim.ways.next_when_full = True

    page = client.get(TERMS, "Timestamp gt 1L", FIELDS)

    assert client.get(page["__next"]) == {"results": []}


@pytest.mark.parametrize(
    "query",
    [
        {"$filter": "Timestamp gt 1L"},
        {"$filter": "Timestamp gt 1", "$select": "ID"},
        {"$filter": "Timestamp gt 1L and LineType eq 20", "$select": "ID"},
        {"$filter": "Timestamp gt 1L or Timestamp gt 2L", "$select": "ID"},
        {"$filter": "Timestamp gt 1L", "$select": "ID,Nothing"},
    ],
    ids=["no select", "no L", "another field", "or", "unknown column"],
)
def test_sync_takes_a_timestamp_and_a_selection_alone(client: Asker, query: dict[str, str]) -> None:
    refused = client.ask("GET", TERMS, params=query)

    assert (refused.status_code, set(refused.json()["error"])) == (400, {"code", "message"})


def test_another_filter_on_sync_can_be_ignored_instead(sim: Simulator, client: Asker) -> None:
    sim.add_purchase()
    sim.ways.sync_other_filter = "ignore"

    page = client.get(TERMS, "Timestamp gt 1L and LineType eq 20", "LineType")

    assert [row["LineType"] for row in page["results"]] == [22]


def test_receivables_are_found_by_entry_account_and_state(sim: Simulator, client: Asker) -> None:
    account = sim.add_account()
    first, second, third = (sim.add_invoice(account) for _ in range(3))
    sim.pay(second)
    sim.add_purchase(account)

    def asked(text: str) -> list[str]:
        page = client.get("bulk/Cashflow/Receivables", text, "TransactionEntryID")
        return [row["TransactionEntryID"] for row in page["results"]]

    either = f"TransactionEntryID eq guid'{first}' or TransactionEntryID eq guid'{second}'"
    assert asked(either) == [first, second]
    assert asked(f"({either}) and IsFullyPaid eq false") == [first]
    assert asked(f"Account eq guid'{account}' and IsFullyPaid eq false") == [first, third]
    assert client.ask("GET", "cashflow/Receivables").status_code == 400


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code eq '                25'", 1),
        ("Code eq '25'", 0),
        ("trim(Code) eq '25'", 1),
        ("substringof('kker''s',Name)", 1),
        ("startswith(Name,'Bakker') and Blocked eq false", 1),
        ("Created gt datetime'2026-11-26T12:59:59'", 1),
        ("not (Blocked eq true)", 1),
        ("Email eq null", 0),
    ],
)
def test_relations_are_found_by_filters(
    sim: Simulator, client: Asker, text: str, found: int
) -> None:
    sim.add_account("Bakker's", code=25)

    assert len(client.get("crm/Accounts", text, "ID")["results"]) == found


@pytest.mark.parametrize(
    "text",
    ["AccountName eq 'Bakker'", "Account eq 'text'", "DueDate lt Modified", "Nothing eq 1", "("],
)
def test_a_filter_that_exact_does_not_know_is_refused(client: Asker, text: str) -> None:
    query = {"$filter": text, "$select": "ID"}

    assert client.ask("GET", "cashflow/Receivables", params=query).status_code == 400


@pytest.mark.parametrize(
    ("path", "accept", "status", "kind"),
    [
        ("hrm/divisions", "application/json", 404, "application/json"),
        ("financial/ReceivablesList", "application/json", 404, "application/json"),
        ("hrm/Divisions", "*/*", 200, "application/atom+xml"),
        ("hrm/Divisions", "application/xml", 406, "text/plain"),
    ],
)
def test_other_paths_and_formats_are_not_json(
    client: Asker, path: str, accept: str, status: int, kind: str
) -> None:
    answer = client.ask("GET", path, accept=accept)

    told = answer.headers["Content-Type"].partition(";")[0]
    assert (answer.status_code, told) == (status, kind)


def test_divisions_outside_the_consent_are_forbidden(sim: Simulator, client: Asker) -> None:
    client.division = sim.add_division()
    sim.granted = {sim.division}

    assert client.ask("GET", "system/Divisions").status_code == 403
    assert client.ask("GET", f"{sim.url}/api/v1/current/Me").status_code == 200


def test_the_two_lists_of_divisions_have_statuses_of_their_own(
    sim: Simulator, client: Asker
) -> None:
    sim.archive(sim.add_division(currency="USD"))

    listed = [client.get(f"{room}/Divisions")["results"] for room in ("system", "hrm")]

    assert [[row["Status"] for row in rows] for rows in listed] == [[1, 2], [0, 1]]


def test_a_simulator_is_made_with_many_terms_by_option() -> None:
    options: dict[str, object] = {"clock": HandClock(), "terms": 7, "accounts": 2}
    with simulate(options | {"keep_pages": True}) as made, Asker(made) as asker:
        first = asker.synced()
        made.pay(first[0]["TransactionEntryID"])

        assert (len(first), asker.synced()[-1]["Status"]) == (7, 50)
        assert made.open_amount(first[1]["TransactionEntryID"]) == Decimal("10.07")
    with pytest.raises(ValueError, match="no such option of the simulator: termz"):
        simulate({"termz": 7})


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault.RATE, 429, "text/plain"),
        (Fault.ERROR_AFTER, 500, "application/json"),
        (Fault.UNAVAILABLE, 503, "text/plain"),
        (Fault.UNAUTHORIZED, 401, "text/plain"),
        (Fault.FORBIDDEN, 403, "application/json"),
        (Fault.HTML, 200, "text/html"),
        (Fault.XML, 200, "application/atom+xml"),
    ],
)
def test_a_fault_answers_with_its_status_once(
    sim: Simulator, client: Asker, fault: Fault, status: int, kind: str
) -> None:
    sim.fault(fault, match="Timestamp gt 1L")

    answers = [
        client.ask("GET", TERMS, params={"$filter": "Timestamp gt 1L", "$select": "ID"})
        for _ in range(2)
    ]

    told = answers[0].headers["Content-Type"].partition(";")[0]
    assert (answers[0].status_code, told, answers[1].status_code) == (status, kind, 200)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.SHORT_LIST, {"results": 2, "__next": False}),
        (Fault.EMPTY_LIST, {"results": 0, "__next": False}),
        (Fault.EMPTY_WITH_NEXT, {"results": 0, "__next": True}),
        (Fault.SAME_NEXT, {"results": 4, "__next": True}),
        (Fault.FOREIGN_NEXT, {"results": 4, "__next": True}),
    ],
)
def test_a_fault_spoils_a_page(
    sim: Simulator, client: Asker, fault: Fault, expected: dict[str, Any]
) -> None:
    sim.fill(terms=4, accounts=1)
    sim.fault(fault)

    page = client.get(TERMS, "Timestamp gt 1L", FIELDS)

    assert {"results": len(page["results"]), "__next": "__next" in page} == expected


def test_a_fault_spoils_fields(sim: Simulator, client: Asker) -> None:
    sim.add_invoice()
    sim.fault(Fault.MISSING_FIELDS, fields=["AmountFC"])
    sim.fault(Fault.NUMBERS, nth=2)
    sim.fault(Fault.TEXTS, nth=3)

    rows = [client.synced()[0] for _ in range(3)]

    assert "AmountFC" not in rows[0]
    assert [type(row["Timestamp"]) for row in rows] == [str, int, str]
    assert rows[2]["AmountFC"] == "-121"
