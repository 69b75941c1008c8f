"""The wire format of the records. Every field that the API documents is there."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from adapters.moneybird.sim_world import (
    Bill,
    Book,
    Contact,
    Event,
    Hook,
    Kind,
    Note,
    Payment,
    Workflow,
    instant,
)

TAX_RATE = 496_081_347_565_061_258
LEDGER = 496_081_347_348_006_010
PAUSED_UNTIL = date(2099, 1, 1)
_CONDITIONS = "Wij ontvangen {document.total_price} graag voor {document.due_date}."
_REMINDER = "Geachte {recipient.name},\n\n{reminders_table}\n\n{company.company_name}"
_NONE_CONTACT = (
    "firstname",
    "lastname",
    "address2",
    "phone",
    "tax_number",
    "chamber_of_commerce",
    "bank_account",
    "max_transfer_amount",
    "attention",
    "send_invoices_to_attention",
    "send_estimates_to_attention",
    "sepa_iban",
    "sepa_iban_account_name",
    "sepa_bic",
    "sepa_mandate_id",
    "sepa_mandate_date",
    "credit_card_number",
    "credit_card_reference",
    "credit_card_type",
    "tax_number_validated_at",
    "tax_number_valid",
    "invoice_workflow_id",
    "estimate_workflow_id",
    "si_identifier",
    "si_identifier_type",
)
_TYPES = {
    Kind.SALES: "SalesInvoice",
    Kind.EXTERNAL: "ExternalSalesInvoice",
    Kind.PURCHASE: "Document",
    Kind.RECEIPT: "Document",
}
STATES = {
    Kind.SALES: (
        "draft",
        "scheduled",
        "open",
        "pending_payment",
        "late",
        "reminded",
        "paid",
        "uncollectible",
    ),
    Kind.EXTERNAL: ("new", "open", "late", "paid"),
    Kind.PURCHASE: ("new", "saved", "open", "paid", "late", "pending_payment"),
    Kind.RECEIPT: ("new", "saved", "open", "paid", "late", "pending_payment"),
}
"""States that a filter may name."""


@lru_cache(maxsize=4096)
def stamp(second: int, milliseconds: int = 0) -> str:
    """Return a timestamp as the wire writes it."""
    return f"{instant(second):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"


def euros(cents: int) -> str:
    """Return an amount with as few digits as the wire uses: "363.0"."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole}.{rest // 10}" if rest % 10 == 0 else f"{sign}{whole}.{rest:02d}"


@lru_cache(maxsize=4096)
def iso(day: date | None) -> str | None:
    """Return a date as the wire writes it."""
    return None if day is None else day.isoformat()


def entity_type(kind: Kind) -> str:
    """Return the name of the kind in webhooks and payments."""
    return _TYPES[kind]


def sync_row(identifier: int, version: int) -> str:
    """Return one row of a synchronization list."""
    return f'{{"id":"{identifier}","version":{version}}}'


def administration(book: Book) -> dict[str, Any]:
    """Return an administration."""
    return {
        "id": str(book.id),
        "name": "Jansen Advies",
        "language": "nl",
        "currency": "EUR",
        "country": "NL",
        "time_zone": "Europe/Amsterdam",
        "access": "user",
        "suspended": False,
        "period_locked_until": None,
        "period_start_date": "2026-01-01",
    } | book.fields


def email_of(record: Contact) -> str | None:
    """Return the address that invoices go to."""
    address: str | None = record.fields.get("email", f"debiteur{record.ordinal}@example.com")
    return address


def contact(record: Contact, *, embedded: bool = False) -> dict[str, Any]:
    """Return a contact; embedded in an item it has no events."""
    email = email_of(record)
    wire: dict[str, Any] = {
        "id": str(record.id),
        "administration_id": str(record.book.id),
        "company_name": f"Debiteur {record.ordinal} B.V.",
        **dict.fromkeys(_NONE_CONTACT),
        "address1": f"Dorpsstraat {record.ordinal}",
        "zipcode": "1234 AB",
        "city": "Utrecht",
        "country": "NL",
        "delivery_method": "Email",
        "customer_id": str(record.ordinal),
        "is_trusted": False,
        "email": email,
        "email_ubl": False,
        "send_invoices_to_email": email,
        "send_estimates_to_email": email,
        "direct_debit": False,
        "sepa_active": False,
        "sepa_sequence_type": "RCUR",
        "moneybird_payments_mandate": False,
        "created_at": stamp(record.created, 120),
        "updated_at": stamp(record.version, 120),
        "version": record.version,
        "sales_invoices_url": _portal(record),
        "notes": [],
        "custom_fields": [],
        "contact_people": [],
        "archived": record.archived,
    }
    wire |= record.fields
    if not embedded:
        wire["events"] = [event(one, record.book) for one in record.events]
    return wire


def _portal(record: Contact) -> str:
    code = hashlib.sha256(str(record.id).encode()).hexdigest()
    return f"https://moneybird.com/{record.book.id}/sales_invoices/{code}/all"


