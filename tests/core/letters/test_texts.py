"""Texts are read once; a fault in one names file, line and what was found."""

from typing import Any

import pytest

from connector.core.letters.check import check_texts, sample_facts
from connector.core.letters.render import render_letter
from connector.core.letters.texts import SourceText, TemplateSet, choose_template, read_texts
from connector.core.letters.words import LABELS, REQUIRED, UNLAWFUL, read_words
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError, MaanError
from tests.core.letters.make import COMPLETE, SHIPPED, shipped_sources, text_of
from tests.make import action


def with_text(name: str, body: str) -> TemplateSet:
    source = SourceText(file=f"eigen/{name}", text=body)
    return read_texts(shipped_sources() | {name: source})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"before_due": True, "first_message": True}, "announcement"),
        ({"first_message": True}, "first_reminder"),
        ({}, "reminder"),
        ({"kind": StepKind.DEFAULT_NOTICE, "first_message": True}, "default_notice"),
        ({"kind": StepKind.STATUTORY_NOTICE, "first_message": True}, "statutory_notice"),
        ({"kind": StepKind.FINAL_DEMAND, "first_message": True}, "final_demand"),
        ({"kind": StepKind.HAND_OVER}, "handover_notice"),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_kind_of_action_chooses_the_text(
    fields: dict[str, Any], expected: str, language: str
) -> None:
    assert choose_template(SHIPPED, action(**fields), language) == expected


def test_a_text_named_after_the_step_goes_first() -> None:
    texts = with_text("nl/herinnering.txt", f"Onderwerp: x\n\n{COMPLETE}")

    assert choose_template(texts, action(step="herinnering"), "nl") == "herinnering"


@pytest.mark.parametrize("kind", [StepKind.CALL, StepKind.TASK])
def test_no_text_is_said_and_not_replaced_by_another(kind: StepKind) -> None:
    with pytest.raises(MaanError) as refused:
        choose_template(SHIPPED, action(kind=kind), "nl")

    assert refused.value.code == "letter_template_missing"
    assert refused.value.facts == {"name": kind.value, "language": "nl"}


def test_a_language_without_texts_has_none() -> None:
    with pytest.raises(MaanError):
        choose_template(SHIPPED, action(), "fr")


