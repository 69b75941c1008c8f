"""The policy as a document that a person reads: codes and facts, in the order of the page.

The sentences stand in the table `[describe]` of the message catalogue; `Line.spoken` puts them
together, so that nothing here speaks a language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce

from connector.core.policy.model import (
    AfterCosts,
    Age,
    Anchor,
    ApproveAbove,
    Conditions,
    Duration,
    Guards,
    Mode,
    Override,
    Policy,
    Step,
    StepKind,
    Track,
)
from connector.core.policy.rules.reach import carries_costs
from connector.port.money import Money

Say = Callable[[str, Mapping[str, object]], str]
"""Gives the sentence of a code with its facts filled in."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that has words of its own; its facts may be phrases again."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def spoken(self, say: Say) -> str:
        """Return the phrase in words."""
        return say(self.code, {name: _spoken(value, say) for name, value in self.facts.items()})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document.

    Attributes:
        level: 0 for a heading of the page, 1 for a line or a heading below it, 2 for a step.
        phrase: What it says.
    """

    level: int
    phrase: Phrase

    def spoken(self, say: Say) -> str:
        """Return the line in words."""
        return self.phrase.spoken(say)


def describe(policy: Policy) -> tuple[Line, ...]:
    """Return the policy as lines: how much happens by itself, guards, tracks, exceptions."""
    return (
        _line(0, f"mode_{policy.mode}"),
        _line(0, "guards"),
        *(Line(1, phrase) for phrase in _guards(policy.guards)),
        *(line for track in policy.tracks for line in _track(track, policy.mode)),
        *_overrides(policy),
    )


def _spoken(value: object, say: Say) -> object:
    if isinstance(value, Phrase):
        return value.spoken(say)
    return value


def _line(level: int, code: str, **facts: object) -> Line:
    return Line(level, Phrase(code, facts))


def _guards(guards: Guards) -> Iterator[Phrase]:
    """Every guard, in the order of the file."""
    yield Phrase("guard_minimum_open", {"amount": _money(guards.minimum_open)})
    yield Phrase("guard_minimum_hand_over", {"amount": _money(guards.minimum_hand_over)})
    yield Phrase("guard_small_difference", {"amount": _money(guards.small_difference)})
    yield Phrase("guard_contact_spacing", {"time": _duration(guards.contact_spacing)})
    yield Phrase("guard_minimum_gap", {"time": _duration(guards.minimum_gap)})
    yield Phrase("guard_business_days" if guards.business_days else "guard_every_day")
    for window in guards.quiet:
        yield Phrase(
            "guard_quiet", {"first": _month_day(window.from_), "last": _month_day(window.to)}
        )
    yield Phrase(f"guard_credits_{guards.credits}")
    yield Phrase(f"guard_unallocated_{guards.unallocated_payment}")
    yield Phrase(f"guard_set_off_{guards.set_off}")
    yield Phrase("guard_after_payment", {"time": _duration(guards.after_payment)})
    yield from _after_costs(guards.after_costs)
    yield Phrase("guard_first_run", {"count": guards.first_run_per_day})
    yield Phrase(f"guard_also_open_{guards.also_open}")
    yield Phrase("guard_data_age", {"age": _age(guards.data_no_older_than)})
    yield Phrase("guard_bank_age", {"age": _age(guards.bank_no_older_than)})
    yield Phrase(f"guard_bank_unknown_{guards.bank_when_unknown}")
    yield Phrase(
        "guard_hours",
        {"opens": f"{guards.hours.opens:%H:%M}", "shuts": f"{guards.hours.shuts:%H:%M}"},
    )
    yield from _receipt(guards)
    yield Phrase("guard_bank_margin", {"time": _duration(guards.bank_margin)})
    grace = _duration(guards.promise.grace)
    yield Phrase("guard_promise", {"time": grace, "count": guards.promise.at_most})


def _after_costs(rule: AfterCosts) -> Iterator[Phrase]:
    """What follows when costs were announced and they are not, or not wholly, paid."""
    yield Phrase(f"guard_principal_only_{rule.principal_only}")
    yield Phrase("guard_remainder_below", {"amount": _money(rule.remainder_below)})
    yield Phrase(f"guard_remainder_above_{rule.above}")


def _receipt(guards: Guards) -> Iterator[Phrase]:
    for channel in ("post", "email"):
        extra = guards.receipt.lengthened(channel)
        if extra.days:
            yield Phrase(f"guard_receipt_{channel}_later", {"time": _duration(extra)})
        else:
            yield Phrase(f"guard_receipt_{channel}")


def _track(track: Track, mode: Mode) -> Iterator[Line]:
    yield _line(0, "track", name=track.name)
    tests = tuple(_tests(track.applies_to))
    yield _line(1, "track_for" if tests else "track_for_all")
    yield from (Line(2, test) for test in tests)
    yield Line(1, _interest(track))
    yield Line(1, _costs(track))
    for number, step in enumerate(track.ladder, start=1):
        facts = {
            "number": number,
            "step": step.step,
            "what": Phrase(f"do_{step.do}", {"to": step.to or "-"}),
            "when": moment(step.at),
        }
        yield Line(1, Phrase("step", facts))
        yield from (Line(2, phrase) for phrase in _step(step, mode))
        if step.do is StepKind.DEFAULT_NOTICE and carries_costs(track, number - 1):
            yield from (Line(2, phrase) for phrase in _by_a_person(mode, "approve_natural_letter"))


def _tests(tests: Conditions) -> Iterator[Phrase]:
    if tests.kind is not None:
        kinds = [Phrase(f"kind_{kind}") for kind in tests.kind]
        yield Phrase("test_kind", {"kinds": _joined("either", kinds)})
    for name in ("language", "country", "tag"):
        if (words := getattr(tests, name)) is not None:
            yield Phrase(f"test_{name}", {"words": _joined("either", words)})
    if tests.balance_over is not None:
        yield Phrase("test_balance_over", {"amount": _money(tests.balance_over)})
    for name in ("open_items_over", "average_days_late_over", "score_under"):
        if (count := getattr(tests, name)) is not None:
            yield Phrase(f"test_{name}", {"count": count})


def _interest(track: Track) -> Phrase:
    wanted = track.interest
    if wanted.rate is not None:
        said = Phrase("interest_rate", {"rate": wanted.rate, "clause": wanted.clause or "-"})
    else:
        said = Phrase(f"interest_{wanted.kind}")
    if not wanted.is_claimed:
        return said
    if wanted.claim_from is None:
        return Phrase("interest_from_hand_over", {"interest": said})
    return Phrase("interest_from", {"interest": said, "step": wanted.claim_from})


def _costs(track: Track) -> Phrase:
    wanted = track.collection_costs
    if wanted.per_invoice:
        return Phrase("costs_per_invoice")
    if wanted.percentage is None:
        return Phrase(f"costs_{wanted.kind}")
    facts = {
        "percentage": wanted.percentage,
        "minimum": _money(wanted.minimum or Decimal(0)),
        "clause": wanted.clause or "-",
    }
    return Phrase("costs_percentage", facts)


def _step(step: Step, mode: Mode) -> Iterator[Phrase]:
    """How a step goes, its term, and who says yes."""
    if step.via:
        channels = [Phrase(f"via_{channel}") for channel in step.via]
        yield Phrase("step_via", {"channels": _joined("both", channels)})
    if step.fallback is not None:
        yield Phrase("step_fallback", {"channel": Phrase(f"via_{step.fallback}")})
    if step.attach_letter:
        yield Phrase("step_letter")
    if step.why:
        yield Phrase("step_why", {"why": step.why})
    if step.do.is_message and not step.at.before_due:
        yield Phrase("step_term", {"time": _duration(step.term_or_default)})
    yield from _approval(step, mode)


def _joined(code: str, parts: Iterable[Phrase | str]) -> Phrase | str:
    """Return the parts as one, joined two by two with the words of `both` or `either`."""
    return reduce(lambda first, second: Phrase(code, {"first": first, "second": second}), parts)


def _approval(step: Step, mode: Mode) -> Iterator[Phrase]:
    """Who says yes, where the policy's mode has not said it for all steps."""
    if step.do is StepKind.STATUTORY_NOTICE and mode is not Mode.SHADOW:
        yield Phrase("approve_individual")
    elif mode is Mode.AUTOMATIC and isinstance(step.approve, ApproveAbove):
        yield Phrase("approve_above", {"amount": _money(step.approve.above)})
    elif mode is Mode.AUTOMATIC:
        usual = "always" if step.do is StepKind.HAND_OVER else "never"
        yield Phrase(f"approve_{step.approve or usual}")
    if step.do is StepKind.HAND_OVER:
        yield from _by_a_person(mode, "approve_natural")


