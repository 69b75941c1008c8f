from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.core.snapshot import Creditor, Item, Position
from connector.port.errors import StoreError
from connector.port.money import Money
from connector.port.records import (
    Batch,
    ControlTotal,
    Document,
    End,
    ItemRecord,
    Kind,
    Ledger,
    Rejected,
    payable_id,
    receivable_id,
)
from connector.store.engine import Store, open_store
from connector.store.records import ChangeKind, Counts, ItemQuery, ItemRow, ItemState
from tests.make import (
    TODAY,
    FixedClock,
    batch,
    euro,
    kind_end,
    many_receivables,
    party,
    payable,
    pull_end,
    receivable,
    settled,
    with_open,
)

ITEM = receivable_id("F2026-0312")
POSITION = Position(
    track="zakelijk", step="herinnering", delivered_on=TODAY, deadline=date(2026, 12, 1)
)


def pull(store: Store, *batches: Batch, accept: bool = False, **end: Any) -> Counts:
    """Pull these batches as a complete snapshot of the receivables."""
    with store.unit("a") as unit:
        unit.books.begin_pull()
        for found in batches:
            unit.books.apply(found)
        unit.books.end_kind(kind_end(**end), accept_closures=accept)
        unit.books.finish_pull(pull_end("c"), {})
        return unit.books.counts()[Kind.RECEIVABLES]


def changes(store: Store, *records: ItemRecord) -> Counts:
    """Pull these records as changes only."""
    return pull(store, batch(*records), snapshot=False)


def place(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.place(ITEM, position=POSITION, due=None, reason="proef", by="petra")


def row(store: Store) -> ItemRow:
    with store.unit("a", reading=True) as unit:
        found = unit.books.item(ITEM)
    assert found is not None
    return found


def snapshot_item(store: Store) -> Item:
    with store.unit("a", reading=True) as unit:
        (item,) = unit.books.snapshot(Creditor(), TODAY).items
    return item


def test_the_same_pull_again_counts_nothing_new(store: Store) -> None:
    first = pull(store, batch(receivable(), receivable("F2")))

    again = pull(store, batch(receivable(), receivable("F2")))

    assert first == Counts(new=2)
    assert again == Counts(unchanged=2)


def test_unchanged_rows_write_nothing(tmp_path: Path, clock: FixedClock) -> None:
    store = open_store(f"sqlite:///{tmp_path}/m.db", documents=tmp_path, clock=clock)
    records = batch(party(), receivable(), payable(), receivable("F2"), held=(ITEM,))
    writes: list[int] = []
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(records)
    clock.move(days=1)
    with store.unit("a") as unit:
        connection = unit.books._session.connection
        driver = connection.connection.driver_connection
        assert driver is not None
        unit.books.apply(batch(receivable()))  # readable again: one item and one agenda row
        writes.append(driver.total_changes)
        unit.books.apply(batch(party(), receivable(), payable(), receivable("F2")))
        writes.append(driver.total_changes)
    store.close()

    assert writes[1] - writes[0] == 0


def test_a_record_twice_in_a_batch_is_stored_once(store: Store) -> None:
    found = pull(store, batch(receivable(), with_open(receivable(), "60.00")))

    assert found == Counts(new=1)
    assert row(store).open == euro("60.00")


def test_a_changed_raw_record_is_kept_too(store: Store) -> None:
    pull(store, batch(receivable(raw={"versie": 1})))

    found = pull(store, batch(receivable(raw={"versie": 2})))

    assert found == Counts(changed=1)
    assert row(store).raw == {"versie": 2}


@pytest.mark.parametrize(
    "raw",
    [
        {"100 % %s": 'a "b" \\ c\nd', "é": "ü\u2028", "_file": "b.csv", "_line": 12},
        {"_file": "b.csv", "_line": 12},
        {"een": "tekst", "_line": 12, "twee": None, "drie": {"vier": [5, True]}},
        {"een": "tekst"},
    ],
)
def test_a_raw_record_comes_back_as_it_was(store: Store, raw: dict[str, object]) -> None:
    pull(store, batch(receivable(raw=raw)))

    assert row(store).raw == raw


def test_a_row_that_only_moved_in_its_file_has_not_changed(store: Store) -> None:
    pull(store, batch(receivable(raw={"nr": "1", "_file": "b.csv", "_line": 12})))

    found = pull(store, batch(receivable(raw={"nr": "1", "_file": "b.csv", "_line": 13})))

    assert found == Counts(unchanged=1)


def test_every_field_of_an_item_survives(store: Store) -> None:
    record = receivable(
        open=Money(euro("10.10").amount, "USD"), total=Money(euro("20").amount, "USD"), vat=None,
        reference="RF18", description="Brood", names_invoice="F1", paid_on=date(2026, 11, 1),
        sent_on=date(2026, 9, 25), sent_via="email", contract="C-1", basis="sale",
        payment_url="https://betaal.example/1", reminders_sent=2, disputed=True,
        direct_debit=True, factored=True, blocked=True, tags=("a", "b"), raw={"bedrag": "10,10"},
    )  # fmt: skip
    pull(store, batch(record))

    found = row(store)

    names = [name for name in record.__slots__ if name not in ("id", "end", "open", "party")]
    assert [getattr(found, name) for name in names] == [getattr(record, name) for name in names]
    assert found.open == record.open
    assert found.party == record.party
    assert snapshot_item(store).open == record.open


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (None, ItemState.PAID),
        (End.PAID, ItemState.PAID),
        (End.CREDITED, ItemState.CREDITED),
        (End.WRITTEN_OFF, ItemState.WRITTEN_OFF),
    ],
)
def test_a_settled_item_ends_as_the_source_says_and_keeps_its_position(
    store: Store, end: End | None, state: ItemState
) -> None:
    pull(store, batch(receivable()))
    place(store)

    found = changes(store, settled(receivable(), end))

    assert found == Counts(closed=1)
    assert (row(store).state, row(store).closed_on) == (state, TODAY)
    assert row(store).position == POSITION


