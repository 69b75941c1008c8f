from connector.core.policy.check import PolicyContext
from connector.core.policy.read import Fault, read_policy
from tests.core.policy.texts import DEFAULT, HAND_OVER, NOTICE, REMINDER, found, ladder, only

AGENCY = frozenset({"bureau"})
BUSINESS_LADDER = f"ladder: [{REMINDER}, {HAND_OVER}]"
CONSUMERS = f"  - {{name: particulier, applies_to: {{kind: consumer}}, ladder: [{REMINDER}]}}\n"


def legal(text: str, context: PolicyContext | None = None) -> Fault:
    fault = only(text, context)
    assert fault.article is not None
    return fault


def test_a_consumer_is_not_handed_over_without_a_notice() -> None:
    fault = legal(ladder(REMINDER, HAND_OVER))

    assert (fault.code, fault.article) == ("hand_over_without_notice", "art. 6:96 lid 6 BW")


def test_a_notice_after_the_handover_does_not_count() -> None:
    codes = [code for code, _ in found(ladder(REMINDER, HAND_OVER, NOTICE))]

    assert codes == ["hand_over_without_notice", "step_after_hand_over"]


def test_a_handover_after_the_notice_is_lawful() -> None:
    assert found(ladder(REMINDER, DEFAULT, NOTICE, HAND_OVER)) == []


def test_costs_of_consumers_need_a_notice() -> None:
    fault = legal(ladder(REMINDER, extra="collection_costs: statutory"))

    assert (fault.code, fault.article) == ("costs_without_notice", "art. 6:96 lid 6 BW")


def test_a_demand_with_costs_comes_after_the_notice() -> None:
    demand = "{step: sommatie, at: deadline + 1d, do: final_demand, via: post}"
    fault = legal(ladder(REMINDER, demand, NOTICE, extra="collection_costs: statutory"))

    assert (fault.code, fault.line) == ("costs_before_notice", 7)
    assert found(ladder(REMINDER, demand, NOTICE)) == []
    assert found(ladder(REMINDER, NOTICE, demand, extra="collection_costs: statutory")) == []


def test_businesses_need_no_notice() -> None:
    assert found(ladder(REMINDER, HAND_OVER, before=CONSUMERS)) == []


def test_consumers_that_fail_a_further_test_fall_on_the_next_track() -> None:
    before = CONSUMERS.replace("kind: consumer", "kind: consumer, country: NL")

    assert legal(ladder(REMINDER, HAND_OVER, before=before)).code == "hand_over_without_notice"


def test_a_track_for_businesses_only_is_out_of_reach_of_consumers() -> None:
    before = f"  - {{name: z, applies_to: {{kind: business}}, {BUSINESS_LADDER}}}\n"

    assert found(ladder(REMINDER, before=before)) == []


def test_a_person_can_put_a_consumer_on_a_track_for_businesses() -> None:
    before = f"  - {{name: z, applies_to: {{kind: business}}, {BUSINESS_LADDER}}}\n"
    after = "overrides:\n  - {debtor: '1', track: z, kind: consumer}\n"

    assert legal(ladder(REMINDER, before=before, after=after)).code == "hand_over_without_notice"


def test_a_track_of_unknown_debtors_is_one_of_consumers() -> None:
    before = f"  - {{name: z, applies_to: {{kind: unknown}}, {BUSINESS_LADDER}}}\n"

    assert legal(ladder(REMINDER, before=before)).code == "hand_over_without_notice"


def test_an_agreed_percentage_never_reaches_a_consumer_or_an_unknown_debtor() -> None:
    extra = "collection_costs: {percentage: 15, minimum: 40, clause: art. 9}"
    fault = legal(ladder(REMINDER, DEFAULT, NOTICE, extra=extra))

    assert (fault.code, fault.article) == ("costs_percentage", "art. 6:96 lid 5 BW")
    assert (
        found(
            ladder(REMINDER, extra=extra, before=CONSUMERS).replace(
                "    collection", "    collection"
            )
        )
        == []
    )


def test_the_term_of_a_notice_is_at_least_fourteen_days() -> None:
    fault = legal(ladder(REMINDER, NOTICE.replace("}", ", term: 13d}")))

    assert (fault.code, fault.article) == ("term_below_law", "art. 6:96 lid 6 BW")
    assert found(ladder(REMINDER, NOTICE.replace("}", ", term: 10 business days}"))) == []


def test_a_short_term_of_a_default_notice_is_a_warning() -> None:
    fault = legal(ladder(REMINDER, DEFAULT.replace("}", ", term: 6d}")))

    assert (fault.code, fault.severity) == ("term_unreasonable", "warning")
    assert fault.article == "art. 6:82 lid 1 BW"


def test_a_consumer_is_in_default_before_the_notice() -> None:
    text = ladder(REMINDER, NOTICE)
    fault = legal(text, PolicyContext())

    assert (fault.code, fault.article) == ("notice_without_default", "art. 6:82 lid 1 BW")
    assert found(text, PolicyContext(due_date_agreed=True)) == []
    assert found(ladder(REMINDER, DEFAULT, NOTICE), PolicyContext()) == []
    assert (
        legal(ladder(REMINDER, NOTICE, DEFAULT), PolicyContext()).code == "notice_without_default"
    )


def test_businesses_need_no_default_before_a_notice() -> None:
    before = f"  - {{name: z, applies_to: {{kind: business}}, ladder: [{REMINDER}, {NOTICE}]}}\n"

    assert found(ladder(REMINDER, before=before), PolicyContext()) == []


def test_the_policy_of_the_design_is_lawful() -> None:
    text = """\
version: 1
guards: {minimum_open: 15.00, receipt: {post: statutory + 2 business days, email: statutory}}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    interest: {kind: statutory, claim_from: incasso}
    collection_costs: statutory
    ladder:
      - {step: aankondiging,        at: due - 3d,        do: reminder,         via: email}
      - {step: herinnering,         at: due + 4d,        do: reminder,         via: package, fallback: email}
      - {step: aanmaning,           at: previous + 14d,  do: default_notice,   via: email, fallback: post, term: 14d}
      - {step: veertiendagenbrief,  at: deadline + 1d,   do: statutory_notice, via: [email, post]}
      - {step: bellen,              at: deadline + 1d,   do: call}
      - {step: incasso,             at: deadline + 8d,   do: hand_over, to: bureau}
  - name: zakelijk
    ladder:
      - {step: herinnering, at: due + 4d, do: reminder, via: email}
"""
    reading = read_policy(text, PolicyContext(agencies=AGENCY))

    assert reading.faults == ()
