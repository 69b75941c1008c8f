"""Entries as their terms come in: what is new is told at once, what was known when all is read.

A known entry waits until the deletions were read too: Exact replaces and splits terms, and what is
seen half-way is no payment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from adapters.exact import control
from adapters.exact.cursor import Cursor, Stage
from adapters.exact.draft import Draft, said
from adapters.exact.endpoints import DELETED_TERM, SETTLED, TERMS
from adapters.exact.mapping_accounts import Addressed
from adapters.exact.memory import Memory, Seen
from adapters.exact.odata import int_of
from adapters.exact.refs import Refs
from adapters.exact.telling import Memos, Telling, both, kept_ranks, remembered
from adapters.exact.terms import (
    GONE,
    Term,
    exceeds,
    memo_of,
    newest_of,
    signs_of,
    term_of,
    to_term,
)
from adapters.exact.values import Record, code_of, missing
from connector.port.errors import RecordError

_MOST_LATE: Final = 5000  # so many stand in the cursor; in a full pass none do
_MOST_HELD: Final = 5000
_AT_ONCE: Final = 500


class Entries:
    """What of the terms is told, remembered and summed up.

    Attributes:
        closes: Whether absence may close: not when a row came whose entry is not known.
        doubted: Terms that are said to be deleted, by a deletion that seems older than they are.
    """

    def __init__(
        self, cursor: Cursor, memory: Memory, refs: Refs, number: str, *, is_alone: bool
    ) -> None:
        """Begin a pass.

        Args:
            cursor: What is known; it is kept up to date.
            memory: The memos.
            refs: The numbers of relations.
            number: The setting: which number is shown.
            is_alone: Nothing can be remembered but what this very pass tells.
        """
        self.closes = True
        self.doubted: set[str] = set()
        self._cursor = cursor
        self._memory = memory
        self._refs = refs
        self._telling = Telling(cursor, number)
        self._seen = Seen() if is_alone else None
        self._bereft: set[str] = set()  # entries that lost a term in this pass
        self._still: dict[str, None] | None = None  # while held ones are read again: those held on
        self._again: int | None = None

    def take(self, rows: Sequence[Record], draft: Draft) -> dict[str, Addressed]:
        """Take in a page of terms.

        Returns:
            Whom the newest invoices are addressed to, by account.
        """
        cursor = self._cursor
        receivable, payable = cursor.signs
        cursor.signs = signs_of(rows, "R", receivable), signs_of(rows, "P", payable)
        fresh: dict[str, list[Term]] = {}
        addressed: dict[str, Addressed] = {}
        for term in self._read(rows, draft):
            if term.entry in fresh:
                fresh[term.entry].append(term)
            else:
                fresh[term.entry] = [term]
            if term.contact and term.side == "R" and term.state != SETTLED:
                whom = Addressed(term.issued, term.contact)
                addressed[term.account] = max(whom, addressed.get(term.account, whom))
        known = self._known(fresh)
        for entry, terms in fresh.items():
            memos = known.get(f"e:{entry}") if known else None
            if memos is None:
                self._new(terms, draft)
            else:
                self._changed(entry, terms, memos, draft)
        return addressed

    def _read(self, rows: Sequence[Record], draft: Draft) -> Iterator[Term]:
        """Yield the terms that can be read, with the numbers of their relations."""
        signs, era, division = self._cursor.signs, self._cursor.era, self._cursor.division
        read: list[tuple[Record, Term]] = []
        for row in rows:
            try:
                term = to_term(row, signs, era)
            except RecordError as error:
                self._hold(row, error, draft)
                continue
            if row["Division"] != division and str(row["Division"]) != str(division):
                self._hold(row, _strange(), draft)
            else:
                read.append((row, term))
        refs = self._refs.of({term.account: term.party for _, term in read}, draft)
        for row, term in read:
            ref = refs.get(term.account)
            if ref is None:
                self._hold(row, missing("AccountCode"), draft)
            else:
                yield term if term.party == ref else term._replace(party=ref)

    def take_deleted(self, rows: Iterable[Record], draft: Draft) -> None:
        """Take in a page of deletions; a term that came back since is left alone."""
        cursor, stamps = self._cursor, {}
        for row in rows:
            if int_of(row["EntityType"]) == DELETED_TERM:
                stamps[f"t:{str(row['EntityKey']).lower()}"] = int_of(row["Timestamp"]) or 0
        for key, memo in self._memory.by_key(list(stamps)).items():
            term = term_of(memo)
            if term is None:
                continue
            if term.state == GONE:  # heard of before a pass began anew, and not told yet
                cursor.late[term.entry] = None
                continue
            if term.era == cursor.era:
                if not self._is_later(stamps[key], term):
                    self.doubted.add(term.id)
                    continue
                control.add(cursor.sums, term, -1)
            draft.memos.append(memo_of(term._replace(state=GONE)))
            cursor.late[term.entry] = None
            self._bereft.add(term.entry)

    def are_bereft(self) -> bool:
        """Return whether an entry lost its last term; asked once after the deletions."""
        entries, self._bereft = self._bereft, set()
        found = self._memory.by_group([f"e:{entry}" for entry in entries])
        return any(
            all(term.state == GONE for term in remembered(memos)[0].values())
            for memos in found.values()
        )

    def try_held(self) -> None:
        """Begin to read again what is held; it stays so until `end_trying`."""
        self._again, self._still = None, {}

    def end_trying(self) -> None:
        """Let go of what was held and can be read now: it is told with what waits."""
        cursor = self._cursor
        if self._still is not None:
            cursor.late.update(cursor.held)
            cursor.held, cursor.again = self._still, self._again
            self._still = None

    def _is_later(self, deletion: int, term: Term) -> bool:
        """Return whether a deletion came after what is known of its term."""
        cursor = self._cursor
        # The newest row of before comes once more, if it is there.
        is_newest_there = not cursor.terms.last.startswith("?")
        known = cursor.began - is_newest_there
        if cursor.stage is Stage.DELTA and term.stamp <= known:
            cursor.counts_apart |= deletion < term.stamp  # it was there before, and is deleted
            return True
        return cursor.counts_apart or deletion >= term.stamp

    def late(self, *, is_sure: bool) -> Iterator[Draft]:
        """Tell what waited until all streams were read.

        Args:
            is_sure: What an earlier full pass saw and this one did not is not there any more; else
                its items are held.
        """
        cursor = self._cursor
        while cursor.late:
            entries, draft = list(islice(cursor.late, _AT_ONCE)), Draft()
            known = self._memory.by_group({f"e:{entry}" for entry in entries})
            for entry in entries:
                del cursor.late[entry]
                terms, ranks = remembered(known.get(f"e:{entry}", {}))
                is_seen = is_sure or all(term.era == cursor.era for term in terms.values())
                if is_seen and entry not in cursor.held:
                    self._telling.entry(list(terms.values()), ranks, draft, is_known=True)
                else:
                    draft.held += both(entry, ranks)
            yield draft

    def _known(self, fresh: Mapping[str, Sequence[Term]]) -> Mapping[str, Memos]:
        seen = self._seen
        if seen is None:
            return self._memory.by_group({f"e:{entry}" for entry in fresh})
        again = {f"e:{entry}" for entry in fresh if seen.add(entry)}
        return self._memory.by_group(again) if again else {}

    def _new(self, terms: list[Term], draft: Draft) -> None:
        """Tell an entry of which nothing is known, unless all of it is settled."""
        cursor, entry = self._cursor, terms[0].entry
        cursor.late.pop(entry, None)
        if len(terms) == 1 and entry not in cursor.held:
            if terms[0].state != SETTLED and terms[0].amount:
                draft.memos.append(memo_of(terms[0]))
                control.add(cursor.sums, terms[0], 1)
                self._telling.only(terms[0], draft)
            return
        terms = newest_of(terms)
        left = [term for term in terms if term.state != SETTLED]
        if not left:
            return
        for term in left:
            draft.memos.append(memo_of(term))
            control.add(cursor.sums, term, 1)
        if entry in cursor.held or (len(left) > 1 and exceeds(left, min)):
            cursor.late[entry] = None
            return
        self._telling.entry(terms, {}, draft, is_known=False)

    def _changed(self, entry: str, fresh: list[Term], memos: Memos, draft: Draft) -> None:
        cursor = self._cursor
        known, ranks = remembered(memos)
        news = [
            term
            for term in newest_of(fresh)
            if (old := known.get(term.id)) is None
            or old.era != cursor.era
            or old.stamp < term.stamp
        ]
        if not news or (not known and all(term.state == SETTLED for term in news)):
            return
        draft.memos += kept_ranks(known.values(), news, ranks)
        is_whole = entry not in cursor.held and self._is_whole(known, news)
        for term in news:
            old = known.get(term.id)
            if old is not None and old.era == cursor.era:
                control.add(cursor.sums, old, -1)
            control.add(cursor.sums, term, 1)
            draft.memos.append(memo_of(term))
            known[term.id] = term
        if is_whole:
            cursor.late.pop(entry, None)
            self._telling.entry(list(known.values()), ranks, draft, is_known=True)
        elif cursor.stage is Stage.FULL or len(cursor.late) < _MOST_LATE:
            cursor.late[entry] = None
        else:  # more than can wait: all is read again
            draft.held += both(entry, ranks)
            cursor.is_full_wanted = True

    def _is_whole(self, known: Mapping[str, Term], news: Sequence[Term]) -> bool:
        """Return whether an entry can be told at once: all that is known of it came, or is there.

        Not in a pull of changes, in which little waits anyhow.
        """
        stage, era = self._cursor.stage, self._cursor.era
        after = {**known, **{term.id: term for term in news}}
        if stage is Stage.DELTA or exceeds([t for t in after.values() if t.is_open], min):
            return False
        if stage is Stage.FRESH:
            return True
        was = sum(term.amount for term in known.values() if term.is_open)
        left = sum(term.amount for term in after.values() if term.is_open)
        return was == left and all(term.era == era for term in after.values())

    def _hold(self, row: Record, fault: RecordError, draft: Draft) -> None:
        """Keep what is known of an entry as it is, and read the row again tomorrow."""
        field = str(fault.facts.get("field", ""))
        draft.rejected.append(said(TERMS, fault.code, _short(row.get("ID")), {"field": field}))
        entry = row.get("TransactionEntryID")
        if not isinstance(entry, str) or fault.code == "exact.other_division":
            self.closes = False
            return
        cursor, entry = self._cursor, entry.lower()
        memos = self._memory.by_group({f"e:{entry}"}).get(f"e:{entry}", {})
        if not memos and _is_settled(row):
            return  # it was over before maan came
        draft.held += both(entry, remembered(memos)[1])
        stamp = _stamp(row)
        if len(cursor.held) < _MOST_HELD:
            cursor.held[entry] = None
        cursor.again = _lower(cursor.again, stamp)
        if self._still is not None:
            self._still[entry] = None
            self._again = _lower(self._again, stamp)


def _lower(one: int | None, other: int | None) -> int | None:
    return min((stamp for stamp in (one, other) if stamp is not None), default=None)


def _is_settled(row: Record) -> bool:
    try:
        return code_of(row.get("Status")) == SETTLED
    except ValueError:
        return False


def _strange() -> RecordError:
    return RecordError("exact.other_division", field="Division")


def _stamp(row: Record) -> int | None:
    try:
        return int_of(row.get("Timestamp"))
    except ValueError:
        return None


def _short(value: object) -> str:
    """Return an id for the report; what is none may hold anything."""
    return value if isinstance(value, str) and len(value) == 36 else "0"
