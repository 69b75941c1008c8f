"""What the store hands out of ledger, journal, holds and tasks; plain records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from connector.core.actions import Action, ActionStatus
from connector.core.snapshot import Hold
from connector.port.adapter import PushVerb
from connector.port.records import ItemId, PartyRef

ProposedAction = Action
"""An action as the plan wants it; its `approval` decides how it starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """An action of the ledger."""

    id: str
    status: ActionStatus
    action: Action
    policy: str
    proposed_on: date
    approved_by: str | None = None
    approved_at: datetime | None = None
    delivered_on: date | None = None
    attempts: int = 0
    error: str | None = None
    code: str | None = None  # why withdrawn; `rejected` with facts["reason"] when a person said no
    facts: Mapping[str, object] = field(default_factory=dict)
    ended_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalResult:
    """What became of each action that the plan wants; ids in the order of the plan."""

    new: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # was there already; payload refreshed where it differed
    unapproved: tuple[str, ...] = ()  # grew, and lost its approval; these are in `kept` too
    revived: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()  # a person said no before: left alone
    refused: tuple[str, ...] = ()  # another live action does the same for one of its items
    superseded: tuple[str, ...] = ()  # older proposals that made room for a new one
    waiting: Mapping[str, Action] = field(default_factory=dict)
    """Of `kept`: those that wait as they were first shown, with the interest of that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One channel of an action. `status` has the words of ActionStatus.

    `key` makes it findable at the channel after a crash.
    """

    action: str
    channel: str  # a ChannelName, `phone` or `agency`
    status: ActionStatus
    key: str
    attempts: int = 0
    next_attempt_at: datetime | None = None
    recipient: str | None = None
    reply: str | None = None
    document: str | None = None  # SHA-256
    dispatched_on: date | None = None
    received_on: date | None = None
    error: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A hold with who put it there and how it ended."""

    id: str
    hold: Hold
    note: str | None
    created_at: datetime
    created_by: str
    lifted_at: datetime | None
    lifted_by: str | None
    outcome: str | None


class TaskKind(StrEnum):
    """What a person is asked for."""

    CALL = "call"
    TASK = "task"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """Something for a person; `subject` is an item id, a party ref or an action id."""

    id: str
    kind: TaskKind
    code: str
    subject: str
    cycle: int
    facts: Mapping[str, object]
    due: date | None
    created_at: datetime
    outcome: str | None = None
    done_by: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the journal; payload and salt are None when they were forgotten."""

    sequence: int
    at: str  # ISO, UTC: as hashed
    kind: str
    subject: str
    actor: str
    payload: Mapping[str, object] | None
    salt: str | None
    payload_hash: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What recomputing the chain found; `fault` is a code with the sequence, None when sound."""

    ok: bool
    entries: int
    head: str
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """A file that a person attached to an item."""

    item: ItemId
    kind: str
    sha256: str
    name: str
    by: str
    at: datetime


class PushStatus(StrEnum):
    """How an order to the package stands."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRow:
    """An order to the package that need not succeed at once: a record, a pause."""

    key: str
    verb: PushVerb
    action: str | None
    party: PartyRef
    items: tuple[ItemId, ...]
    on: date
    text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    status: PushStatus = PushStatus.WAITING
    attempts: int = 0
    next_attempt_at: datetime | None = None
    reference: str | None = None
    error: str | None = None
