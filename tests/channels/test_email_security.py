"""Logging in and encryption: without what the settings ask for, nothing is sent."""

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from connector.channels.email import EmailChannel, SmtpSettings
from connector.port.errors import SettingsError
from tests.channels.make import (
    Mailbox,
    Waits,
    channel,
    login,
    mail_server,
    parcel,
    refused_by,
)


def secret(value: str | None) -> Any:
    return lambda: value


OPEN_LOGIN: dict[str, Any] = {"authenticator": login, "auth_require_tls": False}


def test_with_the_right_password_the_message_goes() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, **OPEN_LOGIN) as port:
        mail = channel(port, username=secret("petra"), password=secret("geheim"))

        mail.send(mail.prepare(parcel()))

    assert len(mailbox.taken) == 1


def test_a_wrong_password_is_said_without_telling_it() -> None:
    with mail_server(Mailbox(), **OPEN_LOGIN) as port:
        error = refused_by(channel(port, username=secret("petra"), password=secret("fout-woord")))

    assert error.code == "mail_login_refused"
    assert "fout-woord" not in str(error)


def test_a_server_without_login_refuses_ours() -> None:
    with mail_server(Mailbox()) as port:
        error = refused_by(channel(port, username=secret("petra"), password=secret("geheim")))

    assert error.code == "mail_login_refused"


def test_without_starttls_nothing_is_sent() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        error = refused_by(channel(port, security="starttls"))

    assert error.code == "mail_no_starttls"
    assert mailbox.taken == []


@pytest.mark.parametrize("host", ["mail.voorbeeld.example", "192.0.2.1"])
def test_without_encryption_only_this_machine_is_spoken_to(host: str) -> None:
    with pytest.raises(SettingsError) as refused:
        EmailChannel(SmtpSettings(host=host, port=25, security="none"), sleep=Waits())

    assert refused.value.code == "mail_needs_tls"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_this_machine_may_be_spoken_to_without_encryption(host: str) -> None:
    mail = EmailChannel(SmtpSettings(host=host, port=25, security="none"), sleep=Waits())

    assert mail.name == "email"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """An authority that nobody trusts yet, and a certificate of it for 127.0.0.1 with its key."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    folder = tmp_path_factory.mktemp("tls")
    root, own, key = folder / "root.pem", folder / "cert.pem", folder / "key.pem"
    authority.cert_pem.write_to_path(str(root))
    issued.cert_chain_pems[0].write_to_path(str(own))
    issued.private_key_pem.write_to_path(str(key))
    return root, own, key


def server_context(certificate: tuple[Path, Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[2])
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_goes_encrypted(security: str, certificate: tuple[Path, Path, Path]) -> None:
    mailbox = Mailbox()
    option = {"starttls": "tls_context", "tls": "ssl_context"}[security]
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    with mail_server(mailbox, **{option: server_context(certificate)}) as port:
        mail = EmailChannel(
            SmtpSettings(host="127.0.0.1", port=port, security=security, timeout=5),  # type: ignore[arg-type]  # both words fit
            sleep=Waits(),
            context=trusted,
        )

        mail.send(mail.prepare(parcel()))

    assert len(mailbox.taken) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_stops_the_mail(
    security: str, certificate: tuple[Path, Path, Path]
) -> None:
    mailbox, waits = Mailbox(), Waits()
    option = {"starttls": "tls_context", "tls": "ssl_context"}[security]
    with mail_server(mailbox, **{option: server_context(certificate)}) as port:
        error = refused_by(channel(port, waits, security=security))

    assert error.code == "mail_tls_failed"
    assert mailbox.taken == []
    assert waits.seconds == []
