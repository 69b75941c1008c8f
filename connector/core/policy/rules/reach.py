"""Who can come on a track, and which of its steps matter to the law."""

from connector.core.policy.model import DebtorKind, Policy, StepKind, Track

_CONSUMERS = frozenset({DebtorKind.CONSUMER, DebtorKind.UNKNOWN})
_IN_TRADE = frozenset({DebtorKind.SOLE_TRADER, DebtorKind.PARTNERSHIP, "business"})


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
    return reaches_consumers(policy, number) or _allows(policy.tracks[number], _IN_TRADE)


def carries_costs(track: Track, index: int) -> bool:
    """Whether a message may claim or announce costs from a natural person.

    A consumer is charged none before the fourteen-day letter (art. 6:96 lid 6 BW); who is in trade
    owes them at once.
    """
    step = track.ladder[index]
    if step.do is StepKind.STATUTORY_NOTICE:
        return True
    if not track.collection_costs.is_claimed or not step.do.is_legal:
        return False
    notice = first_rung(track, StepKind.STATUTORY_NOTICE)
    return _allows(track, _IN_TRADE) or (notice is not None and notice < index)


def first_rung(track: Track, kind: StepKind) -> int | None:
    """Return the index of the first step of the kind."""
    return next((n for n, step in enumerate(track.ladder) if step.do is kind), None)


def rung_named(track: Track, word: str) -> int | None:
    """Return the index of the step of that name, else of the first that does what it says."""
    named = [n for n, step in enumerate(track.ladder) if step.step == word]
    doing = [n for n, step in enumerate(track.ladder) if step.do.value == word]
    return next(iter(named + doing), None)


def _allows(track: Track, kinds: frozenset[str]) -> bool:
    tested = track.applies_to.kind
    return tested is None or any(kind in kinds for kind in tested)


def _takes_all_consumers(track: Track) -> bool:
    tests = track.applies_to
    only_kind = tests.model_fields_set <= {"kind"}
    return only_kind and (tests.kind is None or DebtorKind.CONSUMER in tests.kind)
