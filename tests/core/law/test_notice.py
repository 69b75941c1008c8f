"""The term of the statutory notice, by the worked examples and for every day of twenty years."""

from datetime import date, datetime, timedelta

import pytest

from connector.core.days import Calendar
from connector.core.law.notice import (
    LAW_ONLY,
    USUAL_RECEIPT,
    Dispatch,
    NoticeTerm,
    notice_term,
    receipt,
    term_end,
)
from connector.core.policy.model import ChannelName, Guards
from tests.core.law.terms import DAY, TERMS, holidays_of, is_day_off
from tests.core.make_core import days

POST, EMAIL = ChannelName.POST, ChannelName.EMAIL
DUTCH = Calendar("NL")
FIRST, LAST = date(2015, 1, 1), date(2034, 12, 31)
EVERY_DAY = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]


def by(via: ChannelName, sent: str | date, proven: date | None = None) -> Dispatch:
    at = datetime.fromisoformat(sent) if isinstance(sent, str) else sent
    return Dispatch(via=via, sent=at, proven_on=proven)


def term(*sent: Dispatch, guards: Guards = LAW_ONLY) -> NoticeTerm:
    return notice_term(sent, TERMS, guards=guards)


def least(via: ChannelName, sent: date) -> date:
    """Return the first last day that the law allows, counted day by day."""
    received = sent
    if via is POST:
        counted = 0
        while counted < 2:
            received += DAY
            counted += received.weekday() not in (6, 0) and received not in holidays_of(
                received.year
            )
    else:
        while is_day_off(received):
            received += DAY
    last = received + timedelta(days=14)
    while is_day_off(last):
        last += DAY
    return last


@pytest.mark.parametrize(
    ("sent", "received", "last", "costs", "next_step"),
    [
        # Thursday: Friday, Saturday; fourteen days later is a Saturday, so Monday
        (
            date(2026, 9, 3),
            date(2026, 9, 5),
            date(2026, 9, 21),
            date(2026, 9, 22),
            date(2026, 9, 24),
        ),
        # Friday: Saturday, then Tuesday
        (
            date(2026, 9, 4),
            date(2026, 9, 8),
            date(2026, 9, 22),
            date(2026, 9, 23),
            date(2026, 9, 25),
        ),
    ],
)
def test_letter_by_post_as_the_supreme_court_counts(
    sent: date, received: date, last: date, costs: date, next_step: date
) -> None:
    """HR 25-11-2016, ECLI:NL:HR:2016:2704; Algemene termijnenwet art. 1."""
    expected = NoticeTerm(
        received_on=received, last_day=last, costs_from=costs, next_step_from=next_step
    )

    assert term(by(POST, sent)) == expected


@pytest.mark.parametrize("via", [EMAIL, ChannelName.PACKAGE])
@pytest.mark.parametrize(
    ("sent", "received", "last"),
    [
        ("2026-09-03T16:59", date(2026, 9, 3), date(2026, 9, 17)),
        ("2026-09-03T17:00", date(2026, 9, 4), date(2026, 9, 18)),
        ("2026-09-04T18:00", date(2026, 9, 7), date(2026, 9, 21)),  # Friday evening
        ("2026-09-05T10:00", date(2026, 9, 7), date(2026, 9, 21)),  # Saturday
        (date(2026, 9, 3), date(2026, 9, 3), date(2026, 9, 17)),  # hour not known: office hours
        ("2026-05-04T18:00", date(2026, 5, 6), date(2026, 5, 20)),  # 5 May is a day off
    ],
)
def test_mail_counts_on_the_working_day_it_left(
    via: ChannelName, sent: str | date, received: date, last: date
) -> None:
    found = term(by(via, sent))

    assert (found.received_on, found.last_day) == (received, last)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2026, 3, 20), date(2026, 4, 7)),  # Good Friday, the weekend, Easter Monday
        (date(2026, 4, 13), date(2026, 4, 28)),  # King's day
        (date(2026, 4, 21), date(2026, 5, 6)),  # 5 May, in a year that is no lustrum
        (date(2026, 4, 30), date(2026, 5, 15)),  # Ascension day
        (date(2026, 5, 11), date(2026, 5, 26)),  # Whit Monday
        (date(2026, 12, 11), date(2026, 12, 28)),  # Christmas and the weekend
    ],
)
def test_no_term_ends_on_a_day_off(received: date, last: date) -> None:
    """Algemene termijnenwet art. 1 and 3."""
    assert term(by(POST, received - DAY, proven=received)).last_day == last


def test_a_proven_day_wins_from_the_rule_and_from_the_margin_of_the_policy() -> None:
    found = term(by(POST, date(2026, 9, 3), proven=date(2026, 9, 4)), guards=Guards())

    assert found.received_on == date(2026, 9, 4)


def test_nothing_is_received_before_it_left() -> None:
    found = term(by(EMAIL, "2026-09-03T10:00", proven=date(2026, 9, 1)))

    assert found.received_on == date(2026, 9, 3)


