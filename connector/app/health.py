"""The health endpoint for containers: one small page that knows nothing about debtors."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from connector.app.schedule import OpenOffice, Sidecar, StepName, StepState
from connector.port.errors import MaanError, SettingsError
from connector.settings import Listen

Report = tuple[bool, Mapping[str, object]]
"""Whether all is well, and what is shown."""

_TIMEOUT_SECONDS: Final = 5


def report(sidecar: Sidecar, store_answers: Callable[[], bool]) -> Report:
    """Return whether the sidecar can do its work, and how each step went.

    A step that failed does not make it unhealthy: a source that is away is no reason to start
    the container again.
    """
    alive, store = sidecar.is_alive, store_answers()
    steps = {name.value: _step(name, state, sidecar) for name, state in sidecar.states.items()}
    ok = alive and store
    shown = {"ok": ok, "scheduler": alive, "store": store, "steps": steps}
    return ok, shown


def store_check(open_office: OpenOffice) -> Callable[[], bool]:
    """Return a question to the store that is asked at most once at a time."""
    lock = threading.Lock()

    def answers() -> bool:
        with lock:
            try:
                with open_office():
                    return True
            except MaanError:
                return False

    return answers


def _step(name: StepName, state: StepState, sidecar: Sidecar) -> dict[str, object]:
    next_run = sidecar.next_run(name)
    return {
        "running": state.running,
        "last_at": state.ended_at.isoformat() if state.ended_at else None,
        "ok": state.ok,
        "code": state.code,
        "next_at": next_run.isoformat() if next_run else None,
    }


@contextmanager
def serve(listen: Listen, make_report: Callable[[], Report]) -> Iterator[int]:
    """Answer on the address while the block runs; yields the port.

    Raises:
        SettingsError: `listen_refused`: the address is taken or not ours.
    """
    server_class = _Server6 if ":" in listen.host else _Server
    try:
        server = server_class((listen.host, listen.port), _handler(make_report))
    except OSError as error:
        raise SettingsError("listen_refused", listen=str(listen)) from error
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class _Server6(_Server):
    address_family = socket.AF_INET6


def _handler(make_report: Callable[[], Report]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_SECONDS
        server_version = "maan"
        sys_version = ""

        def do_GET(self) -> None:  # the name that http.server asks for
            if self.path.partition("?")[0] != "/health":
                self._answer(404, {"ok": False})
                return
            ok, shown = make_report()
            self._answer(200 if ok else 503, shown)

        def _answer(self, status: int, shown: Mapping[str, object]) -> None:
            body = json.dumps(shown).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its signature
            """Stay silent: a container asks twice a minute."""

    return Handler
