"""The books of one firm are never mixed with those of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.flow.act import act
from connector.flow.approve import approve
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.errors import RequestError
from connector.store import ItemQuery, Store
from tests.flow.kit import BY, Kit, MemorySource, late, open_kit
from tests.make import FixedClock


class ManyBooks(MemorySource):
    """A source with the books of many firms."""

    books: str | None = "exact:1"


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock, source=ManyBooks()) as opened:
        opened.source.add(late())
        yield opened


def change(kit: Kit, books: str | None) -> None:
    assert isinstance(kit.source, ManyBooks)
    kit.source.books = books


@pytest.mark.parametrize("books", ["exact:2", "moneybird:1", None])
def test_other_books_are_not_read_into_those_of_before(kit: Kit, books: str | None) -> None:
    pull(kit.desk)
    change(kit, books)
    kit.source.add(late("F2", party="10024"))

    with pytest.raises(RequestError, match="other_books"):
        pull(kit.desk)

    with kit.office.store.unit("jansen", reading=True) as unit:
        assert len(unit.books.items(ItemQuery())) == 1


def test_nothing_leaves_on_other_books(kit: Kit) -> None:
    pull(kit.desk)
    propose(kit.desk)
    approve(kit.desk, by=BY)
    change(kit, "exact:2")

    with pytest.raises(RequestError, match="other_books"):
        act(kit.desk)

    assert not kit.email.sent


def test_books_that_were_not_known_before_are_known_from_then_on(kit: Kit) -> None:
    change(kit, None)
    pull(kit.desk)
    change(kit, "exact:1")
    pull(kit.desk)
    change(kit, "exact:2")

    with pytest.raises(RequestError, match="other_books"):
        pull(kit.desk)
