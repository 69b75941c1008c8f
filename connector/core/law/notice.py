"""The statutory notice: when it counts as received, when its term ends, and what may follow when.

Dutch: veertiendagenbrief (art. 6:96 lid 6 BW). The policy only ever lengthens what the law says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from connector.core.days import Calendar, shifted
from connector.core.policy.model import ChannelName, Duration, Guards, Receipt

_DAY: Final = timedelta(days=1)
_SUNDAY, _MONDAY = 6, 0
_SHORT_TERM_DAYS: Final = 3
_WORKING_DAYS_WITHIN: Final = 2
LAW_ONLY: Final = Guards(receipt=Receipt(post="statutory", email="statutory"))
"""Guards that add nothing to receipt; the bank margin is the usual one."""


class ReceiptTerms(Protocol):
    """The figures behind the rule of receipt."""

    @property
    def post_counting_days(self) -> int:
        """Post is received on this counting day after dispatch."""
        ...

    @property
    def mail_day_ends(self) -> int:
        """Hour from which an e-mail counts as sent on the next working day."""
        ...


class NoticeTerms(ReceiptTerms, Protocol):
    """The figures behind the term of the notice."""

    @property
    def notice_days(self) -> int:
        """Days from the day after receipt."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _UsualReceipt:
    post_counting_days: int = 2
    mail_day_ends: int = 17


USUAL_RECEIPT: Final[ReceiptTerms] = _UsualReceipt()
"""The rule of receipt as it stands in the tables of the law, for messages without legal effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """How and when a notice left by one channel.

    Attributes:
        via: The channel; a package sends e-mail.
        sent: Local time of the administration; a bare date means within office hours.
        proven_on: Day on which receipt is proven (registered post, an answer); None: not proven.
    """

    via: ChannelName
    sent: datetime | date
    proven_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTerm:
    """What follows from the dispatch of a notice.

    Attributes:
        received_on: Day on which it counts as received, by the last of its channels.
        last_day: Last day on which the debtor pays without costs, itself included.
        costs_from: First day on which costs are due.
        next_step_from: First day on which the next step may follow, after the bank margin.
    """

    received_on: date
    last_day: date
    costs_from: date
    next_step_from: date


def notice_term(
    dispatches: Sequence[Dispatch],
    terms: NoticeTerms,
    *,
    guards: Guards = LAW_ONLY,
    decreed: frozenset[date] = frozenset(),
    asked: Duration | None = None,
) -> NoticeTerm:
    """Return the days that follow from a statutory notice.

    The term starts the day after receipt (HR 25-11-2016, ECLI:NL:HR:2016:2704) and ends on no
    Saturday, Sunday or holiday (Algemene termijnenwet art. 1). Two channels: the latest receipt.

    Args:
        dispatches: One per channel, at least one.
        terms: Figures of the law.
        guards: Receipt, bank margin and quiet windows of the policy, which only lengthen.
        decreed: Days that a decree equates with a holiday (art. 3 lid 3 Termijnenwet).
        asked: The term that the policy gives; a shorter one than the law's changes nothing.

    Raises:
        ValueError: There is no dispatch.
    """
    calendar = Calendar.of("NL", guards.quiet, decreed)
    received = max(receipt(one, terms, guards=guards, decreed=decreed) for one in dispatches)
    last = term_end(received, terms.notice_days, calendar)
    if asked is not None:
        last = max(last, calendar.next_working_moment(calendar.add(received, asked)))
    costs_from = shifted(last, 1)
    return NoticeTerm(
        received_on=received,
        last_day=last,
        costs_from=costs_from,
        next_step_from=calendar.add(costs_from, guards.bank_margin),
    )


def receipt(
    dispatch: Dispatch,
    terms: ReceiptTerms,
    *,
    guards: Guards = LAW_ONLY,
    decreed: frozenset[date] = frozenset(),
) -> date:
    """Return the day on which a message counts as received.

    Post arrives on the second day after dispatch that is no Sunday, Monday or holiday (HR
    25-11-2016, ECLI:NL:HR:2016:2704, rule of experience). E-mail arrives on the same day, or on the
    next working day when it left after 17:00 or on a day off: a careful rule of our own under art.
    3:37 lid 3 BW. A proven day wins, and is never before dispatch. The policy's `receipt` lengthens
    what is not proven.
    """
    calendar = Calendar.of("NL", decreed=decreed)
    sent = dispatch.sent
    day = sent.date() if isinstance(sent, datetime) else sent
    if dispatch.proven_on is not None:
        return max(dispatch.proven_on, day)
    if dispatch.via is ChannelName.POST:
        arrived = _counting_day(day, terms.post_counting_days, calendar)
        return calendar.add(arrived, guards.receipt.lengthened("post"))
    if isinstance(sent, datetime) and sent.hour >= terms.mail_day_ends:
        day = shifted(day, 1)
    return calendar.add(calendar.next_business_day(day), guards.receipt.lengthened("email"))


def term_end(received: date, days: int, calendar: Calendar) -> date:
    """Return the last day of a term of the law that starts the day after receipt.

    Algemene termijnenwet art. 1: a last day that is a Saturday, Sunday or holiday moves to the next
    day that is none. Art. 2: a term of at least three days holds at least two working days. Quiet
    windows of the calendar move the end further.

    Args:
        received: The day before the term starts.
        days: Its length in calendar days.
        calendar: Dutch holidays, those that were decreed, and quiet windows.
    """
    last = shifted(received, days)
    if days >= _SHORT_TERM_DAYS:
        working = calendar.add(received, Duration(_WORKING_DAYS_WITHIN, business=True))
        last = max(last, working)
    return calendar.next_working_moment(last)


def _counting_day(day: date, count: int, calendar: Calendar) -> date:
    while count and day < date.max:
        day += _DAY
        count -= not (day.weekday() in (_SUNDAY, _MONDAY) or calendar.is_holiday(day))
    return day
