"""What comes over a network goes in block by block, and goes on where it stopped."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from connector.flow.pull import PullReport, pull
from connector.port.errors import AdapterError, RateLimitError, UnavailableError
from connector.port.records import (
    Batch,
    ItemRecord,
    Kind,
    KindEnd,
    PullEnd,
    PullEvent,
)
from connector.store import ItemQuery, Store
from tests.flow.kit import CheapSource, Kit, MemorySource, late, open_kit
from tests.make import FixedClock


class PagedSource(MemorySource):
    """Yields one page after the other and stops after some of them, as often as it is told."""

    def __init__(self, *pages: Sequence[ItemRecord]) -> None:
        super().__init__()
        self.pages = pages
        self.stops: list[tuple[int, AdapterError]] = []
        self.began_at: list[str | None] = []
        self.watch: Callable[[], None] = lambda: None

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        self.began_at.append(cursor)
        begin = int(cursor or 0)
        stop, error = self.stops.pop(0) if self.stops else (len(self.pages), None)
        for number, page in enumerate(self.pages[begin:stop], start=begin + 1):
            yield Batch(items=tuple(page))
            self.watch()
            yield Batch(checkpoint=str(number))
        if error is not None:
            yield Batch(items=(late("LOST"),))
            raise error
        yield KindEnd(kind=Kind.RECEIVABLES, delivered=True, complete=True)
        yield PullEnd(cursor=str(len(self.pages)), requests=3)


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as opened:
        yield opened


def paged(kit: Kit, *stops: tuple[int, AdapterError]) -> PagedSource:
    source = PagedSource([late("F1")], [late("F2")], [late("F3")])
    source.stops = list(stops)
    kit.desk._adapter = source
    return source


def numbers(kit: Kit) -> list[str]:
    with kit.office.store.unit("jansen", reading=True) as unit:
        return sorted(item.number for item in unit.books.items(ItemQuery()))


def new(report: PullReport) -> int:
    return report.counts[Kind.RECEIVABLES].new


def test_what_came_before_the_last_checkpoint_is_kept_when_the_source_fails(kit: Kit) -> None:
    paged(kit, (2, UnavailableError("wire_unavailable")))

    report = pull(kit.desk)

    assert (numbers(kit), report.complete, new(report)) == (["F1", "F2"], False, 2)


def test_the_next_pull_goes_on_from_the_checkpoint(kit: Kit) -> None:
    source = paged(kit, (2, RateLimitError("budget_spent", after=60)))
    pull(kit.desk)

    report = pull(kit.desk)

    assert (source.began_at, numbers(kit), new(report)) == ([None, "2"], ["F1", "F2", "F3"], 1)


def test_books_that_stopped_half_way_are_not_complete(kit: Kit) -> None:
    paged(kit, (1, RateLimitError("budget_spent", after=60)))

    pull(kit.desk)

    with kit.office.store.unit("jansen", reading=True) as unit:
        trust = unit.books.trust()
    assert (trust.complete, trust.data_from) == (False, None)


def test_no_transaction_is_open_while_the_remote_is_waited_for(kit: Kit) -> None:
    source = paged(kit)

    def write() -> None:
        with kit.office.store.unit("another") as unit:
            unit.books.is_news("meanwhile")

    source.watch = write

    assert pull(kit.desk).complete


def test_what_is_read_from_a_disk_goes_in_whole_or_not_at_all(kit: Kit) -> None:
    class Broken(CheapSource):
        def pull(
            self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
        ) -> Iterator[PullEvent]:
            yield Batch(items=(late("F1"),), checkpoint="1")
            raise UnavailableError("csv.folder_missing", folder="books")

    kit.desk._adapter = Broken()

    report = pull(kit.desk)

    assert (numbers(kit), new(report)) == ([], 0)
