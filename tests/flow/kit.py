"""An office for tests of the flow: a source in memory, channels that write down what they did."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from connector.channels.agency import FolderAgency
from connector.channels.base import Channel, Dispatched, Parcel, Prepared
from connector.core.policy.model import ChannelName
from connector.flow.office import Administration, Office, Parts
from connector.port.adapter import Refreshed
from connector.port.errors import AdapterError, DeliveryUnknownError, NotDeliveredError
from connector.port.plugin import Plugin
from connector.port.records import (
    Batch,
    ControlTotal,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    PartyRecord,
    PullEnd,
    PullEvent,
    Rejected,
)
from connector.press.compile import Press
from connector.press.templates import load_templates
from connector.settings import Settings, load_settings
from connector.settings.figures import load_figures
from connector.store import Store
from connector.testkit.tools import FakeTools
from tests.make import FixedClock, party, receivable

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday, ten o'clock in Amsterdam
BY = "cli:petra"

POLICY = """
version: 1
mode: assisted
guards: {first_run_per_day: 100}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    ladder: [{step: herinnering, at: due + 4d, do: reminder, via: email}]
  - name: zakelijk
    ladder:
      - {step: herinnering, at: due + 4d, do: reminder, via: email, fallback: post}
      - {step: tweede, at: previous + 14d, do: reminder, via: email, fallback: post}
      - {step: sommatie, at: previous + 14d, do: final_demand, via: [email, post], term: 14d}
      - {step: bellen, at: deadline + 1d, do: call}
      - {step: incasso, at: previous + 7d, do: hand_over, to: bureau}
"""
CONFIG = """
store: sqlite:///data/maan.db
rehearsal: true
office: {name: Kantoor Proef}
administrations:
  - id: jansen
    creditor: {name: Jansen B.V., kvk: "12345678", iban: NL91ABNA0417164300, street: Dorpsstraat 1,
               postcode: 1234 AB, city: Utrecht, email: administratie@jansen.example, phone: "030-1234567"}
    source: {adapter: memory}
    policy: policy.yaml
agencies:
  bureau: {name: Bureau Proef, wki_number: "1", wki_checked: 2026-10-01}
