"""The names that a text may use, in English and in Dutch, with their values."""

from collections.abc import Mapping
from typing import Final

from connector.core.letters.blocks import safe_url
from connector.core.letters.fields import LetterFacts
from connector.core.letters.words import Words, amount, grouped_iban, long_date, one_line

Value = str | int

DUTCH: Final[Mapping[str, str]] = {
    "salutation": "aanhef",
    "date": "datum",
    "deadline": "deadline",
    "deadline_date": "deadline_datum",
    "due": "vervaldatum",
    "days_late": "dagen_te_laat",
    "count": "aantal",
    "invoice": "factuur",
    "invoices": "facturen",
    "total": "totaal",
    "reference": "kenmerk",
    "iban": "iban",
    "payment_url": "betaallink",
    "contact": "contact",
    "creditor": "onze_naam",
    "creditor_phone": "onze_telefoon",
    "creditor_email": "onze_email",
    "signature": "ondertekening",
    "debtor": "uw_naam",
    "debtor_contact": "contactpersoon",
    "debtor_number": "klantnummer",
    "agency": "incassobureau",
    "step": "stap",
}
"""English name -> Dutch name of every field; docs/letters.md explains them."""

NAMES: Final = frozenset(DUTCH) | frozenset(DUTCH.values())


def letter_values(facts: LetterFacts, words: Words) -> dict[str, Value]:
    """Return every field under both its names; what is not known is an empty text.

    Texts hold no line breaks and no control characters, so no value can add a paragraph.
    """
    english = _dates(facts, words) | _claim(facts, words) | _people(facts, words)
    return english | {DUTCH[name]: value for name, value in english.items()}


def _dates(facts: LetterFacts, words: Words) -> dict[str, Value]:
    oldest = min(item.due for item in facts.action.items)
    by = "" if facts.deadline is None else long_date(facts.deadline, words)
    return {
        "date": long_date(facts.on, words),
        "deadline": words["deadline"].format(date=by) if by else words["no_deadline"],
        "deadline_date": by,
        "due": long_date(oldest, words),
        "days_late": max((facts.on - oldest).days, 0),
    }


def _claim(facts: LetterFacts, words: Words) -> dict[str, Value]:
    items = facts.action.items
    numbers = [one_line(item.number) for item in items]
    label = "invoices_one" if len(items) == 1 else "invoices_many"
    return {
        "count": len(items),
        "invoice": ", ".join(numbers),
        "invoices": words[label].format(number=numbers[0], count=len(items)),
        "total": amount(facts.action.total, words),
        "reference": one_line(facts.reference),
        "iban": grouped_iban(facts.creditor.iban or ""),
        "payment_url": safe_url(facts.payment_url) or "",
        "agency": one_line(facts.agency_name),
        "step": facts.action.step,
    }


def _people(facts: LetterFacts, words: Words) -> dict[str, Value]:
    creditor, recipient = facts.creditor, facts.recipient
    return {
        "salutation": _salutation(one_line(recipient.contact), words),
        "contact": contact_phrase(facts, words),
        "creditor": one_line(creditor.name),
        "creditor_phone": one_line(creditor.phone),
        "creditor_email": one_line(creditor.email),
        "signature": one_line(facts.sender.signature),
        "debtor": one_line(recipient.name),
        "debtor_contact": one_line(recipient.contact),
        "debtor_number": one_line(recipient.ref),
    }


def _salutation(contact: str, words: Words) -> str:
    return words["salutation_contact"].format(contact=contact) if contact else words["salutation"]


def contact_phrase(facts: LetterFacts, words: Words) -> str:
    """Return how to reach the creditor, as in `bel 030-1234567 of mail naar info@…`."""
    phone, email = one_line(facts.creditor.phone), one_line(facts.creditor.email)
    if phone and email:
        return words["contact_both"].format(phone=phone, email=email)
    if phone:
        return words["contact_phone"].format(phone=phone)
    return words["contact_email"].format(email=email) if email else ""
