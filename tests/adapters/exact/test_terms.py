"""Single terms: what is read of a row, which sign it gets, and what is remembered."""

from decimal import Decimal
from typing import Any

import pytest

from adapters.exact.terms import Signs, memo_of, signs_of, term_of, to_term
from connector.port.errors import RecordError
from connector.port.records import Memo
from tests.adapters.exact.wire import entry, guid, term, wire_date

USUAL = Signs(1, -1), Signs(1, -1)
UNKNOWN = Signs(), Signs()


def test_invoice_is_positive_whatever_its_amount_looks_like() -> None:
    assert to_term(term(1, "121.00"), UNKNOWN, 1).amount == 12100


def test_credit_note_is_negative() -> None:
    row = term(1, "-121.00", TransactionType=21)

    assert to_term(row, USUAL, 1).amount == -12100


def test_credit_note_without_a_total_is_negative() -> None:
    row = term(1, "121.00", TransactionType=21, TransactionAmountFC=0, TransactionAmountDC=0)

    assert to_term(row, USUAL, 1).amount == -12100


def test_invoice_without_a_total_is_positive() -> None:
    row = term(1, "121.00", TransactionAmountFC=0, TransactionAmountDC=Decimal(0))

    assert to_term(row, USUAL, 1).amount == 12100


def test_payables_may_be_written_the_other_way_round() -> None:
    row = term(1, "-121.00", LineType=22, TransactionType=30)

    assert to_term(row, (Signs(), Signs(-1, -1)), 1).amount == 12100


@pytest.mark.parametrize(
    ("kind", "wire", "signs", "expected"),
    [
        (40, "50", USUAL, -5000),
        (40, "-50", USUAL, 5000),
        (40, "-50", (Signs(1, 1), Signs()), -5000),
        (40, "-50", UNKNOWN, -5000),
        (90, "-50", UNKNOWN, 5000),
        (90, "50", UNKNOWN, -5000),
        (90, "0", UNKNOWN, 0),
        (90, "0", USUAL, 0),
    ],
)
def test_other_lines_are_held_against_invoices(
    kind: int, wire: str, signs: tuple[Signs, Signs], expected: int
) -> None:
    row = term(1, TransactionType=kind, AmountFC=Decimal(wire), AmountDC=Decimal(wire))

    assert to_term(row, signs, 1).amount == expected


def test_signs_are_those_of_most_invoices() -> None:
    rows = [term(1), term(2), term(3, "-5.00", AmountDC=Decimal(-5))]

    assert signs_of(rows, "R", Signs()) == Signs(1, -1)


def test_signs_that_are_known_stay() -> None:
    rows = [term(1, AmountDC=Decimal(121))]

    assert signs_of(rows, "R", Signs(1, -1)) == Signs(1, -1)


def test_signs_of_payables_are_their_own() -> None:
    row = term(1, "-121.00", LineType=22, TransactionType=30)

    assert signs_of([row], "P", Signs()) == Signs(-1, 1)


@pytest.mark.parametrize(
    "row",
    [
        term(1, LineType=22),
        term(1, TransactionType=40),
        term(1, AmountDC="zeven"),
        {"ID": "x"},
    ],
)
def test_signs_are_not_learnt_of_what_is_no_invoice(row: dict[str, object]) -> None:
    assert signs_of([row], "R", Signs()) == Signs()


def test_amount_in_the_own_currency_is_apart() -> None:
    one = to_term(term(1, "100.00", Currency="USD", AmountDC=Decimal("-92.50")), USUAL, 1)

    assert (one.amount, one.amount_dc) == (10000, 9250)


@pytest.mark.parametrize(
    ("currency", "amount", "expected"), [("JPY", "1000", 1000), ("KWD", "1.005", 1005)]
)
def test_minor_units_are_those_of_the_currency(currency: str, amount: str, expected: int) -> None:
    assert to_term(term(1, amount, Currency=currency), USUAL, 1).amount == expected


def test_noise_of_a_double_is_no_fraction() -> None:
    noisy = Decimal("-120.99999999999999")

    assert to_term(term(1, AmountFC=noisy, AmountDC=noisy), USUAL, 1).amount == 12100


def test_dates_are_not_shifted_to_a_zone() -> None:
    one = to_term(term(1, DueDate="/Date(1756684800000)/"), USUAL, 1)

    assert one.due == "2025-09-01"


