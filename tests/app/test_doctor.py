"""The doctor names what is missing and what to do, and changes nothing."""

import io
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from connector.app.cli.setup_commands import _sentence
from connector.app.cli.shell import Line, Shell
from connector.app.doctor import Check, Verdict, examine, failed
from connector.app.founding import found
from connector.app.mail_probe import probe
from connector.app.messages import Messages
from connector.core.law.figures import Figures
from connector.core.policy.model import StepKind
from connector.port.adapter import Consent, Diagnosis, Reached
from connector.port.errors import AuthorisationError, FiguresError, MaanError, PolicyError
from connector.press.templates import load_templates
from connector.settings import Settings, defaults_folder, load_settings
from connector.settings.figures import load_figures
from connector.testkit.tools import FakeLog

_NOW = datetime(2036, 11, 23, 9, tzinfo=UTC)


class _Press:
    def pdf(self, source: str, data: object, *, created: date) -> bytes:
        return b"%PDF"


class _Source:
    def __init__(self, lines: Sequence[Diagnosis]) -> None:
        self.lines = lines

    def diagnose(self) -> Sequence[Diagnosis]:
        return self.lines


class _Package(_Source):
    """A source that a person connects with."""

    ways = ("token",)

    def accept_token(self, token: str) -> None:
        raise NotImplementedError

    def ask_consent(self, redirect: str | None) -> Consent:
        raise NotImplementedError

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        raise NotImplementedError

    def reached(self) -> Sequence[Reached]:
        raise NotImplementedError

    def missing_scopes(self) -> Sequence[str]:
        raise NotImplementedError


class _Many(_Source):
    """A source of which the settings say whose books are read."""

    books = "exact:2"


class _Desk:
    id = "jansen-bv"
    office: object = None
    policy_faults: tuple[object, ...] = ()
    adapter: object = _Source([Diagnosis(ok=True, code="source_fine")])
    settings = SimpleNamespace(policy=Path("policy.yaml"), source=dict[str, str]())

    @property
    def policy(self) -> object:
        step = SimpleNamespace(step="brief", do=StepKind.STATUTORY_NOTICE)
        tracks = (SimpleNamespace(ladder=(step,)), SimpleNamespace(ladder=()))
        return SimpleNamespace(mode=SimpleNamespace(value="assisted"), tracks=tracks)


def _settings(folder: Path, *changes: tuple[str, str]) -> Settings:
    found(folder, defaults_folder(), {}, {})
    file = folder / "config" / "maan.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in (("rehearsal: false", "rehearsal: true"), *changes):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return load_settings(file, {})


def _checked(today: date) -> Figures:
    """Return the figures as if somebody checked them on the day."""
    figures = load_figures(None)
    return replace(
        figures,
        statutory=replace(figures.statutory, complete_through=today),
        commercial=replace(figures.commercial, complete_through=today),
        checked=dict.fromkeys(figures.checked, today),
    )


def _office(settings: Settings, desk: Any = None, now: datetime = _NOW, law: Any = None) -> Any:
    return SimpleNamespace(
        settings=settings,
        now=now,
        today=now.date(),
        parts=SimpleNamespace(
            press=_Press,
            templates=lambda: load_templates(settings.letters),
            law=law or (lambda: _checked(now.date())),
        ),
        administrations=lambda: [desk or _Desk()],
    )


def _codes(checks: Iterator[Check], verdict: Verdict) -> list[str]:
    return [check.code for check in checks if check.verdict is verdict]


def test_a_rehearsal_with_a_registered_agency_has_nothing_wrong(tmp_path: Path) -> None:
    settings = _settings(
        tmp_path,
        ("wki_number: null         ", 'wki_number: "123"'),
        ("wki_checked: null        ", "wki_checked: 2036-10-01"),
    )

    checks = list(examine(_office(settings)))

    assert _codes(iter(checks), Verdict.WRONG) == []
    assert _codes(iter(checks), Verdict.NOTE) == []
    assert {"settings_fine", "store_fine", "folder_fine", "press_fine", "letters_fine", "mail_rehearsal",
            "policy_assisted", "source_fine", "agency_fine"} <= {c.code for c in checks}  # fmt: skip


