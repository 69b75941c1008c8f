"""One address line split as agencies need it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.dossier.address import AddressLine, split_address


@pytest.mark.parametrize(
    ("line", "street", "number", "addition"),
    [
        ("Testlan 22 a", "Testlan", "22", "a"),
        ("Testlaan 22A", "Testlaan", "22", "A"),
        ("Testlaan 22 A 3", "Testlaan", "22", "A 3"),
        ("Testlaan 22/3", "Testlaan", "22", "3"),
        ("Testlaan 22 - 3", "Testlaan", "22", "3"),
        ("Plein 1940-45 3-II", "Plein 1940-45", "3", "II"),
        ("Laan 1813 5", "Laan 1813", "5", None),
        ("Plein 1944 nr. 7 a", "Plein 1944", "7", "a"),
        ("Postbus 12", "Postbus", "12", None),
        ("2e Dwarsstraat 5 hs", "2e Dwarsstraat", "5", "hs"),
        ("'s-Gravenweg 100B-2", "'s-Gravenweg", "100", "B-2"),
        ("  Dorpsstraat   10,  bis boven ", "Dorpsstraat", "10", "bis boven"),
        ("16 Rue de la Paix", "Rue de la Paix", "16", None),
        ("12b High Street", "High Street", "12", "b"),
    ],
)
def test_number_and_addition_are_told_apart(
    line: str, street: str, number: str, addition: str | None
) -> None:
    assert split_address(line) == AddressLine(street=street, number=number, addition=addition)


@pytest.mark.parametrize(
    "line",
    [
        "Dorpsstraat",
        "Plein 1940-45",
        "1e Dwarsstraat",
        "nr 7",
        "Weg 10, 1e verdieping",
        "12 Weg 1e verdieping",
        "12",
        "",
    ],
)
def test_a_line_without_a_certain_number_stays_whole(line: str) -> None:
    assert split_address(line) == AddressLine(street=line)


@given(st.text(max_size=60))
def test_any_text_is_taken(line: str) -> None:
    found = split_address(line)

    assert found.number is None or found.number.isdigit()
