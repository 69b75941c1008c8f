import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.policy.yaml_lines import DEEPEST, LARGEST, Place, read_yaml

SIGNS = list("abc:-?[]{}#&*!|>'\"%@` \n\t,.~\\x0U1\r\u2028\ufeff<=")


def codes(text: str) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.line, fault.column) for fault in read_yaml(text).faults]


def test_scalars_stay_the_text_that_was_written() -> None:
    document = read_yaml(
        "a: 15.00\nb: 2026-12-15\nc: nee\nd: 1e3\ne: 'true'\nf: true\ng: FALSE\nh: 09:00-17:00\n"
    )

    assert document.data == {
        "a": "15.00", "b": "2026-12-15", "c": "nee", "d": "1e3", "e": "true", "f": True, "g": False,
        "h": "09:00-17:00",
    }  # fmt: skip
    assert document.faults == ()


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null"])
def test_key_with_nothing_behind_it_is_left_out_but_has_a_place(nothing: str) -> None:
    document = read_yaml(f"a: 1\nb: {nothing}\n")

    assert document.data == {"a": "1"}
    assert document.empty == {("b",)}
    assert document.positions.key(("b",)) == Place(2, 1)


def test_quoted_empty_text_is_a_text() -> None:
    assert read_yaml("a: ''").data == {"a": ""}


def test_places_of_keys_and_values_count_from_one() -> None:
    positions = read_yaml("a:\n  - {b: c}\n  - d\n").positions

    assert positions.key(("a", 0, "b")) == Place(2, 6)
    assert positions.value(("a", 0, "b")) == Place(2, 9)
    assert positions.value(("a", 1)) == Place(3, 5)
    assert positions.key(("a", 1)) == Place(3, 5)


def test_unknown_place_falls_back_to_what_holds_it() -> None:
    positions = read_yaml("a:\n  b: c\n").positions

    assert positions.value(("a", "x", 3)) == Place(2, 3)
    assert read_yaml("").positions.value(("a",)) == Place(1, 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ("yaml_empty", 1, 1)),
        ("# alleen uitleg\n", ("yaml_empty", 1, 1)),
        ("- a\n- b\n", ("yaml_top", 1, 1)),
        ("tekst\n", ("yaml_top", 1, 1)),
        ("a:\n\t- b\n", ("yaml_tab", 2, 1)),
        ("a: 1\nb: 'c\n", ("yaml_quote", 2, 4)),
        ("a: [1, 2\n", ("yaml_bracket", 1, 4)),
        ("a: {b: 1\n", ("yaml_bracket", 1, 4)),
        ("a: b: c\n", ("yaml_colon", 1, 5)),
        ("a\nb: 1\n", ("yaml_colon", 2, 2)),
        ("a: @b\n", ("yaml_sign", 1, 4)),
        (" a: 1\nb: 2\n", ("yaml_indent", 2, 1)),
        ("a: |\n  b\n c\n", ("yaml_indent", 3, 2)),
        ("a: 1\na: 2\n", ("yaml_duplicate_key", 2, 1)),
        ("a: &x 1\n", ("yaml_alias", 1, 4)),
        ("a: &\n", ("yaml_alias", 1, 5)),
        ("a: *b\n", ("yaml_alias", 1, 4)),
        ("a: !!python/object:os.system b\n", ("yaml_tag", 1, 4)),
        ("? [a]\n: {b: [c]}\n", ("yaml_key", 1, 3)),
        (": a\n", ("yaml_key", 1, 1)),
        ("a: 1\n---\nb: 2\n", ("yaml_documents", 2, 1)),
        ("a: 1\nb\x00c\n", ("yaml_character", 2, 2)),
        ("%YAML 9.9\n---\na: 1\n", ("yaml_syntax", 1, 1)),
        ('a: "\\q"\n', ("yaml_syntax", 1, 6)),
        ('a: "\\UFFFFFFFF"\n', ("yaml_syntax", 1, 1)),
        ("a: " + "[" * 30 + "]" * 30, ("yaml_deep", 1, DEEPEST + 4)),
        ("? " + "[" * 30 + "]" * 30, ("yaml_deep", 1, DEEPEST + 3)),
        ("a" * (LARGEST + 1), ("yaml_large", 1, 1)),
    ],
)
def test_fault_of_form_has_its_line_and_column(text: str, fault: tuple[str, int, int]) -> None:
    assert codes(text) == [fault]


def test_a_repeated_key_keeps_the_first_value() -> None:
    assert read_yaml("a: 1\na: {b: [c]}\n").data == {"a": "1"}


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{k}: &{k} [*{p}, *{p}]\n" for p, k in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert {code for code, _, _ in codes(bomb)} == {"yaml_alias"}


def test_a_tag_that_is_long_is_shown_short() -> None:
    (fault,) = read_yaml(f"a: !{'x' * 100} b\n").faults

    assert len(str(fault.facts["found"])) == 60


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read_yaml("\ufeffa: 1").data == {"a": "1"}


@given(st.text(max_size=200) | st.text(alphabet=SIGNS, max_size=60))
def test_no_text_raises(text: str) -> None:
    document = read_yaml(text)

    assert document.data is not None or document.faults
    assert all(fault.line >= 1 and fault.column >= 1 for fault in document.faults)
