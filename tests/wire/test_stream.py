import pytest

from connector.port.errors import (
    ContractChangedError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.wire.pages import objects
from tests.wire.fakes import CountedBudget, FakeTools, http
from tests.wire.remote import (
    Behaviour,
    fine,
    half,
    half_chunked,
    nobody,
    remote,
    resets,
    stalls,
    status,
)

LONG = b"[" + b'{"id":"1"},' * 10_000
PDF = b"%PDF-1.7"


@pytest.mark.parametrize("trouble", [resets, status(500), fine(b"<html>")])
def test_stream_begins_again_before_its_first_piece(trouble: Behaviour) -> None:
    with (
        remote(trouble, fine(b'[{"id":1}]')) as it,
        http(it.origin).stream("GET", "/list") as pieces,
    ):
        rows = list(objects(pieces, endpoint="/list"))

    assert rows == [{"id": 1}]


@pytest.mark.parametrize("trouble", [half(body=LONG), half_chunked(), stalls(LONG)])
def test_stream_that_breaks_off_is_not_begun_again(trouble: Behaviour) -> None:
    seen: list[object] = []
    with (
        remote(trouble) as it,
        pytest.raises(UnavailableError) as error,
        http(it.origin).stream("GET", "/list") as pieces,
    ):
        seen.extend(objects(pieces, endpoint="/list"))
    assert (error.value.code, len(it.asked)) == ("wire_truncated", 1)


def test_stream_hands_over_what_came_before_it_broke_off() -> None:
    seen = []
    with (  # noqa: PT012
        remote(half_chunked()) as it,
        pytest.raises(UnavailableError),
        http(it.origin).stream("GET", "/list") as pieces,
    ):
        for row in objects(pieces, endpoint="/list"):
            seen.append(row["id"])  # noqa: PERF401  # kept although the list ends badly

    assert seen == ["1"]


def test_stream_that_breaks_off_before_its_first_piece_begins_again() -> None:
    with (
        remote(half(), fine(b'[{"id":1}]')) as it,
        http(it.origin).stream("GET", "/list") as pieces,
    ):
        assert list(objects(pieces, endpoint="/list")) == [{"id": 1}]


def test_stream_holds_to_the_size_limit() -> None:
    body = b" " * 300_000 + b"[]"
    with (
        remote(fine(body)) as it,
        pytest.raises(ContractChangedError, match="wire_too_large"),
        http(it.origin, max_bytes=200_000).stream("GET", "/list") as pieces,
    ):
        list(objects(pieces, endpoint="/list"))


def test_missing_list_is_refused() -> None:
    with (
        remote(status(404)) as it,
        pytest.raises(RefusedError) as error,
        http(it.origin).stream("GET", "/list"),
    ):
        pass
    assert error.value.facts["status"] == 404


def test_stream_is_taken_from_the_budget() -> None:
    budget = CountedBudget()
    with (
        remote(fine()) as it,
        http(it.origin, budget=budget).stream("GET", "/list", urgent=True) as pieces,
    ):
        list(pieces)

    assert budget.urgent == [True]


def test_stream_is_logged_with_its_size_when_it_ends() -> None:
    tools = FakeTools()
    with (
        remote(fine(b"[" + b" " * 100_000 + b"]")) as it,
        http(it.origin, tools=tools).stream("GET", "/list") as pieces,
    ):
        list(pieces)

    ((_, facts),) = tools.log.lines
    assert facts["bytes"] == 100_002


def test_file_is_downloaded() -> None:
    with remote(fine(PDF, Content_Type="application/pdf")) as it:
        assert http(it.origin).download("/1/pdf", params={"media": "stationery"}) == PDF


def test_file_within_the_origin_is_followed_as_ourselves() -> None:
    budget = CountedBudget()
    with remote(status(302, Location="/files/1?sig=x"), fine(PDF)) as it:
        body = http(it.origin, budget=budget).download("/1/pdf", params={"a": "b"})

    assert (body, it.asked[1].path, "authorization" in it.asked[1].headers, budget.urgent) == (
        PDF,
        "/files/1?sig=x",
        True,
        [False, False],
    )


def test_another_origin_never_hears_who_we_are() -> None:
    budget = CountedBudget()
    with (
        remote(fine(PDF)) as storage,
        remote(status(302, Location=f"{storage.origin}/f?sig=x", Set_Cookie="a=b")) as it,
    ):
        http(it.origin, budget=budget).download("/1/pdf")

    (asked,) = storage.asked
    assert (
        "authorization" in asked.headers,
        "cookie" in asked.headers,
        "secret" in repr(asked.headers),
        budget.urgent,
    ) == (False, False, False, [False])


def test_address_of_a_file_elsewhere_is_not_logged() -> None:
    tools = FakeTools()
    with (
        remote(fine(PDF)) as storage,
        remote(status(302, Location=f"{storage.origin}/f?sig=hush")) as it,
    ):
        http(it.origin, tools=tools).download("/1/pdf")

    assert (len(tools.log.lines), "hush" in tools.log.text) == (2, False)


def test_expired_address_is_asked_for_again() -> None:
    with (
        remote(status(403), fine(PDF)) as storage,
        remote(status(302, Location=f"{storage.origin}/f")) as it,
    ):
        assert http(it.origin).download("/1/pdf") == PDF

    assert len(it.asked) == 2


def test_storage_that_is_away_is_unavailable() -> None:
    answer = status(302, Location=f"{nobody()}/f")
    with remote(answer) as it, pytest.raises(UnavailableError):
        http(it.origin).download("/1/pdf")

    assert len(it.asked) == 4


@pytest.mark.parametrize("location", ["http://storage.example/f", "ftp://x/f", "https://a@b/f"])
def test_file_is_not_fetched_from_an_unsafe_address(location: str) -> None:
    answer = status(302, Location=location)
    with remote(answer) as it, pytest.raises(ContractChangedError, match="wire_foreign_link"):
        http(it.origin).download("/1/pdf")


def test_download_that_goes_round_in_circles_ends() -> None:
    answer = status(302, Location="/1/pdf")
    with remote(answer) as it, pytest.raises(ContractChangedError, match="wire_loop"):
        http(it.origin).download("/1/pdf")

    assert len(it.asked) == 6


def test_missing_file_is_refused() -> None:
    with remote(status(404)) as it, pytest.raises(RefusedError) as error:
        http(it.origin).download("/1/pdf")
    assert error.value.facts["status"] == 404


def test_download_stops_at_too_many_requests() -> None:
    with remote(status(429)) as it, pytest.raises(RateLimitError):
        http(it.origin).download("/1/pdf")
