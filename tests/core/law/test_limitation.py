"""Until when a claim can be enforced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.law.limitation import (
    WARN_DAYS,
    ClaimOrigin,
    Interruption,
    InterruptionKind,
    Limitation,
    limitation,
)
from connector.core.policy.model import DebtorKind
from tests.core.law.terms import DAY, TERMS
from tests.core.properties.books import QUICK

DUE = date(2024, 3, 31)
CONSUMER, COMPANY = DebtorKind.CONSUMER, DebtorKind.COMPANY


def demand(on: date) -> Interruption:
    return Interruption(kind=InterruptionKind.DEMAND, on=on)


def of(
    *interruptions: Interruption,
    kind: DebtorKind = COMPANY,
    basis: str | None = "services",
    due: date = DUE,
) -> Limitation:
    return limitation(ClaimOrigin(due=due, kind=kind, basis=basis), interruptions, TERMS)


def test_claim_from_a_contract_lapses_after_five_years() -> None:
    """Art. 3:307 BW: five years from the start of the day after it fell due."""
    expected = Limitation(
        starts_on=date(2024, 4, 1),
        last_day=date(2029, 3, 31),
        years=5,
        article="3:307 BW",
        interruptions=(),
        at_the_latest=date(2029, 3, 31),
    )

    assert of() == expected


@pytest.mark.parametrize(
    ("kind", "basis", "years", "article"),
    [
        (CONSUMER, "sale", 2, "7:28 BW"),
        (CONSUMER, "goods", 2, "7:28 BW"),
        (CONSUMER, "services", 5, "3:307 BW"),
        (CONSUMER, "loan", 5, "3:307 BW"),
        (CONSUMER, "other", 5, "3:307 BW"),
        (CONSUMER, "rent", 5, "3:308 BW"),
        (CONSUMER, "subscription", 5, "3:308 BW"),
        (CONSUMER, None, 2, "7:28 BW"),
        (CONSUMER, "verkoop", 2, "7:28 BW"),  # a word that nobody knows
        (DebtorKind.UNKNOWN, "sale", 2, "7:28 BW"),
        (DebtorKind.UNKNOWN, None, 2, "7:28 BW"),
        (DebtorKind.SOLE_TRADER, "sale", 5, "3:307 BW"),
        (DebtorKind.PARTNERSHIP, None, 5, "3:307 BW"),
        (COMPANY, "sale", 5, "3:307 BW"),
        (DebtorKind.PUBLIC_BODY, None, 5, "3:307 BW"),
    ],
)
def test_only_a_sale_of_movables_to_a_consumer_lapses_after_two_years(
    kind: DebtorKind, basis: str | None, years: int, article: str
) -> None:
    found = of(kind=kind, basis=basis)

    assert (found.years, found.article) == (years, article)


def test_a_consumer_debt_of_unknown_basis_counts_as_barred_after_the_shorter_term() -> None:
    found = of(kind=CONSUMER, basis=None)

    assert (found.last_day, found.at_the_latest, found.is_certain) == (
        date(2026, 3, 31),
        date(2029, 3, 31),
        False,
    )


@pytest.mark.parametrize(
    ("kind", "basis"), [(CONSUMER, "sale"), (CONSUMER, "services"), (COMPANY, None)]
)
def test_a_known_basis_leaves_no_doubt(kind: DebtorKind, basis: str | None) -> None:
    assert of(kind=kind, basis=basis).is_certain


def test_a_demand_that_came_too_late_for_a_sale_still_counts_if_it_was_none() -> None:
    late = demand(date(2027, 1, 10))
    found = of(late, kind=CONSUMER, basis=None)

    assert (found.last_day, found.at_the_latest, found.interruptions) == (
        date(2026, 3, 31),
        date(2032, 1, 10),
        (),
    )


def test_a_demand_starts_a_new_term_the_next_day() -> None:
    """Art. 3:317 and 3:319 BW; for the price of movables again two years."""
    found = of(demand(date(2025, 6, 2)), kind=CONSUMER, basis="sale")

    assert (found.starts_on, found.last_day) == (date(2025, 6, 3), date(2027, 6, 2))


@pytest.mark.parametrize("kind", InterruptionKind)
def test_whatever_interrupts_starts_the_same_new_term(kind: InterruptionKind) -> None:
    found = of(Interruption(kind=kind, on=date(2025, 6, 2)))

    assert found.last_day == date(2030, 6, 2)


def test_interruptions_follow_each_other_in_order_of_their_days() -> None:
    first, second = demand(date(2025, 12, 1)), demand(date(2027, 11, 1))
    found = of(second, first, kind=CONSUMER, basis="sale")

    assert (found.last_day, found.interruptions) == (date(2029, 11, 1), (first, second))


@pytest.mark.parametrize(
    "on",
    [
        date(2024, 3, 28),  # before it was due
        DUE,
        date(2029, 4, 1),  # the day after it lapsed
    ],
)
def test_what_comes_before_or_after_the_term_interrupts_nothing(on: date) -> None:
    assert of(demand(on)) == of()


def test_a_demand_on_the_last_day_is_in_time() -> None:
    assert of(demand(date(2029, 3, 31))).last_day == date(2034, 3, 31)


def test_a_new_term_is_five_years_at_most_and_never_ends_before_the_original() -> None:
    """Art. 3:319 lid 2 BW."""

    class Long:
        claim_years = 20
        consumer_sale_years = 2
        interruption_years = 5

    origin = ClaimOrigin(due=DUE, kind=COMPANY)
    early = limitation(origin, [demand(date(2025, 1, 1))], Long())
    late = limitation(origin, [demand(date(2043, 1, 1))], Long())

    assert (early.last_day, late.last_day) == (date(2044, 3, 31), date(2048, 1, 1))


def test_a_leap_day_that_the_last_year_lacks_is_the_day_before() -> None:
    assert of(due=date(2024, 2, 29)).last_day == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("days_before", "level"),
    [(181, None), (180, 180), (61, 180), (60, 60), (31, 60), (30, 30), (0, 30), (-1, None)],
)
def test_a_warning_comes_at_180_60_and_30_days(days_before: int, level: int | None) -> None:
    found = of()

    assert found.warning(found.last_day - timedelta(days=days_before)) == level


def test_the_furthest_level_comes_first() -> None:
    assert sorted(WARN_DAYS, reverse=True) == list(WARN_DAYS)


def test_a_claim_is_barred_from_the_day_after_its_last_day() -> None:
    found = of()

    assert (found.is_barred(found.last_day), found.is_barred(found.last_day + DAY)) == (False, True)


def test_a_debt_that_is_never_due_never_lapses() -> None:
    assert not of(due=date.max).is_barred(date(2200, 1, 1))


days_between = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@QUICK
@given(st.lists(days_between, max_size=8), days_between, st.sampled_from(["sale", "services"]))
def test_no_interruption_shortens_a_term(demands: list[date], due: date, basis: str) -> None:
    plain = of(kind=CONSUMER, basis=basis, due=due)
    found = of(*map(demand, demands), kind=CONSUMER, basis=basis, due=due)

    assert found.last_day >= plain.last_day


@QUICK
@given(st.lists(days_between, max_size=8), days_between)
def test_doubt_never_makes_a_claim_last_longer(demands: list[date], due: date) -> None:
    unsure = of(*map(demand, demands), kind=CONSUMER, basis=None, due=due)

    assert unsure.last_day <= unsure.at_the_latest
