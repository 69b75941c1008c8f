"""When announced costs fall due, over what, and what a correction voids."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.charges import Charge, ChargeKind, ChargeState
from connector.core.law.claimed_costs import costs_after_term
from connector.core.policy.model import Policy
from connector.core.snapshot import Books, HoldReason
from connector.port.money import Money
from connector.port.records import ItemId
from tests.core.make_core import (
    LAW,
    TODAY,
    announced,
    charge,
    credit,
    dollar,
    euro,
    hold,
    interest,
    item,
    notice,
    party,
    payment,
    policy,
)
from tests.core.make_settling import CENTS, F1_COSTS, FAR, done_of, ledger_of, said
from tests.core.properties.books import QUICK

DAY = timedelta(days=1)
ASK: dict[str, Any] = {"guards": {"after_costs": {"principal_only": "ask"}}}
NET: dict[str, Any] = {"guards": {"unallocated_payment": "net"}}


def test_announced_costs_fall_due_when_the_term_passed_unpaid() -> None:
    """EUR 121.00: 15 % is less than the minimum of EUR 40 (Besluit art. 2, Stb. 2012, 141)."""
    done = done_of(ledger_of(item()), [announced()], [notice()])

    assert said(done) == ["F1 costs due 40.00 paid 0.00"]
    assert [change.code for change in done.changes] == ["charge_due"]


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2026, 11, 16), "announced"), (date(2026, 11, 17), "due")]
)
def test_costs_wait_for_the_days_that_a_payment_takes_to_show(today: date, expected: str) -> None:
    done = done_of(ledger_of(item()), [announced()], [notice()], today=today)

    assert [one.state.value for one in done.charges.values()] == [expected]


def test_costs_of_a_notice_that_was_taken_back_do_not_fall_due() -> None:
    assert said(done_of(ledger_of(item()), [announced()])) == ["F1 costs announced 40.00 paid 0.00"]


def test_costs_lapse_when_the_claim_was_paid_in_the_term() -> None:
    done = done_of(ledger_of(), [announced()], [notice()])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]
    assert [(c.code, c.charge.reason) for c in done.changes] == [("charge_lapsed", "paid_in_term")]


def test_small_difference_left_after_the_term_bears_no_costs() -> None:
    done = done_of(ledger_of(item(open=euro("2.00"))), [announced()], [notice()])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]


def test_part_payment_in_the_term_lowers_the_costs() -> None:
    """EUR 1,000 announced EUR 150; EUR 400 is left: 15 % is EUR 60 (HR 25-11-2016, rov. 3.8)."""
    done = done_of(ledger_of(item(open=euro(400))), [announced(amount="150.00")], [notice()])

    assert said(done) == ["F1 costs due 60.00 paid 0.00"]


def test_costs_are_never_more_than_the_notice_said() -> None:
    done = done_of(ledger_of(item(open=euro(4000))), [announced(amount="150.00")], [notice()])

    assert said(done) == ["F1 costs due 150.00 paid 0.00"]


def test_costs_of_one_notice_are_worked_out_over_the_sum_of_what_is_left() -> None:
    """Two of EUR 500 were announced with EUR 150; F2 was paid: 15 % of EUR 500 (6:96 lid 7 BW)."""
    told = [announced("F1", "75.00"), announced("F2", "75.00")]
    done = done_of(ledger_of(item("F1", open=euro(500))), told, [notice("F1"), notice("F2")])

    assert said(done) == ["F1 costs due 75.00 paid 0.00", "F2 costs waived 75.00 paid 0.00"]


def test_costs_of_two_notices_fall_due_each_over_their_own_claims() -> None:
    told = [announced("F1", "40.00"), announced("F2", "150.00", action="n2")]
    books = ledger_of(item("F1"), item("F2", open=euro(1000)))
    notices = [notice("F1"), notice("F2", action="n2", effect_from=TODAY + DAY)]

    assert said(done_of(books, told, notices)) == [
        "F1 costs due 40.00 paid 0.00",
        "F2 costs announced 150.00 paid 0.00",
    ]


def test_credit_note_for_anything_lowers_what_costs_are_due_over() -> None:
    """A credit counts first against its own invoice, else against what is open (6:127 BW)."""
    books = ledger_of(item(open=euro(1000)), credit(amount="600.00"))

    assert said(done_of(books, [announced(amount="150.00")], [notice()])) == [
        "F1 costs due 60.00 paid 0.00"
    ]


def test_costs_lapse_when_a_credit_note_covers_everything() -> None:
    books = ledger_of(item(), credit(amount="121.00", names_invoice="F1"))

    assert said(done_of(books, [announced()], [notice()])) == ["F1 costs waived 40.00 paid 0.00"]


def test_vat_on_the_costs_shrinks_with_them() -> None:
    told = [announced(amount="181.50", vat=euro("31.50"))]
    (one,) = done_of(ledger_of(item(open=euro(400))), told, [notice()]).charges.values()

    assert (str(one.amount), str(one.vat)) == ("72.60", "12.60")


def test_vat_on_the_costs_stays_when_they_do() -> None:
    told = [announced(amount="48.40", vat=euro("8.40"))]
    (one,) = done_of(ledger_of(item()), told, [notice()]).charges.values()

    assert (str(one.amount), str(one.vat)) == ("48.40", "8.40")


@pytest.mark.parametrize(
    "held",
    [
        {"holds": (hold(**FAR),)},
        {"holds": (hold(amount=euro("21.00"), **FAR),)},
        {"holds": (hold(amount=euro("121.00"), **FAR),)},
        {"holds": (hold(None, reason=HoldReason.DEBT_COUNSELLING, **FAR),)},
    ],
    ids=["dispute", "partial dispute", "dispute of all", "debt counselling"],
)
def test_no_costs_fall_due_while_the_claim_is_held(held: dict[str, Any]) -> None:
    done = done_of(ledger_of(item(), **held), [announced()], [notice()])

    assert said(done) == ["F1 costs announced 40.00 paid 0.00"]


@pytest.mark.parametrize("field", ["disputed", "unreadable"])
def test_no_costs_fall_due_while_the_books_are_in_doubt(field: str) -> None:
    done = done_of(ledger_of(item("F1", **{field: True})), [announced()], [notice()])

    assert said(done) == ["F1 costs announced 40.00 paid 0.00"]


def test_hold_on_one_claim_keeps_its_own_costs_only() -> None:
    told = [announced("F1", "20.00"), announced("F2", "20.00")]
    books = ledger_of(item("F1"), item("F2"), holds=(hold("F2", **FAR),))

    assert said(done_of(books, told, [notice("F1"), notice("F2")])) == [
        "F1 costs due 20.00 paid 0.00",
        "F2 costs announced 20.00 paid 0.00",
    ]


def test_costs_fall_due_once_the_hold_is_over() -> None:
    over = hold(answered_on=date(2026, 11, 1), until=date(2026, 11, 10))

    assert said(done_of(ledger_of(item(), holds=(over,)), [announced()], [notice()])) == [
        "F1 costs due 40.00 paid 0.00"
    ]


@pytest.mark.parametrize("by", [policy(), policy(**NET)], ids=["hold", "net"])
def test_no_costs_fall_due_while_money_has_no_place_yet(by: Policy) -> None:
    """It may be the payment within the term that the bookkeeper has not allocated yet."""
    books = ledger_of(item(), payment(amount="121.00"))

    assert said(done_of(books, [announced()], [notice()], by=by)) == [
        "F1 costs announced 40.00 paid 0.00"
    ]


def test_no_costs_fall_due_while_a_credit_waits_for_its_place() -> None:
    books = ledger_of(item(), credit(amount="100.00"))
    by = policy(guards={"credits": "hold"})

    assert said(done_of(books, [announced()], [notice()], by=by)) == [
        "F1 costs announced 40.00 paid 0.00"
    ]


def test_money_in_another_currency_does_not_keep_costs_from_falling_due() -> None:
    books = ledger_of(item(), payment(open=dollar("-50.00")))

    assert said(done_of(books, [announced()], [notice()])) == ["F1 costs due 40.00 paid 0.00"]


def test_money_that_paid_other_charges_does_not_keep_costs_from_falling_due() -> None:
    known = charge("F0", state=ChargeState.PAID, paid=euro(40), payment=ItemId("R/B1"), action="n0")
    books = ledger_of(item(), payment("B1", "40.00"))

    assert said(done_of(books, [known, announced()], [notice()]))[1] == (
        "F1 costs due 40.00 paid 0.00"
    )


def test_claim_in_another_currency_than_its_charge_bears_nothing_of_it() -> None:
    done = done_of(ledger_of(item(open=dollar("121.00"))), [announced()], [notice()])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]


def test_costs_without_a_known_scale_lapse() -> None:
    done = done_of(ledger_of(item()), [announced()], [notice(delivered_on=date(2001, 1, 1))])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]


def test_costs_claimed_in_trade_are_void_against_a_consumer() -> None:
    """Art. 6:96 lid 6 BW: no statutory notice went before them."""
    done = done_of(ledger_of(item()), [charge(by_notice=False)])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]
    assert [(c.code, c.charge.reason) for c in done.changes] == [
        ("charge_voided", "kind_corrected")
    ]


@pytest.mark.parametrize("kept", [charge(), interest()])
def test_other_charges_stay_against_a_consumer(kept: Charge) -> None:
    assert done_of(ledger_of(item()), [kept]).changes == []


def test_costs_claimed_in_trade_stay_against_a_business() -> None:
    assert done_of(ledger_of(item(), who=party()), [charge(by_notice=False)]).changes == []


@QUICK
@given(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=5), st.booleans())
def test_costs_that_fall_due_are_within_the_scale_and_what_was_announced(
    drawn: list[tuple[int, int]],
    with_vat: bool,  # drawn
) -> None:
    items = [
        item(f"F{n}", open=Money.from_minor(open_, "EUR")) for n, (open_, _) in enumerate(drawn)
    ]
    told = [
        announced(
            f"F{n}",
            amount=str(Money.from_minor(said_, "EUR")),
            vat=Money.from_minor(said_ // 6 if with_vat else 0, "EUR"),
        )
        for n, (_, said_) in enumerate(drawn)
    ]
    done = done_of(ledger_of(*items), told, [notice(one.number) for one in told])
    due = [one for one in done.charges.values() if one.state is ChargeState.DUE]
    costs = sum((one.amount - one.vat for one in due), euro(0))
    open_ = sum((one.open for one in items if one.open > euro("2.00")), euro(0))
    told_costs = sum((one.amount - one.vat for one in told), euro(0))
    allowed = costs_after_term(open_, LAW.scale_on(TODAY), announced=told_costs, allowed=told_costs)

    assert costs == allowed.amount
    assert sum((one.vat for one in due), euro(0)) <= sum((one.vat for one in told), euro(0))


def test_charge_is_found_by_item_cycle_and_kind() -> None:
    done = done_of(ledger_of(item()), [F1_COSTS])

    assert done.of(ItemId("R/F1"), 1, ChargeKind.COSTS) == F1_COSTS
    assert done.of(ItemId("R/F1"), 2, ChargeKind.COSTS) is None


def test_paid_costs_of_trade_are_the_money_of_a_consumer_again() -> None:
    """The payment is still in the books: it counts as it stands there."""
    paid = charge(
        by_notice=False, state=ChargeState.PAID, paid=euro("40.00"), payment=ItemId("R/B1")
    )
    done = done_of(ledger_of(item(), payment(amount="40.00")), [paid])

    assert said(done) == ["F1 costs waived 40.00 paid 0.00"]
    assert (done.placed, [point[0] for point in done.points]) == (set(), [])


def test_paid_costs_of_trade_that_were_booked_must_go_back_to_a_consumer() -> None:
    paid = charge(
        by_notice=False, state=ChargeState.PAID, paid=euro("40.00"), payment=ItemId("R/B1")
    )
    done = done_of(ledger_of(item()), [paid])

    (point,) = done.points
    assert (point[0], point[2]["amount"]) == ("charges_refund", euro("40.00"))


@pytest.mark.parametrize(
    "books",
    [
        Books(),
        Books(data_from=datetime(2026, 11, 16, 9, tzinfo=UTC), complete=True),
        Books(data_from=datetime(2026, 11, 23, 9, tzinfo=UTC), complete=False),
        Books(
            data_from=datetime(2026, 11, 23, 9, tzinfo=UTC),
            complete=True,
            bank_through=date(2026, 11, 12),
        ),
    ],
    ids=["never read", "read before", "read in part", "bank behind"],
)
def test_no_costs_fall_due_on_books_that_can_not_tell_of_the_whole_term(books: Books) -> None:
    ledger = ledger_of(item(), books=books)

    assert said(done_of(ledger, [announced()], [notice()])) == [
        "F1 costs announced 40.00 paid 0.00"
    ]


def test_costs_come_down_when_a_payment_within_the_term_shows_later() -> None:
    """HR 25-11-2016, ECLI:NL:HR:2016:2704: costs over the remainder only."""
    part = (date(2026, 11, 10), euro("500.00"))
    books = ledger_of(item(open=euro("500.00"), payments=(part,)))

    done = done_of(books, [charge("F1", "150.00")], [notice()])

    assert said(done) == ["F1 costs due 75.00 paid 0.00"]
    assert [change.code for change in done.changes] == ["charge_lowered"]


def test_costs_stay_when_the_payment_came_after_the_term() -> None:
    part = (date(2026, 11, 20), euro("500.00"))
    books = ledger_of(item(open=euro("500.00"), payments=(part,)))

    assert done_of(books, [charge("F1", "150.00")], [notice()]).changes == []


def test_costs_lapse_when_it_turns_out_that_all_was_paid_within_the_term() -> None:
    paid = charge("F1", "150.00", ended_on=date(2026, 11, 12))
    done = done_of(ledger_of(), [paid], [notice()], by=policy(**ASK))

    assert said(done) == ["F1 costs waived 150.00 paid 0.00"]
    assert [change.code for change in done.changes] == ["charge_lapsed"]


def test_dispute_says_nothing_of_what_was_open_when_the_term_ended() -> None:
    books = ledger_of(item(open=euro("1000.00")), holds=(hold("F1", amount=euro("900.00"), **FAR),))

    assert done_of(books, [charge("F1", "150.00")], [notice()]).changes == []


def test_costs_of_a_notice_before_default_are_void() -> None:
    """The default notice came back, or was posted later: art. 6:96 lid 6 BW."""
    early = notice(delivered_on=date(2026, 10, 24))
    done = done_of(ledger_of(item()), [charge()], [early])

    assert [(c.code, c.charge.reason) for c in done.changes] == [("charge_voided", "no_default")]
    assert [point[0] for point in done.points] == ["notice_void"]


def test_what_is_not_reported_is_not_settled() -> None:
    gone = [announced("F1", not_reported=True), charge("F2", not_reported=True)]
    done = done_of(ledger_of(), gone, [notice("F1"), notice("F2")])

    assert done.changes == []


def test_new_cycle_drops_the_charges_of_the_one_before() -> None:
    done = done_of(ledger_of(item(cycle=2)), [announced(), interest()], [notice()])

    assert {(c.code, c.charge.reason) for c in done.changes} == {("charge_voided", "restarted")}
    assert len(done.changes) == 2
