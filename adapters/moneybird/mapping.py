"""From a record of Moneybird to an open item: pure, and the only place that knows the states."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from adapters.moneybird.endpoints import OPEN_STATES, Resource, item_id
from adapters.moneybird.mapping_contacts import first_email
from adapters.moneybird.marks import is_paused_by_us
from adapters.moneybird.values import (
    Record,
    count_of,
    currency_of,
    day_of,
    key_of,
    local_day,
    missing,
    money_of,
    text_of,
)
from connector.port.errors import RecordError
from connector.port.money import Money
from connector.port.records import (
    AUTO_REMINDERS,
    Bounce,
    Document,
    End,
    ItemId,
    ItemRecord,
    Ledger,
    PartyRef,
)

_REMINDER_FAILED: Final = "sales_invoice_reminder_sending_failed"
BOUNCES: Final = frozenset(
    {
        _REMINDER_FAILED,
        "sales_invoice_email_delivery_failed",
        "sales_invoice_email_previously_bounced",
        "sales_invoice_email_blocked",
        "sales_invoice_email_invalid_address",
    }
)
"""To-dos that Moneybird makes when a message about an invoice did not arrive."""

_NOT_YET: Final = frozenset(("draft", "scheduled", "new"))
_ENDED: Final = frozenset(("paid", "uncollectible"))
_KNOWN: Final = frozenset(
    (*_NOT_YET, *_ENDED, *(state for states in OPEN_STATES.values() for state in states))
)
_DUNNABLE: Final = frozenset(("open", "late", "reminded"))
_SENT: Final = {
    "sales_invoice_send_email": "email",
    "sales_invoice_send_manually": "manual",
    "sales_invoice_send_post": "post",
    "sales_invoice_send_si": "peppol",
    "sales_invoice_send_peppol": "peppol",
}
_REMINDED: Final = "sales_invoice_send_reminder_"
_TO_COLLECTION: Final = "sales_invoice_send_to_payt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """What of a workflow matters to whoever else wants to remind."""

    reminds: bool  # sends reminders by itself
    collects: bool  # collects by direct debit, at each step again


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known beside the record itself.

    Attributes:
        workflows: Those that could be read; of another one nothing is known.
        leave: Workflows that remind by themselves are left to do so: maan stays out of it.
        numbers: The numbers of the invoices that were read together, by id.
    """

    workflows: Mapping[str, Workflow]
    leave: bool = False
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What came of a record.

    Attributes:
        item: None: it is not an open item, and never was one (a draft, not processed yet).
        is_listed: Its state is one that the list of open records shows.
        warnings: Codes.
    """

    item: ItemRecord | None
    is_listed: bool
    warnings: tuple[str, ...] = ()
    bounces: tuple[Bounce, ...] = ()


def to_item(resource: Resource, record: Record, context: Context) -> Mapped:
    """Return what the record comes to.

    Raises:
        RecordError: A field is missing or can't be read (`facts["field"]`); the record is held.
    """
    try:
        return _to_item(resource, record, context)
    except KeyError as error:
        raise missing(str(error.args[0])) from error
    except (TypeError, AttributeError, ValueError) as error:
        raise RecordError("moneybird.record_unreadable", field="") from error


def to_workflows(rows: Iterable[Record]) -> dict[str, Workflow]:
    """Return the workflows of invoices by id; one that can't be read is as good as unknown."""
    found = {}
    for row in rows:
        try:
            if row["type"] != "EstimateWorkflow":
                found[str(row["id"])] = Workflow(
                    reminds=any(step["reminder_auto_send"] is not False for step in row["steps"]),
                    collects=bool(row["collection_method"]),
                )
        except (KeyError, TypeError, AttributeError):
            continue
    return found


def _to_item(resource: Resource, record: Record, context: Context) -> Mapped:
    state = record["state"]
    is_listed = state in OPEN_STATES[resource]
    if state in _NOT_YET:
        return Mapped(item=None, is_listed=is_listed)
    warnings = () if state in _KNOWN else ("moneybird.state_unknown",)
    if resource is not Resource.SALES and record["contact_id"] is None:
        return Mapped(item=None, is_listed=is_listed, warnings=("moneybird.no_contact",))
    bounces: tuple[Bounce, ...] = ()
    match resource:
        case Resource.SALES:
            item = _sales(record, state, context)
            bounces = _bounces(record, item.id)
        case Resource.EXTERNAL:
            item = _external(record, state)
        case _:
            item = _payable(resource, record, state)
    return Mapped(item=item, is_listed=is_listed, warnings=warnings, bounces=bounces)


def _sales(record: Record, state: str, context: Context) -> ItemRecord:
    number = text_of(record["invoice_id"])
    if number is None:
        raise missing("invoice_id")
    amounts = _amounts(record, state, money_of(record, "total_unpaid", currency_of(record)))
    history = _history(record)
    workflow = context.workflows.get(str(record["workflow_id"]))
    is_blocked = _is_blocked(state) or _is_not_ours(record, workflow, leave=context.leave)
    return ItemRecord(
        id=item_id(Resource.SALES, _key(record, "id")),
        ledger=Ledger.RECEIVABLE,
        number=number,
        party=PartyRef(_key(record, "contact_id")),
        issued=day_of(record, "invoice_date"),
        due=day_of(record, "due_date"),
        reference=text_of(record.get("payment_reference")),
        description=text_of(record.get("reference")),
        names_invoice=context.numbers.get(str(record.get("original_sales_invoice_id"))),
        sent_on=day_of(record, "sent_at"),
        sent_via=history.sent_via,
        contract=_first_key(record, ("subscription_id", "recurring_sales_invoice_id")),
        payment_url=_url(record.get("payment_url")),
        reminders_sent=count_of(record, "reminder_count"),
        reminded_on=history.reminded_on,
        remindable=(
            state in _DUNNABLE
            and not is_blocked
            and workflow is not None
            and not workflow.collects
            and amounts["document"] is Document.INVOICE
            and first_email(record["contact"] or {}) is not None
        ),
        direct_debit=state == "pending_payment",
        factored=history.is_handed_over,
        blocked=is_blocked,
        tags=_sales_tags(record, workflow, is_paused=bool(record["paused"])),
        raw=record,
        **amounts,
    )


