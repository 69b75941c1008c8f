"""What every letter must hold: without it a debtor can't check, pay, ask or object."""

from collections.abc import Iterator

from connector.core.letters.fields import LetterFacts
from connector.core.letters.finding import bare, holds, holds_date, names
from connector.core.letters.notice_required import missing_in_notice
from connector.core.letters.texts import Template
from connector.core.letters.words import Words, amount
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError


def require_complete(text: str, template: Template, facts: LetterFacts) -> None:
    """Let the letter pass, or refuse it.

    A demand holds every invoice number, the total, the account, the reference, a telephone
    number or e-mail address, and how to object. The notice of a handover holds the agency
    instead of the account, a default notice the last day of its term (art. 6:82 BW), and a
    statutory notice what `missing_in_notice` lists.

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
    yield from _missing_anywhere(text, words, facts)
    kind, deadline = facts.action.kind, facts.deadline
    if kind is StepKind.STATUTORY_NOTICE:
        yield from missing_in_notice(text, words, facts)
    if kind is StepKind.DEFAULT_NOTICE and not (deadline and holds_date(text, deadline, words)):
        yield "deadline"


def _missing_anywhere(text: str, words: Words, facts: LetterFacts) -> Iterator[str]:
    creditor = facts.creditor
    if not all(names(text, item.number) for item in facts.action.items):
        yield "invoice_numbers"
    if not holds(text, amount(facts.action.total, words)):
        yield "total"
    if facts.action.kind is StepKind.HAND_OVER:
        if not holds(text, facts.agency_name):
            yield "agency"
    elif not holds(text, creditor.iban):
        yield "iban"
    if not names(text, facts.reference):
        yield "reference"
    if not (holds(text, creditor.phone) or holds(text, creditor.email)):
        yield "contact"
    if not any(bare(word) in bare(text) for word in words.dispute):
        yield "dispute"
