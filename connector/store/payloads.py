"""An action as JSON and back, without loss: what was approved is what is kept."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from connector.core.actions import Action, AlsoOpen, Approval, Charges, CreditUsed, PlannedItem
from connector.core.policy.model import ChannelName, StepKind
from connector.core.reasons import Fact, Reason
from connector.port.errors import StoreError
from connector.port.money import Money
from connector.port.records import ItemId, PartyRef

_PLAIN: Final = (
    "id", "party", "party_name", "track", "step", "currency", "term_days", "term_business", "to",
    "why", "first_run", "first_message", "before_due",
)  # fmt: skip

_CHARGED: Final = ("interest", "costs", "vat", "announced", "announced_vat")


def action_text(action: Action) -> str:
    """Return the action as JSON text; the same action gives the same text."""
    found: dict[str, object] = {name: getattr(action, name) for name in _PLAIN}
    found |= {
        "kind": action.kind.value,
        "via": [channel.value for channel in action.via],
        "items": [_item(item) for item in action.items],
        "also_open": [
            [also.number, also.due.isoformat(), _money(also.open)] for also in action.also_open
        ],
        "credits": [[used.number, _money(used.amount), used.against] for used in action.credits],
        "total": _money(action.total),
        "approval": action.approval.value,
        "consumer": action.consumer,
        "charges": None if action.charges is None else _charges(action.charges),
        "reasons": [
            [reason.code, {name: _fact(fact) for name, fact in reason.facts.items()}]
            for reason in action.reasons
        ],
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def action_of(text: str) -> Action:
    """Return the action that the text holds.

    Raises:
        StoreError: `record_damaged`: the text does not hold an action.
    """
    try:
        found: dict[str, Any] = json.loads(text)
        plain = {name: found[name] for name in _PLAIN}
        return Action(
            **(plain | {"party": PartyRef(found["party"])}),
            kind=StepKind(found["kind"]),
            via=tuple(ChannelName(channel) for channel in found["via"]),
            items=tuple(_item_of(item) for item in found["items"]),
            also_open=tuple(
                AlsoOpen(number=number, due=date.fromisoformat(due), open=_money_of(amount))
                for number, due, amount in found["also_open"]
            ),
            credits=tuple(
                CreditUsed(number=number, amount=_money_of(amount), against=against)
                for number, amount, against in found["credits"]
            ),
            total=_money_of(found["total"]),
            approval=Approval(found["approval"]),
            charges=_charges_of(found.get("charges")),
            consumer=found.get("consumer", True),
            reasons=tuple(
                Reason(code, {name: _fact_of(fact) for name, fact in facts.items()})
                for code, facts in found["reasons"]
            ),
        )
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise StoreError("record_damaged", field="action") from error


def _item(item: PlannedItem) -> Sequence[object]:
    return (
        item.id, item.number, item.step, item.cycle,
        None if item.issued is None else item.issued.isoformat(), item.due.isoformat(),
        _money(item.open), _money(item.interest), _money(item.costs),
    )  # fmt: skip


def _item_of(found: Sequence[Any]) -> PlannedItem:
    key, number, step, cycle, issued, due, opened, interest, costs = found
    return PlannedItem(
        id=ItemId(key),
        number=number,
        step=step,
        cycle=cycle,
        issued=None if issued is None else date.fromisoformat(issued),
        due=date.fromisoformat(due),
        open=_money_of(opened),
        interest=_money_of(interest),
        costs=_money_of(costs),
    )


def _charges(charges: Charges) -> Mapping[str, object]:
    through = charges.interest_through
    return {
        **{name: _money(getattr(charges, name)) for name in _CHARGED},
        "interest_article": charges.interest_article,
        "interest_through": None if through is None else through.isoformat(),
        "provisional": charges.provisional,
    }


def _charges_of(found: Mapping[str, Any] | None) -> Charges | None:
    """Return the charges; actions of the first release had none."""
    if found is None:
        return None
    through = found["interest_through"]
    return Charges(
        **{name: _money_of(found[name]) for name in _CHARGED},
        interest_article=found["interest_article"],
        interest_through=None if through is None else date.fromisoformat(through),
        provisional=found["provisional"],
    )


def _money(money: Money) -> str:
    return f"{money.amount} {money.currency}"


def _money_of(text: str) -> Money:
    amount, currency = text.split(" ")
    return Money(Decimal(amount), currency)


def _fact(fact: Fact) -> object:
    match fact:
        case Money():
            return {"money": _money(fact)}
        case Decimal():
            return {"decimal": str(fact)}
        case date():
            return {"date": fact.isoformat()}
        case _:
            return fact


def _fact_of(found: object) -> Fact:
    match found:
        case {"money": str(text)}:
            return _money_of(text)
        case {"decimal": str(text)}:
            return Decimal(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case str() | int() | None:
            return found
        case _:
            raise ValueError(type(found).__name__)


def facts_text(facts: Mapping[str, Fact]) -> str:
    """Return facts as JSON text, without loss."""
    return json.dumps({name: _fact(fact) for name, fact in facts.items()}, ensure_ascii=False)


def facts_of(text: str | None) -> dict[str, Fact]:
    """Return the facts that the text holds, none when there is no text."""
    if text is None:
        return {}
    return {name: _fact_of(found) for name, found in json.loads(text).items()}