def test_every_line_has_a_sentence_in_both_languages(tmp_path: Path) -> None:
    checks = [c for c in examine(_office(_settings(tmp_path))) if c.code != "source_fine"]

    for language in ("nl", "en"):
        messages = Messages(language)
        assert [c.code for c in checks if not messages.has(c.code, table="doctor")] == []
        assert [c.code for c in checks if "?]" in messages.sentence(c.code, c.facts)] == []


def test_an_agency_without_registration_is_noted(tmp_path: Path) -> None:
    checks = examine(_office(_settings(tmp_path)))

    assert "agency_without_wki" in _codes(checks, Verdict.NOTE)


def test_a_registration_that_was_checked_long_ago_is_noted(tmp_path: Path) -> None:
    settings = _settings(
        tmp_path,
        ("wki_number: null         ", 'wki_number: "123"'),
        ("wki_checked: null        ", "wki_checked: 2035-10-01"),
    )

    assert "agency_unchecked" in _codes(examine(_office(settings)), Verdict.NOTE)


def test_an_office_that_acts_for_others_needs_a_registration(tmp_path: Path) -> None:
    settings = _settings(tmp_path, ("acting_for_others: false", "acting_for_others: true"))

    assert "office_without_wki" in _codes(examine(_office(settings)), Verdict.WRONG)


def test_figures_of_the_law_that_nobody_checked_this_half_year_are_named(tmp_path: Path) -> None:
    settings = _settings(tmp_path)

    checks = list(examine(_office(settings, law=lambda: load_figures(None))))

    stale = next(check for check in checks if check.code == "law_stale")
    told = Messages("en").sentence(stale.code, stale.facts)
    assert stale.verdict is Verdict.NOTE
    assert "statutory_interest.toml" in told
    assert str(settings.law) in told


def test_figures_that_were_checked_are_fine_until_the_half_year_ends(tmp_path: Path) -> None:
    settings = _settings(tmp_path)

    def codes(now: datetime) -> set[str]:
        checks = examine(_office(settings, now=now, law=lambda: load_figures(None)))
        return {check.code for check in checks if check.code.startswith("law_")}

    last = datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert (codes(last), codes(last + timedelta(days=1))) == ({"law_fine"}, {"law_stale"})


def test_figures_with_a_fault_do_not_end_the_examination(tmp_path: Path) -> None:
    def broken() -> Figures:
        raise FiguresError("figures_unreadable", path="vat.toml", found="x")

    checks = list(examine(_office(_settings(tmp_path), law=broken)))

    assert [c.code for c in checks if c.verdict is Verdict.WRONG] == ["figures_unreadable"]


def test_a_clock_behind_its_own_configuration_is_noted(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    os.utime(settings.path, ((_NOW + timedelta(days=3)).timestamp(),) * 2)

    assert "clock_behind" in _codes(examine(_office(settings)), Verdict.NOTE)


def test_a_folder_that_can_not_be_written_is_wrong(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    (tmp_path / "outbox").write_text("a file where a folder should be", encoding="utf-8")

    assert "folder_unwritable" in _codes(examine(_office(settings)), Verdict.WRONG)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Onderwerp: Brief\n\nBetaal nu.", "letter_incomplete"),
        ("Onderwerp: Brief\n\n{{ bedrag }}", "letter_template_fault"),
    ],
)
def test_a_letter_that_could_not_be_sent_is_found_before_it_is_needed(
    tmp_path: Path, text: str, code: str
) -> None:
    settings = _settings(tmp_path)
    (settings.letters / "nl").mkdir(parents=True)
    (settings.letters / "nl" / "brief.txt").write_text(text, encoding="utf-8")

    assert code in _codes(examine(_office(settings)), Verdict.WRONG)


