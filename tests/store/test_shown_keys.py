"""What a pull showed is known exactly, and takes little memory."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from connector.store.running import ShownKeys, _is_on

KEYS = st.lists(st.text(max_size=3), max_size=30)


@given(KEYS, KEYS, KEYS)
def test_just_the_keys_that_were_shown_are_known(
    first: list[str], second: list[str], others: list[str]
) -> None:
    shown = ShownKeys()
    shown.update(first, second)

    asked = {*first, *second, *others}
    assert {key for key in asked if key in shown} == {*first, *second}


def test_half_a_character_may_stand_in_a_key() -> None:
    shown = ShownKeys()
    shown.update(["F\ud800"])

    assert ("F\ud800" in shown, "F\ud801" in shown) == (True, False)


def test_the_end_of_one_and_the_begin_of_the_next_are_no_key() -> None:
    one, other = bytes(range(16)), bytes(range(16, 32))

    assert not _is_on(one + other, (one + other)[8:24])


def test_a_key_is_found_behind_such_a_likeness() -> None:
    one, other = bytes(range(16)), bytes(range(16, 32))
    between = (one + other)[8:24]

    assert _is_on(one + other + between, between)


def test_a_hundred_thousand_keys_take_a_few_megabytes() -> None:
    tracemalloc.start()
    shown = ShownKeys()
    for _ in range(2):  # a second time they take no more
        for start in range(0, 100_000, 1000):
            shown.update(f"R/{number:018}" for number in range(start, start + 1000))
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert used < 3_000_000
