import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from connector.core.policy.check import PolicyContext
from connector.core.policy.faults import allowed_keys, shown, validated
from connector.core.policy.model import ApproveAbove, Override, Policy, StepKind
from connector.core.policy.read import read_policy
from connector.core.policy.yaml_lines import read_yaml
from tests.core.policy.texts import REMINDER, found, ladder, only

CONFIG = Path("config")

BROKEN = """\
version: 2
mode: automatisch
guards:
  minimum_open: "15,00"
  contact_spacing: 7 dagen
  hours: 9-5
  quiet:
    - {from: 12-24, to: 13-01}
  credit: net
  first_run_per_day: 0
  receipt: {post: altijd}
  data_no_older_than: vers
  promise: nee
tracks:
  - name: mijn particulieren
    applies_to: {kind: consumr, score_under: 200}
    interest: wettelijk
    collection_costs: {kind: statutory, percentage: 15}
    ladder:
      - {step: herinnering, at: due plus 4, do: reminder, via: email}
      - {step: aanmaning, at: previous + 14d, do: default_notise, via: fax}
      - {step: bellen, at: deadline + 1d, do: call, approve: misschien}
      - {step: incasso, at: deadline + 8d, approve: {abov: 5}}
      - {step: [a], at: month_end(due - 1d), do: call, attach_letter: misschien}
  - name: zakelijk
    applies_to: {open_items_over: veel}
    ladder: []
  - {name: leeg, ladder: nee, interest: {rate: 8, kind: none}}
overrides:
  - {debtor: "10023", invoice: F1}
  - {invoice: F2, due: 15-12-2026, skip: misschien}
  - nog iets
version: 1
digest: x
niets:
"""


def test_all_faults_of_a_broken_policy_come_at_once_with_their_lines() -> None:
    assert found(BROKEN) == [
        ("version_form", 1), ("choice_near", 2), ("amount_form", 4), ("duration_form", 5),
        ("hours_form", 6), ("day_form", 8), ("unknown_key_near", 9), ("too_small", 10),
        ("receipt_form", 11), ("age_form", 12), ("not_mapping", 13), ("name_form", 15),
        ("choice_near", 16), ("too_large", 16), ("choice", 17), ("costs_form", 18),
        ("anchor_form", 20), ("choice_near", 21), ("choice", 21), ("approve_form", 22),
        ("missing_key", 23), ("missing_key", 23), ("unknown_key_near", 23), ("not_text", 24),
        ("anchor_form", 24), ("not_bool", 24), ("not_number", 26), ("too_few", 27),
        ("not_list", 28), ("interest_form", 28), ("override_subject", 30), ("date_form", 31),
        ("not_bool", 31), ("not_mapping", 32), ("yaml_duplicate_key", 33), ("unknown_key", 34),
        ("unknown_key", 35),
    ]  # fmt: skip
    assert read_policy(BROKEN).policy is None


def test_the_columns_point_at_the_value_or_at_the_unknown_key() -> None:
    faults = {fault.line: fault.column for fault in read_policy(BROKEN).faults}

    assert faults[4] == 17
    assert faults[9] == 3
    assert faults[20] == 33


def test_the_default_policy_is_lawful_for_the_default_configuration() -> None:
    text = (CONFIG / "policy.yaml").read_text(encoding="utf-8")
    reading = read_policy(text, PolicyContext(agencies=frozenset({"voorbeeld-incasso"})))

    assert reading.faults == ()
    assert reading.policy is not None
    assert [track.name for track in reading.policy.tracks] == ["particulier", "zakelijk"]


def test_the_digest_is_that_of_the_bytes() -> None:
    text = ladder(REMINDER) + "# é\n"
    policy = read_policy(text).policy

    assert policy is not None
    assert policy.digest == "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def test_amounts_keep_their_cents() -> None:
    step = REMINDER.replace("}", ", approve: {above: 0.10}}")
    policy = read_policy("guards: {minimum_open: 15.10}\n" + ladder(step)).policy

    assert policy is not None
    assert str(policy.guards.minimum_open) == "15.10"
    assert policy.tracks[0].ladder[0].approve == ApproveAbove(above=Decimal("0.10"))


def test_what_is_left_empty_has_its_default() -> None:
    policy = read_policy("mode:\nguards: {quiet: }\noverrides:\n" + ladder(REMINDER)).policy

    assert policy is not None
    assert policy.guards.business_days == "NL"
    assert policy.overrides == ()


def test_business_days_can_be_none() -> None:
    policy = read_policy("guards: {business_days: none}\n" + ladder(REMINDER)).policy

    assert policy is not None
    assert policy.guards.business_days is None


def test_a_single_word_may_stand_for_a_list() -> None:
    policy = read_policy(ladder(REMINDER)).policy

    assert policy is not None
    assert policy.tracks[0].ladder[0].via == ("email",)


@pytest.mark.parametrize("word", ["never", "always"])
def test_an_approval_may_be_a_word(word: str) -> None:
    policy = read_policy(ladder(REMINDER.replace("}", f", approve: {word}}}"))).policy

    assert policy is not None
    assert policy.tracks[0].ladder[0].approve == word


def test_an_amount_with_a_comma_in_braces_is_not_read_as_less() -> None:
    text = "guards: {minimum_open: 15,00}\n" + ladder(REMINDER)

    assert found(text) == [("unknown_key", 1)]


