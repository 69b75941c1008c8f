"""Charged: what maan claims beyond the books, for a person to see and to let go."""

from collections.abc import Sequence
from dataclasses import dataclass

from connector.core.charges import Charge, ChargeKind
from connector.flow.charging import waive
from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.port.records import ItemId, PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeView:
    """A charge with the name of its debtor."""

    administration: str
    charge: Charge
    party_name: str


def charges_of(
    desk: Administration, party: PartyRef | None = None, *, only_open: bool = False
) -> list[ChargeView]:
    """Return the charges of the administration, or of a debtor, by debtor and number."""
    with desk.office.store.unit(desk.id, reading=True) as unit:
        found = unit.charges.find(party)
        names = {row.ref: row.name or row.ref for row in unit.books.parties()}
    return [
        ChargeView(administration=desk.id, charge=one, party_name=names.get(one.party, one.party))
        for one in found
        if one.state.is_open or not only_open
    ]


def let_go(
    desk: Administration, item: ItemId, kinds: Sequence[ChargeKind], *, reason: str, by: str
) -> list[Charge]:
    """Waive what an invoice is charged with, and return the charges as they are then.

    Raises:
        RequestError: `reason_needed`, `charge_unknown` (it was charged with nothing of these
            kinds) or `charge_settled` (nothing of it is open).
    """
    if not reason.strip():
        raise RequestError("reason_needed")
    store = desk.office.store
    with store.lock(desk.id), store.unit(desk.id, durable=True) as unit:
        row = unit.books.item(item)
        own = [
            one
            for one in unit.charges.find(None if row is None else row.party)
            if one.item == item and one.kind in kinds
        ]
        if not own:
            raise RequestError("charge_unknown", item=item if row is None else row.number)
        keys = {one.key for one in own if one.state.is_open}
        waive(unit, own, reason.strip(), by=by)
        return [one for one in unit.charges.find(own[0].party) if one.key in keys]
