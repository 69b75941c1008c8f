"""One address line split into street, number and addition, as agencies need it."""

import re
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = re.compile(r"^(\d{1,5})(?:[-/.]?([A-Za-z]{1,4}[-/]?\d{0,3}|(?<=[-/])\w{1,5}))?$")
_YEARS: Final = re.compile(r"^(1[5-9]|20)\d\d-\d{2,4}$")  # Plein 1940-45: a name, not a number
_ADDITION: Final = re.compile(r"^[-/]?\w{1,4}(?:[-/]\w{1,4})?$")
_WORDS: Final = frozenset({"boven", "beneden", "achter"})
_ORDINALS: Final = frozenset({"e", "de", "ste", "st", "nd", "rd", "th", "er"})  # 1e Dwarsstraat
_NUMBER_SIGNS: Final = frozenset({"nr", "nr.", "no", "no.", "nummer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLine:
    """The parts of an address line.

    `number` is None when the line has none that can be told apart for certain; `street` then holds
    the whole line.
    """

    street: str
    number: str | None = None
    addition: str | None = None


def split_address(line: str) -> AddressLine:
    """Return street, number and addition of one line, in the forms that Dutch books hold.

    `Testlaan 22 a` and `Testlaan 22A` give 22 with addition a and A, `Plein 1940-45 3-II` gives 3
    with II, `Postbus 12` gives 12. A foreign line with the number in front is read too.
    """
    words = re.sub(r"\s*([-/])\s*", r"\1", line.replace(",", " ")).split()
    for place in range(1, len(words)):
        found = _from_here(words, place)
        if found is not None:
            return found
    return _number_in_front(words) or AddressLine(street=" ".join(line.split()))


def _from_here(words: list[str], place: int) -> AddressLine | None:
    number = _NUMBER.match(words[place])
    if number is None or _YEARS.match(words[place]):
        return None
    rest = words[place + 1 :]
    if rest and (rest[0].isdigit() or rest[0].lower() in _NUMBER_SIGNS):
        return None
    if not all(_ADDITION.match(word) or word.lower() in _WORDS for word in rest):
        return None
    street = words[: place - 1] if words[place - 1].lower() in _NUMBER_SIGNS else words[:place]
    if not street:
        return None
    addition = " ".join(part for part in (number[2], *rest) if part)
    return AddressLine(street=" ".join(street), number=number[1], addition=addition or None)


def _number_in_front(words: list[str]) -> AddressLine | None:
    number = _NUMBER.match(words[0]) if len(words) > 1 else None
    if number is None or (number[2] or "").lower() in _ORDINALS:
        return None
    if any(character.isdigit() for word in words[1:] for character in word):
        return None
    return AddressLine(street=" ".join(words[1:]), number=number[1], addition=number[2])
