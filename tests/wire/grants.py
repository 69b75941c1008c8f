"""A token endpoint that answers as told, and a vault with a token."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from connector.wire.oauth import OAuthApp, TokenKeeper
from tests.wire.fakes import START, FakeTools, MemoryVault
from tests.wire.remote import Behaviour, Remote, fine, status

NAME = "moneybird:jansen:oauth"
NOW = int(START.timestamp())


def app(origin: str, scopes: tuple[str, ...] = ("sales_invoices", "documents")) -> OAuthApp:
    return OAuthApp(
        authorize_url=f"{origin}/oauth/authorize",
        token_url=f"{origin}/oauth/token",
        client_id="our-id",
        client_secret="our-secret",
        scopes=scopes,
    )


def kept(**parts: object) -> MemoryVault:
    plain = {"access_token": "old", "refresh_token": "r1", "scope": "sales_invoices"}
    return MemoryVault({NAME: json.dumps(plain | parts)})


def keeper(it: Remote, vault: MemoryVault, tools: FakeTools | None = None) -> TokenKeeper:
    lent = tools or FakeTools()
    lent.vault = vault
    return TokenKeeper(app(it.origin), name=NAME, tools=lent)


def gives(**parts: object) -> Behaviour:
    return fine(json.dumps({"access_token": "new", "token_type": "bearer"} | parts).encode())


def refuses(code: str, as_status: int = 400) -> Behaviour:
    return status(as_status, json.dumps({"error": code, "error_description": "x"}).encode())


def form(it: Remote, at: int = 0) -> Mapping[str, list[str]]:
    return parse_qs(it.asked[at].body.decode())


def bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def in_vault(vault: MemoryVault) -> dict[str, object]:
    parts: dict[str, object] = json.loads(vault.kept[NAME])
    return parts
