"""Interest of a handover: the lines that come to the approved amount, or none at all."""

from dataclasses import replace
from datetime import date

import pytest

from connector.core.charges import ChargeKind
from connector.core.dossier.account import Account, after_credits, default_of
from connector.core.dossier.costs import differs
from connector.core.dossier.interest import interest_of
from connector.core.dossier.legal import DefaultFacts, DefaultGround, InterestFacts
from connector.core.lawful import default_from
from connector.core.policy.model import DebtorKind, Interest, StepKind
from connector.core.snapshot import Creditor
from tests.core import make_core as core
from tests.core.dossier.samples import euro
from tests.core.dossier.stories import (
    PARTY,
    account,
    charge,
    charges,
    consumer_account,
    credit,
    message,
    notice,
    planned,
    trade_account,
)

DUE = date(2025, 5, 31)
AGREED = Interest.model_validate({"rate": "8.0", "clause": "art. 9 AV 2025"})


def bearing(amount: str, article: str = "art. 6:119 BW", **changes: object) -> Account:
    """Return an account of EUR 1,210.00, due 31 May 2025, with this interest through 15 January."""
    item = planned("F1", DUE, "1210.00", interest=amount)
    claimed = charges(
        interest=euro(amount), interest_article=article, interest_through=date(2026, 1, 15)
    )
    return account(message(StepKind.HAND_OVER, item, charges=claimed), **changes)


def only(known: Account) -> InterestFacts:
    (facts,) = interest_of(known).values()
    return facts


def test_statutory_interest_is_told_in_a_line_for_each_rate() -> None:
    """214 days at 6 and 15 at 4 per cent: docs/law.md, art. 6:119 BW."""
    found = only(bearing("44.56"))

    lines = [(line.days, str(line.percent), str(line.interest)) for line in found.statement.lines]
    assert lines == [(214, "6", "42.57"), (15, "4", "1.99")]
    assert (found.article, found.clause, found.final) == ("6:119 BW", None, True)


def test_commercial_interest_compounds_after_a_year() -> None:
    """EUR 8,470.00 due 31 December 2024, through 31 August 2026: docs/law.md, art. 6:119a BW."""
    found = only(trade_account())

    assert [str(line.base) for line in found.statement.lines] == [
        "8470.00", "8470.00", "9371.71", "9371.71",
    ]  # fmt: skip
    assert str(found.statement.interest) == "1538.98"


def test_a_part_payment_lowers_the_base_from_the_next_day() -> None:
    found = only(consumer_account())

    assert [(line.from_, str(line.base)) for line in found.statement.lines] == [
        (date(2025, 6, 1), "1210.00"),
        (date(2025, 8, 21), "1000.00"),
        (date(2026, 1, 1), "1000.00"),
    ]


def test_each_further_day_adds_a_day_of_interest_over_the_base() -> None:
    assert only(trade_account()).daily == euro("2.67")  # 9,371.71 x 10.40 % / 365


def test_a_further_day_is_not_known_where_the_figures_end() -> None:
    item = planned("F1", DUE, "1210.00", interest="92.43")
    claimed = charges(
        interest=euro("92.43"), interest_article="art. 6:119 BW",
        interest_through=date(2026, 12, 31), provisional=True,
    )  # fmt: skip
    known = account(message(StepKind.HAND_OVER, item, charges=claimed), on=date(2027, 2, 1))

    found = only(known)

    assert (found.daily, found.final) == (None, False)


def test_agreed_interest_names_its_clause_and_no_article() -> None:
    known = bearing(
        "60.73", "art. 9 AV 2025", interest=AGREED, kind=DebtorKind.COMPANY
    )  # 1,210.00 x 8 % x 229 / 365

    found = only(known)

    assert (found.article, found.clause) == (None, "art. 9 AV 2025")


def test_a_public_body_owes_the_interest_of_its_own_article() -> None:
    known = bearing("78.05", "art. 6:119b BW", kind=DebtorKind.PUBLIC_BODY)

    assert only(known).article == "6:119b BW"


def test_interest_that_came_in_before_is_taken_off() -> None:
    paid = charge(
        "F1", "10.00", kind=ChargeKind.INTEREST, paid=euro("10.00"), by_notice=False, action="x"
    )

    found = only(bearing("34.56", charges=(paid,)))

    assert (found.statement.interest, found.paid, found.amount) == (
        euro("44.56"), euro("10.00"), euro("34.56"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "known",
    [
        bearing("44.57"),
        bearing("44.56", due_date_agreed=False),
        bearing("60.73", "art. 9 AV 2025"),
        bearing("60.73", "art. 9 AV 2025", interest=None),
        bearing("60.73", "art. 10", interest=AGREED),
    ],
    ids=["a cent more", "no default", "statutory by now", "no track any more", "other clause"],
)
def test_interest_that_its_lines_do_not_come_to_is_not_told(known: Account) -> None:
    found = interest_of(known)

    assert found == {}
    assert differs(known, found, None) == ("claims[F1].interest",)


def test_interest_without_a_last_day_is_not_told() -> None:
    known = bearing("44.56")
    assert known.action.charges is not None
    endless = replace(known.action.charges, interest_through=None)

    assert interest_of(replace(known, action=replace(known.action, charges=endless))) == {}


def test_a_handover_without_charges_tells_no_interest() -> None:
    known = account(message(StepKind.HAND_OVER, planned("F1", DUE, "1210.00")))

    assert (interest_of(known), differs(known, {}, None)) == ({}, ())


def test_credits_count_first_against_the_invoice_that_they_name_then_the_oldest() -> None:
    items = (planned("F1", DUE, "100.00"), planned("F2", date(2025, 6, 30), "50.00"))
    handover = message(
        StepKind.HAND_OVER, *items, credits=(credit("C1", "60.00", "F2"), credit("C2", "15.00"))
    )

    left = after_credits(handover)

    assert [left[item.id] for item in items] == [euro("75.00"), euro("0.00")]


@pytest.mark.parametrize("agreed", [True, False])
@pytest.mark.parametrize("noticed", [True, False])
@pytest.mark.parametrize("kind", DebtorKind)
def test_default_is_the_same_day_as_in_the_plan(
    kind: DebtorKind, *, noticed: bool, agreed: bool
) -> None:
    item = planned("F1", DUE, "1210.00")
    notices = (notice("F1", StepKind.DEFAULT_NOTICE),) if noticed else ()
    known = account(
        message(StepKind.HAND_OVER, item), kind=kind, due_date_agreed=agreed, notices=notices
    )

    found = default_of(known, item)

    in_plan = core.item("F1", due=DUE, id=item.id, party=PARTY)
    ledger = core.snapshot(
        in_plan, creditor=Creditor(due_date_agreed=agreed), notices={PARTY: notices},
        parties=[core.party(PARTY)],
    )  # fmt: skip
    (debtor,) = core.findings_of(ledger).debtors
    expected = default_from(ledger, replace(debtor, kind=kind), debtor.claims[0])
    assert (found.on if found else None) == expected


def test_default_after_a_notice_names_it() -> None:
    item = planned("F1", DUE, "1210.00")
    known = account(
        message(StepKind.HAND_OVER, item), due_date_agreed=False,
        notices=(notice("F1", StepKind.DEFAULT_NOTICE),),
    )  # fmt: skip

    assert default_of(known, item) == DefaultFacts(
        on=date(2025, 10, 8), ground=DefaultGround.DEFAULT_NOTICE
    )
