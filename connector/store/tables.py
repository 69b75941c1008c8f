"""The tables. Row classes do not validate: rows.py maps both ways and refuses what does not fit.

Every table carries the administration and every query names it. Money is an integer number of
minor units beside its currency; dates are DATE; instants are ISO text in UTC, which reads the
same and sorts the same on both databases.
"""

from datetime import date
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

metadata: Final = sa.MetaData()


class _Counter(sa.types.TypeDecorator[int]):
    """A key that counts by itself; SQLite does so only for INTEGER."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return the type that this database counts in."""
        return sa.Integer() if dialect.name == "sqlite" else sa.BigInteger()


class _Row(SQLModel):
    metadata: ClassVar[sa.MetaData] = metadata


def _key() -> Any:  # noqa: ANN401  # SQLModel's Field is typed so
    return Field(sa_type=sa.Text, primary_key=True)


def _text(default: str | None = None) -> Any:  # noqa: ANN401
    return Field(default=default, sa_type=sa.Text)


def _needed() -> Any:  # noqa: ANN401
    return Field(sa_type=sa.Text)


def _minor() -> Any:  # noqa: ANN401
    return Field(default=None, sa_type=sa.BigInteger)


class AdministrationRow(_Row, table=True):
    """How far the books of one administration are known."""

    __tablename__ = "administration"

    administration: str = _key()
    data_from: str | None = _text()  # instant
    complete: bool = False
    bank_through: date | None = None
    bank_confirmed_by: str | None = _text()
    bank_confirmed_at: str | None = _text()
    cursor: str | None = _text()
    totals: str | None = _text()  # JSON: what the books' own totals say, what ours say
    totals_agree: bool | None = None
    has_errors: bool = False
    waiting: str | None = _text()  # JSON: closures that a person must accept
    first_pull_on: date | None = None
    policy_digest: str | None = _text()
    evaluated_on: date | None = None


class PartyTable(_Row, table=True):
    """A contact as the source knows it."""

    __tablename__ = "party"
    __table_args__ = (
        sa.Index("ix_party_kvk", "administration", "kvk"),
        sa.Index("ix_party_vat", "administration", "vat_id"),
    )

    administration: str = _key()
    ref: str = _key()
    name: str | None = _text()
    kind: str | None = _text()
    language: str | None = _text()
    email: str | None = _text()
    phone: str | None = _text()
    contact: str | None = _text()
    street: str | None = _text()
    postcode: str | None = _text()
    city: str | None = _text()
    country: str | None = _text()
    kvk: str | None = _text()
    vat_id: str | None = _text()
    iban: str | None = _text()
    tags: str = _needed()  # JSON list
    record_hash: str = _needed()
    late_days: int = 0  # sum over the invoices that it paid, early counts below zero
    late_count: int = 0
    changed_at: str = _needed()
    raw: str = _needed()  # JSON object, as the source gave it


class PartyCorrectionTable(_Row, table=True):
    """What a person knows better than the books; survives every pull."""

    __tablename__ = "party_correction"

    administration: str = _key()
    party: str = _key()
    field: str = _key()
    value: str | None = _text()
    by: str = _needed()
    at: str = _needed()


class ItemTable(_Row, table=True):
    """An item: what the source says, and where it stands on its ladder."""

    __tablename__ = "item"
    __table_args__ = (
        sa.Index("ix_item_party", "administration", "party", "state"),
        sa.Index("ix_item_open", "administration", "ledger", "state", "party"),
        sa.Index("ix_item_number", "administration", "number"),
    )

    administration: str = _key()
    id: str = _key()
    ledger: str = _needed()
    number: str = _needed()
    term: int
    party: str = _needed()
    document: str = _needed()
    issued: date | None = None
    due: date | None = None
    currency: str = _needed()
    open_minor: int = Field(sa_type=sa.BigInteger)
    total_minor: int | None = _minor()
    vat_minor: int | None = _minor()
    ended: str | None = _text()  # the End that the source named
    reference: str | None = _text()
    description: str | None = _text()
    names_invoice: str | None = _text()
    paid_on: date | None = None
    sent_on: date | None = None
    sent_via: str | None = _text()
    contract: str | None = _text()
    basis: str | None = _text()
    payment_url: str | None = _text()
    reminders_sent: int = 0
    disputed: bool = False
    direct_debit: bool = False
    factored: bool = False
    blocked: bool = False
    tags: str = _needed()  # JSON list
    record_hash: str = _needed()
    state: str = _needed()
    unreadable: bool = False
    closed_on: date | None = None
    cycle: int = 1
    track: str | None = _text()
    step: str | None = _text()
    step_on: date | None = None
    deadline_on: date | None = None
    last_demand_on: date | None = None
    last_payment_on: date | None = None
    first_pull: bool = False
    handed_over: bool = False
    due_set: date | None = None  # a person's correction of the due date
    first_seen_at: str = _needed()
    changed_at: str = _needed()
    raw: str = _needed()  # JSON object; last, so that reading the rest never walks over it


class ItemChangeTable(_Row, table=True):
    """The history of an item's open amount and position."""

    __tablename__ = "item_change"
    __table_args__ = (sa.Index("ix_item_change_item", "administration", "item"),)

    id: int | None = Field(default=None, sa_type=_Counter, primary_key=True)
    administration: str = _needed()
    item: str = _needed()
    at: str = _needed()
    kind: str = _needed()
    currency: str = _needed()
    before_minor: int | None = _minor()
    after_minor: int | None = _minor()
    cycle: int
    by: str | None = _text()
    reason: str | None = _text()


