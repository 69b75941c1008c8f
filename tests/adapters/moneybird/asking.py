"""A bare client of the simulator, and a clock that is set by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import requests

from adapters.moneybird.simulator import Simulator

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """Moves when it is told to, or when somebody waits."""

    instant: datetime = NOON

    def now(self) -> datetime:
        return self.instant

    def sleep(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


@dataclass
class Asker:
    """Asks one administration of a simulator, and checks nothing."""

    simulator: Simulator
    token: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def ask(self, method: str, path: str, *, timeout: float = 10, **how: Any) -> requests.Response:
        root = f"{self.simulator.url}/api/v2/{self.simulator.administration}/"
        headers = {"Authorization": f"Bearer {self.token or self.simulator.token}"}
        return self.session.request(
            method,
            f"{root}{path}",
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            **how,
        )

    def get(self, path: str, **params: str | int) -> Any:
        return self.ask("GET", path, params=params).json()

    def listed(self, path: str, **params: str | int) -> list[int]:
        return [int(row["id"]) for row in self.get(path, **params)]

    def fetch(self, resource: str, *ids: int) -> list[dict[str, Any]]:
        asked = {"ids": [str(one) for one in ids]}
        rows: list[dict[str, Any]] = self.ask(
            "POST", f"{resource}/synchronization.json", json=asked
        ).json()
        return rows

    def remind(self, *invoices: int, **item: Any) -> requests.Response:
        first = self.simulator.look(invoices[0])
        group = ("contact_id", "workflow_id", "document_style_id", "identity_id")
        order = {name: first[name] for name in group}
        order |= {"sales_invoice_ids": [str(one) for one in invoices]} | item
        return self.ask(
            "POST", "sales_invoices/send_reminders.json", json={"sales_invoice_reminders": [order]}
        )
