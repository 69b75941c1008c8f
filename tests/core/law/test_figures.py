"""The figures of the law: what is in force on a day, and what is not known."""

from datetime import date
from decimal import Decimal

import pytest

from connector.core.law.figures import CostSlice, InterestKind, agreed_rate, read_figures
from tests.core.law.make import FIGURES, TEXTS

STATUTORY = FIGURES.statutory
COMMERCIAL = FIGURES.commercial


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2001, 1, 1), "8"),
        (date(2011, 6, 30), "3"),
        (date(2011, 7, 1), "4"),
        (date(2022, 12, 31), "2"),
        (date(2023, 1, 1), "4"),
        (date(2023, 7, 1), "6"),
        (date(2024, 1, 1), "7"),
        (date(2025, 12, 31), "6"),
        (date(2026, 1, 1), "4"),
        (date(2026, 12, 31), "4"),
    ],
)
def test_statutory_interest_is_as_the_decrees_set_it(day: date, percent: str) -> None:
    rate = STATUTORY.on(day)

    assert rate is not None
    assert rate.percent == Decimal(percent)


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2002, 8, 8), "7.00"),
        (date(2013, 3, 15), "7.75"),
        (date(2013, 3, 16), "8.75"),
        (date(2016, 6, 30), "8.05"),
        (date(2022, 12, 31), "8.00"),
        (date(2024, 7, 1), "12.25"),
        (date(2026, 6, 30), "10.15"),
        (date(2026, 7, 1), "10.40"),
    ],
)
def test_commercial_interest_is_that_of_the_half_year(day: date, percent: str) -> None:
    rate = COMMERCIAL.on(day)

    assert rate is not None
    assert rate.percent == Decimal(percent)


def test_no_rate_is_known_before_the_first() -> None:
    assert STATUTORY.on(date(2000, 12, 31)) is None
    assert COMMERCIAL.on(date(2002, 8, 7)) is None


def test_last_known_rate_is_never_carried_forward() -> None:
    assert STATUTORY.on(date(2027, 1, 1)) is None
    assert COMMERCIAL.on(date(2027, 1, 1)) is None


def test_rates_ascend_by_date_of_effect() -> None:
    for table in (STATUTORY, COMMERCIAL):
        days = [rate.from_ for rate in table.rates]

        assert days == sorted(set(days))


def test_a_kind_has_its_table_and_its_article() -> None:
    assert FIGURES.rates(InterestKind.STATUTORY) is STATUTORY
    assert FIGURES.rates(InterestKind.COMMERCIAL) is COMMERCIAL
    assert (STATUTORY.article, COMMERCIAL.article) == ("6:119 BW", "6:119a BW")


def test_contractual_interest_has_no_table_of_the_law() -> None:
    with pytest.raises(ValueError, match="in the contract"):
        FIGURES.rates(InterestKind.CONTRACTUAL)


def test_agreed_rate_holds_on_every_day() -> None:
    table = agreed_rate(Decimal(8), "art. 9 AV 2025")

    assert [rate and rate.percent for rate in map(table.on, (date.min, date.max))] == [8, 8]
    assert table.article == "art. 9 AV 2025"


def test_scale_of_costs_has_the_slices_of_the_decree() -> None:
    scale = FIGURES.scale_on(date(2026, 11, 23))

    assert scale is not None
    assert scale.slices == (
        CostSlice(up_to=Decimal(2500), percent=Decimal(15)),
        CostSlice(up_to=Decimal(5000), percent=Decimal(10)),
        CostSlice(up_to=Decimal(10000), percent=Decimal(5)),
        CostSlice(up_to=Decimal(200000), percent=Decimal(1)),
        CostSlice(up_to=None, percent=Decimal("0.5")),
    )
    assert (scale.minimum, scale.maximum) == (Decimal(40), Decimal(6775))


def test_scale_starts_on_the_first_of_july_2012() -> None:
    assert FIGURES.scale_on(date(2012, 6, 30)) is None
    assert FIGURES.scale_on(date(2012, 7, 1)) is not None


def test_fixed_sum_in_trade_is_forty_euro() -> None:
    sum_ = FIGURES.trade_sum_on(date(2026, 1, 1))

    assert sum_ is not None
    assert sum_.amount == Decimal(40)
    assert FIGURES.trade_sum_on(date(2013, 3, 15)) is None


def test_rule_for_instalments_is_marked_as_remembered() -> None:
    rule = FIGURES.cumulation_on(date(2024, 10, 1))

    assert rule is not None
    assert rule.remembered
    assert (rule.instalment_at_most, rule.most, rule.window_months, rule.first, rule.next) == (
        Decimal("266.67"), Decimal(140), 6, Decimal(40), Decimal(20),
    )  # fmt: skip
    assert FIGURES.cumulation_on(date(2024, 9, 30)) is None


@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2000, 12, 31), None), (date(2012, 9, 30), 19), (date(2012, 10, 1), 21)],
)
def test_vat_is_the_general_rate_of_the_day(day: date, percent: int | None) -> None:
    assert FIGURES.vat_on(day) == percent


def test_terms_are_those_of_the_law() -> None:
    terms = FIGURES.terms

    assert (terms.notice_days, terms.post_counting_days, terms.mail_day_ends) == (14, 2, 17)
    assert (terms.claim_years, terms.consumer_sale_years) == (5, 2)


def test_no_extra_holiday_was_decreed() -> None:
    assert FIGURES.extra_holidays == frozenset()


def test_figures_are_fresh_within_the_half_year_that_was_checked() -> None:
    assert FIGURES.stale_files(date(2026, 12, 31)) == ()
    assert not FIGURES.stale_on(date(2026, 12, 31))


def test_figures_are_stale_from_the_next_half_year_on() -> None:
    assert FIGURES.stale_on(date(2027, 1, 1))
    assert FIGURES.stale_files(date(2027, 1, 1)) == tuple(sorted(TEXTS))


def test_table_that_was_checked_but_ends_sooner_is_stale() -> None:
    early = TEXTS["vat.toml"].replace("checked_on = 2026-11-22", "checked_on = 2026-12-05")
    checked = {
        file: text.replace("\nchecked_on = 2026-11-22", "\nchecked_on = 2026-12-05", 1)
        for file, text in TEXTS.items()
    }

    figures = read_figures({**checked, "vat.toml": early})

    assert figures.stale_files(date(2027, 1, 1)) == (
        "commercial_interest.toml",
        "statutory_interest.toml",
    )


def test_digest_changes_with_any_text() -> None:
    own = {"vat.toml": "checked_on = 2026-11-23\n"}

    digests = {FIGURES.digest, read_figures(TEXTS, own).digest, read_figures(TEXTS).digest}

    assert len(digests) == 2
    assert all(digest.startswith("sha256:") for digest in digests)
