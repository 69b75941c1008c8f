"""A pusher whose requests go to a simulated package over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from adapters.exact.push import Pusher
from adapters.exact.settings import ExactSettings
from adapters.exact.simulator import Fault, Simulator
from adapters.exact.terms import Signs, memo_of, to_term
from connector.testkit.tools import FakeTools
from tests.adapters.exact.connected import Connected, connected
from tests.adapters.exact.push_desk import settings


@dataclass
class Line:
    """A pusher whose client talks to a package over HTTP."""

    house: Connected
    choices: ExactSettings

    @property
    def package(self) -> Simulator:
        return self.house.package

    @property
    def tools(self) -> FakeTools:
        return self.house.tools

    def choose(self, **choices: Any) -> None:
        self.choices = settings(**choices)

    def pusher(self) -> Pusher:
        """Return what a new process would have."""
        client = self.house.client()
        return Pusher(lambda: client, self.choices, self.tools)

    def invoice(self, account: str | None = None) -> str:
        """Add an open invoice that a pull has seen."""
        account = account or self.package.add_account("Bakkerij De Wit", email="a@example.com")
        entry = self.package.add_invoice(account)
        signs = (Signs(1, -1), Signs(1, -1))
        self.tools.keep([memo_of(to_term(row, signs, 1)) for row in self.package.terms(entry)])
        return f"R/{entry}"

    def seen(self) -> list[str]:
        """Return what was asked, without the address of the division and what is selected."""
        head = f"/api/v1/{self.package.division}/"
        lines = [one.line.partition("?")[0] for one in self.package.requests]
        return [line.replace(head, "") for line in lines]


@contextmanager
def push_line() -> Iterator[Line]:
    """Give a pusher and a package."""
    with connected() as house:
        yield Line(house, settings())


AFTER = [
    Fault.ERROR_AFTER,
    Fault.TIMEOUT_AFTER,
    Fault.DROP_AFTER,
    Fault.RESET,
    Fault.BAD_JSON,
    Fault.NO_D,
    Fault.HTML,
]
BEFORE = [Fault.ERROR_BEFORE, Fault.UNAVAILABLE, Fault.TIMEOUT_BEFORE, Fault.DROP]
REFUSING = [Fault.BAD_REQUEST, Fault.FORBIDDEN, Fault.RATE, Fault.UNAUTHORIZED]