@pytest.mark.parametrize("order", [1, -1])
def test_two_channels_count_from_the_latest_receipt(order: int) -> None:
    sent = [by(EMAIL, "2026-09-03T10:00"), by(POST, date(2026, 9, 3))][::order]

    assert term(*sent).received_on == date(2026, 9, 5)


def test_a_notice_that_never_left_has_no_term() -> None:
    with pytest.raises(ValueError, match="empty"):
        term()


def test_the_policy_lengthens_receipt_and_the_margin_after_the_term() -> None:
    guards = Guards.model_validate({"bank_margin": "5 business days"})
    found = term(by(POST, date(2026, 9, 3)), guards=guards)

    expected = NoticeTerm(
        received_on=date(2026, 9, 8),  # Saturday 5 and two business days
        last_day=date(2026, 9, 22),
        costs_from=date(2026, 9, 23),
        next_step_from=date(2026, 9, 30),
    )
    assert found == expected


def test_no_notice_ends_in_a_quiet_window() -> None:
    guards = LAW_ONLY.model_copy(
        update={"quiet": Guards.model_validate({"quiet": [{"from": "12-21", "to": "01-03"}]}).quiet}
    )

    assert term(by(EMAIL, "2026-12-10T10:00"), guards=guards).last_day == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("asked", "last"),
    [(7, date(2026, 9, 17)), (14, date(2026, 9, 17)), (21, date(2026, 9, 24))],
)
def test_a_term_of_the_policy_only_lengthens(asked: int, last: date) -> None:
    found = notice_term([by(EMAIL, "2026-09-03T10:00")], TERMS, guards=LAW_ONLY, asked=days(asked))

    assert found.last_day == last


def test_a_decreed_day_is_no_counting_day_and_no_last_day() -> None:
    decreed = frozenset([date(2026, 9, 4), date(2026, 9, 22)])
    found = notice_term([by(POST, date(2026, 9, 3))], TERMS, decreed=decreed)

    # Friday 4 September does not count: Saturday 5, Tuesday 8; and 22 September is a day off
    assert (found.received_on, found.last_day) == (date(2026, 9, 8), date(2026, 9, 23))


def test_a_decreed_day_is_no_working_day_for_mail() -> None:
    decreed = frozenset([date(2026, 9, 3)])

    assert receipt(by(EMAIL, "2026-09-03T10:00"), TERMS, decreed=decreed) == date(2026, 9, 4)


@pytest.mark.parametrize(
    ("received", "length", "last"),
    [
        # Thursday before Easter: Good Friday to Monday are days off, so Tuesday and Wednesday
        (date(2026, 4, 2), 3, date(2026, 4, 8)),
        # Friday: Saturday and Sunday, then Monday and Tuesday
        (date(2026, 9, 4), 3, date(2026, 9, 8)),
        # shorter than three days: art. 2 does not apply, art. 1 does
        (date(2026, 9, 4), 2, date(2026, 9, 7)),
        (date(2026, 9, 7), 3, date(2026, 9, 10)),
    ],
)
def test_a_term_of_three_days_holds_two_working_days(
    received: date, length: int, last: date
) -> None:
    """Algemene termijnenwet art. 2."""
    assert term_end(received, length, DUTCH) == last


@pytest.mark.parametrize("via", [POST, EMAIL])
def test_in_twenty_years_no_term_ends_before_the_law_allows(via: ChannelName) -> None:
    early = [day for day in EVERY_DAY if term(by(via, day)).last_day < least(via, day)]

    assert early == []


@pytest.mark.parametrize("via", [POST, EMAIL])
def test_in_twenty_years_no_term_runs_longer_than_the_law_asks(via: ChannelName) -> None:
    late = [day for day in EVERY_DAY if term(by(via, day)).last_day > least(via, day)]

    assert late == []


@pytest.mark.parametrize("via", [POST, EMAIL])
def test_in_twenty_years_the_policy_never_shortens_and_never_ends_on_a_day_off(
    via: ChannelName,
) -> None:
    ends = {day: term(by(via, day), guards=Guards()).last_day for day in EVERY_DAY}

    wrong = [day for day, end in ends.items() if end < least(via, day) or is_day_off(end)]
    assert wrong == []


@pytest.mark.parametrize(("via", "shortest"), [(POST, 16), (EMAIL, 14)])
def test_in_twenty_years_nobody_has_less_than_the_least_number_of_days(
    via: ChannelName, shortest: int
) -> None:
    assert min((term(by(via, day)).last_day - day).days for day in EVERY_DAY) == shortest


def test_no_sum_fails_at_the_end_of_time() -> None:
    assert term(by(POST, date(9999, 12, 30))).next_step_from == date.max


def test_the_usual_receipt_is_that_of_the_law() -> None:
    expected = (TERMS.post_counting_days, TERMS.mail_day_ends)

    assert (USUAL_RECEIPT.post_counting_days, USUAL_RECEIPT.mail_day_ends) == expected


@pytest.mark.parametrize("year", range(2015, 2035))
def test_the_calendar_has_every_holiday_of_the_law(year: int) -> None:
    """Algemene termijnenwet art. 3: 5 May every year; the library lists it in lustrum years only."""
    missing = {day for day in holidays_of(year) if DUTCH.is_business_day(day)}

    assert missing == set()
