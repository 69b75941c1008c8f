"""From relations and contacts to parties."""

from typing import Any

import pytest

from adapters.exact.mapping_accounts import (
    Account,
    Contact,
    account_memo,
    account_of,
    contact_memo,
    contact_of,
    to_account,
    to_contact,
    to_party,
)
from connector.port.errors import RecordError
from connector.port.records import Memo, PartyRecord
from tests.adapters.exact.wire import ACCOUNT, account, contact, guid


def party(*people: dict[str, Any], **changes: Any) -> tuple[PartyRecord, tuple[str, ...]]:
    known = [one for row in people if (one := to_contact(row)) is not None]
    return to_party(to_account(account(**changes)), {one.id: one for one in known})


def test_relation() -> None:
    record, bad = party()

    assert (record.ref, record.name, record.kind, record.language, record.country) == (
        "10", "Bakkerij De Wit", "business", "nl", "NL",
    )  # fmt: skip
    assert (record.street, record.postcode, record.city, record.kvk, record.vat_id) == (
        "Dorpsstraat 1", "1234 AB", "Utrecht", "12345678", "NL000099998B57",
    )  # fmt: skip
    assert (record.email, record.phone, record.contact, bad) == (
        "info@dewit.example", "030-1234567", None, (),
    )  # fmt: skip


def test_relation_of_which_little_is_known() -> None:
    empty = dict.fromkeys(
        ("Name", "Email", "Phone", "Language", "Country", "AddressLine1", "Postcode", "City",
         "ChamberOfCommerce", "VATNumber", "PaymentConditionSales")
    )  # fmt: skip

    record, bad = party(**empty)

    assert (record.name, record.kind, record.email, record.language, record.kvk, bad) == (
        None, None, None, None, None, (),
    )  # fmt: skip


def test_relation_without_a_code_is_known_by_its_id() -> None:
    assert party(Code=None)[0].ref == ACCOUNT


def test_blocked_relation_is_tagged() -> None:
    assert party(Blocked=True)[0].tags == ("blocked",)


def test_person_who_was_forgotten_leaves_nothing() -> None:
    record, _ = party(IsAnonymised=1, ChamberOfCommerce="x")

    assert (record.name, record.email, record.tags, record.raw) == (
        None, None, ("anonymised",), {"ID": ACCOUNT},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Email": None, "BusinessEmail": "kantoor@dewit.example"}, "kantoor@dewit.example"),
        ({"BusinessEmail": "kantoor@dewit.example"}, "kantoor@dewit.example"),
        ({"Email": None}, "info@dewit.example"),
        ({"Email": "niets"}, "info@dewit.example"),
    ],
)
def test_email_is_the_first_good_one(fields: dict[str, Any], expected: str) -> None:
    record, _ = party(contact(1, **fields), MainContact=guid("c0", 1))

    assert record.email == expected


def test_address_of_several_is_the_first_good_one() -> None:
    assert party(Email="geen adres; Petra@DeWit.example")[0].email == "Petra@dewit.example"


@pytest.mark.parametrize("email", ["niets", "a@b.test", ";"])
def test_email_that_is_no_good_is_named(email: str) -> None:
    record, bad = party(Email=email)

    assert (record.email, bad) == (None, ("email",))


def test_main_contact_is_whom_to_write_to() -> None:
    record, _ = party(contact(1, IsMainContact=True, Language="FR"))

    assert (record.contact, record.language) == ("P. de Wit", "fr")


def test_other_contacts_are_not_written_to() -> None:
    assert party(contact(1))[0].contact is None


def test_contact_without_a_name() -> None:
    assert party(contact(1, IsMainContact=True, FullName=None))[0].contact is None


def test_kvk_of_elsewhere_is_left_out() -> None:
    record, bad = party(ChamberOfCommerce="HRB 1", Country="DE")

    assert (record.kvk, bad) == (None, ())


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("ChamberOfCommerce", "12", "kvk"),
        ("VATNumber", "??", "vat_id"),
        ("Country", "Nederland", "country"),
    ],
)
def test_field_that_is_no_good_is_named(field: str, value: str, name: str) -> None:
    assert party(**{field: value})[1] == (name,)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("ID", "x", "exact.field_unreadable"),
        ("MainContact", "x", "exact.field_unreadable"),
        ("Blocked", "misschien", "exact.field_unreadable"),
    ],
)
def test_relation_that_cannot_be_read_says_why(field: str, value: Any, code: str) -> None:
    with pytest.raises(RecordError, match=f"{code} .field={field}."):
        to_account(account(**{field: value}))


def test_relation_that_lacks_a_field_says_which() -> None:
    row = account()
    del row["Name"]

    with pytest.raises(RecordError, match="field=Name"):
        to_account(row)


@pytest.mark.parametrize("changes", [{"Account": None}, {"IsAnonymised": 1}])
def test_contact_that_is_of_no_use(changes: dict[str, Any]) -> None:
    assert to_contact(contact(1, **changes)) is None


@pytest.mark.parametrize(("field", "value"), [("ID", "x"), ("IsMainContact", "misschien")])
def test_contact_that_cannot_be_read_says_why(field: str, value: Any) -> None:
    with pytest.raises(RecordError, match=f"field={field}"):
        to_contact(contact(1, **{field: value}))


def test_contact_that_lacks_a_field_says_which() -> None:
    row = contact()
    del row["FullName"]

    with pytest.raises(RecordError, match="field=FullName"):
        to_contact(row)


def test_what_is_remembered_comes_back_as_it_was() -> None:
    one, person = to_account(account()), to_contact(contact())
    assert person is not None

    assert account_of(account_memo(one)) == one
    assert contact_of(contact_memo(person)) == person


def test_damaged_memos_are_nothing() -> None:
    found: tuple[Account | None, Contact | None] = (
        account_of(Memo("a:1", "a:1", "x")), contact_of(Memo("c:1", "c:1", None)),
    )  # fmt: skip

    assert found == (None, None)
