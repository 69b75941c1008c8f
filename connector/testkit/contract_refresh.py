"""The contract about a refresh: the present state of items, right before something is done."""

from connector.port.records import ItemId
from connector.testkit.contract_cases import Contract, needs
from connector.testkit.mounts import Ability


class RefreshContract(Contract):
    """What a refresh must tell."""

    def test_refresh_tells_every_item_that_was_asked_for_once(self) -> None:
        """Known, unknown and malformed keys each come back in exactly one way."""
        known = self.invoices(pages=0)[:3]
        asked = [*known, ItemId(f"{known[0]}9"), ItemId("?/no key of ours")]

        told = self.refresh(asked)

        keys = [*(item.id for item in told.items), *told.gone, *told.unreadable]
        assert sorted(keys) == sorted(asked), "some key came back twice, or not at all"
        assert {item.id for item in told.items} == set(known), "only what exists has a state"

    def test_refresh_tells_the_present_amount(self) -> None:
        """A refresh speaks of now, not of the last pull."""
        item, other = self.invoice("121.00"), self.invoice("60.00")
        self.pull_whole()
        self.pay(item, "121.00")

        told = self.refresh([item, other])

        amounts = {one.id: one.open for one in told.items}
        assert amounts.get(other) == self.true[other], "an open item has another amount"
        is_settled = item in told.gone or (item in amounts and not amounts[item])
        assert is_settled, "a paid item must be settled, or gone"

    @needs(Ability.DELETES)
    def test_refresh_of_a_deleted_item_says_that_it_is_gone(self) -> None:
        """What was taken out is gone, not unreadable and not open."""
        item, *_ = self.invoices(pages=0)
        self.pull_whole()
        self.delete(item)

        told = self.refresh([item])

        assert told.gone == (item,), "the deleted item is not told as gone"
        assert told.items == (), "the deleted item has a state"

    def test_refresh_of_nothing_asks_nothing(self) -> None:
        """No key, no request."""
        self.invoice()
        before = self.world.requests()

        told = self.refresh([])

        assert not told.items, "a refresh of nothing told something"
        assert self.world.requests() == before, "a refresh of nothing sent requests"

    def test_refresh_speaks_of_a_known_instant(self) -> None:
        """`as_of` is aware and not ahead of the clock."""
        as_of = self.refresh([self.invoice()]).as_of

        if as_of is not None:
            assert as_of.tzinfo is not None, "as_of has no time zone"
            assert as_of <= self.world.tools.clock.now(), "as_of lies in the future"

    def test_closing_twice_does_no_harm(self) -> None:
        """An adapter may be let go of twice, also when it was never used."""
        adapter = self.adapter()

        adapter.close()
        adapter.close()
