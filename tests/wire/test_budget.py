from collections.abc import Callable, Mapping

import pytest

from connector.port.errors import ConflictError, RateLimitError, UnavailableError
from connector.wire.http import Http
from connector.wire.oauth import FixedToken
from connector.wire.pace import REFUSED
from tests.wire.fakes import START, BusyBudget, CountedBudget, FakeTools, Known, http
from tests.wire.remote import (
    fine,
    remote,
    status,
)


def test_every_attempt_is_taken_from_the_budget() -> None:
    budget = CountedBudget()
    with remote(status(500), status(401), fine()) as it:
        remote_http = http(it.origin, auth=Known(renewals=1), budget=budget)
        remote_http.read("GET", "/x", urgent=True)

    assert (budget.urgent, remote_http.requests) == ([True, True, True], 3)


def test_another_budget_may_be_named() -> None:
    own, reports = CountedBudget(), CountedBudget()
    with remote(fine()) as it:
        http(it.origin, budget=own).read("GET", "/reports", budget=reports)

    assert (own.urgent, reports.urgent) == ([], [False])


def test_empty_budget_sends_nothing_and_passes_untouched() -> None:
    with remote(fine()) as it, pytest.raises(RateLimitError) as error:
        http(it.origin, budget=CountedBudget(0)).read("GET", "/x")
    assert (error.value.code, error.value.facts, it.asked) == ("budget_spent", {"after": 17}, [])


def test_budget_that_empties_between_attempts_ends_the_read() -> None:
    with remote(status(500)) as it, pytest.raises(RateLimitError, match="budget_spent"):
        http(it.origin, budget=CountedBudget(2)).read("GET", "/x")

    assert len(it.asked) == 2


def test_budget_hears_what_the_headers_say() -> None:
    budget = CountedBudget()
    with remote(fine(RateLimit_Remaining="9")) as it:
        http(it.origin, budget=budget).read("GET", "/x")

    assert budget.told == [(9, None, 0)]


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry_After": "12.2"}, 13),
        ({"Retry_After": str(int(START.timestamp()) + 40)}, 40),
        ({"RateLimit_Reset": "70"}, 70),
        ({"RateLimit_Reset": "7000"}, 600),
        ({"Retry_After": "0"}, 1),
        ({"Content_Type": "text/html"}, 300),
    ],
)
def test_too_many_requests_is_not_repeated_and_tells_how_long(
    headers: dict[str, str], after: int
) -> None:
    with remote(status(429, b"Retry later", **headers)) as it, pytest.raises(RateLimitError) as e:
        http(it.origin).read("GET", "/api/v2/1/x.json")
    assert (e.value.code, e.value.facts, len(it.asked)) == (
        "wire_rate_limited",
        {"after": after, "endpoint": "/api/v2/{id}/x.json"},
        1,
    )


def test_budget_hears_of_too_many_requests() -> None:
    budget = CountedBudget()
    tools = FakeTools()
    with remote(status(429, Retry_After="60")) as it, pytest.raises(RateLimitError):
        http(it.origin, budget=budget, tools=tools).read("GET", "/x")

    ((remaining, resets_at, _),) = budget.told
    assert resets_at is not None
    assert (remaining, (resets_at - START).total_seconds()) == (REFUSED, 60)


def _stream(it: Http) -> None:
    with it.stream("GET", "/x"):
        pass


_CALLS = pytest.mark.parametrize(
    "call",
    [
        lambda it: it.read("GET", "/x"),
        lambda it: it.write("POST", "/x"),
        lambda it: it.download("/x"),
        _stream,
    ],
    ids=["read", "write", "download", "stream"],
)


def _busy() -> str:
    raise ConflictError("store_busy")


class _BusyRenewal(Known):
    def renew(self, refused: Mapping[str, str]) -> bool:
        raise ConflictError("store_busy")


@_CALLS
def test_store_too_busy_to_count_a_request_is_unavailable(call: Callable[[Http], None]) -> None:
    with remote(fine()) as it, pytest.raises(UnavailableError, match="store_busy"):
        call(http(it.origin, budget=BusyBudget()))

    assert it.asked == []


@_CALLS
def test_store_too_busy_to_read_a_token_is_unavailable(call: Callable[[Http], None]) -> None:
    with remote(fine()) as it, pytest.raises(UnavailableError, match="store_busy"):
        call(http(it.origin, auth=FixedToken(_busy)))

    assert it.asked == []


@_CALLS
def test_store_too_busy_to_renew_a_token_is_unavailable(call: Callable[[Http], None]) -> None:
    with remote(status(401)) as it, pytest.raises(UnavailableError, match="store_busy"):
        call(http(it.origin, auth=_BusyRenewal()))
