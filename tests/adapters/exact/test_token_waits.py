"""How long nothing is asked of the token endpoint when it is away, busy or not ready yet."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters.exact.token_line import TokenAnswer, answer_of
from connector.port.errors import (
    RateLimitError,
    UnavailableError,
)
from connector.testkit.tools import FakeVault
from tests.adapters.exact.token_desk import (
    EXPIRED,
    LOST,
    UNSENT,
    Desk,
    code_of,
    granted,
    refused,
)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_two_lost_answers_are_enough_for_a_minute(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(LOST, LOST)

    codes = [code_of(desk), code_of(desk)]

    assert (codes, len(desk.script.sent)) == (["wire_unavailable", "exact.token_wait"], 2)


@pytest.mark.parametrize("answer", [LOST, UNSENT, refused(429, b"")])
def test_as_long_as_nothing_comes_of_it_exact_is_asked_ever_less_often(
    desk: Desk, answer: TokenAnswer
) -> None:
    desk.later(600)
    desk.will_say(*[answer] * 20)
    waits = []
    for _ in range(5):
        with pytest.raises((UnavailableError, RateLimitError)) as raised:
            desk.tokens.headers()
        waits.append(int(str(raised.value.facts["after"])))
        desk.later(waits[-1])

    assert waits == [60, 300, 900, 3600, 3600]


def test_an_answer_ends_the_growing_of_the_wait(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(LOST, LOST, granted(2), LOST, LOST)
    code_of(desk)
    desk.later(60)
    desk.tokens.headers()
    desk.later(600)
    code_of(desk)

    assert desk.row["refresh_at"] - int(desk.tools.clock.now().timestamp()) == 60


def test_within_the_hour_after_a_long_failure_it_works_again(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(*[answer_of(503, {}, b"")] * 500)
    for _ in range(36 * 60):
        code_of(desk)
        desk.later(60)
    asked = len(desk.script.sent)
    desk.will_say(granted(2))
    desk.later(3600)

    assert (asked < 100, set(desk.script.sent), desk.bearer()) == (True, {"R1"}, "Bearer A2")


def test_too_early_again_and_again_is_asked_ever_less_often(desk: Desk) -> None:
    desk.will_say(*[refused(401, b"", reason="TooEarlyToRefreshTokens: 570")] * 20)
    desk.later(576)
    for _ in range(300):
        desk.tokens.headers()
        desk.later(1)

    assert len(desk.script.sent) <= 6


def test_who_waited_for_another_that_failed_waits_on() -> None:
    made = Desk()

    class Busy(FakeVault):
        @contextmanager
        def lock(self, name: str) -> Iterator[None]:
            with super().lock(name):
                self.kept[name] = self.kept[name].replace(
                    f'"refresh_at": {made.row["refresh_at"]}',
                    f'"refresh_at": {int(made.tools.clock.now().timestamp()) + 60}',
                )
                yield

    vault = Busy(made.tools.vault.kept)
    made.tools.vault = vault
    made.later(700)

    assert (code_of(made), made.script.sent) == ("exact.token_wait", [])


def test_being_busy_is_waited_for(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(answer_of(429, {}, b"", after=120.0))

    codes = [code_of(desk), code_of(desk)]

    assert (codes, len(desk.script.sent), desk.row["refresh_at"] - desk.row["obtained_at"]) == (["exact.token_wait"] * 2, 1, 720)  # fmt: skip


def test_a_wait_holds_for_a_token_that_expired_too(desk: Desk) -> None:
    other = desk.another(desk.tools.beside())
    codes = []
    for one in (desk.tokens, other):
        one.headers()
    desk.will_say(refused(429, b""))
    for one in (desk.tokens, other, other):
        with pytest.raises(RateLimitError) as raised:
            one.renew(EXPIRED)
        codes.append(raised.value.code)

    assert (codes, desk.script.sent) == (["exact.token_wait"] * 3, ["R1"])


def test_a_token_that_exact_called_expired_is_not_used_again(desk: Desk) -> None:
    desk.tokens.headers()
    desk.will_say(refused(429, b""))
    with pytest.raises(RateLimitError):
        desk.tokens.renew(EXPIRED)

    assert code_of(desk) == "exact.token_wait"


def test_a_wait_does_not_outlast_a_clock_that_is_set_back(desk: Desk) -> None:
    desk.later(600)
    desk.will_say(refused(429, b""), granted(2))
    code_of(desk)
    desk.later(-86_400)
    desk.tokens.headers()

    assert (desk.tokens.renew(EXPIRED), desk.bearer()) == (True, "Bearer A2")


def test_the_calls_of_a_day_are_limited(desk: Desk) -> None:
    budget = next(one for key, one in desk.tools.budgets.made.items() if ":token:" in key)
    for _ in range(179):
        budget.take()
    desk.later(600)

    assert (code_of(desk), desk.script.sent) == ("budget_spent", [])
