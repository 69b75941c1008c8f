"""A batch in the making."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.port.records import Batch, ItemId, ItemRecord, Memo, PartyRecord, Rejected


@dataclass(slots=True)
class Draft:
    """What one page came to."""

    parties: list[PartyRecord] = field(default_factory=list)
    items: list[ItemRecord] = field(default_factory=list)
    removed: list[ItemId] = field(default_factory=list)
    held: list[ItemId] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Rejected] = field(default_factory=list)
    memos: list[Memo] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing came of the page."""
        return not (self.parties or self.items or self.removed or self.memos or self._faults)

    @property
    def _faults(self) -> bool:
        return bool(self.held or self.rejected or self.warnings)

    def batch(self, checkpoint: str) -> Batch:
        """Return the batch."""
        return Batch(
            parties=tuple(self.parties),
            items=tuple(self.items),
            removed=tuple(self.removed),
            held=tuple(self.held),
            rejected=tuple(self.rejected),
            warnings=tuple(self.warnings),
            memos=tuple(self.memos),
            checkpoint=checkpoint,
        )


def said(
    endpoint: str, code: str, id_: object = "0", facts: Mapping[str, str] | None = None
) -> Rejected:
    """Return a line of the report: `sync/CRM/Accounts:ID:field`; id 0 is the list as a whole."""
    known = {"endpoint": endpoint, "id": str(id_), **(facts or {})}
    name = known.get("field")
    where = f"{endpoint}:{id_}:{name}" if name else f"{endpoint}:{id_}"
    return Rejected(where=where, reason=code, facts=known)
