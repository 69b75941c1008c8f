"""From dispatch to receipt to deadline: when the term of a message ends.

When something is received is the law's own rule (`core.law.notice`), lengthened by the policy; the
term of a message without legal effect is what the step says.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from connector.core.days import Calendar
from connector.core.law.notice import USUAL_RECEIPT, Dispatch, receipt
from connector.core.policy.model import ChannelName, Duration, Guards


def received_on(channel: ChannelName, dispatched: datetime, guards: Guards, zone: ZoneInfo) -> date:
    """Return the day on which a message counts as received.

    Args:
        channel: How it left; a package sends e-mail.
        dispatched: Aware instant at which it left.
        guards: The policy's guards; `receipt` lengthens the law's rule.
        zone: Time zone of the administration.
    """
    dispatch = Dispatch(via=channel, sent=dispatched.astimezone(zone))
    return receipt(dispatch, USUAL_RECEIPT, guards=guards)


def deadline(received: date, term: Duration, guards: Guards) -> date:
    """Return the last day on which the debtor pays in time.

    The day after receipt is the first of the term; a last day that is no business day, or that
    lies in a quiet window of the policy, moves to the next one that is.
    """
    calendar = Calendar.of("NL", guards.quiet)
    return calendar.next_working_moment(calendar.add(received, term))
