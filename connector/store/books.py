"""The mirror of the source: pulls go in, the rules and the screens read from it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from connector.core.snapshot import Books as BooksTrust
from connector.core.snapshot import Creditor, Position, Snapshot
from connector.port.errors import StoreError
from connector.port.records import Batch, ItemId, Kind, KindEnd, Memo, PartyRef, PullEnd
from connector.store import (
    agenda,
    attachments,
    closing,
    dealings,
    forget,
    items,
    memos,
    outbox,
    parties,
    snapshots,
    sync,
)
from connector.store.forget import Trace
from connector.store.paperwork import AttachmentRow
from connector.store.records import (
    BooksState,
    Counts,
    ItemChange,
    ItemQuery,
    ItemRow,
    ItemState,
    PartyRow,
    Waiting,
)
from connector.store.running import RunningPull
from connector.store.session import Session

_CALLS_KEPT: Final = timedelta(days=60)


class Books:
    """The books of one administration, within one unit."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def begin_pull(self) -> None:
        """Start a pull: forget the keys shown before, count from nought."""
        pull = self._session.pulls.begin(self._session.administration)
        pull.had_open = closing.has_open(self._session)

    def apply(self, batch: Batch) -> None:
        """Store what the batch changes; the same batch again writes nothing.

        An item that shrank gets a last payment date. One that settled keeps its position; one that
        reopens after it was paid, credited or written off starts a new cycle, one that only was
        not reported (or deleted) goes on where it stood.

        Raises:
            StoreError: `record_refused`, or no pull was begun (`pull_not_begun`).
        """
        sync.apply_batch(self._session, self._pull(), batch)
        memos.keep(self._session, batch.memos)

    def end_kind(self, end: KindEnd, *, accept_closures: bool) -> Waiting | None:
        """Close what a complete snapshot did not show; return what must wait for a person."""
        return closing.end_kind(self._session, self._pull(), end, accept_closures=accept_closures)

    def finish_pull(self, end: PullEnd, report: Mapping[str, object]) -> None:
        """End a pull that was read to its end: cursor, totals, age of the books, report.

        Calls of more than two months ago are forgotten.
        """
        closing.finish(self._session, self._pull(), end, report)
        outbox.forget_calls(self._session, self._session.clock.now() - _CALLS_KEPT)

    def abandon_pull(self, report: Mapping[str, object]) -> None:
        """End a pull that failed; what was committed stays, the cursor does not move."""
        closing.abandon(self._session, report)

    def save_checkpoint(self, checkpoint: str) -> None:
        """Keep the place from which a pull resumes, together with the data of this unit."""
        closing.write_state(self._session, cursor=checkpoint)

    def counts(self) -> Mapping[Kind, Counts]:
        """Return what the running, or the last, pull of this process did per kind."""
        pull = self._session.pulls.of(self._session.administration)
        return (pull or RunningPull()).counts()

    def state(self) -> BooksState:
        """Return how far the books can be trusted."""
        return closing.read_state(self._session)

    def cursor(self) -> str | None:
        """Return where the next pull starts, None for the first."""
        return self.state().cursor

    def confirm_bank(self, through: date, by: str) -> None:
        """Keep a person's word that the bank is booked through this day."""
        closing.write_state(
            self._session,
            bank_through=through,
            bank_confirmed_by=by,
            bank_confirmed_at=self._session.now(),
        )

    def set_evaluated(self, on: date, policy: str) -> None:
        """Keep by which policy and for which day the books were last evaluated."""
        closing.write_state(self._session, evaluated_on=on, policy_digest=policy)

    def set_rehearsal(self, *, rehearsal: bool) -> None:
        """Keep at the first pull, for good, whether these are the books of a rehearsal."""
        if self.state().rehearsal is None:
            closing.write_state(self._session, rehearsal=rehearsal)

    def set_source(self, source: str) -> None:
        """Keep at the first pull, for good, which books these are."""
        if self.state().source is None:
            closing.write_state(self._session, source=source)

    def set_policy(self, digest: str) -> None:
        """Keep which policy is in force."""
        closing.write_state(self._session, policy_digest=digest)

    def trust(self) -> BooksTrust:
        """Return how far the books can be trusted, as the guards of the moment see it."""
        return dealings.trust(self._session)

    def apply_refreshed(self, batch: Batch) -> None:
        """Store the present state of items that were read again outside a pull.

        What the source no longer shows goes under `held`: closures follow from pulls alone.
        """
        sync.apply_batch(self._session, RunningPull(), batch)
        memos.keep(self._session, batch.memos)

    def item_state(self, item: ItemId) -> ItemState:
        """Return whether an item is open or how it ended; unknown ones count as deleted."""
        found = items.get(self._session, item)
        return ItemState.DELETED if found is None else found.state

    def last_report(self) -> Mapping[str, object] | None:
        """Return the report of the newest pull, None before the first."""
        return closing.last_report(self._session)

    def due_parties(self, today: date) -> int:
        """Return how many debtors must be looked at."""
        return agenda.due_count(self._session, today)

    def snapshot(
        self,
        creditor: Creditor,
        today: date,
        *,
        only_due: bool = False,
        parties: Collection[PartyRef] | None = None,
    ) -> Snapshot:
        """Return the ledger as the rules see it.

        Args:
            creditor: What the configuration says of the creditor.
            today: The local day.
            only_due: Only debtors that are due on the agenda.
            parties: Only these debtors.

        Returns:
            With `only_due` or `parties` also debtors that have nothing open any more, so that
            their agenda can be set.
        """
        if only_due:
            due = agenda.due_parties(self._session, today)
            parties = due if parties is None else [ref for ref in due if ref in parties]
        return snapshots.load(self._session, creditor, today, parties=parties)

    def set_agenda(self, checks: Mapping[PartyRef, date | None]) -> None:
        """Set when debtors are looked at again; None: not until something changes."""
        agenda.set_checks(self._session, checks)

    def touch(self, parties: Iterable[PartyRef]) -> None:
        """Make those of the parties that have receivables due at once."""
        agenda.touch_known(self._session, parties)

    def touch_all(self) -> None:
        """Make every debtor due at once, as after a change of policy."""
        agenda.touch_all(self._session)

    def items(self, query: ItemQuery) -> list[ItemRow]:
        """Return items sorted by due date (none last), number and id."""
        return items.find(self._session, query)

    def item(self, item: ItemId) -> ItemRow | None:
        """Return one item by its key, in any state."""
        return items.get(self._session, item)

    def ended_at_agency(self) -> list[ItemRow]:
        """Return the items that an agency has and that the books name paid, credited or gone."""
        return items.ended_at_agency(self._session)

    def item_history(self, item: ItemId) -> list[ItemChange]:
        """Return what happened to the item, oldest first."""
        return items.history(self._session, item)

    def place(
        self,
        item: ItemId,
        *,
        position: Position | None,
        due: date | None,
        reason: str,
        by: str,
    ) -> None:
        """Put an item on a position, or correct its due date; None leaves either as it is.

        Raises:
            RequestError: No such item (`item_unknown`).
        """
        items.place(self._session, item, position=position, due=due, reason=reason, by=by)

    def restart(self, number: str, due: date, *, by: str) -> bool:
        """Begin a new cycle for an open receivable, once for this due date; whether one began."""
        return items.restart(self._session, number, due, by=by)

    def parties(self, text: str | None = None) -> list[PartyRow]:
        """Return parties whose reference is, or whose name contains, the text; sorted by name."""
        return parties.find(self._session, text)

    def party(self, ref: PartyRef) -> PartyRow | None:
        """Return one party with a person's corrections on top."""
        return parties.get(self._session, ref)

    def correct_party(self, ref: PartyRef, field: str, value: str | None, by: str) -> None:
        """Correct a field for good; `value` None takes the correction back.

        Raises:
            RequestError: No such field or party (`party_field_unknown`, `party_unknown`).
        """
        parties.correct(self._session, ref, field, value, by)

    def mark_bounced(self, ref: PartyRef, email: str, by: str) -> None:
        """Keep that this address bounced; another address makes it good."""
        parties.correct(self._session, ref, "email_bounced", email, by)

    def recall(self, keys: Sequence[str], groups: Sequence[str]) -> list[Memo]:
        """Return what the adapter remembers under these keys and in these groups."""
        return memos.recall(self._session, keys, groups)

    def is_news(self, key: str) -> bool:
        """Keep that the source told this; return whether it is the first time."""
        return outbox.is_news(self._session, key)

    def attach(self, attachment: AttachmentRow) -> None:
        """Keep that a document belongs to an item's dossier."""
        attachments.attach(self._session, attachment)

    def attachments(self, item: ItemId | None = None) -> list[AttachmentRow]:
        """Return what was attached to one item, or to any."""
        return attachments.attached(self._session, item)

    def trace(self, ref: PartyRef) -> Trace:
        """Return where a party left its marks in the store."""
        return forget.trace(self._session, ref)

    def forget(self, ref: PartyRef) -> None:
        """Blank all that names a party or was written about it; numbers, dates, amounts stay."""
        forget.erase(self._session, ref)

    def unneeded(self, documents: Iterable[str]) -> list[str]:
        """Return those of the documents that nothing in the books or the ledger refers to."""
        return forget.unneeded(self._session, documents)

    def _pull(self) -> RunningPull:
        pull = self._session.pulls.of(self._session.administration)
        if pull is None or pull.over:
            raise StoreError("pull_not_begun")
        return pull
