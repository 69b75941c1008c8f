"""The page docs/reasons.md: every code that maan gives, with its sentences."""

from collections.abc import Mapping
from typing import Final

from connector.app.messages import Messages

_HEAD: Final = """\
# Reasons and messages

Every code that maan gives, with its sentence in Dutch and in English. A name in braces is a fact
that is filled in. This page is generated from the message catalogues (`connector/app/messages`);
`make golden` rewrites it.
"""
_TITLES: Final = {
    "reasons": "Reasons of a plan",
    "policy": "Faults in policy and settings",
    "errors": "Errors",
}
_NOT_CODES: Final = frozenset({"help_page", "describe", "init"})


def reasons_page() -> str:
    """Return the page as Markdown; tables of reasons, faults and errors first, then by name."""
    dutch, english = Messages("nl").tables, Messages("en").tables
    names = [*_TITLES, *sorted(set(dutch) - set(_TITLES) - _NOT_CODES)]
    parts = [
        _section(
            _TITLES.get(name, name.replace("_", " ").capitalize()),
            dutch[name],
            english.get(name, {}),
        )
        for name in names
        if dutch.get(name)
    ]
    return "\n".join([_HEAD, *parts])


def _section(title: str, dutch: Mapping[str, str], english: Mapping[str, str]) -> str:
    rows = [
        f"| `{code}` | {_cell(dutch[code])} | {_cell(english.get(code, ''))} |"
        for code in sorted(dutch)
    ]
    return "\n".join(
        [f"## {title}", "", "| code | Nederlands | English |", "|---|---|---|", *rows, ""]
    )


def _cell(text: str) -> str:
    text = text.replace("{{", "{").replace("}}", "}")
    return " ".join(text.split()).replace("|", "\\|")
