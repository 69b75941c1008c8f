"""Rows that carry the same key: pasted twice, split into terms, or simply in conflict."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from adapters.csv.faults import as_note, note
from connector.port.errors import RecordError
from connector.port.money import Money
from connector.port.records import (
    ItemId,
    ItemRecord,
    Ledger,
    Rejected,
    payable_id,
    receivable_id,
)

_MOST_TERMS: Final = 99

Rule = Literal["hold", "sum", "terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of several rows with the same key; it has an item or a fault.

    Attributes:
        key: The key of the item, None when it can't be read.
        of_term: The key of a term of its invoice; asked only when there is a key.
    """

    file: str
    line: int
    cells: tuple[str, ...]
    rule: Rule
    key: ItemId | None
    of_term: Callable[[int], ItemId]
    item: ItemRecord | None
    fault: RecordError | None
    warnings: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of the rows with one key; `used` rows stand behind the items."""

    items: tuple[ItemRecord, ...] = ()
    used: int = 0
    collapsed: int = 0
    held: tuple[ItemId, ...] = ()
    key_unknown: bool = False
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[Rejected, ...] = ()


@dataclass(slots=True)
class Terms:
    """Which due date is which term of an invoice, so that a term keeps its number.

    Attributes:
        numbers: First key of an invoice -> due date -> term, for split invoices only.
    """

    numbers: dict[str, dict[str, int]] = field(default_factory=dict)

    def known(self, item: ItemRecord) -> ItemRecord:
        """Return the item under the term that its due date had when there were several."""
        known = self.numbers.get(item.id) if self.numbers else None
        if known is None or item.due is None:
            return item
        term = known.get(item.due.isoformat())
        return item if term is None else with_term(item, term)

    def keys(self, key: ItemId, of_term: Callable[[int], ItemId]) -> set[ItemId]:
        """Return every key that a row may have of which not even the due date is sure.

        Args:
            key: What the row says of itself.
            of_term: The key of a term of its invoice.
        """
        known = self.numbers.get(of_term(1), {}) if self.numbers else {}
        return {key, *map(of_term, known.values())}

    def number(self, first: ItemId, days: Sequence[date]) -> tuple[int, ...]:
        """Return the terms of these due dates; a due date that is new gets the next number."""
        known = self.numbers.setdefault(first, {})
        for day in sorted(days):
            known.setdefault(day.isoformat(), max(known.values(), default=0) + 1)
        return tuple(known[day.isoformat()] for day in days)


def repeated_hashes(keys: "array[int]") -> frozenset[int]:
    """Return the hashes that stand more than once; sorted in place of a table of all keys."""
    ordered = array("q", sorted(keys))
    return frozenset(one for one, other in pairwise(ordered) if one == other)


def with_term(item: ItemRecord, term: int) -> ItemRecord:
    """Return the item as the given term of its invoice."""
    key = (
        receivable_id(item.number, term)
        if item.ledger is Ledger.RECEIVABLE
        else payable_id(item.party, item.number, term)
    )
    return replace(item, id=key, term=term)


def settle(candidates: Sequence[Candidate], terms: Terms) -> Settled:
    """Return what becomes of the rows with one key.

    Exactly equal rows collapse into one. What is left is held, added up or numbered as terms, as
    the mapping says; one unreadable row holds them all.
    """
    distinct = list({candidate.cells: candidate for candidate in reversed(candidates)}.values())
    distinct.reverse()
    kept = {(c.file, c.line) for c in distinct}
    extra = [c for c in candidates if (c.file, c.line) not in kept]
    warnings = tuple(
        note(c.file, c.line, "row.duplicate_collapsed", "number", value=_number(c)) for c in extra
    )
    items = [c.item for c in distinct if c.item is not None]
    if len(distinct) == 1 and items:
        found: tuple[ItemRecord, ...] | None = (terms.known(items[0]),)
    elif len(items) < len(distinct):
        found = None
    else:
        found = _together(distinct[0].rule, items, terms)
    if found is None:
        held = _held(distinct, terms)
        return replace(held, collapsed=len(extra), warnings=warnings)
    doubts = tuple(doubt for c in distinct for doubt in c.warnings)
    return Settled(
        items=found, used=len(distinct), collapsed=len(extra), warnings=(*warnings, *doubts)
    )


def _number(candidate: Candidate) -> str:
    return "" if candidate.item is None else candidate.item.number


def _held(distinct: Sequence[Candidate], terms: Terms) -> Settled:
    lines = ", ".join(f"{c.file}:{c.line}" for c in distinct[:5])
    rejected = tuple(
        as_note(c.fault, c.file, c.line)
        if c.fault is not None
        else note(c.file, c.line, "row.duplicate_invoice", "number", value=_number(c), lines=lines)
        for c in distinct
    )
    keys: set[ItemId] = set()
    for row in distinct:
        if row.key is not None:
            keys |= terms.keys(row.key, row.of_term)
            keys.update(map(row.of_term, range(1, min(len(distinct), _MOST_TERMS) + 1)))
    return Settled(
        rejected=rejected,
        held=tuple(sorted(keys)),
        key_unknown=not keys,
    )


def _together(
    rule: Rule, items: Sequence[ItemRecord], terms: Terms
) -> tuple[ItemRecord, ...] | None:
    alike = {(item.party, item.open.currency, item.document) for item in items}
    if rule == "hold" or len(alike) > 1:
        return None
    if rule == "sum":
        return (_sum(items),)
    days = [item.due for item in items if item.due is not None]
    if len(set(days)) < len(items):
        return None
    numbers = terms.number(items[0].id, days)
    return tuple(with_term(item, number) for item, number in zip(items, numbers, strict=True))


def _sum(items: Sequence[ItemRecord]) -> ItemRecord:
    first = items[0]
    open_ = _add([item.open for item in items])
    totals = [item.total for item in items if item.total is not None]
    total: Money | None = None
    if len(totals) == len(items):
        is_repeated = len(set(totals)) == 1 and abs(totals[0].amount) >= abs(open_.amount)
        total = totals[0] if is_repeated else _add(totals)
    vats = [item.vat for item in items if item.vat is not None]
    return replace(
        first,
        open=open_,
        total=total,
        vat=_add(vats) if len(vats) == len(items) else None,
        issued=min((item.issued for item in items if item.issued is not None), default=None),
        due=min((item.due for item in items if item.due is not None), default=None),
    )


def _add(amounts: Sequence[Money]) -> Money:
    return Money(sum((money.amount for money in amounts), Decimal(0)), amounts[0].currency)
