"""A client that is connected, and one whose answers are written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import responses

from adapters.exact import odata
from adapters.exact.client import Client, open_client
from adapters.exact.simulator import Simulator
from adapters.exact.token_line import App
from adapters.exact.tokens import ExactTokens
from connector.testkit.tools import FakeBudget, FakeTools

TERMS = "sync/Cashflow/PaymentTerms"
ACCOUNTS = "crm/Accounts"
BASE = "http://127.0.0.1:9"
REDIRECT = "https://example.nl/exact"
KEY = "5c4b2e3a-0d1e-4f20-9a11-2b3c4d5e6f70"


def connected(package: Simulator, tools: FakeTools) -> ExactTokens:
    """Return the tokens of a consent that was given just now."""
    app = App(
        base_url=package.url, client_id=package.client_id, client_secret=package.client_secret
    )
    made = ExactTokens(app, tools)
    asked = (
        f"{package.url}/api/oauth2/auth?client_id={package.client_id}"
        f"&redirect_uri={REDIRECT}&response_type=code&state=x"
    )
    made.accept(package.approve(asked)["code"], REDIRECT)
    package.reset_count()
    return made


@contextmanager
def answering(tools: FakeTools, *bodies: object) -> Iterator[tuple[Client, responses.RequestsMock]]:
    """Yield a client whose reads are answered with these bodies, one after another."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as line:
        token = {"access_token": "A", "refresh_token": "R", "expires_in": "600"}
        line.add("POST", f"{BASE}/api/oauth2/token", json=token)
        for body in bodies:
            line.add("GET", f"{BASE}/api/v1/7/{TERMS}", json=body)
        tokens = ExactTokens(App(base_url=BASE, client_id="c", client_secret="s"), tools)
        tokens.accept("code", REDIRECT)
        yield open_client(BASE, tokens, tools, division=7), line


def ids(client: Client, path: str = TERMS) -> list[Any]:
    pages = client.rows(path, select=("ID", "Timestamp"), filter=odata.after(1))
    return [row["ID"] for page in pages for row in page.rows]


def paged(number: int, link: str | None) -> dict[str, Any]:
    results = [{"ID": number}] if number else []
    return {"d": {"results": results, **({"__next": link} if link else {})}}


def budget(tools: FakeTools, division: int) -> FakeBudget:
    return next(one for key, one in tools.budgets.made.items() if key.endswith(f":{division}"))
