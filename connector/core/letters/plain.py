"""The plain form of a letter: wrapped paragraphs and aligned tables."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from connector.core.letters.blocks import (
    AlsoOpenTable,
    Block,
    ItemTable,
    Pair,
    Paragraph,
    Payment,
)

_WIDTH: Final = 72
_GAP: Final = "  "


def plain_text(blocks: Iterable[Block]) -> str:
    """Return the blocks as text, a blank line between them, a line break at the end."""
    return "\n\n".join(_plain(block) for block in blocks) + "\n"


def _plain(block: Block) -> str:
    match block:
        case Paragraph():
            return "\n".join(_wrapped(line) for line in block.lines)
        case ItemTable():
            return _item_table(block)
        case AlsoOpenTable():
            return _also_open(block)
        case Payment():
            return _payment(block)
        case _:
            assert_never(block)


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _item_table(block: ItemTable) -> str:
    sums = (*block.credits, *block.charges, block.total)
    widest_sum = max(len(label) + len(value) + (len(_GAP) if value else 0) for label, value in sums)
    head, *rows = _table((block.head, *block.rows), at_least=widest_sum)
    rule = "-" * len(head)
    added = [f"{label}{value.rjust(len(head) - len(label))}".rstrip() for label, value in sums]
    return "\n".join([head, rule, *rows, *added[:-1], rule, added[-1]])


def _also_open(block: AlsoOpenTable) -> str:
    return "\n".join([_wrapped(block.title), "", *_table((block.head, *block.rows))])


def _table(rows: Sequence[Sequence[str]], *, at_least: int = 0) -> list[str]:
    """Return the rows as lines of one width, the last column to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    widths[0] += max(at_least - sum(widths) - len(_GAP) * (len(widths) - 1), 0)
    return [
        _GAP.join(
            [
                *(cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)),
                row[-1].rjust(widths[-1]),
            ]
        )
        for row in rows
    ]


def _payment(block: Payment) -> str:
    rows: tuple[Pair, ...] = block.rows if block.url is None else (*block.rows, block.url)
    width = max(len(label) for label, _ in rows) + 1
    return "\n".join(f"{label + ':':<{width}} {value}" for label, value in rows)
