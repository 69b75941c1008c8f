"""Costs over several claims, over recurring instalments, and after the term."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.law.claimed_costs import (
    ChargedCosts,
    CostClaim,
    costs_after_term,
    costs_of_claims,
    open_at_end,
)
from connector.core.law.costs import CostBound, CostReason, Costs, collection_costs
from connector.port.money import Money
from tests.core.law.make import FIGURES
from tests.core.properties.books import QUICK
from tests.make import euro

TODAY = date(2026, 11, 23)
SCALE = FIGURES.scale_on(TODAY)
RULE = FIGURES.cumulation_on(TODAY)
NOTHING = euro("0.00")
LAST_DAY = date(2026, 9, 21)


def claim(amount: str, contract: str | None = None) -> CostClaim:
    return CostClaim(principal=euro(amount), contract=contract)


def charged(on: date, amount: str, contract: str = "sport") -> ChargedCosts:
    return ChargedCosts(contract=contract, charged_on=on, amount=euro(amount))


def over(*claims: CostClaim, before: tuple[ChargedCosts, ...] = (), on: date = TODAY) -> Costs:
    return costs_of_claims(claims, SCALE, rule=RULE, charged=before, on=on)


def after(open_: str, announced: str, allowed: str | None = None) -> Costs:
    return costs_after_term(
        euro(open_), SCALE, announced=euro(announced), allowed=euro(allowed or announced)
    )


def test_claims_are_added_before_the_scale_is_applied() -> None:
    """Art. 6:96 lid 7 BW: three claims of 100.00 cost 45.00 and not three times 40.00."""
    assert over(claim("100"), claim("100"), claim("100")).amount == euro("45.00")


def test_credits_lower_the_base_first() -> None:
    assert over(claim("1000"), claim("-200")).amount == euro("120.00")


def test_no_claims_cost_nothing() -> None:
    assert over().reason is CostReason.NOTHING_OPEN


@pytest.mark.parametrize(
    ("before", "amount"),
    [
        ((), "40.00"),
        ((charged(date(2026, 10, 1), "40.00"),), "20.00"),
        ((charged(date(2026, 6, 1), "40"), charged(date(2026, 9, 1), "80")), "20.00"),
        ((charged(date(2026, 6, 1), "40"), charged(date(2026, 9, 1), "85")), "15.00"),
        # the window of six months opens the day after 23 May
        ((charged(date(2026, 5, 23), "140.00"),), "40.00"),
        ((charged(date(2026, 5, 24), "40.00"),), "20.00"),
        # what was charged for another contract does not count
        ((charged(date(2026, 10, 1), "140.00", "krant"),), "40.00"),
    ],
)
def test_recurring_instalments_cost_forty_once_and_then_twenty(
    before: tuple[ChargedCosts, ...], amount: str
) -> None:
    """Stb. 2024, 44: 140.00 at most per six months; the steps are remembered figures."""
    assert over(claim("30", "sport"), before=before).amount == euro(amount)


@pytest.mark.parametrize("used", ["140.00", "180.00"])
def test_nothing_is_left_when_the_most_of_six_months_is_charged(used: str) -> None:
    found = over(claim("30", "sport"), before=(charged(date(2026, 9, 1), used),))

    assert (found.amount, found.reason) == (NOTHING, CostReason.CUMULATION_REACHED)


def test_one_notice_for_several_instalments_counts_as_one_step() -> None:
    """Four instalments of 200.00 would cost 120.00 by the scale."""
    found = over(*[claim("200", "sport")] * 4)

    assert (found.amount, found.bound) == (euro("40.00"), CostBound.CUMULATION)


def test_six_months_of_missed_instalments_cost_a_hundred_and_forty() -> None:
    before: tuple[ChargedCosts, ...] = ()
    for month in range(1, 8):
        on = date(2026, month, 1)
        costs = over(claim("30", "sport"), before=before, on=on)
        before = (*before, ChargedCosts(contract="sport", charged_on=on, amount=costs.amount))

    # January to June together 140.00; in July the 40.00 of January has left the window
    assert [one.amount for one in before] == [euro(40), *[euro(20)] * 6]


def test_a_rolling_half_year_never_holds_more_than_the_most() -> None:
    before = tuple(charged(date(2026, month, 2), "28.00") for month in range(2, 7))
    found = over(claim("30", "sport"), before=before, on=date(2026, 7, 1))

    assert found.reason is CostReason.CUMULATION_REACHED


@pytest.mark.parametrize(
    ("claims", "on", "amount"),
    [
        ([claim("30")], TODAY, "40.00"),  # not known to be one of a contract
        ([claim("266.68", "sport")], TODAY, "40.00"),  # larger than the rule is for
        ([claim("30", "sport")], date(2024, 9, 30), "40.00"),  # before the rule
    ],
)
def test_the_rule_is_for_known_small_instalments_since_october_2024(
    claims: list[CostClaim], on: date, amount: str
) -> None:
    before = (charged(date(2026, 11, 1), "140.00"), charged(date(2024, 9, 1), "140.00"))

    assert over(*claims, before=before, on=on).amount == euro(amount)


def test_without_a_rule_for_the_day_the_scale_is_left() -> None:
    claims = [claim("30", "sport")]
    found = costs_of_claims(claims, SCALE, rule=None, charged=[], on=date(2024, 1, 1))

    assert found.amount == euro("40.00")


def test_other_claims_in_the_notice_cost_what_they_cost_alone() -> None:
    """1,000.00 costs 150.00; with an instalment of 30.00 the scale would say 154.50."""
    used_up = (charged(date(2026, 9, 1), "140.00"),)
    found = over(claim("1000"), claim("30", "sport"), before=used_up)

    assert (found.amount, found.bound) == (euro("150.00"), CostBound.CUMULATION)


def test_an_instalment_never_costs_more_than_by_the_scale() -> None:
    found = over(claim("1000"), claim("30", "sport"))

    assert (found.amount, found.bound) == (euro("154.50"), None)


def test_each_contract_has_a_window_of_its_own() -> None:
    found = over(*[claim("200", "sport")] * 3, *[claim("200", "krant")] * 3)

    assert found.amount == euro("80.00")


def test_the_rule_is_named_when_it_sets_the_amount() -> None:
    found = over(*[claim("200", "sport")] * 4)

    assert "Stb. 2024, 44" in found.source


def test_the_window_looks_back_from_the_last_day_of_a_short_month() -> None:
    used_up = (charged(date(2026, 2, 28), "140.00"),)

    found = [over(claim("30", "sport"), before=used_up, on=date(2026, 8, day)) for day in (27, 31)]
    assert [one.amount for one in found] == [NOTHING, euro("40.00")]


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2026, 9, 1), "400.00"),  # before the notice
        (LAST_DAY, "400.00"),  # within the term
        (date(2026, 9, 22), "1000.00"),  # after it: costs are due, and are paid first
    ],
)
def test_a_payment_lowers_the_base_until_the_term_ends(day: date, left: str) -> None:
    assert open_at_end(euro(1000), [(day, euro(600))], LAST_DAY) == euro(left)


@pytest.mark.parametrize(
    ("open_", "amount"),
    [
        ("1000.00", "150.00"),
        ("400.00", "60.00"),  # over the remainder only
        ("100.00", "40.00"),  # the minimum again
    ],
)
def test_costs_after_the_term_are_over_what_was_open_at_its_end(open_: str, amount: str) -> None:
    """HR 25-11-2016, ECLI:NL:HR:2016:2704: part payment within the term."""
    assert after(open_, "150.00").amount == euro(amount)


@pytest.mark.parametrize("open_", ["0.00", "-10.00"])
def test_who_paid_within_the_term_owes_no_costs(open_: str) -> None:
    found = after(open_, "150.00")

    assert (found.amount, found.reason) == (NOTHING, CostReason.PAID_IN_TIME)


def test_costs_are_never_more_than_the_notice_said() -> None:
    found = after("1000.00", "100.00", allowed="150.00")

    assert (found.amount, found.bound) == (euro("100.00"), CostBound.ANNOUNCED)


def test_a_notice_that_said_too_much_is_void() -> None:
    found = after("1000.00", "150.01", allowed="150.00")

    assert (found.amount, found.reason) == (NOTHING, CostReason.ANNOUNCED_TOO_HIGH)


def test_a_notice_that_stated_no_costs_gives_none() -> None:
    assert after("1000.00", "0.00", allowed="150.00").reason is CostReason.NOT_ANNOUNCED


def test_no_scale_for_the_day_gives_no_costs_after_the_term() -> None:
    found = costs_after_term(euro(1000), None, announced=euro(150), allowed=euro(150))

    assert found.reason is CostReason.NO_FIGURE


cents = st.integers(1, 10**7).map(lambda units: Money.from_minor(units, "EUR"))
claims = st.lists(
    st.builds(
        lambda principal, contract: CostClaim(principal=principal, contract=contract),
        cents | st.integers(1, 30000).map(lambda units: Money.from_minor(units, "EUR")),
        st.sampled_from([None, "sport", "krant"]),
    ),
    max_size=6,
)
past = st.lists(
    st.builds(
        lambda day, units, contract: ChargedCosts(
            contract=contract, charged_on=day, amount=Money.from_minor(units, "EUR")
        ),
        st.dates(date(2026, 3, 1), TODAY),
        st.integers(0, 14000),
        st.sampled_from(["sport", "krant"]),
    ),
    max_size=6,
)


@QUICK
@given(claims, past)
def test_the_rule_for_instalments_never_raises_costs(
    some: list[CostClaim], before: list[ChargedCosts]
) -> None:
    total = sum((one.principal for one in some), start=euro(0))

    assert over(*some, before=tuple(before)).amount <= collection_costs(total, SCALE).amount


@QUICK
@given(cents, cents, cents)
def test_costs_after_the_term_never_exceed_notice_or_scale(
    principal: Money, payment: Money, announced: Money
) -> None:
    allowed = collection_costs(principal, SCALE).amount
    found = costs_after_term(principal - payment, SCALE, announced=announced, allowed=allowed)

    assert found.amount <= min(allowed, announced)
