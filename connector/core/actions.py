"""Actions: what one is, how it is identified, and the states it goes through."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from connector.core.policy.model import ChannelName, StepKind
from connector.core.reasons import Reason
from connector.port.money import Money
from connector.port.records import ItemId, PartyRef


class ActionStatus(StrEnum):
    """The life of an action; docs/operations.md draws it."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


class Approval(StrEnum):
    """Who must say yes."""

    AUTOMATIC = "automatic"  # nobody
    REQUIRED = "required"  # a person; --all includes it
    INDIVIDUAL = "individual"  # a person, this one by itself, on the rendered letter
    SHADOW = "shadow"  # the policy only plans; nothing is ever sent


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """An item in an action; `open` is before credits, `step` is the one it advances to.

    `interest` and `costs` (with VAT) are what is claimed for it now, on top of `open`.
    """

    id: ItemId
    number: str
    step: str
    cycle: int
    issued: date | None
    due: date
    open: Money
    interest: Money
    costs: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoOpen:
    """An item that a message lists below its own, outside the total."""

    number: str
    due: date
    open: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditUsed:
    """A credit note or unallocated payment that lowers the total; `amount` is positive."""

    number: str
    amount: Money
    against: str | None  # the invoice that it names, if that is in the action


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """What a message claims or announces on top of the principal; all of one currency.

    `interest` counts through `interest_through`, that day included, under `interest_article`.
    `costs` are collection costs claimed now, without the `vat` on them. A statutory notice claims
    none: it states `announced`, which falls due, `announced_vat` included, when its term passes
    unpaid. `provisional`: a figure of the law is not known up to the last day.
    """

    interest: Money
    costs: Money
    vat: Money
    announced: Money
    announced_vat: Money
    interest_article: str | None = None
    interest_through: date | None = None
    provisional: bool = False

    @property
    def claimed(self) -> Money:
        """What is asked now on top of the principal."""
        return self.interest + self.costs + self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One message, task or handover to one debtor about one or more items, as planned."""

    id: str
    party: PartyRef
    party_name: str
    track: str
    step: str
    kind: StepKind
    via: tuple[ChannelName, ...]
    currency: str
    items: tuple[PlannedItem, ...]  # sorted by due date, number, id
    also_open: tuple[AlsoOpen, ...]
    credits: tuple[CreditUsed, ...]
    total: Money  # after credits, with the interest and costs that are claimed now
    approval: Approval
    term_days: int | None  # the step's own term; None for calls, tasks, handovers
    term_business: bool = False
    to: str | None = None  # agency of a handover, person of a task
    why: str | None = None
    first_run: bool = False
    first_message: bool = False  # none of its items was ever written about
    before_due: bool = False  # none of its items is past due yet
    charges: Charges | None = None  # None: nothing on top of the principal
    consumer: bool = True  # the debtor has a consumer's protection; one of unknown kind has it
    reasons: tuple[Reason, ...] = ()


_OF_INTEREST = ("interest_claimed", "figures_end")


def says_the_same(now: Action, shown: Action) -> bool:
    """Whether what was shown may go out as it is, but for the interest that ran on meanwhile.

    Interest that grew by the day is no other demand; interest that was paid or waived since is.
    """
    if _without_interest(now) != _without_interest(shown):
        return False
    pairs = zip(now.items, shown.items, strict=True)
    return all(new.interest >= old.interest for new, old in pairs)


def _without_interest(action: Action) -> Action:
    charges = action.charges
    if charges is None or not charges.interest:
        return action
    nothing = Money.zero(action.currency)
    return replace(
        action,
        items=tuple(replace(item, interest=nothing) for item in action.items),
        total=action.total - charges.interest,
        charges=replace(charges, interest=nothing, interest_through=None, provisional=False),
        reasons=tuple(one for one in action.reasons if one.code not in _OF_INTEREST),
    )


def action_id(
    administration: str,
    party: str,
    currency: str,
    step: str,
    items: Iterable[tuple[str, int]],
) -> str:
    """Return the identity of an action: the same for the same claim and step, whatever the policy.

    Twelve characters of lower-case hex from SHA-256 over administration, debtor, currency, step
    and the items with their cycles, in any order.
    """
    parts = [administration, party, currency, step]
    parts += sorted(f"{item}@{cycle}" for item, cycle in items)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]
