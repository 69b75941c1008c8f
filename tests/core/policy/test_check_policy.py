import pytest

from connector.core.policy.check import PolicyContext
from connector.core.policy.read import read_policy
from tests.core.policy.texts import HAND_OVER, REMINDER, found, ladder, only

BUSINESS = (
    "  - {name: zakelijk, applies_to: {kind: business}, ladder: [{step: a, at: due, do: call}]}\n"
)
CALL = "{step: bellen, at: previous + 8d, do: call}"


def message(name: str, at: str, **keys: str) -> str:
    said = {"do": "reminder", "via": "email"} | keys
    return f"{{step: {name}, at: {at}, " + ", ".join(f"{k}: {v}" for k, v in said.items()) + "}"


def with_override(text: str) -> str:
    return ladder(REMINDER, after=f"overrides:\n  - {text}\n")


# Tracks


def test_two_tracks_of_one_name() -> None:
    text = ladder(REMINDER, before=BUSINESS.replace("zakelijk", "alle"))
    fault = only(text)

    assert (fault.code, fault.line, fault.facts["first"]) == ("track_repeated", 4, 3)


def test_the_last_track_takes_everybody() -> None:
    fault = only("version: 1\ntracks:\n" + BUSINESS)

    assert (fault.code, fault.line, fault.facts["name"]) == ("catch_all_missing", 3, "zakelijk")


def test_a_track_after_the_one_for_everybody_is_never_reached() -> None:
    fault = only(ladder(REMINDER, after=BUSINESS))

    assert (fault.code, fault.line, fault.facts["before"]) == ("track_unreachable", 6, "alle")


def test_a_track_that_an_override_names_can_be_reached() -> None:
    after = BUSINESS + "overrides:\n  - {debtor: '1', track: zakelijk}\n"

    assert found(ladder(REMINDER, after=after)) == []


# Overrides


def test_an_override_names_a_track_that_is_there() -> None:
    assert only(with_override("{debtor: '1', track: zzz}")).code == "override_track"
    fault = only(with_override("{debtor: '1', track: al}"))
    assert (fault.code, fault.facts["near"]) == ("override_track_near", "alle")


def test_one_debtor_has_one_override() -> None:
    text = with_override("{debtor: '1', track: alle}") + "  - {debtor: '1', kind: consumer}\n"
    fault = only(text)

    assert (fault.code, fault.line, fault.facts["first"]) == ("override_repeated", 8, 7)


def test_a_debtor_and_an_invoice_may_have_the_same_number() -> None:
    text = (
        with_override("{debtor: '1', track: alle}") + "  - {invoice: '1', skip: true, reason: x}\n"
    )

    assert found(text) == []


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ("{debtor: '1', skip: true, reason: x}", "override_debtor_key"),
        ("{debtor: '1', due: 2026-12-15, reason: x}", "override_debtor_key"),
        ("{invoice: F1, track: alle}", "override_invoice_key"),
        ("{invoice: F1, never: [hand_over]}", "override_invoice_key"),
        ("{invoice: F1, restart: true, reason: x}", "restart_without_due"),
        ("{invoice: F1, due: 2026-12-15}", "override_without_reason"),
        ("{invoice: F1, skip: true}", "override_without_reason"),
        ("{invoice: F1, despite_limitation: true}", "override_without_reason"),
        ("{debtor: '1', despite_limitation: true, reason: x}", "override_debtor_key"),
        ("{invoice: F1, reason: x}", "override_empty"),
    ],
)
def test_an_override_fits_its_subject(override: str, code: str) -> None:
    fault = only(with_override(override))

    assert fault.code == code
    is_warning = code in ("override_without_reason", "override_empty")
    assert fault.severity == ("warning" if is_warning else "error")


# Guards


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ("{from: 02-30, to: 03-01}", "quiet_day"),
        ("{from: 12-01, to: 11-31}", "quiet_day"),
        ("{from: 01-01, to: 12-31}", "quiet_long"),
    ],
)
def test_quiet_windows_are_real_and_short(window: str, code: str) -> None:
    fault = only(f"guards: {{quiet: [{window}]}}\n" + ladder(REMINDER))

    assert (fault.code, fault.line) == (code, 1)


