"""The command line: finds the command, runs it, and turns every ending into words and a code."""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import typer

from connector.app.cli import faults, help_pages
from connector.app.cli.arguments import (
    DEFAULT_CONFIG,
    LANGUAGES,
    Hoisted,
    choose_language,
    hoist,
    parse_moment,
)
from connector.app.cli.shell import Line, Shell
from connector.app.messages import Messages
from connector.port.errors import MaanError
from connector.port.tools import Log

Register = Callable[[typer.Typer, Shell], None]
"""Adds commands to the app; every module of this package has one under the name `register`."""


def execute(
    argv: Sequence[str],
    *,
    environ: Mapping[str, str],
    registers: Sequence[Register] | None = None,
    keyboard: TextIO | None = None,
) -> int:
    """Run one command line and return its exit code; leaves nothing behind.

    Args:
        argv: The words after `maan`.
        environ: The variables of the process.
        registers: What adds the commands; None: all modules of this package.
        keyboard: Where answers come from; None: stdin.
    """
    streams = sys.stdout, sys.stderr
    hoisted = hoist(argv)
    config = Path(hoisted.values.get("--config") or environ.get("MAAN_CONFIG") or DEFAULT_CONFIG)
    language = choose_language(
        hoisted.values.get("--language"), environ.get("MAAN_LANGUAGE"), config
    )
    messages = Messages(language)
    moment = hoisted.values.get("--now")
    line = Line(
        config=config,
        now=None if moment is None else parse_moment(moment),
        json="--json" in hoisted.flags,
        environ=environ,
        keyboard=sys.stdin if keyboard is None else keyboard,
        out=sys.stdout,
        err=sys.stderr,
    )
    with ExitStack() as closing:

        def open_log() -> Log:
            from connector.app.logs import open_log  # noqa: PLC0415  # help does without structlog

            return closing.enter_context(open_log(line.err))

        shell = Shell(line, messages, open_log)
        try:
            return _refuse_globals(shell, hoisted) or _run(shell, hoisted, registers)
        finally:
            sys.stdout, sys.stderr = streams


def build(shell: Shell, registers: Sequence[Register] | None = None) -> typer.Typer:
    """Return the command line with all its commands, in the language of the shell."""
    app = typer.Typer(
        name="maan", help=shell.help("maan"), add_completion=False, pretty_exceptions_enable=False
    )
    app.callback()(lambda: None)  # a group, however few commands there are
    for register in _all_registers() if registers is None else registers:
        register(app, shell)
    return app


def _all_registers() -> Iterator[Register]:
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        found = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(found, "register"):
            yield found.register


def _refuse_globals(shell: Shell, hoisted: Hoisted) -> int:
    values = hoisted.values
    if hoisted.lacking:
        return _misuse(shell, shell.text("usage_lacks_value", option=hoisted.lacking))
    if (language := values.get("--language")) is not None and language not in LANGUAGES:
        return _misuse(shell, shell.text("usage_language", found=language, allowed=LANGUAGES))
    if "--now" in values and shell.line.now is None:
        return _misuse(shell, shell.text("usage_now", found=values["--now"]))
    return faults.DONE


def _run(shell: Shell, hoisted: Hoisted, registers: Sequence[Register] | None) -> int:
    if "--version" in hoisted.flags:
        shell.line.out.write(f"maan {_version()}\n")
        return faults.DONE
    root = help_pages.tree(build(shell, registers))
    found = help_pages.find(root, hoisted.words)
    if found.wants_help:
        help_pages.print_page(found, shell)
        return faults.DONE
    if found.refusal is not None:
        return _misuse(shell, shell.text(found.refusal, **found.facts), found.path)
    return _invoke(shell, root, hoisted.words, found.path)


def _invoke(shell: Shell, root: help_pages.Command, words: Sequence[str], path: str) -> int:
    code: object = faults.DONE
    try:
        code = root.main(list(words), prog_name="maan", standalone_mode=False)
        shell.finish()
    except typer.TyperException as error:
        return _misuse(shell, help_pages.usage_text(error, shell), path)
    except typer.Abort:
        shell.say(shell.text("aborted"))
        code = 130
    except MaanError as error:
        return _report(shell, error)
    except (BrokenPipeError, SystemExit):  # nobody reads on: `maan items | head`
        code = faults.WRONG
    except Exception as error:  # noqa: BLE001  # the last net: no user ever sees a traceback
        return _report_unexpected(shell, error)
    return code if isinstance(code, int) else faults.DONE


def _misuse(shell: Shell, text: str, path: str = "maan") -> int:
    shell.say(text)
    shell.say(shell.text("usage_see_help", command=path))
    return faults.MISUSED


def _report(shell: Shell, error: MaanError) -> int:
    config = str(shell.line.config)
    shell.say(faults.error_text(error, shell.messages, config))
    shell.replace_document(faults.error_document(error, shell.messages, config))
    shell.finish()
    return faults.exit_code(error)


def _report_unexpected(shell: Shell, error: Exception) -> int:
    from connector.app.logs import write_crash  # noqa: PLC0415  # only needed now

    log = write_crash(error, shell.line.config)
    facts: dict[str, object] = {"error": type(error).__name__, "log": str(log)}
    text = shell.text("unexpected", **facts)
    shell.say(text)
    shell.replace_document({"error": {"code": "unexpected", "text": text, "facts": facts}})
    shell.finish()
    return faults.WRONG


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  # only `--version` needs it

    return version("maan")
