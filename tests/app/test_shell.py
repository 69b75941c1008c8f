"""The shell around every command: endings, one document on stdout, nothing left behind."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
import typer

from connector.app.cli import execute
from connector.app.cli.shell import Shell
from connector.port.errors import (
    ConflictError,
    MaanError,
    NotDeliveredError,
    PolicyError,
    RateLimitError,
    RequestError,
    SettingsError,
    UnavailableError,
)
from connector.port.money import Money


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def _register(app: typer.Typer, shell: Shell) -> None:
    @app.command("paint", help="Verft.")
    def paint(
        colour: _Colour,
        on: Annotated[date | None, typer.Option(parser=shell.day, help="Dag.")] = None,
        times: Annotated[int, typer.Option(help="Aantal.")] = 1,
        door: Annotated[int, typer.Option(min=0, max=65535)] = 0,
        least: Annotated[int, typer.Option(min=1)] = 1,
    ) -> None:
        shell.show({"colour": colour, "on": on, "times": times}, f"[b]{colour}[/b] {on}")

    @app.command("find")
    def find() -> None:
        shell.show({"found": Money(Decimal(12), "EUR")}, "gevonden")
        raise shell.exit(1)

    queue = shell.group(app, "actions")

    @queue.callback(invoke_without_command=True)
    def listed(
        context: typer.Context,
        status: Annotated[str | None, typer.Option(help="Stand.")] = None,
    ) -> None:
        if context.invoked_subcommand is None:
            shell.show({"status": status}, f"wachtrij {status}")

    @queue.command("retry")
    def retry(action: str) -> None:
        shell.show({"retry": action}, f"opnieuw {action}")

    holds = shell.group(app, "hold")

    @holds.command("list")
    def hold_list() -> None:
        shell.log.info("listed", iban="NL91ABNA0417164300")
        shell.show({"holds": ()}, "geen")


def _raising(error: Exception) -> Callable[[typer.Typer, Shell], None]:
    def register(app: typer.Typer, shell: Shell) -> None:
        @app.command("fail")
        def fail() -> None:
            shell.show({"half": True}, "half")
            raise error

    return register


def _run(*argv: str, environ: Mapping[str, str] | None = None) -> int:
    return execute(argv, environ=environ or {}, registers=[_register])


def test_text_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    code = _run("paint", "red")

    assert (code, capsys.readouterr().out) == (0, "[b]red[/b] None\n")


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    code = _run("--json", "paint", "blue", "--on", "1-12-2026")

    out = capsys.readouterr().out
    assert code == 0
    assert json.loads(out) == {"colour": "blue", "on": "2026-12-01", "times": 1}


def test_a_finding_exits_with_one_and_still_shows(capsys: pytest.CaptureFixture[str]) -> None:
    code = _run("find", "--json")

    assert (code, json.loads(capsys.readouterr().out)) == (1, {"found": "12.00"})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RequestError("x"), 1),
        (NotDeliveredError("x"), 1),
        (SettingsError("x"), 2),
        (PolicyError("x"), 2),
        (UnavailableError("x"), 75),
        (RateLimitError("x", after=3), 75),
        (ConflictError("x"), 75),
        (ZeroDivisionError("x"), 1),
    ],
)
def test_every_error_has_its_exit_code_and_one_document(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = execute(
        ["fail", "--json"],
        environ={"MAAN_CONFIG": str(tmp_path / "config" / "maan.yaml")},
        registers=[_raising(error)],
    )

    shown = capsys.readouterr()
    assert found == code
    assert json.loads(shown.out)["error"]["code"] == (
        "x" if isinstance(error, MaanError) else "unexpected"
    )
    assert "Traceback" not in shown.err


def test_a_crash_is_written_to_the_log_without_its_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    error = ValueError("for NL91ABNA0417164300 and jan@example.nl")

    execute(
        ["fail", "--config", str(tmp_path / "config" / "maan.yaml")],
        environ={},
        registers=[_raising(error)],
    )

    log = (tmp_path / "data" / "maan-errors.log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "NL91" not in log
    assert "jan@" not in log
    assert "maan-errors.log" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["pain"], "Bedoelt u paint?"),
        (["xyzzy"], "Er is geen opdracht xyzzy."),
        (["paint"], "COLOUR ontbreekt."),
        (["paint", "green"], "kies uit red, blue."),
        (["paint", "red", "--times", "many"], "het moet een geheel getal zijn."),
        (["paint", "red", "--door", "70000"], "het moet een geheel getal van 0 tot en met 65535"),
        (["paint", "red", "--least", "0"], "het moet een geheel getal van 1 of meer zijn."),
        (["paint", "red", "--on", "31-02-2026"], "31-02-2026 is geen datum."),
        (["paint", "red", "--onn", "x"], "Bedoelt u --on?"),
        (["paint", "red", "--on"], "Achter --on hoort een waarde te staan."),
        (["paint", "red", "blue"], "Er staat te veel op de regel: blue."),
        (["hold"], "Achter maan hold hoort een van deze woorden: list."),
        (["--wat"], "Er is geen optie --wat."),
        (["paint", "red", "--now", "straks"], "straks is geen tijdstip."),
        (["paint", "red", "--language", "fr"], "maan spreekt nl, en; fr niet."),
        (["paint", "red", "--config"], "Achter --config hoort een waarde te staan."),
    ],
)
def test_wrong_use_is_explained_in_dutch(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = _run(*argv)

    shown = capsys.readouterr()
    assert code == 2
    assert shown.out == ""
    assert said in shown.err


def test_wrong_use_is_explained_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    _run("paint", "green", environ={"MAAN_LANGUAGE": "en"})

    assert "choose from red, blue" in capsys.readouterr().err


def test_main_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    before = list(logging.getLogger().handlers)

    codes = [_run("hold", "list"), _run("hold", "list", "--json"), _run("paint", "red")]

    assert codes == [0, 0, 0]
    assert logging.getLogger().handlers == before
    assert "NL91" not in capsys.readouterr().err


def test_help_is_found_anywhere_on_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [_run(), _run("--help"), _run("paint", "--help"), _run("hold", "list", "--help")]

    shown = capsys.readouterr().out
    assert codes == [0, 0, 0, 0]
    assert "Gebruik: maan paint COLOUR [OPTIES]" in shown
    assert "--on DATUM" in shown
    assert "Gebruik: maan hold list" in shown


def test_a_word_may_be_a_command_and_have_words_after_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    codes = [_run("actions"), _run("actions", "--status", "failed"), _run("actions", "retry", "a1")]

    assert codes == [0, 0, 0]
    assert capsys.readouterr().out.split("\n")[:-1] == [
        "wachtrij None",
        "wachtrij failed",
        "opnieuw a1",
    ]
    assert _run("actions", "--help") == 0
    shown = capsys.readouterr().out
    assert "--status TEKST" in shown
    assert "retry" in shown


def test_help_after_two_dashes_is_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    code = _run("paint", "--", "--help")

    assert (code, capsys.readouterr().out) == (2, "")
