"""A person gives consent, and learns which administrations it reaches."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.exact.client import Client, open_client
from adapters.exact.connecting import SITES, Connecting, site_url
from adapters.exact.simulator import Fault, Simulator
from adapters.exact.token_line import App
from adapters.exact.tokens import ExactTokens
from connector.port.adapter import Connects, Consent
from connector.port.errors import AuthorisationError, SettingsError, UnavailableError
from connector.testkit.tools import FakeTools

REDIRECT = "http://127.0.0.1:8123/back"


@dataclass
class Desk:
    """A package, and somebody who wants to connect with it."""

    package: Simulator
    tools: FakeTools = field(default_factory=FakeTools)

    def app(self, redirect: str | None = None) -> App:
        return App(
            base_url=self.package.url,
            client_id=self.package.client_id,
            client_secret=self.package.client_secret,
            redirect=redirect,
        )

    def connecting(self, division: int | None = None, redirect: str | None = None) -> Connecting:
        return Connecting(
            lambda: self.app(redirect),
            self.tools,
            division=division or self.package.division,
            make=self.make,
        )

    def make(self, tokens: ExactTokens, division: int | None) -> Client:
        return open_client(self.package.url, tokens, self.tools, division=division)

    def connected(self, division: int | None = None) -> Connecting:
        made = self.connecting(division)
        consent = made.ask_consent(REDIRECT)
        made.accept_consent(consent, self.package.approve(consent.url)["code"], REDIRECT)
        return made

    @property
    def kept(self) -> set[str]:
        return set(self.tools.vault.kept)


@pytest.fixture
def desk() -> Iterator[Desk]:
    tools = FakeTools()
    with Simulator(clock=tools.clock) as package:
        yield Desk(package, tools)


def ids(connecting: Connecting) -> list[str]:
    return [one.id for one in connecting.reached()]


def test_connecting_fits_the_port(desk: Desk) -> None:
    assert isinstance(desk.connecting(), Connects)


def test_consent_is_the_only_way(desk: Desk) -> None:
    without = Connecting(None, desk.tools, division=1, make=desk.make)

    assert (desk.connecting().ways, without.ways) == (("consent",), ())


def test_without_an_application_there_is_no_consent(desk: Desk) -> None:
    with pytest.raises(SettingsError) as raised:
        Connecting(None, desk.tools, division=1, make=desk.make).ask_consent(REDIRECT)

    assert raised.value.code == "exact.no_application"


def test_a_token_that_a_person_made_is_not_taken(desk: Desk) -> None:
    with pytest.raises(AuthorisationError) as raised:
        desk.connecting().accept_token("abc")

    assert (raised.value.code, desk.kept) == ("exact.consent_only", set())


@pytest.mark.parametrize("site", SITES)
def test_every_site_has_its_address(site: str) -> None:
    assert site_url(site) == f"https://start.exactonline.{site}"


def test_another_site_is_none() -> None:
    with pytest.raises(SettingsError):
        site_url("evil.example/")


def test_consent_is_asked_with_what_exact_wants(desk: Desk) -> None:
    consent = desk.connecting().ask_consent(REDIRECT)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(consent.url).query).items()}

    assert asked == {
        "client_id": desk.package.client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "force_login": "0",
        "state": consent.state,
    }


def test_every_consent_has_a_state_of_its_own(desk: Desk) -> None:
    states = {desk.connecting().ask_consent(REDIRECT).state for _ in range(20)}

    assert (len(states), min(map(len, states)) >= 32) == (20, True)


def test_the_address_of_the_settings_is_used_where_the_code_is_pasted(desk: Desk) -> None:
    connecting = desk.connecting(redirect="https://example.nl/exact")
    consent = connecting.ask_consent(None)
    connecting.accept_consent(consent, desk.package.approve(consent.url)["code"], None)

    assert len(desk.kept) == 1


@pytest.mark.parametrize(
    ("redirect", "code"),
    [
        (None, "exact.no_redirect"),
        ("http://example.nl/exact", "exact.redirect_form"),
        ("urn:ietf:wg:oauth:2.0:oob", "exact.redirect_form"),
        ("https://example.nl/exact#x", "exact.redirect_form"),
        ("https://a@example.nl/", "exact.redirect_form"),
        ("https://[x/", "exact.redirect_form"),
    ],
)
def test_an_address_that_exact_does_not_take_is_refused(
    desk: Desk, redirect: str | None, code: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        desk.connecting().ask_consent(redirect)

    assert raised.value.code == code


@pytest.mark.parametrize(
    "given",
    ["{code}", " {code}\n", "{escaped}", f"{REDIRECT}?code={{escaped}}&state={{state}}"],
)
def test_a_code_may_be_pasted_alone_or_with_its_address(desk: Desk, given: str) -> None:
    connecting = desk.connecting()
    consent = connecting.ask_consent(REDIRECT)
    code = desk.package.approve(consent.url)["code"]
    escaped = "".join(f"%{ord(sign):02X}" if not sign.isalnum() else sign for sign in code)

    connecting.accept_consent(
        consent, given.format(code=code, escaped=escaped, state=consent.state), REDIRECT
    )

    assert len(desk.kept) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (f"{REDIRECT}?code=abc&state=other", "consent_state"),
        (f"{REDIRECT}?code=abc", "consent_state"),
        (f"{REDIRECT}?error=access_denied&state=mine", "consent_denied"),
        ("abc", "connect_again"),
    ],
)
def test_an_answer_that_is_not_ours_keeps_nothing(desk: Desk, given: str, code: str) -> None:
    with pytest.raises(AuthorisationError) as raised:
        desk.connecting().accept_consent(Consent(url="", state="mine"), given, REDIRECT)

    assert (raised.value.code, desk.kept) == (code, set())


def test_reached_are_the_administrations_by_name(desk: Desk) -> None:
    names = [desk.package.add_division(name) for name in ("zebra", "Aap")]

    assert ids(desk.connected()) == [str(names[1]), str(desk.package.division), str(names[0])]


def test_an_administration_is_shown_with_what_tells_it_apart(desk: Desk) -> None:
    one = desk.package.add_division("Aap", currency="USD", CustomerName="Aap Holding")

    shown = desk.connected().reached()[0]

    assert (shown.name, shown.facts["division"], shown.facts["customer"], shown.facts["currency"]) == ("Aap", str(one), "Aap Holding", "USD")  # fmt: skip


def test_the_list_is_asked_through_the_settings_where_the_open_one_is_closed(desk: Desk) -> None:
    package = desk.package
    package.current = package.add_division("Not ours")
    package.granted = {package.division}

    assert str(package.division) in ids(desk.connected())


def test_where_the_list_is_forbidden_what_can_be_read_is_shown(desk: Desk) -> None:
    package = desk.package
    package.current = package.add_division("Open")
    for division in (package.current, package.division):
        package.forbid("system/Divisions", division=division)

    assert ids(desk.connected()) == sorted([str(package.current), str(package.division)])


def test_an_administration_that_can_not_be_read_is_not_shown(desk: Desk) -> None:
    package = desk.package
    other = package.add_division("Other")
    package.granted = {package.division}
    package.forbid("system/Divisions", division=package.division)

    assert ids(desk.connected(other)) == [str(package.division)]


def test_a_fault_is_not_taken_for_a_closed_door(desk: Desk) -> None:
    connecting = desk.connected()
    desk.package.fault(Fault.UNAVAILABLE, match="system/Divisions", times=9)

    with pytest.raises(UnavailableError):
        connecting.reached()


def test_nothing_is_missing_from_a_whole_consent(desk: Desk) -> None:
    assert list(desk.connected().missing_scopes()) == []


@pytest.mark.parametrize(
    ("endpoint", "scope"),
    [
        ("sync/Cashflow/PaymentTerms", "Financial cashflow"),
        ("sync/CRM/Accounts", "Crm accounts"),
        ("sync/Deleted", "Organization administration"),
    ],
)
def test_what_the_app_may_not_read_is_named(desk: Desk, endpoint: str, scope: str) -> None:
    desk.package.forbid(endpoint)

    assert list(desk.connected().missing_scopes()) == [scope]


def test_trying_the_rights_brings_no_rows(desk: Desk) -> None:
    desk.package.add_invoice()
    connecting = desk.connected()
    connecting.missing_scopes()

    assert desk.package.requests[-1].answered()["d"]["results"] == []


def test_before_a_consent_a_person_connects_first(desk: Desk) -> None:
    with pytest.raises(AuthorisationError) as raised:
        desk.connecting().reached()

    assert raised.value.code == "connect_first"
