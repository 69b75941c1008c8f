"""Every code that the adapter can say has a sentence in both languages."""

import re
import string
import tomllib
from pathlib import Path

import pytest

import adapters.csv
import connector
from tests.adapters.csv.folders import make_adapter, run
from tests.adapters.csv.test_csv_nasty_files import HELD, REFUSED, Case

SOURCE = Path(adapters.csv.__file__).parent
MESSAGES = Path(connector.__file__).parent / "app" / "messages"
CODE = re.compile(r'"((?:file|folder|row|debtor|csv)\.[a-z_]+)"')
CONTACT = [
    "email",
    "phone",
    "postcode",
    "country",
    "language",
    "kvk",
    "vat_id",
    "iban",
    "party_kind",
]


def catalogue(language: str) -> dict[str, str]:
    content = (MESSAGES / language / "import.toml").read_text("utf-8")
    sentences: dict[str, str] = tomllib.loads(content)["import"]
    return sentences


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def codes() -> set[str]:
    found = {c for path in SOURCE.glob("*.py") for c in CODE.findall(path.read_text("utf-8"))}
    return found | {f"row.{name}_invalid" for name in CONTACT}


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    assert set(catalogue("nl")) == set(catalogue("en")) == codes()


def test_both_languages_tell_the_same_facts() -> None:
    dutch, english = catalogue("nl"), catalogue("en")

    assert {c: names(s) for c, s in dutch.items()} == {c: names(s) for c, s in english.items()}


@pytest.mark.parametrize("case", [*HELD, *REFUSED], ids=lambda case: case.name)
def test_every_fact_that_a_sentence_names_is_given(case: Case, tmp_path: Path) -> None:
    (tmp_path / case.file).write_bytes(case.content)

    pulled = run(make_adapter(tmp_path, **{"layout": "auto", **case.settings}))

    for told in (*pulled.rejected, *pulled.warnings):
        for language in ("nl", "en"):
            sentence = catalogue(language)[told.reason].format(**told.facts)
            assert told.facts["file"] in sentence or told.reason == "row.duplicate_invoice"


def test_the_page_names_every_code() -> None:
    page = (SOURCE.parents[1] / "docs" / "adapters" / "csv.md").read_text("utf-8")

    assert [code for code in sorted(codes()) if f"`{code}`" not in page] == []
