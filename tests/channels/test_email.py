"""Each moment of the conversation with a mail server, and what a failure there means."""

from dataclasses import replace
from datetime import date

import pytest

from connector.port.errors import DeliveryUnknownError
from tests.channels.make import (
    Line,
    Mailbox,
    Script,
    Waits,
    channel,
    free_port,
    mail_server,
    parcel,
    refused_by,
    scripted_server,
)
from tests.core.letters.make import recipient


def test_a_message_arrives_as_prepared() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        mail = channel(port)
        prepared = mail.prepare(parcel())

        sent = mail.send(prepared)

    (taken,) = mailbox.taken
    assert taken.original_content == prepared.content
    assert (taken.mail_from, taken.rcpt_tos) == (
        "administratie@jansen.example",
        ["info@dewit.example"],
    )
    assert sent.reference == "<ab12cd34ef56-email@maan.jansen.example>"
    assert (sent.on, sent.reply, sent.recipient) == (
        date(2026, 11, 23),
        "250 taken as 42",
        "info@dewit.example",
    )


def test_a_line_that_starts_with_a_dot_arrives_whole() -> None:
    mailbox = Mailbox()
    base = parcel()
    assert base.letter is not None
    dotted = replace(base, letter=replace(base.letter, text=".\n..x\nna"))
    with mail_server(mailbox) as port:
        mail = channel(port)
        prepared = mail.prepare(dotted)

        mail.send(prepared)

    assert mailbox.taken[0].original_content == prepared.content


def test_a_refused_address_is_a_bounce_with_the_servers_words() -> None:
    with mail_server(Mailbox(rcpt="550 5.1.1 no such user")) as port:
        error = refused_by(channel(port))

    assert error.code == "mail_refused"
    assert error.facts == {"permanent": True, "reply": "550 5.1.1 no such user"}


def test_greylisting_is_not_for_ever() -> None:
    with mail_server(Mailbox(rcpt="451 4.7.1 try again later")) as port:
        error = refused_by(channel(port))

    assert error.code == "mail_deferred"
    assert error.facts == {"permanent": False, "reply": "451 4.7.1 try again later"}


@pytest.mark.parametrize(
    ("reply", "code", "permanent"),
    [("554 spam", "mail_refused", True), ("452 full", "mail_deferred", False)],
)
def test_a_refused_message_was_certainly_not_sent(
    reply: str, code: str, *, permanent: bool
) -> None:
    with mail_server(Mailbox(data=reply)) as port:
        error = refused_by(channel(port))

    assert (error.code, error.facts["permanent"]) == (code, permanent)


def drops_after_data(line: Line) -> None:
    line.greet()
    line.take_envelope()
    line.take_message()


def hangs_after_data(line: Line) -> None:
    drops_after_data(line)
    line.wait_until_closed()


def babbles_after_data(line: Line) -> None:
    drops_after_data(line)
    line.say("eh?")


def endless_answer(line: Line) -> None:
    drops_after_data(line)
    line.say("250 " + "x" * 9000)


@pytest.mark.parametrize(
    "script", [drops_after_data, hangs_after_data, babbles_after_data, endless_answer]
)
def test_after_the_last_dot_nobody_knows(script: Script) -> None:
    with scripted_server(script) as port:
        mail = channel(port, timeout=1)

        with pytest.raises(DeliveryUnknownError) as unknown:
            mail.send(mail.prepare(parcel()))

    assert unknown.value.code == "mail_outcome_unknown"


def drops_at_mail(line: Line) -> None:
    line.greet()
    line.hear()


def drops_at_data(line: Line) -> None:
    line.greet()
    for _ in range(2):
        line.hear()
        line.say("250 OK")
    line.hear()


def babbles_at_mail(line: Line) -> None:
    line.greet()
    line.hear()
    line.say("eh?")


def refuses_data(line: Line) -> None:
    line.greet()
    for answer in ("250 OK", "250 OK", "421 closing"):
        line.hear()
        line.say(answer)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (drops_at_mail, "mail_connection_lost"),
        (drops_at_data, "mail_connection_lost"),
        (babbles_at_mail, "mail_connection_lost"),
        (refuses_data, "mail_deferred"),
    ],
)
def test_before_the_last_dot_nothing_was_sent(script: Script, code: str) -> None:
    with scripted_server(script) as port:
        error = refused_by(channel(port, timeout=1))

    assert (error.code, error.facts["permanent"]) == (code, False)


def test_a_server_that_never_greets_is_unreachable() -> None:
    with scripted_server(Line.wait_until_closed) as port:
        error = refused_by(channel(port, timeout=1, attempts=1))

    assert error.code == "mail_unreachable"


def test_only_the_connection_is_tried_again() -> None:
    waits, mailbox = Waits(), Mailbox()
    port = free_port()

    error = refused_by(channel(port, waits, attempts=3))

    assert (error.code, error.facts["host"]) == ("mail_unreachable", "127.0.0.1")
    assert len(waits.seconds) == 2
    assert mailbox.taken == []


def busy(line: Line) -> None:
    line.say("421 too many connections")


def test_a_busy_server_is_tried_again() -> None:
    def takes(line: Line) -> None:
        drops_after_data(line)
        line.say("250 OK")
        line.hear()
        line.say("221 bye")

    waits = Waits()
    with scripted_server(busy, takes) as port:
        mail = channel(port, waits)

        sent = mail.send(mail.prepare(parcel()))

    assert sent.reply == "250 OK"
    assert len(waits.seconds) == 1


def test_a_message_is_offered_only_once() -> None:
    waits = Waits()
    with scripted_server(drops_after_data, drops_after_data) as port:
        mail = channel(port, waits)

        with pytest.raises(DeliveryUnknownError):
            mail.send(mail.prepare(parcel()))

    assert waits.seconds == []


def test_a_server_that_drops_at_the_greeting_is_unreachable() -> None:
    def drops(line: Line) -> None:
        line.say("220 hallo")
        line.hear()

    with scripted_server(drops) as port:
        error = refused_by(channel(port))

    assert error.code == "mail_unreachable"


def test_an_address_in_other_letters_goes_where_the_server_can() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, enable_SMTPUTF8=True) as port:
        mail = channel(port)

        mail.send(mail.prepare(parcel(recipient=recipient(email="josé@bücher.example"))))

    assert mailbox.taken[0].rcpt_tos == ["josé@xn--bcher-kva.example"]


def test_an_address_in_other_letters_is_refused_where_the_server_can_not() -> None:
    with mail_server(Mailbox(), enable_SMTPUTF8=False) as port:
        error = refused_by(channel(port), recipient=recipient(email="josé@bücher.example"))

    assert (error.code, error.facts["permanent"]) == ("mail_address_unsupported", True)


def test_every_mail_goes_to_the_bookkeeper_while_redirected() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        mail = channel(port, redirect_to="Piet <piet@kantoor.example>")

        sent = mail.send(mail.prepare(parcel()))

    assert mailbox.taken[0].rcpt_tos == ["piet@kantoor.example"]
    assert sent.recipient == "piet@kantoor.example"


def test_mail_can_not_be_asked_whether_it_left() -> None:
    with pytest.raises(DeliveryUnknownError):
        channel(free_port()).find("ab12cd34ef56-email")
