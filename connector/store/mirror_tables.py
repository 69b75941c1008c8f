"""The tables that mirror the source: books, parties, items, agenda, pulls."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from connector.store.columns import (
    Counter,
    Row,
    key_text,
    needed_text,
    optional_minor,
    optional_text,
)


class AdministrationRow(Row, table=True):
    """How far the books of one administration are known."""

    __tablename__ = "administration"

    administration: str = key_text()
    data_from: str | None = optional_text()  # instant
    complete: bool = False
    bank_through: date | None = None
    bank_confirmed_by: str | None = optional_text()
    bank_confirmed_at: str | None = optional_text()
    cursor: str | None = optional_text()
    totals: str | None = optional_text()  # JSON: what the books' own totals say, what ours say
    totals_agree: bool | None = None
    has_errors: bool = False
    waiting: str | None = optional_text()  # JSON: closures that a person must accept
    first_pull_on: date | None = None
    policy_digest: str | None = optional_text()
    evaluated_on: date | None = None
    rehearsal: bool | None = None  # of the first pull, for good
    source: str | None = optional_text()  # which books were pulled first, for good


class PartyTable(Row, table=True):
    """A contact as the source knows it."""

    __tablename__ = "party"
    __table_args__ = (
        sa.Index("ix_party_kvk", "administration", "kvk"),
        sa.Index("ix_party_vat", "administration", "vat_id"),
    )

    administration: str = key_text()
    ref: str = key_text()
    name: str | None = optional_text()
    kind: str | None = optional_text()
    language: str | None = optional_text()
    email: str | None = optional_text()
    phone: str | None = optional_text()
    contact: str | None = optional_text()
    street: str | None = optional_text()
    postcode: str | None = optional_text()
    city: str | None = optional_text()
    country: str | None = optional_text()
    kvk: str | None = optional_text()
    vat_id: str | None = optional_text()
    iban: str | None = optional_text()
    tags: str = needed_text()  # JSON list
    record_hash: str = needed_text()
    late_days: int = 0  # sum over the invoices that it paid, early counts below zero
    late_count: int = 0
    changed_at: str = needed_text()
    raw: str = needed_text()  # JSON object, as the source gave it


class PartyCorrectionTable(Row, table=True):
    """What a person knows better than the books; survives every pull."""

    __tablename__ = "party_correction"

    administration: str = key_text()
    party: str = key_text()
    field: str = key_text()
    value: str | None = optional_text()
    by: str = needed_text()
    at: str = needed_text()


class ItemTable(Row, table=True):
    """An item: what the source says, and where it stands on its ladder."""

    __tablename__ = "item"
    __table_args__ = (
        sa.Index("ix_item_party", "administration", "party", "state"),
        sa.Index("ix_item_open", "administration", "ledger", "state", "party"),
        sa.Index("ix_item_number", "administration", "number"),
    )

    administration: str = key_text()
    id: str = key_text()
    ledger: str = needed_text()
    number: str = needed_text()
    term: int
    party: str = needed_text()
    document: str = needed_text()
    issued: date | None = None
    due: date | None = None
    currency: str = needed_text()
    open_minor: int = Field(sa_type=sa.BigInteger)
    total_minor: int | None = optional_minor()
    vat_minor: int | None = optional_minor()
    ended: str | None = optional_text()  # the End that the source named
    reference: str | None = optional_text()
    description: str | None = optional_text()
    names_invoice: str | None = optional_text()
    paid_on: date | None = None
    sent_on: date | None = None
    reminded_on: date | None = None  # by the package itself
    sent_via: str | None = optional_text()
    contract: str | None = optional_text()
    basis: str | None = optional_text()
    payment_url: str | None = optional_text()
    reminders_sent: int = 0
    disputed: bool = False
    direct_debit: bool = False
    factored: bool = False
    blocked: bool = False
    remindable: bool = False  # the package can send a reminder about it
    tags: str = needed_text()  # JSON list
    record_hash: str = needed_text()
    state: str = needed_text()
    unreadable: bool = False
    closed_on: date | None = None
    cycle: int = 1
    track: str | None = optional_text()
    step: str | None = optional_text()
    step_on: date | None = None
    deadline_on: date | None = None
    last_demand_on: date | None = None
    last_payment_on: date | None = None
    first_pull: bool = False
    handed_over: bool = False
    due_set: date | None = None  # a person's correction of the due date
    first_seen_at: str = needed_text()
    changed_at: str = needed_text()
    raw: str = needed_text()  # JSON object; last, so that reading the rest never walks over it


class ItemChangeTable(Row, table=True):
    """The history of an item's open amount and position."""

    __tablename__ = "item_change"
    __table_args__ = (sa.Index("ix_item_change_item", "administration", "item"),)

    id: int | None = Field(default=None, sa_type=Counter, primary_key=True)
    administration: str = needed_text()
    item: str = needed_text()
    at: str = needed_text()
    kind: str = needed_text()
    currency: str = needed_text()
    before_minor: int | None = optional_minor()
    after_minor: int | None = optional_minor()
    cycle: int
    by: str | None = optional_text()
    reason: str | None = optional_text()


class AgendaTable(Row, table=True):
    """When a debtor must be looked at again; only debtors with receivables are in it."""

    __tablename__ = "agenda"
    __table_args__ = (sa.Index("ix_agenda_due", "administration", "check_on"),)

    administration: str = key_text()
    party: str = key_text()
    check_on: date | None = None


class PullRunTable(Row, table=True):
    """What a pull reported."""

    __tablename__ = "pull_run"

    administration: str = key_text()
    number: int = Field(sa_type=sa.BigInteger, primary_key=True)
    at: str = needed_text()
    complete: bool
    report: str = needed_text()  # JSON
