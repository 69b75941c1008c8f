"""Rules over the policy as a whole: tracks, overrides, quiet windows, claims."""

from collections.abc import Iterator
from datetime import date, timedelta

from connector.core.policy.model import Override, Policy, StepKind, Track
from connector.core.policy.rules.marker import Marker
from connector.core.policy.yaml_lines import Fault, Path

_DEBTOR_ONLY = ("track", "kind", "never")
_INVOICE_ONLY = ("skip", "due", "restart", "despite_limitation")
_WITH_REASON = ("due", "skip", "despite_limitation")
_INTEREST_KEYS = {"none": {"kind"}, "statutory": {"kind", "claim_from"}}
_RATE_KEYS = {"rate", "clause", "claim_from"}
_COSTS_KEYS = {"none": {"kind"}, "statutory": {"kind", "per_invoice"}}
_PERCENTAGE_KEYS = {"percentage", "minimum", "clause"}
_LEAP_YEAR = 2028
_QUIET_AT_MOST = 60  # days of the year


def track_names(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Every track has a name of its own."""
    seen: dict[str, Path] = {}
    for index, track in enumerate(policy.tracks):
        path = ("tracks", index, "name")
        if track.name in seen:
            first = mark.line(seen[track.name])
            yield mark.error(path, "track_repeated", name=track.name, first=first)
        seen.setdefault(track.name, path)


def catch_all(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Every debtor falls on some track, and every track can be reached."""
    named = {override.track for override in policy.overrides}
    catcher: str | None = None
    for index, track in enumerate(policy.tracks):
        if catcher is not None and track.name not in named:
            path = ("tracks", index, "name")
            yield mark.error(path, "track_unreachable", name=track.name, before=catcher)
        if catcher is None and track.applies_to.is_empty:
            catcher = track.name
    if catcher is None:
        last = len(policy.tracks) - 1
        yield mark.error(
            ("tracks", last, "applies_to"), "catch_all_missing", name=policy.tracks[last].name
        )


def override_subjects(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """One debtor or invoice has one override, with keys that fit it, and that do something."""
    seen: dict[tuple[str, str | None], Path] = {}
    for index, override in enumerate(policy.overrides):
        path: Path = ("overrides", index)
        kind, subject = _subject(override)
        first = seen.setdefault((kind, subject), path)
        if first != path:
            line = mark.line(first)
            yield mark.error((*path, kind), "override_repeated", name=subject, first=line)
        strange = _INVOICE_ONLY if kind == "debtor" else _DEBTOR_ONLY
        fitting = _DEBTOR_ONLY if kind == "debtor" else _INVOICE_ONLY
        for key in strange:
            if key in override.model_fields_set:
                allowed = ", ".join(fitting)
                yield mark.error(
                    (*path, key), f"override_{kind}_key", key=key, name=subject, allowed=allowed
                )
        if not any(key in override.model_fields_set for key in fitting + strange):
            yield mark.warning(path, "override_empty", name=subject)


def override_contents(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """An override names a track that exists; another due date has a reason."""
    tracks = [track.name for track in policy.tracks]
    for index, override in enumerate(policy.overrides):
        path: Path = ("overrides", index)
        if override.track is not None and override.track not in tracks:
            yield mark.unknown((*path, "track"), "override_track", override.track, tracks)
        if override.restart and override.due is None:
            yield mark.error((*path, "restart"), "restart_without_due")
        answered_for = [key for key in _WITH_REASON if getattr(override, key)]
        if answered_for and not override.reason:
            where = (*path, answered_for[0])
            yield mark.warning(where, "override_without_reason", name=override.invoice)


def quiet_windows(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Quiet windows have real days, and leave most of the year open."""
    total = 0
    for index, window in enumerate(policy.guards.quiet):
        path: Path = ("guards", "quiet", index)
        first, last = _day(window.from_), _day(window.to)
        for key, text, day in (("from", window.from_, first), ("to", window.to, last)):
            if day is None:
                yield mark.error((*path, key), "quiet_day", found=text)
        if first is not None and last is not None:
            total += _length(first, last)
    if total > _QUIET_AT_MOST:
        yield mark.error(("guards", "quiet"), "quiet_long", days=total, most=_QUIET_AT_MOST)


def claims(policy: Policy, mark: Marker) -> Iterator[Fault]:
    """Interest starts at a step that is there, and every key about a claim does something."""
    for index, track in enumerate(policy.tracks):
        path: Path = ("tracks", index)
        names = [step.step for step in track.ladder]
        wanted, kinds = track.interest.claim_from, {step.do.value for step in track.ladder}
        if wanted is not None and wanted not in names and wanted not in kinds:
            where = (*path, "interest", "claim_from")
            yield mark.unknown(where, "claim_from_unknown", wanted, names)
        if track.interest.is_claimed and wanted is None and StepKind.HAND_OVER.value not in kinds:
            yield mark.warning((*path, "interest"), "interest_never", track=track.name)
        yield from _idle(track, path, mark)


def _idle(track: Track, path: Path, mark: Marker) -> Iterator[Fault]:
    """Keys that do nothing beside what is claimed."""
    interest, costs = track.interest, track.collection_costs
    for part, claimed, useful in (
        ("interest", interest, _INTEREST_KEYS.get(interest.kind or "", _RATE_KEYS)),
        ("collection_costs", costs, _COSTS_KEYS.get(costs.kind or "", _PERCENTAGE_KEYS)),
    ):
        for key in sorted(claimed.model_fields_set - useful):
            if getattr(claimed, key):
                where = (*path, part, key)
                yield mark.error(
                    where, "claim_key_idle", key=key, allowed=", ".join(sorted(useful))
                )


def _subject(override: Override) -> tuple[str, str | None]:
    if override.debtor is not None:
        return "debtor", override.debtor
    return "invoice", override.invoice


def _day(text: str) -> date | None:
    month, day = text.split("-")
    try:
        return date(_LEAP_YEAR, int(month), int(day))
    except ValueError:
        return None


def _length(first: date, last: date) -> int:
    days = (last - first) // timedelta(days=1) + 1
    return days if days > 0 else days + 366
