"""Dates as exports write them; the whole column decides on one format."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from adapters.csv.faults import bad_row, refuse

_REMEMBER: Final = 20_000
_EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
_TIME: Final = re.compile(
    r"(.*[0-9])[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mrt maart mar march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "aug augustus august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}


class Shape(StrEnum):
    """A way to write a date."""

    ISO = "yyyy-mm-dd"
    DAY_FIRST = "dd-mm-yyyy"
    MONTH_FIRST = "mm-dd-yyyy"
    COMPACT = "yyyymmdd"
    SERIAL = "excel"
    NAMED = "d mmm yyyy"


_SHAPES: Final = (
    (Shape.ISO, re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")),
    (Shape.DAY_FIRST, re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")),
    (Shape.COMPACT, re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")),
    (Shape.SERIAL, re.compile(r"([0-9]{5})()()")),
    (Shape.NAMED, re.compile(r"([0-9]{1,2})[- ./]?([A-Za-z]{3,9})\.?[- /]?([0-9]{4}|[0-9]{2})")),
)
_NAMES: Final = {
    **dict.fromkeys(("iso", "ymd", "yyyymmdd"), Shape.ISO),
    **dict.fromkeys(("dmy", "ddmmyyyy", "ddmmyy", "dmyyyy", "dmyy"), Shape.DAY_FIRST),
    **dict.fromkeys(("mdy", "mmddyyyy", "mmddyy", "mdyyyy", "mdyy"), Shape.MONTH_FIRST),
    **dict.fromkeys(("excel", "serial"), Shape.SERIAL),
    **dict.fromkeys(("dmmmyyyy", "ddmmmyyyy", "dmmmyy", "ddmmmyy"), Shape.NAMED),
}
_PATTERNS: Final = {**dict(_SHAPES), Shape.MONTH_FIRST: _SHAPES[1][1]}


def shape_named(text: str) -> Shape | None:
    """Return the format that a person wrote in the settings, None when it is not one."""
    plain = re.sub(r"[^a-z]", "", text.casefold().replace("j", "y"))
    if plain == "yyyymmdd" and not any(mark in text for mark in "-/."):
        return Shape.COMPACT
    return _NAMES.get(plain)


def cut_time(text: str) -> str:
    """Return the text without a time of day; the time is cut off, never converted."""
    match = _TIME.fullmatch(text)
    return text if match is None else match[1]


@dataclass(slots=True)
class DateEvidence:
    """What the cells of one date column show about its format."""

    column: str
    first: dict[Shape, tuple[str, int]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def add(self, text: str, line: int) -> None:
        """Take in one cell that is not empty."""
        if text in self.texts:
            return
        if len(self.texts) >= _REMEMBER:
            self.texts.clear()
        self.texts.add(text)
        plain = cut_time(text)
        for shape, pattern in _SHAPES:
            if (match := pattern.fullmatch(plain)) is not None:
                only_month_first = (
                    shape is Shape.DAY_FIRST and int(match[2]) > 12 and 1 <= int(match[1]) <= 12
                )
                found = Shape.MONTH_FIRST if only_month_first else shape
                self.first.setdefault(found, (text, line))
                return

    def decide(self, chosen: Shape | None) -> Shape:
        """Return the format of the column.

        Raises:
            RefusedError: The column holds more than one format, or one that is only possible
                month-first and nobody said so.
        """
        if chosen is not None:
            return chosen
        if len(self.first) > 1 or Shape.MONTH_FIRST in self.first:
            ordered = sorted(self.first.items(), key=lambda found: -found[1][1])
            (shape, (text, line)), (other, (other_text, other_line)) = ordered[0], ordered[-1]
            if shape is other:
                other = Shape.DAY_FIRST
            raise refuse(
                "file.date_format_conflict",
                line=line,
                column=self.column,
                value=text,
                reading=shape.value,
                other_value=other_text,
                other_line=other_line,
                other_reading=other.value,
            )
        return next(iter(self.first), Shape.DAY_FIRST)


@dataclass(slots=True)
class DateReader:
    """Reads the cells of one date column by its format; remembers what it has read before."""

    column: str
    shape: Shape
    _known: dict[str, date] = field(default_factory=dict)

    def read(self, text: str) -> date:
        """Return the date of a cell that is not empty.

        Raises:
            RecordError: It is no date of this format.
        """
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _REMEMBER:
                self._known.clear()
            known = self._known[text] = self._parse(text)
        return known

    def _parse(self, text: str) -> date:
        match = _PATTERNS[self.shape].fullmatch(cut_time(text))
        if match is None:
            raise bad_row("row.date_invalid", self.column, text, format=self.shape.value)
        try:
            return _date(self.shape, match[1], match[2], match[3])
        except (ValueError, OverflowError) as error:
            raise bad_row("row.date_invalid", self.column, text, format=self.shape.value) from error


def loose_date(text: str) -> date | None:
    """Return the date in a line above the table, None when it holds none; day-first."""
    for shape in (Shape.ISO, Shape.DAY_FIRST, Shape.NAMED):
        match = _PATTERNS[shape].fullmatch(cut_time(text.strip()))
        if match is not None:
            try:
                return _date(shape, match[1], match[2], match[3])
            except ValueError:
                return None
    return None


def _date(shape: Shape, one: str, two: str, three: str) -> date:
    match shape:
        case Shape.ISO | Shape.COMPACT:
            return date(int(one), int(two), int(three))
        case Shape.DAY_FIRST:
            return date(_year(three), int(two), int(one))
        case Shape.MONTH_FIRST:
            return date(_year(three), int(one), int(two))
        case Shape.SERIAL:
            return _EXCEL_DAY_ZERO + timedelta(days=int(one))
        case Shape.NAMED:
            month = _MONTHS.get(two.casefold())
            if month is None:
                raise ValueError(two)
            return date(_year(three), month, int(one))


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    return 2000 + int(text) if int(text) < 70 else 1900 + int(text)
