"""Rows that are read together are read as each by itself."""

import csv
import tempfile
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.csv.block_mapping import BlockMapper
from adapters.csv.bulk import in_bulk
from adapters.csv.columns import resolve
from adapters.csv.dates import DateReader, Shape
from adapters.csv.fields import DATES, FIELDS
from adapters.csv.mapping import ItemMapper
from adapters.csv.numbers import AmountReader, Decimals
from adapters.csv.probe import Probe, probe
from adapters.csv.reader import Table
from adapters.csv.reading import Reading
from adapters.csv.sheet import Block, Grid
from connector.port.errors import RecordError, RefusedError
from connector.port.money import Money
from connector.port.records import ItemRecord, Ledger
from tests.adapters.csv.folders import MAAN, maan, make_adapter, run

CELLS = {
    "party_ref": ["10001", "De  Wit", ""],
    "number": ["F1", "0", "1E+5", "F\n1", "", "007"],
    "issued": ["2026-09-01", "2026-09-02", "", "x"],
    "due": ["2026-10-01", "2026-08-01", ""],
    "open": ["10,00", "121", "0", "-5,00", "1.000,00", "x", "", "1\n2"],
    "total": ["10,00", "121,00", "5", "-5,00", "x", ""],
    "vat": ["2,10", "-1", "", "x"],
    "currency": ["EUR", "JPY", "KWD", "", "x"],
    "document": ["", "factuur", "credit", "x"],
    "paid": ["", "0", "5,00"],
    "term": ["", "1", "2", "x"],
    "dc": ["D", ""],
    "paid_on": ["", "2026-09-09", "x"],
    "disputed": ["", "ja", "nee", "misschien"],
    "reminders": ["", "2", "veel"],
    "basis": ["", "huur", "x"],
    "tags": ["", "a;b"],
    "reference": ["", "100  %", "é"],
    "description": ["Levering 1", "Levering 2"],
    "bsn": ["123456782"],
}
NEEDED = ("party_ref", "number")
OTHERS = tuple(name for name in CELLS if name not in NEEDED)


def make_mapper(*names: str, **reading: Any) -> ItemMapper:
    facts: dict[str, Any] = {
        "file": "receivables.csv",
        "ledger": Ledger.RECEIVABLE,
        "columns": resolve(names, {}, {name: (name,) for name in names if name in FIELDS}),
        "amounts": AmountReader(Decimals.COMMA),
        "dates": {name: DateReader(name, Shape.ISO) for name in DATES if name in names},
        "today": date(2026, 11, 22),
        **reading,
    }
    return ItemMapper(Reading(**facts))


def make_block(rows: list[list[str]]) -> Block:
    return Block(range(2, 2 + len(rows)), list(zip(*rows, strict=True)))


@st.composite
def files(draw: st.DrawFn) -> tuple[ItemMapper, list[list[str]]]:
    """A file with some columns, in which most cells are as they should be."""
    names = [*NEEDED, *draw(st.lists(st.sampled_from(OTHERS), unique=True, max_size=9))]
    if draw(st.booleans()):
        names = list(dict.fromkeys([*names, "issued", "due", "open"]))
    mapper = make_mapper(
        *names,
        ledger=draw(st.sampled_from(Ledger)),
        reversed_sign=draw(st.sampled_from([False, False, False, True])),
    )
    cells = [
        st.one_of(st.just(CELLS[name][0]), st.just(CELLS[name][0]), st.sampled_from(CELLS[name]))
        for name in names
    ]
    return mapper, draw(st.lists(st.tuples(*cells).map(list), min_size=1, max_size=6))


def by_row(mapper: ItemMapper, line: int, row: list[str]) -> object:
    try:
        return mapper.item(line, row)
    except RecordError as fault:
        return fault.code


@settings(deadline=None, max_examples=400)
@given(files())
def test_what_a_block_reads_each_row_says_without_a_doubt(
    file: tuple[ItemMapper, list[list[str]]],
) -> None:
    mapper, rows = file

    items = BlockMapper(mapper).items(make_block(rows))

    assert len(items) == len(rows)
    for at, (item, row) in enumerate(zip(items, rows, strict=True)):
        if item is not None:
            assert repr((item, ())) == repr(by_row(mapper, at + 2, row))


