"""Limitation: until when a claim can be enforced, and what interrupts its term.

Dutch: verjaring en stuiting (art. 3:307, 3:308, 3:317 to 3:319 and 7:28 BW).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from connector.core.days import shifted, years_after
from connector.core.policy.model import DebtorKind

WARN_DAYS: Final = (180, 60, 30)
"""So many days before the last day a warning is due, the furthest first."""

_SALES: Final = frozenset({"sale", "goods"})
_PERIODIC: Final = frozenset({"rent", "subscription"})
_OTHERS: Final = frozenset({"services", "loan", "other"}) | _PERIODIC


class LimitationTerms(Protocol):
    """The figures behind the terms."""

    @property
    def claim_years(self) -> int:
        """Years for a claim from a contract."""
        ...

    @property
    def consumer_sale_years(self) -> int:
        """Years for the price of movables that a consumer bought."""
        ...

    @property
    def interruption_years(self) -> int:
        """The longest new term after an interruption, in years."""
        ...


class InterruptionKind(StrEnum):
    """What interrupts a term."""

    DEMAND = "demand"  # written demand that reached the debtor, art. 3:317 BW
    PAYMENT = "payment"  # on account: an acknowledgement, art. 3:318 BW
    PLAN_REQUEST = "plan_request"  # an acknowledgement too
    LEGAL_ACTION = "legal_action"  # art. 3:316 BW


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """Something that starts a new term, on the day on which it is proven to have happened.

    A demand counts on the day on which it reached the debtor, never on that of its dispatch; one
    that bounced or whose receipt is not known is not handed over.
    """

    kind: InterruptionKind
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Limitation:
    """Until when a claim can be enforced.

    Attributes:
        starts_on: First day of the term that runs now.
        last_day: Last day of that term: after it the claim is treated as barred.
        years: Length of the original term.
        article: The article of the original term.
        interruptions: Those that count, in order.
        at_the_latest: Last day if the claim has the longest term that it may have; differs from
            `last_day` only where the basis of a consumer's debt is not known.
    """

    starts_on: date
    last_day: date
    years: int
    article: str
    interruptions: tuple[Interruption, ...]
    at_the_latest: date

    @property
    def is_certain(self) -> bool:
        """Whether the last day is the same whatever the claim turns out to be for."""
        return self.last_day == self.at_the_latest

    def is_barred(self, today: date) -> bool:
        """Whether the claim must be treated as time-barred (no handover of a consumer's debt)."""
        return today > self.last_day

    def warning(self, today: date) -> int | None:
        """Return the nearest level of `WARN_DAYS` that is reached, None when none is, or too late.

        Days are counted to the last day: on the last day itself 0 are left.
        """
        left = (self.last_day - today).days
        reached = (days for days in WARN_DAYS if 0 <= left <= days)
        return min(reached, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOrigin:
    """What a claim stems from.

    Attributes:
        due: Last day of payment; the claim falls due by its end (opeisbaar).
        kind: The debtor; an unknown one counts as a consumer.
        basis: `sale`, `goods`, `services`, `subscription`, `rent`, `loan` or `other`; None: not
            known.
    """

    due: date
    kind: DebtorKind
    basis: str | None = None


def limitation(
    origin: ClaimOrigin, interruptions: Iterable[Interruption], terms: LimitationTerms
) -> Limitation:
    """Return until when a claim can be enforced.

    Five years from the day after it fell due (3:307; rent and other periodic sums 3:308); two for
    the price of movables that a consumer bought (7:28). An interruption starts a new term the next
    day, as long as the original and five years at most, which never ends before the original would
    (3:319). A consumer's debt whose basis is not known may be the price of movables: the term of
    two years protects the debtor, so the claim counts as barred after it, and `at_the_latest` says
    when it certainly is. A last day of 29 February that the year lacks is 28 February.

    Args:
        origin: What the claim stems from.
        interruptions: Proven ones, in any order; those before the term started or after it ended
            change nothing: a barred claim does not revive.
        terms: Figures of the law.
    """
    known = sorted(interruptions, key=lambda one: (one.on, one.kind))
    certain = _run(origin.due, terms.claim_years, known, terms.interruption_years)
    if not _may_be_consumer_sale(origin):
        return _limitation(certain, terms.claim_years, _article(origin.basis), certain)
    short = _run(origin.due, terms.consumer_sale_years, known, terms.interruption_years)
    latest = short if origin.basis in _SALES else certain
    return _limitation(short, terms.consumer_sale_years, "7:28 BW", latest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    starts_on: date
    last_day: date
    counted: tuple[Interruption, ...] = ()


def _run(due: date, years: int, interruptions: Iterable[Interruption], most: int) -> _Term:
    """Let the term run from the day after the due date, through what interrupts it."""
    term = _Term(starts_on=shifted(due, 1), last_day=years_after(due, years))
    for one in interruptions:
        if not due < one.on <= term.last_day:
            continue
        renewed = years_after(one.on, min(years, most))
        term = _Term(
            starts_on=shifted(one.on, 1),
            last_day=max(term.last_day, renewed),
            counted=(*term.counted, one),
        )
    return term


def _may_be_consumer_sale(origin: ClaimOrigin) -> bool:
    return not origin.kind.is_business and origin.basis not in _OTHERS


def _article(basis: str | None) -> str:
    return "3:308 BW" if basis in _PERIODIC else "3:307 BW"


def _limitation(term: _Term, years: int, article: str, latest: _Term) -> Limitation:
    return Limitation(
        starts_on=term.starts_on,
        last_day=term.last_day,
        years=years,
        article=article,
        interruptions=term.counted,
        at_the_latest=latest.last_day,
    )
