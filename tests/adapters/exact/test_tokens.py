"""Tokens are renewed in their window and once, and last as long as a consent does."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest

from adapters.exact.token_line import App, TokenAnswer, answer_of
from adapters.exact.tokens import ExactTokens
from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    ConflictError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.testkit.tools import FakeTools, FakeVault
from tests.adapters.exact.token_desk import (
    BODY_EARLY,
    BODY_USED,
    EXPIRED,
    LOST,
    REDIRECT,
    Desk,
    granted,
    refused,
)
from tests.adapters.exact.token_server import TokenServer, World


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- the window


def test_a_token_is_used_as_long_as_exact_would_refuse_another(desk: Desk) -> None:
    desk.later(569)

    assert (desk.bearer(), desk.script.sent) == ("Bearer A1", [])


def test_a_request_at_the_end_waits_for_the_new_token(desk: Desk) -> None:
    desk.later(571)
    desk.will_say(granted(2))

    assert (desk.bearer(), desk.tools.clock.slept) == ("Bearer A2", [4])


def test_a_token_of_age_is_renewed_without_a_wait(desk: Desk) -> None:
    desk.later(4000)
    desk.will_say(granted(2))

    assert (desk.bearer(), desk.script.sent, desk.tools.clock.slept) == ("Bearer A2", ["R1"], [])


def test_the_new_pair_is_kept_before_it_is_used(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(granted(2))
    desk.tokens.headers()

    assert (desk.row["access_token"], desk.row["refresh_token"], desk.row["generation"]) == ("A2", "R2", 2)  # fmt: skip


def test_a_lifetime_in_text_is_understood() -> None:
    assert (
        answer_of(200, {}, b'{"access_token":"A","refresh_token":"R","expires_in":"300"}').lifetime
        == 300
    )


def test_an_answer_without_a_refresh_token_keeps_the_old_one(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(answer_of(200, {}, b'{"access_token":"A2"}'))
    desk.tokens.headers()

    assert desk.row["refresh_token"] == "R1"


def test_a_store_that_is_busy_is_an_error_of_the_port(desk: Desk) -> None:
    class Busy(FakeVault):
        def read(self, name: str) -> str | None:
            raise ConflictError("store_busy")

    desk.tools.vault = Busy()

    for asked in (desk.tokens.headers, desk.tokens.check, desk.tokens.days_left):
        with pytest.raises(UnavailableError, match="store_busy"):
            asked()


# --- a 401 of the API


def test_an_expired_token_is_renewed_whatever_our_clock_says(desk: Desk) -> None:
    desk.tokens.headers()
    desk.will_say(granted(2))

    assert (desk.tokens.renew(EXPIRED), desk.bearer()) == (True, "Bearer A2")


def test_an_expired_token_that_another_renewed_is_not_renewed_again(desk: Desk) -> None:
    other = desk.another(desk.tools.beside())
    other.headers()
    desk.tokens.headers()
    desk.will_say(granted(2))
    desk.tokens.renew(EXPIRED)

    assert (other.renew(EXPIRED), desk.script.sent) == (True, ["R1"])


@pytest.mark.parametrize("words", ["", "Bearer error=%22insufficient_scope%22"])
def test_another_401_is_not_mended_by_a_new_token(desk: Desk, words: str) -> None:
    desk.tokens.headers()

    assert (desk.tokens.renew({"www-authenticate": words}), desk.script.sent) == (False, [])


def test_what_the_last_answer_said_counts_where_renew_is_told_nothing(desk: Desk) -> None:
    desk.tokens.headers()
    desk.tokens.heard(EXPIRED)
    desk.will_say(granted(2))

    assert desk.tokens.renew({"Authorization": "Bearer A1"})


def test_an_expired_token_that_is_too_young_to_renew_is_waited_for(desk: Desk) -> None:
    desk.tokens.headers()
    desk.will_say(refused(400, BODY_EARLY))

    with pytest.raises(RateLimitError) as raised:
        desk.tokens.renew(EXPIRED)

    assert raised.value.code == "exact.token_wait"


# --- the first consent, and the thirty days


def test_without_a_consent_a_person_connects_first() -> None:
    tools = FakeTools()
    tokens = ExactTokens(App(base_url="https://x.example", client_id="c", client_secret="s"), tools)

    with pytest.raises(AuthorisationError) as raised:
        tokens.check()

    assert (raised.value.code, tokens.days_left()) == ("connect_first", None)


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (refused(400, b'{"error":"invalid_grant"}'), AuthorisationError, "connect_again"),
        (refused(401, b'{"error":"invalid_client"}'), AuthorisationError, "oauth_client"),
        (refused(403, b"{}"), RefusedError, "wire_refused"),
        (LOST, UnavailableError, "wire_unavailable"),
        (answer_of(200, {}, b'{"access_token":"A"}'), UnavailableError, "wire_unavailable"),
    ],
)
def test_a_consent_that_fails_keeps_what_was(
    desk: Desk, answer: TokenAnswer, error: type[AdapterError], code: str
) -> None:
    before = desk.row
    desk.will_say(answer)

    with pytest.raises(error) as raised:
        desk.tokens.accept("code", REDIRECT)

    assert (raised.value.code, desk.row) == (code, before)


def test_a_code_is_only_sent_when_what_it_gives_can_be_kept(desk: Desk) -> None:
    class Held(FakeVault):
        @contextmanager
        def lock(self, name: str) -> Iterator[None]:
            raise ConflictError("store_busy")
            yield

    desk.tools.vault = Held(desk.tools.vault.kept)

    with pytest.raises(UnavailableError) as raised:
        desk.tokens.accept("code", REDIRECT)

    assert (raised.value.code, desk.script.sent) == ("token_busy", [])


@pytest.mark.parametrize(("busy", "kept"), [(1, "R7"), (2, "R1")])
def test_a_first_pair_that_can_not_be_kept_is_tried_twice(busy: int, kept: str) -> None:
    class Busy(FakeVault):
        left = 0

        def write(self, name: str, value: str) -> None:
            self.left -= 1
            if self.left >= 0:
                raise ConflictError("store_busy")
            super().write(name, value)

    vault = Busy()
    desk = Desk(FakeTools(vault=vault))
    desk.will_say(granted(7))
    vault.left = busy

    with nullcontext() if kept == "R7" else pytest.raises(UnavailableError, match="store_busy"):
        desk.tokens.accept("code", REDIRECT)

    assert desk.row["refresh_token"] == kept


@pytest.mark.parametrize(("days", "left", "sent"), [(4, 26, []), (6, 30, ["R1"])])
def test_an_idle_consent_is_kept_alive(desk: Desk, days: int, left: int, sent: list[str]) -> None:
    desk.later(days * 86_400)
    desk.will_say(granted(2))

    assert (desk.tokens.keep_alive(), desk.script.sent) == (left, sent)


def test_a_consent_that_can_not_be_kept_alive_now_tells_what_is_left(desk: Desk) -> None:
    desk.later(26 * 86_400)
    desk.will_say(LOST, LOST)

    assert (desk.tokens.keep_alive(), desk.tools.log.events()) == (3, ["exact_not_kept_alive"])


def test_a_consent_that_ended_can_not_be_kept_alive(desk: Desk) -> None:
    desk.later(26 * 86_400)
    desk.will_say(refused(401, BODY_USED))

    with pytest.raises(AuthorisationError, match=r"exact\.needs_reauthorization"):
        desk.tokens.keep_alive()


@pytest.mark.parametrize(("passed", "left"), [(0, 30), (23.5, 6), (31, 0)])
def test_the_days_that_are_left_are_known(desk: Desk, passed: float, left: int) -> None:
    desk.later(passed * 86_400)

    assert desk.tokens.days_left() == left


def test_the_name_holds_no_client_id(desk: Desk) -> None:
    assert desk.tokens.name == "exact:start.exactonline.nl:default:948fe603:oauth"


def test_a_consent_is_not_used_at_another_address(desk: Desk) -> None:
    app = App(base_url="https://start.exactonline.be", client_id="client", client_secret="shh")
    elsewhere = ExactTokens(app, desk.tools)
    line: Any = desk.script
    elsewhere._line = line
    desk.later(600)

    with pytest.raises(AuthorisationError) as raised:
        elsewhere.headers()

    assert (raised.value.code, desk.script.sent, desk.row["state"]) == ("connect_first", [], "ok")


def test_no_secret_reaches_log_or_text() -> None:
    tools = FakeTools()
    with TokenServer(World(tools.clock)) as server:
        app = App(base_url=server.url, client_id="client", client_secret="hush")
        tokens = ExactTokens(app, tools)
        tokens.accept("code-1", REDIRECT)
        tools.clock.advance(700)
        server.world.lose = 1
        tokens.headers()

    told = tools.log.text() + repr(app) + repr(granted(1))

    assert [word for word in ("hush", "code-1", "access-", "refresh-", "A1") if word in told] == []
