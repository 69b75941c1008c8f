"""The payment QR code asks for exactly the total, or is not there."""

from typing import Any

import pytest

from connector.core.letters.qr import epc_payload, payment_qr
from connector.port.money import Money
from tests.core.letters.make import creditor, letter_facts
from tests.make import euro, planned


def test_the_code_holds_the_lines_of_the_scheme() -> None:
    payload = epc_payload(letter_facts())

    assert payload is not None
    assert payload.split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        "Jansen B.V.",
        "NL91ABNA0417164300",
        "EUR121.00",
        "",
        "",
        "10023/2026-0312",
    ]


def test_the_code_comes_as_picture_for_mail_and_for_print() -> None:
    code = payment_qr(letter_facts())

    assert code is not None
    assert code.png.startswith(b"\x89PNG")
    assert code.svg.startswith("<svg")


@pytest.mark.parametrize(
    "fields",
    [
        {"creditor": creditor(iban=None)},
        {"creditor": creditor(iban="NL00ABNA0417164300")},
        {"creditor": creditor(name="x" * 71)},
        {"creditor": creditor(name="")},
        {"reference": "x" * 141},
        {"of_action": {"total": euro("0.00")}},
        {"of_action": {"total": euro("1000000000.00")}},
        {"of_action": {"total": Money(euro("121.00").amount, "GBP"), "currency": "GBP"}},
    ],
)
def test_what_the_scheme_can_not_hold_gets_no_code(fields: dict[str, Any]) -> None:
    assert payment_qr(letter_facts(planned(), **fields)) is None
