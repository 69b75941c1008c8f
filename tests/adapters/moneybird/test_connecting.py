"""A person connects with a token or by consent, and learns what the credential reaches."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.moneybird.client import MANNERS, Client
from adapters.moneybird.connecting import Connecting, auth_of
from adapters.moneybird.settings import MoneybirdSettings
from adapters.moneybird.simulator import Fault, Simulator
from connector.port.adapter import Connects, Consent
from connector.port.errors import AuthorisationError, SettingsError, UnavailableError
from connector.port.tools import Limit
from connector.testkit.tools import FakeTools
from connector.wire.http import Auth, Http
from connector.wire.oauth import OUT_OF_BAND
from tests.adapters.moneybird.openapi import check_exchange

OAUTH, TOKEN = "default:oauth", "default:token"
"""How names in the vault end; before it stands where Moneybird is."""
REDIRECT = "http://127.0.0.1:8123/callback"


@dataclass
class Desk:
    """A package, and somebody who wants to connect with it."""

    package: Simulator
    tools: FakeTools = field(default_factory=FakeTools)

    def connecting(self, **fields: Any) -> Connecting:
        settings = self.settings(**fields)
        return Connecting(settings, self.tools, self.make)

    def settings(self, **fields: Any) -> MoneybirdSettings:
        given = {
            "administration": str(self.package.administration),
            "base_url": self.package.url,
            "client_id": self.package.client_id,
            "client_secret": "env:SECRET",
        }
        return MoneybirdSettings(**(given | fields))

    def make(self, auth: Auth) -> Client:
        budget = self.tools.budgets.of("ordinary", [Limit(150, 300)])
        http = Http(self.package.url, auth=auth, budget=budget, tools=self.tools, manners=MANNERS)
        return Client(http, str(self.package.administration))

    def keep(self, name: str, value: str) -> None:
        self.tools.vault.kept[self.name(name)] = value

    def name(self, end: str) -> str:
        return f"moneybird:{urlsplit(self.package.url).netloc}:{end}"

    @property
    def kept(self) -> set[str]:
        return {name.removeprefix(self.name("")) for name in self.tools.vault.kept}


@pytest.fixture
def desk() -> Iterator[Desk]:
    tools = FakeTools()
    with Simulator(clock=tools.clock) as package:
        tools.secrets = {"env:SECRET": package.client_secret, "env:TOKEN": package.token}
        yield Desk(package, tools)


def test_connecting_fits_the_port(desk: Desk) -> None:
    assert isinstance(desk.connecting(), Connects)


@pytest.mark.parametrize(
    ("fields", "ways"),
    [
        ({}, ("token", "consent")),
        ({"client_id": None, "client_secret": None}, ("token",)),
        ({"token": "env:TOKEN"}, ()),
    ],
)
def test_the_settings_say_how_a_person_may_connect(
    desk: Desk, fields: dict[str, Any], ways: tuple[str, ...]
) -> None:
    assert desk.connecting(**fields).ways == ways


# --- a personal token


def test_a_token_is_tried_and_kept(desk: Desk) -> None:
    desk.connecting().accept_token(f"  {desk.package.token}\n")

    assert desk.tools.vault.kept == {desk.name(TOKEN): desk.package.token}
    assert desk.package.count("/administrations") == 1


@pytest.mark.parametrize("token", ["another", "", "   ", "een twee", "a\nb", "tök"])
def test_a_token_that_is_not_accepted_is_not_kept(desk: Desk, token: str) -> None:
    desk.keep(TOKEN, "before")
    with pytest.raises(AuthorisationError):
        desk.connecting().accept_token(token)

    assert desk.tools.vault.kept == {desk.name(TOKEN): "before"}


def test_a_token_that_could_not_be_tried_is_not_kept(desk: Desk) -> None:
    desk.package.fault(Fault.UNAVAILABLE, times=9)
    with pytest.raises(UnavailableError):
        desk.connecting().accept_token(desk.package.token)

    assert desk.kept == set()


def test_a_token_takes_the_place_of_a_consent(desk: Desk) -> None:
    desk.keep(OAUTH, json.dumps(desk.package.issue_oauth()))

    desk.connecting().accept_token(desk.package.token)

    assert desk.kept == {TOKEN}


def test_a_connection_has_its_own_place(desk: Desk) -> None:
    desk.connecting(connection="jansen").accept_token(desk.package.token)

    assert desk.kept == {"jansen:token"}


def test_a_token_of_one_host_is_none_of_another(desk: Desk) -> None:
    desk.tools.vault.kept["moneybird:moneybird.com:default:token"] = "of the real books"

    with pytest.raises(AuthorisationError, match="connect_first"):
        desk.connecting(client_id=None, client_secret=None).reached()

    assert desk.package.count() == 0


# --- consent


@pytest.mark.parametrize("redirect", [REDIRECT, None])
def test_a_consent_is_asked_with_what_maan_needs(desk: Desk, redirect: str | None) -> None:
    consent = desk.connecting().ask_consent(redirect)

    assert consent.url.startswith(f"{desk.package.url}/oauth/authorize?")
    assert "scope=sales_invoices+documents+settings" in consent.url
    assert (OUT_OF_BAND.replace(":", "%3A") in consent.url) is (redirect is None)


@pytest.mark.parametrize("redirect", [REDIRECT, None])
def test_a_consent_becomes_tokens_in_the_vault(desk: Desk, redirect: str | None) -> None:
    desk.keep(TOKEN, "before")
    connecting = desk.connecting()
    consent = connecting.ask_consent(redirect)

    connecting.accept_consent(consent, desk.package.approve(consent.url)["code"], redirect)

    assert desk.kept == {OAUTH}
    assert len(connecting.reached()) == 1


def test_a_code_that_is_not_accepted_changes_nothing(desk: Desk) -> None:
    desk.keep(TOKEN, "before")
    connecting = desk.connecting()
    consent = connecting.ask_consent(REDIRECT)
    with pytest.raises(AuthorisationError):
        connecting.accept_consent(consent, "another", REDIRECT)

    assert desk.kept == {TOKEN}


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_a_consent_needs_an_application(desk: Desk, missing: str) -> None:
    with pytest.raises(SettingsError) as raised:
        desk.connecting(**{missing: None}).ask_consent(REDIRECT)

    assert raised.value.code == "moneybird.no_application"


def test_the_id_of_the_application_may_be_a_reference(desk: Desk) -> None:
    desk.tools.secrets = {**desk.tools.secrets, "env:ID": "id-from-elsewhere"}

    consent = desk.connecting(client_id="env:ID").ask_consent(REDIRECT)

    assert "client_id=id-from-elsewhere" in consent.url


# --- which credential is used


def test_a_token_of_the_settings_goes_before_what_is_kept(desk: Desk) -> None:
    desk.keep(TOKEN, "before")

    assert desk.connecting(token="env:TOKEN").reached()


@pytest.mark.parametrize("way", ["token", "consent"])
def test_what_was_kept_is_used(desk: Desk, way: str) -> None:
    if way == "token":
        desk.keep(TOKEN, desk.package.token)
    else:
        desk.keep(OAUTH, json.dumps(desk.package.issue_oauth()))

    assert desk.connecting().reached()


def test_without_a_credential_a_person_must_connect(desk: Desk) -> None:
    with pytest.raises(AuthorisationError) as raised:
        auth_of(desk.settings(), desk.tools)

    assert (raised.value.code, raised.value.facts) == ("connect_first", {"connection": "default"})


# --- what it reaches


def test_the_administrations_come_by_name(desk: Desk) -> None:
    for name in ("Zwaan", "aalbes", "Bes"):
        desk.package.add_administration(name=name)

    names = [one.name for one in desk.connecting(token="env:TOKEN").reached()]

    assert names == ["aalbes", "Bes", "Jansen Advies", "Zwaan"]


def test_an_administration_says_whether_it_can_be_used(desk: Desk) -> None:
    id_ = desk.package.add_administration(
        name="Aa", country="BE", suspended=True, access="accountant_company"
    )

    first = desk.connecting(token="env:TOKEN").reached()[0]

    assert (first.id, first.facts) == (
        str(id_),
        {"id": str(id_), "country": "BE", "suspended": "true", "access": "accountant_company"},
    )


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (("sales_invoices", "documents", "settings"), []),
        (("sales_invoices", "documents"), []),
        (("sales_invoices",), ["documents"]),
        (("documents",), ["sales_invoices"]),
        (("bank",), ["sales_invoices", "documents"]),
    ],
)
@pytest.mark.parametrize("way", ["token", "consent"])
def test_missing_scopes_are_named(
    desk: Desk, way: str, scopes: tuple[str, ...], missing: list[str]
) -> None:
    if way == "token":
        desk.keep(TOKEN, desk.package.issue_token(scopes))
    else:
        desk.keep(OAUTH, json.dumps(desk.package.issue_oauth(scopes)))

    assert desk.connecting().missing_scopes() == missing


def test_scopes_that_a_consent_names_need_no_request(desk: Desk) -> None:
    desk.keep(OAUTH, json.dumps(desk.package.issue_oauth()))

    desk.connecting().missing_scopes()

    assert desk.package.count() == 0


def test_scopes_are_tried_where_the_consent_does_not_name_them(desk: Desk) -> None:
    granted = desk.package.issue_oauth(("sales_invoices",))
    del granted["scope"]
    desk.keep(OAUTH, json.dumps(granted))

    assert desk.connecting().missing_scopes() == ["documents"]


def test_scopes_are_tried_with_lists_that_are_all_but_empty(desk: Desk) -> None:
    desk.package.fill(50)
    desk.tools.clock.advance(60)

    desk.connecting(token="env:TOKEN").missing_scopes()

    assert [asked.answered() for asked in desk.package.requests] == [[], []]


def test_a_bad_credential_is_not_taken_for_a_narrow_one(desk: Desk) -> None:
    desk.keep(TOKEN, "another")

    with pytest.raises(AuthorisationError):
        desk.connecting().missing_scopes()


def test_no_secret_is_logged(desk: Desk) -> None:
    connecting = desk.connecting()
    consent: Consent = connecting.ask_consent(REDIRECT)
    code = desk.package.approve(consent.url)["code"]
    connecting.accept_consent(consent, code, REDIRECT)
    kept = json.loads(desk.tools.vault.kept[desk.name(OAUTH)])

    told = desk.tools.log.text()

    secrets = (code, kept["access_token"], kept["refresh_token"], desk.package.client_secret)
    assert [secret for secret in secrets if secret in told] == []


def test_what_is_asked_is_what_moneybird_documents(desk: Desk) -> None:
    connecting = desk.connecting()
    connecting.accept_token(desk.package.token)
    connecting.reached()
    connecting.missing_scopes()

    for exchange in desk.package.requests:
        check_exchange(exchange)
