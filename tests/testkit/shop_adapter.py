"""The adapter of the shop: as small as one can be that keeps the whole contract."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from connector.port.adapter import PushOrder, PushVerb, Refreshed
from connector.port.errors import (
    AuthorisationError,
    ContractChangedError,
    OutcomeUnknownError,
    RateLimitError,
    RecordError,
    UnavailableError,
)
from connector.port.money import Money
from connector.port.records import (
    Batch,
    Document,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    Ledger,
    PartyRecord,
    PartyRef,
    PullEnd,
    PullEvent,
    Rejected,
)
from connector.port.tools import Limit, Tools
from tests.testkit.shop import Server

FORM = 1
BUDGET = (Limit(100_000, 300, reserve=10),)


@dataclass
class Cursor:
    since: int = 0
    start: int = 0  # a pass that was broken off goes on after this key
    until: int = 0  # what the version was when that pass began
    form: int = FORM
    books: str = "ours"

    @property
    def is_fresh(self) -> bool:
        return not self.since and not self.start

    def write(self) -> str:
        return json.dumps(vars(self))


class ShopAdapter:
    """The steps are methods, so that a test can break one of them."""

    paging = "key"
    verbs = frozenset({PushVerb.REMIND})

    def __init__(self, server: Server, tools: Tools) -> None:
        self.server = server
        self.tools = tools
        self.requests = 0
        self.is_urgent = False
        self.token = self.kept()

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        self.is_urgent = False
        at = Cursor() if full else self.read_cursor(cursor)
        knew = cursor if full else None
        before, as_of = self.requests, self.tools.clock.now()
        was_fresh, told = at.is_fresh, 0
        for page in self.pages(at):
            told += len(page["rows"])
            batch = self.batch(page["rows"])
            yield from self.told(batch, at)
        complete = bool(told) or not self.knew_rows(knew)
        for kind in (Kind.RECEIVABLES, Kind.PAYABLES, Kind.PARTIES):
            yield self.end(kind, complete=complete, snapshot=was_fresh, as_of=as_of)
        end = Cursor(since=at.until) if complete else self.read_cursor(cursor)
        yield PullEnd(cursor=end.write(), requests=self.requests - before)

    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        self.is_urgent = urgent
        numbers = {key: number_of(key) for key in ids}
        asked = [one for one in numbers.values() if one is not None]
        as_of = self.tools.clock.now()
        rows = self.ask(lambda: self.server.read(self.token["access"], asked)) if asked else {}
        batch = self.batch(rows.get("rows", []))
        told = {item.id for item in batch.items} | set(batch.held)
        return Refreshed(
            items=batch.items,
            gone=tuple(key for key in numbers if key not in told),
            unreadable=batch.held,
            as_of=as_of,
            rejected=batch.rejected,
        )

    def look(self, order: PushOrder) -> str:
        return str(len(self.notes(order)))

    def push(self, order: PushOrder) -> str:
        return self.find_push(order) or self.write(order)

    def find_push(self, order: PushOrder) -> str | None:
        notes = self.notes(order)
        number = number_of(order.items[0])
        return f"note-{number}-{notes.index(order.key) + 1}" if order.key in notes else None

    def close(self) -> None:
        pass

    def notes(self, order: PushOrder) -> list[str]:
        number = number_of(order.items[0]) or 0
        notes: list[str] = self.ask(lambda: self.server.noted(self.token["access"], number))[
            "notes"
        ]
        return notes

    def write(self, order: PushOrder) -> str:
        number = number_of(order.items[0]) or 0
        try:
            answer = self.ask(
                lambda: self.server.remind(self.token["access"], number, order.key), is_write=True
            )
        except UnavailableError as error:
            if error.code == "shop_no_answer":
                raise OutcomeUnknownError("shop_unknown") from error
            raise
        return str(answer["note"])

    def read_cursor(self, text: str | None) -> Cursor:
        try:
            at = Cursor(**json.loads(text)) if text else Cursor()
            numbers = [int(at.since), int(at.start), int(at.until)]
        except (ValueError, TypeError):
            return Cursor()
        is_ours = (at.form, at.books) == (FORM, "ours") and max(numbers) <= 10**8
        return at if is_ours else Cursor()

    def knew_rows(self, cursor: str | None) -> bool:
        return self.read_cursor(cursor).since > 0

    def pages(self, at: Cursor) -> Iterator[dict[str, Any]]:
        since, start, more, promised = at.since, at.start, True, False
        while more:
            page = self.ask(
                lambda: self.server.get(self.token["access"], since, start, self.paging)  # noqa: B023  # called at once
            )
            self.check(page, promised=promised)
            at.until = at.until or page["version"]
            more = promised = page["more"]
            if page["rows"]:
                start = self.next_start(start, page["rows"])
                at.start = start
            yield page

    def next_start(self, start: int, rows: list[dict[str, Any]]) -> int:
        return int(rows[-1]["id"])

    def check(self, page: dict[str, Any], *, promised: bool) -> None:
        is_short = not page["more"] and page["count"] != len(page["rows"])
        if is_short or (promised and not page["rows"]):
            raise UnavailableError("shop_short")

    def told(self, batch: Batch, at: Cursor) -> Iterator[Batch]:
        yield with_checkpoint(batch, at.write())

    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        items, removed, held, rejected = [], [], [], []
        for row in rows:
            key = key_of(row)
            if row["gone"]:
                removed.append(key)
                continue
            try:
                items.append(self.map(row))
            except RecordError as error:
                held.append(key)
                rejected.append(Rejected(where=f"rows:{row['id']}", reason=error.code))
        parties = (PartyRecord(ref=PartyRef("7"), name=rows[0]["party"]["name"]),) if rows else ()
        return Batch(
            parties=parties,
            items=tuple(items),
            removed=tuple(removed),
            held=tuple(held),
            rejected=tuple(rejected),
        )

    def map(self, row: dict[str, Any]) -> ItemRecord:
        currency = row["currency"]
        return ItemRecord(
            id=key_of(row),
            ledger=Ledger.PAYABLE if row["kind"] == "bill" else Ledger.RECEIVABLE,
            number=str(row["id"]),
            party=PartyRef(str(row["party"]["id"])),
            document=Document.CREDIT if row["kind"] == "credit" else Document.INVOICE,
            issued=date.fromisoformat(row["issued"]),
            due=None,
            open=Money(self.amount(row, "open"), currency),
            total=Money(self.amount(row, "total"), currency),
            raw=row,
        )

    def amount(self, row: dict[str, Any], name: str) -> Decimal:
        try:
            return Decimal(row[name])
        except (KeyError, InvalidOperation, TypeError, ValueError) as error:
            raise RecordError("row.amount_invalid") from error

    def end(self, kind: Kind, *, complete: bool, snapshot: bool, as_of: Any) -> KindEnd:
        return KindEnd(kind=kind, delivered=True, complete=complete, snapshot=snapshot, as_of=as_of)

    def ask(self, send: Any, *, is_write: bool = False) -> dict[str, Any]:
        status, text = self.send(send)
        if status == 401:
            self.renew()
            status, text = self.send(send)
        if status == 429:
            raise RateLimitError("shop_busy", after=int(text))
        if status == 401:
            raise AuthorisationError("shop_connect_again")
        if status != 200:
            raise UnavailableError("shop_away")
        return self.parse(text)

    def send(self, send: Any) -> tuple[int, str]:
        self.spend()
        self.requests += 1
        self.tools.log.info("request")
        try:
            answer: tuple[int, str] = send()
        except OSError as error:
            raise UnavailableError("shop_no_answer") from error
        return answer

    def spend(self) -> None:
        self.tools.budgets.of("shop", BUDGET).take(urgent=self.is_urgent)

    def parse(self, text: str) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(text, parse_float=Decimal)
        except ValueError as error:
            raise ContractChangedError("shop_not_json") from error
        return answer

    def renew(self) -> None:
        with self.tools.vault.lock("shop:token"):
            kept = self.kept()
            if kept != self.token:
                self.token = kept
                return
            renewed = self.server.renew(kept["refresh"])
            if renewed is None:
                raise AuthorisationError("shop_connect_again")
            self.tools.vault.write("shop:token", json.dumps(renewed))
            self.token = renewed

    def kept(self) -> dict[str, str]:
        token: dict[str, str] = json.loads(self.tools.vault.read("shop:token") or "{}")
        return token


def key_of(row: dict[str, Any]) -> ItemId:
    return ItemId(f"{'P' if row['kind'] == 'bill' else 'R'}/{row['id']}")


def number_of(key: ItemId) -> int | None:
    number = key.partition("/")[2]
    return int(number) if number.isdigit() else None


def with_checkpoint(batch: Batch, checkpoint: str | None) -> Batch:
    return Batch(
        parties=batch.parties,
        items=batch.items,
        removed=batch.removed,
        held=batch.held,
        rejected=batch.rejected,
        checkpoint=checkpoint,
    )
