"""How the contract is cut into cases, and what every case stands on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeVar

from connector.port.adapter import Adapter, Refreshed
from connector.port.money import Money
from connector.port.records import End, ItemId
from connector.testkit.mirror import Mirror, Pulled
from connector.testkit.mounts import Ability, Fault, Mount

_Case = TypeVar("_Case", bound=Callable[..., None])
_FEWEST_ROWS: Final = 25  # an adapter may believe that a handful of rows is gone
_REST_SECONDS: Final = 600  # longer than any window of a budget


@dataclass(frozen=True, slots=True)
class Case:
    """One test: a method, and the fault that it is tried with."""

    name: str
    fault: Fault | None = None

    def __str__(self) -> str:
        return self.name if self.fault is None else f"{self.name}[{self.fault}]"


def needs(*wanted: Ability | Fault) -> Callable[[_Case], _Case]:
    """Say what a test can't be run without."""

    def mark(case: _Case) -> _Case:
        vars(case)["needed"] = wanted
        return case

    return mark


def each(*faults: Fault) -> Callable[[_Case], _Case]:
    """Say with which faults a test is tried, one after the other, as its argument `fault`."""

    def mark(case: _Case) -> _Case:
        vars(case)["tried"] = faults
        return case

    return mark


class Contract:
    """A source, a mirror of it, and what is true in the books.

    Attributes:
        left_out: What the source can't show, each with the reason; its tests are not run.
        world: The source of this test.
        mirror: What the pulls of this test told so far.
        true: What is open in the source, as far as this test put it there.
    """

    left_out: ClassVar[Mapping[Ability | Fault, str]] = {}
    world: Mount
    mirror: Mirror
    true: dict[ItemId, Money]

    def mount(self) -> Mount:
        """Start a source, empty; the subclass says how."""
        raise NotImplementedError

    def __init_subclass__(cls) -> None:
        """Take the tests away that this source can't show, so that none passes for nothing."""
        super().__init_subclass__()
        for name in dir(cls):
            case = getattr(cls, name)
            tried = getattr(case, "tried", ())
            is_out = any(one in cls.left_out for one in getattr(case, "needed", ()))
            if is_out or (tried and all(one in cls.left_out for one in tried)):
                setattr(cls, name, None)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        """Yield every test of this class, sorted by name."""
        for name in sorted(dir(cls)):
            case = getattr(cls, name)
            if not name.startswith("test_") or case is None:
                continue
            tried: Sequence[Fault] = getattr(case, "tried", ())
            if not tried:
                yield Case(name)
            for fault in tried:
                if fault not in cls.left_out:
                    yield Case(name, fault)

    def pytest_generate_tests(self, metafunc: Any) -> None:  # noqa: ANN401  # pytest may be absent
        """Let pytest run a test once for every fault."""
        if "fault" in metafunc.fixturenames:
            name = metafunc.function.__name__
            faults = [one.fault for one in self.cases() if one.name == name]
            metafunc.parametrize("fault", faults, ids=[str(one) for one in faults])

    def setup_method(self) -> None:
        """Start the source."""
        self.world, self.true = self.mount(), {}
        self.mirror = Mirror(tools=self.world.tools)

    def teardown_method(self) -> None:
        """Stop the source."""
        self.world.close()

    def run(self, case: Case) -> None:
        """Run one test without pytest; what is wrong comes out as an exception."""
        self.setup_method()
        try:
            test = getattr(self, case.name)
            if case.fault is None:
                test()
            else:
                test(case.fault)
        finally:
            self.teardown_method()

    def adapter(self) -> Adapter:
        """Return a new adapter, when all budgets are fresh again."""
        self.world.tools.clock.advance(_REST_SECONDS)
        return self.world.adapter(self.world.tools)

    def invoice(self, amount: str = "121.00", *, currency: str = "EUR") -> ItemId:
        """Add an open invoice to the source."""
        item = self.world.add_invoice(Decimal(amount), currency=currency)
        self.true[item] = Money(Decimal(amount), currency)
        return item

    def invoices(self, *, pages: int = 2) -> list[ItemId]:
        """Add more invoices than fit in so many pages, every one of another amount."""
        rows = max(pages * self.world.page_rows + 1, _FEWEST_ROWS)
        return [self.invoice(f"{100 + row}.25") for row in range(rows)]

    def pay(self, item: ItemId, amount: str) -> None:
        """Let an invoice be paid in the source."""
        self.world.pay(item, Decimal(amount))
        paid = Money(Decimal(amount), self.true[item].currency)
        self._now_open(item, self.true[item] - paid)

    def delete(self, item: ItemId) -> None:
        """Take an invoice out of the source."""
        self.world.delete(item)
        del self.true[item]

    def pull(self, *, full: bool = False, stop_after: int | None = None) -> Pulled:
        """Pull into the mirror with a new adapter."""
        adapter = self.adapter()
        try:
            return self.mirror.pull(adapter, full=full, stop_after=stop_after)
        finally:
            adapter.close()

    def pull_whole(self, *, full: bool = False) -> Pulled:
        """Pull into the mirror, and hold that it went to its end."""
        pulled = self.pull(full=full)
        assert pulled.error is None, f"the pull must succeed, and raised {pulled.error!r}"
        assert pulled.end is not None, "a pull that raises nothing must end with a PullEnd"
        assert pulled.is_complete(), "the receivables must be complete when nothing is wrong"
        return pulled

    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        """Read the present state of items with a new adapter."""
        adapter = self.adapter()
        try:
            return adapter.refresh(ids, urgent=urgent)
        finally:
            adapter.close()

    def holds_truth(self) -> None:
        """Hold that the mirror knows what is open, exactly."""
        known = self.mirror.open()
        missing = sorted(self.true.keys() - known.keys())
        too_many = sorted(known.keys() - self.true.keys())
        wrong = sorted(key for key in self.true.keys() & known if self.true[key] != known[key])
        assert not missing, f"open in the source and not known: {missing[:5]}"
        assert not too_many, f"not open in the source and still known as open: {too_many[:5]}"
        assert not wrong, f"known with another amount than in the source: {wrong[:5]}"

    def holds_nothing_closed(self) -> None:
        """Hold that nothing that is open in the source counts as ended, or has another amount."""
        early = sorted(key for key in self.true if key in self.mirror.ended)
        known = self.mirror.items
        wrong = sorted(k for k, money in self.true.items() if k in known and known[k].open != money)
        assert not early, f"open in the source and ended by us: {early[:5]}"
        assert not wrong, f"known with another amount than in the source: {wrong[:5]}"

    def _now_open(self, item: ItemId, money: Money) -> None:
        self.true[item] = money
        if not money:
            del self.true[item]


def has_ended(mirror: Mirror, item: ItemId) -> bool:
    """Return whether an item that was known is not open any more."""
    record = mirror.items.get(item)
    return item in mirror.ended or (record is not None and not record.open)


def is_deleted(mirror: Mirror, item: ItemId) -> bool:
    """Return whether the item ended because the source does not have it any more."""
    return mirror.ended.get(item) in {End.DELETED, End.NOT_REPORTED}
