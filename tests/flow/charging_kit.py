"""An office that claims what the law gives: of consumers after a notice, of companies at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connector.core.charges import Charge, Notice
from connector.flow.act import Acted, act
from connector.flow.approve import approve
from connector.flow.propose import Proposal, propose
from connector.flow.pull import pull
from connector.port.records import PartyRecord, PartyRef
from connector.store import Entry, Store, TaskKind, TaskRow
from tests.flow.kit import BY, CONFIG, Kit, open_kit
from tests.make import FixedClock, party

REF = PartyRef("10023")
AGREED = "consumer_terms: {due_date_agreed: true}"
POLICY = """
version: 1
mode: assisted
guards: {first_run_per_day: 100}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    collection_costs: statutory
    interest: {kind: statutory, claim_from: incasso}
    ladder:
      - {step: herinnering, at: due + 4d, do: reminder, via: email}
      - {step: veertiendagenbrief, at: deadline + 1d, do: statutory_notice, via: [email, post]}
      - {step: incasso, at: deadline + 8d, do: hand_over, to: bureau}
  - name: zakelijk
    collection_costs: statutory
    interest: {kind: statutory, claim_from: sommatie}
    ladder:
      - {step: herinnering, at: due + 4d, do: reminder, via: email}
      - {step: sommatie, at: deadline + 1d, do: final_demand, via: [email, post], term: 14d}
      - {step: incasso, at: deadline + 8d, do: hand_over, to: bureau}
"""


def config(**office: str) -> str:
    """Return the configuration of the kit, with agreed due dates and these words of the office."""
    text = CONFIG.replace("email: administratie@", f"{AGREED}, email: administratie@")
    words = "".join(f", {name}: {value}" for name, value in office.items())
    return text.replace("{name: Kantoor Proef}", "{name: Kantoor Proef" + words + "}")


@contextmanager
def open_charging_kit(
    folder: Path, store: Store, clock: FixedClock, **office: str
) -> Iterator[Kit]:
    """Open an office with this page's policy."""
    with open_kit(folder, store, clock, files=(config(**office), POLICY)) as kit:
        yield kit


def anna(**fields: Any) -> PartyRecord:
    """Return a private person with a complete address."""
    return party(REF, **({"name": "Anna Sa", "kind": "consumer"} | fields))


def planned(kit: Kit) -> Proposal:
    """Pull and plan."""
    pull(kit.desk)
    made = propose(kit.desk)
    assert made is not None
    return made


def sent(kit: Kit, *day: int) -> Acted:
    """Live one day in the office: everything that is planned is approved and leaves."""
    kit.at(*day) if day else None
    made = planned(kit)
    approve(kit.desk, [action.id for action in made.plan.actions], by=BY)
    return act(kit.desk)


def noticed(kit: Kit, item: str = "R/F1") -> list[Notice]:
    with kit.office.store.unit("jansen", reading=True) as unit:
        return [one for one in unit.charges.notices(REF) if one.item == item]


def charges(kit: Kit) -> list[Charge]:
    with kit.office.store.unit("jansen", reading=True) as unit:
        return unit.charges.find(REF)


def charged(kit: Kit) -> list[str]:
    """Return what the debtor is charged with, as `F1 costs due 40.00`."""
    return [f"{c.number} {c.kind} {c.state} {c.amount.amount}" for c in charges(kit)]


def told(kit: Kit, kind: str) -> list[Entry]:
    """Return the entries of the journal of this kind."""
    with kit.office.store.unit("jansen", reading=True) as unit:
        assert unit.journal.verify().ok
        return [entry for entry in unit.journal.entries() if entry.kind == kind]


def points(kit: Kit) -> list[TaskRow]:
    with kit.office.store.unit("jansen", reading=True) as unit:
        return unit.tasks.open(TaskKind.ATTENTION)
