"""What the API does to one item of the simulated package."""

from collections.abc import Sequence

from adapters.moneybird import sim_acts, sim_items, sim_remind, sim_render
from adapters.moneybird.sim_call import Call, invalid, number, refusal, reply
from adapters.moneybird.sim_faults import Answer
from adapters.moneybird.sim_world import Bill, Kind, day

_UBL = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">'
    "<ID>{number}</ID><IssueDate>{issued}</IssueDate></Invoice>"
)


def act(call: Call, bill: Bill, action: Sequence[str]) -> Answer:
    """Return the answer to a request for what lies under one item."""
    match call.method, list(action):
        case "POST", ["notes"]:
            return _add_note(call, bill)
        case "DELETE", ["notes", note]:
            if not sim_acts.delete_note(call.world, bill, number(note)):
                raise refusal(404, "record not found", id="not_found")
            return Answer(status=204)
        case "PATCH", ["mark_as_dubious"] if not bill.kind.is_document:
            return _mark_dubious(call, bill)
        case "POST", ["pause" | "resume" as name] if bill.kind is Kind.SALES:
            sim_acts.pause(call.world, bill, paused=name == "pause")
            return reply(sim_items.item(bill), 201)
        case "GET", ["download_pdf"] if bill.kind is Kind.SALES:
            address = call.files(bill)
            shown = Answer(status=302, body=b"Redirecting", content_type="text/plain")
            return shown.header("Location", address)
        case "GET", ["download_ubl"] if bill.kind is Kind.SALES:
            text = _UBL.format(number=bill.number, issued=bill.issued)
            return Answer(status=200, body=text.encode(), content_type="text/xml")
    raise refusal(404, "Not found")


def _add_note(call: Call, bill: Bill) -> Answer:
    body = call.json()
    given = body.get("note") if isinstance(body, dict) else None
    if not isinstance(given, dict):
        raise refusal(400, "Note is required", note="required")
    text = given.get("note")
    if not text:
        raise invalid("note", "blank")
    assignee = number(given["assignee_id"]) if given.get("assignee_id") else None
    made = sim_acts.add_note(call.world, bill, str(text), assignee=assignee)
    return reply(sim_render.note(made, bill), 201)


def _mark_dubious(call: Call, bill: Bill) -> Answer:
    try:
        on = day(call.json().get("dubious_date")) or call.world.today()
    except ValueError:
        raise refusal(400, "Dubious date is invalid", dubious_date="invalid") from None
    if not sim_acts.can_be_dubious(call.world, bill):
        text = "Invoice should be open or late, no credit invoice, and not of the future"
        raise refusal(400, text, invoice="not_open")
    if on > call.world.today() or (bill.issued is not None and on < bill.issued):
        raise refusal(400, "Dubious date is invalid", dubious_date="invalid")
    sim_acts.mark_dubious(call.world, bill, on)
    return reply(sim_items.item(bill))


def send_reminders(call: Call) -> Answer:
    """Send reminders, all or none; the answer is a bare number."""
    body = call.json()
    items = body.get("sales_invoice_reminders") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise refusal(
            400, "Sales invoice reminders is required", sales_invoice_reminders="required"
        )
    try:
        sim_remind.send(call.world, call.book, items)
    except sim_remind.RefusedReminderError as error:
        if error.status == 422:
            raise invalid(error.field) from error
        text = f"{error.field} does not allow this"
        raise refusal(400, text, **{error.field: "invalid"}) from error
    return reply(200)
