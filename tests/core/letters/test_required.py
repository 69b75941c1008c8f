"""A letter that lacks what every demand must hold does not leave."""

from typing import Any

import pytest

from connector.core.letters.render import render_letter
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError
from tests.core.letters.make import creditor, letter_facts, shipped, text_of
from tests.make import planned

PARTS = {
    "alle factuurnummers": "{{ factuur }}",
    "het totaalbedrag": "{{ totaal }}",
    "het rekeningnummer (IBAN)": "{{ iban }}",
    "het kenmerk": "{{ kenmerk }}",
    "een telefoonnummer of e-mailadres": "{{ onze_telefoon }}",
    "hoe iemand bezwaar maakt": "Niet eens met de rekening?",
}


def missing(body: str, **fields: Any) -> object:
    with pytest.raises(ConfigError) as refused:
        render_letter(text_of(body), letter_facts(**fields))
    assert refused.value.code == "letter_incomplete"
    assert refused.value.facts["file"] == "config/letters/nl/eigen.txt"
    return refused.value.facts["missing"]


def test_a_letter_in_own_words_with_everything_passes() -> None:
    letter = render_letter(text_of("\n\n".join(PARTS.values())), letter_facts())

    assert letter.template == "eigen"


@pytest.mark.parametrize("dropped", PARTS)
def test_what_is_dropped_is_named(dropped: str) -> None:
    body = "\n\n".join(text for name, text in PARTS.items() if name != dropped)

    assert missing(body, reference="KENMERK") == (dropped,)


def test_an_empty_letter_lacks_everything() -> None:
    assert missing("Betaal nu.") == tuple(PARTS)


def test_each_invoice_number_counts_as_a_whole() -> None:
    with pytest.raises(ConfigError) as refused:
        render_letter(
            text_of("\n\n".join(PARTS.values()).replace("{{ factuur }}", "12345")),
            letter_facts(planned("1234")),
        )

    assert refused.value.facts["missing"] == ("alle factuurnummers",)


@pytest.mark.parametrize(
    ("unknown", "named"),
    [
        ({"iban": None}, "het rekeningnummer (IBAN)"),
        ({"phone": None, "email": None}, "een telefoonnummer of e-mailadres"),
    ],
)
def test_what_the_configuration_lacks_is_missing_in_the_letter(
    unknown: dict[str, None], named: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        render_letter(shipped(), letter_facts(creditor=creditor(**unknown)))

    assert refused.value.facts["missing"] == (named,)


def test_an_empty_reference_is_missing() -> None:
    with pytest.raises(ConfigError) as refused:
        render_letter(shipped(), letter_facts(reference=""))

    assert refused.value.facts["missing"] == ("het kenmerk",)


def test_the_mail_address_alone_is_enough_to_reach_us() -> None:
    body = "\n\n".join(PARTS.values()).replace("onze_telefoon", "onze_email")

    assert render_letter(text_of(body), letter_facts()).text


def test_a_notice_of_handover_names_the_agency_and_no_account() -> None:
    letter = render_letter(shipped("handover_notice"), letter_facts(kind=StepKind.HAND_OVER))

    assert "Voorbeeld Incasso B.V." in letter.text
    assert "NL91" not in letter.text


def test_a_notice_of_handover_without_agency_is_refused() -> None:
    facts = letter_facts(kind=StepKind.HAND_OVER, agency_name=None)

    with pytest.raises(ConfigError) as refused:
        render_letter(shipped("handover_notice"), facts)

    assert refused.value.facts["missing"] == ("de naam van het incassobureau",)
