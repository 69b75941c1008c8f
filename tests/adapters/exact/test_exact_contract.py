"""The contract of adapters, for Exact Online and its simulator."""

from typing import Final

import pytest

from adapters.exact.simulator import Fault as SimFault
from adapters.exact.simulator import Ways
from connector.testkit.contract import AdapterContract, Case, Fault, Mount
from tests.adapters.exact.mount import ExactMount

CUT_OFF: Final = "test_bad_credentials_in_mid_pass_close_nothing"
FORM: Final = "test_other_form_of_known_rows_closes_nothing"
LASTS: Final = "test_fault_that_lasts_ends_in_the_right_error"
LOOKED_UP: Final = "test_write_without_an_answer_is_resolved_by_a_look_up"
PATIENCE: Final = "test_rate_limit_says_how_long_to_wait"
OTHER_FORMS: Final = (
    (SimFault.UNAUTHORIZED, Fault.BAD_CREDENTIALS, CUT_OFF),
    (SimFault.NO_HEADERS_429, Fault.RATE_LIMITED, LASTS),
    (SimFault.RATE_DAY, Fault.RATE_LIMITED, PATIENCE),
    (SimFault.ERROR_BEFORE, Fault.AWAY_503, LASTS),
    (SimFault.NO_D, Fault.INVALID_JSON, LASTS),
    (SimFault.XML, Fault.INVALID_JSON, LASTS),
    (SimFault.REDIRECT, Fault.INVALID_JSON, LASTS),
    (SimFault.SAME_NEXT, Fault.INVALID_JSON, LASTS),
    (SimFault.FOREIGN_NEXT, Fault.INVALID_JSON, LASTS),
    (SimFault.EMPTY_WITH_NEXT, Fault.INVALID_JSON, LASTS),
    (SimFault.NUMBERS, Fault.TYPE_CHANGE, FORM),
    (SimFault.TEXTS, Fault.TYPE_CHANGE, FORM),
    (SimFault.RESET, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.ERROR_BEFORE, Fault.WRITE_TIMEOUT_BEFORE, LOOKED_UP),
    (SimFault.ERROR_AFTER, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.BAD_JSON, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.HTML, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.NO_D, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
)
WRITES: Final = 4  # of the longest order: document, file, note, and the relation at a handover
WAYS: Final = {
    "positive": Ways(terms_sign=1, receivables_sign=1),
    "payables_negative": Ways(payables_sign=-1, payables_terms_sign=1, payables_list_sign=-1),
    "receipts_positive": Ways(receipt_sign=1),
    "splits_keep_the_paid_part": Ways(split_keeps="paid"),
    "splits_keep_neither": Ways(split_keeps="neither"),
    "pages_by_id": Ways(sync_ascending=False),
    "own_counters": Ways(one_rowversion=False),
    "full_last_page_links_on": Ways(next_when_full=True),
    "overview_gross": Ways(overview_nets=False),
    "overview_negative": Ways(overview_sign=-1),
    "overview_in_euros": Ways(overview_in_own_currency=True),
    "texts": Ways(amounts_as_text=True, rights_as_object=True),
    "filters_are_mandatory": Ways(needs_filter=True),
}
IN_EVERY_WAY: Final = (
    "test_changed_item_comes_alone",
    "test_credit_note_is_negative",
    "test_currency_is_that_of_the_invoice",
    "test_deleted_invoice_ends_and_counts_as_not_paid",
    "test_first_pull_gives_everything_that_is_open",
    "test_overpaid_invoice_is_never_open_with_a_plus",
    "test_partial_payment_lowers_what_is_open",
    "test_payable_is_positive_and_of_its_own_ledger",
    "test_refresh_of_a_deleted_item_says_that_it_is_gone",
    "test_refresh_tells_the_present_amount",
    "test_reversal_after_the_payment_was_seen_opens_again",
    "test_reversed_payment_opens_the_invoice_again",
    "test_second_pull_gives_nothing_when_nothing_changed",
)
ABOUT_PAGES: Final = ("pages_by_id", "own_counters", "full_last_page_links_on")
WITH_PAGES: Final = (
    "test_resumed_pull_reads_nothing_twice",
    "test_row_that_moves_in_a_later_pass_closes_none",
    "test_row_that_moves_in_mid_pass_hides_no_other",
    "test_row_that_vanishes_in_mid_pass_hides_no_other",
)
CASES: Final = (
    *((way, name) for way in WAYS for name in IN_EVERY_WAY),
    *((way, name) for way in ABOUT_PAGES for name in WITH_PAGES),
)


class TestExactContract(AdapterContract):
    def mount(self) -> Mount:
        return ExactMount()


@pytest.mark.parametrize(("shown", "fault", "name"), OTHER_FORMS)
def test_contract_holds_for_other_forms_of_a_fault(
    shown: SimFault, fault: Fault, name: str
) -> None:
    class Contract(AdapterContract):
        def mount(self) -> Mount:
            return ExactMount({fault: shown})

    Contract().run(Case(name, None if name in {CUT_OFF, PATIENCE} else fault))


@pytest.mark.parametrize("fault", [Fault.WRITE_TIMEOUT_BEFORE, Fault.WRITE_TIMEOUT_AFTER])
@pytest.mark.parametrize("good_writes", range(1, WRITES))
def test_contract_holds_when_a_later_write_of_an_order_is_lost(
    good_writes: int, fault: Fault
) -> None:
    class Contract(AdapterContract):
        def mount(self) -> Mount:
            return ExactMount(good_writes=good_writes)

    Contract().run(Case(LOOKED_UP, fault))


@pytest.mark.parametrize(("way", "name"), CASES)
def test_contract_holds_whichever_way_exact_goes(way: str, name: str) -> None:
    class Contract(AdapterContract):
        def mount(self) -> Mount:
            return ExactMount(ways=WAYS[way])

    Contract().run(Case(name))
