"""What is remembered of entries and relations.

Every batch has a checkpoint, so that what was told is committed when the next page is read.
"""

from collections.abc import Collection
from typing import Final

from connector.port.records import Memo
from connector.port.tools import Tools

_BITS: Final = 21
_MASK: Final = (1 << _BITS) - 1


class Seen:
    """Which keys came already; now and then it says so of one that did not.

    A quarter of a megabyte for as many as there are: nearly all that are new need not be asked for.
    """

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_BITS - 3))

    def add(self, key: str) -> bool:
        """Note the key; return whether it may have been there before."""
        mark, bits = hash(key), self._bits
        one, two = mark & _MASK, (mark >> _BITS) & _MASK
        first, second = 1 << (one & 7), 1 << (two & 7)
        was = bits[one >> 3] & first and bits[two >> 3] & second
        bits[one >> 3] |= first
        bits[two >> 3] |= second
        return bool(was)


class Memory:
    """The memos as they are committed."""

    def __init__(self, tools: Tools) -> None:
        """Ask nothing yet."""
        self._tools = tools

    def by_group(self, groups: Collection[str]) -> dict[str, dict[str, Memo]]:
        """Return the memos of these groups, by group and key; groups without any are absent."""
        found: dict[str, dict[str, Memo]] = {}
        for memo in self._tools.recall(groups=list(groups)) if groups else ():
            found.setdefault(memo.group, {})[memo.key] = memo
        return found

    def by_key(self, keys: Collection[str]) -> dict[str, Memo]:
        """Return the memos of these keys; those that there are."""
        return {memo.key: memo for memo in self._tools.recall(list(keys))} if keys else {}
