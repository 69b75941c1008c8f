"""Collection costs of a handover: each amount is explained by the message that brought it about."""

from dataclasses import replace
from datetime import date

import pytest

from connector.core.charges import ChargeKind
from connector.core.dossier.account import Account, Sent
from connector.core.dossier.costs import costs_of, differs
from connector.core.dossier.legal import CostsFacts, DemandCosts
from connector.core.law.costs import CostBound
from connector.core.policy.model import CollectionCosts, DebtorKind, StepKind
from connector.port.records import ItemId
from tests.core.dossier.samples import euro
from tests.core.dossier.stories import (
    account,
    charge,
    charges,
    consumer_account,
    message,
    notice,
    planned,
    trade_account,
)

DUE = date(2025, 5, 31)
IN_TERM, LATER = date(2025, 10, 1), date(2025, 11, 3)
OWN = {"by_notice": False, "action": "final_demand-1", "claimed_on": date(2025, 7, 1)}


def told(known: Account) -> CostsFacts:
    found = costs_of(known)
    assert found is not None
    return found


def only(known: Account) -> DemandCosts:
    (demand,) = told(known).demands
    return demand


def noticed(open_: str, costs: str, *paid: tuple[date, str], vat: str = "0.00") -> Account:
    """Return a consumer's account after a notice about EUR 1,000.00 that stated EUR 150.00."""
    before = planned("F1", DUE, "1000.00")
    handed = planned("F1", DUE, open_, costs=costs)
    stated = charges(announced=euro("150.00"))
    claimed = charges(costs=euro(costs) - euro(vat), vat=euro(vat))
    return account(
        message(StepKind.HAND_OVER, handed, charges=claimed),
        payments={handed.id: tuple((on, euro(amount)) for on, amount in paid)},
        charges=(charge("F1", costs, vat=euro(vat)),),
        notices=(notice("F1"),),
        sent={
            "statutory_notice-1": Sent(
                action=message(StepKind.STATUTORY_NOTICE, before, charges=stated),
                on=date(2025, 9, 23),
            )
        },
    )


def traded(costs: str, wish: CollectionCosts, *opens: str) -> Account:
    """Return an account in trade whose handover claims the costs first."""
    numbers = [f"F{n}" for n, _ in enumerate(opens, start=1)]
    shares = [costs, *("0.00" for _ in opens[1:])] if len(opens) == 1 else None
    items = [
        planned(number, DUE, open_, costs=shares[n] if shares else str(euro(costs).amount / 2))
        for n, (number, open_) in enumerate(zip(numbers, opens, strict=True))
    ]
    claimed = charges(costs=euro(costs))
    return account(
        message(StepKind.HAND_OVER, *items, charges=claimed), kind=DebtorKind.COMPANY, costs=wish
    )


def wish(**fields: object) -> CollectionCosts:
    return CollectionCosts.model_validate(fields)


def test_costs_of_a_notice_stand_over_what_was_open_when_its_term_ended() -> None:
    found = only(consumer_account())

    assert (str(found.costs.principal), str(found.amount), found.on) == (
        "1000.00", "150.00", date(2025, 9, 23),
    )  # fmt: skip


def test_a_part_paid_within_the_term_lowers_the_base() -> None:
    """HR 25-11-2016, ECLI:NL:HR:2016:2704: costs over the remainder."""
    found = only(noticed("600.00", "90.00", (IN_TERM, "400.00")))

    assert (str(found.costs.principal), str(found.amount)) == ("600.00", "90.00")


def test_a_part_paid_after_the_term_leaves_the_base() -> None:
    found = only(noticed("600.00", "150.00", (LATER, "400.00")))

    assert (str(found.costs.principal), str(found.amount)) == ("1000.00", "150.00")


def test_a_credit_after_the_term_leaves_the_costs() -> None:
    found = only(noticed("600.00", "150.00"))

    assert str(found.costs.principal) == "1000.00"


def test_of_a_notice_about_more_invoices_the_dossier_bears_its_own_part() -> None:
    known = noticed("1000.00", "150.00")
    also = planned("F2", DUE, "1000.00")
    stated = charges(announced=euro("300.00"))
    sent = message(StepKind.STATUTORY_NOTICE, planned("F1", DUE, "1000.00"), also, charges=stated)
    both = replace(
        known,
        charges=(*known.charges, charge("F2", "150.00"), charge("F3", "0.00")),
        sent={sent.id: Sent(action=sent, on=date(2025, 9, 23))},
    )

    found = only(both)

    assert (str(found.amount), str(found.part), found.numbers) == (
        "300.00", "150.00", ("F1", "F2"),
    )  # fmt: skip


