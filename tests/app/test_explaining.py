"""What is told of an invoice."""

import io
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from connector.app.cli.explaining import _where
from connector.app.cli.shell import Line, Shell
from connector.app.messages import Messages
from connector.testkit.tools import FakeLog


@pytest.mark.parametrize(
    ("reminded_on", "told"),
    [
        (None, ["maan heeft er nog niets over verstuurd."]),
        (
            date(2026, 11, 20),
            [
                "maan heeft er nog niets over verstuurd.",
                "Het boekhoudpakket herinnerde er zelf het laatst aan op 20 november 2026.",
            ],
        ),
    ],
)
def test_a_reminder_by_the_package_itself_is_told(
    reminded_on: date | None, told: list[str]
) -> None:
    claim: Any = SimpleNamespace(row=SimpleNamespace(position=None, reminded_on=reminded_on))

    line = Line(
        config=Path("maan.yaml"), now=None, json=False, environ={},
        keyboard=io.StringIO(), out=io.StringIO(), err=io.StringIO(),
    )  # fmt: skip

    assert list(_where(Shell(line, Messages("nl"), FakeLog), claim)) == told
