"""The term of a statutory notice, as the words of a letter give it.

The term of art. 6:96 lid 6 BW starts on the day after the debtor received the letter; words that
let it start or end sooner, or that confuse, cost the creditor all collection costs. Source:
HR 25 November 2016, ECLI:NL:HR:2016:2704. Checked 2026-11-22.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LAW_DAYS: Final = 14
"""Days of art. 6:96 lid 6 BW, from the day after delivery."""

_NUMBERS: Final = {
    "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9,
    "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15,
    "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19, "twintig": 20,
    "eenentwintig": 21, "achtentwintig": 28, "dertig": 30,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "twenty-one": 21, "twenty-eight": 28, "thirty": 30,
}  # fmt: skip
_COUNT: Final = rf"(?P<count>\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_TERM: Final = re.compile(
    rf"\b(?:{_COUNT}(?: \(\w+\))?|(?:binnen|within) (?:een|één|a|one))"
    r"[ -](?:(?P<days>dagen|days)"
    r"|(?:kalender|werk)?dag(?:en)?|week|weken|maand|maanden"
    r"|(?:calendar |working |business )?days?|weeks?|months?)\b"
)
_NO_TERM: Final = re.compile(
    r"(?:betaaltermijn|betalingstermijn|payment term|term of payment) (?:van|of) $"
)
_LATE: Final = re.compile(r" (?:te laat|geleden|over tijd|late|overdue|ago)\b")
_FROM_DAY_AFTER: Final = re.compile(
    r"(?:,? (?:te rekenen|gerekend|geteld))? vanaf de dag nadat"
    r" (?:deze brief|deze e-?mail|dit bericht) bij u (?:is bezorgd|bezorgd is)\b"
    r"|(?:,? (?:counted|counting|starting))? from the day after"
    r" this (?:letter|e-?mail|message) (?:was|is|has been) delivered to you\b"
)
_AFTER_DELIVERY: Final = re.compile(
    r" nadat (?:deze brief|deze e-?mail|dit bericht) bij u (?:is bezorgd|bezorgd is)\b"
    r"| after this (?:letter|e-?mail|message) (?:was|is|has been) delivered to you\b"
)
_WRONG_START: Final = re.compile(
    r"\b(?:na heden|na vandaag|vanaf heden|vanaf vandaag|na (?:de )?dagtekening"
    r"|na (?:de )?(?:ver)?zend(?:ing|datum)|na (?:de )?(?:brief)?datum"
    r"|na ontvangst(?! van (?:uw|het|de) (?:betaling|bedrag))"
    r"|vanaf (?:de )?(?:dagtekening|datum|ontvangst|verzending)"
    r"|(?:of|after|from) (?:the )?date of|(?:of|after|from|upon|on) (?:the )?receipt"
    r"|of receiving|after (?:sending|dispatch)|from today|from now)\b"
)
_DUTCH: Final = re.compile(r"\bbij u (?:is bezorgd|bezorgd is)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term as found; `start` tells the accepted wording that follows it, None: another one."""

    written: str
    days: int | None  # None: not a number of calendar days
    start: str | None  # "day_after" or "delivery"
    dutch: bool

    @property
    def last_day(self) -> int | None:
        """The day on which it ends, counted from delivery; None when it is no accepted wording."""
        if self.days is None or self.start is None:
            return None
        return self.days - (1 if self.start == "delivery" else 0)


def terms_in(text: str) -> Iterator[Term]:
    """Yield each term to pay in a text of one line in lower case, in order.

    How late an invoice is, and what its own payment term was, is no term to pay.
    """
    for found in _TERM.finditer(text):
        rest = text[found.end() :]
        if _LATE.match(rest) or _NO_TERM.search(text[: found.start()]):
            continue
        accepted, start = _start(rest)
        yield Term(
            written=found[0] + (accepted or rest[:40]),
            days=_days(found),
            start=start,
            dutch=_DUTCH.search(accepted) is not None,
        )


def wrong_starts_in(text: str) -> list[str]:
    """Return each moment other than delivery that could start a term, as written."""
    return [found[0] for found in _WRONG_START.finditer(text)]


def _start(rest: str) -> tuple[str, str | None]:
    for name, pattern in (("day_after", _FROM_DAY_AFTER), ("delivery", _AFTER_DELIVERY)):
        found = pattern.match(rest)
        if found is not None:
            return found[0], name
    return "", None


def _days(found: re.Match[str]) -> int | None:
    count = found["count"]
    if count is None or found["days"] is None:
        return None
    return int(count) if count.isdigit() else _NUMBERS[count]
