"""The guards of the moment: what keeps approved actions in the queue right now."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from connector.core.days import Calendar, dutch_holidays
from connector.core.policy.model import Age, Guards
from connector.core.reasons import Fact, Reason
from connector.core.snapshot import Books

_CONTACT_FROM: Final = time(7)
_CONTACT_UNTIL: Final = time(20)
_SUNDAY: Final = 6


def blockers(
    books: Books, guards: Guards, now: datetime, zone: ZoneInfo, *, for_others: bool = False
) -> tuple[Reason, ...]:
    """Return all that keeps messages from leaving now; empty when they may leave.

    Args:
        books: How far the books can be trusted.
        guards: The policy's guards.
        now: Aware instant.
        zone: Time zone of the administration.
        for_others: The office collects for others: the hours and days of the Wki hold, whatever
            the policy says.
    """
    local = now.astimezone(zone)
    lawful = _contact_window(local) if for_others else []
    return (*distrust(books, guards, now, zone), *lawful, *_clock(guards, local))


def distrust(books: Books, guards: Guards, now: datetime, zone: ZoneInfo) -> tuple[Reason, ...]:
    """Return why the books can't be trusted enough to act on them, whatever the hour."""
    if books.data_from is None:
        return (Reason("books_never_pulled", _cause(books)),)
    calendar = Calendar.of(guards.business_days)
    found = []
    if not books.complete:
        found.append(Reason("pull_incomplete", _cause(books)))
    read_on = books.data_from.astimezone(zone).date()
    if read_on > now.astimezone(zone).date():
        found.append(Reason("books_from_future", {"data_from": read_on}))
    limit = _oldest_instant(guards.data_no_older_than, now, zone, calendar)
    if books.data_from < limit:
        facts: dict[str, Fact] = {"data_from": books.data_from.astimezone(zone).date(),
                 "allowed": str(guards.data_no_older_than)}  # fmt: skip
        found.append(Reason("books_stale", facts))
    if books.totals_agree is False:
        found.append(Reason("totals_disagree"))
    if books.closures_waiting:
        found.append(Reason("closures_waiting", {"count": books.closures_waiting}))
    return (*found, *_bank(books.bank_through, guards, now.astimezone(zone).date(), calendar))


def _cause(books: Books) -> dict[str, Fact]:
    """Return what broke the last pull off; a pull that only left something out has no cause."""
    if books.fault is None:
        return {}
    return {"error": books.fault, "administration": books.administration}


def _bank(through: date | None, guards: Guards, today: date, calendar: Calendar) -> list[Reason]:
    if through is None:
        unknown = guards.bank_when_unknown != "ignore"
        return [Reason("bank_unknown")] if unknown else []
    age = guards.bank_no_older_than
    if age.duration is None:
        oldest = today - timedelta(days=-(-(age.hours or 0) // 24))
    else:
        oldest = calendar.add(today, age.duration, -1)
    if through >= oldest:
        return []
    return [Reason("bank_stale", {"through": through, "allowed": str(age)})]


def _oldest_instant(age: Age, now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
    if age.duration is None:
        return now - timedelta(hours=age.hours or 0)
    day = calendar.add(now.astimezone(zone).date(), age.duration, -1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _contact_window(local: datetime) -> list[Reason]:
    """Return what keeps a collector from a natural person at this hour.

    No contact between 20:00 and 07:00, on Sundays or on generally recognised holidays. Source:
    Wet kwaliteit incassodienstverlening art. 13, Besluit kwaliteit incassodienstverlening.
    """
    day = local.date()
    if day.weekday() == _SUNDAY or day in dutch_holidays(day.year):
        return [Reason("contact_day", {"day": day})]
    if not _CONTACT_FROM <= local.time() < _CONTACT_UNTIL:
        return [Reason("contact_hours", {"hours": "07:00-20:00"})]
    return []


def _clock(guards: Guards, local: datetime) -> list[Reason]:
    if not Calendar.of(guards.business_days).is_business_day(local.date()):
        return [Reason("not_a_business_day", {"day": local.date()})]
    if not guards.hours.opens <= local.time() < guards.hours.shuts:
        return [Reason("outside_hours", {"hours": str(guards.hours)})]
    return []