def _external(record: Record, state: str) -> ItemRecord:
    return ItemRecord(
        id=item_id(Resource.EXTERNAL, _key(record, "id")),
        ledger=Ledger.RECEIVABLE,
        number=_document_number(record),
        party=PartyRef(_key(record, "contact_id")),
        issued=day_of(record, "date"),
        due=day_of(record, "due_date"),
        direct_debit=state == "pending_payment",
        blocked=_is_blocked(state),
        tags=("dubious",) if record["marked_dubious_on"] else (),
        raw=record,
        **_amounts(record, state, money_of(record, "total_unpaid", currency_of(record))),
    )


def _payable(resource: Resource, record: Record, state: str) -> ItemRecord:
    currency = currency_of(record)
    total = money_of(record, "total_price_incl_tax", currency)
    # Payments come with and without the document's sign; what counts is how much they are.
    paid = sum(abs(money_of(one, "price", currency).amount) for one in record["payments"])
    rest = abs(total.amount) - paid
    is_paid = record["paid_at"] is not None
    open_ = (
        Money.zero(currency) if is_paid else Money(rest.copy_sign(rest * total.amount), currency)
    )
    amounts = _amounts(record, state, open_)
    if is_paid and amounts["paid_on"] is None:
        amounts["paid_on"] = day_of(record, "paid_at")
    return ItemRecord(
        id=item_id(resource, _key(record, "id")),
        ledger=Ledger.PAYABLE,
        number=_document_number(record),
        party=PartyRef(_key(record, "contact_id")),
        issued=day_of(record, "date"),
        due=day_of(record, "due_date"),
        direct_debit=state == "pending_payment",
        raw=record,
        **amounts,
    )


def _amounts(record: Record, state: str, open_: Money) -> dict[str, Any]:
    """Return the amounts, and how the item ended: the state, or nothing being open, says so."""
    total = money_of(record, "total_price_incl_tax", open_.currency)
    bare = money_of(record, "total_price_excl_tax", open_.currency)
    payments = record["payments"]
    end = None
    if state == "uncollectible":
        end = End.WRITTEN_OFF
    elif state == "paid" or not open_:
        is_credited = payments and all(one.get("credit_invoice_id") for one in payments)
        end = End.CREDITED if is_credited else End.PAID
    return {
        "document": Document.CREDIT if total.amount < 0 else Document.INVOICE,
        "open": open_ if end is None else Money.zero(open_.currency),
        "total": total,
        "vat": total - bare,
        "end": end,
        "paid_on": max(
            filter(None, (day_of(one, "payment_date") for one in payments)), default=None
        )
        if payments
        else None,
    }


def _is_not_ours(record: Record, workflow: Workflow | None, *, leave: bool) -> bool:
    """Whether a person paused it, or Moneybird is left to remind of it."""
    if record["paused"]:
        return not is_paused_by_us(record)
    return leave and (workflow is None or workflow.reminds)


def _is_blocked(state: str) -> bool:
    return state == "uncollectible" or state not in _KNOWN


@dataclass(frozen=True, slots=True)
class _History:
    """What the events tell."""

    sent_via: str | None
    reminded_on: date | None
    is_handed_over: bool


def _history(record: Record) -> _History:
    sent = reminded = ""
    via, is_handed_over = None, False
    for event in record["events"]:
        action = event["action"]
        if action in _SENT:
            if event["created_at"] >= sent:
                sent, via = event["created_at"], _SENT[action]
        elif action.startswith(_REMINDED):
            reminded = max(reminded, event["created_at"])
        elif action == _TO_COLLECTION:
            is_handed_over = True
    return _History(via, local_day(reminded) if reminded else None, is_handed_over)


def _bounces(record: Record, item: ItemId) -> tuple[Bounce, ...]:
    found = []
    for note in record["notes"]:
        if (reason := note["todo_type"]) in BOUNCES:
            day = local_day(note["created_at"])
            if day is not None:
                found.append(
                    Bounce(
                        item=item,
                        on=day,
                        reference=str(note["id"]),
                        reason=reason,
                        is_reminder=reason == _REMINDER_FAILED,
                    )
                )
    return tuple(found)


def _sales_tags(record: Record, workflow: Workflow | None, *, is_paused: bool) -> tuple[str, ...]:
    tags = []
    if record["marked_dubious_on"]:
        tags.append("dubious")
    if workflow is None:
        tags.append("workflow_unknown")
    else:
        if workflow.reminds and not is_paused:
            tags.append(AUTO_REMINDERS)
        if workflow.collects:
            tags.append("collects")
    return tuple(tags)


def _key(record: Record, field: str) -> str:
    key = key_of(record, field)
    if key is None:
        raise missing(field)
    return key


def _first_key(record: Record, fields: Sequence[str]) -> str | None:
    return next((str(record[field]) for field in fields if record.get(field)), None)


def _document_number(record: Record) -> str:
    """Return the number as its maker wrote it, else the books' own."""
    return text_of(record["reference"]) or text_of(record["entry_number"]) or _key(record, "id")


def _url(value: object) -> str | None:
    is_web = isinstance(value, str) and value.startswith(("https://", "http://"))
    return text_of(value) if is_web else None
