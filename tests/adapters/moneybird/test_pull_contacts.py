from adapters.moneybird.endpoints import Resource
from connector.port.errors import RateLimitError
from connector.port.records import Kind
from tests.adapters.moneybird.reading import (
    FIRST,
    OLD,
    FakeSource,
    adapter_of,
    contact,
    external,
    pull,
    purchase,
    run,
    sales,
)

CONTACT = 10
OTHER = 11


def books() -> FakeSource:
    source = FakeSource()
    source.add(
        Resource.SALES, sales(FIRST, language="en"), sales(FIRST + 1, contact=contact(OTHER))
    )
    return source


def fetched(source: FakeSource) -> list[str]:
    return [call for call in source.calls if call.startswith("fetch")]


def test_contact_that_changed_by_itself_is_told() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.CONTACTS, CONTACT, company_name="De Wit B.V.")

    told = pull(source, cursor)

    assert [(p.ref, p.name) for p in told.parties.values()] == [("10", "De Wit B.V.")]
    assert (fetched(source), len(source.calls)) == (["fetch contacts"], 6)


def test_contact_keeps_the_language_of_its_invoices() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.CONTACTS, CONTACT)

    assert pull(source, cursor).parties["10"].language == "en"


def test_contact_of_a_bill_keeps_the_language_of_its_invoices() -> None:
    source = books()
    cursor = pull(source).cursor
    changed = contact(CONTACT, version=OLD + 9)
    source.add(Resource.PURCHASE, purchase(contact=changed))

    assert pull(source, cursor).parties["10"].language == "en"


def test_contact_of_nobody_who_owes_us_is_not_read() -> None:
    source = books()
    cursor = pull(source).cursor
    source.records[Resource.CONTACTS][99] = contact(99)

    told = pull(source, cursor)

    assert (told.parties, fetched(source)) == ({}, [])


def test_contact_leaves_with_its_last_open_item() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST, state="paid")
    cursor = pull(source, cursor).cursor
    source.change(Resource.CONTACTS, CONTACT)

    told = pull(source, cursor)

    assert (told.parties, fetched(source)) == ({}, [])


def test_unchanged_contact_of_a_changed_invoice_is_not_told_again() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.SALES, FIRST)

    assert pull(source, cursor).parties == {}


def test_changed_contact_within_a_changed_invoice_costs_no_request_of_its_own() -> None:
    source = books()
    cursor = pull(source).cursor
    changed = contact(CONTACT, version=OLD + 1, city="Breda")
    source.change(Resource.SALES, FIRST, contact=changed)
    source.records[Resource.CONTACTS][CONTACT] = changed

    told = pull(source, cursor)

    assert (told.parties["10"].city, fetched(source)) == ("Breda", ["fetch sales_invoices"])


def test_merged_contact_makes_its_invoices_be_read_again() -> None:
    source = books()
    source.add(Resource.EXTERNAL, external())
    cursor = pull(source).cursor
    del source.records[Resource.CONTACTS][CONTACT]
    for resource, id_ in ((Resource.SALES, FIRST), (Resource.EXTERNAL, FIRST + 100_000)):
        row = source.records[resource][id_]  # the version says nothing of it
        source.records[resource][id_] = row | {
            "contact_id": str(OTHER),
            "contact": contact(OTHER),
        }

    told = pull(source, cursor)
    pull(source, told.cursor)

    assert {item.party for item in told.items.values()} == {"11"}
    assert (len(told.items), fetched(source)) == (2, [])


def test_deleted_contact_is_asked_for_once() -> None:
    source = books()
    cursor = pull(source).cursor
    del source.records[Resource.CONTACTS][CONTACT]
    first = pull(source, cursor)

    second = pull(source, first.cursor)

    assert (len(first.items), len(second.items)) == (1, 0)


def test_deleted_contact_that_returns_is_told() -> None:
    source = books()
    cursor = pull(source).cursor
    known = source.records[Resource.CONTACTS].pop(CONTACT)
    cursor = pull(source, cursor).cursor
    source.records[Resource.CONTACTS][CONTACT] = known

    assert [*pull(source, cursor).parties] == ["10"]


def test_lost_contact_is_not_forgotten_when_the_budget_ends() -> None:
    source = books()
    cursor = pull(source).cursor
    del source.records[Resource.CONTACTS][CONTACT]
    source.calls.clear()
    source.faults[6] = RateLimitError("budget_spent", after=60)
    stopped = run(adapter_of(source), cursor)

    assert len(pull(source, stopped.checkpoints[-1]).items) == 1


def test_invoice_of_a_lost_contact_that_does_not_come_is_asked_for_again() -> None:
    source = books()
    cursor = pull(source).cursor
    del source.records[Resource.CONTACTS][CONTACT]
    source.hidden.add(FIRST)

    held = pull(source, cursor)
    source.hidden.clear()
    told = pull(source, held.cursor)

    assert (held.held, held.ends[Kind.PARTIES].complete) == ([f"R/{FIRST}"], True)
    assert [*told.items] == [f"R/{FIRST}"]


def test_many_invoices_of_lost_contacts_that_vanish_are_not_believed() -> None:
    source = FakeSource()
    source.add(Resource.SALES, *(sales(FIRST + n) for n in range(30)))
    cursor = pull(source).cursor
    del source.records[Resource.CONTACTS][CONTACT]
    source.hidden.update(source.records[Resource.SALES])

    told = pull(source, cursor)

    assert (len(told.held), told.ends[Kind.PARTIES].complete) == (30, False)


def test_archived_contact_is_asked_for_and_tagged() -> None:
    source = books()
    cursor = pull(source).cursor
    source.change(Resource.CONTACTS, CONTACT, archived=True)

    assert pull(source, cursor).parties["10"].tags == ("archived",)


def test_field_of_a_contact_that_is_no_good_is_told() -> None:
    source = FakeSource()
    source.add(Resource.SALES, sales(contact=contact(sepa_iban="x")))

    (warning,) = [w for batch in pull(source).batches for w in batch.warnings]

    assert (warning.where, warning.reason) == ("contacts:10:iban", "moneybird.contact_field")


def test_invoice_without_a_person_or_with_an_odd_one_names_its_party() -> None:
    source = FakeSource()
    source.add(Resource.SALES, sales(contact_person=[]))

    assert [*pull(source).parties] == ["10"]


def test_contact_without_a_version_is_read_in_the_next_pull() -> None:
    source = FakeSource()
    known = contact()
    del known["version"]
    source.add(Resource.SALES, sales(contact=known))
    source.records[Resource.CONTACTS][CONTACT] = contact()
    cursor = pull(source).cursor

    told = pull(source, cursor)

    assert [*told.parties] == ["10"]


def test_item_without_the_contact_itself_is_told_and_its_contact_read_later() -> None:
    source = FakeSource()
    source.add(Resource.EXTERNAL, external())
    source.records[Resource.EXTERNAL][FIRST + 100_000]["contact"] = None
    first = pull(source)

    second = pull(source, first.cursor)

    assert (len(first.items), [*first.parties], [*second.parties]) == (1, [], ["10"])
