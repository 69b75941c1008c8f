"""One round through the whole surface, on both databases."""

from datetime import date

from connector.core.snapshot import Creditor
from connector.port.records import receivable_id
from connector.store.engine import Store
from connector.store.paperwork import TaskKind
from connector.store.records import (
    ItemQuery,
)
from tests.make import (
    TODAY,
    FixedClock,
    action,
    batch,
    euro,
    hold,
    kind_end,
    party,
    payable,
    pull_end,
    receivable,
)

ITEM = receivable_id("F2026-0312")


def test_a_pulled_item_goes_through_proposal_delivery_and_journal(
    store: Store, clock: FixedClock
) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(party(), receivable(), payable(party="10023")))
        assert unit.books.end_kind(kind_end(), accept_closures=False) is None
        unit.books.finish_pull(pull_end("c1", bank_through=date(2026, 11, 20)), {"sum": euro(1)})
    with store.unit("a", durable=True) as unit:
        (key,) = unit.ledger.propose([action()], today=TODAY, policy="p").new
        unit.ledger.approve(key, "petra", clock.now())
        claims = unit.ledger.claim(key), unit.ledger.claim(key)
        unit.ledger.delivered(
            key, on=TODAY, deadline=TODAY, steps={ITEM: "herinnering"},
            track="zakelijk", demand=True, freeze=False,
        )  # fmt: skip
        unit.journal.add("delivered", key, {"total": euro("121.00")}, "scheduler")
        unit.journal.add("looked", key, {}, "cli:petra")
        unit.holds.add(hold(), by="petra")
        task = unit.tasks.ensure(TaskKind.CALL, "call", ITEM, 1, {"on": TODAY})
        unit.tasks.done(task.id, "spoken", "petra")
        sha256 = store.documents.put(b"letter", "application/pdf", "letter.pdf", "a")
    with store.unit("a", reading=True) as unit:
        snapshot = unit.books.snapshot(Creditor(), TODAY)
        verified = unit.journal.verify()
        row = unit.ledger.get(key[:6])
        (item,) = unit.books.items(ItemQuery(debtor="bakkerij", number="F2026-0312"))

    assert claims == (True, False)
    assert verified.ok
    assert verified.entries == 2
    assert row.action == action()
    assert item.position is not None
    assert item.position.step == "herinnering"
    assert snapshot.items[0].last_demand_on == TODAY
    assert snapshot.last_contact == {"10023": TODAY}
    assert snapshot.payables == {("10023", "EUR"): euro("121.00")}
    assert snapshot.seen == {("call", ITEM, 1)}
    assert len(snapshot.holds) == 1
    assert store.documents.get(sha256) == b"letter"
