"""From the terms of an entry to its items."""

from decimal import Decimal
from typing import Any

import pytest

from adapters.exact.mapping import (
    Told,
    odd,
    tell,
    tell_one,
)
from adapters.exact.mapping_ranks import Rank, item_key, ranks_before, ranks_memo, ranks_of
from adapters.exact.terms import GONE, Signs, Term, to_term
from connector.port.records import Document, End, Memo
from tests.adapters.exact.wire import entry, guid, term, wire_date

USUAL = Signs(1, -1), Signs(1, -1)
BASE = f"R/{entry(1)}"


def one(amount: str = "121.00", number: int = 1, **changes: Any) -> Term:
    changes = {"ID": guid("7", number), **changes}
    return to_term(term(1, amount, **changes), USUAL, 1)


def part(amount: str, due: str, number: int, **changes: Any) -> Term:
    changes = {"TransactionAmountFC": Decimal(100), "DueDate": wire_date(due), **changes}
    return one(amount, number, **changes)


def told(*terms: Term, ranks: tuple[Rank, ...] = (), is_known: bool = True) -> Told:
    return tell(terms, ranks, "invoice_number", is_known=is_known)


def test_open_invoice() -> None:
    item = tell_one(one(), "invoice_number")

    assert (item.id, item.number, item.party, str(item.open), str(item.total)) == (
        BASE, "701", "10", "121.00", "121.00",
    )  # fmt: skip
    assert (str(item.issued), str(item.due), item.reference, item.description) == (
        "2026-10-01", "2026-10-31", "10/1", "Advies",
    )  # fmt: skip


def test_one_term_is_told_alike_by_both_ways() -> None:
    assert told(one()).items == (tell_one(one(), "invoice_number"),)


def test_raw_is_nothing_but_text() -> None:
    raw = tell_one(one(), "invoice_number").raw

    assert {type(value) for value in raw.values()} == {str}


@pytest.mark.parametrize(
    ("setting", "missing", "expected"),
    [
        ("your_ref", (), "F1"),
        ("your_ref", ("YourRef",), "701"),
        ("invoice_number", (), "701"),
        ("invoice_number", ("InvoiceNumber",), "F1"),
        ("entry_number", (), "2601"),
        ("entry_number", ("EntryNumber",), "701"),
        ("entry_number", ("EntryNumber", "InvoiceNumber", "YourRef"), entry(1)),
    ],
)
def test_number_is_the_one_that_was_chosen(
    setting: str, missing: tuple[str, ...], expected: str
) -> None:
    nothing: dict[str, Any] = dict.fromkeys(missing)
    term_ = one(**nothing)

    assert tell_one(term_, setting).number == expected


def test_supplier_names_his_own_invoice() -> None:
    item = tell_one(one(LineType=22, TransactionType=30), "entry_number")

    assert (item.id, item.number) == (f"P/{entry(1)}", "F1")


def test_receipt_names_the_invoice_that_it_speaks_of() -> None:
    receipt = one(TransactionType=40, AmountFC=Decimal(121), AmountDC=Decimal(121))

    item = tell_one(receipt, "your_ref")

    assert (item.document, item.names_invoice, str(item.open)) == (
        Document.PAYMENT, "F1", "-121.00",
    )  # fmt: skip


def test_receipt_that_names_nothing() -> None:
    receipt = one(TransactionType=40, InvoiceNumber=None)

    assert tell_one(receipt, "invoice_number").names_invoice is None


def test_money_that_we_sent_is_not_dunned() -> None:
    refund = one(TransactionType=40, AmountFC=Decimal(-5), AmountDC=Decimal(-5))

    item = tell_one(refund, "invoice_number")

    assert (str(item.open), item.blocked) == ("5.00", True)


def test_difference_of_exchange_is_not_dunned() -> None:
    item = tell_one(one(TransactionType=82), "invoice_number")

    assert (item.blocked, item.tags) == (True, ("type_82",))


def test_opening_balance_is_an_invoice() -> None:
    item = tell_one(one(TransactionType=90), "invoice_number")

    assert (item.document, item.blocked, item.tags) == (Document.INVOICE, False, ())


