from typing import Any

import pytest
from pydantic import ValidationError

from adapters.moneybird import plugin
from adapters.moneybird.settings import MoneybirdSettings


def settings(**fields: Any) -> MoneybirdSettings:
    return MoneybirdSettings.model_validate({"administration": "123", **fields})


def test_administration_alone_is_enough() -> None:
    found = settings()

    assert (found.base_url, found.workflow, found.handover) == (
        "https://moneybird.com",
        "pause",
        "note",
    )


def test_administration_may_be_written_as_a_number() -> None:
    assert settings(administration=178732006888903010).administration == "178732006888903010"


def test_base_url_loses_its_last_stroke() -> None:
    assert settings(base_url="https://moneybird.dev/").base_url == "https://moneybird.dev"


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:8000", True), ("http://localhost", True), ("https://moneybird.com", False)],
)
def test_address_tells_whether_it_is_this_machine(url: str, local: bool) -> None:
    assert settings(base_url=url).is_on_this_machine is local


def test_host_has_its_port() -> None:
    assert settings(base_url="http://127.0.0.1:8000").host == "127.0.0.1:8000"


@pytest.mark.parametrize(
    "fields",
    [
        {"administration": ""},
        {"administration": "naam"},
        {"administration": True},
        {"token": "abc"},
        {"token": "env:"},
        {"client_secret": "geheim"},
        {"base_url": "http://moneybird.com"},
        {"base_url": "ftp://moneybird.com"},
        {"base_url": "https://moneybird.com/api"},
        {"base_url": "https://a:b@moneybird.com"},
        {"base_url": "moneybird.com"},
        {"workflow": "stop"},
        {"handover": "uncollectible"},
        {"connection": "a b"},
        {"egress": ""},
        {"unknown": 1},
    ],
)
def test_setting_that_cannot_be_meant_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**fields)


def test_editors_get_a_description_of_every_name_that_needs_one() -> None:
    schema = plugin.settings.model_json_schema()

    assert schema["additionalProperties"] is False
    assert "description" in schema["properties"]["administration"]
