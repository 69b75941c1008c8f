"""Rules of law that a policy can break by itself, each with its article."""

from collections.abc import Iterator

from connector.core.policy.model import DebtorKind, Policy, StepKind, Track
from connector.core.policy.rules.marker import Marker
from connector.core.policy.rules.timing import least_days
from connector.core.policy.yaml_lines import Fault, Path

_NOTICE_DAYS = 14
_REASONABLE_DAYS = 7  # a term below a week for a default notice is seldom found reasonable
_CONSUMERS = frozenset({DebtorKind.CONSUMER, DebtorKind.UNKNOWN})


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
            where = (*path, "ladder", rung, "do")
            yield mark.error(where, code, article="art. 6:96 lid 6 BW", step=name, track=track.name)
        if notice is None and track.collection_costs.kind != "none":
            where = (*path, "collection_costs")
            yield mark.error(
                where, "costs_without_notice", article="art. 6:96 lid 6 BW", track=track.name
            )


def percentage_for_business(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """An agreed percentage of costs never reaches a consumer. Source: art. 6:96 lid 5 BW."""
    for number, track in enumerate(policy.tracks):
        if track.collection_costs.percentage is not None and reaches_consumers(policy, number):
            where = ("tracks", number, "collection_costs")
            yield mark.error(
                where, "costs_percentage", article="art. 6:96 lid 5 BW", track=track.name
            )


def lawful_terms(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """A term is not shorter than the law's. Source: art. 6:96 lid 6 and art. 6:82 lid 1 BW."""
    for number, track in enumerate(policy.tracks):
        for index, step in enumerate(track.ladder):
            path: Path = ("tracks", number, "ladder", index, "term")
            days, found = least_days(step.term_or_default), str(step.term)
            if step.do is StepKind.STATUTORY_NOTICE and days < _NOTICE_DAYS:
                article = "art. 6:96 lid 6 BW"
                yield mark.error(
                    path, "term_below_law", article=article, found=found, least=_NOTICE_DAYS
                )
            if step.do is StepKind.DEFAULT_NOTICE and days < _REASONABLE_DAYS:
                yield mark.warning(
                    path,
                    "term_unreasonable",
                    article="art. 6:82 lid 1 BW",
                    found=found,
                    least=_REASONABLE_DAYS,
                )


def reaches_consumers(policy: Policy, number: int) -> bool:
    """Whether a consumer, or a debtor of unknown kind, can come on the track."""
    track = policy.tracks[number]
    if any(one.track == track.name and one.kind in _CONSUMERS for one in policy.overrides):
        return True
    if not _allows(track, _CONSUMERS):
        return False
    return not any(_takes_all_consumers(earlier) for earlier in policy.tracks[:number])


def reaches_natural_persons(policy: Policy, number: int) -> bool:
    """Whether a natural person can come on the track, in trade or not."""
    track = policy.tracks[number]
    in_trade = frozenset({DebtorKind.SOLE_TRADER, DebtorKind.PARTNERSHIP, "business"})
    return reaches_consumers(policy, number) or _allows(track, in_trade)


def first_rung(track: Track, kind: StepKind) -> int | None:
    """Return the index of the first step of the kind."""
    return next((n for n, step in enumerate(track.ladder) if step.do is kind), None)


def _allows(track: Track, kinds: frozenset[str]) -> bool:
    tested = track.applies_to.kind
    return tested is None or any(kind in kinds for kind in tested)


def _takes_all_consumers(track: Track) -> bool:
    tests = track.applies_to
    only_kind = tests.model_fields_set <= {"kind"}
    return only_kind and (tests.kind is None or DebtorKind.CONSUMER in tests.kind)


def _too_early(track: Track, notice: int | None) -> Iterator[tuple[str, int]]:
    """Yield the steps that may only follow the notice but come before it, or without it."""
    hand_over = first_rung(track, StepKind.HAND_OVER)
    if hand_over is not None and (notice is None or hand_over < notice):
        yield "hand_over_without_notice", hand_over
    demand = first_rung(track, StepKind.FINAL_DEMAND)
    has_costs = track.collection_costs.kind != "none"
    if has_costs and demand is not None and notice is not None and demand < notice:
        yield "costs_before_notice", demand
