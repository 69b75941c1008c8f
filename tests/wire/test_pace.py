from datetime import UTC, datetime, timedelta

import pytest

from connector.port.tools import Limit
from connector.wire.pace import REFUSED, Heard, Window, hear, heard_from, retry_after, take
from tests.wire.fakes import START

FIVE_MINUTES = Limit(150, 300, reserve=20)
MEASURED_AT = datetime.fromtimestamp(1786108940, UTC)
MEASURED = {
    "ratelimit-limit": "150",
    "ratelimit-remaining": "160",
    "ratelimit-reset": "1786109100",
    "ratelimit-requestsremaining": "143",
}


def window(used: int, *, ends_in: float = 300) -> Window:
    return Window(START, used, START + timedelta(seconds=ends_in))


def later(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_first_request_starts_a_window() -> None:
    taken = take([None], [FIVE_MINUTES], START, urgent=False)

    assert taken == ((window(1),), None)


def test_request_counts_in_a_running_window() -> None:
    taken = take([window(7)], [FIVE_MINUTES], later(100), urgent=False)

    assert taken == ((window(8),), None)


def test_window_that_is_over_starts_anew() -> None:
    taken = take([window(150)], [FIVE_MINUTES], later(300), urgent=False)

    assert taken == ((Window(later(300), 1, later(600)),), None)


def test_reserve_is_kept_from_what_can_wait() -> None:
    taken = take([window(130)], [FIVE_MINUTES], later(100), urgent=False)

    assert taken == ((window(130),), 185.0)


def test_reserve_is_let_go_shortly_before_the_window_ends() -> None:
    taken = take([window(130)], [FIVE_MINUTES], later(285), urgent=False)

    assert taken == ((window(131),), None)


def test_reserve_is_kept_until_then() -> None:
    taken = take([window(130)], [FIVE_MINUTES], later(284), urgent=False)

    assert taken == ((window(130),), 1.0)


def test_window_without_reserve_left_is_waited_out_to_its_end() -> None:
    taken = take([window(150)], [FIVE_MINUTES], later(290), urgent=False)

    assert taken == ((window(150),), 10.0)


def test_longest_wait_of_all_windows_counts() -> None:
    taken = take([window(130), window(9)], [FIVE_MINUTES, Limit(9, 300)], START, urgent=False)

    assert taken[1] == 300.0


def test_reserve_is_open_to_what_is_urgent() -> None:
    taken = take([window(149)], [FIVE_MINUTES], later(100), urgent=True)

    assert taken == ((window(150),), None)


def test_nothing_is_left_for_the_urgent_either() -> None:
    taken = take([window(150)], [FIVE_MINUTES], later(100), urgent=True)

    assert taken == ((window(150),), 200.0)


def test_full_window_takes_nothing_from_the_others() -> None:
    day = Limit(5000, 86400)
    taken = take([None, window(5000, ends_in=86400)], [FIVE_MINUTES, day], START, urgent=False)

    assert taken == ((Window(START, 0, START), window(5000, ends_in=86400)), 86400.0)


def test_never_more_than_the_limit_goes_out_in_one_window() -> None:
    windows: tuple[Window | None, ...] = (None,)
    sent = 0
    wait = None
    while wait is None:
        windows, wait = take(windows, [Limit(150, 300)], later(sent), urgent=True)
        sent += wait is None

    assert sent == 150


def test_clock_that_was_set_back_does_not_make_us_wait_for_years() -> None:
    ahead = Window(later(10**7), 150, later(10**7 + 300))
    taken = take([ahead], [FIVE_MINUTES], START, urgent=True)

    assert taken[1] == 300.0


def test_remote_that_leaves_less_is_believed() -> None:
    heard = hear(window(5), FIVE_MINUTES, later(10), Heard(100, None))

    assert heard == window(50)


def test_remote_that_leaves_more_gives_nothing_back() -> None:
    heard = hear(window(50), FIVE_MINUTES, later(10), Heard(149, later(300)))

    assert heard == window(50)


def test_remote_knows_when_its_window_ends() -> None:
    heard = hear(window(5), FIVE_MINUTES, later(10), Heard(145, later(60)))

    assert heard == window(5, ends_in=60)


def test_refusal_fills_the_window_until_the_end_that_it_names() -> None:
    heard = hear(window(5), FIVE_MINUTES, later(10), Heard(0, later(120)))

    assert take([heard], [FIVE_MINUTES], later(10), urgent=True)[1] == 110.0


@pytest.mark.parametrize(
    "late", [Heard(140, later(60)), Heard(0, later(60)), Heard(None, later(60))]
)
@pytest.mark.parametrize("closed_for", [10, 120, 300])
def test_window_that_a_refusal_closed_is_not_opened_by_an_older_answer(
    late: Heard, closed_for: int
) -> None:
    closed = hear(window(5), FIVE_MINUTES, START, Heard(REFUSED, later(closed_for)))

    heard = hear(closed, FIVE_MINUTES, START, late)

    assert take([heard], [FIVE_MINUTES], START, urgent=True)[1] == closed_for


@pytest.mark.parametrize(("again", "wait"), [(60, 120), (200, 200)])
def test_second_refusal_can_only_make_it_longer(again: int, wait: int) -> None:
    closed = hear(None, FIVE_MINUTES, START, Heard(REFUSED, later(120)))

    heard = hear(closed, FIVE_MINUTES, START, Heard(REFUSED, later(again)))

    assert take([heard], [FIVE_MINUTES], START, urgent=True)[1] == wait


def test_window_that_a_refusal_closed_is_over_at_its_end() -> None:
    closed = hear(window(5), FIVE_MINUTES, START, Heard(REFUSED, later(120)))

    assert take([closed], [FIVE_MINUTES], later(120), urgent=False)[1] is None


def test_full_window_ends_as_the_last_answer_says() -> None:
    heard = hear(window(150), FIVE_MINUTES, START, Heard(0, later(60)))

    assert take([heard], [FIVE_MINUTES], START, urgent=True)[1] == 60


def test_late_answer_about_a_window_that_is_over_is_no_news() -> None:
    heard = hear(window(5), FIVE_MINUTES, later(10), Heard(0, later(9)))

    assert heard == window(5)


def test_late_answer_starts_no_window() -> None:
    heard = hear(None, FIVE_MINUTES, START, Heard(0, START))

    assert take([heard], [FIVE_MINUTES], START, urgent=False)[1] is None


def test_first_news_starts_a_window() -> None:
    heard = hear(None, FIVE_MINUTES, START, Heard(143, later(160)))

    assert heard == window(7, ends_in=160)


def test_next_window_of_the_remote_does_not_inherit_what_was_used() -> None:
    heard = hear(window(140, ends_in=2), FIVE_MINUTES, START, Heard(149, later(299)))

    assert heard == window(1, ends_in=299)


def test_nonsense_does_not_silence_us_for_ever() -> None:
    heard = hear(window(5), FIVE_MINUTES, START, Heard(0, later(10**8)))

    assert heard.ends_at == later(600)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("12", 12.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("-5", 0.0),
        ("86400", 600.0),
        (str(int(START.timestamp()) + 90), 90.0),
        (str(int(START.timestamp()) - 90), 0.0),
        (str(int(START.timestamp()) * 1000 + 90_000), 90.0),
        ("Mon, 23 Nov 2026 11:02:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 11:02:00 -0000", 120.0),
        ("Mon, 23 Nov 2025 11:02:00 GMT", 0.0),
    ],
)
def test_delay_comes_in_seconds_as_an_instant_or_as_a_date(value: str, seconds: float) -> None:
    assert retry_after(value, START) == seconds


@pytest.mark.parametrize(
    "value", [None, "", "soon", "nan", "inf", "1e5", "9" * 16, "9" * 40, "Mon, 99 Nov"]
)
def test_delay_that_says_nothing_is_not_known(value: str | None) -> None:
    assert retry_after(value, START) is None


def test_measured_headers_are_read_by_their_misleading_names() -> None:
    heard = heard_from(MEASURED, MEASURED_AT, remaining="ratelimit-requestsremaining")

    assert heard == Heard(143, datetime.fromtimestamp(1786109100, UTC))


def test_standard_headers_count_from_now() -> None:
    heard = heard_from({"ratelimit-remaining": "9", "ratelimit-reset": "30"}, START)

    assert heard == Heard(9, later(30))


def test_end_may_come_in_milliseconds() -> None:
    heard = heard_from({"reset": "1786109100500"}, MEASURED_AT, resets_at="reset")

    assert heard == Heard(None, datetime.fromtimestamp(1786109100, UTC) + timedelta(seconds=0.5))


def test_headers_without_news_are_no_news() -> None:
    assert heard_from({"ratelimit-remaining": "many"}, START) is None
