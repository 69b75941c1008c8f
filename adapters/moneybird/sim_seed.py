"""Filling the simulated package: one record at a time, or by the hundred thousand."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from adapters.moneybird import sim_acts, sim_items, sim_render
from adapters.moneybird.sim_world import (
    Bill,
    Book,
    Contact,
    Kind,
    Workflow,
    World,
    cents,
    check_names,
    day,
)

_DATES = ("issued", "due", "next_reminder", "dubious_on", "uncollectible_on", "sent_on", "paid_on")
_PLAIN = ("number", "state", "currency", "workflow", "paused", "reminder_count", "original")
_RENAMED = {"document_style": "style", "identity": "identity"}
_MONEY = ("total", "vat")
_CORE = {*_DATES, *_PLAIN, *_RENAMED, *_MONEY, "contact", "version", "created"}


def add_administration(world: World, given: Mapping[str, Any]) -> Book:
    """Make an administration with a default workflow that is silent."""
    identifier = int(given.get("id") or world.new_id())
    book = Book(id=identifier, style=world.new_id(), identity=world.new_id(), user=world.new_id())
    check_names(given, sim_render.administration(book), "an administration")
    book.fields = {name: value for name, value in given.items() if name != "id"}
    world.books[identifier] = book
    add_workflow(world, book, Workflow(
        id=0, created=world.second(), name="Standaard", auto_send=False,
        collection_method=None, steps=(14, 10, 5, 5), is_default=True,
    ))  # fmt: skip
    return book


def add_workflow(world: World, book: Book, record: Workflow) -> int:
    """Keep a workflow under an id of its own."""
    record.id = world.new_id()
    book.workflows[record.id] = record
    return record.id


def add_contact(world: World, book: Book, given: Mapping[str, Any]) -> Contact:
    """Make a contact; all but id, version, created and archived are wire fields."""
    own = {"id", "version", "created", "archived"}
    record = Contact(
        id=int(given.get("id") or world.new_id()),
        book=book,
        ordinal=book.next_ordinal(),
        version=int(given.get("version") or world.second()),
        created=int(given.get("created") or given.get("version") or world.second()),
        archived=bool(given.get("archived", False)),
    )
    set_contact(record, {name: value for name, value in given.items() if name not in own})
    book.contacts[record.id] = record
    world.contacts[record.id] = record
    return record


def set_contact(record: Contact, given: Mapping[str, Any]) -> None:
    """Set wire fields; `email` and `send_invoices_to_email` are one address."""
    check_names(given, sim_render.contact(record), "a contact")
    chosen = dict(given)
    if "send_invoices_to_email" in chosen:
        chosen.setdefault("email", chosen["send_invoices_to_email"])
    if "email" in chosen:
        chosen.setdefault("send_invoices_to_email", chosen["email"])
    record.fields |= chosen


def add_bill(world: World, book: Book, kind: Kind, given: Mapping[str, Any]) -> Bill:
    """Make an item of a kind with dull defaults."""
    now = world.second()
    bill = Bill(
        id=int(given.get("id") or world.new_id()),
        book=book,
        kind=kind,
        contact=None,
        number=_number(book, kind, world.today()),
        issued=world.today() - timedelta(days=30),
        due=world.today() - timedelta(days=16),
        total=12_100,
        vat=2_100,
        state="open",
        version=now,
        created=now,
        workflow=next(iter(book.workflows)),
    )
    set_bill(bill, {name: given[name] for name in given if name != "id"})
    if "contact" not in given:
        bill.contact = add_contact(world, book, {})
    _round_off(world, bill, given)
    book.bills[kind][bill.id] = bill
    world.bills[bill.id] = bill
    return bill


def _number(book: Book, kind: Kind, today: date) -> str:
    prefix = {Kind.SALES: str(today.year), Kind.EXTERNAL: "EXT"}.get(kind, "INK")
    return f"{prefix}-{book.next_ordinal():04d}"


def _round_off(world: World, bill: Bill, given: Mapping[str, Any]) -> None:
    """Fill in what follows from the rest."""
    if "vat" not in given:
        bill.vat = round_tax(bill.total)
    if "due" not in given and bill.issued is not None:
        bill.due = bill.issued + timedelta(days=14)
    if bill.kind is Kind.SALES and bill.state in {"draft", "scheduled"}:
        bill.number = None
    elif bill.kind is Kind.SALES and "sent_on" not in given:
        bill.sent_on = bill.issued
    if bill.kind.is_document and bill.contact is None and "state" not in given:
        bill.state = "new"
    if bill.state == "paid" and bill.open:
        version = bill.version
        sim_acts.pay(world, bill, None, bill.paid_on or bill.due or world.today())
        bill.version = version
    if bill.state == "uncollectible" and bill.uncollectible_on is None:
        bill.uncollectible_on = world.today()


def round_tax(total: int) -> int:
    """Return the VAT in an amount that includes 21 percent, in cents, half away from zero."""
    sign = -1 if total < 0 else 1
    return sign * ((abs(total) * 42 + 121) // 242)


def set_bill(bill: Bill, given: Mapping[str, Any]) -> None:
    """Set own fields by their own names, and wire fields as they are to be rendered.

    Raises:
        ValueError: A name is neither.
    """
    wire = {name: value for name, value in given.items() if name not in _CORE}
    check_names(wire, sim_items.item(bill), "an item")
    if wire:
        bill.fields = (bill.fields or {}) | wire
    for name in given.keys() & _CORE:
        setattr(bill, *_own(bill, name, given[name]))


def _own(bill: Bill, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401  # whatever a test gives
    if name in _DATES:
        return name, day(value)
    if name in _MONEY:
        return name, cents(value)
    if name == "contact":
        return name, None if value is None else bill.book.contacts[int(value)]
    if name in {"version", "created"}:
        return name, getattr(bill, name) if value is None else int(value)
    return _RENAMED.get(name, name), value


def fill(world: World, book: Book, kind: Kind, count: int, *, per_debtor: int) -> None:
    """Make many unpaid items quickly: every third is late, amounts and dates differ."""
    now, today = world.second(), world.today()
    workflow, contact = next(iter(book.workflows)), None
    days = [today - timedelta(days=back) for back in range(120)]
    bills = book.bills[kind]
    for index in range(count):
        if contact is None or index % per_debtor == 0:
            contact = add_plain_contact(world, book, now - index % 5_000_000)
        issued = days[index % 90 + 14]
        total = 1_000 + index * 7_919 % 500_000
        bill = Bill(
            id=world.new_id(),
            book=book,
            kind=kind,
            contact=contact,
            number=_number(book, kind, today),
            issued=issued,
            due=days[index % 90],
            total=total,
            vat=round_tax(total),
            state="late" if index % 3 == 0 else "open",
            version=now - index % 5_000_000,
            created=now - 5_000_000,
            workflow=workflow,
            sent_on=issued if kind is Kind.SALES else None,
        )
        bills[bill.id] = bill
    world.bills.update(bills)


def add_plain_contact(world: World, book: Book, version: int) -> Contact:
    """Make a contact that has nothing of its own."""
    contact = Contact(
        id=world.new_id(),
        book=book,
        ordinal=book.next_ordinal(),
        version=version,
        created=version,
    )
    book.contacts[contact.id] = contact
    world.contacts[contact.id] = contact
    return contact
