"""The ladder: which step comes next for an item, and when its moment is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from connector.core.days import Calendar, month_end
from connector.core.policy.model import Anchor, AnchorKind, Duration, Guards, Step, StepKind, Track
from connector.core.snapshot import Item


@dataclass(frozen=True, slots=True)
class Moment:
    """The next step of an item and the day from which it is due."""

    rung: int  # index on the ladder
    step: Step
    reached_on: date  # the anchor, moved by the gap between demands, quiet windows, days off


class Rungs:
    """The steps of one track, ready for dates to be worked out. Remembers what it worked out."""

    def __init__(self, track: Track, guards: Guards, calendar: Calendar) -> None:
        """Take the track apart once."""
        self.track = track
        self.steps = track.ladder
        self.index: Mapping[str, int] = {step.step: n for n, step in enumerate(track.ladder)}
        self._guards = guards
        self._calendar = calendar
        self._counts_invoice = any(s.at.kind is AnchorKind.INVOICE for s in track.ladder)
        self._known: dict[tuple[int, date, date], date] = {}
        self._ended: dict[tuple[int, date], date] = {}
        self._spaced: dict[date, date] = {}
        self._working: dict[date, date] = {}

    def next_rung(self, item: Item, due: date, today: date) -> int:
        """Return the index of the next step, or the length of the ladder when it is exhausted.

        Steps before the due date lapse once it has passed; no other step does. An item that the
        package has reminded n times starts at most at the n-th plain reminder that follows.

        Raises:
            KeyError: The item stands on a step that the ladder does not have.
        """
        position = item.position
        rung = 0 if position is None else self.index[position.step] + 1
        rung = self._skip_lapsed(rung, item, due, today)
        if position is not None:
            return rung
        for _ in range(item.reminders_sent):
            following = self._skip_lapsed(rung + 1, item, due, today)
            if following >= len(self.steps) or not self._are_plain(rung, following):
                break
            rung = following
        return rung

    def moment(self, item: Item, due: date, rung: int) -> Moment:
        """Return the step at this index and the day from which it is due for the item."""
        step = self.steps[rung]
        day = self._anchored(item, due, rung)
        if step.do.is_message and item.last_demand_on is not None:
            day = max(day, self._after_gap(item.last_demand_on))
        working = self._working.get(day)
        if working is None:
            working = self._working[day] = self._calendar.next_working_moment(day)
        return Moment(rung, step, working)

    def _after_gap(self, demanded: date) -> date:
        day = self._spaced.get(demanded)
        if day is None:
            day = self._spaced[demanded] = self._calendar.add(demanded, self._guards.minimum_gap)
        return day

    def _skip_lapsed(self, rung: int, item: Item, due: date, today: date) -> int:
        while today > due and rung < len(self.steps) and self._is_before_due(rung, item, due):
            rung += 1
        return rung

    def _is_before_due(self, rung: int, item: Item, due: date) -> bool:
        anchor = self.steps[rung].at
        if anchor.kind is AnchorKind.INVOICE:
            return self._own(due, item.issued or due, rung) < due
        return anchor.before_due

    def _are_plain(self, *rungs: int) -> bool:
        return all(self.steps[rung].do is StepKind.REMINDER for rung in rungs)

    def _anchored(self, item: Item, due: date, rung: int) -> date:
        """Return the day that the step's anchor names for the item."""
        anchor, position = self.steps[rung].at, item.position
        issued = (item.issued or due) if self._counts_invoice else due
        if anchor.kind in (AnchorKind.PREVIOUS, AnchorKind.DEADLINE):
            if position is None or self.index.get(position.step) != rung - 1:
                return self._own(due, issued, rung)
            if anchor.kind is AnchorKind.PREVIOUS:
                return self._calendar.add(position.delivered_on, anchor.offset)
            ended = position.deadline
            if ended is None:
                term = self.steps[rung - 1].term_or_default
                ended = self._calendar.add(position.delivered_on, term)
            day = self._ended.get((rung, ended))
            if day is None:
                day = self._ended[rung, ended] = self._after_deadline(ended, anchor)
            return day
        return self._own(due, issued, rung)

    def _own(self, due: date, issued: date, rung: int) -> date:
        """Return the step's moment as it would be if nothing had ever been sent."""
        known = self._known.get((rung, due, issued))
        if known is None:
            known = self._known[rung, due, issued] = self._work_out(due, issued, rung)
        return known

    def _work_out(self, due: date, issued: date, rung: int) -> date:
        anchor = self.steps[rung].at
        match anchor.kind:
            case AnchorKind.DUE:
                return self._calendar.add(due, anchor.offset, anchor.sign)
            case AnchorKind.INVOICE:
                return self._calendar.add(issued, anchor.offset)
            case AnchorKind.MONTH_END:
                return month_end(self._calendar.add(due, anchor.offset))
            case AnchorKind.PREVIOUS:
                return self._calendar.add(self._own(due, issued, rung - 1), anchor.offset)
            case AnchorKind.DEADLINE:
                message = self._message_before(rung)
                term = self.steps[message].term_or_default
                ended = self._calendar.add(self._own(due, issued, message), term)
                return self._after_deadline(ended, anchor)
            case _:
                assert_never(anchor.kind)

    def _after_deadline(self, ended: date, anchor: Anchor) -> date:
        margin: Duration = self._guards.bank_margin
        return self._calendar.add(self._calendar.add(ended, margin), anchor.offset)

    def _message_before(self, rung: int) -> int:
        """Return the index of the last message before the step, else of the step before it."""
        earlier = (n for n in range(rung - 1, -1, -1) if self.steps[n].do.is_message)
        return next(earlier, rung - 1)
