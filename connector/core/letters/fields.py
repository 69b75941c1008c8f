"""What a letter is made from, and what it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from connector.core.actions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """The one in whose name we write. None: not known, and then not printed."""

    name: str
    street: str | None = None  # street and number in one line
    postcode: str | None = None
    city: str | None = None
    email: str | None = None
    phone: str | None = None
    iban: str | None = None
    kvk: str | None = None
    vat_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who signs, and from which mailbox."""

    from_: str  # `Jansen B.V. <administratie@jansen.example>`
    reply_to: str | None = None
    signature: str | None = None  # name of the person who signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The debtor as addressee; for a handover the agency."""

    name: str
    contact: str | None = None  # person to address
    email: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2; None or NL: domestic
    language: str | None = None  # ISO 639-1
    ref: str = ""  # number in the books


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """All that one letter speaks of; amounts and items come from the action alone."""

    creditor: Creditor
    sender: Sender
    recipient: Recipient
    action: Action
    on: date  # printed as the date of the letter
    deadline: date | None  # last day to pay, itself included
    reference: str  # what the debtor names with the payment, at most 140 characters
    payment_url: str | None = None  # https only; anything else is not shown
    agency_name: str | None = None  # who takes over, in the notice of a handover
    consumer: bool = True  # a debtor of unknown kind is treated as one
    language: str = "nl"


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineImage:
    """A picture inside the HTML, which names it as `cid:CID`."""

    cid: str
    media: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter in three forms with the same content."""

    subject: str
    text: str  # plain, lines of at most 72 characters where words allow
    html: str  # a whole page; `<!--top-->` marks where a notice of a rehearsal may stand
    data: Mapping[str, object]  # JSON-ready, for `letter.typ`
    language: str
    template: str  # name of the text it was made from
    images: tuple[InlineImage, ...] = ()
    trial_subject: str = "[{recipient}]"  # put before the subject when it goes to another address
    trial_notice: str = "{recipient}"  # stands on top then
