"""The contract holds for an adapter that does well, and finds the mistake of every other."""

import subprocess
import sys
from typing import Any, Final

import pytest

from connector.testkit.contract import Ability, AdapterContract, Case, Fault, Mount
from tests.testkit import broken_passes as passes
from tests.testkit import broken_records as records
from tests.testkit.shop import ShopMount
from tests.testkit.shop_adapter import ShopAdapter

MISTAKES: Final[tuple[tuple[type[ShopAdapter], str, Fault | None], ...]] = (
    (records.ForgetsDeletes, "test_deleted_invoice_ends_and_counts_as_not_paid", None),
    (records.TellsDeletedAsPaid, "test_deleted_invoice_ends_and_counts_as_not_paid", None),
    (records.TellsPaidAsDeleted, "test_paid_invoice_is_no_longer_open", None),
    (records.KeepsFloats, "test_no_float_anywhere", None),
    (records.ReckonsInFloats, "test_amounts_are_decimals_with_a_currency", None),
    (records.ReckonsInFloats, "test_no_float_anywhere", None),
    (records.TellsEuros, "test_currency_is_that_of_the_invoice", None),
    (records.TellsInstants, "test_days_are_dates", None),
    (records.TellsCreditsAsOwed, "test_credit_note_is_negative", None),
    (records.TellsCreditsAsOwed, "test_overpaid_invoice_is_never_open_with_a_plus", None),
    (records.TellsCreditsAsInvoices, "test_credit_note_is_negative", None),
    (records.TellsBillsAsNegative, "test_payable_is_positive_and_of_its_own_ledger", None),
    (records.IgnoresPartPayments, "test_partial_payment_lowers_what_is_open", None),
    (records.SkipsSettled, "test_paid_invoice_is_no_longer_open", None),
    (records.NeverOpensAgain, "test_reversed_payment_opens_the_invoice_again", None),
    (records.NeverOpensAgain, "test_reversal_after_the_payment_was_seen_opens_again", None),
    (records.TellsTwice, "test_keys_are_unique_in_a_pull", None),
    (records.NumbersByProcess, "test_keys_stay_the_same_between_pulls", None),
    (records.ForgetsParties, "test_parties_of_items_are_told", None),
    (records.TellsOfTheFuture, "test_instants_are_aware", None),
    (records.TellsLocalTime, "test_instants_are_aware", None),
    (records.SkipsBadRows, "test_unreadable_row_is_said_and_the_rest_goes_on", None),
    (records.SkipsBadRows, "test_known_row_that_turns_unreadable_is_not_closed", None),
    (records.RemovesBadRows, "test_known_row_that_turns_unreadable_is_not_closed", None),
    (records.StopsAtBadRows, "test_unreadable_row_is_said_and_the_rest_goes_on", None),
    (records.SaysNoReason, "test_rejection_has_a_place_and_a_reason_code", None),
    (records.GuessesZero, "test_unreadable_row_is_said_and_the_rest_goes_on", None),
    (records.GuessesZero, "test_other_form_of_known_rows_closes_nothing", Fault.MISSING_FIELD),
    (records.CrashesOnForm, "test_other_form_of_rows_is_no_crash_and_no_guess", Fault.TYPE_CHANGE),
    (records.RefusesUnknownFields, "test_unknown_field_is_left_alone", None),
    (records.RefreshesOnlyKnown, "test_refresh_tells_every_item_that_was_asked_for_once", None),
    (records.RefreshesForeignKeysBadly,
     "test_refresh_tells_every_item_that_was_asked_for_once", None),
    (records.RefreshesFromMemory, "test_refresh_tells_the_present_amount", None),
    (records.RefreshesDeletedAsUnreadable,
     "test_refresh_of_a_deleted_item_says_that_it_is_gone", None),
    (records.RefreshesNothingBySending, "test_refresh_of_nothing_asks_nothing", None),
    (records.RefreshesOfTheFuture, "test_refresh_speaks_of_a_known_instant", None),
    (records.DropsOldest, "test_first_pull_gives_everything_that_is_open", None),
    (records.TellsAllAtOnce, "test_batches_are_of_bounded_size", None),
    (passes.ReadsAllAgain, "test_second_pull_gives_nothing_when_nothing_changed", None),
    (passes.ReadsAllAgain, "test_changed_item_comes_alone", None),
    (passes.ReadsAllAgain, "test_new_item_comes_alone", None),
    (passes.ReadsAllAgain, "test_resumed_pull_reads_nothing_twice", None),
    (passes.TrustsCursors, "test_odd_cursor_does_no_harm", None),
    (passes.TrustsCursors, "test_damaged_cursor_does_no_harm", None),
    (passes.TakesForeignCursors,
     "test_cursor_of_another_time_or_other_books_does_no_harm", None),
    (passes.NeverReadsAll, "test_full_pull_gives_everything_again", None),
    (passes.AsksTwice, "test_idle_pull_costs_no_more_requests_than_stated", None),
    (passes.CountsNothing, "test_pull_counts_its_requests", None),
    (passes.EndsFirst, "test_events_come_in_order", None),
    (passes.PagesByPlace, "test_row_that_moves_in_mid_pass_hides_no_other", None),
    (passes.PagesByPlace, "test_row_that_moves_in_a_later_pass_closes_none", None),
    (passes.PagesByPlace, "test_row_that_vanishes_in_mid_pass_hides_no_other", None),
    (passes.MarksTooEarly, "test_crash_after_any_event_loses_nothing_and_closes_nothing", None),
    (passes.MarksTooEarly,
     "test_crash_in_a_later_pull_loses_nothing_and_closes_nothing", None),
    (passes.NeverMarks, "test_resumed_pull_reads_nothing_twice", None),
    (passes.MarksFromTheStart, "test_resumed_pull_reads_nothing_twice", None),
    (passes.MarksFromTheStart, "test_pull_that_was_cut_off_by_the_rate_limit_goes_on_later", None),
    (passes.ClosesAfterResuming,
     "test_crash_after_any_event_loses_nothing_and_closes_nothing", None),
    (passes.ClosesAfterResuming, "test_second_pull_leaves_everything_as_it_was", None),
    (passes.PullsOnce, "test_stopped_pull_lets_go", None),
    (passes.GoesOnFromTheEnd, "test_row_that_vanishes_in_mid_pass_hides_no_other", None),
    (passes.ComparesShortLists, "test_missing_rows_close_nothing", Fault.SHORT_LIST),
    (passes.BelievesShortLists, "test_missing_rows_in_a_full_pass_close_nothing", Fault.SHORT_LIST),
    (passes.BelievesEmptyLists,
     "test_missing_rows_in_a_full_pass_close_nothing", Fault.EMPTY_AFTER_ROWS),
    (passes.EndsWellInTrouble,
     "test_fault_that_lasts_is_not_asked_without_end", Fault.AWAY_503),
    (passes.EndsWellInTrouble, "test_missing_rows_in_a_full_pass_close_nothing", Fault.TRUNCATED),
    (passes.EndsWellInTrouble,
     "test_fault_that_passes_is_survived_or_ends_in_the_right_error", Fault.RESET_MIDBODY),
    (passes.EndsWellInTrouble, "test_bad_credentials_in_mid_pass_close_nothing", None),
    (passes.RaisesForeignErrors, "test_fault_that_lasts_ends_in_the_right_error", Fault.HTML_200),
    (passes.RaisesForeignErrors,
     "test_fault_that_lasts_ends_in_the_right_error", Fault.INVALID_JSON),
    (passes.CallsTroubleARefusal, "test_fault_that_lasts_ends_in_the_right_error", Fault.TIMEOUT),
    (passes.CallsTroubleARefusal,
     "test_order_to_a_source_that_is_not_well_does_nothing_unsaid", Fault.AWAY_503),
    (passes.AsksWithoutEnd, "test_bad_credentials_ask_for_a_person_and_nothing_loops", None),
    (passes.AsksWithoutEnd, "test_fault_that_lasts_is_not_asked_without_end", Fault.AWAY_503),
    (passes.AsksWithoutEnd, "test_bad_credentials_stop_a_refresh", None),
    (passes.SpendsUnasked, "test_spent_budget_stops_a_pull_before_it_asks_too_much", None),
    (passes.AsksFirst, "test_spent_budget_stops_a_pull_before_it_asks_too_much", None),
    (passes.EndsWellInTrouble,
     "test_pull_that_ran_out_of_budget_loses_nothing_and_closes_nothing", None),
    (passes.MarksTooEarly,
     "test_pull_that_ran_out_of_budget_loses_nothing_and_closes_nothing", None),
    (passes.MarksFromTheStart, "test_pull_that_ran_out_of_budget_reads_nothing_again", None),
    (passes.SpendsTheReserve, "test_reserve_is_left_for_what_is_read_before_acting", None),
    (passes.RefreshesAlwaysUrgently,
     "test_reserve_is_left_for_what_is_read_before_acting", None),
    (passes.PullsNowAsEver, "test_reserve_is_left_for_what_is_read_before_acting", None),
    (passes.NeverUrgent, "test_reserve_is_left_for_what_is_read_before_acting", None),
    (passes.SaysNotHowLong, "test_rate_limit_says_how_long_to_wait", None),
    (passes.TellsGoneInTrouble, "test_fault_in_a_refresh_is_said", Fault.TIMEOUT),
    (passes.NeverRenews, "test_token_that_expires_in_mid_pass_is_renewed", None),
    (passes.RenewsBlindly, "test_two_processes_renew_once", None),
    (passes.ForgetsRenewed, "test_renewed_token_is_kept", None),
    (passes.LogsTokens, "test_log_holds_nothing_confidential", None),
    (passes.TellsTokensInErrors, "test_errors_hold_nothing_confidential", Fault.AWAY_503),
    (passes.DiesWhenClosed, "test_closing_twice_does_no_harm", None),
    (passes.PushesAgain, "test_same_order_again_has_no_second_effect", None),
    (passes.PushesAgainAfterSilence,
     "test_write_without_an_answer_is_resolved_by_a_look_up", Fault.WRITE_TIMEOUT_AFTER),
    (passes.CallsSilenceNothingDone,
     "test_write_without_an_answer_is_resolved_by_a_look_up", Fault.WRITE_TIMEOUT_AFTER),
    (passes.BelievesSilence,
     "test_write_without_an_answer_is_resolved_by_a_look_up", Fault.WRITE_TIMEOUT_BEFORE),
    (passes.FindsNothing, "test_order_is_done_once_and_can_be_found", None),
    (passes.FindsOthers, "test_order_that_was_not_pushed_is_not_found", None),
    (passes.FindsOtherReferences, "test_order_is_done_once_and_can_be_found", None),
    (passes.OffersUntriedVerbs, "test_adapter_says_what_it_can_be_asked", None),
    (passes.OffersNoVerbs, "test_adapter_says_what_it_can_be_asked", None),
)  # fmt: skip


