from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from connector.core.policy.words import Word
from connector.settings import Every, Listen, Login, Mailbox, Secret


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Every, "every 2h", "every 2h"), (Every, "every 120m", "every 2h"), (Every, "every 15 m", "every 15m"),
        (Listen, "127.0.0.1:8600", "127.0.0.1:8600"), (Listen, "[::1]:0", "[::1]:0"),
        (Mailbox, "a@b.example", "a@b.example"), (Mailbox, "Jansen B.V. <a@b.example>", "Jansen B.V. <a@b.example>"),
        (Mailbox, '"Jansen, B.V." <a@b.example>', "Jansen, B.V. <a@b.example>"),
    ],
)  # fmt: skip
def test_a_word_is_said_in_one_way(kind: type[Word], text: str, said: str) -> None:
    word = kind.parse(text)

    assert str(word) == repr(word) == said
    assert word == kind.parse(text)
    assert hash(word) == hash(kind.parse(text))
    assert not word.__eq__(said)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Every, "every 0h", "every_form"), (Every, "2h", "every_form"), (Listen, "localhost", "listen_form"),
        (Listen, "a:70000", "listen_form"), (Mailbox, "Jansen", "mailbox_form"), (Mailbox, "", "mailbox_form"),
        (Mailbox, "A\nBcc: x <a@b.example>", "mailbox_form"), (Mailbox, "A <a@b.example> <c@d.example>", "mailbox_form"),
    ],
)  # fmt: skip
def test_another_form_is_refused(kind: type[Word], text: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        kind.parse(text)

    assert caught.value.type == code


def test_a_secret_hides_itself() -> None:
    assert repr(Secret("env:X", root=Path(), environ={"X": "geheim"})) == "Secret(…)"
    assert str(Login("petra", root=Path(), environ={})) == "Login(…)"
