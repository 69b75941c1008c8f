"""Exact's dialect: what goes into an address, and the shapes that answers and fields have."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.exact import odata
from adapters.exact.odata import Page
from connector.port.errors import ContractChangedError

KEY = "5C4B2E3A-0D1E-4F20-9A11-2B3C4D5E6F70"


# --- what is asked


def test_a_query_is_encoded_whole() -> None:
    asked = odata.query(select=("ID", "Timestamp"), filter=odata.after(12), top=5)

    assert asked == "$filter=Timestamp%20gt%2012L&$select=ID,Timestamp&$top=5"


def test_nothing_asked_is_an_empty_query() -> None:
    assert odata.query() == ""


@pytest.mark.parametrize("said", ["a&b", "a+b", "a#b", "100%", "a=b?", "één"])
def test_no_text_leaves_its_place_in_the_query(said: str) -> None:
    asked = odata.query(filter=f"Name eq {odata.text(said)}")

    assert [sign for sign in "&+#?é" if sign in asked] == []


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        (odata.guid(KEY), f"guid'{KEY.lower()}'"),
        (odata.int64(12), "12L"),
        (odata.text("Kunst' & Co"), "'Kunst'' & Co'"),
        (odata.instant(date(2026, 11, 2)), "datetime'2026-11-02T00:00:00'"),
        (odata.any_of("ID", [KEY, KEY]), f"ID eq guid'{KEY.lower()}' or ID eq guid'{KEY.lower()}'"),
    ],
)
def test_literals_are_written_as_exact_takes_them(literal: str, written: str) -> None:
    assert literal == written


@pytest.mark.parametrize("value", ["", "x", "' or 1 eq 1", KEY[:-1], f"{KEY}0"])
def test_what_is_no_key_goes_nowhere(value: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        odata.guid(value)


@pytest.mark.parametrize(
    "link",
    ["/api/v1/1/sync/Deleted", "/API/V1/1/sync/deleted?$skiptoken=1", "/api/v1/1/sync%2FDeleted/"],
)
def test_paths_are_compared_without_their_query_and_case(link: str) -> None:
    assert odata.path_of(link) == "/api/v1/1/sync/deleted"


# --- what is answered


@pytest.mark.parametrize(
    ("said", "page"),
    [
        ({"d": {"results": [{"ID": 1}], "__next": "x"}}, Page(rows=({"ID": 1},), next_link="x")),
        ({"d": {"results": [], "__next": None}}, Page(rows=())),
        ({"d": {"results": [{"ID": 1}], "__next": ""}}, Page(rows=({"ID": 1},))),
        ({"d": [{"ID": 1}, {"ID": 2}]}, Page(rows=({"ID": 1}, {"ID": 2}))),
        ({"d": {"ID": 1}}, Page(rows=({"ID": 1},))),
    ],
)
def test_every_shape_of_an_answer_is_understood(said: Any, page: Page) -> None:
    assert odata.page_of(said) == page


@pytest.mark.parametrize(
    "said",
    [None, [], "d", {}, {"d": None}, {"d": False}, {"d": [1]}, {"d": {"results": {}}}, {"d": {"results": [[]]}}, {"d": {"results": [], "__next": 5}}, {"error": {}}],
)  # fmt: skip
def test_another_shape_changes_the_contract(said: Any) -> None:
    with pytest.raises(ContractChangedError, match=r"exact\.envelope"):
        odata.page_of(said)


@pytest.mark.parametrize(
    ("said", "entity"),
    [
        ({"d": {"ID": 1}}, {"ID": 1}),
        ({"d": {"results": [{"ID": 1}]}}, {"ID": 1}),
        ({"d": []}, None),
    ],
)
def test_one_record_may_come_as_a_list(said: Any, entity: object) -> None:
    assert odata.entity_of(said) == entity


def test_two_records_are_not_one() -> None:
    with pytest.raises(ContractChangedError):
        odata.entity_of({"d": [{"ID": 1}, {"ID": 2}]})


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"d": False}, False),
        ({"d": {"UserHasRights": True}}, True),
        ({"d": {"__metadata": {}, "UserHasRights": True}}, True),
        ({"d": None}, None),
    ],
)
def test_a_bare_value_may_be_wrapped(said: Any, value: object) -> None:
    assert odata.scalar_of(said) is value


@pytest.mark.parametrize("said", [{"d": {"a": 1, "b": 2}}, {"d": []}, {"d": {}}, True])
def test_what_is_no_bare_value_is_refused(said: Any) -> None:
    with pytest.raises(ContractChangedError):
        odata.scalar_of(said)


# --- what a field holds


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("/Date(1392163200000)/", date(2014, 2, 12)),
        ("/Date(1351209600000)/", date(2012, 10, 26)),
        ("/Date(1756684800000)/", date(2025, 9, 1)),
        ("/Date(1756684800000+0200)/", date(2025, 9, 1)),
        ("/Date(1756771199999)/", date(2025, 9, 1)),
        ("/Date(-86400000)/", date(1969, 12, 31)),
        ("2025-09-01T00:00:00", date(2025, 9, 1)),
        ("2025-09-01", date(2025, 9, 1)),
        (None, None),
        ("", None),
    ],
)
def test_a_date_is_cut_and_never_shifted(value: object, day: date | None) -> None:
    assert odata.date_of(value) == day


@given(st.dates(), st.integers(0, 86_399_999))
def test_every_moment_of_a_day_is_that_day(day: date, moment: int) -> None:
    ms = (day - date(1970, 1, 1)).days * 86_400_000 + moment

    assert odata.date_of(f"/Date({ms})/") == day


@pytest.mark.parametrize("value", ["x", 5, "/Date()/", "/Date(99999999999999)/ ", "/Date(999999999999999)/", "2025-13-01", "01-09-2025"])  # fmt: skip
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"not a date|month"):
        odata.date_of(value)


@pytest.mark.parametrize(
    ("value", "at"),
    [("/Date(1756723500000)/", datetime(2025, 9, 1, 10, 45)), (None, None)],  # noqa: DTZ001  # Dutch wall-clock
)
def test_an_audit_field_is_wall_clock_time(value: object, at: datetime | None) -> None:
    assert odata.wall_clock_of(value) == at


@pytest.mark.parametrize("value", ["2025-09-01", "/Date(999999999999999)/", 5])
def test_what_is_no_instant_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not an instant"):
        odata.wall_clock_of(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [("9007199254740993", 9007199254740993), (" 12 ", 12), (-5, -5), (Decimal("3.00"), 3), (None, None), ("", None)],
)  # fmt: skip
def test_whole_numbers_may_come_as_text(value: object, number: int | None) -> None:
    assert odata.int_of(value) == number


@pytest.mark.parametrize("value", ["1.5", Decimal("1.5"), "x", True, [], "1e5", "٣"])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        odata.int_of(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [(Decimal("-121.10"), Decimal("-121.10")), ("12.5", Decimal("12.5")), (5, Decimal(5)), (None, None), ("", None)],
)  # fmt: skip
def test_amounts_may_come_as_text(value: object, number: Decimal | None) -> None:
    assert odata.decimal_of(value) == number


@pytest.mark.parametrize("value", ["x", True, "NaN", "Infinity", [], {}])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        odata.decimal_of(value)


@pytest.mark.parametrize(
    ("value", "truth"),
    [(True, True), ("true", True), ("False", False), (0, False), ("1", True), (None, None), ("", None)],
)  # fmt: skip
def test_booleans_may_come_as_text(value: object, truth: bool | None) -> None:
    assert odata.bool_of(value) is truth


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        odata.bool_of("ja")


@pytest.mark.parametrize(
    ("value", "words"), [("            1000", "1000"), ("NL ", "NL"), ("   ", None), (None, None), (12, "12")]
)  # fmt: skip
def test_padding_is_taken_off(value: object, words: str | None) -> None:
    assert odata.text_of(value) == words


def test_a_key_is_read_in_small_letters() -> None:
    assert odata.guid_of(f"{{{KEY}}}") == KEY.lower()
