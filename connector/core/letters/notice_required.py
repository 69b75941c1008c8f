"""What a statutory notice must hold on top of what every demand must (veertiendagenbrief).

Art. 6:96 lid 6 BW asks for the term and for the consequences of not paying, the amount of the
collection costs included; the rest lets the debtor check, pay and answer.
"""

import re
from collections.abc import Iterator
from typing import Final

from connector.core.actions import Charges
from connector.core.letters.fields import LetterFacts
from connector.core.letters.finding import holds, holds_date, squeezed
from connector.core.letters.notice_terms import terms_in
from connector.core.letters.values import charges_of, one_line_address, principal
from connector.core.letters.words import Words, amount

_NO_COSTS: Final = re.compile(
    r"\b(?:geen|zonder) (?:extra |buitengerechtelijke )?(?:incasso)?kosten\b"
    r"|\b(?:no|without|without any) (?:extra |additional )?(?:collection )?(?:costs|charges)\b"
)
_INTEREST_GOES_ON: Final = re.compile(r"\brente\b|\binterest\b")
_NEXT: Final = re.compile(
    r"incassobureau|deurwaarder|uit handen|overdragen|overdracht"
    r"|collection agency|bailiff|hand(?:ing)? (?:\w+ ){0,3}over"
)
_PLAN: Final = re.compile(
    r"regeling\b|in (?:één|een) keer|in termijnen|gespreid"
    r"|instal?lments|payment plan|payment arrangement|all at once"
)
_VAT_DECLARATION: Final = re.compile(
    r"btw\b.{0,40} niet (?:\w+ ){0,2}(?:verrekenen|aftrekken|terugvragen)"
    r"|(?:can ?not|can't) (?:\w+ ){0,2}(?:reclaim|recover|deduct|set off)\b.{0,40} vat\b"
    r"|vat\b.{0,40}(?:can ?not|can't) (?:be )?(?:\w+ ){0,2}(?:reclaim|recover|deduct|set off)"
)


def missing_in_notice(text: str, words: Words, facts: LetterFacts) -> Iterator[str]:
    """Yield the names of what the notice lacks, as in the table `required` of the words.

    Args:
        text: Subject and text of the letter as it would leave.
        words: The words of its language.
        facts: What it was made from.
    """
    yield from _missing_people(text, facts)
    yield from _missing_claim(text, words, facts)
    said = squeezed(text).casefold()
    if not any(term.dutch and term.last_day is not None for term in terms_in(said)):
        yield "term"
    if not _NO_COSTS.search(said):
        yield "no_costs_in_time"
    if not _NEXT.search(said):
        yield "next_step"
    if not _PLAN.search(said):
        yield "payment_plan"
    yield from _missing_costs(text, words, facts)


def _missing_people(text: str, facts: LetterFacts) -> Iterator[str]:
    if not holds(text, facts.recipient.name):
        yield "debtor"
    if not holds(text, one_line_address(facts.recipient)):
        yield "debtor_address"
    if not holds(text, facts.creditor.name):
        yield "creditor"
    if not holds(text, one_line_address(facts.creditor)):
        yield "creditor_address"


def _missing_claim(text: str, words: Words, facts: LetterFacts) -> Iterator[str]:
    items = facts.action.items
    issued = [item.issued for item in items if item.issued is not None]
    if not all(holds_date(text, day, words) for day in issued):
        yield "issued"
    if not all(holds_date(text, item.due, words) for item in items):
        yield "due"
    if not all(holds(text, amount(item.open, words)) for item in items):
        yield "open"
    if not holds(text, amount(principal(facts.action), words)):
        yield "principal"


def _missing_costs(text: str, words: Words, facts: LetterFacts) -> Iterator[str]:
    charges = charges_of(facts.action)
    if charges.announced.amount <= 0:
        yield "announced_costs"
        return
    said = squeezed(text).casefold()
    if not holds(text, amount(charges.announced, words)):
        yield "announced_costs"
    if not holds(text, amount(facts.action.total + charges.announced, words)):
        yield "total_after"
    if charges.interest.amount > 0 and not _INTEREST_GOES_ON.search(said):
        yield "interest"
    if not _declares_vat(text, said, words, charges):
        yield "vat_declaration"


def _declares_vat(text: str, said: str, words: Words, charges: Charges) -> bool:
    """Whether VAT on the costs is declared as art. 2 lid 3 of the decree on costs asks."""
    if charges.announced_vat.amount <= 0:
        return True
    stated = holds(text, amount(charges.announced_vat, words))
    return stated and _VAT_DECLARATION.search(said) is not None
