"""Whether a letter holds a value, however its lines were broken."""

import re
from datetime import date

from connector.core.letters.words import Words, long_date, one_line, short_date


def bare(text: str) -> str:
    """Return the text without blanks and capitals."""
    return "".join(text.split()).casefold()


def squeezed(text: str) -> str:
    """Return the text on one line, with single blanks."""
    return " ".join(text.split())


def holds(text: str, value: str | None) -> bool:
    """Whether the value is in the text; one that is not known never is."""
    sought = bare(one_line(value))
    return bool(sought) and sought in bare(text)


def holds_date(text: str, day: date, words: Words) -> bool:
    """Whether the day is in the text, written long or short."""
    return holds(text, long_date(day, words)) or holds(text, short_date(day, words))


def names(text: str, value: str) -> bool:
    """Whether the value is in the text as a whole word."""
    sought = re.escape(one_line(value))
    return bool(sought) and bool(re.search(rf"(?<!\w){sought}(?!\w)", squeezed(text)))
