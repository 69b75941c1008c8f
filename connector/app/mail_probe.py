"""Whether a mail server answers, encrypts and lets us in; no message is sent."""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Final, Literal

_TIMEOUT_SECONDS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFault:
    """What is wrong: a code of the catalogue and the server's or the system's own words."""

    code: str
    reason: str


def probe(
    host: str,
    port: int,
    *,
    security: Literal["starttls", "tls", "none"],
    login: tuple[str, str] | None,
) -> MailFault | None:
    """Greet the server as a mail would, and return what is wrong; None when nothing is."""
    try:
        with _connect(host, port, security=security) as server:
            server.ehlo()
            if security == "starttls":
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if login is not None:
                server.login(*login)
            server.noop()
    except smtplib.SMTPAuthenticationError as error:
        return MailFault(code="doctor_mail_login_refused", reason=str(error.smtp_code))
    except smtplib.SMTPNotSupportedError as error:
        return MailFault(code="mail_not_offered", reason=str(error))
    except ssl.SSLError as error:
        return MailFault(code="mail_not_encrypted", reason=error.reason or type(error).__name__)
    except (smtplib.SMTPException, OSError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return MailFault(code="doctor_mail_unreachable", reason=reason)
    return None


def _connect(host: str, port: int, *, security: str) -> smtplib.SMTP:
    if security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
