"""`maan connect`: a token or a consent is kept, and what it reaches is shown."""

import io
import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from connector.app.cli import build, help_pages
from connector.app.cli.connecting import register
from connector.app.cli.shell import Line, Shell
from connector.app.messages import Messages
from connector.flow.office import Office
from connector.port.adapter import Consent, Reached
from connector.port.errors import AuthorisationError, MaanError, RequestError
from connector.store import Store
from connector.testkit.tools import FakeLog
from tests.app.commands.conftest import Rehearsal
from tests.flow.kit import CONFIG, POLICY, MemorySource, open_kit
from tests.make import FixedClock

_TOKEN = "geheim-token-123"


class _Package(MemorySource):
    """A package that knows one token and one code."""

    def __init__(self) -> None:
        super().__init__()
        self.ways: tuple[Literal["token", "consent"], ...] = ("token",)
        self.lacks: Sequence[str] = ()
        self.found = [
            Reached(
                id="120", name="Andere [bold]B.V.", facts={"country": "BE", "suspended": "true"}
            ),
            Reached(id="123", name="Jansen B.V.", facts={"country": "NL", "suspended": "false"}),
        ]
        self.kept: list[str] = []
        self.redirect: str | None = "niet gevraagd"

    def accept_token(self, token: str) -> None:
        if token != _TOKEN:
            raise AuthorisationError("wire_unauthorised", endpoint="administrations")
        self.kept.append(token)

    def ask_consent(self, redirect: str | None) -> Consent:
        self.redirect = redirect
        return Consent(url="https://package.example/yes?state=s", state="s")

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        if code == "half":
            raise AuthorisationError("connect_again")
        self.kept.append(code)

    def reached(self) -> Sequence[Reached]:
        return self.found

    def missing_scopes(self) -> Sequence[str]:
        return self.lacks


class _Shell(Shell):
    """A shell whose office is that of a kit; no browser ever opens."""

    made: Office
    opened: str | None = None

    @contextmanager
    def office(self) -> Iterator[Office]:
        yield self.made

    def browse(self, address: str) -> bool:
        self.opened = address
        return False


class _Desk:
    """A person at the command line."""

    def __init__(self, office: Office, folder: Path, package: _Package) -> None:
        self.office = office
        self.folder = folder
        self.package = package
        self.out, self.err = io.StringIO(), io.StringIO()
        self.error: MaanError | None = None

    def run(self, *words: str, typed: str = "", json_: bool = False) -> int:
        line = Line(
            config=self.folder / "config" / "maan.yaml", now=None, json=json_, environ={},
            keyboard=io.StringIO(typed), out=self.out, err=self.err,
        )  # fmt: skip
        shell = _Shell(line, Messages("nl"), FakeLog)
        shell.made = self.office
        root = help_pages.tree(build(shell, [register]))
        try:
            code = root.main(["connect", *words], prog_name="maan", standalone_mode=False)
        except MaanError as error:
            self.error = error
            return 1
        shell.finish()
        return int(code or 0)


@pytest.fixture
def package() -> _Package:
    return _Package()


@pytest.fixture
def desk(
    memory_store: Store, tmp_path: Path, clock: FixedClock, package: _Package
) -> Iterator[_Desk]:
    config = CONFIG.replace("{adapter: memory}", '{adapter: memory, administration: "123"}')
    with open_kit(tmp_path, memory_store, clock, source=package, files=(config, POLICY)) as kit:
        yield _Desk(kit.office, tmp_path, package)


def _other(desk: _Desk) -> None:
    """Let the token reach another administration only."""
    desk.package.found = desk.package.found[:1]


def test_a_token_that_reaches_the_administration_connects(desk: _Desk) -> None:
    code = desk.run("jansen", "--token", typed=f"{_TOKEN}\n")

    assert code == 0
    assert desk.package.kept == [_TOKEN]
    assert "jansen is gekoppeld" in desk.out.getvalue()
    assert (
        "De administratie uit de instellingen is erbij: Jansen B.V. (123)." in desk.out.getvalue()
    )
    assert "geblokkeerd" in desk.out.getvalue()
    assert "[bold]" in desk.out.getvalue()


