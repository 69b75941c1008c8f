"""Each part of the dossier as JSON-ready data; `None` stays, and is named as absent later."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from connector.core.chain import ChainEntry
from connector.core.dossier.address import split_address
from connector.core.dossier.amounts import paid
from connector.core.dossier.facts import (
    CheckName,
    ClaimFacts,
    CreditorFacts,
    DebtorFacts,
    DossierFacts,
    EventFacts,
    MandateFacts,
    MetaFacts,
    PaymentFacts,
)
from connector.core.dossier.legal_parts import interest_part, limitation_part
from connector.core.snapshot import HoldReason
from connector.port.money import Money

SCHEMA_VERSION: Final = "2.0"

# A stop (plan, moratorium, death, ...) makes collecting unlawful or useless: all are answered.
STOPS: Final = (
    HoldReason.DISPUTE, HoldReason.ARRANGEMENT, HoldReason.INSOLVENCY, HoldReason.SUSPENSION,
    HoldReason.WSNP, HoldReason.DEBT_COUNSELLING, HoldReason.MORATORIUM, HoldReason.GUARDIANSHIP,
    HoldReason.MINOR, HoldReason.DECEASED,
)  # fmt: skip


def meta_part(meta: MetaFacts, currencies: list[str]) -> dict[str, Any]:
    """Return the particulars of the dossier itself."""
    return {
        "schema_version": SCHEMA_VERSION,
        "dossier_id": meta.dossier_id,
        "created_at": instant(meta.created_at),
        "created_by": meta.created_by,
        "product": "maan",
        "version": meta.version,
        "reference_date": meta.reference_date.isoformat(),
        "language": meta.language,
        "currencies": currencies,
        "test": meta.test,
    }


def creditor_part(creditor: CreditorFacts) -> dict[str, Any]:
    """Return the creditor; the account is in its own name unless another holder is given."""
    return {
        "name": creditor.name,
        "trade_name": creditor.trade_name,
        "legal_form": creditor.legal_form,
        "kvk": creditor.kvk,
        "vat_id": creditor.vat_id,
        "vat_deduction": creditor.vat_deduction,
        "address": _address(creditor.street, creditor.postcode, creditor.city, creditor.country),
        "contact": creditor.contact,
        "phone": creditor.phone,
        "email": creditor.email,
        "iban": creditor.iban,
        "account_holder": creditor.account_holder or creditor.name,
        "client_number": creditor.client_number,
        "terms": creditor.terms,
        "representative": creditor.representative,
        "acting_for_others": creditor.acting_for_others,
        "representative_wki_number": creditor.representative_wki_number,
    }


def mandate_part(mandate: MandateFacts, *, undisputed: bool) -> dict[str, Any]:
    """Return what the agency is asked and allowed to do, and the two declarations."""
    return {
        "agency": mandate.agency,
        "kind": mandate.kind,
        "wki_number": mandate.wki_number,
        "wki_checked_on": _day(mandate.wki_checked_on),
        "instruction": str(mandate.instruction),
        "may_agree_plan": mandate.may_agree_plan,
        "max_plan_months": mandate.max_plan_months,
        "max_discount_percent": mandate.max_discount_percent,
        "tariff": mandate.tariff,
        "not_elsewhere_in_collection": mandate.not_elsewhere,
        "undisputed": undisputed,
        "declared_by": mandate.declared_by,
    }


def debtor_part(debtor: DebtorFacts) -> dict[str, Any]:
    """Return the debtor; the date of birth is never held, so always absent for a person."""
    return {
        "number": debtor.number,
        "kind": str(debtor.kind),
        "kind_evidence": debtor.kind_evidence,
        "natural_person": debtor.kind.is_natural_person,
        "name": debtor.name,
        "trade_name": debtor.trade_name,
        "legal_form": debtor.legal_form,
        "kvk": debtor.kvk,
        "vat_id": debtor.vat_id,
        "date_of_birth": None,
        "address": _address(debtor.street, debtor.postcode, debtor.city, debtor.country),
        "address_verified_on": _day(debtor.address_verified_on),
        "contact": debtor.contact,
        "email": debtor.email,
        "phone": debtor.phone,
        "language": debtor.language,
        "iban": debtor.iban,
        "sources": {
            "name": str(debtor.name_source),
            "address": str(debtor.address_source),
            "email": str(debtor.email_source),
            "phone": str(debtor.phone_source),
        },
    }


def claim_part(
    claim: ClaimFacts, documents: list[str], history: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return one invoice; `paid` is what makes amount less paid less kept back equal open."""
    zero, known = Money.zero(claim.open.currency), claim.limitation
    return {
        "number": claim.number,
        "issued": _day(claim.issued),
        "sent_on": _day(claim.sent_on),
        "sent_via": claim.sent_via,
        "due": _day(claim.due),
        "default_from": _day(claim.default.on if claim.default else None),
        "default_ground": str(claim.default.ground) if claim.default else None,
        "description": claim.description,
        "currency": claim.open.currency,
        "total": _money(claim.total),
        "vat": _money(claim.vat),
        "paid": _money(paid(claim)),
        "kept_back": str(claim.kept_back or zero),
        "open": str(claim.open),
        "interest": interest_part(claim.interest),
        "collection_costs": str(claim.costs or zero),
        "reference": claim.reference,
        "contract": claim.contract,
        "basis": claim.basis,
        "disputed": claim.disputed,
        "limitation_on": _day(known.limitation.last_day if known else None),
        "limitation": limitation_part(known, history),
        "documents": documents,
    }


