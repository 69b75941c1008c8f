"""A plan over many items in which every action claims interest and costs."""

import gc
import sys
from datetime import date, timedelta
from typing import Final

from benchmarks.measure import report, resident_mb, timed
from connector.bootstrap import COLLECT_AFTER
from connector.core.evaluate import evaluate
from connector.core.plan import plan
from connector.core.policy.read import read_policy
from connector.core.proposal import Plan
from connector.core.snapshot import Creditor, Item, Party, Position, Snapshot
from connector.port.money import Money
from connector.port.records import Document, ItemId, PartyRef
from connector.settings.figures import load_figures

TODAY: Final = date(2026, 11, 23)
_POLICY: Final = """
version: 1
guards: {first_run_per_day: 1000000}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    ladder: [{step: herinnering, at: due + 3d, do: reminder, via: email}]
  - name: zakelijk
    interest: {kind: statutory, claim_from: sommatie}
    collection_costs: statutory
    ladder:
      - {step: herinnering, at: due + 3d, do: reminder, via: email}
      - {step: sommatie, at: deadline + 1d, do: final_demand, via: email}
"""


def books(count: int) -> Snapshot:
    """Return that many items of companies, five each, all due for the final demand."""
    refs = [PartyRef(str(10_000 + n)) for n in range(max(1, count // 5))]
    return Snapshot(
        administration="measure",
        creditor=Creditor(),
        items=tuple(_item(n, refs[n % len(refs)]) for n in range(count)),
        parties={
            ref: Party(ref=ref, name=f"Debiteur {ref} B.V.", email=f"a{ref}@debiteur.example")
            for ref in refs
        },
    )


def _item(number: int, party: PartyRef) -> Item:
    due = TODAY - timedelta(days=60 + number % 300)
    reminded = due + timedelta(days=10)
    return Item(
        id=ItemId(f"R/{number}"),
        number=f"F{number}",
        party=party,
        document=Document.INVOICE,
        issued=due - timedelta(days=30),
        due=due,
        open=Money.from_minor(4_000 + number * 37 % 250_000, "EUR"),
        position=Position(
            track="zakelijk",
            step="herinnering",
            delivered_on=reminded,
            deadline=reminded + timedelta(days=7),
        ),
        last_demand_on=reminded,
    )


def main(count: int) -> None:
    policy, law = read_policy(_POLICY).policy, load_figures(None)
    if policy is None:
        raise SystemExit(str(read_policy(_POLICY).faults))
    snapshot = books(count)
    made: list[Plan] = []
    gc.set_threshold(*COLLECT_AFTER)
    base = resident_mb()
    seconds, peak = timed(
        lambda: made.append(plan(evaluate(snapshot, policy, law, TODAY), policy, TODAY))
    )
    charged = sum(
        bool(item.interest and item.costs) for action in made[0].actions for item in action.items
    )
    if charged != count:
        raise SystemExit(f"{charged} of {count} items bear interest and costs")
    report(seconds=seconds, peak_mb=peak, base_mb=base)


if __name__ == "__main__":
    main(int(sys.argv[1]))
