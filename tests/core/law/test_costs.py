"""Collection costs by the scale, in trade, as agreed, and VAT on them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.law.costs import (
    AgreedCosts,
    CostBound,
    CostLine,
    CostReason,
    Costs,
    agreed_costs,
    collection_costs,
    trade_costs,
)
from connector.core.law.vat import (
    VatDeduction,
    VatOnCosts,
    VatPosition,
    VatReason,
    vat_on_costs,
)
from connector.core.policy.model import DebtorKind
from connector.port.money import Money
from tests.core.law.make import FIGURES
from tests.core.properties.books import QUICK
from tests.make import euro

TODAY = date(2026, 11, 23)
SCALE = FIGURES.scale_on(TODAY)
TRADE_SUM = FIGURES.trade_sum_on(TODAY)
NOTHING = euro("0.00")
AGREED = AgreedCosts(percentage=Decimal(15), minimum=euro(75), clause="art. 9 AV 2025")


def costs(amount: str) -> Costs:
    return collection_costs(euro(amount), SCALE)


@pytest.mark.parametrize(
    ("principal", "amount"),
    [
        # the steps of the decree, Stb. 2012, 141
        ("2500.00", "375.00"),
        ("5000.00", "625.00"),
        ("10000.00", "875.00"),
        ("200000.00", "2775.00"),
        ("1000000.00", "6775.00"),
        # between the steps
        ("1000.00", "150.00"),
        ("3200.00", "445.00"),
        ("12345.67", "898.46"),
        ("265000.00", "3100.00"),
        # minimum and maximum
        ("0.01", "40.00"),
        ("45.00", "40.00"),
        ("266.67", "40.00"),
        ("266.70", "40.01"),
        ("1000000.01", "6775.00"),
        ("99999999.99", "6775.00"),
    ],
)
def test_costs_follow_the_scale_of_the_decree(principal: str, amount: str) -> None:
    assert costs(principal).amount == euro(amount)


@pytest.mark.parametrize(
    ("principal", "bound"),
    [
        ("266.66", CostBound.MINIMUM),
        ("266.67", None),  # 40.0005
        ("1000000.00", None),
        ("1000001.00", CostBound.MAXIMUM),
    ],
)
def test_costs_say_whether_minimum_or_maximum_set_them(
    principal: str, bound: CostBound | None
) -> None:
    assert costs(principal).bound is bound


def test_costs_show_each_slice_exactly() -> None:
    expected = (
        CostLine(base=euro("2500"), percent=Decimal(15), amount=Decimal(375)),
        CostLine(base=euro("2500"), percent=Decimal(10), amount=Decimal(250)),
        CostLine(base=euro("5000"), percent=Decimal(5), amount=Decimal(250)),
        CostLine(base=euro("2345.67"), percent=Decimal(1), amount=Decimal("23.4567")),
    )

    assert costs("12345.67").lines == expected


def test_costs_are_rounded_half_up_and_once() -> None:
    """300.10 at 15 % is 45.015; 2,500.05 has 375 and 0.005: rounded per slice it is the same."""
    assert (costs("300.10").amount, costs("2500.05").amount) == (euro("45.02"), euro("375.01"))


def test_costs_name_their_article_and_source() -> None:
    found = costs("1000.00")

    assert ("6:96 lid 5 BW" in found.article, "Stb. 2012, 141" in found.source) == (True, True)


@pytest.mark.parametrize("principal", ["0.00", "-121.00"])
def test_nothing_open_costs_nothing(principal: str) -> None:
    expected = Costs(principal=euro(principal), amount=NOTHING, reason=CostReason.NOTHING_OPEN)

    assert costs(principal) == expected


def test_no_scale_for_the_day_costs_nothing() -> None:
    scale = FIGURES.scale_on(date(2012, 6, 30))

    assert collection_costs(euro(1000), scale).reason is CostReason.NO_FIGURE


def test_foreign_law_costs_nothing_dutch() -> None:
    found = collection_costs(euro(1000), SCALE, dutch_law=False)

    assert (found.amount, found.reason) == (NOTHING, CostReason.FOREIGN_LAW)


@pytest.mark.parametrize(
    ("dutch_law", "reason"),
    [(True, CostReason.FOREIGN_CURRENCY), (False, CostReason.FOREIGN_LAW)],
)
def test_a_scale_in_euro_says_nothing_about_dollars(dutch_law: bool, reason: CostReason) -> None:
    dollars = Money(Decimal(1000), "USD")

    assert collection_costs(dollars, SCALE, dutch_law=dutch_law).reason is reason


@pytest.mark.parametrize(
    ("principal", "invoices", "amount", "bound"),
    [
        ("45.00", 1, "40.00", CostBound.MINIMUM),
        ("1000.00", 1, "150.00", None),
        ("1000.00", 3, "150.00", None),
        ("1000.00", 4, "160.00", CostBound.TRADE_SUM),  # CJEU C-585/20: per invoice, when chosen
        ("100.00", 2, "80.00", CostBound.TRADE_SUM),
    ],
)
def test_forty_euro_in_trade_is_a_floor_and_never_comes_on_top(
    principal: str, invoices: int, amount: str, bound: CostBound | None
) -> None:
    """Art. 6:96 lid 4 BW."""
    found = trade_costs(euro(principal), SCALE, TRADE_SUM, invoices=invoices)

    assert (found.amount, found.bound) == (euro(amount), bound)


def test_forty_euro_is_named_by_its_own_article() -> None:
    found = trade_costs(euro(100), SCALE, TRADE_SUM, invoices=2)

    assert found.article == "6:96 lid 4 BW"


@pytest.mark.parametrize(
    ("principal", "dutch_law", "reason"),
    [("0.00", True, CostReason.NOTHING_OPEN), ("100.00", False, CostReason.FOREIGN_LAW)],
)
def test_forty_euro_is_not_due_over_nothing_or_abroad(
    principal: str, dutch_law: bool, reason: CostReason
) -> None:
    found = trade_costs(euro(principal), SCALE, TRADE_SUM, dutch_law=dutch_law)

    assert (found.amount, found.reason) == (NOTHING, reason)


def test_without_a_fixed_sum_the_scale_is_left() -> None:
    assert trade_costs(euro(100), SCALE, None, invoices=9) == costs("100")


@pytest.mark.parametrize(
    ("principal", "amount", "bound"),
    [("1000.00", "150.00", None), ("100.00", "75.00", CostBound.AGREED_MINIMUM)],
)
def test_a_business_owes_what_it_agreed(
    principal: str, amount: str, bound: CostBound | None
) -> None:
    found = agreed_costs(euro(principal), AGREED, DebtorKind.COMPANY)

    assert (found.amount, found.bound, found.article) == (euro(amount), bound, "art. 9 AV 2025")


def test_agreed_costs_need_no_minimum() -> None:
    agreed = AgreedCosts(percentage=Decimal("12.5"), clause="art. 9")

    assert agreed_costs(euro("100.04"), agreed, DebtorKind.PARTNERSHIP).amount == euro("12.51")


@pytest.mark.parametrize("kind", [DebtorKind.CONSUMER, DebtorKind.UNKNOWN])
def test_a_consumer_owes_no_agreed_costs(kind: DebtorKind) -> None:
    """Art. 6:96 lid 5 BW."""
    found = agreed_costs(euro(1000), AGREED, kind)

    assert (found.amount, found.reason) == (NOTHING, CostReason.NOT_A_BUSINESS)


@pytest.mark.parametrize(
    ("principal", "agreed", "reason"),
    [
        (euro(1000), AgreedCosts(percentage=Decimal(15)), CostReason.NO_CLAUSE),
        (euro(1000), AgreedCosts(percentage=Decimal(15), clause=""), CostReason.NO_CLAUSE),
        (euro(0), AGREED, CostReason.NOTHING_OPEN),
        (Money(Decimal(1000), "USD"), AGREED, CostReason.FOREIGN_CURRENCY),
    ],
)
def test_agreed_costs_need_a_clause_and_something_open(
    principal: Money, agreed: AgreedCosts, reason: CostReason
) -> None:
    assert agreed_costs(principal, agreed, DebtorKind.COMPANY).reason is reason


@pytest.mark.parametrize(
    ("outsourced", "deduction", "declared", "reason"),
    [
        (False, VatDeduction.NONE, True, VatReason.NOT_OUTSOURCED),
        (True, VatDeduction.FULL, True, VatReason.DEDUCTIBLE),
        (True, VatDeduction.PARTIAL, True, VatReason.PARTLY_DEDUCTIBLE),
        (True, None, True, VatReason.DEDUCTION_UNKNOWN),
        (True, VatDeduction.NONE, False, VatReason.NOT_DECLARED),
    ],
)
def test_no_vat_unless_all_three_conditions_hold(
    outsourced: bool, deduction: VatDeduction | None, declared: bool, reason: VatReason
) -> None:
    position = VatPosition(outsourced=outsourced, deduction=deduction, declared=declared)
    expected = VatOnCosts(percent=Decimal(0), amount=NOTHING, reason=reason)

    assert vat_on_costs(euro(150), position, Decimal(21)) == expected


def test_costs_are_raised_by_vat_that_can_not_be_deducted() -> None:
    """Art. 2 lid 3 of the decree: 21 % over the costs, here over the minimum."""
    position = VatPosition(outsourced=True, deduction=VatDeduction.NONE, declared=True)
    expected = VatOnCosts(percent=Decimal(21), amount=euro("8.40"))

    assert vat_on_costs(costs("45").amount, position, FIGURES.vat_on(TODAY)) == expected


def test_no_vat_for_a_day_without_a_rate() -> None:
    position = VatPosition(outsourced=True, deduction=VatDeduction.NONE, declared=True)

    assert vat_on_costs(euro(150), position, None).reason is VatReason.NO_FIGURE


cents = st.integers(1, 2 * 10**8).map(lambda units: Money.from_minor(units, "EUR"))


@QUICK
@given(cents, cents)
def test_more_principal_never_costs_less(one: Money, other: Money) -> None:
    low, high = sorted([one, other])

    assert collection_costs(low, SCALE).amount <= collection_costs(high, SCALE).amount


@QUICK
@given(cents)
def test_costs_stay_between_minimum_and_maximum(principal: Money) -> None:
    assert euro(40) <= collection_costs(principal, SCALE).amount <= euro(6775)


@QUICK
@given(cents, cents)
def test_claims_together_never_cost_more_than_apart(one: Money, other: Money) -> None:
    """Each of the two is rounded on its own, so apart they may come to a cent less."""
    apart = collection_costs(one, SCALE).amount + collection_costs(other, SCALE).amount

    assert collection_costs(one + other, SCALE).amount <= apart + euro("0.01")


@QUICK
@given(cents)
def test_the_slices_make_up_the_principal(principal: Money) -> None:
    lines = collection_costs(principal, SCALE).lines

    assert sum((line.base for line in lines), start=euro(0)) == principal


@QUICK
@given(cents)
def test_a_cent_more_costs_at_most_a_cent_more(principal: Money) -> None:
    more = collection_costs(principal + euro("0.01"), SCALE).amount

    assert more - collection_costs(principal, SCALE).amount <= euro("0.01")


@QUICK
@given(cents, st.integers(1, 20))
def test_costs_in_trade_are_never_below_the_scale(principal: Money, invoices: int) -> None:
    found = trade_costs(principal, SCALE, TRADE_SUM, invoices=invoices)

    assert found.amount >= collection_costs(principal, SCALE).amount
