"""One text becomes three forms that say the same, whatever the data hold."""

import json
from html.parser import HTMLParser

import pytest

from connector.core.actions import AlsoOpen
from connector.core.letters.render import browser_html, render_letter
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError
from tests.core.letters.make import complete, creditor, letter_facts, recipient, shipped
from tests.make import euro, planned


class Words(HTMLParser):
    """Collects the text of a page, and the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def read_html(page: str) -> Words:
    words = Words()
    words.feed(page)
    return words


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_three_forms_hold_the_same_values() -> None:
    also = (AlsoOpen(number="2026-0350", due=planned().due, open=euro("60.50")),)
    facts = letter_facts(
        planned("2026-0312", open=euro("1234.50")),
        of_action={"also_open": also},
        payment_url="https://betaal.example/i/1",
    )

    letter = render_letter(shipped(), facts)

    plain, page, data = (
        squeezed(letter.text),
        squeezed(read_html(letter.html).text),
        squeezed(json.dumps(letter.data, ensure_ascii=False)),
    )
    for value in (
        "2026-0312", "24-10-2026", "€ 1.234,50", "2026-0350", "€ 60,50", "7 december 2026",
        "NL91 ABNA 0417 1643 00", "10023/2026-0312", "https://betaal.example/i/1",
        "Geachte heer, mevrouw,", "Petra Jansen", "Klopt er iets niet",
    ):  # fmt: skip
        assert value in plain
        assert value in page
        assert value in data


def test_the_subject_is_the_first_line_without_its_label() -> None:
    letter = render_letter(shipped(), letter_facts())

    assert letter.subject == "Herinnering factuur 2026-0312"


def test_the_subject_counts_several_invoices() -> None:
    letter = render_letter(shipped(), letter_facts(planned("A"), planned("B"), planned("C")))

    assert letter.subject == "Herinnering: 3 openstaande facturen"


def test_markup_in_the_data_stays_text_in_html() -> None:
    facts = letter_facts(
        recipient=recipient(contact="<script>alert(1)</script>"),
        creditor=creditor(name="Jansen & Zn <b>"),
    )

    letter = render_letter(shipped(), facts)

    assert "script" not in read_html(letter.html).tags
    assert "Geachte &lt;script&gt;" in letter.html
    assert "<script>" in letter.text


@pytest.mark.parametrize(
    "name",
    ["{{ 7 * 7 }}", "{% raw %}", "[betaling]", "een\n\n[betaling]\n\ntwee", "\x02payment\x02"],
)
def test_data_can_add_neither_fields_nor_blocks(name: str) -> None:
    letter = render_letter(shipped(), letter_facts(recipient=recipient(contact=name)))

    assert letter.text.count("Rekening (IBAN)") == 1
    assert "Geachte 49" not in letter.text
    assert squeezed(name.replace("\x02", " ")) in squeezed(letter.text)


def test_data_can_not_add_a_line_to_the_subject() -> None:
    facts = letter_facts(planned("X\r\nBcc: iemand@voorbeeld.example"))

    letter = render_letter(shipped(), facts)

    assert letter.subject == "Herinnering factuur X Bcc: iemand@voorbeeld.example"


def test_paragraphs_are_wrapped_and_keep_their_line_breaks() -> None:
    letter = render_letter(complete("woord " * 20 + "\nregel twee\t en   drie"), letter_facts())

    first, *_ = letter.text.split("\n\n")
    lines = first.split("\n")
    assert all(len(line) <= 72 for line in lines)
    assert lines[-1] == "regel twee en drie"


def test_a_condition_may_span_paragraphs() -> None:
    body = "{% if aantal == 1 %}\nEen.\n\nEn nog iets.\n{% else %}\nMeer.\n{% endif %}"

    letter = render_letter(complete(body), letter_facts())

    assert letter.text.startswith("Een.\n\nEn nog iets.\n\n")
    assert "Meer." not in letter.text


def test_a_marker_needs_no_blank_lines_around_it() -> None:
    letter = render_letter(complete("Voor\n[betaling]\nNa"), letter_facts())

    assert letter.text.startswith("Voor\n\nTe betalen: ")
    assert "\n\nNa\n\n" in letter.text


def test_nothing_also_open_leaves_no_trace() -> None:
    letter = render_letter(complete("[ook open]"), letter_facts())

    assert "ook nog open" not in letter.text


def test_the_table_is_aligned_to_the_right() -> None:
    facts = letter_facts(planned("1", open=euro("1.00")), planned("22", open=euro("1000.00")))

    letter = render_letter(shipped(), facts)

    rows = [line for line in letter.text.split("\n") if "€" in line and "24-10-2026" in line]
    assert len({len(row) for row in rows}) == 1
    assert rows[0].endswith("    €\u00a01,00")


def test_a_long_label_widens_the_table() -> None:
    words = "x" * 40
    facts = letter_facts(planned(words), planned("B"))

    letter = render_letter(shipped(), facts)

    rules = [line for line in letter.text.split("\n") if line and set(line) == {"-"}]
    assert {len(rule) for rule in rules} == {len(rules[0])}
    assert f"\n{words}  " in letter.text


def test_the_code_is_named_by_the_page_and_is_its_own_picture() -> None:
    letter = render_letter(shipped(), letter_facts())

    (image,) = letter.images
    assert f'src="cid:{image.cid}"' in letter.html
    assert image.content.startswith(b"\x89PNG")
    assert 'alt="QR-code om dit bedrag over te maken met uw bank-app"' in letter.html


def test_no_code_no_picture() -> None:
    letter = render_letter(shipped(), letter_facts(reference="x" * 141))

    assert letter.images == ()
    assert "cid:" not in letter.html


def test_a_letter_without_payment_block_has_no_picture() -> None:
    facts = letter_facts()

    letter = render_letter(complete("{{ iban }}"), facts)
    bare = render_letter(shipped("handover_notice"), letter_facts(kind=StepKind.HAND_OVER))

    assert letter.images
    assert bare.images == ()


def test_a_browser_gets_the_pictures_inside() -> None:
    page = browser_html(render_letter(shipped(), letter_facts()))

    assert "cid:" not in page
    assert 'src="data:image/png;base64,' in page


def test_the_page_says_its_language_and_suits_a_dark_screen() -> None:
    page = render_letter(shipped(language="en"), letter_facts(language="en")).html

    assert '<html lang="en">' in page
    assert 'content="light dark"' in page


def test_all_values_for_the_print_are_plain_data() -> None:
    letter = render_letter(shipped(), letter_facts())

    assert json.loads(json.dumps(letter.data)) == letter.data


@pytest.mark.parametrize(
    ("body", "line", "found"),
    [
        ("Een.\n{{ totaal.naam.x }}", 4, "has no attribute 'naam'"),
        ("{{ totaal + 1 }}", 3, "can only concatenate str"),
        ("{{ 1 // 0 }}", 3, "zero"),
        ("{{ 'a'.__class__.__mro__ }}", 3, "unsafe"),
        ("{{ [1, 2] | max(attribute='x') }}", 3, "x"),
    ],
)
def test_a_text_that_can_not_be_filled_in_names_file_and_line(
    body: str, line: int, found: str
) -> None:
    template = complete(body)

    with pytest.raises(ConfigError) as refused:
        render_letter(template, letter_facts())

    facts = refused.value.facts
    assert refused.value.code == "letter_template_fault"
    assert (facts["file"], facts["line"]) == ("config/letters/nl/eigen.txt", line)
    assert found in str(facts["found"])
