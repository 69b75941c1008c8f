"""Rules over the steps of a ladder: names, keys that fit the step, channels."""

from collections.abc import Callable, Iterator

from connector.core.policy.model import AnchorKind, ChannelName, Policy, Step, StepKind, Track
from connector.core.policy.rules.marker import Marker
from connector.core.policy.yaml_lines import Fault, Path

_FIRST_WORDS = ("eerste", "first")

# The keys that only some steps have, and which steps.
_FITTING: tuple[tuple[str, frozenset[StepKind]], ...] = (
    ("via", frozenset(kind for kind in StepKind if kind.is_message) | {StepKind.HAND_OVER}),
    ("fallback", frozenset(kind for kind in StepKind if kind.is_message) | {StepKind.HAND_OVER}),
    ("term", frozenset(kind for kind in StepKind if kind.is_message)),
    ("attach_letter", frozenset(kind for kind in StepKind if kind.is_message)),
    ("to", frozenset({StepKind.TASK, StepKind.HAND_OVER})),
    ("why", frozenset({StepKind.TASK, StepKind.CALL})),
)


def each_step(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Every step by itself."""
    for number, track in enumerate(policy.tracks):
        for index, step in enumerate(track.ladder):
            path: Path = ("tracks", number, "ladder", index)
            for rule in (_keys, _needs, _channels):
                yield from rule(step, path, mark)


def each_ladder(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Every ladder as a whole."""
    rules: tuple[Callable[[Track, Path, Marker], Iterator[Fault]], ...] = (
        _names,
        _start,
        _deadlines,
        _end,
        _first_message,
    )
    for number, track in enumerate(policy.tracks):
        for rule in rules:
            yield from rule(track, ("tracks", number, "ladder"), mark)


def _keys(step: Step, path: Path, mark: Marker) -> Iterator[Fault]:
    """Keys that do nothing on this kind of step."""
    for key, kinds in _FITTING:
        if key in step.model_fields_set and step.do not in kinds:
            yield mark.error((*path, key), "key_not_here", key=key, do=step.do.value)


def _needs(step: Step, path: Path, mark: Marker) -> Iterator[Fault]:
    """Keys without which this kind of step can't be done."""
    if step.do.is_message and not step.via:
        yield mark.error(path, "via_missing", step=step.step)
    if step.do is StepKind.HAND_OVER and not step.to:
        yield mark.error(path, "to_missing", step=step.step)
    if step.do is StepKind.TASK and not step.why:
        yield mark.error(path, "why_missing", step=step.step)


def _channels(step: Step, path: Path, mark: Marker) -> Iterator[Fault]:
    """Each channel once, and a legal notice never through the package."""
    if len(set(step.via)) < len(step.via):
        yield mark.error((*path, "via"), "via_repeated", step=step.step)
    by_half = step.do.is_legal and len(step.via) > 1  # then the fallback may stand for both
    if step.fallback is not None and step.fallback in step.via and not by_half:
        yield mark.error((*path, "fallback"), "fallback_same", fallback=step.fallback.value)
    if step.do.is_legal:
        used = {"via": step.via, "fallback": (step.fallback,)}
        for key in (key for key, channels in used.items() if ChannelName.PACKAGE in channels):
            yield mark.law((*path, key), "legal_via_package", step=step.step, do=step.do.value)


def _names(track: Track, path: Path, mark: Marker) -> Iterator[Fault]:
    seen: dict[str, Path] = {}
    for index, step in enumerate(track.ladder):
        here: Path = (*path, index, "step")
        if step.step in seen:
            first = mark.line(seen[step.step])
            yield mark.error(here, "step_repeated", name=step.step, first=first)
        seen.setdefault(step.step, here)


def _start(track: Track, path: Path, mark: Marker) -> Iterator[Fault]:
    first = track.ladder[0]
    if first.at.kind in (AnchorKind.PREVIOUS, AnchorKind.DEADLINE):
        yield mark.error((*path, 0, "at"), "first_step_anchor", found=str(first.at))


def _deadlines(track: Track, path: Path, mark: Marker) -> Iterator[Fault]:
    """A deadline is that of a message, so there must be one before it."""
    for index, step in enumerate(track.ladder):
        before = track.ladder[:index]
        if (
            index
            and step.at.kind is AnchorKind.DEADLINE
            and not any(s.do.is_message for s in before)
        ):
            yield mark.error((*path, index, "at"), "deadline_without_message", step=step.step)


def _end(track: Track, path: Path, mark: Marker) -> Iterator[Fault]:
    """What is handed over is frozen: no step follows."""
    ends = [i for i, step in enumerate(track.ladder) if step.do is StepKind.HAND_OVER]
    for index in range(ends[0] + 1, len(track.ladder)) if ends else ():
        name = track.ladder[index].step
        yield mark.error(
            (*path, index, "step"),
            "step_after_hand_over",
            step=name,
            before=track.ladder[ends[0]].step,
        )


def _first_message(track: Track, path: Path, mark: Marker) -> Iterator[Fault]:
    """A first message that calls itself first announces that more will come."""
    for index, step in enumerate(track.ladder):
        if step.do.is_message:
            if any(word in step.step.lower() for word in _FIRST_WORDS):
                yield mark.warning((*path, index, "step"), "first_named_first", step=step.step)
            return
