"""A block of items to rows, column by column; the rows are those that rows.item_values gives.

A column is mostly all plain text or all one value, and then it is cheaper to look at than its
cells. A block that is not plain goes record by record; of nested raw records only these do.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import repeat
from json.encoder import encode_basestring
from operator import attrgetter, is_
from typing import Any, Final

from connector.port.errors import StoreError
from connector.port.money import Money, minor_digits
from connector.port.records import End, ItemRecord
from connector.store.rows import MOST, item_values, name_of, place_of, raw_texts, text_of
from connector.store.session import blocks

_Column = Sequence[Any]
_BARE: Final = attrgetter(
    "reference", "description", "names_invoice", "paid_on", "sent_on", "reminded_on", "sent_via",
    "contract", "basis", "payment_url", "reminders_sent", "disputed", "direct_debit", "factored",
    "blocked", "remindable", "tags",
)  # fmt: skip
_HEAD: Final = attrgetter(
    "ledger", "number", "term", "party", "document", "issued", "due", "open", "total", "vat", "end"
)
_ODD: Final = ("\\x00", "\\ud")  # a NUL or half a character, as ascii() shows it


def item_rows(records: Sequence[ItemRecord], administration: str) -> list[tuple[Any, ...]]:
    """Return the values of ITEM_COLUMNS for each record, in order.

    Raises:
        StoreError: `record_refused`, of the first record that does not fit.
    """
    rows: list[tuple[Any, ...]] = []
    for block in blocks(records):
        found = _by_column(block, administration)
        if found is None:
            found = [item_values(record, administration) for record in block]
        rows += found
    return rows


def _by_column(records: Sequence[ItemRecord], administration: str) -> list[tuple[Any, ...]] | None:
    """Return the rows, None when a record of the block is not plain."""
    values = _value_columns(records)
    if values is None:
        return None
    found = [record.raw for record in records]
    raws = _raw_columns(found) or _raw_rows(found)
    if raws is None:
        return None
    raw, bare = raws
    pattern = _Pattern()
    for column in values:
        is_text = type(column[0]) is str and set(map(type, column)) == {str}
        pattern.add(column, ascii, "'" if is_text else "")
    texts = pattern.fill(len(records), "(", ")")
    if any(odd in pattern.seen for odd in _ODD):
        return None
    try:
        digests = [
            hashlib.blake2b(f"{text}{end}".encode(), digest_size=16).hexdigest()
            for text, end in zip(texts, bare, strict=True)
        ]
    except UnicodeEncodeError:
        return None
    ids = [record.id for record in records]
    return list(zip(repeat(administration), ids, *values, raw, digests))  # repeat has no end


def _value_columns(records: Sequence[ItemRecord]) -> list[_Column] | None:
    """Return the columns from `ledger` to `tags`, None when an amount is not plain."""
    ledger, number, term, party, document, issued, due, open_, total, vat, end = zip(
        *map(_HEAD, records), strict=True
    )
    currency = [money.currency for money in open_]
    units = _minor(open_, currency)
    totals = units if all(map(is_, total, open_)) else _minor(total, currency)
    vats = _minor(vat, currency)
    if units is None or totals is None or vats is None:
        return None
    reference, description, names, paid_on, sent_on, reminded_on, *others, tags = zip(
        *map(_BARE, records), strict=True
    )
    return [
        _each(ledger, str), number, term, party, _each(document, str), _each(issued, _iso),
        _each(due, _iso), currency, units, totals, vats, _each(end, _end), reference,
        description, names, _each(paid_on, _iso), _each(sent_on, _iso),
        _each(reminded_on, _iso), *others, _each(tags, _tags),
    ]  # fmt: skip


def _minor(moneys: Sequence[Money | None], currencies: Sequence[str]) -> list[int | None] | None:
    """Return the minor units, None when one does not fit; only one number of decimals a block."""
    digits = {minor_digits(currency) for currency in set(currencies)}
    there = [money for money in moneys if money is not None]
    amounts = [money.amount for money in there]
    if len(there) < len(moneys):
        currencies = [c for c, money in zip(currencies, moneys, strict=True) if money is not None]
    if [money.currency for money in there] != currencies:
        return None
    if len(digits) != 1:
        return None
    (places,) = digits
    try:
        scaled = [amount.scaleb(places) for amount in amounts]
        units = list(map(int, scaled))
    except (ValueError, ArithmeticError):
        return None
    if units != scaled or (units and not -MOST <= min(units) <= max(units) <= MOST):
        return None
    if len(units) == len(moneys):
        return [*units]
    left = iter(units)
    return [None if money is None else next(left) for money in moneys]


def _each(column: Sequence[Any], read: Callable[[Any], Any]) -> list[Any]:
    """Return what is read of each value."""
    if _is_one(column):
        return [read(column[0])] * len(column)
    return list(map(read, column))


def _is_one(column: _Column) -> bool:
    """Whether all are the very same value."""
    return all(map(is_, column, repeat(column[0])))


@lru_cache(maxsize=4096)
def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _end(end: End | None) -> str | None:
    return None if end is None else end.value


def _tags(tags: tuple[str, ...]) -> str:
    return text_of(tags) if tags else "[]"


def _raw_columns(raws: Sequence[Mapping[str, object]]) -> tuple[list[str], list[str]] | None:
    """Return the raw records as JSON with and without where they were read, as rows.py does.

    None when they have not all the same names, or hold something else than text.
    """
    names, count = tuple(raws[0]), len(raws)
    if not names or any(tuple(raw) != names for raw in raws):
        return None
    bare, where = _Pattern(","), _Pattern(",")
    for name, column in zip(names, zip(*[raw.values() for raw in raws], strict=True), strict=True):
        if name.startswith("_"):
            where.add(column, place_of, "", name_of(name))
            continue
        try:
            bare.add(column, encode_basestring, '"', name_of(name))
        except TypeError:
            return None
    texts = bare.fill(count, "{", "}")
    if not where.parts:
        return texts, texts
    places = where.fill(count, "," if bare.parts else "", "}")
    return [f"{text[:-1]}{place}" for text, place in zip(texts, places, strict=True)], texts


def _raw_rows(raws: Sequence[Mapping[str, object]]) -> tuple[list[str], list[str]] | None:
    """Return the same for raw records of any form, one by one; None when one does not fit."""
    try:
        texts = list(map(raw_texts, raws))
    except StoreError:
        return None
    return [raw for raw, _ in texts], [bare for _, bare in texts]


@dataclass(slots=True)
class _Pattern:
    """A text of many columns, with a mark for each that is not one value in the whole block.

    Attributes:
        seen: What the columns are made of, so that it can be searched at once.
    """

    between: str = ", "
    parts: list[str] = field(default_factory=list)
    columns: list[_Column] = field(default_factory=list)
    seen: str = ""

    def add(
        self, column: _Column, write: Callable[[Any], str], quote: str, label: str = ""
    ) -> None:
        """Add a column.

        Args:
            column: Its values.
            write: Writes one value.
            quote: What stands around a text in which nothing must be written otherwise; none
                when it is no column of text.
            label: What stands before each value.
        """
        label = label.replace("%", "%%")
        if _is_one(column):
            text = write(column[0])
            self.seen += text
            self.parts.append(label + text.replace("%", "%%"))
            return
        if quote:
            together = "".join(column)
            if write(together) == f"{quote}{together}{quote}":
                self.parts.append(f"{label}{quote}%s{quote}")
                self.columns.append(column)
                return
        texts = list(map(write, column))
        self.seen += "".join(texts)
        self.parts.append(f"{label}%s")
        self.columns.append(texts)

    def fill(self, count: int, start: str, end: str) -> list[str]:
        """Return the text of each row, between a start and an end."""
        pattern = f"{start}{self.between.join(self.parts)}{end}"
        rows: Iterable[tuple[Any, ...]] = (
            zip(*self.columns, strict=True) if self.columns else repeat((), count)
        )
        return [pattern % row for row in rows]
