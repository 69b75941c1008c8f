"""A person connects, and sees what the credential reaches and what it lacks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from connector.flow.connecting import (
    connection,
    key_file,
    look_around,
    make_vault_key,
    token_from,
)
from connector.port.adapter import Consent, Reached
from connector.port.errors import RequestError, SettingsError
from connector.store import Store
from tests.flow.kit import CONFIG, POLICY, MemorySource, open_kit
from tests.make import FixedClock

_FILES = (CONFIG.replace("{adapter: memory}", '{adapter: memory, administration: "123"}'), POLICY)


class PackageSource(MemorySource):
    """A source that a person connects with."""

    ways: tuple[Literal["token", "consent"], ...] = ("token", "consent")

    def __init__(self, *reached: str, lacks: Sequence[str] = ()) -> None:
        super().__init__()
        self.ids = reached
        self.lacks = lacks
        self.asked: list[str] = []

    def accept_token(self, token: str) -> None:
        self.asked.append("token")

    def ask_consent(self, redirect: str | None) -> Consent:
        return Consent(url="https://package.example/yes", state="s")

    def accept_consent(self, consent: Consent, code: str, redirect: str | None) -> None:
        self.asked.append("consent")

    def reached(self) -> Sequence[Reached]:
        self.asked.append("reached")
        return [Reached(id=id_, name=f"Firma {id_}") for id_ in self.ids]

    def missing_scopes(self) -> Sequence[str]:
        self.asked.append("scopes")
        return self.lacks


def test_it_is_said_whether_the_administration_of_the_settings_is_reached(
    memory_store: Store, tmp_path: Path, clock: FixedClock
) -> None:
    source = PackageSource("120", "123", lacks=["documents"])
    with open_kit(tmp_path, memory_store, clock, source=source, files=_FILES) as kit:
        found = look_around(kit.desk)

    assert (found.administration, found.wanted, found.is_reached) == ("jansen", "123", True)
    assert [one.id for one in found.reached] == ["120", "123"]
    assert found.missing_scopes == ("documents",)


@pytest.mark.parametrize("key", ["administration", "division"])
def test_an_administration_is_called_as_the_package_calls_it(
    memory_store: Store, tmp_path: Path, clock: FixedClock, key: str
) -> None:
    config = CONFIG.replace("{adapter: memory}", f"{{adapter: memory, {key}: 123}}")
    source = PackageSource("123")
    with open_kit(tmp_path, memory_store, clock, source=source, files=(config, POLICY)) as kit:
        found = look_around(kit.desk)

    assert (found.key, found.wanted) == (key, "123")


def test_what_a_token_lacks_is_not_asked_of_an_administration_it_does_not_reach(
    memory_store: Store, tmp_path: Path, clock: FixedClock
) -> None:
    source = PackageSource("120", lacks=["documents"])
    with open_kit(tmp_path, memory_store, clock, source=source, files=_FILES) as kit:
        found = look_around(kit.desk)

    assert not found.is_reached
    assert source.asked == ["reached"]


def test_settings_that_name_no_administration_reach_none(
    memory_store: Store, tmp_path: Path, clock: FixedClock
) -> None:
    with open_kit(tmp_path, memory_store, clock, source=PackageSource("120")) as kit:
        found = look_around(kit.desk)

    assert (found.wanted, found.is_reached) == (None, False)


def test_a_source_without_a_package_is_not_connected(
    memory_store: Store, tmp_path: Path, clock: FixedClock
) -> None:
    with (
        open_kit(tmp_path, memory_store, clock) as kit,
        pytest.raises(RequestError, match="connect_not_needed"),
    ):
        connection(kit.desk)


def test_a_token_comes_from_where_the_reference_says(
    memory_store: Store, tmp_path: Path, clock: FixedClock
) -> None:
    (tmp_path / "token").write_text("geheim\n", encoding="utf-8")
    with open_kit(tmp_path, memory_store, clock) as kit:
        found = token_from(kit.desk, "file:token")
        with pytest.raises(SettingsError, match="secret_missing"):
            token_from(kit.desk, "env:OTHER")

    assert found == "geheim"


def test_a_token_in_the_place_of_its_reference_is_not_repeated(
    memory_store: Store, tmp_path: Path, clock: FixedClock
) -> None:
    with (
        open_kit(tmp_path, memory_store, clock) as kit,
        pytest.raises(RequestError, match="token_from_form") as raised,
    ):
        token_from(kit.desk, "abc123geheim")

    assert "abc123geheim" not in str(raised.value)


def test_the_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vault.key"

    made = make_vault_key(file)

    first = file.read_bytes()
    assert made
    assert not make_vault_key(file)
    assert file.read_bytes() == first
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")

    with pytest.raises(RequestError, match="vault_key_unwritable"):
        make_vault_key(tmp_path / "data" / "vault.key")


@pytest.mark.parametrize(
    ("reference", "place"), [("file:data/vault.key", "data/vault.key"), ("env:MAAN_KEY", None)]
)
def test_a_key_may_stand_in_a_file_or_elsewhere(
    memory_store: Store, tmp_path: Path, clock: FixedClock, reference: str, place: str | None
) -> None:
    files = (f"vault_key: {reference}\n{CONFIG}", POLICY)
    with open_kit(tmp_path, memory_store, clock, files=files) as kit:
        found = key_file(kit.office.settings)

    assert found == (None if place is None else tmp_path / place)
