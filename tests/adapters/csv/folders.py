"""A folder of exports for a test, and what a pull says about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.csv.adapter import CsvAdapter
from adapters.csv.settings import CsvSettings
from connector.port.records import (
    Batch,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    Memo,
    PartyRecord,
    PullEnd,
    Rejected,
)
from connector.testkit.tools import FakeBudgets, FakeClock, FakeVault

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MAAN = "party_ref;party_name;number;issued;due;currency;open"


class FixedClock:
    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        pass


class SilentLog:
    def info(self, event: str, **facts: object) -> None:
        pass

    def warning(self, event: str, **facts: object) -> None:
        pass


@dataclass
class FakeTools:
    root: Path
    rehearsal: bool = True
    clock: FixedClock = field(default_factory=FixedClock)
    log: SilentLog = field(default_factory=SilentLog)
    vault: FakeVault = field(default_factory=FakeVault)
    budgets: FakeBudgets = field(default_factory=lambda: FakeBudgets(FakeClock()))

    def secret(self, reference: str) -> str:
        raise AssertionError(reference)  # a folder needs none

    def recall(self, keys: Sequence[str] = (), *, groups: Sequence[str] = ()) -> Sequence[Memo]:
        raise AssertionError((keys, groups))  # a folder remembers nothing


@dataclass
class Pulled:
    """Everything that one pull said."""

    batches: list[Batch] = field(default_factory=list)
    ends: dict[Kind, KindEnd] = field(default_factory=dict)
    end: PullEnd | None = None

    @property
    def items(self) -> list[ItemRecord]:
        return [item for batch in self.batches for item in batch.items]

    @property
    def item(self) -> ItemRecord:
        (only,) = self.items
        return only

    @property
    def parties(self) -> dict[str, PartyRecord]:
        return {party.ref: party for batch in self.batches for party in batch.parties}

    @property
    def rejected(self) -> list[Rejected]:
        return [fault for batch in self.batches for fault in batch.rejected]

    @property
    def warnings(self) -> list[Rejected]:
        return [doubt for batch in self.batches for doubt in batch.warnings]

    @property
    def held(self) -> list[ItemId]:
        return [key for batch in self.batches for key in batch.held]

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(fault.where, fault.reason) for fault in self.rejected]

    @property
    def doubts(self) -> list[str]:
        return [doubt.reason for doubt in self.warnings]

    @property
    def receivables(self) -> KindEnd:
        return self.ends[Kind.RECEIVABLES]


def make_adapter(root: Path, *, tools: FakeTools | None = None, **settings: Any) -> CsvAdapter:
    checked = CsvSettings.model_validate({"folder": ".", "layout": "maan", **settings})
    return CsvAdapter(settings=checked, tools=tools or FakeTools(root))


def run(
    adapter: CsvAdapter, cursor: str | None = None, *, full: bool = False, accept: bool = False
) -> Pulled:
    pulled = Pulled()
    for event in adapter.pull(cursor, full=full, accept_empty=accept):
        match event:
            case Batch():
                pulled.batches.append(event)
            case KindEnd():
                pulled.ends[event.kind] = event
            case PullEnd():
                pulled.end = event
    return pulled


def pull_files(
    folder: Path, files: Mapping[str, str | bytes], *, cursor: str | None = None, **settings: Any
) -> Pulled:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return run(make_adapter(folder, **settings), cursor)


def pull_rows(folder: Path, header: str, rows: Iterable[str], **settings: Any) -> Pulled:
    text = "\n".join([header, *rows]) + "\n"
    return pull_files(folder, {"receivables.csv": text}, **settings)


def maan(
    number: str = "F1",
    *,
    ref: str = "10001",
    name: str = "Bakkerij De Wit",
    issued: str = "2026-09-01",
    due: str = "2026-10-01",
    currency: str = "EUR",
    open_: str = "121,00",
) -> str:
    return f"{ref};{name};{number};{issued};{due};{currency};{open_}"
