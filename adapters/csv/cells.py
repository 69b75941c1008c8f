"""Single cells of text: keys that must be clean, and lists of tags."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final

from adapters.csv.faults import bad_row

_DAMAGED: Final = re.compile(  # what Excel makes of long numbers and of formulas that failed
    r"[0-9](?:[.,][0-9]+)?E\+[0-9]+|0+|#{3,}"
    r"|#(?:N/A|N/B|REF!|VERW!|VALUE!|WAARDE!|NAME\?|NAAM\?|DIV/0!|DEEL/0!|NUM!|GETAL!|NULL!|LEEG!)",
    re.IGNORECASE,
)


def one_line(text: str) -> str:
    """Return the text with all white space made single blanks."""
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def one_lines(texts: Sequence[str]) -> Sequence[str]:
    """Return the texts of a column with all white space made single blanks."""
    together = "".join(texts)
    return texts if one_line(together) is together else [one_line(text) for text in texts]


def picker(positions: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Return what takes the cells at these positions from a row."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda cells: tuple(cells[i] for i in positions)


def key_text(text: str, column: str) -> str:
    """Return the text of a key on one line.

    Raises:
        RecordError: It holds line breaks or characters that can't be seen; such a key can't be
            trusted.
    """
    plain = one_line(text)
    if plain is not text and (any(mark in text for mark in "\r\n\t") or not plain.isprintable()):
        raise bad_row("row.control_characters", column, text)
    return plain


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a cell, in order and each once."""
    found = (tag.strip() for tag in re.split(r"[,;|]", text)) if text else ()
    return tuple(dict.fromkeys(tag for tag in found if tag))


def is_damaged(number: str) -> bool:
    """Return whether an invoice number is what Excel leaves of one."""
    return (number[:1] in "0#" or "+" in number) and _DAMAGED.fullmatch(number) is not None
