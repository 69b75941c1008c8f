"""The whole house over the simulated package: what a webhook names is read again at once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.exact.sim_faults import Answer
from adapters.exact.sim_server import Outcome, Request, Server
from adapters.exact.webhooks import Trust, received
from connector.flow.pull import pull
from connector.flow.receiving import refresh_told
from connector.port.records import ItemId
from tests.adapters.exact.house import House, invoice, open_house
from tests.flow.kit import MORNING

LATER = MORNING.date() + timedelta(days=60)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
def heard(house: House) -> Iterator[list[bytes]]:
    bodies: list[bytes] = []

    def hear(request: Request) -> Outcome:
        bodies.append(request.body)
        return Outcome(answer=Answer(status=200))

    server = Server(hear)
    house.package.subscribe(server.url, "FinancialTransactions")
    yield bodies
    server.close()


def told(house: House, bodies: list[bytes]) -> int:
    """Deliver what waits and read again what it names; return how many items."""
    house.package.deliver()
    trust = Trust(division=house.package.division, secret=house.package.webhook_secret)
    events = {}
    for body in bodies:
        got = received(body, trust=trust)
        assert got.key is not None
        events[got.key] = got.items
    return refresh_told(house.office, {"jansen": events})


def test_an_invoice_that_was_edited_is_read_again(house: House, heard: list[bytes]) -> None:
    entry = invoice(house)
    pull(house.desk)
    house.package.edit_entry(entry, due=LATER)
    house.package.reset_count()

    count = told(house, heard)

    assert (count, house.item(entry).due) == (1, LATER)
    assert [one.line.split("?")[0].split("/")[-1] for one in house.package.requests] == [
        "Receivables"
    ]


def test_a_purchase_that_was_edited_asks_exact_nothing(house: House, heard: list[bytes]) -> None:
    entry = house.package.add_purchase()
    pull(house.desk)
    house.package.edit_entry(entry, due=LATER)
    house.package.reset_count()

    assert (told(house, heard), len(house.package.requests)) == (1, 0)


def test_an_entry_that_the_books_do_not_know_is_left_to_the_pull(
    house: House, heard: list[bytes]
) -> None:
    pull(house.desk)
    entry = invoice(house)
    house.package.reset_count()

    count = told(house, heard)

    with house.office.store.unit("jansen") as unit:
        assert unit.books.item(ItemId(f"R/{entry}")) is None
    assert (count, len(house.package.requests)) == (0, 0)
