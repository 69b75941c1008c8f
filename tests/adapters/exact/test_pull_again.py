"""Pulls that read something again: how often, and what it does to what was held or doubted."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from tests.adapters.exact.wire import (
    DELETED,
    OVERVIEW,
    TERMS,
    Books,
    account,
    deleted,
    entry,
    guid,
    overview,
    term,
    wire_date,
)

DAY = 86_400
WHOLE = {"TransactionAmountFC": Decimal(121), "TransactionAmountDC": Decimal(121)}
FIRST = term(1, "60.00", **WHOLE)
SECOND = term(
    1, "61.00", **WHOLE, ID=guid("7", 91), DueDate=wire_date("2026-12-10"), Timestamp="1002"
)


def books(*terms: dict[str, Any], theirs: str) -> Books:
    made = Books()
    made.set(TERMS, *terms)
    made.set("sync/CRM/Accounts", account())
    made.set(OVERVIEW, overview(theirs))
    return made


def later(found: Books, seconds: float = DAY) -> Books:
    found.tools.clock.advance(timedelta(seconds=seconds).total_seconds())
    found.source.asked.clear()
    return found.pull()


def is_full(found: Books) -> bool:
    return (TERMS, "Timestamp gt 1L") in found.source.asked


# Instalments


def test_new_instalment_does_not_take_the_place_of_one_that_was_paid() -> None:
    found = books(FIRST, SECOND, theirs="121.00").pull()
    paid = {**FIRST, "Status": 50, "LastPaymentDate": wire_date("2026-11-20"), "Timestamp": "2001"}
    rest = {**SECOND, "AmountFC": Decimal(-30), "AmountDC": Decimal(-30), "Timestamp": "2002"}
    new = {**rest, "ID": guid("7", 92), "AmountFC": Decimal(-31), "AmountDC": Decimal(-31),
           "DueDate": wire_date("2027-03-13"), "Timestamp": "2003"}  # fmt: skip
    found.set(TERMS, paid, rest, new)

    found.pull()

    assert found.told() == [("R/1", "0.00"), ("R/1#2", "30.00"), ("R/1#3", "31.00")]


@pytest.mark.parametrize("pages", [1000, 1])
def test_rest_that_falls_due_later_takes_the_place_of_what_was_paid_in_part(pages: int) -> None:
    found = books(term(1), theirs="121.00").pull()
    found.source.per_page = pages
    paid = term(1, "60.00", **WHOLE, Status=50, LastPaymentDate=wire_date("2026-11-20"),
                Timestamp="2001")  # fmt: skip
    rest = {**SECOND, "Timestamp": "2002"}
    found.set(TERMS, paid, rest)

    found.pull()

    assert found.told() == [("R/1", "61.00")]
    assert str(found.item().paid_on) == "2026-11-20"


def test_rest_of_an_invoice_that_was_paid_for_more_than_half_keeps_its_place() -> None:
    paid = term(1, "80.00", **WHOLE, Status=50, LastPaymentDate=wire_date("2026-11-20"),
                Timestamp="2002")  # fmt: skip
    rest = term(1, "41.00", **WHOLE, ID=guid("7", 91), Timestamp="2001")
    found = books(term(1), theirs="121.00").pull()
    found.set(OVERVIEW, overview("41.00"))
    found.set(TERMS, paid, rest)
    found.pull()
    moved = {**rest, "DueDate": wire_date("2026-12-15"), "Timestamp": "3000"}
    found.set(TERMS, paid, moved)

    told = [found.pull().told(), found.pull(full=True).told()]

    assert told == [[("R/1", "41.00")], [("R/1", "41.00")]]


def test_instalments_that_all_move_a_month_stay_what_they_are() -> None:
    first = {**FIRST, "DueDate": wire_date("2026-10-31")}
    second = {**SECOND, "DueDate": wire_date("2026-11-30")}
    found = books(first, second, theirs="121.00").pull()
    found.set(
        TERMS,
        {**first, "DueDate": wire_date("2026-11-30"), "Timestamp": "2001"},
        {**second, "DueDate": wire_date("2026-12-31"), "Timestamp": "2002"},
    )

    found.pull()

    assert found.told() == [("R/1", "60.00"), ("R/1#2", "61.00")]


def test_instalments_that_become_one_are_asked_for_once() -> None:
    found = books(FIRST, SECOND, theirs="121.00").pull()
    found.set(TERMS, {**FIRST, "DueDate": SECOND["DueDate"], "Timestamp": "2001"}, SECOND)

    found.pull()

    assert (found.told(), found.removed()) == ([("R/1#2", "121.00")], ["R/1"])


def test_what_was_paid_on_another_day_is_paid_and_not_deleted() -> None:
    found = books(term(1), theirs="121.00").pull()
    paid: dict[str, Any] = {"Status": 50, "LastPaymentDate": wire_date("2026-11-20")}
    found.set(TERMS, term(1, **paid, DueDate=wire_date("2026-12-15"), Timestamp="2001"))

    found.pull()

    assert (found.told(), found.removed()) == ([("R/1", "0.00")], [])


def test_deletion_that_was_heard_of_before_all_is_read_again_is_told() -> None:
    found = books(term(1), term(2), term(3), theirs="363.00").pull()
    found.set(OVERVIEW, overview("242.00"))
    nameless = term(4, "9.00", TransactionEntryID=None, Status="?", Timestamp="5")
    found.set(TERMS, nameless, term(1), term(3, Timestamp="50", ID=guid("7", 93)))
    found.set(DELETED, deleted(guid("7", 2), 3000), deleted(guid("7", 33), 3001))

    found.pull()

    assert "R/2" in found.removed()


def test_deletion_that_seems_too_old_leads_to_a_look_at_the_newest_row() -> None:
    found = books(term(1), term(2, Timestamp="1002"), theirs="242.00").pull()
    found.set(TERMS, term(1), term(2, Timestamp="2002"))
    found.set(DELETED, deleted(guid("7", 2), 50))
    found.pull()
    found.set(TERMS, term(1))
    found.set(OVERVIEW, overview("121.00"))

    found.pull()

    assert found.removed() == ["R/2"]


def test_doubtful_full_pass_takes_no_instalment_away_in_the_next_pull() -> None:
    other = term(2, Timestamp="1003")
    found = books(FIRST, SECOND, other, theirs="242.00").pull()
    found.set(TERMS, FIRST, other)
    found.pull(full=True)
    found.set(TERMS, {**FIRST, "Timestamp": "2000"}, SECOND, other)

    found.pull()

    assert (found.removed(), found.ends()[0].complete) == ([], False)


# What can't be read


def held(found: Books) -> list[str]:
    return sorted({key for key in found.held() if key.startswith("R/")})


def test_what_is_held_stays_held_when_reading_it_again_breaks_off() -> None:
    rows = [term(number, Timestamp=str(2000 + number)) for number in range(1, 8)]
    rows[6]["DueDate"] = "31-12-2026"
    found = books(*rows, theirs="847.00").pull()
    found.source.per_page = 2
    found.source.fails = (found.source.requests + 7, UnavailableError("wire_away"))
    with pytest.raises(UnavailableError):
        later(found)
    found.source.fails = None

    found.pull()

    assert held(found) == [f"R/{entry(7)}"]
    assert len(found.rejected()) == 1
    assert held(later(found)) == [f"R/{entry(7)}"]


def test_what_can_not_be_read_is_read_again_once_a_day() -> None:
    rows = [term(1, DueDate="31-12-2026"), *(term(number) for number in range(2, 5))]
    found = books(*rows, theirs="484.00").pull()
    later(found)
    found.source.asked.clear()

    found.pull(urgent=True)

    assert (TERMS, "Timestamp gt 1003L") in found.source.asked


def test_unreadable_row_that_was_settled_before_maan_came_holds_nothing() -> None:
    found = books(term(1, Status=50, DueDate="31-12-2015"), term(2), theirs="121.00").pull()

    later(found)

    assert (found.rejected(), (TERMS, "Timestamp gt 1001L") in found.source.asked) == ([], True)


def test_unreadable_row_that_may_be_the_payment_of_a_known_item_holds_it() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.set(TERMS, term(1, Status=50, DueDate="31-12-2015", Timestamp="2001"))

    found.pull()

    assert held(found) == [f"R/{entry(1)}"]


# How often


@pytest.mark.parametrize(
    "refusal",
    [
        RefusedError("wire_refused"),
        AuthorisationError("wire_forbidden"),
        RateLimitError("exact.stopped_asking", after=60),
    ],
)
def test_overview_that_was_refused_is_asked_for_again(refusal: AdapterError) -> None:
    found = books(term(1), theirs="121.00")
    found.source.refused[OVERVIEW] = refusal
    found.pull()

    assert not later(found, 3600).ends()[0].complete
    assert found.warned() == ["exact.never_compared"]
    found.source.refused.clear()
    assert later(found, 3600).ends()[0].complete


def test_newest_row_that_is_missing_day_after_day_is_one_full_pass_a_day() -> None:
    found = books(term(1), term(2), theirs="242.00").pull()
    full = []
    for number in range(4):
        changed = {"ID": guid("7", 90 + number), "Timestamp": str(2000 + number)}
        found.set(TERMS, term(1), term(2, **changed))
        full.append(is_full(later(found, 60)))

    assert full == [True, False, False, False]


@pytest.mark.parametrize("is_committed", [True, False])
def test_newest_row_that_was_deleted_in_a_pull_that_broke_is_no_reset(is_committed: bool) -> None:
    found = books(term(1), term(2), theirs="242.00").pull()
    found.set(OVERVIEW, overview("121.00"))
    found.set(TERMS, term(1))
    found.set(DELETED, deleted(guid("7", 2), 3000))
    found.source.refused[OVERVIEW if is_committed else DELETED] = RateLimitError(
        "budget_spent", after=60
    )
    with pytest.raises(RateLimitError):
        later(found)
    found.source.refused.clear()
    found.source.asked.clear()

    found.pull()

    assert (is_full(found), found.removed()) == (False, ["R/2"])


def test_newest_row_that_was_deleted_is_gone_whatever_deletions_are_numbered_by() -> None:
    found = books(term(1), term(2), theirs="121.00").pull()
    found.set(TERMS, term(1))
    found.set(DELETED, deleted(guid("7", 2), 7))

    found.pull()

    assert found.removed() == ["R/2"]


def test_newest_row_that_goes_in_mid_pass_makes_no_books_empty() -> None:
    found = books(term(1), theirs="121.00").pull()
    found.set(DELETED, deleted(guid("7", 1), 3000))

    found.pull(full=True)

    assert "exact.terms_empty" not in found.warned()


def test_other_number_is_shown_on_what_a_pull_that_broke_told() -> None:
    found = books(*(term(number) for number in range(1, 5)), theirs="484.00")
    found.source.per_page = 2
    found.source.refused[DELETED] = UnavailableError("wire_away")
    with pytest.raises(UnavailableError):
        found.pull()
    found.source.refused.clear()
    found.number = "your_ref"

    found.pull()

    assert [item.number for item in found.items.values()] == ["F1", "F2", "F3", "F4"]


def test_full_pass_over_entries_that_were_paid_in_part_holds_none() -> None:
    paid = {"Status": 50, "LastPaymentDate": wire_date("2026-11-20")}
    rows = [
        row
        for number in range(1, 4)
        for row in (
            term(number, "60.00", **WHOLE, **paid),
            term(number, "61.00", **WHOLE, ID=guid("7", 90 + number), Timestamp=str(1100 + number)),
        )
    ]
    found = books(*rows, theirs="183.00").pull()

    found.pull(full=True)

    assert (len(found.told()), found.held()) == (3, [])
    assert not is_full(later(found, 60))
