"""The names that a text may use, in English and in Dutch, with their values."""

import re
from collections.abc import Mapping
from typing import Final

from connector.core.actions import Action, Charges
from connector.core.letters.blocks import safe_url
from connector.core.letters.fields import Creditor, LetterFacts, Recipient
from connector.core.letters.notice_terms import LAW_DAYS
from connector.core.letters.words import (
    Words,
    amount,
    article_name,
    grouped_iban,
    long_date,
    one_line,
)
from connector.core.policy.model import ChannelName, StepKind
from connector.port.money import Money

Value = str | int

DUTCH: Final[Mapping[str, str]] = {
    "salutation": "aanhef",
    "date": "datum",
    "deadline": "deadline",
    "deadline_date": "deadline_datum",
    "deadline_dutch": "deadline_nederlands",
    "this_letter": "deze_brief",
    "due": "vervaldatum",
    "days_late": "dagen_te_laat",
    "count": "aantal",
    "invoice": "factuur",
    "invoices": "facturen",
    "total": "totaal",
    "principal": "hoofdsom",
    "interest": "rente",
    "interest_through": "rente_tot",
    "interest_article": "rente_artikel",
    "costs": "kosten",
    "costs_vat": "kosten_btw",
    "costs_article": "kosten_artikel",
    "announced_costs": "aangekondigde_kosten",
    "announced_vat": "aangekondigde_btw",
    "total_after": "totaal_na_termijn",
    "reference": "kenmerk",
    "iban": "iban",
    "payment_url": "betaallink",
    "contact": "contact",
    "creditor": "onze_naam",
    "creditor_address": "ons_adres",
    "creditor_phone": "onze_telefoon",
    "creditor_email": "onze_email",
    "signature": "ondertekening",
    "debtor": "uw_naam",
    "debtor_address": "uw_adres",
    "debtor_contact": "contactpersoon",
    "debtor_number": "klantnummer",
    "agency": "incassobureau",
    "step": "stap",
}
"""English name -> Dutch name of every field; docs/letters.md explains them."""

_ARTICLE: Final = re.compile(r"\d+:\d+")

NAMES: Final = frozenset(DUTCH) | frozenset(DUTCH.values())


def letter_values(facts: LetterFacts, words: Words) -> dict[str, Value]:
    """Return every field under both its names; what is not known is an empty text.

    Texts hold no line breaks and no control characters, so no value can add a paragraph.
    """
    english: dict[str, Value] = {
        **_dates(facts, words),
        **_deadline(facts, words),
        **_claim(facts, words),
        **_charges(facts.action, words),
        **_people(facts, words),
    }
    return english | {DUTCH[name]: value for name, value in english.items()}


def principal(action: Action) -> Money:
    """Return the principal (hoofdsom): the total without the interest and costs in it."""
    return action.total - charges_of(action).claimed


def charges_of(action: Action) -> Charges:
    """Return what is claimed or announced on top of the principal, nothing when there is none."""
    nothing = Money.zero(action.currency)
    return action.charges or Charges(
        interest=nothing, costs=nothing, vat=nothing, announced=nothing, announced_vat=nothing
    )


def notice_days(action: Action) -> int:
    """Return the days of a statutory notice's term, from the day after delivery: 14 or more."""
    if action.term_days is None or action.term_business:
        return LAW_DAYS
    return max(LAW_DAYS, action.term_days)


def one_line_address(who: Creditor | Recipient) -> str:
    """Return street, postcode and town on one line; the e-mail address when they are unknown."""
    street, city = one_line(who.street), one_line(who.city)
    if not (street and city):
        return one_line(who.email)
    town = " ".join(part for part in (one_line(who.postcode), city) if part)
    return f"{street}, {town}"


def _dates(facts: LetterFacts, words: Words) -> dict[str, Value]:
    oldest = min(item.due for item in facts.action.items)
    return {
        "date": long_date(facts.on, words),
        "due": long_date(oldest, words),
        "days_late": max((facts.on - oldest).days, 0),
    }


def _deadline(facts: LetterFacts, words: Words) -> dict[str, Value]:
    by_mail = facts.action.via == (ChannelName.EMAIL,)
    this = words["this_email" if by_mail else "this_letter"]
    if facts.action.kind is StepKind.STATUTORY_NOTICE:
        days = notice_days(facts.action)
        number = words["fourteen"] if days == LAW_DAYS else str(days)
        dutch = words["notice_term_dutch_email" if by_mail else "notice_term_dutch"]
        return {
            "deadline": words["notice_term"].format(days=number, letter=this),
            "deadline_dutch": dutch.format(days=days),
            "deadline_date": "",  # a day is no part of the formula, and would make it doubtful
            "this_letter": this,
        }
    by = "" if facts.deadline is None else long_date(facts.deadline, words)
    return {
        "deadline": words["deadline"].format(date=by) if by else words["no_deadline"],
        "deadline_dutch": "",
        "deadline_date": by,
        "this_letter": this,
    }


def _charges(action: Action, words: Words) -> dict[str, Value]:
    nothing, charges = Money.zero(action.currency), charges_of(action)
    through, announced = charges.interest_through, charges.announced
    shown = {
        "interest": charges.interest,
        "costs": charges.costs,
        "costs_vat": charges.vat,
        "announced_costs": announced,
        "announced_vat": charges.announced_vat,
        "total_after": action.total + announced if announced.amount else nothing,
    }
    return {
        "principal": amount(principal(action), words),
        "interest_through": "" if through is None else long_date(through, words),
        "interest_article": article_name(charges.interest_article, words),
        "costs_article": _costs_article(action),
        **{name: amount(value, words) if value.amount else "" for name, value in shown.items()},
    }


def _costs_article(action: Action) -> str:
    """Return what the costs rest on: the article as in `art. 6:96 lid 4 BW`, else the clause."""
    found = (r.facts.get("article") for r in action.reasons if r.code == "costs_claimed")
    written = one_line(str(next(found, "")))
    return f"art. {written.replace('; ', ', ')}" if _ARTICLE.match(written) else written


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
        "creditor_address": one_line_address(creditor),
        "creditor_phone": one_line(creditor.phone),
        "creditor_email": one_line(creditor.email),
        "signature": one_line(facts.sender.signature),
        "debtor": one_line(recipient.name),
        "debtor_address": one_line_address(recipient),
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