@pytest.mark.parametrize("end", [End.PAID, End.CREDITED, End.WRITTEN_OFF])
def test_a_settled_item_that_reopens_starts_a_new_cycle_without_position(
    store: Store, end: End
) -> None:
    pull(store, batch(receivable()))
    place(store)
    changes(store, settled(receivable(), end))

    changes(store, receivable())

    found = snapshot_item(store)
    assert (found.cycle, found.position, found.last_demand_on) == (3, None, None)
    assert not found.first_pull
    assert row(store).closed_on is None


def test_an_item_that_was_not_reported_and_returns_keeps_cycle_and_position(
    store: Store,
) -> None:
    pull(store, batch(receivable(), receivable("F2")))
    place(store)
    pull(store, batch(receivable("F2")))
    assert row(store).state is ItemState.NOT_REPORTED

    pull(store, batch(receivable(), receivable("F2")))

    assert (row(store).state, row(store).cycle) == (ItemState.OPEN, 2)
    assert row(store).position == POSITION


def test_a_deleted_item_that_returns_keeps_cycle_and_position(store: Store) -> None:
    pull(store, batch(receivable()))
    place(store)
    gone = pull(store, batch(removed=(ITEM,)), snapshot=False)
    assert row(store).state is ItemState.DELETED

    changes(store, receivable())

    assert gone == Counts(closed=1)
    assert (row(store).cycle, row(store).position) == (2, POSITION)


def test_a_part_payment_is_dated_and_a_growing_item_is_not(store: Store) -> None:
    pull(store, batch(receivable()))

    changes(store, with_open(receivable(), "100.00", paid_on=date(2026, 11, 20)))
    paid = row(store).last_payment_on
    changes(store, with_open(receivable(), "50.00"))
    seen = row(store).last_payment_on
    changes(store, with_open(receivable(), "70.00"))

    assert (paid, seen, row(store).last_payment_on) == (date(2026, 11, 20), TODAY, TODAY)


def test_the_history_tells_each_change_of_the_open_amount(store: Store) -> None:
    pull(store, batch(receivable()))
    changes(store, with_open(receivable(), "21.00"))
    changes(store, settled(receivable()))
    changes(store, receivable())

    with store.unit("a", reading=True) as unit:
        found = unit.books.item_history(ITEM)

    assert [(line.kind, line.before, line.after, line.cycle) for line in found] == [
        (ChangeKind.NEW, None, euro("121.00"), 1),
        (ChangeKind.DECREASED, euro("121.00"), euro("21.00"), 1),
        (ChangeKind.PAID, euro("21.00"), euro("0.00"), 1),
        (ChangeKind.REOPENED, euro("0.00"), euro("121.00"), 2),
    ]


