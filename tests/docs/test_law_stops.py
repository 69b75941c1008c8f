"""The table of stops on the page of the law is that of the code."""

import re
from pathlib import Path

from connector.core.law.stops import stop_effect
from connector.core.snapshot import HoldReason

_PAGE = Path(__file__).parents[2] / "docs" / "law.md"
_ROW = re.compile(r"^\| `(\w+)` \| ([\w ]+?) \|.*\|([^|]*)\|$", re.MULTILINE)


def test_the_page_shows_every_stop_with_its_interest_and_article() -> None:
    section = _PAGE.read_text(encoding="utf-8").partition("\n## Stops")[2]
    effects = [stop_effect(reason) for reason in HoldReason]
    shown = {(name, interest, article.strip()) for name, interest, article in _ROW.findall(section)}

    expected = {
        (one.reason.value, one.interest.value.replace("_", " "), one.article or "")
        for one in effects
    }
    assert shown == expected
