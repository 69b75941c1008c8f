"""What a letter may not say; one word too many costs the creditor all collection costs.

A statutory notice (veertiendagenbrief) names one term that starts after delivery, one amount to
pay now, and the costs to the cent (art. 6:96 lid 6 BW; HR 25 November 2016,
ECLI:NL:HR:2016:2704; Rb. Rotterdam ECLI:NL:RBROT:2020:5202 and ECLI:NL:RBROT:2020:9162).
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from connector.core.actions import Charges
from connector.core.letters.fields import LetterFacts
from connector.core.letters.finding import bare, squeezed
from connector.core.letters.notice_terms import LAW_DAYS, terms_in, wrong_starts_in
from connector.core.letters.reading import Day, dates_in, euros_in, sentences
from connector.core.letters.texts import Template
from connector.core.letters.values import charges_of, notice_days, principal
from connector.core.letters.words import one_line
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError

Fault = tuple[str, str]
"""Name in the table `unlawful` of the words, and the words of the letter; "" to show none."""

_COSTS: Final = re.compile(r"kosten\b|\bcosts?\b")
_COLLECTION_COSTS: Final = re.compile(
    r"\b(?:incassokosten|buitengerechtelijke kosten|collection costs)\b"
)
_DENIED: Final = re.compile(r"\b(?:geen|zonder|no|without)\b")
_COSTS_ARE: Final = re.compile(
    r"(?:kosten|costs)(?: (?:van|bedragen|zijn|worden|ad|à|of|are|amount to|will be)|:)? ?"
    r"(?:nu |dan |then )?(?=€|eur|\d[\d.,-]* ?(?:€|eur))"
)
_ASKS: Final = re.compile(
    r"\b(?:betaal|betaalt|betalen|betaling|overmaken|maak|voldoe|voldoen|pay|transfer)\b"
)
_LATER: Final = re.compile(
    r"\b(?:niet|dan|daarna|wordt|worden|anders|not|then|otherwise|will|would)\b"
)
_HURRY: Final = re.compile(
    r"\b(?:per omgaande|onmiddellijk|onverwijld|zo spoedig mogelijk|zo snel mogelijk|vandaag nog"
    r"|immediately|without delay|as soon as possible|(?<!all )at once)\b"
)
_ALL_COSTS: Final = re.compile(
    r"\balle (?:\w+ ){0,2}(?:incasso)?kosten\b|\ball (?:\w+ ){0,2}costs\b"
)
_PERCENTAGE: Final = re.compile(r"\d ?%|\b(?:procent|percent|per cent)\b")
_OTHER_RATE: Final = re.compile(r"\b(?:rente|interest|btw|vat)\b")
_COST_RATE: Final = re.compile(
    r"(?:%|\b(?:procent|percent|per cent))(?: \w+){0,3} (?:incasso)?(?:kosten|costs)\b"
)
_THREAT: Final = re.compile(
    r"\bbkr\b|\b\w*beslag(?:legging|legd|leggen)?\b|\bfaillissement\w*|\bfailliet\b|\bwerkgever\b"
    r"|\bbankruptcy\b|\bseiz(?:e|ure)\b|\bgarnish\w*|\bcredit register\b|\byour employer\b"
)
_ACCOUNT: Final = re.compile(r"\bnl\d\d ?[a-z]{4}(?: ?\d){10}\b")


def require_lawful(
    prose: tuple[str, ...], text: str, *, template: Template, facts: LetterFacts
) -> None:
    """Let the letter pass, or refuse it.

    Args:
        prose: The subject and each paragraph of running text.
        text: All that the letter says, its tables included.
        template: The text it was made from.
        facts: What it was made from.

    Raises:
        ConfigError: `letter_unlawful`, with the file and the names of what is wrong.
    """
    said = [sentence.casefold() for part in prose for sentence in sentences(_nameless(part, facts))]
    if facts.action.kind is StepKind.STATUTORY_NOTICE:
        whole = squeezed(_nameless(text, facts)).casefold()
        found = (*_notice_faults(said, whole, facts), *_threats(said))
    elif facts.consumer:
        found = (*_unclaimed_costs(said, facts), *_threats(said))
    else:
        return
    if found:
        names = template.words.unlawful
        shown = (f"{names[name]}: “{part}”" if part else names[name] for name, part in found)
        raise ConfigError("letter_unlawful", file=template.file, wrong=tuple(dict.fromkeys(shown)))


def _nameless(text: str, facts: LetterFacts) -> str:
    """Return the text without the names of people and firms, which may hold any word."""
    names = (
        facts.creditor.name, facts.recipient.name, facts.recipient.contact,
        facts.sender.signature, facts.agency_name,
    )  # fmt: skip
    bare_text = squeezed(text)
    for name in filter(None, (one_line(name) for name in names)):
        bare_text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", bare_text)
    return bare_text


def _notice_faults(said: Iterable[str], whole: str, facts: LetterFacts) -> Iterator[Fault]:
    yield from _terms(whole, facts)
    yield from _dates(whole, facts)
    for sentence in said:
        yield from _amounts(sentence, facts)
        yield from _open_ended(sentence)
    for account in _ACCOUNT.findall(whole):
        if bare(account) != bare(facts.creditor.iban or ""):
            yield "other_account", ""


def _terms(whole: str, facts: LetterFacts) -> Iterator[Fault]:
    accepted = set()
    for term in terms_in(whole):
        if term.last_day is None:
            yield "term_start", term.written
        elif term.last_day < LAW_DAYS:
            yield "term_short", term.written
        elif term.last_day > notice_days(facts.action):
            yield "term_long", term.written
        else:
            accepted.add((term.days, term.start))
    if len(accepted) > 1:
        yield "term_mixed", ""
    for written in wrong_starts_in(whole):
        yield "term_start", written


def _dates(whole: str, facts: LetterFacts) -> Iterator[Fault]:
    """Yield each day that could be read as the end of the term.

    Days that have been are history; the days of the claim itself may be named.
    """
    items = facts.action.items
    for number in (facts.reference, *(item.number for item in items)):
        if dates_in(number):
            whole = whole.replace(one_line(number).casefold(), " ")
    known = {facts.on, charges_of(facts.action).interest_through}
    known |= {day for item in items for day in (item.issued, item.due)}
    days = {(day.year, day.month, day.day) for day in known if day is not None}
    for written, day in dates_in(whole):
        if not _is_past_or_known(day, days, facts):
            yield "term_date", written


def _is_past_or_known(day: Day, known: set[tuple[int, int, int]], facts: LetterFacts) -> bool:
    if day[0] is None:
        return any(day[1:] == one[1:] for one in known)
    return day in known or (day[0], *day[1:]) < (facts.on.year, facts.on.month, facts.on.day)


def _amounts(sentence: str, facts: LetterFacts) -> Iterator[Fault]:
    costs = _costs_of(charges_of(facts.action))
    for found in _COSTS_ARE.finditer(sentence):
        for written, value in euros_in(sentence[found.end() :])[:1]:
            if value not in costs:
                yield "wrong_costs", written
    asks = _ASKS.search(sentence) and not _LATER.search(sentence)
    for written, value in euros_in(sentence):
        if value not in _known_amounts(facts):
            yield ("wrong_costs" if _COSTS.search(sentence) else "other_amount"), written
        elif asks and value != facts.action.total.amount:
            yield "second_amount", written


def _costs_of(charges: Charges) -> set[Decimal]:
    without_vat = charges.announced - charges.announced_vat
    return {one.amount for one in (charges.announced, charges.announced_vat, without_vat)}


def _known_amounts(facts: LetterFacts) -> set[Decimal]:
    action = facts.action
    known = [action.total, principal(action), *(item.open for item in action.items)]
    known += [credit.amount for credit in action.credits]
    charges = charges_of(action)
    known += [charges.interest, action.total + charges.announced]
    return {one.amount for one in known} | _costs_of(charges)


def _open_ended(sentence: str) -> Iterator[Fault]:
    hurry, all_costs = _HURRY.search(sentence), _ALL_COSTS.search(sentence)
    if hurry is not None and _ASKS.search(sentence):
        yield "term_hurry", hurry[0]
    if all_costs is not None:
        yield "all_costs", all_costs[0]
    rate = _PERCENTAGE.search(sentence)
    if rate and (_COST_RATE.search(sentence) or not _OTHER_RATE.search(sentence)):
        yield "percentage", rate[0]


def _threats(said: Iterable[str]) -> Iterator[Fault]:
    """Yield what an ordinary creditor can't do or may not threaten with."""
    for sentence in said:
        for found in _THREAT.finditer(sentence):
            yield "threat", found[0]


def _unclaimed_costs(said: Iterable[str], facts: LetterFacts) -> Iterator[Fault]:
    """Yield costs that another letter than the notice announces to a consumer."""
    if charges_of(facts.action).costs.amount > 0:
        return
    for sentence in said:
        found = _COLLECTION_COSTS.search(sentence)
        if found is not None and not _DENIED.search(sentence):
            yield "unclaimed_costs", found[0]
