"""The rules of law: the article behind each, and whether a policy that breaks it may be used.

An error protects the debtor or voids what would be sent; a warning names a risk, or something that
maan holds back at the moment itself. docs/policy.md shows this table; a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule of law stands on.

    Attributes:
        article: As it is cited in Dutch.
        severity: An error blocks the policy, a warning only shows.
    """

    article: str
    severity: Severity


_NOTICE: Final = "art. 6:96 lid 6 BW"
_DEFAULT: Final = "art. 6:82 lid 1 BW"
_WINDOW: Final = "art. 13 Wki"

LAW: Final[Mapping[str, Basis]] = {
    # The fourteen-day letter and default
    "hand_over_without_notice": Basis(_NOTICE, "error"),
    "costs_before_notice": Basis(_NOTICE, "error"),
    "costs_without_notice": Basis(_NOTICE, "error"),
    "notice_without_default": Basis(_DEFAULT, "error"),
    "notice_without_costs": Basis(_NOTICE, "warning"),
    "notice_repeated": Basis("art. 6:96 lid 7 BW", "warning"),
    "notice_for_companies": Basis(_NOTICE, "warning"),
    "notice_by_email": Basis("art. 3:37 lid 3 BW", "warning"),
    "override_kind_open": Basis(_NOTICE, "warning"),
    # Terms
    "term_below_law": Basis(_NOTICE, "error"),
    "term_unreasonable": Basis(_DEFAULT, "warning"),
    "legal_before_due": Basis("art. 6:81 BW", "error"),
    "legal_term_runs": Basis("art. 6:82 lid 1 en 6:96 lid 6 BW", "error"),
    "legal_via_package": Basis("art. 6:82 lid 1 en 6:96 lid 6 BW", "error"),
    "bank_margin_none": Basis("art. 6:114 lid 2 BW", "warning"),
    # Costs
    "costs_percentage": Basis("art. 6:96 lid 5 BW", "error"),
    "costs_per_invoice": Basis("art. 6:96 lid 4 BW", "error"),
    "costs_without_clause": Basis("art. 6:96 lid 5 BW", "error"),
    "costs_above_scale": Basis("art. 242 Rv", "warning"),
    "costs_without_demand": Basis("art. 6:96 lid 2 BW", "warning"),
    "costs_over_credits": Basis(_NOTICE, "warning"),
    "costs_own_clause": Basis("art. 6:233 BW", "warning"),
    "costs_abroad": Basis("Vo. (EG) 593/2008 (Rome I)", "warning"),
    # Interest
    "rate_without_clause": Basis("art. 6:119 lid 3 BW", "error"),
    "rate_for_consumers": Basis("art. 6:233 BW", "warning"),
    "interest_before_due": Basis("art. 6:119 lid 1 BW", "error"),
    "interest_before_default": Basis("art. 6:119 lid 1 en 6:82 lid 1 BW", "error"),
    # Natural persons
    "approval_by_law": Basis("art. 22 AVG", "warning"),
    "agency_unregistered": Basis("Wki", "warning"),
    "office_unregistered": Basis("Wki", "warning"),
    "hours_outside_window": Basis(_WINDOW, "warning"),
    "days_outside_window": Basis(_WINDOW, "warning"),
}
