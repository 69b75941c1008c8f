"""What holds for every claim, rate and payment: no cent comes or goes."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from connector.core.law.figures import RateTable
from connector.core.law.imputation import OpenClaim, Payment, impute
from connector.core.law.interest import Credit, InterestClaim, interest_through, statement
from connector.port.money import Money
from tests.core.law.make import FIGURES

TABLES: Final = st.sampled_from([FIGURES.statutory, FIGURES.commercial])
AMOUNTS: Final = st.integers(0, 2_000_000).map(lambda cents: Money.from_minor(cents, "EUR"))
DAYS: Final = st.dates(date(2001, 1, 1), date(2027, 6, 30))


@st.composite
def made_credits(draw: st.DrawFn) -> Credit:
    amount = draw(st.integers(0, 300_000))
    part = draw(st.none() | st.integers(0, amount))
    return Credit(
        on=draw(DAYS),
        amount=Money.from_minor(amount, "EUR"),
        to_principal=None if part is None else Money.from_minor(part, "EUR"),
    )


CLAIMS: Final = st.builds(
    InterestClaim,
    principal=AMOUNTS,
    first_day=DAYS,
    credits=st.lists(made_credits(), max_size=6).map(tuple),
    frozen_from=st.none() | DAYS,
    article=st.none(),
)


def total(parts: Iterable[Money]) -> Money:
    return sum(parts, start=Money.zero("EUR"))


@given(claim=CLAIMS, through=DAYS, table=TABLES)
def test_lines_add_up_to_the_interest(
    claim: InterestClaim, through: date, table: RateTable
) -> None:
    found = statement(claim, through, table)

    assert total(line.interest for line in found.lines) == found.interest


@given(claim=CLAIMS, through=DAYS, table=TABLES)
def test_what_was_owed_is_open_or_paid(
    claim: InterestClaim, through: date, table: RateTable
) -> None:
    found = statement(claim, through, table)

    paid = total(one.interest + one.principal for one in found.applied)
    assert found.total + paid == claim.principal + found.interest


@given(claim=CLAIMS, through=DAYS, table=TABLES)
def test_what_was_received_pays_something_or_is_surplus(
    claim: InterestClaim, through: date, table: RateTable
) -> None:
    found = statement(claim, through, table)

    received = total(one.amount for one in claim.credits if one.on <= through)
    applied = total(one.interest + one.principal for one in found.applied)
    assert applied + found.surplus == received


@given(claim=CLAIMS, through=DAYS, table=TABLES)
def test_no_bucket_is_ever_negative(claim: InterestClaim, through: date, table: RateTable) -> None:
    found = statement(claim, through, table)

    buckets = (found.principal, found.capitalised, found.current, found.surplus)
    assert min(bucket.amount for bucket in buckets) >= 0


@given(claim=CLAIMS, through=DAYS, table=TABLES)
def test_lines_follow_each_other_and_end_where_all_is_known(
    claim: InterestClaim, through: date, table: RateTable
) -> None:
    found = statement(claim, through, table)

    days = [day for line in found.lines for day in (line.from_, line.through)]
    assert days == sorted(days)
    assert all(day <= found.final_through for day in days)


@given(claim=CLAIMS, through=DAYS, table=TABLES)
def test_a_payment_never_raises_the_interest(
    claim: InterestClaim, through: date, table: RateTable
) -> None:
    untouched = InterestClaim(
        principal=claim.principal, first_day=claim.first_day, frozen_from=claim.frozen_from
    )
    found = statement(claim, through, table)

    most = statement(untouched, through, table).interest
    rounding = Money.from_minor(len(found.lines), "EUR")  # a payment may split a line in two
    assert found.interest <= most + rounding


@given(principal=AMOUNTS, first=DAYS, through=DAYS, table=TABLES)
def test_quick_way_gives_what_the_statement_gives(
    principal: Money, first: date, through: date, table: RateTable
) -> None:
    found = statement(InterestClaim(principal=principal, first_day=first), through, table)

    quick = interest_through(principal, first, through=through, table=table)
    assert (quick.interest, quick.final, quick.final_through) == (
        found.interest, found.final, found.final_through,
    )  # fmt: skip


@given(
    principal=AMOUNTS,
    first=st.dates(date(2002, 8, 8), date(2025, 12, 31)),
    split=st.integers(0, 363),
    more=st.integers(1, 364),
    table=TABLES,
)
def test_interest_within_a_year_is_the_sum_of_its_parts(
    principal: Money, first: date, split: int, more: int, table: RateTable
) -> None:
    middle = first + timedelta(days=split)
    last = first + timedelta(days=min(split + more, 364))

    def over(start: date, end: date) -> tuple[Decimal, int]:
        found = statement(InterestClaim(principal=principal, first_day=start), end, table)
        return found.interest.amount, len(found.lines)

    whole, before, after = (
        over(first, last), over(first, middle), over(middle + timedelta(days=1), last),
    )  # fmt: skip
    lines = whole[1] + before[1] + after[1]
    assert abs(whole[0] - before[0] - after[0]) <= Decimal("0.005") * lines


OPEN: Final = st.lists(
    st.builds(
        OpenClaim,
        number=st.sampled_from("ABCDEF"),
        due_on=st.sampled_from([date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 1)]),
        percent=st.sampled_from([Decimal(4), Decimal("10.40")]),
        costs=st.sampled_from([Money.zero("EUR"), Money.from_minor(4000, "EUR")]),
        interest=AMOUNTS,
        principal=AMOUNTS,
    ),
    max_size=6,
    unique_by=lambda claim: claim.number,
)
PAYMENTS: Final = st.builds(
    Payment,
    on=st.just(date(2026, 11, 23)),
    amount=AMOUNTS,
    designated=st.none() | st.sampled_from("ABCDEFG"),
)


@given(payment=PAYMENTS, claims=OPEN)
def test_imputation_never_creates_or_loses_a_cent(
    payment: Payment, claims: list[OpenClaim]
) -> None:
    found = impute(payment, claims)

    assert total(share.amount for share in found.shares) + found.surplus == payment.amount


@given(payment=PAYMENTS, claims=OPEN)
def test_no_bucket_receives_more_than_is_open(payment: Payment, claims: list[OpenClaim]) -> None:
    found = impute(payment, claims)

    by_number = {claim.number: claim for claim in claims}
    for share in found.shares:
        claim = by_number[share.number]
        assert Money.zero("EUR") <= share.costs <= claim.costs
        assert Money.zero("EUR") <= share.interest <= claim.interest
        assert Money.zero("EUR") <= share.principal <= claim.principal


@given(payment=PAYMENTS, claims=OPEN)
def test_there_is_surplus_only_when_every_claim_is_paid(
    payment: Payment, claims: list[OpenClaim]
) -> None:
    found = impute(payment, claims)

    owed = total(claim.open for claim in claims)
    assert found.surplus == max(payment.amount - owed, Money.zero("EUR"))


@given(payment=PAYMENTS, claims=OPEN)
def test_order_in_which_claims_are_given_does_not_matter(
    payment: Payment, claims: list[OpenClaim]
) -> None:
    assert impute(payment, claims[::-1]) == impute(payment, claims)
