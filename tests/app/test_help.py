"""Every command has a page in both languages, and every word on it comes from the catalogues."""

import io
from collections.abc import Iterator

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption

from connector.app.cli import build, execute, help_pages
from connector.app.cli.arguments import DEFAULT_CONFIG
from connector.app.cli.help_pages import Command
from connector.app.cli.shell import Line, Shell
from connector.app.messages import Messages
from connector.port.tools import Log

_ENGLISH_OF_TYPER = ("Usage: ", "Options:", "Show this message", "[OPTIONS]", "[ARGS]")


def _no_log() -> Log:
    raise AssertionError("help must not open the log")


def _tree(language: str) -> Command:
    line = Line(
        config=DEFAULT_CONFIG, now=None, json=False, environ={},
        keyboard=io.StringIO(), out=io.StringIO(), err=io.StringIO(),
    )  # fmt: skip
    shell = Shell(line, Messages(language), _no_log)
    return help_pages.tree(build(shell))


def _walk(
    command: Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Command]]:
    yield path, command
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            assert isinstance(part, TyperCommand | TyperGroup)
            yield from _walk(part, (*path, name))


_PATHS = [path for path, _ in _walk(_tree("nl"))]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_command_and_option_has_its_help(language: str) -> None:
    bare = []
    for path, command in _walk(_tree(language)):
        key = ".".join(path)
        if not command.help or command.help == key:
            bare.append(key or "maan")
        for parameter in command.params:
            if isinstance(parameter, TyperOption) and "--help" in parameter.opts:
                continue
            text = getattr(parameter, "help", None)
            if not text or (" " not in text and text.startswith(key)):
                bare.append(f"{key}.{parameter.name}")

    assert bare == []


@pytest.mark.parametrize("path", _PATHS, ids=" ".join)
def test_a_page_reads_well_in_dutch_at_eighty_columns(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code = execute([*path, "--help"], environ={"COLUMNS": "80"})

    page = capsys.readouterr().out
    assert code == 0
    assert page.startswith(f"Gebruik: {' '.join(['maan', *path])}")
    assert [word for word in _ENGLISH_OF_TYPER if word in page] == []
    too_long = [line for line in page.splitlines() if len(line) > 80 and "  " in line]
    assert too_long == []
    assert [line for line in page.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("path", _PATHS, ids=" ".join)
def test_a_page_is_in_english_when_asked(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code = execute([*path, "--help", "--language", "en"], environ={})

    page = capsys.readouterr().out
    assert code == 0
    assert page.startswith("Usage: maan")
    assert "OPTIES" not in page


def test_help_has_the_same_commands_in_both_languages() -> None:
    english = [path for path, _ in _walk(_tree("en"))]

    assert english == _PATHS
