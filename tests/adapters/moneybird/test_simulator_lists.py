"""Lists, filters and pages of the simulated Moneybird, with their quirks."""

from collections.abc import Iterator

import pytest

from adapters.moneybird.simulator import Simulator, simulate
from tests.adapters.moneybird.asking import Asker, HandClock

SYNC = "sales_invoices/synchronization.json"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(clock=HandClock()) as running:
        yield running


@pytest.fixture
def client(sim: Simulator) -> Iterator[Asker]:
    with Asker(sim) as asker:
        yield asker


def test_a_list_without_a_filter_hides_last_year(sim: Simulator, client: Asker) -> None:
    sim.add_invoice(issued="2025-12-20")
    recent = sim.add_invoice(issued="2026-01-02")

    listed = client.listed("sales_invoices.json")

    assert listed == [recent]


def test_any_filter_replaces_the_period(sim: Simulator, client: Asker) -> None:
    old = sim.add_invoice(issued="2019-12-20", state="late")

    listed = client.listed(SYNC, filter="state:open|late")

    assert listed == [old]


def test_an_unknown_filter_key_lets_everything_through(sim: Simulator, client: Asker) -> None:
    both = [sim.add_invoice(), sim.add_invoice(state="paid")]

    listed = client.listed(SYNC, filter="status:open")

    assert listed == both


def test_an_unknown_state_is_refused(client: Asker) -> None:
    answer = client.ask("GET", SYNC, params={"filter": "state:due"})

    assert (answer.status_code, answer.json()["error"]) == (
        400,
        "Status is not included in the list",
    )


@pytest.mark.parametrize(
    ("period", "status"),
    [
        ("20180101..20271231", 200),
        ("this_quarter", 200),
        ("202601..202602", 200),
        ("202601", 400),
        ("20180101..", 400),
        ("20100101..20261231", 400),
        ("all", 400),
    ],
)
def test_a_period_has_two_ends_and_ten_years_at_most(
    client: Asker, period: str, status: int
) -> None:
    answer = client.ask("GET", SYNC, params={"filter": f"period:{period}"})

    assert answer.status_code == status


def test_a_page_links_to_the_next_within_the_origin(sim: Simulator, client: Asker) -> None:
    for _ in range(3):
        sim.add_invoice()

    answer = client.ask("GET", "sales_invoices.json", params={"per_page": 2})

    assert answer.links["next"]["url"] == f"{answer.url.partition('?')[0]}?per_page=2&page=2"


def test_a_page_behind_the_last_is_refused(sim: Simulator, client: Asker) -> None:
    sim.add_invoice()

    answer = client.ask("GET", "sales_invoices.json", params={"page": 2})

    assert answer.status_code == 400


def test_more_than_a_hundred_ids_are_cut_off_silently(sim: Simulator, client: Asker) -> None:
    contact = sim.add_contact()
    ids = [sim.add_invoice(contact=contact) for _ in range(101)]

    rows = client.fetch("sales_invoices", *ids)

    assert [int(row["id"]) for row in rows] == ids[:100]


def test_ids_that_are_gone_are_left_out(sim: Simulator, client: Asker) -> None:
    gone, kept = sim.add_invoice(), sim.add_invoice()
    sim.delete_invoice(gone)

    rows = client.fetch("sales_invoices", gone, kept)

    assert [row["id"] for row in rows] == [str(kept)]


def test_archived_contacts_are_listed_only_when_asked_for(sim: Simulator, client: Asker) -> None:
    contact = sim.add_contact(archived=True)

    listed = [
        client.listed("contacts/synchronization.json"),
        client.listed("contacts/synchronization.json", include_archived="true"),
    ]

    assert listed == [[], [contact]]


def test_a_version_is_the_second_of_the_last_change(sim: Simulator, client: Asker) -> None:
    invoice = sim.add_invoice()
    sim.touch(invoice)

    [row] = client.get(SYNC, filter="state:open")

    assert row == {"id": str(invoice), "version": 1795694400}


def test_many_invoices_are_listed_like_single_ones(sim: Simulator, client: Asker) -> None:
    sim.fill(1_000, per_debtor=4)

    listed = client.listed(SYNC, filter="state:open|late")
    debtors = client.listed("contacts/synchronization.json")

    assert (len(set(listed)), len(debtors)) == (1_000, 250)


def test_a_simulator_is_made_with_many_invoices_by_option() -> None:
    options = {"clock": HandClock(), "quota": False, "invoices": 7}
    with simulate(options) as made, Asker(made) as asker:
        listed = asker.listed(SYNC, filter="state:open|late")

    assert len(listed) == 7


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ValueError, match="no such option of the simulator: invoicez"):
        simulate({"invoicez": 7})
