"""Rules of law for natural persons: who decides, who may collect, and when they are left alone.

Dutch: Wet kwaliteit incassodienstverlening (Wki), for whoever collects for others; its debtors are
all natural persons, sole traders and partners included.
"""

from collections.abc import Iterator
from datetime import time

from connector.core.policy.model import Policy, StepKind, Track
from connector.core.policy.rules.marker import Marker
from connector.core.policy.rules.reach import carries_costs, reaches_natural_persons
from connector.core.policy.yaml_lines import Fault, Path

_WINDOW = (time(7), time(20))


def approval(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """What weighs on a natural person is decided by a person, whatever `approve` says.

    Source: art. 22 AVG (no solely automated decision with a significant effect).
    """
    for number, track in enumerate(policy.tracks):
        if not reaches_natural_persons(policy, number):
            continue
        for index, step in enumerate(track.ladder):
            decided = _weighs(track, index) and step.do is not StepKind.FINAL_DEMAND
            if decided and step.approve not in (None, "always"):
                path: Path = ("tracks", number, "ladder", index, "approve")
                yield mark.law(path, "approval_by_law", step=step.step)


def office(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """An office without a Wki number, acting for others, collects from no natural person."""
    for number, track in enumerate(policy.tracks):
        if not reaches_natural_persons(policy, number):
            continue
        for index, step in enumerate(track.ladder):
            if _weighs(track, index):
                path: Path = ("tracks", number, "ladder", index, "do")
                yield mark.law(path, "office_unregistered", step=step.step, track=track.name)
                break


def window(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Who acts for others leaves natural persons alone at night, on Sundays and on holidays."""
    opens, shuts = _WINDOW
    hours = policy.guards.hours
    if hours.opens < opens or hours.shuts > shuts:
        facts = {"found": str(hours), "opens": f"{opens:%H:%M}", "shuts": f"{shuts:%H:%M}"}
        yield mark.law(("guards", "hours"), "hours_outside_window", **facts)
    if policy.guards.business_days is None:
        yield mark.law(("guards", "business_days"), "days_outside_window")


def _weighs(track: Track, index: int) -> bool:
    """Whether the step claims costs or hands over."""
    return track.ladder[index].do is StepKind.HAND_OVER or carries_costs(track, index)
