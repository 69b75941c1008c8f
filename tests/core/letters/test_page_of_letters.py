"""The page about letters names every field, block and file."""

from pathlib import Path

import pytest

from connector.core.letters.texts import MARKERS
from connector.core.letters.values import DUTCH
from tests.core.letters.make import SHIPPED

PAGE = (Path(__file__).parents[3] / "docs" / "letters.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("english", "dutch"), DUTCH.items())
def test_every_field_is_on_the_page(english: str, dutch: str) -> None:
    assert f"| `{dutch}` | `{english}` |" in PAGE


@pytest.mark.parametrize("marker", MARKERS)
def test_every_block_is_on_the_page(marker: str) -> None:
    assert f"`[{marker}]`" in PAGE


@pytest.mark.parametrize("name", SHIPPED.letters["nl"])
def test_every_text_is_on_the_page(name: str) -> None:
    assert f"| `{name}.txt` |" in PAGE
