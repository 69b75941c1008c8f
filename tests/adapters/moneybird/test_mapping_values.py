from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.moneybird.values import kept_version, local_day, number_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-08-20T22:30:00.000Z", date(2026, 8, 21)),
        ("2026-08-21T00:30:00.000+02:00", date(2026, 8, 21)),
        ("2026-12-20T22:30:00", date(2026, 12, 20)),
        ("soon", None),
    ],
)
def test_instant_falls_on_a_day_in_the_netherlands(text: str, day: date | None) -> None:
    assert local_day(text) == day


@pytest.mark.parametrize(
    ("value", "number"),
    [("7", 7), (7, 7), (Decimal(7), 7), (None, 0), (True, 0), ("x", 0), (Decimal("NaN"), 0)],
)
def test_number_is_read_from_text_or_number(value: object, number: int) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize("age", [-300, -1, 0, 1, 2])
def test_version_close_to_our_reading_is_read_again(age: int) -> None:
    version = SECOND - age

    assert kept_version(version, NOW + timedelta(milliseconds=1)) == version - 1


@pytest.mark.parametrize("age", [3, 1000, -301])
def test_other_versions_are_kept(age: int) -> None:
    assert kept_version(SECOND - age, NOW) == SECOND - age
