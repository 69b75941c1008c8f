"""The pages lead somewhere and stay true."""

import re
from pathlib import Path

import pytest

from connector.app.cli.faults import DONE, LATER, MISUSED, WRONG

_ROOT = Path(__file__).parents[2]
_PAGES = sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")])
_ADRS = sorted((_ROOT / "docs" / "adr").glob("*.md"))
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.relative_to(_ROOT).as_posix())
def test_links_within_the_house_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", _ADRS, ids=lambda page: page.stem)
def test_a_decision_is_short_and_has_context_choice_and_cost(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 30
    assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Cost"))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in _ADRS]

    assert numbers == list(range(1, len(_ADRS) + 1))


def test_the_exit_codes_on_the_page_are_those_of_the_shell() -> None:
    page = (_ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    found = [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)]
    assert found == [DONE, WRONG, MISUSED, LATER]


def test_the_changelog_has_a_section_for_what_is_not_released() -> None:
    assert "## [Unreleased]" in (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
