"""The package as a channel: what it is asked, and what its answers mean."""

from datetime import date

import pytest

from connector.channels.package import PackageChannel
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import (
    AdapterError,
    DeliveryUnknownError,
    NotDeliveredError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import ItemId
from tests.channels.make import parcel


class Package:
    """Does what it is asked, or raises."""

    verbs = frozenset({PushVerb.REMIND})

    def __init__(self, trouble: AdapterError | None = None, found: str | None = None) -> None:
        self.trouble = trouble
        self.found = found
        self.orders: list[PushOrder] = []

    def look(self, order: PushOrder) -> str:
        return self._answer(order, "before")

    def push(self, order: PushOrder) -> str:
        return self._answer(order, "reminder:2")

    def find_push(self, order: PushOrder) -> str | None:
        self._answer(order, "")
        return self.found

    def _answer(self, order: PushOrder, text: str) -> str:
        self.orders.append(order)
        if self.trouble is not None:
            raise self.trouble
        return text


PARCEL = parcel(key="abc-package", items=(ItemId("R/1"), ItemId("R/2")))


def test_the_order_names_the_items_and_the_state_before() -> None:
    package = Package()
    channel = PackageChannel(package)

    channel.send(channel.prepare(PARCEL))

    order = package.orders[-1]
    assert (order.key, order.items, order.before) == ("abc-package", PARCEL.items, "before")
    assert order.email == PARCEL.recipient.email


def test_what_is_known_of_it_is_the_packages_own_word() -> None:
    channel = PackageChannel(Package())

    sent = channel.send(channel.prepare(PARCEL))

    assert (sent.reply, sent.on) == ("reminder:2", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("trouble", "permanent"),
    [
        (RefusedError("moneybird.not_remindable", number="F1"), True),
        (UnavailableError("wire_unavailable"), False),
        (RateLimitError("budget_spent", after=60), False),
    ],
)
def test_what_was_certainly_not_sent_may_be_tried_again_when_the_package_was_away(
    trouble: AdapterError, permanent: bool
) -> None:
    channel = PackageChannel(Package())
    prepared = channel.prepare(PARCEL)
    channel = PackageChannel(Package(trouble))

    with pytest.raises(NotDeliveredError) as raised:
        channel.send(prepared)

    assert (raised.value.code, raised.value.facts["permanent"]) == (trouble.code, permanent)


def test_an_outcome_that_is_not_known_stays_unknown() -> None:
    prepared = PackageChannel(Package()).prepare(PARCEL)
    channel = PackageChannel(Package(OutcomeUnknownError("wire_outcome_unknown")))

    with pytest.raises(DeliveryUnknownError):
        channel.send(prepared)


@pytest.mark.parametrize("found", ["reminder:2", None])
def test_a_lost_delivery_is_looked_up_by_its_own_order(found: str | None) -> None:
    prepared = PackageChannel(Package()).prepare(PARCEL)
    package = Package(found=found)

    sent = PackageChannel(package, prepared.content).find("abc-package")

    assert (sent and sent.reference, package.orders[0].before) == (found, "before")


@pytest.mark.parametrize("trouble", [None, UnavailableError("wire_unavailable")])
def test_a_package_that_can_not_be_asked_leaves_it_unknown(trouble: AdapterError | None) -> None:
    kept = PackageChannel(Package()).prepare(PARCEL).content if trouble else None
    channel = PackageChannel(Package(trouble), kept)

    with pytest.raises(DeliveryUnknownError):
        channel.find("abc-package")