class TestShopContract(AdapterContract):
    def mount(self) -> Mount:
        return ShopMount(ShopAdapter)


def contract_of(adapter: type[ShopAdapter], left_out: Any = None) -> type[AdapterContract]:
    def mount(self: AdapterContract) -> Mount:
        return ShopMount(adapter)

    return type("Contract", (AdapterContract,), {"mount": mount, "left_out": left_out or {}})


@pytest.mark.parametrize(("adapter", "name", "fault"), MISTAKES)
def test_mistake_is_found(adapter: type[ShopAdapter], name: str, fault: Fault | None) -> None:
    contract = contract_of(adapter)
    case = Case(name, fault)
    assert case in contract.cases()

    with pytest.raises(Exception):  # noqa: B017, PT011  # a failed assert, or what the adapter let through
        contract().run(case)


def test_what_is_left_out_is_not_run() -> None:
    contract = contract_of(ShopAdapter, {Ability.PUSHES: "no way", Fault.TIMEOUT: "no wire"})

    run = {str(case) for case in contract.cases()}

    left = {str(case) for case in contract_of(ShopAdapter).cases()} - run
    assert "test_same_order_again_has_no_second_effect" in left
    assert "test_fault_that_lasts_ends_in_the_right_error[timeout]" in left
    assert "test_fault_that_lasts_ends_in_the_right_error[away_503]" in run


