"""The fixed words of a language, and how amounts, dates and account numbers are written in it.

The words stand in `templates/LANGUAGE/words.toml`; every key of `LABELS` must be there.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from connector.port.errors import ConfigError
from connector.port.money import Money

LABELS: Final = frozenset(
    {
        "salutation", "salutation_contact", "deadline", "no_deadline",
        "contact_both", "contact_phone", "contact_email", "invoices_one", "invoices_many",
        "column_number", "column_issued", "column_due", "column_open",
        "credit", "credit_against", "total", "also_open", "attention",
        "interest", "interest_through", "interest_statutory", "interest_trade", "interest_other",
        "interest_provisional", "costs", "costs_vat", "article",
        "this_letter", "this_email", "fourteen", "notice_term",
        "notice_term_dutch", "notice_term_dutch_email",
        "pay_amount", "pay_through", "pay_iban", "pay_name", "pay_reference", "pay_online",
        "trial_subject", "trial_notice", "qr", "qr_alt", "date", "reference", "customer", "page",
        "phone", "email", "kvk", "vat_id", "iban",
    },
)  # fmt: skip
REQUIRED: Final = frozenset(
    {
        "invoice_numbers", "total", "iban", "reference", "contact", "dispute", "agency",
        "deadline", "debtor", "debtor_address", "creditor", "creditor_address",
        "issued", "due", "open", "principal", "term", "no_costs_in_time", "next_step",
        "payment_plan", "announced_costs", "total_after", "interest", "vat_declaration",
    },
)  # fmt: skip
UNLAWFUL: Final = frozenset(
    {
        "term_start", "term_short", "term_long", "term_mixed", "term_date", "term_hurry",
        "second_amount", "other_amount", "wrong_costs", "all_costs", "percentage",
        "other_account", "threat", "unclaimed_costs",
    },
)  # fmt: skip
_INTEREST_ARTICLE: Final = re.compile(r"6:119([ab])?(?!\w)")
_UNKNOWN: Final = "\u2013"
_DIRECTIONS: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language."""

    locale: str  # Babel's name, as in nl_NL
    long_date: str  # Babel pattern
    short_date: str
    labels: Mapping[str, str]
    required: Mapping[str, str]  # what a letter must hold, by name, for the message when it lacks
    unlawful: Mapping[str, str]  # what a letter may not say, by name, for the message when it does
    dispute: tuple[str, ...]  # lower case; one of these shows that the letter says how to object

    def __getitem__(self, label: str) -> str:
        return self.labels[label]


def read_words(file: str, text: str) -> Words:
    """Return the words in the file.

    Raises:
        ConfigError: `letter_words_fault`: no TOML, or what is missing in it.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("letter_words_fault", file=file, found=str(error)) from error
    lacking = sorted(
        [f"words.{name}" for name in LABELS - _texts(table, "words").keys()]
        + [f"required.{name}" for name in REQUIRED - _texts(table, "required").keys()]
        + [f"unlawful.{name}" for name in UNLAWFUL - _texts(table, "unlawful").keys()]
        + [name for name in ("locale", "long_date", "short_date") if not _is_text(table, name)]
        + [name for name in ("dispute",) if not _list(table, name)],
    )
    if lacking:
        raise ConfigError("letter_words_fault", file=file, found=", ".join(lacking))
    return Words(
        locale=str(table["locale"]),
        long_date=str(table["long_date"]),
        short_date=str(table["short_date"]),
        labels=_texts(table, "words"),
        required=_texts(table, "required"),
        unlawful=_texts(table, "unlawful"),
        dispute=tuple(word.lower() for word in _list(table, "dispute")),
    )


def _texts(table: Mapping[str, object], name: str) -> dict[str, str]:
    found = table.get(name)
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _list(table: Mapping[str, object], name: str) -> list[str]:
    found = table.get(name)
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []


def _is_text(table: Mapping[str, object], name: str) -> bool:
    return isinstance(table.get(name), str)


def amount(value: Money, words: Words) -> str:
    """Return the amount as in `€ 1.234,50`; the space never breaks over two lines."""
    from babel.numbers import format_currency  # noqa: PLC0415  # slow to load

    return format_currency(value.amount, value.currency, locale=words.locale)


def interest_kind(article: str | None) -> str:
    """Return `statutory` (wettelijke rente), `trade` (handelsrente) or `other`, by its article."""
    found = _INTEREST_ARTICLE.search(article or "")
    if found is None:
        return "other"
    return "trade" if found[1] else "statutory"


def article_name(article: str | None, words: Words) -> str:
    """Return an article of law as in `art. 6:119 BW`; a clause of a contract as it is written."""
    found = _INTEREST_ARTICLE.search(article or "")
    return one_line(article) if found is None else words["article"].format(number=found[0])


def long_date(day: date, words: Words) -> str:
    """Return the date for running text, as in `14 april 2027`."""
    from babel.dates import format_date  # noqa: PLC0415  # slow to load

    return format_date(day, words.long_date, locale=words.locale)


def short_date(day: date | None, words: Words) -> str:
    """Return the date for a table, as in `14-04-2027`; a dash when it is not known."""
    from babel.dates import format_date  # noqa: PLC0415  # slow to load

    return _UNKNOWN if day is None else format_date(day, words.short_date, locale=words.locale)


def country_name(code: str | None, words: Words) -> str | None:
    """Return the country for the last line of an address, None for the Netherlands."""
    from babel import Locale  # noqa: PLC0415  # slow to load

    if code is None or code.upper() == "NL":
        return None
    name: str = Locale.parse(words.locale).territories.get(code.upper(), code)
    return name.upper()


def grouped_iban(iban: str) -> str:
    """Return the account number in groups of four, with blanks that a bank takes too."""
    bare = "".join(iban.split()).upper()
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def one_line(text: str | None) -> str:
    """Return the text on one line, without characters that steer a printer, mail or reader."""
    kept = (
        " " if unicodedata.category(mark) in {"Cc", "Zl", "Zp"} else mark
        for mark in text or ""
        if mark not in _DIRECTIONS and unicodedata.category(mark) != "Cs"
    )
    return " ".join(part for part in "".join(kept).split(" ") if part)
