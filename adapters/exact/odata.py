"""Exact's dialect of OData: what goes into an address, and what an answer holds. Pure.

Source: the facts about Exact Online, section 4 (OData 2, verbose JSON).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import quote, unquote

from connector.port.errors import ContractChangedError

_GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE: Final = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/")
_ISO: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]{5,20}Z?)?")
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")
_DAY: Final = 86_400_000  # milliseconds
_EPOCH_DAY: Final = date(1970, 1, 1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BOOLEANS: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows as they are on the wire, in Exact's order, and the link to the next page if any."""

    rows: tuple[dict[str, Any], ...]
    next_link: str | None = None


# --- what is asked


def query(
    *,
    select: Sequence[str] = (),
    filter: str | None = None,  # noqa: A002  # OData's own word
    top: int | None = None,
) -> str:
    """Return the part behind the question mark, every value percent-encoded; may be empty."""
    parts = {
        "$filter": filter,
        "$select": ",".join(select) or None,
        "$top": None if top is None else str(top),
    }
    return encoded({name: value for name, value in parts.items() if value is not None})


def encoded(params: Mapping[str, str]) -> str:
    """Return parameters for an address; a blank becomes `%20`, for a plus may stay one."""
    return "&".join(f"{name}={quote(value, safe=',')}" for name, value in params.items())


def guid(value: str) -> str:
    """Return the literal of a key, such as `guid'…'`.

    Raises:
        ValueError: It is none.
    """
    return f"guid'{guid_of(value)}'"


def int64(value: int) -> str:
    """Return the literal of a 64-bit number: it needs its suffix."""
    return f"{value}L"


def text(value: str) -> str:
    """Return the literal of a text."""
    return "'" + value.replace("'", "''") + "'"


def instant(value: date) -> str:
    """Return the literal of a day, at midnight: a date without a time is not always taken."""
    return f"datetime'{value:%Y-%m-%d}T00:00:00'"


def after(timestamp: int) -> str:
    """Return the only filter that a sync endpoint takes."""
    return f"Timestamp gt {int64(timestamp)}"


def any_of(field: str, keys: Sequence[str]) -> str:
    """Return a filter for rows whose field is one of the keys."""
    return " or ".join(f"{field} eq {guid(key)}" for key in keys)


def path_of(link: str) -> str:
    """Return the path of an address or link, as far as two are compared by it."""
    return unquote(link.partition("?")[0]).rstrip("/").casefold()


# --- what is answered


def page_of(said: object, *, endpoint: str = "") -> Page:
    """Return the rows of an answer, whichever of its shapes it has.

    Raises:
        ContractChangedError: It holds no rows (`exact.envelope`).
    """
    inner = _inner(said, endpoint)
    if isinstance(inner, dict) and "results" not in inner:
        return Page(rows=(inner,))
    if isinstance(inner, dict):
        return Page(
            rows=_rows(inner["results"], endpoint), next_link=_link(inner.get("__next"), endpoint)
        )
    return Page(rows=_rows(inner, endpoint))


def entity_of(said: object, *, endpoint: str = "") -> dict[str, Any] | None:
    """Return the one row of an answer, None when there is none.

    Raises:
        ContractChangedError: It holds more, or something else (`exact.envelope`).
    """
    rows = page_of(said, endpoint=endpoint).rows
    if len(rows) > 1:
        raise ContractChangedError("exact.envelope", endpoint=endpoint)
    return rows[0] if rows else None


def scalar_of(said: object, *, endpoint: str = "") -> object:
    """Return a bare value: `{"d": false}`, or the only field of an object."""
    inner = _inner(said, endpoint)
    if isinstance(inner, dict):
        fields = [value for name, value in inner.items() if name != "__metadata"]
        if len(fields) != 1:
            raise ContractChangedError("exact.envelope", endpoint=endpoint)
        return fields[0]
    if isinstance(inner, list):
        raise ContractChangedError("exact.envelope", endpoint=endpoint)
    return inner


# --- what a field holds


def date_of(value: object) -> date | None:
    """Return a business date: the calendar day of the epoch value, never shifted to a zone.

    Raises:
        ValueError: It is no date.
    """
    if value is None or value == "":
        return None
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found:
        try:
            return _EPOCH_DAY + timedelta(days=int(found[1]) // _DAY)
        except OverflowError as error:
            raise ValueError("not a date") from error
    iso = _ISO.fullmatch(value) if isinstance(value, str) else None
    if iso is None:
        raise ValueError("not a date")
    return date.fromisoformat(iso[1])


def wall_clock_of(value: object) -> datetime | None:
    """Return an audit field: Dutch wall-clock time, which Exact writes as if it were UTC.

    Raises:
        ValueError: It is no instant.
    """
    if value is None or value == "":
        return None
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not an instant")
    try:
        return (_EPOCH + timedelta(milliseconds=int(found[1]))).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError("not an instant") from error


def int_of(value: object) -> int | None:
    """Return a whole number; 64-bit ones come as text, others may.

    Raises:
        ValueError: It is none.
    """
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    raise ValueError("not a whole number")


def decimal_of(value: object) -> Decimal | None:
    """Return an amount or percentage as it was written.

    Raises:
        ValueError: It is no number.
    """
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not number.is_finite():
        raise ValueError("not a number")
    return number


def bool_of(value: object) -> bool | None:
    """Return a yes or no, which may come as text or as 0 and 1.

    Raises:
        ValueError: It is neither.
    """
    if value is None or value == "":
        return None
    known = _BOOLEANS.get(str(value).strip().lower())
    if known is None:
        raise ValueError("neither true nor false")
    return known


def text_of(value: object) -> str | None:
    """Return a text without the blanks that Exact pads it with; None when nothing is left."""
    return None if value is None else str(value).strip() or None


def guid_of(value: object) -> str:
    """Return a key in small letters.

    Raises:
        ValueError: It is none.
    """
    key = str(value).strip().strip("{}").lower()
    if not _GUID.fullmatch(key):
        raise ValueError("not a key")
    return key


def _inner(said: object, endpoint: str) -> object:
    if not isinstance(said, dict) or "d" not in said:
        raise ContractChangedError("exact.envelope", endpoint=endpoint)
    return said["d"]


def _rows(found: object, endpoint: str) -> tuple[dict[str, Any], ...]:
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ContractChangedError("exact.envelope", endpoint=endpoint)
    return tuple(found)


def _link(found: object, endpoint: str) -> str | None:
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise ContractChangedError("exact.envelope", endpoint=endpoint)
    return found
