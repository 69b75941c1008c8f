"""The present state of given items."""

from decimal import Decimal

from adapters.exact.mapping_accounts import account_memo, to_account
from adapters.exact.refreshing import MOST_ENTRIES, Refresh
from connector.port.adapter import Refreshed
from connector.port.records import End, ItemId
from tests.adapters.exact.wire import (
    OVERVIEW,
    RECEIVABLES,
    TERMS,
    Books,
    account,
    entry,
    guid,
    overview,
    short,
    term,
    wire_date,
)


def refresh(books: Books, *items: str) -> Refreshed:
    one = Refresh(
        client=lambda: books.source, tools=books.tools, number="invoice_number", urgent=True
    )
    return one.read([ItemId(item) for item in items], books.tools.clock.now())


def shown(*rows: dict[str, object]) -> Books:
    books = Books()
    books.set(RECEIVABLES, *rows)
    books.tools.keep([account_memo(to_account(account()))])
    return books


def key(number: int = 1, side: str = "R") -> str:
    return f"{side}/{entry(number)}"


def test_open_item_is_told_as_it_is_now() -> None:
    told = refresh(shown(term(1, "61.00")), key(1))

    assert [(short(item.id), str(item.open)) for item in told.items] == [("R/1", "61.00")]


def test_item_is_told_as_a_pull_tells_it() -> None:
    books = shown(term(1))
    books.set(TERMS, term(1))
    books.pull()

    assert refresh(books, key(1)).items == (books.item(),)


def test_paid_item_is_told_as_paid() -> None:
    paid = term(1, Status=50, LastPaymentDate=wire_date("2026-11-20"))

    assert refresh(shown(paid), key(1)).items[0].end is End.PAID


def test_item_of_a_relation_without_a_number_is_left_to_a_pull() -> None:
    told = refresh(shown(term(1, Account=guid("acc", 9), AccountCode=None)), key(1))

    assert (told.items, told.unreadable) == ((), (key(1),))


def test_item_of_a_relation_with_a_code_of_another_is_not_that_one_s() -> None:
    (item,) = refresh(shown(term(1, Account=guid("acc", 9))), key(1)).items

    assert item.party == "10-00000009"


def test_item_keeps_the_number_of_its_debtor() -> None:
    (item,) = refresh(shown(term(1, AccountCode="77")), key(1)).items

    assert item.party == "10"


def test_item_that_is_not_there_is_gone() -> None:
    assert refresh(shown(), key(1)).gone == (key(1),)


def test_foreign_keys_are_unreadable_and_not_asked_for() -> None:
    books = shown()

    told = refresh(books, "?/x", f"{key(1)}9", "R/70.2601.2026")

    assert len(told.unreadable) == 3
    assert books.source.asked == []


def test_row_that_cannot_be_read_is_said() -> None:
    told = refresh(shown(term(1, AmountFC="zeven"), term(2)), key(1), key(2))

    assert (told.unreadable, len(told.items)) == ((key(1),), 1)
    assert [one.facts["field"] for one in told.rejected] == ["AmountFC"]


def test_nothing_asks_nothing() -> None:
    books = shown()

    refresh(books)

    assert books.source.asked == []


def test_twenty_entries_are_one_request() -> None:
    books = shown()

    refresh(books, *[key(number) for number in range(1, MOST_ENTRIES + 2)])

    assert books.source.requests == 2


def test_instalments_keep_their_ranks() -> None:
    late = {"DueDate": wire_date("2026-11-30"), "ID": guid("7", 91)}
    total = {"TransactionAmountFC": Decimal(100)}
    first, second = term(1, "40.00", **total), term(1, "60.00", **late, **total)
    books = shown(second)
    books.set(TERMS, first, {**second, "Timestamp": "1002"})
    books.pull()

    told = refresh(books, key(1), f"{key(1)}#2")

    assert [item.id for item in told.items] == [f"{key(1)}#2"]
    assert told.gone == (key(1),)


def test_payable_is_told_as_the_last_pull_knew_it() -> None:
    books = shown()
    books.set(TERMS, term(1, LineType=22, TransactionType=30))
    books.set(OVERVIEW, overview("0", "121.00"))
    books.pull()

    told = refresh(books, key(1, "P"), key(2, "P"))

    assert ([item.id for item in told.items], told.gone) == ([key(1, "P")], (key(2, "P"),))


def test_answer_speaks_of_the_instant_before_it_was_asked_for() -> None:
    books = shown()

    assert refresh(books, key(1)).as_of == books.tools.clock.now()
