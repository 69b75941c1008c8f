"""What a debtor is in law."""

import pytest

from connector.core.kinds import debtor_kind
from connector.core.policy.model import DebtorKind
from tests.core.make_core import party

COMPANY = DebtorKind.COMPANY
PARTNERSHIP = DebtorKind.PARTNERSHIP
PUBLIC = DebtorKind.PUBLIC_BODY
SOLE = DebtorKind.SOLE_TRADER
UNKNOWN = DebtorKind.UNKNOWN


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bakkerij De Wit B.V.", COMPANY),
        ("Bakkerij De Wit BV", COMPANY),
        ("bakkerij de wit b.v.", COMPANY),
        ("Jansen Holding B.V. i.o.", COMPANY),
        ("Philips N.V.", COMPANY),
        ("Stichting", COMPANY),
        ("Stichting De Regenboog", COMPANY),
        ("Vereniging van Eigenaars Parkzicht", COMPANY),
        ("VvE Parkzicht 1-40", COMPANY),
        ("Coöperatie De Zuivel U.A.", COMPANY),
        ("Zuivelcoöperatie Noord U.A.", COMPANY),
        ("Coöperatieve Rabobank U.A.", COMPANY),
        ("Müller GmbH", COMPANY),
        ("Müller GmbH & Co. KG", COMPANY),
        ("Acme Ltd.", COMPANY),
        ("Acme Limited", COMPANY),
        ("Acme, Inc.", COMPANY),
        ("V.O.F. De Boer", PARTNERSHIP),
        ("Jansen & Zonen V.O.F.", PARTNERSHIP),
        ("Maatschap Tandartsen Zuid", PARTNERSHIP),
        ("Beleggingen Noord C.V.", PARTNERSHIP),
        ("Gemeente Utrecht", PUBLIC),
        ("Waterschap Rivierenland", PUBLIC),
        ("Ministerie van Financiën", PUBLIC),
    ],
)
def test_legal_form_in_the_name_tells_the_kind(name: str, expected: DebtorKind) -> None:
    assert debtor_kind(party(name=name)) is expected


@pytest.mark.parametrize(
    "name",
    [
        "Anna Sa",
        "ANNA SA",
        "B.V. Jansen",
        "Jansen, B.V.",
        "W.A. Smit",
        "Smit W.A.",
        "Bakker S.A.",
        "De Vries A.S.",
        "S.A. de Vries",
        "V.O.F.",
        "C.V. de Boer",
        "N.V. Pietersen",
        "Bakkerij De Wit",
        "Beauty Spa Anna",
        "Wellness Spa",
        "Kapsalon Limited Edition",
        "Stichtingh, Jan",
        "Jan van der Maatschappij",
        "Gemeentehuis Catering",
        "Provinciaals, J.",
        "Inc",
        "B.V.",
        "",
    ],
)
def test_name_that_only_looks_like_a_legal_form_stays_unknown(name: str) -> None:
    assert debtor_kind(party(name=name)) is UNKNOWN


SHORT = ["Dexia S.A.", "Skoda A.S.", "Volvo AB", "Jansen AS", "Ferrero S.p.A.", "Airbus SE"]


@pytest.mark.parametrize("name", SHORT)
def test_a_short_form_in_capitals_is_one_abroad(name: str) -> None:
    assert debtor_kind(party(name=name, country="BE")) is COMPANY


@pytest.mark.parametrize("country", ["NL", "", None])
@pytest.mark.parametrize("name", SHORT)
def test_short_capitals_are_initials_at_home(name: str, country: str | None) -> None:
    assert debtor_kind(party(name=name, country=country)) is UNKNOWN
    assert debtor_kind(party(name=name, country=country, kvk="12345678")) is SOLE


def test_a_name_all_in_capitals_is_no_legal_form_abroad() -> None:
    assert debtor_kind(party(name="ANNA SA", country="BE")) is UNKNOWN


@pytest.mark.parametrize("field", ["kvk", "vat_id"])
def test_trade_number_without_a_form_makes_a_sole_trader(field: str) -> None:
    assert debtor_kind(party(name="Bakkerij De Wit", **{field: "12345678"})) is SOLE


def test_books_that_say_business_without_a_form_make_a_sole_trader() -> None:
    assert debtor_kind(party(name="Bakkerij De Wit", kind="business")) is SOLE


def test_trade_number_with_a_form_follows_the_form() -> None:
    assert debtor_kind(party(name="De Boer V.O.F.", kvk="12345678")) is PARTNERSHIP


@pytest.mark.parametrize("said", ["consumer", "sole_trader", "company", "public_body"])
def test_books_win_over_the_name(said: str) -> None:
    assert debtor_kind(party(name="De Boer V.O.F.", kind=said)) is DebtorKind(said)


@pytest.mark.parametrize("said", [None, "unknown", "klant"])
def test_books_that_do_not_know_leave_it_to_the_name(said: str | None) -> None:
    assert debtor_kind(party(name="De Boer V.O.F.", kind=said)) is PARTNERSHIP


def test_override_wins_over_everything() -> None:
    debtor = party(name="De Boer B.V.", kind="company", kvk="12345678")

    assert debtor_kind(debtor, DebtorKind.CONSUMER) is DebtorKind.CONSUMER


@pytest.mark.parametrize("kind", list(DebtorKind))
def test_only_companies_and_public_bodies_are_no_natural_persons(kind: DebtorKind) -> None:
    assert kind.is_natural_person is (kind not in (COMPANY, PUBLIC))


@pytest.mark.parametrize("kind", list(DebtorKind))
def test_unknown_is_no_business(kind: DebtorKind) -> None:
    assert kind.is_business is (kind in (SOLE, PARTNERSHIP, COMPANY, PUBLIC))
