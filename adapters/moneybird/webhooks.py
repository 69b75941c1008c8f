"""What a webhook of Moneybird says, and whether it is Moneybird that says it. Pure.

A webhook only names what to read again; the pull remains the truth.
Source: developer.moneybird.com, /webhooks/payload and /webhooks/verifying-signatures.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapters.moneybird.endpoints import Resource, item_id
from connector.port.adapter import Received
from connector.port.records import ItemId

MAX_BYTES: Final = 1024 * 1024
TOLERANCE_SECONDS: Final = 300

_REGISTRATION_BYTES: Final = 4096  # what is read of somebody who has not shown who he is
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_EPOCH: Final = re.compile(r"[0-9]{1,12}")
_ID: Final = re.compile(r"[0-9]{1,19}")
_RESOURCES: Final[Mapping[str, Resource]] = {
    "SalesInvoice": Resource.SALES,
    "ExternalSalesInvoice": Resource.EXTERNAL,
    "Document": Resource.PURCHASE,  # a receipt is one too: the pull finds it
    "PurchaseInvoice": Resource.PURCHASE,
    "Receipt": Resource.RECEIPTS,
}
_BORROWERS: Final[Mapping[str, tuple[str, str]]] = {
    # these are about another record: where its kind and its id stand
    "Payment": ("invoice_type", "invoice_id"),
    "Note": ("entity_type", "entity_id"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """By what a webhook is known; with neither a secret nor a token none is believed."""

    administration: str
    secret: str | None = field(default=None, repr=False)  # signs the body; made at registration
    token: str | None = field(default=None, repr=False)  # the older check: stands in the body


def verify(
    headers: Mapping[str, str],
    body: bytes,
    *,
    secret: str | None,
    token: str | None,
    now: datetime,
) -> bool:
    """Return whether the body comes from Moneybird. Header names in small letters.

    With a secret only the signature counts: HMAC-SHA256 over `t.body`, one of the `v1` of
    `Moneybird-Signature: t=…,v1=…[,v1=…]`, at most five minutes old. The token in the body is only
    asked for where there is no secret.
    """
    if secret:
        return _is_signed(headers.get("moneybird-signature", ""), body, secret, now)
    if not token or len(body) > MAX_BYTES:
        return False
    said = _object(body)
    named = said.get("webhook_token") if said is not None else None
    return isinstance(named, str) and _is_same(named, token)


def received(headers: Mapping[str, str], body: bytes, *, trust: Trust, now: datetime) -> Received:
    """Return what to answer and what to read again; never raises for what a stranger sends.

    The call at registration comes before anybody knows the secret: it is answered with 200, and
    nothing follows from it.
    """
    if len(body) > MAX_BYTES:
        return Received(status=413)
    if not verify(headers, body, secret=trust.secret, token=trust.token, now=now):
        return Received(status=200 if _is_registration(body) else 401)
    said = _object(body) or {}
    key = _signed_key(headers, body) if trust.secret else _key(headers, body)
    return Received(status=200, key=key, items=_items(said, trust.administration))


def _is_signed(header: str, body: bytes, secret: str, now: datetime) -> bool:
    stamp, signatures = _parts(header)
    if not _EPOCH.fullmatch(stamp) or abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        return False
    signed = hmac.new(secret.encode(), _signed_bytes(stamp, body), hashlib.sha256).hexdigest()
    return any(_is_same(signature, signed) for signature in signatures)


def _parts(header: str) -> tuple[str, list[str]]:
    """Return the time and the signatures of the header."""
    stamp, signatures = "", []
    for part in header.split(","):
        scheme, _, value = part.strip().partition("=")
        if scheme == "t":
            stamp = value
        elif scheme == "v1":
            signatures.append(value)
    return stamp, signatures


def _signed_bytes(stamp: str, body: bytes) -> bytes:
    return stamp.encode() + b"." + body


def _is_same(given: str, known: str) -> bool:
    """Compare in constant time; text that is not ASCII would make compare_digest raise."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), known.encode("utf-8", "replace"))


def _is_registration(body: bytes) -> bool:
    if not body.strip():
        return True
    said = _object(body) if len(body) <= _REGISTRATION_BYTES else None
    return said is not None and said.get("entity_id") is None and said.get("entity") is None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _signed_key(headers: Mapping[str, str], body: bytes) -> str:
    """Return the key of what was signed: the other headers anybody can change."""
    stamp, _ = _parts(headers.get("moneybird-signature", ""))
    return hashlib.sha256(_signed_bytes(stamp, body)).hexdigest()


def _key(headers: Mapping[str, str], body: bytes) -> str:
    named = headers.get("idempotency-key", "").strip()
    return named if _KEY.fullmatch(named) else hashlib.sha256(body).hexdigest()


def _items(said: Mapping[str, Any], administration: str) -> tuple[ItemId, ...]:
    if _digits(said.get("administration_id")) != administration:
        return ()
    kind, id_, entity = said.get("entity_type"), said.get("entity_id"), said.get("entity")
    if isinstance(kind, str) and kind in _BORROWERS:
        if not isinstance(entity, dict):
            return ()
        kind, id_ = (entity.get(name) for name in _BORROWERS[kind])
    resource = _RESOURCES.get(kind) if isinstance(kind, str) else None
    digits = _digits(id_)
    return (item_id(resource, digits),) if resource and digits else ()


def _digits(value: object) -> str | None:
    if not isinstance(value, (str, int)):
        return None
    text = str(value) if isinstance(value, str) or 0 <= value < 10**19 else ""
    return text if _ID.fullmatch(text) else None
