"""What makes two actions the same."""

import pytest

from connector.core.actions import action_id

ITEMS = [("R/F1", 1), ("R/F2", 1)]


def identity(**fields: object) -> str:
    plain = {
        "administration": "jansen-bv",
        "party": "10023",
        "currency": "EUR",
        "step": "herinnering",
        "items": ITEMS,
    }
    return action_id(**(plain | fields))  # type: ignore[arg-type]  # one field is changed at a time


def test_identity_is_stable_between_runs() -> None:
    assert identity() == "16fd57acfa88"


def test_order_of_the_items_makes_no_difference() -> None:
    assert identity(items=ITEMS[::-1]) == identity()


@pytest.mark.parametrize(
    "fields",
    [
        {"administration": "de-wit"},
        {"party": "10024"},
        {"currency": "USD"},
        {"step": "sommatie"},
        {"items": ITEMS[:1]},
        {"items": [("R/F1", 2), ("R/F2", 1)]},
    ],
)
def test_identity_depends_on_each_part(fields: dict[str, object]) -> None:
    assert identity(**fields) != identity()
