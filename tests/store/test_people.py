"""Parties, corrections, items on screen, holds, tasks, attachments."""

from datetime import UTC, date, datetime

import pytest

from connector.core.reasons import Fact
from connector.core.snapshot import Creditor, Hold, HoldReason, Position
from connector.port.errors import RequestError
from connector.port.records import Ledger, PartyRef, payable_id, receivable_id
from connector.store.engine import Store
from connector.store.paperwork import AttachmentRow, TaskKind
from connector.store.records import (
    ChangeKind,
    ItemQuery,
    ItemState,
)
from connector.store.unit import Unit
from tests.make import (
    TODAY,
    FixedClock,
    batch,
    euro,
    hold,
    party,
    payable,
    receivable,
    settled,
)

ITEM = receivable_id("F2026-0312")
REF = PartyRef("10023")
AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def filled(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(
            batch(
                party(), party("20001", name="Café Noord", tags=("vip",), raw={"id": 1}),
                receivable(), receivable("F2", party="20001", due=date(2026, 12, 24)),
                receivable("F3", party="30001", due=None), payable(),
                settled(receivable("F4")),
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (ItemQuery(), ["F2026-0312", "2026-88", "F2", "F3"]),
        (ItemQuery(ledger=Ledger.RECEIVABLE), ["F2026-0312", "F2", "F3"]),
        (ItemQuery(overdue_on=TODAY), ["F2026-0312", "2026-88"]),
        (ItemQuery(overdue_on=date(2026, 10, 24)), []),
        (ItemQuery(debtor="10023"), ["F2026-0312"]),
        (ItemQuery(debtor="CAFÉ"), ["F2"]),
        (ItemQuery(debtor="3000"), []),
        (ItemQuery(number="F3"), ["F3"]),
        (ItemQuery(states=(ItemState.PAID,)), ["F4"]),
        (ItemQuery(states=()), []),
    ],
)
def test_items_are_listed_as_asked(store: Store, query: ItemQuery, numbers: list[str]) -> None:
    with store.unit("a", reading=True) as unit:
        found = sorted(row.number for row in unit.books.items(query))

    assert found == sorted(numbers)


def test_items_are_sorted_by_due_date_with_none_last(store: Store) -> None:
    with store.unit("a", reading=True) as unit:
        found = [row.number for row in unit.books.items(ItemQuery(ledger=Ledger.RECEIVABLE))]

    assert found == ["F2026-0312", "F2", "F3"]


def test_a_persons_due_date_survives_the_pull(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.place(ITEM, position=None, due=date(2026, 12, 15), reason="klacht", by="petra")
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable(reference="nieuw")))
        row = unit.books.item(ITEM)
        items = {item.id: item.due for item in unit.books.snapshot(Creditor(), TODAY).items}
        last = unit.books.item_history(ITEM)[-1]
        overdue = [row.id for row in unit.books.items(ItemQuery(overdue_on=TODAY))]

    assert row is not None
    assert (row.due, row.due_in_books) == (date(2026, 12, 15), date(2026, 10, 24))
    assert items[ITEM] == date(2026, 12, 15)
    assert overdue == [payable_id("50001", "2026-88")]
    assert (last.kind, last.by, last.reason) == (ChangeKind.PLACED, "petra", "klacht")


def test_an_item_is_put_on_a_step_and_looked_at_again(store: Store) -> None:
    position = Position(track="t", step="aanmaning", delivered_on=TODAY, deadline=None)
    with store.unit("a") as unit:
        unit.books.set_agenda({REF: None})
        unit.books.place(ITEM, position=position, due=None, reason="gebeld", by="petra")
        found = unit.books.snapshot(Creditor(), TODAY, parties=[REF]).items[0].position

        assert found == position
        assert REF in unit.books.snapshot(Creditor(), TODAY, only_due=True).parties
        with pytest.raises(RequestError, match="item_unknown"):
            unit.books.place(
                receivable_id("none"), position=None, due=TODAY, reason="r", by="petra"
            )