def test_a_token_is_shown_nowhere(desk: _Desk) -> None:
    desk.run("jansen", typed=f"{_TOKEN}\n")

    assert _TOKEN not in desk.out.getvalue() + desk.err.getvalue()


def test_a_token_can_come_from_a_file(desk: _Desk) -> None:
    (desk.folder / "token").write_text(f"{_TOKEN}\n", encoding="utf-8")

    code = desk.run("jansen", "--token-from", "file:token")

    assert code == 0
    assert desk.package.kept == [_TOKEN]


def test_a_refused_token_is_told(desk: _Desk) -> None:
    code = desk.run("jansen", typed="ander\n")

    assert code == 1
    assert isinstance(desk.error, AuthorisationError)


def test_no_token_at_all_is_told(desk: _Desk) -> None:
    desk.run("jansen", typed="")

    assert desk.error is not None
    assert desk.error.code == "connect_no_answer"


def test_a_credential_for_another_administration_names_the_line_to_write(desk: _Desk) -> None:
    _other(desk)

    code = desk.run("jansen", typed=f"{_TOKEN}\n")

    assert code == 1
    assert 'administration: "120"' in desk.out.getvalue()
    assert "Administratie 123" in desk.out.getvalue()


def test_a_credential_that_reaches_nothing_is_told(desk: _Desk) -> None:
    desk.package.found = []

    code = desk.run("jansen", typed=f"{_TOKEN}\n")

    assert code == 1
    assert "geen administratie mee te bereiken" in desk.out.getvalue()


def test_what_the_token_may_not_do_is_named(desk: _Desk) -> None:
    desk.package.lacks = ["documents", "settings"]

    code = desk.run("jansen", typed=f"{_TOKEN}\n")

    assert code == 0
    assert "Er ontbreekt: documents, settings." in desk.out.getvalue()


def test_who_connects_by_consent_is_not_sent_after_a_token(desk: _Desk) -> None:
    desk.package.ways, desk.package.lacks = ("consent",), ["Crm accounts"]

    desk.run("jansen", "--code", typed="abc\n")

    assert "Er ontbreekt: Crm accounts." in desk.out.getvalue()
    assert "token" not in desk.out.getvalue()


@pytest.mark.parametrize(
    "code",
    ["connect_token_missing", "connect_no_paste", "connect_way_missing", "wire_forbidden"],
)
def test_what_holds_for_a_consent_too_gives_no_advice_on_tokens(code: str) -> None:
    said = Messages("nl").sentence(code, {"administration": "jansen"})

    assert "token" not in said.replace("--token", "").replace("geen persoonlijk token", "")


def test_the_document_says_the_same(desk: _Desk) -> None:
    desk.package.lacks = ["documents"]

    desk.run("jansen", typed=f"{_TOKEN}\n", json_=True)

    shown: Any = json.loads(desk.out.getvalue())
    assert shown == {
        "administration": "jansen",
        "connected": True,
        "wanted": "123",
        "reached": True,
        "administrations": [
            {"id": "120", "name": "Andere [bold]B.V.", "country": "BE", "suspended": True},
            {"id": "123", "name": "Jansen B.V.", "country": "NL", "suspended": False},
        ],
        "missing_scopes": ["documents"],
    }


def test_the_key_is_made_where_it_is_not_there(desk: _Desk) -> None:
    desk.run("jansen", typed=f"{_TOKEN}\n")

    key = desk.folder / "data" / "vault.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "vault.key" in desk.err.getvalue()


def test_a_code_is_asked_for_where_there_is_no_browser(desk: _Desk) -> None:
    desk.package.ways = ("token", "consent")

    code = desk.run("jansen", "--code", typed="abc\n")

    assert code == 0
    assert (desk.package.kept, desk.package.redirect) == (["abc"], None)
    assert "https://package.example/yes?state=s" in desk.err.getvalue()


