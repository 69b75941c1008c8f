"""The form of a letter for Typst: one JSON-ready record, read by `letter.typ`."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from connector.core.letters.blocks import (
    AlsoOpenTable,
    Block,
    ItemTable,
    Paragraph,
    Payment,
)
from connector.core.letters.fields import Creditor, LetterFacts, Recipient
from connector.core.letters.words import (
    Words,
    country_name,
    grouped_iban,
    long_date,
    one_line,
)


def page_data(
    blocks: Iterable[Block],
    words: Words,
    facts: LetterFacts,
    *,
    subject: str,
) -> dict[str, object]:
    """Return the record of the page; every text in it is data, printed as it stands."""
    creditor = facts.creditor
    return {
        "language": words.locale.partition("_")[0],
        "region": words.locale.partition("_")[2],
        "subject": subject,
        "page": words["page"],
        "creditor": _lines(creditor.name, creditor.street, _town(creditor)),
        "reach": _pairs(words, phone=creditor.phone, email=creditor.email),
        "recipient": recipient_lines(facts.recipient, words),
        "details": [
            [words["date"], long_date(facts.on, words)],
            [words["reference"], one_line(facts.reference)],
            *_pairs(words, customer=facts.recipient.ref),
        ],
        "footer": _pairs(
            words,
            kvk=creditor.kvk,
            vat_id=creditor.vat_id,
            iban=grouped_iban(creditor.iban or ""),
        ),
        "blocks": [_block(block) for block in blocks],
    }


def recipient_lines(recipient: Recipient, words: Words) -> list[str]:
    """Return the lines of the address window, the country last when it is another one."""
    contact = one_line(recipient.contact)
    attention = words["attention"].format(contact=contact) if contact else None
    return _lines(
        recipient.name,
        None if contact == one_line(recipient.name) else attention,
        recipient.street,
        _town(recipient),
        country_name(recipient.country, words),
    )


def _town(who: Creditor | Recipient) -> str:
    """Return postcode and town as the post wants them: two spaces between, town in capitals."""
    parts = (one_line(who.postcode), one_line(who.city).upper())
    return "\u00a0\u00a0".join(part for part in parts if part)


def _lines(*lines: str | None) -> list[str]:
    # A no-break space is kept: one_line only joins ordinary blanks.
    return [one_line(line) for line in lines if one_line(line)]


def _pairs(words: Words, **values: str | None) -> list[list[str]]:
    return [[words[name], one_line(value)] for name, value in values.items() if one_line(value)]


def _block(block: Block) -> Mapping[str, object]:
    match block:
        case Paragraph():
            return {"form": "paragraph", "lines": list(block.lines)}
        case ItemTable():
            return {
                "form": "items",
                "head": list(block.head),
                "rows": [list(row) for row in block.rows],
                "credits": [list(pair) for pair in block.credits],
                "charges": [list(pair) for pair in block.charges],
                "total": list(block.total),
            }
        case AlsoOpenTable():
            return {
                "form": "also_open",
                "title": block.title,
                "head": list(block.head),
                "rows": [list(row) for row in block.rows],
            }
        case Payment():
            return {
                "form": "payment",
                "rows": [list(pair) for pair in block.rows],
                "url": None if block.url is None else list(block.url),
                "qr": None if block.qr is None else block.qr.svg,
                "caption": block.qr_caption,
                "alt": block.qr_alt,
            }
        case _:
            assert_never(block)
