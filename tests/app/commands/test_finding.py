"""What a number, a name or the start of an id leads to, and when it is not clear."""

from tests.app.commands.conftest import BAKER, Rehearsal


def _book(rehearsal: Rehearsal, *rows: str, payables: tuple[str, ...] = ()) -> None:
    rehearsal.books(*rows, payables=payables)
    assert rehearsal.run("pull", "--accept-closures") == 0


def test_a_receivable_goes_before_a_payable_of_the_same_number(rehearsal: Rehearsal) -> None:
    _book(rehearsal, BAKER, payables=("90001,Groothandel N.V.,F1,2026-10-01,2026-11-01,EUR,5.00",))

    assert rehearsal.json("item", "show", "F1")["ledger"] == "receivable"
    assert rehearsal.json("item", "show", "P/90001/F1")["ledger"] == "payable"


def test_a_party_is_found_by_a_part_of_its_name(pulled: Rehearsal) -> None:
    assert pulled.json("party", "show", "bakkerij")["ref"] == "10023"


def test_a_name_that_fits_several_is_refused(pulled: Rehearsal) -> None:
    assert pulled.run("party", "show", "b.v.") == 1
    assert "10023" in pulled.err


def test_the_number_of_a_debtor_goes_before_a_payable(rehearsal: Rehearsal) -> None:
    bill = "90001,Groothandel N.V.,10023,2026-10-01,2026-11-01,EUR,5.00"
    _book(rehearsal, BAKER, payables=(bill,))

    assert rehearsal.json("explain", "10023")["invoices"][0]["number"] == "F1"


def test_an_empty_id_finds_nothing(pulled: Rehearsal) -> None:
    pulled.run("plan")

    assert pulled.run("reject", "", "--reason", "x") == 1
    assert len(pulled.json("actions")["actions"]) == 1


def test_a_status_that_does_not_exist_names_those_that_do(pulled: Rehearsal) -> None:
    assert pulled.run("actions", "--status", "klaar") == 1
    assert "delivered" in pulled.err


def test_an_item_that_is_paid_can_still_be_shown(rehearsal: Rehearsal) -> None:
    _book(rehearsal, BAKER, BAKER.replace("F1", "F2"))
    _book(rehearsal, BAKER.replace("121.00,121.00", "0.00,121.00"), BAKER.replace("F1", "F2"))

    assert rehearsal.json("item", "show", "F1")["state"] == "paid"
    assert "betaald" in rehearsal.json("explain", "F1")["invoices"][0]["sentences"][0]
