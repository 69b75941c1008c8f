"""The payment QR code (EPC069-12), which a banking app turns into a filled-in transfer."""

import io
from dataclasses import dataclass
from typing import Final

from stdnum import iban as iban_number

from connector.core.letters.fields import LetterFacts
from connector.core.letters.words import one_line

_LONGEST_NAME: Final = 70
_LONGEST_TEXT: Final = 140
_MASK: Final = 3  # every mask is valid; trying all eight takes longer than the rest of the letter


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentQr:
    """The code in the forms that a letter needs."""

    payload: str
    png: bytes  # for HTML mail
    svg: str  # for Typst


def payment_qr(facts: LetterFacts) -> PaymentQr | None:
    """Return the code for the total of the action.

    None when the scheme has no code for it: another currency than euro, nothing to pay or more
    than 999,999,999.99, no valid IBAN, a name over 70 or a reference over 140 characters.
    Source: EPC069-12 v2.1, checked 2026-11-22.
    """
    import segno  # noqa: PLC0415  # only letters with a QR code need it

    payload = epc_payload(facts)
    if payload is None:
        return None
    code = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8", mask=_MASK)
    png, svg = io.BytesIO(), io.BytesIO()
    code.save(png, kind="png", scale=4, border=4)
    code.save(svg, kind="svg", border=0, xmldecl=False, svgns=True)
    return PaymentQr(payload=payload, png=png.getvalue(), svg=svg.getvalue().decode())


def epc_payload(facts: LetterFacts) -> str | None:
    """Return the lines of the code, None when the scheme has none for these facts."""
    total, creditor = facts.action.total, facts.creditor
    name, text = one_line(creditor.name), one_line(facts.reference)
    fits = (
        total.currency == "EUR"
        and 0 < total.minor() <= 99_999_999_999
        and 0 < len(name) <= _LONGEST_NAME
        and len(text) <= _LONGEST_TEXT
    )
    if not fits or creditor.iban is None or not iban_number.is_valid(creditor.iban):
        return None
    account = iban_number.compact(creditor.iban)
    lines = ("BCD", "002", "1", "SCT", "", name, account, f"EUR{total}", "", "", text)
    return "\n".join(lines)
