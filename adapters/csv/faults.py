"""What is wrong with a file or a row, as errors of the house and as lines of a report."""

from typing import Final

from connector.port.errors import AdapterError, RecordError, RefusedError
from connector.port.records import Rejected

_LONGEST: Final = 40


def show(value: str) -> str:
    """Return a value that is safe to print: at most 40 characters, control characters escaped."""
    short = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in short)


def refuse(code: str, *, line: int = 0, column: str = "", **facts: object) -> RefusedError:
    """Return the error that refuses a file as a whole: nothing of it is read.

    Args:
        code: A `file.*` code.
        line: Physical line that shows it; 0 when it is the file as a whole.
        column: Our name of the field, empty when it is no single column.
        facts: What the sentence needs; texts from the file are shortened and escaped here.
    """
    shown = {name: show(str(value)) for name, value in facts.items()}
    return RefusedError(code, line=line, column=column, **shown)


def bad_row(code: str, column: str = "", value: str = "", **facts: object) -> RecordError:
    """Return the error that holds one row; the rest of the file goes on."""
    shown = {name: show(str(value)) for name, value in facts.items()}
    return RecordError(code, column=column, value=show(value), **shown)


def place(file: str, line: int, column: str = "") -> str:
    """Return where something stands, as `receivables.csv:12:open`."""
    return f"{file}:{line}:{column}" if column else f"{file}:{line}"


def note(file: str, line: int, code: str, column: str = "", **facts: object) -> Rejected:
    """Return one line of the report."""
    known = {name: str(value) for name, value in facts.items()}
    return Rejected(
        where=place(file, line, column),
        reason=code,
        facts={"file": file, "line": str(line), "column": column, **known},
    )


def as_note(error: AdapterError, file: str, line: int = 0) -> Rejected:
    """Return the report line of a refused file or a held row."""
    facts = {name: str(value) for name, value in error.facts.items()}
    at = int(facts.pop("line", "0")) or line
    return note(file, at, error.code, facts.pop("column", ""), **facts)
