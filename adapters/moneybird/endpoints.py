"""What is asked of Moneybird, and the fields of its answers that are read.

Source: the official OpenAPI document of Moneybird (developer.moneybird.com), version of
2026-08-21. Only what is read is named; unknown fields are kept in the raw record.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypedDict

from connector.port.records import ItemId


class Resource(StrEnum):
    """The kinds of records that are synchronised; the value is the path."""

    SALES = "sales_invoices"
    EXTERNAL = "external_sales_invoices"
    PURCHASE = "documents/purchase_invoices"
    RECEIPTS = "documents/receipts"
    CONTACTS = "contacts"


OPEN_STATES: Final[Mapping[Resource, tuple[str, ...]]] = {
    Resource.SALES: ("open", "late", "reminded", "pending_payment"),
    # The filter of external invoices knows no other states; what leaves them is read by its id.
    Resource.EXTERNAL: ("open", "late"),
    Resource.PURCHASE: ("open", "late", "new", "saved", "pending_payment"),
    Resource.RECEIPTS: ("open", "late", "new", "saved", "pending_payment"),
}
OPEN_FILTERS: Final[Mapping[Resource, str]] = {
    # Always explicit: without a filter the lists hold this year alone.
    resource: f"state:{'|'.join(states)}"
    for resource, states in OPEN_STATES.items()
}
MOST_IDS: Final = 100
"""Ids in one request; Moneybird drops the rest of a longer list without a word."""

_PREFIXES: Final = {
    Resource.SALES: "R/",
    Resource.EXTERNAL: "X/",
    Resource.PURCHASE: "P/",
    Resource.RECEIPTS: "Q/",
}
_RESOURCES: Final = {prefix: resource for resource, prefix in _PREFIXES.items()}


def item_id(resource: Resource, id_: int | str) -> ItemId:
    """Return our key of a record: `R/{id}`, `X/{id}`, `P/{id}` or `Q/{id}`."""
    return ItemId(f"{_PREFIXES[resource]}{id_}")


def remote_id(item: ItemId) -> tuple[Resource, int] | None:
    """Return what the key stands for, None when it is not one of ours."""
    resource, number = _RESOURCES.get(item[:2]), item[2:]
    if resource is None or not (number.isascii() and number.isdigit() and len(number) < 20):
        return None
    return resource, int(number)


class Payment(TypedDict):
    """A payment within an invoice. Page: payments."""

    price: str
    payment_date: str
    credit_invoice_id: str | None


class Note(TypedDict):
    """A note or to-do within a record. Page: notes."""

    id: str
    note: str | None
    todo_type: str | None
    created_at: str


class Event(TypedDict):
    """A line of a record's history; it has no id. Page: webhooks, list of events."""

    action: str
    created_at: str


class ContactPerson(TypedDict):
    """A person at a contact. Page: contacts, contact people."""

    firstname: str | None
    lastname: str | None


class Contact(TypedDict):
    """A contact, by itself or within an invoice. Page: contacts."""

    id: str
    version: int
    company_name: str | None
    firstname: str | None
    lastname: str | None
    attention: str | None
    send_invoices_to_attention: str | None
    send_invoices_to_email: str | None
    email: str | None
    phone: str | None
    address1: str | None
    address2: str | None
    zipcode: str | None
    city: str | None
    country: str | None
    chamber_of_commerce: str | None
    tax_number: str | None
    sepa_iban: str | None
    bank_account: str | None
    archived: bool


class _Amounts(TypedDict):
    id: str
    version: int
    state: str
    contact_id: str
    contact: Contact
    due_date: str | None
    currency: str
    total_price_incl_tax: str
    total_price_excl_tax: str
    payments: list[Payment]
    notes: list[Note]
    events: list[Event]


class SalesInvoice(_Amounts):
    """An invoice or credit invoice. Page: sales invoices."""

    invoice_id: str | None
    invoice_date: str | None
    total_unpaid: str
    payment_reference: str | None
    reference: str | None
    language: str | None
    contact_person: ContactPerson | None
    workflow_id: str
    document_style_id: str
    identity_id: str
    original_sales_invoice_id: str | None
    subscription_id: str | None
    recurring_sales_invoice_id: str | None
    paused: bool
    sent_at: str | None
    payment_url: str | None
    reminder_count: int | None
    marked_dubious_on: str | None


class ExternalInvoice(_Amounts):
    """An invoice that was made elsewhere and booked here. Page: external sales invoices."""

    date: str
    reference: str | None
    entry_number: int
    total_unpaid: str
    marked_dubious_on: str | None


class PurchaseDocument(_Amounts):
    """A purchase invoice or receipt; it has no open amount of its own. Page: documents."""

    date: str
    reference: str | None
    entry_number: int | None
    paid_at: str | None


class WorkflowStep(TypedDict):
    """A step of a workflow. Page: workflows."""

    reminder_auto_send: bool


class WorkflowRow(TypedDict):
    """A workflow. Page: workflows."""

    id: str
    type: str
    name: str
    collection_method: str | None
    steps: list[WorkflowStep]
