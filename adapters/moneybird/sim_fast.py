"""Sales invoices to which nothing happened, written by a template: benchmarks ask for many.

The template is what `sim_items` renders of one such invoice, with holes where they differ.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.moneybird import sim_items, sim_render
from adapters.moneybird.sim_render import euros, iso, stamp
from adapters.moneybird.sim_world import Bill, Book, Kind

_HOLES: Mapping[str, tuple[tuple[str | int, ...], ...]] = {
    "id": (("id",),),
    "contact_id": (("contact_id",),),
    "contact": (("contact",),),
    "state": (("state",),),
    "created": (("created_at",),),
    "updated": (("updated_at",),),
    "version": (("version",),),
    "detail_id": (("details", 0, "id"),),
    "detail_at": (("details", 0, "created_at"), ("details", 0, "updated_at")),
    "excl": (
        ("details", 0, "price"),
        ("details", 0, "total_price_excl_tax_with_discount"),
        ("details", 0, "total_price_excl_tax_with_discount_base"),
        ("total_price_excl_tax",),
        ("total_price_excl_tax_base",),
        ("tax_totals", 0, "taxable_amount"),
        ("tax_totals", 0, "taxable_amount_base"),
    ),
    "vat": (("tax_totals", 0, "tax_amount"), ("tax_totals", 0, "tax_amount_base")),
    "total": (
        ("total_price_incl_tax",),
        ("total_price_incl_tax_base",),
        ("total_unpaid",),
        ("total_unpaid_base",),
    ),
    "workflow": (("workflow_id",),),
    "number": (("invoice_id",),),
    "issued": (("invoice_date",),),
    "due": (("due_date",), ("next_reminder",)),
    "sent": (("sent_at",),),
    "reference": (("payment_reference",),),
    "code": (("public_view_code",),),
    "code_ends": (("public_view_code_expires_at",),),
    "url": (("url",),),
    "payment_url": (("payment_url",),),
    "made_at": (("events", 0, "created_at"), ("events", 0, "updated_at")),
    "sent_at": tuple(
        ("events", index, name) for index in (1, 2) for name in ("created_at", "updated_at")
    ),
    "email": (("events", 2, "data", "email_address"),),
}
_BARE = ("contact", "version")


def dumps(bills: Iterable[Bill]) -> bytes:
    """Return a JSON array of items, plain or not."""
    templates: dict[Book, str] = {}
    contacts: dict[int, str] = {}
    rows = []
    for bill in bills:
        who = bill.contact
        if who is None or not is_plain(bill):
            rows.append(_json(sim_items.item(bill)))
            continue
        if bill.book not in templates:
            templates[bill.book] = template_of(bill)
        if who.id not in contacts:
            contacts[who.id] = _json(sim_render.contact(who, embedded=True))
        rows.append(templates[bill.book] % values_of(bill, contacts[who.id]))
    return f"[{','.join(rows)}]".encode()


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def is_plain(bill: Bill) -> bool:
    """Return whether a template can say all about the item."""
    happened = (
        bill.payments or bill.notes or bill.events or bill.fields or bill.reminder_count
        or bill.paused or bill.dubious_on or bill.uncollectible_on or bill.paid_on
    )  # fmt: skip
    special = bill.style or bill.identity or bill.original or bill.next_reminder
    is_sent = bill.sent_on is not None and bill.due is not None and bill.number is not None
    return (
        bill.kind is Kind.SALES
        and is_sent
        and bill.currency == "EUR"
        and not (happened or special)
        and bill.contact is not None
        and sim_render.email_of(bill.contact) is not None
    )


def template_of(bill: Bill) -> str:
    """Return the template that a plain item, and every one of its administration, is made by."""
    wire = sim_items.item(bill)
    for name, places in _HOLES.items():
        for *way, last in places:
            holder: Any = wire
            for step in way:
                holder = holder[step]
            holder[last] = f"@@{name}@@"
    text = _json(wire).replace("%", "%%")
    for name in _HOLES:
        hole = f'"@@{name}@@"'
        text = text.replace(hole, f"%({name})s" if name in _BARE else f'"%({name})s"')
    return text


def values_of(bill: Bill, contact: str) -> dict[str, object]:
    """Return what goes into the holes; the contact is JSON already."""
    assert bill.contact is not None
    assert bill.sent_on is not None
    page = sim_items.page_of(bill)
    sent_at = stamp(sim_items.sent_second(bill, bill.sent_on), 250)
    return {
        "id": bill.id,
        "contact_id": bill.contact.id,
        "contact": contact,
        "state": bill.state,
        "created": stamp(bill.created, 0),
        "updated": stamp(bill.version, 480),
        "version": bill.version,
        "detail_id": bill.id + 3,
        "detail_at": stamp(bill.created, 5),
        "excl": euros(bill.total - bill.vat),
        "vat": euros(bill.vat),
        "total": euros(bill.total),
        "workflow": bill.workflow,
        "number": bill.number,
        "issued": iso(bill.issued),
        "due": iso(bill.due),
        "sent": iso(bill.sent_on),
        "reference": sim_items.creditor_reference(bill.id),
        "code": str(bill.id)[-6:],
        "code_ends": stamp(bill.created + 7_862_400, 0),
        "url": page,
        "payment_url": f"{page}/pay",
        "made_at": stamp(bill.created, 250),
        "sent_at": sent_at,
        "email": sim_render.email_of(bill.contact),
    }
