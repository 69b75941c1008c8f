"""The fields of a party, each checked by itself: a bad one is left out with a warning."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from email_validator import EmailNotValidError, validate_email
from stdnum import iban as iban_numbers
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.nl import btw, postcode

from adapters.csv.cells import one_line
from adapters.csv.codes import COUNTRY_CODES
from adapters.csv.words import COUNTRIES, LANGUAGES, PARTY_KINDS, YES_NO

_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.\-]{5,24}|\([0-9 ]+\)[0-9 /.\-]{5,20}")
_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:\.[A-Za-z0-9_+-]{1,15}){0,2}")
_KVK: Final = re.compile(r"[0-9]{8}")
_DUTCH_POSTCODE: Final = re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}", re.IGNORECASE)
# Nearly all numbers in Dutch books; the general check of each takes many times as long.
_DUTCH_IBAN: Final = re.compile(r"NL([0-9]{2})([A-Z]{4})([0-9]{10})")
_NEAT_POSTCODE: Final = re.compile(r"([1-9][0-9]{3}) ?((?!SA|SD|SS)[A-Z]{2})")
_AS_DIGITS: Final = str.maketrans({chr(ord("A") + n): str(10 + n) for n in range(26)})

Check = Callable[[str], str | None]


def read_contact(cells: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the good fields of a party, and the names of our fields that were no good.

    Args:
        cells: Our field -> the text of its cell; empty texts are nothing.
    """
    good: dict[str, str] = {}
    bad: list[str] = []
    for name in ("contact", "street", "city"):
        if (text := cells.get(name)) and (plain := one_line(text.strip())):
            good[name] = plain
    for name, check in _CHECKS.items():
        if (text := cells.get(name)) and (text := text.strip()):
            value = check(text)
            if value is None:
                bad.append(name)
            else:
                good[name] = value
    code = cells.get("postcode", "").strip()
    if code:
        checked = _postcode(code, good.get("country"))
        if checked is None:
            bad.append("postcode")
        else:
            good["postcode"] = checked
    _kind(cells, good, bad)
    return good, tuple(bad)


def _kind(cells: Mapping[str, str], good: dict[str, str], bad: list[str]) -> None:
    text = cells.get("party_kind", "").casefold()
    if text:
        if text not in PARTY_KINDS:
            bad.append("party_kind")
        elif (kind := PARTY_KINDS[text]) is not None:
            good["kind"] = kind
        return
    for name, consumer in (("is_consumer", True), ("is_business", False)):
        if said := cells.get(name, "").casefold():
            if said not in YES_NO:
                bad.append(name)
            elif YES_NO[said] is consumer:
                good["kind"] = "consumer"


def _email(text: str) -> str | None:
    local, _, domain = text.partition("@")
    if _PLAIN_LOCAL.fullmatch(local):
        checked = _domain(domain)
        return None if checked is None else f"{local}@{checked}"
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


@lru_cache(maxsize=1024)
def _domain(domain: str) -> str | None:
    """Return the domain as it should be written; one domain serves many addresses."""
    try:
        return validate_email(f"info@{domain}", check_deliverability=False).domain
    except EmailNotValidError:
        return None


def _phone(text: str) -> str | None:
    return text if _PHONE.fullmatch(text) else None


def _kvk(text: str) -> str | None:
    plain = text.replace(" ", "").replace(".", "")
    return plain if _KVK.fullmatch(plain) else None


def _vat_id(text: str) -> str | None:
    plain = re.sub(r"[ .\-]", "", text).upper()
    try:
        if plain.startswith("NL"):
            return f"NL{btw.validate(plain)}"
        return str(eu_vat.validate(plain))
    except ValidationError:
        return None


def _iban(text: str) -> str | None:
    plain = text.replace(" ", "")
    if (dutch := _DUTCH_IBAN.fullmatch(plain)) is not None:
        check, bank, account = dutch.groups()
        number = f"{bank.translate(_AS_DIGITS)}{account}2321{check}"  # NL is 23 21
        return plain if int(number) % 97 == 1 else None
    try:
        return str(iban_numbers.validate(text))
    except ValidationError:
        return None


def _language(text: str) -> str | None:
    plain = text.casefold()
    if plain in LANGUAGES:
        return LANGUAGES[plain]
    match = re.fullmatch(r"([a-z]{2})(?:[-_][a-z]{2})?", plain)
    return None if match is None else match[1]


def _country(text: str) -> str | None:
    upper = text.upper()
    return upper if upper in COUNTRY_CODES else COUNTRIES.get(text.casefold())


def _postcode(text: str, country: str | None) -> str | None:
    plain = one_line(text)
    if country in ("NL", None) and (neat := _NEAT_POSTCODE.fullmatch(plain)) is not None:
        return f"{neat[1]} {neat[2]}"
    if country == "NL" or (country is None and _DUTCH_POSTCODE.fullmatch(plain)):
        try:
            return str(postcode.validate(plain))
        except ValidationError:
            return None
    return plain if len(plain) <= 12 else None


_CHECKS: Final[Mapping[str, Check]] = {
    "language": _language,
    "email": _email,
    "phone": _phone,
    "country": _country,
    "kvk": _kvk,
    "vat_id": _vat_id,
    "iban": _iban,
}
