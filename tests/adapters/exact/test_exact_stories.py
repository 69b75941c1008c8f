"""Invented weeks of a division: whatever is booked and whatever breaks, what is open is known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from adapters.exact.simulator import Fault, Simulator, Ways
from connector.port.records import ItemId
from connector.testkit.mirror import Mirror, Pulled
from tests.adapters.exact.mount import API, ExactMount
from tests.make import euro

WEEKS = 24
DAYS = 30
DAY_SECONDS = 86_400
WAYS = (
    Ways(),
    Ways(terms_sign=1, receivables_sign=1, overview_sign=-1),
    Ways(split_keeps="neither", overview_nets=False),
    Ways(split_keeps="paid", sync_ascending=False),
    Ways(next_when_full=True, overview_in_own_currency=True),
    Ways(payables_sign=-1, payables_list_sign=-1, receipt_sign=1),
)
FAULTS = (
    Fault.UNAVAILABLE,
    Fault.RESET,
    Fault.TRUNCATED,
    Fault.TERMS_REPLACED_MID_PASS,
    Fault.EXPIRE,
    Fault.RATE,
    Fault.SHORT_LIST,
    Fault.EMPTY_LIST,
)
PAUSES = (600, 4000, 30_000, 90_000)


class Story:
    """A division, a mirror of it, and chance."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.world = ExactMount(ways=replace(WAYS[seed % len(WAYS)]))
        self.mirror = Mirror(tools=self.world.tools)
        self.accounts = [self.sim.add_account(f"Relatie {number}") for number in range(4)]
        self.sales = [self.sim.add_invoice(self.accounts[0])]
        self.purchases = [self.sim.add_purchase(self.accounts[3])]
        self.credits = [self.sim.credit(self.sales[0], "10.00")]

    @property
    def sim(self) -> Simulator:
        return self.world.sim

    def live(self) -> None:
        """Let something be booked."""
        sim, chance = self.sim, self.chance
        some = Decimal(chance.randrange(1, 90))
        match chance.randrange(9):
            case 0 | 1:
                self.sales.append(sim.add_invoice(chance.choice(self.accounts), some, due=self.day))
            case 2:
                self.sales.append(sim.add_invoice(chance.choice(self.accounts), terms=self.terms()))
            case 3:
                self.purchases.append(sim.add_purchase(self.accounts[3], some, due=self.day))
            case 4:
                self.credits.append(sim.credit(chance.choice(self.sales), "20.00"))
            case 5:
                sim.edit_entry(chance.choice(self.purchases), your_ref=f"PO {some}")
            case _:
                self.change(chance.choice(self.sales), some)

    def change(self, entry: str, some: Decimal) -> None:
        """Let something happen to an invoice."""
        sim = self.sim
        match self.chance.randrange(9):
            case 0:
                sim.pay(entry)
            case 1 | 2:
                sim.pay(entry, some)
            case 3:
                sim.edit_entry(entry, due=self.day)
            case 4:
                sim.edit_entry(entry, terms=self.terms())
            case 5:
                sim.unmatch(entry)
            case 6:
                sim.match(self.chance.choice(self.credits), entry)
            case 7:
                sim.write_off(entry, "5.00")
            case _ if len(self.sales) > 1:
                self.sales.remove(entry)
                sim.delete_entry(entry)

    @property
    def day(self) -> date:
        return date(2026, 11, 1) + timedelta(days=self.chance.randrange(5))

    def terms(self) -> Sequence[tuple[date, Decimal]]:
        day = self.day
        return [(day, Decimal(70)), (day + timedelta(days=30), Decimal(51))]

    def pull(self, *, full: bool = False, stop_after: int | None = None) -> Pulled:
        self.world.tools.clock.advance(self.chance.choice(PAUSES))
        adapter = self.world.adapter(self.world.tools)
        try:
            return self.mirror.pull(adapter, full=full, stop_after=stop_after)
        finally:
            adapter.close()

    def pull_badly(self) -> None:
        """Pull while something breaks: the process, the line, or what Exact says."""
        chance = self.chance
        if chance.random() < 0.4:
            self.pull(full=chance.random() < 0.2, stop_after=chance.randrange(1, 5))
            return
        kind, times = chance.choice(FAULTS), chance.choice((1, 1, 9))
        self.sim.fault(kind, match=API, nth=chance.randrange(1, 6), times=times)
        self.pull(full=chance.random() < 0.15)
        self.sim.clear_faults()

    def known(self) -> Counter[str]:
        """Return what the mirror has open by entry, signs left out."""
        found: Counter[str] = Counter()
        for item, money in self.mirror.open().items():
            found[entry_of(item)] += int(abs(money.amount) * 100)
        return found

    def true(self) -> Counter[str]:
        """Return what is open by entry."""
        entries = (*self.sales, *self.purchases, *self.credits)
        cents = {entry: int(self.sim.open_amount(entry) * 100) for entry in entries}
        return Counter({entry: amount for entry, amount in cents.items() if amount})


def entry_of(item: ItemId) -> str:
    return item.partition("/")[2].partition("#")[0]


@pytest.mark.parametrize("seed", range(WEEKS))
def test_what_is_open_is_known_whatever_happened(seed: int) -> None:
    story = Story(seed)
    for _ in range(DAYS):
        for _ in range(story.chance.randrange(4)):
            story.live()
        if story.chance.random() < 0.5:
            story.pull_badly()
            continue

        pulled = story.pull()
        whole = pulled if pulled.is_complete() else story.pull(full=True)

        assert whole.is_complete(), f"{whole.error!r}"
        assert story.known() == story.true()
    story.world.close()


def test_deletions_that_are_counted_by_themselves_are_applied() -> None:
    world = ExactMount(ways=Ways(one_rowversion=False))
    mirror = Mirror(tools=world.tools)
    entry = world.sim.add_invoice()
    world.sim.edit_entry(entry)
    world.sim.move_division()  # from here on both are counted from the same number
    for _ in range(5):
        world.sim.touch(entry)
    mirror.pull(world.adapter(world.tools))
    world.sim.edit_entry(entry)
    world.tools.clock.advance(600)

    mirror.pull(world.adapter(world.tools))

    assert list(mirror.open().values()) == [euro("121.00")]
    world.close()


def test_entry_whose_deletions_are_not_told_is_held_until_all_is_read_again() -> None:
    story = Story(0)
    story.sim.ways.deleted_right = False
    story.pull()
    (entry,) = story.sales
    story.sim.edit_entry(entry)

    held = story.pull().held
    for _ in range(2):
        story.world.tools.clock.advance(DAY_SECONDS)
        last = story.pull()

    assert held == [f"R/{entry}"]
    assert (last.is_complete(), last.held) == (True, [])
    assert story.known() == story.true()
    story.world.close()
