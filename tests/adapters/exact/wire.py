"""Rows as Exact answers them, and a division that is served from memory."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from adapters.exact.cursor import Cursor, Stage
from adapters.exact.endpoints import (
    ACCOUNTS,
    CONDITIONS,
    CONTACTS,
    DELETED,
    DIVISIONS,
    OVERVIEW,
    RECEIVABLES,
    TERMS,
)
from adapters.exact.pull import Pull
from connector.port.errors import AdapterError
from connector.port.records import (
    Batch,
    ItemId,
    ItemRecord,
    KindEnd,
    PartyRecord,
    PullEnd,
    PullEvent,
    Rejected,
)
from connector.testkit.tools import FakeTools

DIVISION: Final = 1320001
ACCOUNT: Final = "00000acc-0000-0000-0000-000000000001"
_EPOCH: Final = date(1970, 1, 1)


def guid(kind: str, number: int) -> str:
    return f"{kind:0>8}-0000-0000-0000-{number:012d}"


def entry(number: int) -> str:
    return guid("e", number)


def wire_date(text: str) -> str:
    return f"/Date({(date.fromisoformat(text) - _EPOCH).days * 86_400_000})/"


def term(number: int = 1, amount: str = "121.00", **changes: Any) -> dict[str, Any]:
    """A term of entry `number`; the sign is that of an invoice to be received."""
    value = Decimal(amount)
    row: dict[str, Any] = {
        "ID": guid("7", number),
        "LineType": 20,
        "Status": 20,
        "TransactionEntryID": entry(number),
        "TransactionID": guid("7a", number),
        "TransactionType": 20,
        "TransactionIsReversal": False,
        "EntryNumber": 2600 + number,
        "InvoiceNumber": 700 + number,
        "YourRef": f"F{number}",
        "Journal": "70",
        "PaymentReference": f"10/{number}",
        "Description": "Advies",
        "Account": ACCOUNT,
        "AccountCode": "                10",
        "AccountContact": None,
        "AmountFC": -value,
        "AmountDC": -value,
        "TransactionAmountFC": value,
        "TransactionAmountDC": value,
        "Currency": "EUR",
        "InvoiceDate": wire_date("2026-10-01"),
        "DueDate": wire_date("2026-10-31"),
        "LastPaymentDate": None,
        "EndDate": None,
        "PaymentMethod": "B",
        "Division": DIVISION,
        "Timestamp": str(1000 + number),
        "ApprovalStatus": None,
    }
    return {**row, **changes}


def account(number: int = 1, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "Timestamp": str(500 + number),
        "ID": guid("acc", number),
        "Code": f"{9 + number:>18}",
        "Name": "Bakkerij De Wit",
        "Email": "info@dewit.example",
        "Phone": "030-1234567",
        "Language": "NL",
        "Country": "NL ",
        "AddressLine1": "Dorpsstraat 1",
        "AddressLine2": None,
        "AddressLine3": None,
        "Postcode": "1234 AB",
        "City": "Utrecht",
        "ChamberOfCommerce": "12345678",
        "VATNumber": "NL000099998B57",
        "PaymentConditionSales": "30",
        "MainContact": None,
        "Blocked": False,
        "IsAnonymised": 0,
        "Division": DIVISION,
    }
    return {**row, **changes}


def contact(number: int = 1, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "Timestamp": str(200 + number),
        "ID": guid("c0", number),
        "Account": ACCOUNT,
        "FullName": "P. de Wit",
        "Email": "piet@dewit.example",
        "BusinessEmail": None,
        "Language": None,
        "IsMainContact": False,
        "IsAnonymised": 0,
        "Division": DIVISION,
    }
    return {**row, **changes}


def deleted(key: str, stamp: int, kind: int = 10) -> dict[str, Any]:
    return {"EntityKey": key, "EntityType": kind, "Timestamp": str(stamp), "Division": DIVISION}


def overview(receivable: str, payable: str = "0", currency: str = "EUR") -> dict[str, Any]:
    return {
        "CurrencyCode": currency,
        "OutstandingReceivableInvoiceAmount": Decimal(receivable),
        "OutstandingPayableInvoiceAmount": Decimal(payable),
    }


@dataclass(frozen=True, slots=True)
class FakePage:
    rows: Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class FakeSource:
    """A division: each list is what a request to it answers now.

    Attributes:
        per_page: Rows in a page of the sync lists.
        asked: Path and filter of every list that was asked for.
        fails: Raised instead of the page of this number, over all lists.
    """

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    per_page: int = 1000
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    refused: dict[str, AdapterError] = field(default_factory=dict)
    fails: tuple[int, AdapterError] | None = None
    requests: int = 0

    def __post_init__(self) -> None:
        self.lists.setdefault(
            DIVISIONS, [{"Code": DIVISION, "Currency": "EUR", "BlockingStatus": 0}]
        )

    def rows(
        self,
        path: str,
        *,
        select: Sequence[str],
        filter: str | None = None,  # noqa: A002
        top: int | None = None,
        urgent: bool = False,
    ) -> Iterator[FakePage]:
        self.asked.append((path, filter))
        found = self.lists.get(path, [])
        after = re.fullmatch(r"Timestamp gt (\d+)L", filter or "")
        if after:
            found = [row for row in found if _stamp(row) > int(after[1])]
            found = sorted(found, key=_stamp)
        if path == RECEIVABLES:
            named = re.findall(r"guid'([^']+)'", filter or "")
            found = [row for row in found if row["TransactionEntryID"] in named]
        for start in range(0, max(len(found), 1), self.per_page):
            self.requests += 1
            if path in self.refused:
                raise self.refused[path]
            if self.fails is not None and self.requests == self.fails[0]:
                raise self.fails[1]
            yield FakePage(found[start : start + self.per_page])

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def _stamp(row: Mapping[str, Any]) -> int:
    try:
        return int(row["Timestamp"])
    except (KeyError, TypeError, ValueError):
        return 10**6


@dataclass(slots=True)
class Books:
    """What the house knows after some pulls, by its own rules of checkpoints."""

    source: FakeSource = field(default_factory=FakeSource)
    tools: FakeTools = field(default_factory=FakeTools)
    number: str = "invoice_number"
    cursor: str | None = None
    items: dict[str, ItemRecord] = field(default_factory=dict)
    parties: dict[str, PartyRecord] = field(default_factory=dict)
    events: list[PullEvent] = field(default_factory=list)

    def set(self, path: str, *rows: dict[str, Any]) -> None:
        self.source.lists[path] = list(rows)

    def pull(self, *, full: bool = False, urgent: bool = False) -> "Books":
        known = None if self.cursor is None else Cursor.read(self.cursor, DIVISION)
        is_resumed = known is not None
        if known is None:
            known = Cursor(division=DIVISION)
            stage = Stage.FRESH if self.cursor is None else Stage.FULL
            known.restart(stage, int(self.tools.clock.now().timestamp()))
        known.is_full_wanted |= full and is_resumed
        one = Pull(
            source=self.source, tools=self.tools, cursor=known, number=self.number,
            is_resumed=is_resumed, urgent=urgent,
        )  # fmt: skip
        self.events, waiting = [], []
        for event in one.events():
            self.events.append(event)
            waiting.append(event)
            cursor = event.checkpoint if isinstance(event, Batch) else None
            cursor = event.cursor if isinstance(event, PullEnd) else cursor
            if cursor is not None:
                self._commit(waiting)
                self.cursor, waiting = cursor, []
        return self

    def _commit(self, events: Sequence[PullEvent]) -> None:
        for event in events:
            if isinstance(event, Batch):
                self.tools.keep(event.memos)
                self.items.update((item.id, item) for item in event.items)
                self.parties.update((party.ref, party) for party in event.parties)

    def batches(self) -> list[Batch]:
        return [event for event in self.events if isinstance(event, Batch)]

    def told(self) -> list[tuple[str, str]]:
        """Items of the last pull: key without the entry's zeros, and what is open."""
        return [(short(i.id), str(i.open)) for b in self.batches() for i in b.items]

    def removed(self) -> list[str]:
        return [short(key) for batch in self.batches() for key in batch.removed]

    def held(self) -> list[ItemId]:
        return [key for batch in self.batches() for key in batch.held]

    def rejected(self) -> list[Rejected]:
        return [one for batch in self.batches() for one in batch.rejected]

    def warned(self) -> list[str]:
        return [one.reason for batch in self.batches() for one in batch.warnings]

    def ends(self) -> list[KindEnd]:
        return [event for event in self.events if isinstance(event, KindEnd)]

    def open(self) -> dict[str, str]:
        return {short(key): str(one.open) for key, one in self.items.items() if one.open}

    def item(self, number: int = 1, side: str = "R", rank: int = 1) -> ItemRecord:
        return self.items[f"{side}/{entry(number)}" + (f"#{rank}" if rank > 1 else "")]


def short(key: str) -> str:
    """`R/1#2` of a key."""
    side, _, rest = key.partition("/")
    name, mark, rank = rest.partition("#")
    return f"{side}/{int(name[-12:])}{mark}{rank}"


__all__ = [
    "ACCOUNT", "ACCOUNTS", "CONDITIONS", "CONTACTS", "DELETED", "DIVISION", "DIVISIONS",
    "OVERVIEW", "RECEIVABLES", "TERMS", "Books", "FakePage", "FakeSource", "account", "contact", "deleted",
    "entry", "guid", "overview", "short", "term", "wire_date",
]  # fmt: skip
