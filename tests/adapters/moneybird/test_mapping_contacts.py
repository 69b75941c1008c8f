from typing import Any

import pytest

from adapters.moneybird.mapping_contacts import first_email, language_of, to_party
from connector.port.records import PartyRecord, PartyRef
from tests.adapters.moneybird.reading import contact


def party(**fields: Any) -> PartyRecord:
    return to_party(contact(**fields))[0]


def bad(**fields: Any) -> tuple[str, ...]:
    return to_party(contact(**fields))[1]


def test_company_has_all_that_moneybird_says_of_it() -> None:
    record = contact(
        phone="030-1234567",
        address2="bis",
        chamber_of_commerce="12345678",
        tax_number="NL 0000.99.998.B57",
        sepa_iban="NL91 ABNA 0417 1643 00",
        archived=True,
    )

    found, faults = to_party(record, language="nl")

    expected = PartyRecord(
        ref=PartyRef("10"),
        name="Bakkerij De Wit",
        kind="business",
        language="nl",
        email="info@dewit.example",
        phone="030-1234567",
        street="Dorpsstraat 1 bis",
        postcode="1234 AB",
        city="Utrecht",
        country="NL",
        kvk="12345678",
        vat_id="NL000099998B57",
        iban="NL91ABNA0417164300",
        tags=("archived",),
        raw=record,
    )
    assert (found, faults) == (expected, ())


def test_person_is_known_by_first_and_last_name() -> None:
    found = party(company_name=" ", firstname="Jan", lastname="de Vries")

    assert (found.name, found.contact, found.kind) == ("Jan de Vries", None, None)


def test_nameless_contact_has_no_name() -> None:
    assert party(company_name=None).name is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"send_invoices_to_attention": "Crediteuren", "attention": "A"}, "Crediteuren"),
        ({"attention": "Mevrouw Bos"}, "Mevrouw Bos"),
        ({}, "Piet Smit"),
    ],
)
def test_invoices_are_addressed_to_whom_the_contact_names(
    fields: dict[str, Any], expected: str
) -> None:
    record = contact(firstname="Jan", lastname="Jansen", **fields)

    found, _ = to_party(record, person={"firstname": "Piet", "lastname": "Smit"})

    assert found.contact == expected


def test_company_without_a_person_is_addressed_to_its_own() -> None:
    assert party(firstname="Jan", lastname="Jansen").contact == "Jan Jansen"


def test_blank_person_is_none() -> None:
    found, _ = to_party(contact(), person={"firstname": None, "lastname": ""})

    assert found.contact is None


def test_history_of_a_contact_is_not_kept() -> None:
    assert "events" not in party(events=[{"action": "contact_created"}]).raw


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ("a@dewit.nl, b@dewit.nl", "a@dewit.nl"),
        ("geen adres; b@dewit.nl", "b@dewit.nl"),
        ("Jan@DeWit.nl", "Jan@dewit.nl"),
        ("jan@dewit.local", None),
        ("jan@@dewit.nl", None),
        ("", None),
    ],
)
def test_first_good_address_is_taken(addresses: str, expected: str | None) -> None:
    assert first_email(contact(send_invoices_to_email=addresses, email=None)) == expected


def test_other_address_serves_when_the_first_is_no_good() -> None:
    assert first_email(contact(send_invoices_to_email="x", email="b@dewit.nl")) == "b@dewit.nl"


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"email": "x", "send_invoices_to_email": "y"}, ("email",)),
        ({"email": None, "send_invoices_to_email": None}, ()),
        ({"country": "Nederland"}, ("country",)),
        ({"tax_number": "onbekend"}, ("vat_id",)),
        ({"chamber_of_commerce": "123"}, ("kvk",)),
        ({"chamber_of_commerce": "0417.497.106", "country": "BE"}, ()),
        ({"sepa_iban": "NL00ABNA0417164300"}, ("iban",)),
        ({"bank_account": "12345"}, ()),
    ],
)
def test_field_that_is_no_good_is_named(fields: dict[str, Any], names: tuple[str, ...]) -> None:
    assert bad(**fields) == names


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"chamber_of_commerce": "12345678"}, "business"),
        ({"tax_number": "BE0417497106"}, "business"),
        ({"chamber_of_commerce": "0417.497.106", "country": "BE"}, "business"),
        ({"tax_number": "n.v.t."}, None),
        ({"chamber_of_commerce": "geen"}, None),
        ({"chamber_of_commerce": "geen", "country": "BE"}, None),
        ({"tax_number": "NL123"}, None),
    ],
)
def test_only_a_real_number_makes_a_business(fields: dict[str, Any], kind: str | None) -> None:
    assert party(**fields).kind == kind


def test_belgian_number_is_not_taken_for_a_dutch_one() -> None:
    assert party(chamber_of_commerce="0417.497.106", country="BE").kvk is None


def test_bank_account_serves_as_iban_when_it_is_one() -> None:
    assert party(bank_account="NL91ABNA0417164300").iban == "NL91ABNA0417164300"


def test_bank_account_serves_when_the_mandate_is_no_good() -> None:
    found = party(sepa_iban="x", bank_account="NL91ABNA0417164300")

    assert found.iban == "NL91ABNA0417164300"


def test_bank_account_with_a_wrong_check_is_none() -> None:
    assert party(bank_account="NL92ABNA0417164300").iban is None


@pytest.mark.parametrize(
    ("said", "language"), [("nl", "nl"), ("nl-be", "nl"), ("en", "en"), ("Dutch", None), (5, None)]
)
def test_language_is_two_letters(said: object, language: str | None) -> None:
    assert language_of(said) == language