def test_a_value_that_could_not_be_read_gives_one_fault_only() -> None:
    assert found("mode: *x\n" + ladder(REMINDER)) == [("yaml_alias", 1)]
    assert found("version: *x\n" + ladder(REMINDER).partition("\n")[2]) == [("yaml_alias", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "mode: shadow\nmode: automatic\n" + ladder(REMINDER),
        ladder(REMINDER, "{step: incasso, at: deadline + 8d, do: hand_over, to: bureau}"),
        ladder(REMINDER, after="digest: x\n"),
    ],
)
def test_a_policy_with_an_error_is_not_given_out(text: str) -> None:
    reading = read_policy(text)

    assert [fault.severity for fault in reading.faults] == ["error"]
    assert reading.policy is None


def test_a_required_key_with_nothing_behind_it_is_missing_where_it_stands() -> None:
    fault = only("version: 1\ntracks:\n")

    assert (fault.code, fault.line, fault.facts["key"]) == ("missing_key", 2, "tracks")


def test_a_file_that_is_no_yaml_has_one_fault() -> None:
    assert found("version: 1\n\ttracks: []\n") == [("yaml_tab", 2)]


def test_a_warning_leaves_the_policy_usable() -> None:
    reading = read_policy(ladder(REMINDER.replace("herinnering", "eerste-herinnering")))

    assert [fault.severity for fault in reading.faults] == ["warning"]
    assert reading.policy is not None


def test_a_person_may_set_the_kind_and_the_due_date() -> None:
    after = "overrides:\n  - {debtor: 10051, kind: sole_trader, never: [hand_over]}\n  - {invoice: F1, due: 2026-12-15, restart: true, reason: x}\n"
    policy = read_policy(ladder(REMINDER, after=after)).policy

    assert policy is not None
    assert policy.overrides[0].debtor == "10051"
    assert policy.overrides[0].never == (StepKind.HAND_OVER,)
    assert policy.overrides[1].due is not None


@pytest.mark.parametrize("due", ["2026-02-30", "20261215", "1700000000", "2026-12-15T10:00:00"])
def test_only_a_real_date_is_a_date(due: str) -> None:
    assert (
        only(ladder(REMINDER, after=f"overrides:\n  - {{invoice: F1, due: {due}}}\n")).code
        == "date_form"
    )


@pytest.mark.parametrize("due", ["1999-12-31", "2101-01-01", "9999-12-31", "0202-12-15"])
def test_a_due_date_of_another_century_is_a_fault(due: str) -> None:
    fault = only(ladder(REMINDER, after=f"overrides:\n  - {{invoice: F1, due: {due}}}\n"))

    assert (fault.code, fault.facts["found"]) == ("date_range", due)


@pytest.mark.parametrize("due", ["2000-01-01", "2100-12-31"])
def test_a_due_date_of_this_century_is_taken(due: str) -> None:
    assert Override.model_validate({"invoice": "F1", "due": due}).due == date.fromisoformat(due)


def test_a_date_may_be_given_as_a_date() -> None:
    assert Override(invoice="F1", due=date(2026, 12, 15)).due == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), ("a" * 70, "a" * 59 + "…"), ({}, "{…}"), ([], "[…]"), (3, "3")],
)
def test_values_are_shown_short(value: object, text: str) -> None:
    assert shown(value) == text


def test_keys_of_a_free_mapping_are_not_listed() -> None:
    class Part(BaseModel):
        size: int

    class Whole(BaseModel):
        parts: dict[str, Part]

    assert allowed_keys(Whole, ("parts",)) == []
    assert allowed_keys(Whole, ("parts", "size")) == ["size"]


words = st.sampled_from(
    ["version", "tracks", "guards", "name", "ladder", "step", "at", "do", "via", "1", "due + 4d", "email",
     "reminder", "call", "hand_over", "previous + 1d", "kind", "consumer", "applies_to", "quiet", "overrides",
     "debtor", "interest", "rate", "approve", "above", "true", "null", "12-24", "month_end(due)", "to", ""]
)  # fmt: skip
values = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


def as_yaml(value: object) -> str:
    match value:
        case dict():
            return (
                "{" + ", ".join(f"{key or 'x'}: {as_yaml(one)}" for key, one in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(as_yaml(one) for one in value) + "]"
        case _:
            return str(value)


@given(values)
def test_no_document_raises(value: object) -> None:
    reading = read_policy(as_yaml(value))

    assert isinstance(reading.policy, Policy) or reading.faults


@given(st.data())
def test_no_change_of_the_default_policy_raises(data: st.DataObject) -> None:
    lines = (CONFIG / "policy.yaml").read_text(encoding="utf-8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[at])))
    lines[at] = lines[at][:column] + data.draw(st.text(max_size=5)) + lines[at][column + 1 :]

    reading = read_policy("\n".join(lines), PolicyContext())

    assert isinstance(reading.policy, Policy) or reading.faults


class _Kind(BaseModel):
    kind: int


class _Choice(BaseModel):
    at_handover: Literal["none", "block"] | _Kind


def test_a_wrong_word_where_a_word_is_possible_is_one_fault() -> None:
    _, faults = validated(read_yaml("at_handover: blok\n"), _Choice)

    assert [fault.code for fault in faults] == ["choice_near"]
