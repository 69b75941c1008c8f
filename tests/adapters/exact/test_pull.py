"""Pulls over a division in memory: what is told, when, and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.port.errors import AuthorisationError, RateLimitError, UnavailableError
from connector.port.records import Document, End, ItemId, Kind, PartyRef, PullEnd
from tests.adapters.exact.wire import (
    ACCOUNTS,
    CONDITIONS,
    CONTACTS,
    DELETED,
    DIVISION,
    DIVISIONS,
    OVERVIEW,
    TERMS,
    Books,
    FakePage,
    FakeSource,
    account,
    contact,
    deleted,
    entry,
    guid,
    overview,
    term,
    wire_date,
)

DAY = 86_400


def books(*terms: dict[str, object], theirs: str | None = None) -> Books:
    made = Books()
    made.set(TERMS, *terms)
    made.set(ACCOUNTS, account())
    if theirs is not None:
        made.set(OVERVIEW, overview(theirs))
    return made


def test_first_pull_tells_what_is_open() -> None:
    found = books(term(1), term(2, "50.00")).pull()

    assert found.told() == [("R/1", "121.00"), ("R/2", "50.00")]


def test_first_pull_costs_seven_requests() -> None:
    found = books(term(1)).pull()

    assert found.source.paths() == [
        DIVISIONS, CONTACTS, CONDITIONS, ACCOUNTS, TERMS, DELETED, OVERVIEW,
    ]  # fmt: skip


def test_idle_pull_costs_three_requests() -> None:
    found = books(term(1), theirs="121").pull()
    found.source.asked.clear()

    found.pull()

    assert found.source.paths() == [ACCOUNTS, TERMS, DELETED]


def test_idle_pull_tells_nothing() -> None:
    found = books(term(1), theirs="121").pull()

    found.pull()

    assert found.batches() == []


def test_pull_counts_its_requests() -> None:
    end = books(term(1)).pull().events[-1]

    assert isinstance(end, PullEnd)
    assert end.requests == 7


def test_first_pull_of_a_day_asks_what_changes_rarely() -> None:
    found = books(term(1), theirs="121").pull()
    found.source.asked.clear()
    found.tools.clock.advance(DAY)

    found.pull()

    assert found.source.paths() == [
        DIVISIONS, CONTACTS, CONDITIONS, ACCOUNTS, TERMS, DELETED, OVERVIEW,
    ]  # fmt: skip


def test_changes_cost_one_request_a_page() -> None:
    found = books(term(1), theirs="121").pull()
    found.source.per_page = 10
    found.set(TERMS, *[term(n, Timestamp=str(3000 + n)) for n in range(1, 26)])
    found.source.asked.clear()
    before = found.source.requests

    found.pull()

    assert found.source.requests - before == 2 + 3


def test_settled_invoices_of_before_are_not_told() -> None:
    found = books(term(1, Status=50, LastPaymentDate=wire_date("2026-01-05"))).pull()

    assert found.told() == []


def test_payment_in_part_leaves_the_rest_open() -> None:
    found = books(term(1)).pull()
    paid = {"Status": 50, "LastPaymentDate": wire_date("2026-11-20"), "Timestamp": "2001"}
    found.set(
        TERMS,
        term(1, "60.00", TransactionAmountFC=Decimal(121), **paid),
        term(1, "61.00", TransactionAmountFC=Decimal(121), ID=guid("7", 91), Timestamp="2002"),
    )

    found.pull()

    assert found.told() == [("R/1", "61.00")]


def test_day_of_a_payment_in_part_is_kept() -> None:
    found = books(term(1)).pull()
    paid = {"Status": 50, "LastPaymentDate": wire_date("2026-11-20"), "Timestamp": "2001"}
    rest = {"TransactionAmountFC": Decimal(121), "ID": guid("7", 91)}
    found.set(TERMS, term(1, "60.00", **paid), term(1, "61.00", **rest, Timestamp="2002"))
    found.pull()
    found.set(TERMS, term(1, "61.00", **rest, Timestamp="2003", Description="Anders"))

    found.pull()

    assert str(found.item().paid_on) == "2026-11-20"


def test_split_that_falls_on_two_pages_is_no_payment_of_all() -> None:
    found = books(term(1), term(2)).pull()
    found.source.per_page = 1
    paid = {"Status": 50, "LastPaymentDate": wire_date("2026-11-20"), "Timestamp": "2001"}
    found.set(
        TERMS,
        term(1, "60.00", TransactionAmountFC=Decimal(121), **paid),
        term(1, "61.00", TransactionAmountFC=Decimal(121), ID=guid("7", 91), Timestamp="2002"),
    )

    found.pull()

    assert found.told() == [("R/1", "61.00")]


def test_payment_in_full_ends_the_item() -> None:
    found = books(term(1)).pull()
    day = wire_date("2026-11-20")
    found.set(TERMS, term(1, Status=50, LastPaymentDate=day, EndDate=day, Timestamp="2001"))

    found.pull()

    item = found.item()
    assert (str(item.open), item.end, str(item.paid_on)) == ("0.00", End.PAID, "2026-11-20")


def test_settled_without_money_is_no_payment() -> None:
    found = books(term(1)).pull()
    found.set(TERMS, term(1, Status=50, EndDate=wire_date("2026-11-21"), Timestamp="2001"))

    found.pull()

    assert (found.item().end, str(found.item().paid_on)) == (End.CREDITED, "2026-11-21")


def test_edited_entry_keeps_its_key() -> None:
    found = books(term(1)).pull()
    found.set(TERMS, term(1, ID=guid("7", 91), Timestamp="2001", DueDate=wire_date("2026-12-01")))
    found.set(DELETED, deleted(guid("7", 1), 2002))

    found.pull()

    assert (found.told(), found.removed()) == ([("R/1", "121.00")], [])


def test_edited_entry_is_never_told_twice_as_large() -> None:
    found = books(term(1)).pull()
    found.source.per_page = 1
    found.set(TERMS, term(1, ID=guid("7", 91), Timestamp="2001"), term(2, Timestamp="2003"))
    found.set(DELETED, deleted(guid("7", 1), 2002))

    found.pull()

    assert found.told() == [("R/2", "121.00"), ("R/1", "121.00")]


def test_deleted_entry_is_removed() -> None:
    found = books(term(1), term(2)).pull()
    found.set(TERMS, term(2))
    found.set(DELETED, deleted(guid("7", 1), 2002))

    found.pull()

    assert (found.told(), found.removed()) == ([], ["R/1"])


def test_deletion_that_is_older_than_the_row_is_left_alone() -> None:
    found = books(term(1)).pull()
    found.set(DELETED, deleted(guid("7", 1), 900))

    found.pull()

    assert found.removed() == []


def test_instalments_are_items_of_their_own() -> None:
    later = {"DueDate": wire_date("2026-11-30"), "ID": guid("7", 91), "Timestamp": "1002"}
    total = {"TransactionAmountFC": Decimal(100)}

    found = books(term(1, "40.00", **total), term(1, "60.00", **later, **total)).pull()

    assert found.told() == [("R/1", "40.00"), ("R/1#2", "60.00")]


def test_instalment_that_is_left_keeps_its_key() -> None:
    later = {"DueDate": wire_date("2026-11-30"), "ID": guid("7", 91)}
    total = {"TransactionAmountFC": Decimal(100)}
    found = books(
        term(1, "40.00", **total), term(1, "60.00", **later, **total, Timestamp="1002")
    ).pull()
    found.set(TERMS, term(1, "40.00", **total, Status=50, Timestamp="2001"))
    found.pull()
    found.set(TERMS, term(1, "60.00", **later, **total, Timestamp="2002", Description="Anders"))

    found.pull()

    assert found.told() == [("R/1#2", "60.00")]


def test_earlier_day_beside_the_old_one_takes_no_key_over() -> None:
    found = books(term(1, "100.00")).pull()
    total = {"TransactionAmountFC": Decimal(100)}
    early = {"DueDate": wire_date("2026-10-10"), "ID": guid("7", 91), "Timestamp": "2001"}
    found.set(
        TERMS, term(1, "40.00", **early, **total), term(1, "60.00", **total, Timestamp="2002")
    )

    found.pull()

    assert found.told() == [("R/1", "60.00"), ("R/1#2", "40.00")]


@pytest.mark.parametrize("sign", [1, -1])
def test_both_signs_of_amounts_come_to_the_same(sign: int) -> None:
    def signed(row: dict[str, object], amount: str) -> dict[str, object]:
        return {**row, "AmountFC": sign * Decimal(amount), "AmountDC": sign * Decimal(amount)}

    credit = term(2, "21.00", TransactionType=21, TransactionAmountFC=Decimal(-21),
                  TransactionAmountDC=Decimal(-21))  # fmt: skip
    receipt = term(3, "50.00", TransactionType=40)

    found = books(
        signed(term(1), "121"), signed(credit, "-21"), signed(receipt, "-50"), theirs="50"
    ).pull()

    assert found.told() == [("R/1", "121.00"), ("R/2", "-21.00"), ("R/3", "-50.00")]
    kinds = [found.item(number).document for number in (1, 2, 3)]
    assert kinds == [Document.INVOICE, Document.CREDIT, Document.PAYMENT]


def test_reversal_goes_against_its_invoice() -> None:
    reversal = term(2, "-121.00", TransactionIsReversal=True)

    found = books(term(1), reversal).pull()

    assert found.told() == [("R/1", "121.00"), ("R/2", "-121.00")]
    assert found.item(2).tags == ("reversal",)


def test_foreign_currency_is_told_as_invoiced() -> None:
    found = books(term(1, "100.00", Currency="USD", AmountDC=Decimal("-92.50"))).pull()

    assert (found.item().open.currency, str(found.item().open)) == ("USD", "100.00")


@pytest.mark.parametrize("changes", [{"Status": 30}, {"Status": 40}, {"PaymentMethod": "I"}])
def test_what_is_being_collected_is_direct_debit(changes: dict[str, Any]) -> None:
    found = books(term(1, **changes)).pull()

    assert found.item().direct_debit


def test_payable_has_the_number_of_the_supplier() -> None:
    found = books(term(1, LineType=22, TransactionType=30)).pull()

    assert found.item(side="P").number == "F1"


def test_totals_that_agree_are_told_as_ours() -> None:
    found = books(term(1), theirs="121.00").pull()

    assert [str(one.amount) for one in found.ends()[0].totals] == ["121.00"]


def test_totals_that_differ_are_told_as_theirs() -> None:
    found = books(term(1), theirs="100.00").pull()

    assert [str(one.amount) for one in found.ends()[0].totals] == ["100.00"]
    assert "exact.totals_differ" in found.warned()


def test_overview_is_asked_each_round_until_it_agrees() -> None:
    found = books(term(1), theirs="100.00").pull()
    found.source.asked.clear()

    found.pull()

    assert found.source.paths() == [ACCOUNTS, TERMS, DELETED, OVERVIEW]


def test_totals_that_still_differ_next_day_lead_to_a_full_pass() -> None:
    found = books(term(1), theirs="100.00").pull()
    found.source.asked.clear()
    found.tools.clock.advance(DAY)

    found.pull()

    assert (TERMS, "Timestamp gt 1L") in found.source.asked


def test_full_pass_that_lacks_rows_closes_nothing() -> None:
    found = books(term(1), term(2), theirs="242.00").pull()
    found.set(TERMS, term(1))

    found.pull(full=True)

    assert not found.ends()[0].complete


def test_full_pass_tells_everything_again() -> None:
    found = books(term(1), term(2), theirs="242.00").pull()

    found.pull(full=True)

    assert found.told() == [("R/1", "121.00"), ("R/2", "121.00")]
    assert found.ends()[0].snapshot


def test_other_number_is_shown_on_all_that_is_known() -> None:
    found = books(term(1), theirs="121.00").pull()
    assert found.item().number == "701"
    found.number = "your_ref"

    found.pull()

    assert found.item().number == "F1"


def test_full_pass_tells_how_known_items_ended() -> None:
    found = books(term(1), term(2), theirs="121.00").pull()
    found.set(TERMS, term(1, Status=50, EndDate=wire_date("2026-11-01")), term(2))

    found.pull(full=True)

    assert sorted(found.told()) == [("R/1", "0.00"), ("R/2", "121.00")]


def test_full_pass_forgets_terms_that_are_not_there_any_more() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.tools.clock.advance(60)
    found.set(TERMS, term(1, ID=guid("7", 91)))

    found.pull(full=True)

    assert found.told() == [("R/1", "121.00")]


def test_moved_division_leads_to_a_full_pass() -> None:
    found = books(term(1), theirs="121.00").pull()
    moved = {"Code": DIVISION, "DivisionMoveDate": wire_date("2026-11-26")}
    found.set(DIVISIONS, moved)
    found.set(TERMS, term(1, Timestamp="5"))
    found.tools.clock.advance(DAY)

    found.pull()

    assert found.told() == [("R/1", "121.00")]
    assert "exact.division_moved" in found.warned()


def test_timestamps_that_began_anew_lead_to_a_full_pass() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.set(TERMS, term(1, Timestamp="5"))

    found.pull()

    assert found.told() == [("R/1", "121.00")]
    assert "exact.timestamps_reset" in found.warned()


def test_newest_row_that_was_deleted_is_no_reset() -> None:
    found = books(term(1), term(2), theirs="121.00").pull()
    found.set(TERMS, term(1))
    found.set(DELETED, deleted(guid("7", 2), 2002))

    found.pull()

    assert "exact.timestamps_reset" not in found.warned()


def test_deletions_that_were_missed_lead_to_a_full_pass() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.source.asked.clear()
    found.tools.clock.advance(timedelta(days=62).total_seconds())

    found.pull()

    assert (TERMS, "Timestamp gt 1L") in found.source.asked
    assert "exact.deletions_missed" in found.warned()


def test_busy_division_is_left_alone() -> None:
    found = books(term(1))
    found.set(DIVISIONS, {"Code": DIVISION, "BlockingStatus": 2})

    with pytest.raises(UnavailableError, match=r"exact\.blocked_division"):
        found.pull()


def test_pull_that_breaks_after_any_page_loses_nothing() -> None:
    rows = [term(n, f"{n}.00") for n in range(1, 8)]
    whole = books(*rows)
    whole.source.per_page = 2
    pages = whole.pull().source.requests
    for page in range(1, pages):  # without the overview, which is asked again later
        found = books(*rows)
        found.source.per_page = 2
        found.source.fails = (page, UnavailableError("wire_away"))
        with pytest.raises(UnavailableError):
            found.pull()
        found.source.fails = None
        found.pull()

        assert found.open() == whole.open()


def test_pull_goes_on_where_it_broke() -> None:
    found = books(*[term(n) for n in range(1, 7)])
    found.source.per_page = 2
    found.source.fails = (7, RateLimitError("budget_spent", after=60))
    with pytest.raises(RateLimitError):
        found.pull()
    found.source.fails = None

    found.pull()

    assert found.told() == [("R/5", "121.00"), ("R/6", "121.00")]


def test_changes_that_break_before_the_deletions_are_told_later() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.set(TERMS, term(1, Status=50, Timestamp="2001"))
    found.source.refused[DELETED] = UnavailableError("wire_away")
    with pytest.raises(UnavailableError):
        found.pull()
    found.source.refused.clear()

    found.pull()

    assert found.told() == [("R/1", "0.00")]


def test_full_pass_that_broke_begins_anew() -> None:
    found = books(*[term(n) for n in range(1, 5)], theirs="484.00").pull()
    found.source.per_page = 2
    found.source.refused[DELETED] = UnavailableError("wire_away")
    with pytest.raises(UnavailableError):
        found.pull(full=True)
    found.source.refused.clear()
    found.source.asked.clear()

    found.pull()

    assert (TERMS, "Timestamp gt 1L") in found.source.asked
    assert found.ends()[0].snapshot


def test_same_row_twice_in_a_long_pass_counts_once() -> None:
    found = books(term(1), term(2), term(1, "100.00", Timestamp="1005", ID=guid("7", 1)))
    found.source.per_page = 2
    found.set(OVERVIEW, overview("221.00"))

    found.pull()

    assert found.open() == {"R/1": "100.00", "R/2": "121.00"}
    assert "exact.totals_differ" not in found.warned()


@pytest.mark.parametrize("stamps", [("1001", "1002"), ("1002", "1001")])
def test_same_row_twice_on_a_page_is_the_newer_one(stamps: tuple[str, str]) -> None:
    amounts = {"1001": "121.00", "1002": "100.00"}
    total = {"TransactionAmountFC": Decimal(121)}

    found = books()
    found.source = _AsTheyStand(found.source.lists)
    found.set(TERMS, *[term(1, amounts[one], Timestamp=one, **total) for one in stamps])
    found.pull()

    assert found.open() == {"R/1": "100.00"}


def test_pages_out_of_order_are_read_again_after_a_break() -> None:
    found = books(term(1), term(2))
    found.source = source = _Reversed(found.source.lists, per_page=1, breaks_at=2)
    with pytest.raises(UnavailableError):
        found.pull()
    source.breaks_at = 0
    found.source.asked.clear()

    found.pull()

    assert (TERMS, "Timestamp gt 1L") in found.source.asked
    assert found.open() == {"R/1": "121.00", "R/2": "121.00"}


@dataclass(slots=True)
class _AsTheyStand(FakeSource):
    """A division whose rows come in the order of its list."""

    def rows(self, path: str, **options: Any) -> Iterator[FakePage]:
        return iter([FakePage(self.lists.get(path, []))])


@dataclass(slots=True)
class _Reversed(FakeSource):
    """A division whose pages of terms come in the wrong order, and break off if a test says so."""

    breaks_at: int = 0

    def rows(self, path: str, **options: Any) -> Iterator[FakePage]:
        pages = list(FakeSource.rows(self, path, **options))
        for number, page in enumerate(pages[::-1] if path == TERMS else pages, 1):
            if path == TERMS and number == self.breaks_at:
                raise UnavailableError("wire_away")
            yield page


def test_unreadable_row_is_held_and_the_rest_goes_on() -> None:
    found = books(term(1, AmountFC="zeven"), term(2)).pull()

    assert found.told() == [("R/2", "121.00")]
    assert ItemId(f"R/{entry(1)}") in found.held()
    assert [one.where for one in found.rejected()] == [f"{TERMS}:{guid('7', 1)}:AmountFC"]


def test_missing_field_holds_the_row() -> None:
    row = term(1)
    del row["DueDate"]

    found = books(row, term(2)).pull()

    assert [one.reason for one in found.rejected()] == ["exact.field_missing"]


def test_unknown_field_is_left_alone() -> None:
    found = books(term(1, Nieuw="x")).pull()

    assert found.told() == [("R/1", "121.00")]


def test_unreadable_row_is_read_again_the_next_day() -> None:
    found = books(term(1, AmountFC="zeven"), term(2), theirs="121.00").pull()
    found.set(TERMS, term(1), term(2))
    found.set(OVERVIEW, overview("242.00"))
    found.tools.clock.advance(DAY)

    found.pull()

    assert found.told() == [("R/1", "121.00")]


def test_row_without_an_entry_lets_nothing_close() -> None:
    found = books(term(1, TransactionEntryID=None, EntryNumber=None), term(2)).pull()

    assert not found.ends()[0].closes


def test_row_of_another_division_is_refused() -> None:
    found = books(term(1, Division=99), term(2)).pull()

    assert found.told() == [("R/2", "121.00")]
    assert [one.reason for one in found.rejected()] == ["exact.other_division"]


def test_row_without_the_code_of_its_relation_finds_it() -> None:
    found = books(term(1, AccountCode=None)).pull()

    assert found.item().party == "10"


def test_row_of_an_unknown_relation_is_held() -> None:
    found = books(term(1, AccountCode=None, Account=guid("acc", 9))).pull()

    assert [one.facts["field"] for one in found.rejected()] == ["AccountCode"]


def test_unknown_state_is_told_and_blocked() -> None:
    found = books(term(1, Status=60)).pull()

    assert found.item().blocked
    assert found.warned() == ["exact.status_unknown", "exact.totals_differ"]


def test_amounts_of_two_currencies_are_no_amount_to_ask_for() -> None:
    dollars = {"ID": guid("7", 91), "Currency": "USD", "Timestamp": "1002"}
    total = {"TransactionAmountFC": Decimal(121)}

    found = books(term(1, "60.00", **total), term(1, "40.00", **total, **dollars)).pull()

    assert found.item().blocked


def test_two_lines_of_a_bank_entry_are_items_of_their_own() -> None:
    line: dict[str, Any] = {"TransactionType": 40, "AmountFC": Decimal(20), "AmountDC": Decimal(20)}
    other = {"ID": guid("7", 91), "TransactionID": guid("7a", 91), "Timestamp": "1002",
             "Account": guid("acc", 2), "AccountCode": "11"}  # fmt: skip

    found = books(term(1, **line), term(1, **line, **other)).pull()

    assert found.told() == [("R/1", "-20.00"), ("R/1#2", "-20.00")]
    assert {item.party for item in found.items.values()} == {"10", "11"}


def test_list_that_may_not_be_read_is_left_out() -> None:
    found = books(term(1))
    for path in (DIVISIONS, CONTACTS, CONDITIONS, OVERVIEW):
        found.source.refused[path] = AuthorisationError("wire_forbidden")

    found.pull()

    assert found.warned() == [*["exact.list_refused"] * 3, "exact.never_compared"]


def test_other_refusals_stop_the_pull() -> None:
    found = books(term(1))
    found.source.refused[OVERVIEW] = AuthorisationError("exact.needs_reauthorization")

    with pytest.raises(AuthorisationError):
        found.pull()


def test_own_dunning_of_exact_is_said() -> None:
    found = books(term(1), theirs="121.00")
    found.set(CONDITIONS, {"Code": "30", "CreditManagementScenarioCode": "AANM"}, {"Code": "14"})

    found.pull()

    assert found.warned() == ["exact.own_dunning"]


def test_relation_is_told_with_its_main_contact() -> None:
    found = books(term(1))
    found.set(ACCOUNTS, account(MainContact=guid("c0", 1)))
    found.set(CONTACTS, contact(1))

    found.pull()

    assert found.parties["10"].email == "piet@dewit.example"


def test_who_the_invoice_is_addressed_to_goes_first() -> None:
    found = books(term(1, AccountContact=guid("c0", 2)))
    found.set(ACCOUNTS, account(MainContact=guid("c0", 1)))
    found.set(CONTACTS, contact(1), contact(2, BusinessEmail="debiteuren@dewit.example"))

    found.pull()

    assert found.parties["10"].email == "debiteuren@dewit.example"


def test_changed_contact_changes_its_relation() -> None:
    found = books(term(1), theirs="121.00")
    found.set(ACCOUNTS, account(MainContact=guid("c0", 1)))
    found.set(CONTACTS, contact(1))
    found.pull()
    found.set(CONTACTS, contact(1, Email="nieuw@dewit.example", Timestamp="3000"))
    found.tools.clock.advance(DAY)

    found.pull()

    assert found.parties["10"].email == "nieuw@dewit.example"


@pytest.mark.parametrize(
    "change", [{"IsAnonymised": 1}, {"Account": None}, {"Account": guid("acc", 2)}]
)
def test_contact_that_left_is_not_written_to_any_more(change: dict[str, Any]) -> None:
    found = books(term(1))
    found.set(CONTACTS, contact(IsMainContact=True))
    found.set(ACCOUNTS, account(1), account(2))
    found.pull()
    assert found.parties[PartyRef("10")].email == "piet@dewit.example"
    found.set(CONTACTS, contact(IsMainContact=True, Timestamp="3000", **change))
    found.tools.clock.advance(DAY)

    found.pull()

    assert found.parties[PartyRef("10")].email == "info@dewit.example"


@pytest.mark.parametrize("stamps", [("1001", "1002"), ("1002", "1001")])
def test_who_the_newest_invoice_is_addressed_to_is_written_to(stamps: tuple[str, str]) -> None:
    old, new = stamps
    found = books(
        term(1, Timestamp=old, AccountContact=guid("c0", 1), InvoiceDate=wire_date("2025-01-01")),
        term(2, Timestamp=new, AccountContact=guid("c0", 2)),
    )
    found.set(CONTACTS, contact(1), contact(2, Email="nieuw@dewit.example"))

    found.pull()

    assert found.parties[PartyRef("10")].email == "nieuw@dewit.example"


def test_old_invoice_that_changes_brings_its_contact_not_back() -> None:
    old = {"AccountContact": guid("c0", 1), "InvoiceDate": wire_date("2025-01-01")}
    found = books(term(1, **old), term(2, AccountContact=guid("c0", 2)))
    found.set(CONTACTS, contact(1), contact(2, Email="nieuw@dewit.example"))
    found.pull()
    found.set(TERMS, term(1, Timestamp="3000", **old))

    found.pull()

    assert found.parties[PartyRef("10")].email == "nieuw@dewit.example"


def test_deleted_contact_leaves_its_relation() -> None:
    found = books(term(1), theirs="121.00")
    found.set(ACCOUNTS, account(MainContact=guid("c0", 1)))
    found.set(CONTACTS, contact(1))
    found.pull()
    found.set(DELETED, deleted(guid("c0", 1), 3000, kind=5))

    found.pull()

    assert found.parties["10"].email == "info@dewit.example"


def test_deleted_relation_is_forgotten_and_stays_as_it_was_told() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.set(DELETED, deleted(guid("acc", 1), 3000, kind=2))

    found.pull()

    assert found.removed() == []
    assert "Bakkerij" not in str(found.tools.memos)
    found.set(ACCOUNTS, account(2, Code="10", Timestamp="3000"))
    assert [str(party.ref) for party in found.pull().parties.values()] == ["10", "10-00000002"]


def test_changed_code_leaves_the_number_of_a_debtor_alone() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.set(ACCOUNTS, account(Code="77", Timestamp="3000"))
    found.set(TERMS, term(1, AccountCode="77", Timestamp="3001"))

    found.pull()

    assert found.item().party == "10"
    assert found.warned() == ["exact.code_changed"]


def test_code_that_another_relation_had_is_not_its_number() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.set(
        ACCOUNTS, account(Code="77", Timestamp="3000"), account(2, Code="10", Timestamp="3001")
    )

    found.pull()

    assert found.parties[PartyRef("10-00000002")].raw["Code"] == "10"
    assert found.warned() == ["exact.code_reused", "exact.code_changed"]


def test_codes_that_changed_places_in_mid_pass_are_not_mixed_up() -> None:
    found = books(term(1, AccountCode="11"), term(2, Account=guid("acc", 2), AccountCode="10"))
    found.set(ACCOUNTS, account(1), account(2))

    found.pull()

    assert [item.party for item in found.items.values()] == ["10", "11"]


def test_term_of_a_relation_that_is_not_read_yet_gives_it_its_number() -> None:
    found = books(term(1, Account=guid("acc", 2), AccountCode="11"))
    found.pull()
    found.set(ACCOUNTS, account(1), account(2, Code="12", Timestamp="3000"))

    found.pull()

    assert found.item().party == "11"
    assert found.parties[PartyRef("11")].raw["Code"] == "12"


def test_unreadable_relation_is_rejected_and_the_rest_goes_on() -> None:
    found = books(term(1))
    found.set(ACCOUNTS, account(1, ID="x"), account(2))

    found.pull()

    assert [one.reason for one in found.rejected()] == ["exact.field_unreadable"]
    assert list(found.parties) == ["11"]


def test_parties_come_before_the_items() -> None:
    batches = books(term(1)).pull().batches()

    assert next(bool(batch.parties) for batch in batches)


def test_ends_name_every_kind() -> None:
    ends = books(term(1)).pull().ends()

    assert [one.kind for one in ends] == [Kind.RECEIVABLES, Kind.PAYABLES, Kind.PARTIES]
