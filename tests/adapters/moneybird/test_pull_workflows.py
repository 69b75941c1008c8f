import json
from datetime import UTC, datetime

from adapters.moneybird.adapter import MoneybirdAdapter
from adapters.moneybird.endpoints import Resource
from connector.port.errors import RateLimitError
from connector.port.records import ItemId
from tests.adapters.moneybird.reading import (
    FIRST,
    WORKFLOW,
    FakeSource,
    adapter_of,
    pull,
    run,
    sales,
    tools,
    workflow,
)

IDLE = [f"list {resource.value}" for resource in Resource]


def books(count: int = 3) -> FakeSource:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n) for n in range(count)))
    return source


def key(id_: int) -> ItemId:
    return ItemId(f"R/{id_}")


def test_workflows_are_read_once_a_day() -> None:
    source = books()
    lent = tools(datetime(2026, 11, 26, 22, 30, tzinfo=UTC))
    cursor = run(adapter_of(source, lent=lent)).cursor
    lent.clock.advance(3600)  # past midnight in Amsterdam
    source.calls.clear()

    run(adapter_of(source, lent=lent), cursor)

    assert source.calls == ["workflows", *IDLE]


def next_day(source: FakeSource, cursor: str, **settings: str) -> MoneybirdAdapter:
    source.calls.clear()
    return adapter_of(source, lent=tools(datetime(2026, 11, 27, 9, 0, tzinfo=UTC)), **settings)


def test_workflow_that_now_collects_makes_its_invoices_be_read_again() -> None:
    source = books()
    cursor = pull(source).cursor
    source.steps = [workflow(collects=True)]

    told = run(next_day(source, cursor), cursor)

    assert [item.remindable for item in told.items.values()] == [False] * 3
    assert source.calls == ["workflows", "list sales_invoices", "fetch sales_invoices", *IDLE[1:]]


def test_stop_before_they_are_read_again_forgets_nothing() -> None:
    source = books()
    cursor = pull(source).cursor
    source.steps = [workflow(collects=True)]
    source.faults[3] = RateLimitError("budget_spent", after=60)
    stopped = run(next_day(source, cursor), cursor)

    told = run(next_day(source, cursor), stopped.checkpoints[-1])

    assert len(told.items) == 3


def test_other_setting_makes_invoices_be_judged_again() -> None:
    source = books()
    source.steps = [workflow(auto=True)]
    cursor = pull(source).cursor

    told = run(adapter_of(source, workflow="leave"), cursor)
    again = run(adapter_of(source, workflow="leave"), told.cursor)

    assert [item.blocked for item in told.items.values()] == [True] * 3
    assert again.batches == []


def test_workflow_made_today_is_learnt_once() -> None:
    source = books()
    cursor = pull(source).cursor
    source.steps.append(workflow(5))
    source.add(Resource.SALES, sales(FIRST + 7, workflow_id="5"))

    told = pull(source, cursor)
    cursor = told.cursor
    source.change(Resource.SALES, FIRST + 7)
    pull(source, cursor)

    assert [item.remindable for item in told.items.values()] == [True]
    assert "workflows" not in source.calls


def test_change_of_a_workflow_seen_by_day_is_acted_on_the_next_day() -> None:
    source = books()
    cursor = pull(source).cursor
    source.steps = [workflow(collects=True), workflow(5)]
    source.add(Resource.SALES, sales(FIRST + 7, workflow_id="5"))
    cursor = pull(source, cursor).cursor

    told = run(next_day(source, cursor), cursor)

    assert len(told.items) == 4


def test_unknown_workflow_is_asked_for_no_more_than_once_a_pull() -> None:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n, workflow_id="6") for n in range(150)))

    pull(source)

    assert source.calls.count("workflows") == 1


def test_workflow_of_today_is_known_by_its_id() -> None:
    cursor = json.loads(pull(books()).cursor)

    assert cursor["workflows"] == {str(WORKFLOW): ""}
