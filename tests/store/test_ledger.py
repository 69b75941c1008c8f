from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.actions import Action, ActionStatus, AlsoOpen, Approval, CreditUsed
from connector.core.policy.model import ChannelName, StepKind
from connector.core.reasons import Reason
from connector.core.snapshot import Creditor, LiveAction
from connector.port.errors import RequestError, StoreError
from connector.port.money import Money
from connector.port.records import receivable_id
from connector.store.engine import Store
from connector.store.paperwork import DeliveryRow, ProposalResult
from connector.store.payloads import action_of, action_text
from tests.make import (
    TODAY,
    FixedClock,
    action,
    batch,
    euro,
    kind_end,
    party,
    planned,
    pull_end,
    receivable,
    settled,
)

ITEM = receivable_id("F2026-0312")


def propose(store: Store, *actions: Action, today: date = TODAY) -> ProposalResult:
    with store.unit("jansen-bv", durable=True) as unit:
        return unit.ledger.propose(actions, today=today, policy="sha256:1")


def approve(store: Store, key: str, clock: FixedClock) -> None:
    with store.unit("jansen-bv", durable=True) as unit:
        unit.ledger.approve(key, "petra", clock.now())


def status(store: Store, key: str) -> ActionStatus:
    with store.unit("jansen-bv", reading=True) as unit:
        return unit.ledger.get(key).status


def pulled(store: Store) -> None:
    with store.unit("jansen-bv") as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(party(), receivable(), receivable("F2")))
        unit.books.end_kind(kind_end(), accept_closures=False)
        unit.books.finish_pull(pull_end(), {})


def live(store: Store) -> tuple[LiveAction, ...]:
    with store.unit("jansen-bv", reading=True) as unit:
        return unit.books.snapshot(Creditor(), TODAY).live


def test_a_new_action_starts_as_its_approval_says(store: Store) -> None:
    wanted = [
        action(planned(f"F{index}"), approval=approval) for index, approval in enumerate(Approval)
    ]

    result = propose(store, *wanted)

    assert result == ProposalResult(new=tuple(found.id for found in wanted))
    assert [status(store, found.id) for found in wanted] == [
        ActionStatus.APPROVED,
        ActionStatus.PROPOSED,
        ActionStatus.PROPOSED,
        ActionStatus.PROPOSED,
    ]


def test_proposing_again_changes_nothing(store: Store, clock: FixedClock) -> None:
    propose(store, action())
    with store.unit("jansen-bv", reading=True) as unit:
        before = unit.ledger.get(action().id)
    clock.move(days=1)

    result = propose(store, action(), today=date(2026, 11, 24))

    with store.unit("jansen-bv", reading=True) as unit:
        assert unit.ledger.get(action().id) == before
    assert result == ProposalResult(kept=(action().id,))


def test_an_action_that_shrank_keeps_its_approval(store: Store, clock: FixedClock) -> None:
    propose(store, action())
    approve(store, action().id, clock)

    result = propose(store, action(planned(open=euro("60.00"))))

    with store.unit("jansen-bv", reading=True) as unit:
        row = unit.ledger.get(action().id)
    assert result.unapproved == ()
    assert (row.status, row.approved_by) == (ActionStatus.APPROVED, "petra")
    assert row.action.total == euro("60.00")


@pytest.mark.parametrize(
    "more",
    [
        action(planned(open=euro("130.00"))),
        action(planned(costs=euro("40.00"))),
        action(planned(interest=euro("0.01"))),
        action(total=euro("121.01")),
    ],
)
def test_an_action_that_grew_loses_its_approval(
    store: Store, clock: FixedClock, more: Action
) -> None:
    propose(store, action())
    approve(store, action().id, clock)

    result = propose(store, more)

    with store.unit("jansen-bv", reading=True) as unit:
        row = unit.ledger.get(action().id)
    assert result.unapproved == (action().id,)
    assert (row.status, row.approved_by, row.approved_at) == (ActionStatus.PROPOSED, None, None)


@pytest.mark.parametrize(
    "other",
    [
        action(kind=StepKind.FINAL_DEMAND),
        action(to="bureau"),
        action(term_days=14),
        action(term_business=True),
        action(approval=Approval.INDIVIDUAL),
    ],
    ids=["kind", "to", "term_days", "term_business", "approval"],
)
def test_an_action_that_became_another_loses_its_approval(
    store: Store, clock: FixedClock, other: Action
) -> None:
    propose(store, action())
    approve(store, action().id, clock)

    result = propose(store, other)

    assert result.unapproved == (action().id,)
    assert status(store, action().id) is ActionStatus.PROPOSED


