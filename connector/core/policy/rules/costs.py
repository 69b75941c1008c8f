"""Rules of law over collection costs; each article stands in `articles.py`."""

from collections.abc import Iterator

from connector.core.policy.model import Policy, StepKind, Track
from connector.core.policy.rules.marker import Marker
from connector.core.policy.rules.reach import first_rung, reaches_consumers
from connector.core.policy.yaml_lines import Fault, Path

_HOME = "NL"


def for_businesses(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Agreed costs, and EUR 40 for each invoice, never reach a consumer or an unknown debtor.

    Source: art. 6:96 lid 5 BW (no deviation from the scale), lid 4 BW (trade only).
    """
    for number, track in enumerate(policy.tracks):
        costs, where = track.collection_costs, ("tracks", number, "collection_costs")
        if costs.percentage is not None and not costs.clause:
            yield mark.law((*where, "percentage"), "costs_without_clause", track=track.name)
        if not reaches_consumers(policy, number):
            continue
        if costs.percentage is not None:
            yield mark.law(where, "costs_percentage", track=track.name)
        if costs.per_invoice:
            yield mark.law((*where, "per_invoice"), "costs_per_invoice", track=track.name)


def demand_first(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """A business that pays costs was asked to pay first.

    The costs must be reasonable, and so must it be to have made them (dubbele redelijkheidstoets).
    Source: art. 6:96 lid 2, onder c, BW.
    """
    for number, track in enumerate(policy.tracks):
        end = first_rung(track, StepKind.HAND_OVER)
        if end is None or not track.collection_costs.is_claimed:
            continue
        if reaches_consumers(policy, number) or _is_asked(track, end):
            continue
        path: Path = ("tracks", number, "ladder", end, "do")
        yield mark.law(path, "costs_without_demand", step=track.ladder[end].step)


def over_what_is_owed(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """The costs in a fourteen-day letter go over what is really owed: after credit notes.

    A letter that states too much gives no right to costs at all. Source: art. 6:96 lid 6 BW.
    """
    if policy.guards.credits != "ignore":
        return
    for number, track in enumerate(policy.tracks):
        if track.collection_costs.is_claimed and reaches_consumers(policy, number):
            yield mark.law(("guards", "credits"), "costs_over_credits", track=track.name)
            return


def at_home(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """A track for other countries claims Dutch costs or interest only where Dutch law governs.

    Dutch: toepasselijk recht. Source: Regulation (EC) 593/2008 (Rome I).
    """
    for number, track in enumerate(policy.tracks):
        countries = track.applies_to.country
        if countries is None or _HOME in [country.upper() for country in countries]:
            continue
        for part, claimed in (
            ("interest", track.interest.is_claimed),
            ("collection_costs", track.collection_costs.is_claimed),
        ):
            if claimed:
                yield mark.law(("tracks", number, part), "costs_abroad", track=track.name)


def _is_asked(track: Track, end: int) -> bool:
    return any(step.do.is_message and not step.at.before_due for step in track.ladder[:end])
