"""What the package is given to read says step, day, way, amount and every invoice."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from connector.core.actions import Action, Charges, CreditUsed
from connector.core.policy.model import ChannelName, StepKind
from connector.flow.act import act
from connector.flow.approve import approve
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.flow.record_text import text_of
from connector.port.adapter import PushVerb
from connector.port.money import Money
from connector.port.records import ItemId
from connector.store import Store
from tests.flow.kit import BY, CONFIG, Kit, late, open_kit
from tests.flow.package_kit import POLICY, PackageSource
from tests.make import FixedClock, action, euro, planned

HANDOVER = """
version: 1
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    ladder: [{step: herinnering, at: due + 4d, do: reminder, via: email}]
  - name: kort
    ladder: [{step: incasso, at: due + 10d, do: hand_over, to: bureau}]
"""
ON = date(2026, 11, 23)


@pytest.fixture
def kit(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[Kit]:
    source = PackageSource()
    with open_kit(tmp_path, memory_store, clock, source=source, files=(CONFIG, POLICY)) as opened:
        yield opened


def acted(kit: Kit) -> list[str]:
    """Do all that is proposed; return the lines that the package got."""
    pull(kit.desk)
    propose(kit.desk)
    approve(kit.desk, by=BY)
    act(kit.desk)
    (order,) = cast("PackageSource", kit.source).done
    assert order.verb in (PushVerb.RECORD_MESSAGE, PushVerb.RECORD_HANDOVER)
    return order.text.splitlines()


def lines(told: Action) -> list[str]:
    return text_of(told, ON, language="nl").splitlines()


def test_a_record_names_every_invoice_with_its_amount(kit: Kit) -> None:
    kit.source.add(late("F1"), late("F2"))

    assert acted(kit) == [
        "maan · 23-11-2026 · herinnering · e-mail · € 242,00 · F1, F2",
        "Factuur F1 · € 121,00 · Vervaldatum 09-11-2026",
        "Factuur F2 · € 121,00 · Vervaldatum 09-11-2026",
        "Totaal · € 242,00",
    ]


def test_a_record_of_a_handover_names_the_agency_and_the_invoices(kit: Kit) -> None:
    kit.policy(HANDOVER)
    kit.source.add(late("F1"), late("F2"))

    assert acted(kit) == [
        "maan · 23-11-2026 · incasso · Bureau Proef · e-mail · € 242,00 · F1, F2",
        "Factuur F1 · € 121,00 · Vervaldatum 09-11-2026",
        "Factuur F2 · € 121,00 · Vervaldatum 09-11-2026",
        "Totaal · € 242,00",
    ]


def test_a_record_is_in_the_language_of_the_installation(
    tmp_path: Path, memory_store: Store, clock: FixedClock
) -> None:
    files = (f"language: en\n{CONFIG}", POLICY)
    with open_kit(tmp_path, memory_store, clock, source=PackageSource(), files=files) as kit:
        kit.source.add(late())

        assert acted(kit) == [
            "maan · 23/11/2026 · herinnering · e-mail · €121.00 · F1",
            "Invoice F1 · €121.00 · Due date 09/11/2026",
        ]


def test_what_goes_off_and_comes_on_top_adds_up_to_the_total() -> None:
    charges = Charges(
        interest=euro("1.21"), costs=euro("40.00"), vat=euro("8.40"),
        announced=euro("0.00"), announced_vat=euro("0.00"),
    )  # fmt: skip
    credit = CreditUsed(number="C1", amount=euro("21.00"), against=None)

    assert lines(
        action(planned("F1"), credits=(credit,), charges=charges, total=euro("149.61"))
    ) == [
        "maan · 23-11-2026 · herinnering · e-mail · € 149,61 · F1",
        "Factuur F1 · € 121,00 · Vervaldatum 24-10-2026",
        "Af: creditnota of nog niet verwerkte betaling C1 · € 21,00",
        "Rente · € 1,21",
        "Incassokosten · € 40,00",
        "Btw over de incassokosten · € 8,40",
        "Totaal · € 149,61",
    ]


def test_the_first_line_stays_a_title_and_the_others_name_them_all() -> None:
    numbers = [f"F{number}" for number in range(4)]
    items = [planned(one, id=ItemId(f"R/{one}")) for one in numbers]

    first, *rest = lines(action(*items))

    assert first == "maan · 23-11-2026 · herinnering · e-mail · € 484,00"
    assert [line.split(" · ")[0] for line in rest] == [f"Factuur {one}" for one in numbers] + [
        "Totaal"
    ]


@pytest.mark.parametrize(
    ("kind", "via", "way"),
    [
        (StepKind.REMINDER, (ChannelName.EMAIL, ChannelName.POST), " · e-mail, post"),
        (StepKind.CALL, (), " · telefoon"),
        (StepKind.TASK, (), ""),
    ],
)
def test_the_way_is_named_where_there_is_one(
    kind: StepKind, via: tuple[ChannelName, ...], way: str
) -> None:
    told = action(planned("F1"), kind=kind, via=via)

    assert lines(told)[0] == f"maan · 23-11-2026 · herinnering{way} · € 121,00 · F1"


def test_a_task_says_why_below_its_title() -> None:
    told = action(planned("F1"), kind=StepKind.TASK, via=(), to="petra", why="adres klopt niet")

    assert lines(told)[1:] == [
        "adres klopt niet",
        "Factuur F1 · € 121,00 · Vervaldatum 24-10-2026",
    ]


def test_another_currency_is_named() -> None:
    item = planned("F1", open=Money(Decimal("1210.00"), "USD"))

    told = lines(action(item, currency="USD", total=Money(Decimal("1210.00"), "USD")))

    assert told[1] == "Factuur F1 · US$ 1.210,00 · Vervaldatum 24-10-2026"
