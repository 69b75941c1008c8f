import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from connector.port.errors import RateLimitError
from connector.port.tools import Budget, Limit
from connector.store import Store
from connector.store.budgets import StoreBudgets
from tests.make import FixedClock

LIMITS = (Limit(3, 60, reserve=1),)


def budget(store: Store, clock: FixedClock, limits: tuple[Limit, ...] = LIMITS) -> Budget:
    return StoreBudgets(store, clock).of("moneybird:default", limits)


def spend(one: Budget, *, urgent: bool = False) -> int:
    """Take until there is none left; return how many there were."""
    taken = 0
    while True:
        try:
            one.take(urgent=urgent)
        except RateLimitError:
            return taken
        taken += 1


def test_the_reserve_is_left_for_what_can_not_wait(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock)

    assert (spend(one), spend(one, urgent=True)) == (2, 1)


def test_the_reserve_says_when_it_is_let_go(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock)
    spend(one)

    with pytest.raises(RateLimitError) as raised:
        one.take()

    assert raised.value.facts["after"] == 57


def test_the_reserve_is_let_go_before_the_window_ends(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock)
    spend(one)
    clock.set(clock.now() + timedelta(seconds=57))

    assert spend(one) == 1


def test_what_is_spent_says_how_long_to_wait(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock)
    spend(one, urgent=True)

    with pytest.raises(RateLimitError) as raised:
        one.take(urgent=True)

    assert (raised.value.code, raised.value.facts["after"]) == ("budget_spent", 60)


def test_a_new_window_brings_new_requests(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock)
    spend(one, urgent=True)
    clock.move(minutes=1)

    assert spend(one, urgent=True) == 3


def test_two_processes_share_what_there_is(opened: Callable[[], Store], clock: FixedClock) -> None:
    limits = (Limit(20, 60),)
    budgets = [budget(opened(), clock, limits) for _ in range(2)]
    taken: list[int] = []
    threads = [threading.Thread(target=lambda b=b: taken.append(spend(b))) for b in budgets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 20


def test_the_remote_may_leave_less_than_we_thought(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock, (Limit(10, 60),))
    one.take()
    one.heard(remaining=2, resets_at=clock.now() + timedelta(seconds=30))

    assert spend(one) == 2


def test_the_remote_never_gives_back_what_was_spent(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock, (Limit(10, 60),))
    for _ in range(6):
        one.take()
    one.heard(remaining=9, resets_at=clock.now() + timedelta(seconds=60))

    assert spend(one) == 4


def test_a_look_takes_nothing(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock)
    one.look()
    taken = spend(one)

    with pytest.raises(RateLimitError):
        one.look()
    assert taken == 2


def test_every_window_must_have_room(store: Store, clock: FixedClock) -> None:
    one = budget(store, clock, (Limit(2, 60), Limit(3, 86400)))
    first = spend(one)
    clock.move(minutes=2)

    assert (first, spend(one)) == (2, 1)


def test_other_limits_for_a_key_start_anew(store: Store, clock: FixedClock) -> None:
    spend(budget(store, clock), urgent=True)

    assert spend(budget(store, clock, (Limit(2, 60), Limit(5, 600)))) == 2
