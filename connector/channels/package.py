"""The channel `package`: the bookkeeping package itself writes to the debtor."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from connector.channels.base import Dispatched, Parcel, Prepared, local_day
from connector.port.adapter import Pushes, PushOrder, PushVerb
from connector.port.errors import (
    AdapterError,
    DeliveryUnknownError,
    NotDeliveredError,
    OutcomeUnknownError,
    RateLimitError,
    UnavailableError,
)
from connector.port.records import ItemId

_AWAY: Final = (UnavailableError, RateLimitError)  # nothing was done, and later it may go


@dataclass(frozen=True, slots=True)
class PackageChannel:
    """Lets the package send a reminder, and finds out afterwards whether it did.

    What is kept as the bytes that left is the order with the state before it: the package makes
    the message itself.
    """

    source: Pushes
    kept: bytes | None = None  # of a delivery that is looked up

    @property
    def name(self) -> str:
        """The channel's name in policy and ledger."""
        return "package"

    def prepare(self, parcel: Parcel) -> Prepared:
        """Look at the items in the package and return the order.

        Raises:
            NotDeliveredError: The package can't remind the debtor of them (`permanent`), or is
                away.
        """
        letter = parcel.letter
        order = PushOrder(
            key=parcel.key,
            verb=PushVerb.REMIND,
            items=parcel.items,
            on=local_day(parcel.created),
            text="" if letter is None else letter.text,
            email=parcel.recipient.email,
        )
        try:
            before = self.source.look(order)
        except AdapterError as error:
            raise _not_sent(error) from error
        return Prepared(
            parcel=parcel,
            media_type="application/json",
            name=f"{parcel.key}.json",
            content=_written(order, before),
            recipient=parcel.recipient.email or "",
        )

    def send(self, prepared: Prepared) -> Dispatched:
        """Let the package send.

        Raises:
            NotDeliveredError: It certainly did not. DeliveryUnknownError: It may have.
        """
        order = _read(prepared.content)
        try:
            reference = self.source.push(order)
        except OutcomeUnknownError as error:
            raise DeliveryUnknownError(error.code, **error.facts) from error
        except AdapterError as error:
            raise _not_sent(error) from error
        return _dispatched(order, reference)

    def find(self, key: str) -> Dispatched | None:
        """Return what is known of the delivery, None when it certainly did not leave.

        Raises:
            DeliveryUnknownError: The package can't be asked, or the order is not there.
        """
        if self.kept is None:
            raise DeliveryUnknownError("package_order_lost", key=key)
        order = _read(self.kept)
        try:
            reference = self.source.find_push(order)
        except AdapterError as error:
            raise DeliveryUnknownError(error.code, **error.facts) from error
        return None if reference is None else _dispatched(order, reference)


def text_of_order(content: bytes) -> bytes:
    """Return the words of a kept order, for those who read what the debtor was asked."""
    return _read(content).text.encode()


def _not_sent(error: AdapterError) -> NotDeliveredError:
    facts = {name: value for name, value in error.facts.items() if name != "permanent"}
    reply = str(facts.pop("reply", ""))
    permanent = not isinstance(error, _AWAY)
    return NotDeliveredError(error.code, permanent=permanent, reply=reply, **facts)


def _dispatched(order: PushOrder, reference: str) -> Dispatched:
    return Dispatched(
        reference=reference, on=order.on, reply=reference, recipient=order.email or ""
    )


def _written(order: PushOrder, before: str) -> bytes:
    found = {
        "key": order.key,
        "items": list(order.items),
        "on": order.on.isoformat(),
        "email": order.email,
        "text": order.text,
        "before": before,
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _read(content: bytes) -> PushOrder:
    found = json.loads(content)
    return PushOrder(
        key=found["key"],
        verb=PushVerb.REMIND,
        items=tuple(ItemId(one) for one in found["items"]),
        on=date.fromisoformat(found["on"]),
        text=found["text"],
        before=found["before"],
        email=found["email"],
    )
