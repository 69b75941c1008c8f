"""The disk: the mirror of the books, the action ledger, the journal, and the kept documents.

Nothing outside this room knows SQLAlchemy, and no foreign exception leaves it.
"""

from connector.store.engine import Store, open_store
from connector.store.paperwork import (
    ActionRow,
    AttachmentRow,
    DeliveryRow,
    Entry,
    HoldRow,
    ProposalResult,
    PushRow,
    PushStatus,
    TaskKind,
    TaskRow,
    Verification,
)
from connector.store.records import (
    BooksState,
    ChangeKind,
    Correction,
    Counts,
    ItemChange,
    ItemQuery,
    ItemRow,
    ItemState,
    PartyRow,
    TotalsCheck,
    Waiting,
)
from connector.store.unit import Unit

__all__ = [
    "ActionRow",
    "AttachmentRow",
    "BooksState",
    "ChangeKind",
    "Correction",
    "Counts",
    "DeliveryRow",
    "Entry",
    "HoldRow",
    "ItemChange",
    "ItemQuery",
    "ItemRow",
    "ItemState",
    "PartyRow",
    "ProposalResult",
    "PushRow",
    "PushStatus",
    "Store",
    "TaskKind",
    "TaskRow",
    "TotalsCheck",
    "Unit",
    "Verification",
    "Waiting",
    "open_store",
]
