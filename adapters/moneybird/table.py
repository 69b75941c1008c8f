"""Many rows of three whole numbers in little memory: what is known of the records of one kind."""

import base64
import binascii
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from heapq import merge as merge_sorted
from itertools import accumulate, chain
from operator import sub

from connector.port.errors import ContractChangedError

AGAIN = -1
"""A version that no record has: the record is read again in the next round."""
DROPPED = -2
"""In rows that are laid over others: the record is not known any more."""

_BLOCK = 8192
_WIDTH = 8
_MOST_ROWS = 20_000_000

Row = tuple[int, int, int]


class Table:
    """Rows of id, version and a third number: of an invoice its contact, of a contact its language.

    Rows may be added in any order; `sort` brings them in order of id, each once, the last wins.
    """

    __slots__ = ("ids", "thirds", "versions")

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.ids = array("q")
        self.versions = array("q")
        self.thirds = array("q")
        for row in rows:
            self.add(*row)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Row]:
        return zip(self.ids, self.versions, self.thirds, strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # rows are added

    def add(self, id_: int, version: int, third: int = 0) -> None:
        """Add a row at the end.

        Raises:
            ContractChangedError: A number that does not fit in 64 bits.
        """
        try:
            self.ids.append(id_)
            self.versions.append(version)
            self.thirds.append(third)
        except OverflowError as error:
            raise ContractChangedError("moneybird.id_too_large") from error

    def find(self, id_: int) -> int | None:
        """Return where the row of the id stands, None when there is none. Rows are in order."""
        at = bisect_left(self.ids, id_)
        return at if at < len(self.ids) and self.ids[at] == id_ else None

    def sort(self) -> "Table":
        """Return the rows in order of id, each id once; itself when it is so already."""
        if _is_rising(self.ids):
            return self
        blocks = [
            sorted(
                zip(
                    self.ids[start : start + _BLOCK],
                    range(start, start + _BLOCK),
                    self.versions[start : start + _BLOCK],
                    self.thirds[start : start + _BLOCK],
                    strict=False,
                )
            )
            for start in range(0, len(self.ids), _BLOCK)
        ]
        made, last = Table(), None
        for id_, _, version, third in merge_sorted(*blocks):
            if id_ == last:
                made.versions[-1], made.thirds[-1] = version, third
            else:
                made.add(id_, version, third)
            last = id_
        return made


def lay_over(base: Table, patch: Table) -> Table:
    """Return the rows of both, those of the patch first in rank; both are in order.

    Neither of them may be used after this.
    """
    if not len(patch):
        return base
    has_drops = DROPPED in patch.versions
    if not len(base) and not has_drops:
        return patch  # the first pass: no need to hold the rows twice
    if not has_drops and patch.ids[0] > base.ids[-1]:
        base.ids.extend(patch.ids)
        base.versions.extend(patch.versions)
        base.thirds.extend(patch.thirds)
        return base
    made, last = Table(), None
    for id_, rank, version, third in merge_sorted(_ranked(patch, 0), _ranked(base, 1)):
        if id_ != last and version != DROPPED:
            made.add(id_, version, third)
        if rank == 0 or id_ != last:
            last = id_
    return made


def pieces(table: Table, size: int = 16384) -> Iterator[Table]:
    """Yield the rows in pieces: to write a long table at once takes much memory."""
    for start in range(0, len(table), size):
        piece = Table()
        piece.ids = table.ids[start : start + size]
        piece.versions = table.versions[start : start + size]
        piece.thirds = table.thirds[start : start + size]
        yield piece


def encode(table: Table) -> str:
    """Return the rows, which are in order, as a short text."""
    packer = zlib.compressobj(1)
    parts = [packer.compress(_pack(column)) for column in (table.ids, table.versions, table.thirds)]
    return base64.b64encode(b"".join((*parts, packer.flush()))).decode("ascii")


def decode(text: str) -> Table:
    """Return the rows of a text.

    Raises:
        ValueError: The text is damaged.
    """
    try:
        unpacker = zlib.decompressobj()
        packed = unpacker.decompress(base64.b64decode(text, validate=True), _MOST_ROWS * 3 * _WIDTH)
    except (zlib.error, binascii.Error) as error:
        raise ValueError("the table is damaged") from error
    size, rest = divmod(len(packed), 3)
    if rest or size % _WIDTH or not unpacker.eof:
        raise ValueError("the table is damaged")
    table = Table()
    try:
        table.ids, table.versions, table.thirds = (
            _unpack(packed[start * size : (start + 1) * size]) for start in range(3)
        )
    except OverflowError as error:
        raise ValueError("the table is damaged") from error
    if not _is_rising(table.ids):
        raise ValueError("the table is damaged")
    return table


def distinct(columns: Iterable["array[int]"]) -> "array[int]":
    """Return the numbers of all columns in order, each once, without nought."""
    numbers = array("q")
    for column in columns:
        numbers.extend(column)
    blocks = [sorted({*numbers[at : at + _BLOCK]}) for at in range(0, len(numbers), _BLOCK)]
    made = array("q")
    last = 0
    for number in merge_sorted(*blocks):
        if number != last:
            made.append(number)
            last = number
    return made


def _ranked(table: Table, rank: int) -> Iterator[tuple[int, int, int, int]]:
    for id_, version, third in table:
        yield id_, rank, version, third


def _is_rising(ids: "array[int]") -> bool:
    last = None
    for id_ in ids:
        if last is not None and id_ <= last:
            return False
        last = id_
    return True


def _pack(column: "array[int]") -> bytes:
    """Return the differences, byte by byte of the same weight: so they are shortest in the end."""
    differences = array("q", map(sub, column, chain((0,), column)))
    if sys.byteorder == "big":
        differences.byteswap()
    raw = differences.tobytes()
    return b"".join(raw[at::_WIDTH] for at in range(_WIDTH))


def _unpack(packed: bytes) -> "array[int]":
    count = len(packed) // _WIDTH
    raw = bytearray(len(packed))
    for at in range(_WIDTH):
        raw[at::_WIDTH] = packed[at * count : (at + 1) * count]
    differences = array("q")
    differences.frombytes(bytes(raw))
    if sys.byteorder == "big":
        differences.byteswap()
    return array("q", accumulate(differences))
