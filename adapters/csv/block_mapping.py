"""Many rows to open items, column by column: what mapping.py says of one row, said of a block.

Only plain invoices are read here. A row with any doubt is left to the mapper of rows, so that
what is refused, and why, is said in one place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, repeat
from operator import is_, is_not
from typing import Any, Final

from adapters.csv.bulk import in_bulk
from adapters.csv.cells import is_damaged, one_lines
from adapters.csv.frames import Frame
from adapters.csv.mapping import ItemMapper
from adapters.csv.reading import Cells
from adapters.csv.sheet import Block
from connector.port.errors import RecordError
from connector.port.money import Money
from connector.port.records import Document, ItemRecord, Ledger, payable_id, receivable_id

_Column = Sequence[Any]
_DOUBT: Final = object()
_ONE: Final = frozenset(("", "1"))  # what a cell says of the first term


@dataclass(slots=True)
class BlockMapper:
    """Maps blocks of rows of one file, as its mapper maps each row."""

    mapper: ItemMapper
    _party_at: int = field(init=False)
    _raw_names: tuple[str, ...] = field(init=False)
    _raw_at: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        reading = self.mapper.reading
        columns = reading.columns
        self._party_at = columns.index["party_name" if reading.by_name else "party_ref"]
        self._raw_at = tuple(
            at for at in range(len(columns.headers)) if at not in columns.forbidden
        )
        self._raw_names = (*(columns.headers[at] for at in self._raw_at), "_file", "_line")

    def items(self, block: Block) -> list[ItemRecord | None]:
        """Return for each row its item, None where the row must be read cell by cell."""
        size, doubts = len(block.lines), set[int]()
        if not self.mapper.is_plain:
            return [None] * size
        values = self._values(block, doubts)
        if not doubts:
            return [*self._records(values, size)]
        good = [at not in doubts for at in range(size)]
        values = {name: list(compress(column, good)) for name, column in values.items()}
        made = iter(self._records(values, size - len(doubts)))
        return [next(made) if is_good else None for is_good in good]

    def _values(self, block: Block, doubts: set[int]) -> dict[str, _Column]:
        """Return what is read of each column, and tell which rows are in doubt."""
        columns, index, mapper = block.columns, self.mapper.at, self.mapper
        values: dict[str, _Column] = {
            "party": _keys(columns[self._party_at], doubts),
            "number": _keys(columns[index["number"]], doubts),
            "frame": self._frames(block, doubts),
            **self._amounts(columns, doubts),
        }
        doubts.update(compress(count(), map(is_damaged, values["number"])))
        if "term" in index:
            doubts.update(at for at, text in enumerate(columns[index["term"]]) if text not in _ONE)
        for name, at, read in mapper.optional:
            values[name] = self._optional(block, at, read, doubts)
        for name, at in mapper.texts_at:
            values[name] = [text or None for text in one_lines(columns[at])]
        raw = [columns[at] for at in self._raw_at]
        file = repeat(mapper.reading.file, len(block.lines))
        values["raw"] = list(zip(*raw, file, block.lines, strict=True))
        return values

    def _frames(self, block: Block, doubts: set[int]) -> _Column:
        """Return the frame of each row; one that is no invoice, or has no cents, is in doubt."""
        frames = self.mapper.frames
        framed = [block.columns[at] for at in frames.at]
        keys = list(zip(*framed, strict=True)) if framed else [()] * len(block.lines)
        known: dict[tuple[str, ...], Frame | None] = {}
        for key, at in dict(zip(keys, count(), strict=False)).items():
            frame = frames.of(block.row(at))
            is_usual = frame is not None and frame.is_invoice and frame.digits >= 2
            known[key] = frame if is_usual else None
        found = [known[key] for key in keys]
        if any(frame is None for frame in known.values()):
            doubts.update(at for at, frame in enumerate(found) if frame is None)
        return found

    def _amounts(self, columns: Sequence[Sequence[str]], doubts: set[int]) -> dict[str, _Column]:
        """Return open, total and tax; only an open amount above zero within its total is plain."""
        index, read = self.mapper.at, self.mapper.reading.amounts.plain_column
        texts = columns[index["open"]]
        opens = read(texts)
        doubts.update(at for at, value in enumerate(opens) if value is None or value <= 0)
        found: dict[str, _Column] = {"open": opens}
        if "total" in index:
            others = columns[index["total"]]
            found["total"] = (
                opens if others == texts else _totals(opens, read(others), (texts, others), doubts)
            )
        if "paid" in index:
            doubts.update(compress(count(), columns[index["paid"]]))
        if "vat" in index:
            found["vat"] = read(columns[index["vat"]])
            pairs = zip(columns[index["vat"]], found["vat"], strict=True)
            doubts.update(at for at, (text, vat) in enumerate(pairs) if text and vat is None)
        return found

    def _optional(
        self, block: Block, at: int, read: Callable[[int, Cells], object], doubts: set[int]
    ) -> _Column:
        """Return what each cell of an optional column says; a warning is a doubt too."""
        texts = block.columns[at]
        known: dict[str, object] = {}
        for text, row in dict(zip(texts, count(), strict=False)).items():
            self.mapper.warnings = []
            try:
                known[text] = read(0, block.row(row))
            except RecordError:
                known[text] = _DOUBT
            if self.mapper.warnings:
                known[text] = _DOUBT
        found = [known[text] for text in texts]
        doubts.update(row for row, value in enumerate(found) if value is _DOUBT)
        return found

    def _records(self, values: dict[str, _Column], size: int) -> list[ItemRecord]:
        """Return an item for each row of these values."""
        frames: Sequence[Frame] = values.pop("frame")
        currencies = [frame.currency for frame in frames]
        numbers, parties, ledger = values["number"], values["party"], self.mapper.reading.ledger
        opens = in_bulk(Money, size, {"amount": values["open"], "currency": currencies})
        fields: dict[str, Iterable[Any]] = {
            **values,
            "id": map(receivable_id, numbers)
            if ledger is Ledger.RECEIVABLE
            else map(payable_id, parties, numbers),
            "ledger": repeat(ledger),
            "document": repeat(Document.INVOICE),
            "issued": [frame.issued for frame in frames],
            "due": [frame.due for frame in frames],
            "open": opens,
            "raw": [dict(zip(self._raw_names, cells, strict=True)) for cells in values["raw"]],
        }
        if "total" in values:
            fields["total"] = _total_moneys(opens, values["total"], values["open"])
        if "vat" in values:
            fields["vat"] = _moneys(values["vat"], currencies)
        return in_bulk(ItemRecord, size, fields)


def _keys(texts: Sequence[str], doubts: set[int]) -> Sequence[str]:
    """Return a column of keys; one that is missing or not plain is in doubt."""
    plain = one_lines(texts)
    if plain is not texts:
        doubts.update(at for at, text in enumerate(plain) if text is not texts[at])
    if "" in texts:
        doubts.update(at for at, text in enumerate(texts) if not text)
    return plain


def _totals(
    opens: _Column, totals: _Column, texts: tuple[Sequence[str], Sequence[str]], doubts: set[int]
) -> _Column:
    """Return the totals; one that is written as the open amount is that very amount."""
    found = []
    rows = enumerate(zip(opens, totals, *texts, strict=True))
    for at, (open_, total, open_text, text) in rows:
        if text and (total is None or open_ is None or total < open_):
            doubts.add(at)
        found.append(open_ if text == open_text else total)
    return found


def _total_moneys(
    opens: Sequence[Money], totals: _Column, amounts: _Column
) -> Sequence[Money | None]:
    """Return the totals; one that is the open amount itself is that very money."""
    if totals is amounts or all(map(is_, totals, amounts)):
        return opens
    return [
        open_ if total is amount else None if total is None else Money(total, open_.currency)
        for open_, total, amount in zip(opens, totals, amounts, strict=True)
    ]


def _moneys(amounts: _Column, currencies: Sequence[str]) -> Sequence[Money | None]:
    """Return the amounts as money; there may be rows that say none."""
    if all(map(is_not, amounts, repeat(None))):
        return in_bulk(Money, len(amounts), {"amount": amounts, "currency": currencies})
    return [
        None if amount is None else Money(amount, currency)
        for amount, currency in zip(amounts, currencies, strict=True)
    ]
