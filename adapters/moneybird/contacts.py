"""The contacts of what is open: met within invoices, or read when they changed by themselves."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from adapters.moneybird.cursor import Cursor, Ledger
from adapters.moneybird.endpoints import MOST_IDS, Resource
from adapters.moneybird.mapping_contacts import language_of, to_party
from adapters.moneybird.source import Source
from adapters.moneybird.table import AGAIN, Table
from adapters.moneybird.values import Record, fits, kept_version, number_of, too_large
from connector.port.records import Batch, PartyRecord, Rejected
from connector.port.tools import Clock

_REMEMBER: Final = 50_000  # contacts met in this pull; a party told twice does no harm
_WHERE: Final = Resource.CONTACTS.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A party that must be told."""

    record: PartyRecord
    warnings: tuple[Rejected, ...]


@dataclass(slots=True)
class PartyBook:
    """Tells each contact once a pull, and not at all when the last pull told it so."""

    ledger: Ledger
    _met: set[int] = field(default_factory=set)

    def take(self, row: Record, at: datetime) -> Met | None:
        """Return the party of an invoice, None when it was told before.

        Args:
            row: The invoice.
            at: When it was asked for.
        """
        contact = row.get("contact")
        if not isinstance(contact, Mapping) or contact.get("id") is None:
            return None
        id_, version = number_of(contact["id"]), number_of(contact.get("version"))
        if not (fits(id_) and fits(version)):
            raise too_large("contact")
        mark = hash((id_, version))
        if mark in self._met:
            return None
        if len(self._met) >= _REMEMBER:
            self._met.clear()
        self._met.add(mark)
        place = self.ledger.base.find(id_)
        if place is not None and self.ledger.base.versions[place] == version:
            return None
        language = language_of(row.get("language")) or self.language(id_)
        self.ledger.put(id_, kept_version(version, at), _number(language))
        person = row.get("contact_person")
        return told(
            contact, language=language, person=person if isinstance(person, Mapping) else None
        )

    def language(self, id_: int) -> str | None:
        """Return the language of the last invoice that had one."""
        place = self.ledger.base.find(id_)
        return None if place is None else _language(self.ledger.base.thirds[place])


@dataclass(slots=True)
class ContactPass:
    """Looks which of the known contacts changed, or are not there any more."""

    source: Source
    clock: Clock
    cursor: Cursor
    parties: PartyBook
    _lost: "array[int]" = field(default_factory=lambda: array("q"))

    def batches(self) -> Iterator[Batch]:
        """Read the known contacts that changed; nothing when nothing is open."""
        ledger = self.cursor.known[Resource.CONTACTS]
        if not len(ledger.base):
            return
        changed = self._compare(ledger.base)
        for start in range(0, len(changed), MOST_IDS):
            at = self.clock.now()
            rows = self.source.fetch(Resource.CONTACTS, changed[start : start + MOST_IDS])
            met = [self._take(row, at) for row in rows if row.get("id") is not None]
            yield Batch(
                parties=tuple(one.record for one in met),
                warnings=tuple(warning for one in met for warning in one.warnings),
            )

    def to_read_again(self) -> Iterator[tuple[Resource, "array[int]"]]:
        """Yield the invoices of contacts that were merged into others, or deleted."""
        if not len(self._lost):
            return
        lost = frozenset(self._lost)
        for resource, ledger in self.cursor.known.items():
            if resource is Resource.CONTACTS:
                continue
            ids = array("q", (id_ for id_, _, contact in ledger.base if contact in lost))
            if len(ids):
                yield resource, ids

    def leave_lost(self) -> None:
        """Leave the lost contacts alone from now on: their invoices were read again."""
        for id_ in self._lost:
            self.parties.ledger.put(id_, AGAIN, _number(self.parties.language(id_)))

    def _compare(self, known: Table) -> "array[int]":
        """Return the contacts that changed, in order; note those that are not listed."""
        listed, changed = bytearray(len(known)), array("q")
        params = {"include_archived": "true"}  # else archiving would look like deletion
        for id_, version in self.source.versions(Resource.CONTACTS, params=params):
            at = known.find(id_)
            if at is not None:
                listed[at] = 1
                if known.versions[at] != version:
                    changed.append(id_)
        for at, is_listed in enumerate(listed):
            # One that was lost before is left alone: its invoices have been read since.
            if not is_listed and known.versions[at] != AGAIN:
                self._lost.append(known.ids[at])
        return array("q", sorted(changed))

    def _take(self, row: Record, at: datetime) -> Met:
        id_ = number_of(row["id"])
        language = self.parties.language(id_)
        version = kept_version(row.get("version"), at)
        met = told(row, language=language)
        if not fits(version):
            doubt = _doubt(str(id_), "version")
            version, met = AGAIN, replace(met, warnings=(*met.warnings, doubt))
        self.parties.ledger.put(id_, version, _number(language))
        return met


def told(contact: Record, *, language: str | None = None, person: Record | None = None) -> Met:
    """Return the party and a warning for each field that was no good."""
    record, bad = to_party(contact, language=language, person=person)
    return Met(record=record, warnings=tuple(_doubt(record.ref, name) for name in bad))


def _doubt(contact: str, field_: str) -> Rejected:
    return Rejected(
        where=f"{_WHERE}:{contact}:{field_}",
        reason="moneybird.contact_field",
        facts={"endpoint": _WHERE, "id": contact, "field": field_},
    )


def _number(language: str | None) -> int:
    return 0 if language is None else ord(language[0]) * 256 + ord(language[1])


def _language(number: int) -> str | None:
    return chr(number // 256) + chr(number % 256) if number else None
