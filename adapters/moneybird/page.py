"""The records that one request gave, as a batch, and what is known of them from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.moneybird.contacts import PartyBook
from adapters.moneybird.cursor import Ledger
from adapters.moneybird.endpoints import Resource, item_id
from adapters.moneybird.mapping import Context, to_item
from adapters.moneybird.table import AGAIN, Table
from adapters.moneybird.values import Record, fits, kept_version, number_of, too_large
from connector.port.errors import RecordError
from connector.port.records import Batch, Bounce, ItemId, ItemRecord, PartyRecord, Rejected


@dataclass(slots=True)
class Pass:
    """How the pass over one kind of record goes.

    Attributes:
        missing: Ids that were asked for and did not come.
        unlisted: So many came that the list should have shown.
    """

    resource: Resource
    as_of: datetime
    missing: Table = field(default_factory=Table)
    unlisted: int = 0
    is_complete: bool = True
    is_delivered: bool = True


@dataclass(slots=True, kw_only=True)
class Page:
    """The records of one request, as they become a batch."""

    one: Pass
    ledger: Ledger
    book: PartyBook
    context: Context
    at: datetime
    are_gone: bool
    items: list[ItemRecord] = field(default_factory=list)
    parties: list[PartyRecord] = field(default_factory=list)
    removed: list[ItemId] = field(default_factory=list)
    held: list[ItemId] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Rejected] = field(default_factory=list)
    bounces: list[Bounce] = field(default_factory=list)

    def batch(self, asked: Sequence[int], found: Mapping[int, Record]) -> Batch:
        """Return what came of the ids that were asked for, in their order."""
        for id_ in asked:
            row = found.get(id_)
            if row is None:
                self.one.missing.add(id_, 0)
                continue
            try:
                self._take(id_, row)
            except RecordError as error:
                self._hold(id_, row, error)
        return Batch(
            parties=tuple(self.parties),
            items=tuple(self.items),
            removed=tuple(self.removed),
            held=tuple(self.held),
            rejected=tuple(self.rejected),
            warnings=tuple(self.warnings),
            bounces=tuple(self.bounces),
        )

    def _take(self, id_: int, row: Record) -> None:
        resource, version = self.one.resource, number_of(row.get("version"))
        if not fits(version):
            raise too_large("version")
        mapped = to_item(resource, row, self.context)
        item, contact = mapped.item, 0
        if item is not None:
            contact = number_of(item.party)
            if not fits(contact):
                raise too_large("contact_id")
            party = self.book.take(row, self.at)
            if party is not None:
                self.parties.append(party.record)
                self.warnings += party.warnings
            self.items.append(item)
            self.bounces += mapped.bounces
        elif self.ledger.base.find(id_) is not None:
            self.removed.append(item_id(resource, id_))
        self.warnings += [said(resource, code, id_) for code in mapped.warnings]
        if self.are_gone and (item is None or item.end is not None):
            self.ledger.drop(id_)
            return
        self.one.unlisted += self.are_gone and mapped.is_listed
        self.ledger.put(id_, kept_version(version, self.at), contact)

    def _hold(self, id_: int, row: Record, error: RecordError) -> None:
        """Keep the item as it is, and read the record again in each round until it can be read."""
        resource, field_ = self.one.resource, str(error.facts.get("field", ""))
        self.held.append(item_id(resource, id_))
        self.rejected.append(said(resource, error.code, id_, {"field": field_}))
        contact = number_of(row.get("contact_id"))
        self.ledger.put(id_, AGAIN, contact if fits(contact) else 0)


def said(
    resource: Resource, code: str, id_: int = 0, facts: Mapping[str, str] | None = None
) -> Rejected:
    """Return a line of the report: `sales_invoices:ID:field`; id 0 is the list as a whole."""
    known = {"endpoint": resource.value, "id": str(id_), **(facts or {})}
    name = known.get("field")
    where = f"{resource.value}:{id_}:{name}" if name else f"{resource.value}:{id_}"
    return Rejected(where=where, reason=code, facts=known)
