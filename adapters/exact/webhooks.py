"""What a webhook of Exact says, and whether it is Exact that says it. Pure.

A webhook only names what to read again; there is none for payments, so the pull remains the truth.
Source: the facts about Exact Online, section 2.7.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.exact import odata
from connector.port.adapter import Received
from connector.port.records import ItemId

MAX_BYTES: Final = 1024 * 1024

# Exact signs the bytes between these two, as they stand.
_SIGNED: Final = re.compile(rb'\A\{"Content":(.*),"HashCode":"([0-9A-F]{64})"\}\s*\Z', re.DOTALL)
_ENTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    # The resources whose key is the entry that our items are named after. A transaction, which the
    # topic FinancialTransactions is about, may be on either side; the books have it where it is.
    "financialtransaction/transactions": ("R/", "P/"),
    "salesentry/salesentries": ("R/",),
    "purchaseentry/purchaseentries": ("P/",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """By what a webhook is known; without a secret none is believed."""

    division: int
    secret: str | None = field(default=None, repr=False)  # of the app, as Exact shows it


def verify(body: bytes, *, secret: str | None) -> bytes | None:
    """Return the signed content when it comes from Exact, else None.

    HMAC-SHA256 over the raw bytes between `{"Content":` and `,"HashCode"`, in capital hex.
    """
    found = _SIGNED.match(body) if len(body) <= MAX_BYTES else None
    if not secret or found is None:
        return None
    signed = hmac.new(secret.encode(), found[1], hashlib.sha256).hexdigest().upper()
    return found[1] if hmac.compare_digest(signed.encode(), found[2]) else None


def received(body: bytes, *, trust: Trust) -> Received:
    """Return what to answer and what to read again; never raises for what a stranger sends.

    The empty call with which Exact tries an address is answered with 200; nothing follows from it.
    """
    if len(body) > MAX_BYTES:
        return Received(status=413)
    if not body.strip():
        return Received(status=200)
    content = verify(body, secret=trust.secret)
    if content is None:
        return Received(status=401)
    key = hashlib.sha256(content).hexdigest()
    return Received(status=200, key=key, items=_items(_object(content), trust.division))


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _items(said: Mapping[str, Any], division: int) -> tuple[ItemId, ...]:
    """Return the items that an entry may be; the other subjects tell nothing precise."""
    if str(said.get("Division")) != str(division):
        return ()
    address = odata.path_of(str(said.get("ExactOnlineEndpoint") or "")).partition("(")[0]
    sides = next((_ENTRIES[end] for end in _ENTRIES if address.endswith(f"/{end}")), ())
    try:
        return tuple(ItemId(f"{side}{odata.guid_of(said.get('Key'))}") for side in sides)
    except ValueError:
        return ()
