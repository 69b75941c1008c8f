"""What the program costs before it works: the wall time of its help, and the idle sidecar."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.measure import ROOT, report, resident_mb

_IDLE_AFTER = 5


def wall(*command: str) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - start


def idle_mb(folder: Path) -> float:
    """Return the memory of `maan run` after it has been up for some seconds."""
    shutil.copytree(ROOT / "config", folder / "config")
    config = folder / "config" / "maan.yaml"
    text = config.read_text(encoding="utf-8").replace("rehearsal: false", "rehearsal: true")
    config.write_text(text.replace("127.0.0.1:8600", "127.0.0.1:0"), encoding="utf-8")
    (folder / "books").mkdir()
    command = [sys.executable, "-m", "connector", "--config", str(config)]
    subprocess.run([*command, "status"], check=True, capture_output=True)  # makes the store
    with subprocess.Popen(
        [*command, "run"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as sidecar:
        sleep(_IDLE_AFTER)
        try:
            if sidecar.poll() is not None:
                assert sidecar.stderr is not None
                raise SystemExit(sidecar.stderr.read().decode())
            return resident_mb(sidecar.pid)
        finally:
            sidecar.terminate()


def main() -> None:
    wall(sys.executable, "-m", "connector", "--help")  # compiles what was never run here
    help_ = wall(sys.executable, "-m", "connector", "--help")
    bare = wall(sys.executable, "-c", "pass")
    with tempfile.TemporaryDirectory() as name:
        idle = idle_mb(Path(name))
    script = "print(next(s for s in open('/proc/self/status') if s.startswith('VmRSS')))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
    report(help=help_, bare=bare, idle_mb=idle, bare_mb=int(said.split()[1]) / 1024)


if __name__ == "__main__":
    main()
