"""The checks of a policy that go beyond its form; docs/policy.md lists them all."""

from collections.abc import Callable, Iterator
from typing import Final

from connector.core.policy.faults import in_order
from connector.core.policy.model import Policy
from connector.core.policy.rules import context as contextual
from connector.core.policy.rules import costs, interest, ladder, law, persons, timing, whole
from connector.core.policy.rules.context import PolicyContext
from connector.core.policy.rules.marker import Marker
from connector.core.policy.yaml_lines import Fault, Positions

__all__ = ["PolicyContext", "check_in_context", "check_policy"]

RULES: Final[tuple[Callable[[Policy, Marker], Iterator[Fault]], ...]] = (
    whole.track_names,
    whole.catch_all,
    whole.override_subjects,
    whole.override_contents,
    whole.quiet_windows,
    whole.claims,
    ladder.each_step,
    ladder.each_ladder,
    timing.moments,
    timing.terms,
    law.statutory_notice_first,
    law.useful_notices,
    law.lawful_terms,
    law.after_due,
    law.payment_on_its_way,
    law.known_kinds,
    costs.for_businesses,
    costs.demand_first,
    costs.over_what_is_owed,
    costs.at_home,
    interest.agreed_rates,
    interest.after_due,
    persons.approval,
)

CONTEXT_RULES: Final[tuple[Callable[[Policy, Marker, PolicyContext], Iterator[Fault]], ...]] = (
    contextual.agencies,
    contextual.package,
    contextual.default_first,
    contextual.interest_after_default,
    contextual.costs_within_scale,
    contextual.own_clause,
    contextual.for_others,
)


def check_policy(policy: Policy, positions: Positions) -> tuple[Fault, ...]:
    """Return what is wrong in the policy itself, in the order of the text."""
    mark = Marker(positions)
    return in_order(fault for rule in RULES for fault in rule(policy, mark))


def check_in_context(
    policy: Policy, positions: Positions, context: PolicyContext
) -> tuple[Fault, ...]:
    """Return what is wrong in the policy for the administration that uses it."""
    mark = Marker(positions)
    return in_order(fault for rule in CONTEXT_RULES for fault in rule(policy, mark, context))
