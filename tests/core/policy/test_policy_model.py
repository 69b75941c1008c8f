from decimal import Decimal

import pytest

from connector.core.policy.model import AfterCosts, CollectionCosts, Guards, Interest, Override


def test_only_the_principal_paid_waives_the_rest_unless_the_policy_says_so() -> None:
    expected = AfterCosts(principal_only="waive", remainder_below=Decimal("15.00"), above="ask")

    assert Guards().after_costs == expected


@pytest.mark.parametrize(("step", "expected"), [(None, "hand_over"), ("sommatie", "sommatie")])
def test_interest_is_claimed_from_the_handover_unless_a_step_is_named(
    step: str | None, expected: str
) -> None:
    actual = Interest(kind="statutory", claim_from=step).claimed_from

    assert actual == expected


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        (Interest(kind="none"), False),
        (Interest(rate=Decimal(8)), True),
        (CollectionCosts(kind="none"), False),
        (CollectionCosts(kind="statutory"), True),
        (CollectionCosts(percentage=Decimal(15)), True),
    ],
)
def test_what_is_claimed_is_all_but_none(
    claimed: Interest | CollectionCosts, *, expected: bool
) -> None:
    assert claimed.is_claimed == expected


def test_forty_euros_for_each_invoice_is_a_choice() -> None:
    assert not CollectionCosts(kind="statutory").per_invoice


def test_a_time_barred_claim_is_handed_over_only_by_a_person() -> None:
    assert not Override(invoice="F1").despite_limitation
