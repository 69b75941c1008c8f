"""The bookkeeper's own texts replace ours or add to them."""

from pathlib import Path

import pytest

from connector.port.errors import ConfigError
from connector.press.templates import load_templates
from tests.core.letters.make import COMPLETE

ENGLISH = Path(__file__).parents[2] / "connector/core/letters/templates/en/words.toml"
OWN = f"Onderwerp: Van ons\n\n{COMPLETE}\n"


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_folder_there_are_our_own_texts(tmp_path: Path) -> None:
    texts = load_templates(tmp_path / "not there")

    assert set(texts.letters) == {"nl", "en"}
    assert texts.typst == load_templates(None).typst


def test_a_text_in_the_folder_replaces_ours(tmp_path: Path) -> None:
    file = write(tmp_path, "nl/reminder.txt", OWN)

    texts = load_templates(tmp_path)

    assert texts.get("reminder", "nl").file == str(file)
    assert texts.get("reminder", "en").file == "en/reminder.txt"


def test_a_text_in_the_folder_may_be_for_one_step(tmp_path: Path) -> None:
    write(tmp_path, "nl/mijn-stap.txt", OWN)

    assert load_templates(tmp_path).get("mijn-stap", "nl").name == "mijn-stap"


def test_the_page_may_be_replaced(tmp_path: Path) -> None:
    write(tmp_path, "letter.typ", "eigen pagina")

    assert load_templates(tmp_path).typst == "eigen pagina"


def test_another_language_needs_its_words(tmp_path: Path) -> None:
    words = ENGLISH.read_text(encoding="utf-8")
    write(tmp_path, "fr/words.toml", words.replace("en_GB", "fr_FR"))
    write(tmp_path, "fr/reminder.txt", "Subject: Rappel")

    assert load_templates(tmp_path).language_for("fr") == "fr"


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "uitleg")
    write(tmp_path, "nl/oud.bak", "{{ stuk")

    assert load_templates(tmp_path).letters.keys() == {"nl", "en"}


def test_a_fault_names_the_bookkeepers_own_file(tmp_path: Path) -> None:
    file = write(tmp_path, "nl/reminder.txt", "Onderwerp: x\n\n{{ naam }}")

    with pytest.raises(ConfigError) as refused:
        load_templates(tmp_path)

    assert refused.value.facts == {"file": str(file), "line": 3, "found": "naam"}


def test_a_file_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "nl/reminder.txt", "")
    file.write_bytes("Onderwerp: één".encode("utf-16"))

    with pytest.raises(ConfigError) as refused:
        load_templates(tmp_path)

    assert refused.value.code == "letter_file_unreadable"
    assert refused.value.facts["file"] == str(file)
