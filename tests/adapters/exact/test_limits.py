"""How often Exact is asked, what its headers say, and when asking stops."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from adapters.exact.limits import Limits, Refusals, client_hash, day_of, minute_of, token_budget
from connector.port.errors import ConflictError, RateLimitError, UnavailableError
from connector.port.tools import Limit
from connector.testkit.tools import FakeBudget, FakeBudgets, FakeClock, FakeTools
from connector.wire.pace import Heard
from tests.adapters.exact.soak_house import two_processes

NOON = datetime(2026, 11, 26, 12, 0, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE_AT = str(int(datetime(2026, 11, 26, 12, 1, tzinfo=UTC).timestamp()) * 1000)
DAY_AT = str(int(datetime(2026, 11, 27, tzinfo=UTC).timestamp()) * 1000)
MINUTE = {"x-ratelimit-minutely-remaining": "7", "x-ratelimit-minutely-reset": MINUTE_AT}
DAY = {"x-ratelimit-remaining": "4000", "x-ratelimit-reset": DAY_AT}


def make(tools: FakeTools, division: int | None = 7) -> Limits:
    return Limits(tools.budgets, host="exact.example", client="abc", division=division)


@pytest.fixture
def tools() -> FakeTools:
    made = FakeTools()
    made.clock.advance((NOON - made.clock.now()).total_seconds())
    return made


# --- headers


def test_the_minute_is_read_with_a_second_of_slack() -> None:
    assert minute_of(MINUTE, NOON) == Heard(7, datetime(2026, 11, 26, 12, 1, 1, tzinfo=UTC))


def test_the_day_is_read_with_a_second_of_slack() -> None:
    assert day_of(DAY, NOON) == Heard(4000, datetime(2026, 11, 27, 0, 0, 1, tzinfo=UTC))


def test_seconds_are_taken_as_well_as_milliseconds() -> None:
    headers = MINUTE | {"x-ratelimit-minutely-reset": MINUTE_AT[:-3]}

    assert minute_of(headers, NOON) == minute_of(MINUTE, NOON)


@pytest.mark.parametrize("headers", [{}, DAY, {"x-ratelimit-minutely-remaining": "x"}])
def test_what_is_missing_is_no_zero(headers: Mapping[str, str]) -> None:
    assert minute_of(headers, NOON) is None


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Thu, 26 Nov 2026 12:00:17 GMT", 3),
        ("Thu, 26 Nov 2026 12:00:24 GMT", -4),
        ("Thu, 26 Nov 2026 18:00:00 GMT", 0),
        ("Thu, 26 Nov 2026 12:00:17 -0000", 0),
        ("yesterday", 0),
    ],
)
def test_a_clock_that_drifts_is_reckoned_with(date: str, ahead: int) -> None:
    heard = minute_of(MINUTE | {"date": date}, NOON)

    assert heard == Heard(7, datetime(2026, 11, 26, 12, 1, tzinfo=UTC) + SECOND + ahead * SECOND)


# --- both windows


def test_the_minute_is_returned_and_the_day_is_told(tools: FakeTools) -> None:
    limits = make(tools)

    heard = limits.heard(MINUTE | DAY | {"x-ratelimit-remaining": "101"}, NOON)
    limits.budget.take()
    with pytest.raises(RateLimitError):
        limits.budget.take()

    assert heard == minute_of(MINUTE, NOON)


def test_a_day_that_is_spent_closes_the_budget_until_its_end() -> None:
    house, _ = two_processes(FakeClock(NOON))
    limits = Limits(house.budgets, host="exact.example", client="abc", division=7)

    limits.heard(DAY | {"x-ratelimit-remaining": "0"}, NOON)
    with pytest.raises(RateLimitError) as raised:
        limits.budget.take(urgent=True)

    assert raised.value.facts["after"] == 12 * 3600 - 20 + 1


def test_a_refusal_for_the_day_alone_is_heard_as_that(tools: FakeTools) -> None:
    spent = DAY | {"x-ratelimit-remaining": "0"}

    assert make(tools).heard(spent, NOON) == day_of(spent, NOON)


def test_a_day_with_room_says_nothing_of_the_minute(tools: FakeTools) -> None:
    assert make(tools).heard(DAY, NOON) is None


@pytest.mark.parametrize(("urgent", "most"), [(False, 50), (True, 55)])
def test_a_minute_holds_a_reserve_for_what_is_urgent(
    tools: FakeTools, urgent: bool, most: int
) -> None:
    budget = make(tools).budget
    for _ in range(most):
        budget.take(urgent=urgent)

    with pytest.raises(RateLimitError):
        budget.take(urgent=urgent)


@pytest.mark.parametrize(
    ("division", "key"),
    [(7, "exact:exact.example:abc:7"), (None, "exact:exact.example:abc:current")],
)
def test_an_administration_has_a_budget_of_its_own(
    tools: FakeTools, division: int | None, key: str
) -> None:
    make(tools, division)

    assert list(tools.budgets.made) == [key]


def test_the_token_endpoint_has_a_budget_for_each_connection(tools: FakeTools) -> None:
    token_budget(tools.budgets, host="exact.example", client="abc", connection="jansen")

    assert list(tools.budgets.made) == ["exact:exact.example:abc:token:jansen"]


def test_an_app_is_named_by_a_hash() -> None:
    assert client_hash("client") == "948fe603"


# --- a busy store


class BusyBudget(FakeBudget):
    """A budget in a store that somebody else keeps."""

    def take(self, *, urgent: bool = False) -> None:
        raise ConflictError("store_busy")

    def look(self, *, urgent: bool = False) -> None:
        raise ConflictError("store_busy")

    def heard(self, *, remaining: int | None, resets_at: datetime | None, window: int = 0) -> None:
        raise ConflictError("store_busy")


class BusyBudgets(FakeBudgets):
    def of(self, key: str, limits: Sequence[Limit]) -> FakeBudget:
        return BusyBudget(limits, self._clock)


@pytest.fixture
def busy(tools: FakeTools) -> Limits:
    budgets = BusyBudgets(tools.clock)
    return Limits(budgets, host="exact.example", client="abc", division=7)


def test_a_busy_store_does_not_hide_what_is_left_of_the_minute(busy: Limits) -> None:
    assert busy.heard(MINUTE | DAY, NOON) == minute_of(MINUTE, NOON)


def test_a_busy_store_does_not_hide_a_refusal(busy: Limits) -> None:
    busy.refusals.count("crm/Accounts", 403)


def test_nothing_is_asked_when_a_busy_store_can_not_say_whether_to_stop(busy: Limits) -> None:
    with pytest.raises(UnavailableError, match="store_busy"):
        busy.refusals.check("crm/Accounts")


# --- refusals


def stop(refusals: Refusals, *statuses: int) -> None:
    for status in statuses:
        refusals.check("crm/Accounts")
        refusals.count("crm/Accounts", status)


def test_the_third_refusal_stops_the_asking(tools: FakeTools) -> None:
    refusals = make(tools).refusals
    stop(refusals, 403, 403, 401)

    with pytest.raises(RateLimitError) as raised:
        refusals.check("crm/Accounts")

    assert (raised.value.code, raised.value.facts) == (
        "exact.stopped_asking",
        {"endpoint": "crm/Accounts", "status": "401, 403", "after": 3600},
    )


def test_two_refusals_do_not_stop_it(tools: FakeTools) -> None:
    refusals = make(tools).refusals
    stop(refusals, 403, 404)

    refusals.check("crm/Accounts")


def test_another_endpoint_and_another_administration_go_on(tools: FakeTools) -> None:
    stop(make(tools).refusals, 400, 400, 400)

    make(tools).refusals.check("sync/Deleted")
    make(tools, 8).refusals.check("crm/Accounts")


def test_every_process_stops(tools: FakeTools) -> None:
    stop(make(tools).refusals, 400, 400, 400)

    with pytest.raises(RateLimitError):
        make(tools.beside()).refusals.check("crm/Accounts")


def test_after_an_hour_it_is_asked_again(tools: FakeTools) -> None:
    stop(make(tools).refusals, 400, 400, 400)
    tools.clock.advance(3600)

    make(tools).refusals.check("crm/Accounts")


@pytest.mark.parametrize("status", [0, 200, 409, 429, 500])
def test_only_what_exact_counts_is_counted(tools: FakeTools, status: int) -> None:
    stop(make(tools).refusals, *[status] * 9)

    make(tools).refusals.check("crm/Accounts")


def test_counting_beyond_the_stop_is_no_error(tools: FakeTools) -> None:
    refusals = make(tools).refusals
    for _ in range(9):
        refusals.count("crm/Accounts", 403)

    with pytest.raises(RateLimitError):
        refusals.check("crm/Accounts")
