"""What each reason for a hold stops, what interest does meanwhile, and what comes after it.

Codes only; their sentences stand in the message catalogues.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from connector.core.snapshot import HoldReason


class InterestEffect(StrEnum):
    """What interest does during the stop."""

    RUNS = "runs"
    FROZEN = "frozen"  # none from the day on which the stop began
    AS_AGREED = "as_agreed"  # the arrangement says; none is claimed where it is silent


class Addressee(StrEnum):
    """To whom is written during the stop, if at all."""

    DEBTOR = "debtor"
    TRUSTEE = "trustee"  # curator in faillissement
    ADMINISTRATOR = "administrator"  # bewindvoerder in surseance
    WSNP_ADMINISTRATOR = "wsnp_administrator"  # Wsnp-bewindvoerder
    COUNSELLOR = "counsellor"  # schuldhulpverlener
    GUARDIAN = "guardian"  # curator of bewindvoerder of a person
    REPRESENTATIVE = "representative"  # wettelijk vertegenwoordiger of a minor
    HEIRS = "heirs"
    NOBODY = "nobody"  # no address is known to reach the debtor


class Afterwards(StrEnum):
    """What becomes due, or must be done, when the stop ends or instead of dunning."""

    RESUMES = "resumes"  # dunning goes on at the step where it paused
    RESUMES_AFTER_ANSWER = "resumes_after_answer"  # at least 14 days after the logged answer
    WHOLE_AFTER_NOTICE = "whole_after_notice"  # broken: the whole is due after one notice
    SET_OFF = "set_off"  # declare the set-off; what is left over goes on
    NEW_ADDRESS = "new_address"
    FILE_CLAIM = "file_claim"  # ter verificatie indienen
    ANSWER_BALANCE = "answer_balance"  # opgave van het saldo
    PERSON_DECIDES = "person_decides"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopEffect:
    """The effect of one reason.

    Attributes:
        reason: The reason of the hold.
        messages: No reminder, demand or notice is sent to the debtor.
        handover: No handover to an agency.
        costs: No collection costs are announced or added.
        interest: What interest does.
        afterwards: What becomes due or must be done.
        write_to: Who is addressed.
        covers_part: It may cover a part of a claim; the rest goes on.
        months: How long it lasts: at most (a moratorium) or as a rule; None: until it is lifted.
        article: The rule, None where practice or the policy makes it rather than an article.
    """

    reason: HoldReason
    messages: bool = True
    handover: bool = True
    costs: bool = True
    interest: InterestEffect = InterestEffect.RUNS
    afterwards: Afterwards = Afterwards.RESUMES
    write_to: Addressee = Addressee.DEBTOR
    covers_part: bool = False
    months: int | None = None
    article: str | None = None


_PROMISE = StopEffect(reason=HoldReason.PROMISE)
_MANUAL = StopEffect(reason=HoldReason.MANUAL)
_DISPUTE = StopEffect(
    reason=HoldReason.DISPUTE,
    afterwards=Afterwards.RESUMES_AFTER_ANSWER,
    covers_part=True,
    article="6:262 BW",
)
_ARRANGEMENT = StopEffect(
    reason=HoldReason.ARRANGEMENT,
    interest=InterestEffect.AS_AGREED,
    afterwards=Afterwards.WHOLE_AFTER_NOTICE,
    article="3:318 BW",
)
_SET_OFF = StopEffect(
    reason=HoldReason.SET_OFF,
    afterwards=Afterwards.SET_OFF,
    covers_part=True,
    article="6:127 BW",
)
_ADDRESS = StopEffect(
    reason=HoldReason.ADDRESS,
    afterwards=Afterwards.NEW_ADDRESS,
    write_to=Addressee.NOBODY,
    article="3:37 lid 3 BW",
)
_INSOLVENCY = StopEffect(
    reason=HoldReason.INSOLVENCY,
    interest=InterestEffect.FROZEN,
    afterwards=Afterwards.FILE_CLAIM,
    write_to=Addressee.TRUSTEE,
    article="26, 110, 128 Fw",
)
_SUSPENSION = StopEffect(
    reason=HoldReason.SUSPENSION,
    afterwards=Afterwards.FILE_CLAIM,
    write_to=Addressee.ADMINISTRATOR,
)
_WSNP = StopEffect(
    reason=HoldReason.WSNP,
    interest=InterestEffect.FROZEN,
    afterwards=Afterwards.FILE_CLAIM,
    write_to=Addressee.WSNP_ADMINISTRATOR,
    article="299, 301, 303 Fw",
)
_DEBT_COUNSELLING = StopEffect(
    reason=HoldReason.DEBT_COUNSELLING,
    afterwards=Afterwards.ANSWER_BALANCE,
    write_to=Addressee.COUNSELLOR,
)
_MORATORIUM = StopEffect(
    reason=HoldReason.MORATORIUM,
    afterwards=Afterwards.PERSON_DECIDES,
    write_to=Addressee.COUNSELLOR,
    months=6,
    article="5 Wgs",
)
_GUARDIANSHIP = StopEffect(
    reason=HoldReason.GUARDIANSHIP,
    afterwards=Afterwards.PERSON_DECIDES,
    write_to=Addressee.GUARDIAN,
    article="1:441 BW",
)
_MINOR = StopEffect(
    reason=HoldReason.MINOR,
    afterwards=Afterwards.PERSON_DECIDES,
    write_to=Addressee.REPRESENTATIVE,
)
_DECEASED = StopEffect(
    reason=HoldReason.DECEASED,
    afterwards=Afterwards.PERSON_DECIDES,
    write_to=Addressee.HEIRS,
    months=3,
    article="4:185 BW",
)


def stop_effect(reason: HoldReason) -> StopEffect:  # noqa: C901, PLR0911, PLR0912  # one case per reason
    """Return what a hold for this reason does."""
    match reason:
        case HoldReason.DISPUTE:
            return _DISPUTE
        case HoldReason.PROMISE:
            return _PROMISE
        case HoldReason.ARRANGEMENT:
            return _ARRANGEMENT
        case HoldReason.SET_OFF:
            return _SET_OFF
        case HoldReason.ADDRESS:
            return _ADDRESS
        case HoldReason.MANUAL:
            return _MANUAL
        case HoldReason.INSOLVENCY:
            return _INSOLVENCY
        case HoldReason.SUSPENSION:
            return _SUSPENSION
        case HoldReason.WSNP:
            return _WSNP
        case HoldReason.DEBT_COUNSELLING:
            return _DEBT_COUNSELLING
        case HoldReason.MORATORIUM:
            return _MORATORIUM
        case HoldReason.GUARDIANSHIP:
            return _GUARDIANSHIP
        case HoldReason.MINOR:
            return _MINOR
        case HoldReason.DECEASED:
            return _DECEASED
        case _:
            assert_never(reason)


def interest_frozen_from(stops: Iterable[tuple[HoldReason, date]]) -> date | None:
    """Return the first day without interest, None when no stop freezes it.

    Art. 128 Fw (insolvency: interest after the judgment is not admitted) and art. 303 Fw (WSNP: no
    interest from the judgment).

    Args:
        stops: Reason and the day on which it began: the date of the judgment.
    """
    frozen = (
        since for reason, since in stops if stop_effect(reason).interest is InterestEffect.FROZEN
    )
    return min(frozen, default=None)
