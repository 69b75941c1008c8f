"""What every letter must hold: without it a debtor can't check, pay, ask or object."""

import re
from collections.abc import Iterator

from connector.core.letters.fields import LetterFacts
from connector.core.letters.texts import Template
from connector.core.letters.words import Words, amount, one_line
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError


def require_complete(text: str, template: Template, facts: LetterFacts) -> None:
    """Let the letter pass, or refuse it.

    A demand holds every invoice number, the total, the account, the reference, a telephone
    number or e-mail address, and how to object. The notice of a handover holds the agency
    instead of the account.

    Raises:
        ConfigError: `letter_incomplete`, with the file and the names of what is missing.
    """
    missing = tuple(_missing(text, template.words, facts))
    if missing:
        raise ConfigError(
            "letter_incomplete",
            file=template.file,
            missing=tuple(template.words.required[name] for name in missing),
        )


def _missing(text: str, words: Words, facts: LetterFacts) -> Iterator[str]:
    found, creditor = _bare(text), facts.creditor
    if not all(_names(text, item.number) for item in facts.action.items):
        yield "invoice_numbers"
    if _bare(amount(facts.action.total, words)) not in found:
        yield "total"
    if facts.action.kind is StepKind.HAND_OVER:
        if not _holds(found, facts.agency_name):
            yield "agency"
    elif not _holds(found, creditor.iban):
        yield "iban"
    if not _names(text, facts.reference):
        yield "reference"
    if not (_holds(found, creditor.phone) or _holds(found, creditor.email)):
        yield "contact"
    if not any(_bare(word) in found for word in words.dispute):
        yield "dispute"


def _holds(found: str, value: str | None) -> bool:
    bare = _bare(one_line(value))
    return bool(bare) and bare in found


def _names(text: str, value: str) -> bool:
    sought = re.escape(one_line(value))
    return bool(sought) and bool(re.search(rf"(?<!\w){sought}(?!\w)", " ".join(text.split())))


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
