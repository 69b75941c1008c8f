"""`maan run`: the sidecar in this process until it is told to stop."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli.faults import DONE, LATER, WRONG, error_text
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError

if TYPE_CHECKING:
    from connector.app.schedule import Sidecar, StepName, StepState
    from connector.settings import Settings


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `run`."""

    @app.command("run", help=shell.help("run"))
    def run(
        once: Annotated[bool, typer.Option("--once", help=shell.help("run.once"))] = False,
    ) -> None:
        with _stop_signals() as stop:
            settings = _settings(shell)
            if once:
                states = _sidecar(shell, stop).run_all()
                shell.show(_document(states), lambda: _text(states, shell))
                raise shell.exit(_code(states))
            if shell.line.now is not None:
                raise RequestError("run_now_only_once")
            _keep_running(shell, stop, settings)


def _sidecar(shell: Shell, stop: threading.Event) -> "Sidecar":
    from connector.app.schedule import Sidecar, StepName  # noqa: PLC0415  # help does without
    from connector.flow import cycle  # noqa: PLC0415

    steps = {
        StepName.PULL: cycle.run_pull,
        StepName.EVALUATE: cycle.run_evaluate,
        StepName.ACT: cycle.run_act,
    }
    return Sidecar(shell.scheduled_office, steps, shell.log, stop)


def _settings(shell: Shell) -> "Settings":
    """Return the settings; when they or the store can't be used it ends here, not in a step."""
    with shell.scheduled_office() as office:
        return office.settings


def _keep_running(shell: Shell, stop: threading.Event, settings: "Settings") -> None:
    from connector.app import health  # noqa: PLC0415  # only the sidecar answers
    from connector.app.hooks import Hooks  # noqa: PLC0415

    sidecar, hooks = _sidecar(shell, stop), Hooks(shell.scheduled_office, shell.log)
    answers = health.store_check(shell.scheduled_office)
    with (
        hooks.tending(sidecar.run_between),
        health.serve(
            settings.web.listen, lambda: health.report(sidecar, answers), hooks.answer
        ) as port,
    ):
        sidecar.start(settings.schedule)
        shell.log.info("started", port=port)
        shell.say(shell.text("run_started", host=settings.web.listen.host, port=port))
        try:
            stop.wait()
        finally:
            shell.say(shell.text("run_stopping"))
            sidecar.stop()
        shell.log.info("stopped")


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Turn SIGTERM and SIGINT into an event while the block runs.

    Outside the main thread there are no signals to catch; the caller's own handlers stay.
    """
    stop = threading.Event()
    before = {}

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            before[number] = signal.signal(number, ask_to_stop)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _document(states: "Mapping[StepName, StepState]") -> dict[str, object]:
    return {
        "steps": [
            {"step": name, "ok": state.ok, "code": state.code} for name, state in states.items()
        ]
    }


def _text(states: "Mapping[StepName, StepState]", shell: Shell) -> str:
    return "\n".join(_line(name, state, shell) for name, state in states.items())


def _line(name: "StepName", state: "StepState", shell: Shell) -> str:
    if state.ok:
        return shell.text(f"run_{name}_done")
    reason = shell.text("unexpected_short")
    if state.error is not None:
        reason = error_text(state.error, shell.messages, str(shell.line.config))
    return shell.text(f"run_{name}_failed", reason=reason)


def _code(states: "Mapping[StepName, StepState]") -> int:
    failed = [state for state in states.values() if not state.ok]
    if not failed:
        return DONE
    return LATER if all(state.retry for state in failed) else WRONG
