"""The lists of Exact page by page, with a token of a consent: for peers, which keep no tokens."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

_REDIRECT = "http://127.0.0.1:8600/consent"


def authorise(session: requests.Session, listing: str, client: str, secret: str) -> None:
    """Give the session an access token."""
    root = listing.partition("/api/")[0] + "/api/oauth2"
    asked = {"client_id": client, "redirect_uri": _REDIRECT, "response_type": "code", "state": "1"}
    answer = session.get(f"{root}/auth", params=asked, allow_redirects=False)
    (code,) = parse_qs(urlsplit(answer.headers["Location"]).query)["code"]
    exchange = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": _REDIRECT,
        "client_id": client, "client_secret": secret,
    }  # fmt: skip
    token = session.post(f"{root}/token", data=exchange).json()["access_token"]
    session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})


def pages(session: requests.Session, listing: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of each page."""
    address: str | None = listing
    while address:
        said = session.get(address).json()["d"]
        yield said["results"]
        address = said.get("__next")
