"""The words, amounts and dates of the dossier as people read them, in Dutch and English."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

LANGUAGES: Final = ("nl", "en")
_LOCALES: Final = {"nl": "nl_NL", "en": "en_GB"}
_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_LINE: Final = re.compile(r"\[(.*)\]")


@dataclass(frozen=True, slots=True)
class Words:
    """The dossier's own words in one language, and how it writes amounts and dates."""

    language: str
    groups: Mapping[str, Mapping[str, str]]

    def label(self, key: str, **facts: str) -> str:
        """Return a label with its places filled in."""
        return self.groups["labels"][key].format(**facts)

    def of(self, group: str, code: str) -> str:
        """Return the word for a code; the code itself where it is somebody's own word."""
        return self.groups[group].get(code, code)

    def field(self, path: str) -> str:
        """Return what a field is called, with the invoice that it belongs to."""
        name = self.groups["fields"].get(_LINE.sub("[]", path), path)
        line = _LINE.search(path)
        if line is None or not path.startswith("claims"):
            return name
        return self.label("absent_for", field=name, numbers=line[1])

    def money(self, amount: str, currency: str) -> str:
        """Return an amount with its currency, as in `€ 1.234,50`."""
        locale = _LOCALES[self.language]
        return str(format_currency(Decimal(amount), currency, locale=locale))

    def number(self, amount: str) -> str:
        """Return an amount without its currency for a column, as in `1.234,50`."""
        decimals = len(amount.partition(".")[2])
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return str(format_decimal(Decimal(amount), pattern, locale=_LOCALES[self.language]))

    def day(self, iso: str) -> str:
        """Return a date in full, as in `14 april 2027`."""
        return format_date(date.fromisoformat(iso), "d MMMM y", locale=_LOCALES[self.language])

    def short_day(self, iso: str) -> str:
        """Return a date for a column, as in `14-04-2027`."""
        pattern = "dd-MM-y" if self.language == "nl" else "dd/MM/y"
        return format_date(date.fromisoformat(iso), pattern, locale=_LOCALES[self.language])

    def moment(self, iso: str) -> str:
        """Return an instant in Dutch local time, as in `14 april 2027, 09:30`."""
        local = _local(datetime.fromisoformat(iso))
        return format_datetime(local, "d MMMM y, HH:mm", locale=_LOCALES[self.language])

    def short_moment(self, iso: str) -> str:
        """Return an instant for a column, as in `14-04-2027 09:30`."""
        local = _local(datetime.fromisoformat(iso))
        return f"{self.short_day(local.date().isoformat())} {local:%H:%M}"

    def yes(self, *, answer: bool) -> str:
        """Return yes or no."""
        return self.label("yes" if answer else "no")


@cache
def words(language: str) -> Words:
    """Return the words in Dutch or English; Dutch for any other language."""
    known = language if language in LANGUAGES else "nl"
    return Words(known, tomllib.loads(read_template(f"{known}.toml")))


def describe_field(path: str, language: str) -> str:
    """Return what a missing or absent field is called, as in `postcode van de debiteur`."""
    return words(language).field(path)


@cache
def read_template(name: str) -> str:
    """Return a text that ships beside this module."""
    folder = resources.files("connector.core.dossier") / "templates"
    return (folder / name).read_text(encoding="utf-8")


def dutch_day(moment: datetime) -> date:
    """Return the calendar day of an instant in the Netherlands."""
    return _local(moment).date()


def group_digits(iban: str) -> str:
    """Return an IBAN in groups of four."""
    bare = iban.replace(" ", "")
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_ZONE)