def test_a_policy_with_faults_is_wrong_even_when_an_older_one_holds(tmp_path: Path) -> None:
    desk = _Desk()
    desk.policy_faults = ("fault",)

    checks = examine(_office(_settings(tmp_path), desk))

    assert "policy_older_in_force" in _codes(checks, Verdict.WRONG)


def test_a_policy_or_source_that_can_not_be_used_does_not_end_the_examination(
    tmp_path: Path,
) -> None:
    class Broken(_Desk):
        @property
        def policy(self) -> object:
            raise PolicyError("policy_missing", path="policy.yaml")

        @property
        def adapter(self) -> object:  # type: ignore[override]  # a source that can't be made
            raise AuthorisationError("source_refused")

    checks = list(examine(_office(_settings(tmp_path), Broken())))

    wrong = _codes(iter(checks), Verdict.WRONG)
    assert wrong == ["policy_missing", "source_refused"]
    assert checks[-1].code == "agency_without_wki"


def test_a_note_of_a_source_is_not_wrong(tmp_path: Path) -> None:
    desk = _Desk()
    desk.adapter = _Source([Diagnosis(ok=True, code="mind_this", note=True)])

    checks = list(examine(_office(_settings(tmp_path), desk)))

    assert "mind_this" in _codes(iter(checks), Verdict.NOTE)
    assert "mind_this" not in _codes(iter(checks), Verdict.WRONG)


def _checks(settings: Settings, adapter: object) -> dict[str, Check]:
    desk = _Desk()
    desk.adapter = adapter
    return {check.code: check for check in examine(_office(settings, desk))}


def test_a_secret_of_calls_that_is_not_there_is_named(tmp_path: Path) -> None:
    desk = _Desk()
    (tmp_path / "seintjes").write_text("geheim", encoding="utf-8")
    source = {"webhook_secret": "env:NIET_GEZET", "webhook_token": "file:seintjes"}
    desk.settings = SimpleNamespace(policy=Path("policy.yaml"), source=source)

    found = [c for c in examine(_office(_settings(tmp_path), desk)) if "hook" in c.code]

    assert [(check.code, check.verdict, check.facts["key"]) for check in found] == [
        ("hook_secret_missing", Verdict.WRONG, "webhook_secret")
    ]


@pytest.mark.parametrize(("known", "is_wrong"), [("exact:1", True), ("exact:2", False)])
def test_settings_that_name_the_books_of_another_firm_are_wrong(
    tmp_path: Path, known: str, *, is_wrong: bool
) -> None:
    @contextmanager
    def unit(name: str, *, reading: bool) -> Iterator[SimpleNamespace]:
        assert (name, reading) == ("jansen-bv", True)
        yield SimpleNamespace(books=SimpleNamespace(state=lambda: SimpleNamespace(source=known)))

    desk = _Desk()
    desk.adapter = _Many([])
    desk.office = SimpleNamespace(store=SimpleNamespace(unit=unit))

    found = {check.code: check for check in examine(_office(_settings(tmp_path), desk))}

    assert ("other_books" in found) is is_wrong


@pytest.mark.parametrize("code", ["budget_spent", "wire_rate_limited", "exact.token_wait"])
def test_a_wait_is_not_wrong(tmp_path: Path, code: str) -> None:
    source = _Source([Diagnosis(ok=False, code=code, facts={"after": "58"})])

    assert _checks(_settings(tmp_path), source)[code].verdict is Verdict.NOTE


def test_the_key_of_the_tokens_is_looked_at(tmp_path: Path) -> None:
    found = _checks(_settings(tmp_path), _Package([]))

    assert found["vault_key_fine"].verdict is Verdict.FINE


