from dataclasses import replace
from decimal import Decimal

import pytest

from connector.core.policy.check import PolicyContext
from connector.core.policy.read import Fault, read_policy
from tests.core.policy.texts import (
    CALL,
    COSTS,
    DEFAULT,
    DEMAND,
    FOR_OTHERS,
    HAND_OVER,
    LAWFUL,
    NOTICE,
    OFFICE,
    REMINDER,
    beside,
    claimed,
    found,
    ladder,
    only,
    with_,
)


def legal(text: str, context: PolicyContext | None = None) -> Fault:
    fault = only(text, context)
    assert fault.article is not None
    return fault


# The fourteen-day letter


def test_a_notice_without_costs_is_named_by_its_step() -> None:
    fault = legal(ladder(REMINDER, DEFAULT, NOTICE))

    assert (fault.code, fault.facts["step"]) == ("notice_without_costs", "brief")


def test_a_notice_after_the_handover_does_not_count() -> None:
    codes = [code for code, _ in found(claimed(REMINDER, HAND_OVER, NOTICE))]

    assert codes == ["hand_over_without_notice", "step_after_hand_over"]


def test_a_demand_without_costs_may_come_before_the_notice() -> None:
    codes = [code for code, _ in found(ladder(REMINDER, DEMAND, DEFAULT, NOTICE))]

    assert codes == ["notice_without_costs"]


@pytest.mark.parametrize(
    "tests",
    ["kind: consumer, country: NL", "kind: sole_trader", "balance_over: 1000"],
)
def test_consumers_that_no_earlier_track_takes_fall_on_the_next(tests: str) -> None:
    before = f"  - {{name: z, applies_to: {{{tests}}}, ladder: [{REMINDER}]}}\n"

    assert legal(ladder(REMINDER, HAND_OVER, before=before)).code == "hand_over_without_notice"


def test_businesses_need_no_notice() -> None:
    consumers = f"  - {{name: p, applies_to: {{kind: consumer}}, ladder: [{REMINDER}]}}\n"

    assert found(ladder(REMINDER, HAND_OVER, before=consumers), OFFICE) == []


def test_businesses_need_no_default_before_a_notice() -> None:
    text = beside(REMINDER, NOTICE, extra=COSTS)

    assert found(text, OFFICE) == []


def test_a_person_can_put_a_consumer_on_a_track_for_businesses() -> None:
    after = "overrides:\n  - {debtor: '1', track: z, kind: consumer}\n"

    assert legal(beside(REMINDER, HAND_OVER, after=after)).code == "hand_over_without_notice"


def test_a_track_of_unknown_debtors_is_one_of_consumers() -> None:
    text = beside(REMINDER, HAND_OVER, tests="kind: unknown")

    assert legal(text).code == "hand_over_without_notice"


def test_an_agreed_due_date_puts_a_consumer_in_default() -> None:
    text = claimed(REMINDER, NOTICE)

    assert legal(text, OFFICE).code == "notice_without_default"
    assert found(text, replace(OFFICE, due_date_agreed=True)) == []


@pytest.mark.parametrize(
    ("override", "steps"),
    [
        ("{debtor: '1', track: z}", (REMINDER,)),
        ("{debtor: '1', never: [call]}", (REMINDER, HAND_OVER)),
        ("{invoice: F1, skip: true, reason: x}", (REMINDER, HAND_OVER)),
    ],
)
def test_an_override_that_leads_to_no_costs_and_no_handover_needs_no_kind(
    override: str, steps: tuple[str, ...]
) -> None:
    assert found(beside(*steps, after=f"overrides: [{override}]\n"), OFFICE) == []


def test_an_override_to_a_track_with_a_handover_needs_a_kind() -> None:
    text = beside(REMINDER, HAND_OVER, after="overrides: [{debtor: '1', track: z}]\n")

    assert legal(text, OFFICE).code == "override_kind_open"


def test_an_override_to_a_track_of_consumers_needs_no_kind() -> None:
    text = LAWFUL + "overrides: [{debtor: '1', track: alle}]\n"

    assert found(text, OFFICE) == []


# Terms


@pytest.mark.parametrize("step", [DEMAND, NOTICE])
def test_a_legal_message_before_the_due_date_has_no_effect(step: str) -> None:
    codes = [code for code, _ in found(beside(with_(step, at="due - 3d"), extra=COSTS))]

    assert codes == ["legal_before_due"]


def test_a_handover_before_the_due_date_is_no_handover() -> None:
    codes = [code for code, _ in found(beside(with_(HAND_OVER, at="due - 3d")))]

    assert codes == ["legal_before_due"]


def test_a_call_within_the_term_of_a_default_notice_is_a_warning() -> None:
    fault = only(ladder(REMINDER, DEFAULT, with_(CALL, at="previous + 3d")))

    expected = ("legal_term_runs", "warning", "art. 6:82 lid 1 en 6:96 lid 6 BW")
    assert (fault.code, fault.severity, fault.article) == expected


# Costs


