"""One row to one open item: pure, and every doubt is said."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import compress
from typing import Any, Final

from adapters.csv.cells import is_damaged, key_text, one_line, split_tags
from adapters.csv.codes import CURRENCIES
from adapters.csv.faults import bad_row, note
from adapters.csv.frames import FRAMED, Frame, Frames
from adapters.csv.numbers import Amount, Side, side_of
from adapters.csv.reading import Cells, Reading
from adapters.csv.words import BASES, DOCUMENTS, YES_NO
from connector.port.money import Money, minor_digits
from connector.port.records import (
    Document,
    ItemId,
    ItemRecord,
    Ledger,
    PartyRef,
    Rejected,
    payable_id,
    receivable_id,
)

_OLDEST: Final = timedelta(days=3653)
_AHEAD: Final = timedelta(days=60)
_LONGEST_TERM: Final = timedelta(days=731)
_TEXTS: Final = ("reference", "description", "names_invoice", "contract", "sent_via")
_FLAGS: Final = ("disputed", "direct_debit", "factored", "blocked")
_DATES: Final = ("paid_on", "sent_on")


@dataclass(slots=True)
class ItemMapper:
    """Maps the rows of one file. A row comes stripped and as wide as the header.

    Attributes:
        at: Our field -> its position.
        is_plain: An open amount means what it says, whatever stands beside it.
        frames: The cells that are read together.
        texts_at: The columns of plain text.
        optional: The other columns that may be absent: field, position and how a row is read.
        warnings: What was doubtful in the row that is being read.
    """

    reading: Reading
    at: Mapping[str, int] = field(init=False)
    is_plain: bool = field(init=False)
    frames: Frames = field(init=False)
    texts_at: list[tuple[str, int]] = field(init=False)
    optional: list[tuple[str, int, Callable[[int, Cells], object]]] = field(init=False)
    warnings: list[Rejected] = field(default_factory=list)
    _has_sides: bool = field(init=False)
    _keep: list[bool] | None = field(init=False)

    def __post_init__(self) -> None:
        columns = self.reading.columns
        self.at = columns.index
        self._has_sides = "dc" in columns.index
        self._keep = (
            [i not in columns.forbidden for i in range(len(columns.headers))]
            if columns.forbidden
            else None
        )
        self.frames = Frames([self.at[n] for n in FRAMED if n in self.at], self._frame)
        self.texts_at = [(name, self.at[name]) for name in _TEXTS if name in self.at]
        self.optional = [
            (field, self.at[name], read)
            for name, (field, read) in self._readers().items()
            if name in columns.index
        ]
        self.is_plain = not (self._has_sides or self.reading.reversed_sign) and "open" in self.at

    def party(self, row: Cells) -> PartyRef:
        """Return the key of the party; raises RecordError when it is missing."""
        column = "party_name" if self.reading.by_name else "party_ref"
        text = key_text(row[self.at[column]], column)
        if not text:
            raise bad_row("row.debtor_missing", column)
        return PartyRef(text)

    def number(self, row: Cells) -> str:
        """Return the invoice number; raises RecordError when it is missing or damaged."""
        text = key_text(row[self.at["number"]], "number")
        if not text:
            raise bad_row("row.invoice_number_missing", "number")
        if is_damaged(text):
            raise bad_row("row.invoice_number_damaged", "number", text)
        return text

    def term(self, row: Cells) -> int:
        """Return the term within the invoice, 1 when the file has no such column."""
        at = self.at.get("term")
        if at is None or not row[at]:
            return 1
        if not re.fullmatch(r"[0-9]{1,3}", row[at]) or int(row[at]) == 0:
            raise bad_row("row.term_invalid", "term", row[at])
        return int(row[at])

    def key(self, row: Cells, term: int | None = None) -> ItemId:
        """Return the key of the item; raises RecordError when it can't be read."""
        number = self.number(row)
        if self.reading.ledger is Ledger.RECEIVABLE:
            return receivable_id(number, term or self.term(row))
        return payable_id(self.party(row), number, term or self.term(row))

    def open_amount(self, row: Cells) -> Decimal:
        """Return only what is open, as for a control total; raises RecordError."""
        return self._amounts(row, digits=3)[0]

    def currency(self, row: Cells) -> str:
        """Return the currency; raises RecordError when it is missing or unknown."""
        text = self._cell(row, "currency").upper()
        if text in CURRENCIES:
            return text
        if text == "€":
            return "EUR"
        if text or self.reading.currency is None:
            raise bad_row("row.currency_invalid", "currency", text)
        return self.reading.currency

    def item(self, line: int, row: Cells) -> tuple[ItemRecord, tuple[Rejected, ...]]:
        """Return the item and what was doubtful but did no harm.

        Raises:
            RecordError: The row can't be read; it is held.
        """
        party, number, term = self.party(row), self.number(row), self.term(row)
        frame = self.frames.of(row)
        currency = self.currency(row) if frame is None else frame.currency
        digits = minor_digits(currency) if frame is None else frame.digits
        open_, total = self._amounts(row, digits)
        if frame is not None and frame.is_invoice and total is open_ and open_ > 0:
            document, issued, due = Document.INVOICE, frame.issued, frame.due
        else:
            document, (open_, total) = self._document(row, open_, total)
            issued, due = self._period(row, must=document is Document.INVOICE and bool(open_))
        money = Money(open_, currency)
        self.warnings = []
        optional: dict[str, Any] = {name: read(line, row) for name, _, read in self.optional}
        for name, at in self.texts_at:
            optional[name] = one_line(row[at]) or None
        item = ItemRecord(
            id=receivable_id(number, term)
            if self.reading.ledger is Ledger.RECEIVABLE
            else payable_id(party, number, term),
            ledger=self.reading.ledger,
            number=number,
            term=term,
            party=party,
            document=document,
            issued=issued,
            due=due,
            open=money,
            total=money if total is open_ else None if total is None else Money(total, currency),
            vat=self._vat(row, currency, digits, negative=(total or open_) < 0),
            raw=self._raw(line, row),
            **optional,
        )
        return item, tuple(self.warnings)

    def _frame(self, row: Cells) -> Frame:
        currency, said = self.currency(row), self._cell(row, "document").casefold()
        issued, due = self._period(row, must=True)
        return Frame(
            currency=currency,
            digits=minor_digits(currency),
            is_invoice=not said or DOCUMENTS.get(said) is Document.INVOICE,
            issued=issued,
            due=due,
        )

    def _cell(self, row: Cells, name: str) -> str:
        at = self.at.get(name)
        return "" if at is None else row[at]

    def _amount(self, row: Cells, name: str, digits: int) -> Decimal | None:
        at = self.at.get(name)
        if at is None or not (text := row[at]):
            return None
        amounts = self.reading.amounts
        value = amounts.plain(text) if digits >= 2 and not self._has_sides else None
        if value is None:
            value = self._sided(row, name, amounts.read(text, name, digits))
        return -value if self.reading.reversed_sign else value

    def _sided(self, row: Cells, name: str, amount: Amount) -> Decimal:
        side = amount.side
        if self._has_sides and name in {"open", "total"}:
            text = self._cell(row, "dc")
            said = side_of(text)
            if said is None and amount.value:
                raise bad_row("row.dc_invalid", "dc", text)
            if side is not None and said is not side:
                raise bad_row("row.sign_conflict", name, text)
            side = said
        if side is None:
            return amount.value
        if amount.value < 0:
            raise bad_row("row.sign_conflict", name, str(amount.value))
        is_ours = (side is Side.DEBIT) is (self.reading.ledger is Ledger.RECEIVABLE)
        return amount.value if is_ours else -amount.value

    def _amounts(self, row: Cells, digits: int) -> tuple[Decimal, Decimal | None]:
        total, paid = self._amount(row, "total", digits), self._amount(row, "paid", digits)
        if (at := self.at.get("open")) is not None:
            is_total = total is not None and row[at] == row[self.at["total"]]
            open_ = total if is_total else self._amount(row, "open", digits)
        elif "debit" in self.at or "credit" in self.at:
            open_ = self._balance(row, digits)
        elif "paid" in self.at:
            open_ = None if total is None else total - (paid or Decimal(0))
        else:
            open_ = total
        if open_ is None:
            raise bad_row("row.amount_missing", "open" if "open" in self.at else "total")
        if total is not None and paid is not None and abs(total) - abs(paid) != abs(open_):
            raise bad_row("row.balance_mismatch", "open", str(open_), total=total, paid=paid)
        return open_, total

    def _balance(self, row: Cells, digits: int) -> Decimal | None:
        debit, credit = self._amount(row, "debit", digits), self._amount(row, "credit", digits)
        if debit is None and credit is None:
            return None
        balance = (debit or Decimal(0)) - (credit or Decimal(0))
        return balance if self.reading.ledger is Ledger.RECEIVABLE else -balance

    def _document(
        self, row: Cells, open_: Decimal, total: Decimal | None
    ) -> tuple[Document, tuple[Decimal, Decimal | None]]:
        text = self._cell(row, "document").casefold()
        said = DOCUMENTS.get(text)
        if text and said is None:
            raise bad_row("row.document_invalid", "document", text)
        if total is not None and total is not open_ and total * open_ < 0:
            raise bad_row("row.sign_conflict", "open", str(open_), total=total)
        is_negative = open_ < 0 or (open_ == 0 and total is not None and total < 0)
        if said is Document.INVOICE and is_negative:
            raise bad_row("row.sign_conflict", "open", str(open_), document=said.value)
        document = said or (Document.CREDIT if is_negative else Document.INVOICE)
        if total is not None and total is not open_ and abs(open_) > abs(total):
            raise bad_row("row.open_exceeds_total", "open", str(open_), total=total)
        if document is Document.INVOICE:
            return document, (open_, total)
        return document, (-abs(open_), None if total is None else -abs(total))

    def _vat(self, row: Cells, currency: str, digits: int, *, negative: bool) -> Money | None:
        vat = self._amount(row, "vat", digits)
        if vat is None:
            return None
        return Money(-abs(vat) if negative else vat, currency)

    def _date(self, row: Cells, name: str) -> date | None:
        text = self._cell(row, name)
        return self.reading.dates[name].read(text) if text else None

    def _period(self, row: Cells, *, must: bool) -> tuple[date | None, date | None]:
        issued, due = self._date(row, "issued"), self._date(row, "due")
        if must and issued is None and "issued" in self.at:
            raise bad_row("row.invoice_date_missing", "issued")
        if due is None and issued is not None and self.reading.term_days is not None:
            due = issued + timedelta(days=self.reading.term_days)
        if must and due is None and "due" in self.at:
            raise bad_row("row.due_date_missing", "due")
        today = self.reading.today
        if issued is not None and not today - _OLDEST <= issued <= today + _AHEAD:
            raise bad_row("row.date_implausible", "issued", issued.isoformat())
        if due is not None:
            start = issued or today
            if not today - _OLDEST <= due <= max(start, today) + _LONGEST_TERM:
                raise bad_row("row.date_implausible", "due", due.isoformat())
            if issued is not None and due < issued and must:
                raise bad_row(
                    "row.due_before_invoice", "due", due.isoformat(), issued=issued.isoformat()
                )
            if issued is not None and due > issued + _LONGEST_TERM:
                raise bad_row("row.date_implausible", "due", due.isoformat())
        return issued, due

    def _readers(self) -> dict[str, tuple[str, Callable[[int, Cells], object]]]:
        """Return for each optional column that is no plain text its field and how to read it."""
        readers: dict[str, tuple[str, Callable[[int, Cells], object]]] = {
            **{name: (name, partial(self._past, name)) for name in _DATES},
            **{name: (name, partial(self._flag, name)) for name in _FLAGS},
        }
        readers["reminders"] = ("reminders_sent", self._reminders)
        readers["basis"] = ("basis", self._basis)
        readers["tags"] = ("tags", lambda _, row: split_tags(self._cell(row, "tags")))
        return readers

    def _past(self, name: str, _: int, row: Cells) -> date | None:
        day = self._date(row, name)
        if day is not None:
            today = self.reading.today
            if not today - _OLDEST <= day <= today + _AHEAD:
                raise bad_row("row.date_implausible", name, day.isoformat())
        return day

    def _flag(self, name: str, _: int, row: Cells) -> bool:
        text = row[self.at[name]]
        if not text:
            return False
        said = YES_NO.get(text.casefold())
        if said is None:
            raise bad_row("row.flag_invalid", name, text)
        return said

    def _reminders(self, line: int, row: Cells) -> int:
        text = row[self.at["reminders"]]
        if re.fullmatch(r"[0-9]{1,2}", text):
            return int(text)
        if text:
            self._warn(line, "row.reminders_invalid", "reminders", text)
        return 0

    def _basis(self, line: int, row: Cells) -> str | None:
        text = row[self.at["basis"]]
        basis = BASES.get(text.casefold())
        if text and basis is None:
            self._warn(line, "row.basis_invalid", "basis", text)
        return basis

    def _warn(self, line: int, code: str, column: str, value: str) -> None:
        fault = bad_row(code, column, value)
        self.warnings.append(
            note(self.reading.file, line, code, column, value=fault.facts["value"])
        )

    def _raw(self, line: int, row: Cells) -> dict[str, object]:
        headers = self.reading.columns.headers
        raw: dict[str, object] = (
            dict(zip(headers, row, strict=False))
            if self._keep is None
            else dict(compress(zip(headers, row, strict=False), self._keep))
        )
        raw["_file"] = self.reading.file
        raw["_line"] = line
        return raw
