"""A desk with invented books, on which Moneybird's pusher is tried."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adapters.moneybird.client import Client
from adapters.moneybird.endpoints import Resource
from adapters.moneybird.mapping import to_workflows
from adapters.moneybird.push import Pusher
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import (
    AdapterError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import ItemId
from connector.testkit.tools import FakeClock

TODAY = date(2026, 11, 26)
Effect = Callable[[], None]


def contact(**fields: Any) -> dict[str, Any]:
    return {"id": "70", "send_invoices_to_email": "info@example.com", **fields}


def invoice(id_: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(id_),
        "invoice_id": f"2026-{id_}",
        "contact_id": "70",
        "contact": contact(),
        "workflow_id": "8",
        "document_style_id": "9",
        "identity_id": "10",
        "state": "late",
        "paused": False,
        "total_unpaid": "121.0",
        "total_price_incl_tax": "121.0",
        "reminder_count": 0,
        "marked_dubious_on": None,
        "events": [],
        "notes": [],
    } | fields


def workflow(id_: int = 8, *, collects: str | None = None) -> dict[str, Any]:
    return {"id": str(id_), "type": "InvoiceWorkflow", "collection_method": collects, "steps": []}


class FakeClient(Client):
    """Books in memory; a method fails as told, before or after its effect."""

    def __init__(self, *records: dict[str, Any], clock: FakeClock) -> None:
        self.clock = clock
        self.books: dict[tuple[Resource, int], dict[str, Any]] = {}
        for record in records:
            self.add(record)
        self.flows = [workflow()]
        self.sent: list[list[dict[str, Any]]] = []
        self.calls: list[str] = []
        self.urgent: list[str] = []  # those of the calls that used the reserve
        self.faults: dict[str, list[tuple[AdapterError | None, bool]]] = {}
        self.later: list[Effect] = []  # happens at the second read from now
        self.is_deaf = False  # says yes and does nothing

    def add(self, record: dict[str, Any], resource: Resource = Resource.SALES) -> None:
        self.books[resource, int(record["id"])] = record

    def row(self, id_: int, resource: Resource = Resource.SALES) -> dict[str, Any]:
        return self.books[resource, id_]

    def fail(self, call: str, error: AdapterError | None, *, done: bool = False) -> None:
        """Fail the next such call; calls that are not told of go well, None goes well too."""
        self.faults.setdefault(call, []).append((error, done))

    def tell(self, id_: int, action: str, resource: Resource = Resource.SALES) -> None:
        event = {"action": f"sales_invoice_{action}", "created_at": self._stamp()}
        self.row(id_, resource)["events"].append(event)

    def reminded(self, id_: int) -> None:
        self.row(id_)["reminder_count"] += 1
        self.row(id_)["state"] = "reminded"
        self.tell(id_, "send_reminder_email")

    def fetch(
        self, resource: Resource, ids: Sequence[int], *, urgent: bool = False
    ) -> list[dict[str, Any]]:
        assert len(ids) <= 100
        self._run("fetch", lambda: None, urgent=urgent)
        if self.later and self.calls.count("fetch") > 1:
            self.later.pop(0)()
        found = [self.books[resource, id_] for id_ in ids if (resource, id_) in self.books]
        return json.loads(json.dumps(found))  # type: ignore[no-any-return]  # a copy

    def workflows(self, *, urgent: bool = False) -> list[dict[str, Any]]:
        self._run("workflows", lambda: None, urgent=urgent)
        return self.flows

    def remind(self, items: Sequence[Mapping[str, Any]], *, urgent: bool = False) -> None:
        def effect() -> None:
            ids = [id_ for item in items for id_ in item["sales_invoice_ids"]]
            for id_ in () if self.is_deaf else ids:
                self.reminded(int(id_))

        self.sent.append([dict(item) for item in items])
        self._run("remind", effect, urgent=urgent)

    def note(self, resource: Resource, id_: int, text: str, *, urgent: bool = False) -> int:
        def effect() -> None:
            notes = self.row(id_, resource)["notes"]
            notes.append({"id": "5", "note": text, "created_at": self._stamp()})

        self._run("note", effect, urgent=urgent)
        return 5

    def pause(self, id_: int, *, urgent: bool = False) -> dict[str, Any]:
        def effect() -> None:
            self.row(id_)["paused"] = not self.is_deaf

        self._run("pause", effect, urgent=urgent)
        return dict(self.row(id_))

    def resume(self, id_: int, *, urgent: bool = False) -> dict[str, Any]:
        def effect() -> None:
            self.row(id_)["paused"] = False
            self.tell(id_, "unpaused")

        self._run("resume", effect, urgent=urgent)
        return dict(self.row(id_))

    def mark_dubious(
        self, resource: Resource, id_: int, on: date, *, urgent: bool = False
    ) -> dict[str, Any]:
        row = self.row(id_, resource)
        self._run("dubious", lambda: row.update(marked_dubious_on=on.isoformat()), urgent=urgent)
        return dict(row)

    def _run(self, call: str, effect: Effect, *, urgent: bool) -> None:
        self.calls.append(call)
        if urgent:
            self.urgent.append(call)
        waiting = self.faults.get(call)
        error, done = waiting.pop(0) if waiting else (None, False)
        if error is None or done:
            effect()
        if error is not None:
            raise error

    def _stamp(self) -> str:
        return self.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Choices:
    workflow: str = "pause"
    handover: str = "note"
    notes: bool = True


@dataclass
class Desk:
    """A pusher on invented books."""

    client: FakeClient
    clock: FakeClock
    choices: Choices = field(default_factory=Choices)
    recent: dict[int, dict[str, Any]] = field(default_factory=dict)
    pusher: Pusher = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin as a new process: nothing is remembered."""
        self.recent = {}
        self.pusher = Pusher(
            lambda: self.client,
            self.choices,
            lambda: self.recent,
            lambda: to_workflows(self.client.flows),
            clock=self.clock,
        )

    def looked(self, order: PushOrder) -> PushOrder:
        found = self.pusher.look(order)
        self.client.calls.clear()
        return changed(order, before=found)


def desk(*records: dict[str, Any], **choices: Any) -> Desk:
    clock = FakeClock()
    return Desk(FakeClient(*records, clock=clock), clock, Choices(**choices))


def order(verb: PushVerb, *items: str, **fields: Any) -> PushOrder:
    given: dict[str, Any] = {"key": "k1", "text": "Tekst", "on": TODAY} | fields
    return PushOrder(verb=verb, items=tuple(ItemId(item) for item in items), **given)


def changed(was: PushOrder, **fields: Any) -> PushOrder:
    names = ("key", "items", "on", "text", "before", "email")
    return PushOrder(verb=was.verb, **({name: getattr(was, name) for name in names} | fields))


def remind(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.REMIND, *(items or ("R/1",)), **fields)


UNKNOWN = OutcomeUnknownError("wire_outcome_unknown", endpoint="x", kind="timeout")
REFUSED = RefusedError("wire_refused", status=400, reference="x")
AWAY = UnavailableError("wire_unavailable", endpoint="x")
