"""Reminders that Moneybird sends for us: once, or a person is asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from adapters.moneybird.client import Client
from adapters.moneybird.endpoints import MOST_IDS, Resource, remote_id
from adapters.moneybird.mapping import Workflow
from adapters.moneybird.marks import (
    Before,
    Sent,
    is_noted,
    is_paused_by_us,
    number_of,
    reminder_reference,
)
from connector.port.adapter import PushOrder
from connector.port.errors import (
    AdapterError,
    ContractChangedError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import ItemId
from connector.port.tools import Clock

READ_AGAIN_SECONDS: Final = 2
_FRESH: Final = timedelta(seconds=60)  # a look this old need not be repeated before sending
_UNDER_WAY: Final = timedelta(minutes=5)  # so long a request of a dead process may still arrive
_REMINDABLE: Final = frozenset(("open", "late", "reminded"))
_GROUP: Final = ("contact_id", "workflow_id", "document_style_id", "identity_id")
# Braces are placeholders to Moneybird, and it has no way to write one that is meant.
_BRACES: Final = str.maketrans("{}", "()")


class Obstacle(StrEnum):
    """Why Moneybird can't remind about an item."""

    NOT_A_SALES_INVOICE = "not_a_sales_invoice"
    GONE = "gone"
    DRAFT = "draft"
    STATE = "state"
    PAID = "paid"
    CREDIT = "credit"
    PAUSED = "paused"
    NO_EMAIL = "no_email"
    DIRECT_DEBIT = "direct_debit"
    UNKNOWN_WORKFLOW = "unknown_workflow"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    at: datetime
    text: str
    invoices: list[dict[str, Any]]


