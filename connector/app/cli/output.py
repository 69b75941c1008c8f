"""What leaves on stdout: one JSON document, or text and tables for a person."""

import json
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from connector.port.money import Money

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_PIPED_COLUMNS: Final = 160


def as_json(payload: object) -> str:
    """Return the payload as one JSON document, indented, in the order given.

    Money and Decimal become strings with (at least) two decimals, dates ISO, instants UTC with
    a `Z`, enums their values, records objects, sets sorted lists.
    """
    return json.dumps(plain(payload), ensure_ascii=False, indent=2)


def plain(value: object) -> object:  # noqa: C901, PLR0911, PLR0912  # one case per type
    """Return the value in the words of JSON."""
    match value:
        case None | bool() | int() if not isinstance(value, Enum):
            return value
        case Enum():
            return plain(value.value)
        case str():
            return value
        case Money():
            return str(value)
        case Decimal():
            return _decimal(value)
        case datetime():
            return _instant(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(plain(key)): plain(part) for key, part in value.items()}
        case AbstractSet():
            return sorted((plain(part) for part in value), key=str)
        case list() | tuple():
            return [plain(part) for part in value]
        case Path():
            return str(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")


def _decimal(value: Decimal) -> str:
    exponent = value.as_tuple().exponent
    return f"{value:.2f}" if isinstance(exponent, int) and exponent > -2 else f"{value:f}"


def _instant(value: datetime) -> str:
    text = value.astimezone(UTC).isoformat(timespec="seconds")
    return text.replace("+00:00", "Z")


def console(stream: TextIO, environ: Mapping[str, str]) -> "Console":
    """Return a console that prints text as it is: nothing in it is read as markup.

    A terminal has its own width. Elsewhere tables get room enough to be read by a program or
    in a file: `COLUMNS`, else 160 columns.
    """
    from rich.console import Console  # noqa: PLC0415  # `--json` and `--version` do without

    width = None
    if not stream.isatty():
        columns = environ.get("COLUMNS", "")
        width = int(columns) if columns.isdigit() and int(columns) else _PIPED_COLUMNS
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def table(*headings: str, right: Collection[str] = ()) -> "Table":
    """Return an empty table in the style of the house.

    Args:
        headings: Titles of the columns, in the user's language.
        right: Titles of the columns with amounts and counts, which stand to the right.
    """
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # `--json` does without
    from rich.table import Table  # noqa: PLC0415

    grid = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in headings:
        if heading in right:
            grid.add_column(heading, justify="right", no_wrap=True)
        else:
            grid.add_column(heading, overflow="fold")
    return grid