def test_a_key_that_others_can_read_is_wrong_and_the_command_is_named(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    key = tmp_path / "data" / "vault.key"
    key.chmod(0o640)

    found = _checks(settings, _Package([]))["vault_key_readable"]

    assert found.verdict is Verdict.WRONG
    assert f"chmod 600 {key}" in Messages("en").sentence(found.code, found.facts)


def test_a_missing_key_is_wrong_where_tokens_are_kept(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    (tmp_path / "data" / "vault.key").unlink()

    found = _checks(settings, _Package([]))["vault_key_missing"]

    assert found.verdict is Verdict.WRONG
    assert found.facts == {"reference": "file:data/vault.key"}


def test_a_missing_key_is_no_matter_where_nothing_is_kept(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    (tmp_path / "data" / "vault.key").unlink()
    by_settings = _Package([])
    by_settings.ways = ()  # type: ignore[assignment]  # the settings say where the token is

    assert not any("vault" in code for code in _checks(settings, _Source([])))
    assert not any("vault" in code for code in _checks(settings, by_settings))


@pytest.mark.parametrize(
    ("code", "administration"),
    [
        ("connect_again", "jansen-bv"),
        ("connect_first", "jansen-bv"),
        ("exact.needs_reauthorization", "jansen-bv"),
        ("moneybird.suspended", None),
    ],
)
def test_a_source_that_lets_nobody_in_says_which_command_helps(
    tmp_path: Path, code: str, administration: str | None
) -> None:
    found = _checks(_settings(tmp_path), _Package([Diagnosis(ok=False, code=code)]))

    assert found[code].connect == administration


def test_an_authorisation_that_is_refused_says_which_command_helps(tmp_path: Path) -> None:
    class Refusing(_Package):
        def diagnose(self) -> Sequence[Diagnosis]:
            raise AuthorisationError("connect_again")

    found = _checks(_settings(tmp_path), Refusing([]))

    assert found["connect_again"].connect == "jansen-bv"


def test_what_was_raised_keeps_its_error() -> None:
    error = MaanError("x", file="a")

    assert failed(error).error is error


class _Mailbox:
    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        raise AssertionError("the probe sends nothing")


@contextmanager
def _server(**options: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    controller = Controller(_Mailbox(), hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def test_a_server_that_answers_is_fine() -> None:
    before = threading.active_count()
    with _server() as port:
        fault = probe("127.0.0.1", port, security="none", login=None)

    assert fault is None
    assert threading.active_count() == before


def test_a_server_that_does_not_encrypt_is_named() -> None:
    with _server() as port:
        fault = probe("127.0.0.1", port, security="starttls", login=None)

    assert fault is not None
    assert fault.code == "mail_not_offered"


def test_a_refused_login_is_named() -> None:
    def refuse(*_arguments: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with _server(authenticator=refuse, auth_require_tls=False) as port:
        fault = probe("127.0.0.1", port, security="none", login=("maan", "wrong"))

    assert fault is not None
    assert fault.code == "doctor_mail_login_refused"


def test_nobody_there_is_named() -> None:
    with _server() as port:
        pass

    fault = probe("127.0.0.1", port, security="none", login=None)

    assert fault is not None
    assert fault.code == "doctor_mail_unreachable"


@pytest.mark.parametrize("security", ["tls"])
def test_a_server_that_speaks_no_tls_is_named(security: Any) -> None:
    with _server() as port:
        fault = probe("127.0.0.1", port, security=security, login=None)

    assert fault is not None
    assert fault.code == "mail_not_encrypted"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("connect_again", "aanvaardt de toestemming voor jansen-bv niet meer"),
        ("moneybird.connect_first", "jansen-bv is nog niet gekoppeld"),
        ("oauth_client", "aanvaardt client_id en client_secret niet"),
    ],
)
def test_a_line_about_a_connection_ends_with_the_whole_command(code: str, told: str) -> None:
    line = Line(
        config=Path("maan.yaml"), now=None, json=False, environ={},
        keyboard=io.StringIO(), out=io.StringIO(), err=io.StringIO(),
    )  # fmt: skip
    shell = Shell(line, Messages("nl"), FakeLog)
    error = AuthorisationError(code)

    sentence = _sentence(replace(failed(error), connect="jansen-bv"), shell)

    assert told in sentence
    assert sentence.endswith("Geef: maan connect jansen-bv")
