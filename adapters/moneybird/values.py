"""Single values of an answer: texts, days, amounts. Nothing is guessed: what is odd is refused."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.port.errors import RecordError
from connector.port.money import Money, minor_digits

_HERE: Final = ZoneInfo("Europe/Amsterdam")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_LONGEST_AMOUNT: Final = 24
_MOST_DIGITS: Final = 13  # before the point; Moneybird itself stops at 1e9
_CLOSE_SECONDS: Final = 2
_SKEWED_SECONDS: Final = 300  # a version further ahead of our clock is no second of a change
_MOST: Final = 2**63  # what we keep has 64 bits
_NUMBERS: Final = frozenset((str, int, Decimal))  # and no bool, which is an int too

Record = Mapping[str, Any]


def unreadable(field: str) -> RecordError:
    """Return the error that holds one record for a field that can't be read."""
    return RecordError("moneybird.field_unreadable", field=field)


def missing(field: str) -> RecordError:
    """Return the error that holds one record for a field that should be there."""
    return RecordError("moneybird.field_missing", field=field)


def too_large(field: str) -> RecordError:
    """Return the error that holds one record for a number that can't be kept."""
    return RecordError("moneybird.number_too_large", field=field)


def text_of(value: object) -> str | None:
    """Return the text in one line without control characters, None when nothing is left."""
    if value is None:
        return None
    plain = " ".join(str(value).split())
    if not plain.isprintable():
        plain = "".join(filter(str.isprintable, plain)).strip()
    return plain or None


def key_of(record: Record, field: str) -> str | None:
    """Return an id as text, whether it came as text or as a number; None when there is none."""
    value = record[field]
    if value is None:
        return None
    key = str(value)
    if not (key.isascii() and key.isdigit()):
        raise unreadable(field)
    return key


def day_of(record: Record, field: str) -> date | None:
    """Return a date, None when there is none."""
    value = record[field]
    if value is None:
        return None
    day = _day(str(value))
    if day is None:
        raise unreadable(field)
    return day


@lru_cache(maxsize=8192)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 and text[4] == "-" else None
    except ValueError:
        return None


def currency_of(record: Record) -> str:
    """Return the currency of the amounts."""
    currency = record["currency"]
    if not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        raise unreadable("currency")
    return currency


def money_of(record: Record, field: str, currency: str) -> Money:
    """Return an amount, exact; one that is finer than the currency's minor unit is refused."""
    value = record[field]
    if value is None:
        raise missing(field)
    if type(value) not in _NUMBERS:
        raise unreadable(field)
    money = _money(str(value), currency)
    if money is None:
        raise unreadable(field)
    return money


@lru_cache(maxsize=1024)
def _money(text: str, currency: str) -> Money | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or len(text) > _LONGEST_AMOUNT or amount.adjusted() >= _MOST_DIGITS:
        return None
    cents = amount.scaleb(minor_digits(currency))
    return Money(amount, currency) if int(cents) == cents else None


@lru_cache(maxsize=1024)
def local_day(text: str) -> date | None:
    """Return the day in the Netherlands of an instant, None when it can't be read."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.astimezone(_HERE).date()


def number_of(value: object) -> int:
    """Return a count or version, 0 when it is not there or no number."""
    if type(value) is int:
        return value
    if type(value) is not str and type(value) is not Decimal:
        return 0
    try:
        return int(value)
    except (ValueError, ArithmeticError):
        return 0


def fits(number: int) -> bool:
    """Return whether a number of the wire can be kept."""
    return -_MOST <= number < _MOST


def count_of(record: Record, field: str) -> int:
    """Return a count, 0 when there is none; one that can't be kept is refused."""
    count = number_of(record[field])
    if not fits(count):
        raise too_large(field)
    return count


def kept_version(value: object, at: datetime) -> int:
    """Return the version to remember of a record that was asked for at an instant.

    A version is the second of the last change: two changes in one second share it. A record that
    changed within two seconds of our reading is remembered by another version, and read again.
    """
    version = number_of(value)
    age = int(at.timestamp()) - version
    return version - 1 if -_SKEWED_SECONDS <= age <= _CLOSE_SECONDS else version
