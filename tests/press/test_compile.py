"""The press makes PDF/A with the fonts inside, and the same bytes for the same input."""

import io
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from connector.core.letters.render import render_letter
from connector.port.errors import MaanError
from connector.press.compile import Press
from connector.press.templates import load_templates
from tests.core.letters.make import creditor, letter_facts, recipient, shipped
from tests.make import planned

PAGE = (
    "#let d = json(bytes(sys.inputs.data))\n"
    '#set document(title: "Proef")\n#set text(lang: "nl")\n#d.name\n'
)
DAY = date(2026, 11, 23)
TYPST = load_templates(None).typst


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def letter_pdf(count: int = 1, language: str = "nl", **fields: Any) -> bytes:
    items = [planned(f"2026-{number:04}") for number in range(count)]
    facts = letter_facts(*items, language=language, **fields)
    letter = render_letter(shipped(language=language), facts)
    return Press().pdf(TYPST, letter.data, created=facts.on)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert letter_pdf() == letter_pdf()


def test_a_document_claims_pdf_a_and_is_tagged() -> None:
    root = PdfReader(io.BytesIO(letter_pdf())).root_object

    metadata = root["/Metadata"].get_object()
    assert isinstance(metadata, StreamObject)
    claim = metadata.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in claim
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in claim
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "nl-NL"


def test_the_letter_holds_what_the_debtor_needs() -> None:
    text = text_of(letter_pdf(recipient=recipient(contact="Sanne de Wit")))

    for value in (
        "Bakkerij De Wit", "t.a.v. Sanne de Wit", "Keizersgracht 12", "AMSTERDAM", "23 november 2026",
        "Herinnering factuur 2026-0000", "2026-0000", "24-10-2026", "Totaal te betalen",
        "NL91 ABNA 0417 1643 00", "10023/2026-0312", "7 december 2026", "KvK", "12345678",
        "NL000099998B57", "030-1234567",
    ):  # fmt: skip
        assert value in " ".join(text.replace("\u00a0", " ").split())


def test_one_page_has_no_page_number() -> None:
    assert "pagina" not in text_of(letter_pdf())


@pytest.mark.parametrize(
    ("language", "expected"), [("nl", "pagina 2 van 3"), ("en", "page 2 of 3")]
)
def test_several_pages_are_numbered(language: str, expected: str) -> None:
    pages = PdfReader(io.BytesIO(letter_pdf(90, language))).pages

    assert len(pages) == 3
    assert expected in pages[1].extract_text()


def test_the_head_of_the_table_is_repeated() -> None:
    pages = PdfReader(io.BytesIO(letter_pdf(90))).pages

    assert all("Vervaldatum" in page.extract_text() for page in pages[:2])


@pytest.mark.parametrize(
    "name", ["#panic()", "*vet* _schuin_", "$x$ @nl <a> \\ `code`", "= Kop // x"]
)
def test_markup_in_the_data_is_printed_as_it_stands(name: str) -> None:
    text = text_of(letter_pdf(recipient=recipient(name=name)))

    assert name in text


def test_names_of_all_europe_are_printed() -> None:
    name = "Łukasz Čapek & Ștefan Ødegård, Παπαδόπουλος, Жуков"

    assert name in text_of(Press().pdf(PAGE, {"name": name}, created=DAY))


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(MaanError) as refused:
        Press().pdf(PAGE, {"name": "王 B.V."}, created=DAY)

    assert refused.value.code == "press_glyph_missing"
    assert refused.value.facts == {"found": "王"}


def test_a_fault_in_the_page_says_where() -> None:
    with pytest.raises(MaanError) as refused:
        Press().pdf("#let d = 1\n#onbekend", {}, created=DAY)

    assert refused.value.code == "press_failed"
    assert refused.value.facts["found"] == "unknown variable: onbekend"
    assert str(refused.value.facts["where"]).endswith(":2:1")


def test_data_that_is_no_json_for_typst_is_refused_too() -> None:
    with pytest.raises(MaanError) as refused:
        Press().pdf(PAGE, {"name": "half\ud83d"}, created=DAY)

    assert refused.value.code == "press_failed"


@pytest.mark.parametrize(
    "created",
    [
        DAY,
        datetime(2026, 11, 23),  # noqa: DTZ001  # a time without a zone is the case
        datetime(2026, 11, 23, tzinfo=UTC),
        datetime(2026, 11, 23, 1, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_the_time_of_making_is_the_one_given(created: date) -> None:
    reader = PdfReader(io.BytesIO(Press().pdf(PAGE, {"name": "x"}, created=created)))

    assert reader.metadata is not None
    assert reader.metadata.creation_date == datetime(2026, 11, 23, tzinfo=UTC)


def test_fonts_of_a_folder_may_be_added(tmp_path: Path) -> None:
    assert Press(tmp_path).pdf(PAGE, {"name": "x"}, created=DAY)


def test_two_threads_make_the_same_letters() -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(letter_pdf())) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 4
    assert len(set(made)) == 1


def test_a_letter_without_code_or_telephone_is_whole() -> None:
    text = text_of(letter_pdf(reference="x" * 141, creditor=creditor(phone=None, kvk=None)))

    assert "Betalen met uw bank-app" not in text
    assert "Totaal te betalen" in text


def test_parts_of_a_second_do_not_matter() -> None:
    at = datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)

    whole = Press().pdf(PAGE, {"name": "x"}, created=at)

    assert whole == Press().pdf(PAGE, {"name": "x"}, created=at.replace(microsecond=123456))
