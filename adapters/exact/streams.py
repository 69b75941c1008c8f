"""How far a stream of changes was read, and whether its pages come in order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.exact.cursor import Stream
from adapters.exact.odata import int_of
from adapters.exact.values import Record


@dataclass(slots=True)
class Progress:
    """One pass over a stream.

    A page counts as read when the next one begins above it: until then nobody knows whether rows
    come in the order of their timestamps. Where they do not, nothing counts before the end.

    Attributes:
        met: Whether the row that was the newest came once more.
    """

    stream: Stream
    key: str = "ID"
    rows: int = 0
    met: bool = False
    _begin: int = 0
    _begin_last: str = ""
    _is_mixed: bool = False
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
        if self._begin_last and not self.met:
            self.met = any(self._id(row) == self._begin_last for row in rows)
        known = [stamp for stamp in stamps if stamp]
        if not known:
            return
        if known[0] <= self._high or known != sorted(known):
            self._is_mixed = True
            self.stream.after, self.stream.last = self._begin, self._begin_last
        elif not self._is_mixed:
            self._settle()
        high = max(known)
        if high > self._high:
            self._high, self._last = high, self._id(rows[stamps.index(high)])

    def end(self) -> None:
        """Take in that the last page was read."""
        self._settle()

    def _settle(self) -> None:
        if self._high >= self.stream.after:
            self.stream.after, self.stream.last = self._high, self._last

    def _id(self, row: Record) -> str:
        return str(row.get(self.key) or "").lower()


def _stamp(row: Record) -> int:
    try:
        return int_of(row["Timestamp"]) or 0
    except (KeyError, ValueError):
        return 0