def test_corrections_lie_on_top_of_the_books_and_survive_pulls(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.correct_party(REF, "email", "goed@voorbeeld.example", "petra")
        unit.books.correct_party(REF, "street", "", "petra")
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(party(email="oud@voorbeeld.example", phone="030")))
        row = unit.books.party(REF)
        seen = unit.books.snapshot(Creditor(), TODAY).parties[REF]

    assert row is not None
    assert (row.email, row.street, row.phone) == ("goed@voorbeeld.example", None, "030")
    assert (row.sources["email"], row.sources["street"], row.sources["phone"]) == (
        "person",
        "person",
        "books",
    )
    assert (seen.email, seen.street) == ("goed@voorbeeld.example", None)
    assert {found.field: found.by for found in row.corrections} == {
        "email": "petra",
        "street": "petra",
    }


def test_a_correction_can_be_taken_back(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.correct_party(REF, "kind", "consumer", "petra")
        unit.books.correct_party(REF, "kind", None, "petra")
        row = unit.books.party(REF)

    assert row is not None
    assert (row.kind, row.sources["kind"], row.corrections) == ("company", "books", ())


def test_a_bounced_address_is_good_again_once_it_changes(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.mark_bounced(REF, "debiteur10023@voorbeeld.example", "scheduler")
        row = unit.books.party(REF)
        seen = unit.books.snapshot(Creditor(), TODAY).parties[REF]
        unit.books.correct_party(REF, "email", "nieuw@voorbeeld.example", "petra")
        after = unit.books.snapshot(Creditor(), TODAY).parties[REF]

    assert row is not None
    assert (row.email_bounced, seen.email_bounced, after.email_bounced) == (True, True, False)


def test_what_can_not_be_corrected_is_refused(store: Store) -> None:
    with store.unit("a") as unit:
        with pytest.raises(RequestError, match="party_field_unknown"):
            unit.books.correct_party(REF, "raw", "x", "petra")
        with pytest.raises(RequestError, match="party_unknown"):
            unit.books.correct_party(PartyRef("none"), "email", "x", "petra")


def test_a_debtor_that_the_books_do_not_know_can_be_filled_in(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.correct_party(PartyRef("30001"), "name", "Onbekend", "petra")
        found = unit.books.snapshot(Creditor(), TODAY).parties[PartyRef("30001")]
        (row,) = unit.books.items(ItemQuery(debtor="onbekend"))

    assert found.name == "Onbekend"
    assert row.number == "F3"


def test_parties_are_found_by_reference_and_by_part_of_the_name(store: Store) -> None:
    with store.unit("a", reading=True) as unit:
        found = [
            [row.ref for row in unit.books.parties(text)] for text in (None, "20001", "é noo", "1")
        ]
        cafe = unit.books.parties("café")[0]

        assert unit.books.party(PartyRef("none")) is None
    assert found == [["10023", "20001"], ["20001"], ["20001"], ["10023"]]
    assert (cafe.tags, cafe.raw) == (("vip",), {"id": 1})


def snapshot_holds(unit: Unit) -> list[Hold]:
    return list(unit.books.snapshot(Creditor(), TODAY).holds)


def test_a_hold_reaches_the_rules_until_it_is_lifted(store: Store, clock: FixedClock) -> None:
    wanted = hold(
        item=ITEM, party=None, reason=HoldReason.DISPUTE, amount=euro("20.00"), owner="petra"
    )
    with store.unit("a") as unit:
        row = unit.holds.add(wanted, by="petra", note="kapot")
        held = snapshot_holds(unit)
        narrow = unit.books.snapshot(Creditor(), TODAY, parties=[REF]).holds
        other = unit.books.snapshot(Creditor(), TODAY, parties=[PartyRef("20001")]).holds
        unit.holds.answer(row.id, on=TODAY, by="petra")
        answered = snapshot_holds(unit)[0].answered_on
        lifted = unit.holds.lift(row.id, by="petra", outcome="agreed")

        assert held == [row.hold]
        assert narrow == (row.hold,)
        assert other == ()
        assert answered == TODAY
        assert snapshot_holds(unit) == []
        assert unit.holds.list() == []
        assert unit.holds.list(lifted=True) == [lifted]
    assert (row.hold.amount, row.note, row.created_at) == (euro("20.00"), "kapot", clock.now())
    assert (lifted.lifted_by, lifted.outcome) == ("petra", "agreed")


def test_a_hold_that_can_not_be_is_refused(store: Store) -> None:
    with store.unit("a") as unit:
        for wanted, code in (
            (hold(party=None), "hold_subject"),
            (hold(item=ITEM), "hold_subject"),
            (hold(item=receivable_id("none"), party=None), "item_unknown"),
        ):
            with pytest.raises(RequestError, match=code):
                unit.holds.add(wanted, by="petra")
        with pytest.raises(RequestError, match="hold_unknown"):
            unit.holds.lift("none", by="petra")
        row = unit.holds.add(hold(), by="petra")
        unit.holds.lift(row.id, by="petra")
        with pytest.raises(RequestError, match="hold_over"):
            unit.holds.lift(row.id, by="petra")
        with pytest.raises(RequestError, match="hold_over"):
            unit.holds.answer(row.id, on=TODAY, by="petra")


def test_broken_promises_are_counted_in_a_row(store: Store, clock: FixedClock) -> None:
    counts = []
    for outcome in ("broken", "broken", "kept", "broken"):
        clock.move(days=1)
        with store.unit("a") as unit:
            row = unit.holds.add(hold(reason=HoldReason.PROMISE), by="petra")
            unit.holds.lift(row.id, by="scheduler", outcome=outcome)
            found = unit.books.snapshot(Creditor(), TODAY).broken_promises
            counts.append(found.get(REF, 0))

    assert counts == [1, 2, 0, 1]


def test_a_task_is_raised_once_and_stays_done(store: Store) -> None:
    facts: dict[str, Fact] = {"open": euro("121.00"), "on": TODAY, "n": 2}
    with store.unit("a") as unit:
        first = unit.tasks.ensure(TaskKind.ATTENTION, "policy_changed", ITEM, 1, facts, TODAY)
        again = unit.tasks.ensure(TaskKind.ATTENTION, "policy_changed", ITEM, 1, {})
        next_cycle = unit.tasks.ensure(TaskKind.CALL, "policy_changed", ITEM, 2, {})
        opened = unit.tasks.open()
        calls = unit.tasks.open(TaskKind.CALL)
        done = unit.tasks.done(first.id, "gebeld", "petra")
        after = unit.tasks.ensure(TaskKind.ATTENTION, "policy_changed", ITEM, 1, facts)

        assert unit.tasks.seen() == {("policy_changed", ITEM, 1)}
        with pytest.raises(RequestError, match="task_over"):
            unit.tasks.done(first.id, "nog eens", "petra")
        with pytest.raises(RequestError, match="task_unknown"):
            unit.tasks.done("none", "x", "petra")
    assert first == again
    assert first.facts == facts
    assert opened == [first, next_cycle]
    assert calls == [next_cycle]
    assert after == done
    assert (done.outcome, done.done_by, done.done_at) == ("gebeld", "petra", AT)


def test_a_point_that_went_by_itself_may_come_back(store: Store) -> None:
    with store.unit("a") as unit:
        one = unit.tasks.ensure(TaskKind.ATTENTION, "address", ITEM, 1, {})
        two = unit.tasks.ensure(TaskKind.ATTENTION, "old", ITEM, 1, {})
        unit.tasks.done(two.id, "bekeken", "petra")
        unit.tasks.drop_about(ITEM)
        unit.tasks.drop(two.id)

        assert unit.tasks.open() == []
        assert unit.tasks.seen() == {("old", ITEM, 1)}
        again = unit.tasks.ensure(TaskKind.ATTENTION, "address", ITEM, 1, {})
        assert unit.tasks.open() == [again]
    assert again == one


def test_items_read_again_outside_a_pull_change_at_once(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.apply_refreshed(batch(settled(receivable()), held=(receivable_id("F2"),)))
        states = [unit.books.item_state(receivable_id(n)) for n in ("F2026-0312", "F2", "F3")]
        held = unit.books.item(receivable_id("F2"))

    assert states == [ItemState.PAID, ItemState.OPEN, ItemState.OPEN]
    assert held is not None
    assert held.unreadable


def test_attachments_are_kept(store: Store) -> None:
    file = AttachmentRow(
        item=ITEM, kind="contract", sha256="ab", name="contract.pdf", by="petra", at=AT
    )
    with store.unit("a") as unit:
        unit.books.attach(file)
        unit.books.attach(file)

        assert unit.books.attachments(ITEM) == [file]
        assert unit.books.attachments(receivable_id("F2")) == []
