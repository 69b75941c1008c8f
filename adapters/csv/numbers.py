"""Amounts as people write them; the whole file decides what a comma and a point mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from adapters.csv.faults import bad_row, refuse

_REMEMBER: Final = 10_000
_SHAPES_OF_DIGITS: Final = str.maketrans("12345678", "9" * 8)
LARGEST: Final = Decimal(1_000_000_000)
_SPACES: Final = str.maketrans("", "", " \u00a0\u202f\u2009")
_GROUPS: Final = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3})+(?=$|[.,])")
_INDICATOR: Final = re.compile(r"(.*[0-9.,)-])\s*(debet|deb|db|dr|d|credit|cr|c)", re.IGNORECASE)
_NEGATIVE: Final = (
    re.compile(r"-/-\s*(.+)"),
    re.compile(r"[-\u2212]\s*(.+)"),
    re.compile(r"\((.+)\)"),
    re.compile(r"(.*[0-9])\s*-/-"),
    re.compile(r"(.*[0-9])\s*[-\u2212]"),
)
_ZERO_CENTS: Final = re.compile(r"([0-9.]*[0-9]),(?:--?|[\u2013\u2014])")


class Decimals(StrEnum):
    """Which mark stands before the cents."""

    COMMA = "comma"
    POINT = "point"


class Side(StrEnum):
    """Debit or credit, as the file says it."""

    DEBIT = "D"
    CREDIT = "C"


class _Sign(StrEnum):
    NOTHING = "nothing"  # plain digits say nothing about marks
    COMMA = "comma"
    POINT = "point"
    EITHER = "either"  # 1.234 or 1,234: thousands or three decimals
    NO_AMOUNT = "no_amount"


_SIDES: Final = {
    **dict.fromkeys(("d", "deb", "debet", "db", "dr", "debit"), Side.DEBIT),
    **dict.fromkeys(("c", "credit", "cr", "cred"), Side.CREDIT),
}
_EVIDENCE: Final = (
    (re.compile(r"[0-9]+"), _Sign.NOTHING),
    (re.compile(r"0[.][0-9]+"), _Sign.POINT),
    (re.compile(r"0,[0-9]+"), _Sign.COMMA),
    (re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}"), _Sign.EITHER),
    (re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*"), _Sign.COMMA),
    (re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*"), _Sign.POINT),
    (re.compile(r"[0-9]*,[0-9]+"), _Sign.COMMA),
    (re.compile(r"[0-9]*\.[0-9]+"), _Sign.POINT),
)
_QUICK: Final = re.compile(r"(-?[0-9]+,[0-9]{2})|(-?[0-9]+\.[0-9]{2})|(-?[0-9]+)")
_QUICK_SIGNS: Final = {1: _Sign.COMMA, 2: _Sign.POINT, 3: _Sign.NOTHING}
_PLAIN: Final = {  # at most nine digits: such an amount is never out of range
    Decimals.COMMA: re.compile(r"-?[0-9]{1,9}(?:,[0-9]{2})?"),
    Decimals.POINT: re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{2})?"),
}
_PLAIN_COLUMN: Final = {
    decimals: re.compile(rf"{plain.pattern}(?:\n{plain.pattern})*+")
    for decimals, plain in _PLAIN.items()
}
_SHAPE: Final = {
    Decimals.COMMA: re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]*)(?:,[0-9]+)?"),
    Decimals.POINT: re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]+)?"),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount cell: its signed value, and debit or credit when the cell says so."""

    value: Decimal
    side: Side | None = None
    places: int = 0  # decimals as written


def side_of(text: str) -> Side | None:
    """Return what a D/C cell says, None when it says neither."""
    return _SIDES.get(text.casefold().rstrip("."))


@dataclass(slots=True)
class AmountEvidence:
    """What the amount cells of one file show about its decimal mark."""

    first: dict[_Sign, tuple[str, int, str]] = field(default_factory=dict)
    _shapes: set[str] = field(default_factory=set)

    def may_learn(self, texts: Sequence[str]) -> bool:
        """Return whether one of these cells may show what no cell that was added did.

        What an amount shows follows from its shape alone: which digits it has does not matter,
        but for the noughts. A column has few shapes.
        """
        together = "\n".join(texts)
        if together.count("\n") != len(texts) - 1:
            return True  # a cell of several lines
        fresh = set(together.translate(_SHAPES_OF_DIGITS).split("\n")) - self._shapes
        if any(shape and _shown(shape) not in self.first for shape in fresh):
            return True
        if len(self._shapes) > _REMEMBER:
            self._shapes.clear()
        self._shapes |= fresh
        return False

    def add(self, text: str, line: int, column: str) -> None:
        """Take in one cell; an empty one says nothing."""
        sign = _shown(text)
        if sign not in self.first:
            self.first[sign] = (text, line, column)

    def decide(self, chosen: Decimals | None) -> Decimals:
        """Return the decimal mark of the file.

        Raises:
            RefusedError: The cells contradict each other, or allow both readings.
        """
        if chosen is not None:
            return chosen
        comma, point = self.first.get(_Sign.COMMA), self.first.get(_Sign.POINT)
        if comma is not None and point is not None:
            raise refuse(
                "file.number_format_conflict",
                line=max(comma[1], point[1]),
                column=(comma if comma[1] > point[1] else point)[2],
                comma=comma[0],
                comma_line=comma[1],
                point=point[0],
                point_line=point[1],
            )
        if comma is None and point is None and _Sign.EITHER in self.first:
            text, line, column = self.first[_Sign.EITHER]
            raise refuse(
                "file.number_format_ambiguous",
                line=line,
                column=column,
                value=text,
                as_comma=_reading(text, Decimals.COMMA),
                as_point=_reading(text, Decimals.POINT),
            )
        return Decimals.POINT if point is not None else Decimals.COMMA


