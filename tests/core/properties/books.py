"""Books of any kind, drawn by hypothesis."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from connector.core.policy.model import Policy
from connector.core.snapshot import Hold, HoldReason, Item, Party, Position
from connector.port.money import Money
from connector.port.records import Document, ItemId, PartyRef
from tests.core.make_core import consumer, item, party, policy, step, two_tracks

QUICK = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
SLOW = settings(QUICK, max_examples=40)  # a whole quarter per example

START = date(2026, 11, 23)
REFS = ("10", "20", "30")
QUIET = {"quiet": [{"from": "12-21", "to": "01-03"}], "first_run_per_day": "2"}
LONG = (
    step("aankondiging", "due - 3d"),
    step("herinnering", "due + 4d"),
    step("bellen", "previous + 3d", "call"),
    step("tweede-herinnering", "deadline + 1d"),
    step("sommatie", "month_end(due + 20d)", "final_demand"),
    step("laatste-sommatie", "deadline + 1d", "final_demand", via=["email", "post"]),
    step("incasso", "deadline + 8d", "hand_over", to="voorbeeld-incasso"),
)
POLICIES: tuple[Policy, ...] = (
    policy(),
    policy(*LONG),
    policy(*LONG, guards=QUIET | {"also_open": "all", "unallocated_payment": "net"}),
    two_tracks(guards={"contact_spacing": "3d", "set_off": "warn"}),
)

policies = st.sampled_from(POLICIES)
refs = st.sampled_from(REFS)
days = st.integers(-330, 40).map(lambda n: START + timedelta(days=n))
recent = st.integers(-40, -1).map(lambda n: START + timedelta(days=n))
currencies = st.sampled_from(["EUR", "EUR", "EUR", "USD"])


@st.composite
def amounts(draw: st.DrawFn, sign: int = 1) -> Money:
    """Draw an amount of up to 300, often a very small one."""
    cents = draw(st.one_of(st.integers(0, 2_100), st.integers(2_100, 30_000)))
    return Money.from_minor(sign * cents, draw(currencies))


@st.composite
def invoices(draw: st.DrawFn, number: str, by: Policy) -> Item:
    """Draw an invoice that may have begun on a ladder of the policy."""
    due = draw(days)
    fields: dict[str, Any] = {
        "party": draw(refs),
        "due": due,
        "issued": due - timedelta(days=30),
        "open": draw(amounts()),
        "reminders_sent": draw(st.sampled_from([0, 0, 0, 1, 3])),
        "first_pull": draw(st.booleans()),
        "disputed": draw(st.sampled_from([False, False, False, True])),
        "last_payment_on": draw(st.one_of(st.none(), st.none(), recent)),
    }
    if draw(st.booleans()):
        track = draw(st.sampled_from(by.tracks))
        begun = draw(st.sampled_from(track.ladder))
        on = draw(recent)
        fields["position"] = Position(
            track=track.name,
            step=begun.step,
            delivered_on=on,
            deadline=draw(st.one_of(st.none(), st.just(on + timedelta(days=14)))),
        )
        fields["last_demand_on"] = on
    return item(number, **fields)


@st.composite
def credit_notes(draw: st.DrawFn, number: str) -> Item:
    """Draw an open credit note or an unallocated payment."""
    return item(
        number,
        party=draw(refs),
        due=draw(days),
        open=draw(amounts(sign=-1)),
        document=draw(st.sampled_from([Document.CREDIT, Document.CREDIT, Document.PAYMENT])),
        names_invoice=draw(st.sampled_from([None, "F0", "F1", "F9"])),
    )


@st.composite
def holds(draw: st.DrawFn, key: str, items: list[Item]) -> Hold:
    """Draw a hold on one of the items, on a part of it, or on a debtor."""
    about = draw(st.one_of(st.none(), st.sampled_from(items)))
    part = Money.from_minor(draw(st.integers(1, 20_000)), about.open.currency) if about else None
    return Hold(
        id=key,
        item=about.id if about else None,
        party=None if about else PartyRef(draw(refs)),
        reason=draw(st.sampled_from(list(HoldReason))),
        until=START + timedelta(days=draw(st.integers(-20, 40))),
        amount=draw(st.sampled_from([None, part])),
        answered_on=draw(st.one_of(st.none(), recent)),
    )


@st.composite
def books(draw: st.DrawFn, *, untouched: bool = False) -> tuple[Policy, list[Item], list[Hold]]:
    """Draw a policy with invoices, credits and holds; untouched: nothing was ever sent."""
    by = draw(policies)
    items = [draw(invoices(f"F{n}", by)) for n in range(draw(st.integers(1, 5)))]
    if untouched:
        items = [replace(i, position=None, last_demand_on=None) for i in items]
    items += [draw(credit_notes(f"C{n}")) for n in range(draw(st.integers(0, 2)))]
    held = [draw(holds(f"h{n}", items)) for n in range(draw(st.integers(0, 2)))]
    return by, items, held


def people() -> tuple[Party, ...]:
    """Return the debtors of all drawn books: a company, a consumer, one without an e-mail."""
    return party("10"), consumer("20"), party("30", email=None)


def item_ids(items: list[Item]) -> list[ItemId]:
    """Return the keys of the items."""
    return [item.id for item in items]
