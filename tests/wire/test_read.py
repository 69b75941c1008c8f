import gzip
import json
from decimal import Decimal

import pytest

from connector.port.errors import (
    AuthorisationError,
    ContractChangedError,
    RefusedError,
    UnavailableError,
)
from tests.wire.fakes import FakeTools, Known, RunningClock, http
from tests.wire.remote import (
    Behaviour,
    Caller,
    fine,
    half,
    half_chunked,
    nobody,
    remote,
    resets,
    silent,
    stalls,
    status,
)

PAGE = b"<html><body>Even geduld</body></html>"


def test_answer_is_handed_over_with_small_header_names() -> None:
    with remote(fine(b'[{"a":1}]', X_Total="7")) as it:
        reply = http(it.origin).read("GET", "/api/x.json")

    assert (reply.status, reply.headers["x-total"], reply.json()) == (200, "7", [{"a": 1}])


def test_parameters_and_body_go_along() -> None:
    with remote(fine()) as it:
        http(it.origin).read("POST", "/x?a=1", params={"filter": "state:open|late"}, json={"b": 2})

    asked = it.asked[0]
    assert (asked.path, json.loads(asked.body)) == ("/x?a=1&filter=state%3Aopen%7Clate", {"b": 2})


def test_amounts_are_decimals() -> None:
    with remote(fine(b'{"price":0.1}')) as it:
        reply = http(it.origin).read("GET", "/x")

    assert reply.json() == {"price": Decimal("0.1")}


@pytest.mark.parametrize("body", [b"nonsense", b'{"a":NaN}', b'{"a":"\xff"}', b"[" * 99999 + b"]"])
def test_answer_that_is_no_json_is_another_contract(body: bytes) -> None:
    with remote(fine(body, Content_Type="text/plain")) as it:
        reply = http(it.origin).read("GET", "/x")

    with pytest.raises(ContractChangedError, match="wire_not_json"):
        reply.json()


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(status(500), id="500"),
        pytest.param(status(503), id="503"),
        pytest.param(status(408), id="408"),
        pytest.param(resets, id="reset"),
        pytest.param(silent, id="timeout"),
        pytest.param(half(), id="reset in mid-body"),
        pytest.param(half_chunked(), id="truncated chunks"),
        pytest.param(stalls(), id="stall in mid-body"),
        pytest.param(fine(PAGE, Content_Type="text/html; charset=utf-8"), id="page"),
        pytest.param(fine(b"\n<!DOCTYPE html><p>"), id="page that says it is json"),
        pytest.param(fine(b'[{"id":"1"},'), id="list without its end"),
        pytest.param(fine(b""), id="nothing"),
        pytest.param(fine(b"not gzip", Content_Encoding="gzip"), id="broken compression"),
    ],
)
def test_read_is_repeated_after_passing_trouble(trouble: Behaviour) -> None:
    with remote(trouble, fine(b'["ok"]')) as it:
        reply = http(it.origin).read("GET", "/x")

    assert reply.json() == ["ok"]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (status(502), "status_502"),
        (resets, "reset"),
        (silent, "timeout"),
        (half(), "truncated"),
        (half_chunked(), "truncated"),
        (stalls(), "timeout"),
        (fine(PAGE, Content_Type="text/html"), "html"),
    ],
)
def test_read_gives_up_after_four_attempts(trouble: Behaviour, kind: str) -> None:
    tools = FakeTools()
    with remote(trouble) as it, pytest.raises(UnavailableError) as error:
        http(it.origin, tools=tools).read("GET", "/x")

    assert (error.value.code, error.value.facts["kind"], len(it.asked), tools.clock.slept) == (
        "wire_unavailable",
        kind,
        4,
        [1, 2, 4],
    )


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(UnavailableError) as error:
        http(nobody()).read("GET", "/x")
    assert error.value.facts["kind"] == "connect"


def test_pause_is_as_long_as_the_remote_asks() -> None:
    tools = FakeTools()
    with remote(status(503, Retry_After="20"), fine()) as it:
        http(it.origin, tools=tools).read("GET", "/x")

    assert tools.clock.slept == [20]


def test_long_pause_is_left_to_the_next_round() -> None:
    with remote(status(503, Retry_After="120")) as it, pytest.raises(UnavailableError):
        http(it.origin).read("GET", "/x")

    assert len(it.asked) == 1


def test_body_that_trickles_for_ever_is_given_up() -> None:
    tools = FakeTools(clock=RunningClock(tick=400))
    with remote(fine(b" " * 200_000 + b"[]")) as it, pytest.raises(UnavailableError) as error:
        http(it.origin, tools=tools).read("GET", "/x")
    assert error.value.facts["kind"] == "timeout"


