"""Adapters that tell one thing wrongly about records."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.port.adapter import Refreshed
from connector.port.errors import ContractChangedError, RecordError
from connector.port.money import Money
from connector.port.records import (
    Batch,
    Document,
    End,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    PartyRecord,
    PartyRef,
    Rejected,
)
from tests.testkit.shop_adapter import ShopAdapter, number_of


class ForgetsDeletes(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        return super().batch([row for row in rows if not row["gone"]])


class TellsDeletedAsPaid(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        batch = super().batch([{**row, "gone": False} for row in rows])
        gone = {str(row["id"]) for row in rows if row["gone"]}
        nothing = Money.zero("EUR")
        items = tuple(
            replace(one, open=nothing, end=End.PAID) if one.number in gone else one
            for one in batch.items
        )
        return replace(batch, items=items)


class TellsPaidAsDeleted(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        return super().batch([{**row, "gone": row["open"] == "0.00"} for row in rows])


class KeepsFloats(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        return super().map({**row, "rate": {"vat": [0.21]}})


class ReckonsInFloats(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        record = super().map(row)
        amount: Any = float(record.open.amount)
        return replace(record, open=Money(amount, record.open.currency))


class TellsEuros(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        return super().map({**row, "currency": "EUR"})


class TellsInstants(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        return replace(super().map(row), issued=datetime(2026, 9, 1, tzinfo=UTC))


class TellsCreditsAsOwed(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        return super().map({**row, "open": row["open"].lstrip("-")})


class TellsCreditsAsInvoices(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        return replace(super().map(row), document=Document.INVOICE)


class TellsBillsAsNegative(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        sign = "-" if row["kind"] == "bill" else ""
        return super().map({**row, "open": f"{sign}{row['open']}"})


class IgnoresPartPayments(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        return super().map({**row, "open": "0.00" if row["open"] == "0.00" else row["total"]})


class SkipsSettled(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        return super().batch([row for row in rows if row["open"] != "0.00"])


class NeverOpensAgain(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        vault = self.tools.vault
        fresh = [row for row in rows if vault.read(f"shop:{row['id']}") is None]
        for row in rows:
            if row["open"] == "0.00":
                vault.write(f"shop:{row['id']}", "settled")
        return super().batch(fresh)


class TellsTwice(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        return super().batch([*rows, *rows[:1]])


class NumbersByProcess(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        return replace(super().map(row), id=ItemId(f"R/{self.tools.clock.now()}/{row['id']}"))


class ForgetsParties(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        return replace(super().batch(rows), parties=(PartyRecord(ref=PartyRef("8")),))


class TellsOfTheFuture(ShopAdapter):
    def end(self, kind: Kind, *, complete: bool, snapshot: bool, as_of: Any) -> KindEnd:
        ahead = as_of + timedelta(days=1)
        return super().end(kind, complete=complete, snapshot=snapshot, as_of=ahead)


class TellsLocalTime(ShopAdapter):
    def end(self, kind: Kind, *, complete: bool, snapshot: bool, as_of: Any) -> KindEnd:
        naive = as_of.replace(tzinfo=None)
        return super().end(kind, complete=complete, snapshot=snapshot, as_of=naive)


class SkipsBadRows(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        return replace(super().batch(rows), held=(), rejected=())


class RemovesBadRows(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        batch = super().batch(rows)
        return replace(batch, removed=(*batch.removed, *batch.held), held=())


class StopsAtBadRows(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        batch = super().batch(rows)
        if batch.held:
            raise ContractChangedError("shop_row")
        return batch


class SaysNoReason(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        batch = super().batch(rows)
        return replace(
            batch, rejected=tuple(Rejected(where="", reason="?") for _ in batch.rejected)
        )


class GuessesZero(ShopAdapter):
    def amount(self, row: dict[str, Any], name: str) -> Decimal:
        try:
            return super().amount(row, name)
        except RecordError:
            return Decimal(0)


class CrashesOnForm(ShopAdapter):
    def amount(self, row: dict[str, Any], name: str) -> Decimal:
        return Decimal(row[name])


class RefusesUnknownFields(ShopAdapter):
    def map(self, row: dict[str, Any]) -> ItemRecord:
        if "brand_new" in row:
            raise RecordError("row.unknown_field")
        return super().map(row)


class RefreshesOnlyKnown(ShopAdapter):
    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        return replace(super().refresh(ids, urgent=urgent), gone=())


class RefreshesFromMemory(ShopAdapter):
    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        told = super().refresh(ids, urgent=urgent)
        return replace(
            told, items=tuple(replace(one, open=one.total or one.open) for one in told.items)
        )


class RefreshesDeletedAsUnreadable(ShopAdapter):
    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        told = super().refresh(ids, urgent=urgent)
        return replace(told, gone=(), unreadable=told.gone)


class RefreshesNothingBySending(ShopAdapter):
    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        self.ask(lambda: self.server.read(self.token["access"], []))
        return super().refresh(ids, urgent=urgent)


class RefreshesForeignKeysBadly(ShopAdapter):
    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        known = [key for key in ids if number_of(key) is not None]
        return super().refresh(known, urgent=urgent)


class RefreshesOfTheFuture(ShopAdapter):
    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        return replace(
            super().refresh(ids, urgent=urgent), as_of=self.tools.clock.now() + timedelta(hours=1)
        )


class DropsOldest(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        return super().batch([row for row in rows if row["id"] != 101])


class TellsAllAtOnce(ShopAdapter):
    def batch(self, rows: list[dict[str, Any]]) -> Batch:
        batch = super().batch(rows)
        return replace(batch, parties=batch.parties * 6000)
