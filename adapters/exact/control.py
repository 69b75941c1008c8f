"""Our sums against Exact's own: OutstandingInvoicesOverview. Pure.

What Exact leaves open is tried, and kept once only one way is left: the sign of its sums, whether
they count open credit notes and receipts, and in which currency they are.
Source: the facts about Exact Online, sections 2.4 and 3.6.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from adapters.exact.terms import Term, ledger_of
from adapters.exact.values import Record, currency_of, minor_of
from connector.port.errors import ContractChangedError
from connector.port.money import Money
from connector.port.records import ControlTotal

_FIELDS: Final = {
    "R": "OutstandingReceivableInvoiceAmount",
    "P": "OutstandingPayableInvoiceAmount",
}
OWN: Final = "*"
"""Stands for a currency where a sum is in the division's own."""


class Sum(NamedTuple):
    """What is open of one side in one currency, in minor units.

    Attributes:
        net: Credits and receipts taken off.
        gross: Without them.
        terms: How many terms there are.
        foreign: How many of them were converted to this currency, and rounded each.
    """

    net: int = 0
    gross: int = 0
    terms: int = 0
    foreign: int = 0

    @property
    def slack(self) -> int:
        """How far apart sums may be that are the same: a cent for the noise of a double."""
        return 1 + self.foreign


class Way(NamedTuple):
    """How Exact counts one side of a division."""

    factor: int
    is_net: bool
    is_own: bool  # everything in the division's currency


_WAYS: Final = tuple(
    Way(factor, is_net, is_own)
    for is_own in (False, True)
    for is_net in (True, False)
    for factor in (1, -1)
)


class Verdict(NamedTuple):
    """What came of a comparison.

    Attributes:
        agrees: Both sides say the same, as far as something can be said.
        ways: How Exact counts, where that is known now.
    """

    agrees: bool
    ways: Mapping[str, Way]
    totals: tuple[ControlTotal, ...]


def add(sums: dict[str, Sum], term: Term, by: int) -> None:
    """Add what is open on a term to the sums (by 1), or take it off (by -1)."""
    if not term.is_open:
        return
    side, amount, own = term.side, term.amount, term.amount_dc
    rounded = by if own != amount else 0
    for key, part, more in (
        (f"{side}:{term.currency}", amount, 0),
        (f"{side}:{OWN}", own, rounded),
    ):
        net, gross, terms, foreign = sums.get(key, _NOTHING)
        more_gross = by * part if part > 0 else 0
        sums[key] = Sum(net + by * part, gross + more_gross, terms + by, foreign + more)


_NOTHING: Final = Sum()


def compare(
    sums: Mapping[str, Sum], rows: Sequence[Record], ways: Mapping[str, Way], own: str
) -> Verdict:
    """Hold our sums against the overview.

    Args:
        sums: Ours, by side and currency.
        rows: Of the overview.
        ways: How Exact counts, as far as it is known.
        own: The division's currency.

    Raises:
        ContractChangedError: The overview can't be read.
    """
    found = dict(ways)
    agrees = True
    totals: list[ControlTotal] = []
    for side in _FIELDS:
        theirs = _theirs(rows, side)
        known = ways.get(side)
        tried = _WAYS if known is None else (known,)
        fits = [way for way in tried if _fits(sums, theirs, way, side=side, own=own)]
        fit = fits[0] if fits else None
        agrees = agrees and fit is not None
        if len(fits) == 1:  # without a credit note, or another currency, more than one may be it
            found[side] = fits[0]
        totals += _totals(sums, theirs, fit or known or _WAYS[0], side=side, own=own)
    return Verdict(agrees, found, tuple(totals))


def _theirs(rows: Iterable[Record], side: str) -> dict[str, int]:
    try:
        found: dict[str, int] = {}
        for row in rows:
            amount = row[_FIELDS[side]]
            if not amount:
                continue
            currency = currency_of(row["CurrencyCode"])
            found[currency] = minor_of(amount, currency)
    except (KeyError, TypeError, ValueError) as error:
        raise ContractChangedError("exact.overview_unreadable") from error
    return found


def _fits(
    sums: Mapping[str, Sum], theirs: Mapping[str, int], way: Way, *, side: str, own: str
) -> bool:
    """Whether all sums are theirs, but for what rounding may do."""
    ours = {own: sums.get(f"{side}:{OWN}", _NOTHING)} if way.is_own else _ours(sums, side)
    for currency in {*ours, *theirs}:
        one = ours.get(currency, _NOTHING)
        amount = one.net if way.is_net else one.gross
        if abs(amount * way.factor - theirs.get(currency, 0)) > one.slack:
            return False
    return True


def _ours(sums: Mapping[str, Sum], side: str) -> dict[str, Sum]:
    return {key[2:]: one for key, one in sums.items() if key[:2] == f"{side}:" and key[2:] != OWN}


def _totals(
    sums: Mapping[str, Sum], theirs: Mapping[str, int], way: Way, *, side: str, own: str
) -> Iterable[ControlTotal]:
    """Yield what our books should add up to: our sums, and what Exact has more or less of it."""
    ours, shown = _ours(sums, side), {own} if way.is_own else {*theirs}
    compared = {own: sums.get(f"{side}:{OWN}", _NOTHING)} if way.is_own else ours
    for currency in sorted({*ours, *shown}):
        one, net = compared.get(currency, _NOTHING), ours.get(currency, _NOTHING).net
        amount = one.net if way.is_net else one.gross
        apart = theirs.get(currency, 0) * way.factor - amount
        is_told = currency in shown or not way.is_own
        if is_told and abs(apart) > one.slack:
            net += apart
        yield ControlTotal(ledger=ledger_of(side), amount=Money.from_minor(net, currency))
