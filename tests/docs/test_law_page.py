"""Every example of the page of the law gives what the page says."""

import doctest
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from connector.core import law
from connector.core.law.interest import Statement
from connector.core.law.stops import stop_effect
from connector.core.policy.model import ChannelName, DebtorKind, Duration, Guards
from connector.core.snapshot import HoldReason
from connector.port.money import Money
from connector.settings.figures import load_figures

_PAGE = Path(__file__).parents[2] / "docs" / "law.md"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def show(found: Statement) -> None:
    lines = [
        f"{line.from_} through {line.through}: {line.days} days,"
        f" {line.percent} % over {line.base} = {line.interest}"
        for line in found.lines
    ]
    print("\n".join([*lines, f"interest {found.interest}"]))  # noqa: T201  # what doctest compares


def names() -> dict[str, object]:
    """Return what an example may use: the public names of the law, and short ways to write."""
    found = [
        import_module(f"{law.__name__}.{module.name}") for module in iter_modules(law.__path__)
    ]
    public = {
        name: value
        for module in found
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    }
    own = {"euro": euro, "day": date.fromisoformat, "show": show, "figures": load_figures(None)}
    types = (ChannelName, date, datetime, DebtorKind, Decimal, Duration, Guards, HoldReason, Money)
    return {**public, **{one.__name__: one for one in types}, **own}


def sections(page: str) -> Mapping[str, str]:
    """Return the examples by section; those of one section are run together."""
    parts = _HEADING.split(page)[1:]
    return {
        heading: "\n".join(_BLOCK.findall(text))
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    }


def failures(examples: str) -> str:
    """Return what the examples gave that they do not say; nothing when all is true."""
    told: list[str] = []
    test = doctest.DocTestParser().get_doctest(examples, names(), "law.md", str(_PAGE), 0)
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    return "".join(told)


_SECTIONS = sections(_PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("section", _SECTIONS)
def test_example_gives_what_the_page_says(section: str) -> None:
    assert failures(_SECTIONS[section]) == ""


@pytest.mark.parametrize("section", _SECTIONS)
def test_section_has_an_example(section: str) -> None:
    assert ">>> " in _SECTIONS[section]


def test_page_that_says_something_else_is_seen() -> None:
    told = failures(_SECTIONS["Interest"].replace("interest 44.56", "interest 44.57"))

    assert "interest 44.56" in told


def test_no_example_stands_outside_what_is_run() -> None:
    page = _PAGE.read_text(encoding="utf-8")

    assert page.count(">>> ") == sum(text.count(">>> ") for text in _SECTIONS.values())


def test_the_page_shows_every_stop_with_its_article_and_interest() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\w ]+?) \|.*?\| ([^|]*?) ?\|$", page, re.MULTILINE)
    effects = [stop_effect(reason) for reason in HoldReason]
    expected = {
        (one.reason.value, one.interest.value.replace("_", " "), one.article or "")
        for one in effects
    }

    assert expected == {(name, interest, article.strip()) for name, interest, article in rows}
