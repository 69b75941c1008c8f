"""What happens to entries of the simulated package: terms are made, split, settled, replaced."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from adapters.exact.sim_hooks import Hooks
from adapters.exact.sim_world import (
    DELETED_TERM,
    MATCHED,
    RECEIVABLE,
    SORTS,
    Division,
    Entry,
    Term,
    World,
    guid,
)

Shares = Sequence[tuple[int, int]]
"""Due days with cents of each."""


def in_books(cents: int, rate: Decimal) -> int:
    """Return the amount in the currency of the books."""
    return int((cents * rate).quantize(Decimal(1), ROUND_HALF_UP))


def division_of(entry: Entry) -> Division:
    """Return where the entry is booked."""
    return entry.account.division


def spread(world: World, entry: Entry, shares: Shares) -> None:
    """Give the entry new terms; they share one batch."""
    batch, left = world.new_id(), entry.total_dc
    for place, (due, amount) in enumerate(shares, start=1):
        in_dc = left if place == len(shares) else in_books(amount, entry.rate)
        left -= in_dc
        add_term(world, entry, batch=batch, due=due, amount=(amount, in_dc))


def add_term(
    world: World,
    entry: Entry,
    *,
    batch: int,
    due: int,
    amount: tuple[int, int],
) -> Term:
    """Add an open term; amounts are those of the invoice and of the books."""
    number = world.new_id()
    term = Term(
        id=number,
        batch=batch,
        entry=entry,
        due=due,
        amount=amount[0],
        amount_dc=amount[1],
        created=world.wall(),
    )
    entry.terms.append(term)
    division_of(entry).terms[number] = term
    world.stamp(division_of(entry), "terms", term)
    return term


def touch(world: World, term: Term) -> None:
    """The term has changed."""
    term.modified = world.wall()
    world.stamp(division_of(term.entry), "terms", term)


def remove(world: World, term: Term) -> None:
    """Delete a term."""
    division = division_of(term.entry)
    term.entry.terms.remove(term)
    del division.terms[term.id]
    world.forget(division, "terms", term, DELETED_TERM)


def replace(world: World, entry: Entry, shares: Shares) -> None:
    """Take away every term and make new ones, as an edit of the entry does."""
    for term in list(entry.terms):
        remove(world, term)
    spread(world, entry, shares)


def regenerate(world: World, entry: Entry) -> None:
    """Replace every term by a new one that says the same."""
    division = division_of(entry)
    for old in list(entry.terms):
        batch = world.new_id()
        new = add_term(world, entry, batch=batch, due=old.due, amount=(old.amount, old.amount_dc))
        new.status, new.paid_on, new.ended_on = old.status, old.paid_on, old.ended_on
        new.fields = old.fields
        remove(world, old)
    division.changes += 1


def shares_of(entry: Entry) -> list[tuple[int, int]]:
    """Return the whole of the entry by due date."""
    by_due: dict[int, int] = {}
    for term in entry.terms:
        by_due[term.due] = by_due.get(term.due, 0) + term.amount
    return sorted(by_due.items())


def still_open(entry: Entry) -> list[Term]:
    """Return the terms that are not settled, the oldest first."""
    return sorted(
        (term for term in entry.terms if term.status != MATCHED), key=lambda one: (one.due, one.id)
    )


def open_cents(entry: Entry) -> int:
    """Return what is open in the currency of the invoice."""
    return sum(term.amount for term in still_open(entry))


def settle(world: World, entry: Entry, amount: int | None, *, on: int, by_money: bool) -> int:
    """Settle the oldest terms, and split the one in which the amount ends.

    Returns:
        The cents that were settled.
    """
    left = open_cents(entry) if amount is None else amount
    settled = 0
    for term in still_open(entry):
        part = min(left - settled, term.amount)
        if part <= 0:
            break
        done = term if part == term.amount else _split(world, term, part)
        done.status, done.ended_on = MATCHED, on
        done.paid_on = on if by_money else None
        touch(world, done)
        settled += part
    return settled


def _split(world: World, term: Term, part: int) -> Term:
    """Split a term and return the part that is settled; the two have different batches."""
    entry, due = term.entry, term.due
    part_dc = in_books(part, entry.rate)
    rest = term.amount - part, term.amount_dc - part_dc
    match world.ways.split_keeps:
        case "open":
            term.amount, term.amount_dc = rest
            touch(world, term)
            return add_term(world, entry, batch=world.new_id(), due=due, amount=(part, part_dc))
        case "paid":
            status = term.status
            other = add_term(world, entry, batch=world.new_id(), due=due, amount=rest)
            other.status = status
            term.amount, term.amount_dc = part, part_dc
            return term
        case _:
            other = add_term(world, entry, batch=world.new_id(), due=due, amount=rest)
            other.status = term.status
            made = add_term(world, entry, batch=world.new_id(), due=due, amount=(part, part_dc))
            remove(world, term)
            return made


def tell(hooks: Hooks, entry: Entry, action: str) -> None:
    """Queue a push about the entry."""
    book = (
        "salesentry/SalesEntries" if entry.line == RECEIVABLE else "purchaseentry/PurchaseEntries"
    )
    hooks.tell(
        division_of(entry),
        "FinancialTransactions",
        action,
        guid(SORTS["entries"], entry.id),
        endpoint=book if hooks.world.ways.hooks_name_entries else None,
    )
