"""The tables of what maan itself did: holds, actions, tasks, journal, documents."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from connector.store.columns import Row, key_text, needed_text, optional_minor, optional_text


class HoldTable(Row, table=True):
    """A pause on an item or a debtor."""

    __tablename__ = "hold"
    __table_args__ = (sa.Index("ix_hold_open", "administration", "lifted_at"),)

    administration: str = key_text()
    id: str = key_text()
    item: str | None = optional_text()
    party: str | None = optional_text()
    reason: str = needed_text()
    until: date
    amount_minor: int | None = optional_minor()
    currency: str | None = optional_text()
    owner: str | None = optional_text()
    note: str | None = optional_text()
    answered_on: date | None = None
    created_at: str = needed_text()
    created_by: str = needed_text()
    lifted_at: str | None = optional_text()
    lifted_by: str | None = optional_text()
    outcome: str | None = optional_text()


class ActionTable(Row, table=True):
    """An action of the ledger."""

    __tablename__ = "action"
    __table_args__ = (
        sa.Index("ix_action_status", "administration", "status"),
        sa.Index("ix_action_party", "administration", "party", "status"),
        sa.Index("ix_action_proposed", "administration", "proposed_on"),
    )

    administration: str = key_text()
    id: str = key_text()
    status: str = needed_text()
    party: str = needed_text()
    currency: str = needed_text()
    track: str = needed_text()
    step: str = needed_text()
    kind: str = needed_text()
    message: bool
    first_run: bool
    total_minor: int = Field(sa_type=sa.BigInteger)
    payload: str = needed_text()  # JSON: the whole Action
    policy: str = needed_text()
    proposed_on: date
    approved_by: str | None = optional_text()
    approved_at: str | None = optional_text()
    delivered_on: date | None = None
    attempts: int = 0
    error: str | None = optional_text()
    code: str | None = optional_text()  # why it was withdrawn or rejected
    facts: str | None = optional_text()  # JSON
    ended_by: str | None = optional_text()
    changed_at: str = needed_text()


class ActionItemTable(Row, table=True):
    """An item in an action; while live, no other action may do the same for it."""

    __tablename__ = "action_item"
    __table_args__ = (
        sa.Index(
            "ux_action_item_live",
            "administration",
            "item",
            "cycle",
            "step",
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        ),
    )

    administration: str = key_text()
    action: str = key_text()
    item: str = key_text()
    cycle: int
    step: str = needed_text()
    live: bool


class DeliveryTable(Row, table=True):
    """One channel of an action."""

    __tablename__ = "delivery"
    __table_args__ = (sa.Index("ix_delivery_status", "administration", "status"),)

    administration: str = key_text()
    action: str = key_text()
    channel: str = key_text()
    status: str = needed_text()
    key: str = needed_text()
    attempts: int = 0
    next_attempt_at: str | None = optional_text()
    recipient: str | None = optional_text()
    reply: str | None = optional_text()
    document: str | None = optional_text()  # SHA-256 of what went out
    dispatched_on: date | None = None
    received_on: date | None = None
    error: str | None = optional_text()
    facts: str = needed_text()  # JSON
    changed_at: str = needed_text()


class NoticeTable(Row, table=True):
    """A notice with effect in law that reached a debtor about an item, per cycle."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index("ix_notice_party", "administration", "party"),
        sa.Index("ix_notice_action", "administration", "action"),
    )

    administration: str = key_text()
    item: str = key_text()
    cycle: int = Field(primary_key=True)
    kind: str = key_text()  # default_notice | statutory_notice
    party: str = needed_text()
    action: str = needed_text()
    delivered_on: date
    received_on: date
    last_day: date  # of its term
    effect_from: date  # first day on which what it announced may be counted on


