"""The simulator speaks as the official description says, field by field.

The description is no part of the project (see `openapi.py`). Where it is not there, the names of
these tests end in `unchecked`: then they show only that the simulator answers at all.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.moneybird.simulator import Fault, Recorded, Simulator
from tests.adapters.moneybird.asking import Asker, HandClock
from tests.adapters.moneybird.openapi import check_exchange, document_path, properties

HOW = "unchecked" if document_path() is None else "described"
described = pytest.mark.parametrize("how", [HOW])

EXCHANGES: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "list": ("GET", "sales_invoices.json?per_page=100&filter=state:all", {}, 200),
    "page": ("GET", "sales_invoices.json?per_page=2&page=2&filter=state:all", {}, 200),
    "page_too_far": ("GET", "sales_invoices.json?page=99", {}, 400),
    "bad_state": ("GET", "sales_invoices.json?filter=state:due", {}, 400),
    "one": ("GET", "sales_invoices/{sales}.json", {}, 200),
    "none": ("GET", "sales_invoices/12.json", {}, 404),
    "by_number": ("GET", "sales_invoices/find_by_invoice_id/{number}.json", {}, 200),
    "by_no_number": ("GET", "sales_invoices/find_by_invoice_id/X1.json", {}, 404),
    "sales_sync": ("GET", "sales_invoices/synchronization.json?filter=state:open|late", {}, 200),
    "sales": ("POST", "sales_invoices/synchronization.json", {"ids": ["{sales}", "{credit}"]}, 200),
    "draft": ("POST", "sales_invoices/synchronization.json", {"ids": ["{draft}"]}, 200),
    "external_list": ("GET", "external_sales_invoices.json?filter=state:open", {}, 200),
    "external_sync": ("GET", "external_sales_invoices/synchronization.json", {}, 200),
    "external": (
        "POST",
        "external_sales_invoices/synchronization.json",
        {"ids": ["{external}"]},
        200,
    ),
    "purchase_sync": ("GET", "documents/purchase_invoices/synchronization.json", {}, 200),
    "purchase": (
        "POST",
        "documents/purchase_invoices/synchronization.json",
        {"ids": ["{purchase}"]},
        200,
    ),
    "receipt_list": ("GET", "documents/receipts.json?filter=state:new", {}, 200),
    "receipt": ("POST", "documents/receipts/synchronization.json", {"ids": ["{receipt}"]}, 200),
    "contact_list": ("GET", "contacts.json?per_page=5", {}, 200),
    "contact_filter": ("GET", "contacts/filter.json?filter=contact_type:company", {}, 200),
    "contact_sync": ("GET", "contacts/synchronization.json?include_archived=true", {}, 200),
    "contact": ("POST", "contacts/synchronization.json", {"ids": ["{contact}"]}, 200),
    "one_contact": ("GET", "contacts/{contact}.json", {}, 200),
    "workflows": ("GET", "workflows.json", {}, 200),
    "debtors": ("GET", "reports/debtors.json?period=202611", {}, 200),
    "aging": ("GET", "reports/debtors_aging.json?period_until=202611", {}, 200),
    "note": ("POST", "sales_invoices/{sales}/notes.json", {"note": {"note": "x"}}, 201),
    "blank_note": ("POST", "sales_invoices/{sales}/notes.json", {"note": {"note": ""}}, 422),
    "external_note": (
        "POST",
        "external_sales_invoices/{external}/notes.json",
        {"note": {"note": "x"}},
        201,
    ),
    "pause": ("POST", "sales_invoices/{sales}/pause.json", {}, 201),
    "resume": ("POST", "sales_invoices/{sales}/resume.json", {}, 201),
    "dubious": (
        "PATCH",
        "sales_invoices/{sales}/mark_as_dubious.json",
        {"dubious_date": "2026-11-26"},
        200,
    ),
    "external_dubious": (
        "PATCH",
        "external_sales_invoices/{external}/mark_as_dubious.json",
        {},
        200,
    ),
    "credit_dubious": ("PATCH", "sales_invoices/{credit}/mark_as_dubious.json", {}, 400),
    "pdf": ("GET", "sales_invoices/{sales}/download_pdf.json", {}, 302),
    "ubl": ("GET", "sales_invoices/{sales}/download_ubl.json", {}, 200),
    "webhooks": ("GET", "webhooks.json", {}, 200),
    "webhook_deaf": ("POST", "webhooks.json", {"url": "http://127.0.0.1:1/"}, 400),
    "webhook_gone": ("DELETE", "webhooks/{webhook}.json", {}, 204),
}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(clock=HandClock()) as running:
        yield running


@pytest.fixture
def client(sim: Simulator) -> Iterator[Asker]:
    with Asker(sim) as asker:
        yield asker


@pytest.fixture
def names(sim: Simulator) -> dict[str, str]:
    """Give the scene: an item of each sort, with all that can hang on it."""
    contact = sim.add_contact(company_name=None, firstname="An", lastname="Bos", tax_number=None)
    sales = sim.add_invoice(contact=contact, total="363.00", reference="PO 7")
    credit = sim.credit(sales, 20)
    sim.pay(sales, 50)
    sim.remind(sales)
    sim.bounce(sales)
    external, purchase = sim.add_external(), sim.add_purchase()
    sim.pay(purchase, 20)
    known = {
        "contact": contact,
        "sales": sales,
        "credit": credit,
        "draft": sim.add_invoice(state="draft", issued=None),
        "external": external,
        "purchase": purchase,
        "receipt": sim.add_receipt(contact=None),
        "number": sim.look(sales)["invoice_id"],
        "webhook": sim.add_webhook("http://127.0.0.1:1/")["id"],
    }
    return {name: str(value) for name, value in known.items()}


def filled(value: Any, names: dict[str, str]) -> Any:
    match value:
        case str():
            return value.format_map(names)
        case list():
            return [filled(one, names) for one in value]
        case dict():
            return {name: filled(one, names) for name, one in value.items()}
        case _:
            return value


def exchanged(client: Asker, method: str, path: str, body: Any = None) -> Recorded:
    client.ask(method, path, json=body)
    return client.simulator.requests[-1]


@described
@pytest.mark.parametrize("name", EXCHANGES)
def test_an_exchange_is_as_described(
    client: Asker, names: dict[str, str], name: str, how: str
) -> None:
    method, path, body, status = EXCHANGES[name]
    sent = None if method in {"GET", "DELETE"} else filled(body, names)

    recorded = exchanged(client, method, path.format_map(names), sent)

    check_exchange(recorded)
    assert recorded.status == status


@described
def test_a_reminder_is_as_described(sim: Simulator, client: Asker, how: str) -> None:
    client.remind(sim.add_invoice(), delivery_method="Email", email_address="a@example.com")

    check_exchange(sim.requests[-1])
    assert sim.requests[-1].answer == b"200"


@described
@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_is_as_described(sim: Simulator, status: int, how: str) -> None:
    token = {401: "nobody", 403: sim.issue_token([]), 429: sim.token}[status]
    with Asker(sim, token) as asker:
        for _ in range(151 if status == 429 else 1):
            asker.ask("GET", "workflows.json")

    check_exchange(sim.requests[-1])
    assert sim.requests[-1].status == status


@described
def test_administrations_are_as_described(sim: Simulator, client: Asker, how: str) -> None:
    client.ask("GET", "../administrations.json")

    check_exchange(sim.requests[-1])
    assert sim.requests[-1].answered()[0]["name"] == "Jansen Advies"


@described
@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("sales_invoice_response", "sales"),
        ("external_sales_invoice_response", "external"),
        ("purchase_invoice_response", "purchase"),
        ("receipt_response", "receipt"),
        ("contact_response", "contact"),
    ],
)
def test_every_field_that_is_described_is_there(
    sim: Simulator, names: dict[str, str], schema: str, name: str, how: str
) -> None:
    shown = set(sim.look(int(names[name])))

    assert shown == (properties(schema) or shown)


@described
@pytest.mark.parametrize("nested", ["detail", "payment", "note", "event", "tax_subtotal"])
def test_every_nested_field_that_is_described_is_there(
    sim: Simulator, names: dict[str, str], nested: str, how: str
) -> None:
    shown = sim.look(int(names["sales"]))
    field = {"tax_subtotal": "tax_totals"}.get(nested, f"{nested}s")

    found = set(shown[field][0])

    assert found == (properties(f"{nested}_response") or found)


@pytest.mark.parametrize("fault", [Fault.UNKNOWN_FIELDS, Fault.NULLS])
@described
def test_an_answer_that_is_not_as_described_is_found(
    sim: Simulator, client: Asker, fault: Fault, how: str
) -> None:
    sim.add_invoice()
    sim.fault(fault, fields=("total_unpaid",))
    recorded = exchanged(client, "GET", "sales_invoices.json?filter=state:open")

    assert found(dataclasses.replace(recorded, fault=None)) == (how == "described")


@described
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "sales_invoices.json?per_pag=100", None),
        ("GET", "sales_invoices/abc.json", None),
        ("GET", "sales_invoice.json", None),
        ("POST", "sales_invoices/synchronization.json", {"id": ["1"]}),
        ("POST", "sales_invoices/1/notes.json", {"note": {"text": "x"}}),
        ("POST", "sales_invoices/send_reminders.json", {"sales_invoice_reminders": [{}]}),
        ("PUT", "sales_invoices/1/pause.json", {}),
    ],
)
def test_a_request_that_is_not_as_described_is_found(
    client: Asker, method: str, path: str, body: Any, how: str
) -> None:
    recorded = exchanged(client, method, path, body)

    assert found(recorded) == (how == "described")


def found(recorded: Recorded) -> bool:
    try:
        check_exchange(recorded)
    except AssertionError:
        return True
    return False
