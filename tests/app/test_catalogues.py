"""The catalogues of both languages say the same things, and every value reads well."""

import string
import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.csv.fields import FIELDS
from connector.app.messages import FOLDER, Messages
from connector.app.messages.formats import Shown
from connector.port.money import Money

_LANGUAGES = ("nl", "en")
_FILES = sorted({file.name for lang in _LANGUAGES for file in (FOLDER / lang).glob("*.toml")})


def _read(path: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("name", _FILES)
def test_both_languages_have_the_same_codes(name: str) -> None:
    dutch, english = (_read(FOLDER / lang / name) for lang in _LANGUAGES)

    assert {table: set(codes) for table, codes in dutch.items()} == {
        table: set(codes) for table, codes in english.items()
    }


@pytest.mark.parametrize("name", _FILES)
def test_both_languages_tell_the_same_facts(name: str) -> None:
    dutch, english = (_read(FOLDER / lang / name) for lang in _LANGUAGES)

    differing = [
        f"{table}.{code}"
        for table, codes in dutch.items()
        for code, sentence in codes.items()
        if _names(sentence) != _names(english[table][code])
    ]
    assert differing == []


@pytest.mark.parametrize("language", _LANGUAGES)
def test_no_code_stands_twice_in_a_table(language: str) -> None:
    seen: dict[tuple[str, str], str] = {}
    twice = []
    for file in sorted((FOLDER / language).glob("*.toml")):
        for table, codes in _read(file).items():
            for code in codes:
                if (table, code) in seen:
                    twice.append(f"{table}.{code}: {seen[table, code]} and {file.name}")
                seen[table, code] = file.name
    assert twice == []


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("nl", Money(Decimal("1234.5"), "EUR"), "€ 1.234,50"),
        ("en", Money(Decimal("1234.5"), "EUR"), "€1,234.50"),
        ("nl", date(2027, 4, 14), "14 april 2027"),
        ("en", date(2027, 4, 14), "14 April 2027"),
        ("nl", datetime(2027, 4, 14, 22, 30, tzinfo=UTC), "15 april 2027 00:30"),
        ("nl", Decimal("8.125"), "8,125"),
        ("nl", ("a", date(2027, 4, 1)), "a, 1 april 2027"),
        ("nl", frozenset({"b", "a"}), "a, b"),
        ("nl", True, "ja"),
        ("nl", None, "-"),
    ],
)
def test_values_read_as_a_person_writes_them(language: str, value: object, shown: str) -> None:
    assert Messages(language).show(value).replace("\xa0", " ") == shown


def test_a_date_can_be_short() -> None:
    messages = Messages("nl")

    assert messages.sentence("usage_date", {"found": date(2027, 4, 14)}).startswith("14 april")
    assert format(_shown(date(2027, 4, 14)), "short") == "14-04-2027"


@pytest.mark.parametrize(
    ("seconds", "dutch", "english"),
    [
        (1, "1 seconde", "1 second"),
        (58, "58 seconden", "58 seconds"),
        ("91", "2 minuten", "2 minutes"),
        (3600, "60 minuten", "60 minutes"),
        (43201, "12 uur", "12 hours"),
        (None, "-", "-"),
    ],
)
def test_a_wait_is_told_as_a_person_says_it(seconds: object, dutch: str, english: str) -> None:
    assert [f"{Shown(seconds, language):wait}" for language in _LANGUAGES] == [dutch, english]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_no_sentence_counts_a_wait_in_seconds(language: str) -> None:
    waits = [
        code
        for entries in Messages(language).tables.values()
        for code, sentence in entries.items()
        if "{after}" in sentence
    ]

    assert waits == []


def _shown(value: object) -> object:
    return Shown(value, "nl")


def test_an_unknown_code_is_shown_with_its_facts() -> None:
    assert Messages("nl").sentence("no.such", {"line": 3}) == "no.such (line: 3)"


def test_a_missing_fact_shows_the_code_and_does_not_raise() -> None:
    shown = Messages("nl").sentence("usage_choice", {})

    assert shown == "kies uit [allowed?]. (usage_choice)"


def test_a_format_in_a_fact_is_plain_text() -> None:
    shown = Messages("nl").sentence("usage_command", {"found": "{0.__class__}"})

    assert shown == "Er is geen opdracht {0.__class__}."


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_field_of_an_export_has_a_word(language: str) -> None:
    words = Messages(language).tables["words"]

    assert {f"column_{field}" for field in FIELDS} <= set(words)
