"""The contract about records: what an adapter says of money, days, ends and keys."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from connector.port.money import Money
from connector.port.records import (
    Batch,
    Document,
    End,
    ItemRecord,
    Kind,
    KindEnd,
    Ledger,
    PullEnd,
)
from connector.testkit.contract_cases import Contract, has_ended, is_deleted, needs
from connector.testkit.mounts import Ability

_LARGEST_BATCH: Final = 5000
_REASON: Final = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAYS: Final = ("issued", "due", "paid_on", "sent_on", "reminded_on")
_KIND_OF: Final = {Ledger.RECEIVABLE: Kind.RECEIVABLES, Ledger.PAYABLE: Kind.PAYABLES}


class BooksContract(Contract):
    """What every record must be."""

    def test_first_pull_gives_everything_that_is_open(self) -> None:
        """Nothing is missing, nothing is added, every amount is right."""
        self.invoices()

        self.pull_whole()

        self.holds_truth()

    def test_keys_are_unique_in_a_pull(self) -> None:
        """No item is told twice, and none has an empty key."""
        self.invoices()

        pulled = self.pull_whole()

        twice = [key for key, times in Counter(pulled.ids).items() if times > 1]
        assert not twice, f"told more than once in one pull: {twice[:5]}"
        assert all(pulled.ids), "an item has an empty key"

    def test_keys_stay_the_same_between_pulls(self) -> None:
        """The same invoice has the same key in every pull, read by whichever process."""
        self.invoices(pages=0)
        first = self.pull_whole(full=True)

        second = self.pull_whole(full=True)

        assert set(first.ids) == set(second.ids), "the keys differ between two pulls"

    def test_amounts_are_decimals_with_a_currency(self) -> None:
        """Every amount is Money of a Decimal and an ISO code, and an open invoice is positive."""
        self.invoices(pages=0)

        for item in self.pull_whole().items:
            for money in (one for one in (item.open, item.total, item.vat) if one is not None):
                assert type(money) is Money, f"an amount is a {type(money).__name__}, not Money"
                assert type(money.amount) is Decimal, "an amount is no Decimal"
                assert _CURRENCY.fullmatch(money.currency), f"no ISO currency: {money.currency!r}"
            assert item.open.amount > 0, "an open invoice must have a positive amount"

    def test_days_are_dates(self) -> None:
        """Every day is a date without a time."""
        self.invoices(pages=0)

        for item in self.pull_whole().items:
            for name in _DAYS:
                day = getattr(item, name)
                assert day is None or type(day) is date, f"{name} is no date but {day!r}"

    def test_no_float_anywhere(self) -> None:
        """No record holds a float, not even in what is kept raw."""
        self.invoices(pages=0)

        pulled = self.pull_whole()

        places = [place for event in pulled.events for place in _floats(event, "event")]
        assert not places, f"floats at {places[:5]}"

    def test_parties_of_items_are_told(self) -> None:
        """Every item is of a party that the pull told."""
        self.invoices(pages=0)

        self.pull_whole()

        unknown = sorted({one.party for one in self._items()} - self.mirror.parties.keys())
        assert not unknown, f"items of parties that were never told: {unknown[:5]}"

    def test_events_come_in_order(self) -> None:
        """Items come before the end of their kind, one end for a kind, and PullEnd at the last."""
        self.invoices(pages=0)

        events = self.pull_whole().events

        ended: list[Kind] = []
        for event in events:
            match event:
                case Batch():
                    late = {_KIND_OF[item.ledger] for item in event.items} & set(ended)
                    assert not late, f"items of {sorted(late)} come after the end of that kind"
                case KindEnd():
                    assert event.kind not in ended, f"{event.kind} ends twice"
                    ended.append(event.kind)
                case PullEnd():
                    assert event is events[-1], "PullEnd must be the last event"

    def test_batches_are_of_bounded_size(self) -> None:
        """No batch holds more than a few thousand records."""
        self.invoices()

        batches = self.pull_whole().batches

        largest = max(len(one.items) + len(one.parties) for one in batches)
        assert largest <= _LARGEST_BATCH, f"a batch holds {largest} records"

    def test_instants_are_aware(self) -> None:
        """The instant that an end speaks of has a time zone and does not lie ahead."""
        self.invoices(pages=0)

        for end in self.pull_whole().ends:
            if end.as_of is not None:
                assert end.as_of.tzinfo is not None, f"as_of of {end.kind} has no time zone"
                assert end.as_of <= self.world.tools.clock.now(), "as_of lies in the future"

    @needs(Ability.CURRENCIES)
    def test_currency_is_that_of_the_invoice(self) -> None:
        """An invoice in dollars is told in dollars, not turned into euros."""
        self.invoice("80.00", currency="USD")

        self.pull_whole()

        self.holds_truth()

    @needs(Ability.PAYABLES)
    def test_payable_is_positive_and_of_its_own_ledger(self) -> None:
        """What we owe is told as a payable with a positive amount."""
        item = self.world.add_payable(Decimal("40.00"))
        self.invoice()

        self.pull_whole()

        record = self.mirror.items.get(item)
        assert record is not None, "the payable was not told"
        assert record.ledger is Ledger.PAYABLE, "a supplier's invoice must be a payable"
        assert record.open == Money(Decimal("40.00"), "EUR"), "what we owe must be positive"

    @needs(Ability.PARTIAL_PAYMENTS)
    def test_partial_payment_lowers_what_is_open(self) -> None:
        """After a payment in part the rest is open, with its sign."""
        item = self.invoice("121.00")
        self.invoice()
        self.pull_whole()
        self.pay(item, "21.00")

        self.pull_whole()

        self.holds_truth()

    def test_paid_invoice_is_no_longer_open(self) -> None:
        """After a payment in full nothing is open; it did not become deleted or credited."""
        item = self.invoice("121.00")
        self.invoice()
        self.pull_whole()
        self.pay(item, "121.00")

        self.pull_whole()

        self.holds_truth()
        end = self.mirror.ended.get(item) or self.mirror.items[item].end or End.PAID
        assert end in {End.PAID, End.NOT_REPORTED}, f"a paid invoice ended as {end}"

    @needs(Ability.OVERPAYMENTS)
    def test_overpaid_invoice_is_never_open_with_a_plus(self) -> None:
        """Who paid too much owes nothing: settled, negative, or held as a contradiction."""
        item = self.invoice("121.00")
        self.invoice()
        self.pull_whole()
        self.world.pay(item, Decimal("150.00"))

        pulled = self.pull_whole()

        record = self.mirror.items[item]
        is_dunned = not has_ended(self.mirror, item) and item not in pulled.held
        is_owed = is_dunned and record.open.amount > 0
        assert not is_owed, f"overpaid, and still told as owing {record.open}"

    @needs(Ability.CREDIT_NOTES)
    def test_credit_note_is_negative(self) -> None:
        """A credit note that is not settled is a credit with a negative amount."""
        item = self.invoice("121.00")
        credit = self.world.credit(item, Decimal("50.00"))

        self.pull_whole()

        record = self.mirror.items.get(credit)
        assert record is not None, "the credit note was not told"
        assert record.document is Document.CREDIT, f"a credit note was told as {record.document}"
        assert record.open == Money(Decimal("-50.00"), "EUR"), f"it is open for {record.open}"
        assert record.ledger is Ledger.RECEIVABLE, "our credit note is of the receivables"

    @needs(Ability.REVERSALS)
    def test_reversed_payment_opens_the_invoice_again(self) -> None:
        """After a payment was taken back the whole amount is open again, under the same key."""
        item = self.invoice("121.00")
        self.invoice()
        self.pay(item, "121.00")
        self.pull_whole()
        self.world.reverse(item)
        self.true[item] = Money(Decimal("121.00"), "EUR")

        self.pull_whole()

        self.holds_truth()

    @needs(Ability.REVERSALS)
    def test_reversal_after_the_payment_was_seen_opens_again(self) -> None:
        """An invoice that was known as paid is open again when the payment is taken back."""
        item = self.invoice("121.00")
        self.invoice()
        self.pull_whole()
        self.pay(item, "121.00")
        self.pull_whole()
        self.world.reverse(item)
        self.true[item] = Money(Decimal("121.00"), "EUR")

        self.pull_whole()

        self.holds_truth()

    @needs(Ability.DELETES)
    def test_deleted_invoice_ends_and_counts_as_not_paid(self) -> None:
        """A row that was taken out is deleted or not reported, never paid."""
        item, *_ = self.invoices(pages=0)
        self.pull_whole()
        self.delete(item)

        self.pull_whole()

        self.holds_truth()
        assert is_deleted(self.mirror, item), "the deleted invoice ended in another way"

    @needs(Ability.BROKEN_ROWS)
    def test_unreadable_row_is_said_and_the_rest_goes_on(self) -> None:
        """One bad row is rejected with a place and a reason; all the others are told."""
        bad, *_ = self.invoices(pages=0)
        self.world.break_row(bad)

        pulled = self.pull()

        assert pulled.error is None, f"one bad row stopped the pull: {pulled.error!r}"
        assert bad not in pulled.ids, "the unreadable row was told as if it were well"
        del self.true[bad]
        self.holds_truth()
        assert pulled.rejected, "nothing says that a row could not be read"

    @needs(Ability.BROKEN_ROWS)
    def test_known_row_that_turns_unreadable_is_not_closed(self) -> None:
        """An item that was known and can't be read any more is held, not ended."""
        bad, *_ = self.invoices(pages=0)
        self.pull_whole()
        self.world.break_row(bad)

        pulled = self.pull()

        self.holds_nothing_closed()
        closes = [one.closes for one in pulled.ends if one.kind is Kind.RECEIVABLES]
        assert bad in pulled.held or closes == [False], "neither held, nor nothing may close"

    @needs(Ability.BROKEN_ROWS)
    def test_rejection_has_a_place_and_a_reason_code(self) -> None:
        """A rejection says where, and why in a code that the catalogue can put into words."""
        bad, *_ = self.invoices(pages=0)
        self.world.break_row(bad)

        for fault in self.pull().rejected:
            assert fault.where, "a rejection does not say where"
            assert _REASON.fullmatch(fault.reason), f"no reason code: {fault.reason!r}"

    def _items(self) -> Iterable[ItemRecord]:
        return self.mirror.items.values()


def _floats(value: object, place: str) -> Iterator[str]:
    """Yield the places of floats, however deep; instants and days hold none."""
    match value:
        case float():
            yield place
        case str() | bytes() | date() | datetime() | Money():
            if isinstance(value, Money):
                yield from _floats(value.amount, f"{place}.amount")
        case Mapping():
            for key, one in value.items():
                yield from _floats(one, f"{place}.{key}")
        case list() | tuple() | set() | frozenset():
            for one in value:
                yield from _floats(one, place)
        case _ if is_dataclass(value):
            for part in fields(value):
                yield from _floats(getattr(value, part.name), f"{place}.{part.name}")
        case _:
            pass
