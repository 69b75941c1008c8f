"""The forms of a column in a table of the law: what it may hold, and how that is written."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

Form = Callable[[object], Any]
"""Turns what TOML holds into a checked value; raises ValueError for what it does not allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: what it may hold, as code and as an example, and whether it may be left out."""

    form: Form
    allowed: str
    optional: bool = False


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError  # noqa: TRY004  # every form refuses in the same way
    return value


def _number(value: object) -> Decimal:
    """Return the exact number: text or a bare number, both as they are written."""
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text):
        raise ValueError
    return Decimal(text)


def _percent(value: object) -> Decimal:
    percent = _number(value)
    if percent > 100:
        raise ValueError
    return percent


def _amount(value: object) -> Decimal:
    if not re.fullmatch(r"\d+(\.\d{1,2})?", str(value)):
        raise ValueError
    return _number(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 999:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004  # every form refuses in the same way
    return value


def choice(allowed: Sequence[str]) -> Column:
    """Return the column that holds one of these words."""

    def form(value: object) -> str:
        if value not in allowed:
            raise ValueError
        return str(value)

    return Column(form=form, allowed=", ".join(allowed))


def _slices(value: object) -> tuple[tuple[Decimal | None, Decimal], ...]:
    """Return (upper bound, percent) in order; only the last has no bound."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError
    if any(set(one) - {"up_to"} != {"percent"} for one in value):
        raise ValueError
    bounded, last = value[:-1], value[-1:]
    if not last or "up_to" in last[0] or not all("up_to" in one for one in bounded):
        raise ValueError
    bounds = [_amount(one["up_to"]) for one in bounded]
    if bounds != sorted(set(bounds)):
        raise ValueError
    percents = [_percent(one["percent"]) for one in value]
    return tuple(zip([*bounds, None], percents, strict=True))


DAY: Final = Column(form=_day, allowed="2027-01-01")
PERCENT: Final = Column(form=_percent, allowed='"10.40"')
AMOUNT: Final = Column(form=_amount, allowed='"40.00"')
WHOLE: Final = Column(form=_whole, allowed="14")
TEXT: Final = Column(form=_text, allowed='"rijksoverheid.nl"')
FLAG: Final = Column(form=_flag, allowed="true, false", optional=True)
SLICES: Final = Column(form=_slices, allowed='[{up_to = "2500", percent = "15"}, {percent = "10"}]')
