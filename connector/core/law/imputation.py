"""Which claim a payment pays, and what of it: costs, interest or principal.

Dutch: toerekening van betalingen, art. 6:43 BW (between claims) and 6:44 BW (within one).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from connector.port.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClaim:
    """A claim with what is open in each of its buckets; none is negative.

    Attributes:
        number: Identifies the claim among those given.
        due_on: The last day of payment.
        percent: The rate of interest that runs over it now, percent per year; none: zero.
        costs: Collection costs that are due, not those that were only announced.
        interest: Interest that has accrued.
        principal: What is left of the invoice.
    """

    number: str
    due_on: date
    percent: Decimal
    costs: Money
    interest: Money
    principal: Money

    @property
    def open(self) -> Money:
        """Return all that is open."""
        return self.costs + self.interest + self.principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money received on a day; `designated` is the number of the claim that the debtor named."""

    on: date
    amount: Money
    designated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one claim receives of a payment, per bucket."""

    number: str
    costs: Money
    interest: Money
    principal: Money

    @property
    def amount(self) -> Money:
        """Return all that the claim receives."""
        return self.costs + self.interest + self.principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Imputation:
    """A payment divided: the shares and the surplus together are the payment.

    Attributes:
        shares: Per claim that receives something, in the order of the law.
        surplus: What is left when every claim is paid.
    """

    shares: tuple[Share, ...]
    surplus: Money


def impute(payment: Payment, claims: Sequence[OpenClaim]) -> Imputation:
    """Return what each claim receives of the payment.

    First the claim that the debtor named (art. 6:43 lid 1 BW). The rest goes to claims that are
    due, of these the most onerous, then the oldest, then each in proportion (lid 2). The most
    onerous is the one with the highest rate, then one with costs; the statute gives no yardstick.
    A name that no claim has is no designation.

    Args:
        payment: Not negative.
        claims: Each number once, all in the currency of the payment.

    Raises:
        ValueError: A negative amount, or two currencies.
    """
    _require_sound(payment, claims)
    left = payment.amount.minor()
    shares = []
    for equals in _in_order(payment, claims):
        received = _divided(left, [claim.open.minor() for claim in equals])
        left -= sum(received)
        pairs = zip(equals, received, strict=True)
        shares += [_share(claim, units) for claim, units in pairs if units]
    return Imputation(shares=tuple(shares), surplus=Money.from_minor(left, payment.amount.currency))


def _require_sound(payment: Payment, claims: Sequence[OpenClaim]) -> None:
    parts = [part for one in claims for part in (one.costs, one.interest, one.principal)]
    if any(part.currency != payment.amount.currency for part in parts):
        raise ValueError("a payment pays claims in its own currency")
    if any(part.amount < 0 for part in (payment.amount, *parts)):
        raise ValueError("neither a payment nor what is open is negative")


def _in_order(payment: Payment, claims: Sequence[OpenClaim]) -> Iterator[list[OpenClaim]]:
    """Yield the claims in the order of the law; what is equal in law comes together."""
    ranked = sorted(claims, key=lambda claim: (_rank(payment, claim), claim.number))
    for _, equals in groupby(ranked, key=lambda claim: _rank(payment, claim)):
        yield list(equals)


def _rank(payment: Payment, claim: OpenClaim) -> tuple[bool, bool, Decimal, bool, date]:
    """Return what decides, the first to be paid lowest; a claim is due after its last day."""
    is_named = claim.number == payment.designated
    is_due = claim.due_on < payment.on
    return not is_named, not is_due, -claim.percent, not claim.costs, claim.due_on


def _divided(amount: int, wanted: Sequence[int]) -> list[int]:
    """Return the amount in proportion to what is wanted, never more than that.

    The units that are left by rounding down go to the largest remainders, of equals to the first.
    """
    total = sum(wanted)
    if amount >= total:
        return list(wanted)
    received = [amount * one // total for one in wanted]
    remainders = [amount * one % total for one in wanted]
    by_remainder = sorted(range(len(wanted)), key=lambda at: -remainders[at])
    for at in by_remainder[: amount - sum(received)]:
        received[at] += 1
    return received


def _share(claim: OpenClaim, units: int) -> Share:
    """Return the share within one claim: costs, then interest, then principal (art. 6:44 BW)."""
    parts = []
    for bucket in (claim.costs, claim.interest, claim.principal):
        taken = min(units, bucket.minor())
        units -= taken
        parts.append(Money.from_minor(taken, bucket.currency))
    costs, interest, principal = parts
    return Share(number=claim.number, costs=costs, interest=interest, principal=principal)
