"""`$filter` of the simulated dialect: fields against constants, and a few functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from adapters.exact.sim_columns import Column, Columns, Kind, can_filter, value_of

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<guid>guid'[0-9A-Fa-f-]{36}')
  | (?P<datetime>datetime'[^']*')
  | (?P<text>'(?:[^']|'')*')
  | (?P<long>-?\d+L)
  | (?P<number>-?\d+(?:\.\d+)?[dDmM]?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign>[(),])
    )""",
    re.VERBOSE,
)
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # dates on the wire have no zone
_DAY: Final = 86_400
_FITTING: Final = {
    Kind.GUID: "guid",
    Kind.TEXT: "text",
    Kind.LONG: "long",
    Kind.INT: "number",
    Kind.MONEY: "number",
    Kind.DOUBLE: "number",
    Kind.BOOL: "word",
    Kind.DATE: "datetime",
    Kind.STAMP: "datetime",
}
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}
_FUNCTIONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "substringof": lambda field, text: text in field,
    "startswith": lambda field, text: field.startswith(text),
    "endswith": lambda field, text: field.endswith(text),
}

Test = Callable[[Any], bool]


class BadFilterError(Exception):
    """The filter cannot be understood, or may not be used."""


@dataclass(frozen=True, slots=True)
class Term:
    """A comparison: the field, the operator and the constant."""

    field: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter.

    Attributes:
        test: Whether a row passes.
        terms: Every comparison in it.
        words: The words that join them.
    """

    test: Test
    terms: tuple[Term, ...]
    words: frozenset[str]

    def values(self, field: str) -> list[Any] | None:
        """Return the values one of which the field must have; None: it asks something else."""
        if self.words - {"or"} or any((t.field, t.operator) != (field, "eq") for t in self.terms):
            return None
        return [term.value for term in self.terms]


def parse(text: str, columns: Columns) -> Filter:
    """Return the filter.

    Raises:
        BadFilterError: It is no filter, or compares what can't be compared.
    """
    reader = _Reader(_tokens(text), columns)
    test = reader.either()
    if reader.at < len(reader.tokens):
        raise BadFilterError(f"Syntax error at position {reader.at}.")
    return Filter(test, tuple(reader.terms), frozenset(reader.words))


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise BadFilterError(f"Syntax error at position {at}.")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: Sequence[tuple[str, str]], columns: Columns) -> None:
        self.tokens = tokens
        self.columns = columns
        self.at = 0
        self.terms: list[Term] = []
        self.words: set[str] = set()

    def either(self) -> Test:
        parts = [self.both()]
        while self._takes("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda row: any(part(row) for part in parts)

    def both(self) -> Test:
        parts = [self.one()]
        while self._takes("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else lambda row: all(part(row) for part in parts)

    def one(self) -> Test:
        kind, text = self._next()
        if text == "(":
            inner = self.either()
            self._expect(")")
            return inner
        if kind != "word":
            raise BadFilterError("A filter compares a field with a constant.")
        if text == "not":
            self.words.add("not")
            negated = self.one()
            return lambda row: not negated(row)
        if text in _FUNCTIONS:
            return self._function(text)
        if text == "trim":
            self._expect("(")
            _, text = self._next()
            self._expect(")")
            return self._comparison(text, trimmed=True)
        return self._comparison(text)

    def _function(self, function: str) -> Test:
        self._expect("(")
        first = self._next()
        self._expect(",")
        second = self._next()
        self._expect(")")
        field, constant = (second, first) if function == "substringof" else (first, second)
        column = self._column(field[1])
        if constant[0] != "text" or column.kind is not Kind.TEXT:
            raise BadFilterError(f"No function '{function}' with these arguments.")
        text = _unquoted(constant[1])
        if self._takes("eq"):
            self._expect("true")
        self.terms.append(Term(field[1], function, text))
        compare, name = _FUNCTIONS[function], field[1]
        return lambda row: compare(str(value_of(row, name, column) or ""), text)

    def _comparison(self, name: str, *, trimmed: bool = False) -> Test:
        column = self._column(name)
        operator = self._next()[1]
        if operator not in _COMPARE:
            raise BadFilterError(f"Unknown operator '{operator}'.")
        kind, text = self._next()
        constant = _constant(column, kind, text)
        self.terms.append(Term(name, operator, constant))
        compare = _COMPARE[operator]

        def test(row: Any) -> bool:  # noqa: ANN401  # any row
            value = _comparable(column, value_of(row, name, column))
            if value is None or constant is None:
                return (value is constant) == (operator == "eq")
            return compare(value.strip() if trimmed else value, constant)

        return test

    def _column(self, name: str) -> Column:
        if name not in self.columns:
            raise BadFilterError(f"No property '{name}' exists.")
        if not can_filter(name):
            raise BadFilterError(f"Property '{name}' cannot be used in a filter.")
        return self.columns[name]

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise BadFilterError("The filter ends too early.")
        self.at += 1
        return self.tokens[self.at - 1]

    def _takes(self, word: str) -> bool:
        if self.at >= len(self.tokens) or self.tokens[self.at] != ("word", word):
            return False
        self.at += 1
        if word in {"and", "or"}:
            self.words.add(word)
        return True

    def _expect(self, text: str) -> None:
        if self._next()[1] != text:
            raise BadFilterError(f"'{text}' expected.")


def _constant(column: Column, kind: str, text: str) -> Any:  # noqa: ANN401, PLR0911  # by kind
    if (kind, text) == ("word", "null"):
        return None
    if kind != _FITTING.get(column.kind):
        raise BadFilterError(f"Operator incompatible with operand types at '{text}'.")
    match column.kind:
        case Kind.GUID:
            return text[5:-1].lower()
        case Kind.TEXT:
            return _unquoted(text)
        case Kind.LONG:
            return int(text[:-1])
        case Kind.BOOL:
            if text not in {"true", "false"}:
                raise BadFilterError(f"Operator incompatible with operand types at '{text}'.")
            return text == "true"
        case Kind.DATE | Kind.STAMP:
            return _seconds(text[9:-1])
        case Kind.MONEY:
            return Decimal(text.rstrip("dDmM")) * 100
        case _:
            return Decimal(text.rstrip("dDmM"))


def _seconds(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        raise BadFilterError(f"Unrecognized datetime '{text}'.") from None
    return (moment.replace(tzinfo=None) - _EPOCH).total_seconds()


def _comparable(column: Column, value: Any) -> Any:  # noqa: ANN401  # by kind
    return value * _DAY if column.kind is Kind.DATE and value is not None else value


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")
