"""Reminders of the simulated package: by the API, by itself, and what they leave behind."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from adapters.moneybird import sim_acts, sim_render
from adapters.moneybird.sim_world import Bill, Book, Contact, Kind, SentReminder, Workflow, World

REMINDABLE = frozenset({"open", "late", "reminded"})
_REQUIRED = ("contact_id", "workflow_id", "document_style_id", "identity_id", "sales_invoice_ids")


class RefusedReminderError(Exception):
    """The package says no; nothing was sent.

    Attributes:
        status: 400 or 422.
        field: What is wrong.
    """

    def __init__(self, status: int, field: str) -> None:
        super().__init__(field)
        self.status = status
        self.field = field


def send(world: World, book: Book, items: Sequence[Mapping[str, Any]]) -> None:
    """Send what `send_reminders` asks for: all of it, or nothing.

    Raises:
        RefusedReminderError: An item is not well.
    """
    checked = [_checked(book, item) for item in items]
    for contact, bills, item in checked:
        method, email = _way(contact, item)
        text = str(item.get("reminder_text") or "")
        _perform(world, bills, method=method, email=email, text=text)
        _write_down(world, contact, bills, (method, email, text, "api"))


def _checked(
    book: Book,
    item: Mapping[str, Any],
) -> tuple[Contact, list[Bill], Mapping[str, Any]]:
    missing = [name for name in _REQUIRED if name not in item]
    if missing:
        raise RefusedReminderError(400, missing[0])
    contact = book.contacts.get(_number(item["contact_id"]))
    if contact is None:
        raise RefusedReminderError(422, "contact_id")
    sales = book.bills[Kind.SALES]
    bills = [sales.get(_number(one)) for one in item["sales_invoice_ids"]]
    found = [bill for bill in bills if bill is not None and bill.contact is contact]
    if not found or len(found) != len(bills):
        raise RefusedReminderError(422, "sales_invoice_ids")
    for bill in found:
        _check_group(bill, item)
    if item.get("delivery_method", "Manual") not in {"Email", "Manual"}:
        raise RefusedReminderError(422, "delivery_method")
    if _way(contact, item) == ("Email", None):
        raise RefusedReminderError(422, "email_address")
    if any(bill.state not in REMINDABLE or bill.number is None for bill in found):
        raise RefusedReminderError(400, "state")
    return contact, found, item


def _check_group(bill: Bill, item: Mapping[str, Any]) -> None:
    own = {
        "workflow_id": bill.workflow,
        "document_style_id": bill.style or bill.book.style,
        "identity_id": bill.identity or bill.book.identity,
    }
    for name, value in own.items():
        if _number(item[name]) != value:
            raise RefusedReminderError(422, name)


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else -1


def _way(contact: Contact, item: Mapping[str, Any]) -> tuple[str, str | None]:
    """How the reminder goes; what is neither e-mail nor manual is printed by a person."""
    wire = sim_render.contact(contact)
    method = item.get("delivery_method") or wire["delivery_method"]
    if method != "Email":
        return "Manual", None
    return "Email", item.get("email_address") or wire["send_invoices_to_email"] or None


def by_package(world: World, bill: Bill) -> None:
    """Send the package's own reminder of one invoice."""
    if bill.contact is None:
        return
    method, email = _way(bill.contact, {})
    _perform(world, [bill], method=method, email=email, text="")
    _write_down(world, bill.contact, [bill], (method, email, "", "package"))


def _perform(
    world: World,
    bills: Sequence[Bill],
    *,
    method: str,
    email: str | None,
    text: str,
) -> None:
    for bill in bills:
        workflow = bill.book.workflows[bill.workflow]
        bill.reminder_count += 1
        bill.next_reminder = world.today() + timedelta(days=_term(workflow, bill.reminder_count))
        if method == "Email":
            data = {"email_address": email, "email_message": text}
            sim_acts.mark(world, bill, "send_reminder_email", data)
        else:
            sim_acts.mark(world, bill, "send_reminder_manually")
        # A workflow that collects by direct debit starts a new collection with this step.
        sim_acts.set_state(
            world,
            bill,
            "pending_payment" if workflow.collection_method else "reminded",
        )
        if email in world.bouncing:
            sim_acts.add_note(world, bill, "", todo_type="sales_invoice_reminder_sending_failed")


def _term(workflow: Workflow, count: int) -> int:
    return workflow.steps[min(count, len(workflow.steps) - 1)]


def _write_down(
    world: World,
    contact: Contact,
    bills: Sequence[Bill],
    how: tuple[str, str | None, str, str],
) -> None:
    method, email, text, by = how
    world.reminders.append(
        SentReminder(
            contact=contact.id,
            invoices=tuple(bill.id for bill in bills),
            method=method,
            email=email,
            text=text,
            by=by,
        ),
    )


def nightly(world: World) -> None:
    """Let a night pass: what is past due is late, and workflows send by themselves."""
    today = world.today()
    for bill in list(world.bills.values()):
        if bill.state == "open" and bill.due is not None and bill.due < today:
            sim_acts.set_state(world, bill, "late")
        lapsed = bill.next_reminder is not None and bill.next_reminder < today
        if bill.state == "reminded" and lapsed:
            sim_acts.set_state(world, bill, "late")
        if bill.kind is not Kind.SALES or bill.state != "late" or bill.paused:
            continue
        workflow = bill.book.workflows[bill.workflow]
        if workflow.auto_send and bill.reminder_count < len(workflow.steps) - 1:
            by_package(world, bill)
