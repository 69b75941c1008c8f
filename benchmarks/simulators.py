"""A bookkeeping package in a process of its own, with so many open items.

What it answered is kept and repeated: the second pass over the same books costs it next to nothing,
so that what is timed is the reader's work. `python -m benchmarks.simulators moneybird 10000`.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Final
from urllib.parse import urlencode

import requests

from benchmarks.measure import ROOT

_HEAD_END: Final = b"\r\n\r\n"
_SECONDS: Final = 60
_DROPPED: Final = frozenset(("connection", "content-length", "date", "server"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where the package answers.

    Attributes:
        token: A personal token, or the secret of the application.
        lists: Addresses of the lists that a pull reads first.
        client: The application, where a consent is needed.
    """

    url: str
    administration: str
    token: str
    lists: Sequence[str]
    client: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What a measure of ours needs to know."""
        return self.url, self.administration, self.token, self.client


@contextmanager
def served(package: str, items: int) -> Iterator[Served]:
    """Start a package with open items, and end it after the block."""
    command = [sys.executable, "-m", "benchmarks.simulators", package, str(items)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Served(**json.loads(process.stdout.readline()))
        finally:
            process.terminate()


class _Keeper:
    """Asks the package once, and repeats what it answered."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._kept: dict[bytes, bytes] = {}

    def answer(self, head: bytes, body: bytes) -> bytes:
        line, *rest = head.split(b"\r\n")
        key = line + b"\n" + body
        if key not in self._kept:
            headers = dict(header.decode("latin-1").split(": ", 1) for header in rest)
            self._kept[key] = self._ask(line.decode("ascii"), headers, body)
        return self._kept[key]

    def _ask(self, line: str, headers: dict[str, str], body: bytes) -> bytes:
        method, path, _ = line.split(" ")
        found = self._session.request(
            method, self._url + path, headers=headers, data=body, timeout=_SECONDS
        )
        lines = [f"HTTP/1.1 {found.status_code} {found.reason}"]
        lines += [f"{k}: {v}" for k, v in found.headers.items() if k.lower() not in _DROPPED]
        lines.append(f"Content-Length: {len(found.content)}")
        return "\r\n".join(lines).encode("latin-1") + _HEAD_END + found.content


class _Talk(asyncio.Protocol):
    """One connection."""

    def __init__(self, keeper: _Keeper) -> None:
        self._keeper = keeper
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while True:
            head, mark, rest = self._read.partition(_HEAD_END)
            length = _length(head)
            if not mark or len(rest) < length:
                return
            self._read = rest[length:]
            assert self._transport is not None
            self._transport.write(self._keeper.answer(head, rest[:length]))


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def _repeat(package: Served) -> None:
    """Repeat what a package says, under another address, until this process is ended."""
    keeper = _Keeper(package.url)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Talk(keeper), "127.0.0.1", 0)
    front = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    lists = [front + address.removeprefix(package.url) for address in package.lists]
    _tell(replace(package, url=front, lists=lists))
    await server.serve_forever()


def _tell(package: Served) -> None:
    print(json.dumps(asdict(package)), flush=True)


def moneybird(items: int) -> None:
    from adapters.moneybird.endpoints import OPEN_FILTERS, Resource  # noqa: PLC0415
    from adapters.moneybird.simulator import Simulator  # noqa: PLC0415

    with Simulator(record=False, quota=False) as package:
        package.fill(items)
        number = str(package.administration)
        query = urlencode({"filter": OPEN_FILTERS[Resource.SALES]})
        path = f"/api/v2/{number}/sales_invoices/synchronization.json?{query}"
        asyncio.run(
            _repeat(
                Served(
                    url=package.url,
                    administration=number,
                    token=package.token,
                    lists=[package.url + path],
                )
            )
        )


def exact(items: int) -> None:
    from adapters.exact import odata  # noqa: PLC0415
    from adapters.exact.endpoints import (  # noqa: PLC0415
        ACCOUNT_FIELDS,
        ACCOUNTS,
        SYNC_TERM_FIELDS,
        TERMS,
    )
    from adapters.exact.simulator import Simulator  # noqa: PLC0415

    with Simulator(record=False, limits=False, keep_pages=True) as package:
        package.fill(items, max(1, items // 5))
        number = str(package.division)
        wanted = ((TERMS, SYNC_TERM_FIELDS), (ACCOUNTS, ACCOUNT_FIELDS))
        paths = [
            f"{path}?{odata.query(select=fields, filter=odata.after(1))}" for path, fields in wanted
        ]
        _tell(
            Served(
                url=package.url,
                administration=number,
                token=package.client_secret,
                lists=[f"{package.url}/api/v1/{number}/{path}" for path in paths],
                client=package.client_id,
            )
        )
        threading.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        {"moneybird": moneybird, "exact": exact}[sys.argv[1]](int(sys.argv[2]))
