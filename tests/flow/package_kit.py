"""A package that reminds, keeps notes and can be paused; a test decides how it answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import AdapterError
from connector.port.records import Batch, Bounce, PullEvent
from tests.flow.kit import MemorySource

POLICY = """
version: 1
mode: assisted
guards: {first_run_per_day: 100}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    ladder: [{step: herinnering, at: due + 4d, do: reminder, via: package, fallback: email}]
  - name: zakelijk
    ladder:
      - {step: herinnering, at: due + 4d, do: reminder, via: package, fallback: email}
      - {step: tweede, at: previous + 14d, do: reminder, via: email}
      - {step: incasso, at: previous + 14d, do: hand_over, to: bureau}
"""


@dataclass
class Answer:
    """How the package answers the next time it is asked to do something."""

    trouble: BaseException | None = None
    after: bool = False  # the trouble comes after it did it


class PackageSource(MemorySource):
    """Books in memory whose package acts."""

    def __init__(self) -> None:
        super().__init__()
        self.verbs = frozenset(PushVerb)
        self.done: list[PushOrder] = []
        self.looked: list[PushOrder] = []
        self.unable: AdapterError | None = None
        self.answers: dict[PushVerb, Answer] = {}
        self.bounces: tuple[Bounce, ...] = ()

    def keys(self, verb: PushVerb) -> list[str]:
        """Return what was done of this verb."""
        return [order.key for order in self.done if order.verb is verb]

    def look(self, order: PushOrder) -> str:
        if self.unable is not None:
            raise self.unable
        self.looked.append(order)
        return f"before:{len(self.done)}"

    def push(self, order: PushOrder) -> str:
        answer = self.answers.pop(order.verb, Answer())
        if answer.trouble is None or answer.after:
            self.done.append(order)
        if answer.trouble is not None:
            raise answer.trouble
        return f"ref:{order.key}"

    def find_push(self, order: PushOrder) -> str | None:
        return f"found:{order.key}" if order.key in self.keys(order.verb) else None

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        batch, *ends = super().pull(cursor, full=full, accept_empty=accept_empty)
        yield batch
        yield Batch(bounces=self.bounces)
        yield from ends
