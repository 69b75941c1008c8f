"""Every rule of law: a policy that breaks just that rule, and one beside it that breaks none."""

from dataclasses import replace

import pytest

from connector.core.policy.check import PolicyContext
from connector.core.policy.read import read_policy
from connector.core.policy.rules.articles import LAW
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
    PLAIN,
    REMINDER,
    beside,
    claimed,
    ladder,
    with_,
)


def interest(words: str, *steps: str) -> str:
    return ladder(*steps, extra=f"interest: {{{words}}}\n    {COSTS}")


CASES: dict[str, tuple[str, str, PolicyContext]] = {
    "hand_over_without_notice": (ladder(REMINDER, HAND_OVER), LAWFUL, OFFICE),
    "costs_before_notice": (
        claimed(REMINDER, DEFAULT, DEMAND, NOTICE),
        claimed(REMINDER, DEFAULT, NOTICE, DEMAND),
        OFFICE,
    ),
    "costs_without_notice": (claimed(REMINDER), PLAIN, OFFICE),
    "notice_without_default": (
        claimed(REMINDER, NOTICE, DEFAULT),
        claimed(REMINDER, DEFAULT, NOTICE),
        OFFICE,
    ),
    "notice_without_costs": (ladder(REMINDER, DEFAULT, NOTICE), LAWFUL, OFFICE),
    "notice_repeated": (
        claimed(REMINDER, DEFAULT, NOTICE, with_(NOTICE, step="nog-een")),
        LAWFUL,
        OFFICE,
    ),
    "notice_for_companies": (
        beside(REMINDER, NOTICE, extra=COSTS, tests="kind: [company, public_body]"),
        beside(REMINDER, DEMAND, extra=COSTS, tests="kind: [company, public_body]"),
        OFFICE,
    ),
    "notice_by_email": (
        claimed(REMINDER, DEFAULT, with_(NOTICE, via="email")),
        claimed(REMINDER, DEFAULT, with_(NOTICE, via="[email,post]")),
        OFFICE,
    ),
    "override_kind_open": (
        beside(REMINDER, DEMAND, extra=COSTS, after="overrides: [{debtor: '1', track: z}]\n"),
        beside(
            REMINDER,
            DEMAND,
            extra=COSTS,
            after="overrides: [{debtor: '1', track: z, kind: company}]\n",
        ),
        OFFICE,
    ),
    "term_below_law": (
        claimed(REMINDER, DEFAULT, with_(NOTICE, term="13d")),
        claimed(REMINDER, DEFAULT, with_(NOTICE, term="10 business days")),
        OFFICE,
    ),
    "term_unreasonable": (
        claimed(REMINDER, with_(DEFAULT, term="6d"), NOTICE),
        claimed(REMINDER, with_(DEFAULT, term="7d"), NOTICE),
        OFFICE,
    ),
    "legal_before_due": (
        claimed(with_(DEFAULT, at="due - 3d"), NOTICE),
        claimed(with_(DEFAULT, at="due + 3d"), NOTICE),
        OFFICE,
    ),
    "legal_term_runs": (
        claimed(REMINDER, DEFAULT, with_(NOTICE, at="previous + 10d")),
        claimed(REMINDER, DEFAULT, with_(NOTICE, at="previous + 30d")),
        OFFICE,
    ),
    "legal_via_package": (
        claimed(REMINDER, with_(DEFAULT, fallback="package"), NOTICE),
        claimed(REMINDER, with_(DEFAULT, fallback="email"), NOTICE),
        OFFICE,
    ),
    "bank_margin_none": (
        "guards: {bank_margin: 0d}\n" + PLAIN,
        "guards: {bank_margin: 1d}\n" + PLAIN,
        OFFICE,
    ),
    "costs_percentage": (
        LAWFUL.replace("statutory\n", "{percentage: 15, minimum: 40, clause: art. 9}\n"),
        beside(REMINDER, extra="collection_costs: {percentage: 15, minimum: 40, clause: art. 9}"),
        OFFICE,
    ),
    "costs_per_invoice": (
        LAWFUL.replace("statutory\n", "{kind: statutory, per_invoice: true}\n"),
        beside(REMINDER, extra="collection_costs: {kind: statutory, per_invoice: true}"),
        OFFICE,
    ),
    "costs_without_clause": (
        beside(REMINDER, extra="collection_costs: {percentage: 15}"),
        beside(REMINDER, extra="collection_costs: {percentage: 15, clause: art. 9}"),
        OFFICE,
    ),
    "costs_above_scale": (
        beside(REMINDER, extra="collection_costs: {percentage: 15.01, clause: art. 9}"),
        beside(REMINDER, extra="collection_costs: {percentage: 15.00, clause: art. 9}"),
        OFFICE,
    ),
    "costs_without_demand": (
        beside(CALL, with_(HAND_OVER, at="due + 30d"), extra=COSTS),
        beside(REMINDER, HAND_OVER, extra=COSTS),
        OFFICE,
    ),
    "costs_over_credits": (
        "guards: {credits: ignore}\n" + LAWFUL,
        "guards: {credits: hold}\n" + LAWFUL,
        OFFICE,
    ),
    "costs_own_clause": (LAWFUL, PLAIN, replace(OFFICE, own_cost_clause=True)),
    "costs_abroad": (
        beside(REMINDER, extra=COSTS, tests="kind: business, country: BE"),
        beside(REMINDER, extra=COSTS, tests="kind: business, country: [BE, nl]"),
        OFFICE,
    ),
    "rate_without_clause": (
        beside(REMINDER, DEMAND, extra="interest: {rate: 8.0, claim_from: sommatie}"),
        beside(
            REMINDER, DEMAND, extra="interest: {rate: 8.0, clause: art. 8, claim_from: sommatie}"
        ),
        OFFICE,
    ),
    "rate_for_consumers": (
        interest("rate: 8.0, clause: art. 8", REMINDER, DEFAULT, NOTICE, HAND_OVER),
        interest("kind: statutory", REMINDER, DEFAULT, NOTICE, HAND_OVER),
        OFFICE,
    ),
    "interest_before_due": (
        beside(
            with_(REMINDER, at="due - 3d"),
            extra="interest: {kind: statutory, claim_from: reminder}",
        ),
        beside(REMINDER, extra="interest: {kind: statutory, claim_from: reminder}"),
        OFFICE,
    ),
    "interest_before_default": (
        interest("kind: statutory, claim_from: aanmaning", REMINDER, DEFAULT, NOTICE),
        interest("kind: statutory, claim_from: brief", REMINDER, DEFAULT, NOTICE),
        OFFICE,
    ),
    "approval_by_law": (
        claimed(REMINDER, DEFAULT, NOTICE, with_(HAND_OVER, approve="never")),
        claimed(REMINDER, DEFAULT, NOTICE, with_(HAND_OVER, approve="always")),
        OFFICE,
    ),
    "agency_unregistered": (LAWFUL, PLAIN, replace(OFFICE, registered=frozenset())),
    "office_unregistered": (LAWFUL, PLAIN, replace(FOR_OTHERS, office_registered=False)),
    "hours_outside_window": (
        'guards: {hours: "07:00-20:30"}\n' + LAWFUL,
        'guards: {hours: "07:00-20:00"}\n' + LAWFUL,
        FOR_OTHERS,
    ),
    "days_outside_window": (
        "guards: {business_days: none}\n" + LAWFUL,
        "guards: {business_days: NL}\n" + LAWFUL,
        FOR_OTHERS,
    ),
}


def test_every_rule_of_law_has_a_policy_that_breaks_it() -> None:
    assert set(CASES) == set(LAW)


@pytest.mark.parametrize("code", CASES)
def test_a_policy_that_breaks_one_rule_of_law_is_told_just_that(code: str) -> None:
    broken, _, context = CASES[code]
    basis = LAW[code]

    faults = read_policy(broken, context).faults

    expected = [(code, basis.article, basis.severity)]
    assert [(fault.code, fault.article, fault.severity) for fault in faults] == expected


@pytest.mark.parametrize("code", CASES)
def test_the_lawful_policy_beside_it_raises_nothing(code: str) -> None:
    _, mended, context = CASES[code]

    assert read_policy(mended, context).faults == ()
