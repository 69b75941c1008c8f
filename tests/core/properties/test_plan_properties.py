"""What holds for every plan, whatever the books."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connector.core.actions import Action
from connector.core.policy.model import Policy, StepKind
from connector.core.proposal import Plan
from connector.core.snapshot import Hold, HoldReason, Item, LiveAction
from connector.port.records import Document, PartyRef
from tests.core.make_core import findings_of, plan_of, snapshot
from tests.core.properties.books import QUICK, REFS, START, books, people

Drawn = tuple[Policy, list[Item], list[Hold]]


def made_of(drawn: Drawn, later: int = 0) -> Plan:
    by, items, held = drawn
    ledger = snapshot(*items, parties=people(), holds=tuple(held))
    return plan_of(ledger, by, START + timedelta(days=later))


@QUICK
@given(books())
def test_totals_add_up(drawn: Drawn) -> None:
    for action in made_of(drawn).actions:
        asked = sum((line.open.amount for line in action.items), Decimal(0))
        credited = sum((used.amount.amount for used in action.credits), Decimal(0))

        assert action.total.amount == asked - credited
        assert {line.open.currency for line in action.items} == {action.total.currency}


@QUICK
@given(books())
def test_credits_never_make_an_amount_negative(drawn: Drawn) -> None:
    for action in made_of(drawn).actions:
        assert action.total.amount > drawn[0].guards.small_difference
        assert all(used.amount.amount > 0 for used in action.credits)


@QUICK
@given(books())
def test_no_credit_is_used_for_more_than_it_is(drawn: Drawn) -> None:
    open_ = {i.number: -i.open.amount for i in drawn[1] if i.document is not Document.INVOICE}
    used: dict[str, Decimal] = {}
    for action in made_of(drawn).actions:
        if action.kind.is_message:
            for line in action.credits:
                used[line.number] = used.get(line.number, Decimal(0)) + line.amount.amount

    assert all(amount <= open_[number] for number, amount in used.items())


@QUICK
@given(books())
def test_what_is_settled_or_not_due_is_never_asked(drawn: Drawn) -> None:
    by, items, _ = drawn
    known = {i.id: i for i in items}
    for action in made_of(drawn).actions:
        for line in action.items:
            item = known[line.id]

            assert item.document is Document.INVOICE
            assert item.open.amount > by.guards.small_difference
            assert line.open <= item.open


@QUICK
@given(books())
def test_held_and_disputed_items_are_in_no_message(drawn: Drawn) -> None:
    _, items, held = drawn
    out = {i.number for i in items if i.disputed}
    for hold in held:
        if hold.amount is None and hold.until > START:
            answered = hold.reason is HoldReason.DISPUTE and hold.answered_on is not None
            out |= set() if answered else {
                i.number for i in items if i.id == hold.item or i.party == hold.party
            }  # fmt: skip
    for action in made_of(drawn).actions:
        assert out.isdisjoint(line.number for line in action.items)
        assert out.isdisjoint(line.number for line in action.also_open)


@QUICK
@given(books())
def test_a_debtor_gets_one_message_at_most(drawn: Drawn) -> None:
    written = [a.party for a in made_of(drawn).actions if a.kind.is_message]

    assert len(written) == len(set(written))


@QUICK
@given(books())
def test_no_item_is_in_two_actions_or_both_in_and_withheld(drawn: Drawn) -> None:
    made = made_of(drawn)
    taken = [line.id for action in made.actions for line in action.items]

    assert len(taken) == len(set(taken))
    assert set(taken).isdisjoint(entry.item for entry in made.withheld)
    for action in made.actions:
        listed = {line.number for line in action.items}
        assert listed.isdisjoint(line.number for line in action.also_open)


@QUICK
@given(books())
def test_every_withheld_item_has_one_reason(drawn: Drawn) -> None:
    withheld = [entry.item for entry in made_of(drawn).withheld]

    assert len(withheld) == len(set(withheld))


@QUICK
@given(books(), st.randoms(use_true_random=False))
def test_order_of_input_makes_no_difference(drawn: Drawn, dice: random.Random) -> None:
    by, items, held = drawn
    live = [_live(action) for action in made_of(drawn).actions]
    live += [replace(action, id=f"{action.id}x", status="uncertain") for action in live[:1]]
    live += [replace(action, id=f"{action.id}y", status="sending") for action in live[:1]]
    plans = []
    for _ in range(3):
        for pile in (items, held, live):
            dice.shuffle(pile)
        refs = list(people())
        dice.shuffle(refs)
        ledger = snapshot(*items, parties=refs, holds=tuple(held), live=tuple(live))
        plans.append(plan_of(ledger, by, START))

    assert plans[0] == plans[1] == plans[2]


@QUICK
@given(books())
def test_items_are_in_the_order_of_their_due_date(drawn: Drawn) -> None:
    for action in made_of(drawn).actions:
        lines = [(line.due, line.number, line.id) for line in action.items]

        assert lines == sorted(lines)


@QUICK
@given(books())
def test_actions_are_in_the_order_of_the_debtors(drawn: Drawn) -> None:
    parties = [action.party for action in made_of(drawn).actions]

    assert parties == sorted(parties)


@QUICK
@given(books(), st.integers(1, 60))
def test_nothing_changes_before_the_day_to_look_again(drawn: Drawn, later: int) -> None:
    today, then = made_of(drawn), made_of(drawn, later)
    for ref in map(PartyRef, REFS):
        check = today.checks.get(ref)
        capped = any(e.party == ref and e.reason.code == "first_run_cap" for e in then.withheld)
        if ref in today.checks and not capped and (
            check is None or check > START + timedelta(days=later)
        ):  # fmt: skip
            assert _of(today, ref) == _of(then, ref)


@QUICK
@given(books(), st.integers(1, 90))
def test_later_day_never_takes_a_reached_step_away(drawn: Drawn, later: int) -> None:
    by, items, held = drawn
    lapsing = {s.step for t in by.tracks for s in t.ladder if s.at.before_due}
    today, then = (_reached(by, items, held, days) for days in (0, later))

    assert {entry for entry in today if entry[1] not in lapsing} <= then


@QUICK
@given(books())
def test_handover_shows_nothing_but_its_own(drawn: Drawn) -> None:
    for action in made_of(drawn).actions:
        if action.kind is StepKind.HAND_OVER:
            assert action.also_open == ()
            assert {line.step for line in action.items} == {action.step}


def _live(action: Action) -> LiveAction:
    return LiveAction(
        id=action.id,
        status="proposed",
        party=action.party,
        currency=action.currency,
        step=action.step,
        kind=action.kind,
        proposed_on=START,
        first_run=action.first_run,
        items=tuple((line.id, line.cycle, line.step) for line in action.items),
    )


def _of(made: Plan, ref: PartyRef) -> tuple[list[Action], list[tuple[str, str]]]:
    withheld = [(entry.number, entry.reason.code) for entry in made.withheld if entry.party == ref]
    return [action for action in made.actions if action.party == ref], sorted(withheld)


def _reached(by: Policy, items: list[Item], held: list[Hold], later: int) -> set[tuple[str, str]]:
    ledger = snapshot(*items, parties=people(), holds=tuple(held))
    found = findings_of(ledger, by, START + timedelta(days=later))
    return {
        (claim.item.number, claim.moment.step.step)
        for debtor in found.debtors
        for claim in debtor.claims
        if claim.reached and claim.moment is not None
    }
