"""From the text of a table of the law to checked rows, with all that is wrong in it at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from connector.core.law.figure_forms import Column
from connector.core.reasons import Fact

Row = Mapping[str, Any]
"""One row: the name of a column and its checked value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFault:
    """One thing that is wrong in a table of the law.

    Attributes:
        code: Key in the table `[policy]` of the message catalogue.
        line: 1-based line of the row's heading; 1 for the table as a whole.
        column: Always 1.
        facts: `file`, `name`, `found` and `allowed`, as far as they matter.
        article: Always None: no article says how a table is written.
    """

    code: str
    line: int
    facts: Mapping[str, Fact]
    column: int = 1
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a file holds: keys of its own, and per name its rows and what tells rows apart."""

    head: Mapping[str, Column]
    rows: Mapping[str, Mapping[str, Column]]
    identity: tuple[str, ...] = ("from",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file as read: its own keys, its rows by name and identity, the line of each row."""

    head: Row = field(default_factory=dict)
    rows: Mapping[str, Mapping[tuple[object, ...], Row]] = field(default_factory=dict)
    lines: Mapping[tuple[str, tuple[object, ...]], int] = field(default_factory=dict)


def read_sheet(file: str, text: str, shape: Shape) -> tuple[Sheet, list[FigureFault]]:
    """Return what the file holds, as far as it is sound, and all that is not.

    Args:
        file: Its name, for the faults.
        text: The file as it is.
        shape: What it may hold.
    """
    try:
        found = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else 1
        return Sheet(), [fault("figures_syntax", file, line, found=str(error))]
    head = {name: value for name, value in found.items() if name not in shape.rows}
    known = (*shape.head, *shape.rows)
    sound, faults = _checked(head, shape.head, _Place(file, 1, known))
    rows: dict[str, dict[tuple[object, ...], Row]] = {name: {} for name in shape.rows}
    lines: dict[tuple[str, tuple[object, ...]], int] = {}
    for name, columns in shape.rows.items():
        for row, place in _listed(file, text, name, found.get(name, [])):
            checked, wrong = _checked(row, columns, place)
            faults += wrong
            if wrong:
                continue
            key = tuple(checked[column] for column in shape.identity if column in columns)
            if key in rows[name]:
                faults.append(fault("figures_repeated", file, place.line, name=str(key[0])))
            rows[name][key] = checked
            lines[name, key] = place.line
    return Sheet(head=sound, rows=rows, lines=lines), faults


def fault(code: str, file: str, line: int = 1, **facts: Fact) -> FigureFault:
    """Return a fault in the file; the line is that of a row's heading."""
    return FigureFault(code=code, line=line, facts=MappingProxyType({"file": file, **facts}))


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    line: int
    allowed: tuple[str, ...] = ()


def _listed(file: str, text: str, name: str, found: object) -> Iterator[tuple[object, _Place]]:
    """Yield each row of this name with the line on which its heading stands."""
    heading = re.compile(rf"^\s*\[\[\s*{name}\s*\]\]")
    lines = [at for at, line in enumerate(text.splitlines(), 1) if heading.match(line)]
    rows = found if isinstance(found, list) else [found]
    for index, row in enumerate(rows):
        yield row, _Place(file, lines[index] if index < len(lines) else 1)


def _checked(
    found: object, columns: Mapping[str, Column], place: _Place
) -> tuple[dict[str, Any], list[FigureFault]]:
    """Return the values that are allowed, and a fault for each that is not."""
    if not isinstance(found, dict):
        return {}, [fault("figures_row", place.file, place.line, found=str(found))]
    sound: dict[str, Any] = {}
    faults = []
    known = ", ".join(place.allowed or columns)
    for name, value in found.items():
        if name not in columns:
            fact = {"name": name, "allowed": known}
            faults.append(fault("figures_key", place.file, place.line, **fact))
            continue
        try:
            sound[name] = columns[name].form(value)
        except ValueError:
            fact = {"name": name, "found": str(value), "allowed": columns[name].allowed}
            faults.append(fault("figures_value", place.file, place.line, **fact))
    for name, column in columns.items():
        if name not in found and not column.optional:
            fact = {"name": name, "allowed": column.allowed}
            faults.append(fault("figures_missing", place.file, place.line, **fact))
    return sound, faults