def test_a_quiet_window_may_cross_the_year() -> None:
    assert found("guards: {quiet: [{from: 12-21, to: 01-03}]}\n" + ladder(REMINDER)) == []


# Steps


def test_two_steps_of_one_name() -> None:
    fault = only(ladder(REMINDER, message("herinnering", "deadline + 1d")))

    assert (fault.code, fault.line, fault.facts["first"]) == ("step_repeated", 6, 5)


@pytest.mark.parametrize(
    ("step", "key"),
    [
        ("{step: a, at: due, do: call, via: email}", "via"),
        ("{step: a, at: due, do: call, fallback: post}", "fallback"),
        ("{step: a, at: due, do: call, term: 7d}", "term"),
        ("{step: a, at: due, do: call, to: Petra}", "to"),
        ("{step: a, at: due, do: task, why: x, attach_letter: true}", "attach_letter"),
        ("{step: a, at: due, do: reminder, via: email, why: x}", "why"),
    ],
)
def test_a_key_that_does_nothing_is_named(step: str, key: str) -> None:
    fault = only(ladder(step))

    assert (fault.code, fault.facts["key"]) == ("key_not_here", key)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("{step: a, at: due, do: reminder}", "via_missing"),
        ("{step: a, at: due, do: task}", "why_missing"),
        ("{step: a, at: due, do: reminder, via: [email, email]}", "via_repeated"),
        ("{step: a, at: due, do: reminder, via: email, fallback: email}", "fallback_same"),
        ("{step: a, at: due, do: reminder, via: [email, post], fallback: post}", "fallback_same"),
        ("{step: a, at: due, do: final_demand, via: package}", "legal_via_package"),
        (
            "{step: a, at: due, do: default_notice, via: post, fallback: package}",
            "legal_via_package",
        ),
        ("{step: a, at: previous + 1d, do: reminder, via: email}", "first_step_anchor"),
        ("{step: a, at: deadline + 1d, do: reminder, via: email}", "first_step_anchor"),
        ("{step: a, at: due - 31d, do: reminder, via: email}", "at_before_invoice"),
        ("{step: a, at: due + 400d, do: reminder, via: email}", "at_far"),
        ("{step: first-reminder, at: due, do: reminder, via: email}", "first_named_first"),
    ],
)
def test_a_step_that_can_not_be_meant(step: str, code: str) -> None:
    assert only(ladder(step)).code == code


def test_a_handover_names_its_agency() -> None:
    before = (
        "  - {name: z, applies_to: {kind: company}, ladder: [{step: a, at: due, do: hand_over}]}\n"
    )

    assert only(ladder(REMINDER, before=before)).code == "to_missing"


def test_a_legal_notice_to_two_channels_may_fall_back_on_one_of_them() -> None:
    assert (
        found(ladder("{step: a, at: due, do: final_demand, via: [email, post], fallback: post}"))
        == []
    )


def test_a_deadline_needs_a_message_before_it() -> None:
    fault = only(ladder("{step: a, at: due, do: call}", message("b", "deadline + 1d")))

    assert (fault.code, fault.line) == ("deadline_without_message", 6)


def test_nothing_follows_a_handover() -> None:
    track = f"  - {{name: z, applies_to: {{kind: company}}, ladder: [{REMINDER}, {HAND_OVER}, {CALL}]}}\n"

    assert only(ladder(REMINDER, before=track)).code == "step_after_hand_over"


def test_a_later_message_may_be_called_first() -> None:
    assert found(ladder(REMINDER, message("eerste-aanmaning", "deadline + 1d"))) == []


def test_a_ladder_may_begin_with_a_call_whatever_its_name() -> None:
    assert found(ladder("{step: eerste-keer-bellen, at: due, do: call}")) == []


# Moments and terms


@pytest.mark.parametrize(
    ("first", "second"),
    [("due + 14d", "due + 4d"), ("due + 5d", "due + 5d"), ("invoice + 30d", "invoice + 20d"),
     ("month_end(due + 9d)", "month_end(due)"), ("due + 1d", "due - 1d")],
)  # fmt: skip
def test_anchors_go_up(first: str, second: str) -> None:
    codes = [
        code
        for code, _ in found(ladder("{step: a, at: " + first + ", do: call}", message("b", second)))
    ]

    assert codes == ["anchor_order"]


