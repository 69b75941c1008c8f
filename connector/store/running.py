"""The pulls that are running: what they have shown, what they did, how their kinds ended."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from connector.port.records import Kind, KindEnd
from connector.store.records import Counts, Waiting


@dataclass(slots=True)
class Tally:
    """Counts that still grow."""

    new: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0
    rejected: set[str] = field(default_factory=set)

    def counts(self) -> Counts:
        """Return the counts as they are now."""
        return Counts(
            new=self.new,
            changed=self.changed,
            closed=self.closed,
            unchanged=self.unchanged,
            rejected=len(self.rejected),
        )


_SIZE: Final = 16  # bytes of a digest: that two keys share one does not happen


class ShownKeys:
    """The keys that a pull showed, in a fifth of the memory that they take themselves."""

    __slots__ = ("_shelves",)

    def __init__(self) -> None:
        """Begin empty."""
        self._shelves: dict[int, bytearray] = {}  # digests, one after the other

    def update(self, *groups: Iterable[str]) -> None:
        """Add the keys of each group."""
        shelves = self._shelves
        for keys in groups:
            for key in keys:
                digest = _digest(key)
                shelf = shelves.setdefault(digest[0] << 4 | digest[1] >> 4, bytearray())
                if not _is_on(shelf, digest):
                    shelf += digest

    def __contains__(self, key: str) -> bool:
        digest = _digest(key)
        return _is_on(self._shelves.get(digest[0] << 4 | digest[1] >> 4, b""), digest)


def _digest(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


def _is_on(shelf: bytes | bytearray, digest: bytes) -> bool:
    at = shelf.find(digest)
    while at > 0 and at % _SIZE:  # the end of one and the begin of the next
        at = shelf.find(digest, at + 1)
    return at >= 0


@dataclass(slots=True)
class RunningPull:
    """One pull from its begin to its end.

    It outlives a transaction, because a pull may commit block by block, but not the process: a
    pull that died shows everything again before absence means something.
    """

    seen: ShownKeys = field(default_factory=ShownKeys)
    tallies: dict[Kind, Tally] = field(default_factory=lambda: {kind: Tally() for kind in Kind})
    ends: dict[Kind, KindEnd] = field(default_factory=dict)
    waiting: dict[Kind, Waiting] = field(default_factory=dict)
    had_open: bool = True  # else absence can't close anything: what is shown need not be kept
    refused: bool = False  # a whole file or endpoint could not be read
    over: bool = False

    def counts(self) -> Mapping[Kind, Counts]:
        """Return what it did so far."""
        return {kind: tally.counts() for kind, tally in self.tallies.items()}


class RunningPulls:
    """At most one running pull per administration."""

    def __init__(self) -> None:
        """Start with none."""
        self._guard = threading.Lock()
        self._pulls: dict[str, RunningPull] = {}

    def begin(self, administration: str) -> RunningPull:
        """Start anew."""
        with self._guard:
            pull = self._pulls[administration] = RunningPull()
        return pull

    def of(self, administration: str) -> RunningPull | None:
        """Return the running or the last pull, None when there was none in this process."""
        return self._pulls.get(administration)

    def end(self, administration: str) -> None:
        """Forget the keys; the counts may still be asked for."""
        with self._guard:
            pull = self._pulls.get(administration)
            if pull is not None:
                self._pulls[administration] = RunningPull(tallies=pull.tallies, over=True)
