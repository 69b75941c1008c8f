from dataclasses import replace
from datetime import date, timedelta

from connector.port.adapter import PushVerb
from connector.port.records import ItemId, PartyRef, PullEnd
from connector.store import PushRow, PushStatus, Store
from tests.make import FixedClock

ORDER = PushRow(
    key="abc-2026-11-23",
    verb=PushVerb.RECORD_MESSAGE,
    action="abc",
    party=PartyRef("10023"),
    items=(ItemId("R/1"), ItemId("R/2")),
    on=date(2026, 11, 23),
    text="maan · herinnering",
    facts={"via": "email"},
)


def test_an_order_is_kept_as_it_was_given(store: Store) -> None:
    with store.unit("a") as unit:
        unit.outbox.add(ORDER)

    with store.unit("a") as unit:
        assert unit.outbox.get(ORDER.key) == ORDER


def test_an_order_is_kept_once(store: Store) -> None:
    with store.unit("a") as unit:
        first = unit.outbox.add(ORDER)

        assert (first, unit.outbox.add(replace(ORDER, text="anders"))) == (True, False)


def test_an_order_waits_for_its_next_moment(store: Store, clock: FixedClock) -> None:
    later = replace(ORDER, attempts=1, next_attempt_at=clock.now() + timedelta(minutes=15))
    with store.unit("a") as unit:
        unit.outbox.add(ORDER)
        unit.outbox.save(later)

        assert unit.outbox.due(clock.now()) == []
        assert unit.outbox.due(clock.now() + timedelta(minutes=15)) == [later]


def test_what_is_done_is_not_due(store: Store, clock: FixedClock) -> None:
    done = replace(ORDER, status=PushStatus.DONE, reference="note:1")
    with store.unit("a") as unit:
        unit.outbox.add(ORDER)
        unit.outbox.save(done)

        assert unit.outbox.due(clock.now()) == []
        assert unit.outbox.find(PushVerb.RECORD_MESSAGE, PushStatus.DONE) == [done]


def test_another_administration_does_not_see_it(store: Store, clock: FixedClock) -> None:
    with store.unit("a") as unit:
        unit.outbox.add(ORDER)

    with store.unit("b") as unit:
        assert (unit.outbox.get(ORDER.key), unit.outbox.due(clock.now())) == (None, [])


def test_news_is_news_once(store: Store) -> None:
    with store.unit("a") as unit:
        first = unit.books.is_news("hook:1")

    with store.unit("a") as unit:
        assert (first, unit.books.is_news("hook:1")) == (True, False)


def test_calls_are_forgotten_after_two_months_and_nothing_else(
    store: Store, clock: FixedClock
) -> None:
    with store.unit("a") as unit:
        unit.books.is_news("hook:1")
        unit.books.is_news("bounce:1")
    clock.move(days=61)
    with store.unit("a") as unit:
        unit.books.is_news("hook:2")
        unit.books.begin_pull()
        unit.books.finish_pull(PullEnd(cursor="1"), {})

    with store.unit("a") as unit:
        known = [unit.books.is_news(key) for key in ("hook:1", "hook:2", "bounce:1")]

    assert known == [True, False, False]
