"""Charges: interest and collection costs that maan claims. The books have no place for them.

A charge belongs to one item in one cycle. A statutory notice *announces* costs; once its term has
passed unpaid they are *due*. Interest, and costs in trade, are due when a message claims them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from connector.core.policy.model import StepKind
from connector.port.money import Money
from connector.port.records import ItemId, PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice with effect in law that reached the debtor about one item in one cycle.

    Attributes:
        kind: `default_notice` or `statutory_notice`.
        action: The message that it was.
        last_day: Last day of its term, itself included.
        effect_from: First day on which its effect is counted on: the term is over, and a payment
            of the last day has had the time to show in the books.
    """

    item: ItemId
    cycle: int
    kind: StepKind
    party: PartyRef
    action: str
    delivered_on: date
    received_on: date
    last_day: date
    effect_from: date


CORRECTED: Final = "kind_corrected"
NO_DEFAULT: Final = "no_default"
"""Reason of a charge that fell away because the debtor is a consumer; it may be made again."""


class ChargeKind(StrEnum):
    """What is claimed on top of the principal."""

    INTEREST = "interest"
    COSTS = "costs"


class ChargeState(StrEnum):
    """The life of a charge; docs/law.md draws it."""

    ANNOUNCED = "announced"
    DUE = "due"
    PAID = "paid"
    WAIVED = "waived"

    @property
    def is_open(self) -> bool:
        """Whether it is, or may come to be, asked."""
        return self in (ChargeState.ANNOUNCED, ChargeState.DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one item was charged with in one cycle.

    Attributes:
        amount: With the VAT in it.
        paid: The part of it that came in.
        action: The message that announced or last claimed it.
        claimed_on: Day on which that message was delivered.
        by_notice: Costs that a statutory notice announced; else claimed in trade, or interest.
        contract: The recurring contract that the item stems from.
        payment: The payment in the books that it was paid with.
        reason: Why it was waived, as a code or in a person's words.
        handed_over: An agency has the item: it collects the charge too.
        ended_on: Day on which the books say that the item was paid or ended; None: it is open.
        not_reported: The books no longer show the item and do not say why: it is not settled.
    """

    item: ItemId
    cycle: int
    kind: ChargeKind
    party: PartyRef
    number: str
    state: ChargeState
    amount: Money
    vat: Money
    paid: Money
    action: str
    claimed_on: date
    by_notice: bool = False
    contract: str | None = None
    payment: ItemId | None = None
    reason: str | None = None
    handed_over: bool = False
    ended_on: date | None = None
    not_reported: bool = False

    @property
    def left(self) -> Money:
        """What is still asked of it."""
        return self.amount - self.paid

    @property
    def key(self) -> tuple[ItemId, int, ChargeKind]:
        """What identifies it within the administration."""
        return self.item, self.cycle, self.kind


def statutory_notice(notices: Iterable[Notice], item: ItemId, cycle: int) -> Notice | None:
    """Return the statutory notice that the item had in this cycle."""
    return _notice(notices, item, cycle, StepKind.STATUTORY_NOTICE)


def default_notice(notices: Iterable[Notice], item: ItemId, cycle: int) -> Notice | None:
    """Return the default notice that the item had in this cycle."""
    return _notice(notices, item, cycle, StepKind.DEFAULT_NOTICE)


def shares(total: Money, weights: Sequence[Money]) -> tuple[Money, ...]:
    """Return the total divided by weight, to the minor unit, without a remainder.

    The units that rounding down leaves go to the largest fractions, the first of equal ones first.

    Args:
        total: What is divided; not negative.
        weights: At least one, none negative; all may be nought when there is nothing to divide.

    Raises:
        ValueError: There is something to divide, and nothing to divide it over.
    """
    currency, units = total.currency, total.minor()
    parts = [weight.minor() for weight in weights]
    whole = sum(parts)
    if not whole:
        if units:
            raise ValueError("nothing to divide over")
        return tuple(Money.zero(currency) for _ in weights)
    floors = [units * part // whole for part in parts]
    missing = units - sum(floors)
    if missing:
        rest = [-(units * part % whole) for part in parts]
        order = sorted(range(len(parts)), key=rest.__getitem__)
        for n in order[:missing]:
            floors[n] += 1
    return tuple(Money.from_minor(floor, currency) for floor in floors)


def _notice(notices: Iterable[Notice], item: ItemId, cycle: int, kind: StepKind) -> Notice | None:
    sought = (item, cycle, kind)
    return next((one for one in notices if (one.item, one.cycle, one.kind) == sought), None)