def test_bill_that_is_not_approved_is_tagged() -> None:
    item = tell_one(one(LineType=22, TransactionType=30, ApprovalStatus=1), "invoice_number")

    assert item.tags == ("not_approved",)


def test_parts_of_one_day_are_one_item() -> None:
    item = told(part("40.00", "2026-10-31", 1), part("60.00", "2026-10-31", 2)).items[0]

    assert (str(item.open), item.raw["ID"]) == ("100.00", f"{guid('7', 1)} {guid('7', 2)}")


def test_part_that_is_being_collected_marks_the_item() -> None:
    item = told(part("40.00", "2026-10-31", 1), part("60.00", "2026-10-31", 2, Status=40)).items[0]

    assert (item.direct_debit, item.blocked, item.raw["Status"]) == (True, False, "20 40")


def test_part_in_an_unknown_state_blocks_the_item() -> None:
    result = told(part("40.00", "2026-10-31", 1), part("60.00", "2026-10-31", 2, Status=45))

    assert result.items[0].blocked
    assert result.warnings == (("exact.status_unknown", "45"),)


def test_unknown_type_is_said() -> None:
    assert odd((one(TransactionType=77),)) == (("exact.type_unknown", "77"),)


def test_instalments_have_no_total() -> None:
    items = told(part("40.00", "2026-10-31", 1), part("60.00", "2026-11-30", 2)).items

    assert [(one.term, str(one.open), one.total) for one in items] == [
        (1, "40.00", None), (2, "60.00", None),
    ]  # fmt: skip


def test_part_of_an_invoice_has_its_total() -> None:
    assert str(tell_one(part("40.00", "2026-10-31", 1), "your_ref").total) == "100.00"


def test_settled_item_that_nobody_knows_is_not_told() -> None:
    assert told(one(Status=50), is_known=False) == Told(())


def test_payment_in_full() -> None:
    item = told(one(Status=50, LastPaymentDate=wire_date("2026-11-02"))).items[0]

    assert (str(item.open), item.end, str(item.paid_on)) == ("0.00", End.PAID, "2026-11-02")


def test_settled_without_money() -> None:
    item = told(one(Status=50, EndDate=wire_date("2026-11-03"))).items[0]

    assert (item.end, str(item.paid_on)) == (End.CREDITED, "2026-11-03")


def test_settled_without_any_day() -> None:
    assert told(one(Status=50)).items[0].paid_on is None


def test_invoice_of_nothing_is_as_good_as_settled() -> None:
    assert told(one("0.00")).items[0].end is End.CREDITED


def test_payment_in_part_is_remembered() -> None:
    paid = part("40.00", "2026-10-31", 1, Status=50, LastPaymentDate=wire_date("2026-11-02"))

    result = told(paid, part("60.00", "2026-10-31", 2))

    assert str(result.items[0].paid_on) == "2026-11-02"
    assert result.ranks == (Rank("2026-10-31", True, "2026-11-02", 6000),)


def test_what_was_paid_before_is_still_known() -> None:
    item = told(one(), ranks=(Rank("2026-10-31", True, "2026-11-02"),)).items[0]

    assert str(item.paid_on) == "2026-11-02"


def test_deleted_terms_take_their_item_away() -> None:
    result = told(one()._replace(state=GONE))

    assert (result.items, result.gone) == ((), (BASE,))


def test_replaced_term_leaves_the_key() -> None:
    old = one()._replace(state=GONE)

    result = told(old, one(number=2, DueDate=wire_date("2026-12-31")))

    assert ([item.id for item in result.items], result.gone) == ([BASE], ())


def test_replaced_and_paid_in_one_go_is_paid() -> None:
    old = one()._replace(state=GONE)
    paid = one(number=2, Status=50, LastPaymentDate=wire_date("2026-11-02"))

    assert told(old, paid).items[0].end is End.PAID


def test_rank_stays_when_another_day_comes_before() -> None:
    ranks = (Rank("2026-10-31"),)

    result = told(part("40.00", "2026-09-30", 1), part("60.00", "2026-10-31", 2), ranks=ranks)

    assert [item.id for item in result.items] == [BASE, f"{BASE}#2"]
    assert [str(item.due) for item in result.items] == ["2026-10-31", "2026-09-30"]


