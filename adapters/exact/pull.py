"""One pull: relations, terms and deletions since the last one; once a day what changes rarely.

Three requests when nothing changed. Everything is read when nothing is known, when the timestamps
were given out anew, or when the deletions were not read for too long.
Source: the facts about Exact Online, sections 3.2, 5 and 7.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from adapters.exact import odata
from adapters.exact.agreement import Agreement
from adapters.exact.cursor import Cursor, Stage, Stream
from adapters.exact.draft import Draft, said
from adapters.exact.endpoints import (
    ACCOUNT_FIELDS,
    ACCOUNTS,
    CONDITION_FIELDS,
    CONDITIONS,
    CONTACT_FIELDS,
    CONTACTS,
    DELETED,
    DELETED_FIELDS,
    DIVISION_FIELDS,
    DIVISIONS,
    SYNC_TERM_FIELDS,
    TERMS,
)
from adapters.exact.entries import Entries
from adapters.exact.lists import Lists, is_of_one_list
from adapters.exact.memory import Memory
from adapters.exact.parties import Parties
from adapters.exact.refs import Refs
from adapters.exact.source import Source
from adapters.exact.streams import Progress
from adapters.exact.values import Record
from connector.port.errors import (
    AuthorisationError,
    ContractChangedError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import (
    Batch,
    Kind,
    KindEnd,
    Ledger,
    PullEnd,
    PullEvent,
    Rejected,
)
from connector.port.tools import Tools

_HERE: Final = ZoneInfo("Europe/Amsterdam")
_REMEMBERED: Final = timedelta(days=58)
"""Deletions are remembered for two months; a little less is safe."""


@dataclass(slots=True)
class Pull:
    """One pull of a division; `cursor` is what is known so far."""

    source: Source
    tools: Tools
    cursor: Cursor
    number: str
    is_resumed: bool = False
    accept_empty: bool = False
    urgent: bool = False  # the reserve may be used
    warnings: list[Rejected] = field(default_factory=list)
    _parties: Parties = field(init=False)
    _entries: Entries = field(init=False)
    _is_checked: bool = False  # whether what changes rarely was asked for in this pull
    _agreement: Agreement = field(init=False)
    _lists: Lists = field(init=False)
    _has_terms: bool = False
    _as_of: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._lists = Lists(self.source, self.urgent)
        self._agreement = Agreement(self.cursor, self._lists)

    def events(self) -> Iterator[PullEvent]:
        """Yield everything; each batch with a checkpoint."""
        begun, now = self.source.requests, self.tools.clock.now()
        self._settle_stage(now)
        if self.urgent or self._is_daily(now):
            self._read_division(now)
        if self.warnings:
            yield Batch(warnings=tuple(self.warnings))
        yield from self._streams()
        if self._was_reset(now):
            yield Batch(warnings=(said(TERMS, "exact.timestamps_reset"),))
            self._begin_anew(now)
            yield from self._streams()
        yield from self._control()
        if self._is_closable:
            self._begin_anew(now)
            yield from self._streams()
            yield from self._control()
        yield from self._doubts()
        yield from self._late()
        yield from self._ends()
        self.cursor.stage, self.cursor.began = Stage.DELTA, self.cursor.terms.after
        yield PullEnd(cursor=self.cursor.write(), requests=self.source.requests - begun)

    def _settle_stage(self, now: datetime) -> None:
        """Begin anew where a full pass broke, was asked for, or is overdue."""
        cursor, today = self.cursor, _day(now)
        is_old = cursor.deleted_at is not None and now - cursor.deleted_at > _REMEMBERED
        if is_old and cursor.stage is Stage.DELTA:
            self.warnings.append(said(DELETED, "exact.deletions_missed"))
        is_apart = cursor.differ_since is not None and cursor.differ_since < today
        is_renamed = cursor.number not in (None, self.number)
        is_wanted = cursor.is_full_wanted or is_old or is_apart
        is_due = cursor.stage is Stage.FULL or (cursor.stage is Stage.DELTA and is_wanted)
        if is_due or is_renamed:
            self._begin_anew(now)
        cursor.number = self.number

    def _begin_anew(self, now: datetime) -> None:
        """Read everything over what is known."""
        self.cursor.restart(Stage.FULL, int(now.timestamp()))
        self.cursor.differ_since = None
        self._has_terms = False

    def _is_daily(self, now: datetime) -> bool:
        return self.cursor.stage is not Stage.DELTA or self.cursor.daily_on != _day(now)

    def _read_division(self, now: datetime) -> None:
        """Look whether the division was moved, which gives every row another timestamp."""
        cursor, self._is_checked = self.cursor, True
        one = f"Code eq {cursor.division}"
        rows = self._lists.rows(DIVISIONS, DIVISION_FIELDS, only=one)
        if rows is None:
            self.warnings.append(said(DIVISIONS, "exact.list_refused"))
            return
        own = next((row for row in rows if str(row.get("Code")) == str(cursor.division)), None)
        if own is None:
            self.warnings.append(said(DIVISIONS, "exact.division_missing"))
            return
        if (status := own.get("BlockingStatus")) not in (None, 0, "0"):
            raise UnavailableError("exact.blocked_division", status=str(status))
        cursor.own = odata.text_of(own.get("Currency")) or cursor.own
        moved = f"{own.get('DivisionMoveDate')} {own.get('DivisionHRLinkUnlinkDate')}"
        if cursor.moved not in (None, moved) and cursor.stage is not Stage.FULL:
            self.warnings.append(said(DIVISIONS, "exact.division_moved"))
            self._begin_anew(now)
        cursor.moved = moved

    def _streams(self) -> Iterator[PullEvent]:
        cursor, memory = self.cursor, Memory(self.tools)
        is_alone = cursor.stage is Stage.FRESH and not self.is_resumed
        refs = Refs(memory, is_alone=is_alone)
        self._parties = Parties(memory, refs, is_alone=is_alone)
        self._entries = Entries(cursor, memory, refs, self.number, is_alone=is_alone)
        if self._is_checked or cursor.stage is not Stage.DELTA:
            yield from self._contacts()
        yield from self._stream(
            ACCOUNTS, ACCOUNT_FIELDS, cursor.accounts, self._parties.take_accounts
        )
        self._as_of = self.tools.clock.now()
        yield from self._terms()
        at = self.tools.clock.now()
        yield from self._stream(DELETED, DELETED_FIELDS, cursor.deleted, self._take_deleted)
        cursor.deleted_at = at
        if self._entries.are_bereft():  # what stands in their place came after the terms were read
            yield from self._terms()

    def _contacts(self) -> Iterator[PullEvent]:
        warnings: list[Rejected] = []
        with_contacts = self._stream(
            CONTACTS, CONTACT_FIELDS, self.cursor.contacts, self._parties.take_contacts
        )
        try:
            yield from with_contacts
        except (AuthorisationError, RefusedError, RateLimitError) as error:
            if not is_of_one_list(error):
                raise
            warnings.append(said(CONTACTS, "exact.list_refused"))
        if self._is_daily(self.tools.clock.now()):
            warnings += self._conditions()
        if warnings:
            yield Batch(warnings=tuple(warnings))

    def _conditions(self) -> Iterable[Rejected]:
        """Yield that Exact writes to debtors itself, where it does."""
        rows = self._lists.rows(CONDITIONS, CONDITION_FIELDS)
        if rows is None:
            yield said(CONDITIONS, "exact.list_refused")
        scenarios = sorted(
            str(row.get("Code")) for row in rows or () if row.get("CreditManagementScenarioCode")
        )
        if scenarios:
            yield said(CONDITIONS, "exact.own_dunning", facts={"conditions": ", ".join(scenarios)})

    def _terms(self) -> Iterator[PullEvent]:
        cursor, stream = self.cursor, self.cursor.terms
        # The newest row is asked for once more: where it is missing, timestamps are not what
        # they were.
        start = stream.after - 1 if stream.last else stream.after
        is_tried = cursor.again is not None and self._is_daily(self.tools.clock.now())
        if cursor.again is not None and is_tried:
            start = min(start, cursor.again - 1)
            self._entries.try_held()

        def take(rows: Sequence[Record], draft: Draft) -> None:
            addressed = self._entries.take(rows, draft)
            if addressed:
                self._parties.take_addressed(addressed, draft)

        yield from self._stream(TERMS, SYNC_TERM_FIELDS, stream, take, start=start)
        if is_tried:
            self._entries.end_trying()

    def _stream(
        self,
        path: str,
        fields: Sequence[str],
        stream: Stream,
        take: Callable[[Sequence[Record], Draft], None],
        *,
        start: int | None = None,
    ) -> Iterator[Batch]:
        """Take in the pages of a stream; a page without rows tells nothing."""
        after = odata.after(stream.after if start is None else start)
        progress = Progress(stream, key="EntityKey" if path == DELETED else "ID")
        known = stream.last
        for page in self.source.rows(path, select=fields, filter=after, urgent=self.urgent):
            if not page.rows:
                continue
            draft, before = Draft(), stream.after
            take(page.rows, draft)
            progress.page(page.rows)
            if stream.after != before or not draft.is_empty:
                yield draft.batch(self.cursor.write())
        was = stream.after, stream.last
        progress.end()
        if path == TERMS:
            self._has_terms |= progress.rows > 0
            self.cursor.had_terms |= self._has_terms
            if known and not progress.met:
                stream.last = f"?{known.lstrip('?')}"
        if (stream.after, stream.last) != was:
            yield Draft().batch(self.cursor.write())

    def _take_deleted(self, rows: Sequence[Record], draft: Draft) -> None:
        try:
            self._entries.take_deleted(rows, draft)
            self._parties.take_deleted(rows, draft)
            newest = self.cursor.terms.last.lstrip("?")
            keys = (str(row["EntityKey"]).lower() for row in rows)
            if newest in keys and newest not in self._entries.doubted:
                self.cursor.terms.last = ""
        except (KeyError, ValueError) as error:
            raise ContractChangedError("exact.deleted_unreadable") from error

    def _was_reset(self, now: datetime) -> bool:
        """Return whether the newest row is not there any more, and nobody deleted it.

        Once a day: who is told of no deletions sees that often, and the sums tell as much.
        """
        cursor, today = self.cursor, _day(now)
        if not cursor.terms.last.startswith("?"):
            return False
        cursor.terms.last = ""
        is_first, cursor.reset_on = cursor.reset_on != today, today
        self._is_checked = True
        return is_first

    def _control(self) -> Iterator[PullEvent]:
        """Hold our sums against Exact's own: daily, before acting, and until they are the same."""
        cursor = self.cursor
        if self._is_checked or cursor.stage is not Stage.DELTA or not self._agreement.is_reached:
            warnings = self._agreement.seek(_day(self.tools.clock.now()))
            if warnings:
                yield Batch(warnings=warnings)

    def _doubts(self) -> Iterator[PullEvent]:
        """Say that a full pass saw nothing, where there was something once.

        So it looks to a user who lost a right, in the overview too.
        """
        self.cursor.had_terms &= self._has_terms or not self.accept_empty
        if self._is_doubted:
            self.cursor.is_full_wanted = True
            yield Batch(warnings=(said(TERMS, "exact.terms_empty"),))

    @property
    def _is_doubted(self) -> bool:
        is_over_known = self.cursor.stage is Stage.FULL and self.cursor.had_terms
        return is_over_known and not self._has_terms

    def _late(self) -> Iterator[PullEvent]:
        is_full = self.cursor.stage is Stage.FULL
        is_sure = self._is_believed if is_full else not self.cursor.is_unclosed
        for draft in self._entries.late(is_sure=is_sure):
            yield draft.batch(self.cursor.write())

    @property
    def _is_believed(self) -> bool:
        """Whether what a full pass did not see is not there: Exact counts the same."""
        return self._agreement.is_reached and not self._is_doubted

    @property
    def _is_closable(self) -> bool:
        """Whether a full pass that could not be believed may be repeated now."""
        cursor = self.cursor
        return cursor.is_unclosed and cursor.stage is Stage.DELTA and self._agreement.is_reached

    def _ends(self) -> Iterator[PullEvent]:
        stage = self.cursor.stage
        if stage is not Stage.DELTA:
            self.cursor.is_unclosed = stage is Stage.FULL and not self._is_believed
        is_complete = self._agreement.is_told and not self.cursor.is_unclosed
        is_snapshot = stage is Stage.FULL or (stage is Stage.FRESH and not self.is_resumed)
        for kind, ledger in (
            (Kind.RECEIVABLES, Ledger.RECEIVABLE),
            (Kind.PAYABLES, Ledger.PAYABLE),
        ):
            yield KindEnd(
                kind=kind,
                delivered=True,
                complete=is_complete,
                snapshot=is_snapshot,
                closes=self._entries.closes,
                as_of=self._as_of,
                totals=self._agreement.totals(ledger),
            )
        yield KindEnd(kind=Kind.PARTIES, delivered=True, complete=True, as_of=self._as_of)


def _day(now: datetime) -> date:
    return now.astimezone(_HERE).date()