def test_an_approval_that_is_asked_less_strictly_stays(store: Store, clock: FixedClock) -> None:
    propose(store, action(approval=Approval.INDIVIDUAL))
    approve(store, action().id, clock)

    result = propose(store, action(approval=Approval.REQUIRED))

    assert result.unapproved == ()
    assert status(store, action().id) is ActionStatus.APPROVED


def test_what_nobody_approved_waits_once_the_policy_asks_a_person(store: Store) -> None:
    propose(store, action(approval=Approval.AUTOMATIC))

    propose(store, action(approval=Approval.REQUIRED))

    assert status(store, action().id) is ActionStatus.PROPOSED


def test_a_withdrawn_action_is_revived_without_its_old_approval(
    store: Store, clock: FixedClock
) -> None:
    propose(store, action())
    approve(store, action().id, clock)
    with store.unit("jansen-bv") as unit:
        unit.ledger.withdraw(action().id, "paid", {"amount": euro("1.00"), "on": TODAY})
        gone = unit.ledger.get(action().id)

    result = propose(store, action(), today=date(2026, 11, 30))

    with store.unit("jansen-bv", reading=True) as unit:
        row = unit.ledger.get(action().id)
    assert (gone.status, gone.code, gone.facts) == (
        ActionStatus.WITHDRAWN,
        "paid",
        {"amount": euro("1.00"), "on": TODAY},
    )
    assert result == ProposalResult(revived=(action().id,))
    assert (row.status, row.approved_by, row.code) == (ActionStatus.PROPOSED, None, None)
    assert row.proposed_on == date(2026, 11, 30)


def test_a_rejected_action_is_left_alone(store: Store) -> None:
    propose(store, action())
    with store.unit("jansen-bv") as unit:
        unit.ledger.reject(action().id, "petra", "belt zelf")

    result = propose(store, action())

    with store.unit("jansen-bv", reading=True) as unit:
        row = unit.ledger.get(action().id)
    assert result == ProposalResult(rejected=(action().id,))
    assert (row.status, row.facts, row.ended_by) == (
        ActionStatus.REJECTED,
        {"reason": "belt zelf"},
        "petra",
    )


def test_an_older_proposal_makes_room_for_a_larger_one(store: Store) -> None:
    small, large = action(planned("F1")), action(planned("F1"), planned("F2"))
    propose(store, small)

    result = propose(store, large)

    assert result == ProposalResult(new=(large.id,), superseded=(small.id,))
    assert status(store, small.id) is ActionStatus.WITHDRAWN


@pytest.mark.parametrize(
    "state", [ActionStatus.SENDING, ActionStatus.UNCERTAIN, ActionStatus.DELIVERED]
)
def test_a_second_action_for_the_same_item_cycle_and_step_is_refused(
    store: Store, clock: FixedClock, state: ActionStatus
) -> None:
    first, second = action(planned("F1")), action(planned("F1"), planned("F2"))
    propose(store, first)
    approve(store, first.id, clock)
    with store.unit("jansen-bv") as unit:
        assert unit.ledger.claim(first.id)
        if state is not ActionStatus.SENDING:
            unit.ledger.mark(first.id, state)

    result = propose(store, second)

    assert result == ProposalResult(refused=(second.id,))
    with store.unit("jansen-bv", reading=True) as unit:
        assert [row.id for row in unit.ledger.find()] == [first.id]


def test_the_database_itself_refuses_a_second_live_line(store: Store) -> None:
    propose(store, action())

    with pytest.raises(StoreError, match="store_refused"), store.unit("jansen-bv") as unit:
        unit.ledger._session.upsert(
            "action_item",
            [("jansen-bv", "other", ITEM, 1, "herinnering", True)],
            ("administration", "action", "item", "cycle", "step", "live"),
        )


def test_of_two_overlapping_actions_in_one_plan_the_first_wins(store: Store) -> None:
    one, two = action(planned("F1")), action(planned("F1"), planned("F2"))

    result = propose(store, one, two)

    assert result == ProposalResult(new=(one.id,), refused=(two.id,))


def test_the_same_item_may_take_its_next_step(store: Store) -> None:
    next_step = action(planned(step="aanmaning"), step="aanmaning")

    result = propose(store, action(), next_step)

    assert len(result.new) == 2


