"""Where requests are short every administration has its turn, wherever it is configured."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connector.flow.cycle import leave_out_fresh, run_pull
from connector.port.errors import AuthorisationError, MaanError, RateLimitError
from connector.port.records import PullEvent
from connector.store import Store
from tests.flow.kit import CONFIG, POLICY, Kit, MemorySource, open_kit
from tests.make import FixedClock

NAMES = [f"klant-{number:02}" for number in range(10)]
HEAD, _, REST = CONFIG.partition("  - id: jansen\n")
ONE, _, TAIL = REST.partition("agencies:")
MANY = HEAD + "".join(f"  - id: {name}\n{ONE}" for name in NAMES) + "agencies:" + TAIL


class ScarceSource(MemorySource):
    """A source of one administration that shares its requests with others."""

    def __init__(self, name: str, left: list[str]) -> None:
        super().__init__()
        self.name = name
        self.left = left

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        if not self.left:
            raise RateLimitError("budget_spent", after=200)
        self.left.pop()
        yield from super().pull(cursor, full=full, accept_empty=accept_empty)


@pytest.fixture
def left() -> list[str]:
    """One for each pull that the quota still allows."""
    return []


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock, left: list[str]) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock, files=(MANY, POLICY)) as opened:
        for desk in opened.office.administrations():
            desk._adapter = ScarceSource(desk.id, left)
        yield opened


def pulled(kit: Kit) -> set[str]:
    found = set()
    for name in NAMES:
        with kit.office.store.unit(name, reading=True) as unit:
            if unit.books.state().data_from is not None:
                found.add(name)
    return found


def a_round(kit: Kit, left: list[str], quota: int) -> MaanError:
    left[:] = ["one"] * quota
    kit.clock.move(minutes=5)
    with pytest.raises(MaanError) as raised:
        run_pull(kit.office)
    return raised.value


def test_all_were_pulled_after_a_few_rounds(kit: Kit, left: list[str]) -> None:
    for _ in range(4):
        a_round(kit, left, 3)

    assert pulled(kit) == set(NAMES)


def test_the_oldest_books_are_pulled_first(kit: Kit, left: list[str]) -> None:
    for _ in range(4):
        a_round(kit, left, 5)

    with kit.office.store.unit(NAMES[0], reading=True) as unit:
        assert unit.books.state().data_from == kit.clock.now() - timedelta(minutes=5)


def test_the_first_failure_tells_how_long_another_must_wait(kit: Kit, left: list[str]) -> None:
    desk = kit.office.administration(NAMES[0])
    source = MemorySource()
    source.fault = AuthorisationError("connect_again", connection="x")
    desk._adapter = source
    error = a_round(kit, left, 3)

    assert (error.code, error.facts["after"]) == ("connect_again", 200)


def test_books_that_were_read_since_are_left_out(kit: Kit, left: list[str]) -> None:
    a_round(kit, left, 3)
    leave_out_fresh(kit.office, kit.clock.now())

    assert [desk.id for desk in kit.office.administrations()] == NAMES[3:]
