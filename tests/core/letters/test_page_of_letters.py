"""The page about letters names every field, block and file."""

import re
from pathlib import Path

import pytest

from connector.core.letters.render import render_letter
from connector.core.letters.texts import MARKERS
from connector.core.letters.values import DUTCH
from connector.port.errors import ConfigError
from tests.core.letters.make import SHIPPED, notice_facts, notice_text

PAGE = (Path(__file__).parents[3] / "docs" / "letters.md").read_text(encoding="utf-8")


FRAGMENTS = re.findall(r"^\| `([^`]+)` \| (accepted|refused)", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("english", "dutch"), DUTCH.items())
def test_every_field_is_on_the_page(english: str, dutch: str) -> None:
    assert f"| `{dutch}` | `{english}` |" in PAGE


@pytest.mark.parametrize("marker", MARKERS)
def test_every_block_is_on_the_page(marker: str) -> None:
    assert f"`[{marker}]`" in PAGE


@pytest.mark.parametrize("name", SHIPPED.letters["nl"])
def test_every_text_is_on_the_page(name: str) -> None:
    assert f"| `{name}.txt` |" in PAGE


@pytest.mark.parametrize(("fragment", "verdict"), FRAGMENTS)
def test_every_fragment_on_the_page_gets_the_verdict_that_stands_there(
    fragment: str, verdict: str
) -> None:
    try:
        render_letter(notice_text(ask=f"Maak {{{{ totaal }}}} over {fragment}."), notice_facts())
        found = "accepted"
    except ConfigError:
        found = "refused"

    assert found == verdict


def test_the_page_shows_where_the_line_is() -> None:
    assert {verdict for _, verdict in FRAGMENTS} == {"accepted", "refused"}