def event(record: Event, book: Book) -> dict[str, Any]:
    """Return a line of the history."""
    return {
        "administration_id": str(book.id),
        "user_id": str(book.user),
        "action": record.action,
        "link_entity_id": None,
        "link_entity_type": None,
        "data": dict(record.data),
        "created_at": stamp(record.at, 250),
        "updated_at": stamp(record.at, 250),
    }


def note(record: Note, bill: Bill) -> dict[str, Any]:
    """Return a note."""
    return {
        "id": str(record.id),
        "administration_id": str(bill.book.id),
        "entity_id": str(bill.id),
        "entity_type": _TYPES[bill.kind],
        "user_id": str(bill.book.user),
        "assignee_id": None if record.assignee is None else str(record.assignee),
        "todo": record.todo,
        "note": record.text,
        "completed_at": None,
        "completed_by_id": None,
        "todo_type": record.todo_type,
        "data": {},
        "created_at": stamp(record.at, 300),
        "updated_at": stamp(record.at, 300),
    }


def payment(record: Payment, bill: Bill) -> dict[str, Any]:
    """Return a payment; payments of documents come as magnitudes."""
    price = abs(record.cents) if bill.kind.is_document else record.cents
    credit = record.credit_invoice
    return {
        "id": str(record.id),
        "administration_id": str(bill.book.id),
        "invoice_type": _TYPES[bill.kind],
        "invoice_id": str(bill.id),
        "financial_account_id": None,
        "user_id": str(bill.book.user),
        "payment_transaction_id": None,
        "transaction_identifier": None,
        "price": euros(price),
        "price_base": euros(price),
        "payment_date": record.on.isoformat(),
        "credit_invoice_id": None if credit is None else str(credit),
        "financial_mutation_id": None,
        "ledger_account_id": None,
        "linked_payment_id": None,
        "manual_payment_action": None if credit is None else "invoices_settlement",
        "created_at": stamp(record.at, 40),
        "updated_at": stamp(record.at, 40),
    }


def detail(bill: Bill) -> dict[str, Any]:
    """Return the one row that every item has."""
    excl = euros(bill.total - bill.vat)
    return {
        "id": str(bill.id + 3),
        "administration_id": str(bill.book.id),
        "tax_rate_id": str(TAX_RATE),
        "ledger_account_id": str(LEDGER),
        "project_id": None,
        "product_id": None,
        "amount": "1 x",
        "amount_decimal": "1.0",
        "description": "Werkzaamheden",
        "price": excl,
        "period": None,
        "row_order": 0,
        "total_price_excl_tax_with_discount": excl,
        "total_price_excl_tax_with_discount_base": excl,
        "tax_report_reference": ["NL/5b" if bill.kind.is_document else "NL/1a"],
        "mandatory_tax_text": None,
        "created_at": stamp(bill.created, 5),
        "updated_at": stamp(bill.created, 5),
        "is_optional": False,
        "is_selected": True,
    }


def tax_totals(bill: Bill) -> list[dict[str, Any]]:
    """Return the VAT of an item by rate."""
    taxable, tax = euros(bill.total - bill.vat), euros(bill.vat)
    return [
        {
            "tax_rate_id": str(TAX_RATE),
            "taxable_amount": taxable,
            "taxable_amount_base": taxable,
            "tax_amount": tax,
            "tax_amount_base": tax,
        },
    ]


def workflow(record: Workflow, book: Book) -> dict[str, Any]:
    """Return a workflow."""
    at = {"created_at": stamp(record.created, 47), "updated_at": stamp(record.created, 47)}
    steps = [
        {
            "id": str(record.id + order + 1),
            "administration_id": str(book.id),
            "step_order": order,
            "due_interval": interval,
            "reminder_delay": 0,
            "reminder_text": _REMINDER if order else None,
            "reminder_auto_send": record.auto_send and order > 0,
            "action": None,
            **at,
        }
        for order, interval in enumerate(record.steps)
    ]
    return {
        "id": str(record.id),
        "administration_id": str(book.id),
        "type": "InvoiceWorkflow",
        "name": record.name,
        "default": record.is_default,
        "currency": "EUR",
        "language": "nl",
        "active": True,
        "prices_are_incl_tax": False,
        "payment_methods": [],
        "collection_method": record.collection_method,
        "number_of_collections": 3 if record.collection_method else 0,
        "show_qr_code": True,
        **at,
        "steps": steps,
    } | record.fields


def hook(record: Hook, *, secret: bool) -> dict[str, Any]:
    """Return a webhook; the secret is shown only when it is made."""
    wire: dict[str, Any] = {
        "id": str(record.id),
        "administration_id": str(record.book.id),
        "url": record.url,
        "enabled_events": list(record.events),
        "last_http_status": record.last_status,
        "last_http_body": None,
        "token": record.token,
        "deactivated_at": None,
    }
    return wire | {"secret": record.secret} if secret else wire


def conditions() -> str:
    """Return the text of an invoice about paying, placeholders unfilled as on the wire."""
    return _CONDITIONS


def overridden(wire: dict[str, Any], fields: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is rendered with the fields that a test set by hand."""
    return wire if fields is None else wire | dict(fields)
