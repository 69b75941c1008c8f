from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from connector.app.messages import Messages
from connector.core.policy.describe import describe
from connector.core.policy.read import read_policy
from tests.core.policy.texts import ladder

RICH = """\
version: 1
mode: automatic
guards:
  business_days: none
  quiet: [{from: 12-24, to: 01-02}]
  data_no_older_than: 1h
  bank_no_older_than: 2d
  contact_spacing: 1d
  after_payment: 1 business day
  receipt: {email: statutory + 1d}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    interest: {kind: statutory, claim_from: incasso}
    collection_costs: statutory
    ladder:
      - {step: aankondiging, at: due - 3d, do: reminder, via: [package, email, post]}
      - {step: herinnering, at: due, do: reminder, via: email, fallback: post, attach_letter: true}
      - {step: aanmaning, at: deadline, do: default_notice, via: post, approve: {above: 500.00}}
      - {step: brief, at: deadline + 1d, do: statutory_notice, via: post}
      - {step: bellen, at: previous + 30d, do: call, approve: never}
      - {step: nakijken, at: previous, do: task, why: "adres nazoeken"}
      - {step: incasso, at: previous + 3 business days, do: hand_over, to: bureau}
  - name: groot
    applies_to:
      {language: nl, country: [NL, BE], tag: vip, balance_over: 1000, open_items_over: 3,
       average_days_late_over: 10, score_under: 50, kind: [company, public_body]}
    interest: {rate: 8.5, clause: art. 8}
    collection_costs: {percentage: 15, minimum: 40, clause: art. 9}
    ladder:
      - {step: a, at: invoice, do: reminder, via: email}
      - {step: b, at: invoice + 20d, do: reminder, via: email, approve: always}
      - {step: c, at: month_end(due), do: final_demand, via: post}
      - {step: d, at: month_end(due + 40d), do: hand_over, to: bureau, approve: {above: 100}}
  - name: handel
    applies_to: {kind: business}
    interest: statutory
    collection_costs: {kind: statutory, per_invoice: true}
    ladder:
      - {step: a, at: due + 1d, do: default_notice, via: post}
      - {step: b, at: deadline + 1d, do: hand_over, to: bureau}
  - name: rest
    interest: {kind: statutory, claim_from: a}
    collection_costs: none
    ladder:
      - {step: a, at: due + 1d, do: reminder, via: email}
overrides:
  - {debtor: "1", track: groot, never: [hand_over, call]}
  - {debtor: "2", kind: sole_trader}
  - {invoice: F1, skip: true, reason: "raamcontract"}
  - {invoice: F2, due: 2026-12-15, reason: "opnieuw verzonden"}
  - {invoice: F3, due: 2026-12-16, restart: true}
  - {invoice: F4, despite_limitation: true, reason: "schuld erkend"}
  - {invoice: F5, despite_limitation: true}
"""


def page(text: str, language: str) -> str:
    reading = read_policy(text)
    assert reading.policy is not None, reading.faults
    messages = Messages(language)

    def say(code: str, facts: Mapping[str, object]) -> str:
        assert messages.has(code, table="describe"), code
        return messages.sentence(code, facts, table="describe")

    lines = describe(reading.policy)
    return "".join(f"{'  ' * line.level}{line.spoken(say)}\n" for line in lines)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_policy_reads_as_a_page(language: str, golden: Callable[[Path, str], None]) -> None:
    golden(Path(f"tests/golden/policy/rich.{language}.txt"), page(RICH, language))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_default_policy_reads_as_a_page(
    language: str, golden: Callable[[Path, str], None]
) -> None:
    text = Path("config/policy.yaml").read_text(encoding="utf-8")

    golden(Path(f"tests/golden/policy/default.{language}.txt"), page(text, language))


@pytest.mark.parametrize("mode", ["shadow", "assisted"])
def test_the_mode_is_said_once_for_all_steps(mode: str) -> None:
    step = "{step: a, at: due, do: statutory_notice, via: post}"
    said = page(f"mode: {mode}\n" + ladder(step), "nl")

    assert ("elke brief apart" in said) == (mode == "assisted")


def test_every_choice_of_the_guards_has_words() -> None:
    for credits_, held, own, also, bank, charges in (
        ("hold", "net", "warn", "all", "hold", "waive"),
        ("ignore", "hold", "ignore", "none", "ignore", "ask"),
    ):
        guards = (
            f"guards: {{credits: {credits_}, unallocated_payment: {held}, set_off: {own}, "
            f"also_open: {also}, bank_when_unknown: {bank}, "
            f"after_costs: {{principal_only: {charges}, above: {charges}}}, receipt: {{post: statutory}}}}\n"
        )
        step = "{step: a, at: due, do: call}"
        assert "_" not in page(guards + ladder(step), "nl")


@pytest.mark.parametrize(("mode", "expected"), [("shadow", False), ("automatic", True)])
def test_a_person_decides_about_handovers_where_anything_leaves_at_all(
    mode: str, *, expected: bool
) -> None:
    track = "  - {name: z, applies_to: {kind: company}, ladder: [{step: a, at: due, do: hand_over, to: b}]}\n"
    said = page(f"mode: {mode}\n" + ladder("{step: a, at: due, do: call}", before=track), "nl")

    assert ("elke overdracht apart" in said) == expected