def test_a_moment_that_has_passed_when_its_turn_comes() -> None:
    steps = (message("a", "due + 10d"), message("b", "deadline + 1d"), message("c", "due + 15d"))

    assert [code for code, _ in found(ladder(*steps))] == ["at_already_past"]


def test_a_moment_that_has_not_passed_when_its_turn_comes() -> None:
    steps = (message("a", "due + 10d"), CALL, message("c", "due + 40d"))

    assert found(ladder(*steps)) == []


@pytest.mark.parametrize(
    ("steps", "needed"),
    [
        ((message("a", "due + 4d"), message("b", "previous + 7d")), 8),
        ((message("a", "due + 4d", term="14d"), message("b", "due + 18d")), 15),
        ((message("a", "due + 4d", do="final_demand"), message("b", "previous + 10d")), 15),
        ((message("a", "due + 4d", term="5 business days"), message("b", "previous + 5 business days")), 8),
        ((message("a", "due + 4d", via="post"), message("b", "previous + 11d")), 12),
        ((message("a", "invoice + 30d"), message("b", "invoice + 35d")), 8),
        ((message("a", "due + 4d", term="14d"), "{step: x, at: previous + 15d, do: call}", message("b", "due + 8d", term="1d")), None),
    ],
)  # fmt: skip
def test_no_message_comes_while_a_term_runs(steps: tuple[str, ...], needed: int | None) -> None:
    faults = [f for f in read_policy(ladder(*steps)).faults if f.code == "term_not_over"]

    assert [f.severity for f in faults] == ["error"]
    assert needed is None or faults[0].facts["needed"] == needed


def test_a_call_while_a_term_runs_is_a_warning() -> None:
    fault = only(ladder(REMINDER, "{step: bellen, at: previous + 3d, do: call}"))

    assert (fault.code, fault.severity) == ("term_not_over", "warning")


@pytest.mark.parametrize(
    "steps",
    [
        (message("a", "due + 4d"), message("b", "previous + 8d")),
        (message("a", "due - 3d"), message("b", "due + 1d")),
        (message("a", "due + 4d"), message("b", "deadline")),
        (message("a", "invoice + 10d"), message("b", "due + 12d")),
        (message("a", "month_end(due)"), message("b", "month_end(due + 9d)")),
        (
            message("a", "due + 4d"),
            "{step: x, at: deadline + 1d, do: call}",
            message("b", "previous"),
        ),
    ],
)
def test_a_term_that_has_ended_or_can_not_be_compared_is_no_fault(steps: tuple[str, ...]) -> None:
    assert found(ladder(*steps)) == []


# With the administration

OVER = ladder(
    REMINDER,
    before=f"  - {{name: z, applies_to: {{kind: business}}, ladder: [{REMINDER}, {HAND_OVER}]}}\n",
)


def test_a_handover_goes_to_an_agency_that_is_known() -> None:
    assert only(OVER, PolicyContext()).code == "agency_unknown"
    assert only(OVER, PolicyContext(agencies=frozenset({"bureaux"}))).code == "agency_unknown_near"
    assert found(OVER, PolicyContext(agencies=frozenset({"bureau"}))) == []


def test_an_agency_for_natural_persons_is_registered() -> None:
    agencies = frozenset({"bureau"})
    fault = only(OVER, PolicyContext(agencies=agencies, registered=frozenset()))

    assert (fault.code, fault.severity, fault.article) == ("agency_unregistered", "warning", "Wki")
    assert found(OVER, PolicyContext(agencies=agencies, registered=agencies)) == []
    companies = OVER.replace("kind: business", "kind: [company, public_body]")
    assert found(companies, PolicyContext(agencies=agencies, registered=frozenset())) == []


def test_a_package_that_can_not_send_needs_a_fallback() -> None:
    text = ladder(message("a", "due", via="package"))

    assert only(text, PolicyContext()).code == "package_cannot_send"
    assert found(text, PolicyContext(can_push=True)) == []
    assert (
        found(ladder(message("a", "due", via="package", fallback="email")), PolicyContext()) == []
    )
