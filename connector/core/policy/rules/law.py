"""Rules of law over the fourteen-day letter and terms; each article stands in `articles.py`."""

from collections.abc import Iterator

from connector.core.policy.model import ChannelName, Policy, StepKind, Track
from connector.core.policy.rules.marker import Marker
from connector.core.policy.rules.reach import (
    first_rung,
    reaches_consumers,
    reaches_natural_persons,
)
from connector.core.policy.rules.timing import least_days
from connector.core.policy.yaml_lines import Fault, Path

_NOTICE_DAYS = 14
_REASONABLE_DAYS = 7  # a term below a week for a default notice is seldom found reasonable


def statutory_notice_first(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """A consumer gets the fourteen-day letter before costs and before the handover.

    Dutch: veertiendagenbrief. Source: art. 6:96 lid 6 BW.
    """
    for number, track in enumerate(policy.tracks):
        if not reaches_consumers(policy, number):
            continue
        path: Path = ("tracks", number)
        notice = first_rung(track, StepKind.STATUTORY_NOTICE)
        for code, rung in _too_early(track, notice):
            name = track.ladder[rung].step
            yield mark.law((*path, "ladder", rung, "do"), code, step=name, track=track.name)
        if notice is None and track.collection_costs.is_claimed:
            yield mark.law((*path, "collection_costs"), "costs_without_notice", track=track.name)


def useful_notices(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """A fourteen-day letter comes once, announces costs, can be proven, and reaches a person.

    Art. 6:96 lid 6 asks it to name the costs, and lid 7 to take in all claims at once. Who says
    that it was received has to prove it (art. 3:37 lid 3 BW; ECLI:NL:HR:2016:2704).
    """
    for number, track in enumerate(policy.tracks):
        rungs = [n for n, s in enumerate(track.ladder) if s.do is StepKind.STATUTORY_NOTICE]
        for nth, rung in enumerate(rungs):
            path: Path = ("tracks", number, "ladder", rung)
            step = track.ladder[rung]
            if nth:
                yield mark.law((*path, "do"), "notice_repeated", step=step.step)
            if step.via == (ChannelName.EMAIL,):
                yield mark.law((*path, "via"), "notice_by_email", step=step.step)
        if not rungs:
            continue
        path = ("tracks", number, "ladder", rungs[0], "do")
        if not reaches_natural_persons(policy, number):
            yield mark.law(path, "notice_for_companies", track=track.name)
        elif not track.collection_costs.is_claimed:
            name = track.ladder[rungs[0]].step
            yield mark.law(path, "notice_without_costs", track=track.name, step=name)


def lawful_terms(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """A term is not shorter than the law's. Source: art. 6:96 lid 6 and art. 6:82 lid 1 BW."""
    for number, track in enumerate(policy.tracks):
        for index, step in enumerate(track.ladder):
            path: Path = ("tracks", number, "ladder", index, "term")
            days, found = least_days(step.term_or_default), str(step.term)
            if step.do is StepKind.STATUTORY_NOTICE and days < _NOTICE_DAYS:
                yield mark.law(path, "term_below_law", found=found, least=_NOTICE_DAYS)
            if step.do is StepKind.DEFAULT_NOTICE and days < _REASONABLE_DAYS:
                yield mark.law(path, "term_unreasonable", found=found, least=_REASONABLE_DAYS)


def after_due(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Nothing with legal effect comes before the due date.

    Default needs a claim that is due. Source: art. 6:81 and 6:82 BW.
    """
    for number, track in enumerate(policy.tracks):
        for index, step in enumerate(track.ladder):
            weighs = step.do.is_legal or step.do is StepKind.HAND_OVER
            if weighs and step.at.before_due:
                path: Path = ("tracks", number, "ladder", index, "at")
                yield mark.law(path, "legal_before_due", step=step.step, found=str(step.at))


def payment_on_its_way(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """After a term there is time for a payment that is on its way.

    Who paid within the term may see it credited later. Source: art. 6:114 lid 2 BW.
    """
    if not policy.guards.bank_margin.days:
        yield mark.law(("guards", "bank_margin"), "bank_margin_none")


def known_kinds(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Who is put by hand on a track without the fourteen-day letter is known to be in trade.

    A debtor of unknown kind counts as a consumer. Source: art. 6:96 lid 6 BW.
    """
    numbers = {track.name: number for number, track in enumerate(policy.tracks)}
    for index, override in enumerate(policy.overrides):
        number = numbers.get(override.track or "")
        if number is None or override.kind is not None or reaches_consumers(policy, number):
            continue
        track = policy.tracks[number]
        hands_over = first_rung(track, StepKind.HAND_OVER) is not None
        if hands_over or track.collection_costs.is_claimed:
            where = ("overrides", index, "track")
            yield mark.law(where, "override_kind_open", name=override.debtor, track=track.name)


def _too_early(track: Track, notice: int | None) -> Iterator[tuple[str, int]]:
    """Yield the steps that may only follow the notice but come before it, or without it."""
    hand_over = first_rung(track, StepKind.HAND_OVER)
    if hand_over is not None and (notice is None or hand_over < notice):
        yield "hand_over_without_notice", hand_over
    demand = first_rung(track, StepKind.FINAL_DEMAND)
    has_costs = track.collection_costs.is_claimed
    if has_costs and demand is not None and notice is not None and demand < notice:
        yield "costs_before_notice", demand
