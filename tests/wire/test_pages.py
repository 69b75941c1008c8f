import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.port.errors import AdapterError, ContractChangedError, UnavailableError
from connector.wire.pages import LoopGuard, next_link, objects

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(*chunks: bytes) -> list[dict[str, Any]]:
    return list(objects(iter(chunks), endpoint="list"))


@given(
    st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=6),
    st.integers(1, 40),
    st.sampled_from([{"separators": (",", ":")}, {"indent": 1}, {}]),
    st.booleans(),
)
def test_list_cut_anywhere_is_read_as_a_whole(
    rows: list[dict[str, Any]], size: int, form: dict[str, Any], escaped: bool
) -> None:
    body = json.dumps(rows, ensure_ascii=escaped, **form).encode()
    chunks = [body[at : at + size] for at in range(0, len(body), size)]

    assert read(*chunks) == rows


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=4), st.data())
def test_list_that_breaks_off_anywhere_is_noticed(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    body = json.dumps(rows, separators=(",", ":")).encode()
    end = data.draw(st.integers(0, len(body) - 1))

    with pytest.raises(UnavailableError) as error:
        read(body[:end])
    assert error.value.code == "wire_truncated"


def test_amounts_are_decimals() -> None:
    assert read(b'[{"price":0.1}]') == [{"price": Decimal("0.1")}]


def test_lists_within_the_objects_are_no_obstacle() -> None:
    row = {"id": "},{", "details": [{"price": 1}, {"price": 2}], "note": '},{"id":'}
    body = json.dumps([row] * 200, separators=(",", ":")).encode()
    chunks = [body[at : at + 700] for at in range(0, len(body), 700)]

    assert read(*chunks) == [row] * 200


@pytest.mark.parametrize("odd", [b"5", b"null", b"[]"])
def test_odd_element_between_objects_comes_after_what_was_right(odd: bytes) -> None:
    seen = []
    with pytest.raises(AdapterError):  # noqa: PT012
        for row in objects(iter([b'[{"id":1},' + odd + b',{"id":2},{"id":3}]']), endpoint="list"):
            seen.append(row)  # noqa: PERF402  # kept although the list ends badly

    assert seen == [{"id": 1}]


def test_object_larger_than_the_pieces_is_read() -> None:
    body = json.dumps([{"text": "x" * 1_000_000}]).encode()
    chunks = [body[at : at + 1000] for at in range(0, len(body), 1000)]

    assert len(read(*chunks)[0]["text"]) == 1_000_000


def test_objects_are_handed_over_before_the_list_is_complete() -> None:
    def arriving() -> Iterator[bytes]:
        yield b'[{"id":1},{"id'
        raise UnavailableError("wire_truncated")

    rows = objects(arriving(), endpoint="list")

    assert next(rows) == {"id": 1}


def test_trouble_of_the_line_passes_through() -> None:
    def arriving() -> Iterator[bytes]:
        yield b'[{"id":1},{"id'
        raise UnavailableError("line_gone")

    with pytest.raises(UnavailableError, match="line_gone"):
        list(objects(arriving(), endpoint="list"))


def test_no_more_of_the_body_is_kept_than_is_needed() -> None:
    row = b'{"id":"123456789012345678","version":1786108940}'
    rows = objects(iter([b"[", *([row + b","] * 1000), row + b"]"]), endpoint="list")
    frame = rows.gi_frame  # type: ignore[attr-defined]  # a generator
    kept = max(len(frame.f_locals["self"]._text) for _ in rows if frame.f_locals)

    assert kept < 10 * len(row)


def test_endless_object_is_given_up_before_the_memory_is_full() -> None:
    pieces = iter([b'[{"text":"', *[b"x" * 2**20] * 64])
    with pytest.raises(UnavailableError, match="wire_truncated"):
        list(objects(pieces, endpoint="list"))

    assert next(pieces, None) is not None


@pytest.mark.parametrize(
    "body",
    [
        b'[{"id":1},]',
        b'[{"id":1}}',
        b'[{"id":1} {"id":2}]',
        b'[{"id":1}]]',
        b'[{"id":1}] and more',
        b"[,]",
        b'[{"id":NaN}]',
        b'[{"id":"\xff"}]',
        b'[{"id":1}]\xff',
        b"[" + b'{"a":' * 100_000,
        b"",
        b"  ",
    ],
)
def test_broken_list_is_never_taken_for_a_whole_one(body: bytes) -> None:
    with pytest.raises(UnavailableError) as error:
        read(body)
    assert error.value.code == "wire_truncated"


@pytest.mark.parametrize(
    "body", [b'{"error":"no"}', b"<html>", b"200", b"null", b"[1]", b'["a"]', b"[[]]", b"[null]"]
)
def test_answer_that_is_no_list_of_objects_is_another_contract(body: bytes) -> None:
    with pytest.raises(ContractChangedError) as error:
        read(body)
    assert error.value.code == "wire_no_list"


@pytest.mark.parametrize(
    ("header", "link"),
    [
        ('<https://a.nl/x?page=2>; rel="next"', "https://a.nl/x?page=2"),
        ('<https://a.nl/x?page=1>; rel="prev", </y,z;q?page=3>; rel="next"', "/y,z;q?page=3"),
        ('</x>; title="a, b; c"; rel=next', "/x"),
        ('</x>;REL="last NEXT"', "/x"),
        ('</x>; rel="prev"', None),
        ('</x>; rel="nextish"', None),
        ("</x>; xrel=next", None),
        ("rel=next", None),
        ("", None),
    ],
)
def test_next_page_is_the_link_that_says_so(header: str, link: str | None) -> None:
    assert next_link({"link": header}) == link


def test_last_page_has_no_next() -> None:
    assert next_link({}) is None


def test_going_round_in_circles_is_noticed() -> None:
    guard = LoopGuard(endpoint="list")
    guard.check("/x?page=2")

    with pytest.raises(ContractChangedError, match="wire_loop"):
        guard.check("/x?page=2")
