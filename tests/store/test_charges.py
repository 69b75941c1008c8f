"""Charges and notices in the store: kept to the cent, replaced by identity, taken back as one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.policy.model import StepKind
from connector.core.snapshot import Creditor, Snapshot
from connector.port.errors import RequestError
from connector.port.records import PartyRef, receivable_id
from connector.store.engine import Store
from tests.make import TODAY, batch, euro, party, receivable, settled, with_open
from tests.store.make_charges import charge, notice

REF, OTHER = PartyRef("10023"), PartyRef("20001")


def pulled(store: Store, *records: Any, administration: str = "a") -> None:
    with store.unit(administration) as unit:
        unit.books.begin_pull()
        unit.books.apply(batch(party(), party(OTHER), *records))


def kept(store: Store, *charges: Charge, notices: tuple[Notice, ...] = ()) -> None:
    with store.unit("a") as unit:
        unit.charges.save(charges)
        unit.charges.note(notices)


def found(store: Store, ref: PartyRef | None = None) -> list[Charge]:
    with store.unit("a", reading=True) as unit:
        return unit.charges.find(ref)


def noticed(store: Store, ref: PartyRef = REF) -> list[Notice]:
    with store.unit("a", reading=True) as unit:
        return unit.charges.notices(ref)


def snapshot(store: Store, *refs: PartyRef) -> Snapshot:
    with store.unit("a", reading=True) as unit:
        return unit.books.snapshot(Creditor(), TODAY, parties=refs or None)


FULL = charge(
    kind=ChargeKind.INTEREST, state=ChargeState.WAIVED, amount=euro("1234567.89"),
    vat=euro("0.01"), paid=euro("1000000.00"), by_notice=False, contract="C-1",
    payment=receivable_id("B1"), reason="coulance",
)  # fmt: skip


def test_a_charge_is_kept_to_the_last_field(store: Store) -> None:
    pulled(store, receivable("F1", contract="C-1"))
    kept(store, FULL)

    assert found(store) == [FULL]


def test_a_notice_is_kept_to_the_last_field(store: Store) -> None:
    kept(store, notices=(notice(),))

    assert noticed(store) == [notice()]


def test_a_charge_of_the_same_item_cycle_and_kind_is_replaced(store: Store) -> None:
    pulled(store, receivable("F1"))
    due = charge(state=ChargeState.DUE)
    kept(store, charge())
    kept(store, due)

    assert found(store) == [due]


def test_interest_and_costs_and_cycles_stand_side_by_side(store: Store) -> None:
    pulled(store, receivable("F1"))
    three = [charge(), charge(kind=ChargeKind.INTEREST, by_notice=False), charge(cycle=2)]
    kept(store, *three)

    assert found(store) == sorted(three, key=lambda one: (one.cycle, one.kind))


def test_a_later_notice_of_the_same_kind_replaces_the_earlier_one(store: Store) -> None:
    later = notice(action="a2", delivered_on=date(2026, 10, 15))
    other_kind = notice(kind=StepKind.DEFAULT_NOTICE, delivered_on=date(2026, 9, 21))
    kept(store, notices=(notice(), other_kind))
    kept(store, notices=(later,))

    assert noticed(store) == [other_kind, later]


def test_charges_of_one_debtor_come_without_those_of_others(store: Store) -> None:
    pulled(store, receivable("F1"), receivable("F2", party=OTHER))
    other = charge("F2", party=OTHER)
    kept(store, charge(), other, notices=(notice("F2", party=OTHER),))

    assert (found(store, OTHER), len(found(store)), noticed(store)) == ([other], 2, [])


def test_another_administration_sees_none_of_it(store: Store) -> None:
    pulled(store, receivable("F1"))
    pulled(store, receivable("F1"), administration="b")
    kept(store, charge(), notices=(notice(),))

    with store.unit("b") as unit:
        unit.charges.void("a1")
        assert (unit.charges.find(), unit.charges.notices(REF)) == ([], [])
    assert (found(store), noticed(store)) == ([charge()], [notice()])


def test_what_a_message_brought_about_is_taken_back_as_one(store: Store) -> None:
    pulled(store, receivable("F1"), receivable("F2"))
    other = charge("F2", action="a2")
    kept(store, charge(), other, notices=(notice(), notice("F2", action="a2")))
    with store.unit("a") as unit:
        unit.charges.void("a1")

    assert (found(store), noticed(store)) == ([other], [notice("F2", action="a2")])


def test_the_charge_of_the_last_cycle_is_the_one_that_is_asked_for(store: Store) -> None:
    pulled(store, receivable("F1"))
    kept(store, charge(), charge(cycle=2))

    with store.unit("a", reading=True) as unit:
        assert unit.charges.get(receivable_id("F1"), ChargeKind.COSTS) == charge(cycle=2)


def test_an_item_without_a_charge_of_the_kind_is_refused(store: Store) -> None:
    pulled(store, receivable("F1"))
    kept(store, charge())

    with (
        store.unit("a", reading=True) as unit,
        pytest.raises(RequestError, match="charge_unknown"),
    ):
        unit.charges.get(receivable_id("F1"), ChargeKind.INTEREST)


def test_an_amount_finer_than_a_cent_is_refused(store: Store) -> None:
    pulled(store, receivable("F1"))

    with pytest.raises(ValueError, match="finer"):
        kept(store, charge(amount=euro("40.005")))


def test_the_rules_see_charges_and_notices_by_debtor(store: Store) -> None:
    pulled(store, receivable("F1"), receivable("F2", party=OTHER))
    other = charge("F2", party=OTHER)
    kept(store, charge(), other, notices=(notice(),))

    seen = snapshot(store)
    assert (seen.charges, seen.notices) == ({REF: (charge(),), OTHER: (other,)}, {REF: (notice(),)})


def test_a_look_at_one_debtor_sees_only_its_charges(store: Store) -> None:
    pulled(store, receivable("F1"), receivable("F2", party=OTHER))
    kept(store, charge(), charge("F2", party=OTHER), notices=(notice("F2", party=OTHER),))

    seen = snapshot(store, REF)
    assert (seen.charges, seen.notices) == ({REF: (charge(),)}, {})


def test_a_debtor_with_nothing_open_but_charges_is_looked_at(store: Store) -> None:
    pulled(store, receivable("F1"))
    kept(store, charge(state=ChargeState.DUE))
    pulled(store, settled(receivable("F1")))

    assert snapshot(store).parties[REF].name == "Bakkerij 10023 B.V."


def test_a_debtor_whose_charges_are_settled_is_not(store: Store) -> None:
    pulled(store, receivable("F1"))
    kept(store, charge(state=ChargeState.PAID, paid=euro("40.00")))
    pulled(store, settled(receivable("F1")))

    assert snapshot(store).parties == {}


def test_what_came_in_is_seen_with_the_day_that_the_books_give(store: Store) -> None:
    whole = receivable("F1")
    pulled(store, whole)
    pulled(store, with_open(whole, "100.00", paid_on=date(2026, 11, 20)))

    (item,) = snapshot(store).items
    assert item.payments == ((date(2026, 11, 20), euro("21.00")),)


def test_what_came_in_without_a_day_counts_from_the_pull_that_showed_it(store: Store) -> None:
    whole = receivable("F1")
    pulled(store, whole)
    pulled(store, with_open(whole, "100.00"))

    (item,) = snapshot(store).items
    assert item.payments == ((TODAY, euro("21.00")),)


def test_a_credit_that_takes_an_amount_back_is_no_payment(store: Store) -> None:
    whole = receivable("F1")
    pulled(store, whole)
    pulled(store, with_open(whole, "150.00"))

    (item,) = snapshot(store).items
    assert item.payments == ()


def test_the_word_that_dutch_law_applies_reaches_the_rules(store: Store) -> None:
    pulled(store, receivable("F1"))
    before = snapshot(store).parties[REF].applicable_law
    with store.unit("a") as unit:
        unit.books.correct_party(REF, "applicable_law", "nl", "petra")

    assert (before, snapshot(store).parties[REF].applicable_law) == (None, "nl")


def test_waiving_changes_nothing_else(store: Store) -> None:
    pulled(store, receivable("F1", contract="C-1"))
    kept(store, replace(FULL, state=ChargeState.DUE, reason=None))
    kept(store, FULL)

    assert found(store, REF) == [FULL]
