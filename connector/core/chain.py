"""The journal's hash chain: what an entry's hash covers, and how a range of entries is checked.

A header names the hash of its payload and the hash of the header before it, so history can't be
rewritten unseen. The payload hash covers a random salt too: where payload and salt are kept apart
(or were forgotten for privacy) nobody can guess the payload from its hash, and the chain holds.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import rfc8785

GENESIS: Final = "0" * 64
"""`previous_hash` of the first entry of a chain; its sequence is 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the hash of an entry covers."""

    sequence: int  # 1, 2, 3, ... without gaps, per administration
    at: str  # instant in UTC as text, in ISO 8601; hashed as it stands
    kind: str
    subject: str  # opaque id
    actor: str
    payload_hash: str  # 64 hex digits
    previous_hash: str  # 64 hex digits; GENESIS for the first


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEntry:
    """A header with its hash; payload and salt are there only where they are carried."""

    header: Header
    hash: str
    payload: Mapping[str, Any] | None = None  # None: not carried, or forgotten
    salt: str | None = None


class ChainFault(StrEnum):
    """What can be wrong with an entry."""

    GAP = "gap"  # the sequence does not follow the one before
    BROKEN_LINK = "broken_link"  # previous_hash is not the hash of the one before
    HEADER_CHANGED = "header_changed"  # the hash does not cover this header
    PAYLOAD_CHANGED = "payload_changed"  # the payload hash does not cover this payload and salt
    SALT_MISSING = "salt_missing"  # a payload without salt, or a salt without payload


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenEntry:
    """One fault of one entry."""

    sequence: int
    fault: ChainFault


def canonical(value: Any) -> bytes:  # noqa: ANN401  # any JSON value
    """Return the one canonical JSON text of a value (RFC 8785), in UTF-8.

    Amounts go in as text: a float has no place in a payload.

    Raises:
        ValueError: The value has no canonical form (an integer beyond 2**53, NaN, a lone surrogate,
            a type that JSON does not have).
    """
    return rfc8785.dumps(value)


def payload_hash(payload: Mapping[str, Any], salt: str) -> str:
    """Return SHA-256 in hex over the canonical JSON of payload and salt."""
    return _sha256({"payload": dict(payload), "salt": salt})


def entry_hash(header: Header) -> str:
    """Return SHA-256 in hex over the canonical JSON of the header's seven fields."""
    return _sha256(
        {
            "sequence": header.sequence,
            "at": header.at,
            "kind": header.kind,
            "subject": header.subject,
            "actor": header.actor,
            "payload_hash": header.payload_hash,
            "previous_hash": header.previous_hash,
        }
    )


def verify_chain(entries: Iterable[ChainEntry]) -> tuple[BrokenEntry, ...]:
    """Return the faults of a range of entries, in order; empty when the range holds.

    The range may start anywhere; only an entry with sequence 1 must start from GENESIS. Entries are
    read once, one by one, so a journal of any length fits.
    """
    found: list[BrokenEntry] = []
    before: ChainEntry | None = None
    for entry in entries:
        faults = (*_link_faults(entry, before), *_own_faults(entry))
        found.extend(BrokenEntry(sequence=entry.header.sequence, fault=fault) for fault in faults)
        before = entry
    return tuple(found)


def _link_faults(entry: ChainEntry, before: ChainEntry | None) -> tuple[ChainFault, ...]:
    header = entry.header
    if before is None:
        starts_well = header.sequence != 1 or header.previous_hash == GENESIS
        return () if starts_well else (ChainFault.BROKEN_LINK,)
    if header.sequence != before.header.sequence + 1:
        return (ChainFault.GAP,)
    return () if header.previous_hash == before.hash else (ChainFault.BROKEN_LINK,)


def _own_faults(entry: ChainEntry) -> tuple[ChainFault, ...]:
    faults = () if _covers_header(entry) else (ChainFault.HEADER_CHANGED,)
    if entry.payload is None and entry.salt is None:
        return faults
    if entry.payload is None or entry.salt is None:
        return (*faults, ChainFault.SALT_MISSING)
    if _covers_payload(entry.header, entry.payload, entry.salt):
        return faults
    return (*faults, ChainFault.PAYLOAD_CHANGED)


def _covers_header(entry: ChainEntry) -> bool:
    try:
        return entry_hash(entry.header) == entry.hash
    except ValueError:
        return False


def _covers_payload(header: Header, payload: Mapping[str, Any], salt: str) -> bool:
    try:
        return payload_hash(payload, salt) == header.payload_hash
    except ValueError:
        return False


def _sha256(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()