def test_consent_in_the_browser_is_the_way_where_the_settings_allow_it(desk: _Desk) -> None:
    desk.package.ways = ("token", "consent")

    def no_browser(redirect: str | None) -> Consent:
        raise RequestError("asked", redirect=redirect)

    desk.package.ask_consent = no_browser  # type: ignore[method-assign]  # as far as it must go
    desk.run("jansen")

    assert desk.error is not None
    assert desk.error.code == "asked"
    assert str(desk.error.facts["redirect"]).startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("https://kantoor.example/callback", "connect_no_code"),
        ("https://package.example/yes?state=s", "connect_own_address"),
        ('""', "connect_no_paste"),
        ("half", "connect_code_refused"),
    ],
)
def test_what_is_no_code_is_told_as_such(desk: _Desk, typed: str, code: str) -> None:
    desk.package.ways = ("consent",)

    desk.run("jansen", "--code", typed=f"{typed}\n")

    assert desk.error is not None
    assert desk.error.code == code
    assert desk.package.kept == []


@pytest.mark.parametrize("typed", ['"abc"', " abc ", "'abc'", "<abc>", "ab c"])
def test_what_comes_along_with_copying_is_no_part_of_a_code(desk: _Desk, typed: str) -> None:
    desk.package.ways = ("consent",)

    desk.run("jansen", "--code", typed=f"{typed}\n")

    assert desk.package.kept == ["abc"]


def _registered(desk: _Desk, address: str) -> None:
    """Let the settings name the address that the application was registered with."""
    desk.package.ways = ("consent",)
    desk.office.settings.administrations[0].source["redirect"] = address


def test_an_address_elsewhere_makes_pasting_the_way(desk: _Desk) -> None:
    _registered(desk, "https://kantoor.example/callback")

    code = desk.run("jansen", typed="abc\n")

    assert code == 0
    assert (desk.package.kept, desk.package.redirect) == (["abc"], None)


def test_a_registered_address_of_this_computer_is_answered_at(desk: _Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/terug"
    _registered(desk, address)

    def no_browser(redirect: str | None) -> Consent:
        raise RequestError("asked", redirect=redirect)

    desk.package.ask_consent = no_browser  # type: ignore[method-assign]  # as far as it must go
    desk.run("jansen")

    assert desk.error is not None
    assert desk.error.facts == {"redirect": address}


@pytest.mark.parametrize(
    ("ways", "words", "code"),
    [
        (("token",), ("--browser",), "connect_way_missing"),
        (("token",), ("--code",), "connect_way_missing"),
        (("consent",), ("--token",), "connect_token_missing"),
        (("token", "consent"), ("--token", "--code"), "connect_one_way"),
        (("token", "consent"), ("--token-from", "env:X", "--browser"), "connect_one_way"),
        (("token",), ("--token-from", _TOKEN), "token_from_form"),
        ((), ("--token",), "connect_by_settings"),
    ],
)
def test_a_way_that_is_not_there_is_refused(
    desk: _Desk, ways: Any, words: tuple[str, ...], code: str
) -> None:
    desk.package.ways = ways

    desk.run("jansen", *words)

    assert desk.error is not None
    assert desk.error.code == code
    assert desk.package.kept == []


def test_a_token_of_the_settings_is_only_tried(desk: _Desk) -> None:
    desk.package.ways = ()

    code = desk.run("jansen")

    assert code == 0
    assert desk.package.kept == []
    assert not (desk.folder / "data" / "vault.key").exists()


def test_books_that_are_files_need_no_connection(rehearsal: Rehearsal) -> None:
    code = rehearsal.run("connect", "jansen-bv")

    assert code == 1
    assert "maan pull jansen-bv" in rehearsal.err


def test_an_unknown_administration_is_wrong_use(rehearsal: Rehearsal) -> None:
    assert rehearsal.run("connect", "weg") == 2