def test_a_held_row_is_unreadable_and_never_closed(store: Store) -> None:
    pull(store, batch(receivable(), receivable("F2")))

    found = pull(store, batch(receivable("F2"), held=(ITEM,)))

    assert found.closed == 0
    assert row(store).unreadable
    assert row(store).state is ItemState.OPEN


def test_a_row_that_can_be_read_again_is_readable(store: Store) -> None:
    pull(store, batch(receivable()))
    pull(store, batch(held=(ITEM,)))

    pull(store, batch(receivable()))

    assert not row(store).unreadable


@pytest.mark.parametrize(
    "end",
    [
        {"delivered": False},
        {"complete": False},
        {"snapshot": False},
        {"closes": False},
    ],
)
def test_only_a_complete_snapshot_closes_what_it_does_not_show(
    store: Store, end: dict[str, Any]
) -> None:
    pull(store, batch(receivable(), receivable("F2")))

    found = pull(store, batch(receivable("F2")), **end)

    assert found.closed == 0
    assert row(store).state is ItemState.OPEN


def test_an_unlikely_share_of_closures_waits_for_a_person(store: Store) -> None:
    numbers = [f"F{index}" for index in range(4)]
    pull(store, batch(*[receivable(number) for number in numbers]))

    found = pull(store, batch(receivable("F0")), max_drop_percent=50)
    with store.unit("a", reading=True) as unit:
        (waiting,) = unit.books.state().waiting
        books = unit.books.snapshot(Creditor(), TODAY).books
        still = unit.books.items(ItemQuery())
    accepted = pull(store, batch(receivable("F0")), max_drop_percent=50, accept=True)

    assert found.closed == 0
    assert (waiting.count, waiting.of, waiting.percent) == (3, 4, 75)
    assert waiting.amounts == (euro("363.00"),)
    assert books.closures_waiting == 3
    assert len(still) == 4
    assert accepted.closed == 3
    with store.unit("a", reading=True) as unit:
        assert unit.books.state().waiting == ()


def test_a_large_share_of_the_value_waits_too(store: Store) -> None:
    small = [receivable(f"K{index}", open=euro("1.00")) for index in range(9)]
    pull(store, batch(receivable(open=euro("900.00")), *small))

    found = pull(store, batch(*small), max_drop_percent=50)

    assert found.closed == 0


def test_what_waits_is_forgotten_when_the_items_return(store: Store) -> None:
    pull(store, batch(receivable(), receivable("F2")))
    pull(store, batch(), max_drop_percent=50)

    pull(store, batch(receivable(), receivable("F2")), max_drop_percent=50)

    with store.unit("a", reading=True) as unit:
        assert unit.books.state().waiting == ()


def test_the_receivables_never_close_payables(store: Store) -> None:
    pull(store, batch(receivable(), payable()))

    pull(store, batch(receivable()))

    with store.unit("a", reading=True) as unit:
        (found,) = unit.books.items(ItemQuery(ledger=Ledger.PAYABLE))
    assert found.id == payable_id("50001", "2026-88")


def test_keys_seen_count_over_several_units(store: Store) -> None:
    pull(store, batch(receivable(), receivable("F2")))
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable()))
    with store.unit("a") as unit:
        unit.books.apply(batch(receivable("F2")))
        unit.books.end_kind(kind_end(), accept_closures=False)
        unit.books.finish_pull(pull_end(), {})

        assert unit.books.counts()[Kind.RECEIVABLES] == Counts(unchanged=2)


def test_a_pull_that_was_not_begun_closes_nothing(store: Store) -> None:
    pull(store, batch(receivable()))

    with store.unit("a") as unit, pytest.raises(StoreError, match="pull_not_begun"):
        unit.books.end_kind(kind_end(), accept_closures=True)


def test_items_past_due_at_the_very_first_pull_are_marked(store: Store) -> None:
    later = receivable("F2", due=date(2026, 12, 1))
    pull(store, batch(receivable(), later))
    pull(store, batch(receivable(), later, receivable("F3")))

    with store.unit("a", reading=True) as unit:
        found = {row.number: row.first_pull for row in unit.books.items(ItemQuery())}

    assert found == {"F2026-0312": True, "F2": False, "F3": False}