class Reminding:
    """Sends a reminder for an order, and finds out whether it was sent."""

    def __init__(
        self,
        client: Callable[[], Client],
        recent: Callable[[], Mapping[int, dict[str, Any]]],
        workflows: Callable[[], Mapping[str, Workflow]],
        *,
        clock: Clock,
    ) -> None:
        """Send nothing yet.

        Args:
            client: Gives the client of the administration.
            recent: The sales invoices of the last refresh, by id, as they came.
            workflows: Gives the workflows as they are known today, by id.
            clock: Time, and waiting before a second read.
        """
        self._workflows = workflows
        self._client = client
        self._recent = recent
        self._clock = clock
        self._looked: dict[str, _Looked] = {}
        self._spent: dict[int, dict[str, Any]] = {}
        self._first: dict[str, Before] = {}  # of keys whose reminder may still be on its way

    def look(self, order: PushOrder) -> str:
        """Return the state before sending; of a retry that of before its first attempt.

        Raises:
            RefusedError: One of the invoices may not be reminded.
        """
        ids = sales_ids(order.items)
        first = Before.read(order.before) or self._first.get(order.key)
        if first is not None and set(first.invoices) == set(ids):
            return self._look_again(order, ids, first)
        invoices = self._refreshed(ids) or self._read(ids)
        self._check(order, ids, invoices)
        now = self._clock.now()
        text = Before.of(invoices, now).write()
        kept = {key: was for key, was in self._looked.items() if now - was.at <= _FRESH}
        self._looked = {**kept, order.key: _Looked(at=now, text=text, invoices=invoices)}
        return text

    def send(self, order: PushOrder) -> str:
        """Send one reminder per contact and style, see that it went, and return its reference."""
        before = Before.read(order.before)
        ids = sales_ids(order.items)
        if before is None or set(before.invoices) != set(ids):
            # Without it nobody could tell a second attempt from the first.
            raise RefusedError("moneybird.not_looked", items=len(ids))
        looked = self._looked.pop(order.key, None)
        if looked and looked.text == order.before and self._clock.now() - looked.at <= _FRESH:
            invoices = looked.invoices
        else:
            invoices = self._read(ids)
            done = self._verdict(before, invoices)
            if done is not None:
                self._first.pop(order.key, None)
                return done
            self._check(order, ids, invoices)
        return self._send(order, before, reminders_of(invoices, order))

    def find(self, order: PushOrder) -> str | None:
        """Return the reference when the reminder was sent, None when it certainly was not.

        Raises:
            UnavailableError: It is not there, and might still be on its way.
        """
        invoices = self._read(sales_ids(order.items))
        if not order.before:
            marked = invoices and all(is_noted(row, order.key) for row in invoices)
            return reminder_reference(invoices) if marked else None
        before = Before.read(order.before)
        if before is None:
            raise OutcomeUnknownError("moneybird.before_unreadable")
        reference = self._verdict(before, invoices)
        if reference is None and self._clock.now() - before.at < _UNDER_WAY:
            raise UnavailableError("moneybird.not_known_yet", invoices=len(before.invoices))
        return reference

    def _look_again(self, order: PushOrder, ids: Sequence[int], first: Before) -> str:
        """Return the state before the first attempt: a later one might hide what came of it."""
        invoices = self._read(ids)
        if first.compare(invoices) is Sent.NONE:
            self._check(order, ids, invoices)
        return first.write()

    def _send(self, order: PushOrder, before: Before, items: list[dict[str, Any]]) -> str:
        self._spend(before.invoices)
        trouble: AdapterError | None = None
        try:
            self._client().remind(items, urgent=True)
        except (OutcomeUnknownError, ContractChangedError) as error:
            trouble = error
        except RefusedError as error:
            if len(items) == 1:
                raise
            trouble = error  # nobody says that all the items of a refused request were refused
        self._first[order.key] = before
        reference = self._settle(before, trouble)
        del self._first[order.key]
        return reference

    def _settle(self, before: Before, trouble: AdapterError | None) -> str:
        """Read back what became of a send; `trouble` is what was answered instead of yes."""
        found = Sent.NONE
        invoices: list[dict[str, Any]] = []
        for again in (False, True):
            if again:
                self._clock.sleep(READ_AGAIN_SECONDS)
            try:
                invoices = self._read(sorted(before.invoices))
                found = before.compare(invoices)
            except AdapterError as error:
                raise OutcomeUnknownError("moneybird.not_read_back", reason=error.code) from error
            if found is Sent.ALL:
                return reminder_reference(invoices)
        if found is Sent.SOME:
            raise _partly(before) from trouble
        if trouble is None:
            raise OutcomeUnknownError("moneybird.not_confirmed", invoices=len(before.invoices))
        if isinstance(trouble, RefusedError):
            raise trouble
        raise UnavailableError("moneybird.not_sent", invoices=len(before.invoices)) from trouble

    def _verdict(self, before: Before, invoices: list[dict[str, Any]]) -> str | None:
        found = before.compare(invoices)
        if found is Sent.SOME:
            raise _partly(before)
        return reminder_reference(invoices) if found is Sent.ALL else None

    def _check(
        self, order: PushOrder, ids: Sequence[int], invoices: Sequence[Mapping[str, Any]]
    ) -> None:
        there = {number_of(row, "id") for row in invoices}
        gone = next((id_ for id_ in ids if id_ not in there), None)
        if gone is not None:
            raise _refusal(str(gone), Obstacle.GONE)
        for invoice in invoices:
            found = obstacle(invoice, order.email) or self._money_obstacle(invoice)
            if found is not None:
                raise _refusal(str(invoice.get("invoice_id") or invoice.get("id")), found)

    def _money_obstacle(self, invoice: Mapping[str, Any]) -> Obstacle | None:
        """Return whether a reminder would start a new collection by direct debit."""
        workflow = self._workflows().get(str(invoice.get("workflow_id")))
        if workflow is None:
            return Obstacle.UNKNOWN_WORKFLOW
        return Obstacle.DIRECT_DEBIT if workflow.collects else None

    def _read(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        client = self._client()
        return [
            row
            for start in range(0, len(ids), MOST_IDS)
            for row in client.fetch(Resource.SALES, ids[start : start + MOST_IDS], urgent=True)
        ]

    def _refreshed(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Return the invoices as the last refresh read them; none if it is not good for all."""
        recent = self._recent()
        found = [recent[id_] for id_ in ids if id_ in recent]
        spent = any(self._spent.get(id_) is recent[id_] for id_ in ids if id_ in recent)
        return found if len(found) == len(ids) and not spent else []

    def _spend(self, ids: Iterable[int]) -> None:
        """Do not look at what was read of these invoices before they were reminded."""
        recent = self._recent()
        kept = {id_: row for id_, row in self._spent.items() if recent.get(id_) is row}
        self._spent = kept | {id_: recent[id_] for id_ in ids if id_ in recent}


def sales_ids(items: Sequence[ItemId]) -> list[int]:
    """Return the ids of sales invoices, sorted and each once.

    Raises:
        RefusedError: Something else is among them, or there is nothing.
    """
    ids = set()
    for item in items:
        known = remote_id(item)
        if known is None or known[0] is not Resource.SALES:
            raise _refusal(item, Obstacle.NOT_A_SALES_INVOICE)
        ids.add(known[1])
    if not ids:
        raise _refusal("-", Obstacle.NOT_A_SALES_INVOICE)
    return sorted(ids)


def obstacle(invoice: Mapping[str, Any], email: str | None) -> Obstacle | None:
    """Return why the invoice can't be reminded by itself, None when it can.

    Args:
        invoice: As it came.
        email: Where the reminder would go; None: as the contact says.
    """
    contact = invoice.get("contact")
    known = contact if isinstance(contact, Mapping) else {}
    address = email or known.get("send_invoices_to_email") or known.get("email")
    unpaid, total = _amount(invoice, "total_unpaid"), _amount(invoice, "total_price_incl_tax")
    tests = {
        Obstacle.DRAFT: not invoice.get("invoice_id"),
        Obstacle.CREDIT: total is not None and total < 0,
        Obstacle.PAID: unpaid is not None and unpaid <= 0,
        Obstacle.STATE: invoice.get("state") not in _REMINDABLE,
        Obstacle.PAUSED: bool(invoice.get("paused")) and not is_paused_by_us(invoice),
        Obstacle.NO_EMAIL: "@" not in str(address or ""),
        Obstacle.INCOMPLETE: unpaid is None or any(not invoice.get(field) for field in _GROUP),
    }
    return next((name for name, stands in tests.items() if stands), None)


def reminders_of(invoices: Sequence[Mapping[str, Any]], order: PushOrder) -> list[dict[str, Any]]:
    """Return the items of the request: Moneybird takes one per contact, workflow and style."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for invoice in sorted(invoices, key=lambda row: number_of(row, "id")):
        group = tuple(str(invoice[field]) for field in _GROUP)
        groups.setdefault(group, []).append(str(invoice["id"]))
    said: dict[str, Any] = {"delivery_method": "Email"}
    if order.email:
        said["email_address"] = order.email
    if order.text:
        said["reminder_text"] = order.text.translate(_BRACES)
    return [
        {**dict(zip(_GROUP, group, strict=True)), "sales_invoice_ids": ids, **said}
        for group, ids in groups.items()
    ]


def _amount(invoice: Mapping[str, Any], field: str) -> Decimal | None:
    try:
        amount = Decimal(str(invoice.get(field)))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _partly(before: Before) -> OutcomeUnknownError:
    return OutcomeUnknownError("moneybird.partly_sent", invoices=len(before.invoices))


def _refusal(number: str, found: Obstacle) -> RefusedError:
    return RefusedError("moneybird.not_remindable", number=number, obstacle=found.value)
