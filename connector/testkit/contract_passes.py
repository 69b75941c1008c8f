"""The contract about passes: cursors, crashes, pages, and what may be closed after which pass."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from connector.port.adapter import Adapter, Refreshed
from connector.port.records import Batch, ItemId, PullEvent
from connector.testkit.contract_cases import Contract, needs
from connector.testkit.mirror import Mirror
from connector.testkit.mounts import Ability

_ODD_CURSORS: Final = (
    "", "x", "0", "null", "[]", "{}", '{"v": 99}', '{"v": "1"}', '{"next": "http://127.0.0.1:9/"}',
    "9999-12-31T23:59:59Z", "-1", "18446744073709551616", "\x00", "é" * 4000,
)  # fmt: skip


class PassContract(Contract):
    """What a pass over the source must be, whatever comes between."""

    @needs(Ability.DELTA)
    def test_second_pull_gives_nothing_when_nothing_changed(self) -> None:
        """An unchanged source has no items to give."""
        self.invoices(pages=0)
        self.pull_whole()

        second = self.pull_whole()

        assert not second.ids, f"told again without a change: {second.ids[:5]}"
        assert not second.removed, "something was removed without a change"

    def test_second_pull_leaves_everything_as_it_was(self) -> None:
        """A pull without a change changes nothing that is known."""
        self.invoices(pages=0)
        self.pull_whole()

        self.pull_whole()

        self.holds_truth()

    def test_idle_pull_costs_no_more_requests_than_stated(self) -> None:
        """When nothing changed, a pull sends no more than the mount says."""
        self.invoices()
        self.pull_whole()
        before = self.world.requests()

        self.pull_whole()

        sent = self.world.requests() - before
        assert sent <= self.world.idle_requests, f"an idle pull sent {sent} requests"

    def test_pull_counts_its_requests(self) -> None:
        """What a pull says of its requests is what reached the source."""
        self.invoices()
        before = self.world.requests()

        end = self.pull_whole().end

        sent = self.world.requests() - before
        assert end is not None
        assert end.requests == sent, f"it says {end.requests} requests, and {sent} arrived"

    @needs(Ability.DELTA, Ability.PARTIAL_PAYMENTS)
    def test_changed_item_comes_alone(self) -> None:
        """After one change a pull gives that one item."""
        changed, *_ = self.invoices(pages=0)
        self.pull_whole()
        self.pay(changed, "1.00")

        pulled = self.pull_whole()

        assert pulled.ids == [changed], f"one item changed, and {len(pulled.ids)} were told"

    @needs(Ability.DELTA)
    def test_new_item_comes_alone(self) -> None:
        """After one new invoice a pull gives that one item."""
        self.invoices(pages=0)
        self.pull_whole()
        new = self.invoice("9.00")

        pulled = self.pull_whole()

        assert pulled.ids == [new], f"one item is new, and {len(pulled.ids)} were told"

    def test_full_pull_gives_everything_again(self) -> None:
        """A full pull reads all, whatever the cursor says."""
        items = self.invoices()
        self.pull_whole()

        pulled = self.pull_whole(full=True)

        assert set(items) <= set(pulled.ids), "a full pull left something out"
        self.holds_truth()

    def test_odd_cursor_does_no_harm(self) -> None:
        """A cursor that is none, or of something else, means that all is read."""
        self.invoices(pages=0)

        for cursor in _ODD_CURSORS:
            self._pulls_all_from(cursor)

    def test_damaged_cursor_does_no_harm(self) -> None:
        """A true cursor that was damaged means that all is read."""
        cursor = self._true_cursor()

        for damaged in (cursor[: len(cursor) // 2], cursor[::-1], cursor + "x", f"[{cursor}]"):
            self._pulls_all_from(damaged)

    def test_cursor_of_another_time_or_other_books_does_no_harm(self) -> None:
        """A cursor from the far future, other books or another version means that all is read."""
        for cursor in self.world.odd_cursors(self._true_cursor()):
            self._pulls_all_from(cursor)

    def test_crash_after_any_event_loses_nothing_and_closes_nothing(self) -> None:
        """Stopped after each event in turn, a pull and the next one give everything once."""
        self.invoices()
        events = len(self.pull_whole().events)

        for kept in range(1, events):
            self.mirror = Mirror(tools=self.world.tools)
            self.pull(stop_after=kept)
            self.holds_nothing_closed()
            self.pull_whole()
            self.holds_truth()

    @needs(Ability.PARTIAL_PAYMENTS)
    def test_crash_in_a_later_pull_loses_nothing_and_closes_nothing(self) -> None:
        """The same for a pull that comes after another, with changes between."""
        items = self.invoices(pages=1)
        self.pull_whole()
        events = len(self.pull_whole(full=True).events)

        for kept in range(1, events):
            self.pay(items[kept % len(items)], "1.00")
            self.pull(full=True, stop_after=kept)
            self.holds_nothing_behind(items[kept % len(items)])
            self.pull_whole()
            self.holds_truth()

    @needs(Ability.RESUMES)
    def test_resumed_pull_reads_nothing_twice(self) -> None:
        """What came before the checkpoint does not come again, and all the rest does."""
        items = self.invoices()
        events = self.pull_whole().events
        places = [i for i, one in enumerate(events, 1) if isinstance(one, Batch) and one.checkpoint]
        assert places, "a pull of some pages must have a checkpoint"

        for place in places:
            self.mirror = Mirror(tools=self.world.tools)
            first = self.pull(stop_after=place)
            second = self.pull_whole()
            again = set(first.ids) & set(second.ids)
            most = self.world.rows_again
            assert len(again) <= most, f"read again after the checkpoint: {sorted(again)[:5]}"
            assert set(first.ids) | set(second.ids) >= set(items), "something never came"

    @needs(Ability.PAGES)
    def test_row_that_moves_in_mid_pass_hides_no_other(self) -> None:
        """A row that changes place while pages are read loses no row, and closes none."""
        items = self.invoices()
        for moved in (items[0], items[len(items) // 2], items[-1]):
            self.mirror = Mirror(tools=self.world.tools)

            self._changed_in_mid_pass(moved, is_gone=False)

            self.holds_nothing_closed()
            self.pull_whole()
            self.holds_truth()

    @needs(Ability.PAGES, Ability.DELETES)
    def test_row_that_vanishes_in_mid_pass_hides_no_other(self) -> None:
        """A row that is taken out while pages are read loses no other row, and closes none."""
        items = self.invoices()
        for gone in (items[0], items[len(items) // 2], items[-1]):
            self.mirror = Mirror(tools=self.world.tools)

            self._changed_in_mid_pass(gone, is_gone=True)

            self.holds_nothing_closed()
            self.pull_whole()
            self.holds_truth()

    @needs(Ability.PAGES)
    def test_row_that_moves_in_a_later_pass_closes_none(self) -> None:
        """The same for a full pass over what is known already: absence must not be believed."""
        items = self.invoices()
        for moved in (items[0], items[len(items) // 2], items[-1]):
            self.pull_whole()

            self._changed_in_mid_pass(moved, is_gone=False, full=True)

            self.holds_nothing_closed()
            self.pull_whole()
            self.holds_truth()

    def test_stopped_pull_lets_go(self) -> None:
        """A pull that nobody reads on can be closed, and the same adapter can pull again."""
        self.invoices(pages=1)
        adapter = self.adapter()
        self.mirror.pull(adapter, stop_after=1)
        self.mirror = Mirror(tools=self.world.tools)

        self.mirror.pull(adapter)

        adapter.close()
        self.holds_truth()

    def holds_nothing_behind(self, changed: ItemId) -> None:
        """Hold that nothing was closed; the changed item may still be known as it was."""
        early = sorted(key for key in self.true if key in self.mirror.ended)
        assert not early, f"open in the source and ended by us: {early[:5]} (changed: {changed})"

    def _true_cursor(self) -> str:
        self.invoices(pages=0)
        self.pull_whole()
        cursor = self.mirror.cursor
        assert cursor is not None, "a complete pull must end with a cursor"
        return cursor

    def _pulls_all_from(self, cursor: str) -> None:
        """Hold that a pull from this cursor gives all and removes nothing."""
        self.mirror = Mirror(cursor=cursor)

        pulled = self.pull()

        shown = cursor if len(cursor) < 60 else f"{cursor[:60]}…"
        assert pulled.error is None, f"cursor {shown!r} stopped the pull: {pulled.error!r}"
        assert not pulled.removed, f"cursor {shown!r} made the pull remove something"
        missing = sorted(self.true.keys() - set(pulled.ids))
        assert not missing, f"cursor {shown!r} hid {missing[:5]}"

    def _changed_in_mid_pass(self, item: ItemId, *, is_gone: bool, full: bool = False) -> None:
        """Pull, and change the source right after the first items were handed over."""
        adapter = _Interrupted(self.adapter(), lambda: self._change(item, is_gone=is_gone))
        self.mirror.pull(adapter, full=full)
        adapter.close()

    def _change(self, item: ItemId, *, is_gone: bool) -> None:
        if is_gone:
            self.delete(item)
        else:
            self.world.move(item)


@dataclass(slots=True)
class _Interrupted:
    """An adapter during whose pull something happens, right after the first items came."""

    adapter: Adapter
    happen: Callable[[], None]

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        is_waiting = True
        for event in self.adapter.pull(cursor, full=full, accept_empty=accept_empty):
            yield event
            if is_waiting and isinstance(event, Batch) and event.items:
                is_waiting = False
                self.happen()

    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        return self.adapter.refresh(ids, urgent=urgent)

    def close(self) -> None:
        self.adapter.close()
