"""A store of the simplest kind: it keeps what a pull says, by the same rules as the real one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from connector.port.adapter import Adapter
from connector.port.errors import AdapterError
from connector.port.money import Money
from connector.port.records import (
    Batch,
    End,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    Ledger,
    Memo,
    PartyRecord,
    PartyRef,
    PullEnd,
    PullEvent,
    Rejected,
)
from connector.testkit.tools import FakeTools


@dataclass(slots=True)
class Pulled:
    """Everything that one pull said.

    Attributes:
        events: What came, in order; of a stopped pull as far as it went.
        error: Why it ended before its end.
    """

    events: list[PullEvent] = field(default_factory=list)
    error: AdapterError | None = None

    @property
    def batches(self) -> list[Batch]:
        """The batches, in order."""
        return [event for event in self.events if isinstance(event, Batch)]

    @property
    def items(self) -> list[ItemRecord]:
        """The items, in order."""
        return [item for batch in self.batches for item in batch.items]

    @property
    def ids(self) -> list[ItemId]:
        """The keys of the items, in order."""
        return [item.id for item in self.items]

    @property
    def parties(self) -> list[PartyRecord]:
        """The parties, in order."""
        return [party for batch in self.batches for party in batch.parties]

    @property
    def removed(self) -> list[ItemId]:
        """What the source says is deleted."""
        return [key for batch in self.batches for key in batch.removed]

    @property
    def held(self) -> list[ItemId]:
        """What is there and could not be read."""
        return [key for batch in self.batches for key in batch.held]

    @property
    def rejected(self) -> list[Rejected]:
        """What could not be read, in words."""
        return [fault for batch in self.batches for fault in batch.rejected]

    @property
    def ends(self) -> list[KindEnd]:
        """How the kinds ended, in order."""
        return [event for event in self.events if isinstance(event, KindEnd)]

    @property
    def end(self) -> PullEnd | None:
        """The end, None when it was not reached."""
        last = self.events[-1] if self.events else None
        return last if isinstance(last, PullEnd) else None

    def is_complete(self, kind: Kind = Kind.RECEIVABLES) -> bool:
        """Return whether the pull says that it saw the end of this kind."""
        return self.end is not None and any(
            one.kind is kind and one.delivered and one.complete for one in self.ends
        )


@dataclass(slots=True)
class Mirror:
    """What is known of a source after some pulls.

    Attributes:
        items: The items as they were last told.
        parties: The parties as they were last told.
        ended: Items that are deleted or no longer reported.
        cursor: Where the next pull starts.
        tools: What the adapter was lent: it recalls its memos from there.
        memos: What the adapter remembers, by key.
    """

    items: dict[ItemId, ItemRecord] = field(default_factory=dict)
    parties: dict[PartyRef, PartyRecord] = field(default_factory=dict)
    ended: dict[ItemId, End] = field(default_factory=dict)
    cursor: str | None = None
    tools: FakeTools | None = None
    memos: dict[str, Memo] = field(default_factory=dict)

    def pull(
        self, adapter: Adapter, *, full: bool = False, stop_after: int | None = None
    ) -> Pulled:
        """Pull until the end, an AdapterError, or so many events; keep what may be kept.

        What came after the last checkpoint of a pull that did not end is lost, as in a crash.
        """
        pulled, kept = Pulled(), 0
        seen: set[ItemId] = set()
        if self.tools is not None:
            self.tools.memos = self.memos
        events = iter(adapter.pull(self.cursor, full=full))
        try:
            while stop_after is None or len(pulled.events) < stop_after:
                event = next(events, None)
                if event is None:
                    break
                pulled.events.append(event)
                cursor = _cursor_of(event)
                if cursor is not None or isinstance(event, PullEnd):
                    self._keep(pulled.events[kept:], seen)
                    self.cursor, kept = cursor, len(pulled.events)
        except AdapterError as error:
            pulled.error = error
        finally:
            _let_go(events)
        return pulled

    def copy(self) -> "Mirror":
        """Return another that knows the same."""
        return Mirror(
            items=dict(self.items),
            parties=dict(self.parties),
            ended=dict(self.ended),
            cursor=self.cursor,
            tools=self.tools,
            memos=dict(self.memos),
        )

    def open(self) -> dict[ItemId, Money]:
        """Return what is open, by key."""
        return {
            key: item.open
            for key, item in self.items.items()
            if item.open and key not in self.ended
        }

    def _keep(self, events: Iterable[PullEvent], seen: set[ItemId]) -> None:
        for event in events:
            match event:
                case Batch():
                    self.parties.update((party.ref, party) for party in event.parties)
                    for item in event.items:
                        self.items[item.id] = item
                        self.ended.pop(item.id, None)
                    self.ended.update((key, End.DELETED) for key in event.removed)
                    if self.tools is not None:
                        self.tools.keep(event.memos)
                    seen.update((item.id for item in event.items), event.held)
                case KindEnd():
                    self._close(event, seen)
                case PullEnd():
                    pass

    def _close(self, end: KindEnd, seen: set[ItemId]) -> None:
        if end.kind is Kind.PARTIES or not (end.delivered and end.complete):
            return
        if not (end.snapshot and end.closes):
            return
        ledger = Ledger.RECEIVABLE if end.kind is Kind.RECEIVABLES else Ledger.PAYABLE
        for key in self.open():
            if self.items[key].ledger is ledger and key not in seen:
                self.ended[key] = End.NOT_REPORTED


def _cursor_of(event: PullEvent) -> str | None:
    match event:
        case Batch():
            return event.checkpoint
        case PullEnd():
            return event.cursor
        case KindEnd():
            return None


def _let_go(events: object) -> None:
    """Close a generator now, not when it is collected: the process died here."""
    close = getattr(events, "close", None)
    if close is not None:
        close()
