"""Records as Moneybird would send them, and a stand-in for the client that holds them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from adapters.moneybird.adapter import MoneybirdAdapter
from adapters.moneybird.client import Client
from adapters.moneybird.endpoints import OPEN_STATES, Resource
from adapters.moneybird.settings import MoneybirdSettings
from connector.port.records import (
    Batch,
    Bounce,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    PartyRecord,
    PullEnd,
    Rejected,
)
from connector.testkit.tools import FakeTools

ADMINISTRATION = "123"
FIRST = 496081540407625376
WORKFLOW = 900000000000000001
OLD = 1_700_000_000  # a version of long ago
Record = dict[str, Any]


def contact(id_: int = 10, **fields: Any) -> Record:
    return {
        "id": str(id_), "administration_id": 123, "company_name": "Bakkerij De Wit",
        "firstname": None, "lastname": None, "attention": None, "address1": "Dorpsstraat 1",
        "address2": None, "zipcode": "1234 AB", "city": "Utrecht", "country": "NL", "phone": None,
        "chamber_of_commerce": None, "tax_number": None, "bank_account": None, "sepa_iban": None,
        "send_invoices_to_attention": None, "send_invoices_to_email": "info@dewit.example",
        "email": "info@dewit.example", "archived": False, "version": OLD,
    } | fields  # fmt: skip


def payment(price: str, on: str = "2026-11-02", **fields: Any) -> Record:
    return {"id": "71", "price": price, "payment_date": on, "credit_invoice_id": None} | fields


def event(action: str, at: str = "2026-11-01T09:00:00.000Z") -> Record:
    return {"action": action, "data": {}, "created_at": at, "updated_at": at}


def note(text: str | None, at: str = "2026-11-01T09:00:00.000Z", **fields: Any) -> Record:
    return {"id": "61", "note": text, "todo_type": None, "created_at": at} | fields


def _money(fields: Record) -> Record:
    total = fields.get("total_price_incl_tax", "121.0")
    return {
        "total_price_incl_tax": total,
        "total_price_excl_tax": "100.0",
        "currency": "EUR",
        "payments": [],
        "notes": [],
        "events": [],
        "version": OLD,
    }


def sales(id_: int = FIRST, **fields: Any) -> Record:
    known = fields.get("contact") or contact()
    return {
        "id": str(id_), "administration_id": 123, "contact_id": known["id"], "contact": known,
        "contact_person": None, "invoice_id": f"2026-{id_ % 10000:04}", "state": "open",
        "invoice_date": "2026-09-01", "due_date": "2026-10-01", "payment_reference": "RF35",
        "reference": "Project X", "language": "nl", "workflow_id": str(WORKFLOW),
        "document_style_id": "2", "identity_id": "3", "original_sales_invoice_id": None,
        "subscription_id": None, "recurring_sales_invoice_id": None, "paused": False,
        "paid_at": None, "sent_at": "2026-09-01", "total_unpaid": "121.0", "total_paid": "0.0",
        "marked_dubious_on": None, "reminder_count": 0, "next_reminder": "2026-10-01",
        "payment_url": "https://moneybird.com/123/pay", **_money(fields),
    } | fields  # fmt: skip


def external(id_: int = FIRST + 100_000, **fields: Any) -> Record:
    known = fields.get("contact") or contact()
    return {
        "id": str(id_), "contact_id": known["id"], "contact": known, "date": "2026-09-01",
        "state": "open", "due_date": "2026-10-01", "reference": "EXT-1", "entry_number": 8,
        "paid_at": None, "total_unpaid": "121.0", "marked_dubious_on": None, **_money(fields),
    } | fields  # fmt: skip


def purchase(id_: int = FIRST + 200_000, **fields: Any) -> Record:
    known = fields.get("contact") or contact(20)
    return {
        "id": str(id_), "contact_id": known["id"], "contact": known, "date": "2026-09-01",
        "state": "open", "due_date": "2026-10-01", "reference": "INK-1", "entry_number": 9,
        "paid_at": None, **_money(fields),
    } | fields  # fmt: skip


def workflow(id_: int = WORKFLOW, *, auto: bool = False, collects: bool = False) -> Record:
    return {
        "id": str(id_), "type": "InvoiceWorkflow", "name": f"Workflow {id_}",
        "collection_method": "sepa" if collects else None,
        "steps": [{"reminder_auto_send": False}, {"reminder_auto_send": auto}],
    }  # fmt: skip


@dataclass
class FakeSource:
    """Holds records and counts requests; `faults` are raised at the nth request."""

    records: dict[Resource, dict[int, Record]] = field(
        default_factory=lambda: {resource: {} for resource in Resource}
    )
    steps: list[Record] = field(default_factory=lambda: [workflow()])
    reached: list[Record] = field(
        default_factory=lambda: [{"id": 123, "name": "Jansen Advies", "suspended": False}]
    )
    hidden: set[int] = field(default_factory=set)  # in the list, and not given when asked for
    unlisted: set[int] = field(default_factory=set)
    faults: dict[int, Exception] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    closed: int = 0

    @property
    def requests(self) -> int:
        return len(self.calls)

    def add(self, resource: Resource, *rows: Record) -> None:
        for row in rows:
            self.records[resource][int(row["id"])] = row
            if row.get("contact"):
                self.records[Resource.CONTACTS].setdefault(
                    int(row["contact"]["id"]), row["contact"]
                )

    def change(self, resource: Resource, id_: int, **fields: Any) -> None:
        row = self.records[resource][id_]
        self.records[resource][id_] = row | {"version": row["version"] + 1} | fields

    def versions(
        self,
        resource: Resource,
        filter: str | None = None,  # noqa: A002  # Moneybird's own word for it
        params: Mapping[str, str] | None = None,
    ) -> Iterator[tuple[int, int]]:
        self._count(f"list {resource.value}")
        for id_, row in self.records[resource].items():
            is_open = resource is Resource.CONTACTS or row["state"] in OPEN_STATES[resource]
            if is_open and id_ not in self.unlisted:
                yield id_, row["version"]

    def fetch(
        self, resource: Resource, ids: Sequence[int], *, urgent: bool = False
    ) -> list[Record]:
        assert len(ids) <= 100
        self._count(f"fetch {resource.value}{' urgent' if urgent else ''}")
        known = self.records[resource]
        return [known[id_] for id_ in reversed(ids) if id_ in known and id_ not in self.hidden]

    def exists(self, resource: Resource, id_: int) -> bool:
        self._count(f"exists {resource.value}")
        return id_ in self.records[resource]

    def workflows(self, *, urgent: bool = False) -> list[Record]:
        self._count(f"workflows{' urgent' if urgent else ''}")
        return self.steps

    def administrations(self) -> list[Record]:
        self._count("administrations")
        return self.reached

    def pdf(self, id_: int) -> bytes:
        self._count("pdf")
        return b"%PDF"

    def close(self) -> None:
        self.closed += 1

    def _count(self, call: str) -> None:
        self.calls.append(call)
        if (fault := self.faults.pop(len(self.calls), None)) is not None:
            raise fault


@dataclass
class Told:
    """Everything that one pull said, and what stopped it."""

    batches: list[Batch] = field(default_factory=list)
    ends: dict[Kind, KindEnd] = field(default_factory=dict)
    end: PullEnd | None = None
    error: Exception | None = None

    @property
    def items(self) -> dict[ItemId, ItemRecord]:
        return {item.id: item for batch in self.batches for item in batch.items}

    @property
    def parties(self) -> dict[str, PartyRecord]:
        return {party.ref: party for batch in self.batches for party in batch.parties}

    @property
    def removed(self) -> list[ItemId]:
        return [key for batch in self.batches for key in batch.removed]

    @property
    def held(self) -> list[ItemId]:
        return [key for batch in self.batches for key in batch.held]

    @property
    def rejected(self) -> list[Rejected]:
        return [fault for batch in self.batches for fault in batch.rejected]

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(fault.where, fault.reason) for fault in self.rejected]

    @property
    def doubts(self) -> list[str]:
        return [doubt.reason for batch in self.batches for doubt in batch.warnings]

    @property
    def bounces(self) -> list[Bounce]:
        return [bounce for batch in self.batches for bounce in batch.bounces]

    @property
    def checkpoints(self) -> list[str]:
        return [batch.checkpoint for batch in self.batches if batch.checkpoint is not None]

    @property
    def cursor(self) -> str:
        assert self.end is not None
        assert self.end.cursor is not None
        return self.end.cursor


def tools(at: datetime = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)) -> FakeTools:
    made = FakeTools(root=Path(), rehearsal=False)
    made.clock.advance((at - made.clock.now()).total_seconds())
    return made


def adapter_of(
    source: FakeSource, *, lent: FakeTools | None = None, **settings: Any
) -> MoneybirdAdapter:
    checked = MoneybirdSettings.model_validate({"administration": ADMINISTRATION, **settings})
    made = MoneybirdAdapter(settings=checked, tools=lent or tools())
    made._opened = cast("Client", source)
    return made


def run(adapter: MoneybirdAdapter, cursor: str | None = None, **wishes: bool) -> Told:
    told = Told()
    try:
        for one in adapter.pull(cursor, **wishes):
            match one:
                case Batch():
                    told.batches.append(one)
                case KindEnd():
                    told.ends[one.kind] = one
                case PullEnd():
                    told.end = one
    except Exception as error:  # noqa: BLE001  # a test looks at it
        told.error = error
    return told


def pull(source: FakeSource, cursor: str | None = None, **wishes: bool) -> Told:
    """Pull whole, with a new adapter, as a later process would."""
    source.calls.clear()
    told = run(adapter_of(source), cursor, **wishes)
    assert told.error is None
    return told
