import base64
import json
import zlib
from array import array
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.moneybird.cursor import Cursor, Ledger
from adapters.moneybird.endpoints import Resource
from adapters.moneybird.mapping import Workflow
from adapters.moneybird.table import (
    AGAIN,
    DROPPED,
    Table,
    decode,
    distinct,
    encode,
    lay_over,
    pieces,
)
from connector.port.errors import ContractChangedError

NUMBERS = st.integers(min_value=0, max_value=2**63 - 1)
ROWS = st.lists(st.tuples(NUMBERS, st.integers(-1, 2**40), NUMBERS), max_size=60)
SMALL = st.lists(st.tuples(st.integers(1, 30), st.integers(-1, 9), st.integers(0, 9)), max_size=40)


def table(*rows: tuple[int, int, int]) -> Table:
    return Table(rows).sort()


def cursor() -> Cursor:
    made = Cursor(administration="123")
    made.workflows = {"7": Workflow(reminds=True, collects=False)}
    made.workflows_on = date(2026, 11, 26)
    made.leave = True
    for row in ((5, 50, 10), (3, 30, 11)):
        made.known[Resource.SALES].put(*row)
    made.known[Resource.CONTACTS].put(10, 1, 300)
    return made


def settled(known: Cursor) -> dict[Resource, list[tuple[int, int, int]]]:
    for ledger in known.known.values():
        ledger.settle()
    return {name: [*ledger.base] for name, ledger in known.known.items()}


@given(ROWS)
def test_table_comes_back_from_its_text(rows: list[tuple[int, int, int]]) -> None:
    known = Table(rows).sort()

    assert decode(encode(known)) == known


@given(ROWS)
def test_sorting_keeps_the_last_row_of_an_id(rows: list[tuple[int, int, int]]) -> None:
    last = {row[0]: row for row in rows}

    assert [*Table(rows).sort()] == [last[id_] for id_ in sorted(last)]


def test_long_table_is_sorted_across_blocks() -> None:
    rows = [((n * 7919) % 20_000, n, 0) for n in range(40_000)]

    assert [*Table(rows).sort()] == sorted({row[0]: row for row in rows}.values())


@given(SMALL, SMALL, st.sets(st.integers(1, 30)))
def test_laying_over_replaces_adds_and_drops(
    base: list[tuple[int, int, int]], patch: list[tuple[int, int, int]], dropped: set[int]
) -> None:
    rows = [*patch, *((id_, DROPPED, 0) for id_ in dropped)]
    expected = {row[0]: row for row in [*base, *patch] if row[0] not in dropped}

    made = lay_over(Table(base).sort(), Table(rows).sort())

    assert [*made] == [expected[id_] for id_ in sorted(expected)]


@given(st.lists(st.integers(0, 50), max_size=80))
def test_distinct_numbers_come_in_order_without_nought(numbers: list[int]) -> None:
    half = len(numbers) // 2
    columns = [array("q", numbers[:half]), array("q", numbers[half:])]

    assert [*distinct(columns)] == sorted(set(numbers) - {0})


def test_rows_are_found_by_id() -> None:
    known = table((3, 30, 0), (5, 50, 0))

    assert [known.find(id_) for id_ in (3, 4, 5, 6)] == [0, None, 1, None]


def test_pieces_together_are_the_whole() -> None:
    known = Table((n, n, n) for n in range(10))

    assert [len(piece) for piece in pieces(known, 4)] == [4, 4, 2]


def test_id_that_is_too_large_says_that_moneybird_changed() -> None:
    with pytest.raises(ContractChangedError, match="id_too_large"):
        Table().add(2**63, 1)


@pytest.mark.parametrize("text", ["", "x", "AAAA", encode(table((3, 3, 3)))[:-8] + "AAAAAAA="])
def test_damaged_text_is_no_table(text: str) -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode(text)


def test_text_with_ids_out_of_order_is_no_table() -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode(encode(Table([(5, 0, 0), (3, 0, 0)])))


def test_text_with_numbers_that_are_too_large_is_no_table() -> None:
    steps = bytes(7 * 3) + b"\x40" * 3  # three times 2**62, byte by byte of the same weight
    text = base64.b64encode(zlib.compress(steps + bytes(2 * 24))).decode()

    with pytest.raises(ValueError, match="damaged"):
        decode(text)


def test_cursor_comes_back_from_its_text() -> None:
    written = cursor().write()

    read = Cursor.read(written, "123")

    assert read is not None
    assert (read.workflows, read.workflows_on) == (cursor().workflows, date(2026, 11, 26))
    assert (read.leave, settled(read)) == (True, settled(cursor()))


def test_cursor_that_knows_no_workflows_comes_back() -> None:
    read = Cursor.read(Cursor(administration="123").write(), "123")

    assert read == Cursor(administration="123", known=read.known) if read else False


def test_checkpoints_in_between_lose_nothing() -> None:
    known = cursor()
    known.write()
    known.known[Resource.SALES].put(4, 40, 10)
    known.known[Resource.SALES].drop(3)
    known.write()
    known.known[Resource.SALES].put(3, 31, 10)

    read = Cursor.read(known.write(), "123")

    assert read is not None
    assert [*read.known[Resource.SALES].base] == [(3, 31, 10), (4, 40, 10), (5, 50, 10)]


def test_settled_ledger_is_written_as_a_whole_again() -> None:
    ledger = Ledger()
    ledger.put(1, 1)
    ledger.write()
    ledger.settle()

    assert ledger.write() == [encode(table((1, 1, 0)))]


@pytest.mark.parametrize(
    "change",
    [
        {"administration": "124"},
        {"v": 2},
        {"known": {}},
        {"known": {name.value: ["x"] for name in Resource}},
        {"workflows_on": "soon"},
        {"workflows": ["r"]},
    ],
)
def test_cursor_of_something_else_is_none(change: dict[str, object]) -> None:
    text = json.dumps(json.loads(cursor().write()) | change)

    assert Cursor.read(text, "123") is None


@pytest.mark.parametrize("text", ["", "x", "[]", "null", "1", "{}", "[" * 100_000, '"\\ud800"'])
def test_text_that_is_no_cursor_is_none(text: str) -> None:
    assert Cursor.read(text, "123") is None


def test_only_contacts_of_open_items_are_kept() -> None:
    known = cursor()
    known.known[Resource.SALES].settle()
    known.known[Resource.CONTACTS].put(99, 9, 9)

    known.keep_contacts()

    assert [*known.known[Resource.CONTACTS].base] == [(10, 1, 300), (11, 0, 0)]


def test_version_to_read_again_is_kept() -> None:
    known = cursor()
    known.known[Resource.SALES].put(5, AGAIN, 10)

    assert settled(known)[Resource.SALES][1] == (5, AGAIN, 10)


def test_cursor_of_many_rows_is_short() -> None:
    known = Cursor(administration="123")
    for n in range(20_000):
        known.known[Resource.SALES].put(496081540407625376 + n * 70_001, 1_787_320_245 - n, 10 + n)

    assert len(known.write()) < 20_000 * 20
