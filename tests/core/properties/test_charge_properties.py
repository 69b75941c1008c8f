"""What holds for every plan with charges, whatever the books and whatever was sent before."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connector.core.actions import Action
from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.law.costs import trade_costs
from connector.core.lawful import default_from
from connector.core.policy.model import Policy, StepKind
from connector.core.proposal import Plan
from connector.core.snapshot import Creditor, Hold, Item, Party, Snapshot
from connector.port.money import Money
from connector.port.records import Document, ItemId, PartyRef
from tests.core.make_core import (
    CONSUMER_LADDER,
    LADDER,
    LAW,
    consumer,
    euro,
    findings_of,
    item,
    party,
    plan_of,
    policy,
    snapshot,
    track,
)
from tests.core.properties.books import QUICK, START, credit_notes, holds, invoices

DAY = timedelta(days=1)
FAST = settings(QUICK, max_examples=60, phases=(Phase.explicit, Phase.generate))
WHO = PartyRef("10")
CHARGES: dict[str, Any] = {"collection_costs": "statutory"}
RULES: tuple[Policy, ...] = tuple(
    policy(
        tracks=[
            track(*CONSUMER_LADDER, name="particulier", applies_to={"kind": "consumer"},
                  interest={"kind": "statutory", "claim_from": "aanmaning"}, **CHARGES),
            track(*LADDER, interest={"kind": "statutory", "claim_from": "sommatie"}, **CHARGES),
        ],
        guards={"unallocated_payment": money, "contact_spacing": "0d", "minimum_open": "0"},
    )
    for money in ("hold", "net")
)  # fmt: skip
KINDS = ("consumer", "unknown", "sole_trader", "company")
CENTS = st.integers(1, 20_000)
PAST = st.integers(1, 60).map(lambda n: START - timedelta(days=n))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Books of one debtor, and what was charged and noticed before."""

    by: Policy
    who: Party
    items: tuple[Item, ...]
    held: tuple[Hold, ...]
    charges: tuple[Charge, ...]
    notices: tuple[Notice, ...]
    agreed: bool

    def ledger(self) -> Snapshot:
        """Return them as a snapshot."""
        return snapshot(
            *self.items,
            parties=[self.who],
            holds=self.held,
            charges={WHO: self.charges},
            notices={WHO: self.notices},
            creditor=Creditor(
                due_date_agreed=self.agreed,
                vat_deduction="none",
                registered_agencies=frozenset({"voorbeeld-incasso"}),
            ),
        )

    def plan(self) -> Plan:
        """Plan them."""
        return plan_of(self.ledger(), self.by, START)


