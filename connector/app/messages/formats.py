"""How values read inside a sentence: money, dates, numbers, lists."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from connector.port.money import Money

_ZONE: Final = "Europe/Amsterdam"
_SHORT_DATE: Final = "dd-MM-yyyy"
_WAITS: Final = {
    "nl": (("seconde", "seconden"), ("minuut", "minuten"), ("uur", "uur")),
    "en": (("second", "seconds"), ("minute", "minutes"), ("hour", "hours")),
}
_UNIT_SECONDS: Final = (1, 60, 3600)
_LAST_OF_UNIT: Final = 90  # 90 seconds are told as such, 91 as two minutes


class Shown:
    """A value that formats itself in a language; `{due:short}` gives `14-04-2027`.

    `{after:wait}` gives seconds as a person says them: `58 seconden`, `12 uur`.
    """

    __slots__ = ("_language", "_value")

    def __init__(self, value: object, language: str) -> None:
        """Keep the value and the language."""
        self._value = value
        self._language = language

    def __format__(self, spec: str) -> str:
        if spec == "wait":
            return wait(self._value, self._language)
        return show(self._value, self._language, short=spec == "short")

    def __str__(self) -> str:
        return show(self._value, self._language)


def show(  # noqa: PLR0911  # one case per type
    value: object, language: str, *, short: bool = False
) -> str:
    """Return the value as a person reads it; instants in the time of Amsterdam."""
    match value:
        case None:
            return "-"
        case bool():
            return {"nl": ("nee", "ja"), "en": ("no", "yes")}[language][value]
        case Money():
            return money(value, language)
        case datetime():
            return _instant(value, language, short=short)
        case date():
            return day(value, language, short=short)
        case Decimal():
            return _decimal(value, language)
        case Enum():
            return str(value.value)
        case list() | tuple():
            return ", ".join(show(part, language, short=short) for part in value)
        case AbstractSet():
            return ", ".join(sorted(show(part, language, short=short) for part in value))
        case _:
            return str(value)


def wait(value: object, language: str) -> str:
    """Return a number of seconds as a wait, as in `58 seconden` or `12 uur`, rounded."""
    text = str(value)
    if not text.isdecimal():
        return show(value, language)
    seconds = int(text)
    unit = next((n for n in (0, 1) if seconds <= _LAST_OF_UNIT * _UNIT_SECONDS[n]), 2)
    count = round(Decimal(seconds) / _UNIT_SECONDS[unit])
    return f"{count} {_WAITS[language][unit][count != 1]}"


def money(value: Money, language: str) -> str:
    """Return an amount, as in `€ 1.234,50` (nl) or `€1,234.50` (en)."""
    from babel.numbers import format_currency  # noqa: PLC0415  # help does without Babel

    return format_currency(value.amount, value.currency, locale=_locale(language))


def day(value: date, language: str, *, short: bool = False) -> str:
    """Return a date, as in `14 april 2027`, or short `14-04-2027`."""
    from babel.dates import format_date  # noqa: PLC0415  # help does without Babel

    pattern = _SHORT_DATE if short else "d MMMM yyyy"
    return format_date(value, pattern, locale=_locale(language))


def _instant(value: datetime, language: str, *, short: bool) -> str:
    local = value.astimezone(ZoneInfo(_ZONE)) if value.tzinfo else value
    return f"{day(local.date(), language, short=short)} {local:%H:%M}"


def _decimal(value: Decimal, language: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415  # help does without Babel

    return format_decimal(value, locale=_locale(language), decimal_quantization=False)


def _locale(language: str) -> str:
    return {"nl": "nl_NL", "en": "en_GB"}[language]
