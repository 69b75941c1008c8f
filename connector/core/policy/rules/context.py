"""Rules that need to know which administration uses the policy."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.core.policy.model import ChannelName, Policy, StepKind
from connector.core.policy.rules.law import (
    first_rung,
    reaches_consumers,
    reaches_natural_persons,
)
from connector.core.policy.rules.marker import Marker
from connector.core.policy.yaml_lines import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyContext:
    """What an administration has and agreed, as far as a policy depends on it.

    Attributes:
        due_date_agreed: The due date was agreed with consumers (`consumer_terms`).
        agencies: The agencies of the configuration.
        registered: Those that may collect from natural persons: registered under the Wki, or a
            bailiff or lawyer. None: not known, so not checked.
        can_push: The bookkeeping package can send for us.
    """

    due_date_agreed: bool = False
    agencies: frozenset[str] = frozenset()
    registered: frozenset[str] | None = None
    can_push: bool = False


def agencies(policy: Policy, mark: Marker, context: PolicyContext) -> Iterator[Fault]:
    """A handover goes to an agency that is known and that may take the debtors of the track."""
    for number, track in enumerate(policy.tracks):
        for index, step in enumerate(track.ladder):
            path = ("tracks", number, "ladder", index, "to")
            if step.do is not StepKind.HAND_OVER or not step.to:
                continue
            if step.to not in context.agencies:
                known = sorted(context.agencies)
                yield mark.unknown(path, "agency_unknown", step.to, known)
            elif context.registered is None or step.to in context.registered:
                continue
            elif reaches_natural_persons(policy, number):
                yield mark.warning(path, "agency_unregistered", article="Wki", agency=step.to)


def package(policy: Policy, mark: Marker, context: PolicyContext) -> Iterator[Fault]:
    """A message through the package needs a package that can send, or a fallback."""
    for number, track in enumerate(policy.tracks):
        for index, step in enumerate(track.ladder):
            sends = ChannelName.PACKAGE in step.via and step.fallback is None
            if sends and not context.can_push:
                path = ("tracks", number, "ladder", index, "via")
                yield mark.error(path, "package_cannot_send", step=step.step)


def default_first(policy: Policy, mark: Marker, context: PolicyContext) -> Iterator[Fault]:
    """A consumer is in default before the fourteen-day letter.

    Dutch: verzuim, by an agreed due date or a default notice. Source: art. 6:81-6:83 BW.
    """
    for number, track in enumerate(policy.tracks):
        notice = first_rung(track, StepKind.STATUTORY_NOTICE)
        if context.due_date_agreed or notice is None or not reaches_consumers(policy, number):
            continue
        default = first_rung(track, StepKind.DEFAULT_NOTICE)
        if default is None or default > notice:
            yield mark.error(
                ("tracks", number, "ladder", notice, "do"),
                "notice_without_default",
                article="art. 6:82 lid 1 BW",
                step=track.ladder[notice].step,
            )
