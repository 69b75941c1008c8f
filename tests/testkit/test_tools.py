"""The stand-ins behave as what they stand in for."""

import threading
from datetime import timedelta

import pytest

from connector.port.errors import RateLimitError, SettingsError
from connector.port.tools import Limit, Tools
from connector.testkit.tools import NOW, FakeBudget, FakeClock, FakeTools, FakeVault


def budget(clock: FakeClock, *limits: Limit) -> FakeBudget:
    return FakeBudget(limits or (Limit(3, 300, reserve=1),), clock)


def taken(one: FakeBudget, *, urgent: bool = False) -> float | None:
    try:
        one.take(urgent=urgent)
    except RateLimitError as error:
        after = error.facts["after"]
        assert isinstance(after, int)
        return after
    return None


def test_fake_tools_are_tools() -> None:
    tools: Tools = FakeTools()

    assert tools.clock.now() == NOW


def test_clock_that_sleeps_is_later_at_once() -> None:
    clock = FakeClock()

    clock.sleep(90)

    assert clock.now() == NOW + timedelta(seconds=90)
    assert clock.slept == [90]


def test_budget_keeps_its_reserve_for_what_is_urgent() -> None:
    one = budget(FakeClock())
    one.take()
    one.take()

    assert taken(one) is not None
    assert taken(one, urgent=True) is None
    assert taken(one, urgent=True) == 300


def test_window_starts_at_its_first_request_and_ends() -> None:
    clock = FakeClock()
    one = budget(clock, Limit(1, 300))
    clock.advance(200)
    one.take()
    clock.advance(299)
    assert taken(one) == 1

    clock.advance(1)

    assert taken(one) is None


def test_refused_request_is_taken_from_no_window() -> None:
    one = budget(FakeClock(), Limit(5, 60), Limit(1, 300))
    one.take()
    assert taken(one) == 300

    assert one.taken == 1


def test_budget_believes_less_and_not_more() -> None:
    one = budget(FakeClock(), Limit(3, 300))
    one.heard(remaining=100, resets_at=None)
    one.take()
    one.heard(remaining=0, resets_at=None)

    assert taken(one) == 300


def test_budget_believes_when_a_window_ends() -> None:
    one = budget(FakeClock(), Limit(3, 300))
    one.take()
    one.heard(remaining=0, resets_at=NOW + timedelta(seconds=40))

    assert taken(one) == 40


def test_locked_secret_holds_off_others() -> None:
    vault, order = FakeVault({"a": "1"}), list[str]()

    def other() -> None:
        with vault.lock("a"):
            order.append("other")

    with vault.lock("a"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.05)  # it would end here if nothing held it off
        order.append("first")
    thread.join()

    assert order == ["first", "other"]


def test_secret_is_replaced_only_when_it_is_what_it_was() -> None:
    vault = FakeVault({"a": "1"})

    done = [vault.replace(name, was="1", value="2") for name in ("a", "a", "b")]

    assert (done, vault.kept, vault.writes) == ([True, False, False], {"a": "2"}, [("a", "2")])


def test_tools_beside_share_all_but_the_log() -> None:
    tools = FakeTools(secrets={"env:A": "1"})
    other = tools.beside()
    tools.budgets.of("key", [Limit(1, 60)]).take()
    tools.vault.write("a", "1")
    tools.log.info("mine")

    assert other.budgets.of("key", []).taken == 1
    assert other.vault.read("a") == "1"
    assert other.log.lines == []


def test_unknown_secret_is_said() -> None:
    with pytest.raises(SettingsError, match="secret_missing"):
        FakeTools().secret("env:NOT_THERE")
