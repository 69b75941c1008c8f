"""From dispatch to receipt to the last day of a term."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from connector.core.deadlines import deadline, received_on
from connector.core.policy.model import ChannelName, Guards
from tests.core.make_core import business_days, days

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PLAIN = Guards.model_validate({"receipt": {"post": "statutory", "email": "statutory"}})
USUAL = Guards()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("2026-11-23T10:00", date(2026, 11, 23)),
        ("2026-11-23T16:59", date(2026, 11, 23)),
        ("2026-11-23T17:00", date(2026, 11, 24)),
        ("2026-11-20T18:00", date(2026, 11, 23)),  # Friday evening
        ("2026-11-21T10:00", date(2026, 11, 23)),  # Saturday
        ("2026-12-24T18:00", date(2026, 12, 28)),  # over Christmas and the weekend
    ],
)
@pytest.mark.parametrize("channel", [ChannelName.EMAIL, ChannelName.PACKAGE])
def test_mail_arrives_the_same_business_day(
    channel: ChannelName, sent: str, received: date
) -> None:
    assert received_on(channel, local(sent), PLAIN, AMSTERDAM) == received


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("2026-11-24T10:00", date(2026, 11, 26)),  # Tuesday: Wednesday, Thursday
        ("2026-11-26T10:00", date(2026, 11, 28)),  # Thursday: Friday, Saturday
        ("2026-11-27T10:00", date(2026, 12, 1)),  # Friday: Saturday, then Tuesday
        ("2026-11-28T10:00", date(2026, 12, 2)),  # Saturday: Tuesday, Wednesday
        ("2026-05-12T10:00", date(2026, 5, 15)),  # Ascension day does not count
        ("2026-12-23T10:00", date(2026, 12, 29)),  # Thursday, then over Christmas (Fri, Sat)
    ],
)
def test_post_arrives_on_the_second_counting_day(sent: str, received: date) -> None:
    assert received_on(ChannelName.POST, local(sent), PLAIN, AMSTERDAM) == received


def test_policy_lengthens_receipt_by_post() -> None:
    received = received_on(ChannelName.POST, local("2026-11-24T10:00"), USUAL, AMSTERDAM)

    assert received == date(2026, 11, 30)


def test_policy_lengthens_receipt_by_mail() -> None:
    guards = Guards.model_validate({"receipt": {"email": "statutory + 1d"}})
    received = received_on(ChannelName.EMAIL, local("2026-11-24T10:00"), guards, AMSTERDAM)

    assert received == date(2026, 11, 25)


def test_hour_counts_in_the_zone_of_the_administration() -> None:
    late_in_amsterdam = datetime(2026, 7, 1, 15, 30, tzinfo=UTC)

    assert received_on(ChannelName.EMAIL, late_in_amsterdam, PLAIN, AMSTERDAM) == date(2026, 7, 2)


def test_first_day_of_the_term_is_the_day_after_receipt() -> None:
    assert deadline(date(2026, 11, 23), days(14), USUAL) == date(2026, 12, 7)


def test_term_that_ends_on_a_day_off_runs_on() -> None:
    assert deadline(date(2026, 11, 23), days(5), USUAL) == date(2026, 11, 30)
    assert deadline(date(2026, 12, 11), days(14), USUAL) == date(2026, 12, 28)


def test_term_in_business_days() -> None:
    assert deadline(date(2026, 11, 20), business_days(5), USUAL) == date(2026, 11, 27)


def test_no_term_ends_in_a_quiet_window() -> None:
    guards = Guards.model_validate({"quiet": [{"from": "12-21", "to": "01-03"}]})

    assert deadline(date(2026, 12, 10), days(14), guards) == date(2027, 1, 4)


def test_term_ends_on_a_business_day_even_where_the_policy_acts_every_day() -> None:
    guards = Guards.model_validate({"business_days": "none"})

    assert deadline(date(2026, 11, 23), days(5), guards) == date(2026, 11, 30)
