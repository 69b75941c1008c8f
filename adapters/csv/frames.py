"""The cells that come back row after row, read together once: currency, document and dates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from adapters.csv.cells import picker
from adapters.csv.reading import Cells
from connector.port.errors import RecordError

FRAMED: Final = ("currency", "document", "issued", "due")
_REMEMBER: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What these cells say of a row with an open amount.

    Attributes:
        digits: How many decimals the currency has.
        is_invoice: It is an invoice as long as its amount is not below zero.
    """

    currency: str
    digits: int
    is_invoice: bool
    issued: date | None
    due: date | None


@dataclass(slots=True)
class Frames:
    """Remembers the frames of one file.

    Attributes:
        at: Where the framed columns stand.
        read: Reads the frame of a row; raises RecordError when one of its cells is in doubt.
    """

    at: Sequence[int]
    read: Callable[[Cells], Frame]
    _pick: Callable[[Sequence[str]], tuple[str, ...]] = field(init=False)
    _known: dict[tuple[str, ...], Frame | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pick = picker(self.at)

    def of(self, row: Cells) -> Frame | None:
        """Return the frame of a row, None when such a row must be read cell by cell."""
        key = self._pick(row)
        if key in self._known:
            return self._known[key]
        if len(self._known) >= _REMEMBER:
            self._known.clear()
        try:
            found: Frame | None = self.read(row)
        except RecordError:
            found = None
        self._known[key] = found
        return found
