"""The keys of items that have no remote id."""

from connector.port.records import payable_id, receivable_id


def test_receivable_is_known_by_its_number() -> None:
    assert receivable_id("F2026-0312") == "R/F2026-0312"


def test_second_term_of_an_invoice_is_another_item() -> None:
    assert receivable_id("F1", 2) == "R/F1#2"
    assert payable_id("50001", "F1", 2) == "P/50001/F1#2"


def test_number_of_a_supplier_is_its_own() -> None:
    assert payable_id("50001", "88") != payable_id("50002", "88")


def test_receivable_and_payable_never_share_a_key() -> None:
    assert receivable_id("88") != payable_id("", "88")
