"""Builders for what messages claim: policies with costs and interest, and books for them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from connector.core.actions import Action
from connector.core.charges import Charge, Notice
from connector.core.policy.model import Policy, StepKind
from connector.core.snapshot import Creditor, Item, Party, Snapshot
from tests.core.make_core import (
    DEBTOR,
    TODAY,
    consumer,
    item,
    notice,
    party,
    plan_of,
    policy,
    position,
    snapshot,
    step,
    track,
)

AGENCY = "voorbeeld-incasso"
CREDITOR = Creditor(due_date_agreed=True, registered_agencies=frozenset({AGENCY}))
DEMAND = step("sommatie", "due + 1d", "final_demand")
NOTICE = step("brief", "due + 1d", "statutory_notice")
HAND_OVER = step("incasso", "due + 1d", "hand_over", to=AGENCY)
COSTS: Mapping[str, Any] = {"collection_costs": "statutory"}
FROM_DEMAND: Mapping[str, Any] = {"interest": {"kind": "statutory", "claim_from": "sommatie"}}
DEFAULTED = notice(kind=StepKind.DEFAULT_NOTICE, action="d1", last_day=date(2026, 10, 31))


def by(*ladder: Mapping[str, Any], **fields: Any) -> Policy:
    """Return a policy of one track with costs by the law."""
    return policy(tracks=[track(*ladder, **(dict(COSTS) | fields))])


def books(
    *items: Item,
    who: Party | None = None,
    charges: Sequence[Charge] = (),
    notices: Sequence[Notice] = (),
    **fields: Any,
) -> Snapshot:
    """Return the books of one company, or of someone else, with what was charged and noticed."""
    plain: dict[str, Any] = {"creditor": CREDITOR}
    return snapshot(
        *(items or (item(),)),
        parties=[who or party()],
        charges={DEBTOR: tuple(charges)},
        notices={DEBTOR: tuple(notices)},
        **(plain | fields),
    )


def private(*items: Item, **fields: Any) -> Snapshot:
    """Return the books of one consumer."""
    return books(*items, who=consumer(), **fields)


def after(name: str, number: str = "F1", **fields: Any) -> Item:
    """Return an invoice on which this step was delivered in October."""
    on = date(2026, 10, 26)
    at = position(name, on, deadline=date(2026, 11, 2))
    return item(number, position=at, last_demand_on=on, **fields)


def made(ledger: Snapshot, rules: Policy, today: date = TODAY) -> Action:
    """Return the one action that the policy makes of the books."""
    (action,) = plan_of(ledger, rules, today).actions
    return action


def told(action: Action) -> list[str]:
    """Return what the action claims or announces, as `costs 40.00`; nothing is left out."""
    charges = action.charges
    if charges is None:
        return []
    named = {
        "interest": charges.interest,
        "costs": charges.costs,
        "vat": charges.vat,
        "announced": charges.announced,
        "announced vat": charges.announced_vat,
    }
    return [f"{name} {amount}" for name, amount in named.items() if amount]


def reasons(action: Action) -> list[str]:
    """Return the codes of the action's reasons, but for those of its step."""
    return [reason.code for reason in action.reasons if reason.code != "step_reached"]