def test_an_action_is_claimed_once(store: Store, clock: FixedClock) -> None:
    propose(store, action())
    with store.unit("jansen-bv", durable=True) as unit:
        early = unit.ledger.claim(action().id)
    approve(store, action().id, clock)

    with store.unit("jansen-bv", durable=True) as unit:
        claims = [unit.ledger.claim(action().id) for _ in range(2)]
    with store.unit("jansen-bv", durable=True) as unit:
        unit.ledger.mark(action().id, ActionStatus.FAILED, error="refused")
        again = unit.ledger.claim(action().id)

        assert unit.ledger.get(action().id).attempts == 2
    assert (early, claims, again) == (False, [True, False], True)


def test_a_delivered_action_can_not_go_back(store: Store, clock: FixedClock) -> None:
    pulled(store)
    delivered(store, clock)

    with store.unit("jansen-bv") as unit:
        moves: list[Callable[[], None]] = [
            partial(unit.ledger.withdraw, action().id, "paid", {}),
            partial(unit.ledger.mark, action().id, ActionStatus.SENDING),
            partial(unit.ledger.approve, action().id, "petra", clock.now()),
            partial(unit.ledger.reject, action().id, "petra", "nee"),
        ]
        for move in moves:
            with pytest.raises(RequestError, match="action_state"):
                move()


def delivered(store: Store, clock: FixedClock, **how: bool) -> None:
    propose(store, action())
    approve(store, action().id, clock)
    with store.unit("jansen-bv", durable=True) as unit:
        unit.ledger.claim(action().id)
        unit.ledger.delivered(
            action().id,
            on=TODAY,
            deadline=date(2026, 12, 1),
            steps={ITEM: "herinnering"},
            track="zakelijk",
            **({"demand": True, "freeze": False} | how),
        )


def test_a_delivery_moves_the_items(store: Store, clock: FixedClock) -> None:
    pulled(store)
    delivered(store, clock, freeze=True)

    with store.unit("jansen-bv", reading=True) as unit:
        item, other = unit.books.item(ITEM), unit.books.item(receivable_id("F2"))
        row = unit.ledger.get(action().id)

    assert item is not None
    assert other is not None
    assert item.position is not None
    assert (item.position.step, item.position.track) == ("herinnering", "zakelijk")
    assert (item.position.delivered_on, item.position.deadline) == (TODAY, date(2026, 12, 1))
    assert (item.last_demand_on, item.handed_over) == (TODAY, True)
    assert (other.position, other.handed_over) == (None, False)
    assert (row.status, row.delivered_on) == (ActionStatus.DELIVERED, TODAY)


def test_a_call_keeps_the_deadline_and_demands_nothing(store: Store, clock: FixedClock) -> None:
    pulled(store)
    delivered(store, clock)
    call = action(planned(step="bellen"), step="bellen", kind=StepKind.CALL)
    propose(store, call)
    approve(store, call.id, clock)

    with store.unit("jansen-bv") as unit:
        unit.ledger.delivered(
            call.id, on=date(2026, 12, 3), deadline=None, steps={ITEM: "bellen"},
            track="zakelijk", demand=False, freeze=False,
        )  # fmt: skip
        item = unit.books.item(ITEM)
        contact = unit.books.snapshot(Creditor(), TODAY).last_contact

    assert item is not None
    assert item.position is not None
    assert (item.position.step, item.position.deadline) == ("bellen", date(2026, 12, 1))
    assert item.last_demand_on == TODAY
    assert contact == {"10023": TODAY}


def test_a_delivery_leaves_an_item_of_another_cycle_where_it_is(
    store: Store, clock: FixedClock
) -> None:
    pulled(store)
    propose(store, action())
    approve(store, action().id, clock)
    for record in (settled(receivable()), receivable()):
        with store.unit("jansen-bv") as unit:
            unit.books.begin_pull()
            unit.books.apply(batch(record))
            unit.books.finish_pull(pull_end(), {})

    with store.unit("jansen-bv") as unit:
        unit.ledger.claim(action().id)
        unit.ledger.delivered(
            action().id, on=TODAY, deadline=None, steps={ITEM: "herinnering"},
            track="zakelijk", demand=True, freeze=False,
        )  # fmt: skip
        item = unit.books.item(ITEM)

    assert item is not None
    assert (item.cycle, item.position, item.last_demand_on) == (2, None, None)


def test_live_actions_reach_the_rules_while_their_items_matter(
    store: Store, clock: FixedClock
) -> None:
    pulled(store)
    propose(store, action(first_run=True))
    proposed = live(store)
    approve(store, action().id, clock)
    with store.unit("jansen-bv") as unit:
        unit.ledger.delivered(
            action().id, on=TODAY, deadline=None, steps={}, track="zakelijk",
            demand=True, freeze=False,
        )  # fmt: skip
    sent = live(store)
    with store.unit("jansen-bv") as unit:
        used = unit.books.snapshot(Creditor(), TODAY).first_run_used
        unit.books.begin_pull()
        unit.books.apply(batch(settled(receivable())))

    (found,) = proposed
    assert (found.id, found.status, found.first_run) == (action().id, "proposed", True)
    assert found.items == ((ITEM, 1, "herinnering"),)
    assert [one.status for one in sent] == ["delivered"]
    assert live(store) == ()
    assert used == 1


