"""The dossier's words: the same in both languages, for every field and code."""

import json
import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.core.chain import ChainFault
from connector.core.dossier.facts import CheckName, Instruction, PaperType, PaymentKind, Source
from connector.core.dossier.gaps import NOT_NAMED, REQUIRED
from connector.core.dossier.legal import DefaultGround, LawGround, NoticeFault
from connector.core.dossier.parts import STOPS
from connector.core.dossier.schema import schema_text
from connector.core.dossier.text import describe_field, dutch_day, group_digits, words
from connector.core.law.costs import CostBound
from connector.core.law.figures import InterestKind
from connector.core.law.limitation import InterruptionKind
from connector.core.policy.model import ChannelName, DebtorKind, StepKind
from connector.core.snapshot import HoldReason

NOT_WALKED = {
    "notices", "history", "promises", "arrangements", "disputes", "holds", "credits",
    "payments", "journal", "attachments",
}  # fmt: skip


def test_both_languages_have_the_same_words_and_places() -> None:
    dutch, english = words("nl").groups, words("en").groups

    assert _shape(dutch) == _shape(english)


def _shape(groups: Any) -> dict[str, dict[str, set[str]]]:
    return {
        group: {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in entries.items()}
        for group, entries in groups.items()
    }


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("kinds", DebtorKind), ("instructions", Instruction), ("sources", Source),
        ("types", PaperType), ("payments", PaymentKind), ("checks", CheckName),
        ("holds", HoldReason), ("events", StepKind), ("channels", ChannelName), ("holds", STOPS),
        ("interest", InterestKind), ("grounds", DefaultGround), ("laws", LawGround),
        ("faults", NoticeFault), ("interruptions", InterruptionKind),
        ("labels", [f"costs_{bound}" for bound in CostBound]),
    ],
)  # fmt: skip
def test_every_code_has_a_word(language: str, group: str, codes: Any) -> None:
    assert {str(code) for code in codes} <= set(words(language).groups[group])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_field_that_may_lack_has_a_name(language: str) -> None:
    named = set(words(language).groups["fields"])

    assert _nullable() - NOT_NAMED <= named
    assert named >= REQUIRED


def _nullable() -> set[str]:
    found: set[str] = set()

    def walk(path: str, node: Any) -> None:
        for name, child in node.get("properties", {}).items():
            place = f"{path}.{name}" if path else name
            if path == "" and name in NOT_WALKED:
                continue
            if None in child.get("enum", []) or "null" in child.get("type", []):
                found.add(place)
            if child.get("properties") and not place.startswith("checks."):
                walk(place, child)
            if child.get("items", {}).get("properties"):
                walk(f"{place}[]", child["items"])

    walk("", json.loads(schema_text()))
    return found


def test_a_field_of_an_invoice_names_the_invoice() -> None:
    assert describe_field("claims[F[1].x].vat", "nl") == "btw-bedrag: factuur F[1].x"
    assert describe_field("debtor.phone", "en") == "telephone number of the debtor"
    assert describe_field("amounts[EUR].total", "en").startswith("an amount to claim")
    assert describe_field("nothing.known", "nl") == "nothing.known"


def test_another_language_reads_dutch() -> None:
    assert words("fr").language == "nl"


def test_dates_and_amounts_are_written_as_the_reader_does() -> None:
    assert words("nl").money("1234.5", "EUR") == "€\u00a01.234,50"
    assert words("en").money("1234.5", "EUR") == "€1,234.50"
    assert words("nl").day("2027-04-04") == "4 april 2027"
    assert words("en").short_day("2027-04-04") == "04/04/2027"
    assert words("nl").moment("2026-07-01T22:30:00Z") == "2 juli 2026, 00:30"


def test_an_iban_is_read_in_groups() -> None:
    assert group_digits("NL91 ABNA0417164300") == "NL91 ABNA 0417 1643 00"


def test_a_day_is_the_day_in_the_netherlands() -> None:
    assert dutch_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_code_has_a_sentence(language: str) -> None:
    connector = Path(__file__).parents[3] / "connector"
    catalogue = connector / "app" / "messages" / language / "dossier.toml"
    told = set(tomllib.loads(catalogue.read_text(encoding="utf-8"))["dossier"])
    code = "\n".join(file.read_text() for file in (connector / "core" / "dossier").glob("*.py"))
    used = set(re.findall(r'"(dossier_[a-z_]+)"', code)) - {"dossier_id", "dossier_number"}

    assert used <= told
    assert {f"dossier_journal_{fault}" for fault in ChainFault} <= told
