"""What shows that a record in Exact is ours, and what our files are called. Pure."""

import re
from typing import Final

from adapters.exact.values import words_of
from connector.port.adapter import PushOrder

SUBJECT_LENGTH: Final = 100
"""Exact does not say how long a subject may be; one that it cuts off would lose its marker."""

_NAMELESS: Final = "maan"
_BETWEEN: Final = " · "
_FILE_NAME_LENGTH: Final = 100
_FOLDERS: Final = re.compile(r"[/\\]")
_UNSAFE: Final = re.compile(r"[^\w.-]+")


def marker(key: str) -> str:
    """Return maan's marker of an order."""
    return f"[maan {key}]"


def subject(text: str, key: str) -> str:
    """Return the first line of a text with the marker behind it; the marker is never cut."""
    end = f" {marker(key)}"
    lines = map(words_of, text.splitlines())
    title = _shortened(next(filter(None, lines), ""), max(SUBJECT_LENGTH - len(end), 0))
    return (title or _NAMELESS) + end


def _shortened(title: str, room: int) -> str:
    """Return the parts that fit: half an amount or number would be another one."""
    while len(title) > room and _BETWEEN in title:
        title = title.rpartition(_BETWEEN)[0]
    return title[:room].rstrip()


def is_marked(value: object, key: str) -> bool:
    """Return whether a subject ends in the marker of the order."""
    return words_of(value).endswith(f" {marker(key)}")


def file_name(order: PushOrder) -> str:
    """Return what the order's document is called: a name without folders or odd signs."""
    given = _FOLDERS.split(order.facts.get("file", ""))[-1]
    name = _UNSAFE.sub("-", given).lstrip(".-")
    if not name:
        name = _UNSAFE.sub("-", f"maan-{order.key}.pdf")
    stem, dot, kind = name.rpartition(".")
    if not dot:
        return name[:_FILE_NAME_LENGTH]
    return f"{stem[: max(_FILE_NAME_LENGTH - len(kind) - 1, 1)]}.{kind}"[:_FILE_NAME_LENGTH]
