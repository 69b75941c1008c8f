"""What a column about the kind of customer says, whatever its header and its words."""

from pathlib import Path

import pytest

from adapters.csv.words import PARTY_KINDS
from tests.adapters.csv.folders import pull_files


@pytest.mark.parametrize("word", ["zakelijk", "bedrijf", "onderneming", "business"])
def test_a_word_for_business_says_no_more_than_that(word: str) -> None:
    assert PARTY_KINDS[word] == "business"


@pytest.mark.parametrize("header", ["Relatiesoort", "Klantsoort", "Soort", "Soort relatie"])
def test_the_kind_of_a_relation_is_found_by_its_header(header: str, tmp_path: Path) -> None:
    text = f"Relatiecode;Naam;{header}\n10001;P. de Boer;Particulier\n"

    pulled = pull_files(tmp_path, {"relaties.csv": text}, layout="auto")

    assert pulled.parties["10001"].kind == "consumer"
