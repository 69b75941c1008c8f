"""Forgetting a party: nothing that names it is left, and what the law makes us keep is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.core.actions import ActionStatus
from connector.core.charges import ChargeState
from connector.core.policy.model import StepKind
from connector.core.snapshot import HoldReason
from connector.port.adapter import PushVerb
from connector.port.errors import StoreError
from connector.port.records import Batch, Memo, PartyRef, receivable_id
from connector.store.engine import Store
from connector.store.paperwork import AttachmentRow, DeliveryRow, PushRow, TaskKind
from connector.store.records import ItemQuery, ItemState
from connector.store.tables import metadata
from connector.store.unit import Unit
from tests.make import NOON, TODAY, action, batch, euro, hold, party, planned, receivable, settled
from tests.store.make_charges import charge, notice

REF, OTHER = PartyRef("10023"), PartyRef("20001")
ITEM = receivable_id("F1")
SECRET = "Zonneveld"  # in every text that is about the party
PERSON = party(
    name=SECRET, email=f"{SECRET}@voorbeeld.example", phone=f"06 {SECRET}", contact=f"C {SECRET}",
    street=f"S {SECRET}", postcode=f"P {SECRET}", city=f"W {SECRET}", kvk=f"K {SECRET}",
    vat_id=f"V {SECRET}", iban=f"I {SECRET}", tags=(SECRET,), raw={"naam": SECRET},
)  # fmt: skip
INVOICE = receivable(
    "F1", reference=f"r {SECRET}", description=f"d {SECRET}", contract=f"c {SECRET}",
    payment_url=f"https://betaal.example/{SECRET}", tags=(SECRET,), raw={"omschrijving": SECRET},
)  # fmt: skip
KEPT = Memo("t:1", "e:1", "20\t121.00")
LETTER, ATTEMPT, TERMS = f"brief {SECRET}".encode(), f"poging {SECRET}".encode(), b"voorwaarden"


def pull(unit: Unit, *records: Any) -> None:
    unit.books.begin_pull()
    unit.books.apply(batch(*records))


@pytest.fixture
def letter(store: Store) -> str:
    """A settled debtor with everything that can be said of one, beside another debtor."""
    keep = store.documents.put
    sent, lost = (keep(text, "text/plain", f"{SECRET}.txt", "a") for text in (LETTER, ATTEMPT))
    terms = keep(TERMS, "text/plain", "voorwaarden.txt", "a")
    with store.unit("a") as unit:
        pull(unit, PERSON, party("20001"), INVOICE, receivable("F2", party="20001"))
        unit.books.place(ITEM, position=None, due=TODAY, reason=f"belde {SECRET}", by="petra")
        for field in ("email", "email_bounced"):
            unit.books.correct_party(REF, field, f"x{SECRET}@voorbeeld.example", "petra")
        for item in (ITEM, receivable_id("F2")):
            unit.books.attach(_attachment(item, terms))
        _hold_and_ask(unit)
        _act(unit, sent, lost)
        unit.journal.add("policy", "a", {"digest": "sha256:x"}, "scheduler")
        unit.books.apply(Batch(memos=(Memo("a:1", "a:1", f"10023\t{PERSON.email}"), KEPT)))
        unit.outbox.add(_order())
        unit.journal.add("restarted", "F1", {"reason": f"klacht {SECRET}"}, "scheduler")
        pull(unit, settled(INVOICE))
    return sent


def _attachment(item: Any, sha256: str) -> AttachmentRow:
    return AttachmentRow(item=item, kind="terms", sha256=sha256, name="v.pdf", by="petra", at=NOON)


def _order() -> PushRow:
    return PushRow(
        key="abc-1", verb=PushVerb.RECORD_MESSAGE, action="abc", party=REF, items=(ITEM,),
        on=TODAY, text=f"schreef aan {SECRET}", facts={"file": f"{SECRET}.pdf"},
    )  # fmt: skip


def _hold_and_ask(unit: Unit) -> None:
    dispute = unit.holds.add(
        hold(reason=HoldReason.DISPUTE, item=ITEM, party=None, owner=f"o {SECRET}"),
        by="petra",
        note=f"n {SECRET}",
    )
    unit.holds.lift(dispute.id, by="petra", outcome=f"eens met {SECRET}")
    promise = unit.holds.add(hold(reason=HoldReason.PROMISE), by="petra")
    unit.holds.lift(promise.id, by="petra", outcome="broken")
    unit.journal.add("hold_added", dispute.id, {"note": SECRET}, "petra")
    done = unit.tasks.ensure(TaskKind.CALL, "bellen", "x", 0, {"party": REF, "name": SECRET})
    unit.tasks.done(done.id, f"sprak {SECRET}", "petra")
    unit.tasks.ensure(TaskKind.ATTENTION, "hold_ended", f"hold:{dispute.id}", 0, {"n": SECRET})
    unit.tasks.ensure(TaskKind.ATTENTION, "old", receivable_id("F2"), 1, {"party": OTHER})


def _act(unit: Unit, sent: str, lost: str) -> None:
    went = action(planned("F1"), administration="a", party_name=SECRET)
    no = action(planned("F1", step="x"), administration="a", party_name=SECRET, step="x",
                kind=StepKind.FINAL_DEMAND)  # fmt: skip
    unit.ledger.propose([went, no], today=TODAY, policy="p")
    unit.ledger.reject(no.id, "petra", f"ken {SECRET}")
    unit.ledger.approve(went.id, "petra", NOON)
    unit.ledger.claim(went.id)
    unit.journal.add("sending", went.id, {"documents": {"email": lost}}, "scheduler")
    unit.ledger.save_delivery(
        DeliveryRow(
            action=went.id, channel="email", status=ActionStatus.DELIVERED, key=f"{went.id}-email",
            recipient=f"{SECRET}@voorbeeld.example", reply=f"250 {SECRET}", document=sent,
            facts={"address": SECRET, "reference": SECRET, "deadline": "2026-12-01"},
        )
    )  # fmt: skip
    unit.ledger.delivered(
        went.id, on=TODAY, deadline=None, steps={ITEM: "herinnering"}, track="zakelijk",
        demand=True, freeze=False,
    )  # fmt: skip
    unit.charges.save([charge(state=ChargeState.WAIVED, reason=f"belde {SECRET}")])
    unit.charges.note([notice()])
    unit.journal.add("delivered", went.id, {"to": SECRET}, "scheduler")
    unit.journal.add("charge_waived", ITEM, {"reason": SECRET}, "petra")


def forget(store: Store) -> int:
    with store.unit("a", durable=True) as unit:
        marks = unit.books.trace(REF)
        unit.books.forget(REF)
        payloads = unit.journal.forget(marks.subjects, marks.numbers)
        unit.journal.add("forgotten", REF, {}, "petra")
        named = {*marks.documents, *_named(payloads)}
        return store.documents.remove(unit.books.unneeded(named), "a")


def _named(payloads: list[Mapping[str, Any]]) -> set[str]:
    return {sha for payload in payloads for sha in payload.get("documents", {}).values()}


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(sa.select(table))]
            for name, table in metadata.tables.items()
        }


def test_nothing_that_names_the_party_is_left(store: Store, letter: str, tmp_path: Path) -> None:
    before = dump(store)
    forget(store)
    after = dump(store)

    named = [name for name, rows in before.items() if SECRET in str(rows)]
    assert sorted(named) == [
        "action", "charge", "delivery", "document", "hold", "item", "item_change", "journal", "memo",
        "party", "party_correction", "push", "task",
    ]  # fmt: skip
    assert [name for name, rows in after.items() if SECRET in str(rows)] == []
    store.close()
    left = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file.name for file in left if SECRET.encode() in file.read_bytes()] == []


def test_what_bookkeeping_must_keep_stays(store: Store, letter: str) -> None:
    forget(store)

    with store.unit("a", reading=True) as unit:
        row = unit.books.item(ITEM)
        went, no = sorted(unit.ledger.find(), key=lambda found: found.status)
        (delivery,) = unit.ledger.deliveries(went.id)
        changes = unit.books.item_history(ITEM)
    assert row is not None
    assert (row.number, row.issued, row.due_in_books, row.total, row.state) == (
        "F1", INVOICE.issued, INVOICE.due, euro("121.00"), ItemState.PAID,
    )  # fmt: skip
    assert (went.status, went.action.total, went.delivered_on) == (
        ActionStatus.DELIVERED, euro("121.00"), TODAY,
    )  # fmt: skip
    assert (went.action.party_name, no.facts) == (REF, {"reason": None})
    assert (delivery.status, delivery.facts) == (
        ActionStatus.DELIVERED, {"deadline": "2026-12-01"},
    )  # fmt: skip
    assert [change.kind.value for change in changes] == ["new", "placed", "paid"]


def test_charges_and_notices_stay_without_the_words_of_a_person(store: Store, letter: str) -> None:
    forget(store)

    with store.unit("a", reading=True) as unit:
        kept = unit.charges.find(REF), unit.charges.notices(REF)
    assert kept == ([charge(state=ChargeState.WAIVED, ended_on=TODAY)], [notice()])


def test_how_late_it_paid_is_not_known_any_more(store: Store, letter: str) -> None:
    with store.unit("a", reading=True) as unit:
        before = unit.books.party(REF)
    forget(store)

    with store.unit("a", reading=True) as unit:
        after = unit.books.party(REF)
    assert before is not None
    assert after is not None
    assert (before.average_days_late, after.average_days_late) == (30, None)


def test_a_message_can_still_be_taken_back(store: Store, letter: str) -> None:
    forget(store)

    with store.unit("a") as unit:
        (went,) = unit.ledger.find(status=ActionStatus.DELIVERED)
        unit.ledger.undo_delivered(went.id)
        row = unit.books.item(ITEM)
    assert row is not None
    assert row.position is None


def test_the_journal_is_emptied_and_stays_sound(store: Store, letter: str) -> None:
    forget(store)

    with store.unit("a", reading=True) as unit:
        entries = unit.journal.entries()
        assert unit.journal.verify().ok
    kept = [(entry.kind, entry.subject) for entry in entries if entry.payload is not None]
    assert kept == [("policy", "a"), ("forgotten", REF)]


def test_an_entry_of_another_that_is_filed_under_such_a_number_stays(store: Store) -> None:
    with store.unit("a", durable=True) as unit:
        pull(unit, party(), settled(receivable("20001")))
        unit.journal.add("party_corrected", "20001", {"fields": ["email"]}, "petra")
    forget(store)

    with store.unit("a", reading=True) as unit:
        assert unit.journal.entries()[0].payload == {"fields": ["email"]}


def test_files_go_unless_another_claim_needs_them(store: Store, letter: str) -> None:
    removed = forget(store)

    kept = [row[1] for row in dump(store)["document"]]
    assert removed == 2
    assert [store.documents.get(sha) for sha in kept] == [TERMS]
    with pytest.raises(StoreError, match="document_missing"):
        store.documents.get(letter)


def test_a_file_that_another_administration_keeps_too_stays_there(
    store: Store, letter: str
) -> None:
    store.documents.put(LETTER, "text/plain", "brief.txt", "b")

    forget(store)

    assert store.documents.get(letter) == LETTER
    assert [row[0] for row in dump(store)["document"] if row[1] == letter] == ["b"]


def test_the_policy_in_force_is_never_removed(store: Store) -> None:
    sha = store.documents.put(b"version: 1", "text/yaml", "policy.yaml", "a")
    with store.unit("a") as unit:
        unit.books.set_policy(f"sha256:{sha}")

        assert unit.books.unneeded([sha, "f" * 64]) == ["f" * 64]


def test_a_path_in_the_place_of_a_hash_removes_nothing(store: Store, tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_text("x", encoding="utf-8")

    assert store.documents.remove(["../precious.txt", str(outside)], "a") == 0
    assert outside.exists()


def test_others_keep_everything(store: Store, letter: str) -> None:
    with store.unit("b") as unit:
        pull(unit, party(), receivable("F1"))
    with store.unit("a", reading=True) as unit:
        before = unit.books.party(OTHER), unit.books.item(receivable_id("F2"))
    forget(store)

    with store.unit("a", reading=True) as unit:
        assert (unit.books.party(OTHER), unit.books.item(receivable_id("F2"))) == before
        assert [task.code for task in unit.tasks.open()] == ["old"]
    with store.unit("b", reading=True) as unit:
        found = unit.books.party(REF)
        assert found is not None
        assert found.name == "Bakkerij 10023 B.V."


def test_a_broken_promise_still_counts_and_a_task_that_is_done_stays_done(
    store: Store, letter: str
) -> None:
    forget(store)

    with store.unit("a", reading=True) as unit:
        outcomes = [row.outcome for row in unit.holds.list(lifted=True)]
        assert unit.tasks.seen() == {("bellen", "x", 0)}
    assert sorted(outcomes, key=str) == [None, "broken"]


def test_what_the_source_still_shows_comes_back(store: Store, letter: str) -> None:
    forget(store)
    fresh = replace(INVOICE, id=receivable_id("F9"), number="F9")

    with store.unit("a") as unit:
        pull(unit, PERSON, settled(INVOICE), fresh)
        found = unit.books.party(REF)
        rows = unit.books.items(ItemQuery(states=tuple(ItemState), debtor=REF))
    assert found is not None
    assert (found.name, found.email) == (SECRET, PERSON.email)
    assert {row.number: row.cycle for row in rows} == {"F1": 1, "F9": 1}
    assert {row.description for row in rows} == {f"d {SECRET}"}


def test_forgetting_twice_is_harmless(store: Store, letter: str) -> None:
    forget(store)

    assert forget(store) == 0
    with store.unit("a", reading=True) as unit:
        told = [entry.payload for entry in unit.journal.entries(REF)]
        assert unit.journal.verify().ok
    assert told[-2:] == [{}, {}]


def test_what_an_adapter_remembers_of_others_stays(store: Store, letter: str) -> None:
    with store.unit("a") as unit:
        unit.books.forget(REF)

        assert unit.books.recall(["a:1", "t:1"], []) == [KEPT]
