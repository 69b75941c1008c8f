"""The wire format of the four kinds of items."""

import hashlib
from datetime import date
from typing import Any

from adapters.moneybird import sim_render as render
from adapters.moneybird.sim_render import euros, iso, stamp
from adapters.moneybird.sim_world import Bill, Event, Kind


def item(bill: Bill) -> dict[str, Any]:
    """Return an item as an answer holds it."""
    match bill.kind:
        case Kind.SALES:
            wire = _sales(bill)
        case Kind.EXTERNAL:
            wire = _external(bill)
        case Kind.PURCHASE | Kind.RECEIPT:
            wire = _document(bill)
    return render.overridden(wire, bill.fields)


def _head(bill: Bill) -> dict[str, Any]:
    who = bill.contact
    return {
        "id": str(bill.id),
        "administration_id": str(bill.book.id),
        "contact_id": None if who is None else str(who.id),
        "contact": None if who is None else render.contact(who, embedded=True),
        "currency": bill.currency,
        "state": bill.state,
        "paid_at": iso(bill.paid_on),
        "created_at": stamp(bill.created, 0),
        "updated_at": stamp(bill.version, 480),
        "version": bill.version,
        "details": [render.detail(bill)],
        "payments": [render.payment(one, bill) for one in bill.payments],
        "prices_are_incl_tax": False,
        "total_price_excl_tax": euros(bill.total - bill.vat),
        "total_price_excl_tax_base": euros(bill.total - bill.vat),
        "total_price_incl_tax": euros(bill.total),
        "total_price_incl_tax_base": euros(bill.total),
        "notes": [render.note(one, bill) for one in bill.notes],
        "attachments": [],
    }


def _owed(bill: Bill) -> dict[str, Any]:
    return {
        "total_paid": euros(bill.paid),
        "total_unpaid": euros(bill.open),
        "total_unpaid_base": euros(bill.open),
        "marked_dubious_on": iso(bill.dubious_on),
        "marked_uncollectible_on": iso(bill.uncollectible_on),
        "tax_totals": render.tax_totals(bill),
    }


def _sales(bill: Bill) -> dict[str, Any]:
    page = page_of(bill)
    is_draft = bill.number is None
    upcoming = render.PAUSED_UNTIL if bill.paused else bill.next_reminder or bill.due
    return {
        **_head(bill),
        **_owed(bill),
        "contact_person_id": None,
        "contact_person": None,
        "invoice_id": bill.number,
        "recurring_sales_invoice_id": None,
        "subscription_id": None,
        "workflow_id": str(bill.workflow),
        "document_style_id": str(bill.style or bill.book.style),
        "identity_id": str(bill.identity or bill.book.identity),
        "draft_id": bill.id % 10_000 if is_draft else None,
        "invoice_date": iso(bill.issued),
        "due_date": iso(bill.due),
        "payment_conditions": render.conditions(),
        "payment_reference": creditor_reference(bill.id),
        "short_payment_reference": None,
        "reference": None,
        "language": "nl",
        "discount": "0.0",
        "original_sales_invoice_id": None if bill.original is None else str(bill.original),
        "paused": bill.paused,
        "sent_at": iso(bill.sent_on),
        "public_view_code": None if is_draft else str(bill.id)[-6:],
        "public_view_code_expires_at": None if is_draft else stamp(bill.created + 7_862_400, 0),
        "total_discount": "0.0",
        "reminder_count": bill.reminder_count,
        "next_reminder": iso(upcoming),
        "original_estimate_id": None,
        "url": page,
        "payment_url": f"{page}/pay",
        "custom_fields": [],
        "events": [render.event(one, bill.book) for one in _history(bill)],
        "time_entries": [],
    }


def page_of(bill: Bill) -> str:
    """Return the address at which the debtor sees the invoice."""
    code = hashlib.sha256(str(bill.id).encode()).hexdigest()
    return f"https://moneybird.com/{bill.book.id}/sales_invoices/{code}/{code[::-1]}"


def creditor_reference(number: int) -> str:
    """Return an ISO 11649 reference with its check digits."""
    body = f"{number:018d}"
    check = 98 - int(f"{body}271500") % 97
    return f"RF{check:02d}{body}"


def _history(bill: Bill) -> tuple[Event, ...]:
    """The lines of making and sending are not kept: they follow from the record."""
    made = (Event(action="sales_invoice_created", at=bill.created),)
    if bill.sent_on is None:
        return made + bill.events
    at = sent_second(bill, bill.sent_on)
    who = bill.contact
    address = None if who is None else render.email_of(who)
    sent = Event(action="sales_invoice_send_email", at=at, data={"email_address": address})
    if address is None:
        sent = Event(action="sales_invoice_send_manually", at=at)
    opened = Event(action="sales_invoice_state_changed_to_open", at=at)
    return (*made, opened, sent, *bill.events)


def sent_second(bill: Bill, sent_on: date) -> int:
    """Return the second at which the invoice was sent."""
    waited = (sent_on - bill.issued).days if bill.issued else 0
    return bill.created + max(waited, 0) * 86_400


def _external(bill: Bill) -> dict[str, Any]:
    return {
        **_head(bill),
        **_owed(bill),
        "date": iso(bill.issued),
        "due_date": iso(bill.due),
        "reference": bill.number,
        "entry_number": bill.id % 100_000,
        "origin": "api",
        "source": None,
        "source_url": None,
        "events": [render.event(one, bill.book) for one in bill.events],
    }


def _document(bill: Bill) -> dict[str, Any]:
    saved = Event(action="document_saved", at=bill.created)
    return {
        **_head(bill),
        "reference": bill.number,
        "date": iso(bill.issued),
        "due_date": iso(bill.due),
        "entry_number": None if bill.state == "new" else bill.id % 100_000,
        "exchange_rate": "1.0",
        "revenue_invoice": False,
        "origin": None,
        "tax_number": None,
        "fiscal_allocations": [],
        "events": [render.event(one, bill.book) for one in (saved, *bill.events)],
    }
