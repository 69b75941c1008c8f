"""What each reason for a hold stops and what comes after it."""

from datetime import date

import pytest

from connector.core.law.stops import (
    Addressee,
    Afterwards,
    InterestEffect,
    interest_frozen_from,
    stop_effect,
)
from connector.core.snapshot import HoldReason

JUDGED = date(2026, 3, 2)


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_has_an_effect_of_its_own(reason: HoldReason) -> None:
    assert stop_effect(reason).reason is reason


@pytest.mark.parametrize("reason", HoldReason)
def test_every_stop_holds_messages_handover_and_costs(reason: HoldReason) -> None:
    effect = stop_effect(reason)

    assert (effect.messages, effect.handover, effect.costs) == (True, True, True)


@pytest.mark.parametrize(
    ("reason", "interest"),
    [
        (HoldReason.DISPUTE, InterestEffect.RUNS),
        (HoldReason.ARRANGEMENT, InterestEffect.AS_AGREED),
        (HoldReason.INSOLVENCY, InterestEffect.FROZEN),  # art. 128 Fw
        (HoldReason.WSNP, InterestEffect.FROZEN),  # art. 303 Fw
        (HoldReason.SUSPENSION, InterestEffect.RUNS),
        (HoldReason.MORATORIUM, InterestEffect.RUNS),
    ],
)
def test_interest_runs_on_unless_a_judgment_ends_it(
    reason: HoldReason, interest: InterestEffect
) -> None:
    assert stop_effect(reason).interest is interest


@pytest.mark.parametrize(
    ("reason", "addressee"),
    [
        (HoldReason.DISPUTE, Addressee.DEBTOR),
        (HoldReason.ADDRESS, Addressee.NOBODY),
        (HoldReason.INSOLVENCY, Addressee.TRUSTEE),
        (HoldReason.SUSPENSION, Addressee.ADMINISTRATOR),
        (HoldReason.WSNP, Addressee.WSNP_ADMINISTRATOR),
        (HoldReason.DEBT_COUNSELLING, Addressee.COUNSELLOR),
        (HoldReason.MORATORIUM, Addressee.COUNSELLOR),
        (HoldReason.GUARDIANSHIP, Addressee.GUARDIAN),  # art. 1:441 BW
        (HoldReason.MINOR, Addressee.REPRESENTATIVE),
        (HoldReason.DECEASED, Addressee.HEIRS),
    ],
)
def test_letters_go_to_who_stands_in_for_the_debtor(
    reason: HoldReason, addressee: Addressee
) -> None:
    assert stop_effect(reason).write_to is addressee


@pytest.mark.parametrize(
    ("reason", "afterwards"),
    [
        (HoldReason.PROMISE, Afterwards.RESUMES),
        (HoldReason.MANUAL, Afterwards.RESUMES),
        (HoldReason.DISPUTE, Afterwards.RESUMES_AFTER_ANSWER),
        (HoldReason.ARRANGEMENT, Afterwards.WHOLE_AFTER_NOTICE),
        (HoldReason.SET_OFF, Afterwards.SET_OFF),
        (HoldReason.ADDRESS, Afterwards.NEW_ADDRESS),
        (HoldReason.INSOLVENCY, Afterwards.FILE_CLAIM),  # art. 110 Fw
        (HoldReason.DEBT_COUNSELLING, Afterwards.ANSWER_BALANCE),
        (HoldReason.DECEASED, Afterwards.PERSON_DECIDES),
    ],
)
def test_what_comes_after_a_stop(reason: HoldReason, afterwards: Afterwards) -> None:
    assert stop_effect(reason).afterwards is afterwards


def test_only_a_dispute_and_a_set_off_may_cover_a_part() -> None:
    expected = {HoldReason.DISPUTE, HoldReason.SET_OFF}

    assert {reason for reason in HoldReason if stop_effect(reason).covers_part} == expected


def test_a_moratorium_lasts_six_months_and_an_estate_is_left_alone_for_three() -> None:
    expected = {HoldReason.MORATORIUM: 6, HoldReason.DECEASED: 3}  # art. 5 Wgs; art. 4:185 BW

    assert {r: months for r in HoldReason if (months := stop_effect(r).months)} == expected


def test_interest_stops_on_the_day_of_the_first_judgment() -> None:
    stops = [
        (HoldReason.DISPUTE, date(2026, 1, 5)),
        (HoldReason.WSNP, date(2026, 6, 1)),
        (HoldReason.INSOLVENCY, JUDGED),
    ]

    assert interest_frozen_from(stops) == JUDGED


def test_interest_runs_on_without_a_judgment() -> None:
    assert interest_frozen_from([(HoldReason.DISPUTE, JUDGED)]) is None
