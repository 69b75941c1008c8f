"""Every example in the official document is read, and what is read agrees with the example."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest

from adapters.moneybird.endpoints import Resource
from adapters.moneybird.mapping import Context, to_item, to_workflows
from adapters.moneybird.mapping_contacts import to_party
from connector.port.records import Document, End, ItemRecord
from tests.adapters.moneybird.openapi import document_path

PATH = document_path()
pytestmark = pytest.mark.skipif(PATH is None, reason="the official document is not here")
Record = dict[str, Any]


@lru_cache(maxsize=1)
def answers() -> tuple[tuple[str, Any], ...]:
    """Return each example answer with the path that gives it."""
    assert PATH is not None
    document = json.loads(PATH.read_text(encoding="utf-8"))
    found = []
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if isinstance(operation, dict):
                found += [(path, value) for value in _examples(operation)]
    return tuple(found)


def _examples(operation: Record) -> Iterator[Any]:
    for answer in operation.get("responses", {}).values():
        for content in answer.get("content", {}).values():
            for example in content.get("examples", {}).values():
                yield example.get("value")


def objects(resource: Resource, field: str) -> list[Record]:
    """Return the examples of a kind: what its own paths answer, by itself or in a list."""
    start = f"/{{administration_id}}/{resource.value}"
    found = []
    for path, value in answers():
        if path.startswith((f"{start}/", f"{start}{{")):
            rows = value if isinstance(value, list) else [value]
            found += [row for row in rows if isinstance(row, dict) and field in row and "id" in row]
    return found


def invoices() -> list[tuple[Resource, Record]]:
    """Return the invoices wherever they stand, in answers about other things too."""
    rows = [row for _, value in answers() if isinstance(value, dict | list) for row in every(value)]
    return [
        (Resource.SALES if "invoice_id" in row else Resource.EXTERNAL, row)
        for row in rows
        if "total_unpaid" in row
    ]


def documents() -> list[tuple[Resource, Record]]:
    return [
        (resource, row)
        for resource in (Resource.PURCHASE, Resource.RECEIPTS)
        for row in objects(resource, "total_price_incl_tax")
    ]


def items() -> list[tuple[Record, ItemRecord]]:
    """Return what is read of all examples of invoices and documents, with the example."""
    context = Context(workflows=workflows())
    found = [(row, to_item(kind, row, context).item) for kind, row in [*invoices(), *documents()]]
    return [(row, item) for row, item in found if item is not None]


def workflows() -> Any:
    rows = [
        row
        for path, value in answers()
        if path.startswith("/{administration_id}/workflows") and isinstance(value, list)
        for row in value
    ]
    return to_workflows(rows)


def every(value: Any) -> Iterator[Record]:
    """Yield every object anywhere in an answer."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from every(inner)


def test_examples_are_there_to_be_read() -> None:
    counts = dict.fromkeys(Resource, 0)
    for resource, _ in [*invoices(), *documents()]:
        counts[resource] += 1

    assert counts[Resource.SALES] >= 35
    assert all(counts[one] > 0 for one in Resource if one is not Resource.CONTACTS)


def test_every_invoice_and_document_is_read() -> None:
    drafts = {"draft", "scheduled", "new"}
    rows = [row for _, row in [*invoices(), *documents()]]

    assert len(items()) == sum(row["state"] not in drafts for row in rows)


def test_no_state_of_the_examples_is_unknown() -> None:
    context = Context(workflows={})
    warned = [
        (row["state"], code)
        for kind, row in [*invoices(), *documents()]
        for code in to_item(kind, row, context).warnings
    ]

    assert [one for one in warned if one[1] != "moneybird.no_contact"] == []


def test_open_amounts_are_what_is_unpaid() -> None:
    wrong = [
        row["id"]
        for row, item in items()
        if "total_unpaid" in row and item.end is not End.WRITTEN_OFF
        if item.open.amount != Decimal(row["total_unpaid"])
    ]

    assert wrong == []


def test_unpaid_is_the_total_without_what_was_paid() -> None:
    wrong = [
        row["id"]
        for _, row in invoices()
        if Decimal(row["total_unpaid"])
        != Decimal(row["total_price_incl_tax"]) - Decimal(row["total_paid"])
    ]

    assert wrong == []


def test_paid_is_the_sum_of_the_payments() -> None:
    wrong = [
        row["id"]
        for _, row in invoices()
        if Decimal(row["total_paid"]) != sum(Decimal(one["price"]) for one in row["payments"])
    ]

    assert wrong == []


def test_version_is_the_second_of_the_last_change() -> None:
    rows = [
        row
        for _, value in answers()
        if isinstance(value, dict | list)
        for row in every(value)
        if isinstance(row.get("version"), int) and isinstance(row.get("updated_at"), str)
    ]
    wrong = [
        row["id"]
        for row in rows
        if row["version"]
        != int(datetime.fromisoformat(row["updated_at"]).astimezone(UTC).timestamp())
    ]

    assert len(rows) > 300
    assert wrong == []


def test_credit_invoices_are_known_by_their_sign() -> None:
    wrong = [
        row["id"]
        for row, item in items()
        if (item.document is Document.CREDIT) != row["total_price_incl_tax"].startswith("-")
    ]

    assert wrong == []


def test_every_contact_is_read() -> None:
    rows = [*objects(Resource.CONTACTS, "company_name")]
    rows += [row["contact"] for _, row in [*invoices(), *documents()] if row["contact"]]

    parties = [to_party(row)[0] for row in rows]

    assert len(parties) > 50
    assert [party.ref for party in parties if party.name is None] == []


def test_every_workflow_of_invoices_is_read() -> None:
    assert all(not one.reminds and not one.collects for one in workflows().values())
    assert len(workflows()) > 0