@pytest.mark.parametrize(
    "left_out",
    [{Ability.PAGES: "it has them"}, {Fault.TIMEOUT: "it shows them"}],
)
def test_leaving_out_what_can_be_shown_is_found(left_out: Any) -> None:
    with pytest.raises(AssertionError, match="although the mount can show it"):
        contract_of(ShopAdapter, left_out)().run(Case("test_says_what_it_leaves_out"))


def test_leaving_out_in_silence_is_found() -> None:
    class Small(ShopMount):
        abilities = frozenset(Ability) - {Ability.PUSHES}

    class Contract(AdapterContract):
        def mount(self) -> Mount:
            return Small(ShopAdapter)

    with pytest.raises(AssertionError, match="pushes"):
        Contract().run(Case("test_says_what_it_leaves_out"))


def test_leaving_out_without_a_reason_is_found() -> None:
    class Small(ShopMount):
        abilities = frozenset(Ability) - {Ability.PUSHES}

    class Contract(AdapterContract):
        left_out = {Ability.PUSHES: " "}  # noqa: RUF012  # as an author writes it

        def mount(self) -> Mount:
            return Small(ShopAdapter)

    with pytest.raises(AssertionError, match="without a reason"):
        Contract().run(Case("test_says_what_it_leaves_out"))


def test_every_test_of_the_contract_finds_a_mistake() -> None:
    tried = {name for _, name, _ in MISTAKES}

    names = {case.name for case in contract_of(ShopAdapter).cases()}

    assert names - tried == {"test_says_what_it_leaves_out"}


def test_kit_can_be_used_without_pytest() -> None:
    program = "import sys; sys.modules['pytest'] = None; import connector.testkit.contract"

    done = subprocess.run([sys.executable, "-c", program], check=False)

    assert done.returncode == 0
