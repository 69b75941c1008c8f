"""Every worked example of the page is run, and its table of stops is that of the code."""

import re
from doctest import DocTestParser, DocTestRunner
from pathlib import Path

from connector.core.law.stops import stop_effect
from connector.core.snapshot import HoldReason
from tests.core.law.make import FIGURES

PAGE = (Path(__file__).parents[3] / "docs" / "law-costs.part.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_example_of_the_page_holds() -> None:
    told: list[str] = []
    examples = DocTestParser().get_doctest(
        "".join(BLOCKS), {"figures": FIGURES}, "law-costs", None, 0
    )
    result = DocTestRunner().run(examples, out=told.append)

    assert (result.failed, "".join(told)) == (0, "")


def test_the_page_has_examples_for_every_section() -> None:
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]

    assert [one.partition("\n")[0] for one in sections if ">>> " not in one] == []


def test_the_page_shows_every_stop_with_its_article_and_interest() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\w ]+?) \|.*?\| ([^|]*?) ?\|$", PAGE, re.MULTILINE)
    effects = [stop_effect(reason) for reason in HoldReason]
    expected = {
        (one.reason.value, one.interest.value.replace("_", " "), one.article or "")
        for one in effects
    }

    assert {(name, interest, article.strip()) for name, interest, article in rows} == expected
