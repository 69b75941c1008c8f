"""Builders for the pure core: policies from a few words, items, parties, snapshots, plans."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.evaluate import evaluate
from connector.core.findings import Claim, Findings
from connector.core.ladder import Moment
from connector.core.plan import plan
from connector.core.policy.model import Duration, Policy, Step, StepKind
from connector.core.proposal import Plan
from connector.core.snapshot import (
    Books,
    Creditor,
    Hold,
    HoldReason,
    Item,
    LiveAction,
    Party,
    Position,
    Snapshot,
)
from connector.port.money import Money
from connector.port.records import Document, ItemId, PartyRef
from connector.settings.figures import load_figures

LAW = load_figures(None)
TODAY = date(2026, 11, 23)  # a Monday
DEBTOR = PartyRef("10023")
KNOWN = Books(
    data_from=datetime(2999, 1, 1, tzinfo=UTC), complete=True
)  # read on any day of a test

LADDER: tuple[Mapping[str, Any], ...] = (
    {"step": "herinnering", "at": "due + 14d", "do": "reminder", "via": "email"},
    {"step": "tweede-herinnering", "at": "previous + 14d", "do": "reminder", "via": "email"},
    {"step": "sommatie", "at": "deadline + 1d", "do": "final_demand", "via": "email"},
    {"step": "bellen", "at": "deadline + 1d", "do": "call"},
    {"step": "incasso", "at": "deadline + 8d", "do": "hand_over", "to": "voorbeeld-incasso"},
)
CONSUMER_LADDER: tuple[Mapping[str, Any], ...] = (
    {"step": "aankondiging", "at": "due - 3d", "do": "reminder", "via": "email"},
    {"step": "herinnering", "at": "due + 4d", "do": "reminder", "via": "email"},
    {"step": "aanmaning", "at": "previous + 14d", "do": "default_notice", "via": "email"},
    {"step": "veertiendagenbrief", "at": "deadline + 1d", "do": "statutory_notice",
     "via": ["email", "post"]},
    {"step": "incasso", "at": "deadline + 8d", "do": "hand_over", "to": "voorbeeld-incasso"},
)  # fmt: skip


def step(name: str, at: str, do: str = "reminder", **fields: Any) -> dict[str, Any]:
    """Return a step as the policy file would hold it; messages go by e-mail."""
    message = do in {"reminder", "default_notice", "statutory_notice", "final_demand"}
    plain: dict[str, Any] = {"step": name, "at": at, "do": do}
    return plain | ({"via": "email"} if message else {}) | fields


def parsed(name: str, at: str, do: str = "reminder", **fields: Any) -> Step:
    """Return a step as the rules see it."""
    return Step.model_validate(step(name, at, do, **fields))


def track(*ladder: Mapping[str, Any], name: str = "zakelijk", **fields: Any) -> dict[str, Any]:
    """Return a track as the policy file would hold it; without steps it has the usual ladder."""
    return {"name": name, "ladder": list(ladder or LADDER)} | fields


def policy(*ladder: Mapping[str, Any], **fields: Any) -> Policy:
    """Return a policy of one track without tests; `guards`, `tracks`, ... stand in its file."""
    plain: dict[str, Any] = {"version": "1", "mode": "automatic", "tracks": [track(*ladder)]}
    return Policy.model_validate(plain | fields)


def two_tracks(**fields: Any) -> Policy:
    """Return a policy with a track for consumers and one for all others."""
    consumers = track(*CONSUMER_LADDER, name="particulier", applies_to={"kind": "consumer"})
    return policy(tracks=[consumers, track()], **fields)


def euro(amount: str | int) -> Money:
    """Return an amount in euro."""
    return Money(Decimal(amount), "EUR")


def dollar(amount: str | int) -> Money:
    """Return an amount in dollars."""
    return Money(Decimal(amount), "USD")


def item(number: str = "F1", **fields: Any) -> Item:
    """Return an invoice of EUR 121.00, a month past due."""
    plain: dict[str, Any] = {
        "id": ItemId(f"R/{number}"),
        "number": number,
        "party": DEBTOR,
        "document": Document.INVOICE,
        "issued": date(2026, 9, 24),
        "due": date(2026, 10, 24),
        "open": euro("121.00"),
    }
    merged = plain | fields
    merged["party"] = PartyRef(merged["party"])
    return Item(**merged)


def credit(number: str = "C1", amount: str = "21.00", **fields: Any) -> Item:
    """Return an open credit note."""
    plain: dict[str, Any] = {"document": Document.CREDIT, "open": euro(f"-{amount}")}
    return item(number, **(plain | fields))


def payment(number: str = "B1", amount: str = "21.00", **fields: Any) -> Item:
    """Return money that was received and not allocated yet."""
    return credit(number, amount, **({"document": Document.PAYMENT} | fields))


def position(name: str = "herinnering", on: date = date(2026, 11, 9), **fields: Any) -> Position:
    """Return a place on the ladder: the reminder, a fortnight before TODAY."""
    plain: dict[str, Any] = {"track": "zakelijk", "deadline": None}
    return Position(step=name, delivered_on=on, **(plain | fields))


def party(ref: str = DEBTOR, **fields: Any) -> Party:
    """Return a company with a complete address."""
    plain: dict[str, Any] = {
        "name": f"Bakkerij {ref} B.V.",
        "language": "nl",
        "email": f"debiteur{ref}@voorbeeld.example",
        "street": "Dorpsstraat 1",
        "postcode": "1234 AB",
        "city": "Utrecht",
        "country": "NL",
    }
    return Party(ref=PartyRef(ref), **(plain | fields))


def consumer(ref: str = DEBTOR, **fields: Any) -> Party:
    """Return a private person with a complete address."""
    return party(ref, **({"name": "Anna Sa", "kind": "consumer"} | fields))


def hold(about: str | None = "F1", **fields: Any) -> Hold:
    """Return a dispute on an invoice until a week after TODAY; None: on the whole debtor."""
    plain: dict[str, Any] = {
        "id": "h1",
        "item": None if about is None else ItemId(f"R/{about}"),
        "party": DEBTOR if about is None else None,
        "reason": HoldReason.DISPUTE,
        "until": date(2026, 11, 30),
    }
    return Hold(**(plain | fields))


def live(*entries: tuple[str, int, str], status: str = "proposed", **fields: Any) -> LiveAction:
    """Return an action of the ledger about these items: number, cycle, step."""
    plain: dict[str, Any] = {
        "id": "a1",
        "party": DEBTOR,
        "currency": "EUR",
        "step": entries[0][2] if entries else "herinnering",
        "kind": StepKind.REMINDER,
        "proposed_on": TODAY,
        "first_run": False,
        "items": tuple((ItemId(f"R/{number}"), cycle, name) for number, cycle, name in entries),
    }
    return LiveAction(status=status, **(plain | fields))


def notice(about: str = "F1", **fields: Any) -> Notice:
    """Return a statutory notice whose term ended a week before TODAY."""
    plain: dict[str, Any] = {
        "item": ItemId(f"R/{about}"),
        "cycle": 1,
        "kind": StepKind.STATUTORY_NOTICE,
        "party": DEBTOR,
        "action": "n1",
        "delivered_on": date(2026, 10, 30),
        "received_on": date(2026, 10, 30),
        "last_day": date(2026, 11, 13),
        "effect_from": date(2026, 11, 17),
    }
    return Notice(**(plain | fields))


def charge(about: str = "F1", amount: str = "40.00", **fields: Any) -> Charge:
    """Return costs of EUR 40.00 that are due, by a statutory notice."""
    plain: dict[str, Any] = {
        "item": ItemId(f"R/{about}"),
        "cycle": 1,
        "kind": ChargeKind.COSTS,
        "party": DEBTOR,
        "number": about,
        "state": ChargeState.DUE,
        "amount": euro(amount),
        "vat": euro(0),
        "paid": euro(0),
        "action": "n1",
        "claimed_on": date(2026, 10, 30),
        "by_notice": True,
    }
    return Charge(**(plain | fields))


def announced(about: str = "F1", amount: str = "40.00", **fields: Any) -> Charge:
    """Return costs that a statutory notice announced."""
    return charge(about, amount, **({"state": ChargeState.ANNOUNCED} | fields))


def interest(about: str = "F1", amount: str = "5.00", **fields: Any) -> Charge:
    """Return interest that a message claimed."""
    return charge(about, amount, **({"kind": ChargeKind.INTEREST, "by_notice": False} | fields))


def snapshot(*items: Item, parties: Iterable[Party] | None = None, **fields: Any) -> Snapshot:
    """Return the ledger as it stands; every debtor in it is a company unless `parties` says so.

    Where somebody had a notice the due date was agreed, so that default came before it.
    """
    known = {p.ref: p for p in parties or ()}
    refs = {i.party for i in items}
    plain: dict[str, Any] = {
        "administration": "jansen-bv",
        "creditor": Creditor(due_date_agreed=bool(fields.get("notices"))),
        "books": KNOWN,
        "parties": {ref: known.get(ref) or party(ref) for ref in refs} | known,
    }
    return Snapshot(items=items, **(plain | fields))


def findings_of(ledger: Snapshot, by: Policy | None = None, today: date = TODAY) -> Findings:
    """Evaluate the ledger."""
    return evaluate(ledger, by or policy(), LAW, today)


def claim_of(ledger: Snapshot, by: Policy | None = None, today: date = TODAY) -> Claim:
    """Evaluate a ledger with one invoice."""
    (debtor,) = findings_of(ledger, by, today).debtors
    (claim,) = debtor.claims
    return claim


def plan_of(ledger: Snapshot, by: Policy | None = None, today: date = TODAY) -> Plan:
    """Evaluate and plan the ledger."""
    rules = by or policy()
    return plan(evaluate(ledger, rules, LAW, today), rules, today)


def withheld_code(ledger: Snapshot, by: Policy | None = None, today: date = TODAY) -> str | None:
    """Return why nothing happens about the one invoice of the ledger."""
    found = claim_of(ledger, by, today).withheld
    return None if found is None else found.reason.code


def codes(made: Plan) -> dict[str, str]:
    """Return the reason for each number that the plan withholds."""
    return {entry.number: entry.reason.code for entry in made.withheld}


def numbers(made: Plan) -> list[list[str]]:
    """Return the numbers of each action."""
    return [[line.number for line in action.items] for action in made.actions]


def steps(made: Plan) -> dict[str, str]:
    """Return the step that each number advances to."""
    return {line.number: line.step for action in made.actions for line in action.items}


def claim(number: str = "F1", open_: str = "100.00", **fields: Any) -> Claim:
    """Return a finding as `plan` receives it: past due, its reminder reached."""
    plain: dict[str, Any] = {
        "item": item(number),
        "due": date(2026, 10, 24),
        "open": euro(open_),
        "moment": Moment(0, parsed("herinnering", "due + 14d"), date(2026, 11, 9)),
        "reached": True,
        "past_due": True,
        "first_run": False,
        "withheld": None,
    }
    return Claim(**(plain | fields))


def days(count: int) -> Duration:
    """Return calendar days."""
    return Duration(count)


def business_days(count: int) -> Duration:
    """Return business days."""
    return Duration(count, business=True)
