"""Amounts, dates and sentences read back from running text, Dutch or English."""

import re
from decimal import Decimal
from typing import Final

Day = tuple[int | None, int, int]
"""Year, month and day as written, whether or not the calendar has it; None: no year given."""

_EUROS: Final = re.compile(
    r"(?:€|\beuro?\b)\s*-?(?P<after>\d(?:[\d.,]*\d)?)"
    r"|(?P<before>\d(?:[\d.,]*\d)?)(?:,-{1,2})?\s*(?:€|\beuro?\b)",
    re.IGNORECASE,
)
_CENTS: Final = re.compile(r"(?P<whole>[\d.,]*?)(?:[.,](?P<cents>\d{1,2}))?")
_MONTHS: Final = {
    "januari": 1, "january": 1, "jan": 1, "februari": 2, "february": 2, "feb": 2,
    "maart": 3, "march": 3, "mrt": 3, "mar": 3, "april": 4, "apr": 4, "mei": 5, "may": 5,
    "juni": 6, "june": 6, "jun": 6, "juli": 7, "july": 7, "jul": 7,
    "augustus": 8, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
    "oktober": 10, "october": 10, "okt": 10, "oct": 10, "november": 11, "nov": 11,
    "december": 12, "dec": 12,
}  # fmt: skip
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})\b\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:e|st|nd|rd|th)?"
_DATES: Final = tuple(
    re.compile(rf"(?<![\w/.-]){form}(?![\w/-])", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
        rf"{_DAY}(?: of)? {_MONTH}(?: (?P<year>\d{{4}}))?",
        rf"{_MONTH} {_DAY}(?:,? (?P<year>\d{{4}}))?",
    )
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_CENTURY: Final = 2000


def euros_in(text: str) -> list[tuple[str, Decimal]]:
    """Return each amount in euro as written and as a number without sign, in order."""
    found = _EUROS.finditer(text)
    return [(one[0], _number(one["after"] or one["before"])) for one in found]


def dates_in(text: str) -> list[tuple[str, Day]]:
    """Return each date as written and as numbers; those of one way of writing together."""
    return [(one[0], _day(one)) for form in _DATES for one in form.finditer(text)]


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; an abbreviation before a capital ends one too."""
    return _SENTENCE_END.split(" ".join(text.split()))


def _number(written: str) -> Decimal:
    parts = _CENTS.fullmatch(written)
    assert parts is not None  # the pattern takes every row of digits, dots and commas
    whole = re.sub(r"\D", "", parts["whole"])
    return Decimal(f"{whole or 0}.{parts['cents'] or 0}")


def _day(written: re.Match[str]) -> Day:
    month, year = written["month"].lower(), written["year"]
    number = int(month) if month.isdigit() else _MONTHS[month]
    if year is None:
        return (None, number, int(written["day"]))
    return (int(year) % _CENTURY + _CENTURY, number, int(written["day"]))
