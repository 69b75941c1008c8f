from collections.abc import Mapping
from datetime import datetime

import pytest

from connector.port.errors import (
    AuthorisationError,
    ConflictError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from tests.wire.fakes import CountedBudget, FakeTools, Known, http
from tests.wire.remote import (
    Behaviour,
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


def test_write_returns_what_the_remote_says() -> None:
    with remote(status(201, b'{"id":"1"}')) as it:
        reply = http(it.origin).write("POST", "/notes", json={"note": {"note": "x"}})

    assert (reply.status, reply.json(), it.asked[0].body) == (
        201,
        {"id": "1"},
        b'{"note": {"note": "x"}}',
    )


def test_bare_number_and_empty_answer_are_answers() -> None:
    with remote(fine(b"200"), status(204, b"")) as it:
        one = http(it.origin)
        statuses = (one.write("POST", "/x").json(), one.write("PATCH", "/x").content)

    assert statuses == (200, b"")


def test_form_and_files_can_be_sent() -> None:
    with remote(fine(b"200")) as it:
        http(it.origin).write(
            "POST", "/x", data={"a": "1"}, files={"file": ("a.pdf", b"%PDF", "application/pdf")}
        )

    assert b"%PDF" in it.asked[0].body


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        pytest.param(silent, "timeout", id="timeout"),
        pytest.param(resets, "reset", id="reset"),
        pytest.param(status(500), "status_500", id="500"),
        pytest.param(status(503, Retry_After="1"), "status_503", id="503"),
        pytest.param(status(408), "status_408", id="408"),
        pytest.param(status(302, Location="/login"), "redirect", id="redirect"),
        pytest.param(half(), "truncated", id="reset in the answer"),
        pytest.param(half_chunked(), "truncated", id="answer without its end"),
        pytest.param(stalls(), "timeout", id="stall in the answer"),
        pytest.param(fine(b"x" * 2000), "too_large", id="endless answer"),
    ],
)
def test_write_that_may_have_been_done_is_unknown_and_never_repeated(
    trouble: Behaviour, kind: str
) -> None:
    with remote(trouble) as it, pytest.raises(OutcomeUnknownError) as error:
        http(it.origin, max_bytes=1000).write("POST", "/api/v2/1/send.json")
    assert (error.value.code, error.value.facts, len(it.asked)) == (
        "wire_outcome_unknown",
        {"endpoint": "/api/v2/{id}/send.json", "kind": kind},
        1,
    )


def test_write_to_nobody_was_not_done() -> None:
    tools = FakeTools()
    with pytest.raises(UnavailableError) as error:
        http(nobody(), tools=tools).write("POST", "/x")
    assert (error.value.facts["kind"], tools.clock.slept) == ("connect", [1, 2, 4])


def test_outcome_stays_unknown_while_another_connection_failure_is_dealt_with() -> None:
    with remote(resets) as it:
        try:
            http(nobody()).write("POST", "/x")
        except UnavailableError:
            with pytest.raises(OutcomeUnknownError):
                http(it.origin).write("POST", "/x")

    assert len(it.asked) == 1


@pytest.mark.parametrize("code", [400, 402, 404, 409, 422])
def test_answered_refusal_was_not_done(code: int) -> None:
    with remote(status(code, b"{}")) as it, pytest.raises(RefusedError) as error:
        http(it.origin).write("POST", "/x")
    assert (error.value.facts["status"], error.value.facts["reference"], len(it.asked)) == (
        code,
        f"{code}:2",
        1,
    )


def test_refusal_stays_a_refusal_when_its_text_is_lost() -> None:
    with remote(half(422)) as it, pytest.raises(RefusedError) as error:
        http(it.origin).write("POST", "/x")
    assert (error.value.facts["status"], error.value.facts["reference"]) == (422, "")


def test_right_that_is_lacking_asks_a_person() -> None:
    with remote(status(403)) as it, pytest.raises(AuthorisationError, match="wire_forbidden"):
        http(it.origin).write("POST", "/x")


def test_too_many_requests_was_not_done_and_is_not_repeated() -> None:
    with remote(status(429, Retry_After="5")) as it, pytest.raises(RateLimitError) as error:
        http(it.origin).write("POST", "/x")
    assert (error.value.facts["after"], len(it.asked)) == (5, 1)


def test_refused_token_is_renewed_and_the_write_sent_again() -> None:
    with remote(status(401), status(201)) as it:
        reply = http(it.origin, auth=Known(renewals=1)).write("POST", "/x", json={})

    assert (reply.status, [one.body for one in it.asked]) == (201, [b"{}", b"{}"])


def test_token_refused_for_good_was_not_done() -> None:
    with remote(status(401)) as it, pytest.raises(AuthorisationError, match="wire_unauthorised"):
        http(it.origin).write("POST", "/x")


def test_write_may_use_the_reserve() -> None:
    budget = CountedBudget()
    with remote(fine()) as it:
        http(it.origin, budget=budget).write("POST", "/x")

    assert budget.urgent == [True]


def test_store_that_is_too_busy_to_read_headers_does_not_hide_it_either() -> None:
    def busy(headers: Mapping[str, str], now: datetime) -> None:
        raise ConflictError("store_busy")

    tools = FakeTools()
    with remote(status(201)) as it:
        reply = http(it.origin, tools=tools, limit_of=busy).write("POST", "/x")

    assert (reply.status, "budget_not_told" in tools.log.text) == (201, True)


def test_busy_store_does_not_hide_that_a_write_was_done() -> None:
    class Busy(CountedBudget):
        def heard(self, **said: object) -> None:
            raise ConflictError("store_busy")

    with remote(status(201, RateLimit_Remaining="9")) as it:
        reply = http(it.origin, budget=Busy()).write("POST", "/x")

    assert reply.status == 201