PLAIN = {
    "party_ref": "10001",
    "number": "F1",
    "issued": "2026-09-01",
    "due": "2026-10-01",
    "open": "10,00",
    "total": "12,00",
    "vat": "2,10",
    "currency": "EUR",
    "document": "factuur",
    "paid": "",
    "term": "1",
    "paid_on": "2026-09-09",
    "disputed": "ja",
    "reminders": "2",
    "basis": "huur",
    "reference": "",
    "bsn": "123456782",
}


@pytest.mark.parametrize("ledger", list(Ledger))
def test_plain_rows_are_read_together(ledger: Ledger) -> None:
    rows = [list({**PLAIN, "number": f"F{n}"}.values()) for n in range(3)]
    mapper = make_mapper(*PLAIN, ledger=ledger)

    items = BlockMapper(mapper).items(make_block(rows))

    assert items == [mapper.item(at + 2, row)[0] for at, row in enumerate(rows)]


@pytest.mark.parametrize(
    "cells",
    [
        {"party_ref": ""},
        {"party_ref": "De  Wit"},
        {"number": ""},
        {"number": "1E+5"},
        {"issued": ""},
        {"due": "2026-08-01"},
        {"open": ""},
        {"open": "0"},
        {"open": "-1"},
        {"open": "12,01"},
        {"total": "9,99"},
        {"total": "x"},
        {"vat": "x"},
        {"currency": "JPY"},
        {"currency": "x"},
        {"document": "credit"},
        {"paid": "2,00"},
        {"term": "2"},
        {"paid_on": "x"},
        {"disputed": "misschien"},
        {"reminders": "veel"},
        {"basis": "x"},
    ],
)
def test_a_row_in_doubt_is_left_out_and_its_neighbours_are_not(cells: dict[str, str]) -> None:
    rows = [list(row.values()) for row in (PLAIN, {**PLAIN, **cells}, PLAIN)]

    items = BlockMapper(make_mapper(*PLAIN)).items(make_block(rows))

    assert [item is None for item in items] == [False, True, False]


@pytest.mark.parametrize(
    ("columns", "reading"),
    [
        (("party_ref", "number", "total"), {}),
        (("party_ref", "number", "open", "dc"), {}),
        (("party_ref", "number", "open"), {"reversed_sign": True}),
    ],
)
def test_a_file_in_which_open_does_not_say_it_all_goes_row_by_row(
    columns: tuple[str, ...], reading: dict[str, Any]
) -> None:
    row = ["10001", "F1", "10,00", "D"][: len(columns)]

    assert BlockMapper(make_mapper(*columns, **reading)).items(make_block([row])) == [None]


def test_a_total_that_is_what_is_open_is_the_same_money() -> None:
    row = list({**PLAIN, "total": PLAIN["open"]}.values())

    (item,) = BlockMapper(make_mapper(*PLAIN)).items(make_block([row]))

    assert item is not None
    assert item.total is item.open


AMOUNTS = st.lists(
    st.one_of(
        st.from_regex(r"\A-?[0-9]{1,4}(,[0-9]{2})?\Z"),
        st.text("019.,-\n", max_size=6),
    ),
    min_size=1,
    max_size=4,
)


@given(AMOUNTS, st.sampled_from(list(Decimals)))
def test_a_column_of_amounts_is_read_as_its_cells_are(texts: list[str], decimals: Decimals) -> None:
    reader = AmountReader(decimals)

    assert repr(reader.plain_column(texts)) == repr([reader.plain(text) for text in texts])