def test_rank_that_was_settled_is_not_taken_over() -> None:
    ranks = (Rank("2026-09-30", is_open=False), Rank("2026-10-31"))

    result = told(part("60.00", "2026-12-31", 2), ranks=ranks)

    assert [item.id for item in result.items] == [f"{BASE}#2"]


def test_rank_that_was_settled_is_not_told_again() -> None:
    ranks = (Rank("2026-09-30", is_open=False), Rank("2026-10-31"))
    settled = part("40.00", "2026-09-30", 1, Status=50)

    result = told(settled, part("60.00", "2026-10-31", 2), ranks=ranks, is_known=False)

    assert [item.id for item in result.items] == [f"{BASE}#2"]


def test_which_item_is_which_is_known_before_terms_change() -> None:
    late = part("60.00", "2026-10-31", 2)

    assert ranks_before([late]) == (Rank("2026-10-31", amount=6000),)
    assert ranks_before([]) == ()


def test_ranks_come_back_as_they_were() -> None:
    ranks = (Rank("2026-09-30", is_open=False), Rank("2026-10-31", True, "2026-11-02"))

    assert ranks_of(ranks_memo(BASE, ranks)) == ranks


def test_no_ranks_are_forgotten() -> None:
    assert ranks_memo(BASE, ()) == Memo(f"k:{BASE}", f"e:{entry(1)}", None)


def test_damaged_ranks_are_left_out() -> None:
    assert ranks_of(Memo("k:R/1", "e:1", "x")) == ()


def test_keys_of_ranks() -> None:
    assert [item_key(BASE, rank) for rank in (1, 2)] == [BASE, f"{BASE}#2"]


EARLY, LATE, LATER = "2026-09-30", "2026-10-31", "2026-12-31"


def shown(*terms: Term, ranks: tuple[Rank, ...]) -> tuple[list[tuple[str, str]], list[str]]:
    """Keys without that of the entry, each with what is open; and those that are gone."""
    result = told(*terms, ranks=ranks)
    items = [(item.id.removeprefix(BASE), str(item.open)) for item in result.items]
    return items, [key.removeprefix(BASE) for key in result.gone]


def test_rest_on_another_day_is_the_item_that_was_paid_in_part() -> None:
    ranks = (Rank(EARLY, amount=10000),)

    assert shown(
        part("20.00", EARLY, 1, Status=50, Timestamp="1"),  # of long ago, and seen again
        part("40.00", EARLY, 2, Status=50, Timestamp="9"),
        part("60.00", LATER, 3),
        ranks=ranks,
    ) == ([("", "60.00")], [])


def test_new_instalment_is_not_the_item_that_was_paid() -> None:
    ranks = (Rank(EARLY, amount=4000), Rank(LATE, amount=6000))

    assert shown(
        part("40.00", EARLY, 1, Status=50),
        part("30.00", LATE, 2),
        part("30.00", LATER, 3),
        ranks=ranks,
    ) == ([("", "0.00"), ("#2", "30.00"), ("#3", "30.00")], [])


def test_instalments_that_all_move_are_known_by_their_amounts() -> None:
    ranks = (Rank(EARLY, amount=4000), Rank(LATE, amount=6000))

    assert shown(part("40.00", LATE, 1), part("60.00", LATER, 2), ranks=ranks) == (
        [("", "40.00"), ("#2", "60.00")],
        [],
    )


def test_instalment_on_the_day_of_one_that_is_gone_keeps_its_key() -> None:
    ranks = (Rank(EARLY, amount=4000), Rank(LATE, amount=6000))

    assert shown(part("40.00", LATE, 1), ranks=ranks) == ([("", "40.00")], ["#2"])


def test_item_that_was_settled_on_another_day_is_not_gone() -> None:
    ranks = (Rank(EARLY, amount=4000),)

    assert shown(part("40.00", LATE, 1, Status=50), ranks=ranks) == ([("", "0.00")], [])


def test_what_was_settled_before_it_was_known_is_no_item() -> None:
    ranks = (Rank(LATE, amount=6000),)

    assert shown(part("40.00", EARLY, 1, Status=50), part("60.00", LATE, 2), ranks=ranks) == (
        [("", "60.00")],
        [],
    )
