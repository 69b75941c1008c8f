"""Export: all that the store knows of a handover, gathered into the facts of a dossier."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version
from typing import Final

from connector.core.actions import Action, PlannedItem
from connector.core.dossier.account import Account, default_of
from connector.core.dossier.costs import costs_of, differs
from connector.core.dossier.facts import (
    ArrangementFacts,
    ClaimFacts,
    CreditFacts,
    CreditorFacts,
    DebtorFacts,
    DisputeFacts,
    DossierFacts,
    EventFacts,
    HoldFacts,
    MandateFacts,
    MetaFacts,
    Paper,
    PaperType,
    PromiseFacts,
)
from connector.core.dossier.interest import interest_of
from connector.core.dossier.legal import InterestFacts
from connector.core.dossier.notices import limitation_of, notices_of
from connector.core.kinds import debtor_kind
from connector.core.policy.model import DebtorKind
from connector.core.snapshot import HoldReason, Party
from connector.flow.accounts import account_of, charges_paid, law_of, payments_of
from connector.flow.evidence import actions_about, carried_journal, contact_events, source_of
from connector.flow.office import Administration
from connector.flow.parcels import language_of
from connector.port.adapter import HasDocuments
from connector.port.errors import RequestError
from connector.port.money import Money
from connector.port.records import ItemId
from connector.settings import ZONE
from connector.store import (
    HoldRow,
    ItemRow,
    PartyRow,
    Unit,
)

_NO_STOP: Final = frozenset(
    {
        HoldReason.PROMISE,
        HoldReason.SET_OFF,
        HoldReason.ADDRESS,
        HoldReason.MANUAL,
    }
)


def dossier_facts(
    desk: Administration, unit: Unit, action: Action, *, now: datetime, declared_by: str
) -> DossierFacts:
    """Return the facts of the dossier of a handover.

    Args:
        desk: The administration.
        unit: An open unit; nothing is written.
        action: The handover.
        now: The instant of making.
        declared_by: Who declares that nobody else collects this claim.

    Raises:
        RequestError: The debtor or an item is not in the books any more.
    """
    party = unit.books.party(action.party)
    if party is None:
        raise RequestError("party_unknown", party=action.party)
    items = [_item(unit, item.id) for item in action.items]
    kind = _kind(desk, party)
    account = account_of(desk, unit, action, kind)
    ids = {item.id for item in items}
    holds = _holds_about(unit, ids, party)
    numbers = {item.id: item.number for item in items}
    told = [row.id for row in actions_about(unit, ids)]
    events = contact_events(desk, unit, party, ids)
    interest, costs = interest_of(account), costs_of(account)
    return DossierFacts(
        meta=_meta(desk, action, now=now, party=party),
        creditor=_creditor(desk),
        mandate=_mandate(desk, action, declared_by),
        debtor=_debtor(party, kind),
        claims=tuple(
            _approved(
                _claim(desk, item), account, planned=planned, interest=interest, events=events
            )
            for planned, item in zip(action.items, items, strict=True)
        ),
        credits=tuple(
            CreditFacts(number=c.number, amount=c.amount, against=c.against) for c in action.credits
        ),
        payments=(
            *(paid for item in items for paid in payments_of(account, item)),
            *charges_paid(unit, account, ids),
        ),
        history=events,
        promises=tuple(_promise(row, now) for row in holds if _is(row, HoldReason.PROMISE)),
        arrangements=tuple(_arrangement(r) for r in holds if _is(r, HoldReason.ARRANGEMENT)),
        disputes=tuple(_dispute(row, numbers) for row in holds if _is(row, HoldReason.DISPUTE)),
        holds=tuple(_hold(row, numbers) for row in holds),
        stops=_stops(holds),
        attachments=_attachments(desk, unit, items),
        law=law_of(party),
        costs=costs,
        notices=notices_of(account, events),
        faults=differs(account, interest, costs),
        journal=carried_journal(unit, {action.id, *ids, *told}),
    )


def _holds_about(unit: Unit, ids: Collection[ItemId], party: PartyRow) -> list[HoldRow]:
    return [
        row
        for row in unit.holds.list(lifted=True)
        if row.hold.item in ids or row.hold.party == party.ref
    ]


def _stops(holds: Iterable[HoldRow]) -> frozenset[HoldReason]:
    present = (row.hold.reason for row in holds if row.lifted_at is None)
    return frozenset(reason for reason in present if reason not in _NO_STOP)


def _item(unit: Unit, item: ItemId) -> ItemRow:
    found = unit.books.item(item)
    if found is None:
        raise RequestError("item_unknown", item=item)
    return found


def _is(row: HoldRow, reason: HoldReason) -> bool:
    return row.hold.reason is reason


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def _meta(desk: Administration, action: Action, *, now: datetime, party: PartyRow) -> MetaFacts:
    return MetaFacts(
        dossier_id=f"{desk.id}-{action.id}",
        created_at=now,
        created_by=desk.office.settings.office.name or desk.settings.creditor.name,
        version=version("maan"),
        reference_date=_day(now),
        language=language_of(desk, party),
        test=desk.office.settings.rehearsal,
    )


def _creditor(desk: Administration) -> CreditorFacts:
    own, office = desk.settings.creditor, desk.office.settings.office
    return CreditorFacts(
        name=own.name,
        kvk=own.kvk,
        vat_id=own.vat_id,
        vat_deduction=own.vat_deduction,
        iban=str(own.iban),
        account_holder=own.account_name,
        street=own.street,
        postcode=own.postcode,
        city=own.city,
        country=own.country,
        contact=desk.settings.sender.signature,
        phone=own.phone,
        email=own.email,
        representative=office.name or None,
        acting_for_others=office.acting_for_others,
        representative_wki_number=office.wki_number,
    )


def _mandate(desk: Administration, action: Action, declared_by: str) -> MandateFacts:
    agency = desk.office.settings.agencies.get(action.to or "")
    if agency is None:
        raise RequestError("agency_unknown", name=action.to or "")
    return MandateFacts(
        agency=agency.name,
        kind=agency.kind,
        wki_number=agency.wki_number,
        wki_checked_on=agency.wki_checked,
        not_elsewhere=True,
        declared_by=declared_by,
    )


def _kind(desk: Administration, party: PartyRow) -> DebtorKind:
    override = next((o for o in desk.policy.overrides if o.debtor == party.ref), None)
    return debtor_kind(
        Party(ref=party.ref, name=party.name or party.ref, kind=party.kind, kvk=party.kvk,
              vat_id=party.vat_id),
        override.kind if override else None,
    )  # fmt: skip


def _debtor(party: PartyRow, kind: DebtorKind) -> DebtorFacts:
    return DebtorFacts(
        number=party.ref,
        kind=kind,
        name=party.name,
        street=party.street,
        postcode=party.postcode,
        city=party.city,
        country=party.country,
        kvk=party.kvk,
        vat_id=party.vat_id,
        contact=party.contact,
        email=party.email,
        phone=party.phone,
        language=party.language,
        iban=party.iban,
        name_source=source_of(party, "name"),
        address_source=source_of(party, "street"),
        email_source=source_of(party, "email"),
        phone_source=source_of(party, "phone"),
    )


def _claim(desk: Administration, item: ItemRow) -> ClaimFacts:
    return ClaimFacts(
        number=item.number,
        issued=item.issued,
        due=item.due,
        open=item.open,
        total=item.total,
        vat=item.vat,
        sent_on=item.sent_on,
        sent_via=item.sent_via,
        description=item.description,
        reference=item.reference,
        contract=item.contract,
        basis=item.basis,
        disputed=item.disputed,
        documents=_invoice(desk, item),
    )


def _approved(
    claim: ClaimFacts,
    account: Account,
    *,
    planned: PlannedItem,
    interest: Mapping[ItemId, InterestFacts],
    events: Sequence[EventFacts],
) -> ClaimFacts:
    """Return the claim as it was approved, over what the books say of it by now."""
    nothing = Money.zero(planned.open.currency)
    return replace(
        claim,
        due=planned.due,
        open=planned.open,
        kept_back=max(claim.open - planned.open, nothing) or None,
        default=default_of(account, planned),
        interest=interest.get(planned.id),
        costs=planned.costs or None,
        limitation=limitation_of(account, planned, claim.basis, events),
    )


def _invoice(desk: Administration, item: ItemRow) -> tuple[Paper, ...]:
    adapter = desk.adapter
    content = (
        adapter.invoice_pdf(item.id, item.number) if isinstance(adapter, HasDocuments) else None
    )
    if content is None:
        return ()
    on = item.issued or _day(item.first_seen_at)
    return (Paper(type=PaperType.INVOICE, on=on, reference=item.number, content=content),)


def _promise(row: HoldRow, now: datetime) -> PromiseFacts:
    kept = None if row.lifted_at is None and row.hold.until >= _day(now) else row.outcome == "kept"
    made = _day(row.created_at)
    return PromiseFacts(made_on=made, until=row.hold.until, amount=row.hold.amount, kept=kept)


def _arrangement(row: HoldRow) -> ArrangementFacts:
    state = "running" if row.lifted_at is None else (row.outcome or "completed")
    known = state if state in ("running", "completed", "broken") else "completed"
    return ArrangementFacts(agreed_on=_day(row.created_at), terms=row.note or "", state=known)


def _dispute(row: HoldRow, numbers: Mapping[ItemId, str]) -> DisputeFacts:
    return DisputeFacts(
        raised_on=_day(row.created_at),
        invoice=numbers.get(row.hold.item) if row.hold.item else None,
        ground=row.note,
        amount=row.hold.amount,
        position=row.outcome,
        answered_on=row.hold.answered_on,
        ended_on=_day(row.lifted_at) if row.lifted_at else None,
    )


def _hold(row: HoldRow, numbers: Mapping[ItemId, str]) -> HoldFacts:
    return HoldFacts(
        reason=row.hold.reason,
        since=_day(row.created_at),
        until=row.hold.until,
        invoice=numbers.get(row.hold.item) if row.hold.item else None,
        lifted_on=_day(row.lifted_at) if row.lifted_at else None,
    )


def _attachments(desk: Administration, unit: Unit, items: Iterable[ItemRow]) -> tuple[Paper, ...]:
    return tuple(
        Paper(
            type=PaperType(attached.kind),
            on=_day(attached.at),
            reference=item.number,
            content=desk.office.store.documents.get(attached.sha256),
            media_type=_media_of(attached.name),
            description=attached.name,
        )
        for item in items
        for attached in unit.books.attachments(item.id)
    )


def _media_of(name: str) -> str:
    kinds = {"pdf": "application/pdf", "eml": "message/rfc822", "txt": "text/plain"}
    return kinds.get(name.rpartition(".")[2].lower(), "application/octet-stream")
