"""A client whose consent and requests go to a simulated package over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from adapters.exact.client import Client, manners
from adapters.exact.limits import Limits
from adapters.exact.simulator import Simulator
from adapters.exact.token_line import App, Said, TokenAnswer
from adapters.exact.token_row import new_row, text_of
from adapters.exact.tokens import ExactTokens
from connector.testkit.tools import FakeTools
from connector.wire.http import Http


@dataclass
class Connected:
    """A house that is connected to a package."""

    package: Simulator
    tools: FakeTools
    clients: list[Client] = field(default_factory=list)

    def tokens(self) -> ExactTokens:
        app = App(
            base_url=self.package.url,
            client_id=self.package.client_id,
            client_secret=self.package.client_secret,
        )
        return ExactTokens(app, self.tools)

    def connect(self) -> None:
        """Keep tokens as a consent gives them."""
        said = self.package.issue_oauth()
        answer = TokenAnswer(
            said=Said.GRANTED,
            reason="",
            access_token=said["access_token"],
            refresh_token=said["refresh_token"],
        )
        row = new_row(answer, int(self.tools.clock.now().timestamp()), after=None)
        self.tools.vault.write(self.tokens().name, text_of(row))

    def client(self, division: int | None = None) -> Client:
        """Return a client that does not wait long for an answer."""
        tokens, number = self.tokens(), division or self.package.division
        limits = Limits(self.tools.budgets, host=tokens.host, client=tokens.client, division=number)
        http = Http(
            self.package.url,
            auth=tokens,
            budget=limits.budget,
            tools=self.tools,
            manners=replace(manners(tokens, limits), read_seconds=0.5),
        )
        self.clients.append(Client(http, tokens, limits, number))
        return self.clients[-1]


@contextmanager
def connected() -> Iterator[Connected]:
    """Give a house and a package on the same clock."""
    tools = FakeTools()
    with Simulator(clock=tools.clock) as package:
        house = Connected(package, tools)
        house.connect()
        yield house
        for client in house.clients:
            client.close()
