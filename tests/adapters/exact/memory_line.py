"""A line to the world of a test without a network: months of calls pass in seconds."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from adapters.exact.client import Client, open_client
from adapters.exact.token_line import App, Said, TokenAnswer, answer_of
from adapters.exact.tokens import ExactTokens
from connector.port.tools import Tools
from connector.wire.line import Request
from connector.wire.trouble import Broken, Kind
from tests.adapters.exact.token_server import Say, World


class MemoryAnswer:
    def __init__(self, said: Say) -> None:
        self.status = said.status
        self.headers = {name.lower(): value for name, value in said.headers}
        self._body = said.body

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to let go of."""

    def pieces(self) -> Iterator[bytes]:
        yield self._body

    def content(self) -> bytes:
        return self._body

    def close(self) -> None:
        """There is nothing to let go of."""


class MemoryLine:
    """Stands in for the session of wire."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.requests = 0

    def send(self, request: Request, headers: Mapping[str, str], *, attempt: int) -> MemoryAnswer:
        self.requests += 1
        path = urlsplit(request.url).path
        said = self._world.api(path, headers["Authorization"].removeprefix("Bearer "))
        if not said.status:
            raise Broken(Kind.RESET)
        return MemoryAnswer(said)

    def close(self) -> None:
        """There is nothing to let go of."""


class MemoryTokenLine:
    """Stands in for the token endpoint's line."""

    def __init__(self, world: World) -> None:
        self._world = world

    def ask(self, grant: str, fields: Mapping[str, str], *, attempt: int = 1) -> TokenAnswer:
        said = self._world.token({"grant_type": [grant]} | {k: [v] for k, v in fields.items()})
        if not said.status:
            return TokenAnswer(said=Said.LOST, reason="reset")
        headers = {name.lower(): value for name, value in said.headers}
        return answer_of(said.status, headers, said.body)


def memory_tokens(app: App, tools: Tools, world: World) -> ExactTokens:
    tokens = ExactTokens(app, tools)
    line: Any = MemoryTokenLine(world)
    tokens._line = line
    return tokens


def memory_client(
    app: App, tokens: ExactTokens, tools: Tools, world: World, division: int
) -> Client:
    client = open_client(app.base_url, tokens, tools, division=division)
    line: Any = MemoryLine(world)
    client._http._line = client._http._exchange._line = line
    return client


def row_of(tokens: ExactTokens, tools: Tools) -> dict[str, Any]:
    """Return the row as the vault keeps it."""
    kept: dict[str, Any] = json.loads(tools.vault.read(tokens.name) or "{}")
    return kept
