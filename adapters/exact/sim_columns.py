"""Columns of the simulated resources, and rows written as JSON by a template."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from adapters.exact.sim_world import days

Get = Callable[[Any], Any]
Encode = Callable[[Any], str]

_DAY_MS = 86_400_000
_UNFILTERABLE = ("AccountName", "AccountContactName", "Body", "Notes")

_quoted = json.encoder.encode_basestring_ascii


class Kind(StrEnum):
    """How a value is kept, and written."""

    GUID = "guid"
    TEXT = "text"
    INT = "int"
    LONG = "long"
    MONEY = "money"
    DOUBLE = "double"
    BOOL = "bool"
    DATE = "date"
    STAMP = "stamp"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, and where that comes from.

    MONEY is cents, DATE days, STAMP wall-clock seconds, DOUBLE a decimal.
    """

    kind: Kind
    get: Get


Columns = Mapping[str, Column]


def _money(value: int) -> str:
    sign, whole, rest = "-" if value < 0 else "", *divmod(abs(value), 100)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:02d}".rstrip("0")


_ENCODE: Mapping[Kind, Encode] = {
    Kind.GUID: lambda value: f'"{value}"',
    Kind.TEXT: _quoted,
    Kind.INT: str,
    Kind.LONG: lambda value: f'"{value}"',
    Kind.MONEY: _money,
    Kind.DOUBLE: lambda value: f"{Decimal(value):f}",
    Kind.BOOL: lambda value: "true" if value else "false",
    Kind.DATE: lambda value: rf'"\/Date({value * _DAY_MS})\/"',
    Kind.STAMP: lambda value: rf'"\/Date({value * 1000})\/"',
    Kind.LINK: lambda value: f'{{"__deferred":{{"uri":"{value}"}}}}',
}
_BARE = frozenset({Kind.MONEY, Kind.DOUBLE, Kind.BOOL, Kind.INT})


def given(value: object) -> str:
    """Return the JSON of a wire field that was given as a Python value."""
    match value:
        case bool():
            return json.dumps(value)
        case date():
            return _ENCODE[Kind.DATE](days(value))
        case Decimal():
            return f"{value:f}"
        case _:
            return json.dumps(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What `__metadata` says of the rows of a resource."""

    url: str
    type_name: str
    key: str


def writer(
    columns: Columns,
    names: Sequence[str],
    head: Head,
    *,
    as_text: bool = False,
) -> Callable[[Any], str]:
    """Return what writes a row with these columns.

    Wire fields that a row is given stand over what it holds, if they are selected.
    """
    key = columns[head.key]
    getters = [columns[name].get for name in names]
    encoders = [_encoder(columns[name].kind, as_text=as_text) for name in names]
    pairs = list(zip(getters, encoders, strict=True))
    places = {name: index + 1 for index, name in enumerate(names)}
    literal = {Kind.GUID: "guid'%s'", Kind.LONG: "%sL", Kind.TEXT: "'%s'"}.get(key.kind, "%s")
    uri = f"{head.url.replace('%', '%%')}({literal})"
    meta = f'"__metadata":{{"uri":"{uri}","type":"{head.type_name}"}}'
    template = "{" + ",".join([meta, *(f'"{name}":%s' for name in names)]) + "}"
    key_get = key.get

    def write(row: Any) -> str:  # noqa: ANN401  # any row
        values = [key_get(row)]
        for get, encode in pairs:
            value = get(row)
            values.append("null" if value is None else encode(value))
        if row.fields:
            for name, value in row.fields.items():
                if name in places:
                    values[places[name]] = given(value)
        return template % tuple(values)

    return write


def _encoder(kind: Kind, *, as_text: bool) -> Encode:
    encode = _ENCODE[kind]
    if as_text and kind in _BARE:
        return lambda value: f'"{encode(value)}"'
    return encode


def value_of(row: Any, name: str, column: Column) -> Any:  # noqa: ANN401  # any row
    """Return what a filter compares: what is kept, or what was given over it."""
    if not row.fields or name not in row.fields:
        return column.get(row)
    value = row.fields[name]
    match value:
        case date():
            return days(value)
        case Decimal() if column.kind is Kind.MONEY:
            return int(value * 100)
        case _:
            return value


def can_filter(name: str) -> bool:
    """Return whether a filter may use the column: texts of related records are left out."""
    return name not in _UNFILTERABLE and (name == "Description" or "Description" not in name)


def plain(**kinds: Kind) -> dict[str, Column]:
    """Return columns of rows that are as they are on the wire."""
    return {name: Column(kind, _field(name)) for name, kind in kinds.items()}


def _field(name: str) -> Get:
    return lambda row: row.values.get(name)


def nothing(kind: Kind, names: Iterable[str], value: object = None) -> dict[str, Column]:
    """Return columns that hold the same in every row, unless a row is given another."""
    return {name: Column(kind, lambda _: value) for name in names}