def test_control_totals_are_held_against_ours(store: Store) -> None:
    right = ControlTotal(ledger=Ledger.RECEIVABLE, amount=euro("121.00"), count=1)
    wrong = ControlTotal(ledger=Ledger.RECEIVABLE, amount=euro("121.01"), count=1)
    agreed = []
    for totals in ((), (right,), (wrong,)):
        pull(store, batch(receivable()), totals=totals)
        with store.unit("a", reading=True) as unit:
            agreed.append(unit.books.state().totals_agree)
            checks = unit.books.state().totals

    assert agreed == [None, True, False]
    assert (checks[0].ours, checks[0].theirs) == (euro("121.00"), euro("121.01"))


def test_the_books_are_as_old_as_their_export(store: Store, clock: FixedClock) -> None:
    export = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    pull(store, batch(receivable()), as_of=export)
    with store.unit("a", reading=True) as unit:
        dated = unit.books.state()
    pull(store, batch(receivable()))
    with store.unit("a", reading=True) as unit:
        undated = unit.books.state()
    clock.move(days=1)
    pull(store, batch(), delivered=False)
    with store.unit("a", reading=True) as unit:
        absent = unit.books.state()

    assert dated.data_from == export
    assert undated.data_from == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert absent.data_from == undated.data_from


def test_an_incomplete_pull_says_so_and_keeps_the_age_of_the_books(
    store: Store, clock: FixedClock
) -> None:
    pull(store, batch(receivable()))
    before = clock.now()
    clock.move(hours=3)

    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(receivable("F2")))
        unit.books.abandon_pull({"error": "unavailable"})

    with store.unit("a", reading=True) as unit:
        state = unit.books.state()
        assert (state.complete, state.has_errors, state.cursor) == (False, True, "c")
        assert state.data_from == before
        assert unit.books.last_report() == {"error": "unavailable"}
        assert len(unit.books.items(ItemQuery())) == 2


def test_a_persons_word_on_the_bank_stands_until_the_source_speaks(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.confirm_bank(date(2026, 11, 20), "petra")
    pull(store, batch(receivable()))
    with store.unit("a") as unit:
        said = unit.books.state()
        unit.books.begin_pull()
        unit.books.finish_pull(pull_end(bank_through=date(2026, 11, 22)), {})
        told = unit.books.state()

    assert (said.bank_through, said.bank_confirmed_by) == (date(2026, 11, 20), "petra")
    assert (told.bank_through, told.bank_confirmed_by) == (date(2026, 11, 22), None)


def test_rejected_rows_are_counted_once_per_row(store: Store) -> None:
    faults = (
        Rejected(where="receivables.csv:12:open", reason="amount"),
        Rejected(where="receivables.csv:12:due", reason="date"),
        Rejected(where="payables-2026.csv:3:open", reason="amount"),
        Rejected(where="parties.xlsx:4:email", reason="email"),
    )
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(rejected=faults))
        counts = unit.books.counts()
        unit.books.finish_pull(pull_end(), {})

        assert {kind: found.rejected for kind, found in counts.items()} == {
            Kind.RECEIVABLES: 1,
            Kind.PAYABLES: 1,
            Kind.PARTIES: 1,
        }
        assert not unit.books.state().has_errors


def test_a_refused_file_is_an_error_of_the_books(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(rejected=(Rejected(where="receivables.csv:0", reason="empty"),)))
        unit.books.finish_pull(pull_end(), {})

        assert unit.books.state().has_errors


def test_average_lateness_follows_from_paid_invoices(store: Store) -> None:
    late = receivable(due=date(2026, 11, 13))
    credit = receivable("C1", document=Document.CREDIT, open=euro("-10.00"))
    pull(store, batch(party(), late, credit, receivable("F2")))
    changes(store, settled(late), settled(credit))
    changes(store, settled(late))

    with store.unit("a", reading=True) as unit:
        found = unit.books.party(party().ref)

    assert found is not None
    assert found.average_days_late == 10


