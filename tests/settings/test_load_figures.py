"""The figures of the law from the disk: ours, and those of the bookkeeper on top."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from connector.port.errors import FiguresError
from connector.settings import defaults_folder
from connector.settings.figures import load_figures


def test_without_a_folder_our_tables_count(tmp_path: Path) -> None:
    figures = load_figures(None)

    assert figures == load_figures(tmp_path / "absent")
    assert figures.vat_on(date(2026, 11, 23)) == 21


def test_folder_that_is_shipped_changes_nothing() -> None:
    assert load_figures(defaults_folder() / "law") == load_figures(None)


def test_example_of_the_page_adds_a_rate(tmp_path: Path) -> None:
    page = (defaults_folder() / "law" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    (tmp_path / "statutory_interest.toml").write_text(example[1], encoding="utf-8-sig")

    rate = load_figures(tmp_path).statutory.on(date(2027, 6, 30))

    assert rate is not None
    assert rate.percent == Decimal("3.5")


def test_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "vat.toml"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FiguresError) as refused:
        load_figures(tmp_path)

    assert (refused.value.code, refused.value.facts["path"]) == ("figures_unreadable", str(file))