def test_number_as_text_is_a_number() -> None:
    row = term(1, LineType="20", Status="20", TransactionType="20", Timestamp="17",
               AmountFC="-121.00", AmountDC="-121.00", TransactionIsReversal="false",
               InvoiceNumber="701", EntryNumber="0")  # fmt: skip

    one = to_term(row, USUAL, 1)

    assert (one.amount, one.stamp, one.invoice_number, one.entry_number) == (12100, 17, "701", "")


def test_term_without_an_entry_is_known_by_journal_number_and_year() -> None:
    assert to_term(term(1, TransactionEntryID=None), USUAL, 1).entry == "70.2601.2026"


def test_term_without_a_line_is_known_by_its_relation() -> None:
    row = term(1, TransactionType=40, TransactionID=None)

    assert to_term(row, USUAL, 1).slot == row["Account"]


def test_line_of_a_bank_entry_that_has_no_key_is_named() -> None:
    with pytest.raises(RecordError, match="field=TransactionID"):
        to_term(term(1, TransactionType=40, TransactionID="x"), USUAL, 1)


def test_reversal_contact_and_approval_are_read() -> None:
    row = term(1, TransactionIsReversal=True, AccountContact=guid("c0", 1), ApprovalStatus=2)

    one = to_term(row, USUAL, 1)

    assert (one.reversal, one.contact, one.approval) == ("1", guid("c0", 1), "2")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ID", "x"),
        ("ID", None),
        ("TransactionEntryID", 7),
        ("Timestamp", "zeven"),
        ("Timestamp", None),
        ("Currency", "euro"),
        ("Currency", None),
        ("LineType", 21),
        ("TransactionType", "x"),
        ("Status", True),
        ("DueDate", "morgen"),
        ("InvoiceDate", 20261001),
        ("LastPaymentDate", "x"),
        ("EndDate", "x"),
        ("Account", None),
        ("AccountContact", "x"),
        ("TransactionIsReversal", "misschien"),
        ("AmountFC", None),
        ("AmountFC", "zeven"),
        ("AmountFC", True),
        ("AmountFC", Decimal("1.234")),
        ("AmountFC", Decimal("NaN")),
        ("AmountFC", Decimal("1e30")),
        ("AmountDC", {}),
        ("TransactionAmountFC", []),
        ("ApprovalStatus", "x"),
    ],
)
def test_field_that_cannot_be_read_is_named(field: str, value: Any) -> None:
    with pytest.raises(RecordError) as caught:
        to_term(term(1, **{field: value}), USUAL, 1)

    assert (caught.value.code, caught.value.facts["field"]) == ("exact.field_unreadable", field)


@pytest.mark.parametrize("field", ["AmountFC", "DueDate", "Division", "TransactionAmountFC"])
def test_field_that_is_missing_is_named(field: str) -> None:
    row = term(1)
    del row[field]

    with pytest.raises(RecordError) as caught:
        to_term(row, USUAL, 1)

    assert (caught.value.code, caught.value.facts["field"]) == ("exact.field_missing", field)


@pytest.mark.parametrize("field", ["EntryNumber", "InvoiceDate"])
def test_entry_that_cannot_be_known_is_missing(field: str) -> None:
    with pytest.raises(RecordError, match="TransactionEntryID"):
        to_term({**term(1, TransactionEntryID=None), field: None}, USUAL, 1)


def test_what_is_remembered_comes_back_as_it_was() -> None:
    one = to_term(term(1, Description="a\tb\x00c", YourRef=None), USUAL, 7)

    assert term_of(memo_of(one)) == one


def test_memo_stands_with_its_entry() -> None:
    memo = memo_of(to_term(term(1), USUAL, 7))

    assert (memo.key, memo.group) == (f"t:{guid('7', 1)}", f"e:{entry(1)}")


@pytest.mark.parametrize("value", [None, "", "a\tb", "\t".join("x" * 25)])
def test_damaged_memo_is_nothing(value: str | None) -> None:
    assert term_of(Memo("t:1", "e:1", value)) is None


def test_day_without_a_time_is_a_day() -> None:
    assert to_term(term(1, InvoiceDate="2026-10-01"), USUAL, 1).issued == "2026-10-01"


def test_settled_term_keeps_what_it_was_settled_for() -> None:
    one = to_term(term(1, Status=50, LastPaymentDate=wire_date("2026-11-01")), USUAL, 1)

    assert (one.is_open, one.amount, one.paid_on) == (False, 12100, "2026-11-01")
