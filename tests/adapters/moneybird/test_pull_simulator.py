"""The same pulls, over the line: requests are counted by the simulator."""

from collections.abc import Iterator

import pytest

from adapters.moneybird.adapter import MoneybirdAdapter
from adapters.moneybird.settings import MoneybirdSettings
from adapters.moneybird.simulator import Fault, Simulator
from connector.port.errors import RateLimitError
from connector.port.records import End, ItemId, Kind
from connector.testkit.tools import FakeTools
from tests.adapters.moneybird.openapi import check_exchange
from tests.adapters.moneybird.reading import Told, run

HOUR = 3600


@pytest.fixture
def lent() -> FakeTools:
    return FakeTools(rehearsal=False)


@pytest.fixture
def sim(lent: FakeTools) -> Iterator[Simulator]:
    with Simulator(clock=lent.clock) as made:
        lent.secrets = {"env:TOKEN": made.token}
        yield made


def adapter(sim: Simulator, lent: FakeTools) -> MoneybirdAdapter:
    settings = MoneybirdSettings.model_validate(
        {"administration": sim.administration, "token": "env:TOKEN", "base_url": sim.url}
    )
    return MoneybirdAdapter(settings=settings, tools=lent)


def pull(sim: Simulator, lent: FakeTools, cursor: str | None = None, **wishes: bool) -> Told:
    """Pull with a new adapter, an hour later."""
    lent.clock.advance(HOUR)
    sim.reset_count()
    made = adapter(sim, lent)
    try:
        return run(made, cursor, **wishes)
    finally:
        made.close()


def test_first_pull_costs_the_least(sim: Simulator, lent: FakeTools) -> None:
    sim.fill(250, external=101, purchase=3)

    told = pull(sim, lent)

    assert told.end is not None
    assert sim.count("/api/") == told.end.requests == 1 + (1 + 3) + (1 + 2) + (1 + 1) + 1
    assert len(told.items) == 250 + 101 + 3


def test_idle_pull_costs_five_requests(sim: Simulator, lent: FakeTools) -> None:
    sim.fill(150, external=1, purchase=1)
    cursor = pull(sim, lent).cursor

    told = pull(sim, lent, cursor)

    assert (sim.count("/api/"), told.batches) == (5, [])


@pytest.mark.parametrize(("changed", "pages"), [(1, 1), (101, 2)])
def test_changes_cost_a_request_for_each_hundred(
    sim: Simulator, lent: FakeTools, changed: int, pages: int
) -> None:
    invoices = [sim.add_invoice() for _ in range(changed)]
    cursor = pull(sim, lent).cursor
    for invoice in invoices:
        sim.pay(invoice, "1.00")

    told = pull(sim, lent, cursor)

    assert (len(told.items), sim.count("/api/")) == (changed, 5 + pages)


def test_settled_invoices_cost_a_request_for_each_hundred(sim: Simulator, lent: FakeTools) -> None:
    paid, credited, other, _ = (sim.add_invoice() for _ in range(4))
    cursor = pull(sim, lent).cursor
    sim.pay(paid)
    sim.credit(credited)
    sim.set_state(other, "uncollectible")

    told = pull(sim, lent, cursor)

    ends = {str(item.id): item.end for item in told.items.values()}
    assert ends == {
        f"R/{paid}": End.PAID,
        f"R/{credited}": End.CREDITED,
        f"R/{other}": End.WRITTEN_OFF,
    }
    assert sim.count("/api/") == 6


def test_deleted_invoice_costs_one_look_more(sim: Simulator, lent: FakeTools) -> None:
    gone, _ = sim.add_invoice(), sim.add_invoice()
    cursor = pull(sim, lent).cursor
    sim.delete_invoice(gone)

    told = pull(sim, lent, cursor)

    assert (told.removed, sim.count("/api/")) == ([f"R/{gone}"], 7)


def test_merged_contact_moves_its_invoices(sim: Simulator, lent: FakeTools) -> None:
    gone, kept = sim.add_contact(company_name="Een"), sim.add_contact(company_name="Twee")
    invoice = sim.add_invoice(contact=gone)
    sim.add_invoice(contact=kept)
    cursor = pull(sim, lent).cursor
    sim.merge_contacts(gone, kept)

    told = pull(sim, lent, cursor)

    assert {item.id: item.party for item in told.items.values()} == {f"R/{invoice}": str(kept)}


def test_archived_contact_is_not_taken_for_deleted(sim: Simulator, lent: FakeTools) -> None:
    contact = sim.add_contact(company_name="Een")
    sim.add_invoice(contact=contact)
    cursor = pull(sim, lent).cursor
    sim.archive_contact(contact)

    told = pull(sim, lent, cursor)

    assert [party.tags for party in told.parties.values()] == [("archived",)]
    assert told.items == {}


