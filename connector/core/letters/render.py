"""A text and the facts become one letter in three forms: plain, HTML, and data for Typst."""

import base64
import re
from collections.abc import Iterator
from typing import Final, assert_never

from jinja2 import TemplateError

from connector.core.letters.blocks import (
    AlsoOpenTable,
    Block,
    ItemTable,
    Paragraph,
    Payment,
    also_open_table,
    item_table,
    payment,
)
from connector.core.letters.fields import InlineImage, Letter, LetterFacts
from connector.core.letters.page import page_data
from connector.core.letters.plain import plain_text
from connector.core.letters.required import require_complete
from connector.core.letters.texts import SEAL, Marker, Template, fault
from connector.core.letters.unlawful import require_lawful
from connector.core.letters.values import letter_values
from connector.core.letters.words import one_line

_SEALED: Final = re.compile(f"{SEAL}([^{SEAL}]*){SEAL}")
_BLANK: Final = re.compile(r"\n[ \t]*\n\s*")
_RUN: Final = re.compile(r"[ \t]+")  # a no-break space is no blank to be joined
_FORMS: Final = {
    Paragraph: "paragraph",
    ItemTable: "items",
    AlsoOpenTable: "also_open",
    Payment: "payment",
}


def render_letter(template: Template, facts: LetterFacts) -> Letter:
    """Return the letter; its three forms are made from the same blocks.

    Raises:
        ConfigError: `letter_template_fault`: the text can't be filled in; `letter_incomplete`:
            something that the letter must hold is not in it; `letter_unlawful`: it says
            something that it may not say.
        RequestError: `letter_total_differs`: the total is not the sum of what is printed.
    """
    subject, _, body = _filled(template, facts).partition("\n")
    subject = one_line(subject)
    blocks = tuple(_blocks(body, template, facts))
    text = plain_text(blocks)
    whole = f"{subject}\n\n{text}"
    require_complete(whole, template, facts)
    paragraphs = (" ".join(block.lines) for block in blocks if isinstance(block, Paragraph))
    require_lawful((subject, *paragraphs), whole, template=template, facts=facts)
    images = tuple(_images(blocks, facts))
    return Letter(
        subject=subject,
        text=text,
        html=_html(template, facts, subject, blocks),
        data=page_data(blocks, template.words, facts, subject=subject),
        language=template.language,
        template=template.name,
        images=images,
        trial_subject=template.words["trial_subject"],
        trial_notice=template.words["trial_notice"],
    )


def browser_html(letter: Letter) -> str:
    """Return the HTML with its pictures inside, for a browser that knows no `cid:`."""
    page = letter.html
    for image in letter.images:
        content = base64.b64encode(image.content).decode()
        page = page.replace(f"cid:{image.cid}", f"data:{image.media};base64,{content}")
    return page


def _filled(template: Template, facts: LetterFacts) -> str:
    try:
        return template.compiled.render(letter_values(facts, template.words))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise fault(template, _line(error, template.file), str(error)) from error


def _line(error: BaseException, file: str) -> int:
    line, at = 1, error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == file:
            line = at.tb_lineno
        at = at.tb_next
    return line


def _blocks(body: str, template: Template, facts: LetterFacts) -> Iterator[Block]:
    for part in _BLANK.split(_SEALED.sub(rf"\n\n{SEAL}\1{SEAL}\n\n", body)):
        lines = (" ".join(_RUN.split(line.strip(" \t"))) for line in part.split("\n"))
        kept = tuple(line for line in lines if line)
        sealed = _SEALED.fullmatch(kept[0]) if kept else None
        if sealed is not None:
            yield from _marked(Marker(sealed[1]), template, facts)
        elif kept:
            yield Paragraph(lines=kept)


def _marked(marker: Marker, template: Template, facts: LetterFacts) -> Iterator[Block]:
    match marker:
        case Marker.ITEMS:
            yield item_table(facts, template.words)
        case Marker.PAYMENT:
            yield payment(facts, template.words)
        case Marker.ALSO_OPEN:
            table = also_open_table(facts, template.words)
            if table is not None:
                yield table
        case _:
            assert_never(marker)


def _html(
    template: Template,
    facts: LetterFacts,
    subject: str,
    blocks: tuple[Block, ...],
) -> str:
    return template.mail.render(
        language=template.language,
        subject=subject,
        creditor=one_line(facts.creditor.name),
        cid=_cid(facts),
        blocks=[(_FORMS[type(block)], block) for block in blocks],
    )


def _images(blocks: tuple[Block, ...], facts: LetterFacts) -> Iterator[InlineImage]:
    code = next((block.qr for block in blocks if isinstance(block, Payment)), None)
    if code is not None:
        yield InlineImage(cid=_cid(facts), media="image/png", content=code.png)


def _cid(facts: LetterFacts) -> str:
    return f"qr.{facts.action.id}@maan"
