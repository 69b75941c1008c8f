"""The settings of a source."""

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.exact.endpoints import entry_of
from adapters.exact.settings import ExactSettings
from connector.port.records import ItemId


def settings(**changes: Any) -> ExactSettings:
    known = {"division": 12345, "client_id": "env:ID", "client_secret": "env:SECRET"}
    return ExactSettings.model_validate({**known, **changes})


def test_site_says_where_exact_is() -> None:
    assert settings(site="co.uk").origin == "https://start.exactonline.co.uk"


def test_address_stands_before_the_site() -> None:
    one = settings(base_url="http://127.0.0.1:8000/")

    assert (one.origin, one.host, one.is_on_this_machine) == (
        "http://127.0.0.1:8000", "127.0.0.1:8000", True,
    )  # fmt: skip


def test_exact_is_not_on_this_machine() -> None:
    assert not settings().is_on_this_machine


@pytest.mark.parametrize(
    "redirect", ["https://kantoor.example/callback", "http://127.0.0.1:8765/callback"]
)
def test_a_consent_may_come_back_over_https_or_to_this_machine(redirect: str) -> None:
    assert settings(redirect=redirect).redirect == redirect


def test_division_may_be_written_as_text() -> None:
    assert settings(division="12345").division == 12345


@pytest.mark.parametrize(
    "changes",
    [
        {"division": "abc"},
        {"division": 0},
        {"division": True},
        {"site": "it"},
        {"client_secret": "geheim"},
        {"base_url": "ftp://x"},
        {"base_url": "https://x/pad"},
        {"base_url": "http://exact.example"},
        {"redirect": "http://kantoor.example/callback"},
        {"redirect": "https://kantoor.example/#deel"},
        {"connection": "a b"},
        {"number": "order"},
        {"at_handover": {"classification": 9, "value": "0" * 8}},
        {"onbekend": 1},
    ],
)
def test_setting_that_cannot_be_used_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**changes)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("R/abc", ("R", "abc")),
        ("P/abc#2", ("P", "abc")),
        ("X/abc", None),
        ("R/", None),
        ("R/abc#", None),
        ("R/abc#0", None),
        ("R/abc#x", None),
    ],
)
def test_key_says_side_and_entry(key: str, expected: tuple[str, str] | None) -> None:
    assert entry_of(ItemId(key)) == expected
