"""One row to one item, every turn of it."""

from datetime import date
from typing import Any

import pytest

from adapters.csv.columns import resolve
from adapters.csv.dates import DateReader, Shape
from adapters.csv.fields import DATES, FIELDS
from adapters.csv.frames import Frame
from adapters.csv.mapping import ItemMapper
from adapters.csv.numbers import AmountReader, Decimals
from adapters.csv.reading import Reading
from connector.port.errors import RecordError
from connector.port.records import Document, ItemRecord, Ledger

ROW = {"party_ref": "1", "number": "F1", "issued": "2026-09-01", "due": "2026-10-01", "open": "10"}


def make_mapper(*columns: str, **reading: Any) -> ItemMapper:
    found = resolve(columns, {}, {name: (name,) for name in columns if name in FIELDS})
    facts: dict[str, Any] = {
        "file": "receivables.csv",
        "ledger": Ledger.RECEIVABLE,
        "columns": found,
        "amounts": AmountReader(Decimals.POINT),
        "dates": {name: DateReader(name, Shape.ISO) for name in DATES if name in columns},
        "today": date(2026, 11, 22),
        **reading,
    }
    return ItemMapper(Reading(**facts))


def map_row(cells: dict[str, str], **reading: Any) -> ItemRecord:
    return make_mapper(*cells, **reading).item(2, list(cells.values()))[0]


def fault_of(cells: dict[str, str], **reading: Any) -> tuple[str, object]:
    with pytest.raises(RecordError) as caught:
        map_row(cells, **reading)
    return caught.value.code, caught.value.facts["column"]


def outcome(mapper: ItemMapper, row: list[str]) -> object:
    """Return the item, or the fault with its facts."""
    try:
        return mapper.item(2, row)
    except RecordError as fault:
        return fault.code, fault.facts


def by_cell(mapper: ItemMapper) -> ItemMapper:
    """Return a mapper of the same file that reads every row cell by cell."""
    plain = ItemMapper(mapper.reading)
    plain.frames.read = _in_doubt
    return plain


def _in_doubt(_: list[str]) -> Frame:
    raise RecordError("row.in_doubt")


def without(*names: str, **more: str) -> dict[str, str]:
    return {k: v for k, v in {**ROW, **more}.items() if k not in names}


def test_the_plainest_row() -> None:
    item = map_row(ROW)

    assert (item.id, item.party, item.document) == ("R/F1", "1", Document.INVOICE)
    assert (item.issued, item.due, str(item.open)) == (date(2026, 9, 1), date(2026, 10, 1), "10.00")


@pytest.mark.parametrize("document", ["", "invoice", "factuur", "credit", "x"])
@pytest.mark.parametrize("issued", ["2026-09-01", "", "2026-11-02", "x"])
@pytest.mark.parametrize("currency", ["EUR", "JPY", "x"])
def test_a_row_reads_the_same_whatever_stood_above_it(
    document: str, issued: str, currency: str
) -> None:
    framed = {"document": document, "issued": issued, "currency": currency}
    rows = [
        list({**ROW, **framed, "open": open_, "total": total}.values())
        for open_ in ("10", "-10", "0", "10.50", "")
        for total in ("10", "-10", "", "10.50")
    ]
    mapper = make_mapper(*ROW, "document", "currency", "total")

    together = [outcome(mapper, row) for row in rows]

    assert (
        together
        == [
            outcome(make_mapper(*ROW, "document", "currency", "total"), row)
            for row in reversed(rows)
        ][::-1]
    )
    assert together == [outcome(by_cell(mapper), row) for row in rows]


@pytest.mark.parametrize(("text", "term", "key"), [("2", 2, "R/F1#2"), ("", 1, "R/F1")])
def test_a_term_of_its_own(text: str, term: int, key: str) -> None:
    item = map_row({**ROW, "term": text})

    assert (item.term, item.id) == (term, key)


@pytest.mark.parametrize("text", ["0", "eerste", "1234"])
def test_a_term_that_is_none(text: str) -> None:
    assert fault_of({**ROW, "term": text}) == ("row.term_invalid", "term")


def test_the_key_of_a_payable_names_the_supplier() -> None:
    mapper = make_mapper(*ROW, ledger=Ledger.PAYABLE)

    assert mapper.key(list(ROW.values())) == "P/1/F1"
    assert mapper.key(list(ROW.values()), 3) == "P/1/F1#3"


def test_a_party_by_name() -> None:
    item = map_row({**ROW, "party_name": " De  Wit "}, by_name=True)

    assert item.party == "De Wit"


def test_a_line_break_in_a_number_is_not_trusted() -> None:
    assert fault_of({**ROW, "number": "F\n1"}) == ("row.control_characters", "number")


def test_the_euro_sign_is_a_currency() -> None:
    assert map_row({**ROW, "currency": "€"}, currency=None).open.currency == "EUR"
    assert map_row({**ROW, "currency": "usd"}).open.currency == "USD"
    assert fault_of(ROW, currency=None) == ("row.currency_invalid", "currency")


