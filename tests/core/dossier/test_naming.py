"""Names of files that no system can misread."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.dossier.facts import Paper, PaperType
from connector.core.dossier.naming import is_safe_name, name_papers, plain


def paper(reference: str, media_type: str = "application/pdf") -> Paper:
    return Paper(
        type=PaperType.CONTRACT,
        on=date(2026, 7, 1),
        reference=reference,
        content=b"",
        media_type=media_type,
    )


def test_a_name_tells_number_type_date_and_reference() -> None:
    (named,) = name_papers("attachments", [paper("Offerte 2026/118")])

    assert named.name == "attachments/01_contract_2026-07-01_Offerte-2026-118.pdf"


@pytest.mark.parametrize(
    ("media_type", "suffix"),
    [("message/rfc822", "eml"), ("application/xml", "xml"), ("application/x-sh", "bin")],
)
def test_the_suffix_follows_the_kind_of_file(media_type: str, suffix: str) -> None:
    (named,) = name_papers("letters", [paper("x", media_type)])

    assert named.name.endswith(f".{suffix}")


@pytest.mark.parametrize(
    ("description", "suffix"), [("Foto.JPEG", "jpeg"), ("prijs.xlsx", "xlsx"), ("a.exe", "bin")]
)
def test_an_unknown_kind_keeps_the_ending_of_a_document(description: str, suffix: str) -> None:
    unknown = replace(paper("x", "application/octet-stream"), description=description)

    (named,) = name_papers("attachments", [unknown])

    assert named.name.endswith(f".{suffix}")


@given(st.lists(st.text(), max_size=12))
def test_whatever_the_reference_the_name_is_safe_and_unique(references: list[str]) -> None:
    names = [named.name for named in name_papers("letters", [paper(one) for one in references])]

    assert all(is_safe_name(name) and name.startswith("letters/") for name in names)
    assert len({name.casefold() for name in names}) == len(names)


@pytest.mark.parametrize(
    "name",
    ["", "/a", "a//b", "../a", "a/../b", "./a", "a\\b", "C:a", "a\nb", "é", "a/", "x" * 201],
)
def test_a_name_that_leaves_its_folder_is_not_safe(name: str) -> None:
    assert not is_safe_name(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Één & twee", "Een-twee"), ("..", "x"), ("a..b", "a.b"), ("", "x"), ("q" * 60, "q" * 40)],
)
def test_plain_keeps_letters_digits_dot_and_hyphen(text: str, expected: str) -> None:
    assert plain(text) == expected
