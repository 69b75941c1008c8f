"""What happens in the simulated package, by a person, its own clockwork, or the API."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from adapters.moneybird import sim_hooks
from adapters.moneybird.sim_world import Bill, Contact, Event, Kind, Note, Payment, World

_PREFIX = {
    Kind.SALES: "sales_invoice",
    Kind.EXTERNAL: "external_sales_invoice",
    Kind.PURCHASE: "document",
    Kind.RECEIPT: "document",
}


def touch(world: World, record: Bill | Contact) -> None:
    """Make the version that of the present second."""
    record.version = world.second()


def mark(
    world: World,
    bill: Bill,
    event: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write an event, such as `paused`, into the history and tell the webhooks."""
    touch(world, bill)
    action = f"{_PREFIX[bill.kind]}_{event}"
    bill.events += (Event(action=action, at=bill.version, data=data or {}),)
    sim_hooks.queue_bill(world, bill, action)


def mark_contact(world: World, contact: Contact, event: str) -> None:
    """Write an event of a contact and tell the webhooks."""
    touch(world, contact)
    action = f"contact_{event}"
    contact.events += (Event(action=action, at=contact.version),)
    sim_hooks.queue_contact(world, contact, action)


def set_state(world: World, bill: Bill, state: str) -> None:
    """Change the state, with its event when it is another."""
    if bill.state == state:
        touch(world, bill)
        return
    bill.state = state
    if state == "uncollectible":
        bill.uncollectible_on = bill.uncollectible_on or world.today()
    mark(world, bill, f"state_changed_to_{state}")


def unpaid_state(world: World, bill: Bill) -> str:
    """Return the state of an item that is not paid."""
    return "late" if bill.due is not None and bill.due < world.today() else "open"


def pay(
    world: World,
    bill: Bill,
    cents: int | None,
    on: date,
    *,
    credit_invoice: int | None = None,
) -> int:
    """Add a payment of so many cents, counted in the direction of the item's total.

    Args:
        world: Where the item lives.
        bill: What is paid.
        cents: None: all that is open.
        on: Day of the payment.
        credit_invoice: What it is set off against.

    Returns:
        The id of the payment.
    """
    sign = -1 if bill.total < 0 else 1
    amount = bill.open if cents is None else cents * sign
    payment = Payment(
        id=world.new_id(),
        cents=amount,
        on=on,
        credit_invoice=credit_invoice,
        at=world.second(),
    )
    bill.payments += (payment,)
    touch(world, bill)
    sim_hooks.queue_bill(world, bill, "payment_registered")
    if bill.open * sign <= 0:
        bill.paid_on = on
        set_state(world, bill, "paid")
    return payment.id


def reverse_payment(world: World, bill: Bill, payment: int | None) -> None:
    """Take a payment away, the last one when none is named."""
    taken = bill.payments[-1].id if payment is None else payment
    bill.payments = tuple(one for one in bill.payments if one.id != taken)
    touch(world, bill)
    sim_hooks.queue_bill(world, bill, "payment_destroyed")
    if bill.paid_on is not None and bill.open != 0:
        bill.paid_on = None
        set_state(world, bill, unpaid_state(world, bill))


def delete(world: World, bill: Bill) -> None:
    """Remove an item for good."""
    del world.bills[bill.id]
    del bill.book.bills[bill.kind][bill.id]
    sim_hooks.queue_bill(world, bill, f"{_PREFIX[bill.kind]}_destroyed", destroyed=True)


def delete_contact(world: World, contact: Contact) -> None:
    """Remove a contact; its items are not looked at."""
    del world.contacts[contact.id]
    del contact.book.contacts[contact.id]
    sim_hooks.queue_contact(world, contact, "contact_destroyed", destroyed=True)


def merge_contacts(world: World, gone: Contact, kept: Contact) -> None:
    """Move all items of one contact to another and remove it."""
    for bills in gone.book.bills.values():
        for bill in bills.values():
            if bill.contact is gone:
                bill.contact = kept
                touch(world, bill)
    mark_contact(world, kept, "merged")
    delete_contact(world, gone)


def archive(world: World, contact: Contact, *, archived: bool) -> None:
    """Archive a contact, or bring it back."""
    contact.archived = archived
    mark_contact(world, contact, "archived" if archived else "activated")


def add_note(
    world: World,
    bill: Bill,
    text: str,
    *,
    todo_type: str | None = None,
    assignee: int | None = None,
) -> Note:
    """Write a note; one with a type is a to-do that the package made."""
    note = Note(
        id=world.new_id(),
        text=text,
        at=world.second(),
        todo=todo_type is not None or assignee is not None,
        todo_type=todo_type,
        assignee=assignee,
    )
    bill.notes += (note,)
    touch(world, bill)
    sim_hooks.queue_bill(world, bill, "note_created")
    return note


def delete_note(world: World, bill: Bill, note: int) -> bool:
    """Remove a note and return whether it was there."""
    kept = tuple(one for one in bill.notes if one.id != note)
    if len(kept) == len(bill.notes):
        return False
    bill.notes = kept
    touch(world, bill)
    return True


def pause(world: World, bill: Bill, *, paused: bool) -> None:
    """Stop the automatic steps of an invoice, or let them go on."""
    bill.paused = paused
    mark(world, bill, "paused" if paused else "unpaused")


def can_be_dubious(world: World, bill: Bill) -> bool:
    """Return whether the package lets the item be marked as dubious."""
    is_future = bill.issued is not None and bill.issued > world.today()
    return bill.state in {"open", "late", "reminded"} and bill.total >= 0 and not is_future


def mark_dubious(world: World, bill: Bill, on: date) -> None:
    """Mark as dubious; the state stays."""
    bill.dubious_on = on
    mark(world, bill, "marked_as_dubious")


def credit(world: World, bill: Bill, cents: int | None, *, settle: bool) -> Bill:
    """Make a credit invoice, of the whole when no amount is given, and settle it if asked."""
    amount = bill.total if cents is None else cents
    identifier = world.new_id()
    note = replace(
        bill,
        id=identifier,
        number=f"{world.today().year}-{bill.book.next_ordinal():04d}",
        issued=world.today(),
        due=world.today(),
        total=-amount,
        vat=-(bill.vat * amount // bill.total),
        state="open",
        version=world.second(),
        created=world.second(),
        original=bill.id,
        reminder_count=0,
        next_reminder=None,
        sent_on=world.today(),
        paid_on=None,
        payments=(),
        notes=(),
        events=(),
    )
    world.bills[identifier] = note
    bill.book.bills[bill.kind][identifier] = note
    touch(world, bill)
    if settle:
        pay(world, note, amount, world.today(), credit_invoice=bill.id)
        pay(world, bill, amount, world.today(), credit_invoice=identifier)
    return note
