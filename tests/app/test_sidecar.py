"""The sidecar runs its steps in order, survives their errors, and stops cleanly."""

import http.client
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from connector.app import health
from connector.app.cli.sidecar import _stop_signals
from connector.app.schedule import Sidecar, StepName
from connector.port.errors import MaanError, SettingsError, UnavailableError
from connector.settings import Listen, ScheduleSettings

_NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class _Log:
    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, object]]] = []

    def info(self, event: str, **facts: object) -> None:
        self.events.append((event, facts))

    warning = info


@contextmanager
def _office() -> Iterator[Any]:
    yield SimpleNamespace(now=_NOW)


def _sidecar(
    steps: Callable[[StepName], object], stopping: threading.Event | None = None
) -> Sidecar:
    works = {name: lambda _office, name=name: steps(name) for name in StepName}
    return Sidecar(_office, works, _Log(), stopping or threading.Event())


def test_all_steps_run_in_order() -> None:
    done: list[StepName] = []

    states = _sidecar(done.append).run_all()

    assert done == [StepName.PULL, StepName.EVALUATE, StepName.ACT]
    assert all(state.ok and state.ended_at == _NOW for state in states.values())


@pytest.mark.parametrize(
    ("error", "code", "retry"),
    [
        (UnavailableError("remote_away"), "remote_away", True),
        (MaanError("refused"), "refused", False),
        (ZeroDivisionError(), "unexpected", False),
    ],
)
def test_an_error_in_one_step_does_not_end_the_others(
    error: Exception, code: str, retry: bool
) -> None:
    def work(name: StepName) -> None:
        if name is StepName.PULL:
            raise error

    states = _sidecar(work).run_all()

    assert (states[StepName.PULL].ok, states[StepName.PULL].code) == (False, code)
    assert states[StepName.PULL].retry is retry
    assert states[StepName.ACT].ok


def test_idle_consents_are_kept_alive_once_a_day() -> None:
    class Source:
        def keep_alive(self) -> int:
            return 3

    log = _Log()
    desk = SimpleNamespace(id="jansen", adapter=Source())

    @contextmanager
    def office() -> Iterator[Any]:
        yield SimpleNamespace(now=_NOW, administrations=lambda: [desk], log=log)

    sidecar = Sidecar(office, dict.fromkeys(StepName, lambda _office: None), log, threading.Event())
    sidecar.start(ScheduleSettings())
    assert sidecar._scheduler is not None
    job = sidecar._scheduler.get_job("keep-alive")
    sidecar.stop()
    first = job.trigger.get_next_fire_time(None, _NOW)
    day = job.trigger.get_next_fire_time(first, first) - first
    log.events.clear()
    Sidecar(office, {}, log, threading.Event())._aside(*job.args)

    assert (day, log.events) == (timedelta(days=1), [("consent_lapses", {"administration": "jansen", "days": 3})])  # fmt: skip


def test_no_step_starts_once_stopping() -> None:
    done: list[StepName] = []
    stopping = threading.Event()

    def work(name: StepName) -> None:
        done.append(name)
        stopping.set()

    _sidecar(work, stopping).run_all()

    assert done == [StepName.PULL]


def test_the_clockwork_starts_with_all_steps_and_finishes_what_is_running() -> None:
    running, finish, done = threading.Event(), threading.Event(), list[StepName]()

    def work(name: StepName) -> None:
        running.set()
        finish.wait(10)
        done.append(name)

    sidecar = _sidecar(work)
    sidecar.start(ScheduleSettings())
    assert running.wait(10)
    assert sidecar.is_alive
    assert sidecar.next_run(StepName.PULL) is not None
    threads = threading.active_count()
    threading.Timer(0.05, finish.set).start()
    sidecar.stop()

    assert done == [StepName.PULL]
    assert not sidecar.is_alive
    assert threading.active_count() < threads


def test_a_signal_becomes_an_event_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with _stop_signals() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(10)

    assert signal.getsignal(signal.SIGTERM) is before


def _ask(port: int, method: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_health_answers_and_is_gone_afterwards() -> None:
    sidecar = _sidecar(lambda _name: None)
    sidecar.start(ScheduleSettings())

    with health.serve(Listen("127.0.0.1", 0), lambda: health.report(sidecar, lambda: True)) as port:
        status, body = _ask(port, "GET", "/health")
        other, _ = _ask(port, "GET", "/")
        post, _ = _ask(port, "POST", "/health")
    sidecar.stop()

    assert status == 200
    assert json.loads(body)["store"] is True
    assert set(json.loads(body)["steps"]) == {"pull", "evaluate", "act"}
    assert other == 404
    assert post == 501
    with pytest.raises(ConnectionRefusedError):
        _ask(port, "GET", "/health")


@pytest.mark.parametrize(("started", "store"), [(False, True), (True, False)])
def test_health_says_when_the_clockwork_or_the_store_is_gone(started: bool, store: bool) -> None:
    sidecar = _sidecar(lambda _name: None)
    if started:
        sidecar.start(ScheduleSettings())

    ok, shown = health.report(sidecar, lambda: store)
    sidecar.stop()

    assert not ok
    assert (shown["scheduler"], shown["store"]) == (started, store)


def test_a_taken_address_is_a_fault_of_the_settings() -> None:
    with (
        health.serve(Listen("127.0.0.1", 0), lambda: (True, {})) as port,
        pytest.raises(SettingsError, match="listen_refused"),
        health.serve(Listen("127.0.0.1", port), lambda: (True, {})),
    ):
        pass