def test_old_years_are_open_too(sim: Simulator, lent: FakeTools) -> None:
    old = sim.add_invoice(issued="2019-01-15", due="2019-02-01")

    assert [*pull(sim, lent).items] == [f"R/{old}"]


def test_budget_that_ends_is_resumed_without_a_refusal(sim: Simulator, lent: FakeTools) -> None:
    sim.fill(14_000)
    told = pull(sim, lent)
    seen = dict(told.items)

    while told.end is None:
        assert isinstance(told.error, RateLimitError)
        told = pull(sim, lent, told.checkpoints[-1])
        assert not seen.keys() & told.items.keys()
        seen |= told.items

    assert (len(seen), sim.refused) == (14_000, 0)


def test_refusal_of_moneybird_keeps_what_came(sim: Simulator, lent: FakeTools) -> None:
    sim.fill(350)
    sim.fault(Fault.RATE_HTML, match="POST", nth=3)

    stopped = pull(sim, lent)
    rest = pull(sim, lent, stopped.checkpoints[-1])

    assert isinstance(stopped.error, RateLimitError)
    assert (len(stopped.items), len(rest.items)) == (200, 150)


def test_half_a_list_closes_nothing(sim: Simulator, lent: FakeTools) -> None:
    sim.fill(60)
    cursor = pull(sim, lent).cursor
    sim.fault(Fault.SHORT_LIST, match="sales_invoices/synchronization")

    told = pull(sim, lent, cursor)

    assert (told.removed, told.held) == ([], [])
    assert not told.ends[Kind.RECEIVABLES].complete


def test_rows_without_a_needed_field_are_held(sim: Simulator, lent: FakeTools) -> None:
    sim.fill(3)
    sim.fault(Fault.MISSING_FIELDS, match="POST")

    told = pull(sim, lent)

    assert (len(told.held), told.items) == (3, {})
    assert {fault.reason for fault in told.rejected} == {"moneybird.field_missing"}


@pytest.mark.parametrize("fault", [Fault.NUMBERS, Fault.UNKNOWN_FIELDS])
def test_rows_in_another_form_are_read_the_same(
    sim: Simulator, lent: FakeTools, fault: Fault
) -> None:
    sim.fill(3)
    expected = {key: item.open for key, item in pull(sim, lent).items.items()}
    sim.fault(fault, times=100)

    told = pull(sim, lent)

    assert {key: item.open for key, item in told.items.items()} == expected


def test_token_without_documents_leaves_payables_out(sim: Simulator, lent: FakeTools) -> None:
    sim.add_invoice()
    lent.secrets = {"env:TOKEN": sim.issue_token(["sales_invoices"])}

    told = pull(sim, lent)

    assert (len(told.items), told.ends[Kind.PAYABLES].delivered) == (1, False)


def test_invoice_comes_as_pdf_and_a_deleted_one_does_not(sim: Simulator, lent: FakeTools) -> None:
    invoice, gone = sim.add_invoice(), sim.add_invoice()
    sim.delete_invoice(gone)
    made = adapter(sim, lent)

    found = [made.invoice_pdf(ItemId(f"R/{id_}"), "1") for id_ in (invoice, gone)]

    made.close()
    assert found[0] is not None
    assert (found[0][:4], found[1]) == (b"%PDF", None)


def test_doctor_names_the_administration_and_its_workflows(sim: Simulator, lent: FakeTools) -> None:
    sim.add_workflow(name="Streng", auto_send=True)
    made = adapter(sim, lent)

    lines = made.diagnose()

    made.close()
    assert [(one.ok, one.code) for one in lines] == [
        (True, "moneybird.connected"),
        (True, "moneybird.auto_reminders"),
    ]
    assert lines[0].facts == {"administration": "Jansen Advies"}


def test_doctor_names_a_missing_scope(sim: Simulator, lent: FakeTools) -> None:
    lent.secrets = {"env:TOKEN": sim.issue_token(["sales_invoices"])}
    made = adapter(sim, lent)

    lines = made.diagnose()

    made.close()
    assert [one.facts for one in lines if one.code == "moneybird.scope_missing"] == [
        {"scope": "documents"}
    ]


def test_every_exchange_is_as_the_official_document_says(sim: Simulator, lent: FakeTools) -> None:
    invoice = sim.add_invoice()
    sim.add_external()
    sim.add_purchase()
    sim.add_receipt()
    contact = sim.add_contact()
    sim.add_invoice(contact=contact)
    cursor = pull(sim, lent).cursor
    exchanges = [*sim.requests]
    sim.delete_invoice(invoice)
    sim.touch(contact)

    pull(sim, lent, cursor)

    for one in [*exchanges, *sim.requests]:
        check_exchange(one)
