"""Single values of an answer, quickly: days, amounts, texts. What is odd is refused."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from adapters.exact import odata
from connector.port.errors import RecordError
from connector.port.money import minor_digits

Record = Mapping[str, Any]
_SHIFTS: Final = {0: 1, 2: 100, 3: 1000}
_NUMBERS: Final = (int, Decimal)
_MOST: Final = 10**15  # minor units
_NOISE: Final = Decimal("0.01")  # of a minor unit: what a double adds by itself


def unreadable(field: str) -> RecordError:
    """Return the error that holds one record for a field that can't be read."""
    return RecordError("exact.field_unreadable", field=field)


def missing(field: str) -> RecordError:
    """Return the error that holds one record for a field that should be there."""
    return RecordError("exact.field_missing", field=field)


@lru_cache(maxsize=8192)
def iso_of(value: object) -> str:
    """Return a business date as ISO text, empty when there is none.

    Raises:
        ValueError: It is no date.
    """
    day = odata.date_of(value)
    return "" if day is None else day.isoformat()


@lru_cache(maxsize=8192)
def day_of(iso: str) -> date | None:
    """Return the day of an ISO text, None of an empty one."""
    return date.fromisoformat(iso) if iso else None


@lru_cache(maxsize=1024, typed=True)
def code_of(value: object) -> str:
    """Return a whole number as text, empty when there is none.

    Raises:
        ValueError: It is no whole number.
    """
    number = odata.int_of(value)
    return "" if number is None else str(number)


@lru_cache(maxsize=64, typed=True)
def flag_of(value: object) -> bool:
    """Return a yes; nothing is a no.

    Raises:
        ValueError: It is neither.
    """
    return bool(odata.bool_of(value))


@lru_cache(maxsize=256)
def currency_of(value: object) -> str:
    """Return the code of a currency.

    Raises:
        ValueError: It is none.
    """
    text = value.strip() if isinstance(value, str) else ""
    if not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError("not a currency")
    return text


def minor_of(value: object, currency: str) -> int:
    """Return an amount in minor units of its currency.

    Raises:
        ValueError: It is none, or finer than the minor unit beyond the noise of a double.
    """
    number: Any = value if type(value) in _NUMBERS else odata.decimal_of(value)
    if number is None:
        raise ValueError("not an amount")
    shifted = number * _SHIFTS[minor_digits(currency)]
    units: int = round(shifted)
    if units != shifted and abs(shifted - units) > _NOISE:
        raise ValueError("finer than the minor unit")
    if not -_MOST < units < _MOST:
        raise ValueError("too large")
    return units


def words_of(value: object) -> str:
    """Return a text in one line without control characters, empty when nothing is left."""
    if value is None:
        return ""
    plain = " ".join((value if type(value) is str else str(value)).split())
    if not plain.isprintable():
        plain = "".join(filter(str.isprintable, plain)).strip()
    return plain


def key_of(value: object) -> str:
    """Return a key in small letters.

    Raises:
        ValueError: It is none.
    """
    if type(value) is str and len(value) == 36 and value.islower() and value.isprintable():
        return value
    return odata.guid_of(value)
