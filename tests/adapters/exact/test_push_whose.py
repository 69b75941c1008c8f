"""What maan did is kept with the relation it belongs to, and with no other."""

import pytest

from adapters.exact.mapping_ranks import Rank, ranks_memo
from adapters.exact.terms import GONE, memo_of
from connector.port.adapter import PushVerb
from connector.port.errors import (
    ContractChangedError,
    RefusedError,
)
from connector.port.records import Memo
from tests.adapters.exact.push_desk import (
    ACCOUNT,
    DOCUMENTS,
    ENTRY,
    OTHER_ACCOUNT,
    OTHER_ENTRY,
    RECEIVABLES,
    desk,
    guid,
    message,
    order,
    term,
)


def test_nothing_needs_to_be_known_beforehand() -> None:
    at = desk()

    assert (at.pusher.look(message()), at.client.calls) == ("", [])


def test_a_look_refuses_what_may_not_be_pushed() -> None:
    with pytest.raises(RefusedError):
        desk().pusher.look(order(PushVerb.REMIND))


def test_the_relation_is_remembered_by_the_pull() -> None:
    at = desk()

    at.pusher.push(message())

    assert at.rows(DOCUMENTS)[0]["Account"] == ACCOUNT


def test_the_relation_of_a_settled_invoice_is_asked_once() -> None:
    at = desk(memo_of(term(entry=OTHER_ENTRY, account=OTHER_ACCOUNT)))
    at.client.add(RECEIVABLES, TransactionEntryID=ENTRY, Account=ACCOUNT.upper())
    at.client.add(RECEIVABLES, TransactionEntryID=ENTRY, Account=ACCOUNT)

    at.pusher.push(message())

    assert (at.client.calls.count(f"GET {RECEIVABLES}"), at.rows(DOCUMENTS)[0]["Account"]) == (
        1,
        ACCOUNT,
    )


def test_many_settled_invoices_are_asked_in_an_address_that_is_not_too_long() -> None:
    at = desk(memo_of(term(entry=OTHER_ENTRY)))
    items = [f"R/{guid(number)}" for number in range(500, 560)]
    at.client.add(RECEIVABLES, TransactionEntryID=guid(510), Account=ACCOUNT)

    at.pusher.push(message(*items))

    assert (at.client.filters[0].count("guid'"), at.client.calls.count(f"GET {RECEIVABLES}")) == (
        20,
        1,
    )


def test_a_term_that_was_deleted_does_not_name_the_relation() -> None:
    at = desk(memo_of(term(1, account=OTHER_ACCOUNT, state=GONE)), memo_of(term(2)))

    at.pusher.push(message())

    assert at.rows(DOCUMENTS)[0]["Account"] == ACCOUNT


def test_invoices_that_exact_does_not_have_are_refused() -> None:
    at = desk(memo_of(term(entry=OTHER_ENTRY)))
    with pytest.raises(RefusedError) as raised:
        at.pusher.look(message())

    assert raised.value.code == "exact.items_gone"


def test_a_relation_that_cant_be_read_is_told() -> None:
    at = desk(memo_of(term(entry=OTHER_ENTRY)))
    at.client.add(RECEIVABLES, TransactionEntryID=ENTRY, Account=None)
    with pytest.raises(ContractChangedError) as raised:
        at.pusher.look(message())

    assert raised.value.code == "exact.record_unreadable"


def test_a_letter_is_never_kept_with_another_relation() -> None:
    at = desk(memo_of(term(1)), memo_of(term(2, entry=OTHER_ENTRY, account=OTHER_ACCOUNT)))
    with pytest.raises(RefusedError) as raised:
        at.pusher.push(message(f"R/{ENTRY}", f"R/{OTHER_ENTRY}"))

    assert (raised.value.code, at.client.calls) == ("exact.several_accounts", [])


@pytest.mark.parametrize(("item", "account"), [("", ACCOUNT), ("#2", OTHER_ACCOUNT)])
def test_lines_of_a_journal_entry_are_told_apart(item: str, account: str) -> None:
    ranks = ranks_memo(f"R/{ENTRY}", [Rank("line1"), Rank("line2")])
    at = desk(
        memo_of(term(1, kind="90", slot="line1")),
        memo_of(term(2, kind="90", slot="line2", account=OTHER_ACCOUNT)),
        ranks,
    )

    at.pusher.push(message(f"R/{ENTRY}{item}"))

    assert at.rows(DOCUMENTS)[0]["Account"] == account


def test_an_entry_on_both_sides_of_the_books_is_told_apart() -> None:
    at = desk(memo_of(term(1)), memo_of(term(2, side="P", account=OTHER_ACCOUNT)))

    at.pusher.push(message())

    assert at.rows(DOCUMENTS)[0]["Account"] == ACCOUNT


def test_damaged_memos_are_no_reason_to_stop() -> None:
    at = desk(Memo(f"t:{guid(9)}", f"e:{ENTRY}", "damaged"), memo_of(term()))

    assert at.pusher.look(message()) == ""


@pytest.mark.parametrize("item", [f"P/{ENTRY}", "Z/1", "R/", ENTRY])
def test_only_receivables_are_recorded(item: str) -> None:
    at = desk()
    with pytest.raises(RefusedError) as raised:
        at.pusher.push(message(item))

    assert (raised.value.code, at.client.calls) == ("exact.not_pushable", [])
