"""The parts of a letter, made once from the facts and shown in three forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connector.core.actions import Action, Charges
from connector.core.letters.fields import LetterFacts
from connector.core.letters.qr import PaymentQr, payment_qr
from connector.core.letters.words import (
    Words,
    amount,
    article_name,
    grouped_iban,
    interest_kind,
    long_date,
    one_line,
    short_date,
)
from connector.core.policy.model import StepKind
from connector.port.errors import RequestError
from connector.port.money import Money

Pair = tuple[str, str]
"""A label and its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; line breaks are those of the template."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTable:
    """What is asked: items, what was set off against them, charges, and the sum of just these."""

    head: tuple[str, ...]  # number, issued, due, open
    rows: tuple[tuple[str, ...], ...]
    credits: tuple[Pair, ...]  # amounts with a minus
    charges: tuple[Pair, ...]  # interest, costs, VAT on them; one without amount heads the next
    total: Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoOpenTable:
    """Other open items, outside the total."""

    title: str
    head: tuple[str, ...]  # number, due, open
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How to pay; the QR code asks for exactly the total."""

    rows: tuple[Pair, ...]
    url: Pair | None
    qr: PaymentQr | None
    qr_caption: str
    qr_alt: str


Block = Paragraph | ItemTable | AlsoOpenTable | Payment


def item_table(facts: LetterFacts, words: Words) -> ItemTable:
    """Return the table of what is asked.

    Raises:
        RequestError: `letter_total_differs`: the total of the action is not the sum of the
            amounts that the letter would print above it.
    """
    action = facts.action
    _require_sum(facts)
    return ItemTable(
        head=tuple(words[f"column_{name}"] for name in ("number", "issued", "due", "open")),
        rows=tuple(
            (
                one_line(item.number),
                short_date(item.issued, words),
                short_date(item.due, words),
                amount(item.open, words),
            )
            for item in action.items
        ),
        credits=tuple(
            (_credit_label(credit.number, credit.against, words), amount(-credit.amount, words))
            for credit in action.credits
        ),
        charges=tuple(_charges(action, words)),
        total=(words["total"], amount(action.total, words)),
    )


def also_open_table(facts: LetterFacts, words: Words) -> AlsoOpenTable | None:
    """Return the table of other open items, None when there are none."""
    if not facts.action.also_open:
        return None
    return AlsoOpenTable(
        title=words["also_open"],
        head=tuple(words[f"column_{name}"] for name in ("number", "due", "open")),
        rows=tuple(
            (one_line(item.number), short_date(item.due, words), amount(item.open, words))
            for item in facts.action.also_open
        ),
    )


def payment(facts: LetterFacts, words: Words) -> Payment:
    """Return how to pay: amount, last day, account, name, reference, link and QR code.

    Before the due date no day is named here: each item has its own in the table. Neither does a
    statutory notice name one: its term runs from a delivery that nobody knows yet.
    """
    creditor, url = facts.creditor, safe_url(facts.payment_url)
    rows = [(words["pay_amount"], amount(facts.action.total, words))]
    action = facts.action
    by_day = not action.before_due and action.kind is not StepKind.STATUTORY_NOTICE
    if facts.deadline is not None and by_day:
        rows.append((words["pay_through"], long_date(facts.deadline, words)))
    if creditor.iban:
        rows.append((words["pay_iban"], grouped_iban(creditor.iban)))
    rows.append((words["pay_name"], one_line(creditor.name)))
    rows.append((words["pay_reference"], one_line(facts.reference)))
    return Payment(
        rows=tuple(rows),
        url=None if url is None else (words["pay_online"], url),
        qr=payment_qr(facts),
        qr_caption=words["qr"],
        qr_alt=words["qr_alt"],
    )


def safe_url(url: str | None) -> str | None:
    """Return the link when it is one of https without blanks or quotes, else None."""
    if url is None or not url.startswith("https://"):
        return None
    return url if all(mark.isprintable() and mark not in " \"'<>\\" for mark in url) else None


def _credit_label(number: str, against: str | None, words: Words) -> str:
    if against is None:
        return words["credit"].format(number=one_line(number))
    return words["credit_against"].format(number=one_line(number), against=one_line(against))


def _charges(action: Action, words: Words) -> Iterator[Pair]:
    charges = action.charges
    if charges is None:
        return
    yield from _interest(action, charges, words)
    lines = (
        (words["costs"], charges.costs),
        (words["costs_vat"], charges.vat),
    )
    yield from ((label, amount(value, words)) for label, value in lines if value.amount)


def _interest(action: Action, charges: Charges, words: Words) -> Iterator[Pair]:
    """Yield the interest in one line, or below its name what each of several invoices bears."""
    if not charges.interest.amount:
        return
    label = _interest_label(charges, words)
    each = [item for item in action.items if item.interest.amount]
    shares = _sum([item.interest for item in each], action.currency)
    if len(each) == 1 or shares != charges.interest:
        yield label, amount(charges.interest, words)
        return
    yield label, ""
    for item in each:
        number = words["invoices_one"].format(number=one_line(item.number))
        yield f"  {number}", amount(item.interest, words)


def _interest_label(charges: Charges, words: Words) -> str:
    kind = interest_kind(charges.interest_article)
    article = article_name(charges.interest_article, words)
    label = words[f"interest_{kind}"].format(article=article) if article else words["interest"]
    if charges.interest_through is not None:
        through = long_date(charges.interest_through, words)
        label = words["interest_through"].format(interest=label, date=through)
    if charges.provisional:
        label = words["interest_provisional"].format(interest=label)
    return label


def _require_sum(facts: LetterFacts) -> None:
    action = facts.action
    asked = _sum([item.open for item in action.items], action.currency)
    printed = asked - _sum([credit.amount for credit in action.credits], action.currency)
    if action.charges is not None:
        printed += action.charges.claimed
    if printed != action.total:
        raise RequestError("letter_total_differs", printed=printed, total=action.total)


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return sum(amounts, Money(Decimal(0), currency))
