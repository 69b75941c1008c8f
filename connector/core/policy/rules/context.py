"""Rules that need to know which administration uses the policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from connector.core.policy.model import ChannelName, Policy, StepKind
from connector.core.policy.rules import persons
from connector.core.policy.rules.marker import Marker
from connector.core.policy.rules.reach import (
    first_rung,
    reaches_consumers,
    reaches_natural_persons,
    rung_named,
)
from connector.core.policy.yaml_lines import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyContext:
    """What an administration has and agreed, as far as a policy depends on it.

    Attributes:
        due_date_agreed: The due date was agreed with consumers (`consumer_terms`).
        own_cost_clause: The terms for consumers have a clause on costs of their own.
        agencies: The agencies of the configuration.
        registered: Those that may collect from natural persons: registered under the Wki, or a
            bailiff or lawyer. None: not known, so not checked.
        can_push: The bookkeeping package can send for us.
        acting_for_others: The office dunns for its clients.
        office_registered: The office itself is registered under the Wki.
        scale_percentage: The highest rate of the statutory scale, percent (art. 2 Besluit
            vergoeding voor buitengerechtelijke incassokosten, Stb. 2012, 141).
        scale_minimum: The least that the scale gives, euros.
    """

    due_date_agreed: bool = False
    own_cost_clause: bool = False
    agencies: frozenset[str] = frozenset()
    registered: frozenset[str] | None = None
    can_push: bool = False
    acting_for_others: bool = False
    office_registered: bool = False
    scale_percentage: Decimal = Decimal(15)
    scale_minimum: Decimal = Decimal(40)


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
                yield mark.law(path, "agency_unregistered", agency=step.to)


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
            where = ("tracks", number, "ladder", notice, "do")
            yield mark.law(where, "notice_without_default", step=track.ladder[notice].step)


def interest_after_default(policy: Policy, mark: Marker, context: PolicyContext) -> Iterator[Fault]:
    """A consumer owes interest from default on, so not before the term of a default notice ended.

    A handover needs the fourteen-day letter, and with it default, anyway: left out, `claim_from`
    can't come too early. Source: art. 6:119 lid 1 and 6:82 lid 1 BW.
    """
    for number, track in enumerate(policy.tracks):
        wanted = track.interest.claim_from
        rung = rung_named(track, wanted) if wanted is not None else None
        if context.due_date_agreed or rung is None or not track.interest.is_claimed:
            continue
        step, default = track.ladder[rung], first_rung(track, StepKind.DEFAULT_NOTICE)
        too_early = default is None or rung <= default
        if too_early and not step.at.before_due and reaches_consumers(policy, number):
            where = ("tracks", number, "interest", "claim_from")
            yield mark.law(where, "interest_before_default", step=step.step)


def costs_within_scale(policy: Policy, mark: Marker, context: PolicyContext) -> Iterator[Fault]:
    """Agreed costs above the scale can be moderated to it. Source: art. 242 Rv."""
    for number, track in enumerate(policy.tracks):
        costs = track.collection_costs
        for key, asked, most in (
            ("percentage", costs.percentage, context.scale_percentage),
            ("minimum", costs.minimum, context.scale_minimum),
        ):
            if asked is not None and asked > most and not reaches_consumers(policy, number):
                where = ("tracks", number, "collection_costs", key)
                yield mark.law(where, "costs_above_scale", found=str(asked), most=str(most))


def own_clause(policy: Policy, mark: Marker, context: PolicyContext) -> Iterator[Fault]:
    """Terms with a clause on costs of their own put the statutory costs at risk.

    An unfair clause is set aside, and the statutory costs with it. Source: art. 6:233 BW; CJEU
    C-229/19 (Dexia).
    """
    for number, track in enumerate(policy.tracks):
        claimed = context.own_cost_clause and track.collection_costs.is_claimed
        if claimed and reaches_consumers(policy, number):
            where = ("tracks", number, "collection_costs")
            yield mark.law(where, "costs_own_clause", track=track.name)


def for_others(policy: Policy, mark: Marker, context: PolicyContext) -> Iterator[Fault]:
    """An office that dunns for its clients keeps to the Wki."""
    if not context.acting_for_others:
        return
    if not context.office_registered:
        yield from persons.office(policy, mark)
    yield from persons.window(policy, mark)
