"""A block of items is stored as its items are, one by one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.port.errors import StoreError
from connector.port.money import Money
from connector.port.records import Document, End, ItemId, ItemRecord, Ledger, PartyRef
from connector.store.item_rows import item_rows
from connector.store.rows import item_values


class Basis(StrEnum):
    RENT = "rent"


TEXTS = st.one_of(
    st.sampled_from(["F1", "de's", 'a"b', "a\\b", "é", "100 %s", "\x00", "\ud800", "a\nb", ""]),
    st.text(max_size=6),
)
MAYBE = st.one_of(st.none(), TEXTS, st.just(Basis.RENT))
DAYS = st.one_of(st.none(), st.sampled_from([date(2026, 9, 1), date(2026, 10, 1)]))
AMOUNTS = st.sampled_from(["121.00", "121", "-5.10", "0", "0.001", "1E30", "NaN", "Infinity"])
MONEY = st.builds(
    Money, st.one_of(st.just("1.00"), AMOUNTS).map(Decimal), st.sampled_from(["EUR", "USD", "JPY"])
)
RAW = st.one_of(
    st.fixed_dictionaries({"Factuur %": TEXTS, "open": TEXTS, "_file": TEXTS, "_line": st.integers()}),
    st.fixed_dictionaries({"_file": st.just("a.csv"), "open": st.sampled_from(["1", "2"])}),
    st.dictionaries(TEXTS, st.one_of(TEXTS, st.none(), st.integers()), max_size=2),
    st.just({"_line": 3}),
    st.fixed_dictionaries({"id": TEXTS, "contact": st.fixed_dictionaries({"id": TEXTS}), "_line": st.integers()}),
)  # fmt: skip
ITEMS = st.builds(
    ItemRecord,
    id=TEXTS.map(ItemId), ledger=st.sampled_from(Ledger), number=TEXTS, term=st.integers(1, 3),
    party=TEXTS.map(PartyRef), document=st.sampled_from(Document), issued=DAYS, due=DAYS,
    open=MONEY, total=st.one_of(st.none(), MONEY), vat=st.one_of(st.none(), MONEY),
    end=st.one_of(st.none(), st.sampled_from(End)), reference=MAYBE, basis=MAYBE, sent_on=DAYS,
    reminders_sent=st.integers(0, 2), disputed=st.booleans(),
    tags=st.lists(TEXTS, max_size=2).map(tuple), raw=RAW,
)  # fmt: skip


def make_item(number: str = "F1", **said: Any) -> ItemRecord:
    facts: dict[str, Any] = {
        "id": f"R/{number}",
        "ledger": Ledger.RECEIVABLE,
        "number": number,
        "party": "10001",
        "document": Document.INVOICE,
        "issued": date(2026, 9, 1),
        "due": date(2026, 10, 1),
        "open": Money(Decimal("121.00"), "EUR"),
        "raw": {"number": number, "_file": "a.csv", "_line": 2},
        **said,
    }
    return ItemRecord(**facts)


def outcome(records: list[ItemRecord], *, one_by_one: bool) -> object:
    try:
        if one_by_one:
            return [item_values(record, "jansen-bv") for record in records]
        return item_rows(records, "jansen-bv")
    except StoreError as fault:
        return fault.code, fault.facts


@given(st.lists(ITEMS, max_size=4))
def test_a_block_of_any_items_is_as_its_items_are(records: list[ItemRecord]) -> None:
    assert outcome(records, one_by_one=False) == outcome(records, one_by_one=True)


@given(ITEMS, st.lists(st.fixed_dictionaries(
    {}, optional={
        "number": TEXTS, "reference": MAYBE, "due": DAYS, "total": MONEY, "open": MONEY,
        "basis": MAYBE, "raw": RAW, "disputed": st.sampled_from([0, False]),
    }
), max_size=4))  # fmt: skip
def test_a_block_of_items_that_differ_little_is_as_its_items_are(
    record: ItemRecord, others: list[dict[str, Any]]
) -> None:
    records = [record, *(replace(record, **said) for said in others)]

    assert outcome(records, one_by_one=False) == outcome(records, one_by_one=True)


@pytest.mark.parametrize(
    "said",
    [
        {"party": "F\x002"},
        {"reference": "\ud800"},
        {"raw": {"number": "\ud800", "_file": "a.csv", "_line": 3}},
        {"open": Money(Decimal("0.001"), "EUR")},
        {"open": Money(Decimal("NaN"), "EUR")},
        {"open": Money(Decimal("1E30"), "EUR")},
        {"vat": Money(Decimal(1), "USD")},
    ],
)
def test_what_one_item_may_not_hold_no_block_may(said: dict[str, Any]) -> None:
    records = [make_item("F1"), make_item("F2", **said), make_item("F3")]

    with pytest.raises(StoreError, match="record_refused"):
        item_rows(records, "jansen-bv")


@pytest.mark.parametrize(
    "raws",
    [
        [{"open": "1"}, {"open": "2"}],
        [{"open": "1"}, {"open": None}],
        [{"open": "1", "_line": 1}, {"open": 2, "_line": 2}],
        [{"_file": "a.csv", "_line": 1}, {"_file": "b.csv", "_line": 2}],
        [{"open": "1", "%s": "a"}, {"open": "1", "%s": 'b"'}],
        [{}, {}],
        [{"open": "1", "paid": "2"}, {"paid": "1", "open": "2"}],
    ],
)
def test_a_block_of_any_raw_records_is_as_they_are(raws: list[dict[str, object]]) -> None:
    records = [make_item(f"F{n}", raw=raw) for n, raw in enumerate(raws)]

    assert outcome(records, one_by_one=False) == outcome(records, one_by_one=True)


@pytest.mark.parametrize(
    "said",
    [
        {"open": Money(Decimal(121), "JPY")},
        {"open": Money(Decimal("121.000"), "KWD")},
        {"basis": Basis.RENT},
    ],
)
def test_an_item_unlike_its_neighbours_is_as_it_is_by_itself(said: dict[str, Any]) -> None:
    records = [make_item("F1", basis="sale"), make_item("F2", **{"basis": "sale", **said})]

    assert outcome(records, one_by_one=False) == outcome(records, one_by_one=True)


def test_a_block_of_plain_items_is_read_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [make_item(f"F{n}") for n in range(3)]
    expected = [item_values(record, "jansen-bv") for record in records]
    monkeypatch.setattr("connector.store.item_rows.item_values", None)

    assert item_rows(records, "jansen-bv") == expected


def test_a_block_of_nested_raw_records_is_read_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    raws = [{"id": str(n), "contact": {"id": "7"}, "lines": [n], "_line": n} for n in range(3)]
    records = [make_item(f"F{n}", raw=raw) for n, raw in enumerate(raws)]
    expected = [item_values(record, "jansen-bv") for record in records]
    monkeypatch.setattr("connector.store.item_rows.item_values", None)

    assert item_rows(records, "jansen-bv") == expected


@pytest.mark.parametrize("odd", [object(), "\ud800", float("nan")])
def test_a_nested_raw_record_that_no_item_may_hold_no_block_may(odd: object) -> None:
    records = [make_item("F1", raw={"a": {"b": 1}}), make_item("F2", raw={"a": {"b": odd}})]

    assert outcome(records, one_by_one=False) == outcome(records, one_by_one=True)
    with pytest.raises(StoreError, match="record_refused"):
        item_rows(records, "jansen-bv")
