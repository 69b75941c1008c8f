"""docs/reasons.md says what the catalogues say; `--golden` rewrites it."""

from collections.abc import Callable
from pathlib import Path

from connector.app.messages.page import reasons_page

_PAGE = Path(__file__).parents[2] / "docs" / "reasons.md"


def test_the_page_of_reasons_is_that_of_the_catalogues(golden: Callable[[Path, str], None]) -> None:
    golden(_PAGE, reasons_page())
