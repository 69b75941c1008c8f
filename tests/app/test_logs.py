"""The log tells what happened, never a secret, a bank account or a person."""

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.app.logs import REDACTED, open_log, redact


def _logged(**facts: object) -> dict[str, object]:
    stream = io.StringIO()
    with open_log(stream) as log:
        log.info("happened", **facts)
    found: dict[str, object] = json.loads(stream.getvalue())
    return found


@pytest.mark.parametrize(
    "key",
    ["password", "smtp_password", "token", "refresh_token", "client_secret", "Authorization",
     "api_key", "name", "debtor", "email", "recipient", "street", "city", "phone"],
)  # fmt: skip
def test_what_a_key_calls_secret_or_personal_is_left_out(key: str) -> None:
    assert _logged(**{key: "Petra Jansen"})[key] == REDACTED


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("to NL91ABNA0417164300 today", f"to {REDACTED} today"),
        ("to NL91 ABNA 0417 1643 00 today", f"to {REDACTED} today"),
        ("to BE71 0961 2345 6769.", f"to {REDACTED}."),
        ("mail jan.de-wit+1@post.example.nl bounced", f"mail {REDACTED} bounced"),
        ("header Bearer abc.DEF-123_x", f"header {REDACTED}"),
        ("postgresql://maan:s3cret@db/maan", f"postgresql://{REDACTED}@db/maan"),
        (
            "GET https://x.example/?access_token=abc&page=2",
            f"GET https://x.example/?{REDACTED}&page=2",
        ),
        ("action ab12cd34ef56 sent", "action ab12cd34ef56 sent"),
        ("to NO93 8601 1117 947 today", f"to {REDACTED} today"),
        ("invoice F2026-0312 of 2026-11-23", "invoice F2026-0312 of 2026-11-23"),
    ],
)
def test_what_looks_secret_or_personal_is_left_out_of_texts(text: str, left: str) -> None:
    assert _logged(said=text)["said"] == left
    assert _logged(deep={"list": [{"said": text}]})["deep"] == {"list": [{"said": left}]}


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4), st.integers(0, 99))
def test_no_dutch_iban_is_ever_printed(bank: str, check: int) -> None:
    iban = f"NL{check:02d}{bank}0417164300"

    assert iban not in str(redact(None, "info", {"event": iban, "said": f"x{chr(10)}{iban}, y"}))


def test_an_exception_is_redacted_too() -> None:
    stream = io.StringIO()
    with open_log(stream) as log:
        log.warning("failed", exc_info=ValueError("NL91ABNA0417164300"))

    assert "NL91" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_libraries_log_in_the_same_form_and_are_let_go_afterwards() -> None:
    stream = io.StringIO()
    before = list(logging.getLogger().handlers)

    with open_log(stream):
        logging.getLogger("some.library").warning("for %s", "jan@example.nl")
    logging.getLogger("some.library").warning("after")

    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == f"for {REDACTED}"
    assert logging.getLogger().handlers == before


def test_a_terminal_gets_lines_for_people_and_only_what_matters() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with open_log(stream) as log:
        log.info("quiet")
        log.warning("loud", password="x")

    assert "quiet" not in stream.getvalue()
    assert "loud" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
