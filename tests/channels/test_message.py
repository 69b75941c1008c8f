"""The bytes of an e-mail: the same twice, and nothing in the data can add a header."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from connector.channels.message import message_bytes
from connector.port.errors import NotDeliveredError
from tests.channels.make import letter, parcel
from tests.core.letters.make import recipient


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def message(redirect_to: str | None = None, **fields: Any) -> EmailMessage:
    return read(message_bytes(parcel(**fields), redirect_to=redirect_to))


def body(of: EmailMessage, kind: str) -> str:
    part = of.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_the_same_parcel_gives_the_same_bytes() -> None:
    full = {"pdf": b"%PDF-1.7 x", "attachments": (("F1.pdf", "application/pdf", b"%PDF-1.7 y"),)}

    assert message_bytes(parcel(**full)) == message_bytes(parcel(**full))


def test_the_headers_say_that_a_machine_wrote() -> None:
    headers = message(reply_to="debiteuren@jansen.example")

    assert headers["Message-ID"] == "<ab12cd34ef56-email@maan.jansen.example>"
    assert headers["Date"] == "Mon, 23 Nov 2026 09:30:00 +0100"
    assert headers["From"] == '"Jansen B.V." <administratie@jansen.example>'
    assert headers["To"] == "Bakkerij De Wit <info@dewit.example>"
    assert headers["Reply-To"] == "debiteuren@jansen.example"
    assert headers["Subject"] == "Herinnering factuur 2026-0312"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["Content-Language"] == "nl"


def test_text_and_page_say_the_same_and_the_code_stands_inside() -> None:
    whole = letter()

    mail = message(letter=whole)

    assert body(mail, "plain") == whole.text
    assert body(mail, "html").strip() == whole.html.strip()
    related = next(part for part in mail.walk() if part.get_content_type() == "multipart/related")
    picture = list(related.walk())[-1]
    assert picture["Content-ID"] == f"<{whole.images[0].cid}>"
    assert picture.get_content() == whole.images[0].content


def test_the_letter_goes_along_as_pdf_under_a_readable_name() -> None:
    mail = message(pdf=b"%PDF-1.7 x", attachments=(("F1.pdf", "application/pdf", b"y"),))

    attached = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert attached == {"Herinnering factuur 2026-0312.pdf": b"%PDF-1.7 x", "F1.pdf": b"y"}


def test_lines_end_as_mail_wants_and_are_short() -> None:
    content = message_bytes(parcel(pdf=b"x" * 5000))

    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


@pytest.mark.parametrize("name", ["Zoë de Wit", 'Jan "Piet" <Klaas>', "Wit, de", "Łukasz 王"])
def test_any_name_arrives_as_it_is(name: str) -> None:
    mail = message(recipient=recipient(contact=name))

    (to,) = mail["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "info@dewit.example")


def test_a_subject_in_any_letters_arrives_as_it_is() -> None:
    subject = "Herinnering: café “De Ÿ” – 3 facturen " + "é" * 80

    assert message(letter=replace(letter(), subject=subject))["Subject"] == subject


def test_a_foreign_domain_is_written_in_ascii() -> None:
    mail = message(recipient=recipient(email="info@bücher.example"))

    assert mail["To"].addresses[0].domain == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"letter": None}, "mail_without_letter"),
        ({"recipient": recipient(email=None)}, "mail_address_missing"),
        ({"recipient": recipient(email="")}, "mail_address_missing"),
        ({"recipient": recipient(email="a@b.example; c@d.example")}, "mail_address_invalid"),
        ({"recipient": recipient(email="a@b.example,c@d.example")}, "mail_address_invalid"),
        ({"recipient": recipient(email="geen adres")}, "mail_address_invalid"),
        ({"recipient": recipient(email="@b.example")}, "mail_address_invalid"),
        ({"recipient": recipient(email="a@")}, "mail_address_invalid"),
        ({"recipient": recipient(email="a@..example")}, "mail_address_invalid"),
        ({"recipient": recipient(email="a@localhost")}, "mail_address_invalid"),
        ({"recipient": recipient(email="a..b@c.example")}, "mail_address_invalid"),
        ({"recipient": recipient(email="a@b.example\r\nBcc: x@y.example")}, "mail_header_unsafe"),
        ({"recipient": recipient(contact="Jan\nBcc: x@y.example")}, "mail_header_unsafe"),
        ({"recipient": recipient(name="Jan\r\n\r\nhallo")}, "mail_header_unsafe"),
        ({"letter": replace(letter(), subject="x\r\nBcc: y@z.example")}, "mail_header_unsafe"),
        ({"letter": replace(letter(), subject="half\ud83d")}, "mail_header_unsafe"),
        ({"from_": "Jansen <geen>"}, "mail_sender_invalid"),
        ({"from_": ""}, "mail_sender_invalid"),
        ({"reply_to": "x\ny@z.example"}, "mail_header_unsafe"),
        ({"attachments": (("a\nb.pdf", "application/pdf", b""),)}, "mail_header_unsafe"),
        ({"attachments": (("a.pdf", "pdf", b""),)}, "mail_header_unsafe"),
        ({"key": "../x"}, "delivery_key_unsafe"),
        ({"key": "a b"}, "delivery_key_unsafe"),
    ],
)
def test_what_can_not_be_a_mail_is_refused_for_good(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(NotDeliveredError) as refused:
        message_bytes(parcel(**fields))

    assert (refused.value.code, refused.value.facts["permanent"]) == (code, True)


def test_a_redirected_mail_says_so_everywhere() -> None:
    mail = message(redirect_to="piet@kantoor.example")

    notice = "Dit is een proef. Dit bericht was bedoeld voor info@dewit.example."
    assert mail["To"] == "piet@kantoor.example"
    assert mail["Subject"] == "[proef voor info@dewit.example] Herinnering factuur 2026-0312"
    assert mail["X-Maan-Redirected-From"] == "info@dewit.example"
    assert body(mail, "plain").startswith(f"{notice}\n\nGeachte")
    assert f"<p><strong>{notice}</strong></p>" in body(mail, "html")


def test_a_redirected_mail_reaches_no_debtor() -> None:
    mail = message(redirect_to="piet@kantoor.example")

    reached = [str(mail[name]) for name in ("To", "Cc", "Bcc", "Reply-To") if mail[name]]
    assert reached == ["piet@kantoor.example"]
