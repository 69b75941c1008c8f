"""What a policy is held against comes from the configuration."""

from pathlib import Path

import pytest

from connector.bootstrap import open_office
from connector.core.policy.check import PolicyContext
from tests.flow.kit import CONFIG, MORNING, POLICY, Quiet


def context(folder: Path, office: str, terms: str) -> PolicyContext:
    config = folder / "config"
    config.mkdir()
    text = CONFIG.replace("{adapter: memory}", "{adapter: csv, folder: books}")
    text = text.replace("name: Kantoor Proef", f"name: Kantoor Proef, {office}")
    text = text.replace("{name: Jansen B.V.", f"{{name: Jansen B.V., consumer_terms: {{{terms}}}")
    (config / "maan.yaml").write_text(text, encoding="utf-8")
    (config / "policy.yaml").write_text(POLICY, encoding="utf-8")
    with open_office(config / "maan.yaml", MORNING, Quiet()) as opened:
        return opened.administration("jansen").policy_context()


@pytest.mark.parametrize(
    ("office", "expected"),
    [
        ("acting_for_others: false", (False, False)),
        ("acting_for_others: true", (True, False)),
        ('acting_for_others: true, wki_number: "1"', (True, True)),
    ],
)
def test_the_office_says_for_whom_it_acts_and_whether_it_is_registered(
    tmp_path: Path, office: str, expected: tuple[bool, bool]
) -> None:
    found = context(tmp_path, office, "own_cost_clause: false")

    assert (found.acting_for_others, found.office_registered) == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("due_date_agreed: true", (True, False)),
        ("own_cost_clause: true", (False, True)),
    ],
)
def test_the_terms_for_consumers_say_what_was_agreed(
    tmp_path: Path, terms: str, expected: tuple[bool, bool]
) -> None:
    found = context(tmp_path, "acting_for_others: false", terms)

    assert (found.due_date_agreed, found.own_cost_clause) == expected
