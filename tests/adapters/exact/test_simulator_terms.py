"""What payment terms of the simulated Exact do: they split, settle, and change their IDs."""

from collections.abc import Iterator

import pytest

from adapters.exact.simulator import Fault, Simulator
from tests.adapters.exact.asking import DELETED, Asker, HandClock

AMOUNTS = "AmountFC,AmountDC,TransactionAmountFC,TransactionAmountDC,TransactionType,LineType"


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


@pytest.mark.parametrize("sign", [-1, 1])
def test_an_open_invoice_has_the_sign_that_is_set_for_each_endpoint(
    sim: Simulator, client: Asker, sign: int
) -> None:
    sim.ways.terms_sign = sign
    sim.add_invoice(total="121.50")

    [synced] = client.synced(select=AMOUNTS)

    [live] = client.get("cashflow/Receivables", select="AmountFC")["results"]
    [listed] = client.get("read/financial/ReceivablesList")["results"]
    assert (synced["AmountFC"], synced["TransactionAmountFC"]) == (sign * 121.5, 121.5)
    assert (live["AmountFC"], listed["Amount"], type(listed["HID"])) == (-121.5, 121.5, str)


def test_credit_notes_and_receipts_have_the_opposite_sign_of_an_invoice(
    sim: Simulator, client: Asker
) -> None:
    account = sim.add_account()
    invoice = sim.add_invoice(account, "100")
    sim.credit(invoice, "30")
    sim.receipt(account, "20")

    rows = client.synced(select=AMOUNTS)

    told = [(row["TransactionType"], row["AmountFC"]) for row in rows]
    assert told == [(20, -100), (21, 30), (40, 20)]
    [overview] = client.get("read/financial/OutstandingInvoicesOverview")["results"]
    assert overview["OutstandingReceivableInvoiceAmount"] == 50


def test_foreign_currency_is_booked_at_its_rate(sim: Simulator, client: Asker) -> None:
    sim.add_invoice(
        total="100",
        currency="USD",
        rate="0.8",
        terms=[("2026-10-01", "33.33"), ("2026-11-01", "66.67")],
    )

    rows = client.synced(select=f"{AMOUNTS},Currency,RateFC,DueDate")

    assert [(row["AmountFC"], row["AmountDC"]) for row in rows] == [
        (-33.33, -26.66),
        (-66.67, -53.34),
    ]
    assert {(row["Currency"], row["RateFC"], row["TransactionAmountDC"]) for row in rows} == {
        ("USD", 0.8, 80)
    }
    assert rows[0]["DueDate"] == "/Date(1790812800000)/"


@pytest.mark.parametrize(("keeps", "old_is"), [("open", 20), ("paid", 50), ("neither", None)])
def test_a_part_payment_splits_the_term(
    sim: Simulator, client: Asker, keeps: str, old_is: int | None
) -> None:
    sim.ways.split_keeps = keeps
    invoice = sim.add_invoice(total="100")
    [old] = sim.term_ids(invoice)

    sim.pay(invoice, "40")

    rows = sim.terms(invoice)
    assert sorted((row["Status"], -row["AmountFC"]) for row in rows) == [(20, 60), (50, 40)]
    assert len({row["EntryID"] for row in rows}) == 2
    assert {row["TransactionEntryID"] for row in rows} == {invoice}
    assert {row["ID"]: row["Status"] for row in rows}.get(old) == old_is
    assert client.gone() == ([] if old_is else [old])


def test_money_leaves_a_payment_date_and_a_credit_note_does_not(sim: Simulator) -> None:
    paid, credited = sim.add_invoice(), sim.add_invoice()

    sim.pay(paid)
    sim.settle_by_credit(credited)

    [one], [other] = sim.terms(paid), sim.terms(credited)
    assert (one["IsFullyPaid"], one["LastPaymentDate"], one["EndDate"]) == (
        True,
        "/Date(1795651200000)/",
        "/Date(1795651200000)/",
    )
    assert (other["Status"], other["LastPaymentDate"]) == (50, None)


@pytest.mark.parametrize("due", [None, "2027-01-31"])
def test_an_edit_replaces_the_terms_and_keeps_what_is_durable(
    sim: Simulator, client: Asker, due: str | None
) -> None:
    invoice = sim.add_invoice(total="100")
    [before] = sim.terms(invoice)
    seen = sim.timestamp()

    sim.edit_entry(invoice, due=due)

    [after] = sim.terms(invoice)
    changed = {name for name in before if before[name] != after[name]}
    assert {"ID", "EntryID", "Timestamp"} <= changed
    assert ("DueDate" in changed) == (due is not None)
    assert not {"TransactionEntryID", "TransactionID", "EntryNumber", "AmountFC"} & changed
    assert client.gone(seen) == [before["ID"]]


def test_terms_can_be_replaced_in_the_middle_of_a_pass(sim: Simulator, client: Asker) -> None:
    sim.fill(terms=1500, accounts=10)
    sim.fault(Fault.TERMS_REPLACED_MID_PASS, match="PaymentTerms")

    rows = client.synced()

    entries = [row["TransactionEntryID"] for row in rows]
    assert (len(rows), len(set(entries))) == (1501, 1500)
    assert client.gone() == [rows[0]["ID"]]


def test_undoing_a_match_opens_the_whole_in_new_terms(sim: Simulator) -> None:
    invoice = sim.add_invoice(total="100")
    sim.pay(invoice, "40")
    before = set(sim.term_ids(invoice))

    sim.unmatch(invoice)

    assert sim.open_amount(invoice) == 100
    assert before.isdisjoint(sim.term_ids(invoice))


def test_deletions_are_forgotten_after_two_months(
    sim: Simulator, client: Asker, clock: HandClock
) -> None:
    invoice = sim.add_invoice()
    sim.delete_entry(invoice)
    clock.sleep(61 * 86_400)
    client.token = sim.issue_oauth()["access_token"]
    told = client.gone()
    clock.sleep(86_400)
    client.token = sim.issue_oauth()["access_token"]

    assert (len(told), client.gone()) == (1, [])


def test_deletions_can_be_asked_by_type(sim: Simulator, client: Asker) -> None:
    sim.delete_account(sim.add_account())
    sim.delete_entry(sim.add_invoice())

    page = client.get(DELETED, "Timestamp gt 1L and EntityType eq 2", "EntityType")

    assert [row["EntityType"] for row in page["results"]] == [2]


def test_a_move_begins_the_timestamps_anew_and_lower(sim: Simulator, client: Asker) -> None:
    sim.add_invoice()
    sim.delete_entry(sim.add_invoice())
    cursor = sim.timestamp()

    sim.move_division()

    [division] = client.get("system/Divisions")["results"]
    assert division["DivisionMoveDate"] == "/Date(1795698000000)/"
    assert sim.timestamp() < cursor
    assert (len(client.synced(since=cursor)), len(client.synced())) == (0, 1)
    assert client.gone() == []


def test_terms_in_collection_are_open(sim: Simulator, client: Asker) -> None:
    invoice = sim.add_invoice()

    sim.select_for_collection(invoice, 40)

    [row] = client.get("read/financial/ReceivablesList")["results"]
    assert (sim.terms(invoice)[0]["Status"], row["AmountInTransit"]) == (40, 121)
