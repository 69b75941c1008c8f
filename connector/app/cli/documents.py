"""What `--json` prints of plans, actions, items, holds and parties; the keys are a contract."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from connector.app.cli import wording
from connector.app.cli.shell import Shell
from connector.port.money import Money

if TYPE_CHECKING:
    from connector.core.actions import Action
    from connector.core.findings import Attention
    from connector.core.proposal import Plan
    from connector.flow.deliver import Outcome
    from connector.flow.look import ActionRow, HoldView, ItemRow, TaskRow
    from connector.flow.propose import Proposal


def plan_entry(shell: Shell, made: "Proposal") -> dict[str, object]:
    """Return a plan."""
    plan: Plan = made.plan
    return {
        "administration": plan.administration,
        "on": plan.on,
        "policy": made.policy,
        "data_from": made.data_from,
        "actions": [action_entry(shell, a, made.statuses[a.id]) for a in plan.actions],
        "withheld": [
            {
                "debtor": debtor(entry.party, entry.party_name),
                "number": entry.number,
                "step": entry.step,
                **wording.coded(shell, entry.reason.code, entry.reason.facts),
            }
            for entry in plan.withheld
        ],
        "attention": [attention_entry(shell, point) for point in plan.attention],
    }


def action_entry(shell: Shell, action: "Action", status: str) -> dict[str, object]:
    """Return an action with where it stands in the ledger."""
    return {
        "id": action.id,
        "status": status,
        "debtor": debtor(action.party, action.party_name),
        "track": action.track,
        "step": action.step,
        "kind": action.kind,
        "via": action.via,
        "currency": action.currency,
        "items": [
            {
                "number": item.number,
                "step": item.step,
                "due": item.due,
                "open": item.open,
                "interest": item.interest,
                "costs": item.costs,
                "cycle": item.cycle,
            }
            for item in action.items
        ],
        "also_open": [
            {"number": also.number, "due": also.due, "open": also.open} for also in action.also_open
        ],
        "credits": [
            {"number": used.number, "amount": used.amount, "against": used.against}
            for used in action.credits
        ],
        "total": action.total,
        "approval": action.approval,
        "reasons": [wording.reason_entry(shell, r.code, r.facts) for r in action.reasons],
    }


def row_entry(shell: Shell, row: "ActionRow") -> dict[str, object]:
    """Return an action of the ledger: the plan's action, and what became of it."""
    return action_entry(shell, row.action, row.status) | {
        "proposed_on": row.proposed_on,
        "approved_by": row.approved_by,
        "approved_at": row.approved_at,
        "delivered_on": row.delivered_on,
        "attempts": row.attempts,
        "error": wording.coded(shell, row.error) if row.error else None,
        "ended": _ended(shell, row),
        "ended_by": row.ended_by,
    }


def _ended(shell: Shell, row: "ActionRow") -> dict[str, object] | None:
    """Return why the action is over: withdrawn, or rejected by a person."""
    if row.code is None:
        return None
    if row.status.value == "rejected":
        text = shell.text("rejected_by_person", reason=row.facts.get("reason"))
    else:
        text = wording.withdrawn_text(shell, row.code)
    return {"code": row.code, "text": text}


def outcome_entry(shell: Shell, outcome: "Outcome") -> dict[str, object]:
    """Return what became of an action in a run of `act`.

    `document` is the SHA-256 of what went out first (the dossier of a handover), `notice` that of
    the letter that tells the debtor of a handover.
    """
    action = outcome.row.action
    first, *rest = (*outcome.documents, None)
    hands_over = action.kind.value == "hand_over"
    entry: dict[str, object] = {
        "id": outcome.row.id,
        "step": action.step,
        "items": [{"number": item.number, "step": item.step} for item in action.items],
        "via": action.via,
        "document": first,
        "notice": rest[0] if hands_over and rest else None,
    }
    if outcome.code is not None:
        entry |= wording.coded(shell, outcome.code, outcome.facts)
    return entry


def attention_entry(shell: Shell, point: "Attention") -> dict[str, object]:
    """Return a point of attention of a plan."""
    facts: dict[str, object] = {**point.facts, "number": point.number, "party": point.party}
    return {
        "code": point.code,
        "number": point.number,
        "text": wording.reason_text(shell, point.code, facts),
    }


def task_entry(shell: Shell, row: "TaskRow", administration: str) -> dict[str, object]:
    """Return a task or a point of attention of the list."""
    facts, kind = row.facts, row.kind.value
    return {
        "id": row.id,
        "administration": administration,
        "kind": kind,
        "code": row.code,
        "debtor": facts.get("party"),
        "number": facts.get("number") or facts.get("numbers"),
        "due": row.due,
        "text": task_text(shell, row),
    }


def task_text(shell: Shell, row: "TaskRow") -> str:
    """Return what a task asks of a person, or what a point of attention is about."""
    facts = row.facts
    if row.kind.value == "attention":
        return wording.reason_text(shell, row.code, facts)
    amount = Money(Decimal(str(facts["total"])), str(facts["currency"]))
    given = {**facts, "amount": amount, "step": row.code}
    if row.kind.value == "call":
        return shell.text("asked_call", **given)
    return shell.text("asked_task" if facts.get("why") else "asked_task_plain", **given)


def item_entry(row: "ItemRow") -> dict[str, object]:
    """Return an item of a list."""
    return {
        "number": row.number,
        "debtor": debtor(row.party, row.party_name),
        "document": row.document,
        "issued": row.issued,
        "due": row.due,
        "currency": row.open.currency,
        "total": row.total,
        "open": row.open,
        "state": row.state,
    }


def hold_entry(view: "HoldView") -> dict[str, object]:
    """Return a hold; `invoice` is None when it is on the whole debtor."""
    hold = view.row.hold
    return {
        "id": view.row.id,
        "invoice": view.number,
        "debtor": view.party,
        "reason": hold.reason,
        "until": hold.until,
        "amount": hold.amount,
        "owner": hold.owner or view.row.created_by,
    }


def debtor(ref: str, name: str | None) -> dict[str, object]:
    """Return a debtor as it stands in every document."""
    return {"ref": ref, "name": name or ref}


def one_or_many(entries: Iterable[Mapping[str, object]], *, single: bool) -> Mapping[str, object]:
    """Return the only entry as it is, several under `administrations`."""
    listed = list(entries)
    return listed[0] if single and listed else {"administrations": listed}
