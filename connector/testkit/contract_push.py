"""The contract about pushes: an order has one effect, whatever happens on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from connector.port.adapter import Pushes, PushOrder
from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    OutcomeUnknownError,
    RateLimitError,
    UnavailableError,
)
from connector.port.records import ItemId
from connector.testkit.contract_cases import Contract, each, needs
from connector.testkit.mounts import Ability, Fault

_NOTHING_DONE: Final = (UnavailableError, RateLimitError, AuthorisationError)
_SILENCE: Final = (*_NOTHING_DONE, OutcomeUnknownError)
_CERTAIN: Final[dict[Fault, tuple[type[AdapterError], ...]]] = {
    Fault.BAD_CREDENTIALS: (AuthorisationError,),
    Fault.RATE_LIMITED: (RateLimitError,),
    Fault.AWAY_503: (UnavailableError, OutcomeUnknownError),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    item: ItemId
    order: PushOrder


class PushContract(Contract):
    """What an adapter that acts in the source must keep to."""

    @needs(Ability.PUSHES)
    def test_adapter_says_what_it_can_be_asked(self) -> None:
        """The verbs that the mount tries are those that the adapter offers, all of them."""
        with self._pusher() as adapter:
            verbs = adapter.verbs

        missing = set(self.world.verbs) - verbs
        assert self.world.verbs, "a mount that can be pushed to names its verbs"
        assert not missing, f"the adapter does not offer {sorted(missing)}"
        untried = verbs - set(self.world.verbs)
        assert not untried, f"the mount does not try {sorted(untried)}"

    @needs(Ability.PUSHES)
    def test_order_is_done_once_and_can_be_found(self) -> None:
        """An order has one effect, and any process finds it under the same reference."""
        for task in self._tasks():
            reference = self._push(task)

            assert reference, f"{task.order.verb}: a reference must not be empty"
            assert self._effects(task) == 1, f"{task.order.verb}: {self._effects(task)} effects"
            found = self._find(task)
            assert found == reference, f"{task.order.verb}: pushed {reference}, found {found}"

    @needs(Ability.PUSHES)
    def test_order_that_was_not_pushed_is_not_found(self) -> None:
        """A look-up finds nothing where nothing was done, and does nothing."""
        for task in self._tasks():
            found = self._find(task)

            assert found is None, f"{task.order.verb}: found {found}, and nothing was pushed"
            assert self._effects(task) == 0, f"{task.order.verb}: the look-up had an effect"

    @needs(Ability.PUSHES)
    def test_same_order_again_has_no_second_effect(self) -> None:
        """An order that was performed is found by its key and not performed again."""
        for task in self._tasks():
            first = self._push(task)

            second = self._push(task)

            assert second == first, f"{task.order.verb}: another reference the second time"
            assert self._effects(task) == 1, f"{task.order.verb}: {self._effects(task)} effects"

    @needs(Ability.PUSHES)
    @each(Fault.WRITE_TIMEOUT_BEFORE, Fault.WRITE_TIMEOUT_AFTER)
    def test_write_without_an_answer_is_resolved_by_a_look_up(self, fault: Fault) -> None:
        """Lost before or after the effect: the look-up knows, and there is never a second."""
        for task in self._tasks():
            self.world.fault(fault)
            reference = self._push_badly(task, fault)
            done = self._effects(task)
            assert done <= 1, f"{task.order.verb}: {done} effects after {fault}"
            assert reference is None or done == 1, f"{task.order.verb}: a reference, and no effect"
            self.world.heal()

            found = self._find(task)

            assert (found is not None) == (done == 1), f"{task.order.verb}: the look-up is wrong"
            assert reference is None or found == reference, f"{task.order.verb}: another reference"
            again = self._push(task)
            assert again, f"{task.order.verb}: a reference must not be empty"
            assert self._effects(task) == 1, f"{task.order.verb}: {self._effects(task)} effects"

    @needs(Ability.PUSHES)
    @each(*_CERTAIN)
    def test_order_to_a_source_that_is_not_well_does_nothing_unsaid(self, fault: Fault) -> None:
        """What certainly was not done says so; once the source is well it goes, once."""
        for task in self._tasks():
            self.world.fault(fault, times=None)
            reference = self._push_badly(task, fault)
            assert reference is None, f"{task.order.verb}: {fault}, and it says that it was done"
            assert self._effects(task) == 0, f"{task.order.verb}: an effect in spite of {fault}"
            self.world.heal()

            self._push(task)

            assert self._effects(task) == 1, f"{task.order.verb}: {self._effects(task)} effects"

    def _tasks(self) -> Iterator[_Task]:
        """Yield an order of every verb, each with an item of its own, as it is kept as intent."""
        for number, verb in enumerate(self.world.verbs):
            item = self.invoice()
            self.pull()
            order = self.world.order(verb, item, f"kit-{number}")
            with self._pusher() as adapter:
                before = adapter.look(order)
            yield _Task(item=item, order=replace(order, before=before))

    def _push(self, task: _Task) -> str:
        with self._pusher() as adapter:
            return adapter.push(task.order)

    def _push_badly(self, task: _Task, fault: Fault) -> str | None:
        reference, error = self._try(task)
        allowed = _CERTAIN.get(fault, _SILENCE)
        assert error is None or isinstance(error, allowed), f"{task.order.verb}: {error!r}"
        if isinstance(error, _NOTHING_DONE):
            assert not self._effects(task), f"{task.order.verb}: done, and told as not done"
        return reference

    def _try(self, task: _Task) -> tuple[str | None, AdapterError | None]:
        try:
            return self._push(task), None
        except AdapterError as error:
            return None, error

    def _find(self, task: _Task) -> str | None:
        with self._pusher() as adapter:
            return adapter.find_push(task.order)

    def _effects(self, task: _Task) -> int:
        return self.world.effects(task.order.verb, task.item)

    @contextmanager
    def _pusher(self) -> Iterator[Pushes]:
        adapter = self.adapter()
        try:
            assert isinstance(adapter, Pushes), "the adapter does not offer Pushes"
            yield adapter
        finally:
            adapter.close()