def test_the_queue_holds_what_still_must_go_out(store: Store) -> None:
    pulled(store)
    wanted = [action(planned(f"F{index}"), party=f"D{index}") for index in range(3)]
    propose(store, *wanted)
    with store.unit("jansen-bv") as unit:
        unit.ledger.reject(wanted[0].id, "petra", "nee")

        queue = {row.id for row in unit.ledger.live()}
        of_one = [row.id for row in unit.ledger.live({wanted[2].party})]
        rejected = unit.ledger.find(ActionStatus.REJECTED)
        found = unit.ledger.find(ids=[wanted[1].id, "gone"])

    assert queue == {wanted[1].id, wanted[2].id}
    assert of_one == [wanted[2].id]
    assert [row.id for row in rejected] == [wanted[0].id]
    assert [row.id for row in found] == [wanted[1].id]


def test_an_action_is_found_by_the_start_of_its_id(store: Store) -> None:
    first, second = action(planned("F1"), id="abc111111111"), action(planned("F2"), id="abc2")
    propose(store, first, second)
    with store.unit("jansen-bv") as unit:
        assert unit.ledger.get("ABC1").id == first.id
        for prefix, code in (
            ("abc", "action_ambiguous"),
            ("x", "action_unknown"),
            ("", "action_unknown"),
            ("%", "action_unknown"),
        ):
            with pytest.raises(RequestError, match=code):
                unit.ledger.get(prefix)


def test_what_is_not_there_can_not_be_moved(store: Store, clock: FixedClock) -> None:
    with store.unit("jansen-bv") as unit:
        with pytest.raises(RequestError, match="action_unknown"):
            unit.ledger.approve("gone", "petra", clock.now())
        assert not unit.ledger.claim("gone")


def test_a_message_that_came_back_puts_its_items_where_they_stood(
    store: Store, clock: FixedClock
) -> None:
    pulled(store)
    delivered(store, clock)
    with store.unit("jansen-bv", durable=True) as unit:
        unit.ledger.undo_delivered(action().id)
        item = unit.books.item(ITEM)
        row = unit.ledger.get(action().id)
        with pytest.raises(RequestError, match="action_state"):
            unit.ledger.undo_delivered(action().id)

    assert item is not None
    assert (item.position, item.last_demand_on) == (None, None)
    assert (row.status, row.code, row.delivered_on) == (
        ActionStatus.WITHDRAWN,
        "undelivered",
        None,
    )
    assert propose(store, action()).revived == (action().id,)


def test_a_rejected_action_that_a_person_brings_back_guards_its_items_again(
    store: Store,
) -> None:
    other = action(planned(), planned("F2"))
    propose(store, action())
    with store.unit("jansen-bv") as unit:
        unit.ledger.reject(action().id, "petra", "nee")
        unit.ledger.mark(action().id, ActionStatus.PROPOSED)
        unit.ledger.mark(action().id, ActionStatus.APPROVED)
        unit.ledger.claim(action().id)

    assert propose(store, other).refused == (other.id,)


def test_a_rejected_action_stays_so_while_another_does_the_same(store: Store) -> None:
    other = action(planned(), planned("F2"))
    propose(store, action())
    with store.unit("jansen-bv") as unit:
        unit.ledger.reject(action().id, "petra", "nee")
    propose(store, other)

    with store.unit("jansen-bv") as unit, pytest.raises(RequestError, match="action_taken"):
        unit.ledger.mark(action().id, ActionStatus.PROPOSED)


def test_an_uncertain_action_is_resolved_either_way(store: Store, clock: FixedClock) -> None:
    for after in (ActionStatus.APPROVED, ActionStatus.SENDING, ActionStatus.DELIVERED):
        with store.unit("jansen-bv") as unit:
            one = action(planned(after.value))
            unit.ledger.propose([one], today=TODAY, policy="p")
            unit.ledger.approve(one.id, "petra", clock.now())
            unit.ledger.claim(one.id)
            unit.ledger.mark(one.id, ActionStatus.UNCERTAIN, error="died")
            unit.ledger.mark(one.id, after)

            assert unit.ledger.statuses([one.id, "gone"]) == {one.id: after}


