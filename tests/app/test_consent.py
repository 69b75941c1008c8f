"""A consent comes back to a port of this computer, and only what was asked for is taken."""

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Literal
from urllib.parse import urlencode

import pytest

from connector.app.consent import Door, Page, Person, by_browser
from connector.port.adapter import Consent, Reached
from connector.port.errors import RequestError

_ANY = Door()
_PAGE = Page(language="nl", done="Klaar <b>", refused="Geen toestemming", strange="Onbekend")


class _Package:
    """Asks for consent and keeps what it is given."""

    ways: tuple[Literal["token", "consent"], ...] = ("consent",)

    def __init__(self, state: str = "staat") -> None:
        self.state = state
        self.redirect: str | None = None
        self.accepted: list[tuple[str, str | None]] = []

    def accept_token(self, token: str) -> None:
        raise NotImplementedError

    def ask_consent(self, redirect: str | None) -> Consent:
        self.redirect = redirect
        return Consent(url="https://package.example/yes", state=self.state)

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        self.accepted.append((code, redirect))

    def reached(self) -> Sequence[Reached]:
        return ()

    def missing_scopes(self) -> Sequence[str]:
        return ()


class _Browser:
    """Goes where the package sends it: once for each query, in another thread as browsers do."""

    def __init__(self, package: _Package, *queries: dict[str, str], path: str = "") -> None:
        self._package = package
        self._queries = queries
        self._path = path
        self.pages: list[tuple[int, str]] = []
        self.done = threading.Event()

    def __call__(self, _address: str) -> None:
        threading.Thread(target=self._visit, daemon=True).start()

    def _visit(self) -> None:
        for query in self._queries:
            address = f"{self._package.redirect}{self._path}?{urlencode(query)}"
            self.pages.append(_get(address))
        self.done.set()


def _get(address: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _ask(
    package: _Package,
    browse: Callable[[str], object],
    *,
    door: Door = _ANY,
    wait_seconds: float = 10,
    told: list[str] | None = None,
) -> None:
    person = Person(tell=(told if told is not None else []).append, browse=browse)
    by_browser(package, person, page=_PAGE, door=door, wait_seconds=wait_seconds)


def test_the_code_that_the_browser_brings_is_exchanged() -> None:
    package = _Package()
    browser = _Browser(package, {"state": "staat", "code": "abc"})

    _ask(package, browser)

    assert package.redirect is not None
    assert package.redirect.startswith("http://127.0.0.1:")
    assert package.accepted == [("abc", package.redirect)]
    assert browser.done.wait(10)
    ((status, page),) = browser.pages
    assert (status, "Klaar &lt;b&gt;" in page) == (200, True)


def test_the_address_is_told_whether_a_browser_opens_or_not() -> None:
    package, told = _Package(), list[str]()

    _ask(package, _Browser(package, {"state": "staat", "code": "abc"}), told=told)

    assert told == ["https://package.example/yes"]


def test_a_foreign_state_is_refused_and_the_right_one_is_still_waited_for() -> None:
    package = _Package()
    browser = _Browser(
        package,
        {"state": "ander", "code": "vals"},
        {"code": "vals"},
        {"state": "staat", "code": "abc"},
    )

    _ask(package, browser)

    assert [code for code, _ in package.accepted] == ["abc"]
    assert browser.done.wait(10)
    assert [status for status, _ in browser.pages] == [400, 400, 200]


@pytest.mark.parametrize("query", [{"state": "", "code": "vals"}, {"code": "vals"}])
def test_a_package_without_a_state_is_never_believed(query: dict[str, str]) -> None:
    package = _Package(state="")

    with pytest.raises(RequestError, match="connect_timeout"):
        _ask(package, _Browser(package, query), wait_seconds=0.2)

    assert package.accepted == []


def test_a_no_is_told_to_the_person() -> None:
    package = _Package()
    browser = _Browser(package, {"state": "staat", "error": "access_denied"})

    with pytest.raises(RequestError, match="connect_denied"):
        _ask(package, browser)

    assert package.accepted == []


def test_another_page_is_not_there() -> None:
    package = _Package()
    browser = _Browser(package, {"state": "staat", "code": "abc"}, path="/x")

    with pytest.raises(RequestError, match="connect_timeout"):
        _ask(package, browser, wait_seconds=0.2)

    assert [status for status, _ in browser.pages] == [404]


def test_nobody_waits_for_ever_and_the_port_is_free_again() -> None:
    package = _Package()
    before = threading.active_count()

    with pytest.raises(RequestError, match="connect_timeout"):
        _ask(package, lambda _address: None, wait_seconds=0)

    assert threading.active_count() == before
    with pytest.raises(urllib.error.URLError):
        _get(f"{package.redirect}?state=staat&code=abc")


def test_a_port_can_be_chosen_and_may_be_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        with pytest.raises(RequestError, match="connect_port_taken"):
            _ask(_Package(), lambda _address: None, door=Door(port=port))


def test_the_registered_address_of_this_computer_is_listened_at() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    package, door = _Package(), Door.at(f"http://localhost:{port}/terug")
    assert door is not None

    _ask(package, _Browser(package, {"state": "staat", "code": "abc"}), door=door)

    assert package.accepted == [("abc", f"http://localhost:{port}/terug")]


@pytest.mark.parametrize(
    "address",
    [
        "https://kantoor.example/callback",
        "http://kantoor.example/callback",
        "https://localhost:8765/callback",  # there is no certificate here
        "http://[::1]:8765/callback",
        "http://127.0.0.1:99999/callback",
        "",
    ],
)
def test_an_address_elsewhere_has_no_door_here(address: str) -> None:
    assert Door.at(address) is None


def test_who_waited_in_vain_hears_where() -> None:
    package = _Package()

    with pytest.raises(RequestError) as caught:
        _ask(package, lambda _address: None, wait_seconds=0)

    assert caught.value.facts == {"address": package.redirect}