ROWS = st.lists(
    st.one_of(
        st.builds(
            maan,
            st.sampled_from(["F1", "F2", "F3", "F4", "S5", ""]),
            open_=st.sampled_from(["1,00", "2,50", "-3", "x"]),
            name=st.sampled_from(["De Wit", "Smit", '"a\nb"']),
        ),
        st.sampled_from(["", ";;;;;;", MAAN, "Pagina 1;;;;;;", "Totaal;;;;;;3,50", "10001;;F9"]),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=150)
@given(ROWS, st.sampled_from([MAAN, MAAN.replace("party_ref;party_name", "party_name;party_ref")]))
def test_a_file_read_by_column_says_what_it_says_row_by_row(rows: list[str], header: str) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        text = "\n".join([header, *rows]) + "\n"
        (Path(name) / "receivables.csv").write_text(text, encoding="utf-8")
        by_column = run(make_adapter(Path(name)))
        patch.setattr(Grid, "_plain", lambda *_: None)
        one_by_one = run(make_adapter(Path(name)))

    assert repr(by_column) == repr(one_by_one)


TEXTS = st.lists(
    st.lists(st.text('ab"\n\r;', max_size=4), min_size=1, max_size=3), min_size=1, max_size=7
)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 4), st.sampled_from(["", 'a"b\n', '"']), st.booleans())
def test_each_row_knows_its_line_whatever_the_size_of_a_block(
    rows: list[list[str]], size: int, damage: str, long_lines: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "receivables.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";", lineterminator="\n").writerows(rows)
            stream.write(damage)
        expected, found = Seen(), Seen()
        one_by_one(path, expected)
        table = Table(path=path, probe=Probe(encoding="utf-8", long_lines=long_lines))
        try:
            for lines, block in table.blocks(";", size):
                found.rows += zip(lines, block, strict=True)
        except RefusedError as fault:
            found.fault = fault.facts["line"]

    assert found == expected


@dataclass
class Seen:
    """The rows of a file, and where it breaks."""

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    fault: object = None


def one_by_one(path: Path, seen: Seen) -> None:
    with path.open(encoding="utf-8", newline="\n") as stream:
        reader = csv.reader(stream, delimiter=";", strict=True)
        line = 1
        try:
            for row in reader:
                seen.rows.append((line, row))
                line = reader.line_num + 1
        except csv.Error:
            seen.fault = line


@pytest.mark.parametrize("before", [0, 1, (1 << 18) - 5_000, (1 << 18) - 1, 1 << 18])
@pytest.mark.parametrize(("length", "is_long"), [(9_999, False), (10_000, True)])
def test_a_long_line_is_seen_wherever_it_stands(
    tmp_path: Path, before: int, length: int, is_long: bool
) -> None:
    path = tmp_path / "receivables.csv"
    lines = ["x" * 99] * (before // 100) + ["x" * (before % 100)]
    path.write_text("\n".join([*lines, "y" * length, "z"]) + "\n", encoding="utf-8", newline="")

    assert probe(path, None).long_lines is is_long


def test_records_made_together_are_as_if_made_one_by_one() -> None:
    amounts = [Decimal(1), Decimal(2)]

    made = in_bulk(Money, 2, {"amount": amounts, "currency": ["EUR", "USD"]})

    assert made == [Money(Decimal(1), "EUR"), Money(Decimal(2), "USD")]


def test_what_a_record_is_not_told_is_its_default() -> None:
    facts: dict[str, Any] = {
        "id": "R/F1", "ledger": Ledger.RECEIVABLE, "number": "F1", "party": "1",
        "document": "invoice", "issued": None, "due": None, "open": Money.zero("EUR"),
    }  # fmt: skip

    one, other = in_bulk(ItemRecord, 2, {name: [value] * 2 for name, value in facts.items()})

    assert one == other == ItemRecord(**facts)
    assert one.raw is not other.raw


def test_a_record_that_lacks_a_field_is_not_made() -> None:
    with pytest.raises(TypeError, match="currency"):
        in_bulk(Money, 1, {"amount": [Decimal(1)]})


def test_a_record_that_checks_itself_is_not_made_together() -> None:
    with pytest.raises(TypeError, match="one by one"):
        in_bulk(Strict, 1, {"amount": [1]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict:
    """A record with a check."""

    amount: int

    def __post_init__(self) -> None:
        """Refuse nothing."""
