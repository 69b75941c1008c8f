"""The sidecar's clockwork: pull, evaluate and act at their times, one step at a time."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from connector.port.errors import MaanError, Recovery
from connector.port.tools import Log
from connector.settings import ZONE, ScheduleSettings

if TYPE_CHECKING:
    from connector.flow.office import Office

OpenOffice = Callable[[], "AbstractContextManager[Office]"]
"""Opens the office anew, so that each step sees the configuration as it is then."""

StepWork = Callable[["Office"], object]
"""One step over all administrations."""


class StepName(StrEnum):
    """What the sidecar does, in the order of a day."""

    PULL = "pull"
    EVALUATE = "evaluate"
    ACT = "act"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """How a step went last time.

    Attributes:
        ended_at: UTC; None: it never ran since the start.
        ok: False when it raised; None: it never ran.
        code: Code of the error, None when there was none.
        error: What went wrong, if it was one of ours.
        running: It is at work now.
    """

    ended_at: datetime | None = None
    ok: bool | None = None
    code: str | None = None
    error: MaanError | None = None
    running: bool = False
    retry: bool = False


@dataclass(slots=True)
class _Board:
    """The states, shared between the thread that works and those that look."""

    states: dict[StepName, StepState] = field(
        default_factory=lambda: {name: StepState() for name in StepName}
    )
    lock: threading.Lock = field(default_factory=threading.Lock)

    def change(self, name: StepName, **changes: object) -> None:
        with self.lock:
            self.states[name] = replace(self.states[name], **changes)  # type: ignore[arg-type]  # the fields of StepState


class Sidecar:
    """Runs the steps, by the clock or once; an error in one never ends the others."""

    def __init__(
        self,
        open_office: OpenOffice,
        steps: Mapping[StepName, StepWork],
        log: Log,
        stopping: threading.Event,
    ) -> None:
        """Keep what is needed; nothing runs yet, and no step starts once `stopping` is set."""
        self._open_office = open_office
        self._steps = steps
        self._log = log
        self._board = _Board()
        self._scheduler: BackgroundScheduler | None = None
        self._stopping = stopping

    @property
    def states(self) -> Mapping[StepName, StepState]:
        """How each step went last time."""
        with self._board.lock:
            return dict(self._board.states)

    @property
    def is_alive(self) -> bool:
        """Whether the clockwork runs."""
        return self._scheduler is not None and bool(self._scheduler.running)

    def next_run(self, name: StepName) -> datetime | None:
        """Return when the step runs next, None when the clockwork stands still."""
        job = self._scheduler.get_job(name.value) if self._scheduler is not None else None
        found: datetime | None = job.next_run_time if job is not None else None
        return found

    def run_all(self) -> Mapping[StepName, StepState]:
        """Run every step once, in order, in this thread; return how each went."""
        for name in StepName:
            if not self._stopping.is_set():
                self._run(name)
        return self.states

    def start(self, schedule: ScheduleSettings) -> None:
        """Start the clockwork: all steps at once in order, then each at its own time.

        What is due comes from the store, so a step that was missed while nothing ran is made
        good by the first one; several missed runs of one step become a single one.
        """
        scheduler = BackgroundScheduler(
            timezone=ZONE,
            executors={"default": ThreadPoolExecutor(1)},  # never two steps at the same time
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        scheduler.add_job(self.run_all, id="start")
        for name, trigger in _triggers(schedule):
            scheduler.add_job(self._run, trigger, args=[name], id=name.value)
        scheduler.start()
        self._scheduler = scheduler

    def run_between(self, work: Callable[[], object]) -> None:
        """Let the work run once when no step is at work, as soon as that may be.

        What goes wrong in it is logged, no more. Nothing happens when the clockwork stands still.
        """
        if self._scheduler is not None:
            self._scheduler.add_job(self._aside, args=[work])

    def stop(self) -> None:
        """Let the step that is running end, start no other, and stop the clockwork."""
        self._stopping.set()
        if self._scheduler is not None:
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=True)
            self._scheduler = None

    def _run(self, name: StepName) -> None:
        self._board.change(name, running=True)
        try:
            with self._open_office() as office:
                try:
                    self._steps[name](office)
                    self._board.change(name, ok=True, code=None, error=None, retry=False)
                finally:
                    self._board.change(name, ended_at=office.now)
            self._log.info("step_done", step=name.value)
        except MaanError as error:
            retry = error.recovery is Recovery.RETRY
            self._board.change(name, ok=False, code=error.code, error=error, retry=retry)
            self._log.warning("step_failed", step=name.value, code=error.code)
        except Exception as error:  # noqa: BLE001  # the sidecar outlives whatever a step does
            self._board.change(name, ok=False, code="unexpected", error=None, retry=False)
            self._log.warning("step_failed", step=name.value, code="unexpected", exc_info=error)
        finally:
            self._board.change(name, running=False)

    def _aside(self, work: Callable[[], object]) -> None:
        if self._stopping.is_set():
            return
        try:
            work()
        except MaanError as error:
            self._log.warning("work_failed", code=error.code)
        except Exception as error:  # noqa: BLE001  # the sidecar outlives whatever a work does
            self._log.warning("work_failed", code="unexpected", exc_info=error)


def _triggers(schedule: ScheduleSettings) -> Sequence[tuple[StepName, BaseTrigger]]:
    at = schedule.evaluate
    return (
        (StepName.PULL, IntervalTrigger(minutes=schedule.pull.minutes, timezone=ZONE)),
        (StepName.EVALUATE, CronTrigger(hour=at.hour, minute=at.minute, timezone=ZONE)),
        (StepName.ACT, IntervalTrigger(minutes=schedule.act.minutes, timezone=ZONE)),
    )