def test_an_amount_that_does_not_fit_is_refused(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        for record in (
            with_open(receivable(), "1.001"),
            with_open(receivable(), "1" + "0" * 20),
            receivable(vat=Money(euro(1).amount, "USD")),
            receivable(description="a\0b"),
            receivable(description="\ud800"),
        ):
            with pytest.raises(StoreError, match="record_refused"):
                unit.books.apply(batch(record))


@pytest.fixture
def due_store(store: Store) -> Store:
    """A store in which every debtor has been looked at."""
    pull(
        store,
        batch(
            party("D1", kvk="12345678"), party("D2"), party("S1", kvk="12345678"), party("S2"),
            receivable("F1", party="D1"), receivable("F2", party="D2"),
            payable("P1", party="S1"), payable("P2", party="S2"),
        ),
    )  # fmt: skip
    calm(store)
    return store


def calm(store: Store) -> None:
    with store.unit("a") as unit:
        refs = unit.books.snapshot(Creditor(), TODAY, only_due=True).parties
        unit.books.set_agenda(dict.fromkeys(refs))
        assert unit.books.due_parties(TODAY) == 0


@pytest.mark.parametrize(
    ("record", "due"),
    [
        (receivable("F1", party="D1"), set()),
        (with_open(receivable("F1", party="D1"), "5.00"), {"D1"}),
        (receivable("F1", party="D2"), {"D1", "D2"}),
        (settled(receivable("F2", party="D2")), {"D2"}),
        (with_open(payable("P1", party="S1"), "5.00"), {"D1"}),
        (with_open(payable("P2", party="S2"), "5.00"), set()),
        (payable("P3", party="D2"), {"D2"}),
        (party("D2", email="nieuw@voorbeeld.example"), {"D2"}),
        (party("S1", kvk="12345678", city="Delft"), set()),
    ],
)
def test_what_changes_puts_its_debtor_on_the_agenda(
    due_store: Store, record: ItemRecord, due: set[str]
) -> None:
    with due_store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(record))

        assert set(unit.books.snapshot(Creditor(), TODAY, only_due=True).parties) == due


def test_a_debtor_that_was_set_aside_comes_back_within_the_same_unit(due_store: Store) -> None:
    with due_store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(with_open(receivable("F1", party="D1"), "5.00")))
        unit.books.set_agenda({party("D1").ref: None})
        unit.books.apply(batch(with_open(receivable("F1", party="D1"), "4.00")))

        assert unit.books.due_parties(TODAY) == 1


def test_a_debtor_comes_back_on_its_day(due_store: Store) -> None:
    with due_store.unit("a") as unit:
        unit.books.set_agenda({party("D1").ref: date(2026, 11, 25), party("D2").ref: None})
        days = [unit.books.due_parties(date(2026, 11, day)) for day in (24, 25, 26)]
        unit.books.touch_all()

        assert days == [0, 1, 1]
        assert unit.books.due_parties(TODAY) == 2


def test_a_corrected_kvk_number_finds_its_supplier(due_store: Store) -> None:
    with due_store.unit("a") as unit:
        unit.books.correct_party(party("D2").ref, "kvk", "12345678", "petra")
    calm(due_store)

    with due_store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(with_open(payable("P1", party="S1"), "5.00")))
        found = unit.books.snapshot(Creditor(), TODAY, only_due=True)

    assert found.payables == {("D1", "EUR"): euro("5.00"), ("D2", "EUR"): euro("5.00")}


def test_administrations_do_not_see_each_other(store: Store) -> None:
    pull(store, batch(party(), receivable()))

    with store.unit("b") as unit:
        unit.books.begin_pull()
        unit.books.end_kind(kind_end(), accept_closures=True)
        unit.books.finish_pull(pull_end(), {})
        assert unit.books.items(ItemQuery()) == []
        assert unit.books.parties() == []
        assert unit.books.due_parties(TODAY) == 0

    assert row(store).state is ItemState.OPEN


def test_a_first_pull_of_many_blocks_is_stored_whole(store: Store) -> None:
    records = list(many_receivables(2500, debtors=500))
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(*records))
        found = unit.books.snapshot(Creditor(), TODAY)
        count = unit.books._session.connection.execute(
            sa.text("SELECT count(*) FROM item")
        ).scalar_one()

    assert (len(found.items), count, len(found.parties)) == (2500, 2500, 500)