@pytest.mark.parametrize(
    ("language", "expected"), [(None, "nl"), ("nl", "nl"), ("EN", "en"), ("fr", "en")]
)
def test_a_debtor_is_written_to_in_a_language_that_we_have(
    language: str | None, expected: str
) -> None:
    assert SHIPPED.language_for(language) == expected


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("", 1, ""),
        ("Beste klant", 1, "Beste klant"),
        ("Onderwerp:   ", 1, "Onderwerp:   "),
        ("Onderwerp: x\n\nBeste {{ naam }}", 3, "naam"),
        ("Onderwerp: {{ nummer }}", 1, "nummer"),
        ("Onderwerp: x\n\n{% if aantal == 9 %}{{ fuot }}{% endif %}", 3, "fuot"),
        ("Onderwerp: x\n\n[facturen]", 3, "[facturen]"),
        ("Onderwerp: x\r\n\r\n[facturen]\r\n", 3, "[facturen]"),
        ("Onderwerp: x\n\n{{ totaal", 3, "unexpected end of template"),
        ("Onderwerp: x\n\n{% if aantal %}\nx", 4, "Unexpected end of template"),
        ("Onderwerp: x\n\n{% include 'y' %}{{ range(3) }}", 3, "range"),
        ("Onderwerp: x\n\n{{ totaal | euro }}", 3, "No filter named 'euro'"),
    ],
)
def test_a_fault_in_a_text_names_file_line_and_what_was_found(
    text: str, line: int, found: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        with_text("nl/mijn.txt", text)

    facts = refused.value.facts
    assert refused.value.code == "letter_template_fault"
    assert (facts["file"], facts["line"]) == ("eigen/nl/mijn.txt", line)
    assert found in str(facts["found"])


@pytest.mark.parametrize("start", ["Onderwerp: ", "onderwerp:", "Subject: ", "\ufeffOnderwerp : "])
def test_the_subject_line_may_be_written_in_several_ways(start: str) -> None:
    letter = render_letter(
        text_of(COMPLETE, subject=f"{start}Hallo"), sample_facts(StepKind.REMINDER, "nl")
    )

    assert letter.subject == "Hallo"


@pytest.mark.parametrize("marker", ["[posten]", "  [ITEMS]  ", "[Posten]"])
def test_markers_may_be_written_in_several_ways(marker: str) -> None:
    body = COMPLETE.replace("[posten]", marker)

    letter = render_letter(text_of(body), sample_facts(StepKind.REMINDER, "nl"))

    assert "Factuurdatum" in letter.text


def test_a_text_in_a_language_without_words_is_refused() -> None:
    with pytest.raises(ConfigError) as refused:
        with_text("fr/rappel.txt", "Subject: x")

    assert refused.value.code == "letter_words_missing"
    assert refused.value.facts == {"file": "eigen/fr/rappel.txt", "found": "fr/words.toml"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("locale = ", "Invalid value"),
        ("locale = 1", "locale"),
        ("[words]\ntotal = 3", "words.total"),
        ("words = 3\nrequired = 3\ndispute = 'x'", "dispute"),
    ],
)
def test_a_fault_in_the_words_is_named(text: str, found: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_words("eigen/nl/words.toml", text)

    assert refused.value.code == "letter_words_fault"
    assert found in str(refused.value.facts["found"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_words_hold_nothing_that_nobody_reads(language: str) -> None:
    words = SHIPPED.get("reminder", language).words

    assert set(words.labels) == LABELS
    assert set(words.required) == REQUIRED
    assert set(words.unlawful) == UNLAWFUL


def test_the_texts_that_come_with_maan_have_no_faults() -> None:
    assert check_texts(SHIPPED) == ()


def test_both_languages_have_the_same_texts() -> None:
    assert set(SHIPPED.letters["nl"]) == set(SHIPPED.letters["en"])


def test_every_text_that_can_make_no_letter_is_found_before_it_is_needed() -> None:
    good = f"Onderwerp: x\n\n{COMPLETE}"
    sources = {
        "nl/reminder.txt": "Onderwerp: x\n\nBetaal.",
        "nl/statutory_notice.txt": good,
        "nl/final_demand.txt": good,
        "nl/mijn_stap.txt": good,
        "nl/overdracht.txt": f"Onderwerp: x\n\n{{{{ incassobureau }}}}\n\n{COMPLETE}",
        "nl/stuk.txt": "Onderwerp: x\n\n{{ totaal + 1 }}",
    }
    read = {path: SourceText(file=path, text=text) for path, text in sources.items()}

    faults = check_texts(read_texts(shipped_sources() | read))

    assert [(fault.code, fault.facts["file"]) for fault in faults] == [
        ("letter_incomplete", "nl/reminder.txt"),
        ("letter_incomplete", "nl/statutory_notice.txt"),
        ("letter_template_fault", "nl/stuk.txt"),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (StepKind.REMINDER, []),
        (StepKind.CALL, []),
        (StepKind.STATUTORY_NOTICE, ["letter_incomplete"]),
    ],
)
def test_a_text_of_a_step_is_tried_as_the_policy_uses_it(
    kind: StepKind, expected: list[str]
) -> None:
    texts = with_text("nl/brief.txt", f"Onderwerp: x\n\n{COMPLETE}")

    faults = check_texts(texts, [("brief", kind), ("brief", StepKind.FINAL_DEMAND)])

    assert [fault.code for fault in faults] == expected


def test_a_reminder_for_all_may_not_announce_costs_and_one_of_a_business_step_may() -> None:
    body = f"Onderwerp: x\n\nAnders volgen incassokosten.\n\n{COMPLETE}"
    texts = with_text("nl/reminder.txt", body), with_text("nl/zakelijk.txt", body)

    faults = [[fault.code for fault in check_texts(each)] for each in texts]

    assert faults == [["letter_unlawful"], []]


def test_a_text_for_handovers_alone_is_no_fault() -> None:
    body = "{{ factuur }} {{ totaal }} {{ kenmerk }} {{ incassobureau }} {{ contact }} niet eens?"

    texts = with_text("nl/overdracht.txt", f"Onderwerp: x\n\n{body}")

    assert check_texts(texts) == ()
