"""A step that must wait runs once more when it may, unless its own time comes first."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from connector.app.schedule import Sidecar, StepName
from connector.port.errors import MaanError, RateLimitError
from connector.settings import ScheduleSettings

_NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class _Silent:
    def info(self, event: str, **facts: object) -> None:
        """Nothing."""

    warning = info


@contextmanager
def _office() -> Iterator[Any]:
    yield SimpleNamespace(now=_NOW)


@contextmanager
def _started(
    errors: Mapping[StepName, MaanError], schedule: ScheduleSettings | None = None
) -> Iterator[Sidecar]:
    """A sidecar that has run all its steps once."""
    done = threading.Event()

    def work(name: StepName) -> None:
        if name in errors:
            raise errors[name]

    works = {name: lambda _office, name=name: work(name) for name in StepName}
    sidecar = Sidecar(_office, works, _Silent(), threading.Event())
    sidecar.start(schedule or ScheduleSettings())
    sidecar.run_between(done.set)  # the only worker comes to it after the first round
    try:
        assert done.wait(10)
        yield sidecar
    finally:
        sidecar.stop()


def _wait(sidecar: Sidecar, name: StepName) -> timedelta:
    """How long before the step's own time it runs once more."""
    assert sidecar._scheduler is not None
    job = sidecar._scheduler.get_job(f"{name}-again")
    return job.trigger.interval if job is not None else timedelta(0)


@pytest.mark.parametrize(
    ("after", "seconds"), [(200, 200), (1, 60), (59.5, 60), (200.2, 201), (86400, 3600)]
)
def test_a_step_that_must_wait_runs_once_more_after_that(after: float, seconds: int) -> None:
    with _started({StepName.PULL: RateLimitError("budget_spent", after=after)}) as sidecar:
        assert _wait(sidecar, StepName.PULL) == timedelta(seconds=seconds)


def test_the_page_about_health_knows_of_it() -> None:
    with _started({StepName.PULL: RateLimitError("budget_spent", after=200)}) as sidecar:
        pull, act = sidecar.next_run(StepName.PULL), sidecar.next_run(StepName.ACT)

        assert pull is not None
        assert act is not None
        assert pull < act


def test_an_error_that_does_not_say_how_long_waits_for_the_steps_own_time() -> None:
    with _started({StepName.PULL: MaanError("refused")}) as sidecar:
        assert _wait(sidecar, StepName.PULL) == timedelta(0)


def test_the_steps_own_time_comes_first() -> None:
    with _started({StepName.ACT: RateLimitError("budget_spent", after=3000)}) as sidecar:
        assert _wait(sidecar, StepName.ACT) == timedelta(0)


def test_a_run_that_went_well_forgets_the_other() -> None:
    errors: dict[StepName, MaanError] = {StepName.ACT: RateLimitError("budget_spent", after=100)}
    with _started(errors) as sidecar:
        before = _wait(sidecar, StepName.ACT)
        errors.clear()
        sidecar._run(StepName.ACT)

        assert (before, _wait(sidecar, StepName.ACT)) == (timedelta(seconds=100), timedelta(0))


def test_a_step_that_must_wait_does_not_keep_the_clockwork_from_stopping() -> None:
    running, finish = threading.Event(), threading.Event()

    def work(_office: object) -> None:
        running.set()
        finish.wait(10)
        raise RateLimitError("budget_spent", after=100)

    sidecar = Sidecar(_office, dict.fromkeys(StepName, work), _Silent(), threading.Event())
    sidecar.start(ScheduleSettings())
    assert running.wait(10)
    threading.Timer(0.1, finish.set).start()
    stopper = threading.Thread(target=sidecar.stop, daemon=True)
    stopper.start()
    stopper.join(10)

    assert not stopper.is_alive()
