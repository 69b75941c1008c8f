"""Codes with facts in the words of the user: reasons, statuses, amounts, cells of a table."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.text import Text

_AGE: Final = re.compile(r"(\d+)( ?h| ?d| business days?)")
_NUMBERED: Final = re.compile(r"\d+:\d+")
_UNITS: Final = {"h": "hours", "d": "days", "business days": "business_days"}
_UNPRINTABLE: Final = "\N{REPLACEMENT CHARACTER}"
_BROKEN: Final = frozenset({"books_never_pulled", "pull_incomplete"})
_LISTS: Final = frozenset({"via", "wanted", "channels"})
_KINDS: Final = {
    "reason": "hold",
    "status": "status",
    "state": "state",
    "verb": "verb",
    "obstacle": "obstacle",
}


def reason_text(shell: Shell, code: str, facts: Mapping[str, object] | None = None) -> str:
    """Return the sentence of a reason, with the words of the house in the user's language."""
    given = facts or {}
    if code in _BROKEN and "error" in given:
        code = f"{code}_because"
    worded = {name: _worded(shell, name, value, given) for name, value in given.items()}
    messages = shell.messages
    table = "reasons" if messages.has(code, table="reasons") else None
    found = messages.sentence(code, worded, table=table)
    is_whole = not found.endswith(f"({code})")  # of an error that was kept the facts were not
    return found if is_whole else messages.gist(code, worded) or found


def reason_entry(
    shell: Shell, code: str, facts: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return a reason as `--json` prints it, facts included."""
    return {"code": code, "text": reason_text(shell, code, facts), "facts": facts or {}}


def withdrawn_text(shell: Shell, code: str) -> str:
    """Return why an action was withdrawn; no facts are kept with it."""
    messages = shell.messages
    known = messages.has(code, table="withdrawn")
    return messages.sentence(code if known else "other", table="withdrawn")


def coded(shell: Shell, code: str, facts: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return a code with its sentence as `--json` prints it."""
    return {"code": code, "text": reason_text(shell, code, facts)}


def word(shell: Shell, kind: str, value: object) -> str:
    """Return a word of the house in the user's language: `word(shell, "status", "proposed")`."""
    key = f"{kind}_{value}"
    messages = shell.messages
    if not messages.has(key, table="words"):
        return str(value)
    return messages.sentence(key, table="words")


def words(shell: Shell, kind: str, values: Iterable[object]) -> str:
    """Return several words of the house, with commas."""
    return ", ".join(word(shell, kind, value) for value in values)


def show(shell: Shell, value: object) -> str:
    """Return a value for a cell: amounts and numbers as they are read, dates short.

    What could move the cursor or colour the screen is taken out: names come from elsewhere.
    """
    if value is None:
        return ""
    text = shell.messages.sentence("cell", {"value": value}, table="words")
    return "".join(
        c if c.isprintable() or c == "\xa0" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def heading(text: str) -> "Text":
    """Return a line that stands above a table."""
    from rich.text import Text  # noqa: PLC0415  # `--json` does without

    return Text(text, style="bold")


def bullets(lines: "Iterable[str]", mark: str = "!") -> "RenderableType":
    """Return lines with a mark before each; what is too long goes on below its own words."""
    from rich.table import Table  # noqa: PLC0415  # `--json` does without

    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(width=len(mark) + 2, justify="right")
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(mark, line)
    return grid


def page(*parts: "RenderableType | None") -> "Group":
    """Return what stands below each other; None is left out."""
    from rich.console import Group  # noqa: PLC0415  # `--json` does without

    return Group(*(part for part in parts if part is not None))


def _worded(shell: Shell, name: str, value: object, facts: Mapping[str, object]) -> object:
    if not isinstance(value, str):
        return value
    if name in _LISTS:
        return words(shell, "via", [part.strip() for part in value.split(",") if part.strip()])
    if name == "article" and _NUMBERED.match(value):
        return f"art. {value.replace('; ', ', ')}"
    if name == "error":
        return _error(shell, value, facts)
    if name == "allowed":
        return _age(shell, value)
    return word(shell, _KINDS.get(name, name), value) if name in _KINDS else value


def _error(shell: Shell, code: str, facts: Mapping[str, object]) -> str:
    """Return the sentence of an error within another, else the other side's words."""
    messages = shell.messages
    if "administration" in facts and messages.has(f"cause_{code}"):
        return messages.sentence(f"cause_{code}", facts)
    found = messages.sentence(code, facts)
    if messages.has(code) and not found.endswith(f"({code})"):
        return found
    known = facts.get("reply") or messages.gist(code, facts)
    unknown = messages.sentence("cause_other") if "administration" in facts else code
    return str(known or unknown)


def _age(shell: Shell, value: str) -> str:
    found = _AGE.fullmatch(value)
    if found is None:
        return value
    unit = "business days" if found[2].strip().startswith("business") else found[2].strip()
    return f"{found[1]} {word(shell, 'unit', _UNITS[unit])}"
