"""A contact to a party. A field that is no good is left out and named."""

import re
from functools import lru_cache
from typing import Final

from email_validator import EmailNotValidError, validate_email
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError

from adapters.moneybird.values import Record, text_of
from connector.port.records import PartyRecord, PartyRef

_BETWEEN_EMAILS: Final = re.compile(r"[,;\s]+")
# Nearly all addresses; the general check of each takes a hundred times as long.
_PLAIN_EMAIL: Final = re.compile(
    r"[a-z0-9_+-]{1,30}(?:\.[a-z0-9_+-]{1,15}){0,2}@(?:[a-z0-9]{1,40}(?:-[a-z0-9]{1,15}){0,2}\.){1,3}"
    r"(?!test$|local$|localhost$|invalid$|arpa$|onion$)[a-z]{2,12}"
)
_KVK: Final = re.compile(r"[0-9]{8}")
_VAT: Final = re.compile(r"NL[0-9]{9}B[0-9]{2}|(?!NL)[A-Z]{2}(?=.*[0-9]{4})[A-Z0-9+*]{5,13}")
_NUMBER_ELSEWHERE: Final = re.compile(r"[0-9]{5}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LANGUAGE: Final = re.compile(r"([a-z]{2})(?:[-_][a-zA-Z]{2})?")
_LOOKS_LIKE_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_NOT_KEPT: Final = "events"  # only in a contact that was read by itself


def to_party(
    contact: Record, *, language: str | None = None, person: Record | None = None
) -> tuple[PartyRecord, tuple[str, ...]]:
    """Return the party, and the names of our fields that were filled and no good.

    Args:
        contact: By itself, or as it stands in an invoice.
        language: Of the invoice: a contact has none of its own.
        person: The person whom the invoice is addressed to.

    Raises:
        KeyError: The contact has no id.
    """
    bad: list[str] = []
    get = contact.get
    company, own_name = text_of(get("company_name")), full_name(contact)
    country = _checked(bad, "country", get("country"), _COUNTRY)
    kvk = _kvk(bad, text_of(get("chamber_of_commerce")), country)
    vat = _checked(bad, "vat_id", get("tax_number"), _VAT)
    street = " ".join(filter(None, (text_of(get("address1")), text_of(get("address2")))))
    party = PartyRecord(
        ref=PartyRef(str(contact["id"])),
        name=company or own_name,
        kind="business" if vat or kvk or _is_firm_elsewhere(contact, country) else None,
        language=language,
        email=_email(bad, contact),
        phone=text_of(get("phone")),
        contact=_addressee(contact, person, own_name if company else None),
        street=street or None,
        postcode=text_of(get("zipcode")),
        city=text_of(get("city")),
        country=country,
        kvk=kvk,
        vat_id=vat,
        iban=_iban(bad, contact),
        tags=("archived",) if get("archived") else (),
        raw={name: value for name, value in contact.items() if name != _NOT_KEPT},
    )
    return party, tuple(bad)


def language_of(value: object) -> str | None:
    """Return the language as ISO 639-1: `nl` of `nl-be`; None when it is none."""
    match = _LANGUAGE.fullmatch(value) if isinstance(value, str) else None
    return None if match is None else match[1]


def first_email(contact: Record) -> str | None:
    """Return the first good address at which the contact wants its invoices."""
    for name in ("send_invoices_to_email", "email"):
        value = contact.get(name)
        if value and (found := _first_good(str(value))) is not None:
            return found
    return None


def full_name(person: Record) -> str | None:
    """Return first and last name in one line, None when both are empty."""
    names = filter(None, (text_of(person.get("firstname")), text_of(person.get("lastname"))))
    return " ".join(names) or None


def _addressee(contact: Record, person: Record | None, own_name: str | None) -> str | None:
    """Return whom to address: who is named for invoices, the invoice's person, the contact's."""
    return (
        text_of(contact.get("send_invoices_to_attention"))
        or text_of(contact.get("attention"))
        or (None if person is None else full_name(person))
        or own_name
    )


def _email(bad: list[str], contact: Record) -> str | None:
    found = first_email(contact)
    if found is None and (contact.get("send_invoices_to_email") or contact.get("email")):
        bad.append("email")
    return found


@lru_cache(maxsize=1024)
def _first_good(text: str) -> str | None:
    if _PLAIN_EMAIL.fullmatch(text):
        return text
    for address in filter(None, _BETWEEN_EMAILS.split(text)):
        try:
            return validate_email(address, check_deliverability=False).normalized
        except EmailNotValidError:
            continue
    return None


def _checked(bad: list[str], name: str, value: object, check: "re.Pattern[str]") -> str | None:
    text = text_of(value)
    if text is None:
        return None
    plain = re.sub(r"[ .\-]", "", text).upper()
    if check.fullmatch(plain):
        return plain
    bad.append(name)
    return None


def _kvk(bad: list[str], text: str | None, country: str | None) -> str | None:
    """Return the number in the Dutch register; firms elsewhere have numbers of another form."""
    if text is None:
        return None
    plain = text.replace(" ", "").replace(".", "")
    if _KVK.fullmatch(plain):
        return plain
    if country in ("NL", None):
        bad.append("kvk")
    return None


def _is_firm_elsewhere(contact: Record, country: str | None) -> bool:
    """Return whether it has a number in the register of another country."""
    text = re.sub(r"[ .\-]", "", str(contact.get("chamber_of_commerce") or ""))
    return country not in ("NL", None) and _NUMBER_ELSEWHERE.search(text) is not None


def _iban(bad: list[str], contact: Record) -> str | None:
    """Return the IBAN of the mandate, else the bank account when it is one."""
    if (mandate := text_of(contact.get("sepa_iban"))) is not None:
        if (found := _valid_iban(mandate)) is not None:
            return found
        bad.append("iban")
    account = text_of(contact.get("bank_account"))
    return None if account is None else _valid_iban(account)


@lru_cache(maxsize=1024)
def _valid_iban(text: str) -> str | None:
    plain = text.replace(" ", "").upper()
    if not _LOOKS_LIKE_IBAN.fullmatch(plain):
        return None
    try:
        return str(iban_numbers.validate(plain))
    except ValidationError:
        return None
