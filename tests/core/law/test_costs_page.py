"""Every worked example of the page is run, and its table of stops is that of the code."""

import re
from datetime import date
from decimal import Decimal
from doctest import DocTestParser, DocTestRunner
from pathlib import Path

import pytest

from connector.core.law.stops import stop_effect
from connector.core.snapshot import HoldReason
from connector.port.money import Money
from tests.core.law.make import FIGURES
from tests.make import euro

PAGE = (Path(__file__).parents[3] / "docs" / "law-costs.part.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
NAMES = {"figures": FIGURES, "euro": euro, "Money": Money, "Decimal": Decimal, "date": date}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda text: text.partition("\n")[0])
def test_every_example_of_a_section_holds(section: str) -> None:
    told: list[str] = []
    blocks = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    examples = DocTestParser().get_doctest("".join(blocks), NAMES, "law-costs", None, 0)
    result = DocTestRunner().run(examples, out=told.append)

    assert (result.attempted > 0, "".join(told)) == (True, "")


def test_the_page_shows_every_stop_with_its_article_and_interest() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\w ]+?) \|.*?\| ([^|]*?) ?\|$", PAGE, re.MULTILINE)
    effects = [stop_effect(reason) for reason in HoldReason]
    expected = {
        (one.reason.value, one.interest.value.replace("_", " "), one.article or "")
        for one in effects
    }

    assert {(name, interest, article.strip()) for name, interest, article in rows} == expected
