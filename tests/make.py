"""Builders with dull defaults: a test names only what matters to it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.core.actions import Action, Approval, PlannedItem, action_id
from connector.core.policy.model import ChannelName, StepKind
from connector.core.snapshot import Hold, HoldReason
from connector.port.money import Money
from connector.port.records import (
    Batch,
    Document,
    End,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    Ledger,
    PartyRecord,
    PartyRef,
    PullEnd,
    payable_id,
    receivable_id,
)

TODAY = date(2026, 11, 23)  # a Monday
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # noon in Amsterdam


class FixedClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, at: datetime = NOON) -> None:
        self._now = at

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        """Stand still."""

    def move(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """Let time pass."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes)

    def set(self, at: datetime) -> None:
        """Put the clock at an instant."""
        self._now = at


def euro(amount: str | int) -> Money:
    """Return an amount in euro."""
    return Money(Decimal(amount), "EUR")


def party(ref: str = "10023", **fields: Any) -> PartyRecord:
    """Return a business debtor with a complete address."""
    plain: dict[str, Any] = {
        "name": f"Bakkerij {ref} B.V.",
        "kind": "company",
        "language": "nl",
        "email": f"debiteur{ref}@voorbeeld.example",
        "street": "Dorpsstraat 1",
        "postcode": "1234 AB",
        "city": "Utrecht",
        "country": "NL",
    }
    return PartyRecord(ref=PartyRef(ref), **(plain | fields))


def receivable(number: str = "F2026-0312", **fields: Any) -> ItemRecord:
    """Return an open invoice of EUR 121.00 that was due a month before TODAY."""
    return _item(receivable_id(number, fields.get("term", 1)), Ledger.RECEIVABLE, number, fields)


def payable(number: str = "2026-88", **fields: Any) -> ItemRecord:
    """Return an invoice of a supplier that we owe."""
    supplier = fields.setdefault("party", "50001")
    return _item(payable_id(supplier, number), Ledger.PAYABLE, number, fields)


def settled(item: ItemRecord, end: End | None = None, **fields: Any) -> ItemRecord:
    """Return the item with nothing open."""
    return replace(item, open=Money.zero(item.open.currency), end=end, **fields)


def with_open(item: ItemRecord, amount: str, **fields: Any) -> ItemRecord:
    """Return the item with another open amount."""
    return replace(item, open=Money(Decimal(amount), item.open.currency), **fields)


def batch(*records: ItemRecord | PartyRecord, **fields: Any) -> Batch:
    """Return a batch of these records."""
    return Batch(
        items=tuple(record for record in records if isinstance(record, ItemRecord)),
        parties=tuple(record for record in records if isinstance(record, PartyRecord)),
        **fields,
    )


def kind_end(kind: Kind = Kind.RECEIVABLES, **fields: Any) -> KindEnd:
    """Return the end of a complete snapshot of a kind; everything may vanish."""
    plain: dict[str, Any] = {
        "delivered": True,
        "complete": True,
        "snapshot": True,
        "max_drop_percent": 100,
    }
    return KindEnd(kind=kind, **(plain | fields))


def pull_end(cursor: str | None = None, **fields: Any) -> PullEnd:
    """Return the end of a pull."""
    return PullEnd(cursor=cursor, **fields)


def planned(number: str = "F2026-0312", **fields: Any) -> PlannedItem:
    """Return an item as planned."""
    plain: dict[str, Any] = {
        "id": receivable_id(number),
        "number": number,
        "step": "herinnering",
        "cycle": 1,
        "issued": date(2026, 9, 24),
        "due": date(2026, 10, 24),
        "open": euro("121.00"),
        "interest": euro("0.00"),
        "costs": euro("0.00"),
    }
    return PlannedItem(**(plain | fields))


def action(*items: PlannedItem, administration: str = "jansen-bv", **fields: Any) -> Action:
    """Return a reminder to one debtor about these items, with its proper id."""
    lines = items or (planned(),)
    plain: dict[str, Any] = {
        "party": PartyRef("10023"),
        "party_name": "Bakkerij 10023 B.V.",
        "track": "zakelijk",
        "step": "herinnering",
        "kind": StepKind.REMINDER,
        "via": (ChannelName.EMAIL,),
        "currency": "EUR",
        "items": lines,
        "also_open": (),
        "credits": (),
        "total": Money(sum((line.open.amount for line in lines), Decimal(0)), "EUR"),
        "approval": Approval.REQUIRED,
        "term_days": 7,
    }
    plain |= fields
    identity = action_id(
        administration,
        plain["party"],
        plain["currency"],
        plain["step"],
        [(line.id, line.cycle) for line in lines],
    )
    return Action(**({"id": identity} | plain))


def hold(**fields: Any) -> Hold:
    """Return a manual hold on the usual debtor until a fortnight after TODAY."""
    plain: dict[str, Any] = {
        "id": "",
        "item": None,
        "party": PartyRef("10023"),
        "reason": HoldReason.MANUAL,
        "until": TODAY + timedelta(days=14),
    }
    return Hold(**(plain | fields))


def many_receivables(count: int, *, debtors: int, start: int = 0) -> Iterable[ItemRecord]:
    """Yield overdue invoices, spread evenly over the debtors."""
    for index in range(start, start + count):
        yield receivable(
            f"F{index:06}",
            party=f"D{index % debtors:05}",
            due=date(2026, 10, 1) + timedelta(days=index % 28),
            open=Money(Decimal(10000 + index % 977).scaleb(-2), "EUR"),
            raw={"nummer": f"F{index:06}"},
        )


def _item(key: ItemId, ledger: Ledger, number: str, fields: Mapping[str, Any]) -> ItemRecord:
    plain: dict[str, Any] = {
        "party": "10023",
        "document": Document.INVOICE,
        "issued": date(2026, 9, 24),
        "due": date(2026, 10, 24),
        "open": euro("121.00"),
        "total": euro("121.00"),
        "vat": euro("21.00"),
    }
    merged = plain | dict(fields)
    merged["party"] = PartyRef(merged["party"])
    return ItemRecord(**({"id": key, "ledger": ledger, "number": number} | merged))
