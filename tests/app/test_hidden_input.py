"""A token that is typed is never shown."""

import io
import subprocess
import sys
from pathlib import Path

from connector.app.cli.shell import Line, Shell
from connector.app.messages import Messages
from connector.testkit.tools import FakeLog

_WITHOUT_TERMINAL = """
import io, sys
from tests.app.test_hidden_input import Terminal, shell
from connector.port.errors import RequestError
try:
    print(shell(Terminal("geheim")).ask_hidden("Token:"))
except RequestError as error:
    print(error.code)
"""


class Terminal(io.StringIO):
    """A keyboard that calls itself a terminal."""

    def isatty(self) -> bool:
        return True


def shell(keyboard: io.StringIO) -> Shell:
    line = Line(
        config=Path("maan.yaml"), now=None, json=False, environ={},
        keyboard=keyboard, out=io.StringIO(), err=io.StringIO(),
    )  # fmt: skip
    return Shell(line, Messages("nl"), FakeLog)


def test_a_pipe_is_read_without_a_question() -> None:
    piped = shell(io.StringIO(" geheim \nmeer\n"))

    token = piped.ask_hidden("Token:")

    assert token == "geheim"
    assert isinstance(piped.line.err, io.StringIO)
    assert piped.line.err.getvalue() == ""


def test_where_typing_would_be_seen_nothing_is_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_TERMINAL],
        cwd=Path(__file__).parents[2], start_new_session=True, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "no_hidden_input\n"
