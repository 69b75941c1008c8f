import pytest

from connector.port.errors import (
    ContractChangedError,
    SettingsError,
)
from tests.wire.fakes import http


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "moneybird.com",
        "ftp://moneybird.com",
        "https://",
        "https://moneybird.com/api",
        "https://moneybird.com?x=1",
        "https://user@moneybird.com",
        "https://moneybird.com:99999",
        "https://moneybird.com\\@evil.example",
    ],
)
def test_origin_is_scheme_and_host_alone(origin: str) -> None:
    with pytest.raises(SettingsError, match="wire_bad_origin"):
        http(origin)


@pytest.mark.parametrize("origin", ["http://moneybird.com", "http://127.0.0.1.evil.example"])
def test_tokens_never_travel_in_the_clear(origin: str) -> None:
    with pytest.raises(SettingsError, match="wire_plain_http"):
        http(origin)


@pytest.mark.parametrize("origin", ["http://localhost:1", "http://127.0.0.1", "http://[::1]:1/"])
def test_this_machine_may_be_spoken_to_plainly(origin: str) -> None:
    http(origin).close()


def test_path_begins_with_a_slash() -> None:
    with pytest.raises(ValueError, match="evil"):
        http("https://moneybird.com").read("GET", "@evil.example/")


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://moneybird.com/x?page=2", "/x?page=2"),
        ("https://MoneyBird.com:443/x", "/x"),
        ("/x?page=2", "/x?page=2"),
        ("?page=2", "/?page=2"),
    ],
)
def test_link_within_the_origin_gives_its_path(link: str, path: str) -> None:
    assert http("https://moneybird.com").same_origin(link) == path


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/x",
        "https://moneybird.com.evil.example/x",
        "https://moneybird.com:8443/x",
        "http://moneybird.com/x",
        "//evil.example/x",
        "https://moneybird.com@evil.example/",
        "https://evil.example\\@moneybird.com/",
        "https://moneybird.com\\.evil.example/",
        "javascript:alert(1)",
        "https://[broken/",
    ],
)
def test_link_to_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(ContractChangedError, match="wire_foreign_link"):
        http("https://moneybird.com").same_origin(link)
