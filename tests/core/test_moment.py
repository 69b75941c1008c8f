"""The guards of the moment: what keeps approved actions in the queue."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.core.moment import blockers, distrust
from connector.core.policy.model import Guards
from connector.core.snapshot import Books

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, noon in Amsterdam


def guards(**fields: Any) -> Guards:
    return Guards.model_validate(fields)


def books(**fields: Any) -> Books:
    plain: dict[str, Any] = {
        "data_from": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "complete": True,
        "bank_through": date(2026, 11, 20),
        "totals_agree": True,
    }
    return Books(**(plain | fields))


def found(ledger: Books, rules: Guards | None = None, now: datetime = NOON) -> list[str]:
    return [reason.code for reason in blockers(ledger, rules or guards(), now, AMSTERDAM)]


def test_fresh_books_on_a_working_day_hold_nothing_back() -> None:
    assert found(books()) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"data_from": None}, "books_never_pulled"),
        ({"complete": False}, "pull_incomplete"),
        ({"data_from": datetime(2026, 11, 23, 4, 59, tzinfo=UTC)}, "books_stale"),
        ({"data_from": datetime(2026, 11, 24, 0, 0, tzinfo=UTC)}, "books_from_future"),
        ({"totals_agree": False}, "totals_disagree"),
        ({"closures_waiting": 3}, "closures_waiting"),
        ({"bank_through": None}, "bank_unknown"),
        ({"bank_through": date(2026, 11, 17)}, "bank_stale"),
    ],
)
def test_books_that_cannot_be_trusted_hold_everything_back(
    fields: Mapping[str, Any], code: str
) -> None:
    assert found(books(**fields)) == [code]


@pytest.mark.parametrize(
    "fields",
    [
        {"data_from": datetime(2026, 11, 23, 5, 0, tzinfo=UTC)},  # six hours old, no more
        {"totals_agree": None},
        {"bank_through": date(2026, 11, 18)},  # three business days ago
    ],
)
def test_books_at_the_edge_are_good_enough(fields: Mapping[str, Any]) -> None:
    assert found(books(**fields)) == []


def test_all_reasons_are_told_at_once() -> None:
    worn = books(complete=False, totals_agree=False, bank_through=None, closures_waiting=1)

    assert found(worn) == ["pull_incomplete", "totals_disagree", "closures_waiting", "bank_unknown"]


@pytest.mark.parametrize("fields", [{"complete": False}, {"data_from": None}])
def test_what_broke_the_last_pull_off_is_told_along(fields: Mapping[str, Any]) -> None:
    broken = books(**fields, fault="source_away", administration="jansen")

    (reason,) = blockers(broken, guards(), NOON, AMSTERDAM)

    assert reason.facts == {"error": "source_away", "administration": "jansen"}


def test_books_never_pulled_say_only_that() -> None:
    assert found(Books()) == ["books_never_pulled"]


@pytest.mark.parametrize(("when_unknown", "codes"), [("ask", 1), ("hold", 1), ("ignore", 0)])
def test_unknown_bank_date_follows_the_policy(when_unknown: str, codes: int) -> None:
    rules = guards(bank_when_unknown=when_unknown)

    assert len(found(books(bank_through=None), rules)) == codes


def test_age_of_the_data_in_business_days() -> None:
    rules = guards(data_no_older_than="1 business day")
    friday = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    thursday = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)

    assert found(books(data_from=friday), rules) == []
    assert found(books(data_from=thursday), rules) == ["books_stale"]


def test_age_of_the_bank_in_hours_counts_whole_days() -> None:
    rules = guards(bank_no_older_than="30h")

    assert found(books(bank_through=date(2026, 11, 21)), rules) == []
    assert found(books(bank_through=date(2026, 11, 20)), rules) == ["bank_stale"]


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        ("2026-11-23T08:59", ["outside_hours"]),
        ("2026-11-23T09:00", []),
        ("2026-11-23T16:59", []),
        ("2026-11-23T17:00", ["outside_hours"]),
        ("2026-11-22T12:00", ["not_a_business_day"]),
        ("2026-12-25T12:00", ["not_a_business_day"]),
    ],
)
def test_messages_leave_in_working_hours(at: str, codes: list[str]) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM)
    ledger = books(data_from=now, bank_through=now.date())

    assert found(ledger, now=now.astimezone(UTC)) == codes


def test_every_day_is_a_working_day_where_the_policy_says_so() -> None:
    sunday = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    ledger = books(data_from=sunday, bank_through=date(2026, 11, 22))

    assert found(ledger, guards(business_days="none"), sunday) == []


def test_distrust_does_not_look_at_the_clock() -> None:
    night = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    ledger = books(data_from=night)

    assert distrust(ledger, guards(), night, AMSTERDAM) == ()
    assert [r.code for r in blockers(ledger, guards(), night, AMSTERDAM)] == ["outside_hours"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T07:00", []),  # a Monday
        ("2026-11-23T06:59", ["contact_hours"]),
        ("2026-11-23T19:59", []),
        ("2026-11-23T20:00", ["contact_hours"]),
        ("2026-11-21T12:00", []),  # a Saturday
        ("2026-11-22T12:00", ["contact_day"]),  # a Sunday
        ("2026-12-25T12:00", ["contact_day"]),
    ],
)
def test_who_collects_for_others_keeps_to_the_hours_of_the_law(
    at: str, expected: list[str]
) -> None:
    """Wet kwaliteit incassodienstverlening art. 13: no contact at night or on days of rest."""
    wide = guards(hours="00:00-23:59", business_days="none")
    now = datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM)
    fresh = books(data_from=now, bank_through=now.date())
    codes = [r.code for r in blockers(fresh, wide, now, AMSTERDAM, for_others=True)]

    assert codes == expected


def test_who_collects_for_itself_keeps_to_the_hours_of_the_policy() -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=AMSTERDAM)  # a Sunday
    wide = guards(hours="00:00-23:59", business_days="none")

    assert found(books(data_from=now, bank_through=now.date()), wide, now) == []
