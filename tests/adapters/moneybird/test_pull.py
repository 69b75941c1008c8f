import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from adapters.moneybird.endpoints import OPEN_FILTERS, Resource
from connector.port.errors import (
    AuthorisationError,
    ContractChangedError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import ItemId, Kind
from tests.adapters.moneybird.reading import (
    FIRST,
    OLD,
    FakeSource,
    Record,
    adapter_of,
    contact,
    external,
    note,
    pull,
    purchase,
    run,
    sales,
    tools,
)

IDLE = [f"list {resource.value}" for resource in Resource]


def books(count: int = 3) -> FakeSource:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n) for n in range(count)))
    return source


def key(id_: int) -> ItemId:
    return ItemId(f"R/{id_}")


def test_filters_name_every_state_that_is_open() -> None:
    assert OPEN_FILTERS == {
        Resource.SALES: "state:open|late|reminded|pending_payment",
        Resource.EXTERNAL: "state:open|late",
        Resource.PURCHASE: "state:open|late|new|saved|pending_payment",
        Resource.RECEIPTS: "state:open|late|new|saved|pending_payment",
    }


def test_first_pull_costs_workflows_lists_and_pages() -> None:
    source = books(250)
    source.add(Resource.EXTERNAL, external())
    source.add(Resource.PURCHASE, *(purchase(FIRST + 200_000 + n) for n in range(101)))

    told = pull(source)

    assert told.end is not None
    assert told.end.requests == len(source.calls) == 1 + (1 + 3) + (1 + 1) + (1 + 2) + 1


def test_first_pull_gives_every_item_and_each_party_once() -> None:
    source = books(150)
    source.add(Resource.RECEIPTS, purchase())

    told = pull(source)

    assert len(told.items) == 151
    assert [party.ref for batch in told.batches for party in batch.parties] == ["10", "20"]


def test_first_pull_is_a_snapshot() -> None:
    ends = pull(books()).ends

    assert {kind: end.snapshot for kind, end in ends.items()} == {
        Kind.RECEIVABLES: True,
        Kind.PAYABLES: True,
        Kind.PARTIES: False,
    }
    assert all(end.complete and end.delivered for end in ends.values())


def test_pass_speaks_of_the_instant_before_its_first_list() -> None:
    lent = tools(datetime(2026, 11, 26, 8, 0, tzinfo=UTC))

    told = run(adapter_of(books(), lent=lent))

    assert told.ends[Kind.RECEIVABLES].as_of == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


def test_idle_pull_costs_five_lists_and_tells_nothing() -> None:
    source = books(150)
    cursor = pull(source).cursor

    told = pull(source, cursor)

    assert source.calls == IDLE
    assert told.batches == []
    assert not told.ends[Kind.RECEIVABLES].snapshot


def test_pull_of_nothing_asks_for_no_contacts() -> None:
    source = FakeSource()
    cursor = pull(source).cursor

    pull(source, cursor)

    assert source.calls == IDLE[:-1]


@pytest.mark.parametrize(("changed", "pages"), [(1, 1), (100, 1), (101, 2)])
def test_changes_cost_a_request_for_each_hundred(changed: int, pages: int) -> None:
    source = books(150)
    cursor = pull(source).cursor
    for n in range(changed):
        source.change(Resource.SALES, FIRST + n, total_unpaid="1.0")

    told = pull(source, cursor)

    assert len(source.calls) == 5 + pages
    assert len(told.items) == changed


def test_lower_version_is_a_change_too() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST, version=OLD - 1)

    assert [*pull(source, cursor).items] == [key(FIRST)]


def test_new_invoice_comes_alone() -> None:
    source = books()
    cursor = pull(source).cursor
    source.add(Resource.SALES, sales(FIRST - 5))

    assert [*pull(source, cursor).items] == [key(FIRST - 5)]


def test_full_pull_reads_everything_again() -> None:
    source = books(3)
    cursor = pull(source).cursor

    told = pull(source, cursor, full=True)

    assert len(told.items) == 3
    assert told.ends[Kind.RECEIVABLES].snapshot
    assert "10" in told.parties


def test_record_that_changed_as_it_was_read_is_read_again_once() -> None:
    source = FakeSource()
    lent = tools()
    second = int(lent.clock.now().timestamp())
    source.add(Resource.SALES, sales(version=second - 1))
    cursor = run(adapter_of(source, lent=lent)).cursor
    lent.clock.advance(300)

    second_pull = run(adapter_of(source, lent=lent), cursor)
    third_pull = run(adapter_of(source, lent=lent), second_pull.cursor)

    assert ([*second_pull.items], [*third_pull.items]) == ([key(FIRST)], [])


def test_record_that_cannot_be_read_is_held_and_the_rest_goes_on() -> None:
    source = books()
    source.change(Resource.SALES, FIRST, total_unpaid="zeven")

    told = pull(source)

    assert (told.held, len(told.items)) == ([key(FIRST)], 2)
    assert told.faults == [(f"sales_invoices:{FIRST}:total_unpaid", "moneybird.field_unreadable")]
    assert told.ends[Kind.RECEIVABLES].complete


def test_held_record_is_tried_again_in_each_pull() -> None:
    source = books()
    source.change(Resource.SALES, FIRST, total_unpaid="zeven")
    cursor = pull(source).cursor
    still = pull(source, cursor)
    row = source.records[Resource.SALES][FIRST]
    source.records[Resource.SALES][FIRST] = row | {"total_unpaid": "7.0"}

    told = pull(source, still.cursor)

    assert (still.held, [*told.items]) == ([key(FIRST)], [key(FIRST)])


