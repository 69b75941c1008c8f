"""The letters as a debtor gets them; changed only by `make golden`, and read in review."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connector.core.letters.check import sample_facts
from connector.core.letters.fields import Letter
from connector.core.letters.render import render_letter
from connector.core.policy.model import StepKind
from connector.press.templates import load_templates

FOLDER = Path(__file__).parent / "letters"
TEMPLATES = load_templates(None)
KINDS = {
    "default_notice": StepKind.DEFAULT_NOTICE,
    "statutory_notice": StepKind.STATUTORY_NOTICE,
    "final_demand": StepKind.FINAL_DEMAND,
    "handover_notice": StepKind.HAND_OVER,
}
CHARGED = [(language, name) for language in sorted(TEMPLATES.letters) for name in sorted(KINDS)]
NAMES = [(language, name) for language, own in TEMPLATES.letters.items() for name in sorted(own)]
Golden = Callable[[Path, str], None]


def written(language: str, name: str, *, invoices: int, charged: bool = False) -> Letter:
    kind = KINDS.get(name, StepKind.REMINDER)
    facts = sample_facts(kind, language, invoices=invoices, charged=charged)
    action = replace(facts.action, before_due=name == "announcement")
    return render_letter(TEMPLATES.get(name, language), replace(facts, action=action))


@pytest.mark.parametrize("invoices", [1, 3])
@pytest.mark.parametrize(("language", "name"), NAMES)
def test_plain_letter(golden: Golden, language: str, name: str, invoices: int) -> None:
    letter = written(language, name, invoices=invoices)

    golden(FOLDER / language / f"{name}-{invoices}.txt", f"{letter.subject}\n\n{letter.text}")


@pytest.mark.parametrize(("language", "name"), NAMES)
def test_letter_as_page(golden: Golden, language: str, name: str) -> None:
    letter = written(language, name, invoices=3)

    golden(FOLDER / language / f"{name}-3.html", letter.html)


@pytest.mark.parametrize(("language", "name"), CHARGED)
def test_plain_letter_with_interest_and_costs(golden: Golden, language: str, name: str) -> None:
    letter = written(language, name, invoices=3, charged=True)

    golden(FOLDER / language / f"{name}-charged.txt", f"{letter.subject}\n\n{letter.text}")


@pytest.mark.parametrize(("language", "name"), CHARGED)
def test_letter_as_page_with_interest_and_costs(golden: Golden, language: str, name: str) -> None:
    letter = written(language, name, invoices=3, charged=True)

    golden(FOLDER / language / f"{name}-charged.html", letter.html)
