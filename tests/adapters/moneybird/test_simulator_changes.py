"""What changes in the simulated Moneybird when somebody pays, reminds, pauses or merges."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from adapters.moneybird.simulator import Simulator
from tests.adapters.moneybird.asking import Asker, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sim(clock: HandClock) -> Iterator[Simulator]:
    with Simulator(clock=clock) as running:
        yield running


@pytest.fixture
def client(sim: Simulator) -> Iterator[Asker]:
    with Asker(sim) as asker:
        yield asker


def test_a_partial_payment_leaves_the_rest_open(sim: Simulator) -> None:
    invoice = sim.add_invoice(total="363.00")

    sim.pay(invoice, "100.50", date(2026, 11, 20))

    shown = sim.look(invoice)
    assert (shown["state"], shown["total_paid"], shown["total_unpaid"]) == (
        "open",
        "100.5",
        "262.5",
    )


def test_a_full_payment_ends_it_and_its_reversal_opens_it_again(sim: Simulator) -> None:
    invoice = sim.add_invoice(due="2026-11-01")
    sim.pay(invoice)
    paid = sim.state(invoice)

    sim.reverse_payment(invoice)

    assert (paid, sim.state(invoice), sim.look(invoice)["paid_at"]) == ("paid", "late", None)


def test_a_settled_credit_invoice_pays_both_sides(sim: Simulator) -> None:
    invoice = sim.add_invoice(total="121.00")

    credit = sim.credit(invoice)

    shown = sim.look(credit)
    assert (sim.state(invoice), shown["state"], shown["total_price_incl_tax"]) == (
        "paid",
        "paid",
        "-121.0",
    )
    assert shown["original_sales_invoice_id"] == str(invoice)


def test_a_document_shows_payments_as_magnitudes(sim: Simulator) -> None:
    credit = sim.add_purchase(total="-50.00")

    sim.pay(credit, 20)

    assert sim.look(credit)["payments"][0]["price"] == "20.0"


def test_a_reminder_counts_and_changes_state_and_next_date(sim: Simulator, client: Asker) -> None:
    invoice = sim.add_invoice(state="late")

    answer = client.remind(invoice, delivery_method="Email", reminder_text="Graag betalen")

    shown = sim.look(invoice)
    assert (answer.status_code, answer.json()) == (200, 200)
    assert (shown["state"], shown["reminder_count"], shown["next_reminder"]) == (
        "reminded",
        1,
        "2026-12-06",
    )
    assert "sales_invoice_send_reminder_email" in [one["action"] for one in shown["events"]]


def test_a_reminder_is_all_or_nothing(sim: Simulator, client: Asker) -> None:
    contact = sim.add_contact()
    unpaid, paid = sim.add_invoice(contact=contact), sim.add_invoice(contact=contact, state="paid")

    answer = client.remind(unpaid, paid)

    assert (answer.status_code, sim.reminders, sim.look(unpaid)["reminder_count"]) == (400, [], 0)


@pytest.mark.parametrize("name", ["workflow_id", "document_style_id", "identity_id", "contact_id"])
def test_a_reminder_must_name_the_group_of_its_invoices(
    sim: Simulator, client: Asker, name: str
) -> None:
    invoice = sim.add_invoice()

    answer = client.remind(invoice, **{name: "496081540000000001"})

    assert (answer.status_code, sim.reminders) == (422, [])


def test_a_reminder_of_a_collecting_workflow_starts_a_collection(
    sim: Simulator, client: Asker
) -> None:
    collecting = sim.add_workflow(collection_method="sepa_direct_debit")
    invoice = sim.add_invoice(workflow=collecting)

    client.remind(invoice)

    assert sim.state(invoice) == "pending_payment"


def test_a_reminder_to_a_dead_address_leaves_a_to_do(sim: Simulator, client: Asker) -> None:
    invoice = sim.add_invoice(contact=sim.add_contact(email="weg@example.com"))
    sim.bouncing.add("weg@example.com")

    client.remind(invoice)

    types = [one["todo_type"] for one in sim.look(invoice)["notes"]]
    assert types == ["sales_invoice_reminder_sending_failed"]


def test_a_pause_shows_as_a_reminder_in_2099(sim: Simulator, client: Asker) -> None:
    invoice = sim.add_invoice()

    answer = client.ask("POST", f"sales_invoices/{invoice}/pause.json", json={})

    shown = answer.json()
    assert (answer.status_code, shown["paused"], shown["next_reminder"]) == (
        201,
        True,
        "2099-01-01",
    )


def test_a_night_lets_only_unpaused_workflows_send_by_themselves(sim: Simulator) -> None:
    sending = sim.add_workflow(auto_send=True)
    loud = sim.add_invoice(workflow=sending, due="2026-11-20")
    sim.add_invoice(workflow=sending, due="2026-11-20", paused=True)
    sim.add_invoice(due="2026-11-20")

    sim.nightly()

    assert [(one.invoices, one.by) for one in sim.reminders] == [((loud,), "package")]


def test_a_merged_contact_disappears_and_its_invoices_change(
    sim: Simulator, client: Asker, clock: HandClock
) -> None:
    gone, kept = sim.add_contact(), sim.add_contact()
    invoice = sim.add_invoice(contact=gone)
    before = sim.look(invoice)["version"]
    clock.sleep(60)

    sim.merge_contacts(gone, kept)

    [shown] = client.fetch("sales_invoices", invoice)
    assert (shown["contact_id"], shown["version"]) == (str(kept), before + 60)
    assert client.listed("contacts/synchronization.json", include_archived="true") == [kept]


def test_a_note_is_written_and_removed(sim: Simulator, client: Asker) -> None:
    invoice = sim.add_invoice()
    notes = f"sales_invoices/{invoice}/notes"
    made = client.ask("POST", f"{notes}.json", json={"note": {"note": "[maan K1]"}}).json()
    text = sim.look(invoice)["notes"][0]["note"]

    answers = [client.ask("DELETE", f"{notes}/{made['id']}.json").status_code for _ in range(2)]

    assert (text, answers, sim.look(invoice)["notes"]) == ("[maan K1]", [204, 404], [])


@pytest.mark.parametrize(
    ("fields", "status"), [({"state": "late"}, 200), ({"state": "paid"}, 400), ({"total": -5}, 400)]
)
def test_only_unpaid_invoices_become_dubious(
    sim: Simulator, client: Asker, fields: dict[str, Any], status: int
) -> None:
    invoice = sim.add_invoice(**fields)

    answer = client.ask("PATCH", f"sales_invoices/{invoice}/mark_as_dubious.json", json={})

    assert answer.status_code == status


def test_a_field_that_the_wire_does_not_know_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="no such field of an item: totl"):
        sim.add_invoice(totl="12")