def _by_a_person(mode: Mode, code: str) -> Iterator[Phrase]:
    """What a person decides whatever the policy says, where anything leaves at all."""
    if mode is not Mode.SHADOW:
        yield Phrase(code)


def moment(anchor: Anchor) -> Phrase:
    """Return the moment of a step in words."""
    if not anchor.offset.days:
        return Phrase(f"at_{anchor.kind}")
    code = f"at_{anchor.kind}_before" if anchor.before_due else f"at_{anchor.kind}_after"
    return Phrase(code, {"time": _duration(anchor.offset)})


def _overrides(policy: Policy) -> Iterator[Line]:
    if policy.overrides:
        yield _line(0, "overrides")
    for override in policy.overrides:
        for phrase in _override(override):
            yield Line(1, phrase)


def _override(override: Override) -> Iterator[Phrase]:
    name = override.debtor if override.debtor is not None else override.invoice
    if override.track is not None:
        yield Phrase("override_track", {"name": name, "track": override.track})
    if override.kind is not None:
        yield Phrase("override_kind", {"name": name, "kind": Phrase(f"kind_{override.kind}")})
    if override.never:
        kinds = [Phrase(f"never_{kind}") for kind in override.never]
        yield Phrase("override_never", {"name": name, "kinds": _joined("either", kinds)})
    if override.skip:
        yield Phrase("override_skip", {"name": name, "reason": override.reason or "-"})
    if override.due is not None:
        code = "override_restart" if override.restart else "override_due"
        facts = {"name": name, "due": override.due, "reason": override.reason or "-"}
        yield Phrase(code, facts)
    if override.despite_limitation:
        facts = {"name": name, "reason": override.reason or "-"}
        yield Phrase("override_despite_limitation", facts)


def _duration(duration: Duration) -> Phrase:
    kind = "business_day" if duration.business else "day"
    return Phrase(kind if duration.days == 1 else f"{kind}s", {"count": duration.days})


def _age(age: Age) -> Phrase:
    if age.duration is not None:
        return _duration(age.duration)
    return Phrase("hours" if age.hours != 1 else "hour", {"count": age.hours})


def _money(amount: Decimal) -> Money:
    """Return an amount of the policy as euros; the page says that it holds in every currency."""
    return Money(amount, "EUR")


def _month_day(text: str) -> Phrase:
    month, _, day = text.partition("-")
    return Phrase(f"month_{month}", {"day": int(day)})
