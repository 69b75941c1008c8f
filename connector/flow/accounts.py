"""Accounts: what the store knows of a debtor's charges and notices, for its dossier."""

from collections.abc import Iterable, Mapping
from datetime import date

from connector.core.actions import Action
from connector.core.charges import Charge, ChargeKind
from connector.core.dossier.account import Account, Sent
from connector.core.dossier.facts import PaymentFacts, PaymentKind
from connector.core.dossier.legal import LawGround
from connector.core.law.applicable import dutch_law_applies
from connector.core.policy.model import DebtorKind
from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.port.records import ItemId
from connector.settings import ZONE
from connector.store import ItemRow, PartyRow, Unit


def account_of(desk: Administration, unit: Unit, action: Action, kind: DebtorKind) -> Account:
    """Return all that the calculation of a handover needs."""
    today = desk.office.today
    snapshot = unit.books.snapshot(desk.creditor, today, parties=[action.party])
    charges = tuple(unit.charges.find(action.party))
    notices = tuple(unit.charges.notices(action.party))
    track = next((one for one in desk.policy.tracks if one.name == action.track), None)
    return Account(
        action=action,
        kind=kind,
        law=desk.law,
        on=today,
        due_date_agreed=desk.creditor.due_date_agreed,
        vat_deduction=desk.creditor.vat_deduction,
        interest=track.interest if track else None,
        costs=track.collection_costs if track else None,
        payments={item.id: item.payments for item in snapshot.items},
        charges=charges,
        notices=notices,
        sent=_sent(unit, {*(one.action for one in charges), *(one.action for one in notices)}),
    )


def law_of(party: PartyRow) -> LawGround:
    """Return why Dutch law governs claims on the party, or that nobody recorded it."""
    if dutch_law_applies(party.country, recorded=False):
        return LawGround.DEBTOR_IN_NETHERLANDS
    said = next((one.value for one in party.corrections if one.field == "applicable_law"), None)
    return LawGround.RECORDED if said == "nl" else LawGround.NOT_RECORDED


def payments_of(account: Account, item: ItemRow) -> Iterable[PaymentFacts]:
    """Yield what came in for an invoice: in the calculation it lowered the principal."""
    for on, amount in account.payments.get(item.id, ()):
        booked = item.paid_on is not None and item.paid_on == on
        kind = PaymentKind.BOOKED if booked else PaymentKind.SEEN
        yield PaymentFacts(invoice=item.number, on=on, amount=amount, kind=kind)


def charges_paid(unit: Unit, account: Account, ids: Iterable[ItemId]) -> Iterable[PaymentFacts]:
    """Yield the money that paid interest or costs on these items: the books have no invoice."""
    wanted = set(ids)
    for one in account.charges:
        if one.item in wanted and one.paid:
            is_costs = one.kind is ChargeKind.COSTS
            yield PaymentFacts(
                invoice=one.number,
                on=_paid_on(unit, one),
                amount=one.paid,
                kind=PaymentKind.CHARGES,
                costs=one.paid if is_costs else None,
                interest=None if is_costs else one.paid,
            )


def _paid_on(unit: Unit, charge: Charge) -> date:
    """Return the date of the payment in the books; of one that is gone, the day of the claim."""
    found = None if charge.payment is None else unit.books.item(charge.payment)
    if found is None:
        return charge.claimed_on
    return found.issued or found.first_seen_at.astimezone(ZONE).date()


def _sent(unit: Unit, actions: Iterable[str]) -> Mapping[str, Sent]:
    found = {}
    for action in sorted(actions):
        try:
            row = unit.ledger.get(action)
        except RequestError:
            continue  # its charges can't be explained then, and the dossier says so
        if row.delivered_on is not None:
            found[row.id] = Sent(action=row.action, on=row.delivered_on)
    return found
