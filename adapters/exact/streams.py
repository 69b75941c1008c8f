"""How far a stream of changes was read, and whether its pages come in order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.exact.cursor import Stream
from adapters.exact.odata import int_of
from adapters.exact.values import Record


@dataclass(slots=True)
class Progress:
    """One pass over a stream.

    Where a page begins below the end of the one before, nothing counts as read before the end.
    """

    stream: Stream
    key: str = "ID"
    rows: int = 0
    _begin: int = 0
    _begin_last: str = ""
    _high: int = 0
    _last: str = ""

    def __post_init__(self) -> None:
        self._begin, self._begin_last = self.stream.after, self.stream.last

    def page(self, rows: Sequence[Record]) -> None:
        """Take in that a page was read."""
        self.rows += len(rows)
        try:
            stamps = [int(row["Timestamp"]) for row in rows]
        except (KeyError, TypeError, ValueError):
            stamps = [_stamp(row) for row in rows]
        known = [stamp for stamp in stamps if stamp]
        if not known:
            return
        low, high = min(known), max(known)
        if low <= self._high:
            self.stream.is_mixed = True
            self.stream.after, self.stream.last = self._begin, self._begin_last
        if high > self._high:
            self._high = high
            self._last = str(rows[stamps.index(high)].get(self.key) or "").lower()
        if not self.stream.is_mixed:
            self._settle()

    def end(self) -> None:
        """Take in that the last page was read."""
        self._settle()

    def _settle(self) -> None:
        if self._high >= self.stream.after:
            self.stream.after, self.stream.last = self._high, self._last


def _stamp(row: Record) -> int:
    try:
        return int_of(row["Timestamp"]) or 0
    except (KeyError, ValueError):
        return 0
