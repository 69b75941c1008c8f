"""Whatever the bytes: no row is lost in silence, and nothing but our own errors comes out."""

import csv
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban
from stdnum.nl import postcode

from adapters.csv.cells import one_line, one_lines
from adapters.csv.contact import read_contact
from adapters.csv.cursor import Cursor
from adapters.csv.dates import DateReader, Shape
from adapters.csv.folder import look_into
from adapters.csv.numbers import AmountEvidence, AmountReader, Decimals
from connector.port.errors import AdapterError, RecordError
from connector.port.records import Batch, Kind
from tests.adapters.csv.folders import MAAN, maan, make_adapter, run

CELLS = st.sampled_from(
    ["", "10001", "Bakkerij", "F1", "F2", "F3", "2026-09-01", "2026-10-01", "31-02-2026", "EUR",
     "XXQ", "121,00", "-5,00", "1E5", "x", "Totaal", '"a;b"', "\x07"]
)  # fmt: skip
GOOD = st.builds(
    maan, st.sampled_from(["F1", "F2", "F3", ""]), open_=st.sampled_from(["1,00", "2,50", "x", ""])
)
ODD = st.lists(CELLS, min_size=5, max_size=9).map(";".join)
OTHER = st.sampled_from(["", ";;;;;;", MAAN, "Pagina 1", "Totaal;;;;;;"])


def is_data(row: str) -> bool:
    """Say it again in other words: what a person would count as a line of the list."""
    cells = next(csv.reader([row], delimiter=";"), [])
    number = cells[2] if len(cells) > 2 else ""
    is_total = number in {"", "Totaal"} and "Totaal" in (
        number,
        *cells[:2],
        next(filter(None, cells), ""),
    )
    has_too_many = len(cells) > 7 and any(cells[7:])
    is_nothing = not any(cells) or row in {MAAN, "Pagina 1"}
    return has_too_many or not (is_nothing or is_total)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(GOOD, GOOD, ODD, OTHER), max_size=25))
def test_every_row_is_accepted_held_collapsed_or_nothing(rows: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = "\n".join([MAAN, *rows]) + "\n"
        (folder / "receivables.csv").write_text(text, encoding="utf-8")
        adapter = make_adapter(folder)
        one = adapter._pass(look_into(folder), Cursor(), full=True)
        batches = [event for event in one.events() if isinstance(event, Batch)]

    tally = one.kinds[Kind.RECEIVABLES].tally
    faults = [fault for batch in batches for fault in batch.rejected]
    held = [fault for fault in faults if fault.reason.startswith("row.")]
    assert tally.accepted + tally.rejected + tally.collapsed == tally.rows
    assert tally.accepted == sum(len(batch.items) for batch in batches)
    assert tally.rejected == len(held)
    if len(held) == len(faults):
        assert tally.rows == sum(map(is_data, rows))


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.sampled_from(["receivables.csv", "receivables.xlsx"]))
def test_bytes_never_break_anything(content: bytes, file: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / file).write_bytes(content)

        pulled = run(make_adapter(Path(name), layout="auto"))

    assert pulled.items == []
    assert len(pulled.faults) == 1


@settings(deadline=None, max_examples=150)
@given(st.lists(st.text(max_size=12), min_size=7, max_size=7), st.sampled_from(list(";,\t|")))
def test_text_never_breaks_anything(cells: list[str], delimiter: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        row = delimiter.join(cells)
        text = (
            MAAN.replace(";", delimiter) + "\n" + row + "\n" + maan().replace(";", delimiter) + "\n"
        )
        (Path(name) / "receivables.csv").write_bytes(text.encode("utf-8", "surrogatepass"))

        try:
            pulled = run(make_adapter(Path(name)))
        except AdapterError:
            return

    assert pulled.items or pulled.faults


@given(st.decimals(min_value=-99_999_999, max_value=99_999_999, places=2))
def test_an_amount_is_read_as_it_is_written_in_either_country(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    dutch = english.translate(str.maketrans(",.", ".,"))

    for text, decimals in ((english, Decimals.POINT), (dutch, Decimals.COMMA)):
        evidence = AmountEvidence()
        evidence.add(text, 1, "open")
        assert evidence.decide(None) is decimals
        assert AmountReader(decimals).read(text, "open").value == amount


AMOUNTS = st.one_of(
    st.from_regex(r"\A-?[0-9]{0,4}[.,]?[0-9]{0,3}(,-)?( ?[CD])?\Z"),
    st.text("019.,-() \nC€", max_size=8),
)


@given(st.lists(st.lists(AMOUNTS, min_size=1, max_size=4), max_size=8))
def test_a_block_without_news_shows_nothing_new_of_amounts(blocks: list[list[str]]) -> None:
    by_block, by_cell = AmountEvidence(), AmountEvidence()
    for line, texts in enumerate(blocks):
        has_news = by_block.may_learn(texts)
        for text in filter(None, texts):
            by_cell.add(text, line, "open")
            if has_news:
                by_block.add(text, line, "open")

    assert by_block.first == by_cell.first


@given(st.lists(st.text("ab \t\x07\u00a0é", max_size=5).map(str.strip), max_size=5))
def test_a_column_is_put_on_one_line_as_its_cells_are(texts: list[str]) -> None:
    assert list(one_lines(texts)) == [one_line(text) for text in texts]


@given(st.text(max_size=20), st.sampled_from(list(Decimals)))
def test_no_text_breaks_the_reader_of_amounts(text: str, decimals: Decimals) -> None:
    try:
        amount = AmountReader(decimals).read(text.strip() or "0", "open")
    except RecordError:
        return

    assert amount.value.is_finite()
    assert (
        text.isascii()
        or any(mark in text for mark in "\u2212€\u00a0\u202f\u2009\u2013\u2014")
        or text.strip().isascii()
    )


@given(st.dates(min_value=date(1971, 1, 1), max_value=date(2069, 12, 31)))
def test_a_date_is_read_as_it_is_written(day: date) -> None:
    written = {
        Shape.ISO: f"{day:%Y-%m-%d}",
        Shape.DAY_FIRST: f"{day.day}-{day.month}-{day.year % 100:02d}",
        Shape.MONTH_FIRST: f"{day:%m/%d/%Y}",
        Shape.COMPACT: f"{day:%Y%m%d}",
        Shape.SERIAL: str((day - date(1899, 12, 30)).days),
    }

    assert {shape: DateReader("due", shape).read(text) for shape, text in written.items()} == (
        dict.fromkeys(written, day)
    )


@given(
    account=st.integers(0, 10**10 - 1),
    bank=st.sampled_from(["ABNA", "INGB", "RABO"]),
    off=st.integers(0, 98),
)
def test_a_dutch_account_is_checked_as_the_library_checks_it(
    account: int, bank: str, off: int
) -> None:
    number = f"NL{off:02}{bank}{account:010}"

    good, bad = read_contact({"iban": f"{number[:4]} {number[4:]}"})

    assert iban.is_valid(number) == (good.get("iban") == number) == (not bad)


@given(text=st.from_regex(r"\A[0-9]{4} ?[A-Za-z]{2}\Z"), country=st.sampled_from(["", "NL"]))
def test_a_dutch_postcode_is_checked_as_the_library_checks_it(text: str, country: str) -> None:
    good, bad = read_contact({"postcode": text, "country": country})

    if postcode.is_valid(text):
        assert good["postcode"] == postcode.validate(text)
    else:
        assert bad == ("postcode",) or (not country and text.startswith("0"))
