"""E-mail over SMTP: each moment of the conversation is known, so each failure says what it means.

Until the last dot of the message has been written nothing can have been sent. Between that dot
and the server's answer nobody knows.
"""

import ipaddress
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Literal

from tenacity import (
    Retrying,
    retry_if_exception_type,
    retry_if_not_exception_type,
    stop_after_attempt,
    wait_exponential,
)

from connector.channels.base import Dispatched, Parcel, Prepared, local_day
from connector.channels.message import message_bytes, message_id, own_address, recipient_address
from connector.port.errors import DeliveryUnknownError, NotDeliveredError, SettingsError

_MEDIA: Final = "message/rfc822"
_LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_LOST: Final = (OSError, smtplib.SMTPException)  # TimeoutError and ssl.SSLError are OSErrors


def no_secret() -> None:
    """Return nothing: the server asks for no login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """The mail server. `username` and `password` are asked for when they are needed."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Callable[[], str | None] = no_secret
    password: Callable[[], str | None] = no_secret
    redirect_to: str | None = None  # every message goes here instead
    timeout: int = 30  # seconds, for each answer
    attempts: int = 3  # to reach the server; a message is offered once


class EmailChannel:
    """Sends through the office's mail server."""

    name = "email"

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        sleep: Callable[[float], None],
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Keep the settings; nothing is opened yet.

        Args:
            settings: The server.
            sleep: Waits between attempts to reach it.
            context: Which certificates count; None: those of the system.

        Raises:
            SettingsError: `mail_needs_tls`: no encryption, and not this machine.
        """
        if settings.security == "none" and not _is_this_machine(settings.host):
            raise SettingsError("mail_needs_tls", host=settings.host)
        self._settings = settings
        self._sleep = sleep
        self._context = context

    def prepare(self, parcel: Parcel) -> Prepared:
        """Return the message as it will be offered to the server."""
        return prepared_mail(parcel, redirect_to=self._settings.redirect_to)

    def send(self, prepared: Prepared) -> Dispatched:
        """Offer the message once."""
        parcel = prepared.parcel
        with self._connection() as server:
            reply = _deliver(server, prepared)
        return Dispatched(
            reference=message_id(parcel),
            on=local_day(parcel.created),
            reply=reply,
            recipient=prepared.recipient,
        )

    def find(self, key: str) -> Dispatched | None:
        """SMTP has no memory: whether an earlier message left can't be asked."""
        raise DeliveryUnknownError("mail_outcome_unknown", key=key)

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        server = self._reached()
        try:
            yield server
        finally:
            # What the server thinks of our goodbye changes nothing about the message.
            with suppress(*_LOST):
                server.quit()
            server.close()

    def _reached(self) -> smtplib.SMTP:
        settings = self._settings
        attempts = Retrying(
            stop=stop_after_attempt(settings.attempts),
            wait=wait_exponential(multiplier=1, max=10),
            retry=retry_if_exception_type(_LOST) & retry_if_not_exception_type(ssl.SSLError),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            server = attempts(self._open)
        except _LOST as error:
            raise _unreachable(error, settings.host) from error
        try:
            self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            return smtplib.SMTP_SSL(
                settings.host,
                settings.port,
                timeout=settings.timeout,
                context=self._tls(),
            )
        return smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()

    def _greet(self, server: smtplib.SMTP) -> None:
        settings = self._settings
        try:
            server.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                server.starttls(context=self._tls())
                server.ehlo()
        except smtplib.SMTPNotSupportedError as error:
            raise _failed("mail_no_starttls", reply=str(error), host=settings.host) from error
        except _LOST as error:
            raise _unreachable(error, settings.host) from error
        username, password = settings.username(), settings.password()
        if username is None or password is None:
            return
        try:
            server.login(username, password)
        except smtplib.SMTPAuthenticationError as error:
            reply = _words(error.smtp_code, error.smtp_error)
            raise _failed("mail_login_refused", reply=reply, host=settings.host) from error
        except _LOST as error:
            raise _failed("mail_login_refused", reply=str(error), host=settings.host) from error


def prepared_mail(parcel: Parcel, *, redirect_to: str | None = None) -> Prepared:
    """Return the message and the address on its envelope."""
    content = message_bytes(parcel, redirect_to=redirect_to)
    envelope = own_address(redirect_to) if redirect_to else recipient_address(parcel)
    return Prepared(
        parcel=parcel,
        media_type=_MEDIA,
        name=f"{parcel.key}.eml",
        content=content,
        recipient=envelope.addr_spec,
    )


def _deliver(server: smtplib.SMTP, prepared: Prepared) -> str:
    try:
        options = _options(server, prepared)
        _expect(server.mail(own_address(prepared.parcel.from_).addr_spec, options), 250)
        _expect(server.rcpt(prepared.recipient), 250, 251, 252)
        _expect(server.docmd("DATA"), 354)
        server.send(_LEADING_DOT.sub(b"..", prepared.content))
    except _LOST as error:
        raise _failed("mail_connection_lost", reply=str(error)) from error
    try:
        server.send(b".\r\n")
        code, reply = server.getreply()
    except _LOST as error:
        raise DeliveryUnknownError("mail_outcome_unknown", key=prepared.parcel.key) from error
    if code not in range(200, 600):
        raise DeliveryUnknownError("mail_outcome_unknown", key=prepared.parcel.key)
    _expect((code, reply), *range(200, 300))
    return _words(code, reply)


def _options(server: smtplib.SMTP, prepared: Prepared) -> list[str]:
    if prepared.content.partition(b"\r\n\r\n")[0].isascii() and prepared.recipient.isascii():
        return []
    if not server.has_extn("smtputf8"):
        raise _failed("mail_address_unsupported", reply="", permanent=True)
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    code, reply = answer
    if code in codes:
        return
    if code == -1:
        raise _failed("mail_connection_lost", reply="")
    permanent = code >= 500
    raise _failed(
        "mail_refused" if permanent else "mail_deferred",
        reply=_words(code, reply),
        permanent=permanent,
    )


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"


def _unreachable(error: Exception, host: str) -> NotDeliveredError:
    code = "mail_tls_failed" if isinstance(error, ssl.SSLError) else "mail_unreachable"
    return _failed(code, reply=str(error), host=host)


def _failed(code: str, *, reply: str, permanent: bool = False, **facts: str) -> NotDeliveredError:
    return NotDeliveredError(code, permanent=permanent, reply=reply, **facts)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
