"""The whole house over the simulated package: its letters are kept there, each once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.exact.simulator import Fault
from connector.flow.act import act
from tests.adapters.exact.house import House, invoice, open_house
from tests.flow.kit import MORNING, POLICY, Killed

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


def test_a_letter_about_several_invoices_names_them_on_the_relation(house: House) -> None:
    issued = MORNING.date() - timedelta(days=44)
    firm = house.package.add_account("Bakkerij De Wit B.V.", kvk="12345678")
    for total in ("121.00", "1210.00"):
        house.package.add_invoice(firm, total, issued=issued, due=issued + timedelta(days=30))
    (action,) = house.approved()

    act(house.desk)

    (document,) = house.package.documents
    assert (document["Account"], document.get("FinancialTransactionEntryID")) == (firm, None)
    assert document["Subject"] == (
        f"maan · 23-11-2026 · herinnering · e-mail · € 1.331,00 [maan {action}-2026-11-23]"
    )
    assert document["Body"].splitlines() == [
        "maan · 23-11-2026 · herinnering · e-mail · € 1.331,00 · 26000001, 26000002",
        "Factuur 26000001 · € 121,00 · Vervaldatum 09-11-2026",
        "Factuur 26000002 · € 1.210,00 · Vervaldatum 09-11-2026",
        "Totaal · € 1.331,00",
    ]


def test_a_call_is_a_task_that_names_its_invoice(house: House) -> None:
    house.policy(POLICY.replace("do: reminder, via: email, fallback: post", "do: call", 1))
    invoice(house)
    (action,) = house.approved()

    act(house.desk)

    (task,) = house.package.tasks
    assert task["Description"] == (
        f"maan · 23-11-2026 · herinnering · telefoon · € 121,00 · 26000001 [maan {action}-task]"
    )
    assert task["Notes"].splitlines()[1:] == [
        "Factuur 26000001 · € 121,00 · Vervaldatum 09-11-2026"
    ]


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
