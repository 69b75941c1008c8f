"""A bare client of the simulated Exact, and a clock that is set by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import requests

from adapters.exact.simulator import Simulator

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
TERMS = "sync/Cashflow/PaymentTerms"
DELETED = "sync/Deleted"
FIELDS = "ID,Timestamp,TransactionEntryID,AmountFC,Status"


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
    """Asks one division of a simulator, and checks nothing."""

    sim: Simulator
    token: str = ""
    division: int = 0
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.token = self.token or self.sim.issue_oauth()["access_token"]
        self.division = self.division or self.sim.division

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        accept: str = "application/json",
        headers: dict[str, str] | None = None,
        **how: Any,
    ) -> requests.Response:
        url = path if "://" in path else f"{self.sim.url}/api/v1/{self.division}/{path}"
        told = {"Authorization": f"Bearer {self.token}", "Accept": accept} | (headers or {})
        return self.session.request(method, url, headers=told, timeout=10, **how)

    def get(
        self, path: str, where: str | None = None, select: str | None = None, **more: Any
    ) -> Any:
        """Return what `d` holds."""
        params = {"$filter": where, "$select": select} | {f"${k}": v for k, v in more.items()}
        answer = self.ask("GET", path, params={k: v for k, v in params.items() if v is not None})
        assert answer.status_code == 200, answer.text
        return answer.json()["d"]

    def synced(
        self, path: str = TERMS, since: int = 1, select: str = FIELDS
    ) -> list[dict[str, Any]]:
        """Return the rows of every page of a sync resource."""
        page = self.get(path, f"Timestamp gt {since}L", select)
        rows: list[dict[str, Any]] = page["results"]
        while "__next" in page:
            page = self.get(page["__next"])
            rows += page["results"]
        return rows

    def gone(self, since: int = 1) -> list[str]:
        """Return the keys of deleted terms."""
        rows = self.synced(DELETED, since, "EntityKey,EntityType,Timestamp")
        return [row["EntityKey"] for row in rows if row["EntityType"] == 10]

    def refresh(self, token: str) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return self.exchange(form)

    def exchange(self, form: dict[str, str]) -> requests.Response:
        app = {"client_id": self.sim.client_id, "client_secret": self.sim.client_secret}
        url = f"{self.sim.url}/api/oauth2/token"
        return self.session.post(url, data=form | app, timeout=10)
