"""`maan policy check` and `maan policy print`: the policy before it bites."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli.faults import fault_document, fault_text
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError

if TYPE_CHECKING:
    from rich.text import Text

    from connector.core.policy.check import PolicyContext
    from connector.core.policy.model import Policy
    from connector.core.policy.yaml_lines import Fault


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `policy check` and `policy print`."""
    policy = shell.group(app, "policy")

    @policy.command("check", help=shell.help("policy.check"))
    def check(
        file: Annotated[
            Path | None,
            typer.Argument(metavar=shell.text("word_path"), help=shell.help("policy.check.file")),
        ] = None,
    ) -> None:
        _check(shell, file)

    @policy.command("print", help=shell.help("policy.print"))
    def print_(
        administration: Annotated[
            str | None,
            typer.Argument(
                metavar=shell.text("word_administration"),
                help=shell.help("policy.print.administration"),
            ),
        ] = None,
    ) -> None:
        _print(shell, administration)


def _check(shell: Shell, file: Path | None) -> None:
    """Check one file for every administration, or each administration's own policy."""
    faults: list[tuple[Path, Fault]] = []
    for path, context in _to_check(shell, file):
        found = [(path, fault) for fault in _faults(path, context)]
        faults += [fault for fault in found if fault not in faults]
    errors = [fault for _, fault in faults if fault.severity == "error"]
    warnings = [fault for _, fault in faults if fault.severity == "warning"]
    payload = {
        "errors": [fault_document(fault, shell.messages) for fault in errors],
        "warnings": [fault_document(fault, shell.messages) for fault in warnings],
    }
    shell.show(payload, lambda: _verdict(shell, faults, len(errors)))
    if errors:
        raise shell.exit(1)


def _to_check(shell: Shell, file: Path | None) -> "list[tuple[Path, PolicyContext | None]]":
    """Return the files with what they are held against; without a configuration the bare file."""
    if file is not None and not shell.line.config.exists():
        return [(file, None)]
    with shell.office() as office:
        return [
            (file or desk.settings.policy, desk.policy_context())
            for desk in office.administrations()
        ]


def _faults(path: Path, context: "PolicyContext | None") -> "Sequence[Fault]":
    from connector.core.policy.read import read_policy  # noqa: PLC0415  # help does without

    return read_policy(_text(path), context).faults


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise RequestError("file_absent", file=path) from error
    except UnicodeDecodeError as error:
        raise RequestError("file_unreadable", file=path, reason="UTF-8") from error
    except OSError as error:
        raise RequestError("file_unreadable", file=path, reason=error.strerror) from error


def _verdict(shell: Shell, faults: "Sequence[tuple[Path, Fault]]", errors: int) -> "Text":
    from rich.text import Text  # noqa: PLC0415

    text = Text()
    if errors:
        text.append(shell.text("policy_has_errors", count=errors))
    else:
        text.append(shell.text("policy_has_warnings" if faults else "policy_is_fine"))
    for path, fault in faults:
        style = "red" if fault.severity == "error" else "yellow"
        text.append(f"\n\n{path}:{fault.line}:{fault.column} ")
        text.append(shell.text(f"policy_fault_{fault.severity}"), style=style)
        text.append(f"\n  {fault_text(fault, shell.messages)}")
    return text


def _print(shell: Shell, administration: str | None) -> None:
    with shell.office() as office:
        names = [administration] if administration else []
        policies = [(desk.id, desk.policy) for desk in office.administrations(names)]
    payload = {
        "administrations": [
            {"administration": name, "lines": _lines(policy, shell)} for name, policy in policies
        ]
    }
    shell.show(payload, lambda: _pages(policies, shell))


def _lines(policy: "Policy", shell: Shell) -> list[str]:
    from connector.core.policy.describe import describe  # noqa: PLC0415  # help does without

    def say(code: str, facts: Mapping[str, object]) -> str:
        return shell.messages.sentence(code, facts, table="describe")

    return [f"{'  ' * line.level}{line.spoken(say)}" for line in describe(policy)]


def _pages(policies: "Sequence[tuple[str, Policy]]", shell: Shell) -> "Text":
    from rich.text import Text  # noqa: PLC0415

    text = Text()
    for name, policy in policies:
        if len(policies) > 1:
            text.append(f"{name}\n\n", style="bold")
        for number, line in enumerate(_lines(policy, shell)):
            heading = not line.startswith(" ")
            text.append("\n" if heading and number else "")
            text.append(f"{line}\n", style="bold" if heading else "")
    text.rstrip()
    return text
