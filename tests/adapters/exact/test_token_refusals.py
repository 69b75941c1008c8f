"""Answers of the token endpoint that get lost or say no, and when nothing is sent any more."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.exact.token_line import App, TokenAnswer
from adapters.exact.tokens import ExactTokens
from connector.port.errors import (
    AuthorisationError,
    RateLimitError,
    StoreError,
)
from connector.testkit.tools import FakeTools, FakeVault
from tests.adapters.exact.token_desk import (
    BODY_EARLY,
    BODY_USED,
    EXPIRED,
    LOST,
    REDIRECT,
    UNSENT,
    Desk,
    Script,
    code_of,
    granted,
    refused,
)
from tests.adapters.exact.token_server import TokenServer, World


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- answers that get lost


def test_a_lost_answer_is_asked_for_once_more_with_the_same_token(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(LOST, granted(3))

    assert (desk.bearer(), desk.script.sent) == ("Bearer A3", ["R1", "R1"])


def test_after_a_lost_answer_too_early_means_wait_for_the_lost_one_to_age(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(LOST, refused(400, BODY_EARLY))

    with pytest.raises(RateLimitError) as raised:
        desk.tokens.headers()

    assert (raised.value.code, 570 <= int(str(raised.value.facts["after"])) <= 575) == ("exact.token_wait", True)  # fmt: skip


def test_the_lost_one_is_asked_for_again_when_it_has_aged(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(LOST, refused(400, BODY_EARLY), granted(4))
    code_of(desk)
    desk.later(574)

    assert desk.bearer() == "Bearer A4"


def test_a_process_that_ended_before_it_heard_counts_as_a_lost_answer(desk: Desk) -> None:
    desk.later(600)

    class Ending(Script):
        def ask(self, grant: str, fields: Mapping[str, str], *, attempt: int = 1) -> TokenAnswer:
            raise KeyboardInterrupt

    line: Any = Ending()
    desk.tokens._line = line
    with pytest.raises(KeyboardInterrupt):
        desk.tokens.headers()
    line = desk.script
    desk.tokens._line = line
    desk.will_say(refused(400, BODY_EARLY))

    assert code_of(desk) == "exact.token_wait"


def test_a_connection_that_does_not_come_about_leaves_the_token_unused(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(UNSENT, UNSENT)

    assert (code_of(desk), desk.row["refresh_token"], desk.row["state"]) == ("wire_unavailable", "R1", "ok")  # fmt: skip


def test_a_reset_on_the_line_is_a_lost_answer() -> None:
    tools = FakeTools()
    with TokenServer(World(tools.clock)) as server:
        tokens = ExactTokens(App(base_url=server.url, client_id="c", client_secret="shh"), tools)
        tokens.accept("code", REDIRECT)
        tools.clock.advance(700)
        server.world.lose = 1
        tokens.headers()

    assert (server.world.counts["retried"], server.world.counts["reused"]) == (1, 0)


# --- answers that say no


def test_too_early_keeps_the_token_and_waits(desk: Desk) -> None:
    desk.later(576)
    desk.will_say(refused(400, BODY_EARLY))

    used = [desk.bearer(), desk.bearer()]

    assert (used, len(desk.script.sent)) == (["Bearer A1", "Bearer A1"], 1)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, BODY_USED, "old_refresh_token"),
        (400, b'{"error":"invalid_grant","error_description":"x"}', "invalid_grant"),
        (401, b'{"error":"invalid_grant"}', "invalid_grant"),
    ],
)
def test_a_broken_chain_needs_a_person(desk: Desk, status: int, body: bytes, reason: str) -> None:
    desk.later(600)
    desk.will_say(refused(status, body))

    code = code_of(desk)

    assert (code, desk.row["state"], desk.row["reason"], desk.row["refresh_token"]) == (
        "exact.needs_reauthorization",
        "needs_reauthorization",
        reason,
        "R1",
    )


def test_after_a_stop_nothing_is_sent(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(refused(401, BODY_USED))
    code_of(desk)
    desk.later(100_000)

    codes = [code_of(desk), code_of(desk)]

    assert (codes, len(desk.script.sent)) == (["exact.needs_reauthorization"] * 2, 1)


def test_a_stop_holds_for_every_process_at_once(desk: Desk) -> None:
    other = desk.another(desk.tools.beside())
    other.headers()
    desk.will_say(refused(401, BODY_USED))
    desk.tokens.headers()
    with pytest.raises(AuthorisationError):
        desk.tokens.renew(EXPIRED)

    with pytest.raises(AuthorisationError) as raised:
        other.headers()

    assert raised.value.code == "exact.needs_reauthorization"


def test_a_new_consent_ends_the_stop(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(refused(401, BODY_USED), granted(7))
    code_of(desk)

    desk.tokens.accept("code", REDIRECT)

    assert (desk.bearer(), desk.row["state"], desk.row["generation"]) == ("Bearer A7", "ok", 2)


def test_a_row_that_can_not_be_read_needs_a_person_and_can_be_replaced(desk: Desk) -> None:
    desk.tools.vault.kept[desk.tokens.name] = "{broken"
    desk.will_say(granted(7))

    code = code_of(desk)
    desk.tokens.accept("code", REDIRECT)

    assert (code, desk.bearer()) == ("exact.needs_reauthorization", "Bearer A7")


def test_an_unknown_no_after_thirty_days_is_the_end_of_the_consent(desk: Desk) -> None:
    desk.later(31 * 86_400)
    desk.will_say(refused(400, b'{"error":"something"}'))

    assert code_of(desk) == "exact.needs_reauthorization"


def test_an_unknown_no_is_asked_three_times_an_hour_at_most(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(*[refused(400, b'{"error":"something"}')] * 9)
    codes = []
    for _ in range(6):
        codes.append(code_of(desk))
        desk.later(61)

    assert (len(desk.script.sent), codes[-1], desk.row["state"]) == (
        3,
        "exact.stopped_asking",
        "ok",
    )


def test_an_app_that_is_not_known_is_not_a_lost_consent(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(refused(400, b'{"error":"invalid_client"}'))

    assert (code_of(desk), desk.row["state"]) == ("oauth_client", "ok")


def test_a_refusal_that_rotates_keeps_the_new_token(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(refused(400, b'{"error":"access_denied","refresh_token":"R2"}'), granted(3))
    code_of(desk)
    desk.later(61)

    assert (desk.bearer(), desk.script.sent) == ("Bearer A3", ["R1", "R2"])


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":"invalid_grant","refresh_token":"R2"}',
        b'{"error":"access_denied","error_description":"access_token not expired","refresh_token":"R2"}',
    ],
)
def test_whatever_a_refusal_says_the_token_it_holds_is_kept(desk: Desk, body: bytes) -> None:
    desk.later(600)
    desk.will_say(refused(400, body))
    code_of(desk)

    assert (desk.row["refresh_token"], desk.row["state"]) == ("R2", "ok")


def test_a_fault_that_rotates_is_not_asked_again_with_the_old_token(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(refused(500, b'{"refresh_token":"R2"}'))

    assert (code_of(desk), desk.script.sent, desk.row["refresh_token"]) == ("wire_unavailable", ["R1"], "R2")  # fmt: skip


def test_a_pair_that_can_not_be_kept_is_tried_twice_and_told() -> None:
    class Full(FakeVault):
        refusals = 0

        def replace(self, name: str, *, was: str, value: str) -> bool:
            if '"R2"' in value and self.refusals < 1:
                self.refusals += 1
                raise StoreError("store_full")
            return super().replace(name, was=was, value=value)

    desk = Desk(FakeTools(vault=Full()))
    desk.later(600)
    desk.will_say(granted(2))

    assert (desk.bearer(), desk.row["refresh_token"], desk.tools.log.events()) == ("Bearer A2", "R2", ["exact_token_not_kept"])  # fmt: skip