class ChargeTable(Row, table=True):
    """Interest or collection costs that an item was charged with in one cycle."""

    __tablename__ = "charge"
    __table_args__ = (
        sa.Index("ix_charge_party", "administration", "party"),
        sa.Index("ix_charge_action", "administration", "action"),
    )

    administration: str = key_text()
    item: str = key_text()
    cycle: int = Field(primary_key=True)
    kind: str = key_text()
    party: str = needed_text()
    state: str = needed_text()
    currency: str = needed_text()
    amount_minor: int = Field(sa_type=sa.BigInteger)  # with VAT
    vat_minor: int = Field(sa_type=sa.BigInteger)
    paid_minor: int = Field(sa_type=sa.BigInteger)
    action: str = needed_text()  # the message that announced or last claimed it
    claimed_on: date
    by_notice: bool  # announced by a statutory notice
    payment: str | None = optional_text()  # the payment in the books that it was paid with
    reason: str | None = optional_text()
    changed_at: str = needed_text()


class TaskTable(Row, table=True):
    """Something for a person: a call, a task, or a point of attention."""

    __tablename__ = "task"
    __table_args__ = (
        sa.UniqueConstraint("administration", "code", "subject", "cycle", name="uq_task_subject"),
    )

    administration: str = key_text()
    id: str = key_text()
    kind: str = needed_text()
    code: str = needed_text()
    subject: str = needed_text()
    cycle: int
    facts: str = needed_text()  # JSON
    due: date | None = None
    created_at: str = needed_text()
    outcome: str | None = optional_text()
    done_by: str | None = optional_text()
    done_at: str | None = optional_text()


class JournalTable(Row, table=True):
    """The record: only grows; payload and salt may be forgotten, the chain stays."""

    __tablename__ = "journal"
    __table_args__ = (sa.Index("ix_journal_subject", "administration", "subject"),)

    administration: str = key_text()
    sequence: int = Field(sa_type=sa.BigInteger, primary_key=True)
    at: str = needed_text()
    kind: str = needed_text()
    subject: str = needed_text()
    actor: str = needed_text()
    payload: str | None = optional_text()  # canonical JSON
    salt: str | None = optional_text()  # hex
    payload_hash: str = needed_text()
    previous_hash: str = needed_text()
    hash: str = needed_text()


class DocumentTable(Row, table=True):
    """A kept file; its bytes are beside the store under their SHA-256."""

    __tablename__ = "document"

    administration: str = key_text()
    sha256: str = key_text()
    media_type: str = needed_text()
    name: str = needed_text()
    size: int = Field(sa_type=sa.BigInteger)
    at: str = needed_text()


class AttachmentTable(Row, table=True):
    """A file that a person attached to an item, for its dossier."""

    __tablename__ = "attachment"

    administration: str = key_text()
    item: str = key_text()
    kind: str = key_text()
    sha256: str = key_text()
    name: str = needed_text()
    by: str = needed_text()
    at: str = needed_text()


class PushTable(Row, table=True):
    """What the package is asked to do or to keep a record of, until it has."""

    __tablename__ = "push"
    __table_args__ = (sa.Index("ix_push_status", "administration", "status"),)

    administration: str = key_text()
    key: str = key_text()
    verb: str = needed_text()
    action: str | None = optional_text()
    party: str = needed_text()
    items: str = needed_text()  # JSON list of item keys
    day: date
    text: str = needed_text()
    facts: str = needed_text()  # JSON
    status: str = needed_text()  # waiting | done | refused
    attempts: int = 0
    next_attempt_at: str | None = optional_text()
    reference: str | None = optional_text()
    error: str | None = optional_text()
    changed_at: str = needed_text()


class MemoTable(Row, table=True):
    """What an adapter remembers of its source."""

    __tablename__ = "memo"
    __table_args__ = (sa.Index("ix_memo_group", "administration", "of"),)

    administration: str = key_text()
    key: str = key_text()
    of: str = needed_text()  # its group
    value: str = needed_text()


class NewsTable(Row, table=True):
    """What the source told of once: webhooks and bounces, so that a repetition does nothing."""

    __tablename__ = "news"

    administration: str = key_text()
    key: str = key_text()
    at: str = needed_text()
