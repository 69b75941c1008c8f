"""The contract about budgets: what the house may still send is never exceeded."""

from connector.port.adapter import Refreshed, RefreshesByPull
from connector.port.errors import RateLimitError
from connector.port.records import ItemId, PullEnd
from connector.port.tools import Limit
from connector.testkit.contract_cases import Contract, needs
from connector.testkit.mirror import Mirror
from connector.testkit.mounts import Ability

_WINDOW_SECONDS = 300


class BudgetContract(Contract):
    """What an adapter does when the house has few requests left."""

    @needs(Ability.BUDGETS)
    def test_spent_budget_stops_a_pull_before_it_asks_too_much(self) -> None:
        """With so many requests left, no more are sent, and the error says how long to wait."""
        self.invoices(pages=1)
        for left in range(self._requests_of_a_pull()):
            self.mirror = Mirror(tools=self.world.tools)
            self._leave(left)
            before = self.world.requests()

            error = self.pull().error

            sent = self.world.requests() - before
            assert sent <= left, f"{left} requests were left, and {sent} were sent"
            assert isinstance(error, RateLimitError), f"{left} requests left: raised {error!r}"
            after = error.facts.get("after")
            assert isinstance(after, int | float), f"`after` holds {after!r}"
            assert after > 0, "the seconds to wait must be more than none"

    @needs(Ability.BUDGETS)
    def test_pull_that_ran_out_of_budget_loses_nothing_and_closes_nothing(self) -> None:
        """Wherever the budget ends, the next pull makes it whole."""
        self.invoices(pages=1)
        for left in range(self._requests_of_a_pull()):
            self.mirror = Mirror(tools=self.world.tools)
            self._leave(left)
            self.pull()
            self.holds_nothing_closed()
            self._leave_enough()

            self.pull_whole()

            self.holds_truth()

    @needs(Ability.BUDGETS, Ability.RESUMES)
    def test_pull_that_ran_out_of_budget_reads_nothing_again(self) -> None:
        """What was read before the budget ended is kept by a checkpoint."""
        self.invoices()
        for left in range(self._requests_of_a_pull()):
            self.mirror = Mirror(tools=self.world.tools)
            self._leave(left)
            first = self.pull()
            self._leave_enough()

            second = self.pull_whole()

            again = set(first.ids) & set(second.ids)
            most = self.world.rows_again
            assert len(again) <= most, f"{left} requests left: read again {sorted(again)[:5]}"

    @needs(Ability.BUDGETS)
    def test_reserve_is_left_for_what_is_read_before_acting(self) -> None:
        """When only the reserve is left what can wait stops, and what can't goes on."""
        item = self.invoice()
        end = self.pull_whole().end
        assert end is not None
        self._leave(12, reserve=12)

        error = self.pull().error
        can_wait = self._refresh_that_can_wait(item)
        told = self.refresh([item])

        assert isinstance(error, RateLimitError), "a pull took what is reserved"
        assert can_wait is None, "a refresh that can wait took what is reserved"
        assert [one.id for one in told.items] == [item], "the refresh did not use the reserve"
        assert self._ends_now(end.cursor), "the pull before acting did not use the reserve"

    def _refresh_that_can_wait(self, item: ItemId) -> Refreshed | None:
        try:
            return self.refresh([item], urgent=False)
        except RateLimitError:
            return None

    def _ends_now(self, cursor: str | None) -> bool:
        """Pull right before acting, where that is how items are read again."""
        adapter = self.adapter()
        try:
            if not isinstance(adapter, RefreshesByPull):
                return True
            return isinstance(list(adapter.pull_now(cursor))[-1], PullEnd)
        except RateLimitError:
            return False
        finally:
            adapter.close()

    def _requests_of_a_pull(self) -> int:
        before = self.world.requests()
        self.pull_whole()
        return self.world.requests() - before

    def _leave(self, count: int, *, reserve: int = 0) -> None:
        """Let every budget that was asked for hold so many requests from the next window on."""
        made = self.world.tools.budgets.made
        assert made, "the adapter takes its requests from no budget"
        for budget in made.values():
            budget.limits = tuple(Limit(count, _WINDOW_SECONDS, reserve) for _ in budget.limits)

    def _leave_enough(self) -> None:
        self._leave(1_000_000)
