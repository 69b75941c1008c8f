"""The API of the simulated package: from a request to an answer, state changes included."""

from collections.abc import Collection, Sequence
from urllib.parse import unquote

from adapters.moneybird import (
    sim_actions,
    sim_fast,
    sim_filters,
    sim_hooks,
    sim_items,
    sim_render,
    sim_reports,
)
from adapters.moneybird.sim_call import Call, ids, number, page, refusal, reply
from adapters.moneybird.sim_faults import Answer
from adapters.moneybird.sim_world import ALL_SCOPES, Bill, Kind

_CONTACT_SCOPES = frozenset(ALL_SCOPES) - {"time_entries"}


def answer(call: Call, parts: Sequence[str]) -> Answer:
    """Return the answer to a request for what lies under an administration.

    Args:
        call: The request.
        parts: Its path behind the administration, without `.json`.

    Raises:
        RefusalError: It is refused; nothing was done.
    """
    try:
        return _routed(call, parts)
    except sim_filters.BadFilterError as error:
        if str(error).startswith("Status"):
            raise refusal(400, str(error), filter="invalid") from error
        raise refusal(400, str(error)) from error


def _routed(call: Call, parts: Sequence[str]) -> Answer:
    match parts:
        case ["contacts", *rest]:
            _need(call, _CONTACT_SCOPES, parts)
            return _contacts(call, rest)
        case ["documents", "purchase_invoices" | "receipts" as name, *rest]:
            _need(call, {"documents"}, parts)
            return _items(call, Kind(f"documents/{name}"), rest)
        case ["sales_invoices" | "external_sales_invoices" as name, *rest]:
            _need(call, {"sales_invoices"}, parts)
            return _items(call, Kind(name), rest)
        case ["workflows", *rest] if call.method == "GET":
            _need(call, _CONTACT_SCOPES, parts)
            return _workflows(call, rest)
        case ["reports", "debtors" | "debtors_aging" as name] if call.method == "GET":
            _need(call, {"sales_invoices"}, parts)
            return reply(sim_reports.report(call.book, name, call.query, call.world.today()))
        case ["webhooks", *rest]:
            _need(call, {"settings"}, parts)
            return _webhooks(call, rest)
        case _:
            raise refusal(404, "Not found")


def _need(call: Call, scopes: Collection[str], parts: Sequence[str]) -> None:
    if not call.grant.scopes & frozenset(scopes):
        raise refusal(403, "Forbidden: the token lacks a scope", scope="insufficient")
    is_read = call.method == "GET" or parts[-1] == "synchronization"
    if call.grant.read_only and not is_read:
        raise refusal(403, "Forbidden: the token is read only", scope="read_only")


def _items(  # noqa: PLR0911  # one line a request
    call: Call,
    kind: Kind,
    rest: Sequence[str],
) -> Answer:
    match call.method, list(rest):
        case "GET", []:
            return page(call, _filtered(call, kind), sim_items.item)
        case "GET", ["synchronization"]:
            rows = [sim_render.sync_row(one.id, one.version) for one in _filtered(call, kind)]
            return Answer(status=200, body=f"[{','.join(rows)}]".encode())
        case "POST", ["synchronization"]:
            bills = call.book.bills[kind]
            found = (bills.get(one) for one in dict.fromkeys(ids(call)))
            return Answer(status=200, body=sim_fast.dumps(one for one in found if one is not None))
        case "POST", ["send_reminders"] if kind is Kind.SALES:
            return sim_actions.send_reminders(call)
        case "GET", ["find_by_invoice_id", wanted] if kind is Kind.SALES:
            return _by_number(call, unquote(wanted))
        case "GET", [identifier]:
            return reply(sim_items.item(_bill(call, kind, identifier)))
        case _, [identifier, *action] if action:
            return sim_actions.act(call, _bill(call, kind, identifier), action)
        case _:
            raise refusal(404, "Not found")


def _filtered(call: Call, kind: Kind) -> list[Bill]:
    text = call.query.get("filter")
    if kind is Kind.EXTERNAL:
        wanted = sim_filters.terms(text or "").get("contact_id")
        if wanted is not None and number(wanted) not in call.book.contacts:
            raise refusal(404, "record not found", contact_id="not_found")
    return sim_filters.bills(call.book.bills[kind].values(), kind, text, call.world.today())


def _bill(call: Call, kind: Kind, identifier: str) -> Bill:
    found = call.book.bills[kind].get(number(identifier))
    if found is None:
        raise refusal(404, "record not found", id="not_found")
    return found


def _by_number(call: Call, wanted: str) -> Answer:
    for bill in call.book.bills[Kind.SALES].values():
        if bill.number == wanted:
            return reply(sim_items.item(bill))
    text = f"Sales invoice with invoice_id: {wanted} was not found"
    raise refusal(404, text, invoice_id="not_found")


def _contacts(call: Call, rest: Sequence[str]) -> Answer:
    contacts = call.book.contacts
    match call.method, list(rest):
        case "GET", [] | ["filter"]:
            return page(
                call, sim_filters.contacts(contacts.values(), call.query), sim_render.contact
            )
        case "GET", ["synchronization"]:
            shown = sim_filters.contacts(contacts.values(), call.query)
            rows = [sim_render.sync_row(one.id, one.version) for one in shown]
            return Answer(status=200, body=f"[{','.join(rows)}]".encode())
        case "POST", ["synchronization"]:
            found = (contacts.get(one) for one in dict.fromkeys(ids(call)))
            return reply([sim_render.contact(one) for one in found if one is not None])
        case "GET", ["customer_id", wanted]:
            for one in contacts.values():
                if sim_render.contact(one)["customer_id"] == unquote(wanted) and not one.archived:
                    return reply(sim_render.contact(one))
        case "GET", [identifier] if number(identifier) in contacts:
            return reply(sim_render.contact(contacts[number(identifier)]))
    raise refusal(404, "record not found", id="not_found")


def _workflows(call: Call, rest: Sequence[str]) -> Answer:
    if not rest:
        every = call.book.workflows.values()
        return reply([sim_render.workflow(one, call.book) for one in every])
    found = call.book.workflows.get(number(rest[0]))
    if found is None:
        raise refusal(404, "record not found", id="not_found")
    return reply(sim_render.workflow(found, call.book))


def _webhooks(call: Call, rest: Sequence[str]) -> Answer:
    hooks = call.book.hooks
    match call.method, list(rest):
        case "GET", []:
            return reply([sim_render.hook(one, secret=False) for one in hooks.values()])
        case "POST", []:
            body = call.json()
            url = str(body.get("url") or "")
            if not sim_hooks.answers(url):
                raise refusal(400, "Url should answer with status 200", url="invalid")
            events = tuple(str(one) for one in body.get("enabled_events") or ())
            made = sim_hooks.register(call.world, call.book, url, events)
            return reply(sim_render.hook(made, secret=True), 201)
        case "DELETE", [identifier] if number(identifier) in hooks:
            del hooks[number(identifier)]
            return Answer(status=204)
    raise refusal(404, "record not found", id="not_found")
