"""What every channel takes and gives; the ledger is written between `prepare` and `send`.

`prepare` yields the exact bytes that will leave. The flow stores them, commits *sending*, and
only then calls `send`. After a crash `find` tells whether the message left.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from connector.core.letters.fields import Letter, Recipient
from connector.port.errors import NotDeliveredError
from connector.port.records import ItemId

Attachment = tuple[str, str, bytes]
"""File name, media type, content."""

_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One delivery of one action, ready to be packed by a channel."""

    key: str  # idempotency key: the action's id and the channel; letters, digits, `.`, `_`, `-`
    administration: str
    action: str
    recipient: Recipient
    letter: Letter | None  # None: a delivery of files alone, as a dossier to an agency
    pdf: bytes | None
    created: datetime  # aware; the Date of the mail, the day of the post
    attachments: tuple[Attachment, ...] = ()
    items: tuple[ItemId, ...] = ()  # that the message asks for
    from_: str = ""
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The bytes that will leave, and where to."""

    parcel: Parcel
    media_type: str
    name: str  # file name to keep it under
    content: bytes
    recipient: str  # address that it will go to


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """What is known of a message that left."""

    reference: str  # Message-ID, or path below the channel's folder
    on: date  # day of dispatch; post: the next collection day
    reply: str  # the channel's own words
    recipient: str  # where it really went


class Channel(Protocol):
    """A way out of the house. Raises only DeliveryError."""

    @property
    def name(self) -> str:
        """The channel's name in policy and ledger."""
        ...

    def prepare(self, parcel: Parcel) -> Prepared:
        """Return the exact bytes; the same parcel gives the same bytes.

        Raises:
            NotDeliveredError: The parcel can't go this way (`permanent=True`).
        """
        ...

    def send(self, prepared: Prepared) -> Dispatched:
        """Let the message leave.

        Raises:
            NotDeliveredError: Certainly not sent; `permanent` tells whether trying again is
                of no use, `reply` holds the other side's words.
            DeliveryUnknownError: May have been sent.
        """
        ...

    def find(self, key: str) -> Dispatched | None:
        """Return what is known of the delivery, None when it certainly did not leave.

        Raises:
            DeliveryUnknownError: The channel can't tell.
        """
        ...


def local_day(created: datetime) -> date:
    """Return the calendar day in Amsterdam of an aware instant."""
    return created.astimezone(_ZONE).date()


def local_time(created: datetime) -> datetime:
    """Return the aware instant as a clock in Amsterdam shows it."""
    return created.astimezone(_ZONE)


def checked_key(key: str) -> str:
    """Return the key when it can be a file name and part of a Message-ID.

    Raises:
        NotDeliveredError: `delivery_key_unsafe`.
    """
    if _KEY.fullmatch(key) is None:
        raise NotDeliveredError("delivery_key_unsafe", permanent=True, reply="", found=key)
    return key