def test_vat_is_told_apart_for_a_creditor_who_cannot_deduct_it() -> None:
    known = replace(noticed("1000.00", "181.50", vat="31.50"), vat_deduction="none")

    found = told(known)

    assert (str(found.amount), str(found.vat), found.vat_declared) == ("150.00", "31.50", True)


def test_what_came_in_for_costs_is_taken_off() -> None:
    known = noticed("1000.00", "100.00")
    paid = replace(known, charges=(charge("F1", "150.00", paid=euro("50.00")),))

    assert str(only(paid).paid) == "50.00"


def test_a_business_owes_the_scale_over_all_invoices_of_the_demand() -> None:
    assert str(only(trade_account()).amount) == "798.50"


def test_a_business_owes_forty_euro_at_least() -> None:
    """Art. 6:96 lid 4 BW."""
    found = only(traded("40.00", wish(kind="statutory"), "100.00"))

    assert found.costs.bound is CostBound.MINIMUM


def test_forty_euro_per_invoice_only_when_the_policy_says_so() -> None:
    per_invoice = traded("80.00", wish(kind="statutory", per_invoice=True), "100.00", "100.00")
    once = replace(per_invoice, costs=wish(kind="statutory"))

    assert (str(only(per_invoice).amount), costs_of(once)) == ("80.00", None)


@pytest.mark.parametrize(("minimum", "costs"), [(None, "15.00"), ("40.00", "40.00")])
def test_agreed_costs_name_their_clause(minimum: str | None, costs: str) -> None:
    agreed = {"percentage": "15", "clause": "art. 9 AV 2025"}
    if minimum is not None:
        agreed["minimum"] = minimum

    found = only(traded(costs, wish(**agreed), "100.00"))

    assert (found.costs.article, str(found.amount)) == ("art. 9 AV 2025", costs)


def test_costs_that_a_demand_claimed_before_stand_by_that_demand() -> None:
    before = planned("F1", DUE, "1000.00", costs="150.00")
    sent = message(StepKind.FINAL_DEMAND, before, charges=charges(costs=euro("150.00")))
    handed = planned("F1", DUE, "400.00", costs="150.00")
    known = account(
        message(StepKind.HAND_OVER, handed, charges=charges(costs=euro("150.00"))),
        kind=DebtorKind.COMPANY,
        charges=(charge("F1", "150.00", **OWN),),
        sent={sent.id: Sent(action=sent, on=date(2025, 7, 1))},
    )

    found = only(known)

    assert (found.kind, str(found.costs.principal)) == (StepKind.FINAL_DEMAND, "1000.00")


def test_an_invoice_without_costs_of_its_own_is_left_out() -> None:
    """A consumer's claim whose costs were waived goes along without them."""
    known = noticed("1000.00", "150.00")
    waived = planned("F2", DUE, "80.00")
    both = replace(known, action=replace(known.action, items=(*known.action.items, waived)))

    assert only(both).numbers == ("F1",)


def test_no_costs_claimed_is_nothing_to_explain() -> None:
    item = planned("F1", DUE, "1000.00")
    bare = account(message(StepKind.HAND_OVER, item))
    interest_only = account(message(StepKind.HAND_OVER, item, charges=charges()))

    assert [costs_of(bare), differs(bare, {}, None)] == [None, ()]
    assert [costs_of(interest_only), differs(interest_only, {}, None)] == [None, ()]


KNOWN = noticed("1000.00", "150.00")


@pytest.mark.parametrize(
    "known",
    [
        noticed("1000.00", "150.01"),
        replace(KNOWN, sent={}),
        replace(KNOWN, notices=()),
        replace(KNOWN, on=date(2025, 10, 7)),
        replace(KNOWN, charges=()),
        replace(KNOWN, charges=(charge("F1", "150.00", **(OWN | {"action": "statutory_notice-1"})),)),
        replace(KNOWN, charges=(charge("F1", "149.00"),)),
        noticed("1000.00", "181.50", vat="31.50"),
    ],
    ids=[
        "above the scale", "unknown message", "no notice", "last day of the term",
        "never charged", "not by the notice", "another sum", "VAT that is deducted",
    ],
)  # fmt: skip
def test_costs_that_cannot_be_explained_block(known: Account) -> None:
    found = costs_of(known)

    assert found is None
    assert differs(known, {}, found) == ("amounts[EUR].collection_costs",)


def test_interest_charges_are_no_costs() -> None:
    interest = charge("F1", "12.00", kind=ChargeKind.INTEREST, item=ItemId("R/F1"))
    known = replace(KNOWN, charges=(*KNOWN.charges, interest))

    assert str(only(known).amount) == "150.00"
