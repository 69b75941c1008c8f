"""From a relation and its contact to a party. Pure. A field that is no good is left out and named.

Source: the facts about Exact Online, sections 2.2 and 2.3.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from email_validator import EmailNotValidError, validate_email

from adapters.exact.values import Record, flag_of, key_of, missing, unreadable, words_of
from connector.port.records import Memo, PartyRecord, PartyRef

_BETWEEN_EMAILS: Final = re.compile(r"[,;\s]+")
# Nearly all addresses; the general check of each takes a hundred times as long.
_PLAIN_EMAIL: Final = re.compile(
    r"[a-z0-9_+-]{1,30}(?:\.[a-z0-9_+-]{1,15}){0,2}@(?:[a-z0-9]{1,40}(?:-[a-z0-9]{1,15}){0,2}\.){1,3}"
    r"([a-z]{2,12})"
)
_NOWHERE: Final = frozenset(("test", "local", "localhost", "invalid", "arpa", "onion"))
_KVK: Final = re.compile(r"[0-9]{8}")
_VAT: Final = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z]{2})?")
_SEPARATORS: Final = re.compile(r"[ .\-]")


class Account(NamedTuple):
    """What is needed of a relation; texts are empty where the source says nothing.

    Attributes:
        ref: The number by which it is known here; it stays when the code changes.
        contact: The person whom the newest invoice is addressed to; empty: nobody in particular.
        contact_on: Date of that invoice, ISO.
    """

    id: str
    ref: str
    code: str
    name: str
    email: str
    phone: str
    language: str
    country: str
    address: str
    postcode: str
    city: str
    kvk: str
    vat: str
    condition: str
    main_contact: str
    is_blocked: str
    is_anonymised: str
    contact: str = ""
    contact_on: str = ""


class Addressed(NamedTuple):
    """Whom an invoice is addressed to, and its date as ISO."""

    on: str
    contact: str


class Contact(NamedTuple):
    """What is needed of a person at a relation."""

    id: str
    account: str
    name: str
    email: str
    language: str
    is_main: str


def to_account(row: Record) -> Account:
    """Return the relation of a row, as if it was not known before.

    Raises:
        RecordError: A field is missing or can't be read (`facts["field"]`).
    """
    try:
        id_, main = _key(row, "ID"), row["MainContact"]
        anonymised = flag_of(row["IsAnonymised"])
        streets = (row["AddressLine1"], row["AddressLine2"], row["AddressLine3"])
        code = words_of(row["Code"]) or id_
        return Account(
            id_,
            code,
            code,
            words_of(row["Name"]),
            words_of(row["Email"]),
            words_of(row["Phone"]),
            words_of(row["Language"]),
            words_of(row["Country"]),
            " ".join(filter(None, map(words_of, streets))),
            words_of(row["Postcode"]),
            words_of(row["City"]),
            words_of(row["ChamberOfCommerce"]),
            words_of(row["VATNumber"]),
            words_of(row["PaymentConditionSales"]),
            "" if main is None else _key(row, "MainContact"),
            "1" if flag_of(row["Blocked"]) else "",
            "1" if anonymised else "",
        )
    except KeyError as error:
        raise missing(str(error.args[0])) from error
    except (ValueError, TypeError) as error:
        raise unreadable("Blocked") from error


def to_contact(row: Record) -> Contact | None:
    """Return the person of a row, None when nothing of it may or can be used.

    Raises:
        RecordError: A field is missing or can't be read (`facts["field"]`).
    """
    try:
        if row["Account"] is None or flag_of(row["IsAnonymised"]):
            return None
        return Contact(
            _key(row, "ID"),
            _key(row, "Account"),
            words_of(row["FullName"]),
            words_of(row["BusinessEmail"]) or words_of(row["Email"]),
            words_of(row["Language"]),
            "1" if flag_of(row["IsMainContact"]) else "",
        )
    except KeyError as error:
        raise missing(str(error.args[0])) from error
    except (ValueError, TypeError) as error:
        raise unreadable("IsMainContact") from error


def account_memo(account: Account) -> Memo:
    """Return what is remembered of a relation."""
    return Memo(f"a:{account.id}", f"r:{account.ref}", "\t".join(account[2:]))


def contact_memo(contact: Contact) -> Memo:
    """Return what is remembered of a person."""
    return Memo(f"c:{contact.id}", f"c:{contact.account}", "\t".join(contact[2:]))


def account_of(memo: Memo) -> Account | None:
    """Return the relation that was remembered, None when that is damaged."""
    texts = (memo.value or "").split("\t")
    is_whole = len(texts) == len(Account._fields) - 2
    return Account(memo.key[2:], memo.group[2:], *texts) if is_whole else None


def contact_of(memo: Memo) -> Contact | None:
    """Return the person that was remembered, None when that is damaged."""
    texts = (memo.value or "").split("\t")
    is_whole = len(texts) == len(Contact._fields) - 2
    return Contact(memo.key[2:], memo.group[2:], *texts) if is_whole else None


def chosen(account: Account, contacts: dict[str, Contact]) -> Contact | None:
    """Return whom to write to: who the newest invoice is addressed to, else the main contact."""
    for key in (account.contact, account.main_contact):
        if key in contacts:
            return contacts[key]
    main = [one for one in contacts.values() if one.is_main]
    return min(main, default=None)


def to_party(account: Account, contacts: dict[str, Contact]) -> tuple[PartyRecord, tuple[str, ...]]:
    """Return the party, and the names of our fields that were filled and no good.

    Args:
        account: The relation.
        contacts: Its persons, by id.
    """
    if account.is_anonymised:
        return _nobody(account), ()
    bad: list[str] = []
    person = chosen(account, contacts)
    country = _checked(bad, "country", account.country, _COUNTRY)
    party = PartyRecord(
        ref=PartyRef(account.ref),
        name=account.name or None,
        kind="business" if account.kvk or account.vat else None,
        language=_language(person.language if person else "") or _language(account.language),
        email=_email(bad, person.email if person else "", account.email),
        phone=account.phone or None,
        contact=(person.name or None) if person else None,
        street=account.address or None,
        postcode=account.postcode or None,
        city=account.city or None,
        country=country,
        kvk=_kvk(bad, account.kvk, country),
        vat_id=_checked(bad, "vat_id", account.vat, _VAT),
        tags=("blocked",) if account.is_blocked else (),
        raw={
            "ID": account.id,
            "Code": account.code,
            "PaymentConditionSales": account.condition,
            "MainContact": account.main_contact,
            "Contact": person.id if person else "",
            "Email": account.email,
            "Language": account.language,
            "ChamberOfCommerce": account.kvk,
            "VATNumber": account.vat,
        },
    )
    return party, tuple(bad)


def _nobody(account: Account) -> PartyRecord:
    """Return a party of which the person asked to be forgotten: nothing personal is kept."""
    return PartyRecord(ref=PartyRef(account.ref), tags=("anonymised",), raw={"ID": account.id})


def _key(row: Record, field: str) -> str:
    try:
        return key_of(row[field])
    except ValueError as error:
        raise unreadable(field) from error


def _email(bad: list[str], *texts: str) -> str | None:
    """Return the first good address."""
    for text in texts:
        if text and (found := _first_good(text)) is not None:
            return found
    if any(texts):
        bad.append("email")
    return None


@lru_cache(maxsize=1024)
def _first_good(text: str) -> str | None:
    plain = _PLAIN_EMAIL.fullmatch(text)
    if plain is not None:
        return None if plain[1] in _NOWHERE else text
    for address in filter(None, _BETWEEN_EMAILS.split(text)):
        try:
            return validate_email(address, check_deliverability=False).normalized
        except EmailNotValidError:
            continue
    return None


def _checked(bad: list[str], name: str, text: str, check: "re.Pattern[str]") -> str | None:
    if not text:
        return None
    plain = _SEPARATORS.sub("", text).upper()
    if check.fullmatch(plain):
        return plain
    bad.append(name)
    return None


def _kvk(bad: list[str], text: str, country: str | None) -> str | None:
    """Return the number in the Dutch register; firms elsewhere have numbers of another form."""
    if not text:
        return None
    plain = text.replace(" ", "").replace(".", "")
    if _KVK.fullmatch(plain):
        return plain
    if country in ("NL", None):
        bad.append("kvk")
    return None


def _language(text: str) -> str | None:
    """Return the language as ISO 639-1: `nl` of `nl-BE`; None when it is none."""
    match = _LANGUAGE.fullmatch(text)
    return None if match is None else match[1].lower()
