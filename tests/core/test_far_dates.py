"""A strange date in the books stops nothing: no sum with it goes beyond what a date can hold."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from connector.core.snapshot import HoldReason
from tests.core.make_core import (
    hold,
    item,
    numbers,
    plan_of,
    policy,
    position,
    snapshot,
    step,
)

ENDS = [date.min, date(1, 1, 2), date(9999, 12, 20), date.max]
FAR = st.one_of(st.sampled_from(ENDS), st.dates())
RULES = policy(
    step("aankondiging", "due - 10 business days"),
    step("factuur", "invoice + 30d"),
    step("maandeinde", "month_end(due + 5d)"),
    step("tweede", "previous + 14 business days"),
    step("sommatie", "deadline + 1d", "final_demand"),
    guards={"quiet": [{"from": "12-21", "to": "01-03"}]},
)


@given(due=FAR, issued=FAR, paid=FAR, demanded=FAR, until=FAR)
@example(due=date.max, issued=date.max, paid=date.max, demanded=date.max, until=date.max)
@example(due=date.min, issued=date.min, paid=date.min, demanded=date.min, until=date.min)
def test_no_date_in_the_books_stops_the_others(
    due: date, issued: date, paid: date, demanded: date, until: date
) -> None:
    strange = (
        item("F2", party="2", due=due, issued=issued, last_payment_on=paid),
        item("F3", party="3", due=due, last_demand_on=demanded),
        item("F4", party="4", due=due, position=position("maandeinde", demanded, deadline=until)),
        item("F5", party="5", due=due),
    )
    holds = (
        hold("F2", reason=HoldReason.PROMISE, until=until),
        hold("F5", id="h2", until=until, answered_on=demanded),
    )

    made = plan_of(snapshot(item("F1"), *strange, holds=holds), RULES)

    assert ["F1"] in numbers(made)


def test_an_invoice_that_is_never_due_is_left_alone() -> None:
    made = plan_of(snapshot(item("F1", due=date.max)))

    assert (made.actions, made.withheld) == ((), ())
