"""What the law has against a step, whatever the policy wants."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from connector.core.charges import Notice
from connector.core.findings import Claim, Debtor, Withheld
from connector.core.law.limitation import InterruptionKind
from connector.core.lawful import against, default_from, limitation_of, may_be_noticed
from connector.core.policy.model import Policy, StepKind
from connector.core.snapshot import Creditor, Party, Snapshot
from tests.core.make_core import (
    DEBTOR,
    LAW,
    TODAY,
    consumer,
    dollar,
    findings_of,
    item,
    notice,
    party,
    policy,
    snapshot,
    step,
)

NOTICE = step("brief", "due", "statutory_notice")
HAND_OVER = step("incasso", "due", "hand_over", to="voorbeeld-incasso")
DEFAULT = StepKind.DEFAULT_NOTICE
AGREED = Creditor(due_date_agreed=True)
REGISTERED = Creditor(registered_agencies=frozenset({"voorbeeld-incasso"}))
OFFICE = Creditor(
    due_date_agreed=True,
    acting_for_others=True,
    registered_agencies=frozenset({"voorbeeld-incasso"}),
)


def found(
    ledger: Snapshot, by: Policy | None = None, today: date = TODAY
) -> tuple[Snapshot, Debtor, Claim]:
    """Return the one claim of the books and its debtor."""
    (debtor,) = findings_of(ledger, by or policy(NOTICE), today).debtors
    return ledger, debtor, debtor.claims[0]


def against_step(do: dict[str, Any], ledger: Snapshot, today: date = TODAY) -> Withheld | None:
    return against(*found(ledger, policy(do), today), terms=LAW.terms, today=today)


def code(withheld: Withheld | None) -> str | None:
    return None if withheld is None else withheld.reason.code


def books(who: Party, *notices: Any, creditor: Creditor | None = None, **fields: Any) -> Snapshot:
    """Return books with one invoice; who had a statutory notice had agreed to the due date."""
    is_noticed = any(one.kind is StepKind.STATUTORY_NOTICE for one in notices)
    known = creditor or replace(REGISTERED, due_date_agreed=is_noticed)
    return snapshot(item(**fields), parties=[who], creditor=known, notices={DEBTOR: tuple(notices)})


def test_business_is_in_default_by_the_due_date() -> None:
    """Art. 6:119a lid 1 BW."""
    assert default_from(*found(snapshot(item(), parties=[party()]))) == date(2026, 10, 25)


def test_consumer_is_in_default_by_a_due_date_that_was_agreed() -> None:
    """Art. 6:83 sub a BW."""
    assert default_from(*found(books(consumer(), creditor=AGREED))) == date(2026, 10, 25)


def test_consumer_is_not_in_default_by_the_date_on_an_invoice() -> None:
    assert default_from(*found(books(consumer()))) is None


def test_debtor_of_unknown_kind_is_not_in_default_by_the_date_on_an_invoice() -> None:
    assert default_from(*found(books(party(name="Bakkerij De Wit")))) is None


def test_consumer_is_in_default_after_the_term_of_a_default_notice() -> None:
    """Art. 6:82 lid 1 BW."""
    told = notice(kind=DEFAULT, last_day=date(2026, 11, 10))

    assert default_from(*found(books(consumer(), told))) == date(2026, 11, 11)


def test_default_never_begins_before_the_due_date_has_passed() -> None:
    told = notice(kind=DEFAULT, last_day=date(2026, 10, 1))

    assert default_from(*found(books(consumer(), told))) == date(2026, 10, 25)


def test_claim_without_a_due_date_is_never_in_default() -> None:
    assert default_from(*found(books(party(), due=None))) is None


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2026, 11, 10), False), (date(2026, 11, 11), True)]
)
def test_notice_takes_a_claim_in_from_the_first_day_of_default(
    today: date, *, expected: bool
) -> None:
    told = notice(kind=DEFAULT, last_day=date(2026, 11, 10))

    assert may_be_noticed(*found(books(consumer(), told)), today) is expected


def test_notice_takes_no_claim_in_twice() -> None:
    assert not may_be_noticed(*found(books(consumer(), notice(), creditor=AGREED)), TODAY)


def test_notice_of_an_earlier_cycle_is_no_notice_of_this_one() -> None:
    again = books(consumer(), notice(), creditor=AGREED, cycle=2)

    assert may_be_noticed(*found(again), TODAY)


def test_notice_may_go_to_a_consumer_in_default() -> None:
    assert against_step(NOTICE, books(consumer(), creditor=AGREED)) is None


def test_notice_may_go_to_a_business_too() -> None:
    assert against_step(NOTICE, books(party())) is None


@pytest.mark.parametrize(
    ("ledger", "expected"),
    [
        (books(consumer()), "not_in_default"),
        (books(consumer(), notice(), creditor=AGREED), "already_noticed"),
        (books(consumer(country="DE"), creditor=AGREED), "foreign_law"),
        (books(consumer(), creditor=OFFICE), "office_unregistered"),
    ],
)
def test_notice_is_kept_back(ledger: Snapshot, expected: str) -> None:
    assert code(against_step(NOTICE, ledger)) == expected


def test_notice_may_go_abroad_where_dutch_law_was_agreed() -> None:
    abroad = consumer(country="DE", applicable_law="nl")

    assert against_step(NOTICE, books(abroad, creditor=AGREED)) is None


def test_registered_office_may_send_a_notice_for_another() -> None:
    office = Creditor(due_date_agreed=True, acting_for_others=True, office_registered=True)

    assert against_step(NOTICE, books(consumer(), creditor=office)) is None


@pytest.mark.parametrize("do", ["reminder", "default_notice", "final_demand"])
def test_law_has_nothing_against_other_demands(do: str) -> None:
    assert against_step(step("x", "due", do), books(consumer(country="DE"))) is None


def test_consumer_is_handed_over_after_a_notice() -> None:
    assert against_step(HAND_OVER, books(consumer(), notice())) is None


@pytest.mark.parametrize(
    ("ledger", "expected"),
    [
        (books(consumer()), "notice_missing"),
        (books(consumer(), notice(cycle=2)), "notice_missing"),
        (books(consumer(), notice(kind=DEFAULT)), "notice_missing"),
        (books(party(name="Bakkerij De Wit")), "notice_missing"),
        (books(consumer(), notice(), creditor=Creditor()), "agency_unregistered"),
        (books(party(kind="sole_trader"), creditor=Creditor()), "agency_unregistered"),
        (books(consumer(), notice(), creditor=OFFICE), "office_unregistered"),
        (books(party(kind="sole_trader"), creditor=OFFICE), "office_unregistered"),
    ],
)
def test_natural_person_is_not_handed_over(ledger: Snapshot, expected: str) -> None:
    assert code(against_step(HAND_OVER, ledger)) == expected


@pytest.mark.parametrize("kind", ["company", "public_body"])
def test_legal_person_is_handed_over_to_any_agency(kind: str) -> None:
    assert against_step(HAND_OVER, books(party(kind=kind), creditor=Creditor())) is None


@pytest.mark.parametrize("kind", ["sole_trader", "partnership"])
def test_person_in_trade_is_handed_over_without_a_notice(kind: str) -> None:
    assert against_step(HAND_OVER, books(party(kind=kind))) is None


def test_consumer_is_not_handed_over_while_the_term_of_the_notice_runs() -> None:
    runs = books(consumer(), notice(effect_from=date(2026, 11, 25), last_day=date(2026, 11, 20)))
    withheld = against_step(HAND_OVER, runs)

    assert (code(withheld), withheld and withheld.again_on) == ("notice_runs", date(2026, 11, 25))
    assert against_step(HAND_OVER, runs, date(2026, 11, 25)) is None


BARRED: dict[str, Any] = {"due": date(2024, 11, 20), "basis": "sale"}


def noticed_two_days_after(due: date) -> Notice:
    """Return a notice that interrupts the term when it has hardly begun."""
    day = due + timedelta(days=2)
    return notice(delivered_on=day, received_on=day)


@pytest.mark.parametrize(
    ("due", "basis", "expected"),
    [
        (date(2024, 11, 20), "sale", "time_barred"),  # two years: art. 7:28 BW
        (date(2024, 11, 21), "sale", None),
        (date(2024, 11, 20), None, "time_barred"),  # it may be the price of movables
        (date(2024, 11, 20), "services", None),  # five years: art. 3:307 BW
        (date(2021, 11, 20), "services", "time_barred"),
    ],
)
def test_barred_claim_on_a_consumer_is_not_handed_over(
    due: date, basis: str | None, expected: str | None
) -> None:
    old = books(consumer(), noticed_two_days_after(due), due=due, basis=basis)

    assert code(against_step(HAND_OVER, old)) == expected


def test_barred_claim_on_a_business_is_for_the_debtor_to_plead() -> None:
    assert against_step(HAND_OVER, books(party(), due=date(2020, 1, 1))) is None


def test_person_may_hand_a_barred_claim_over_all_the_same() -> None:
    by = policy(
        HAND_OVER,
        overrides=[{"invoice": "F1", "despite_limitation": True, "reason": "erkend in 2026"}],
    )
    old = books(consumer(), noticed_two_days_after(BARRED["due"]), **BARRED)

    assert against(*found(old, by), terms=LAW.terms, today=TODAY) is None


@pytest.mark.parametrize("field", ["last_demand_on", "last_payment_on"])
def test_demand_or_payment_interrupts_limitation(field: str) -> None:
    """Art. 3:317 lid 1 and 3:318 BW."""
    fields: dict[str, Any] = BARRED | {field: date(2026, 11, 9)}
    told = books(consumer(), noticed_two_days_after(BARRED["due"]), **fields)

    assert against_step(HAND_OVER, told) is None


def test_limitation_names_what_interrupted_it() -> None:
    told = books(
        consumer(), last_demand_on=date(2026, 11, 9), last_payment_on=date(2026, 11, 2)
    )  # fmt: skip
    _, debtor, claim = found(told)
    ends = limitation_of(debtor, claim, (), LAW.terms)

    assert ends is not None
    assert [one.kind for one in ends.interruptions] == [
        InterruptionKind.PAYMENT,
        InterruptionKind.DEMAND,
    ]


def test_limitation_of_a_claim_without_a_due_date_is_not_known() -> None:
    _, debtor, claim = found(books(consumer(), due=None))

    assert limitation_of(debtor, claim, (), LAW.terms) is None


def test_claim_without_a_due_date_has_no_default_to_rest_a_notice_on() -> None:
    ledger, debtor, claim = found(books(consumer(), notice()), policy(HAND_OVER))
    undated = replace(claim, due=None)

    assert code(against(ledger, debtor, undated, terms=LAW.terms, today=TODAY)) == "notice_missing"


def test_notice_that_came_before_default_does_not_count() -> None:
    """Art. 6:96 lid 6 BW: after default began. The default notice may have come back since."""
    undone = books(consumer(), notice(), creditor=REGISTERED)
    late = books(consumer(), notice(), due=date(2026, 11, 2))

    assert code(against_step(HAND_OVER, undone)) == "notice_missing"
    assert code(against_step(HAND_OVER, late)) == "notice_missing"


def test_claim_in_another_currency_is_handed_over_without_a_notice_and_without_costs() -> None:
    """No notice can announce costs in it: nobody would be able to move it otherwise."""
    assert against_step(HAND_OVER, books(consumer(), open=dollar("121.00"))) is None


def test_every_notice_interrupts_limitation() -> None:
    """Art. 3:317 lid 1 BW."""
    first = notice(kind=DEFAULT, delivered_on=date(2025, 1, 6), received_on=date(2025, 1, 6))
    _, debtor, claim = found(books(consumer(), due=date(2023, 6, 1), basis="sale"))

    alone = limitation_of(debtor, claim, (), LAW.terms)
    interrupted = limitation_of(debtor, claim, (first,), LAW.terms)

    assert alone is not None
    assert interrupted is not None
    assert (alone.last_day, interrupted.last_day) == (date(2025, 6, 1), date(2027, 1, 6))
