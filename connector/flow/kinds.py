"""Kinds: what a party is in law, from the books, a person's corrections and the policy."""

from collections.abc import Sequence

from connector.core.kinds import debtor_kind
from connector.core.policy.model import DebtorKind
from connector.core.snapshot import Party
from connector.flow.office import Administration
from connector.port.errors import PolicyError
from connector.port.records import Ledger
from connector.store import ItemRow, PartyRow, Unit


def kind_of(desk: Administration, row: PartyRow) -> DebtorKind:
    """Return the kind of the party as the plan sees it, with something open or not."""
    return _kind(row, said_kinds(desk).get(row.ref))


def unknown_kinds(desk: Administration, unit: Unit, rows: Sequence[ItemRow]) -> tuple[int, int]:
    """Return how many debtors of these items are of unknown kind, and how many there are."""
    refs = {row.party for row in rows if row.ledger is Ledger.RECEIVABLE}
    said = said_kinds(desk)
    kinds = [_kind(row, said.get(row.ref)) for row in unit.books.parties() if row.ref in refs]
    return kinds.count(DebtorKind.UNKNOWN), len(kinds)


def said_kinds(desk: Administration) -> dict[str, DebtorKind]:
    """Return the kinds that a person set in the policy; none while no policy is in force."""
    try:
        overrides = desk.policy.overrides
    except PolicyError:
        return {}
    return {one.debtor: one.kind for one in overrides if one.debtor and one.kind}


def _kind(row: PartyRow, said: DebtorKind | None) -> DebtorKind:
    party = Party(
        ref=row.ref, name=row.name or "", kind=row.kind, country=row.country, kvk=row.kvk,
        vat_id=row.vat_id,
    )  # fmt: skip
    return debtor_kind(party, said)
