import pytest

from adapters.moneybird.endpoints import Resource
from connector.port.errors import RateLimitError
from connector.port.records import Kind
from tests.adapters.moneybird.reading import FIRST, FakeSource, adapter_of, pull, run, sales


def books(count: int) -> FakeSource:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n) for n in range(count)))
    return source


def keys(count: int) -> list[str]:
    return [f"R/{FIRST + n}" for n in range(count)]


def delete(source: FakeSource, count: int) -> None:
    for n in range(count):
        del source.records[Resource.SALES][FIRST + n]


def test_deleted_invoice_is_removed_when_moneybird_confirms_it() -> None:
    source = books(3)
    cursor = pull(source).cursor
    delete(source, 1)

    told = pull(source, cursor)

    assert told.removed == keys(1)
    assert source.calls.count("exists sales_invoices") == 1


def test_removed_invoice_is_asked_for_no_more() -> None:
    source = books(3)
    cursor = pull(source).cursor
    delete(source, 1)
    cursor = pull(source, cursor).cursor

    told = pull(source, cursor)

    assert (told.removed, len(source.calls)) == ([], 5)


def test_invoice_that_exists_and_does_not_come_is_held() -> None:
    source = books(3)
    cursor = pull(source).cursor
    source.hidden.add(FIRST)
    source.unlisted.add(FIRST)

    told = pull(source, cursor)

    assert (told.removed, told.held) == ([], keys(1))
    assert told.faults == [(f"sales_invoices:{FIRST}", "moneybird.not_returned")]
    assert told.ends[Kind.RECEIVABLES].complete


def test_held_invoice_that_comes_back_is_told() -> None:
    source = books(3)
    cursor = pull(source).cursor
    source.hidden.add(FIRST)
    source.unlisted.add(FIRST)
    cursor = pull(source, cursor).cursor
    source.hidden.clear()
    source.change(Resource.SALES, FIRST, state="paid")

    assert [*pull(source, cursor).items] == keys(1)


def test_new_invoice_that_does_not_come_is_asked_for_again() -> None:
    source = books(3)
    source.hidden.add(FIRST)
    first = pull(source)
    source.hidden.clear()

    second = pull(source, first.cursor)

    assert (first.held, [*second.items]) == (keys(1), keys(1))


def test_eleven_of_fifty_vanished_are_not_believed() -> None:
    source = books(50)
    cursor = pull(source).cursor
    delete(source, 11)

    told = pull(source, cursor)

    assert (told.removed, told.held) == ([], keys(11))
    assert told.faults == [("sales_invoices:0", "moneybird.many_vanished")]
    assert not told.ends[Kind.RECEIVABLES].complete
    assert "exists sales_invoices" not in source.calls


@pytest.mark.parametrize(("known", "gone"), [(50, 10), (55, 11)])
def test_few_or_a_small_share_are_believed_one_by_one(known: int, gone: int) -> None:
    source = books(known)
    cursor = pull(source).cursor
    delete(source, gone)

    told = pull(source, cursor)

    assert told.removed == keys(gone)
    assert source.calls.count("exists sales_invoices") == gone


def test_vanished_are_removed_when_a_person_says_so() -> None:
    source = books(50)
    cursor = pull(source).cursor
    delete(source, 50)

    told = pull(source, cursor, accept_empty=True)

    assert told.removed == keys(50)
    assert told.ends[Kind.RECEIVABLES].complete


def test_vanished_are_not_forgotten_until_a_person_says_so() -> None:
    source = books(50)
    cursor = pull(source).cursor
    delete(source, 50)
    cursor = pull(source, cursor).cursor

    told = pull(source, cursor, accept_empty=True)

    assert told.removed == keys(50)


def test_empty_list_is_believed_when_moneybird_names_the_ends() -> None:
    source = books(50)
    cursor = pull(source).cursor
    for n in range(50):
        source.change(Resource.SALES, FIRST + n, state="paid")

    told = pull(source, cursor)

    assert [*told.items] == keys(50)
    assert told.ends[Kind.RECEIVABLES].complete


def test_empty_list_over_open_invoices_is_not_believed() -> None:
    source = books(50)
    cursor = pull(source).cursor
    source.unlisted.update(source.records[Resource.SALES])

    told = pull(source, cursor)

    assert all(item.open for item in told.items.values())
    assert told.faults == [("sales_invoices:0", "moneybird.list_incomplete")]
    assert not told.ends[Kind.RECEIVABLES].complete


def test_full_pull_over_half_a_list_closes_nothing_and_is_not_complete() -> None:
    source = books(50)
    cursor = pull(source).cursor
    source.unlisted.update(FIRST + n for n in range(25))

    told = pull(source, cursor, full=True)

    assert len(told.items) == 50
    assert not told.ends[Kind.RECEIVABLES].complete


def test_invoice_that_reopened_between_list_and_reading_is_no_fault() -> None:
    source = books(50)
    cursor = pull(source).cursor
    source.unlisted.add(FIRST)

    told = pull(source, cursor)

    assert (told.rejected, told.ends[Kind.RECEIVABLES].complete) == ([], True)


def test_budget_that_ends_while_confirming_keeps_what_was_confirmed() -> None:
    source = books(50)
    cursor = pull(source).cursor
    delete(source, 3)
    source.calls.clear()
    source.faults[4] = RateLimitError("budget_spent", after=60)
    stopped = run(adapter_of(source), cursor)

    rest = pull(source, stopped.checkpoints[-1])

    assert (stopped.removed, rest.removed) == (keys(1), keys(3)[1:])


def test_known_that_vanish_in_mid_pass_are_not_believed_either() -> None:
    source = books(50)
    cursor = pull(source).cursor
    source.hidden.update(FIRST + n for n in range(30))
    for n in range(30):
        source.change(Resource.SALES, FIRST + n)

    told = pull(source, cursor)

    assert (told.held, told.removed) == (keys(30), [])
