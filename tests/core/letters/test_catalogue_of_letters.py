"""Every code that letters, press and channels raise has its sentence in both languages."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS = ("connector/core/letters", "connector/press", "connector/channels")
CODE = re.compile(r'"((?:letter|press|mail|post|agency|folder|delivery)_[a-z_0-9]+)"')
NO_CODES = {"post_address", "letter_words"}


def codes() -> set[str]:
    texts = (
        file.read_text(encoding="utf-8") for room in ROOMS for file in (ROOT / room).glob("*.py")
    )
    return {code for text in texts for code in CODE.findall(text)} - NO_CODES


def sentences(language: str) -> dict[str, str]:
    file = ROOT / "connector/app/messages" / language / "letters.toml"
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {code: text for table in tables.values() for code, text in table.items()}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_code_has_a_sentence_and_every_sentence_a_code(language: str) -> None:
    assert set(sentences(language)) == codes()


def test_both_languages_tell_the_same_facts() -> None:
    fact = re.compile(r"{(\w+)}")

    told = {code: set(fact.findall(text)) for code, text in sentences("nl").items()}

    assert told == {code: set(fact.findall(text)) for code, text in sentences("en").items()}
