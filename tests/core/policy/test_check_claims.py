import pytest

from tests.core.policy.texts import DEMAND, REMINDER, beside, found, ladder, only


@pytest.mark.parametrize("word", ["reminder", "herinnering"])
def test_interest_may_start_at_a_step_or_a_kind_of_step(word: str) -> None:
    assert found(ladder(REMINDER, extra=f"interest: {{kind: statutory, claim_from: {word}}}")) == []


@pytest.mark.parametrize(
    ("word", "code"), [("herinering", "claim_from_unknown_near"), ("zzz", "claim_from_unknown")]
)
def test_interest_starts_at_a_step_that_is_there(word: str, code: str) -> None:
    text = ladder(REMINDER, extra=f"interest: {{kind: statutory, claim_from: {word}}}")

    assert only(text).code == code


def test_interest_that_no_step_claims_is_a_warning() -> None:
    fault = only(ladder(REMINDER, extra="interest: statutory"))

    assert (fault.code, fault.severity) == ("interest_never", "warning")


@pytest.mark.parametrize(
    ("claimed", "key"),
    [
        ("interest: {kind: statutory, claim_from: sommatie, clause: art. 8}", "clause"),
        ("interest: {kind: none, claim_from: sommatie}", "claim_from"),
        ("interest: {rate: 8, clause: art. 8, claim_from: sommatie, kind: null}", None),
        ("collection_costs: {kind: none, per_invoice: true}", "per_invoice"),
        ("collection_costs: {kind: none, minimum: 40}", "minimum"),
        ("collection_costs: {kind: none, per_invoice: false}", None),
        ("collection_costs: {percentage: 15, clause: art. 9, per_invoice: true}", "per_invoice"),
    ],
)
def test_a_key_that_does_nothing_beside_what_is_claimed_is_named(
    claimed: str, key: str | None
) -> None:
    faults = found(beside(REMINDER, DEMAND, extra=claimed))

    assert [code for code, _ in faults] == (["claim_key_idle"] if key else [])
    assert key is None or only(beside(REMINDER, DEMAND, extra=claimed)).facts["key"] == key
