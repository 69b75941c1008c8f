"""Several processes that share one consent, also when the lock between them is lost."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, cast

import pytest

from adapters.exact.token_line import App, TokenAnswer
from adapters.exact.tokens import ExactTokens
from connector.port.errors import (
    RateLimitError,
)
from connector.testkit.tools import FakeTools, FakeVault
from tests.adapters.exact.token_desk import (
    BODY_EARLY,
    BODY_USED,
    LOST,
    REDIRECT,
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


def test_another_process_uses_what_one_renewed(desk: Desk) -> None:
    other = desk.another(desk.tools.beside())
    desk.later(600)
    desk.will_say(granted(2))
    desk.tokens.headers()

    assert (other.headers()["Authorization"], desk.script.sent) == ("Bearer A2", ["R1"])


def test_two_who_renew_at_once_do_it_once() -> None:
    tools = FakeTools()
    with TokenServer(World(tools.clock)) as server:
        app = App(base_url=server.url, client_id="client", client_secret="shh")
        ExactTokens(app, tools).accept("code", REDIRECT)
        tools.clock.advance(700)
        got: list[str] = []

        def run() -> None:
            got.append(ExactTokens(app, tools).headers()["Authorization"])

        threads = [threading.Thread(target=run) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    assert (set(got), server.world.counts) == ({"Bearer access-2"}, {"token": 2})


def test_tokens_that_another_kept_meanwhile_are_not_overwritten(desk: Desk) -> None:
    other = desk.another(desk.tools)
    desk.later(590)

    class Racing(Script):
        def ask(self, grant: str, fields: Mapping[str, str], *, attempt: int = 1) -> TokenAnswer:
            kept = desk.tools.vault.kept
            kept[other.name] = kept[other.name].replace('"R1"', '"R9"').replace('"A1"', '"A9"')
            return granted(2)

    line: Any = Racing()
    other._line = line

    assert (other.headers()["Authorization"], desk.row["refresh_token"]) == ("Bearer A9", "R9")


def test_a_refusal_is_forgotten_when_another_renewed_meanwhile(desk: Desk) -> None:
    desk.later(590)

    class Slow(Script):
        def ask(self, grant: str, fields: Mapping[str, str], *, attempt: int = 1) -> TokenAnswer:
            kept = desk.tools.vault.kept
            kept[desk.tokens.name] = kept[desk.tokens.name].replace('"R1"', '"R9"').replace('"A1"', '"A9"')  # fmt: skip
            return refused(401, BODY_USED)

    line: Any = Slow()
    desk.tokens._line = line

    assert (desk.bearer(), desk.row["state"]) == ("Bearer A9", "ok")


class Unlocked(FakeVault):
    """A vault whose lock is lost unnoticed, as when the database ended its session."""

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        yield


def meanwhile(desk: Desk, work: Callable[[], object], answer: TokenAnswer) -> ExactTokens:
    """Return tokens of another process, that hear this after the work was done."""

    class Slow(Script):
        def ask(self, grant: str, fields: Mapping[str, str], *, attempt: int = 1) -> TokenAnswer:
            if attempt == 1:
                work()
            return answer

    made, line = desk.another(desk.tools.beside()), cast(Any, Slow())
    made._line = line
    return made


@pytest.mark.parametrize(
    "answer",
    [refused(400, BODY_EARLY), refused(429, b""), refused(403, b""), refused(401, BODY_USED), LOST],
)
def test_no_answer_overwrites_the_pair_that_another_was_granted(answer: TokenAnswer) -> None:
    desk = Desk(FakeTools(vault=Unlocked()))
    desk.later(600)
    desk.will_say(granted(2))
    other = meanwhile(desk, desk.tokens.headers, answer)

    used = other.headers()["Authorization"]

    assert (used, desk.row["refresh_token"], desk.row["generation"]) == ("Bearer A2", "R2", 2)


@pytest.mark.parametrize("answer", [granted(2), refused(429, b'{"refresh_token":"R2"}')])
def test_a_new_token_is_kept_though_another_noted_that_the_consent_ended(
    answer: TokenAnswer,
) -> None:
    desk = Desk(FakeTools(vault=Unlocked()))
    desk.later(600)
    desk.will_say(refused(401, BODY_USED))
    other = meanwhile(desk, lambda: code_of(desk), answer)

    with suppress(RateLimitError):
        other.headers()

    assert (desk.row["refresh_token"], desk.row["state"]) == ("R2", "ok")


def test_what_is_noted_of_an_older_pair_does_not_end_a_newer(desk: Desk) -> None:
    desk.tools.vault = Unlocked(desk.tools.vault.kept)
    desk.later(600)
    desk.will_say(granted(7))
    other = meanwhile(desk, lambda: desk.tokens.accept("code", REDIRECT), granted(2))

    assert (other.headers()["Authorization"], desk.row["refresh_token"]) == ("Bearer A7", "R7")
