"""The whole house over the simulated package: its letters are kept there, each once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.exact.simulator import Fault
from connector.flow.act import act
from tests.adapters.exact.house import House, invoice, open_house
from tests.flow.kit import Killed

FILES = "POST /api/v1/{division}/documents/DocumentAttachments"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def test_the_letter_is_in_exact_once(house: House) -> None:
    entry = invoice(house)
    (action,) = house.approved()

    act(house.desk)
    act(house.desk)

    (document,), (file,) = house.package.documents, house.package.attachments
    assert f"[maan {action}-2026-11-23]" in document["Subject"]
    assert document["FinancialTransactionEntryID"] == entry
    assert file["Document"] == document["ID"]
    assert house.item(entry).number.encode() in file["content"]


def test_the_letter_is_in_exact_once_after_a_crash_before_its_file(house: House) -> None:
    invoice(house)
    house.approved()
    file = FILES.format(division=house.package.division)
    house.package.fault(Fault.DROP, match=file)
    house.clock.is_last = True  # when it waits to read back
    with pytest.raises(Killed):
        act(house.desk)
    early = len(house.package.documents), len(house.package.attachments)
    house.restart()

    act(house.desk)

    assert early == (1, 0)
    assert (len(house.package.documents), len(house.package.attachments)) == (1, 1)
    assert len(house.email.sent) == 1


def test_the_letter_is_in_exact_once_after_a_crash_behind_its_file(house: House) -> None:
    invoice(house)
    house.approved()
    file = FILES.format(division=house.package.division)
    house.package.fault(Fault.DROP_AFTER, match=file)
    house.clock.is_last = True
    with pytest.raises(Killed):
        act(house.desk)
    house.restart()

    act(house.desk)

    assert (len(house.package.documents), len(house.package.attachments)) == (1, 1)


def test_a_record_that_exact_did_not_take_follows_later(house: House) -> None:
    invoice(house)
    house.approved()
    house.package.fault(Fault.UNAVAILABLE, match="POST /api/v1/")
    act(house.desk)
    early = len(house.package.documents)
    house.clock.advance(20 * 60)

    act(house.desk)

    assert (early, len(house.package.documents), len(house.email.sent)) == (0, 1, 1)
