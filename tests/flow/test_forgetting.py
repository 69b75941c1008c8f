"""Forgetting as a step: never while something is going on, and no attempt is left behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.flow.act import act
from connector.flow.approve import approve
from connector.flow.forget import forget
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.port.records import PartyRef
from connector.store import Store
from tests.flow.kit import BY, Kit, late, open_kit, refused
from tests.make import FixedClock

REF = PartyRef("10023")


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as opened:
        opened.source.add(late())
        pull(opened.desk)
        yield opened


def kept_files(kit: Kit) -> list[str]:
    files = [file for file in (kit.folder / "documents").rglob("*") if file.is_file()]
    return [file.name for file in files if b"F1" in file.read_bytes()]


def test_the_step_itself_looks_whether_all_is_settled(kit: Kit) -> None:
    with pytest.raises(RequestError, match="forget_open"):
        forget(kit.desk, REF, by=BY)


def test_an_unknown_party_is_refused(kit: Kit) -> None:
    with pytest.raises(RequestError, match="ref_unknown"):
        forget(kit.desk, PartyRef("no-one"), by=BY)


def test_the_letter_of_an_attempt_that_failed_goes_too(kit: Kit) -> None:
    kit.email.trouble = refused(permanent=False)
    propose(kit.desk)
    approve(kit.desk, by=BY)
    act(kit.desk)
    kit.at(2026, 11, 24)
    pull(kit.desk)
    act(kit.desk)
    kit.source.change("F1", open=Money.zero("EUR"))
    pull(kit.desk)
    propose(kit.desk)
    before = kept_files(kit)

    done = forget(kit.desk, REF, by=BY)

    assert len(before) == done.documents == 2
    assert kept_files(kit) == []
