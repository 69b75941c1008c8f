"""Between records and rows, both ways; what does not fit is refused, never bent."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
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
    "names_invoice", "paid_on", "sent_on", "reminded_on", "sent_via", "contract", "basis",
    "payment_url", "reminders_sent", "disputed", "direct_debit", "factored", "blocked",
    "remindable", "tags", "raw", "record_hash",
)  # fmt: skip
MOST: Final = 2**63 - 1


def item_values(record: ItemRecord, administration: str) -> tuple[Any, ...]:
    """Return the values of ITEM_COLUMNS; dates as ISO text, which both drivers take.

    Raises:
        StoreError: `record_refused`: an amount finer than the currency's minor unit or too
            large, two currencies in one item, or a NUL in a text.
    """
    money = record.open
    currency = money.currency
    raw, bare = raw_texts(record.raw)
    units = _minor(money, currency, record.id)
    total = units if record.total is money else _minor(record.total, currency, record.id)
    values = (
        str(record.ledger), record.number, record.term, record.party, str(record.document),
        _iso(record.issued), _iso(record.due), currency, units, total,
        _minor(record.vat, currency, record.id),
        None if record.end is None else record.end.value, record.reference, record.description,
        record.names_invoice, _iso(record.paid_on), _iso(record.sent_on),
        _iso(record.reminded_on), record.sent_via, record.contract, record.basis,
        record.payment_url, record.reminders_sent,
        record.disputed, record.direct_debit, record.factored, record.blocked,
        record.remindable, "[]" if not record.tags else text_of(record.tags),
    )  # fmt: skip
    return (administration, record.id, *values, raw, _digest(values, bare, record.id))


def party_values(record: PartyRecord, administration: str) -> tuple[Any, ...]:
    """Return the values of PARTY_COLUMNS.

    Raises:
        StoreError: `record_refused`.
    """
    raw, bare = raw_texts(record.raw)
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
    return None if day is None else _iso_text(day)


def _minor(money: Money | None, currency: str, key: str) -> int | None:
    if money is None:
        return None
    if money.currency != currency:
        raise StoreError("record_refused", field="currency", id=key)
    try:
        units = money.minor()
    except (ValueError, ArithmeticError) as error:
        raise StoreError("record_refused", field="amount", id=key) from error
    if not -MOST <= units <= MOST:
        raise StoreError("record_refused", field="amount", id=key)
    return units


def raw_texts(raw: Mapping[str, object]) -> tuple[str, str]:
    """Return the raw record as JSON, and the same without where it was read.

    Keys that begin with an underscore say where it was read (file, line): a row that only moved
    in its file has not changed.
    """
    if not raw:
        return "{}", "{}"
    form, values = _form(tuple(raw)), tuple(raw.values())
    texts = form.pick(values)
    try:  # a row of a file is nothing but text; that goes without an encoder for each row
        bare = form.bare % tuple(map(encode_basestring, texts))
    except TypeError:
        bare = text_of(dict(zip(form.names, texts, strict=True)))
    if not form.places:
        return bare, bare
    where = form.where % tuple([place_of(values[at]) for at in form.places])
    return f"{bare[:-1]},{where}}}" if form.names else f"{{{where}}}", bare


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How raw records with the same names are written.

    Attributes:
        names: Those that are no place.
        pick: Takes the values of these names.
        bare: The JSON object of these names, with a mark for each value.
        places: Where the places stand among all values.
        where: The members that are places, with a mark for each value.
    """

    names: tuple[str, ...]
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    bare: str
    places: tuple[int, ...]
    where: str


@lru_cache(maxsize=64)
def _form(names: tuple[str, ...]) -> _Form:
    places = tuple(at for at, name in enumerate(names) if name.startswith("_"))
    others = [at for at in range(len(names)) if at not in places]
    bare = tuple(names[at] for at in others)
    return _Form(
        names=bare,
        pick=itemgetter(*others) if len(others) > 1 else lambda v: tuple(v[at] for at in others),
        bare=f"{{{_members(bare)}}}",
        places=places,
        where=_members([names[at] for at in places]),
    )


def _members(names: Sequence[str]) -> str:
    return ",".join(f"{name_of(name).replace('%', '%%')}%s" for name in names)


def name_of(name: str) -> str:
    """Return the name of a member as it stands in a JSON object, with its colon."""
    return f"{text_of(name)}:"


def place_of(value: object) -> str:
    """Return a place as JSON; the name of a file comes back row after row."""
    if type(value) is int:
        return str(value)
    return _known(value) if type(value) is str else text_of(value)


@lru_cache(maxsize=1024)
def _known(text: str) -> str:
    return text_of(text)


@lru_cache(maxsize=4096)
def _iso_text(day: date) -> str:
    return day.isoformat()


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