@pytest.mark.parametrize(
    ("ledger", "open_"), [(Ledger.RECEIVABLE, "-6.00"), (Ledger.PAYABLE, "6.00")]
)
def test_debit_and_credit_mean_the_opposite_for_a_supplier(ledger: Ledger, open_: str) -> None:
    cells = without("open", debit="4", credit="10")

    assert str(map_row(cells, ledger=ledger).open) == open_
    assert str(map_row({**ROW, "open": "6 C"}, ledger=ledger).open) == open_


def test_neither_debit_nor_credit() -> None:
    assert fault_of(without("open", debit="", credit="")) == ("row.amount_missing", "total")


def test_reversed_signs() -> None:
    assert str(map_row({**ROW, "open": "-10"}, reversed_sign=True).open) == "10.00"


def test_open_is_what_is_not_paid() -> None:
    assert str(map_row(without("open", total="10", paid="4")).open) == "6.00"
    assert str(map_row(without("open", total="10", paid="")).open) == "10.00"
    assert fault_of(without("open", total="", paid="4")) == ("row.amount_missing", "total")


def test_the_indicator_in_the_cell_and_beside_it_must_agree() -> None:
    cells = without("open", total="5 C", dc="D")

    assert fault_of(cells) == ("row.sign_conflict", "total")
    assert str(map_row({**cells, "dc": "C"}).open) == "-5.00"
    assert fault_of({**cells, "total": "5", "dc": ""}) == ("row.dc_invalid", "dc")
    assert str(map_row({**cells, "total": "0", "dc": ""}).open) == "0.00"


def test_a_document_that_nobody_knows() -> None:
    assert fault_of({**ROW, "document": "offerte"}) == ("row.document_invalid", "document")


def test_a_paid_credit_note_is_still_one() -> None:
    item = map_row({**ROW, "open": "0", "total": "-5", "vat": "-1"})

    assert (item.document, str(item.open), str(item.vat)) == (Document.CREDIT, "0.00", "-1.00")


def test_the_tax_of_a_credit_is_below_zero_too() -> None:
    item = map_row({**ROW, "open": "5", "total": "5", "vat": "1", "document": "credit"})

    assert (str(item.open), str(item.total), str(item.vat)) == ("-5.00", "-5.00", "-1.00")


def test_the_term_in_days_fills_a_due_date() -> None:
    assert map_row(without("due"), term_days=14).due == date(2026, 9, 15)
    assert map_row(without("due")).due is None
    assert map_row(without("issued")).issued is None


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"issued": "2016-01-01"}, ("row.date_implausible", "issued")),
        ({"issued": "2027-02-01"}, ("row.date_implausible", "issued")),
        ({"due": "2028-11-22"}, ("row.date_implausible", "due")),
        ({"issued": "2024-01-01", "due": "2026-10-01"}, ("row.date_implausible", "due")),
        ({"paid_on": "2027-10-01"}, ("row.date_implausible", "paid_on")),
    ],
)
def test_dates_that_can_hardly_be_right(cells: dict[str, str], fault: tuple[str, str]) -> None:
    assert fault_of({**ROW, **cells}) == fault


def test_a_due_date_without_an_invoice_date_is_plausible_by_itself() -> None:
    assert map_row(without("issued")).due == date(2026, 10, 1)


def test_empty_optional_cells_say_nothing() -> None:
    empty = dict.fromkeys(
        ("reference", "paid_on", "disputed", "reminders", "basis", "tags", "vat"), ""
    )

    item = map_row({**ROW, **empty})

    assert (item.reference, item.paid_on, item.basis, item.vat) == (None, None, None, None)
    assert (item.disputed, item.reminders_sent, item.tags) == (False, 0, ())


def test_filled_optional_cells_arrive() -> None:
    filled = {"reference": "RF 1", "paid_on": "2026-11-01", "blocked": "x", "reminders": "2"}

    item = map_row({**ROW, **filled, "basis": "huur", "tags": "a|b;a"})

    assert (item.reference, item.paid_on, item.blocked) == ("RF 1", date(2026, 11, 1), True)
    assert (item.reminders_sent, item.basis, item.tags) == (2, "rent", ("a", "b"))


def test_a_doubt_is_told_and_does_no_harm() -> None:
    cells = {**ROW, "reminders": "veel", "basis": "gunst"}

    item, warnings = make_mapper(*cells).item(7, list(cells.values()))

    assert (item.reminders_sent, item.basis) == (0, None)
    assert [(w.where, w.reason) for w in warnings] == [
        ("receivables.csv:7:reminders", "row.reminders_invalid"),
        ("receivables.csv:7:basis", "row.basis_invalid"),
    ]


def test_the_raw_row_leaves_out_what_may_not_be_read() -> None:
    item = map_row({**ROW, "BSN": "123456782"})

    assert item.raw == {**ROW, "_file": "receivables.csv", "_line": 2}
