"""From dispatch to receipt to deadline: when the term of a message ends.

The law's own rules for legal notices come with `core.law`; these rules are never shorter than
what docs/policy.md promises for messages without legal effect.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connector.core.days import Calendar, dutch_holidays
from connector.core.policy.model import ChannelName, Duration, Guards

_POST_COUNTING_DAYS = 2
_MAIL_DAY_ENDS = 17  # o'clock
_SUNDAY, _MONDAY = 6, 0


def received_on(channel: ChannelName, dispatched: datetime, guards: Guards, zone: ZoneInfo) -> date:
    """Return the day on which a message counts as received.

    Post arrives on the second day after dispatch that is no Sunday, Monday or holiday (HR
    25-11-2016, ECLI:NL:HR:2016:2704); e-mail on the same day, or on the next business day when it
    left after 17:00 or on a day off. The policy's `receipt` lengthens both.

    Args:
        channel: How it left; a package sends e-mail.
        dispatched: Aware instant at which it left.
        guards: The policy's guards.
        zone: Time zone of the administration.
    """
    calendar = Calendar("NL")
    local = dispatched.astimezone(zone)
    if channel is ChannelName.POST:
        return calendar.add(_post_day(local.date()), guards.receipt.lengthened("post"))
    day = local.date() + timedelta(days=local.hour >= _MAIL_DAY_ENDS)
    return calendar.add(calendar.next_business_day(day), guards.receipt.lengthened("email"))


def _post_day(day: date) -> date:
    left = _POST_COUNTING_DAYS
    while left:
        day += timedelta(days=1)
        day_off = day.weekday() in (_SUNDAY, _MONDAY) or day in dutch_holidays(day.year)
        left -= not day_off
    return day


def deadline(received: date, term: Duration, guards: Guards) -> date:
    """Return the last day on which the debtor pays in time.

    The day after receipt is the first of the term; a last day that is no business day, or that
    lies in a quiet window of the policy, moves to the next one that is.
    """
    calendar = Calendar.of("NL", guards.quiet)
    return calendar.next_working_moment(calendar.add(received, term))