def test_an_agreed_minimum_above_that_of_the_scale_can_be_moderated() -> None:
    text = beside(REMINDER, extra="collection_costs: {percentage: 10, minimum: 75, clause: art. 9}")
    fault = legal(text, OFFICE)

    assert (fault.code, fault.facts["found"], fault.facts["most"]) == (
        "costs_above_scale",
        "75",
        "40",
    )


def test_the_scale_is_that_of_the_figures() -> None:
    text = beside(REMINDER, extra="collection_costs: {percentage: 15, clause: art. 9}")
    lower = PolicyContext(scale_percentage=Decimal(10))

    assert legal(text, lower).code == "costs_above_scale"


def test_a_message_before_the_due_date_is_no_demand() -> None:
    announcement = with_(REMINDER, at="due - 3d")
    text = beside(announcement, with_(HAND_OVER, at="due + 30d"), extra=COSTS)

    assert legal(text, OFFICE).code == "costs_without_demand"


def test_ignored_credits_do_no_harm_without_costs_of_consumers() -> None:
    assert found("guards: {credits: ignore}\n" + beside(REMINDER, extra=COSTS), OFFICE) == []


def test_dutch_interest_abroad_needs_dutch_law_too() -> None:
    words = "interest: {kind: statutory, claim_from: herinnering}"
    text = beside(REMINDER, extra=words, tests="kind: business, country: [BE, DE]")

    assert legal(text, OFFICE).code == "costs_abroad"


def test_a_clause_for_consumers_does_not_touch_businesses() -> None:
    assert found(beside(REMINDER, extra=COSTS), replace(OFFICE, own_cost_clause=True)) == []


# Interest


@pytest.mark.parametrize("step", ["herinnering", "reminder"])
def test_a_consumer_owes_no_interest_before_any_default(step: str) -> None:
    text = ladder(REMINDER, extra=f"interest: {{kind: statutory, claim_from: {step}}}")

    assert legal(text, OFFICE).code == "interest_before_default"
    assert found(text, replace(OFFICE, due_date_agreed=True)) == []


def test_a_business_owes_interest_from_the_due_date_on() -> None:
    words = "interest: {kind: statutory, claim_from: herinnering}"

    assert found(beside(REMINDER, extra=words), OFFICE) == []


def test_interest_before_the_due_date_is_named_once() -> None:
    text = ladder(
        with_(REMINDER, at="due - 3d"), extra="interest: {kind: statutory, claim_from: reminder}"
    )

    assert legal(text, OFFICE).code == "interest_before_due"


# Natural persons


@pytest.mark.parametrize(
    "step",
    [
        with_(HAND_OVER, approve="{above: 100}"),
        with_(DEFAULT, approve="never"),
        with_(NOTICE, approve="never"),
    ],
)
def test_a_person_decides_about_natural_persons_whatever_the_policy_says(step: str) -> None:
    assert legal(beside(REMINDER, step, extra=COSTS), OFFICE).code == "approval_by_law"


@pytest.mark.parametrize(
    "text",
    [
        beside(REMINDER, with_(DEFAULT, approve="never")),
        beside(
            with_(DEFAULT, at="due + 4d", approve="never"),
            NOTICE,
            extra=COSTS,
            tests="kind: consumer",
        ),
        beside(REMINDER, with_(DEMAND, approve="never"), extra=COSTS),
        beside(REMINDER, with_(HAND_OVER, approve="never"), tests="kind: company"),
    ],
)
def test_a_policy_decides_where_the_law_asks_for_no_person(text: str) -> None:
    assert found(text, OFFICE) == []


def test_an_office_without_a_number_may_remind_but_not_claim_costs() -> None:
    unregistered = replace(FOR_OTHERS, office_registered=False)

    assert legal(beside(REMINDER, DEMAND, extra=COSTS), unregistered).code == "office_unregistered"
    assert found(beside(REMINDER, DEMAND), unregistered) == []
    assert found(beside(REMINDER, HAND_OVER, tests="kind: company"), unregistered) == []


def test_a_creditor_that_dunns_for_itself_chooses_its_hours_and_days() -> None:
    guards = 'guards: {hours: "06:00-22:00", business_days: none}\n'

    assert found(guards + LAWFUL, OFFICE) == []


def test_the_policy_of_the_design_is_lawful() -> None:
    text = """\
version: 1
guards: {minimum_open: 15.00, receipt: {post: statutory + 2 business days, email: statutory}}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    interest: {kind: statutory, claim_from: incasso}
    collection_costs: statutory
    ladder:
      - {step: aankondiging,        at: due - 3d,        do: reminder,         via: email}
      - {step: herinnering,         at: due + 4d,        do: reminder,         via: package, fallback: email}
      - {step: aanmaning,           at: previous + 14d,  do: default_notice,   via: email, fallback: post, term: 14d}
      - {step: veertiendagenbrief,  at: deadline + 1d,   do: statutory_notice, via: [email, post]}
      - {step: bellen,              at: deadline + 1d,   do: call}
      - {step: incasso,             at: deadline + 8d,   do: hand_over, to: bureau}
  - name: zakelijk
    ladder:
      - {step: herinnering, at: due + 4d, do: reminder, via: email}
"""
    reading = read_policy(text, OFFICE)

    assert reading.faults == ()
