"""Interest over a late claim, in lines that a judge can follow."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.law.figures import RateTable, agreed_rate, read_figures
from connector.core.law.interest import (
    Applied,
    Credit,
    InterestClaim,
    Statement,
    interest_through,
    statement,
)
from connector.port.money import Money
from tests.core.law.make import FIGURES, TEXTS

STATUTORY = FIGURES.statutory
COMMERCIAL = FIGURES.commercial


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def stated(
    principal: str,
    first_day: date,
    through: date,
    *credits_: Credit,
    table: RateTable = STATUTORY,
    frozen_from: date | None = None,
) -> Statement:
    claim = InterestClaim(
        principal=euro(principal), first_day=first_day, credits=credits_, frozen_from=frozen_from
    )
    return statement(claim, through, table)


def printed(found: Statement) -> list[tuple[str, int, str, str, str]]:
    return [
        (f"{one.from_} {one.through}", one.days, str(one.percent), str(one.base), str(one.interest))
        for one in found.lines
    ]


def buckets(found: Statement) -> tuple[str, str, str]:
    return str(found.principal), str(found.capitalised), str(found.current)


def test_consumer_interest_changes_with_the_decree() -> None:
    # 1,210.00 due 31 May 2025: act/365, rounded per line; rates of BWBR0047640.
    found = stated("1210", date(2025, 6, 1), date(2026, 1, 15))

    assert printed(found) == [
        ("2025-06-01 2025-12-31", 214, "6", "1210.00", "42.57"),
        ("2026-01-01 2026-01-15", 15, "4", "1210.00", "1.99"),
    ]
    assert found.interest == euro("44.56")


def test_trade_interest_compounds_on_the_anniversary() -> None:
    # 8,470.00 due 31 December 2024: art. 6:119a lid 3 BW.
    found = stated("8470", date(2025, 1, 1), date(2026, 8, 31), table=COMMERCIAL)

    assert printed(found) == [
        ("2025-01-01 2025-06-30", 181, "11.15", "8470.00", "468.32"),
        ("2025-07-01 2025-12-31", 184, "10.15", "8470.00", "433.39"),
        ("2026-01-01 2026-06-30", 181, "10.15", "9371.71", "471.71"),
        ("2026-07-01 2026-08-31", 62, "10.40", "9371.71", "165.56"),
    ]
    assert found.interest == euro("1538.98")
    assert buckets(found) == ("8470.00", "901.71", "637.27")


def test_both_days_of_the_calculator_count() -> None:
    found = stated("1000", date(2025, 1, 1), date(2026, 1, 1))

    assert printed(found) == [
        ("2025-01-01 2025-12-31", 365, "6", "1000.00", "60.00"),
        ("2026-01-01 2026-01-01", 1, "4", "1060.00", "0.12"),
    ]
    assert (found.final, found.total) == (True, euro("1060.12"))


def test_line_names_its_article_and_source() -> None:
    claim = InterestClaim(principal=euro("100"), first_day=date(2026, 7, 1), article="6:119b BW")

    (own,) = statement(claim, date(2026, 7, 31), COMMERCIAL).lines
    (usual,) = statement(replace(claim, article=None), date(2026, 7, 31), COMMERCIAL).lines

    assert (own.article, usual.article) == ("6:119b BW", "6:119a BW")
    assert "17 June 2026" in own.source


def test_leap_year_has_366_days_over_365() -> None:
    found = stated("1000", date(2024, 1, 1), date(2024, 12, 31))

    assert printed(found) == [("2024-01-01 2024-12-31", 366, "7", "1000.00", "70.19")]


def test_year_that_began_on_29_february_ends_before_28_february() -> None:
    found = stated("1000", date(2024, 2, 29), date(2025, 3, 1))

    assert printed(found) == [
        ("2024-02-29 2024-12-31", 307, "7", "1000.00", "58.88"),
        ("2025-01-01 2025-02-27", 58, "6", "1000.00", "9.53"),
        ("2025-02-28 2025-03-01", 2, "6", "1068.41", "0.35"),
    ]


def test_half_a_cent_is_rounded_up() -> None:
    found = stated("0.75", date(2026, 1, 1), date(2026, 3, 2))  # 61 days: 0.00501… euro

    assert found.interest == euro("0.01")
    assert stated("0.74", date(2026, 1, 1), date(2026, 3, 2)).interest == euro("0")


def test_exact_half_is_rounded_up() -> None:
    # 36.50 x 5 % / 365 = 0.005 a day exactly.
    found = stated("36.50", date(2025, 3, 1), date(2025, 3, 1), table=agreed_rate(Decimal(5), "x"))

    assert found.interest == euro("0.01")


def test_interest_on_the_day_before_the_first_is_nothing() -> None:
    found = stated("1000", date(2026, 3, 1), date(2026, 2, 28))

    assert (found.lines, found.interest, found.final) == ((), euro("0"), True)
    assert found.final_through == date(2026, 2, 28)


def test_payment_lowers_the_base_from_the_next_day() -> None:
    paid = Credit(on=date(2026, 1, 31), amount=euro("503.40"))

    found = stated("1000", date(2026, 1, 1), date(2026, 2, 28), paid)

    assert printed(found) == [
        ("2026-01-01 2026-01-31", 31, "4", "1000.00", "3.40"),
        ("2026-02-01 2026-02-28", 28, "4", "500.00", "1.53"),
    ]
    assert found.applied == (
        Applied(
            on=date(2026, 1, 31), interest=euro("3.40"), principal=euro("500"), surplus=euro("0")
        ),
    )


def test_payment_on_the_last_day_is_counted() -> None:
    paid = Credit(on=date(2026, 1, 31), amount=euro("1003.40"))

    found = stated("1000", date(2026, 1, 1), date(2026, 1, 31), paid)

    assert (found.total, found.interest) == (euro("0"), euro("3.40"))


def test_payment_after_the_last_day_is_left_out() -> None:
    paid = Credit(on=date(2026, 2, 1), amount=euro("500"))

    found = stated("1000", date(2026, 1, 1), date(2026, 1, 31), paid)

    assert (found.applied, found.principal) == ((), euro("1000"))


def test_payment_before_the_first_day_lowers_the_principal_from_the_start() -> None:
    paid = Credit(on=date(2025, 12, 1), amount=euro("400"))

    found = stated("1000", date(2026, 1, 1), date(2026, 1, 31), paid)

    assert printed(found) == [("2026-01-01 2026-01-31", 31, "4", "600.00", "2.04")]


def test_payment_before_interest_that_never_starts_is_counted() -> None:
    paid = Credit(on=date(2025, 12, 1), amount=euro("400"))

    assert stated("1000", date(2026, 1, 1), date(2025, 12, 31), paid).principal == euro("600")


def test_payments_count_by_day_whatever_their_order() -> None:
    early, late = (Credit(on=date(2026, month, 1), amount=euro("100")) for month in (2, 3))

    found = stated("1000", date(2026, 1, 1), date(2026, 4, 1), late, early)

    assert found == stated("1000", date(2026, 1, 1), date(2026, 4, 1), early, late)


def test_two_payments_on_a_day_make_no_empty_line() -> None:
    paid = Credit(on=date(2026, 1, 31), amount=euro("100"))

    found = stated("1000", date(2026, 1, 1), date(2026, 2, 28), paid, paid)

    assert [line.base for line in found.lines] == [euro("1000"), euro("803.40")]


def test_capitalised_interest_is_paid_before_that_of_the_year() -> None:
    paid = Credit(on=date(2026, 1, 31), amount=euro("50"))

    found = stated("1000", date(2025, 1, 1), date(2026, 1, 31), paid)

    assert buckets(found) == ("1000.00", "10.00", "3.60")


def test_interest_that_was_paid_within_its_year_is_not_capitalised() -> None:
    paid = Credit(on=date(2025, 12, 31), amount=euro("60"))

    found = stated("1000", date(2025, 1, 1), date(2026, 1, 1), paid)

    assert found.lines[-1].base == euro("1000")


def test_credit_note_lowers_the_principal_alone() -> None:
    note = Credit(on=date(2026, 1, 31), amount=euro("500"), to_principal=euro("500"))

    found = stated("1000", date(2026, 1, 1), date(2026, 1, 31), note)

    assert buckets(found) == ("500.00", "0.00", "3.40")


def test_payment_that_was_imputed_before_pays_what_it_says() -> None:
    paid = Credit(on=date(2026, 1, 31), amount=euro("103"), to_principal=euro("101"))

    found = stated("1000", date(2026, 1, 1), date(2026, 1, 31), paid)

    assert buckets(found) == ("899.00", "0.00", "1.40")


def test_credit_above_what_is_open_is_surplus() -> None:
    note = Credit(on=date(2026, 1, 31), amount=euro("1200"), to_principal=euro("1190"))

    found = stated("1000", date(2026, 1, 1), date(2026, 2, 28), note)

    assert (found.total, found.surplus) == (euro("0"), euro("196.60"))
    assert len(found.lines) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        Credit(on=date(2026, 1, 2), amount=euro("-1")),
        Credit(on=date(2026, 1, 2), amount=euro("1"), to_principal=euro("2")),
        Credit(on=date(2026, 1, 2), amount=euro("1"), to_principal=euro("-1")),
        Credit(on=date(2026, 1, 2), amount=Money(Decimal(1), "USD")),
        Credit(on=date(2026, 1, 2), amount=euro("1"), to_principal=Money(Decimal(0), "USD")),
    ],
)
def test_credit_that_can_not_be_is_refused(wrong: Credit) -> None:
    with pytest.raises(ValueError, match="credit"):
        stated("1000", date(2026, 1, 1), date(2026, 1, 31), wrong)


def test_no_interest_runs_from_the_day_of_insolvency() -> None:
    # Art. 128 Fw: interest after the judgment is not admitted.
    found = stated("1000", date(2026, 1, 1), date(2027, 3, 1), frozen_from=date(2026, 2, 1))

    assert printed(found) == [("2026-01-01 2026-01-31", 31, "4", "1000.00", "3.40")]
    assert (found.final, found.final_through) == (True, date(2027, 3, 1))


def test_payment_after_the_freeze_still_counts() -> None:
    paid = Credit(on=date(2026, 3, 1), amount=euro("100"))

    found = stated("1000", date(2026, 1, 1), date(2026, 3, 1), paid, frozen_from=date(2026, 2, 1))

    assert buckets(found) == ("903.40", "0.00", "0.00")


def test_claim_that_is_frozen_before_it_is_late_bears_nothing() -> None:
    found = stated("1000", date(2026, 3, 1), date(2026, 4, 1), frozen_from=date(2026, 2, 1))

    assert (found.lines, found.final) == ((), True)


def test_calculation_past_the_last_known_rate_is_not_final() -> None:
    found = stated("1000", date(2026, 12, 1), date(2027, 1, 31))

    assert printed(found) == [("2026-12-01 2026-12-31", 31, "4", "1000.00", "3.40")]
    assert (found.final, found.final_through) == (False, date(2026, 12, 31))
    assert found.through == date(2027, 1, 31)


def test_payment_past_the_last_known_rate_is_counted() -> None:
    paid = Credit(on=date(2027, 1, 15), amount=euro("103.40"))

    found = stated("1000", date(2026, 12, 1), date(2027, 1, 31), paid)

    assert (found.principal, found.final) == (euro("900"), False)


@pytest.mark.parametrize("first_day", [date(2000, 6, 1), date(2027, 2, 1)])
def test_claim_from_before_or_after_all_rates_has_no_line(first_day: date) -> None:
    found = stated("1000", first_day, date(2027, 3, 1))

    assert (found.lines, found.final) == ((), False)
    assert (found.final_through - first_day).days == -1


def test_agreed_interest_is_simple() -> None:
    table = agreed_rate(Decimal("7.5"), "art. 9 AV 2025")

    found = stated("1000", date(2023, 1, 1), date(2025, 12, 31), table=table)

    assert printed(found) == [("2023-01-01 2025-12-31", 1096, "7.5", "1000.00", "225.21")]
    assert (found.lines[0].article, found.final) == ("art. 9 AV 2025", True)


def test_row_with_the_same_rate_is_no_change() -> None:
    row = '[[rate]]\nfrom = 2026-07-01\npercent = "4.00"\nsource = "x"\nchecked_on = 2026-11-22\n'
    table = read_figures(TEXTS, {"statutory_interest.toml": row}).statutory

    found = stated("1000", date(2026, 6, 1), date(2026, 7, 31), table=table)

    assert len(found.lines) == 1


def test_anniversary_on_a_change_of_the_rate_makes_one_break() -> None:
    found = stated("1000", date(2025, 1, 1), date(2026, 1, 31))

    assert [line.from_ for line in found.lines] == [date(2025, 1, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("currency", "interest"), [("USD", "6.00"), ("JPY", "6"), ("KWD", "6.000")]
)
def test_other_currency_is_rounded_to_its_own_minor_unit(currency: str, interest: str) -> None:
    claim = InterestClaim(principal=Money(Decimal(100), currency), first_day=date(2025, 1, 1))

    found = statement(claim, date(2025, 12, 31), STATUTORY)

    assert str(found.interest) == interest


@pytest.mark.parametrize("principal", ["0", "-100"])
def test_nothing_or_a_credit_bears_no_interest(principal: str) -> None:
    found = stated(principal, date(2025, 1, 1), date(2025, 12, 31))

    assert (found.lines, found.total) == ((), euro("0"))
    assert not interest_through(
        euro(principal), date(2025, 1, 1), through=date(2025, 12, 31), table=STATUTORY
    ).interest


def test_quick_way_says_what_is_not_known() -> None:
    found = interest_through(
        euro("1000"), date(2026, 12, 1), through=date(2027, 1, 31), table=STATUTORY
    )

    assert found.interest == euro("3.40")
    assert (found.final, found.final_through) == (False, date(2026, 12, 31))


def test_quick_way_is_final_where_all_is_known() -> None:
    found = interest_through(
        euro("1000"), date(2026, 3, 1), through=date(2026, 1, 31), table=STATUTORY
    )

    assert (found.final, found.final_through) == (True, date(2026, 1, 31))


def test_farthest_dates_do_no_harm() -> None:
    table = agreed_rate(Decimal(1), "x")

    found = stated("1", date.max, date.max, table=table)

    assert [line.days for line in found.lines] == [1]
    assert stated("1", date.min, date.min, table=STATUTORY).lines == ()
