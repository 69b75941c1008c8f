"""Which channels a message can take to a debtor."""

from typing import assert_never

from connector.core.policy.model import ChannelName, Step
from connector.core.reasons import Reason
from connector.core.snapshot import Creditor, Party


def has_address(
    channel: ChannelName, party: Party, creditor: Creditor, *, remindable: bool = True
) -> bool:
    """Whether the channel reaches the debtor with what the books and people tell.

    The package must be able to remind the debtor of everything that is asked (`remindable`).
    """
    match channel:
        case ChannelName.EMAIL:
            return bool(party.email) and not party.email_bounced
        case ChannelName.POST:
            return bool(party.street and party.postcode and party.city)
        case ChannelName.PACKAGE:
            reaches = bool(party.email) and not party.email_bounced
            return creditor.can_push and remindable and reaches
        case _:
            assert_never(channel)


def route(
    step: Step, party: Party, creditor: Creditor, *, remindable: bool = True
) -> tuple[ChannelName, ...]:
    """Return the channels that the message goes by; empty when the debtor can't be reached.

    `via: [a, b]` means both; a legal notice is never sent by half. The fallback stands in when no
    channel (for a legal notice: not every channel) has an address.
    """
    usable = tuple(
        channel
        for channel in step.via
        if has_address(channel, party, creditor, remindable=remindable)
    )
    if usable and (len(usable) == len(step.via) or not step.do.is_legal):
        return usable
    fallback = step.fallback
    if fallback and has_address(fallback, party, creditor, remindable=remindable):
        return (fallback,)
    return ()


def route_of_notice(step: Step, party: Party, creditor: Creditor) -> tuple[ChannelName, ...]:
    """Return how a debtor is told of a handover: as the step says, else by e-mail, else by post."""
    if step.via:
        return route(step, party, creditor)
    ways = (ChannelName.EMAIL, ChannelName.POST)
    return tuple(way for way in ways if has_address(way, party, creditor))[:1]


def rerouted(
    step: Step, via: tuple[ChannelName, ...], *, remindable: bool = True
) -> tuple[Reason, ...]:
    """Return the reason to show when a message goes another way than the policy wishes."""
    if via == step.via:
        return ()
    if ChannelName.PACKAGE in step.via and not remindable:
        return (Reason("package_can_not_remind", {"via": ", ".join(via)}),)
    return (Reason("rerouted", {"wanted": ", ".join(step.via), "via": ", ".join(via)}),)
