from urllib.parse import parse_qs, urlsplit

import pytest

from connector.port.adapter import Consent
from connector.port.errors import (
    AuthorisationError,
)
from connector.wire.oauth import OUT_OF_BAND, TokenKeeper
from tests.wire.fakes import FakeTools, MemoryVault
from tests.wire.grants import NAME, app, bearer, form, gives, in_vault, keeper, kept, refuses
from tests.wire.remote import remote


def test_consent_names_what_we_ask_for() -> None:
    tools = FakeTools()
    consent = TokenKeeper(app("https://remote.example"), name=NAME, tools=tools).consent(
        "http://127.0.0.1:8601/back"
    )

    url = urlsplit(consent.url)
    assert (url.scheme, url.netloc, url.path, parse_qs(url.query)) == (
        "https",
        "remote.example",
        "/oauth/authorize",
        {
            "response_type": ["code"],
            "client_id": ["our-id"],
            "redirect_uri": ["http://127.0.0.1:8601/back"],
            "scope": ["sales_invoices documents"],
            "state": [consent.state],
        },
    )


def test_consent_on_this_machine_stays_plain() -> None:
    one = TokenKeeper(app("http://127.0.0.1:9"), name=NAME, tools=FakeTools())

    assert one.consent(OUT_OF_BAND).url.startswith("http://127.0.0.1:9/oauth/authorize?")


def test_every_consent_has_its_own_state() -> None:
    one = TokenKeeper(app("https://remote.example"), name=NAME, tools=FakeTools())

    assert one.consent(OUT_OF_BAND).state != one.consent(OUT_OF_BAND).state


def test_code_is_exchanged_and_the_token_kept() -> None:
    vault = MemoryVault()
    with remote(gives(refresh_token="r1", scope="sales_invoices documents")) as it:
        one = keeper(it, vault)
        one.accept(one.consent(OUT_OF_BAND), " pasted-code\n", OUT_OF_BAND)

    assert (form(it), one.headers(), in_vault(vault)["refresh_token"]) == (
        {
            "grant_type": ["authorization_code"],
            "code": ["pasted-code"],
            "redirect_uri": [OUT_OF_BAND],
            "client_id": ["our-id"],
            "client_secret": ["our-secret"],
        },
        bearer("new"),
        "r1",
    )


def test_whole_address_may_be_pasted() -> None:
    back = "http://127.0.0.1:8601/back"
    with remote(gives()) as it:
        keeper(it, MemoryVault()).accept(
            Consent(url="", state="s"), f"{back}?code=from+address&state=s", back
        )

    assert form(it)["code"] == ["from address"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("http://127.0.0.1/back?code=c&state=other", "consent_state"),
        ("http://127.0.0.1/back?code=c", "consent_state"),
        ("http://127.0.0.1/back?error=access_denied&state=s", "consent_denied"),
    ],
)
def test_answer_that_is_not_ours_is_refused(answer: str, code: str) -> None:
    with remote(gives()) as it, pytest.raises(AuthorisationError, match=code):
        keeper(it, MemoryVault()).accept(Consent(url="", state="s"), answer, OUT_OF_BAND)

    assert it.asked == []


def test_code_that_is_refused_keeps_nothing() -> None:
    vault = MemoryVault()
    with remote(refuses("invalid_grant")) as it, pytest.raises(AuthorisationError):
        keeper(it, vault).accept(Consent(url="", state="s"), "c", OUT_OF_BAND)

    assert vault.kept == {}


def test_fewer_scopes_than_asked_for_are_accepted_and_told() -> None:
    with remote(gives(scope="sales_invoices")) as it:
        one = keeper(it, MemoryVault())
        one.accept(one.consent(OUT_OF_BAND), "c", OUT_OF_BAND)

    assert one.scopes() == ("sales_invoices",)


@pytest.mark.parametrize(
    ("said", "scopes"),
    [
        ("b a", ("a", "b")),
        ("a+b", ("a", "b")),
        (["b", "a"], ("a", "b")),
        (None, ()),
        ("", ()),
    ],
)
def test_scopes_are_told_as_the_token_says(said: object, scopes: tuple[str, ...]) -> None:
    with remote(gives()) as it:
        assert keeper(it, kept(scope=said)).scopes() == scopes
