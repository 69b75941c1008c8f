"""Finding a command by its words, its help page, and what is said about wrong usage.

The page is our own: Typer's speaks English only, and Rich's Markdown would double the time that
`maan --help` takes.
"""

import difflib
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

if TYPE_CHECKING:
    from rich.console import Console

    from connector.app.cli.shell import Shell

Command = TyperCommand | TyperGroup
_HELP: Final = "--help"
_PAGE_COLUMNS: Final = 100
_NAME_COLUMNS: Final = 30

_SECTIONS: Final = (
    ("help_begin", ("init", "connect", "doctor", "demo", "status", "run")),
    ("help_books", ("pull", "books", "items", "item", "party")),
    ("help_plan", ("policy", "plan", "explain", "hold", "letter")),
    ("help_queue", ("actions", "approve", "reject", "act", "post", "task", "attention")),
    ("help_hand_over", ("attach", "dossier", "journal")),
    ("help_law", ("law", "charges", "charge", "report")),
)
_GLOBALS: Final = (
    ("--config", "path"),
    ("--language", "nl|en"),
    ("--json", ""),
    ("--now", "moment"),
    ("--version", ""),
    (_HELP, ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the words of a command line lead.

    Attributes:
        command: The command or group that was reached.
        path: Its words, `maan` first.
        wants_help: Help was asked for, or nothing at all.
        refusal: Code of what is wrong with the words; None: nothing.
        facts: Values for the refusal.
    """

    command: Command
    path: str
    wants_help: bool = False
    refusal: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def tree(app: typer.Typer) -> Command:
    """Return the commands of the app as a tree that can be walked and run."""
    return _command(typer.main.get_command(app))


def find(root: Command, words: Sequence[str]) -> Found:
    """Follow the words down the tree of commands, as far as they name one."""
    command, path = root, "maan"
    before, _, _ = _split(words)
    wants_help = _HELP in before or not words
    for word in words:
        if not isinstance(command, TyperGroup) or word == _HELP:
            break
        if command.invoke_without_command and word.startswith("-"):
            break
        if word not in command.commands:
            return _lost(command, path, word, wants_help=wants_help)
        command, path = _command(command.commands[word]), f"{path} {word}"
    alone = isinstance(command, TyperGroup) and command.invoke_without_command  # `maan actions`
    if isinstance(command, TyperGroup) and not wants_help and not alone:
        facts = {"command": path, "allowed": sorted(command.commands)}
        return Found(command=command, path=path, refusal="usage_group", facts=facts)
    return Found(command=command, path=path, wants_help=wants_help)


def _lost(group: TyperGroup, path: str, word: str, *, wants_help: bool) -> Found:
    if wants_help and word.startswith("-"):
        return Found(command=group, path=path, wants_help=True)
    close = difflib.get_close_matches(word, list(group.commands))
    if word.startswith("-"):
        code = "usage_option"
    else:
        code = "usage_command_close" if close else "usage_command"
    facts = {"found": word, "option": word, "command": path, "close": close}
    return Found(command=group, path=path, refusal=code, facts=facts)


def _split(words: Sequence[str]) -> tuple[Sequence[str], str, Sequence[str]]:
    place = list(words).index("--") if "--" in words else len(words)
    return words[:place], "--", words[place + 1 :]


def _command(found: object) -> Command:
    assert isinstance(found, TyperCommand | TyperGroup)
    return found


def usage_text(error: typer.TyperException, shell: "Shell") -> str:
    """Return what is wrong with the options, in the user's language."""
    parameter = getattr(error, "param", None)
    option = getattr(error, "option_name", None) or _name_on_line(parameter)
    match type(error).__name__:
        case "NoSuchOption":
            close = list(getattr(error, "possibilities", None) or ())
            code = "usage_option_close" if close else "usage_option"
            return shell.text(code, option=option, close=close)
        case "MissingParameter":
            return shell.text("usage_missing", option=option)
        case "BadOptionUsage":
            return shell.text("usage_lacks_value", option=option)
        case "BadParameter":
            reason = _bad_value(parameter, shell) or error.message
            return shell.text("usage_value", option=option, reason=reason)
        case _ if "unexpected extra argument" in error.message:
            extra = error.message.rpartition("(")[2].rstrip(")")
            return shell.text("usage_extra", found=extra)
        case _:
            return error.format_message()


def _bad_value(parameter: object, shell: "Shell") -> str | None:
    if not isinstance(parameter, TyperArgument | TyperOption):
        return None
    descriptor = parameter.type_descriptor
    if descriptor.parameter_info.parser is not None:
        return None  # our own parsers speak the user's language
    if descriptor.choices is not None:
        return shell.text("usage_choice", allowed=_choices(descriptor.choices))
    if descriptor.annotation is int:
        info = descriptor.parameter_info
        bounds = {"least": info.min, "most": info.max}
        code = "usage_number" if info.min is None else "usage_number_least"
        return shell.text(code if info.max is None else "usage_number_between", **bounds)
    if descriptor.is_path or descriptor.annotation is Path:
        return shell.text("usage_path")
    return None


def _name_on_line(parameter: object) -> str:
    if isinstance(parameter, TyperOption):
        return max(parameter.opts, key=len)
    return _argument_name(parameter) if isinstance(parameter, TyperArgument) else "?"


def print_page(found: Found, shell: "Shell") -> None:
    """Print the help page of a command or group on stdout."""
    from rich.text import Text  # noqa: PLC0415  # only a help page needs it

    console = shell.console
    command = found.command
    usage = f"{found.path} {_usage(command, shell)}".rstrip()
    console.print(Text.assemble((shell.text("help_usage"), "bold"), " ", usage))
    console.print()
    console.print("\n".join(_wrapped(command.help or "", console)))
    if isinstance(command, TyperGroup):
        _print_commands(command, shell, console, whole=found.path == "maan")
    if not isinstance(command, TyperGroup) or command.invoke_without_command:
        _print_parameters(command, shell, console)
    _print_globals(shell, console, whole=found.path == "maan")


def _print_globals(shell: "Shell", console: "Console", *, whole: bool) -> None:
    """Print the global options: all about them on the first page, else their names."""
    names = [(f"{name} {_word(value, shell)}".rstrip(), name) for name, value in _GLOBALS]
    if whole:
        rows = [(shown, shell.help(f"maan.{name.strip('-')}")) for shown, name in names]
        _print_rows(shell.text("help_globals"), rows, console)
    else:
        listed = ", ".join(shown for shown, _ in names)
        console.print()
        console.print("\n".join(_wrapped(shell.text("help_also", options=listed), console)))


def _wrapped(text: str, console: "Console", indent: str = "") -> list[str]:
    width = min(console.width, _PAGE_COLUMNS)
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )


def _usage(command: Command, shell: "Shell") -> str:
    if isinstance(command, TyperGroup):
        return shell.text("help_command_word")
    parts = [
        _argument_usage(parameter)
        for parameter in command.params
        if isinstance(parameter, TyperArgument)
    ]
    options = [part for part in command.params if isinstance(part, TyperOption)]
    required = [f"{_option_names(part)} {_value(part, shell)}" for part in options if part.required]
    if any(not part.required for part in options if _HELP not in part.opts):
        required.append(shell.text("help_options_word"))
    return " ".join(parts + required)


def _print_commands(group: TyperGroup, shell: "Shell", console: "Console", *, whole: bool) -> None:
    left = dict(group.commands)
    sections = []
    if whole:
        sections = [
            (shell.text(code), [name for name in names if name in left])
            for code, names in _SECTIONS
        ]
    for _, names in sections:
        for name in names:
            left.pop(name)
    rest = "help_other" if whole else "help_commands"
    sections.append((shell.text(rest), list(left)))
    width = max((len(name) for name in group.commands), default=0)
    for title, names in sections:
        rows = [(name.ljust(width), _first_sentence(group.commands[name].help)) for name in names]
        _print_rows(title, rows, console)


def _print_parameters(command: Command, shell: "Shell", console: "Console") -> None:
    arguments = [
        (_argument_name(part), part.help or "")
        for part in command.params
        if isinstance(part, TyperArgument)
    ]
    _print_rows(shell.text("help_arguments"), arguments, console)
    options = [
        (f"{_option_names(part)} {_value(part, shell)}".rstrip(), _option_help(part, shell))
        for part in command.params
        if isinstance(part, TyperOption) and not part.hidden and _HELP not in part.opts
    ]
    _print_rows(shell.text("help_options"), options, console)


def _print_rows(title: str, rows: Sequence[tuple[str, str]], console: "Console") -> None:
    """Print names with their texts beside them, or below them where a name is long."""
    if not rows:
        return
    from rich.text import Text  # noqa: PLC0415  # only a help page needs it

    width = min(max(len(name) for name, _ in rows), _NAME_COLUMNS)
    indent = " " * (width + 4)
    console.print()
    console.print(Text(title, style="bold"))
    for name, text in rows:
        head = f"  {name:<{width}}"
        if len(name) > width:
            console.print(head)
            head = " " * (width + 2)
        lines = _wrapped(f"{head}  {text}", console, indent)
        console.print("\n".join(lines))


def _first_sentence(text: str | None) -> str:
    return (text or "").partition("\n")[0]


def _option_names(option: TyperOption) -> str:
    return "/".join([*option.opts, *option.secondary_opts])


def _option_help(option: TyperOption, shell: "Shell") -> str:
    text = option.help or ""
    return f"{text} {shell.text('help_required')}" if option.required else text


def _value(option: TyperOption, shell: "Shell") -> str:
    if option.is_flag:
        return ""
    if option.metavar:
        return option.metavar
    descriptor = option.type_descriptor
    if descriptor.choices is not None:
        return _choices(descriptor.choices, "|")
    if descriptor.annotation is int:
        return _word("number", shell)
    if descriptor.is_path:
        return _word("path", shell)
    parser = descriptor.parameter_info.parser
    is_day = getattr(parser, "__name__", "") == "day"
    return _word("date" if is_day else "text", shell)


def _word(kind: str, shell: "Shell") -> str:
    return shell.text(f"word_{kind}") if kind.isalpha() else kind


def _choices(choices: Sequence[object], between: str = ", ") -> str:
    return between.join(
        str(choice.value if isinstance(choice, Enum) else choice) for choice in choices
    )


def _argument_name(argument: TyperArgument) -> str:
    return argument.metavar or (argument.name or "").upper()


def _argument_usage(argument: TyperArgument) -> str:
    name = _argument_name(argument)
    many = "..." if argument.nargs == -1 and not name.endswith("...") else ""
    return f"{name}{many}" if argument.required else f"[{name}]{many}"