def event_part(event: EventFacts, documents: list[str], evidence: str | None) -> dict[str, Any]:
    """Return one contact event, with the names of its files in the archive."""
    return {
        "at": instant(event.at),
        "action": event.action,
        "kind": event.kind,
        "step": event.step,
        "channel": event.channel,
        "address": event.address,
        "address_source": None if event.address_source is None else str(event.address_source),
        "invoices": list(event.invoices),
        "amount": None if event.amount is None else _stated(event.amount),
        "term_days": event.term_days,
        "received_on": _day(event.received_on),
        "deadline": _day(event.deadline),
        "template": event.template,
        "reference": event.reference,
        "proof": event.proof,
        "outcome": event.outcome,
        "documents": documents,
        "evidence": evidence,
    }


def agreements_part(facts: DossierFacts) -> dict[str, Any]:
    """Return promises, arrangements, disputes and pauses."""
    return {
        "promises": [
            {"made_on": _day(one.made_on), "until": _day(one.until), "kept": one.kept}
            | {"amount": None if one.amount is None else _stated(one.amount)}
            for one in facts.promises
        ],
        "arrangements": [
            {"agreed_on": _day(one.agreed_on), "terms": one.terms, "state": one.state}
            | {"missed": [day.isoformat() for day in one.missed]}
            for one in facts.arrangements
        ],
        "disputes": [
            {"raised_on": _day(one.raised_on), "invoice": one.invoice, "ground": one.ground}
            | {"amount": None if one.amount is None else _stated(one.amount)}
            | {"position": one.position, "answered_on": _day(one.answered_on)}
            | {"ended_on": _day(one.ended_on)}
            for one in facts.disputes
        ],
        "holds": [
            {"reason": str(one.reason), "since": _day(one.since), "until": _day(one.until)}
            | {"invoice": one.invoice, "lifted_on": _day(one.lifted_on)}
            for one in facts.holds
        ],
    }


def money_in_part(facts: DossierFacts) -> dict[str, Any]:
    """Return the credits that lower the claim and the payments seen before the handover."""
    return {
        "credits": [
            {"number": one.number, "issued": _day(one.issued), "against": one.against}
            | _stated(one.amount)
            for one in facts.credits
        ],
        "payments": [
            {"invoice": one.invoice, "date": _day(one.on), "kind": str(one.kind)}
            | _stated(one.amount)
            | {"imputed": _imputed(one)}
            for one in facts.payments
        ],
    }


def checks_part(facts: DossierFacts) -> dict[str, Any]:
    """Return each check with its result, None for one that was not done, and all stop flags."""
    done = {one.name: {"on": _day(one.on), "result": one.result} for one in facts.checks}
    return {
        "checks": {str(name): done.get(name) for name in CheckName},
        "stops": {str(stop): stop in facts.stops for stop in STOPS},
    }


def journal_part(entries: tuple[ChainEntry, ...]) -> dict[str, Any]:
    """Return the journal of the range, as `journal.json` holds it."""
    return {"entries": [_entry(entry) for entry in entries]}


def journal_range(entries: tuple[ChainEntry, ...]) -> dict[str, Any] | None:
    """Return which part of the journal goes along and its last hash, None when there is none."""
    if not entries:
        return None
    first, last = entries[0], entries[-1]
    return {
        "first": first.header.sequence,
        "last": last.header.sequence,
        "head": last.hash,
    }


def instant(moment: datetime) -> str:
    """Return an instant in UTC, in whole seconds, as in `2026-11-22T09:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(entry: ChainEntry) -> dict[str, Any]:
    header = entry.header
    record: dict[str, Any] = {
        "sequence": header.sequence,
        "at": header.at,
        "kind": header.kind,
        "subject": header.subject,
        "actor": header.actor,
        "payload_hash": header.payload_hash,
        "previous_hash": header.previous_hash,
        "hash": entry.hash,
    }
    if entry.payload is None or entry.salt is None:
        return record
    return record | {"payload": dict(entry.payload), "salt": entry.salt}


def _address(
    street: str | None, postcode: str | None, city: str | None, country: str | None
) -> dict[str, Any]:
    parts = split_address(street) if street else None
    return {
        "line": street,
        "street": parts.street if parts else None,
        "number": parts.number if parts else None,
        "addition": parts.addition if parts else None,
        "postcode": postcode,
        "city": city,
        "country": country,
    }


def _imputed(payment: PaymentFacts) -> dict[str, str]:
    """Return what of a payment went to costs, to interest and to the principal (art. 6:44 BW)."""
    zero = Money.zero(payment.amount.currency)
    costs, interest = payment.costs or zero, payment.interest or zero
    principal = payment.amount - costs - interest
    return {"costs": str(costs), "interest": str(interest), "principal": str(principal)}


def _stated(money: Money) -> dict[str, str]:
    return {"amount": str(money), "currency": money.currency}


def _money(money: Money | None) -> str | None:
    return None if money is None else str(money)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
