"""Forms of plain values in the policy: amounts, names, days and dates, each with its fault."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError


def _amount(value: object) -> object:
    if isinstance(value, bool | float) or (
        isinstance(value, str) and not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", value.strip())
    ):
        raise PydanticCustomError("amount_form", "not an amount: {found}", {"found": str(value)})
    return value


Amount = Annotated[Decimal, BeforeValidator(_amount), Field(ge=0)]
"""A positive amount in the currency at hand, with a point and at most two decimals."""


def listed(value: object) -> object:
    """Return one word as a list of one."""
    return [value] if isinstance(value, str) else value


def _of_form(code: str, pattern: str) -> AfterValidator:
    """Return a check that raises the fault `code` for a text of another form."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text, re.ASCII) is None:
            raise PydanticCustomError(code, "not of its form: {found}", {"found": text})
        return text

    return AfterValidator(check)


_NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
Name = Annotated[
    str, _of_form("name_form", _NAME), Field(json_schema_extra={"pattern": f"^{_NAME}$"})
]
"""Name of a step or track: letters, digits, hyphen and underscore, at most forty."""

_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
MonthDay = Annotated[
    str, _of_form("day_form", _DAY), Field(json_schema_extra={"pattern": f"^{_DAY}$"})
]
"""A day of the year, month first, as in `12-21`."""

_RECEIPT = r"statutory( \+ \d{1,3}( ?d(ays?)?| business days?))?"
ReceiptRule = Annotated[
    str, _of_form("receipt_form", _RECEIPT), Field(json_schema_extra={"pattern": f"^{_RECEIPT}$"})
]
"""The law's rule of receipt, lengthened or not, as in `statutory + 2 business days`."""


def _iso(value: object) -> object:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date_form", "not a date: {found}", {"found": str(value)})


IsoDate = Annotated[date, BeforeValidator(_iso)]
"""A date written year first, as in `2026-12-15`."""

_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def _of_this_century(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        facts = {"found": day.isoformat(), "first": _FIRST.isoformat(), "last": _LAST.isoformat()}
        raise PydanticCustomError("date_range", "out of range: {found}", facts)
    return day


NearDate = Annotated[IsoDate, AfterValidator(_of_this_century)]
"""A date of which a slip of the pen is no part: from 2000 through 2100."""


def _no_calendar(value: object) -> object:
    return None if value == "none" else value


BusinessDays = Annotated[
    Literal["NL"] | None,
    BeforeValidator(_no_calendar),
    WithJsonSchema({"enum": ["NL", "none"]}),
]
"""The calendar of business days; `none` is read as None: every day counts."""


def approval_word(value: object) -> object:
    """Return the approval, or raise the fault `approve_form` for another word."""
    if isinstance(value, str) and value not in ("never", "always"):
        raise PydanticCustomError("approve_form", "not an approval: {found}", {"found": value})
    return value


def _version(value: object) -> object:
    if value not in (1, "1"):
        raise PydanticCustomError("version_form", "unknown version: {found}", {"found": str(value)})
    return 1


Version = Annotated[Literal[1], BeforeValidator(_version)]
"""The version of the policy's own form."""