@st.composite
def noticed(draw: st.DrawFn, number: str) -> tuple[list[Charge], list[Notice]]:
    """Draw what an invoice was noticed and charged with: a default notice, costs, interest."""
    key = ItemId(f"R/{number}")
    charges: list[Charge] = []
    notices: list[Notice] = []
    for kind in draw(st.sets(st.sampled_from([StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE]))):  # fmt: skip
        last = draw(PAST) + timedelta(days=20)
        notices.append(
            Notice(
                item=key, cycle=1, kind=kind, party=WHO, action=draw(st.sampled_from(["n1", "n2"])),
                delivered_on=last - 14 * DAY, received_on=last - 14 * DAY, last_day=last,
                effect_from=last + 3 * DAY,
            )
        )  # fmt: skip
    for what in draw(st.sets(st.sampled_from(list(ChargeKind)))):
        amount = Money.from_minor(draw(CENTS), "EUR")
        vat = Money.from_minor(draw(st.integers(0, amount.minor() // 6)), "EUR")
        state = draw(st.sampled_from(list(ChargeState)))
        by_notice = draw(st.booleans()) if what is ChargeKind.COSTS else False
        if state is ChargeState.ANNOUNCED and not by_notice:
            state = ChargeState.DUE
        charges.append(
            Charge(
                item=key, cycle=1, kind=what, party=WHO, number=number, state=state, amount=amount,
                vat=vat if by_notice else euro(0),
                paid=amount if state is ChargeState.PAID else euro(0),
                action=draw(st.sampled_from(["n1", "n2"])), claimed_on=draw(PAST),
                by_notice=by_notice,
                payment=draw(st.sampled_from([None, ItemId("R/C0"), ItemId("R/F0")]))
                if state is ChargeState.PAID else None,
            )
        )  # fmt: skip
    return charges, notices


@st.composite
def ledgers(draw: st.DrawFn) -> Drawn:
    """Draw the books of one debtor of any kind."""
    by = draw(st.sampled_from(RULES))
    items = [draw(invoices(f"F{n}", by)) for n in range(draw(st.integers(1, 4)))]
    items += [draw(credit_notes(f"C{n}")) for n in range(draw(st.integers(0, 2)))]
    items = [replace(one, party=WHO) for one in items]
    told = [draw(noticed(one.number)) for one in items if one.document is Document.INVOICE]
    due = [one for charges, _ in told for one in charges if one.left]
    exact: bool = draw(st.booleans())
    if due and exact:  # money that is exactly a charge's
        owed = draw(st.sampled_from(due))
        items.append(item("B9", party=WHO, document=Document.PAYMENT, open=-owed.left))
    if draw(st.booleans()):  # the first invoice turns out to be overpaid
        paid = Money.from_minor(-draw(CENTS), items[0].open.currency)
        items[0] = replace(items[0], document=Document.CREDIT, open=paid)
    kind = draw(st.sampled_from(KINDS))
    who = consumer("10", kind=kind) if kind in ("consumer", "unknown") else party("10", kind=kind)
    return Drawn(
        by=by,
        who=who,
        items=tuple(items),
        held=tuple(
            replace(draw(holds("h", items)), party=None) for _ in range(draw(st.integers(0, 1)))
        ),
        charges=tuple(one for charges, _ in told for one in charges),
        notices=tuple(one for _, notices in told for one in notices),
        agreed=draw(st.booleans()),
    )


def is_consumer(drawn: Drawn) -> bool:
    return drawn.who.kind in ("consumer", "unknown")


@FAST
@given(ledgers())
def test_total_is_what_is_printed_above_it(drawn: Drawn) -> None:
    for action in drawn.plan().actions:
        asked = sum((one.open + one.interest + one.costs for one in action.items),
                    Money.zero(action.currency))  # fmt: skip
        used = sum((one.amount for one in action.credits), Money.zero(action.currency))
        charges = action.charges

        assert action.total == asked - used
        assert (charges is None) or charges.claimed == sum(
            (one.interest + one.costs for one in action.items), Money.zero(action.currency)
        )


@FAST
@given(ledgers())
def test_consumer_bears_no_costs_without_a_notice_whose_term_passed(drawn: Drawn) -> None:
    over = {
        one.item
        for one in drawn.notices
        if one.kind is StepKind.STATUTORY_NOTICE and one.effect_from <= START
    }
    fell_due = {one.item for one in drawn.charges if one.by_notice and one.state is ChargeState.DUE}
    for action in drawn.plan().actions if is_consumer(drawn) else ():
        assert {one.id for one in action.items if one.costs} <= over | fell_due


@FAST
@given(ledgers())
def test_consumer_never_bears_more_costs_than_were_announced(drawn: Drawn) -> None:
    told = {one.item: one.left for one in drawn.charges if one.kind is ChargeKind.COSTS}
    made = drawn.plan()
    changed = {c.charge.item: c.charge.amount for c in made.charges if c.code == "charge_due"}
    for action in made.actions if is_consumer(drawn) else ():
        for one in action.items:
            assert one.costs.amount <= changed.get(one.id, told.get(one.id, euro(0))).amount


@FAST
@given(ledgers())
def test_costs_that_fall_due_today_are_within_what_their_notice_stated(drawn: Drawn) -> None:
    stated: dict[str, Decimal] = {}
    for one in drawn.charges:
        if one.state is ChargeState.ANNOUNCED:
            stated[one.action] = stated.get(one.action, Decimal(0)) + one.amount.amount
    due: dict[str, Decimal] = {}
    for change in drawn.plan().charges:
        if change.code == "charge_due":
            amount = change.charge.amount.amount
            due[change.charge.action] = due.get(change.charge.action, Decimal(0)) + amount

    assert all(amount <= stated[action] for action, amount in due.items())


@FAST
@given(ledgers())
def test_consumer_bears_no_interest_before_default(drawn: Drawn) -> None:
    found = findings_of(drawn.ledger(), drawn.by, START)
    in_default = {
        claim.item.id: first
        for debtor in found.debtors
        for claim in debtor.claims
        if (first := default_from(found.snapshot, debtor, claim)) is not None and first <= START
    }
    for action in drawn.plan().actions:
        assert {one.id for one in action.items if one.interest} <= in_default.keys()


@FAST
@given(ledgers())
def test_new_costs_in_trade_are_within_the_scale(drawn: Drawn) -> None:
    known = {one.item for one in drawn.charges if one.kind is ChargeKind.COSTS}
    for action in drawn.plan().actions if not is_consumer(drawn) else ():
        fresh = [one for one in action.items if one.id not in known]
        open_ = sum((one.open for one in fresh), Money.zero(action.currency))
        scale = trade_costs(open_, LAW.scale_on(START), LAW.trade_sum_on(START))

        assert sum((one.costs.amount for one in fresh), Decimal(0)) <= scale.amount.amount


@FAST
@given(ledgers())
def test_notice_announces_costs_within_the_scale_and_claims_none(drawn: Drawn) -> None:
    for action in drawn.plan().actions:
        if action.kind is StepKind.STATUTORY_NOTICE:
            charges = action.charges
            principal = action.total - (charges.claimed if charges else euro(0))
            scale = trade_costs(principal, LAW.scale_on(START), None)

            assert charges is not None
            assert euro(0) < charges.announced - charges.announced_vat <= scale.amount
            assert not charges.costs


@FAST
@given(ledgers())
def test_notice_holds_every_claim_in_default_and_no_other(drawn: Drawn) -> None:
    (debtor,) = findings_of(drawn.ledger(), drawn.by, START).debtors
    had = {one.item for one in drawn.notices if one.kind is StepKind.STATUTORY_NOTICE}
    for action in drawn.plan().actions:
        if action.kind is StepKind.STATUTORY_NOTICE:
            wanted = {
                claim.item.id
                for claim in debtor.claims
                if claim.withheld is None
                and claim.past_due
                and claim.open.currency == action.currency
                and claim.item.id not in had
                and (first := default_from(drawn.ledger(), debtor, claim)) is not None
                and first <= START
            }
            taken = {one.id for one in action.items}
            covered = wanted - taken  # what credits cover is not asked

            assert taken <= wanted
            assert not covered or any(one.open.amount < 0 for one in drawn.items)


@FAST
@given(ledgers())
def test_who_has_nothing_open_is_asked_nothing(drawn: Drawn) -> None:
    paid = replace(
        drawn, items=tuple(one for one in drawn.items if one.document is not Document.INVOICE)
    )

    assert paid.plan().actions == ()


@FAST
@given(ledgers(), st.randoms(use_true_random=False))
def test_order_of_charges_and_notices_makes_no_difference(
    drawn: Drawn, dice: random.Random
) -> None:
    items, notices = list(drawn.items), list(drawn.notices)
    dice.shuffle(items)
    dice.shuffle(notices)
    other = replace(drawn, items=tuple(items), notices=tuple(notices))

    assert _seen(drawn.plan()) == _seen(other.plan())


@FAST
@given(ledgers())
def test_planning_again_after_the_charges_were_kept_changes_no_charge(drawn: Drawn) -> None:
    kept = {one.key: one for one in drawn.charges}
    kept |= {change.charge.key: change.charge for change in drawn.plan().charges}
    again = replace(drawn, charges=tuple(kept.values())).plan()

    assert [change for change in again.charges if change.code == "charge_paid"] == []
    assert len(again.charges) <= len(drawn.charges)


@FAST
@given(ledgers(), st.integers(1, 60))
def test_later_day_takes_no_reached_step_away_from_a_debtor_with_charges(
    drawn: Drawn, later: int
) -> None:
    lapsing = {one.step for t in drawn.by.tracks for one in t.ladder if one.at.before_due}
    today, then = (_reached(drawn, START + timedelta(days=days)) for days in (0, later))

    assert {entry for entry in today if entry[1] not in lapsing} <= then


def _seen(made: Plan) -> tuple[tuple[Action, ...], set[Any], set[Any]]:
    withheld = {(one.item, one.reason.code) for one in made.withheld}
    return made.actions, withheld, {(c.charge.key, c.charge.state, c.code) for c in made.charges}


def _reached(drawn: Drawn, on: date) -> set[tuple[str, str]]:
    found = findings_of(drawn.ledger(), drawn.by, on)
    return {
        (claim.item.number, claim.moment.step.step)
        for debtor in found.debtors
        for claim in debtor.claims
        if claim.reached and claim.moment is not None
    }
