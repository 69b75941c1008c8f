"""The sidecar's clockwork: pull, evaluate and act at their times, one step at a time."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from connector.flow.cycle import keep_alive, leave_out_fresh
from connector.port.errors import MaanError, Recovery
from connector.port.tools import Log
from connector.settings import ZONE, ScheduleSettings

if TYPE_CHECKING:
    from connector.flow.office import Office

_SOONEST: Final = 60  # seconds before a step that must wait runs once more
_LATEST: Final = 3600

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
        self._jobs = threading.Lock()  # a step and stop() never wait for one another's

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
        if self._scheduler is None:
            return None
        jobs = [self._scheduler.get_job(key) for key in (name.value, _again(name))]
        times = [getattr(job, "next_run_time", None) for job in jobs]  # none until it started
        return min((time for time in times if time is not None), default=None)

    def run_all(self) -> Mapping[StepName, StepState]:
        """Run every step once, in order, in this thread; return how each went."""
        for name in StepName:
            if not self._stopping.is_set():
                self._run(name)
        return self.states

    def start(self, schedule: ScheduleSettings) -> None:
        """Start the clockwork: all steps at once in order, then each at its own time.

        What is due comes from the store, so a step that was missed while nothing ran is made
        good by the first one; several missed runs of one step become a single one. A step that
        ends with an error that says how long to wait runs once more then, unless its own time
        comes first. Once a day idle consents are kept alive.
        """
        scheduler = BackgroundScheduler(
            timezone=ZONE,
            executors={"default": ThreadPoolExecutor(1)},  # never two steps at the same time
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        scheduler.add_job(self.run_all, id="start")
        for name, trigger in _triggers(schedule):
            scheduler.add_job(self._run, trigger, args=[name], id=name.value)
        scheduler.add_job(self._aside, _daily(schedule), args=[self._keep_alive], id="keep-alive")
        self._scheduler = scheduler  # the first step may want to add a job
        scheduler.start()

    def run_between(self, work: Callable[[], object]) -> None:
        """Let the work run once when no step is at work, as soon as that may be.

        What goes wrong in it is logged, no more. Nothing happens when the clockwork stands still.
        """
        if self._scheduler is not None:
            self._scheduler.add_job(self._aside, args=[work])

    def stop(self) -> None:
        """Let the step that is running end, start no other, and stop the clockwork."""
        with self._jobs:
            self._stopping.set()
        if self._scheduler is not None:
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=True)
            self._scheduler = None

    def _run(self, name: StepName, since: datetime | None = None) -> None:
        """Run a step.

        Args:
            name: The step.
            since: When the run began that this one makes good; None: it is a run of its own.
        """
        self._forget_again(name)
        self._board.change(name, running=True)
        try:
            with self._open_office() as office:
                since = self._begun(name, office, since)
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
            self._run_again(name, error, since)
        except Exception as error:  # noqa: BLE001  # the sidecar outlives whatever a step does
            self._board.change(name, ok=False, code="unexpected", error=None, retry=False)
            self._log.warning("step_failed", step=name.value, code="unexpected", exc_info=error)
        finally:
            self._board.change(name, running=False)

    def _begun(self, name: StepName, office: "Office", since: datetime | None) -> datetime:
        """Return when the run began; a pull once more leaves alone what it has read since."""
        if since is None:
            return office.now
        if name is StepName.PULL:
            leave_out_fresh(office, since)
        return since

    def _run_again(self, name: StepName, error: MaanError, since: datetime | None) -> None:
        """Let the step run once more when the error says how long to wait."""
        after = error.facts.get("after")
        if not isinstance(after, int | float):
            return
        seconds = max(_SOONEST, min(ceil(after), _LATEST))
        with self._open_jobs() as scheduler:
            if scheduler is None:
                return
            job = scheduler.add_job(
                self._run,
                IntervalTrigger(seconds=seconds, timezone=ZONE),  # the run itself ends it
                args=[name, since],
                id=_again(name),
                replace_existing=True,
            )
            ordinary = scheduler.get_job(name.value)
            if ordinary is not None and ordinary.next_run_time <= job.next_run_time:
                job.remove()

    def _forget_again(self, name: StepName) -> None:
        with self._open_jobs() as scheduler:
            if scheduler is not None and scheduler.get_job(_again(name)) is not None:
                scheduler.remove_job(_again(name))

    @contextmanager
    def _open_jobs(self) -> Iterator[BackgroundScheduler | None]:
        """Give the scheduler to a step, None when there is none or it is stopping.

        While it stops it keeps its jobs locked until the step has ended.
        """
        with self._jobs:
            yield None if self._stopping.is_set() else self._scheduler

    def _keep_alive(self) -> None:
        with self._open_office() as office:
            keep_alive(office)

    def _aside(self, work: Callable[[], object]) -> None:
        if self._stopping.is_set():
            return
        try:
            work()
        except MaanError as error:
            self._log.warning("work_failed", code=error.code)
        except Exception as error:  # noqa: BLE001  # the sidecar outlives whatever a work does
            self._log.warning("work_failed", code="unexpected", exc_info=error)


def _again(name: StepName) -> str:
    """Return the name of the job that runs a step once more."""
    return f"{name.value}-again"


def _triggers(schedule: ScheduleSettings) -> Sequence[tuple[StepName, BaseTrigger]]:
    return (
        (StepName.PULL, IntervalTrigger(minutes=schedule.pull.minutes, timezone=ZONE)),
        (StepName.EVALUATE, _daily(schedule)),
        (StepName.ACT, IntervalTrigger(minutes=schedule.act.minutes, timezone=ZONE)),
    )


def _daily(schedule: ScheduleSettings) -> BaseTrigger:
    at = schedule.evaluate
    return CronTrigger(hour=at.hour, minute=at.minute, timezone=ZONE)
