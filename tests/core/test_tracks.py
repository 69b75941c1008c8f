"""Which track a debtor is on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from connector.core.policy.model import DebtorKind, Override, Policy
from connector.core.snapshot import Item, Party
from connector.core.tracks import TrackChoice, choose_track
from tests.core.make_core import credit, dollar, euro, item, party, policy, position, track

COMPANY = DebtorKind.COMPANY


def rules(**tests: Any) -> Policy:
    special = track(name="bijzonder", applies_to=tests)
    return policy(tracks=[special, track(name="gewoon")])


def chosen(
    by: Policy,
    *items: Item,
    kind: DebtorKind = COMPANY,
    debtor: Party | None = None,
    override: Override | None = None,
) -> TrackChoice:
    return choose_track(by, debtor or party(), kind, items=items or (item(),), override=override)


@pytest.mark.parametrize("kind", list(DebtorKind))
def test_consumer_track_takes_in_the_unknown(kind: DebtorKind) -> None:
    expected = {DebtorKind.CONSUMER, DebtorKind.UNKNOWN}

    assert (chosen(rules(kind="consumer"), kind=kind).name == "bijzonder") is (kind in expected)


@pytest.mark.parametrize("kind", list(DebtorKind))
def test_business_means_the_middle_four(kind: DebtorKind) -> None:
    others = {DebtorKind.CONSUMER, DebtorKind.UNKNOWN}

    assert (chosen(rules(kind="business"), kind=kind).name == "gewoon") is (kind in others)


@pytest.mark.parametrize(
    "kind", ["business", "sole_trader", "partnership", "company", "public_body"]
)
def test_no_business_test_matches_the_unknown(kind: str) -> None:
    assert chosen(rules(kind=kind), kind=DebtorKind.UNKNOWN).name == "gewoon"


def test_a_policy_may_name_the_unknown() -> None:
    assert chosen(rules(kind="unknown"), kind=DebtorKind.UNKNOWN).name == "bijzonder"


@pytest.mark.parametrize(
    ("tests", "debtor"),
    [
        ({"language": "nl"}, {"language": "nl"}),
        ({"country": ["BE", "DE"]}, {"country": "DE"}),
        ({"tag": "groot"}, {"tags": ("oud", "groot")}),
        ({"average_days_late_over": "10"}, {"average_days_late": 11}),
        ({"language": "nl", "country": "NL"}, {}),
    ],
)
def test_matching_debtor_is_on_the_track(
    tests: Mapping[str, Any], debtor: Mapping[str, Any]
) -> None:
    assert chosen(rules(**tests), debtor=party(**debtor)).name == "bijzonder"


@pytest.mark.parametrize(
    ("tests", "debtor"),
    [
        ({"language": "nl"}, {"language": None}),
        ({"country": ["BE", "DE"]}, {"country": "NL"}),
        ({"tag": "groot"}, {"tags": ("oud",)}),
        ({"average_days_late_over": "10"}, {"average_days_late": 10}),
        ({"average_days_late_over": "10"}, {"average_days_late": None}),
        ({"score_under": "50"}, {}),
        ({"language": "nl", "country": "BE"}, {}),
    ],
)
def test_debtor_that_fails_one_test_is_not_on_the_track(
    tests: Mapping[str, Any], debtor: Mapping[str, Any]
) -> None:
    assert chosen(rules(**tests), debtor=party(**debtor)).name == "gewoon"


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([euro("60"), euro("41")], "bijzonder"),
        ([euro("60"), euro("40")], "gewoon"),
        ([euro("60"), dollar("60")], "gewoon"),
    ],
)
def test_balance_is_per_currency(amounts: list[Any], expected: str) -> None:
    items = [item(f"F{n}", open=amount) for n, amount in enumerate(amounts)]

    assert chosen(rules(balance_over="100.00"), *items).name == expected


def test_balance_counts_credits() -> None:
    items = item(open=euro("110")), credit(amount="20.00")

    assert chosen(rules(balance_over="100.00"), *items).name == "gewoon"


def test_open_items_are_invoices() -> None:
    by = rules(open_items_over="1")

    assert chosen(by, item("F1"), credit("C1")).name == "gewoon"
    assert chosen(by, item("F1"), item("F2")).name == "bijzonder"


def test_first_matching_track_wins() -> None:
    by = policy(
        tracks=[
            track(name="een", applies_to={"language": "nl"}),
            track(name="twee", applies_to={"country": "NL"}),
            track(name="rest"),
        ]
    )

    assert chosen(by).name == "een"


def test_debtor_keeps_its_track_through_a_cycle() -> None:
    begun = item(position=position(track="gewoon"))
    choice = chosen(rules(language="nl"), begun)

    assert (choice.name, choice.wanted, choice.has_changed) == ("gewoon", "bijzonder", True)


def test_track_of_the_latest_step_is_kept() -> None:
    older = item("F1", position=position(on=date(2026, 10, 1), track="oud"))
    newer = item("F2", position=position(on=date(2026, 11, 1), track="gewoon"))

    assert chosen(rules(language="nl"), newer, older).name == "gewoon"


def test_override_moves_the_debtor_at_once() -> None:
    begun = item(position=position(track="gewoon"))
    override = Override(debtor="10023", track="bijzonder")
    choice = chosen(rules(language="de"), begun, override=override)

    assert choice.name == "bijzonder"
    assert choice.by_override
    assert not choice.has_changed


def test_override_of_something_else_leaves_the_track() -> None:
    override = Override(debtor="10023", kind=DebtorKind.SOLE_TRADER)

    assert chosen(rules(language="nl"), override=override).name == "bijzonder"