@dataclass(slots=True)
class AmountReader:
    """Reads amount cells by one decimal mark."""

    decimals: Decimals
    _is_plain: Callable[[str], object] = field(init=False)
    _are_plain: Callable[[str], object] = field(init=False)

    def __post_init__(self) -> None:
        self._are_plain = _PLAIN_COLUMN[self.decimals].fullmatch
        self._is_plain = _PLAIN[self.decimals].fullmatch

    def plain(self, text: str) -> Decimal | None:
        """Return the amount when it is plain digits with or without two decimals, else None.

        Nearly all cells are; a currency of less than two decimals must not be read by this.
        """
        return Decimal(text.replace(",", ".")) if self._is_plain(text) else None

    def plain_column(self, texts: Sequence[str]) -> list[Decimal | None]:
        """Return the amounts of a column, each as `plain` gives it."""
        together = "\n".join(texts)
        if self._are_plain(together):
            found = together.replace(",", ".").split("\n")
            if len(found) == len(texts):  # else there is a cell of several lines
                return [*map(Decimal, found)]
        return [self.plain(text) for text in texts]

    def read(self, text: str, column: str, digits: int = 2) -> Amount:
        """Return the amount.

        Args:
            text: The cell, not empty.
            column: Our field, for the message.
            digits: How many decimals the currency has.

        Raises:
            RecordError: It is no amount, too precise or out of range.
        """
        amount = self._parse(text, column)
        if amount.places > digits:
            raise bad_row("row.amount_precision", column, text, digits=digits)
        return amount

    def _parse(self, text: str, column: str) -> Amount:
        negative, core, side = _dissect(text)
        if not core or not _SHAPE[self.decimals].fullmatch(core) or core in {".", ","}:
            raise bad_row("row.amount_invalid", column, text)
        value = Decimal(_plain(core, self.decimals))
        if negative and side is not None:
            raise bad_row("row.sign_conflict", column, text)
        if negative:
            value = -value
        if abs(value) >= LARGEST:
            raise bad_row("row.amount_out_of_range", column, text)
        exponent = value.as_tuple().exponent
        return Amount(value, side, -exponent if isinstance(exponent, int) else 0)


def _plain(core: str, decimals: Decimals) -> str:
    if decimals is Decimals.COMMA:
        return core.replace(".", "").replace(",", ".")
    return core.replace(",", "")


def _reading(text: str, decimals: Decimals) -> str:
    return _plain(_dissect(text)[1], decimals)


def _dissect(text: str) -> tuple[bool, str, Side | None]:
    """Return whether it is negative, its digits and marks, and debit or credit."""
    core, side, negative = _without_currency(text.strip()), None, False
    if (match := _INDICATOR.fullmatch(core)) is not None:
        core, side = match[1].strip(), side_of(match[2])
    for pattern in _NEGATIVE:
        if (match := pattern.fullmatch(core)) is not None:
            core, negative = _without_currency(match[1].strip()), True
            break
    if (match := _ZERO_CENTS.fullmatch(core)) is not None:
        core = match[1] + ",00"
    if _GROUPS.match(core):
        core = core.translate(_SPACES)
    return negative, core, side


def _without_currency(text: str) -> str:
    for mark in ("€", "EUR", "eur", "Eur"):
        text = text.removeprefix(mark).removesuffix(mark).strip()
    return text


def _shown(text: str) -> _Sign:
    quick = _QUICK.fullmatch(text)
    if quick is not None and quick.lastindex is not None:
        return _QUICK_SIGNS[quick.lastindex]
    return _sign_of(_dissect(text)[1])


def _sign_of(core: str) -> _Sign:
    for pattern, sign in _EVIDENCE:
        if pattern.fullmatch(core):
            return sign
    return _Sign.NO_AMOUNT
