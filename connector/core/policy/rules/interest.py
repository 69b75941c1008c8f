"""Rules of law over interest; each article stands in `articles.py`."""

from collections.abc import Iterator

from connector.core.policy.model import Policy
from connector.core.policy.rules.marker import Marker
from connector.core.policy.rules.reach import reaches_consumers, rung_named
from connector.core.policy.yaml_lines import Fault, Path


def agreed_rates(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Another rate than the law's was agreed somewhere; with consumers it is a risk.

    A court tests a clause of its own motion. One that it finds unfair takes the statutory interest
    with it. Source: art. 6:119 lid 3 and 6:233 BW; CJEU C-229/19 (Dexia).
    """
    for number, track in enumerate(policy.tracks):
        path: Path = ("tracks", number, "interest", "rate")
        if track.interest.rate is None:
            continue
        if not track.interest.clause:
            yield mark.law(path, "rate_without_clause", track=track.name)
        if reaches_consumers(policy, number):
            yield mark.law(path, "rate_for_consumers", track=track.name)


def after_due(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """No interest is claimed before the due date. Source: art. 6:119 lid 1 and 6:119a BW."""
    for number, track in enumerate(policy.tracks):
        rung = rung_named(track, track.interest.claimed_from)
        if not track.interest.is_claimed or rung is None:
            continue
        step = track.ladder[rung]
        if step.at.before_due:
            where = ("tracks", number, "interest", "claim_from")
            yield mark.law(where, "interest_before_due", step=step.step, found=str(step.at))
