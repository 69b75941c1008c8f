"""`maan init` and `maan doctor`: from nothing to a configuration that works."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import wording
from connector.app.cli.faults import error_text
from connector.app.cli.shell import Shell
from connector.port.errors import MaanError, RequestError

if TYPE_CHECKING:
    from rich.text import Text

    from connector.app.doctor import Check
    from connector.app.founding import Firm, Founded

_MARKS = {"fine": ("✓", "green"), "note": ("!", "yellow"), "wrong": ("✗", "red")}


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `init` and `doctor`."""

    @app.command("init", help=shell.help("init"))
    def init(
        directory: Annotated[
            Path,
            typer.Argument(metavar=shell.text("word_folder"), help=shell.help("init.directory")),
        ] = Path(),
        yes: Annotated[bool, typer.Option("--yes", help=shell.help("init.yes"))] = False,
    ) -> None:
        _init(shell, directory, yes=yes)

    @app.command("doctor", help=shell.help("doctor"))
    def doctor() -> None:
        _doctor(shell)


def _init(shell: Shell, directory: Path, *, yes: bool) -> None:
    from connector.app.founding import firm_values, found  # noqa: PLC0415  # help does without
    from connector.settings import defaults_folder  # noqa: PLC0415

    values: dict[tuple[str, ...], str | None] = {("language",): shell.messages.language}
    if not yes and not (directory / "config" / "maan.yaml").exists():
        values |= firm_values(_ask_firm(shell))
    readme = shell.text("init_books_file_name")
    made = found(
        directory,
        defaults_folder(),
        {f"books/{readme}": shell.text("init_books_file")},
        values,
    )
    payload = {"folder": directory.absolute(), "written": made.written, "kept": made.kept}
    shell.show(payload, lambda: _founded(shell, directory, made))


def _founded(shell: Shell, directory: Path, made: "Founded") -> str:
    lines = [shell.text("init_written", folder=directory.absolute(), count=len(made.written))]
    lines += [f"  {name}" for name in made.written]
    if made.kept:
        lines += ["", shell.text("init_kept"), *(f"  {name}" for name in made.kept)]
    go = [] if directory == Path() else [("", f"cd {directory}")]
    steps = [("init_next_doctor", "maan doctor"), ("init_next_pull", "maan pull --check"),
             ("init_next_plan", "maan plan")]  # fmt: skip
    lines += ["", shell.text("init_next")]
    lines += [f"  {command}" for _, command in go]
    lines += [f"  {command:<20}{shell.text(code)}" for code, command in steps]
    return "\n".join(lines)


def _ask_firm(shell: Shell) -> "Firm":
    from connector.app.founding import Firm  # noqa: PLC0415

    shell.say(shell.text("init_questions"))
    answers = {
        name: _ask(shell, name, needed=name not in {"phone", "kvk", "vat_id", "signature"})
        for name in ("name", "street", "postcode", "city", "iban", "email", "phone", "kvk",
                     "vat_id", "signature")
    }  # fmt: skip
    return Firm(**answers)


def _ask(shell: Shell, name: str, *, needed: bool) -> str:
    check = _checks().get(name)
    while True:
        shell.line.err.write(f"{shell.text(f'init_ask_{name}')} ")
        shell.line.err.flush()
        line = shell.line.keyboard.readline()
        if not line:
            raise RequestError("init_needs_answers")
        answer = line.strip()
        if not answer and not needed:
            return ""
        if answer and (check is None or check(answer)):
            return answer
        shell.say(shell.text(f"init_bad_{name}" if answer else "init_bad_empty"))


def _checks() -> Mapping[str, Callable[[str], bool]]:
    """Return what an answer must be; the words of the configuration have the last say."""
    from stdnum import iban  # noqa: PLC0415  # only asked for here
    from stdnum.eu import vat  # noqa: PLC0415

    return {
        "iban": lambda text: bool(iban.is_valid(text)),
        "vat_id": lambda text: bool(vat.is_valid(text)),
        "kvk": lambda text: len(text) == 8 and text.isdigit(),
        "email": lambda text: text.count("@") == 1 and "." in text.partition("@")[2],
    }


def _doctor(shell: Shell) -> None:
    from connector.app.doctor import Verdict, examine, failed  # noqa: PLC0415  # help does without

    checks: list[Check] = []
    try:
        with shell.office() as office, shell.progress(shell.text("doctor_looks")):
            checks += [check for check in examine(office) if _is_told(check, shell)]
    except MaanError as error:
        checks.append(failed(error))
    wrong = [check for check in checks if check.verdict is Verdict.WRONG]
    payload = {
        "ok": not wrong,
        "checks": [_document(check, shell) for check in checks],
    }
    shell.show(payload, lambda: _examined(checks, shell))
    if wrong:
        raise shell.exit(1)


def _is_told(check: "Check", shell: Shell) -> bool:
    """Whether to speak of it: a clock that `--now` set may be behind."""
    return shell.line.now is None or check.code != "clock_behind"


def _document(check: "Check", shell: Shell) -> dict[str, object]:
    return {
        "ok": check.verdict != "wrong",
        "verdict": check.verdict,
        "code": check.code,
        "text": _sentence(check, shell),
    }


def _sentence(check: "Check", shell: Shell) -> str:
    if check.connect is None:
        return _told(check, shell)
    facts = {"administration": check.connect}
    code = check.code.rpartition(".")[2]
    if shell.messages.has(code, table="doctor"):
        return shell.messages.sentence(code, facts, table="doctor")
    return f"{_told(check, shell)} {shell.text('doctor_connect', **facts)}"


def _told(check: "Check", shell: Shell) -> str:
    if check.error is not None:
        return error_text(check.error, shell.messages, str(shell.line.config))
    facts = dict(check.facts)
    if check.code == "csv.files":
        facts["kind"] = wording.word(shell, "kind", facts["kind"])
    return shell.text(check.code, **facts)


def _examined(checks: "list[Check]", shell: Shell) -> "Text":
    from rich.text import Text  # noqa: PLC0415

    text = Text()
    for check in checks:
        mark, style = _MARKS[check.verdict]
        text.append(f"{mark} ", style=style)
        text.append(f"{_sentence(check, shell)}\n")
    wrong = sum(check.verdict == "wrong" for check in checks)
    text.append("\n")
    notes = sum(check.verdict == "note" for check in checks)
    code, count = ("doctor_wrong", wrong) if wrong else ("doctor_notes", notes)
    text.append(shell.text(code, count=count) if count else shell.text("doctor_fine"))
    return text
