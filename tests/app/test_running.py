"""The sidecar as a process of its own: it starts, answers, and ends on a signal."""

import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from connector.__main__ import main


@pytest.fixture
def firm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["init", str(tmp_path), "--yes"]) == 0
    capsys.readouterr()
    file = tmp_path / "config" / "maan.yaml"
    text = file.read_text(encoding="utf-8")
    assert "listen: 127.0.0.1:8600" in text
    text = text.replace("listen: 127.0.0.1:8600", "listen: 127.0.0.1:0")
    file.write_text(text.replace("rehearsal: false", "rehearsal: true"), encoding="utf-8")
    return file


def _ask(port: object, method: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", int(str(port)), timeout=20)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _next_event(process: subprocess.Popen[str], event: str) -> dict[str, object]:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("{"):
            found: dict[str, object] = json.loads(line)
            if found["event"] == event:
                return found
    raise AssertionError(f"the sidecar ended before {event}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_sidecar_answers_and_ends_cleanly_on_a_signal(
    firm: Path, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "connector", "run", "--config", str(firm)],
        cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
    ) as process:  # fmt: skip
        port = _next_event(process, "started")["port"]
        _next_event(process, "step_done")
        status, page = _ask(port, "GET", "/health")
        known, _ = _ask(port, "POST", "/hooks/jansen-bv")
        unknown, _ = _ask(port, "POST", "/hooks/pietersen")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)

    shown = json.loads(page)
    assert (status, shown["ok"], shown["store"]) == (200, True, True)
    assert (known, unknown) == (404, 404)  # files tell nothing by themselves
    assert (process.returncode, out) == (0, "")
    assert '"event": "stopped"' in err
    assert "Traceback" not in err


def test_once_does_each_step_and_ends(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["run", "--once", "--json", "--config", str(firm)])

    shown = json.loads(capsys.readouterr().out)
    assert [step["step"] for step in shown["steps"]] == ["pull", "evaluate", "act"]
    assert code == (0 if all(step["ok"] for step in shown["steps"]) else 1)


def test_a_set_clock_runs_once_only(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["run", "--now", "2026-11-23T10:00:00", "--config", str(firm)])

    assert code == 2
    assert "--once" in capsys.readouterr().err


def test_the_clock_can_be_set_in_a_rehearsal_only(
    firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = firm.read_text(encoding="utf-8")
    firm.write_text(text.replace("rehearsal: true", "rehearsal: false"), encoding="utf-8")

    code = main(["run", "--once", "--now", "2026-11-23T10:00:00", "--config", str(firm), "--json"])

    assert code == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "now_needs_rehearsal"


def test_settings_that_are_not_there_end_it_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["run", "--config", str(tmp_path / "maan.yaml"), "--json"])

    shown = capsys.readouterr()
    assert code == 2
    assert json.loads(shown.out)["error"]["code"] == "settings_missing"
    assert "maan init" in shown.err
