"""What a debtor stands at before anything is asked."""

from datetime import date
from typing import Any

import pytest

from connector.core.charges import ChargeState
from connector.core.findings import Debtor
from connector.core.obstacles import Desk, desk_of
from connector.core.policy.model import Policy
from connector.core.snapshot import Item
from connector.core.standing import settled
from connector.port.records import ItemId
from tests.core.make_core import (
    DEBTOR,
    TODAY,
    announced,
    charge,
    codes,
    consumer,
    credit,
    findings_of,
    item,
    notice,
    numbers,
    party,
    payment,
    plan_of,
    policy,
    snapshot,
)

PAYS = payment("B1", "40.00")


def standing(*items: Item, by: Policy | None = None, **fields: Any) -> tuple[Desk, Debtor]:
    """Settle the one debtor of these books."""
    rules = by or policy()
    found = findings_of(snapshot(*items, parties=[consumer()], **fields), rules)
    desk = desk_of(found, rules, TODAY)
    desk.checks[DEBTOR] = None
    return desk, settled(desk, found.debtors[0])


def test_debtor_without_charges_stands_as_the_books_say() -> None:
    desk, debtor = standing(item(), PAYS)

    assert (desk.settled, debtor.unallocated) == ({}, (PAYS,))


def test_money_that_paid_charges_is_no_credit() -> None:
    _, debtor = standing(item(), PAYS, charges={DEBTOR: (charge(),)})

    assert debtor.unallocated == ()


def test_other_money_stays_a_credit() -> None:
    other, free = payment("B2", "9.00"), credit("C1", "7.00")
    _, debtor = standing(item(), PAYS, other, free, charges={DEBTOR: (charge(),)})

    assert (debtor.unallocated, debtor.credits) == ((other,), (free,))


def test_payment_of_charges_does_not_hold_the_debtor() -> None:
    books = snapshot(item(), PAYS, charges={DEBTOR: (charge(),)}, parties=[consumer()])
    made = plan_of(books)

    assert numbers(made) == [["F1"]]
    assert [p.code for p in made.attention] == ["charges_paid"]


def test_payment_of_charges_is_not_taken_off_other_invoices() -> None:
    net = policy(guards={"unallocated_payment": "net"})
    books = snapshot(item(), PAYS, charges={DEBTOR: (charge(),)}, parties=[consumer()])
    (action,) = plan_of(books, net).actions

    assert (action.credits, str(action.total)) == ((), "121.00")


def test_overpayment_beyond_the_charges_is_taken_off_other_invoices() -> None:
    books = snapshot(credit("F1", "100.00"), item("F2"), charges={DEBTOR: (charge(),)})
    (action,) = plan_of(books).actions

    assert str(action.total) == "21.00"


def test_end_of_a_term_is_a_day_to_look_again() -> None:
    later = notice(effect_from=date(2026, 11, 27))
    desk, _ = standing(item(), charges={DEBTOR: (announced(),)}, notices={DEBTOR: (later,)})

    assert desk.checks == {DEBTOR: date(2026, 11, 27)}


def test_debtor_with_nothing_open_but_charges_is_settled_too() -> None:
    ledger = snapshot(parties=[consumer()], charges={DEBTOR: (announced(),)},
                      notices={DEBTOR: (notice(),)})  # fmt: skip
    made = plan_of(ledger)

    assert [(c.code, c.charge.state) for c in made.charges] == [
        ("charge_lapsed", ChargeState.WAIVED)
    ]


def test_debtor_that_the_books_forgot_is_settled_too() -> None:
    made = plan_of(snapshot(charges={DEBTOR: (charge(),)}))

    assert [c.code for c in made.charges] == ["charge_waived"]


def test_what_a_person_must_see_is_raised_once() -> None:
    ledger = snapshot(item(), PAYS, parties=[consumer()], charges={DEBTOR: (charge(),)},
                      seen=frozenset({("charges_paid", "R/B1", 0)}))  # fmt: skip

    assert plan_of(ledger).attention == ()


@pytest.mark.parametrize("who", [party(), consumer()])
def test_who_paid_everything_is_asked_nothing(who: Any) -> None:
    paid = charge(state=ChargeState.PAID, paid=charge().amount, payment=ItemId("R/B1"))
    made = plan_of(snapshot(PAYS, parties=[who], charges={DEBTOR: (paid,)}))

    assert (made.actions, codes(made)) == ((), {})