def test_unknown_state_is_told_with_a_warning() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST, state="brand_new")

    told = pull(source, cursor)

    assert told.items[key(FIRST)].blocked
    assert told.doubts == ["moneybird.state_unknown"]


def test_bounces_come_with_the_invoice() -> None:
    source = FakeSource()
    failed = note(None, todo_type="sales_invoice_email_delivery_failed")
    source.add(Resource.SALES, sales(notes=[failed]))

    assert [bounce.item for bounce in pull(source).bounces] == [key(FIRST)]


def test_credit_invoice_names_the_original_that_was_read_with_it() -> None:
    source = FakeSource()
    negative = {"total_unpaid": "-121.0", "total_price_incl_tax": "-121.0"}
    credit = sales(FIRST + 1, original_sales_invoice_id=str(FIRST), **negative)
    source.add(Resource.SALES, sales(FIRST), credit)

    item = pull(source).items[key(FIRST + 1)]

    assert item.names_invoice == "2026-5376"


def test_long_pull_has_a_checkpoint_after_every_ten_pages() -> None:
    told = pull(books(14_050))

    places = [at for at, batch in enumerate(told.batches) if batch.checkpoint is not None]
    assert places == [*range(9, 140, 10), 141]


def test_resumed_pull_lists_again_and_reads_what_is_missing() -> None:
    source = books(2_050)
    checkpoint = pull(source).checkpoints[0]

    told = pull(source, checkpoint)

    assert len(told.items) == 1_050
    assert not told.ends[Kind.RECEIVABLES].snapshot
    assert source.calls.count("fetch sales_invoices") == 11


@pytest.mark.parametrize(
    "error", [RateLimitError("budget_spent", after=60), UnavailableError("wire_away")]
)
def test_stopped_pull_keeps_what_came(error: Exception) -> None:
    source = books(450)
    source.faults[5] = error

    stopped = run(adapter_of(source))
    rest = pull(source, stopped.checkpoints[-1])

    assert (stopped.error, stopped.end) == (error, None)
    assert (len(stopped.items), len(rest.items)) == (200, 250)
    assert not stopped.items.keys() & rest.items.keys()


@pytest.mark.parametrize(
    "error",
    [RefusedError("moneybird.not_found"), RefusedError("wire_refused", status=404)],
)
def test_nothing_behind_the_very_first_address_is_a_missing_administration(
    error: RefusedError,
) -> None:
    source = books()
    source.faults[1] = error

    told = run(adapter_of(source))

    assert isinstance(told.error, AuthorisationError)
    assert (told.error.code, told.error.facts) == (
        "moneybird.administration_missing",
        {"administration": "123"},
    )


@pytest.mark.parametrize(("at", "status"), [(1, 400), (2, 404)])
def test_other_refusals_are_passed_on(at: int, status: int) -> None:
    source = books()
    source.faults[at] = error = RefusedError("wire_refused", status=status)

    assert run(adapter_of(source)).error is error


def test_other_errors_stop_the_pull_at_once() -> None:
    source = books()
    source.faults[2] = ContractChangedError("wire_no_list")

    told = run(adapter_of(source))

    assert (told.batches, told.ends) == ([], {})


def test_changed_record_that_was_not_read_yet_is_still_changed_at_a_checkpoint() -> None:
    source = books(150)
    cursor = pull(source).cursor
    for n in range(150):
        source.change(Resource.SALES, FIRST + n)
    source.calls.clear()
    source.faults[3] = RateLimitError("budget_spent", after=60)

    stopped = run(adapter_of(source), cursor)

    assert len(pull(source, stopped.checkpoints[-1]).items) == 50


def foreign(change: dict[str, object]) -> Callable[[str], str]:
    return lambda cursor: json.dumps(json.loads(cursor) | change)


@pytest.mark.parametrize(
    "spoil", [foreign({"administration": "9"}), foreign({"v": 7}), lambda cursor: cursor[:-9]]
)
def test_foreign_cursor_starts_from_nothing_with_a_warning(spoil: Callable[[str], str]) -> None:
    source = books()
    cursor = pull(source).cursor

    told = pull(source, spoil(cursor))

    assert (len(told.items), told.doubts) == (3, ["moneybird.cursor_foreign"])
    assert told.ends[Kind.RECEIVABLES].snapshot


def test_token_that_may_not_read_documents_leaves_out_payables_alone() -> None:
    source = books()
    source.faults[5] = AuthorisationError("wire_forbidden")
    source.faults[6] = AuthorisationError("wire_forbidden")

    told = pull(source)

    assert (len(told.items), told.doubts) == (3, ["moneybird.payables_forbidden"] * 2)
    assert not told.ends[Kind.PAYABLES].delivered
    assert told.ends[Kind.RECEIVABLES].complete


@pytest.mark.parametrize("at", [2, 5])
def test_refused_credential_stops_the_pull(at: int) -> None:
    source = FakeSource()
    source.add(Resource.SALES, sales(contact=contact()))
    code = "wire_forbidden" if at == 2 else "wire_unauthorised"
    source.faults[at] = AuthorisationError(code)

    told = run(adapter_of(source))

    assert isinstance(told.error, AuthorisationError)


class Stray(FakeSource):
    """Answers with more than was asked for."""

    def fetch(
        self, resource: Resource, ids: Sequence[int], *, urgent: bool = False
    ) -> list[Record]:
        return [*super().fetch(resource, ids), sales(FIRST + 50), {"id": None}]


def test_answer_for_other_ids_is_ignored() -> None:
    source = Stray()
    source.add(Resource.SALES, sales())

    assert [*pull(source).items] == [key(FIRST)]
