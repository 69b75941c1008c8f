"""A parcel becomes the bytes of an e-mail; the same parcel gives the same bytes."""

import hashlib
import re
import unicodedata
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Final

from connector.channels.base import Parcel, checked_key, local_time
from connector.core.letters.fields import Letter
from connector.port.errors import NotDeliveredError

_TOP: Final = "<!--top-->"
_NO_MAILBOX: Final = re.compile(r"[\s()<>\[\]:;@\\,\"]|^\.|\.$|\.\.")
_NO_FILE_NAME: Final = re.compile(r"[^\w .-]")


def message_bytes(parcel: Parcel, *, redirect_to: str | None = None) -> bytes:
    """Return the whole message with CRLF line ends.

    Plain text and HTML say the same; pictures of the HTML stand inside, the letter as PDF and
    the attachments behind.

    Args:
        parcel: What to send; it must hold a letter.
        redirect_to: Send it here instead, and say so in subject, header and text.

    Raises:
        NotDeliveredError: `mail_address_missing`, `mail_address_invalid`, `mail_header_unsafe`,
            `mail_without_letter`; all permanent.
    """
    letter = parcel.letter
    if letter is None:
        raise refusal("mail_without_letter")
    meant_for = recipient_address(parcel)
    to = own_address(redirect_to) if redirect_to else meant_for
    policy = SMTP if to.addr_spec.isascii() and meant_for.addr_spec.isascii() else SMTPUTF8
    message = EmailMessage(policy=policy.clone(max_line_length=76))
    try:
        _set_headers(message, parcel, letter, to=to)
        if redirect_to:
            _mark_redirected(message, letter, meant_for)
        _set_body(message, parcel, letter, rehearsed_for=meant_for if redirect_to else None)
    except (ValueError, MessageError) as error:
        raise refusal("mail_header_unsafe") from error
    _fix_boundaries(message, parcel.key)
    message["Content-Language"] = letter.language
    return message.as_bytes()


def recipient_address(parcel: Parcel) -> Address:
    """Return the debtor's address with the name, fit for a header.

    Raises:
        NotDeliveredError: `mail_address_missing`, `mail_address_invalid` (also when the books
            hold two addresses in one field), `mail_header_unsafe`.
    """
    recipient = parcel.recipient
    if not recipient.email:
        raise refusal("mail_address_missing")
    name = recipient.contact or recipient.name
    return _address(recipient.email.strip(), name, code="mail_address_invalid")


def own_address(mailbox: str) -> Address:
    """Return a mailbox of the office, `a@b.nl` or `Name <a@b.nl>`.

    Raises:
        NotDeliveredError: `mail_sender_invalid` or `mail_header_unsafe`.
    """
    name, found = parseaddr(checked(mailbox))
    return _address(found, name, code="mail_sender_invalid")


def _address(found: str, name: str, *, code: str) -> Address:
    checked(found)
    local, _, domain = found.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        if "." not in domain or _NO_MAILBOX.search(local or " ") or _NO_MAILBOX.search(domain):
            raise refusal(code)
        return Address(checked(name), username=local, domain=domain)
    except (ValueError, MessageError, IndexError) as error:
        raise refusal(code) from error


def checked(text: str) -> str:
    """Return a text for a header, or refuse it when it could start another one.

    Raises:
        NotDeliveredError: `mail_header_unsafe`.
    """
    if any(unicodedata.category(mark) in {"Cc", "Cs", "Zl", "Zp"} for mark in text):
        raise refusal("mail_header_unsafe")
    return text


def refusal(code: str) -> NotDeliveredError:
    """Return the error of a message that can't be sent, now or later."""
    return NotDeliveredError(code, permanent=True, reply="")


def message_id(parcel: Parcel) -> str:
    """Return the Message-ID, made from the key: a second sending would have the same."""
    return f"<{checked_key(parcel.key)}@maan.{own_address(parcel.from_).domain}>"


def _set_headers(message: EmailMessage, parcel: Parcel, letter: Letter, *, to: Address) -> None:
    message["Message-ID"] = message_id(parcel)
    message["Date"] = format_datetime(local_time(parcel.created))
    message["From"] = own_address(parcel.from_)
    message["To"] = to
    if parcel.reply_to:
        message["Reply-To"] = own_address(parcel.reply_to)
    message["Subject"] = checked(letter.subject)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"


def _mark_redirected(message: EmailMessage, letter: Letter, meant_for: Address) -> None:
    prefix = letter.trial_subject.format(recipient=meant_for.addr_spec)
    message.replace_header("Subject", f"{prefix} {letter.subject}")
    message["X-Maan-Redirected-From"] = meant_for.addr_spec


def _set_body(
    message: EmailMessage,
    parcel: Parcel,
    letter: Letter,
    *,
    rehearsed_for: Address | None,
) -> None:
    text, page = letter.text, letter.html
    if rehearsed_for is not None:
        notice = letter.trial_notice.format(recipient=rehearsed_for.addr_spec)
        text = f"{notice}\n\n{text}"
        page = page.replace(_TOP, f"<p><strong>{escape(notice)}</strong></p>", 1)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    _, html_part = message.iter_parts()
    assert isinstance(html_part, EmailMessage)
    for image in letter.images:
        main, sub = image.media.split("/")
        html_part.add_related(image.content, main, sub, cid=f"<{image.cid}>", disposition="inline")
    for name, media, content in _files(parcel, letter):
        main, sub = media.split("/")
        message.add_attachment(content, main, sub, filename=checked(name))


def _files(parcel: Parcel, letter: Letter) -> tuple[tuple[str, str, bytes], ...]:
    if parcel.pdf is None:
        return parcel.attachments
    name = _NO_FILE_NAME.sub("", letter.subject)[:80].strip()
    return ((f"{name}.pdf", "application/pdf", parcel.pdf), *parcel.attachments)


def _fix_boundaries(message: EmailMessage, key: str) -> None:
    parts = [part for part in message.walk() if part.is_multipart()]
    for at, part in enumerate(parts):
        part.set_boundary(f"maan-{hashlib.sha256(f'{key}/{at}'.encode()).hexdigest()[:32]}")
