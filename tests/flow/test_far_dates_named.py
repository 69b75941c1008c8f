"""A date that a person names is near enough to be meant."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from connector.core.snapshot import Hold, HoldReason
from connector.flow.holding import add_hold
from connector.flow.mend import place_item
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.errors import RequestError
from connector.port.records import ItemId
from connector.store import Store
from tests.flow.kit import BY, Kit, late, open_kit
from tests.make import FixedClock

ITEM = ItemId("R/F1")


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as found:
        found.source.add(late("F1"), late("F2", party="2"))
        pull(found.desk)
        yield found


def set_due(kit: Kit, due: date) -> None:
    place_item(kit.desk, ITEM, step=None, due=due, reason="afgesproken", by=BY)


def promise(kit: Kit, until: date) -> None:
    hold = Hold(id="", item=ITEM, party=None, reason=HoldReason.PROMISE, until=until)
    add_hold(kit.desk, hold, by=BY)


@pytest.mark.parametrize("due", [date(9999, 12, 31), date(2031, 11, 24), date(2006, 11, 22)])
def test_a_due_date_out_of_reach_is_refused(kit: Kit, due: date) -> None:
    with pytest.raises(RequestError, match="date_too_far"):
        set_due(kit, due)


@pytest.mark.parametrize("due", [date(2031, 11, 23), date(2006, 11, 23)])
def test_a_due_date_within_reach_is_taken(kit: Kit, due: date) -> None:
    set_due(kit, due)

    assert propose(kit.desk) is not None


def test_a_hold_out_of_reach_is_refused(kit: Kit) -> None:
    with pytest.raises(RequestError, match="date_too_far"):
        promise(kit, date(2031, 11, 24))


def test_a_hold_within_reach_is_taken(kit: Kit) -> None:
    promise(kit, date(2031, 11, 23))

    assert propose(kit.desk) is not None
