"""Debtor and supplier are one firm by their numbers: another number makes the debtor due."""

import pytest

from connector.port.records import PartyRef
from connector.store.engine import Store
from tests.make import TODAY, batch, party, payable, receivable

DEBTOR, SUPPLIER = PartyRef("10023"), PartyRef("50001")


@pytest.fixture(autouse=True)
def looked_at(store: Store) -> None:
    """Debtor 10023 is supplier 50001 by its number, debtor 20001 is by none; both are idle."""
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(
            batch(
                party("10023", kvk="12345678", vat_id="NL1"), party("20001", kvk="87654321"),
                party("50001", kvk="12345678", vat_id="NL1"),
                receivable(), receivable("F2", party="20001"), payable(),
            )
        )  # fmt: skip
        unit.books.set_agenda({DEBTOR: None, PartyRef("20001"): None})


@pytest.mark.parametrize("field", ["kvk", "vat_id"])
def test_a_supplier_that_turns_out_to_be_another_makes_its_debtor_due(
    store: Store, field: str
) -> None:
    numbers = {"kvk": "12345678", "vat_id": "NL1"} | {field: "99999999"}
    with store.unit("a") as unit:
        unit.books.apply(batch(party("50001", **numbers)))

        assert unit.books.due_parties(TODAY) == 1


def test_a_supplier_that_turns_out_to_be_a_debtor_makes_both_due(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.apply(batch(party("50001", kvk="87654321", vat_id=None)))

        assert unit.books.due_parties(TODAY) == 2


def test_a_supplier_with_the_same_numbers_makes_nobody_due(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.apply(batch(party("50001", kvk="12345678", vat_id="NL1", city="Zwolle")))

        assert unit.books.due_parties(TODAY) == 0


def test_a_person_who_corrects_the_number_makes_both_due(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.correct_party(SUPPLIER, "kvk", "87654321", "petra")

        assert unit.books.due_parties(TODAY) == 2


def test_a_correction_that_is_taken_back_makes_both_due_again(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.correct_party(SUPPLIER, "kvk", "87654321", "petra")
        unit.books.correct_party(SUPPLIER, "vat_id", "", "petra")
        unit.books.set_agenda({DEBTOR: None, PartyRef("20001"): None})
        unit.books.correct_party(SUPPLIER, "kvk", None, "petra")

        assert unit.books.due_parties(TODAY) == 2


def test_another_correction_leaves_the_debtor_alone(store: Store) -> None:
    with store.unit("a") as unit:
        unit.books.correct_party(SUPPLIER, "city", "Zwolle", "petra")

        assert unit.books.due_parties(TODAY) == 0
