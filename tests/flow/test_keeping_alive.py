"""A consent that lapses unused is used in time, and a person hears when that does not go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.flow.cycle import keep_alive
from connector.port.adapter import KeepsAlive
from connector.port.errors import AuthorisationError, MaanError
from connector.store import Store
from connector.testkit.tools import FakeLog
from tests.flow.kit import CONFIG, POLICY, Kit, MemorySource, open_kit
from tests.make import FixedClock

HEAD, _, REST = CONFIG.partition("  - id: jansen\n")
ONE, _, TAIL = REST.partition("agencies:")
TWO = HEAD + "".join(f"  - id: {name}\n{ONE}" for name in ("a", "b")) + "agencies:" + TAIL


class LapsingSource(MemorySource):
    """A source with a consent that has so many days left."""

    def __init__(self, days: int | MaanError | None) -> None:
        super().__init__()
        self.days = days

    def keep_alive(self) -> int | None:
        if isinstance(self.days, MaanError):
            raise self.days
        return self.days


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock, files=(TWO, POLICY)) as opened:
        yield opened


def warned(kit: Kit, *sources: MemorySource) -> list[tuple[str, object]]:
    log = kit.office.log = FakeLog()
    for desk, source in zip(kit.office.administrations(), sources, strict=True):
        desk._adapter = source
    keep_alive(kit.office)
    return [(line.event, dict(line.facts)) for line in log.lines if line.level == "warning"]


@pytest.mark.parametrize("days", [None, 8, 30])
def test_a_consent_that_lasts_is_no_news(kit: Kit, days: int | None) -> None:
    assert warned(kit, LapsingSource(days), MemorySource()) == []


def test_a_consent_that_lapses_within_a_week_is_logged(kit: Kit) -> None:
    assert warned(kit, MemorySource(), LapsingSource(7)) == [
        ("consent_lapses", {"administration": "b", "days": 7})
    ]


def test_a_consent_that_ended_keeps_no_other_from_being_used(kit: Kit) -> None:
    ended = LapsingSource(AuthorisationError("exact.needs_reauthorization"))

    assert warned(kit, ended, LapsingSource(3)) == [
        ("keep_alive_failed", {"administration": "a", "code": "exact.needs_reauthorization"}),
        ("consent_lapses", {"administration": "b", "days": 3}),
    ]


def test_only_a_source_that_offers_it_is_asked() -> None:
    assert (isinstance(LapsingSource(1), KeepsAlive), isinstance(MemorySource(), KeepsAlive)) == (
        True,
        False,
    )
