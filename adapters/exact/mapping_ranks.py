"""Which item of an entry is which, whatever happens to its terms. Pure.

An item has a rank within its entry, by which it is known for good. It is found again by its amount,
by what is left of it, by its day, or by its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from adapters.exact.terms import Term
from connector.port.records import ItemId, Memo


class Rank(NamedTuple):
    """What is known of one item of an entry.

    Attributes:
        slot: Which terms are its.
        is_open: It was open when it was last told.
        paid_on: Last payment, ISO; empty when there was none.
        amount: What was open then, in minor units.
    """

    slot: str
    is_open: bool = True
    paid_on: str = ""
    amount: int = 0


def ranks_before(terms: Iterable[Term]) -> tuple[Rank, ...]:
    """Return the ranks to remember before terms of an entry change: which item is which."""
    amounts: dict[str, int] = {}
    for term in terms:
        left = term.amount if term.is_open else 0
        amounts[term.slot] = amounts.get(term.slot, 0) + left
    return tuple(Rank(slot, amount=amounts[slot]) for slot in sorted(amounts))


def ranks_memo(base: str, ranks: Sequence[Rank]) -> Memo:
    """Return what is remembered of the items of one side of an entry; nothing: forget it."""
    lines = [
        f"{one.slot}\t{'o' if one.is_open else 's'}\t{one.paid_on}\t{one.amount}" for one in ranks
    ]
    return Memo(f"k:{base}", f"e:{base[2:]}", "\n".join(lines) or None)


def ranks_of(memo: Memo) -> tuple[Rank, ...]:
    """Return what was remembered; what is damaged is left out."""
    lines = [line.split("\t") for line in (memo.value or "").split("\n")]
    return tuple(
        Rank(line[0], line[1] == "o", line[2], int(line[3]))
        for line in lines
        if len(line) == 4 and line[3].lstrip("-").isdecimal()
    )


def item_key(base: str, rank: int) -> ItemId:
    """Return the key of an item."""
    return ItemId(base if rank == 1 else f"{base}#{rank}")


def paid_on_of(rank: Rank, terms: Iterable[Term]) -> str:
    """Return the day of the last payment of an item."""
    return max((rank.paid_on, *(term.paid_on for term in terms if not term.is_open)))


class _Place(NamedTuple):
    """An open slot that may be that of a rank."""

    slot: str
    amount: int
    is_there: bool  # something still has the rank's own slot
    settled: Sequence[Term]  # of the rank's own slot


def _is_rest(rank: Rank, place: _Place) -> bool:
    """Return whether what is left, with the last of what was settled, is what was open."""
    more = rank.amount - place.amount
    for term in sorted(place.settled, key=lambda one: one.stamp, reverse=True):
        if not more:
            break
        more -= term.amount
    return not more


def _is_same(rank: Rank, place: _Place) -> bool:
    return rank.slot == place.slot and rank.amount == place.amount


def _has_slot(rank: Rank, place: _Place) -> bool:
    return rank.slot == place.slot


def _is_lost(_: Rank, place: _Place) -> bool:
    return not place.is_there


_WAYS: Final[Sequence[Callable[[Rank, _Place], bool]]] = (_is_same, _is_rest, _has_slot, _is_lost)
"""By what an item is known again, the surest first: amount, then day, then its place."""


def ranked(before: Sequence[Rank], slots: Mapping[str, Sequence[Term]]) -> list[Rank]:
    """Return the ranks with the slots that they have now; new slots come after them."""
    ranks, taken = list(before), dict[str, int]()
    waiting = {
        slot: sum(term.amount for term in terms if term.is_open)
        for slot, terms in sorted(slots.items())
        if any(term.is_open for term in terms)
    }
    free = [at for at, rank in enumerate(before) if rank.is_open]
    free.sort(key=lambda at: before[at].slot in slots)
    for is_it in _WAYS:
        for slot in [slot for slot in waiting if slot not in taken]:
            for at in free:
                own = slots.get(before[at].slot, ())
                settled = [term for term in own if not term.is_open]
                if is_it(before[at], _Place(slot, waiting[slot], bool(own), settled)):
                    ranks[at] = before[at]._replace(slot=slot, paid_on=paid_on_of(before[at], own))
                    taken[slot] = at
                    free.remove(at)
                    break
    for at, rank in enumerate(ranks):
        if taken.get(rank.slot, at) != at:  # another has its slot now
            ranks[at] = rank._replace(slot=f"-{rank.slot}")
    known = {rank.slot for rank in (*before, *ranks)}
    new = [slot for slot in sorted(slots) if slot not in known]
    lost = [at for at in free if before[at].slot not in slots]
    for slot, at in zip([slot for slot in new if slot not in waiting], lost, strict=False):
        ranks[at] = before[at]._replace(slot=slot)  # it was settled on its new day
    # What is settled and was never an item of a known entry is none now.
    return ranks + [Rank(slot, is_open=False) for slot in new if slot in waiting or not before]