"""


class MemorySource:
    """A source whose books a test writes by hand."""

    def __init__(self) -> None:
        self.items: dict[str, ItemRecord] = {}
        self.parties: dict[str, PartyRecord] = {}
        self.fault: AdapterError | None = None
        self.totals: tuple[ControlTotal, ...] = ()
        self.rejected: tuple[Rejected, ...] = ()
        self.warnings: tuple[Rejected, ...] = ()
        self.bank_through: date | None = date(2026, 11, 20)
        self.refreshed: list[Sequence[ItemId]] = []
        self.urgent: list[bool] = []
        self.max_drop_percent = 100

    def add(self, *items: ItemRecord) -> None:
        for item in items:
            self.items[item.id] = item
            self.parties.setdefault(item.party, party(item.party))

    def change(self, number: str, **fields: Any) -> None:
        self.items[f"R/{number}"] = replace(self.items[f"R/{number}"], **fields)

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        if self.fault is not None:
            raise self.fault
        yield Batch(
            parties=tuple(self.parties.values()),
            items=tuple(self.items.values()),
            rejected=self.rejected,
            warnings=self.warnings,
        )
        yield KindEnd(
            kind=Kind.RECEIVABLES,
            delivered=True,
            complete=not self.rejected,
            snapshot=True,
            totals=self.totals,
            max_drop_percent=self.max_drop_percent,
        )
        yield PullEnd(cursor="1", bank_through=self.bank_through)

    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        if self.fault is not None:
            raise self.fault
        self.refreshed.append(ids)
        self.urgent.append(urgent)
        return Refreshed(
            items=tuple(self.items[i] for i in ids if i in self.items),
            gone=tuple(i for i in ids if i not in self.items),
        )

    def close(self) -> None:
        """Hold nothing."""


class CheapSource(MemorySource):
    """A source that costs no requests: it is pulled before anything leaves."""

    rereads_whole: Literal[True] = True


class ThriftySource(MemorySource):
    """A source of which a pull is as cheap as reading a few items."""

    def __init__(self) -> None:
        super().__init__()
        self.pulled_now: list[str | None] = []

    def pull_now(self, cursor: str | None) -> Iterator[PullEvent]:
        self.pulled_now.append(cursor)
        return self.pull(cursor)


class Killed(BaseException):
    """The process dies here."""


@dataclass
class SpyChannel:
    """Writes down what it sent; `trouble` is raised at the next send, once."""

    name: str
    sent: list[str] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    trouble: BaseException | None = None
    after: bool = False  # the trouble comes after the message left
    tells: bool = True  # find() can tell

    def prepare(self, parcel: Parcel) -> Prepared:
        letter = parcel.letter
        assert letter is not None
        content = f"{parcel.key}\n{letter.subject}\n{letter.text}".encode()
        recipient = parcel.recipient.email if self.name == "email" else parcel.recipient.street
        return Prepared(
            parcel=parcel,
            media_type="text/plain",
            name=f"{parcel.key}.txt",
            content=content,
            recipient=recipient or "",
        )

    def send(self, prepared: Prepared) -> Dispatched:
        trouble, self.trouble = self.trouble, None
        if trouble is None or self.after:
            self.sent.append(prepared.parcel.key)
            self.to.append(prepared.recipient)
        if trouble is not None:
            raise trouble
        return self._dispatched(prepared.parcel.key, prepared.parcel.created.date())

    def find(self, key: str) -> Dispatched | None:
        if not self.tells:
            raise DeliveryUnknownError("mail_unknown")
        return self._dispatched(key, MORNING.date()) if key in self.sent else None

    def _dispatched(self, key: str, on: date) -> Dispatched:
        return Dispatched(reference=key, on=on, reply="250 ok", recipient="x@y.example")


class Quiet:
    """A log that keeps silent."""

    def info(self, event: str, **facts: object) -> None:
        """Nothing."""

    def warning(self, event: str, **facts: object) -> None:
        """Nothing."""


class AnySettings:
    """Settings of the memory source: none."""

    @classmethod
    def model_validate(cls, obj: Any) -> "AnySettings":
        return cls()

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        return {}


@dataclass
class Kit:
    """All that a story of the flow needs."""

    office: Office
    source: MemorySource
    clock: FixedClock
    email: SpyChannel
    post: SpyChannel
    folder: Path

    @property
    def desk(self) -> Administration:
        return self.office.administration("jansen")

    def policy(self, text: str) -> None:
        """Let the bookkeeper write another policy."""
        (self.folder / "config" / "policy.yaml").write_text(text, encoding="utf-8")
        self.office._desks.clear()

    def at(self, year: int, month: int, day: int, hour: int = 9) -> None:
        self.clock.set(datetime(year, month, day, hour, tzinfo=UTC))
        self.source.bank_through = date(year, month, day)


@contextmanager
def open_kit(
    folder: Path,
    store: Store,
    clock: FixedClock,
    *,
    source: MemorySource | None = None,
    files: tuple[str, str] = (CONFIG, POLICY),
) -> Iterator[Kit]:
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    for name, text in zip(("maan.yaml", "policy.yaml"), files, strict=True):
        (config / name).write_text(text, encoding="utf-8")
    settings = load_settings(config / "maan.yaml", {})
    source = source or MemorySource()
    email, post = SpyChannel("email", tells=False), SpyChannel("post")
    clock.set(MORNING)
    office = Office(
        settings=settings,
        store=store,
        clock=clock,
        log=Quiet(),
        tools=lambda _name: FakeTools(root=folder),
        plugins={
            "memory": Plugin(
                name="memory", settings=AnySettings, make=lambda settings, tools: source
            )
        },
        parts=_parts(settings, email, post),
        actor="scheduler",
    )
    yield Kit(office, source, clock, email, post, folder)


def _parts(settings: Settings, email: Channel, post: Channel) -> Parts:
    press, templates, figures = Press(), load_templates(None), load_figures(None)
    channels = {ChannelName.EMAIL: email, ChannelName.POST: post}
    return Parts(
        press=lambda: press,
        templates=lambda: templates,
        channels=lambda: channels,
        agency=lambda name: FolderAgency(settings.agencies[name].deliver.folder, name),
        law=lambda: figures,
    )


def refused(*, permanent: bool) -> NotDeliveredError:
    """Return what a channel raises when the other side says no."""
    return NotDeliveredError("mail_refused", permanent=permanent, reply="550 unknown user")


def late(number: str = "F1", due: date = date(2026, 11, 9), **fields: Any) -> ItemRecord:
    """Return an invoice two weeks past due on the morning of the tests."""
    return receivable(number, due=due, issued=date(2026, 10, 10), **fields)