class AgendaTable(_Row, table=True):
    """When a debtor must be looked at again; only debtors with receivables are in it."""

    __tablename__ = "agenda"
    __table_args__ = (sa.Index("ix_agenda_due", "administration", "check_on"),)

    administration: str = _key()
    party: str = _key()
    check_on: date | None = None


class HoldTable(_Row, table=True):
    """A pause on an item or a debtor."""

    __tablename__ = "hold"
    __table_args__ = (sa.Index("ix_hold_open", "administration", "lifted_at"),)

    administration: str = _key()
    id: str = _key()
    item: str | None = _text()
    party: str | None = _text()
    reason: str = _needed()
    until: date
    amount_minor: int | None = _minor()
    currency: str | None = _text()
    owner: str | None = _text()
    note: str | None = _text()
    answered_on: date | None = None
    created_at: str = _needed()
    created_by: str = _needed()
    lifted_at: str | None = _text()
    lifted_by: str | None = _text()
    outcome: str | None = _text()


class ActionTable(_Row, table=True):
    """An action of the ledger."""

    __tablename__ = "action"
    __table_args__ = (
        sa.Index("ix_action_status", "administration", "status"),
        sa.Index("ix_action_party", "administration", "party", "status"),
        sa.Index("ix_action_proposed", "administration", "proposed_on"),
    )

    administration: str = _key()
    id: str = _key()
    status: str = _needed()
    party: str = _needed()
    currency: str = _needed()
    track: str = _needed()
    step: str = _needed()
    kind: str = _needed()
    message: bool
    first_run: bool
    total_minor: int = Field(sa_type=sa.BigInteger)
    payload: str = _needed()  # JSON: the whole Action
    policy: str = _needed()
    proposed_on: date
    approved_by: str | None = _text()
    approved_at: str | None = _text()
    delivered_on: date | None = None
    attempts: int = 0
    error: str | None = _text()
    code: str | None = _text()  # why it was withdrawn or rejected
    facts: str | None = _text()  # JSON
    ended_by: str | None = _text()
    changed_at: str = _needed()


class ActionItemTable(_Row, table=True):
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

    administration: str = _key()
    action: str = _key()
    item: str = _key()
    cycle: int
    step: str = _needed()
    live: bool


class DeliveryTable(_Row, table=True):
    """One channel of an action."""

    __tablename__ = "delivery"
    __table_args__ = (sa.Index("ix_delivery_status", "administration", "status"),)

    administration: str = _key()
    action: str = _key()
    channel: str = _key()
    status: str = _needed()
    key: str = _needed()
    attempts: int = 0
    next_attempt_at: str | None = _text()
    recipient: str | None = _text()
    reply: str | None = _text()
    document: str | None = _text()  # SHA-256 of what went out
    dispatched_on: date | None = None
    received_on: date | None = None
    error: str | None = _text()
    facts: str = _needed()  # JSON
    changed_at: str = _needed()


class TaskTable(_Row, table=True):
    """Something for a person: a call, a task, or a point of attention."""

    __tablename__ = "task"
    __table_args__ = (
        sa.UniqueConstraint("administration", "code", "subject", "cycle", name="uq_task_subject"),
    )

    administration: str = _key()
    id: str = _key()
    kind: str = _needed()
    code: str = _needed()
    subject: str = _needed()
    cycle: int
    facts: str = _needed()  # JSON
    due: date | None = None
    created_at: str = _needed()
    outcome: str | None = _text()
    done_by: str | None = _text()
    done_at: str | None = _text()


class JournalTable(_Row, table=True):
    """The record: only grows; payload and salt may be forgotten, the chain stays."""

    __tablename__ = "journal"
    __table_args__ = (sa.Index("ix_journal_subject", "administration", "subject"),)

    administration: str = _key()
    sequence: int = Field(sa_type=sa.BigInteger, primary_key=True)
    at: str = _needed()
    kind: str = _needed()
    subject: str = _needed()
    actor: str = _needed()
    payload: str | None = _text()  # canonical JSON
    salt: str | None = _text()  # hex
    payload_hash: str = _needed()
    previous_hash: str = _needed()
    hash: str = _needed()


class DocumentTable(_Row, table=True):
    """A kept file; its bytes are beside the store under their SHA-256."""

    __tablename__ = "document"

    administration: str = _key()
    sha256: str = _key()
    media_type: str = _needed()
    name: str = _needed()
    size: int = Field(sa_type=sa.BigInteger)
    at: str = _needed()


class AttachmentTable(_Row, table=True):
    """A file that a person attached to an item, for its dossier."""

    __tablename__ = "attachment"

    administration: str = _key()
    item: str = _key()
    kind: str = _key()
    sha256: str = _key()
    name: str = _needed()
    by: str = _needed()
    at: str = _needed()


class PullRunTable(_Row, table=True):
    """What a pull reported."""

    __tablename__ = "pull_run"

    administration: str = _key()
    number: int = Field(sa_type=sa.BigInteger, primary_key=True)
    at: str = _needed()
    complete: bool
    report: str = _needed()  # JSON


class DossierTable(_Row, table=True):
    """A dossier that was built for an action."""

    __tablename__ = "dossier"
    __table_args__ = (sa.Index("ix_dossier_action", "administration", "action"),)

    administration: str = _key()
    id: str = _key()
    action: str = _needed()
    agency: str = _needed()
    sha256: str = _needed()
    at: str = _needed()
    status: str = _needed()
    facts: str = _needed()  # JSON


def table(name: str) -> sa.Table:
    """Return the Core table of this name; KeyError when there is none."""
    return metadata.tables[name]
