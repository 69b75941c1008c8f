"""Between records and rows, both ways; what does not fit is refused, never bent."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from connector.port.errors import StoreError
from connector.port.money import Money
from connector.port.records import ItemRecord, PartyRecord

PARTY_FIELDS: Final = (
    "name", "kind", "language", "email", "phone", "contact", "street", "postcode", "city",
    "country", "kvk", "vat_id", "iban",
)  # fmt: skip
PARTY_COLUMNS: Final = ("administration", "ref", *PARTY_FIELDS, "tags", "raw", "record_hash")
ITEM_COLUMNS: Final = (
    "administration", "id", "ledger", "number", "term", "party", "document", "issued", "due",
    "currency", "open_minor", "total_minor", "vat_minor", "ended", "reference", "description",
    "names_invoice", "paid_on", "sent_on", "sent_via", "contract", "basis", "payment_url",
    "reminders_sent", "disputed", "direct_debit", "factored", "blocked", "tags", "raw",
    "record_hash",
)  # fmt: skip
_MOST = 2**63 - 1


def item_values(record: ItemRecord, administration: str) -> tuple[Any, ...]:
    """Return the values of ITEM_COLUMNS; dates as ISO text, which both drivers take.

    Raises:
        StoreError: `record_refused`: an amount finer than the currency's minor unit or too
            large, two currencies in one item, or a NUL in a text.
    """
    money = record.open
    currency = money.currency
    raw, bare = _raw_texts(record.raw)
    units = _minor(money, currency, record.id)
    total = units if record.total is money else _minor(record.total, currency, record.id)
    values = (
        record.ledger.value, record.number, record.term, record.party, record.document.value,
        _iso(record.issued), _iso(record.due), currency, units, total,
        _minor(record.vat, currency, record.id),
        None if record.end is None else record.end.value, record.reference, record.description,
        record.names_invoice, _iso(record.paid_on), _iso(record.sent_on), record.sent_via,
        record.contract, record.basis, record.payment_url, record.reminders_sent,
        record.disputed, record.direct_debit, record.factored, record.blocked,
        "[]" if not record.tags else text_of(record.tags),
    )  # fmt: skip
    return (administration, record.id, *values, raw, _digest(values, bare, record.id))


def party_values(record: PartyRecord, administration: str) -> tuple[Any, ...]:
    """Return the values of PARTY_COLUMNS.

    Raises:
        StoreError: `record_refused`.
    """
    raw, bare = _raw_texts(record.raw)
    values = (
        record.name, record.kind, record.language, record.email, record.phone, record.contact,
        record.street, record.postcode, record.city, record.country, record.kvk, record.vat_id,
        record.iban, "[]" if not record.tags else text_of(record.tags),
    )  # fmt: skip
    return (administration, record.ref, *values, raw, _digest(values, bare, record.ref))


def money_of(minor: int | None, currency: str | None) -> Money | None:
    """Return the stored money, None when there is none."""
    return None if minor is None or currency is None else Money.from_minor(int(minor), currency)


def text_of(value: object) -> str:
    """Return the value as JSON; amounts and dates as text, never a binary fraction.

    Raises:
        StoreError: `record_refused`: something that JSON can't hold.
    """
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError) as error:
        raise StoreError("record_refused", field="json") from error


def mapping_of(text: str | None) -> Mapping[str, Any]:
    """Return the stored JSON object, empty when there is none."""
    if text is None or text == "{}":
        return {}
    found = json.loads(text, parse_float=Decimal)
    if not isinstance(found, dict):
        raise StoreError("record_damaged", field="json")
    return found


def words_of(text: str) -> tuple[str, ...]:
    """Return the stored list of words."""
    return () if text == "[]" else tuple(json.loads(text))


def _plain(value: object) -> object:
    match value:
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Enum():
            return value.value
        case Mapping():
            return dict(value)
        case Sequence() | frozenset() | set():
            return list(value)
        case _:
            raise TypeError(type(value).__name__)


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False
)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _minor(money: Money | None, currency: str, key: str) -> int | None:
    if money is None:
        return None
    if money.currency != currency:
        raise StoreError("record_refused", field="currency", id=key)
    try:
        units = money.minor()
    except (ValueError, ArithmeticError) as error:
        raise StoreError("record_refused", field="amount", id=key) from error
    if not -_MOST <= units <= _MOST:
        raise StoreError("record_refused", field="amount", id=key)
    return units


def _raw_texts(raw: Mapping[str, object]) -> tuple[str, str]:
    """Return the raw record as JSON, and the same without where it was read.

    Keys that begin with an underscore say where it was read (file, line): a row that only moved
    in its file has not changed.
    """
    if not raw:
        return "{}", "{}"
    places = _places(tuple(raw))
    if not places:
        text = text_of(raw)
        return text, text
    bare = dict(raw)
    found = [bare.pop(name) for name in places]
    where = "{" + ",".join(map(_pair, places, found)) + "}"
    text = text_of(bare)
    return f"{text[:-1]},{where[1:]}" if bare else where, text


def _pair(name: str, value: object) -> str:
    """Return one member of a JSON object; a name of a file comes back row after row."""
    match value:
        case int() if not isinstance(value, bool):
            return f"{_known(name)}:{value}"
        case str():
            return f"{_known(name)}:{_known(value)}"
        case _:
            return f"{_known(name)}:{text_of(value)}"


@lru_cache(maxsize=1024)
def _known(text: str) -> str:
    return text_of(text)


@lru_cache(maxsize=64)
def _places(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith("_"))


def _digest(values: tuple[Any, ...], raw: str, key: str) -> str:
    """Return the hash by which a change is seen, of the values and the bare raw record."""
    text = ascii(values)  # exact, and many times quicker than JSON
    odd = "\\x00" in text or "\\ud" in text
    if odd and any("\0" in found or not _is_text(found) for found in values if type(found) is str):
        raise StoreError("record_refused", field="text", id=key)
    try:
        data = f"{text}{raw}".encode()
    except UnicodeEncodeError as error:
        raise StoreError("record_refused", field="text", id=key) from error
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _is_text(found: str) -> bool:
    """Whether it can be written as UTF-8: half of a surrogate pair can't."""
    return not any("\ud800" <= mark <= "\udfff" for mark in found)
