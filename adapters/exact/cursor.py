"""Where the next pull goes on: a timestamp for each stream, and what was learnt of the division."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from adapters.exact.control import Sum, Way
from adapters.exact.terms import Signs

_VERSION: Final = 2
_BEGIN: Final = 1  # section 5: the first call asks for what comes after 1
_MOST: Final = 2**63 - 1


class Stage(StrEnum):
    """What the running, or the next, pull is."""

    FRESH = "fresh"  # everything is read, and nothing was known before: it may go on half-way
    FULL = "full"  # everything is read over what is known: it begins anew when it breaks
    DELTA = "delta"  # what changed


@dataclass(slots=True)
class Stream:
    """How far one stream was read.

    Attributes:
        after: All rows with a timestamp up to this one were taken in.
        last: Key of the row that had it; empty: it is not there any more.
    """

    after: int = _BEGIN
    last: str = ""


@dataclass(slots=True)
class Cursor:
    """Everything that is known from one pull to the next, but for the memos.

    Attributes:
        era: When the last full pass began, in epoch seconds; higher in each.
        began: Timestamp after which terms came in the running pull, or in those that broke before.
        late: Entries whose items must be told when all streams were read.
        held: Entries with a row that could not be read: nothing is told of them.
        again: Timestamp of the first row that could not be read; None: there is none.
        daily_on: Day on which what changes rarely was last asked for.
        deleted_at: When the deletions were last read.
        moved: The dates that say that all timestamps are new.
        own: The division's currency.
        number: By which number items were told; None: nothing was.
        agreed: Our sums and Exact's are the same; None: we may not read Exact's.
        differ_since: Day since which they are not.
        reset_on: Day on which everything was read because the newest row was missing.
        is_full_wanted: The next pull must read everything.
        is_unclosed: The last full pass was not believed enough to close what it did not see.
        counts_apart: Timestamps of deletions can't be compared with those of terms.
        had_terms: There were terms once: what is settled stays in the list, so there still are.
    """

    division: int
    stage: Stage = Stage.FRESH
    era: int = 0
    terms: Stream = field(default_factory=Stream)
    accounts: Stream = field(default_factory=Stream)
    contacts: Stream = field(default_factory=Stream)
    deleted: Stream = field(default_factory=Stream)
    began: int = _BEGIN
    late: dict[str, None] = field(default_factory=dict)
    held: dict[str, None] = field(default_factory=dict)
    again: int | None = None
    daily_on: date | None = None
    deleted_at: datetime | None = None
    moved: str | None = None
    own: str = "EUR"
    number: str | None = None
    signs: tuple[Signs, Signs] = (Signs(), Signs())
    sums: dict[str, Sum] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    agreed: bool | None = None
    differ_since: date | None = None
    reset_on: date | None = None
    is_full_wanted: bool = False
    is_unclosed: bool = False
    counts_apart: bool = False
    had_terms: bool = False

    def restart(self, stage: Stage, era: int) -> None:
        """Read everything from the beginning; what was learnt of the division stays."""
        self.stage = stage
        self.era = max(era, self.era + 1)
        self.terms, self.accounts = Stream(), Stream()
        self.contacts, self.deleted = Stream(), Stream()
        self.began, self.late, self.held, self.sums = _BEGIN, {}, {}, {}
        self.again, self.is_full_wanted = None, False

    @classmethod
    def read(cls, text: str, division: int) -> "Cursor | None":
        """Return the cursor; None when it is damaged, or of something else."""
        try:
            head = json.loads(text)
            known = head.pop("seal")
            if head["v"] != _VERSION or head["division"] != division or known != _seal(head):
                return None
            return _cursor(head)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, IndexError):
            return None

    def write(self) -> str:
        """Return the cursor as text."""
        head: dict[str, Any] = {
            "v": _VERSION,
            "division": self.division,
            "stage": self.stage.value,
            "era": self.era,
            "terms": _row(self.terms),
            "accounts": _row(self.accounts),
            "contacts": _row(self.contacts),
            "deleted": _row(self.deleted),
            "began": self.began,
            # A full pass begins anew when it breaks, and tells them then.
            "late": [] if self.stage is Stage.FULL else list(self.late),
            "held": list(self.held),
            "again": self.again,
            "daily_on": None if self.daily_on is None else self.daily_on.isoformat(),
            "deleted_at": None if self.deleted_at is None else self.deleted_at.isoformat(),
            "moved": self.moved,
            "own": self.own,
            "number": self.number,
            "signs": self.signs,
            "sums": self.sums,
            "ways": self.ways,
            "agreed": self.agreed,
            "differ_since": None if self.differ_since is None else self.differ_since.isoformat(),
            "reset_on": None if self.reset_on is None else self.reset_on.isoformat(),
            "is_full_wanted": self.is_full_wanted,
            "is_unclosed": self.is_unclosed,
            "counts_apart": self.counts_apart,
            "had_terms": self.had_terms,
        }
        return json.dumps({**head, "seal": _seal(head)}, separators=(",", ":"))


def _seal(head: Mapping[str, Any]) -> str:
    """Return a sum of the whole: who changes a timestamp by hand gets a full pass."""
    text = json.dumps(head, separators=(",", ":"), sort_keys=True)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _row(stream: Stream) -> list[object]:
    return [stream.after, stream.last]


def _stream(row: list[Any]) -> Stream:
    after, last = row
    if type(after) is not int or not _BEGIN <= after <= _MOST:
        raise ValueError("not a timestamp")
    return Stream(after, str(last))


def _cursor(head: Mapping[str, Any]) -> Cursor:
    (total, amount), (total_payable, amount_payable) = head["signs"]
    deleted_at = head["deleted_at"]
    return Cursor(
        division=int(head["division"]),
        stage=Stage(head["stage"]),
        era=int(head["era"]),
        terms=_stream(head["terms"]),
        accounts=_stream(head["accounts"]),
        contacts=_stream(head["contacts"]),
        deleted=_stream(head["deleted"]),
        began=int(head["began"]),
        late=dict.fromkeys(head["late"]),
        held=dict.fromkeys(head["held"]),
        again=head["again"],
        daily_on=_date(head["daily_on"]),
        deleted_at=None if deleted_at is None else datetime.fromisoformat(deleted_at),
        moved=head["moved"],
        own=head["own"],
        number=head["number"],
        signs=(Signs(total, amount), Signs(total_payable, amount_payable)),
        sums={key: Sum(*one) for key, one in head["sums"].items()},
        ways={key: Way(*one) for key, one in head["ways"].items()},
        agreed=head["agreed"],
        differ_since=_date(head["differ_since"]),
        reset_on=_date(head["reset_on"]),
        is_full_wanted=head["is_full_wanted"],
        is_unclosed=head["is_unclosed"],
        counts_apart=head["counts_apart"],
        had_terms=head["had_terms"],
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
