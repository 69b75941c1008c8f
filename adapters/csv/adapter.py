"""The adapter: a folder of exports as a source of open items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, Final, Literal
from zoneinfo import ZoneInfo

from adapters.csv.cursor import Cursor
from adapters.csv.documents import read_pdf
from adapters.csv.folder import OTHER_FILE, Found, look_into
from adapters.csv.preview import inspect_file, inspect_folder
from adapters.csv.pull import FolderPull
from adapters.csv.settings import CsvSettings
from connector.port.adapter import Diagnosis, InspectedFile, Refreshed
from connector.port.errors import AdapterError, UnavailableError
from connector.port.records import (
    Batch,
    ItemId,
    ItemRecord,
    Kind,
    KindEnd,
    PullEnd,
    PullEvent,
    Rejected,
)
from connector.port.tools import Tools

_HERE: Final = ZoneInfo("Europe/Amsterdam")
_SIDES: Final = {"R/": Kind.RECEIVABLES, "P/": Kind.PAYABLES}

Stamp = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _LastLook:
    """The answer of the last refresh, good as long as the files are the same."""

    stamp: Stamp
    asked: frozenset[ItemId]
    items: dict[ItemId, ItemRecord] = field(default_factory=dict)
    held: set[ItemId] = field(default_factory=set)
    ends: dict[Kind, KindEnd] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class CsvAdapter:
    """Reads the exports in a folder (`folder.NAMES`) and `documents/NUMBER.pdf` in it."""

    rereads_whole: ClassVar[Literal[True]] = True
    settings: CsvSettings
    tools: Tools
    _cursor: Cursor = field(default_factory=Cursor)
    _last: _LastLook | None = None

    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        """Yield everything that the files hold now, whether they changed or not.

        The cursor guards against older exports and knows the terms of invoices. With `full` a
        file that was read before, byte for byte, may be read again although it is older.
        """
        self._cursor, self._last = Cursor.read(cursor), None
        one = self._pass(look_into(self._folder()), self._cursor, full=full)
        one.accept_empty = accept_empty
        yield from one.events()

    def refresh(
        self,
        ids: Sequence[ItemId],
        *,
        urgent: bool = True,  # noqa: ARG002  # nothing is rationed here
    ) -> Refreshed:
        """Return the present state of the items, from the files as they are now."""
        found = look_into(self._folder())
        stamp, asked = found.stamp(), frozenset(ids)
        last = self._last
        if last is None or last.stamp != stamp or not asked <= last.asked:
            last = self._last = self._look(found, stamp, asked)
        items: list[ItemRecord] = []
        gone: list[ItemId] = []
        unreadable: list[ItemId] = []
        for key in dict.fromkeys(ids):
            if key in last.items:
                items.append(last.items[key])
            elif key in last.held or self._is_unknown(key, last):
                unreadable.append(key)
            elif self.settings.delivery == "full":
                gone.append(key)
        instants = [end.as_of for end in last.ends.values() if end.as_of is not None]
        return Refreshed(
            items=tuple(items),
            gone=tuple(gone),
            unreadable=tuple(unreadable),
            as_of=min(instants, default=None),
            rejected=tuple(last.rejected),
        )

    def close(self) -> None:
        """Let go of what was remembered; temporary files are gone when a pass ends."""
        self._last = None

    def inspect(self) -> Sequence[InspectedFile]:
        """Return what a pull would read of each file, then what it would say of the folder."""
        found = look_into(self._folder())
        files = [
            inspect_file(path, kind, self.settings, self._today())
            for kind in Kind
            for path in found.files[kind]
        ]
        return [*files, *inspect_folder(found)]

    def diagnose(self) -> Sequence[Diagnosis]:
        """Return whether the folder is there, what it holds and how old it is."""
        folder = str(self._folder())
        try:
            found = look_into(self._folder())
        except UnavailableError:
            return [Diagnosis(ok=False, code="csv.folder_missing", facts={"folder": folder})]
        lines = []
        for kind, paths in found.files.items():
            names = ", ".join(path.name for path in paths)
            if names:
                facts = {"kind": kind.value, "files": names}
                lines.append(Diagnosis(ok=True, code="csv.files", facts=facts))
        if (nothing := found.nothing()) is not None:
            lines.append(Diagnosis(ok=False, code=nothing.reason, facts=nothing.facts))
        elif not found.files[Kind.RECEIVABLES]:
            lines.insert(
                0, Diagnosis(ok=False, code="csv.no_receivables", facts={"folder": folder})
            )
        lines.extend(
            Diagnosis(ok=one.reason == OTHER_FILE, code=one.reason, facts=one.facts)
            for one in found.warnings
        )
        try:
            inspected = self.inspect()
        except AdapterError as error:
            facts = {name: str(value) for name, value in error.facts.items()}
            return [*lines, Diagnosis(ok=False, code=error.code, facts=facts)]
        lines.extend(
            Diagnosis(ok=False, code=fault.reason, facts=fault.facts)
            for one in inspected
            for fault in one.rejected
            if fault.reason.startswith("file.")
        )
        return lines

    def invoice_pdf(self, item: ItemId, number: str) -> bytes | None:
        """Return `documents/NUMBER.pdf` of a receivable, None when there is none."""
        if not item.startswith("R/"):
            return None
        return read_pdf(self._folder() / self.settings.documents, number)

    def _pass(self, found: Found, cursor: Cursor, *, full: bool) -> FolderPull:
        return FolderPull(
            settings=self.settings,
            found=found,
            now=self._now(),
            rehearsal=self.tools.rehearsal,
            cursor=cursor,
            full=full,
        )

    def _look(self, found: Found, stamp: Stamp, asked: frozenset[ItemId]) -> _LastLook:
        last = _LastLook(stamp, asked)
        cursor = Cursor.read(self._cursor.write())
        for event in self._pass(found, cursor, full=False).events():
            match event:
                case Batch():
                    last.items.update((i.id, i) for i in event.items if i.id in asked)
                    last.held.update(key for key in event.held if key in asked)
                    last.rejected.extend(event.rejected)
                case KindEnd():
                    last.ends[event.kind] = event
                case PullEnd():
                    pass
        return last

    def _is_unknown(self, key: ItemId, last: _LastLook) -> bool:
        """Return whether the files can't tell if the item is still there."""
        kind = _SIDES.get(key[:2])
        end = None if kind is None else last.ends.get(kind)
        if end is None or not end.delivered or not end.complete:
            return True
        return not end.closes

    def _folder(self) -> Path:
        return self.tools.root / self.settings.folder

    def _now(self) -> datetime:
        return self.tools.clock.now()

    def _today(self) -> date:
        return self._now().astimezone(_HERE).date()