def test_a_call_that_waits_for_its_outcome_can_be_withdrawn(
    store: Store, clock: FixedClock
) -> None:
    call, letter = action(planned("F1"), kind=StepKind.CALL), action(planned("F2"))
    propose(store, call, letter)
    with store.unit("jansen-bv") as unit:
        for one in (call, letter):
            unit.ledger.approve(one.id, "petra", clock.now())
            unit.ledger.claim(one.id)
        unit.ledger.withdraw(call.id, "paid", {})
        with pytest.raises(RequestError, match="action_state"):
            unit.ledger.withdraw(letter.id, "paid", {})

    assert status(store, call.id) is ActionStatus.WITHDRAWN


def test_a_failed_action_whose_letter_went_out_by_another_channel_is_not_refreshed(
    store: Store, clock: FixedClock
) -> None:
    propose(store, action())
    approve(store, action().id, clock)
    with store.unit("jansen-bv") as unit:
        unit.ledger.claim(action().id)
        unit.ledger.save_delivery(delivery(status=ActionStatus.DELIVERED))
        unit.ledger.mark(action().id, ActionStatus.FAILED, error="post")

    propose(store, action(planned(open=euro("500.00"))))

    with store.unit("jansen-bv", reading=True) as unit:
        row = unit.ledger.get(action().id)
    assert (row.status, row.action.total) == (ActionStatus.FAILED, euro("121.00"))


def delivery(**fields: Any) -> DeliveryRow:
    plain = DeliveryRow(
        action=action().id,
        channel=ChannelName.EMAIL,
        status=ActionStatus.SENDING,
        key="<1@maan>",
        facts={"address_from": "books"},
    )
    return replace(plain, **fields)


def test_each_channel_has_a_delivery(store: Store, clock: FixedClock) -> None:
    sent = delivery(
        status=ActionStatus.DELIVERED, attempts=1, next_attempt_at=clock.now(), recipient="d",
        reply="250 ok", document="ab", dispatched_on=TODAY, received_on=TODAY, error=None,
    )  # fmt: skip
    post = delivery(channel=ChannelName.POST, key="post-1")
    with store.unit("jansen-bv", durable=True) as unit:
        unit.ledger.save_delivery(delivery())
        unit.ledger.save_delivery(sent)
        unit.ledger.save_delivery(post)

        assert unit.ledger.deliveries(action().id) == [sent, post]


MONEY = st.builds(
    Money,
    st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2),
    st.sampled_from(["EUR", "USD"]),
)
FACTS = st.one_of(
    st.text(), st.integers(), st.dates(), MONEY, st.none(),
    st.decimals(allow_nan=False, allow_infinity=False),
)  # fmt: skip
TEXT = st.text(max_size=20)
ITEMS = st.builds(
    planned, number=TEXT, step=TEXT, cycle=st.integers(1, 9), due=st.dates(),
    issued=st.one_of(st.none(), st.dates()), open=MONEY, interest=MONEY, costs=MONEY,
)  # fmt: skip
ACTIONS = st.builds(
    Action, id=TEXT, party=TEXT, party_name=TEXT, track=TEXT, step=TEXT,
    kind=st.sampled_from(StepKind), via=st.lists(st.sampled_from(ChannelName)).map(tuple),
    currency=TEXT, items=st.lists(ITEMS, max_size=3).map(tuple),
    also_open=st.lists(st.builds(AlsoOpen, number=TEXT, due=st.dates(), open=MONEY)).map(tuple),
    credits=st.lists(
        st.builds(CreditUsed, number=TEXT, amount=MONEY, against=st.none() | TEXT)
    ).map(tuple),
    total=MONEY, approval=st.sampled_from(Approval), term_days=st.none() | st.integers(),
    term_business=st.booleans(), to=st.none() | TEXT, why=st.none() | TEXT,
    reasons=st.lists(
        st.builds(Reason, TEXT, st.dictionaries(TEXT, FACTS, max_size=3)), max_size=2
    ).map(tuple),
)  # fmt: skip


@given(ACTIONS)
def test_an_action_survives_its_payload_without_loss(planned_action: Action) -> None:
    found = action_of(action_text(planned_action))

    assert found == planned_action
    assert repr(found) == repr(planned_action)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1}'])
def test_a_damaged_payload_is_named_so(text: str) -> None:
    with pytest.raises(StoreError, match="record_damaged"):
        action_of(text)


def test_a_payload_keeps_more_decimals_than_money_prints() -> None:
    fine = action(reasons=(Reason("rate", {"rate": Decimal("2.250")}),))

    assert action_of(action_text(fine)).reasons[0].facts["rate"].as_tuple().exponent == -3  # type: ignore[union-attr]
