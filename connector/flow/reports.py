"""Reports on what the law says of the books: load, let the core work it out, change nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from connector.core.insight.vat_books import BookedInvoice, gone_invoices, vat_items
from connector.core.insight.vat_relief import (
    Period,
    ReliefLine,
    VatScheme,
    vat_relief,
)
from connector.core.kinds import debtor_kind
from connector.core.law.limitation import (
    ClaimOrigin,
    Interruption,
    InterruptionKind,
    Limitation,
    limitation,
)
from connector.core.law.vat import VatDeduction
from connector.core.policy.model import DebtorKind
from connector.core.snapshot import Party
from connector.flow.kinds import said_kinds
from connector.flow.office import Administration
from connector.port.records import Document, ItemId, Ledger, PartyRef
from connector.store import ItemQuery, ItemRow, PartyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationRow:
    """Until when an open receivable can be enforced.

    Attributes:
        limitation: None where the books give no due date.
        today: The day on which it was looked at.
    """

    administration: str
    item: ItemRow
    kind: DebtorKind
    limitation: Limitation | None
    today: date

    @property
    def days_left(self) -> int | None:
        """Days to the last day; below nought when it has passed."""
        return None if self.limitation is None else (self.limitation.last_day - self.today).days

    @property
    def is_barred(self) -> bool:
        """Whether it must be treated as time-barred."""
        return self.limitation is not None and self.limitation.is_barred(self.today)

    @property
    def warning(self) -> int | None:
        """The nearest level of days that is reached, None when none is."""
        return None if self.limitation is None else self.limitation.warning(self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefReport:
    """The VAT of unpaid debts in one return period.

    Attributes:
        is_exempt: The owner of the books deducts no VAT and charges none, so there is nothing.
        lines: What goes into the return.
        gone: What the books stopped showing after its year; a person must say whether it was paid.
        names: Name of each party in the report.
    """

    administration: str
    is_exempt: bool
    lines: tuple[ReliefLine, ...]
    gone: tuple[BookedInvoice, ...]
    names: dict[PartyRef, str]


def limitations(desk: Administration) -> list[LimitationRow]:
    """Return the open receivables by last day, those without a due date at the end."""
    overridden = said_kinds(desk)
    today, terms = desk.office.today, desk.law.terms
    with desk.office.store.unit(desk.id, reading=True) as unit:
        items = unit.books.items(ItemQuery(ledger=Ledger.RECEIVABLE))
        parties = {row.ref: row for row in unit.books.parties()}
        demands, payments = unit.reports.demands(), unit.reports.payments()
    rows = []
    for item in items:
        if item.document is not Document.INVOICE:
            continue
        kind = _kind_of(item, parties.get(item.party), overridden)
        known = [
            *_interruptions(InterruptionKind.DEMAND, demands.get(item.id, ())),
            *_interruptions(InterruptionKind.PAYMENT, payments.get(item.id, ())),
        ]
        found = None
        if item.due is not None:
            origin = ClaimOrigin(due=item.due, kind=kind, basis=item.basis)
            found = limitation(origin, known, terms)
        rows.append(
            LimitationRow(
                administration=desk.id, item=item, kind=kind, limitation=found, today=today
            )
        )
    return sorted(rows, key=_by_last_day)


def relief(desk: Administration, period: Period) -> ReliefReport:
    """Return the VAT on unpaid receivables and payables in a return period."""
    deduction = VatDeduction(desk.settings.creditor.vat_deduction)
    years = desk.law.terms.vat_relief_years
    with desk.office.store.unit(desk.id, reading=True) as unit:
        invoices = unit.reports.invoices(period.until)
    is_exempt = deduction is VatDeduction.NONE
    scheme = VatScheme(deduction=deduction)
    return ReliefReport(
        administration=desk.id,
        is_exempt=is_exempt,
        lines=vat_relief(vat_items(invoices, period), period, scheme, years=years),
        gone=() if is_exempt else gone_invoices(invoices, period, years=years),
        names={one.party: one.party_name for one in invoices},
    )


def _by_last_day(row: LimitationRow) -> tuple[date, str, ItemId]:
    last = date.max if row.limitation is None else row.limitation.last_day
    return last, row.item.number, row.item.id


def _interruptions(kind: InterruptionKind, days: Sequence[date]) -> Iterable[Interruption]:
    return (Interruption(kind=kind, on=on) for on in days)


def _kind_of(item: ItemRow, row: PartyRow | None, overridden: dict[str, DebtorKind]) -> DebtorKind:
    party = Party(ref=item.party, name=item.party_name)
    if row is not None:
        party = Party(
            ref=row.ref,
            name=row.name or row.ref,
            kind=row.kind,
            country=row.country,
            kvk=row.kvk,
            vat_id=row.vat_id,
        )
    return debtor_kind(party, overridden.get(item.party))
