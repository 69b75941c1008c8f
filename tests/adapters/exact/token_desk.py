"""A consent that was given, and a token endpoint that says what it is told to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.exact.token_line import App, Said, TokenAnswer, answer_of
from adapters.exact.tokens import ExactTokens
from connector.port.errors import (
    AdapterError,
)
from connector.testkit.tools import FakeTools
from tests.adapters.exact.memory_line import row_of

REDIRECT = "https://example.nl/exact"
EXPIRED = {"www-authenticate": "Bearer error_description=%22access+token+expired%22"}
BODY_EARLY = (
    b'{"error":"access_denied","error_description":"Rate limit exceeded: access_token not expired"}'
)
BODY_USED = b'{"error":"unauthorized_client","error_description":"Old refresh token used."}'
LOST = TokenAnswer(said=Said.LOST, reason="reset")
UNSENT = TokenAnswer(said=Said.UNSENT, reason="connect")


def granted(number: int) -> TokenAnswer:
    body = f'{{"access_token":"A{number}","refresh_token":"R{number}","expires_in":"600"}}'
    return answer_of(200, {}, body.encode())


def refused(status: int, body: bytes, **headers: str) -> TokenAnswer:
    return answer_of(status, headers, body)


@dataclass
class Script:
    """A token endpoint that says what it is told to, and notes what it was sent."""

    answers: list[TokenAnswer] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def ask(self, grant: str, fields: Mapping[str, str], *, attempt: int = 1) -> TokenAnswer:
        self.sent.append(fields.get("refresh_token", fields.get("code", "")))
        return self.answers.pop(0)


@dataclass
class Desk:
    tools: FakeTools = field(default_factory=FakeTools)
    script: Script = field(default_factory=Script)

    def __post_init__(self) -> None:
        self.tokens = self.another(self.tools)
        self.script.answers = [granted(1)]
        self.tokens.accept("code", REDIRECT)
        self.script.sent.clear()

    def another(self, tools: FakeTools) -> ExactTokens:
        """Return the tokens of another process of the house."""
        app = App(base_url="https://start.exactonline.nl", client_id="client", client_secret="shh")
        made = ExactTokens(app, tools)
        line: Any = self.script
        made._line = line
        return made

    def will_say(self, *answers: TokenAnswer) -> None:
        self.script.answers = list(answers)

    def later(self, seconds: float) -> None:
        self.tools.clock.advance(seconds)

    @property
    def row(self) -> dict[str, Any]:
        return row_of(self.tokens, self.tools)

    def bearer(self) -> str:
        return self.tokens.headers()["Authorization"]


def code_of(desk: Desk) -> str:
    with pytest.raises(AdapterError) as raised:
        desk.tokens.headers()
    return raised.value.code
