"""Notices behind a handover judged again by the law alone, and what interrupts limitation."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connector.core.dossier.account import Account, Sent
from connector.core.dossier.facts import EventFacts
from connector.core.dossier.legal import NoticeFacts, NoticeFault
from connector.core.dossier.notices import limitation_of, notices_of
from connector.core.law.limitation import InterruptionKind
from connector.core.policy.model import StepKind
from tests.core.dossier.samples import euro, event
from tests.core.dossier.stories import charges, consumer_account, message, notice, planned

KNOWN = consumer_account()
ACTION = "statutory_notice-1"


def dispatched(**changes: object) -> EventFacts:
    return event(
        **({
            "at": datetime(2025, 9, 23, 8, 30, tzinfo=UTC), "kind": "statutory_notice",
            "invoices": ("F2025-0117",), "action": ACTION, "received_on": date(2025, 9, 23),
        } | changes)
    )  # fmt: skip


def judged(known: Account = KNOWN, *history: EventFacts) -> NoticeFacts:
    (found,) = notices_of(known, history or (dispatched(),))
    return found


def with_notice(**changes: Any) -> Account:
    return replace(KNOWN, notices=(notice("F2025-0117", **changes),))


def stating(amount: str | None) -> Account:
    """Return the account after a notice about EUR 1,000.00 that stated these costs."""
    item = planned("F2025-0117", date(2025, 5, 31), "1000.00")
    stated = None if amount is None else charges(announced=euro(amount))
    sent = message(StepKind.STATUTORY_NOTICE, item, charges=stated)
    return replace(KNOWN, sent={sent.id: Sent(action=sent, on=date(2025, 9, 23))})


def test_a_notice_that_meets_all_conditions_is_valid() -> None:
    found = judged()

    assert (found.valid, found.costs, found.numbers) == (True, euro("150.00"), ("F2025-0117",))


@pytest.mark.parametrize(
    ("known", "history", "faults"),
    [
        (with_notice(last_day=date(2025, 10, 6)), (), [NoticeFault.TERM_TOO_SHORT]),
        (KNOWN, (dispatched(channel="post"),),
         [NoticeFault.RECEIVED_TOO_EARLY, NoticeFault.TERM_TOO_SHORT]),
        (KNOWN, (dispatched(at=datetime(2025, 9, 23, 15, 30, tzinfo=UTC)),),
         [NoticeFault.RECEIVED_TOO_EARLY, NoticeFault.TERM_TOO_SHORT]),
        (KNOWN, (dispatched(action="another"),), [NoticeFault.DISPATCH_UNKNOWN]),
        (KNOWN, (dispatched(channel="phone"),), [NoticeFault.DISPATCH_UNKNOWN]),
        (replace(KNOWN, on=date(2025, 10, 7)), (), [NoticeFault.TERM_RUNS]),
        (with_notice(delivered_on=date(2025, 5, 31)), (), [NoticeFault.BEFORE_DEFAULT]),
        (replace(KNOWN, due_date_agreed=False), (), [NoticeFault.BEFORE_DEFAULT]),
        (stating("150.01"), (), [NoticeFault.COSTS_TOO_HIGH]),
        (stating("0.00"), (), [NoticeFault.NO_COSTS_STATED]),
        (stating(None), (), [NoticeFault.NO_COSTS_STATED]),
        (replace(KNOWN, sent={}), (), [NoticeFault.NO_COSTS_STATED]),
    ],
    ids=[
        "a day short", "post on the same day", "after five", "no dispatch", "by telephone",
        "last day", "due that day", "no default", "a cent too high", "no costs", "no charges",
        "message unknown",
    ],
)  # fmt: skip
def test_a_notice_says_why_it_has_no_effect(
    known: Account, history: tuple[EventFacts, ...], faults: list[NoticeFault]
) -> None:
    assert list(judged(known, *history).faults) == faults


def test_a_default_notice_has_no_term_of_the_law_and_no_costs() -> None:
    given = notice("F2025-0117", StepKind.DEFAULT_NOTICE, last_day=date(2025, 9, 30))
    known = replace(KNOWN, notices=(given,))

    found = judged(known, dispatched(action=given.action))

    assert (found.valid, found.costs) == (True, None)


def test_notices_about_other_invoices_or_cycles_stay_out() -> None:
    known = replace(KNOWN, notices=(notice("F9"), notice("F2025-0117", cycle=2)))

    assert notices_of(known, ()) == ()


def test_notices_stand_oldest_first() -> None:
    later = notice("F2025-0117")
    earlier = notice("F2025-0117", StepKind.DEFAULT_NOTICE, delivered_on=date(2025, 8, 1))

    found = notices_of(replace(KNOWN, notices=(later, earlier)), ())

    assert [one.kind for one in found] == [StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE]


def test_a_demand_interrupts_limitation_on_the_day_of_its_receipt() -> None:
    """Art. 3:317 and 3:319 BW: a new term starts the day after."""
    item = KNOWN.action.items[0]

    found = limitation_of(KNOWN, item, "services", (dispatched(),))

    assert (found.limitation.last_day, found.action) == (date(2030, 9, 23), ACTION)


@pytest.mark.parametrize(
    "other",
    [
        dispatched(is_demand=False),
        dispatched(received_on=None),
        dispatched(invoices=("F9",)),
        dispatched(received_on=date(2026, 1, 16)),
    ],
    ids=["no demand", "receipt unknown", "another invoice", "not received yet"],
)
def test_what_is_no_proven_demand_leaves_the_payment_as_the_last(other: EventFacts) -> None:
    """Art. 3:318 BW: money on account is an acknowledgement."""
    found = limitation_of(KNOWN, KNOWN.action.items[0], "services", (other,))

    assert found.limitation.interruptions[-1].kind is InterruptionKind.PAYMENT
    assert (found.limitation.last_day, found.action) == (date(2030, 8, 20), None)


def test_nothing_that_interrupts_leaves_the_term_from_the_due_date() -> None:
    known = replace(KNOWN, payments={})

    found = limitation_of(known, KNOWN.action.items[0], "services", ())

    assert (found.limitation.last_day, found.action) == (date(2030, 5, 31), None)
