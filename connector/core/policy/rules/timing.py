"""Rules over the moments of a ladder: their order, and the terms that they cut short."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from connector.core.policy.model import (
    Anchor,
    AnchorKind,
    ChannelName,
    Duration,
    Policy,
    Step,
    StepKind,
)
from connector.core.policy.rules.marker import Marker
from connector.core.policy.yaml_lines import Fault, Path
from connector.core.reasons import Fact

_IN_LAW = (StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE)
_EARLIEST = 30  # days before the due date; most invoices are not older then
_LATEST = 365  # days after the due date; older claims go to the attention list


def moments(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """The moments of a ladder follow one another and can come."""
    for number, track in enumerate(policy.tracks):
        path: Path = ("tracks", number, "ladder")
        yield from _order(track.ladder, path, mark)
        yield from _hardly(track.ladder, path, mark)


def terms(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """No step comes while the term of the message before it still runs."""
    for number, track in enumerate(policy.tracks):
        for index, step in enumerate(track.ladder):
            given = _message_before(track.ladder, index)
            if given is None:
                continue
            message = track.ladder[given]
            waited = days_between(track.ladder, given, index)
            needed = least_days(message.term_or_default) + _on_its_way(message, policy)
            if waited is None or message.at.before_due or waited > needed:
                continue
            where, facts = ("tracks", number, "ladder", index, "at"), _facts(step, message)
            facts |= {"days": waited, "needed": needed + 1}
            if message.do in _IN_LAW:
                fault = mark.law(where, "legal_term_runs", **facts)
            else:
                fault = mark.error(where, "term_not_over", **facts)
            softly = step.do in (StepKind.CALL, StepKind.TASK)
            yield replace(fault, severity="warning") if softly else fault


def least_days(duration: Duration) -> int:
    """Return the fewest calendar days that the duration can take."""
    if duration.business:
        return duration.days + 2 * (duration.days // 5)
    return duration.days


def days_between(ladder: tuple[Step, ...], earlier: int, later: int) -> int | None:
    """Return the fewest calendar days between two steps, as far as the anchors tell.

    None when they wait for a term to end, or count from dates that have nothing in common.
    """
    total = 0
    for index in range(later, earlier, -1):
        anchor = ladder[index].at
        match anchor.kind:
            case AnchorKind.PREVIOUS:
                total += least_days(anchor.offset)
            case AnchorKind.DUE if ladder[earlier].at.kind is AnchorKind.DUE:
                return total + from_due(anchor) - from_due(ladder[earlier].at)
            case AnchorKind.INVOICE if ladder[earlier].at.kind is AnchorKind.INVOICE:
                return total + least_days(anchor.offset) - least_days(ladder[earlier].at.offset)
            case _:
                return None
    return total


def from_due(anchor: Anchor) -> int:
    """Return the days from the due date, negative before it."""
    return anchor.sign * least_days(anchor.offset)


def _message_before(ladder: tuple[Step, ...], index: int) -> int | None:
    return next((n for n in range(index - 1, -1, -1) if ladder[n].do.is_message), None)


def _facts(step: Step, message: Step) -> dict[str, Fact]:
    return {
        "step": step.step,
        "before": message.step,
        "term": str(message.term_or_default),
    }


def _on_its_way(message: Step, policy: Policy) -> int:
    """Return the days that a message takes at least before its term begins."""
    if ChannelName.POST in message.via:
        return 2 + least_days(policy.guards.receipt.lengthened("post"))
    return least_days(policy.guards.receipt.lengthened("email"))


def _order(ladder: tuple[Step, ...], path: Path, mark: Marker) -> Iterator[Fault]:
    """Anchors of the same kind go up."""
    for kind in (AnchorKind.DUE, AnchorKind.INVOICE, AnchorKind.MONTH_END):
        rungs = [n for n, step in enumerate(ladder) if step.at.kind is kind]
        for earlier, later in pairwise(rungs):
            if from_due(ladder[later].at) <= from_due(ladder[earlier].at):
                yield mark.error(
                    (*path, later, "at"),
                    "anchor_order",
                    found=str(ladder[later].at),
                    before=ladder[earlier].step,
                    at=str(ladder[earlier].at),
                )


def _hardly(ladder: tuple[Step, ...], path: Path, mark: Marker) -> Iterator[Fault]:
    """Moments that lie too far off, or that have passed when their turn comes."""
    reached = 0  # days after the due date at which the step before comes at the earliest
    for index, step in enumerate(ladder):
        days, here = from_due(step.at), (*path, index, "at")
        match step.at.kind:
            case AnchorKind.DUE | AnchorKind.MONTH_END:
                if days < -_EARLIEST:
                    yield mark.warning(here, "at_before_invoice", found=str(step.at), days=-days)
                previous = ladder[index - 1].at.kind if index else step.at.kind
                waits = previous in (AnchorKind.PREVIOUS, AnchorKind.DEADLINE)
                if waits and days <= reached and step.at.kind is AnchorKind.DUE:
                    yield mark.warning(here, "at_already_past", found=str(step.at), days=reached)
                reached = max(reached, days)
            case AnchorKind.PREVIOUS:
                reached += days
            case AnchorKind.DEADLINE:
                given = _message_before(ladder, index)
                term = ladder[given].term_or_default if given is not None else Duration(0)
                reached += least_days(term) + days
            case _:  # the date of the invoice says nothing about the due date
                continue
        if reached > _LATEST:
            yield mark.warning(here, "at_far", found=str(step.at), days=reached)
            return