def test_body_larger_than_agreed_is_refused() -> None:
    with remote(fine(b" " * 2000 + b"[]")) as it, pytest.raises(ContractChangedError) as error:
        http(it.origin, max_bytes=1000).read("GET", "/x")
    assert (error.value.code, len(it.asked)) == ("wire_too_large", 1)


def test_body_that_grows_when_decompressed_is_refused() -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    answer = fine(bomb, Content_Encoding="gzip")
    with remote(answer) as it, pytest.raises(ContractChangedError, match="wire_too_large"):
        http(it.origin, max_bytes=100_000).read("GET", "/x")


def test_missing_is_an_answer() -> None:
    with remote(status(404, b'{"error":"record not found"}')) as it:
        reply = http(it.origin).read("GET", "/x")

    assert (reply.status, reply.json()) == (404, {"error": "record not found"})


def test_refusal_names_status_and_reference_and_is_not_repeated() -> None:
    with remote(status(400, b'{"error":1}')) as it, pytest.raises(RefusedError) as error:
        http(it.origin).read("GET", "/x")
    assert (error.value.facts, len(it.asked)) == (
        {"endpoint": "/x", "status": 400, "reference": "400:11"},
        1,
    )


def test_right_that_is_lacking_asks_a_person() -> None:
    with remote(status(403)) as it, pytest.raises(AuthorisationError, match="wire_forbidden"):
        http(it.origin).read("GET", "/x")


def test_redirect_is_not_followed() -> None:
    answer = status(302, Location="/y")
    with remote(answer) as it, pytest.raises(ContractChangedError, match="wire_redirected"):
        http(it.origin).read("GET", "/x")

    assert len(it.asked) == 1


def test_refused_token_is_renewed_once() -> None:
    with remote(status(401), fine()) as it:
        http(it.origin, auth=Known(renewals=1)).read("GET", "/x")

    assert [one.headers["authorization"] for one in it.asked] == [
        "Bearer secret-1",
        "Bearer secret-2",
    ]


def test_token_that_is_refused_again_asks_a_person() -> None:
    with remote(status(401)) as it, pytest.raises(AuthorisationError, match="wire_unauthorised"):
        http(it.origin, auth=Known(renewals=9)).read("GET", "/x")

    assert len(it.asked) == 2


def test_token_is_renewed_once_over_all_attempts() -> None:
    behaviours = (status(401), status(500), status(401))
    with remote(*behaviours) as it, pytest.raises(AuthorisationError):
        http(it.origin, auth=Known(renewals=9)).read("GET", "/x")

    assert len(it.asked) == 3


def test_connections_are_used_again() -> None:
    ports = set()

    def note(caller: Caller) -> None:
        ports.add(caller.client_address[1])
        caller.answer(200, b"[]")

    with remote(note) as it:
        one = http(it.origin)
        one.read("GET", "/x")
        one.read("GET", "/x")

    assert len(ports) == 1


def test_cookies_are_not_kept() -> None:
    with remote(fine(Set_Cookie="a=b")) as it:
        one = http(it.origin)
        one.read("GET", "/x")
        one.read("GET", "/x")

    assert "cookie" not in it.asked[1].headers


def test_request_is_logged_without_ids_and_tokens() -> None:
    tools = FakeTools()
    with remote(fine()) as it:
        http(it.origin, tools=tools).read("GET", "/api/v2/123/invoices/456.json?filter=secret")

    assert tools.log.lines == [
        (
            "request",
            {
                "endpoint": "/api/v2/{id}/invoices/{id}.json",
                "method": "GET",
                "status": 200,
                "milliseconds": 0,
                "bytes": 2,
                "attempt": 1,
            },
        )
    ]


def test_every_attempt_is_logged_with_what_went_wrong() -> None:
    tools = FakeTools()
    with remote(resets, half(), status(500), fine()) as it:
        http(it.origin, tools=tools).read("GET", "/x")

    assert [
        (facts["attempt"], facts["status"], facts.get("failure")) for _, facts in tools.log.lines
    ] == [(1, None, "reset"), (2, 200, "truncated"), (3, 500, None), (4, 200, None)]


def test_request_that_cant_be_written_down_quotes_no_token() -> None:
    class Careless(Known):
        def headers(self) -> dict[str, str]:
            return {"Authorization": "Bearer secret\nX-Evil: 1"}

    with remote(fine()) as it, pytest.raises(RefusedError, match="wire_unsendable") as error:
        http(it.origin, auth=Careless()).read("GET", "/x")

    told: list[str] = []
    link: BaseException | None = error.value
    while link is not None:
        told.append(repr(link))
        link = link.__cause__
    assert (it.asked, "secret" in "".join(told)) == ([], False)
