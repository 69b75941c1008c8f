"""Webhooks: answered at once whatever comes, and what they name is read again between the steps."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from connector.app.hooks import Hooks, Inbox
from connector.app.schedule import Sidecar, StepName
from connector.port.adapter import Received
from connector.port.errors import RequestError, SettingsError
from connector.port.records import ItemId
from connector.settings import ScheduleSettings
from connector.testkit.tools import FakeLog

_F1, _F2 = ItemId("R/F1"), ItemId("R/F2")


class _Adapter:
    """Tells what the body names, under the key of the header."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None

    def receive(self, headers: Mapping[str, str], body: bytes) -> Received:
        if self.trouble is not None:
            raise self.trouble
        if "key" not in headers:
            return Received(status=401)
        items = (ItemId(body.decode()),) if body else ()
        return Received(status=200, reply=b"ok", key=headers["key"], items=items)


class _Offices:
    """Opens offices with one administration, and counts them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "maan.yaml"
        self.path.write_text("language: nl", encoding="utf-8")
        self.adapter = _Adapter()
        self.opened = 0
        self.closed = 0
        self.trouble: Exception | None = None

    @contextmanager
    def __call__(self) -> Iterator[Any]:
        if self.trouble is not None:
            raise self.trouble
        self.opened += 1
        yield SimpleNamespace(
            settings=SimpleNamespace(path=self.path),
            administration=self._desk,
            log=FakeLog(),
        )
        self.closed += 1

    def _desk(self, name: str) -> Any:
        if name != "jansen":
            raise RequestError("administration_unknown", name=name, known="jansen")
        return SimpleNamespace(id=name, adapter=self.adapter)


@pytest.fixture
def offices(tmp_path: Path) -> _Offices:
    return _Offices(tmp_path)


def _hooks(offices: _Offices, inbox: Inbox | None = None) -> tuple[Hooks, FakeLog]:
    log = FakeLog()
    return Hooks(offices, log, inbox), log


def test_the_adapter_decides_what_is_answered(offices: _Offices) -> None:
    hooks, _ = _hooks(offices)

    told = hooks.answer("jansen", {"key": "k1"}, b"R/F1")
    refused = hooks.answer("jansen", {}, b"R/F1")

    assert (told.status, told.reply) == (200, b"ok")
    assert refused.status == 401


def test_what_was_believed_waits_and_nothing_else(offices: _Offices) -> None:
    inbox = Inbox()
    hooks, _ = _hooks(offices, inbox)

    hooks.answer("jansen", {"key": "k1"}, b"R/F1")
    hooks.answer("jansen", {"key": "k1"}, b"R/F1")
    hooks.answer("jansen", {"key": "k2"}, b"")
    hooks.answer("jansen", {}, b"R/F2")

    assert inbox.take() == {"jansen": {"k1": (_F1,)}}


def test_an_unknown_administration_does_not_learn_which_there_are(offices: _Offices) -> None:
    hooks, log = _hooks(offices)

    found = hooks.answer("pietersen", {"key": "k1"}, b"R/F1")

    assert (found.status, found.reply) == (404, b"")
    assert log.lines == []


def test_many_webhooks_share_one_office(offices: _Offices) -> None:
    hooks, _ = _hooks(offices)

    for number in range(5):
        hooks.answer("jansen", {"key": f"k{number}"}, b"R/F1")

    assert offices.opened == 1


def test_a_changed_configuration_is_seen(offices: _Offices) -> None:
    hooks, _ = _hooks(offices)
    hooks.answer("jansen", {"key": "k1"}, b"R/F1")
    os.utime(offices.path, ns=(1, 1))

    hooks.answer("jansen", {"key": "k2"}, b"R/F1")

    assert (offices.opened, offices.closed) == (2, 1)


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (SettingsError("settings_faults"), 503, "settings_faults"),
        (ZeroDivisionError(), 500, "unexpected"),
    ],
)
def test_trouble_of_our_own_asks_the_sender_to_come_back(
    offices: _Offices, trouble: Exception, status: int, code: str
) -> None:
    hooks, log = _hooks(offices)
    offices.adapter.trouble = trouble

    found = hooks.answer("jansen", {"key": "k1"}, b"R/F1")

    assert found.status == status
    assert [line.facts["code"] for line in log.lines] == [code]


def test_a_full_inbox_still_answers_and_says_so_in_the_log(offices: _Offices) -> None:
    inbox = Inbox(most=1)
    hooks, log = _hooks(offices, inbox)
    hooks.answer("jansen", {"key": "k1"}, b"R/F1")

    found = hooks.answer("jansen", {"key": "k2"}, b"R/F2")

    assert found.status == 200
    assert log.events() == ["hooks_full"]
    assert inbox.take() == {"jansen": {"k1": (_F1,)}}


def test_an_inbox_that_was_emptied_has_room_again() -> None:
    inbox = Inbox(most=1)
    inbox.put("jansen", "k1", (_F1,))
    inbox.take()

    assert inbox.put("jansen", "k2", (_F2,))


def test_what_waits_is_read_again_once(offices: _Offices) -> None:
    hooks, _ = _hooks(offices)
    ran: list[Callable[[], object]] = []
    asked = threading.Event()

    def run_between(work: Callable[[], object]) -> None:
        ran.append(work)
        asked.set()

    with hooks.tending(run_between, gather_seconds=0, rest_seconds=0):
        hooks.answer("jansen", {"key": "k1"}, b"R/F1")
        assert asked.wait(10)

    assert len(ran) == 1


def test_reading_again_is_asked_for_anew_after_a_failure(offices: _Offices) -> None:
    inbox = Inbox()
    hooks, _ = _hooks(offices, inbox)
    asked = threading.Semaphore(0)
    failed: list[BaseException] = []

    def run_between(work: Callable[[], object]) -> None:
        try:
            work()
        except SettingsError as error:
            failed.append(error)
        asked.release()

    with hooks.tending(run_between, gather_seconds=0, rest_seconds=0):
        for key in ("k1", "k2"):
            offices.trouble = None
            hooks.answer("jansen", {"key": key}, b"R/F1")
            offices.trouble = SettingsError("settings_faults")
            assert asked.acquire(timeout=10)

    assert inbox.take() == {}


def test_the_tending_ends_and_lets_the_office_go(offices: _Offices) -> None:
    hooks, _ = _hooks(offices)
    before = threading.active_count()

    with hooks.tending(lambda work: None):
        hooks.answer("jansen", {"key": "k1"}, b"R/F1")

    assert threading.active_count() == before
    assert offices.closed == 1


def test_a_work_between_never_runs_beside_a_step() -> None:
    running, finish = threading.Event(), threading.Event()
    order: list[str] = []
    done = threading.Event()

    def step(_office: Any) -> None:
        running.set()
        finish.wait(10)
        order.append("step")

    def work() -> None:
        order.append("work")
        done.set()

    steps = dict.fromkeys(StepName, step)
    sidecar = Sidecar(_plain_office, steps, FakeLog(), threading.Event())
    sidecar.start(ScheduleSettings())
    assert running.wait(10)
    sidecar.run_between(work)
    finish.set()
    assert done.wait(10)
    sidecar.stop()

    assert order == ["step", "step", "step", "work"]


@contextmanager
def _plain_office() -> Iterator[Any]:
    yield SimpleNamespace(now=None)


@pytest.mark.parametrize(
    ("error", "code"),
    [(SettingsError("settings_faults"), "settings_faults"), (KeyError(), "unexpected")],
)
def test_a_work_that_fails_is_logged_and_the_sidecar_goes_on(error: Exception, code: str) -> None:
    log, after = FakeLog(), threading.Event()
    sidecar = Sidecar(
        _plain_office, {name: lambda _office: None for name in StepName}, log, threading.Event()
    )

    def work() -> None:
        raise error

    sidecar.start(ScheduleSettings())
    sidecar.run_between(work)
    sidecar.run_between(after.set)
    assert after.wait(10)
    sidecar.stop()

    assert [line.facts["code"] for line in log.lines if line.event == "work_failed"] == [code]


def test_no_work_starts_once_stopping() -> None:
    stopping, ran = threading.Event(), threading.Event()
    sidecar = Sidecar(_plain_office, {}, FakeLog(), stopping)
    stopping.set()

    sidecar._aside(ran.set)

    assert not ran.is_set()


def test_no_work_is_taken_on_while_the_clockwork_stands_still() -> None:
    ran = threading.Event()

    Sidecar(_plain_office, {}, FakeLog(), threading.Event()).run_between(ran.set)

    assert not ran.is_set()
